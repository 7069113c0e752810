//! Customers by how recently, how often and for how much they bought, in fifths, and the names of such customers.

use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::collect::{Collected, customer_of};
use super::dimension::Dim;
use super::fault::ReportFault;
use super::measure::{Base, Measure};
use super::members::{SEGMENTS, Segments};
use super::question::Question;
use super::source::Source;
use super::value::{Kind, Value};
use crate::unit::id::compare_external;
use std::sync::Arc;

/// The segment of fifths of recency, frequency and money.
fn segment([recency, frequency, monetary]: [u8; 3]) -> u8 {
    match (recency, frequency, monetary) {
        (4.., 4.., 4..) => 1,
        (3.., 4.., _) => 2,
        (5, ..=2, _) => 3,
        (4.., _, _) => 4,
        (3, _, _) => 5,
        (_, 3.., _) | (_, _, 5) => 6,
        (2, _, _) => 7,
        _ => 8,
    }
}

/// What customers are ranked by, one place for each.
#[derive(Default)]
struct Marks {
    ids: Vec<u32>,
    /// The smallest number where no order has a time.
    last_ms: Vec<i64>,
    orders: Vec<i64>,
    sales: Vec<i128>,
}

impl Marks {
    fn with_room(rows: usize) -> Marks {
        Marks {
            ids: Vec::with_capacity(rows),
            last_ms: Vec::with_capacity(rows),
            orders: Vec::with_capacity(rows),
            sales: Vec::with_capacity(rows),
        }
    }

    fn of(collected: &Collected, source: &impl Source) -> Marks {
        let Collected { plan, cells, .. } = collected;
        let mut marks = Marks::with_room(cells.slots() as usize);
        for slot in 1..cells.slots() {
            let orders = cells.sum(slot, Base::Orders);
            if orders == 0 {
                continue;
            }
            let last = cells.extents.as_ref().and_then(|extents| extents.of(slot));
            marks.ids.push(customer_of(plan, cells, slot, source));
            marks.last_ms.push(last.map_or(i64::MIN, |(_, last)| last.unix_ms()));
            marks.orders.push(orders as i64);
            marks.sales.push(cells.sum(slot, Base::Sales));
        }
        marks
    }
}

/// SQL's `NTILE(5)` over customers ascending by `values`, then by id: 1 to 5 for each, in the order given. `ranks` are the
/// places of the customers' ids. Only the bounds of the fifths are looked for: nothing is sorted inside them.
fn fifths<K: Ord + Copy>(values: &[K], ranks: &[u32]) -> Vec<u8> {
    let (size, larger) = (values.len() / 5, values.len() % 5);
    let ends = [1, 2, 3, 4].map(|fifth: usize| fifth * size + fifth.min(larger));
    let ends: Vec<usize> = ends.into_iter().filter(|end| *end < values.len()).collect();
    let mut ordered = values.to_vec();
    cut(&mut ordered, &ends);
    // The first customer of each fifth but the first; equal values are told apart by their ranks.
    let bounds: Vec<(K, u32)> = ends.iter().map(|end| first_of(values, ranks, ordered[*end], *end)).collect();
    // No branch on what is as good as random.
    let behind = |value: K, rank: u32, bound: &(K, u32)| (value > bound.0) | ((value == bound.0) & (rank >= bound.1));
    let fifth =
        |(value, rank): (&K, &u32)| 1 + bounds.iter().map(|bound| u8::from(behind(*value, *rank, bound))).sum::<u8>();
    values.iter().zip(ranks).map(fifth).collect()
}

/// The customer at `place`, who has `value`.
fn first_of<K: Ord + Copy>(values: &[K], ranks: &[u32], value: K, place: usize) -> (K, u32) {
    let (mut before, mut like) = (0, 0);
    for other in values {
        before += usize::from(*other < value);
        like += usize::from(*other == value);
    }
    let mut equal: Vec<u32> = Vec::with_capacity(like);
    equal.extend(values.iter().zip(ranks).filter(|(other, _)| **other == value).map(|(_, rank)| *rank));
    let (_, rank, _) = equal.select_nth_unstable(place - before);
    (value, *rank)
}

/// Puts at each of the ascending places what stands there in order.
fn cut<T: Ord>(order: &mut [T], places: &[usize]) {
    let Some(middle) = places.get(places.len() / 2).copied() else { return };
    let (before, _, behind) = order.select_nth_unstable(middle);
    cut(before, &places[..places.len() / 2]);
    let later: Vec<usize> = places[places.len() / 2 + 1..].iter().map(|place| place - middle - 1).collect();
    cut(behind, &later);
}

impl<S: Source> Desk<'_, S> {
    /// How many customers are in each combination of fifths.
    pub(super) fn segments(&self) -> Result<Body, ReportFault> {
        let question =
            Question { named_only: true, ..self.question(&[Measure::Orders, Measure::Sales], &[Dim::Customer]) };
        let place = |[r, f, m]: [u8; 3]| usize::from(r) * 36 + usize::from(f) * 6 + usize::from(m);
        let mut counts = [0i128; 6 * 6 * 6];
        for (_, fifths) in self.ranked(&question)? {
            counts[place(fifths)] += 1;
        }
        let total = counts.iter().sum();
        let number = |value: u8| Value::Count(i128::from(value));
        let all = (1..=5).flat_map(|r| (1..=5).flat_map(move |f| (1..=5).map(move |m| [r, f, m])));
        let rows = all.filter(|fifths| counts[place(*fifths)] != 0).map(|fifths| {
            let name = SEGMENTS[usize::from(segment(fifths))];
            let [recency, frequency, monetary] = fifths.map(number);
            vec![recency, frequency, monetary, Value::text(name), Value::Count(counts[place(fifths)])]
        });
        Ok(Body {
            columns: vec![
                AnswerColumn::new("recency", Kind::Number),
                AnswerColumn::new("frequency", Kind::Number),
                AnswerColumn::new("monetary", Kind::Number),
                AnswerColumn::new("segment", Kind::Text),
                AnswerColumn::new("customers", Kind::Count),
            ],
            rows: rows.collect(),
            totals: vec![("customers".to_owned(), Value::Count(total))],
        })
    }

    /// The named segment of every customer, over everything ever sold.
    pub(super) fn segment_codes(&self) -> Result<Segments, ReportFault> {
        let measures = [Measure::Orders, Measure::Sales];
        let question = Question { named_only: true, ..Question::new(&measures, &[Dim::Customer], self.as_of) };
        let mut codes = vec![0; self.source.people().present.len()];
        for (id, fifths) in self.ranked(&question)? {
            if let Some(code) = codes.get_mut(id as usize) {
                *code = segment(fifths);
            }
        }
        Ok(Arc::new(codes))
    }

    /// Every buyer with fifths of recency, frequency and money.
    fn ranked(&self, question: &Question) -> Result<Vec<(u32, [u8; 3])>, ReportFault> {
        let marks = self.collect(question, true, |collected| Ok(Marks::of(collected, self.source)))?;
        let ranks = self.id_ranks(&marks.ids)?;
        let (recency, frequency, monetary) = std::thread::scope(|scope| {
            let monetary = scope.spawn(|| {
                // Half as wide is half the work.
                let narrow: Result<Vec<i64>, _> = marks.sales.iter().map(|sales| i64::try_from(*sales)).collect();
                narrow.map_or_else(|_| fifths(&marks.sales, &ranks), |sales| fifths(&sales, &ranks))
            });
            let recency = fifths(&marks.last_ms, &ranks);
            let frequency = fifths(&marks.orders, &ranks);
            // A panic in a worker goes on in whoever asked.
            let monetary = monetary.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (recency, frequency, monetary)
        });
        let all = marks.ids.into_iter().zip(recency).zip(frequency).zip(monetary);
        Ok(all.map(|(((id, r), f), m)| (id, [r, f, m])).collect())
    }

    /// The places of the buyers' ids among all ids.
    fn id_ranks(&self, buyers: &[u32]) -> Result<Vec<u32>, ReportFault> {
        if !self.source.people().ids_disordered {
            return Ok(buyers.to_vec());
        }
        let mut ids = self.source.customer_ids()?;
        ids.sort_by(|a, b| compare_external(&a.1, &b.1));
        let mut places = vec![u32::MAX; self.source.people().present.len()];
        for ((id, _), place) in ids.into_iter().zip(0..) {
            if let Some(slot) = places.get_mut(id.0 as usize) {
                *slot = place;
            }
        }
        Ok(buyers.iter().map(|id| places.get(*id as usize).copied().unwrap_or(u32::MAX)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifths_are_those_of_ntile() {
        // Seven customers: NTILE(5) makes two of the first two groups and one of the others.
        assert_eq!(fifths(&[3, 1, 3, 9, 1, 2, 5], &[1, 2, 3, 4, 5, 6, 7]), [2, 1, 3, 5, 1, 2, 4]);
        // Two customers fill the first two.
        assert_eq!(fifths(&[0, 0], &[1, 0]), [2, 1]);
        assert!(fifths::<i64>(&[], &[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn bounds_alone_give_what_a_full_sort_gives(values in proptest::collection::vec(0i128..9, 0..70)) {
            let ranks: Vec<u32> = (0..values.len() as u32).map(|at| at * 7 % 71).collect();
            let mut sorted: Vec<usize> = (0..values.len()).collect();
            sorted.sort_by_key(|at| (values[*at], ranks[*at]));
            let mut expected = vec![0; values.len()];
            for (place, at) in sorted.into_iter().enumerate() {
                let (size, larger) = (values.len() / 5, values.len() % 5);
                let fifth = (1..=5).find(|fifth| place < fifth * size + (*fifth).min(larger)).unwrap_or(5);
                expected[at] = fifth as u8;
            }
            proptest::prop_assert_eq!(fifths(&values, &ranks), expected);
        }
    }

    #[test]
    fn every_combination_has_a_name() {
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    assert!((1..SEGMENTS.len()).contains(&usize::from(segment([r, f, m]))));
                }
            }
        }
        assert_eq!(SEGMENTS[usize::from(segment([5, 5, 5]))], "champions");
        assert_eq!(SEGMENTS[usize::from(segment([1, 1, 1]))], "lost");
    }
}
