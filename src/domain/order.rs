//! An order as sold: its lines, discounts, payments and status. Never knows today's prices.

use super::payment::{Method, Payment};
use crate::unit::{CustomerId, Money, OrderNo, ProductId, Quantity, Rate, RegisterId, StaffId, Stamp, StoreId, Text};
use serde::{Deserialize, Serialize};

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Placed, not paid.
    Pending,
    /// Paid; a counter sale stays here.
    Paid,
    /// On its way.
    Shipped,
    /// Arrived.
    Delivered,
    /// Never counts in sales.
    Cancelled,
}

impl Status {
    /// All of them, in order.
    pub const ALL: [Status; 5] = [Status::Pending, Status::Paid, Status::Shipped, Status::Delivered, Status::Cancelled];

    /// Its word in files and reports.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Paid => "paid",
            Status::Shipped => "shipped",
            Status::Delivered => "delivered",
            Status::Cancelled => "cancelled",
        }
    }

    /// The status of that word, in lower case.
    pub fn by_word(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.word() == word)
    }

    /// The step after this one, if there is one.
    pub fn next(self) -> Option<Status> {
        match self {
            Status::Pending => Some(Status::Paid),
            Status::Paid => Some(Status::Shipped),
            Status::Shipped => Some(Status::Delivered),
            Status::Delivered | Status::Cancelled => None,
        }
    }
}

/// What kind of discount it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DiscountKind {
    /// Per cent of the line, in millionths.
    Percent(Rate),
    /// Money off the line.
    Money,
    /// The line's share of a discount on the whole basket.
    Basket,
    /// A total from a file, its kind unknown.
    Imported,
}

/// Money taken off a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discount {
    /// Its kind.
    pub kind: DiscountKind,
    /// How much, positive.
    pub amount: Money,
    /// Why, where said: the kind of reason, which the audit tells for as long as it is kept. What is to be said of a person is
    /// the order's note.
    pub reason: Option<Text>,
    /// By whom, where known.
    pub by: Option<StaffId>,
}

/// One line of an order, as sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number within the order.
    pub no: u32,
    /// What.
    pub product: ProductId,
    /// How many or how much; positive.
    pub quantity: Quantity,
    /// Price of one as sold.
    pub unit_price: Money,
    /// The list price where a person sold at another.
    pub listed_price: Option<Money>,
    /// All discounts on the line.
    pub discounts: Vec<Discount>,
    /// Tax of the whole line: on top, or inside where the order says `tax_included`.
    pub tax: Money,
    /// The rate it came from.
    pub tax_rate: Option<Rate>,
    /// Cost of one at the time of sale.
    pub cost: Option<Money>,
    /// What rounding to the currency's minor unit added.
    pub rounding: Money,
    /// How much of it has come back.
    pub returned: Quantity,
}

impl Line {
    /// Quantity × unit price, rounded half away from zero to four decimals; `None` on overflow.
    pub fn gross(&self) -> Option<Money> {
        self.unit_price.times_quantity(self.quantity)
    }

    /// All discounts together; `None` on overflow.
    pub fn discount(&self) -> Option<Money> {
        Money::total(self.discounts.iter().map(|discount| discount.amount))
    }

    /// Gross − discount + rounding, tax included where the order says so; `None` on overflow.
    pub fn value(&self) -> Option<Money> {
        self.gross()?.checked_sub(self.discount()?)?.checked_add(self.rounding)
    }
}

/// A step of an order's way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Where it came to.
    pub status: Status,
    /// When.
    pub at: Stamp,
    /// By whom, where known.
    pub by: Option<StaffId>,
}

/// An order with everything captured at the sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Dense internal number from the writer, from 1.
    pub no: OrderNo,
    /// The id from a file; `None`: its number is its id.
    pub ext: Option<Text>,
    /// Where it was sold.
    pub store: StoreId,
    /// On which register, where known.
    pub register: Option<RegisterId>,
    /// By whom, where known.
    pub cashier: Option<StaffId>,
    /// To whom; `None` is a walk-in.
    pub customer: Option<CustomerId>,
    /// When it was placed, in the store's offset of that moment; a file may not say.
    pub placed: Option<Stamp>,
    /// Where it stands.
    pub status: Status,
    /// Whether line prices include tax.
    pub tax_included: bool,
    /// Counter, web, telephone …; where known.
    pub channel: Option<Text>,
    /// The number on its receipt: `R2-000481`, or what a file said.
    pub receipt: Option<Text>,
    /// What was sold.
    pub lines: Vec<Line>,
    /// What was paid.
    pub payments: Vec<Payment>,
    /// The method a file named where it had no payments.
    pub declared_method: Option<Method>,
    /// Whether its lines left the stock; imported ones did not.
    pub moves_stock: bool,
    /// Steps since it was placed.
    pub steps: Vec<Step>,
    /// Version of its details (note, payment references); 0 = none. It stays when they are erased.
    pub details_version: u32,
}

impl Order {
    /// The id people see and files carry.
    pub fn id(&self) -> String {
        match &self.ext {
            Some(ext) => ext.to_string(),
            None => self.no.0.to_string(),
        }
    }

    /// The method that paid most in all, the first on ties; the declared one without payments.
    pub fn payment_method(&self) -> Option<&Method> {
        // In order of line number: a method by its first payment, and what it paid.
        let mut paid: Vec<(u32, &Method, i128)> = Vec::new();
        for payment in self.payments.iter().filter(|payment| !payment.method.is(Method::CASH_ROUNDING)) {
            match paid.iter_mut().find(|(_, method, _)| **method == payment.method) {
                Some((no, _, sum)) => {
                    *no = payment.line_no.min(*no);
                    *sum += i128::from(payment.amount.0);
                }
                None => paid.push((payment.line_no, &payment.method, i128::from(payment.amount.0))),
            }
        }
        let most = paid.into_iter().min_by_key(|(no, _, sum)| (std::cmp::Reverse(*sum), *no));
        most.map(|(_, method, _)| method).or(self.declared_method.as_ref())
    }

    /// The line of that number.
    pub fn line(&self, no: u32) -> Option<&Line> {
        self.lines.iter().find(|line| line.no == no)
    }

    /// What is to be paid: line values, and tax where it is on top; `None` on overflow.
    pub fn total(&self) -> Option<Money> {
        let mut sum = Money::ZERO;
        for line in &self.lines {
            sum = sum.checked_add(line.value()?)?;
            if !self.tax_included {
                sum = sum.checked_add(line.tax)?;
            }
        }
        Some(sum)
    }
}

/// Text about people that belongs to an order; outside the hash chain.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrderDetails {
    /// A remark.
    pub note: Option<Text>,
    /// Payment references by payment line number.
    pub references: Vec<(u32, Text)>,
}
