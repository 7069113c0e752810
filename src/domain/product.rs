//! What is sold. Never knows how many there are; that is `stock`.

use crate::unit::{Money, ProductId, Quantity, Rate, Text};
use serde::{Deserialize, Serialize};

/// A product on record. Orders capture price, cost and tax as sold; the category is read as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// Dense internal number, from 1.
    pub id: ProductId,
    /// The id people and files know it by, unique among products.
    pub ext: Text,
    /// Stock keeping unit, unique where known.
    pub sku: Option<Text>,
    /// Barcodes, each unique among products as a GTIN-14.
    pub barcodes: Vec<Text>,
    /// Shown and printed.
    pub name: Text,
    /// `None` is reported as `unknown`.
    pub category: Option<Text>,
    /// Price of one; `None` asks for a price at the counter.
    pub price: Option<Money>,
    /// Cost of one.
    pub cost: Option<Money>,
    /// Tax as a fraction.
    pub tax_rate: Option<Rate>,
    /// At or below this quantity the product is low.
    pub reorder_level: Option<Quantity>,
}
