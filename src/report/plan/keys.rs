//! From the values of a column to a part of a cell's key, or away from every cell.
//!
//! Knows codes and strides, not what is summed up by them.

use super::members::{Members, NO_STATUS};
use crate::domain::Status;
use crate::report::facts::Columns;
use crate::report::question::Dim;
use crate::store::segment::{Column, Words};
use std::collections::BTreeSet;

/// The key of what is sliced away.
pub(crate) const AWAY: u64 = u64::MAX;

/// Where a dimension's code stands in a group.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// In the tuple of dates.
    Date(usize),
    /// In the key: key ÷ stride modulo domain.
    Key { stride: u64, domain: u64 },
    /// Follows from the record in the key.
    Of { stride: u64, domain: u64 },
}

/// Keys by the number of a record.
#[derive(Debug)]
pub(crate) struct KeyTable {
    pub(crate) order_column: Column,
    pub(crate) return_column: Column,
    /// By number; [`KeyTable::AWAY`] where it is sliced away.
    pub(crate) codes: Vec<u32>,
    pub(crate) stride: u64,
    /// Which numbers are not sliced away, a bit each; empty where none is.
    wanted: Vec<u64>,
}

impl KeyTable {
    /// Stands for a record that is sliced away.
    pub(crate) const AWAY: u32 = u32::MAX;

    pub(crate) fn new(order_column: Column, return_column: Column, codes: Vec<u32>, stride: u64) -> KeyTable {
        let bits =
            |codes: &[u32]| codes.iter().rev().fold(0, |bits, code| bits << 1 | u64::from(*code != KeyTable::AWAY));
        let wanted = if codes.contains(&KeyTable::AWAY) { codes.chunks(64).map(bits).collect() } else { Vec::new() };
        KeyTable { order_column, return_column, codes, stride, wanted }
    }

    /// A number the shop does not have counts as none.
    fn code(&self, id: u32) -> u32 {
        match self.codes.get(id as usize) {
            Some(code) => *code,
            None => self.codes.first().copied().unwrap_or(KeyTable::AWAY),
        }
    }

    /// Whether anybody is sliced away.
    pub(crate) fn slices(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Replaces `left` by the rows whose numbers are not sliced away. Bits are looked at and not codes: those of a shop's
    /// customers stay near, and there is no branch on what is as good as random.
    pub(crate) fn sift(&self, ids: &[u32], left: &mut Vec<u32>) {
        left.clear();
        left.resize(ids.len() + 1, 0);
        let mut next = 0;
        for (row, id) in (0u32..).zip(ids) {
            let id = if (*id as usize) < self.codes.len() { *id } else { 0 };
            left[next] = row;
            next += (self.wanted[id as usize / 64] >> (id % 64) & 1) as usize;
        }
        left.truncate(next);
    }

    /// The part of a number's key.
    pub(crate) fn part(&self, id: u32) -> u64 {
        self.key(self.code(id))
    }

    /// The part of a code.
    pub(crate) fn key(&self, code: u32) -> u64 {
        if code == KeyTable::AWAY { AWAY } else { u64::from(code) * self.stride }
    }

    /// Adds the parts of a column's numbers to the keys.
    pub(crate) fn add(&self, ids: &[u32], keys: &mut [u64]) {
        for (key, id) in keys.iter_mut().zip(ids) {
            *key = join(*key, self.part(*id));
        }
    }
}

/// Keys by status.
#[derive(Debug)]
pub(crate) struct StatusKey {
    /// By place in `Status::ALL`, and then without an order.
    parts: [u64; NO_STATUS as usize + 1],
    /// Cancelled orders never count, but what came back of them does.
    return_parts: [u64; NO_STATUS as usize + 1],
}

impl StatusKey {
    pub(crate) fn new(stride: Option<u64>, wanted: impl Fn(u32) -> bool, cancelled: bool) -> StatusKey {
        let part = |code: usize| if wanted(code as u32) { code as u64 * stride.unwrap_or(0) } else { AWAY };
        let return_parts = std::array::from_fn(part);
        let mut parts = return_parts;
        if !cancelled {
            parts[Status::Cancelled as usize] = AWAY;
        }
        StatusKey { parts, return_parts }
    }

    /// Whether more is sliced away than what is cancelled.
    pub(crate) fn slices(&self) -> bool {
        self.return_parts.contains(&AWAY)
    }

    /// Of an order's status code.
    pub(crate) fn order(&self, code: u32) -> u64 {
        self.parts.get(code as usize).copied().unwrap_or(AWAY)
    }

    /// Of a return's status code, which counts from 1.
    pub(crate) fn back(&self, code: u32) -> u64 {
        let code = if code == 0 { NO_STATUS } else { code - 1 };
        self.return_parts.get(code as usize).copied().unwrap_or(AWAY)
    }

    /// Whether every return has the same part.
    pub(crate) fn is_idle_for_returns(&self) -> bool {
        self.return_parts.iter().all(|part| *part == 0)
    }
}

/// Keys by words that each segment numbers for itself.
#[derive(Debug)]
pub(crate) struct WordKey {
    pub(crate) dim: Dim,
    pub(crate) list: Words,
    pub(crate) order_column: Column,
    pub(crate) return_column: Column,
    /// `None` when it only slices.
    pub(crate) stride: Option<u64>,
    /// How many codes the key has room for.
    pub(crate) room: u64,
    pub(crate) accepted: Option<BTreeSet<u32>>,
}

impl WordKey {
    /// The parts of a segment's own codes; `None` when there are more words than the key has room for.
    pub(crate) fn parts(&self, members: &Members, facts: &impl Columns) -> Option<Vec<u64>> {
        let codes = match self.dim {
            Dim::Payment => members.payments.codes(facts.words(self.list)),
            Dim::Channel => members.channels.codes(facts.words(self.list)),
            Dim::TaxRate => members.rates.codes(facts.rates()),
            _ => members.reasons.codes(facts.words(self.list)),
        };
        let part = |code: u32| {
            let wanted = self.accepted.as_ref().is_none_or(|accepted| accepted.contains(&code));
            match self.stride {
                _ if !wanted => Some(AWAY),
                Some(_) if u64::from(code) >= self.room => None,
                Some(stride) => Some(u64::from(code) * stride),
                None => Some(0),
            }
        };
        std::iter::once(0).chain(codes).map(part).collect()
    }
}

/// One column's part in the key of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Status,
    /// The table of that place among the plan's.
    Record(usize),
    /// The words of that place among the plan's.
    Word(usize),
    Hour,
}

/// The columns an order's time stands in: milliseconds, offset, precision.
pub(crate) const PLACED: [Column; 3] = [Column::PlacedMs, Column::PlacedOffset, Column::PlacedPrecision];

/// Those of a return.
pub(crate) const RETURNED: [Column; 3] = [Column::ReturnMs, Column::ReturnOffset, Column::ReturnPrecision];

/// Adds the parts of a column's codes to the keys.
pub(crate) fn add_parts(keys: &mut [u64], codes: &[u32], parts: &[u64]) {
    for (key, code) in keys.iter_mut().zip(codes) {
        *key = join(*key, parts.get(*code as usize).copied().unwrap_or(AWAY));
    }
}

/// Two parts of a key together. [`AWAY`] is the largest number there is, so that what is away stays there, without a branch.
pub(crate) fn join(key: u64, part: u64) -> u64 {
    key.saturating_add(part)
}
