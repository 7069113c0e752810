//! Of many rows the largest: where only the first so many stay, the others are let go every now and then, so that costs grow
//! with what is shown. Knows no row.

/// Rows fewer than this are not worth letting go.
const SOME: usize = 1_024;

/// Rows that may stay, each with what it is ranked by.
pub(crate) struct Best<T> {
    top: Option<usize>,
    rows: Vec<(i128, T)>,
    /// What is smaller cannot stay.
    least: Option<i128>,
    /// So many were left the last time.
    left: usize,
}

impl<T> Best<T> {
    /// Of which the `top` largest stay; `None`: all.
    pub(crate) fn new(top: Option<usize>) -> Best<T> {
        Best { top, rows: Vec::new(), least: None, left: 0 }
    }

    pub(crate) fn take(&mut self, rank: i128, row: T) {
        if self.least.is_some_and(|least| rank < least) {
            return;
        }
        self.rows.push((rank, row));
        if self.top.is_some() && self.rows.len() >= SOME.max(2 * self.left) {
            self.prune();
        }
    }

    /// Leaves the largest, and those equal to the last of them: equal ones stay until their ids have been compared.
    fn prune(&mut self) {
        let Some(top) = self.top.filter(|top| *top < self.rows.len()) else { return };
        if top == 0 {
            self.rows.clear();
            return;
        }
        self.rows.select_nth_unstable_by(top - 1, |a, b| b.0.cmp(&a.0));
        let last = self.rows[top - 1].0;
        self.rows.retain(|row| row.0 >= last);
        (self.least, self.left) = (Some(last), self.rows.len());
    }

    /// What stays, in no order.
    pub(crate) fn rows(mut self) -> Vec<(i128, T)> {
        self.prune();
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_stay_and_those_equal_to_the_last() {
        for (count, top) in [(0, 3), (5, 9), (5_000, 0), (5_000, 1), (5_000, 3), (20_000, 1_500)] {
            let mut best = Best::new(Some(top));
            let ranks: Vec<i128> = (0..count).map(|at: i128| at * 7_919 % 4_001).collect();
            ranks.iter().enumerate().for_each(|(at, rank)| best.take(*rank, at));
            let mut sorted = ranks.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let last = sorted.get(top.wrapping_sub(1)).copied();
            let expected =
                if top == 0 { 0 } else { sorted.iter().filter(|rank| last.is_none_or(|last| **rank >= last)).count() };
            let rows = best.rows();
            assert!(rows.iter().all(|(rank, at)| ranks[*at] == *rank && last.is_none_or(|last| *rank >= last)));
            assert_eq!(rows.len(), expected, "{count} {top}");
        }
    }
}
