//! Facts in columns, whether they come from a sealed segment or from the tail, and what can end reading them.
//!
//! Knows rows of one segment, no question.

use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Counts, Rows, Segment, View, Words};
use crate::unit::{Rate, Text};
use std::collections::HashSet;

/// Columns of facts, encoded or not.
pub(crate) trait Columns {
    fn counts(&self) -> &Counts;
    fn words(&self, words: Words) -> &[Text];
    fn rates(&self) -> &[Rate];
    /// The value that all rows share, where that is known.
    fn constant(&self, column: Column) -> Option<i64>;
    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault>;
    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault>;
    /// The values of some rows alone, each as `of` makes it.
    fn gather<T>(
        &self,
        column: Column,
        rows: &[u32],
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault>;
    /// A column of a byte a row that is derived from others under this number, where it is at hand.
    fn derived(&self, number: u64, rows: Rows) -> Option<&[u8]>;
    /// Appends to `out` what these rows have of such a column, where it is at hand for more rows than these; whether it is.
    fn derived_of_some(&self, number: u64, rows: Rows, out: &mut Vec<u8>) -> Result<bool, CodecFault>;
}

impl Columns for View<'_> {
    fn counts(&self) -> &Counts {
        View::counts(self)
    }

    fn words(&self, words: Words) -> &[Text] {
        View::words(self, words)
    }

    fn rates(&self) -> &[Rate] {
        View::rates(self)
    }

    fn constant(&self, column: Column) -> Option<i64> {
        View::constant(self, column)
    }

    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        View::values(self, column, out)
    }

    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        View::codes(self, column, out)
    }

    fn gather<T>(
        &self,
        column: Column,
        rows: &[u32],
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        View::gather(self, column, rows, out, of)
    }

    fn derived(&self, number: u64, rows: Rows) -> Option<&[u8]> {
        View::derived(self, number, rows)
    }

    fn derived_of_some(&self, _: u64, _: Rows, _: &mut Vec<u8>) -> Result<bool, CodecFault> {
        Ok(false)
    }
}

impl Columns for Segment {
    fn counts(&self) -> &Counts {
        &self.header().counts
    }

    fn words(&self, words: Words) -> &[Text] {
        Segment::words(self, words)
    }

    fn rates(&self) -> &[Rate] {
        Segment::rates(self)
    }

    fn constant(&self, _: Column) -> Option<i64> {
        None
    }

    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        out.clear();
        out.extend_from_slice(self.column(column));
        Ok(())
    }

    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        out.clear();
        out.extend(self.column(column).iter().map(|value| *value as u32));
        Ok(())
    }

    fn gather<T>(
        &self,
        column: Column,
        rows: &[u32],
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        let values = self.column(column);
        out.clear();
        for row in rows {
            out.push(of(*values.get(*row as usize).ok_or(CodecFault::Shape)?));
        }
        Ok(())
    }

    fn derived(&self, _: u64, _: Rows) -> Option<&[u8]> {
        None
    }

    fn derived_of_some(&self, _: u64, _: Rows, _: &mut Vec<u8>) -> Result<bool, CodecFault> {
        Ok(false)
    }
}

/// What ends a scan early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanFault {
    /// The segment is damaged.
    Codec(CodecFault),
    /// There are more words than the plan's keys have room for.
    Room,
}

impl From<CodecFault> for ScanFault {
    fn from(fault: CodecFault) -> Self {
        ScanFault::Codec(fault)
    }
}

/// How a fact counts.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// From a segment; first and last orders of these numbers are left to the tail.
    Sealed(&'a HashSet<u64>),
    /// From the tail, added (1) or taken away (-1).
    Tail(i64),
}

impl Part<'_> {
    /// 1, or -1 where the facts are taken away.
    pub(crate) fn sign(self) -> i64 {
        match self {
            Part::Sealed(_) => 1,
            Part::Tail(sign) => sign,
        }
    }
}
