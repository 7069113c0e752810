//! What a slice leaves of a segment, where that is little: looked up row by row, and the rest not unpacked.
//!
//! Knows no plan and no cell.

use crate::report::cells::NOWHERE;
use crate::report::facts::Columns;
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Counts, Rows, Words};
use crate::unit::{Rate, Text};

/// Rows are looked up one by one where more than this many times as many are sliced away.
const FEW: usize = if cfg!(test) { 1 } else { 4 };

/// Whether so many of all are few enough to be looked up.
pub(super) fn is_few(wanted: usize, all: usize) -> bool {
    wanted * FEW < all
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

/// The rows of the lines that some orders have.
fn lines_of(all: &impl Columns, orders: &[u32]) -> Result<Vec<u32>, CodecFault> {
    let mut counts: Vec<u32> = Vec::new();
    all.codes(Column::OrderLines, &mut counts)?;
    let (mut lines, mut first, mut from) = (Vec::with_capacity(orders.len() * 4), 0u32, 0);
    for order in orders {
        let order = *order as usize;
        let (before, own) = (counts.get(from..order), counts.get(order));
        let (before, own) = before.zip(own).ok_or(CodecFault::Shape)?;
        // What a damaged count leads to is no row, and refused where it is looked up.
        first = before.iter().fold(first, |sum, count| sum.wrapping_add(*count));
        let next = first.checked_add(*own).ok_or(CodecFault::Shape)?;
        lines.extend(first..next);
        (first, from) = (next, order + 1);
    }
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
}
