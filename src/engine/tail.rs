//! What has happened since the last seal: signed facts, the part of every answer that is not in segments yet, and the orders
//! that are not filed yet.
//!
//! A tail is immutable; each commit publishes a new one. Facts stay for a while after they are sealed, so that a kept answer can
//! be brought forward across a seal.

use super::runs::Runs;
use crate::domain::Order;
use crate::domain::fact::Signed;
use crate::unit::{OrderNo, Seq};
use std::sync::Arc;

/// Sealed facts that are kept for answers to catch up with.
const KEPT_FACTS: usize = 16_384;

/// Facts with the sequence they came at, in order.
pub(super) type Facts = Vec<(Seq, Arc<Signed>)>;

/// Orders with the sequence they were placed at, in order of both number and sequence.
pub(super) type Placed = Vec<(Seq, Arc<Order>)>;

/// What came after the watermark, up to `seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Everything up to it is in segments.
    pub watermark: Seq,
    /// The last published sequence.
    pub seq: Seq,
    /// The oldest sequence after which no fact is missing.
    pub complete_after: Seq,
    facts: Runs<Arc<Signed>>,
    placed: Runs<Arc<Order>>,
}

impl Tail {
    /// Of a shop whose segments are complete up to `watermark`.
    pub fn starting(watermark: Seq) -> Tail {
        Tail { watermark, seq: watermark, complete_after: watermark, facts: Runs::default(), placed: Runs::default() }
    }

    /// The facts that are not in segments, in order.
    pub fn unsealed(&self) -> impl Iterator<Item = &Arc<Signed>> {
        self.after(self.watermark)
    }

    /// The facts after `seq`, in order; complete only where `seq` is at least `complete_after`.
    pub fn after(&self, seq: Seq) -> impl Iterator<Item = &Arc<Signed>> {
        self.numbered_after(seq).map(|(_, fact)| fact)
    }

    /// The facts after `seq` with their sequences.
    pub fn numbered_after(&self, seq: Seq) -> impl Iterator<Item = &(Seq, Arc<Signed>)> {
        self.facts.after(seq)
    }

    /// An order as it was placed after the watermark; one that was altered since has a row, which tells what it is now.
    pub(super) fn placed(&self, no: OrderNo) -> Option<&Order> {
        let run = self.placed.latest_first().find(|run| run.first().is_some_and(|(_, first)| first.no <= no))?;
        let at = run.binary_search_by_key(&no, |(_, order)| order.no).ok()?;
        Some(&run[at].1)
    }

    /// The orders placed after the watermark, in order of number, as they were placed.
    pub(super) fn all_placed(&self) -> impl Iterator<Item = &Arc<Order>> {
        self.placed.after(self.watermark).map(|(_, order)| order)
    }

    /// The number of the last of them; 0 for none.
    pub(super) fn last_placed(&self) -> OrderNo {
        let last = self.placed.latest_first().next().and_then(|run| run.last());
        last.map_or(OrderNo(0), |(_, order)| order.no)
    }

    /// The tail after a commit brought `facts`, placed orders, and the sequence to `seq`.
    pub(super) fn grown(&self, seq: Seq, facts: Facts, placed: Placed) -> Tail {
        let mut next = Tail { seq, ..self.clone() };
        next.facts.grow(facts);
        next.placed.grow(placed);
        next
    }

    /// The tail after everything up to `watermark` went into segments; what is long sealed is let go.
    pub(super) fn sealed(&self, watermark: Seq) -> Tail {
        let mut next = Tail { watermark, ..self.clone() };
        if let Some(last) = next.facts.let_go(watermark, KEPT_FACTS) {
            next.complete_after = last;
        }
        next.placed.let_go(watermark, 0);
        next
    }

    /// The tail of a shop after an import put everything up to `watermark` straight into segments.
    pub(super) fn restarted(&self, watermark: Seq) -> Tail {
        Tail::starting(watermark)
    }
}
