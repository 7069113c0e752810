//! Everybody who bought, in fifths by how recently, how often and for how much, kept from one answer to the next.
//!
//! Nothing is sorted but what stands near the bounds of the fifths. A sale moves one customer, and with it each bound by one
//! place at most: as long as the bounds stay within what is sorted, only those who crossed one are looked at again.
//!
//! Knows places and fifths, not what they are called.

use crate::report::ReportFault;
use crate::report::cells::Cells;
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan, customer_of};
use crate::report::question::Base;
use crate::unit::id::compare_external;

/// How many on either side of a bound are kept in order.
const REACH: usize = if cfg!(test) { 2 } else { 64 };

/// More customers than this are not moved one by one.
const FEW: usize = if cfg!(test) { 3 } else { 64 };

/// What customers are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// The smallest number where no order has a time.
    last_ms: i64,
    /// None: not a buyer.
    orders: i64,
    sales: i128,
}

impl Mark {
    const NOBODY: Mark = Mark { last_ms: i64::MIN, orders: 0, sales: 0 };

    fn of(cells: &Cells, slot: u32) -> Mark {
        let orders = cells.sum(slot, Base::Orders);
        if orders == 0 {
            return Mark::NOBODY;
        }
        let last = cells.extents.as_ref().and_then(|extents| extents.of(slot));
        let last_ms = last.map_or(i64::MIN, |(_, last)| last.unix_ms());
        Mark { last_ms, orders: orders as i64, sales: cells.sum(slot, Base::Sales) }
    }

    fn is_buyer(self) -> bool {
        self.orders != 0
    }
}

/// A customer's place: by the figure, then by the id.
type Place<K> = (K, u32);

/// Where a fifth begins.
struct Bound<K> {
    /// How many stand before those that are near.
    below: usize,
    /// Who stands near it, in order, each with the slot.
    near: Vec<(Place<K>, u32)>,
    /// The first of the fifth.
    first: Place<K>,
}

/// The bounds of the second to the last fifth by one figure.
struct Ladder<K> {
    bounds: Vec<Bound<K>>,
}

/// SQL's `NTILE(5)`: where the second to the last fifth of so many begin.
fn ends(buyers: usize) -> Vec<usize> {
    let (size, larger) = (buyers / 5, buyers % 5);
    let ends = [1, 2, 3, 4].map(|fifth: usize| fifth * size + fifth.min(larger));
    ends.into_iter().filter(|end| *end < buyers).collect()
}

/// Puts at each of the ascending places what stands there in order.
fn cut<T: Ord>(order: &mut [T], places: &[usize]) {
    let Some(middle) = places.get(places.len() / 2).copied() else { return };
    let (before, _, behind) = order.select_nth_unstable(middle);
    cut(before, &places[..places.len() / 2]);
    let later: Vec<usize> = places[places.len() / 2 + 1..].iter().map(|place| place - middle - 1).collect();
    cut(behind, &later);
}

impl<K: Ord + Copy> Ladder<K> {
    /// Of all buyers, as often as they are asked for: the figure, the rank of the id, and the slot of each.
    fn of<I: Iterator<Item = (Place<K>, u32)>>(buyers: impl Fn() -> I) -> Ladder<K> {
        let mut values: Vec<K> = buyers().map(|((value, _), _)| value).collect();
        let ends = ends(values.len());
        let last = values.len().saturating_sub(1);
        let reach = |end: &usize| [end.saturating_sub(REACH), (end + REACH).min(last)];
        let mut places: Vec<usize> = ends.iter().flat_map(reach).collect();
        places.sort_unstable();
        places.dedup();
        cut(&mut values, &places);
        let limits: Vec<[K; 2]> = ends.iter().map(|end| reach(end).map(|place| values[place])).collect();
        let mut found: Vec<(usize, Vec<(Place<K>, u32)>)> = ends.iter().map(|_| (0, Vec::new())).collect();
        for (place, slot) in buyers() {
            for ([low, high], (below, near)) in limits.iter().zip(&mut found) {
                *below += usize::from(place.0 < *low);
                if *low <= place.0 && place.0 <= *high {
                    near.push((place, slot));
                }
            }
        }
        let bound = |((below, mut near), end): ((usize, Vec<(Place<K>, u32)>), usize)| {
            near.sort_unstable();
            let first = near[end - below].0;
            Bound { below, near, first }
        };
        Ladder { bounds: found.into_iter().zip(ends).map(bound).collect() }
    }

    /// The fifth of a place: 1 to 5.
    fn fifth(&self, place: Place<K>) -> u8 {
        // No branch on what is as good as random.
        let behind = |first: Place<K>| (place.0 > first.0) | ((place.0 == first.0) & (place.1 >= first.1));
        1 + self.bounds.iter().map(|bound| u8::from(behind(bound.first))).sum::<u8>()
    }

    fn leave(&mut self, place: Place<K>, slot: u32) {
        for bound in &mut self.bounds {
            match bound.near.binary_search(&(place, slot)) {
                Ok(at) => drop(bound.near.remove(at)),
                Err(0) => bound.below = bound.below.saturating_sub(1),
                Err(_) => {}
            }
        }
    }

    fn enter(&mut self, place: Place<K>, slot: u32) {
        for bound in &mut self.bounds {
            match bound.near.binary_search(&(place, slot)) {
                Err(0) => bound.below += 1,
                Err(at) if at < bound.near.len() => bound.near.insert(at, (place, slot)),
                // Beyond those that are near, where nobody is counted; and nobody stands twice.
                Err(_) | Ok(_) => {}
            }
        }
    }

    /// Finds the bounds again; those who crossed one, or `None` where one has left what is in order.
    fn settle(&mut self, buyers: usize) -> Option<Vec<(Place<K>, u32)>> {
        let ends = ends(buyers);
        if ends.len() != self.bounds.len() {
            return None;
        }
        let mut crossed = Vec::new();
        for (bound, end) in self.bounds.iter_mut().zip(ends) {
            let at = end.checked_sub(bound.below)?;
            let first = bound.near.get(at)?.0;
            let was = bound.near.partition_point(|(place, _)| *place < bound.first);
            crossed.extend_from_slice(bound.near.get(at.min(was)..at.max(was))?);
            bound.first = first;
        }
        Some(crossed)
    }
}

/// Every buyer's fifths.
pub(crate) struct Standing {
    /// By slot, as everything here.
    marks: Vec<Mark>,
    ids: Vec<u32>,
    /// The places of the ids among all ids.
    ranks: Vec<u32>,
    /// Of recency, frequency and money; zeros where nobody bought.
    fifths: Vec<[u8; 3]>,
    recency: Ladder<i64>,
    frequency: Ladder<i64>,
    monetary: Ladder<i128>,
    counts: Vec<u32>,
    buyers: usize,
}

/// Where a combination of fifths is counted.
fn cell([recency, frequency, monetary]: [u8; 3]) -> usize {
    usize::from(recency) * 36 + usize::from(frequency) * 6 + usize::from(monetary)
}

impl Standing {
    /// How many have these fifths.
    pub(crate) fn count(&self, fifths: [u8; 3]) -> u32 {
        self.counts[cell(fifths)]
    }

    /// Every buyer's number and fifths.
    pub(crate) fn all(&self) -> impl Iterator<Item = (u32, [u8; 3])> + '_ {
        let known = self.ids.iter().zip(&self.fifths).zip(&self.marks);
        known.filter(|(_, mark)| mark.is_buyer()).map(|((id, fifths), _)| (*id, *fifths))
    }

    /// About how many bytes it takes to keep.
    pub(super) fn bytes(&self) -> usize {
        self.marks.len() * (size_of::<Mark>() + 11)
    }

    /// The buyers of cells by customer.
    pub(super) fn anew(plan: &Plan, cells: &Cells, source: &impl Source) -> Result<Standing, ReportFault> {
        let marks: Vec<Mark> =
            (0..cells.slots()).map(|slot| if slot == 0 { Mark::NOBODY } else { Mark::of(cells, slot) }).collect();
        let id = |(slot, mark): (u32, &Mark)| if mark.is_buyer() { customer_of(plan, cells, slot, source) } else { 0 };
        let ids: Vec<u32> = (0..).zip(&marks).map(id).collect();
        let ranks = ranks(&ids, source)?;
        let (recency, frequency, monetary) = std::thread::scope(|scope| {
            let monetary = scope.spawn(|| Ladder::of(|| places(&marks, &ranks, |mark| mark.sales)));
            let recency = Ladder::of(|| places(&marks, &ranks, |mark| mark.last_ms));
            let frequency = Ladder::of(|| places(&marks, &ranks, |mark| mark.orders));
            // A panic in a worker goes on in whoever asked.
            (recency, frequency, monetary.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (buyers, fifths) = (marks.iter().filter(|mark| mark.is_buyer()).count(), vec![[0; 3]; marks.len()]);
        let counts = vec![0; 6 * 6 * 6];
        let mut standing = Standing { marks, ids, ranks, fifths, recency, frequency, monetary, counts, buyers };
        for slot in 0..standing.marks.len() {
            let fifths = standing.place(slot);
            standing.fifths[slot] = fifths;
            standing.counts[cell(fifths)] += 1;
        }
        Ok(standing)
    }

    /// The fifths a slot belongs into.
    fn place(&self, slot: usize) -> [u8; 3] {
        let (Mark { last_ms, orders, sales }, rank) = (self.marks[slot], self.ranks[slot]);
        if orders == 0 {
            return [0; 3];
        }
        [self.recency.fifth((last_ms, rank)), self.frequency.fifth((orders, rank)), self.monetary.fifth((sales, rank))]
    }

    /// The same with the marks of some customers as they are now; `None` where that takes a look at everybody.
    pub(super) fn after(
        mut self,
        plan: &Plan,
        cells: &Cells,
        touched: &[u32],
        source: &impl Source,
    ) -> Option<Standing> {
        let key = |customer: &u32| Some(plan.customer_key(*customer)).filter(|key| *key != AWAY);
        let slot = |customer: &u32| cells.find(&[], key(customer)?);
        let mut moved: Vec<u32> = touched.iter().filter_map(slot).collect();
        moved.sort_unstable();
        moved.dedup();
        if moved.len() > FEW || cells.slots() as usize != self.marks.len() {
            return None;
        }
        for slot in &moved {
            let (at, new) = (*slot as usize, Mark::of(cells, *slot));
            let old = std::mem::replace(&mut self.marks[at], new);
            if !old.is_buyer() && new.is_buyer() {
                let id = customer_of(plan, cells, *slot, source);
                if source.people().ids_disordered {
                    return None;
                }
                (self.ids[at], self.ranks[at]) = (id, id);
            }
            self.step(*slot, old, new);
        }
        let mut changed = moved;
        changed.extend(self.recency.settle(self.buyers)?.into_iter().map(|(_, slot)| slot));
        changed.extend(self.frequency.settle(self.buyers)?.into_iter().map(|(_, slot)| slot));
        changed.extend(self.monetary.settle(self.buyers)?.into_iter().map(|(_, slot)| slot));
        for slot in changed {
            let (at, fifths) = (slot as usize, self.place(slot as usize));
            let old = std::mem::replace(&mut self.fifths[at], fifths);
            self.counts[cell(old)] -= 1;
            self.counts[cell(fifths)] += 1;
        }
        Some(self)
    }

    /// Moves one customer from the old marks to the new ones.
    fn step(&mut self, slot: u32, old: Mark, new: Mark) {
        let rank = self.ranks[slot as usize];
        if old.is_buyer() {
            self.recency.leave((old.last_ms, rank), slot);
            self.frequency.leave((old.orders, rank), slot);
            self.monetary.leave((old.sales, rank), slot);
            self.buyers -= 1;
        }
        if new.is_buyer() {
            self.recency.enter((new.last_ms, rank), slot);
            self.frequency.enter((new.orders, rank), slot);
            self.monetary.enter((new.sales, rank), slot);
            self.buyers += 1;
        }
    }
}

/// The places of all buyers by one figure.
fn places<K>(marks: &[Mark], ranks: &[u32], of: impl Fn(&Mark) -> K) -> impl Iterator<Item = (Place<K>, u32)> {
    let all = marks.iter().zip(ranks).zip(0..);
    all.filter(|((mark, _), _)| mark.is_buyer()).map(move |((mark, rank), slot)| ((of(mark), *rank), slot))
}

/// The places of the buyers' ids among all ids.
fn ranks(buyers: &[u32], source: &impl Source) -> Result<Vec<u32>, ReportFault> {
    if !source.people().ids_disordered {
        return Ok(buyers.to_vec());
    }
    let mut ids = source.customer_ids()?;
    ids.sort_by(|a, b| compare_external(&a.1, &b.1));
    let mut places = vec![u32::MAX; source.people().present.len()];
    for ((id, _), place) in ids.into_iter().zip(0..) {
        if let Some(slot) = places.get_mut(id.0 as usize) {
            *slot = place;
        }
    }
    Ok(buyers.iter().map(|id| places.get(*id as usize).copied().unwrap_or(u32::MAX)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Fifths by a full sort.
    fn ntile(places: &[Place<i64>]) -> Vec<u8> {
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        let (size, larger) = (places.len() / 5, places.len() % 5);
        let end = |fifth: usize| fifth * size + fifth.min(larger);
        let fifth = |place: &Place<i64>| {
            let at = sorted.iter().position(|other| other == place).expect("sorted");
            (1..=5).find(|fifth| at < end(*fifth)).expect("one of five") as u8
        };
        places.iter().map(fifth).collect()
    }

    fn buyers(places: &[Place<i64>]) -> impl Iterator<Item = (Place<i64>, u32)> {
        places.iter().copied().zip(1..)
    }

    #[test]
    fn fifths_are_those_of_ntile() {
        // Seven customers: NTILE(5) makes two of the first two groups and one of the others.
        let places: Vec<Place<i64>> = [3, 1, 3, 9, 1, 2, 5].into_iter().zip(1..).collect();
        let ladder = Ladder::of(|| buyers(&places));
        let fifths: Vec<u8> = places.iter().map(|place| ladder.fifth(*place)).collect();
        assert_eq!(fifths, [2, 1, 3, 5, 1, 2, 4]);
        assert!(Ladder::<i64>::of(std::iter::empty).bounds.is_empty());
    }

    proptest! {
        #[test]
        fn bounds_that_follow_moves_are_those_of_a_full_sort(
            values in prop::collection::vec(0i64..30, 1..60),
            moves in prop::collection::vec((0usize..60, prop::option::of(0i64..30)), 0..12),
        ) {
            let mut now: Vec<Option<Place<i64>>> = values.into_iter().zip(0..).map(Some).collect();
            let all = |now: &[Option<Place<i64>>]| now.iter().flatten().copied().collect::<Vec<Place<i64>>>();
            let begun = all(&now);
            let mut ladder = Ladder::of(|| buyers(&begun));
            let slots = |place: &Place<i64>| place.1 + 1;
            for (who, to) in moves {
                let who = who % now.len();
                let old = std::mem::replace(&mut now[who], to.map(|value| (value, who as u32)));
                old.iter().for_each(|place| ladder.leave(*place, slots(place)));
                now[who].iter().for_each(|place| ladder.enter(*place, slots(place)));
                let left = all(&now);
                let before: Vec<u8> = left.iter().map(|place| ladder.fifth(*place)).collect();
                match ladder.settle(left.len()) {
                    None => ladder = Ladder::of(|| left.iter().map(|place| (*place, slots(place)))),
                    Some(crossed) => {
                        for (place, before) in left.iter().zip(before) {
                            let told = crossed.iter().any(|(other, _)| other == place);
                            prop_assert!(told || place.1 as usize == who || ladder.fifth(*place) == before);
                        }
                    }
                }
                let found: Vec<u8> = left.iter().map(|place| ladder.fifth(*place)).collect();
                prop_assert_eq!(found, ntile(&left));
            }
        }
    }
}
