//! Single columns straight from where a segment's bytes stand, into buffers that are used again.

use super::bytes::{Shelf, Stored};
use super::column::Shape;
use super::known::{Found, Known, KnownSegment, Stretch};
use super::{Column, Counts, Rows, Words};
use crate::store::codec::CodecFault;
use crate::unit::{Rate, Text};
use std::cell::Cell;
use std::cmp::Ordering;
use std::sync::Arc;

/// A segment as stored, of which only the head has been read and checked.
pub struct View<'a> {
    shelf: &'a dyn Shelf,
    segment: Arc<KnownSegment>,
    known: Option<InStretch<'a>>,
    read: Cell<usize>,
}

/// Where a segment is known from.
#[derive(Clone, Copy)]
pub struct InStretch<'a> {
    /// Keeps what is worth it.
    pub known: &'a Known,
    /// The stretch it is in.
    pub stretch: &'a Stretch,
    /// Its place there.
    pub at: usize,
    /// Columns of the stretch that are derived, by number.
    pub derived: &'a [(u64, Arc<[u8]>)],
}

impl<'a> View<'a> {
    /// Reads the head.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`], where it concerns the head.
    pub fn open(shelf: &'a dyn Shelf) -> Result<View<'a>, CodecFault> {
        let segment = Arc::new(KnownSegment::of(shelf.head())?);
        Ok(View { shelf, segment, known: None, read: Cell::new(shelf.head().len()) })
    }

    /// The same of a known segment, of which nothing is read again that is kept.
    pub fn of_known(shelf: &'a dyn Shelf, known: InStretch<'a>) -> View<'a> {
        let segment = Arc::clone(&known.stretch.segments[known.at].segment);
        View { shelf, segment, known: Some(known), read: Cell::new(0) }
    }

    /// How many bytes have been read so far.
    pub fn bytes_read(&self) -> usize {
        self.read.get()
    }

    /// What it holds.
    pub fn counts(&self) -> &Counts {
        &self.segment.parts.counts
    }

    /// The words that codes from 1 stand for.
    pub fn words(&self, words: Words) -> &[Text] {
        &self.segment.parts.words[words as usize]
    }

    /// The tax rates that codes from 1 stand for.
    pub fn rates(&self) -> &[Rate] {
        &self.segment.parts.rates
    }

    /// How many values the column stores: 0 where it has no rows, or is a sum that does not fit.
    pub fn rows(&self, column: Column) -> usize {
        self.stored(column).rows
    }

    /// The value that all rows of the column share, if the column is so stored.
    pub fn constant(&self, column: Column) -> Option<i64> {
        match self.stored(column).shape {
            Shape::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Replaces `out` by the column's values.
    ///
    /// # Errors
    /// `Checksum`, `Short`, `Shape`, when the column's bytes are damaged; `Unread`, when they cannot be had.
    pub fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        self.read(column, out, |value| value)
    }

    /// Replaces `out` by the column's values, which must be codes or ids of 32 bits.
    ///
    /// # Errors
    /// `Checksum`, `Short`, `Shape`, when the column's bytes are damaged; `Unread`, when they cannot be had.
    pub fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        self.read(column, out, |value| value as u32)
    }

    /// Replaces `out` by the column's values at some rows alone, each as `of` makes it.
    ///
    /// # Errors
    /// `Checksum`, `Short`, `Shape`, when the column's bytes are damaged or it has no such row; `Unread`, when they cannot
    /// be had.
    pub fn gather<T>(
        &self,
        column: Column,
        rows: &[u32],
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        out.clear();
        let shape = self.stored(column).shape;
        self.bytes(column, |codes, _| shape.gather(codes, rows, out, &of).ok_or(CodecFault::Shape))
    }

    /// The segment's part of a column that is derived for its stretch, where that is at hand.
    pub fn derived(&self, number: u64, rows: Rows) -> Option<&'a [u8]> {
        let InStretch { stretch, at, derived, .. } = self.known?;
        let (_, all) = derived.iter().find(|(known, _)| *known == number)?;
        stretch.own(at, rows, all)
    }

    fn read<T: Copy + Default>(
        &self,
        column: Column,
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        out.clear();
        let shape = self.stored(column).shape;
        self.bytes(column, |codes, rows| {
            shape.unpack(codes, rows, out, &of);
            Ok(())
        })
    }

    /// Hands the column's bytes to `take` once they have been checked, with how many rows they are.
    fn bytes(
        &self,
        column: Column,
        mut take: impl FnMut(&[u8], usize) -> Result<(), CodecFault>,
    ) -> Result<(), CodecFault> {
        let Stored { rows, start, length, sum, .. } = self.stored(column);
        if length == 0 {
            return take(&[], rows);
        }
        let known = self.known.map(|InStretch { known, .. }| (known, known.ask(&self.segment, column)));
        if let Some((_, Found::Kept(codes))) = &known {
            return take(codes, rows);
        }
        self.read.set(self.read.get() + length);
        let whole = self.segment.parts.lengths[column.row() as usize];
        self.shelf.codes(column.row(), &mut |row| match row.len().cmp(&whole) {
            Ordering::Less => Err(CodecFault::Short),
            Ordering::Greater => Err(CodecFault::Shape),
            Ordering::Equal => {
                let codes = row.get(start..start + length).ok_or(CodecFault::Shape)?;
                if crc32c::crc32c(codes) != sum {
                    return Err(CodecFault::Checksum);
                }
                if let Some((known, Found::Before)) = &known {
                    known.keep_column(&self.segment, column, codes);
                }
                take(codes, rows)
            }
        })
    }

    fn stored(&self, column: Column) -> Stored {
        self.segment.parts.columns[column as usize]
    }

    /// The words and the tax rates.
    pub(super) fn all_words(&self) -> ([Vec<Text>; Words::COUNT], Vec<Rate>) {
        (self.segment.parts.words.clone(), self.segment.parts.rates.clone())
    }
}
