//! One direction of a slow line: so many bytes a second, and some time on the way.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Bytes a second.
pub const RATE: f64 = 2_000.0;
/// On the way, each way.
const DELAY: Duration = Duration::from_millis(150);

/// What is on its way. However much that is, it waits, as it does in the buffers of a real line.
#[derive(Default)]
pub struct Line {
    on_the_way: VecDeque<(Instant, Vec<u8>)>,
    free: Option<Instant>,
}

impl Line {
    /// Sends bytes behind those that were sent before.
    pub fn send(&mut self, bytes: Vec<u8>, now: Instant) {
        let begins = self.free.map_or(now, |free| free.max(now));
        let free = begins + Duration::from_secs_f64(bytes.len() as f64 / RATE);
        self.free = Some(free);
        self.on_the_way.push_back((free + DELAY, bytes));
    }

    /// When the next of them arrive, to the last byte.
    pub fn next(&self) -> Option<Instant> {
        self.on_the_way.front().map(|(arrives, _)| *arrives)
    }

    /// Those that have arrived by now.
    pub fn receive(&mut self, now: Instant) -> Option<Vec<u8>> {
        self.next().filter(|arrives| *arrives <= now)?;
        self.on_the_way.pop_front().map(|(_, bytes)| bytes)
    }
}
