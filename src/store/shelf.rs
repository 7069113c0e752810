//! Sealed segments where they stand in the file: heads at hand, columns fetched when they are read.
//!
//! Knows tables and pages; what the columns mean is the segment's business.

use super::codec::CodecFault;
use super::fault::{Fault, guarded, io};
use super::record::{Guard, Source};
use super::seal::UNDATED;
use super::segment::{Column, Shelf};
use super::table::{Bytes, SEGMENT_HEADS, SEGMENTS};
use crate::unit::Day;
use redb::{ReadOnlyTable, ReadTransaction, TableError};
use std::sync::Arc;

/// A stored segment: its day, its part, its head, and where its columns are.
pub struct StoredSegment {
    /// The business day; `seal::UNDATED` for facts without one.
    pub day: Day,
    /// The part of the day.
    pub part: u16,
    head: Guard<'static, Bytes>,
    columns: Arc<StoredColumns>,
}

impl StoredSegment {
    /// What is wrong with its bytes, as a fault that names it.
    pub fn damaged(&self, why: CodecFault) -> Fault {
        let key = format!("{} part {}", self.day, self.part);
        Fault::Damaged { table: "segments".to_owned(), key, why: why.to_string() }
    }
}

impl Shelf for StoredSegment {
    fn part(&self) -> u16 {
        self.part
    }

    fn head(&self) -> &[u8] {
        self.head.value()
    }

    fn codes(&self, column: Column, read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>) -> Result<(), CodecFault> {
        self.columns.codes(self.day, self.part, column, read)
    }
}

/// The columns of all segments.
pub struct StoredColumns(Option<ReadOnlyTable<(i32, u16, u8), Bytes>>);

impl StoredColumns {
    /// Those that `txn` sees.
    ///
    /// # Errors
    /// `Io`.
    pub fn open(txn: &ReadTransaction) -> Result<StoredColumns, Fault> {
        guarded(|| match txn.open_table(SEGMENTS) {
            Ok(columns) => Ok(StoredColumns(Some(columns))),
            Err(TableError::TableDoesNotExist(_)) => Ok(StoredColumns(None)),
            Err(why) => Err(reading(why)),
        })
    }

    /// Hands the codes under the key of a segment's column to `read`; no bytes where none are stored.
    ///
    /// # Errors
    /// `Unread`, where the file does not give them, and those of `read`.
    pub fn codes(
        &self,
        day: Day,
        part: u16,
        column: Column,
        read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>,
    ) -> Result<(), CodecFault> {
        let Some(columns) = &self.0 else { return read(&[]) };
        let found = guarded(|| {
            let found = columns.get((day.0, part, column as u8)).map_err(reading)?;
            // Where a damaged page points outside itself it is found here and not by whoever reads the bytes.
            let _ = found.as_ref().map(|codes| codes.value().len());
            Ok(found)
        });
        match found {
            Ok(found) => read(found.as_ref().map_or(&[], |codes| codes.value())),
            Err(_) => Err(CodecFault::Unread),
        }
    }
}

/// The segments of the days from `from` up to and without `to`, in order of day and part.
///
/// # Errors
/// `Io`.
pub fn segments(txn: &ReadTransaction, from: Day, to: Day) -> Result<Vec<StoredSegment>, Fault> {
    guarded(|| {
        let heads = match txn.open_table(SEGMENT_HEADS) {
            Ok(heads) => heads,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(why) => return Err(reading(why)),
        };
        let columns = Arc::new(StoredColumns::open(txn)?);
        let mut found = Vec::new();
        for row in heads.range((from.0, 0)..(to.0, 0)).map_err(reading)? {
            let (key, head) = row.map_err(reading)?;
            let (day, part) = key.value();
            // As above.
            let _ = head.value();
            found.push(StoredSegment { day: Day(day), part, head, columns: Arc::clone(&columns) });
        }
        Ok(found)
    })
}

/// The first and the last day that has segments; undated facts have none.
///
/// # Errors
/// `Io`.
pub fn days(source: &impl Source) -> Result<Option<(Day, Day)>, Fault> {
    source.with(SEGMENT_HEADS, |rows| {
        let mut days = rows.rows((UNDATED.0 + 1, 0), (i32::MAX, 0))?;
        let Some(first) = days.next() else { return Ok(None) };
        let first = Day(first.map_err(reading)?.0.value().0);
        let last = match days.next_back() {
            Some(row) => Day(row.map_err(reading)?.0.value().0),
            None => first,
        };
        Ok(Some((first, last)))
    })
}

/// The days that have segments, newest first, before `before`, at most `limit`.
///
/// # Errors
/// `Io`.
pub fn days_before(source: &impl Source, before: Day, limit: usize) -> Result<Vec<Day>, Fault> {
    source.with(SEGMENT_HEADS, |rows| {
        let mut found: Vec<Day> = Vec::new();
        for row in rows.rows((i32::MIN, 0), (before.0, 0))?.rev() {
            let day = Day(row.map_err(reading)?.0.value().0);
            if found.last() != Some(&day) {
                if found.len() == limit {
                    break;
                }
                found.push(day);
            }
        }
        Ok(found)
    })
}

/// The first day after `day` that has segments.
///
/// # Errors
/// `Io`.
pub fn day_after(source: &impl Source, day: Day) -> Result<Option<Day>, Fault> {
    source.with(SEGMENT_HEADS, |rows| {
        let found = rows.rows((day.0.saturating_add(1), 0), (i32::MAX, 0))?.next();
        Ok(found.transpose().map_err(reading)?.map(|(key, _)| Day(key.value().0)))
    })
}

fn reading(why: impl std::fmt::Display) -> Fault {
    io("reading the shop file", why)
}
