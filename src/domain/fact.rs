//! What an order, a return and a piece of feedback mean to the reports: the one definition that the tail, the segments and
//! every report share.
//!
//! All money is exact ten-thousandths. `sales` is without tax. Attributes of customers and products are not here: they are
//! read as they are now.

use super::{Feedback, FeedbackState, Order, Return, Status};
use crate::unit::{
    CustomerId, FeedbackNo, Money, OrderNo, ProductId, Quantity, Rate, RegisterId, ReturnNo, StaffId, Stamp, StoreId,
    Text,
};

/// The order part of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFact {
    /// The order.
    pub no: OrderNo,
    /// When it was placed; `None` is in no dated report.
    pub placed: Option<Stamp>,
    /// Where.
    pub store: StoreId,
    /// On which register.
    pub register: Option<RegisterId>,
    /// By whom.
    pub cashier: Option<StaffId>,
    /// To whom.
    pub customer: Option<CustomerId>,
    /// Where it stands; cancelled orders never count in sales.
    pub status: Status,
    /// How it was paid, mostly.
    pub payment: Option<Text>,
    /// Counter, web …
    pub channel: Option<Text>,
    /// One for each line.
    pub lines: Vec<LineFact>,
}

/// A line's measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFact {
    /// What.
    pub product: ProductId,
    /// How much.
    pub units: Quantity,
    /// As priced.
    pub gross: Money,
    /// As priced.
    pub discounts: Money,
    /// The line's value without tax.
    pub sales: Money,
    /// Tax.
    pub tax: Money,
    /// Quantity × cost; zero where unknown.
    pub cost: Money,
    /// The rate.
    pub tax_rate: Option<Rate>,
}

/// A return's measures, with the attributes of the order it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnFact {
    /// The return.
    pub no: ReturnNo,
    /// When it came back; `None` is in no dated report.
    pub at: Option<Stamp>,
    /// Where it came back: its own store, else the order's, else the only one (0 = unknown).
    pub store: StoreId,
    /// From the order.
    pub order: Option<OrderNo>,
    /// From the order.
    pub register: Option<RegisterId>,
    /// From the order.
    pub cashier: Option<StaffId>,
    /// From the order.
    pub customer: Option<CustomerId>,
    /// From the order.
    pub status: Option<Status>,
    /// From the order.
    pub payment: Option<Text>,
    /// From the order.
    pub channel: Option<Text>,
    /// What.
    pub product: Option<ProductId>,
    /// Why.
    pub reason: Option<Text>,
    /// How much.
    pub units: Quantity,
    /// Paid back, tax and all.
    pub refund: Money,
    /// Without tax.
    pub net: Money,
}

/// A piece of feedback's measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedbackFact {
    /// The feedback.
    pub no: FeedbackNo,
    /// When; `None` is in no dated report.
    pub at: Option<Stamp>,
    /// From whom.
    pub customer: Option<CustomerId>,
    /// About which order.
    pub order: Option<OrderNo>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// Free text.
    pub category: Option<Text>,
    /// Open or resolved.
    pub state: FeedbackState,
}

/// One of the three kinds of fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// An order with its lines.
    Order(OrderFact),
    /// A return.
    Return(ReturnFact),
    /// A piece of feedback.
    Feedback(FeedbackFact),
}

/// A fact that counts, or no longer does: a change takes the old fact away and adds the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Whether it is added (`true`) or taken away.
    pub plus: bool,
    /// The fact.
    pub fact: Fact,
}

/// What `order` means; `None` when a figure leaves the range money can hold (such an order is never accepted).
pub fn facts(order: &Order) -> Option<OrderFact> {
    let mut lines = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        let value = line.value()?;
        lines.push(LineFact {
            product: line.product,
            units: line.quantity,
            gross: line.gross()?,
            discounts: line.discount()?,
            sales: if order.tax_included { value.checked_sub(line.tax)? } else { value },
            tax: line.tax,
            cost: match line.cost {
                Some(cost) => cost.times_quantity(line.quantity)?,
                None => Money::ZERO,
            },
            tax_rate: line.tax_rate,
        });
    }
    Some(OrderFact {
        no: order.no,
        placed: order.placed,
        store: order.store,
        register: order.register,
        cashier: order.cashier,
        customer: order.customer,
        status: order.status,
        payment: order.payment_method().map(|method| method.0.clone()),
        channel: order.channel.clone(),
        lines,
    })
}

/// What `back` means, given the order it came from.
pub fn return_fact(back: &Return, order: Option<&Order>) -> ReturnFact {
    ReturnFact {
        no: back.no,
        at: back.at,
        store: back.store.or(order.map(|order| order.store)).unwrap_or(StoreId(0)),
        order: back.order,
        register: order.and_then(|order| order.register),
        cashier: order.and_then(|order| order.cashier),
        customer: order.and_then(|order| order.customer),
        status: order.map(|order| order.status),
        payment: order.and_then(|order| order.payment_method()).map(|method| method.0.clone()),
        channel: order.and_then(|order| order.channel.clone()),
        product: back.product,
        reason: back.reason.clone(),
        units: back.quantity,
        refund: back.refund,
        net: back.net,
    }
}

/// What `said` means.
pub fn feedback_fact(said: &Feedback) -> FeedbackFact {
    FeedbackFact {
        no: said.no,
        at: said.at,
        customer: said.customer,
        order: said.order,
        rating: said.rating,
        category: said.category.clone(),
        state: said.state,
    }
}
