//! First and last orders by cell. Unlike sums they cannot take a fact away once it was the first or the last.
//!
//! Knows instants and slots, never whose they are.

use super::NOWHERE;
use crate::unit::{Precision, Stamp};

/// Bits below the milliseconds: of the offset and of the precision.
const OFFSET_BITS: u32 = 13;
const PRECISION_BITS: u32 = 2;
const BELOW: u32 = OFFSET_BITS + PRECISION_BITS;

/// A stamp in one word that orders by the instant: milliseconds of the years 1 to 9999 take 49 bits, which leaves the
/// offset a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i64);

impl Instant {
    /// What no slot with an order has.
    const NONE: Instant = Instant(Instant::NO_WORD);

    /// Of a stamp's parts, its offset by number; `None` without a time.
    pub(crate) fn of(unix_ms: i64, offset: u32, precision: i64) -> Option<Instant> {
        let below = (i64::from(offset) << PRECISION_BITS) | precision;
        (precision != 0).then_some(Instant((unix_ms << BELOW) | below))
    }

    /// What stands for no time in a column of words.
    pub(crate) const NO_WORD: i64 = i64::MIN;

    /// As one word.
    pub(crate) fn word(self) -> i64 {
        self.0
    }

    /// Of one word; `None` for that of no time.
    pub(crate) fn of_word(word: i64) -> Option<Instant> {
        (word != Instant::NO_WORD).then_some(Instant(word))
    }

    /// Whether an offset of that number can be told from others.
    pub(crate) fn has_room(offset: u32) -> bool {
        offset < 1 << OFFSET_BITS
    }

    /// Milliseconds since 1970.
    pub(crate) fn unix_ms(self) -> i64 {
        self.0 >> BELOW
    }

    /// The number of its offset.
    pub(crate) fn offset(self) -> u32 {
        ((self.0 >> PRECISION_BITS) & ((1 << OFFSET_BITS) - 1)) as u32
    }

    /// As a stamp with that offset.
    pub(crate) fn stamp(self, offset_s: i32) -> Stamp {
        let precision = match self.0 & ((1 << PRECISION_BITS) - 1) {
            1 => Precision::Day,
            2 => Precision::Second,
            _ => Precision::Milli,
        };
        Stamp { unix_ms: self.unix_ms(), offset_s, precision }
    }
}

/// An order that came in or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moved {
    slot: u32,
    at: Instant,
    order: u64,
    sign: i64,
}

/// First and last order of each slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Extents {
    /// First and last; both [`Instant::NONE`] without an order.
    slots: Vec<(Instant, Instant)>,
    moved: Vec<Moved>,
}

impl Extents {
    /// The first and last order of a slot.
    pub(crate) fn of(&self, slot: u32) -> Option<(Instant, Instant)> {
        self.slots.get(slot as usize).copied().filter(|(_, last)| *last != Instant::NONE)
    }

    /// Makes room for that many slots.
    pub(crate) fn reserve(&mut self, slots: usize) {
        if self.slots.len() < slots {
            self.slots.resize(slots, (Instant::NONE, Instant::NONE));
        }
    }

    /// An order that is there for good.
    pub(crate) fn take(&mut self, slot: u32, at: Instant) {
        let index = slot as usize;
        if self.slots.len() <= index {
            self.reserve(index + 1);
        }
        let (first, last) = &mut self.slots[index];
        if *last == Instant::NONE || at < *first {
            *first = at;
        }
        if at > *last {
            *last = at;
        }
    }

    /// An order of the tail that came in (1) or went (-1); settled later, since most come back changed.
    pub(crate) fn note(&mut self, slot: u32, at: Instant, order: u64, sign: i64) {
        self.moved.push(Moved { slot, at, order, sign });
    }

    /// Brings in what came and stayed. What went and did not come back is returned: the orders, and whether one of them
    /// may have been a first or last one, so that only a new scan knows.
    pub(crate) fn settle(&mut self) -> (Vec<u64>, bool) {
        let mut moved = std::mem::take(&mut self.moved);
        moved.sort_unstable();
        let (mut gone, mut broken) = (Vec::new(), false);
        let same = |a: &Moved, b: &Moved| (a.slot, a.at, a.order) == (b.slot, b.at, b.order);
        let net: Vec<Moved> = moved
            .chunk_by(same)
            .map(|group| Moved { sign: group.iter().map(|moved| moved.sign).sum(), ..group[0] })
            .collect();
        for moved in net.iter().filter(|moved| moved.sign > 0) {
            self.take(moved.slot, moved.at);
        }
        for moved in net.iter().filter(|moved| moved.sign < 0) {
            gone.push(moved.order);
            broken |= self.of(moved.slot).is_none_or(|(first, last)| moved.at <= first || moved.at >= last);
        }
        (gone, broken)
    }

    /// Adds another part's, whose slots are `slots` here.
    pub(crate) fn add(&mut self, other: &Extents, slots: &[u32]) {
        for (extent, slot) in other.slots.iter().zip(slots) {
            if extent.1 != Instant::NONE && *slot != NOWHERE {
                self.take(*slot, extent.0);
                self.take(*slot, extent.1);
            }
        }
    }

    /// About how many bytes it takes to keep.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.len() * size_of::<(Instant, Instant)>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Day;

    #[test]
    fn instants_keep_the_stamp_and_its_order() {
        let (first, last) = (i64::from(Day::MIN.0) * 86_400_000, (i64::from(Day::MAX.0) + 1) * 86_400_000 - 1);
        for (ms, offset, precision) in [(-1, 0, 1), (0, 7, 2), (first, 8_191, 3), (last, 8_191, 3)] {
            let instant = Instant::of(ms, offset, precision).expect("a time");
            assert_eq!((instant.unix_ms(), instant.offset()), (ms, offset));
            assert_eq!(instant.stamp(-3_600).offset_s, -3_600);
            assert!(instant > Instant::NONE);
        }
        assert!(Instant::of(-1, 9, 3) < Instant::of(0, 0, 1));
        assert_eq!(Instant::of(5, 0, 0), None);
    }

    #[test]
    fn only_the_loss_of_a_first_or_last_order_asks_for_a_new_scan() {
        let at = |ms| Instant::of(ms, 0, 2).expect("a time");
        let mut extents = Extents::default();
        for ms in [5, 9, 7] {
            extents.take(1, at(ms));
        }
        extents.note(1, at(7), 70, -1);
        assert_eq!(extents.settle(), (vec![70], false));
        // A change of what matters elsewhere: it went and came back.
        extents.note(1, at(9), 90, -1);
        extents.note(1, at(9), 90, 1);
        assert_eq!(extents.settle(), (vec![], false));
        extents.note(1, at(11), 110, 1);
        assert_eq!(extents.settle(), (vec![], false));
        assert_eq!(extents.of(1), Some((at(5), at(11))));
        extents.note(1, at(11), 110, -1);
        assert_eq!(extents.settle(), (vec![110], true));
    }
}
