//! A running shop together with what is kept of its answers; knows nothing of who asks.

use super::Trouble;
use crate::console::Questions;
use crate::engine::Shop;
use crate::report::kept::{self, Answers, From};
use std::sync::Arc;
use std::time::Duration;

/// The shop, and the answers that are kept of it for everyone who asks.
#[derive(Clone)]
pub(super) struct Serving {
    pub shop: Shop,
    pub kept: Arc<Answers>,
    /// Where the questions of its consoles wait.
    pub questions: Arc<Questions>,
}

impl Serving {
    /// Nothing is kept yet of a shop that has just been opened.
    pub fn new(shop: Shop) -> Serving {
        Serving { shop, kept: Arc::new(Answers::new()), questions: Arc::default() }
    }
}

/// Whoever opens a shop has other things to do at first.
const LATER: Duration = Duration::from_secs(30);

/// Orders that are read again in a moment.
pub(super) const SOON_READ: u64 = 100_000;

/// Lays sums of the standing questions by in the shop file, so that whoever opens it next has them at once. In a shop of more
/// than `most` orders only what was laid by before is brought forward; the rest would take seconds.
pub(super) fn lay_by(shop: &Shop, most: u64) -> Result<(), Trouble> {
    let snapshot = shop.snapshot()?;
    if kept::is_laid(&snapshot)? {
        return Ok(());
    }
    let from = if snapshot.last_order()?.0 <= most { From::BeforeAndFacts } else { From::Before };
    let laid = kept::lay_by(&snapshot, from)?;
    drop(snapshot);
    Ok(shop.lay_by(laid)?)
}

/// Lays the sums by out of the facts alone, in the place of those that do not fit them.
pub(super) fn lay_by_anew(shop: &Shop) -> Result<(), Trouble> {
    let laid = kept::lay_by(&shop.snapshot()?, From::Facts)?;
    Ok(shop.lay_by(laid)?)
}

/// Works the sums out again in a shop of many orders that has been open for a while, where none that fit are laid by: after
/// an unclean end, say. Whoever closes it then has only to bring them forward.
pub(super) fn lay_by_later(shop: &Shop) {
    let shop = shop.clone();
    let work = move || -> Result<(), Trouble> {
        std::thread::sleep(LATER);
        let snapshot = shop.snapshot()?;
        if snapshot.last_order()?.0 > SOON_READ && !kept::is_laid_near(&snapshot)? {
            drop(snapshot);
            lay_by(&shop, u64::MAX)?;
        }
        Ok(())
    };
    // Without it the next first questions take longer, and nothing else. It ends with the process.
    let begun = std::thread::Builder::new().name("till-sums".to_owned()).spawn(move || drop(work()));
    drop(begun);
}
