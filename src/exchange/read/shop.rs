//! The shop that is imported into, and how its records may be met by those of the files.

use crate::domain::view::{Counter, Kind};
use crate::exchange::base::{Base, BaseFault};
use crate::exchange::finding::ReadFault;

use super::row::Row;

impl From<BaseFault> for ReadFault {
    fn from(fault: BaseFault) -> Self {
        ReadFault::Shop(fault.0)
    }
}

/// The shop and what may be done to it.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub base: &'a dyn Base,
    /// Whether products, customers, stores and stock levels that exist are changed.
    pub update: bool,
}

/// Hands out numbers of one kind.
pub struct Numbers {
    next: u64,
}

impl Numbers {
    pub fn of(into: Target<'_>, counter: Counter) -> Result<Numbers, ReadFault> {
        Ok(Numbers { next: into.base.next(counter)? })
    }

    /// The next number; a finding when it has no room in the ids of its kind.
    pub fn take<N: TryFrom<u64>>(&mut self, row: &mut Row, column: usize, what: &str) -> Option<N> {
        let number = N::try_from(self.next).ok();
        if number.is_none() {
            row.fault(column, format!("there are too many {what}; a shop cannot count this one"));
        }
        self.next = self.next.saturating_add(1);
        number
    }
}

/// By how much numbers from `first` on must be raised so that the last of `count` is at least `largest`, the largest id that
/// is a number: who has no id is known by their number, and the next number must not be somebody's id.
pub fn room_for(first: u64, count: usize, largest: u64) -> u64 {
    let last = first.saturating_add(count as u64).saturating_sub(1);
    largest.saturating_sub(last)
}

/// What the shop has under an id of the file.
pub enum Met {
    /// Nothing: it is new.
    New,
    /// A record, which may be changed.
    Change(u64),
    /// A record, which may not; the finding is noted.
    Refused,
}

/// Looks an id of the file up in the shop.
pub fn meet(
    into: Target<'_>,
    row: &mut Row,
    column: usize,
    id: &str,
    kind: Kind,
    what: &str,
) -> Result<Met, ReadFault> {
    Ok(match into.base.find(kind, id)? {
        None => Met::New,
        Some(number) if into.update => Met::Change(number),
        Some(_) => {
            row.exists(column, what, "; give --update to change it");
            Met::Refused
        }
    })
}
