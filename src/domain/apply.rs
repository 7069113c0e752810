//! What a change makes of a record, and what it does to stock: one definition for the writer, the replay and the check.

use super::payment::Payment;
use super::{Change, Customer, Feedback, FeedbackState, Line, Order, Shift, Status, Step};
use crate::domain::SavedView;
use crate::unit::{Money, ProductId, Quantity, ReceiptNo, StoreId, Text};

/// The order after a change that names it; any other change leaves it as it is.
pub fn order_after(old: &Order, change: &Change) -> Order {
    let mut order = old.clone();
    match change {
        Change::OrderPaid { payments, details_version, .. } => {
            order.payments.extend(payments.iter().map(Payment::clone));
            order.details_version = *details_version;
        }
        Change::OrderStepped { status, at, by, .. } => {
            order.status = *status;
            order.steps.push(Step { status: *status, at: *at, by: Some(*by) });
        }
        Change::ReceiptGiven { register, number, .. } => {
            let receipt = ReceiptNo { register: *register, number: *number };
            order.receipt = Some(Text::lossy(&receipt.to_string()));
        }
        Change::GoodsReturned(back) => {
            if let Some(line) = order.lines.iter_mut().find(|line| Some(line.no) == back.line_no) {
                line.returned = line.returned.checked_add(back.quantity).unwrap_or(line.returned);
            }
        }
        _ => {}
    }
    order
}

/// The customer after a change that names them.
pub fn customer_after(old: &Customer, change: &Change) -> Customer {
    let mut customer = old.clone();
    match change {
        Change::CreditMoved { amount, .. } => {
            customer.store_credit = customer.store_credit.checked_add(*amount).unwrap_or(customer.store_credit);
        }
        Change::CustomerErased { .. } => customer.version = 0,
        _ => {}
    }
    customer
}

/// The feedback after a change that names it.
pub fn feedback_after(old: &Feedback, change: &Change) -> Feedback {
    let mut feedback = old.clone();
    if let Change::FeedbackResolved { .. } = change {
        feedback.state = FeedbackState::Resolved;
    }
    feedback
}

/// The shift after a change that names it.
pub fn shift_after(old: &Shift, change: &Change) -> Shift {
    let mut shift = old.clone();
    if let Change::ShiftClosed { at, by, .. } = change {
        shift.closed = Some((*at, *by));
    }
    shift
}

/// What a change does to stock. `order` is the order the change names, where it names one.
pub fn stock_effects(change: &Change, order: Option<&Order>) -> Vec<(StoreId, ProductId, Quantity)> {
    match change {
        Change::OrderPlaced { order, .. } if order.moves_stock && order.status != Status::Cancelled => {
            let gone = |line: &Line| Some((order.store, line.product, line.quantity.checked_neg()?));
            order.lines.iter().filter_map(gone).collect()
        }
        Change::OrderStepped { status: Status::Cancelled, .. } => match order {
            Some(order) if order.moves_stock => {
                let back = |line: &Line| Some((order.store, line.product, line.quantity.checked_sub(line.returned)?));
                order.lines.iter().filter_map(back).collect()
            }
            _ => Vec::new(),
        },
        Change::GoodsReturned(back) if back.restock && back.moves_stock => {
            let store = back.store.or(order.map(|order| order.store));
            match (store, back.product) {
                (Some(store), Some(product)) => vec![(store, product, back.quantity)],
                _ => Vec::new(),
            }
        }
        Change::StockMoved(moved) => vec![(moved.store, moved.product, moved.quantity)],
        _ => Vec::new(),
    }
}

/// A customer's credit can never be more than money can hold; deciding asks this before it gives some.
pub fn credit_after(customer: &Customer, amount: Money) -> Option<Money> {
    customer.store_credit.checked_add(amount)
}

/// The questions kept under names after a change, in order of name.
pub fn saved_after(views: &mut Vec<SavedView>, change: &Change) {
    match change {
        Change::ViewSaved(view) => {
            views.retain(|kept| kept.name != view.name);
            views.push(view.clone());
            views.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Change::ViewForgotten(name) => views.retain(|kept| kept.name != *name),
        _ => {}
    }
}
