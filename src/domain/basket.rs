//! The basket in hand: what has been rung but not yet sold, and what it comes to.
//!
//! Plain data and pure arithmetic; undo and redo are copies kept by whoever holds the basket. Never knows a field, a key or
//! a stored order.

use super::product::Product;
use crate::unit::{CustomerId, Money, ProductId, Quantity, Rate, Text};
use serde::{Deserialize, Serialize};

/// A discount as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Off {
    /// A fraction of the value, in millionths.
    Percent(Rate),
    /// Money.
    Money(Money),
}

/// One rung line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    /// What.
    pub product: ProductId,
    /// Its name when rung, to show.
    pub name: Text,
    /// How many or how much; positive.
    pub quantity: Quantity,
    /// The list price when rung; `None` when the product has none.
    pub listed: Option<Money>,
    /// Price of one: the list price, or what a person or barcode said.
    pub unit_price: Money,
    /// The tax rate when rung.
    pub tax_rate: Option<Rate>,
    /// Discount on the line.
    pub off: Option<Off>,
}

/// What is being rung on one register.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Basket {
    /// In the order rung.
    pub lines: Vec<BasketLine>,
    /// Discount on the whole.
    pub off: Option<Off>,
    /// Why a discount was given.
    pub reason: Option<Text>,
    /// To whom.
    pub customer: Option<CustomerId>,
    /// A remark for the order.
    pub note: Option<Text>,
}

/// A line's figures, in the currency's minor unit but for `gross`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// Quantity × unit price to four decimals.
    pub gross: Money,
    /// The line's own discount.
    pub own_discount: Money,
    /// Its share of the basket's discount.
    pub basket_discount: Money,
    /// What rounding to the minor unit added.
    pub rounding: Money,
    /// gross − discounts + rounding.
    pub value: Money,
    /// Tax inside or on top.
    pub tax: Money,
}

/// A basket's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// One for each line.
    pub lines: Vec<PricedLine>,
    /// Line values together.
    pub value: Money,
    /// Tax by rate, ascending; `None` is no rate.
    pub taxes: Vec<(Option<Rate>, Money)>,
    /// All discounts together.
    pub saved: Money,
    /// What is to be paid, before cash rounding.
    pub total: Money,
}

impl BasketLine {
    /// A line of `quantity` of `product` at its list price, or at `price` where a person or barcode said one.
    pub fn of(product: &Product, quantity: Quantity, price: Option<Money>) -> Option<BasketLine> {
        Some(BasketLine {
            product: product.id,
            name: product.name.clone(),
            quantity,
            listed: product.price,
            unit_price: price.or(product.price)?,
            tax_rate: product.tax_rate,
            off: None,
        })
    }
}
