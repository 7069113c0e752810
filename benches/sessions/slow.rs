//! One session at the far end of a slow line: a row of the second table.

use crate::attached::{Attached, sleep, typed};
use crate::colleague::Colleague;
use crate::line::{Line, RATE};
use crate::load::ORDERS;
use crate::typist::{Typist, Walk};
use crate::{at, ms};
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use till::session::Client;

/// The table's first rows.
pub const HEAD: &str = "
a line of 2,000 bytes a second        - key to seen, ms -----------------   beside live   first picture  bytes    line
and 300 ms there and back     keys       p50       p99       max         keys       p50        bytes        a key    used";

/// What is done there.
pub const WALKS: [(&str, Walk); 2] = [
    ("orders: down and home", ORDERS),
    ("sale: letters", Walk { keys: &["t", "e", "a", "\x7f", "\x7f", "\x7f"], state: typed }),
];

/// The question of a session that wants to know whether its frames have been shown, and the answer.
const QUESTION: &[u8] = b"\x1b[5n";
const ANSWER: &[u8] = b"\x1b[0n";
/// How long anything may take to be seen.
const PATIENCE: Duration = Duration::from_secs(60);
/// A terminal far away.
struct Far {
    terminal: Attached,
    down: Line,
    up: Line,
}

/// Presses keys for so long while a colleague sells; the row.
pub fn measure(shop: &Path, name: &str, walk: Walk, lasts: Duration) -> String {
    let colleague = Colleague::enter(shop);
    let client = Client { paced: true, escape_delay: Duration::from_millis(60), ..Attached::client() };
    let mut far = Far { terminal: Attached::enter(shop, client, &[]), down: Line::default(), up: Line::default() };
    let first = far.wait("everything");
    if walk.keys == ORDERS.keys {
        far.up.send(b"\x1b2".to_vec(), Instant::now());
        far.wait("newest first");
    }
    let start = Instant::now() + Duration::from_millis(500);
    let mut typist = Typist::new(walk, start + Duration::from_millis(250));
    let (working, over) = channel();
    std::thread::scope(|scope| {
        let selling = scope.spawn(move || colleague.sell_on(start, &over));
        far.work(&mut typist, start + lasts);
        drop(working);
        selling.join().expect("a colleague who sells");
    });
    let (answers, unanswered) = typist.finish();
    let (all, beside) = answers.sorted();
    let used = answers.all_bytes as f64 / lasts.as_secs_f64() / RATE * 100.0;
    let row = format!(
        "{name:<26} {:>7} {:>9} {:>9} {:>9} {:>12} {:>9} {first:>12} {:>12} {used:>5.0} %",
        all.len(),
        ms(at(&all, 0.5)),
        ms(at(&all, 0.99)),
        ms(at(&all, 1.0)),
        beside.len(),
        ms(at(&beside, 0.5)),
        answers.bytes / answers.count().max(1),
    );
    if unanswered { format!("{row}\na key was still unanswered") } else { row }
}

impl Far {
    /// Presses keys until then, and waits for the last answer.
    fn work(&mut self, typist: &mut Typist, end: Instant) {
        loop {
            let now = Instant::now();
            if now < end
                && let Some(key) = typist.press(self.terminal.screen())
            {
                self.up.send(key.to_vec(), now);
            }
            let wake = match typist.due() {
                Some(_) if now >= end => return,
                Some(due) => due.min(end),
                None => end + PATIENCE,
            };
            match self.next(wake) {
                Some(bytes) => typist.see(self.terminal.screen(), Instant::now(), bytes),
                None if now >= end + PATIENCE => return,
                None => {}
            }
        }
    }

    /// Waits until these words are seen; how many bytes came until then.
    fn wait(&mut self, words: &str) -> usize {
        let (end, mut came) = (Instant::now() + PATIENCE, 0);
        while !self.terminal.screen().contents().contains(words) {
            let seen = self.next(end);
            came += seen.unwrap_or_else(|| panic!("{words} never came:\n{}", self.terminal.screen().contents()));
        }
        came
    }

    /// Carries bytes both ways until a frame is seen, and counts its bytes; `None` when none was until then.
    fn next(&mut self, until: Instant) -> Option<usize> {
        loop {
            let now = Instant::now();
            while let Some(keys) = self.up.receive(now) {
                self.terminal.send(&keys);
            }
            if let Some(bytes) = self.down.receive(now) {
                self.terminal.show(&bytes);
                let questions = bytes.windows(QUESTION.len()).filter(|bytes| *bytes == QUESTION).count();
                (0..questions).for_each(|_| self.up.send(ANSWER.to_vec(), now));
                return Some(bytes.len());
            }
            if now >= until {
                return None;
            }
            let wake = [self.up.next(), self.down.next()].into_iter().flatten().fold(until, Instant::min);
            sleep(&mut [self.terminal.poll()], wake);
            self.terminal.read();
            while let Some(bytes) = self.terminal.frame() {
                self.down.send(bytes, Instant::now());
            }
        }
    }
}
