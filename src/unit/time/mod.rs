//! Time: instants with their own offset, calendar days, time zones. There is no clock here; times are handed in.
//!
//! An instant keeps the offset it was made with, so that no later change of a zone or of its tables moves an old order
//! to another day. Years run from 1 to 9999.

mod day;
mod read;
mod stamp;
mod zone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use day::{Day, age_on};
pub use stamp::{Precision, Stamp};
pub use zone::Zone;

const MS_PER_DAY: i64 = 86_400_000;

/// Why a text is no date or time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TimeFault {
    /// Nothing was given.
    Empty,
    /// Not written as a date, or as a date and a time.
    Form,
    /// A month or a day that the calendar does not have.
    NoSuchDay,
    /// An hour, minute or second that a day does not have.
    NoSuchTime,
    /// An offset that is none.
    NoSuchOffset,
    /// A year before 1 or after 9999.
    YearOutOfRange,
}

impl fmt::Display for TimeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeFault::Empty => "a date is missing",
            TimeFault::Form => "not a date; write 2024-03-01, or 2024-03-01T10:00:00 with or without +01:00",
            TimeFault::NoSuchDay => "there is no such day in the calendar",
            TimeFault::NoSuchTime => "there is no such time of day; it runs from 00:00:00 to 23:59:59",
            TimeFault::NoSuchOffset => "there is no such offset from UTC; write Z or +01:00",
            TimeFault::YearOutOfRange => "the year must be from 1 to 9999",
        })
    }
}

impl std::error::Error for TimeFault {}

#[cfg(test)]
mod tests;
