//! A segment as stored: format, length of the head, head, its CRC32C, then the codes of each column.
//!
//! The head holds the header, the words, the tax rates and the shape of every column with the CRC32C of its codes, so
//! that a reader checks exactly the bytes it reads and no byte escapes.

use super::column::Shape;
use super::head::{Cursor, put_signed, put_text, put_varint};
use super::{Column, Header, Rows, Segment, View, Words};
use crate::store::codec::CodecFault;
use crate::unit::{Rate, Text};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};

/// The format this program writes.
const FORMAT: u8 = 1;

/// Format and length of the head.
const PREFIX: usize = 5;

impl Segment {
    /// As stored.
    pub fn encode(&self) -> Vec<u8> {
        let mut head = Vec::with_capacity(512);
        let mut payload = Vec::with_capacity(self.header.orders * 72);
        self.header.put(&mut head);
        for words in &self.words {
            put_varint(&mut head, words.len() as u128);
            words.iter().for_each(|word| put_text(&mut head, word));
        }
        put_varint(&mut head, self.rates.len() as u128);
        self.rates.iter().for_each(|rate| put_signed(&mut head, i128::from(rate.0)));
        for column in Column::ALL {
            if rows(&self.header, *column) == 0 {
                continue;
            }
            let values = self.column(*column);
            let shape = Shape::of(values);
            shape.put(&mut head);
            let start = payload.len();
            shape.pack(values, &mut payload);
            if payload.len() > start {
                head.extend_from_slice(&crc32c::crc32c(&payload[start..]).to_le_bytes());
            }
        }
        let mut bytes = Vec::with_capacity(PREFIX + head.len() + 4 + payload.len());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&(head.len() as u32).to_le_bytes());
        bytes.append(&mut head);
        let sum = crc32c::crc32c(&bytes);
        bytes.extend_from_slice(&sum.to_le_bytes());
        bytes.append(&mut payload);
        bytes
    }

    /// All columns of stored bytes.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`]; no damaged byte goes unnoticed.
    pub fn decode(bytes: &[u8]) -> Result<Segment, CodecFault> {
        let view = View::open(bytes)?;
        let mut columns: [Vec<i64>; Column::COUNT] = std::array::from_fn(|_| Vec::new());
        for column in Column::ALL {
            view.values(*column, &mut columns[*column as usize])?;
        }
        let (header, words, rates) = view.into_head();
        let segment = Segment { header, words, rates, columns };
        if segment.column(Column::OrderLines).iter().sum::<i64>() != segment.header.lines as i64 {
            return Err(CodecFault::Shape);
        }
        Ok(segment)
    }
}

/// The first bytes of a stored segment, which [`Header::peek`] reads as well as the whole; all of them when it is too
/// short to have a head.
pub fn head(bytes: &[u8]) -> &[u8] {
    let length = bytes.get(1..PREFIX).and_then(|length| length.first_chunk::<4>());
    let end = length.map_or(usize::MAX, |length| (u32::from_le_bytes(*length) as usize).saturating_add(PREFIX + 4));
    bytes.get(..end).unwrap_or(bytes)
}

impl Header {
    /// The header of stored bytes; reads nothing behind the head.
    ///
    /// # Errors
    /// Every kind of [`CodecFault`], where it concerns the head.
    pub fn peek(bytes: &[u8]) -> Result<Header, CodecFault> {
        Header::read(&mut Cursor::new(split(bytes)?.0))
    }
}

/// How many values a column stores.
pub(super) fn rows(header: &Header, column: Column) -> usize {
    match column.rows() {
        Rows::Orders if is_sum(column) && !header.sums_fit() => 0,
        Rows::Orders => header.orders,
        Rows::Lines => header.lines,
        Rows::Returns => header.returns,
        Rows::Feedback => header.feedback,
    }
}

fn is_sum(column: Column) -> bool {
    (Column::OrderUnits as usize..=Column::OrderCost as usize).contains(&(column as usize))
}

/// Head and codes.
fn split(bytes: &[u8]) -> Result<(&[u8], &[u8]), CodecFault> {
    let (format, rest) = bytes.split_first().ok_or(CodecFault::Short)?;
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(CodecFault::Short)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, rest) = rest.split_at_checked(length).ok_or(CodecFault::Short)?;
    let (sum, payload) = rest.split_first_chunk::<4>().ok_or(CodecFault::Short)?;
    if crc32c::crc32c(&bytes[..PREFIX + length]) != u32::from_le_bytes(*sum) {
        return Err(CodecFault::Checksum);
    }
    if *format != FORMAT {
        return Err(CodecFault::Format { found: *format });
    }
    Ok((head, payload))
}

/// A column's shape, codes and their checksum.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    pub(super) shape: Shape,
    pub(super) rows: usize,
    pub(super) codes: &'a [u8],
    pub(super) sum: u32,
}

/// What the head says, and where each column's codes lie.
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    pub(super) words: [Vec<Text>; Words::COUNT],
    pub(super) rates: Vec<Rate>,
    pub(super) columns: [Stored<'a>; Column::COUNT],
}

/// A text as it was cleaned before it was written.
fn stored_text(text: &str) -> Result<Text, CodecFault> {
    let source: StrDeserializer<'_, ValueError> = text.into_deserializer();
    Text::deserialize(source).map_err(|_| CodecFault::Shape)
}

pub(super) fn parts(bytes: &[u8]) -> Result<Parts<'_>, CodecFault> {
    let (head, mut payload) = split(bytes)?;
    let mut cursor = Cursor::new(head);
    let header = Header::read(&mut cursor)?;
    let mut words: [Vec<Text>; Words::COUNT] = std::array::from_fn(|_| Vec::new());
    for list in &mut words {
        let count: usize = cursor.number()?;
        *list = (0..count).map(|_| cursor.text().and_then(stored_text)).collect::<Result<_, _>>()?;
    }
    let count: usize = cursor.number()?;
    let rates = (0..count).map(|_| cursor.signed().map(Rate)).collect::<Result<_, _>>()?;
    let mut columns = [Stored { shape: Shape::Constant(0), rows: 0, codes: &[], sum: 0 }; Column::COUNT];
    for column in Column::ALL {
        let rows = rows(&header, *column);
        if rows == 0 {
            continue;
        }
        let shape = Shape::read(&mut cursor)?;
        let length = shape.payload(rows).ok_or(CodecFault::Shape)?;
        let sum = if length > 0 { u32::from_le_bytes(cursor.four()?) } else { 0 };
        let (codes, rest) = payload.split_at_checked(length).ok_or(CodecFault::Short)?;
        payload = rest;
        columns[*column as usize] = Stored { shape, rows, codes, sum };
    }
    if !cursor.is_done() || !payload.is_empty() {
        return Err(CodecFault::Shape);
    }
    Ok(Parts { header, words, rates, columns })
}
