//! What a slice leaves of a segment, where that is little: looked up row by row, and the rest not unpacked.
//!
//! Knows no plan and no cell.

use crate::report::cells::NOWHERE;
use crate::report::facts::{Columns, Joined, line_counts};
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Counts, Rows, Words};
use crate::unit::{Rate, Text};

/// Rows are looked up one by one where more than this many times as many are sliced away.
const FEW: usize = if cfg!(test) { 1 } else { 4 };

/// Whether so many of all are few enough to be looked up.
pub(super) fn is_few(wanted: usize, all: usize) -> bool {
    wanted * FEW < all
}

/// Replaces `rows` by the rows whose mask is 1, where others' are 0.
pub(super) fn rows_of(mask: &[u8], rows: &mut Vec<u32>) {
    rows.clear();
    rows.reserve(mask.iter().map(|stays| usize::from(*stays)).sum());
    for (block, first) in mask.chunks(64).zip((0..).step_by(64)) {
        // A bit a row: then only those that stay are looked at.
        let (eights, rest) = block.as_chunks::<8>();
        let mut bits = 0;
        for (at, eight) in eights.iter().enumerate() {
            bits |= (u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
        }
        for (at, stays) in rest.iter().enumerate() {
            bits |= u64::from(*stays) << (8 * eights.len() + at);
        }
        while bits != 0 {
            rows.push(first + bits.trailing_zeros());
            bits &= bits - 1;
        }
    }
}

/// The rows that have a slot, and it.
pub(super) struct Picked {
    pub(super) rows: Vec<u32>,
    pub(super) slots: Vec<u32>,
}

/// The rows that have a slot, where most have none.
pub(super) fn few(slots: &[u32]) -> Option<Picked> {
    let wanted = slots.iter().filter(|slot| **slot != NOWHERE).count();
    is_few(wanted, slots.len()).then(|| {
        let mut picked = Picked { rows: vec![0; wanted + 1], slots: vec![0; wanted + 1] };
        let mut next = 0;
        // Written whether wanted or not, and then written over: no branch on what is as good as random.
        for (row, slot) in (0u32..).zip(slots) {
            picked.rows[next] = row;
            picked.slots[next] = *slot;
            next += usize::from(*slot != NOWHERE);
        }
        picked.rows.truncate(wanted);
        picked.slots.truncate(wanted);
        picked
    })
}

/// A few orders of a segment and their lines, as if there were no others: what is sliced away is not unpacked.
pub(crate) struct Few<'a, C> {
    all: &'a C,
    counts: Counts,
    orders: Vec<u32>,
    lines: Vec<u32>,
}

impl<'a, C: Columns> Few<'a, C> {
    /// The orders of these rows; their lines, where they are asked for or the orders have no sums of them.
    pub(crate) fn of(all: &'a C, orders: Vec<u32>, by_line: bool) -> Result<Few<'a, C>, CodecFault> {
        let known = all.counts();
        let lines = if by_line || !known.sums_fit() { lines_of(all, &orders)? } else { Vec::new() };
        let counts = Counts { orders: orders.len(), lines: lines.len(), returns: 0, feedback: 0, ..*known };
        Ok(Few { all, counts, orders, lines })
    }

    /// The rows of the orders, to be used again.
    pub(super) fn into_orders(self) -> Vec<u32> {
        self.orders
    }

    fn rows(&self, column: Column) -> &[u32] {
        if column.rows() == Rows::Lines { &self.lines } else { &self.orders }
    }
}

/// Most orders have no more lines than this.
pub(super) const USUAL: usize = 4;

/// The rows of the lines that some orders have.
fn lines_of(all: &impl Columns, orders: &[u32]) -> Result<Vec<u32>, CodecFault> {
    let mut counts: Vec<u32> = Vec::new();
    line_counts(all, &mut counts)?;
    let mut firsts = Vec::with_capacity(counts.len());
    let mut total = 0u32;
    for count in &counts {
        firsts.push(total);
        total = total.checked_add(*count).ok_or(CodecFault::Shape)?;
    }
    if total as usize != all.counts().lines {
        return Err(CodecFault::Shape);
    }
    let own = |order: &u32| counts.get(*order as usize).map_or(0, |count| *count as usize);
    let wanted = orders.iter().map(own).sum::<usize>();
    // As many places as an order usually needs are written whatever it needs: the next order writes over what is too much.
    let mut lines = vec![0; wanted + USUAL];
    let mut next = 0;
    for order in orders {
        let first = *firsts.get(*order as usize).ok_or(CodecFault::Shape)?;
        let count = own(order);
        let rows = lines[next..next + count.max(USUAL)].iter_mut();
        rows.zip(first..).for_each(|(row, line)| *row = line);
        next += count;
    }
    lines.truncate(wanted);
    Ok(lines)
}

impl<C: Columns> Columns for Few<'_, C> {
    fn counts(&self) -> &Counts {
        &self.counts
    }

    fn words(&self, words: Words) -> &[Text] {
        self.all.words(words)
    }

    fn rates(&self) -> &[Rate] {
        self.all.rates()
    }

    fn constant(&self, column: Column) -> Option<i64> {
        self.all.constant(column)
    }

    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        self.all.gather(column, self.rows(column), out, |value| value)
    }

    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        self.all.gather(column, self.rows(column), out, |value| value as u32)
    }

    fn gather<T>(
        &self,
        column: Column,
        rows: &[u32],
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        let own = self.rows(column);
        let rows: Option<Vec<u32>> = rows.iter().map(|row| own.get(*row as usize).copied()).collect();
        self.all.gather(column, &rows.ok_or(CodecFault::Shape)?, out, of)
    }

    fn kept(&self, _: &Joined) -> Option<&[u8]> {
        None
    }

    fn joined(&self, joined: &Joined, out: &mut Vec<u8>) -> Result<(), CodecFault> {
        match self.all.kept(joined) {
            Some(kept) => {
                let rows = self.rows(joined.column());
                let first = out.len();
                out.resize(first + rows.len(), 0);
                for (code, row) in out[first..].iter_mut().zip(rows) {
                    *code = *kept.get(*row as usize).ok_or(CodecFault::Shape)?;
                }
                Ok(())
            }
            None => joined.join(self, out).map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_rows_of_a_mask_are_those_that_stay(mask in prop::collection::vec(0u8..2, 0..300)) {
            let mut rows = vec![7];
            rows_of(&mask, &mut rows);
            let expected: Vec<u32> = (0u32..).zip(&mask).filter(|(_, stays)| **stays == 1).map(|(row, _)| row).collect();
            prop_assert_eq!(rows, expected);
        }
    }
}
