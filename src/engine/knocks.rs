//! Keys that open nothing, counted by address: each is worth a line in the audit, a flood of them is not worth the disk.
//!
//! Kept in memory alone. Knows no key and no person.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Knocks of one address that are kept within [`SPAN_MS`].
const MOST: u32 = 12;
/// The same of all addresses together.
const MOST_IN_ALL: u32 = 240;
/// How long it is before an address is heard again, from its first knock.
const SPAN_MS: i64 = 60 * 60_000;

/// What is to be kept of a knock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The knock itself.
    Whole,
    /// That there are more from this address, which are not kept.
    More,
    /// That there are more from everywhere, which are not kept.
    MoreFromAll,
    /// Nothing.
    Nothing,
}

#[derive(Debug, Default)]
struct Counted {
    since_ms: i64,
    count: u32,
}

/// The knocks of one door.
#[derive(Debug, Default)]
pub struct Knocks {
    counted: Mutex<(Counted, BTreeMap<String, Counted>)>,
}

impl Knocks {
    /// Counts a knock from an address.
    pub fn heard(&self, from: &str, now_ms: i64) -> Heard {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (all, addresses) = &mut *counted;
        if now_ms - all.since_ms >= SPAN_MS {
            *all = Counted { since_ms: now_ms, count: 0 };
        }
        addresses.retain(|_, own| now_ms - own.since_ms < SPAN_MS);
        // Whoever is counted no more here is not counted by address either: the room for that has a bound, too.
        if all.count > MOST_IN_ALL {
            return Heard::Nothing;
        }
        let own = addresses.entry(from.to_owned()).or_insert(Counted { since_ms: now_ms, count: 0 });
        own.count = own.count.saturating_add(1);
        if own.count > MOST + 1 {
            return Heard::Nothing;
        }
        all.count += 1;
        match (all.count > MOST_IN_ALL, own.count > MOST) {
            (true, _) => Heard::MoreFromAll,
            (false, true) => Heard::More,
            (false, false) => Heard::Whole,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_from_one_address_is_a_dozen_lines_and_one() {
        let knocks = Knocks::default();
        let heard: Vec<Heard> = (0..5_000).map(|at| knocks.heard("10.0.0.9", at)).collect();
        assert_eq!(heard.iter().filter(|heard| **heard == Heard::Whole).count(), MOST as usize);
        assert_eq!(heard[MOST as usize], Heard::More);
        assert!(heard[MOST as usize + 1..].iter().all(|heard| *heard == Heard::Nothing));
        assert_eq!(knocks.heard("10.0.0.8", 5_000), Heard::Whole, "others are still heard");
        assert_eq!(knocks.heard("10.0.0.9", SPAN_MS), Heard::Whole, "and so is this one, an hour later");
    }

    #[test]
    fn a_flood_from_everywhere_is_bounded_too() {
        let knocks = Knocks::default();
        let heard: Vec<Heard> = (0..100_000).map(|at| knocks.heard(&format!("fd00::{at:x}"), 5)).collect();
        assert_eq!(heard.iter().filter(|heard| **heard != Heard::Nothing).count(), MOST_IN_ALL as usize + 1);
        assert_eq!(heard.iter().filter(|heard| **heard == Heard::MoreFromAll).count(), 1);
        assert!(knocks.counted.lock().unwrap().1.len() <= MOST_IN_ALL as usize + 1);
        assert_eq!(knocks.heard("fd00::1", 5 + SPAN_MS), Heard::Whole);
    }
}
