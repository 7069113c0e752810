//! From cells to rows: who has one, in which order, how many, under which names, and what they add up to.
//!
//! Knows no segment.

use super::collect::Collected;
use super::top::Best;
use crate::report::cells::{Cells, NOWHERE, Table};
use crate::report::facts::Source;
use crate::report::plan::Plan;
use crate::report::question::{Base, Dim, Measure, Origin, Question, Sums, UNKNOWN};
use crate::report::{ReportFault, Value};
use crate::unit::CustomerId;
use crate::unit::id::compare_external;
use std::cmp::Ordering;

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

/// What the members of each dimension are called: an id where they are records, and a name.
pub(crate) struct Names {
    dims: Vec<Table<u32, Member>>,
}

/// A member's place among the others, and its names.
#[derive(Debug, Clone)]
struct Member {
    rank: usize,
    id: Value,
    name: Value,
}

impl Groups {
    /// The total of a measure; null where it counts what can be in several rows and some were cut off.
    pub(crate) fn total(&self, measure: Measure) -> Value {
        let counts = measure.bases().contains(&Base::Orders);
        if counts && !self.distinct { Value::Null } else { measure.value(&self.totals) }
    }
}

impl Names {
    /// The id of a record, or the only name of another member.
    pub(crate) fn id(&self, dim: usize, code: u32) -> Value {
        self.member(dim, code).map_or(Value::Null, |member| member.id.clone())
    }

    /// The name of a record.
    pub(crate) fn name(&self, dim: usize, code: u32) -> Value {
        self.member(dim, code).map_or(Value::Null, |member| member.name.clone())
    }

    fn rank(&self, dim: usize, code: u32) -> usize {
        self.member(dim, code).map_or(usize::MAX, |member| member.rank)
    }

    fn member(&self, dim: usize, code: u32) -> Option<&Member> {
        self.dims.get(dim)?.get(&code)
    }

    fn of(plan: &Plan, rows: &[Group], source: &impl Source) -> Result<Names, ReportFault> {
        let mut dims = Vec::with_capacity(plan.places.len());
        for (at, (dim, _)) in plan.places.iter().enumerate() {
            let mut codes: Vec<u32> = rows.iter().map(|row| row.codes[at]).collect();
            codes.sort_unstable();
            codes.dedup();
            let mut members = Vec::with_capacity(codes.len());
            for code in codes {
                let (id, name) = names(plan, *dim, code, source)?;
                members.push((code, id, name));
            }
            members.sort_by(|a, b| compare_members(*dim, (a.0, &a.1), (b.0, &b.1)));
            let ranked = members.into_iter().enumerate();
            dims.push(ranked.map(|(rank, (code, id, name))| (code, Member { rank, id, name })).collect());
        }
        Ok(Names { dims })
    }
}

/// The id and name of a member; the same word twice where it is no record.
pub(crate) fn names(plan: &Plan, dim: Dim, code: u32, source: &impl Source) -> Result<(Value, Value), ReportFault> {
    if dim == Dim::Customer {
        return customer_names(code, source);
    }
    if dim.is_entity() {
        return Ok(plan.members.record(dim, code, source));
    }
    let label = plan.members.label(dim, code, source);
    Ok((label.clone(), label))
}

/// A customer's id and name.
pub(crate) fn customer_names(code: u32, source: &impl Source) -> Result<(Value, Value), ReportFault> {
    let found = if code == 0 { None } else { source.customer(CustomerId(code))? };
    Ok(match found {
        Some((id, name)) => (Value::text(&id), name.map_or(Value::Null, |name| Value::text(&name))),
        None => (Value::text(UNKNOWN), Value::text(UNKNOWN)),
    })
}

/// The order of members: dates, hours and ages by their codes, the others by id or word; `unknown` comes last.
fn compare_members(dim: Dim, a: (u32, &Value), b: (u32, &Value)) -> Ordering {
    let by_code =
        matches!(dim.origin(), Origin::Day | Origin::Time | Origin::Status) || dim == Dim::AgeGroup || dim.is_of_past();
    if by_code && !dim.is_of_past() {
        return a.0.cmp(&b.0);
    }
    let unknown = |code: u32| code == 0;
    unknown(a.0).cmp(&unknown(b.0)).then_with(|| match (by_code, a.1, b.1) {
        (false, Value::Text(x), Value::Text(y)) => compare_external(x, y),
        _ => a.0.cmp(&b.0),
    })
}

/// The rows of what was collected.
pub(crate) fn groups(question: &Question, collected: &Collected, source: &impl Source) -> Result<Groups, ReportFault> {
    let Collected { plan, cells, .. } = collected;
    let customers = customers_by_slot(question, plan, cells);
    let has_row = |slot: &u32| cells.sum(*slot, Base::Orders) != 0 || cells.sum(*slot, Base::Returns) != 0;
    let counted =
        |slot: u32| Sums { base: cells.sums(slot), customers: customers.get(slot as usize).copied().unwrap_or(0) };
    let mut before = 0;
    let mut best = Best::new(question.sort.and(question.top));
    // Of the many only what they are ranked by is looked at.
    let mut sums = Sums::default();
    for slot in (1..cells.slots()).filter(has_row) {
        before += 1;
        let rank = question.sort.map_or(0, |sort| {
            sort.bases().iter().for_each(|base| sums.base[*base as usize] = cells.sum(slot, *base));
            sums.customers = customers.get(slot as usize).copied().unwrap_or(0);
            sort.rank(&sums)
        });
        best.take(rank, slot);
    }
    let rows = best.rows();
    let groups: Vec<Group> = rows.iter().map(|(_, slot)| group(plan, cells, *slot, counted(*slot), source)).collect();
    let names = Names::of(plan, &groups, source)?;
    let rank = |row: &Group| question.sort.map_or(0, |sort| sort.rank(&row.sums));
    let dims = plan.places.len();
    let figures: Vec<i128> = groups.iter().map(rank).collect();
    let places: Vec<usize> =
        groups.iter().flat_map(|row| (0..dims).map(|dim| names.rank(dim, row.codes[dim]))).collect();
    let members = |row: usize| &places[row * dims..(row + 1) * dims];
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_unstable_by(|a, b| figures[*b].cmp(&figures[*a]).then_with(|| members(*a).cmp(members(*b))));
    let mut groups: Vec<Option<Group>> = groups.into_iter().map(Some).collect();
    let groups: Vec<Group> =
        order.into_iter().take(question.top.unwrap_or(usize::MAX)).filter_map(|row| groups[row].take()).collect();
    let cut = groups.len() < before;
    let totals = totals(plan, cells, &groups, cut);
    Ok(Groups { rows: groups, totals, cut, distinct: true, names })
}

fn group(plan: &Plan, cells: &Cells, slot: u32, sums: Sums, source: &impl Source) -> Group {
    let (dates, key) = cells.group(slot);
    let codes = plan.places.iter().map(|(dim, place)| plan.code(*dim, *place, dates, key, source)).collect();
    Group { slot, codes, sums }
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
