//! From the values of a column to a part of a cell's key, or away from every cell.
//!
//! Knows codes and strides, not what is summed up by them.

use super::members::{Members, NO_STATUS};
use crate::domain::Status;
use crate::report::facts::{Columns, Joined};
use crate::report::question::Dim;
use crate::store::segment::{Column, Words};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

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

/// What records add to keys: by their numbers, and by what they are.
#[derive(Debug)]
pub(crate) struct KeyTable {
    pub(crate) order_column: Column,
    pub(crate) return_column: Column,
    /// What only the number tells, or has too many members for a byte.
    pub(crate) numbers: Option<Numbers>,
    /// The rest, dimension by dimension.
    pub(crate) attributes: Vec<Attribute>,
}

impl KeyTable {
    /// The part of a number's key. A number the shop does not have counts as none.
    pub(crate) fn part(&self, id: u32) -> u64 {
        let by_number = self.numbers.as_ref().map_or(0, |numbers| numbers.part(id));
        self.attributes.iter().fold(by_number, |key, attribute| join(key, attribute.part(attribute.joined.code(id))))
    }

    /// Adds the parts of a column's numbers to the keys.
    pub(crate) fn add(&self, ids: &[u32], keys: &mut [u64]) {
        for (key, id) in keys.iter_mut().zip(ids) {
            *key = join(*key, self.part(*id));
        }
    }

    /// Whether `newer` says the same of all records that there were before.
    pub(super) fn grew_into(&self, newer: &KeyTable) -> bool {
        let numbers = match (&self.numbers, &newer.numbers) {
            (Some(old), Some(new)) => old.stride == new.stride && new.codes.starts_with(&old.codes),
            (old, new) => old.is_none() && new.is_none(),
        };
        let grew = |(old, new): (&Attribute, &Attribute)| {
            old.parts == new.parts && new.joined.codes().starts_with(old.joined.codes())
        };
        numbers
            && self.attributes.len() == newer.attributes.len()
            && self.attributes.iter().zip(&newer.attributes).all(grew)
    }

    /// All that parts follow from: the same where the same is.
    pub(crate) fn stated(&self) -> impl Serialize + '_ {
        let attribute = |attribute: &'_ Attribute| (attribute.joined.codes().to_vec(), attribute.parts.to_vec());
        (
            self.order_column as u8,
            self.numbers.as_ref().map(|numbers| (numbers.stride, numbers.codes.as_slice())),
            self.attributes.iter().map(attribute).collect::<Vec<_>>(),
        )
    }

    /// About how many bytes it takes to keep.
    pub(super) fn bytes(&self) -> usize {
        let attributes = self.attributes.iter().map(|attribute| attribute.joined.codes().len());
        self.numbers.as_ref().map_or(0, |numbers| numbers.codes.len() * 4) + attributes.sum::<usize>()
    }
}

/// Keys by the number of a record.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// By number; [`Numbers::AWAY`] where it is sliced away.
    codes: Vec<u32>,
    stride: u64,
    /// Which numbers are not sliced away, a bit each; empty where none is.
    wanted: Vec<u64>,
}

impl Numbers {
    /// Stands for a record that is sliced away.
    pub(crate) const AWAY: u32 = u32::MAX;

    pub(super) fn new(codes: Vec<u32>, stride: u64) -> Numbers {
        let bits =
            |codes: &[u32]| codes.iter().rev().fold(0, |bits, code| bits << 1 | u64::from(*code != Numbers::AWAY));
        let wanted = if codes.contains(&Numbers::AWAY) { codes.chunks(64).map(bits).collect() } else { Vec::new() };
        Numbers { codes, stride, wanted }
    }

    /// Whether anybody is sliced away.
    pub(crate) fn slices(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Clears `mask` where the numbers are sliced away. Bits are looked at and not codes: those of a shop's customers stay
    /// near, and there is no branch on what is as good as random.
    pub(crate) fn sieve(&self, ids: &[u32], mask: &mut [u8]) {
        for (stays, id) in mask.iter_mut().zip(ids) {
            let id = if (*id as usize) < self.codes.len() { *id } else { 0 };
            *stays &= (self.wanted[id as usize / 64] >> (id % 64) & 1) as u8;
        }
    }

    /// The part of a number's key.
    pub(crate) fn part(&self, id: u32) -> u64 {
        match self.codes.get(id as usize).or(self.codes.first()) {
            Some(code) if *code != Numbers::AWAY => u64::from(*code) * self.stride,
            _ => AWAY,
        }
    }

    /// The parts of all numbers, in their order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.codes.len() as u32).map(|id| self.part(id))
    }

    /// Adds the parts of a column's numbers to the keys.
    pub(crate) fn add(&self, ids: &[u32], keys: &mut [u64]) {
        for (key, id) in keys.iter_mut().zip(ids) {
            *key = join(*key, self.part(*id));
        }
    }
}

/// Codes of one byte.
pub(crate) const BYTES: usize = 1 << 8;

/// What a dimension of at most [`BYTES`] members adds to keys, by a code of one byte.
#[derive(Debug, Clone)]
pub(crate) struct Attribute {
    pub(crate) joined: Joined,
    /// By code; [`AWAY`] where it is sliced away.
    parts: Arc<[u64; BYTES]>,
    /// Whether it is more than sliced by.
    pub(crate) groups: bool,
    /// Where the codes that are not sliced away follow each other: the first, and how many come after it.
    run: Option<(u8, u8)>,
    slices: bool,
}

impl Attribute {
    /// A dimension of so many members that is grouped by with a stride, or is only sliced.
    pub(super) fn new(joined: Joined, size: u32, stride: Option<u64>, wanted: impl Fn(u32) -> bool) -> Attribute {
        let wanted = |code: u32| code < size && wanted(code);
        let part = |code| if wanted(code) { u64::from(code) * stride.unwrap_or(0) } else { AWAY };
        let slices = !(0..size).all(wanted);
        Attribute { groups: stride.is_some(), slices, ..Attribute::of_parts(joined, part) }
    }

    /// The part of each code.
    fn of_parts(joined: Joined, part: impl Fn(u32) -> u64) -> Attribute {
        let parts: [u64; BYTES] = std::array::from_fn(|code| part(code as u32));
        let stays = |code: &usize| parts[*code] != AWAY;
        let (first, count) = ((0..BYTES).find(stays), (0..BYTES).filter(stays).count());
        let run = first.filter(|first| (*first..first + count).all(|code| stays(&code)));
        let run = run.map(|first| (first as u8, (count - 1) as u8));
        Attribute { joined, parts: Arc::new(parts), groups: true, run, slices: count < BYTES }
    }

    /// Whether any member is sliced away.
    pub(crate) fn slices(&self) -> bool {
        self.slices
    }

    /// The part of a code's key.
    pub(crate) fn part(&self, code: u8) -> u64 {
        self.parts[usize::from(code)]
    }

    /// Clears `mask` where the codes are sliced away.
    pub(crate) fn sieve(&self, codes: &[u8], mask: &mut [u8]) {
        let rows = mask.iter_mut().zip(codes);
        match self.run {
            // As many rows at once as a processor can compare.
            Some((first, more)) => rows.for_each(|(stays, code)| *stays &= u8::from(code.wrapping_sub(first) <= more)),
            None => rows.for_each(|(stays, code)| *stays &= u8::from(self.part(*code) != AWAY)),
        }
    }

    /// Moves slots to where their codes are, or away to `nowhere`.
    pub(crate) fn shift(&self, codes: &[u8], slots: &mut [u32], nowhere: u32) {
        let rows = slots.iter_mut().zip(codes);
        match self.run.filter(|_| !self.groups) {
            Some((first, more)) => rows.for_each(|(slot, code)| {
                *slot = if code.wrapping_sub(first) <= more { *slot } else { nowhere };
            }),
            None => rows.for_each(|(slot, code)| {
                let part = self.part(*code);
                *slot = if *slot == nowhere || part == AWAY { nowhere } else { *slot + part as u32 };
            }),
        }
    }

    /// Adds the parts of a column's codes to the keys.
    pub(crate) fn add(&self, codes: &[u8], keys: &mut [u64]) {
        for (key, code) in keys.iter_mut().zip(codes) {
            *key = join(*key, self.part(*code));
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

    /// As what orders have.
    pub(super) fn attribute(&self) -> Attribute {
        let codes: Arc<[u8]> = (0..=NO_STATUS as u8).collect();
        let joined = Joined::by_record(Column::OrderStatus, codes);
        Attribute { slices: self.slices(), ..Attribute::of_parts(joined, |code| self.order(code)) }
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
#[derive(Debug)]
pub(crate) enum Step {
    Attribute(Attribute),
    /// The numbers of the table of that place among the plan's.
    Numbers(usize),
    /// The words of that place among the plan's.
    Word(usize),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_the_shop_does_not_have_counts_as_none() {
        for nobody in [0, Numbers::AWAY] {
            let numbers = Numbers::new(vec![nobody, 1, Numbers::AWAY], 5);
            let mut mask = [1; 5];
            numbers.sieve(&[0, 1, 2, 3, u32::MAX], &mut mask);
            let stays = u8::from(nobody == 0);
            assert_eq!(mask, [stays, 1, 0, stays, stays]);
            assert_eq!([numbers.part(1), numbers.part(2), numbers.part(3)], [5, AWAY, numbers.part(0)]);
        }
    }
}
