//! Goods that came back. Never changes what was sold: a return is a fact of its own, on its own day.

use super::payment::Method;
use crate::unit::{Money, OrderNo, ProductId, Quantity, ReturnNo, StaffId, Stamp, StoreId, Text};
use serde::{Deserialize, Serialize};

/// One line's return, as far as it was paid back by one method.
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
    /// Why.
    pub reason: Option<Text>,
    /// When; a file may not say.
    pub at: Option<Stamp>,
    /// Paid out, tax and all; cash in coins.
    pub refund: Money,
    /// The part of `refund` that is not tax: refund × net ÷ (net + tax) of the line, four decimals.
    pub net: Money,
    /// Whether the goods went back on the shelf.
    pub restock: bool,
    /// How it was paid back.
    pub method: Option<Method>,
    /// By whom, where known.
    pub by: Option<StaffId>,
    /// Whether a restock moved the stock; imported ones did not.
    pub moves_stock: bool,
}
