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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_list_from_which_the_oldest_go(
            commits in prop::collection::vec((0usize..40, 0u64..400, 0usize..600, any::<bool>()), 1..300),
        ) {
            let (mut runs, mut list) = (Runs::default(), Vec::new());
            let (mut seq, mut gone) = (0, 0);
            for (items, back, keep, let_go) in commits {
                seq += 1;
                let fresh: Vec<(Seq, u64)> = (0..items as u64).map(|item| (Seq(seq), item)).collect();
                list.extend(fresh.clone());
                let before: Runs<u64> = runs.clone();
                runs.grow(fresh);
                prop_assert!(before.after(Seq(0)).count() <= runs.after(Seq(0)).count(), "the one before stays as it was");
                let upto = Seq(seq.saturating_sub(back));
                if let_go && let Some(last) = runs.let_go(upto, keep) {
                    prop_assert!(last <= upto, "nothing younger goes");
                    gone = last.0;
                }
                let at = Seq(gone.max(seq.saturating_sub(back * 2)));
                let expected: Vec<_> = list.iter().filter(|(placed, _)| *placed > at).collect();
                prop_assert_eq!(runs.after(at).collect::<Vec<_>>(), expected);
                let newest = runs.latest_first().next().and_then(|run| run.last());
                prop_assert_eq!(newest, list.last().filter(|(placed, _)| placed.0 > gone));
            }
        }
    }
}
