//! Ways to pay. Never knows what was bought.

use crate::unit::{Money, Stamp, Text};
use serde::{Deserialize, Serialize};

/// A way to pay, by its name in files: `cash`, `card`, `transfer`, `store-credit`, `other`, or any imported text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Method(pub Text);

impl Method {
    /// Notes and coins.
    pub const CASH: &'static str = "cash";
    /// A card terminal's slip.
    pub const CARD: &'static str = "card";
    /// A bank transfer.
    pub const TRANSFER: &'static str = "transfer";
    /// What the shop owes the customer.
    pub const STORE_CREDIT: &'static str = "store-credit";
    /// Anything else.
    pub const OTHER: &'static str = "other";
    /// The signed difference a cash total is rounded by; never a payment a person makes.
    pub const CASH_ROUNDING: &'static str = "cash-rounding";

    /// The method of that name.
    pub fn named(name: &str) -> Method {
        Method(Text::lossy(name))
    }

    /// Whether this is the method called `name`.
    pub fn is(&self, name: &str) -> bool {
        &*self.0 == name
    }
}

/// Money taken for an order, net of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Number within the order, from 1, as in `payments.csv`.
    pub line_no: u32,
    /// How.
    pub method: Method,
    /// Net of change; cash rounding is a signed row of its own.
    pub amount: Money,
    /// What was handed over, where it was more.
    pub tendered: Option<Money>,
    /// When; imported ones may not say.
    pub paid_at: Option<Stamp>,
}

/// Money offered at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// How.
    pub method: Method,
    /// What was handed over; only cash may exceed what is due.
    pub amount: Money,
    /// Slip or voucher number; kept with the order's details.
    pub reference: Option<Text>,
}
