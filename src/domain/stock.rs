//! Movements of stock that are not sales or returns. Never knows how much there is now.

use crate::unit::{Money, ProductId, Quantity, StaffId, Stamp, StoreId, Text};
use serde::{Deserialize, Serialize};

/// Why stock moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MoveKind {
    /// Goods came in.
    Received,
    /// Corrected by a person, with a reason.
    Adjusted,
    /// Counted; the difference to what was on record.
    Counted,
    /// A file said how many there are.
    Imported,
    /// The order they had left for was cancelled; a file had counted them as gone.
    Cancelled,
}

/// A signed movement of one product in one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMove {
    /// Where.
    pub store: StoreId,
    /// What.
    pub product: ProductId,
    /// How much, signed; what a count changed.
    pub quantity: Quantity,
    /// Why.
    pub kind: MoveKind,
    /// A person's words.
    pub reason: Option<Text>,
    /// Cost of one, where goods came in at a new one.
    pub unit_cost: Option<Money>,
    /// When.
    pub at: Stamp,
    /// By whom, where known.
    pub by: Option<StaffId>,
}
