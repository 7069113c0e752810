//! Single columns straight from a segment's bytes, into buffers that are used again.

use super::bytes::{Parts, Stored, parts};
use super::column::Shape;
use super::{Column, Header, Words};
use crate::store::codec::CodecFault;
use crate::unit::{Rate, Text};

/// A segment as stored, of which only the head has been read and checked.
pub struct View<'a> {
    parts: Parts<'a>,
}

impl<'a> View<'a> {
    /// Reads the head.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`], where it concerns the head or the length of the whole.
    pub fn open(bytes: &'a [u8]) -> Result<View<'a>, CodecFault> {
        parts(bytes).map(|parts| View { parts })
    }

    /// Counts and totals.
    pub fn header(&self) -> &Header {
        &self.parts.header
    }

    /// The words that codes from 1 stand for.
    pub fn words(&self, words: Words) -> &[Text] {
        &self.parts.words[words as usize]
    }

    /// The tax rates that codes from 1 stand for.
    pub fn rates(&self) -> &[Rate] {
        &self.parts.rates
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
    /// `Checksum`, when the column's bytes are damaged.
    pub fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        self.read(column, out, |value| value)
    }

    /// Replaces `out` by the column's values, which must be codes or ids of 32 bits.
    ///
    /// # Errors
    /// `Checksum`, when the column's bytes are damaged.
    pub fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        self.read(column, out, |value| value as u32)
    }

    fn read<T: Copy + Default>(
        &self,
        column: Column,
        out: &mut Vec<T>,
        of: impl Fn(i64) -> T,
    ) -> Result<(), CodecFault> {
        out.clear();
        let Stored { shape, rows, codes, sum } = self.stored(column);
        if !codes.is_empty() && crc32c::crc32c(codes) != sum {
            return Err(CodecFault::Checksum);
        }
        shape.unpack(codes, rows, out, of);
        Ok(())
    }

    fn stored(&self, column: Column) -> Stored<'a> {
        self.parts.columns[column as usize]
    }

    pub(super) fn into_head(self) -> (Header, [Vec<Text>; Words::COUNT], Vec<Rate>) {
        (self.parts.header, self.parts.words, self.parts.rates)
    }
}
