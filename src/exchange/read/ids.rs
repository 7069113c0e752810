//! Text ids to dense places: an arena of bytes and an open-addressed table of places, about 20 bytes an id.

use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// A set of ids, each at the place it was added.
#[derive(Debug, Default)]
pub struct Ids {
    bytes: Vec<u8>,
    /// Where each id ends in `bytes`.
    ends: Vec<u64>,
    /// Place + 1 and some bits of the hash; 0 is free. The length is a power of two.
    slots: Vec<(u32, u32)>,
    seed: RandomState,
}

/// Where an id is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// At a place of its own.
    New(u32),
    /// It was there before.
    Known(u32),
    /// There are as many as can be counted.
    Full,
}

impl Ids {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The id at a place.
    pub fn get(&self, place: u32) -> Option<&[u8]> {
        let at = place as usize;
        let end = *self.ends.get(at)? as usize;
        let start = if at == 0 { 0 } else { *self.ends.get(at - 1)? as usize };
        self.bytes.get(start..end)
    }

    /// The place of an id.
    pub fn find(&self, id: &[u8]) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = self.hash(id);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            match self.slots.get(at)? {
                (0, _) => return None,
                (place, tag) if *tag == tag_of(hash) && self.get(place - 1) == Some(id) => return Some(place - 1),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// Adds an id unless it is there.
    pub fn add(&mut self, id: &[u8]) -> Added {
        if let Some(place) = self.find(id) {
            return Added::Known(place);
        }
        let Ok(place) = u32::try_from(self.ends.len()) else { return Added::Full };
        if place == u32::MAX {
            return Added::Full;
        }
        if (self.ends.len() + 1) * 5 > self.slots.len() * 3 {
            self.grow();
        }
        self.bytes.extend_from_slice(id);
        self.ends.push(self.bytes.len() as u64);
        let hash = self.hash(id);
        put(&mut self.slots, place, hash);
        Added::New(place)
    }

    fn grow(&mut self) {
        let mut slots = vec![(0, 0); (self.slots.len() * 2).max(16)];
        for place in 0..self.ends.len() as u32 {
            if let Some(id) = self.get(place) {
                put(&mut slots, place, self.hash(id));
            }
        }
        self.slots = slots;
    }

    fn hash(&self, id: &[u8]) -> u64 {
        self.seed.hash_one(id)
    }
}

fn put(slots: &mut [(u32, u32)], place: u32, hash: u64) {
    let mask = slots.len() - 1;
    let mut at = hash as usize & mask;
    while slots[at].0 != 0 {
        at = (at + 1) & mask;
    }
    slots[at] = (place + 1, tag_of(hash));
}

/// The half of the hash that did not choose the slot.
fn tag_of(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_of_many_and_nothing_else() {
        let mut ids = Ids::default();
        for n in 0..5000u32 {
            assert_eq!(ids.add(format!("CA-{n}").as_bytes()), Added::New(n));
        }
        for n in 0..5000u32 {
            assert_eq!(ids.find(format!("CA-{n}").as_bytes()), Some(n));
            assert_eq!(ids.add(format!("CA-{n}").as_bytes()), Added::Known(n));
            assert_eq!(ids.get(n), Some(format!("CA-{n}").as_bytes()));
        }
        assert_eq!(ids.find(b"CA-5000"), None);
        assert_eq!(ids.find(b"ca-1"), None);
        assert_eq!(ids.len(), 5000);
    }

    #[test]
    fn an_empty_id_is_an_id() {
        let mut ids = Ids::default();
        assert_eq!(ids.find(b""), None);
        assert_eq!(ids.add(b""), Added::New(0));
        assert_eq!(ids.add(b"a"), Added::New(1));
        assert_eq!(ids.find(b""), Some(0));
    }
}
