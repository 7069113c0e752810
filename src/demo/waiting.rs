//! What is still to follow from orders that have gone by, in the order of time. Never knows why it follows.

use crate::domain::{Feedback, Return};
use crate::unit::Text;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that follows; not numbered yet.
pub(super) enum Later {
    Return(Return),
    Feedback(Feedback, Text),
}

struct Item {
    at: i64,
    turn: u64,
    what: Later,
}

/// The earliest first; at equal times what was added first.
#[derive(Default)]
pub(super) struct Waiting {
    heap: BinaryHeap<Reverse<Item>>,
    turns: u64,
}

impl Waiting {
    /// Puts something in for the moment `at`, in Unix milliseconds.
    pub fn add(&mut self, at: i64, what: Later) {
        self.turns += 1;
        self.heap.push(Reverse(Item { at, turn: self.turns, what }));
    }

    /// Takes the earliest.
    pub fn take(&mut self) -> Option<Later> {
        self.heap.pop().map(|Reverse(item)| item.what)
    }

    /// Takes the earliest if it is due by the moment `at`.
    pub fn take_by(&mut self, at: i64) -> Option<Later> {
        let due = self.heap.peek().is_some_and(|Reverse(item)| item.at <= at);
        if due { self.take() } else { None }
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.turn) == (other.at, other.turn)
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.turn).cmp(&(other.at, other.turn))
    }
}
