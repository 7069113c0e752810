//! Orders and returns one at a time, newest first, each with what it adds to a question: what lies behind a figure. Every
//! fact is scanned alone by the code that scans them together, so that both always agree.
//!
//! Knows no report.

use crate::domain::fact::{Fact, OrderFact, ReturnFact, Signed};
use crate::report::ReportFault;
use crate::report::cells::Cells;
use crate::report::cube::{Stop, add_facts};
use crate::report::desk::Desk;
use crate::report::facts::{Part, ScanFault, Source, damaged};
use crate::report::plan::Plan;
use crate::report::question::{Base, Dim, Origin, Question, Sums};
use crate::report::scan::Scanner;
use crate::store::segment::{Segment, Shelf, View};
use crate::unit::{Day, OrderNo, ReturnNo, Stamp, StoreId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Room for words of orders: a plan of one order never runs out of it.
const ROOM: u64 = 1 << 12;

/// An order or a return, and what it adds.
pub(crate) struct Single {
    /// The order, or the return's where it has one.
    pub(crate) order: Option<OrderNo>,
    /// Whether it is a return.
    pub(crate) back: bool,
    pub(crate) store: StoreId,
    pub(crate) at: Option<Stamp>,
    pub(crate) sums: Sums,
}

/// The facts of a day as they are now.
#[derive(Default)]
struct DayNow {
    orders: BTreeMap<OrderNo, OrderFact>,
    returns: BTreeMap<ReturnNo, ReturnFact>,
}

impl DayNow {
    fn turn(&mut self, signed: &Signed) {
        match (&signed.fact, signed.plus) {
            (Fact::Order(fact), true) => drop(self.orders.insert(fact.no, fact.clone())),
            (Fact::Order(fact), false) => drop(self.orders.remove(&fact.no)),
            (Fact::Return(fact), true) => drop(self.returns.insert(fact.no, fact.clone())),
            (Fact::Return(fact), false) => drop(self.returns.remove(&fact.no)),
            (Fact::Feedback(_), _) => {}
        }
    }
}

impl<S: Source> Desk<'_, S> {
    /// Hands `take` whatever adds to `question`, newest first, what has no date last, until it says that it has enough.
    /// `dims` are those of the report: with goods among them an order without lines is in no row.
    pub(super) fn one_by_one(
        &self,
        question: &Question,
        dims: &[Dim],
        take: &mut dyn FnMut(Single) -> bool,
    ) -> Result<(), ReportFault> {
        let past = self.past(question)?;
        let plan = Plan::bind(question, self.source, past, ROOM, false)?;
        let mut tail: BTreeMap<Option<Day>, Vec<Arc<Signed>>> = BTreeMap::new();
        for signed in self.source.facts_after(self.source.watermark()) {
            let day = day_of(&signed.fact);
            if plan.wants(day) {
                tail.entry(day).or_default().push(signed);
            }
        }
        let of_orders = question.measures.iter().flat_map(|measure| measure.bases()).any(|base| !base.is_of_returns())
            && !dims.contains(&Dim::Reason);
        let mut read = 0;
        for day in self.days(&plan, &tail)?.into_iter().rev().map(Some).chain(plan.wants_undated().then_some(None)) {
            self.go_on()?;
            let now = self.day_now(&plan, day, tail.get(&day).map_or(&[], Vec::as_slice))?;
            read += (now.orders.len() + now.returns.len()) as u64;
            for single in adding(&plan, now, dims, of_orders)? {
                if !take(single) {
                    self.explain("orders one by one", read);
                    return Ok(());
                }
            }
        }
        self.explain("orders one by one", read);
        Ok(())
    }

    /// The days that may hold something.
    fn days(&self, plan: &Plan, tail: &BTreeMap<Option<Day>, Vec<Arc<Signed>>>) -> Result<BTreeSet<Day>, ReportFault> {
        let mut days: BTreeSet<Day> = tail.keys().flatten().copied().collect();
        if let Some((first, last)) = self.source.days()? {
            let from = plan.from.map_or(first, |from| from.max(first));
            let to = plan.to.map_or(last.0 + 1, |to| to.0.min(last.0 + 1));
            days.extend((from.0..to).map(Day).filter(|day| plan.wants(Some(*day))));
        }
        Ok(days)
    }

    /// A day as it is now. Where nothing has changed since it was sealed, segments that add nothing are passed over.
    fn day_now(&self, plan: &Plan, day: Option<Day>, tail: &[Arc<Signed>]) -> Result<DayNow, ReportFault> {
        let mut now = DayNow::default();
        let mut visit = |day: Option<Day>, shelf: &dyn Shelf| {
            if tail.is_empty() && !adds(plan, day, shelf)? {
                return Ok(());
            }
            let segment = Segment::decode(shelf).map_err(|why| damaged(day, why))?;
            now.orders.extend(segment.order_facts().into_iter().map(|fact| (fact.no, fact)));
            now.returns.extend(segment.return_facts().into_iter().map(|fact| (fact.no, fact)));
            Ok(())
        };
        match day {
            Some(day) => self.source.segments(day, day.add_days(1), &mut visit)?,
            None => self.source.undated(&mut visit)?,
        }
        tail.iter().for_each(|signed| now.turn(signed));
        Ok(now)
    }
}

/// Whether anything in a segment adds to the question.
fn adds(plan: &Plan, day: Option<Day>, shelf: &dyn Shelf) -> Result<bool, ReportFault> {
    let view = View::open(shelf).map_err(|why| damaged(day, why))?;
    let mut cells = Cells::new(&plan.layout);
    let scanned = Scanner::default().scan(plan, &view, Part::Sealed(&HashSet::new()), &mut cells);
    scanned.map_err(|fault| match fault {
        ScanFault::Room => ReportFault::TooManyCells,
        ScanFault::Codec(why) => damaged(day, why),
    })?;
    Ok((1..cells.slots()).any(|slot| cells.sum(slot, Base::Orders) != 0 || cells.sum(slot, Base::Returns) != 0))
}

fn day_of(fact: &Fact) -> Option<Day> {
    let stamp = match fact {
        Fact::Order(fact) => fact.placed,
        Fact::Return(fact) => fact.at,
        Fact::Feedback(fact) => fact.at,
    };
    stamp.map(|stamp| stamp.day())
}

/// Those of a day's facts that add something, newest first.
fn adding(plan: &Plan, now: DayNow, dims: &[Dim], of_orders: bool) -> Result<Vec<Single>, ReportFault> {
    let of_lines = dims.iter().any(|dim| matches!(dim.origin(), Origin::Product | Origin::LineWords));
    let returns = plan.returns && !dims.contains(&Dim::TaxRate);
    let mut found = Vec::new();
    for fact in now.orders.into_values().filter(|fact| of_orders && !(of_lines && fact.lines.is_empty())) {
        let (order, store, at) = (Some(fact.no), fact.store, fact.placed);
        let sums = alone(plan, Fact::Order(fact))?;
        found.push((fact_order(at, order), Single { order, back: false, store, at, sums }));
    }
    for fact in now.returns.into_values().filter(|_| returns) {
        let (order, store, at, no) = (fact.order, fact.store, fact.at, fact.no);
        let sums = alone(plan, Fact::Return(fact))?;
        found.push((fact_order(at, Some(OrderNo(no.0))), Single { order, back: true, store, at, sums }));
    }
    found.retain(|(_, single)| single.sums.of(Base::Orders) != 0 || single.sums.of(Base::Returns) != 0);
    found.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.back.cmp(&other.back)));
    Ok(found.into_iter().map(|(_, single)| single).collect())
}

fn fact_order(at: Option<Stamp>, no: Option<OrderNo>) -> (i64, u64) {
    (at.map_or(i64::MIN, |stamp| stamp.unix_ms), no.map_or(0, |no| no.0))
}

/// What one fact comes to.
fn alone(plan: &Plan, fact: Fact) -> Result<Sums, ReportFault> {
    let mut cells = Cells::new(&plan.layout);
    let signed = [Arc::new(Signed { plus: true, fact })];
    add_facts(plan, &signed, &mut cells).map_err(|stop| match stop {
        Stop::Room => ReportFault::TooManyCells,
        Stop::Fault(fault) => fault,
    })?;
    let mut sums = Sums::default();
    for slot in 1..cells.slots() {
        sums.base.iter_mut().zip(cells.sums(slot)).for_each(|(sum, value)| *sum += value);
    }
    Ok(sums)
}
