//! Time and chance in the test's own hands.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use till::engine::Seams;
use till::engine::seams::{Clock, Entropy};

/// Two hours before midnight, so that a few hours on is another business day.
pub const START_MS: i64 = 1_773_180_000_000;

/// A clock that goes on by a millisecond each time it is looked at, and by any time it is told.
#[derive(Debug)]
pub struct Hands(AtomicI64);

impl Hands {
    /// Standing at [`START_MS`].
    pub fn new() -> Arc<Hands> {
        Arc::new(Hands(AtomicI64::new(START_MS)))
    }

    /// Moves on.
    pub fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

struct Chance(Mutex<fastrand::Rng>);

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().expect("nobody panics with it").fill(bytes);
    }
}

/// The seams of a shop with that clock and chance from `seed`.
pub fn seams(clock: &Arc<Hands>, seed: u64) -> Seams {
    let entropy = Arc::new(Chance(Mutex::new(fastrand::Rng::with_seed(seed))));
    Seams { clock: Arc::clone(clock) as _, entropy, ..Seams::system() }
}
