//! What has happened since the last seal, as signed facts: the part of every answer that is not in segments yet.
//!
//! A tail is immutable; each commit publishes a new one that shares all but its last chunk with the one before. Chunks stay
//! for a while after they are sealed, so that a kept answer can be brought forward across a seal.

use crate::domain::fact::Signed;
use crate::unit::Seq;
use std::sync::Arc;

/// Facts a run of small chunks is merged at.
const MERGE: usize = 64;

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
    chunks: Vec<Arc<Chunk>>,
}

impl Tail {
    /// Of a shop whose segments are complete up to `watermark`.
    pub fn starting(watermark: Seq) -> Tail {
        Tail { watermark, seq: watermark, complete_after: watermark, chunks: Vec::new() }
    }

    /// The facts that are not in segments, in order.
    pub fn unsealed(&self) -> impl Iterator<Item = &Arc<Signed>> {
        self.after(self.watermark)
    }

    /// The facts after `seq`, in order; complete only where `seq` is at least `complete_after`.
    pub fn after(&self, seq: Seq) -> impl Iterator<Item = &Arc<Signed>> {
        let start = self.chunks.partition_point(|chunk| chunk.facts.last().is_none_or(|(last, _)| *last <= seq));
        let facts = self.chunks[start..].iter().flat_map(|chunk| &chunk.facts);
        facts.filter(move |(at, _)| *at > seq).map(|(_, fact)| fact)
    }

    /// The facts after `seq` with their sequences.
    pub fn numbered_after(&self, seq: Seq) -> impl Iterator<Item = &(Seq, Arc<Signed>)> {
        self.chunks.iter().flat_map(|chunk| &chunk.facts).filter(move |(at, _)| *at > seq)
    }

    /// The tail after a commit brought `facts` and the sequence to `seq`.
    pub(super) fn grown(&self, seq: Seq, facts: Vec<(Seq, Arc<Signed>)>) -> Tail {
        let mut next = self.clone();
        next.seq = seq;
        if facts.is_empty() {
            return next;
        }
        next.chunks.push(Arc::new(Chunk { facts }));
        let small = next.chunks.iter().rev().take_while(|chunk| chunk.facts.len() < MERGE).count();
        if small >= MERGE {
            let run = next.chunks.split_off(next.chunks.len() - small);
            let facts = run.iter().flat_map(|chunk| chunk.facts.iter().cloned()).collect();
            next.chunks.push(Arc::new(Chunk { facts }));
        }
        next
    }

    /// The tail after everything up to `watermark` went into segments; what is long sealed is let go.
    pub(super) fn sealed(&self, watermark: Seq) -> Tail {
        let mut next = self.clone();
        next.watermark = watermark;
        let sealed = next.chunks.partition_point(|chunk| chunk.facts.last().is_none_or(|(last, _)| *last <= watermark));
        let mut kept = 0;
        let mut drop = sealed;
        while drop > 0 && kept + next.chunks[drop - 1].facts.len() <= KEPT_FACTS {
            drop -= 1;
            kept += next.chunks[drop].facts.len();
        }
        if let Some((last, _)) = next.chunks[..drop].iter().rev().find_map(|chunk| chunk.facts.last()) {
            next.complete_after = *last;
        }
        next.chunks.drain(..drop);
        next
    }

    /// The tail of a shop after an import put everything up to `watermark` straight into segments.
    pub(super) fn restarted(&self, watermark: Seq) -> Tail {
        Tail::starting(watermark)
    }
}
