//! What has happened since the last seal, as signed facts: the part of every answer that is not in segments yet.
//!
//! A tail is immutable; each commit publishes a new one that shares all but its last chunk with the one before, and the list
//! of all but the last few: what a commit copies does not grow with the tail. Chunks stay for a while after they are sealed,
//! so that a kept answer can be brought forward across a seal.

use crate::domain::fact::Signed;
use crate::unit::Seq;
use std::sync::Arc;

/// Commits after which their chunks become one.
const MERGE: usize = 64;

/// Facts at which they become one sooner.
const CHUNK: usize = 1_024;

/// Sealed facts that are kept for answers to catch up with.
const KEPT_FACTS: usize = 16_384;

/// The facts of one or more neighbouring commits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chunk {
    /// Facts with the sequence they came at, ascending.
    pub facts: Vec<(Seq, Arc<Signed>)>,
}

/// The signed facts after the watermark, up to `seq`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tail {
    /// Everything up to it is in segments.
    pub watermark: Seq,
    /// The last published sequence.
    pub seq: Seq,
    /// The oldest sequence after which no fact is missing from the chunks.
    pub complete_after: Seq,
    merged: Arc<Vec<Arc<Chunk>>>,
    recent: Vec<Arc<Chunk>>,
}

impl Tail {
    /// Of a shop whose segments are complete up to `watermark`.
    pub fn starting(watermark: Seq) -> Tail {
        Tail { watermark, seq: watermark, complete_after: watermark, merged: Arc::default(), recent: Vec::new() }
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
        let chunks = after(&self.merged, seq).iter().chain(after(&self.recent, seq));
        chunks.flat_map(|chunk| &chunk.facts).filter(move |(at, _)| *at > seq)
    }

    /// The tail after a commit brought `facts` and the sequence to `seq`.
    pub(super) fn grown(&self, seq: Seq, facts: Vec<(Seq, Arc<Signed>)>) -> Tail {
        let mut next = self.clone();
        next.seq = seq;
        if facts.is_empty() {
            return next;
        }
        next.recent.push(Arc::new(Chunk { facts }));
        if next.recent.len() >= MERGE || next.recent.iter().map(|chunk| chunk.facts.len()).sum::<usize>() >= CHUNK {
            let facts = next.recent.drain(..).flat_map(|chunk| chunk.facts.clone()).collect();
            Arc::make_mut(&mut next.merged).push(Arc::new(Chunk { facts }));
        }
        next
    }

    /// The tail after everything up to `watermark` went into segments; what is long sealed is let go.
    pub(super) fn sealed(&self, watermark: Seq) -> Tail {
        let mut next = self.clone();
        next.watermark = watermark;
        let sealed = self.merged.len() - after(&self.merged, watermark).len();
        let mut kept = 0;
        let mut drop = sealed;
        while drop > 0 && kept + self.merged[drop - 1].facts.len() <= KEPT_FACTS {
            drop -= 1;
            kept += self.merged[drop].facts.len();
        }
        if let Some((last, _)) = self.merged[..drop].iter().rev().find_map(|chunk| chunk.facts.last()) {
            next.complete_after = *last;
            Arc::make_mut(&mut next.merged).drain(..drop);
        }
        next
    }

    /// The tail of a shop after an import put everything up to `watermark` straight into segments.
    pub(super) fn restarted(&self, watermark: Seq) -> Tail {
        Tail::starting(watermark)
    }
}

/// The chunks that hold anything after `seq`.
fn after(chunks: &[Arc<Chunk>], seq: Seq) -> &[Arc<Chunk>] {
    let start = chunks.partition_point(|chunk| chunk.facts.last().is_none_or(|(last, _)| *last <= seq));
    chunks.get(start..).unwrap_or_default()
}
