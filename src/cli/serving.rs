//! A running shop together with what is kept of its answers; knows nothing of who asks.

use super::Trouble;
use crate::engine::Shop;
use crate::report::{Answers, answers};
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

/// Orders that are read again in a moment.
pub(super) const SOON_READ: u64 = 100_000;

/// Lays sums of the standing questions by in the shop file, so that whoever opens it next has them at once. In a shop of more
/// than `most` orders only what was laid by before is brought forward; the rest would take seconds.
pub(super) fn lay_by(shop: &Shop, most: u64) -> Result<(), Trouble> {
    let snapshot = shop.snapshot()?;
    if answers::is_laid(&snapshot)? {
        return Ok(());
    }
    let laid = answers::lay_by(&snapshot, snapshot.last_order()?.0 <= most)?;
    let seq = snapshot.seq();
    drop(snapshot);
    Ok(shop.lay_by(seq, laid)?)
}
