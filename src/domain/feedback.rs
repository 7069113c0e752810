//! What customers said. The words themselves are details, outside the hash chain.

use crate::unit::{CustomerId, FeedbackNo, OrderNo, Stamp, Text};
use serde::{Deserialize, Serialize};

/// Whether someone has dealt with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FeedbackState {
    /// Waiting.
    Open,
    /// Dealt with.
    Resolved,
}

/// A piece of feedback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// Dense internal number, from 1.
    pub no: FeedbackNo,
    /// The id from a file; `None`: its number is its id.
    pub ext: Option<Text>,
    /// From whom, where known.
    pub customer: Option<CustomerId>,
    /// About which order, where known.
    pub order: Option<OrderNo>,
    /// 1 to 5.
    pub rating: Option<u8>,
    /// Free text; `complaint`, in any case, is a complaint.
    pub category: Option<Text>,
    /// When; a file may not say.
    pub at: Option<Stamp>,
    /// Open or resolved.
    pub state: FeedbackState,
    /// Version of its words among the details; 0 = none. It stays when they are erased.
    pub details_version: u32,
}
