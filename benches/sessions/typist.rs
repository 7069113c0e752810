//! Who presses keys at a pace, and which frame answers which key.
//!
//! Knows moments and what stands on a screen, never where the bytes come from.

use std::time::{Duration, Instant};
use vt100::Screen;

/// Between two keys.
const PACE: Duration = Duration::from_millis(500);

/// Keys pressed over and over, and what on the screen no key leaves as it was and nothing else changes.
#[derive(Clone, Copy)]
pub struct Walk {
    pub keys: &'static [&'static str],
    pub state: fn(&Screen) -> Option<String>,
}

/// Keys and their answers.
#[derive(Default)]
pub struct Answers {
    /// From a key to its frame, where nothing else came in between.
    pub alone: Vec<Duration>,
    /// From a key to its frame, where live frames came first.
    pub beside_live: Vec<Duration>,
    /// Bytes of the frames that answered a key.
    pub bytes: usize,
    /// Bytes of all frames.
    pub all_bytes: usize,
    /// Frames that no key asked for.
    pub live: usize,
}

impl Answers {
    /// Takes those of another.
    pub fn add(&mut self, other: Answers) {
        self.alone.extend(other.alone);
        self.beside_live.extend(other.beside_live);
        self.bytes += other.bytes;
        self.all_bytes += other.all_bytes;
        self.live += other.live;
    }

    /// Keys that were answered.
    pub fn count(&self) -> usize {
        self.alone.len() + self.beside_live.len()
    }

    /// All times in ascending order, and those of keys that live frames came before.
    pub fn sorted(&self) -> (Vec<Duration>, Vec<Duration>) {
        let (mut all, mut beside) = ([&self.alone[..], &self.beside_live].concat(), self.beside_live.clone());
        all.sort_unstable();
        beside.sort_unstable();
        (all, beside)
    }
}

/// A key that is yet to be answered.
struct Waiting {
    since: Instant,
    before: Option<String>,
    live_came: bool,
}

/// Somebody who presses a key twice a second.
pub struct Typist {
    walk: Walk,
    pressed: usize,
    due: Instant,
    waiting: Option<Waiting>,
    answered: Option<Instant>,
    answers: Answers,
}

impl Typist {
    /// Presses the first key at `first`.
    pub fn new(walk: Walk, first: Instant) -> Typist {
        Typist { walk, pressed: 0, due: first, waiting: None, answered: None, answers: Answers::default() }
    }

    /// When the next key is to be pressed; `None` while one is unanswered.
    pub fn due(&self) -> Option<Instant> {
        self.waiting.is_none().then_some(self.due)
    }

    /// Presses the key that is due on a terminal that shows this.
    pub fn press(&mut self, screen: &Screen) -> Option<&'static [u8]> {
        let now = Instant::now();
        let due = self.due().filter(|due| *due <= now)?;
        // Somebody would have pressed it then, had the one before been answered.
        let was_held_up = self.answered.is_some_and(|answered| answered > due);
        let since = if was_held_up { due } else { now };
        self.waiting = Some(Waiting { since, before: (self.walk.state)(screen), live_came: false });
        let key = self.walk.keys.get(self.pressed % self.walk.keys.len())?;
        self.pressed += 1;
        self.due += PACE;
        Some(key.as_bytes())
    }

    /// A frame of so many bytes has come, after which the terminal shows this.
    pub fn see(&mut self, screen: &Screen, came: Instant, bytes: usize) {
        self.answers.all_bytes += bytes;
        let state = (self.walk.state)(screen);
        match self.waiting.take() {
            Some(waiting) if state.is_some() && state != waiting.before => {
                let took = came.saturating_duration_since(waiting.since);
                self.answers.bytes += bytes;
                self.answered = Some(came);
                if waiting.live_came { &mut self.answers.beside_live } else { &mut self.answers.alone }.push(took);
            }
            waiting => {
                self.answers.live += 1;
                self.waiting = waiting.map(|waiting| Waiting { live_came: true, ..waiting });
            }
        }
    }

    /// What was measured, and whether a key is still unanswered.
    pub fn finish(self) -> (Answers, bool) {
        (self.answers, self.waiting.is_some())
    }
}
