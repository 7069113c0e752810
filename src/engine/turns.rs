//! Waiting for the next publication without asking for it over and over. Knows nothing of what is published.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Counts what is told to everyone: publications, and the end.
#[derive(Debug, Default)]
pub(super) struct Turns {
    count: Mutex<u64>,
    told: Condvar,
}

impl Turns {
    /// How many there have been.
    pub fn now(&self) -> u64 {
        *self.lock()
    }

    /// One more; whoever waits looks up.
    pub fn tell(&self) {
        *self.lock() += 1;
        self.told.notify_all();
    }

    /// Sleeps until there has been one after `seen`.
    pub fn wait(&self, seen: u64) {
        let none = |count: &mut u64| *count == seen;
        drop(self.told.wait_while(self.lock(), none).unwrap_or_else(PoisonError::into_inner));
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_waits_for_a_publication_misses_none() {
        let turns = Turns::default();
        let seen = turns.now();
        turns.tell();
        // It came before anybody waited.
        turns.wait(seen);
        for _ in 0..1_000 {
            let seen = turns.now();
            std::thread::scope(|scope| {
                scope.spawn(|| turns.wait(seen));
                turns.tell();
            });
        }
    }
}
