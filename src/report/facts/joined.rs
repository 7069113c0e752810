//! Columns that facts do not have themselves: what the record is that a column names, such as the gender of an order's
//! customer or the category of a line's product, and the hour of a time. One byte a row.
//!
//! Segments keep them from the second time on that one is asked for. What stands in them depends on records that change:
//! each is kept under a number that stands for the very codes it was joined from.
//!
//! Knows no question.

use super::columns::Columns;
use crate::report::question::NO_HOUR;
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Known, Rows};
use std::sync::{Arc, Mutex, PoisonError};

/// A column that is joined to those that facts have.
#[derive(Debug, Clone)]
pub(crate) struct Joined {
    by: By,
    /// Under which number segments keep it; [`UNKEPT`] where they do not.
    number: u64,
}

#[derive(Debug, Clone)]
enum By {
    /// The number of a record in a column, and the code of each record.
    Record(Column, Arc<[u8]>),
    /// Milliseconds, offset and precision of a time.
    Hour([Column; 3]),
    /// Itself, which is whole while all its values are small.
    Value(Column),
}

const UNKEPT: u64 = 0;

/// What follows from columns alone has the number of the first of them; those of codes come after.
const FIRST: u64 = Column::ALL.len() as u64;

impl Joined {
    /// By the number of a record, 0 for none: the code of each, of which there is at least one. A number without a code
    /// counts as 0.
    pub(crate) fn by_record(column: Column, codes: Arc<[u8]>) -> Joined {
        Joined { by: By::Record(column, codes), number: UNKEPT }
    }

    /// The hour of a time.
    pub(crate) fn by_hour(time: [Column; 3]) -> Joined {
        Joined { by: By::Hour(time), number: time[0] as u64 }
    }

    /// How many lines each order has.
    pub(crate) fn line_counts() -> Joined {
        Joined { by: By::Value(Column::OrderLines), number: Column::OrderLines as u64 }
    }

    /// The codes of the records that it is joined by.
    pub(crate) fn codes(&self) -> &[u8] {
        match &self.by {
            By::Record(_, codes) => codes,
            By::Hour(_) | By::Value(_) => &[],
        }
    }

    /// The code of a record.
    pub(crate) fn code(&self, id: u32) -> u8 {
        let codes = self.codes();
        codes.get(id as usize).or(codes.first()).copied().unwrap_or(0)
    }

    /// What the rows of the column are those of.
    pub(crate) fn column(&self) -> Column {
        match &self.by {
            By::Record(column, _) | By::Hour([column, ..]) | By::Value(column) => *column,
        }
    }

    /// The code that all rows share, where that is known.
    pub(crate) fn constant(&self, facts: &impl Columns) -> Option<u8> {
        match &self.by {
            By::Record(column, _) => facts.constant(*column).map(|id| self.code(id as u32)),
            By::Hour(_) | By::Value(_) => None,
        }
    }

    /// Has it kept by segments, for as long as the codes stay what they are.
    pub(crate) fn keep(&mut self, joins: &Joins) {
        if let By::Record(column, codes) = &self.by {
            self.number = joins.number(*column, codes);
        }
    }

    /// The number that it is kept under.
    pub(crate) fn number(&self) -> Option<u64> {
        Some(self.number).filter(|number| *number != UNKEPT)
    }

    /// Appends the codes of all rows to `out`; whether every record had one, and every value was small enough.
    pub(crate) fn join(&self, facts: &impl Columns, out: &mut Vec<u8>) -> Result<bool, CodecFault> {
        match &self.by {
            By::Record(column, codes) => {
                let mut ids = Vec::new();
                facts.codes(*column, &mut ids)?;
                let (mut whole, none) = (true, self.code(0));
                out.extend(ids.iter().map(|id| match codes.get(*id as usize) {
                    Some(code) => *code,
                    None => {
                        whole = false;
                        none
                    }
                }));
                Ok(whole)
            }
            By::Hour(columns) => {
                let mut parts = [const { Vec::new() }; 3];
                for (column, values) in columns.iter().zip(&mut parts) {
                    facts.values(*column, values)?;
                }
                let [times, offsets, precisions] = parts;
                let times = times.into_iter().zip(offsets).zip(precisions);
                out.extend(times.map(|((at, offset), precision)| hour(at, offset, precision)));
                Ok(true)
            }
            By::Value(column) => {
                let mut values = Vec::new();
                facts.codes(*column, &mut values)?;
                out.extend(values.iter().map(|value| *value as u8));
                Ok(values.iter().all(|value| *value <= u32::from(u8::MAX)))
            }
        }
    }
}

/// The hour of a time, or [`NO_HOUR`].
fn hour(unix_ms: i64, offset_s: i64, precision: i64) -> u8 {
    let local = unix_ms.saturating_add(offset_s * 1000);
    // 2 and 3 are the precisions that have an hour.
    if precision >= 2 { (local.rem_euclid(86_400_000) / 3_600_000) as u8 } else { NO_HOUR as u8 }
}

/// How many joins are told apart; of more, the one that was not asked for longest is forgotten.
const JOINS: usize = 32;

/// The joins that segments may keep.
#[derive(Debug, Default)]
pub(crate) struct Joins(Mutex<(u64, Vec<Join>)>);

/// The codes of records as they were, and the number that stands for them.
#[derive(Debug)]
struct Join {
    column: Column,
    codes: Arc<[u8]>,
    number: u64,
}

impl Joins {
    /// The number that stands for these codes: the same as before where none but those of new records came to them, since
    /// a segment keeps only what was joined whole.
    fn number(&self, column: Column, codes: &Arc<[u8]>) -> u64 {
        let (last, joins) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |join: &Join| join.column == column && codes.starts_with(&join.codes);
        let number = match joins.iter().position(same) {
            Some(at) => joins.remove(at).number,
            None => {
                *last += 1;
                FIRST + *last
            }
        };
        joins.insert(0, Join { column, codes: Arc::clone(codes), number });
        joins.truncate(JOINS);
        number
    }
}

/// The codes of a joined column: those at hand, or worked out into `buffer`.
pub(crate) fn codes_of<'a>(
    facts: &'a impl Columns,
    joined: &Joined,
    buffer: &'a mut Vec<u8>,
) -> Result<&'a [u8], CodecFault> {
    buffer.clear();
    if let Some(number) = joined.number() {
        let rows = joined.column().rows();
        if let Some(kept) = facts.derived(number, rows) {
            return Ok(kept);
        }
        if facts.derived_of_some(number, rows, buffer)? {
            return Ok(buffer);
        }
    }
    joined.join(facts, buffer)?;
    Ok(buffer)
}

/// How many lines each order has, into `out`.
pub(crate) fn line_counts(facts: &impl Columns, out: &mut Vec<u32>) -> Result<(), CodecFault> {
    match facts.derived(Column::OrderLines as u64, Rows::Orders) {
        Some(kept) => {
            out.clear();
            out.extend(kept.iter().map(|count| u32::from(*count)));
            Ok(())
        }
        None => facts.codes(Column::OrderLines, out),
    }
}

/// Where each order's lines begin, and where the last one's end, into `out`; `counts` is a buffer.
pub(crate) fn line_starts(facts: &impl Columns, counts: &mut Vec<u32>, out: &mut Vec<u32>) -> Result<(), CodecFault> {
    let end = match facts.derived(Column::OrderLines as u64, Rows::Orders) {
        Some(kept) => starts(kept.iter().map(|count| u32::from(*count)), out),
        None => {
            facts.codes(Column::OrderLines, counts)?;
            starts(counts.iter().copied(), out)
        }
    };
    if end == facts.counts().lines as u64 && end <= u64::from(u32::MAX) { Ok(()) } else { Err(CodecFault::Shape) }
}

/// What comes before each count, and before none any more, into `out`; that last one is returned.
fn starts(counts: impl Iterator<Item = u32>, out: &mut Vec<u32>) -> u64 {
    let mut sum = 0u64;
    out.clear();
    out.extend(counts.map(|count| {
        let before = sum as u32;
        sum += u64::from(count);
        before
    }));
    out.push(sum as u32);
    sum
}

/// What earlier questions have read and joined.
#[derive(Default)]
pub(crate) struct Warm {
    pub(crate) segments: Known,
    pub(crate) joins: Joins,
}
