//! First and last orders by cell. Unlike sums they cannot take a fact away once it was the first or the last.

use crate::unit::{Precision, Stamp};

/// A stamp as one number that orders by the instant, then by offset and precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(i128);

impl Instant {
    /// Of a stamp's parts as segments store them; `None` without a time.
    pub(crate) fn of(unix_ms: i64, offset_s: i64, precision: i64) -> Option<Instant> {
        (precision != 0).then_some(Instant(
            (i128::from(unix_ms) << 64) | (i128::from(offset_s as u32) << 8) | i128::from(precision as u8),
        ))
    }

    /// Milliseconds since 1970.
    pub(crate) fn unix_ms(self) -> i64 {
        (self.0 >> 64) as i64
    }

    /// As a stamp.
    pub(crate) fn stamp(self) -> Stamp {
        let precision = match self.0 as u8 {
            1 => Precision::Day,
            2 => Precision::Second,
            _ => Precision::Milli,
        };
        Stamp { unix_ms: self.unix_ms(), offset_s: (self.0 >> 8) as i32, precision }
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
    slots: Vec<Option<(Instant, Instant)>>,
    moved: Vec<Moved>,
}

impl Extents {
    /// The first and last order of a slot.
    pub(crate) fn of(&self, slot: u32) -> Option<(Instant, Instant)> {
        self.slots.get(slot as usize).copied().flatten()
    }

    /// An order that is there for good.
    pub(crate) fn take(&mut self, slot: u32, at: Instant) {
        let index = slot as usize;
        if self.slots.len() <= index {
            self.slots.resize(index + 1, None);
        }
        let known = &mut self.slots[index];
        *known = Some(known.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
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
            if let Some((first, last)) = extent
                && *slot != super::cells::NOWHERE
            {
                self.take(*slot, *first);
                self.take(*slot, *last);
            }
        }
    }

    /// About how many bytes it takes to keep.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.len() * size_of::<Option<(Instant, Instant)>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_keep_the_stamp_and_its_order() {
        for (ms, offset, precision) in [(-1, -3600, 1), (0, 0, 2), (1_700_000_000_123, 50_400, 3), (i64::MIN, -1, 3)] {
            let instant = Instant::of(ms, offset, precision).expect("a time");
            let stamp = instant.stamp();
            assert_eq!((stamp.unix_ms, i64::from(stamp.offset_s)), (ms, offset));
        }
        assert!(Instant::of(-1, 99, 3) < Instant::of(0, -99, 1));
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
