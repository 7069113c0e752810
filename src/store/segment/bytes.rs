//! A segment as stored: a head, and the codes of each column that has any, each under a key of its own.
//!
//! The head holds the header, the words, the tax rates and the shape of every column with the CRC32C of its codes, so
//! that a reader fetches and checks exactly the bytes it needs, and no byte escapes.

use super::column::Shape;
use super::head::{Cursor, put_signed, put_text, put_varint};
use super::{Column, Counts, Header, Rows, Segment, View, Words};
use crate::store::codec::CodecFault;
use crate::unit::{Rate, Text};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

/// The format this program writes.
const FORMAT: u8 = 2;

/// The format before: head and codes in one value, one after the other.
const FORMAT_1: u8 = 1;

/// Format and length of the head.
const PREFIX: usize = 5;

/// Where the bytes of a stored segment come from.
pub trait Shelf {
    /// Which part of its day it is.
    fn part(&self) -> u16;

    /// Its head.
    fn head(&self) -> &[u8];

    /// Hands the codes stored under the key of a column to `read`; no bytes where none are stored.
    ///
    /// # Errors
    /// `Unread`, where the storage does not give them, and those of `read`.
    fn codes(&self, column: Column, read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>) -> Result<(), CodecFault>;
}

/// A segment's bytes in memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Encoded {
    /// The head.
    pub head: Vec<u8>,
    /// The codes by the column whose key they stand under ([`Column::row`]), in the order of [`Column::ALL`].
    pub columns: Vec<(Column, Vec<u8>)>,
}

impl Encoded {
    /// How many bytes it takes in all.
    pub fn len(&self) -> usize {
        self.head.len() + self.columns.iter().map(|(_, codes)| codes.len()).sum::<usize>()
    }

    /// Whether it holds nothing at all, which no segment does.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Shelf for Encoded {
    fn part(&self) -> u16 {
        0
    }

    fn head(&self) -> &[u8] {
        &self.head
    }

    fn codes(&self, column: Column, read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>) -> Result<(), CodecFault> {
        let found = self.columns.iter().find(|(stored, _)| *stored == column);
        read(found.map_or(&[], |(_, codes)| codes.as_slice()))
    }
}

impl Segment {
    /// As stored.
    pub fn encode(&self) -> Encoded {
        let mut head = Vec::with_capacity(512);
        let mut columns: Vec<(Column, Vec<u8>)> = Vec::new();
        self.header.put(&mut head);
        for words in &self.words {
            put_varint(&mut head, words.len() as u128);
            words.iter().for_each(|word| put_text(&mut head, word));
        }
        put_varint(&mut head, self.rates.len() as u128);
        self.rates.iter().for_each(|rate| put_signed(&mut head, i128::from(rate.0)));
        for column in Column::ALL {
            if rows(&self.header.counts, *column) == 0 {
                continue;
            }
            let values = self.column(*column);
            let shape = Shape::of(values);
            shape.put(&mut head);
            let mut codes = Vec::with_capacity(shape.payload(values.len()).unwrap_or_default());
            shape.pack(values, &mut codes);
            if codes.is_empty() {
                continue;
            }
            head.extend_from_slice(&crc32c::crc32c(&codes).to_le_bytes());
            match columns.last_mut().filter(|(row, _)| *row == column.row()) {
                Some((_, row)) => row.append(&mut codes),
                None => columns.push((column.row(), codes)),
            }
        }
        let mut bytes = Vec::with_capacity(PREFIX + head.len() + 4);
        bytes.push(FORMAT);
        bytes.extend_from_slice(&(head.len() as u32).to_le_bytes());
        bytes.append(&mut head);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        Encoded { head: bytes, columns }
    }

    /// All columns of a stored segment.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`]; no damaged byte goes unnoticed.
    pub fn decode(shelf: &dyn Shelf) -> Result<Segment, CodecFault> {
        let view = View::open(shelf)?;
        let mut columns: [Vec<i64>; Column::COUNT] = std::array::from_fn(|_| Vec::new());
        for column in Column::ALL {
            view.values(*column, &mut columns[*column as usize])?;
        }
        let (words, rates) = view.all_words();
        let segment = Segment { header: Header::peek(shelf.head())?, words, rates, columns };
        if segment.column(Column::OrderLines).iter().sum::<i64>() != segment.header.counts.lines as i64 {
            return Err(CodecFault::Shape);
        }
        Ok(segment)
    }
}

impl Segment {
    /// All columns of a segment of the format before this one.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`].
    pub fn decode_1(bytes: &[u8]) -> Result<Segment, CodecFault> {
        let length = bytes.get(1..PREFIX).and_then(|length| length.first_chunk::<4>()).ok_or(CodecFault::Short)?;
        let end = (u32::from_le_bytes(*length) as usize).saturating_add(PREFIX + 4);
        let (head, mut payload) = bytes.split_at_checked(end).ok_or(CodecFault::Short)?;
        let Parts { columns: stored, .. } = parts_of(FORMAT_1, head)?;
        let mut columns: Vec<(Column, Vec<u8>)> = Vec::new();
        for column in Column::ALL {
            let (codes, rest) = payload.split_at_checked(stored[*column as usize].length).ok_or(CodecFault::Short)?;
            payload = rest;
            match columns.last_mut().filter(|(row, _)| *row == column.row()) {
                Some((_, row)) => row.extend_from_slice(codes),
                None => columns.push((column.row(), codes.to_vec())),
            }
        }
        if !payload.is_empty() {
            return Err(CodecFault::Shape);
        }
        // Only the number of the format differs between the heads.
        let mut head = head.to_vec();
        head[0] = FORMAT;
        let sum = crc32c::crc32c(&head[..end - 4]).to_le_bytes();
        head[end - 4..].copy_from_slice(&sum);
        Segment::decode(&Encoded { head, columns })
    }
}

impl Counts {
    /// What the segment of a stored head holds, without reading on: most questions are about one kind of facts, and
    /// imports put returns and feedback into segments of their own.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`], where it concerns the beginning of the head.
    pub fn peek(head: &[u8]) -> Result<Counts, CodecFault> {
        Counts::read(&mut Cursor::new(inside(FORMAT, head)?))
    }
}

impl Header {
    /// The header of a stored head.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`], where it concerns the head.
    pub fn peek(head: &[u8]) -> Result<Header, CodecFault> {
        Header::read(&mut Cursor::new(inside(FORMAT, head)?))
    }
}

/// How many values a column stores.
pub(super) fn rows(counts: &Counts, column: Column) -> usize {
    match column.rows() {
        Rows::Orders if is_sum(column) && !counts.sums_fit() => 0,
        Rows::Orders => counts.orders,
        Rows::Lines => counts.lines,
        Rows::Returns => counts.returns,
        Rows::Feedback => counts.feedback,
    }
}

fn is_sum(column: Column) -> bool {
    (Column::OrderUnits as usize..=Column::OrderCost as usize).contains(&(column as usize))
}

/// What stands between the prefix and the checksum of a head.
fn inside(wanted: u8, bytes: &[u8]) -> Result<&[u8], CodecFault> {
    let (format, rest) = bytes.split_first().ok_or(CodecFault::Short)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(CodecFault::Short)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, rest) = rest.split_at_checked(length).ok_or(CodecFault::Short)?;
    let (sum, more) = rest.split_first_chunk::<4>().ok_or(CodecFault::Short)?;
    if crc32c::crc32c(&bytes[..PREFIX + length]) != u32::from_le_bytes(*sum) {
        return Err(CodecFault::Checksum);
    }
    if *format != wanted {
        return Err(CodecFault::Format { found: *format });
    }
    if more.is_empty() { Ok(head) } else { Err(CodecFault::Shape) }
}

/// A column's shape, where its codes stand among those of its row, how many bytes they are, and their checksum.
#[derive(Clone, Copy)]
pub(super) struct Stored {
    pub(super) shape: Shape,
    pub(super) rows: usize,
    pub(super) start: usize,
    pub(super) length: usize,
    pub(super) sum: u32,
}

/// What the head says.
pub(super) struct Parts {
    pub(super) counts: Counts,
    pub(super) words: [Vec<Text>; Words::COUNT],
    pub(super) rates: Vec<Rate>,
    pub(super) columns: [Stored; Column::COUNT],
    /// How many bytes of codes stand under each column's key.
    pub(super) lengths: [usize; Column::COUNT],
}

/// A text as it was cleaned before it was written.
fn stored_text(text: &str) -> Result<Text, CodecFault> {
    let source: StrDeserializer<'_, ValueError> = text.into_deserializer();
    Text::deserialize(source).map_err(|_| CodecFault::Shape)
}

pub(super) fn parts(head: &[u8]) -> Result<Parts, CodecFault> {
    parts_of(FORMAT, head)
}

fn parts_of(format: u8, head: &[u8]) -> Result<Parts, CodecFault> {
    let mut cursor = Cursor::new(inside(format, head)?);
    let counts = Counts::read(&mut cursor)?;
    let mut words: [Vec<Text>; Words::COUNT] = std::array::from_fn(|_| Vec::new());
    for list in &mut words {
        let count: usize = cursor.number()?;
        *list = (0..count).map(|_| cursor.text().and_then(stored_text)).collect::<Result<_, _>>()?;
    }
    let count: usize = cursor.number()?;
    let rates = (0..count).map(|_| cursor.signed().map(Rate)).collect::<Result<_, _>>()?;
    let mut columns = [Stored { shape: Shape::Constant(0), rows: 0, start: 0, length: 0, sum: 0 }; Column::COUNT];
    let mut lengths = [0usize; Column::COUNT];
    for column in Column::ALL {
        let rows = rows(&counts, *column);
        if rows == 0 {
            continue;
        }
        let shape = Shape::read(&mut cursor)?;
        let length = shape.payload(rows).ok_or(CodecFault::Shape)?;
        let sum = if length > 0 { u32::from_le_bytes(cursor.four()?) } else { 0 };
        let whole = &mut lengths[column.row() as usize];
        columns[*column as usize] = Stored { shape, rows, start: *whole, length, sum };
        *whole = whole.checked_add(length).ok_or(CodecFault::Shape)?;
    }
    if !cursor.is_done() {
        return Err(CodecFault::Shape);
    }
    Ok(Parts { counts, words, rates, columns, lengths })
}
