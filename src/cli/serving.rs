//! A running shop together with what is kept of its answers; knows nothing of who asks.

use crate::engine::Shop;
use crate::report::Answers;
use std::sync::Arc;

/// The shop, and the answers that are kept of it for everyone who asks.
#[derive(Clone)]
pub(super) struct Serving {
    pub shop: Shop,
    pub kept: Arc<Answers>,
}

impl Serving {
    /// Nothing is kept yet of a shop that has just been opened.
    pub fn new(shop: Shop) -> Serving {
        Serving { shop, kept: Arc::new(Answers::new()) }
    }
}
