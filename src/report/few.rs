//! What a slice leaves of a segment, where that is little: looked up row by row, and the rest not unpacked.
//!
//! Knows no plan and no cell.

use super::columns::Columns;
use super::keys::NOWHERE;
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Header, Rows, Words};
use crate::unit::{Rate, Text};

/// Rows are looked up one by one where more than this many times as many are sliced away.
const FEW: usize = if cfg!(test) { 1 } else { 4 };

/// Whether so many of all are few enough to be looked up.
pub(super) fn is_few(wanted: usize, all: usize) -> bool {
    wanted * FEW < all
}

/// The rows that have a slot, and it, where most have none.
pub(super) fn few(slots: &[u32]) -> Option<Vec<(u32, u32)>> {
    let wanted = slots.iter().filter(|slot| **slot != NOWHERE).count();
    let pairs = || (0u32..).zip(slots.iter().copied()).filter(|(_, slot)| *slot != NOWHERE).collect();
    is_few(wanted, slots.len()).then(pairs)
}

/// A few orders of a segment and their lines, as if there were no others: what is sliced away is not unpacked.
pub(crate) struct Few<'a, C> {
    all: &'a C,
    header: Header,
    orders: Vec<u32>,
    lines: Vec<u32>,
}

impl<'a, C: Columns> Few<'a, C> {
    /// The orders of these rows.
    pub(crate) fn of(all: &'a C, orders: Vec<u32>) -> Result<Few<'a, C>, CodecFault> {
        let mut counts: Vec<u32> = Vec::new();
        all.codes(Column::OrderLines, &mut counts)?;
        let (mut lines, mut first, mut wanted) = (Vec::new(), 0u32, orders.iter().peekable());
        for (order, count) in (0u32..).zip(&counts) {
            let next = first.checked_add(*count).ok_or(CodecFault::Shape)?;
            if wanted.next_if_eq(&&order).is_some() {
                lines.extend(first..next);
            }
            first = next;
        }
        let known = all.header();
        let header = Header {
            days: known.days,
            orders: orders.len(),
            lines: lines.len(),
            returns: 0,
            feedback: 0,
            magnitude: known.magnitude,
            sold: Vec::new(),
            returned: Vec::new(),
        };
        Ok(Few { all, header, orders, lines })
    }

    fn rows(&self, column: Column) -> &[u32] {
        if column.rows() == Rows::Lines { &self.lines } else { &self.orders }
    }
}

impl<C: Columns> Columns for Few<'_, C> {
    fn header(&self) -> &Header {
        &self.header
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
