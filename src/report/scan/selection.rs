//! What a slice leaves of a segment, where that is little: looked up row by row, and the rest not unpacked.
//!
//! Knows no plan and no cell.

use crate::report::cells::NOWHERE;
use crate::report::facts::{Columns, line_starts};
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Counts, Rows, Words};
use crate::unit::{Rate, Text};

/// Rows are looked up one by one where more than this many times as many are sliced away.
const FEW: usize = if cfg!(test) { 1 } else { 2 };

/// Whether so many of all are few enough to be looked up.
pub(super) fn is_few(wanted: usize, all: usize) -> bool {
    wanted * FEW < all
}

/// Replaces `rows` by the rows whose mask is 1, where others' are 0.
pub(super) fn rows_of(mask: &[u8], rows: &mut Vec<u32>) {
    rows.resize(mask.len(), 0);
    let mut found = 0;
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
            rows[found] = first + bits.trailing_zeros();
            found += 1;
            bits &= bits - 1;
        }
    }
    rows.truncate(found);
}

/// The rows that have a slot, and it.
#[derive(Default)]
pub(super) struct Picked {
    pub(super) rows: Vec<u32>,
    pub(super) slots: Vec<u32>,
    mask: Vec<u8>,
}

impl Picked {
    /// Takes the rows that have a slot; whether most have none.
    pub(super) fn pick(&mut self, slots: &[u32]) -> bool {
        let wanted = slots.iter().filter(|slot| **slot != NOWHERE).count();
        if !is_few(wanted, slots.len()) {
            return false;
        }
        self.mask.clear();
        self.mask.extend(slots.iter().map(|slot| u8::from(*slot != NOWHERE)));
        rows_of(&self.mask, &mut self.rows);
        self.slots.clear();
        self.slots.extend(self.rows.iter().map(|row| slots[*row as usize]));
        true
    }
}

/// A few orders of a segment and their lines, as if there were no others: what is sliced away is not unpacked.
pub(crate) struct Few<'a, C> {
    all: &'a C,
    counts: Counts,
    rows: FewRows,
}

/// Which rows they are, in buffers that are used again.
#[derive(Default)]
pub(super) struct FewRows {
    pub(super) orders: Vec<u32>,
    lines: Vec<u32>,
    /// How many lines each of the orders has.
    own: Vec<u32>,
    /// Where the lines of all orders begin.
    starts: Vec<u32>,
    counts: Vec<u32>,
}

impl<'a, C: Columns> Few<'a, C> {
    /// The orders of these rows, which ascend; their lines, where they are asked for or the orders have no sums of them.
    pub(super) fn of(all: &'a C, mut rows: FewRows, by_line: bool) -> Result<Few<'a, C>, CodecFault> {
        let known = all.counts();
        rows.own.clear();
        rows.lines.clear();
        if by_line || !known.sums_fit() {
            rows.find_lines(all)?;
        }
        let counts = Counts { orders: rows.orders.len(), lines: rows.lines.len(), returns: 0, feedback: 0, ..*known };
        Ok(Few { all, counts, rows })
    }

    /// The buffers, to be used again.
    pub(super) fn into_rows(self) -> FewRows {
        self.rows
    }

    fn rows(&self, column: Column) -> &[u32] {
        if column.rows() == Rows::Lines { &self.rows.lines } else { &self.rows.orders }
    }
}

/// Most orders have no more lines than this.
pub(super) const USUAL: usize = 4;

impl FewRows {
    /// The rows of the lines that the orders have.
    fn find_lines(&mut self, all: &impl Columns) -> Result<(), CodecFault> {
        line_starts(all, &mut self.counts, &mut self.starts)?;
        // Rows ascend: where the last one is there, all are.
        if self.orders.last().is_some_and(|last| *last as usize + 1 >= self.starts.len()) {
            return Err(CodecFault::Shape);
        }
        let count = |order: usize| self.starts[order + 1] - self.starts[order];
        self.own.extend(self.orders.iter().map(|order| count(*order as usize)));
        let wanted = self.own.iter().map(|count| *count as usize).sum::<usize>();
        // As many places as an order usually needs are written whatever it needs: the next order writes over what is too
        // much.
        self.lines.resize(wanted + USUAL, 0);
        let mut next = 0;
        for (order, count) in self.orders.iter().zip(&self.own) {
            let first = self.starts[*order as usize];
            let usual: &mut [u32; USUAL] =
                (&mut self.lines[next..next + USUAL]).try_into().map_err(|_| CodecFault::Shape)?;
            *usual = [first, first + 1, first + 2, first + 3];
            let end = next + *count as usize;
            if end > next + USUAL {
                (first..).zip(&mut self.lines[next..end]).for_each(|(line, row)| *row = line);
            }
            next = end;
        }
        self.lines.truncate(wanted);
        Ok(())
    }
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
        if column == Column::OrderLines && self.rows.own.len() == self.rows.orders.len() {
            out.clone_from(&self.rows.own);
            return Ok(());
        }
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

    fn derived(&self, _: u64, _: Rows) -> Option<&[u8]> {
        None
    }

    fn derived_of_some(&self, number: u64, rows: Rows, out: &mut Vec<u8>) -> Result<bool, CodecFault> {
        let Some(all) = self.all.derived(number, rows) else { return Ok(false) };
        let rows = if rows == Rows::Lines { &self.rows.lines } else { &self.rows.orders };
        // Rows ascend: where the last one is there, all are.
        if let Some(last) = rows.last().map(|row| *row as usize) {
            let all = all.get(..=last).ok_or(CodecFault::Shape)?;
            out.extend(rows.iter().map(|row| all[(*row as usize).min(last)]));
        }
        Ok(true)
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
