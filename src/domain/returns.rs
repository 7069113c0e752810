//! Goods that came back. Never changes what was sold: a return is a fact of its own, on its own day.

use super::payment::Method;
use crate::unit::{Money, OrderNo, ProductId, Quantity, ReturnNo, StaffId, Stamp, StoreId, Text};
use serde::{Deserialize, Serialize};

/// One line's return, however it was paid back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Dense internal number, from 1.
    pub no: ReturnNo,
    /// The id from a file; `None`: its number is its id.
    pub ext: Option<Text>,
    /// The order it came from, where there is a receipt.
    pub order: Option<OrderNo>,
    /// The order's line; `None` where unknown.
    pub line_no: Option<u32>,
    /// What came back; from the line where there is one.
    pub product: Option<ProductId>,
    /// Where it came back; an unknown one is the order's store.
    pub store: Option<StoreId>,
    /// How much came back.
    pub quantity: Quantity,
    /// Why: a category, by which returns are counted for ever, and so no place for words about a person; erasing leaves it.
    pub reason: Option<Text>,
    /// When; a file may not say.
    pub at: Option<Stamp>,
    /// Paid out, tax and all; cash in coins.
    pub refund: Money,
    /// The part of `refund` that is not tax: refund × net ÷ (net + tax) of the line, four decimals.
    pub net: Money,
    /// Whether the goods went back on the shelf.
    pub restock: bool,
    /// How it was paid back; of several methods the one that paid most, the first on ties.
    pub method: Option<Method>,
    /// By whom, where known.
    pub by: Option<StaffId>,
    /// Whether a restock moved the stock; imported ones did not.
    pub moves_stock: bool,
    /// What the one method does not tell of the refund. A record of its own, and a change of its own: few returns have one.
    #[serde(skip)]
    pub payout: Option<Payout>,
}

/// How a refund was paid out, where that is more than all of it by one method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Of which return.
    pub no: ReturnNo,
    /// What each of several methods paid, in the order they paid; together the refund. Empty: the return's method paid it all.
    pub parts: Vec<(Method, Money)>,
    /// What coins added to what the goods had cost; below zero what they took away.
    pub rounding: Money,
}

impl Payout {
    /// What there is to keep; `None` where the return's own method and refund tell all.
    pub fn worth_keeping(no: ReturnNo, parts: Vec<(Method, Money)>, rounding: Money) -> Option<Payout> {
        let parts = if parts.len() > 1 { parts } else { Vec::new() };
        (!parts.is_empty() || !rounding.is_zero()).then_some(Payout { no, parts, rounding })
    }
}

impl Return {
    /// What was paid back by which method, in the order they paid; one without a name is not known.
    pub fn paid_out(&self) -> Vec<(Option<&Method>, Money)> {
        match &self.payout {
            Some(payout) if !payout.parts.is_empty() => {
                payout.parts.iter().map(|(method, amount)| (Some(method), *amount)).collect()
            }
            _ => vec![(self.method.as_ref(), self.refund)],
        }
    }

    /// What coins added to what the goods had cost.
    pub fn rounding(&self) -> Money {
        self.payout.as_ref().map_or(Money::ZERO, |payout| payout.rounding)
    }
}

/// The method that paid most, the first on ties.
pub fn most_paid(parts: &[(Method, Money)]) -> Option<&Method> {
    let most = parts.iter().map(|(_, amount)| *amount).max()?;
    parts.iter().find(|(_, amount)| *amount == most).map(|(method, _)| method)
}
