//! Keeps frames from piling up on a slow line: after some bytes the terminal is asked for its status, and while too many
//! questions are unanswered no frame is sent. What is drawn then is the newest state, not a queue of old ones.

use std::time::{Duration, Instant};

/// Questions that may be on their way.
const UNANSWERED: u8 = 2;
/// Bytes that are worth a question.
const BYTES: usize = 256;
/// How long to wait for a terminal that has never answered; it is not asked again.
const FIRST: Duration = Duration::from_secs(2);
/// How long to wait for one that has.
const LATER: Duration = Duration::from_secs(10);

/// The questions on their way to one terminal.
#[derive(Debug)]
pub(super) struct Pace {
    on: bool,
    answers: bool,
    unanswered: u8,
    bytes: usize,
    since: Option<Instant>,
}

impl Pace {
    pub(super) fn new(on: bool) -> Self {
        Self { on, answers: false, unanswered: 0, bytes: 0, since: None }
    }

    /// Counts bytes that are sent; true when a question should follow them.
    pub(super) fn sent(&mut self, bytes: usize, now: Instant) -> bool {
        self.bytes += bytes;
        if !self.on || self.bytes < BYTES {
            return false;
        }
        self.bytes = 0;
        self.unanswered += 1;
        self.since = Some(now);
        true
    }

    /// The terminal answered.
    pub(super) fn answered(&mut self) {
        self.answers = true;
        self.unanswered = self.unanswered.saturating_sub(1);
    }

    /// Whether an answer is on its way.
    pub(super) fn waits(&self) -> bool {
        self.unanswered > 0
    }

    /// Until when no frame may be sent, unless an answer comes.
    pub(super) fn held_until(&self) -> Option<Instant> {
        let limit = if self.answers { LATER } else { FIRST };
        self.since.filter(|_| self.unanswered >= UNANSWERED).map(|since| since + limit)
    }

    /// Gives up on answers that are overdue.
    pub(super) fn tick(&mut self, now: Instant) {
        if self.held_until().is_some_and(|until| until <= now) {
            self.on = self.answers;
            self.unanswered = 0;
        }
    }
}
