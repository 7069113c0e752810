//! A list that grows at its end with every commit and is let go of at its front, cheap to share: each one shares all but its
//! last few runs with the one it grew from, so that what a commit copies does not grow with the list. Never knows what is in it.

use crate::unit::Seq;
use std::sync::Arc;

/// Commits after which their runs become one.
const MERGE: usize = 64;

/// Items at which they become one sooner.
const RUN: usize = 1_024;

/// The items of one or more neighbouring commits, with the sequences they came at, ascending; never empty.
pub(super) type Run<T> = Arc<Vec<(Seq, T)>>;

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Runs<T> {
    merged: Arc<Vec<Run<T>>>,
    recent: Vec<Run<T>>,
}

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Runs { merged: Arc::default(), recent: Vec::new() }
    }
}

impl<T: Clone> Runs<T> {
    /// Takes in what a commit brought.
    pub fn grow(&mut self, items: Vec<(Seq, T)>) {
        if items.is_empty() {
            return;
        }
        self.recent.push(Arc::new(items));
        if self.recent.len() >= MERGE || self.recent.iter().map(|run| run.len()).sum::<usize>() >= RUN {
            let items = self.recent.drain(..).flat_map(|run| run.to_vec()).collect();
            Arc::make_mut(&mut self.merged).push(Arc::new(items));
        }
    }

    /// The items after `seq`, in order.
    pub fn after(&self, seq: Seq) -> impl Iterator<Item = &(Seq, T)> {
        let runs = after(&self.merged, seq).iter().chain(after(&self.recent, seq));
        runs.flat_map(|run| run.iter()).filter(move |(at, _)| *at > seq)
    }

    /// The runs, the latest first.
    pub fn latest_first(&self) -> impl Iterator<Item = &Run<T>> {
        self.recent.iter().rev().chain(self.merged.iter().rev())
    }

    /// Lets go of merged runs that lie wholly up to `seq`, but for the latest of them with at most `keep` items in all; the
    /// last sequence that went.
    pub fn let_go(&mut self, seq: Seq, keep: usize) -> Option<Seq> {
        let mut gone = self.merged.len() - after(&self.merged, seq).len();
        let mut kept = 0;
        while gone > 0 && kept + self.merged[gone - 1].len() <= keep {
            gone -= 1;
            kept += self.merged[gone].len();
        }
        let (last, _) = self.merged[..gone].last()?.last()?;
        let last = *last;
        Arc::make_mut(&mut self.merged).drain(..gone);
        Some(last)
    }
}

/// The runs that hold anything after `seq`.
fn after<T>(runs: &[Run<T>], seq: Seq) -> &[Run<T>] {
    let start = runs.partition_point(|run| run.last().is_none_or(|(last, _)| *last <= seq));
    runs.get(start..).unwrap_or_default()
}
