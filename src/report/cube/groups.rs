//! From cells to rows: who has one, in which order, how many, under which names, and what they add up to.
//!
//! Knows no segment.

use super::collect::Collected;
use super::names::Names;
use super::top::Best;
use crate::report::cells::{Cells, NOWHERE};
use crate::report::facts::Source;
use crate::report::plan::Plan;
use crate::report::question::{Base, Measure, Question, Sums};
use crate::report::{ReportFault, Value};

/// A group with its figures.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) slot: u32,
    /// One code for each dimension.
    pub(crate) codes: Vec<u32>,
    pub(crate) sums: Sums,
}

/// The rows of an answer before they are written.
pub(crate) struct Groups {
    /// In their final order.
    pub(crate) rows: Vec<Group>,
    /// What the rows add up to; distinct counts are distinct over all rows.
    pub(crate) totals: Sums,
    /// Whether rows were cut off: then distinct totals are only the sums of the rows.
    pub(crate) cut: bool,
    /// Whether the distinct totals are right.
    pub(crate) distinct: bool,
    /// The names of the members in the rows.
    pub(crate) names: Names,
}

impl Groups {
    /// The total of a measure; null where it counts what can be in several rows and some were cut off.
    pub(crate) fn total(&self, measure: Measure) -> Value {
        let counts = measure.bases().contains(&Base::Orders);
        if counts && !self.distinct { Value::Null } else { measure.value(&self.totals) }
    }
}

/// The rows of what was collected.
pub(crate) fn groups(question: &Question, collected: &Collected, source: &impl Source) -> Result<Groups, ReportFault> {
    let Collected { plan, cells, .. } = collected;
    let customers = customers_by_slot(question, plan, cells);
    let customers_of = |slot: u32| customers.get(slot as usize).copied().unwrap_or(0);
    let (best, before) = ranked(question, cells, customers_of);
    let dims = plan.places.len();
    let mut codes = Vec::with_capacity(best.len() * dims);
    for (_, slot) in &best {
        let (dates, key) = cells.group(*slot);
        codes.extend(plan.places.iter().map(|(dim, place)| plan.code(*dim, *place, dates, key, source)));
    }
    let names = Names::of(plan, &codes, source)?;
    let mut order: Vec<(i128, u64, usize)> = best
        .iter()
        .zip(names.order(&codes, best.len()))
        .enumerate()
        .map(|(row, (best, key))| (best.0, key, row))
        .collect();
    order.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let row = |(_, _, row): (i128, u64, usize)| {
        let slot = best[row].1;
        let sums = Sums { base: cells.sums(slot), customers: customers_of(slot) };
        Group { slot, codes: codes[row * dims..(row + 1) * dims].to_vec(), sums }
    };
    let groups: Vec<Group> = order.into_iter().take(question.top.unwrap_or(usize::MAX)).map(row).collect();
    let cut = groups.len() < before;
    let totals = totals(plan, cells, &groups, cut);
    Ok(Groups { rows: groups, totals, cut, distinct: true, names })
}

/// The slots that have a row and may be among the first, each with what it is ranked by; and how many have a row.
fn ranked(question: &Question, cells: &Cells, customers_of: impl Fn(u32) -> i64) -> (Vec<(i128, u32)>, usize) {
    let mut before = 0;
    let mut best = Best::new(question.sort.and(question.top));
    // Of the many only what they are ranked by is looked at.
    let mut sums = Sums::default();
    let sorted = question.sort.map_or(&[][..], |sort| sort.bases());
    let [first, last] = [sorted.first(), sorted.last()].map(|base| base.copied().unwrap_or(Base::Orders));
    cells.each(&[Base::Orders, Base::Returns], [first, last], |slot, [of_first, of_last]| {
        before += 1;
        let rank = question.sort.map_or(0, |sort| {
            (sums.base[first as usize], sums.base[last as usize]) = (of_first, of_last);
            sums.customers = customers_of(slot);
            sort.rank(&sums)
        });
        best.take(rank, slot);
    });
    (best.rows(), before)
}

/// How many customers each cell has; nothing where they are not asked for.
fn customers_by_slot(question: &Question, plan: &Plan, cells: &Cells) -> Vec<i64> {
    if !question.figures().any(|measure| measure == Measure::Customers) {
        return Vec::new();
    }
    let mut counts = vec![0; cells.slots() as usize];
    if let Some(pairs) = &cells.pairs {
        for ((slot, _), orders) in pairs {
            counts[*slot as usize] += i64::from(*orders > 0);
        }
        return counts;
    }
    let key = plan.customer_keys();
    // No branch on who has orders: it is as good as random.
    for (customer, orders) in cells.by_customer.iter().flatten().enumerate() {
        let slot = cells.find(&[], key(customer as u32)).unwrap_or(NOWHERE);
        counts[slot as usize] += i64::from(*orders > 0);
    }
    counts[NOWHERE as usize] = 0;
    counts
}

/// What the rows add up to. Orders in several rows count once; customers too.
fn totals(plan: &Plan, cells: &Cells, rows: &[Group], cut: bool) -> Sums {
    let mut totals = Sums::default();
    for row in rows {
        for (total, value) in totals.base.iter_mut().zip(row.sums.base) {
            *total += value;
        }
        totals.customers += row.sums.customers;
    }
    if cut {
        return totals;
    }
    if plan.by_line() {
        totals.base[Base::Orders as usize] = i128::from(cells.orders);
    }
    if let Some(counts) = &cells.by_customer {
        totals.customers = counts.iter().filter(|count| **count > 0).count() as i64;
    }
    totals
}
