//! Where facts add up: one cell of sums for each group, found by number or, where groups are too many, by key.
//!
//! Cells are signed and additive, so that parts worked out apart can be added and facts taken away again. Sums are 64 bits
//! wide until the facts seen could leave them, then 128.
//!
//! Knows numbers of groups, never what they stand for.

mod extents;

pub(crate) use extents::Instant;

use crate::report::question::Base;
use extents::Extents;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The slot that takes what is sliced away.
pub(crate) const NOWHERE: u32 = 0;

/// More cells than this are kept by key, not by place.
const DENSE_VALUES: u64 = 1 << 23;

/// A number that sums can be kept in.
pub(crate) trait Sum: Copy + Default {
    /// Adds, or takes away where `sign` is -1; cannot leave the range because the magnitudes of all facts seen fit it.
    fn plus(self, value: i64, sign: i64) -> Self;
    /// The sum.
    fn wide(self) -> i128;
}

impl Sum for i64 {
    fn plus(self, value: i64, sign: i64) -> i64 {
        self.wrapping_add(value.wrapping_mul(sign))
    }

    fn wide(self) -> i128 {
        i128::from(self)
    }
}

impl Sum for i128 {
    fn plus(self, value: i64, sign: i64) -> i128 {
        self + i128::from(value) * i128::from(sign)
    }

    fn wide(self) -> i128 {
        self
    }
}

/// Spreads numbers over a hash table; they are ours, so nobody can choose them to collide.
#[derive(Default)]
pub(crate) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

/// A hash table over our own numbers.
pub(crate) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// The sums themselves, row after row of `stride` values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Values {
    /// While all magnitudes fit 64 bits.
    Narrow(Vec<i64>),
    /// After that.
    Wide(Vec<i128>),
}

/// How a group becomes a slot.
#[derive(Debug, Clone)]
enum Space {
    /// 1 + outer × inner + key.
    Dense,
    /// Looked up.
    Sparse { slots: Table<(u32, u64), u32>, keys: Vec<(u32, u64)> },
}

/// The cells of one question, or of a part of it.
#[derive(Debug, Clone)]
pub(crate) struct Cells {
    /// Which base stands where in a cell.
    pub(crate) place: [Option<usize>; Base::COUNT],
    pub(crate) stride: usize,
    pub(crate) values: Values,
    /// Distinct orders over all cells, where an order can be in several.
    pub(crate) orders: i64,
    /// Counted orders by customer, where customers are counted.
    pub(crate) by_customer: Option<Vec<i32>>,
    /// Counted orders by slot and customer, where a customer can be in several cells.
    pub(crate) pairs: Option<Table<(u32, u32), i32>>,
    /// First and last order by slot.
    pub(crate) extents: Option<Extents>,
    inner: u64,
    space: Space,
    outers: Vec<Vec<u32>>,
    outer_of: HashMap<Vec<u32>, u32>,
    spent: u128,
}

/// What cells have to hold.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    /// The bases that are summed.
    pub(crate) bases: Vec<Base>,
    /// How many keys there are within one tuple of dates.
    pub(crate) inner: u64,
    /// How many tuples of dates are expected.
    pub(crate) outers: u64,
    /// Whether customers are counted.
    pub(crate) customers: bool,
    /// Whether a customer can be in several cells.
    pub(crate) pairs: bool,
    /// Whether first and last orders are kept.
    pub(crate) extents: bool,
}

impl Cells {
    pub(crate) fn new(layout: &Layout) -> Cells {
        let stride = layout.bases.len();
        let mut place = [None; Base::COUNT];
        for (at, base) in layout.bases.iter().enumerate() {
            place[*base as usize] = Some(at);
        }
        let expected = layout.inner.saturating_mul(layout.outers).saturating_mul(stride as u64);
        let space = if expected <= DENSE_VALUES {
            Space::Dense
        } else {
            Space::Sparse { slots: Table::default(), keys: Vec::new() }
        };
        let mut cells = Cells {
            place,
            stride,
            values: Values::Narrow(Vec::new()),
            orders: 0,
            by_customer: layout.customers.then(Vec::new),
            pairs: layout.pairs.then(Table::default),
            extents: layout.extents.then(Extents::default),
            inner: layout.inner,
            space,
            outers: Vec::new(),
            outer_of: HashMap::new(),
            spent: 0,
        };
        cells.grow(1);
        cells
    }

    /// The number of a tuple of dates.
    pub(crate) fn outer(&mut self, dates: &[u32]) -> u32 {
        if let Some(known) = self.outer_of.get(dates) {
            return *known;
        }
        let number = self.outers.len() as u32;
        self.outers.push(dates.to_vec());
        self.outer_of.insert(dates.to_vec(), number);
        if matches!(self.space, Space::Dense) {
            self.grow(1 + self.outers.len() * self.inner as usize);
        }
        number
    }

    /// Where the first of a tuple's cells stands, when a cell is found by place.
    pub(crate) fn base_slot(&self, outer: u32) -> Option<u32> {
        match self.space {
            Space::Dense => Some(1 + outer * self.inner as u32),
            Space::Sparse { .. } => None,
        }
    }

    /// The slot of a key within a tuple.
    pub(crate) fn slot(&mut self, outer: u32, key: u64) -> u32 {
        match &mut self.space {
            Space::Dense => 1 + outer * self.inner as u32 + key as u32,
            Space::Sparse { slots, keys } => {
                let next = keys.len() as u32 + 1;
                let slot = *slots.entry((outer, key)).or_insert(next);
                if slot == next {
                    keys.push((outer, key));
                    self.grow(next as usize + 1);
                }
                slot
            }
        }
    }

    /// The slot of a key, if it has one.
    pub(crate) fn find(&self, dates: &[u32], key: u64) -> Option<u32> {
        // Without dates there is one tuple, and no need to look for it.
        let outer = if dates.is_empty() { 0 } else { *self.outer_of.get(dates)? };
        match &self.space {
            Space::Dense => (key < self.inner).then(|| 1 + outer * self.inner as u32 + key as u32),
            Space::Sparse { slots, .. } => slots.get(&(outer, key)).copied(),
        }
    }

    /// The dates and the key of a slot.
    pub(crate) fn group(&self, slot: u32) -> (&[u32], u64) {
        let (outer, key) = match &self.space {
            Space::Dense => {
                let at = u64::from(slot) - 1;
                if at < self.inner { (0, at) } else { ((at / self.inner) as u32, at % self.inner) }
            }
            Space::Sparse { keys, .. } => keys.get(slot as usize - 1).copied().unwrap_or_default(),
        };
        (self.outers.get(outer as usize).map(Vec::as_slice).unwrap_or_default(), key)
    }

    /// How many slots there are; the first is [`NOWHERE`].
    pub(crate) fn slots(&self) -> u32 {
        let values = match &self.values {
            Values::Narrow(values) => values.len(),
            Values::Wide(values) => values.len(),
        };
        (values / self.stride.max(1)) as u32
    }

    /// All sums of a slot.
    pub(crate) fn sums(&self, slot: u32) -> [i128; Base::COUNT] {
        let mut sums = [0; Base::COUNT];
        let start = slot as usize * self.stride;
        for (base, place) in self.place.iter().enumerate() {
            if let Some(place) = place {
                sums[base] = match &self.values {
                    Values::Narrow(values) => values.get(start + place).map_or(0, |value| value.wide()),
                    Values::Wide(values) => values.get(start + place).map_or(0, |value| value.wide()),
                };
            }
        }
        sums
    }

    /// A sum.
    pub(crate) fn sum(&self, slot: u32, base: Base) -> i128 {
        let Some(place) = self.place[base as usize] else { return 0 };
        let at = slot as usize * self.stride + place;
        match &self.values {
            Values::Narrow(values) => values.get(at).map_or(0, |value| value.wide()),
            Values::Wide(values) => values.get(at).map_or(0, |value| value.wide()),
        }
    }

    /// Hands every slot where one of the sums `any` is not 0, and its sums `of`, to `each`: of many slots this is faster than
    /// asking sum by sum.
    pub(crate) fn each<const N: usize>(&self, any: &[Base], of: [Base; N], each: impl FnMut(u32, [i128; N])) {
        let any: Vec<usize> = any.iter().filter_map(|base| self.place[*base as usize]).collect();
        let of = of.map(|base| self.place[base as usize]);
        match &self.values {
            Values::Narrow(values) => each_row(values, self.stride, &any, of, each),
            Values::Wide(values) => each_row(values, self.stride, &any, of, each),
        }
    }

    /// Adds a total to a sum.
    pub(crate) fn add_total(&mut self, slot: u32, base: Base, value: i128, sign: i64) {
        let Some(place) = self.place[base as usize] else { return };
        let at = slot as usize * self.stride + place;
        match &mut self.values {
            // Totals fit wherever the magnitudes do.
            Values::Narrow(values) => values[at] = values[at].wrapping_add((value as i64).wrapping_mul(sign)),
            Values::Wide(values) => values[at] += value * i128::from(sign),
        }
    }

    /// Makes room for facts of that magnitude: once they could leave 64 bits, sums become 128 bits wide.
    pub(crate) fn brace(&mut self, magnitude: u128) {
        self.spent = self.spent.saturating_add(magnitude);
        if self.spent > i64::MAX as u128
            && let Values::Narrow(values) = &self.values
        {
            self.values = Values::Wide(values.iter().map(|value| i128::from(*value)).collect());
        }
    }

    /// The magnitude of all facts seen.
    pub(crate) fn spent(&self) -> u128 {
        self.spent
    }

    /// Counts an order of a customer.
    pub(crate) fn count_customer(&mut self, slot: u32, customer: u32, sign: i32) {
        if let Some(pairs) = &mut self.pairs {
            *pairs.entry((slot, customer)).or_default() += sign;
        }
    }

    /// Counts an order of a customer over all cells.
    pub(crate) fn count_in_all(&mut self, customer: u32, sign: i32) {
        if let Some(counts) = &mut self.by_customer {
            let at = customer as usize;
            if counts.len() <= at {
                counts.resize(at + 1, 0);
            }
            counts[at] += sign;
        }
    }

    /// Adds the cells of another part of the same question.
    pub(crate) fn add(&mut self, other: &Cells) {
        self.brace(other.spent);
        let outers: Vec<u32> = other.outers.iter().map(|dates| self.outer(dates)).collect();
        let mut slots = vec![NOWHERE; other.slots() as usize];
        for slot in 1..other.slots() {
            let (outer, key) = match &other.space {
                Space::Dense => {
                    let at = u64::from(slot) - 1;
                    ((at / other.inner) as u32, at % other.inner)
                }
                Space::Sparse { keys, .. } => keys[slot as usize - 1],
            };
            slots[slot as usize] = self.slot(outers[outer as usize], key);
        }
        self.add_values(other, &slots);
        self.orders += other.orders;
        for (customer, count) in other.by_customer.iter().flatten().enumerate() {
            if *count != 0 {
                self.count_in_all(customer as u32, *count);
            }
        }
        for ((slot, customer), count) in other.pairs.iter().flatten() {
            self.count_customer(slots[*slot as usize], *customer, *count);
        }
        if let (Some(mine), Some(theirs)) = (&mut self.extents, &other.extents) {
            mine.add(theirs, &slots);
        }
    }

    fn add_values(&mut self, other: &Cells, slots: &[u32]) {
        let stride = self.stride;
        for (from, slot) in slots.iter().enumerate().skip(1) {
            let (from, to) = (from * stride, *slot as usize * stride);
            for at in 0..stride {
                match (&mut self.values, &other.values) {
                    (Values::Narrow(mine), Values::Narrow(theirs)) => {
                        mine[to + at] = mine[to + at].wrapping_add(theirs[from + at]);
                    }
                    (Values::Wide(mine), Values::Narrow(theirs)) => mine[to + at] += i128::from(theirs[from + at]),
                    (Values::Wide(mine), Values::Wide(theirs)) => mine[to + at] += theirs[from + at],
                    // Braced for the other's magnitude, these cells are as wide as the other's.
                    (Values::Narrow(_), Values::Wide(_)) => {}
                }
            }
        }
    }

    fn grow(&mut self, slots: usize) {
        match &mut self.values {
            Values::Narrow(values) => values.resize(slots * self.stride, 0),
            Values::Wide(values) => values.resize(slots * self.stride, 0),
        }
    }

    /// About how many bytes it takes to keep.
    pub(crate) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Narrow(values) => values.len() * 8,
            Values::Wide(values) => values.len() * 16,
        };
        let keys = match &self.space {
            Space::Dense => 0,
            Space::Sparse { keys, .. } => keys.len() * 40,
        };
        let customers = self.by_customer.as_ref().map_or(0, |counts| counts.len() * 4);
        let pairs = self.pairs.as_ref().map_or(0, |pairs| pairs.capacity() * 14);
        values + keys + customers + pairs + self.extents.as_ref().map_or(0, Extents::bytes)
    }
}

fn each_row<const N: usize, S: Sum + PartialEq>(
    values: &[S],
    stride: usize,
    any: &[usize],
    of: [Option<usize>; N],
    mut each: impl FnMut(u32, [i128; N]),
) {
    for (slot, row) in (0u32..).zip(values.chunks_exact(stride.max(1))).skip(1) {
        if any.iter().any(|place| row[*place] != S::default()) {
            each(slot, of.map(|place| place.map_or(0, |place| row[place].wide())));
        }
    }
}
