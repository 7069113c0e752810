//! What people do by hand at the counter: discounts, prices other than those on record, voided lines and returns, by
//! cashier. Voids and changed prices are in the journal alone.

use crate::domain::{Change, Order, Status};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan};
use crate::report::question::{Dim, Hand, Measure, Origin, Sums};
use crate::report::{Kind, ReportFault, Value};
use crate::store::segment::Column;
use crate::unit::id::compare_external;
use crate::unit::{RegisterId, Seq, StaffId, Stamp, StoreId, Zone};
use std::collections::{HashMap, HashSet};

/// Times something was done by hand, and what it came to.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    times: i128,
    amount: i128,
}

/// A cashier's row.
struct Row {
    id: Value,
    name: Value,
    sums: Sums,
    done: Done,
}

impl Hand {
    fn measures(self) -> &'static [(&'static str, Measure)] {
        match self {
            Hand::Prices => &[
                ("orders", Measure::Orders),
                ("gross", Measure::Gross),
                ("discounts", Measure::Discounts),
                ("discount_pct", Measure::DiscountPct),
            ],
            Hand::Voids => &[
                ("orders", Measure::Orders),
                ("returns", Measure::ReturnCount),
                ("units", Measure::ReturnedUnits),
                ("refund", Measure::Refund),
                ("rate", Measure::ReturnRate),
            ],
        }
    }

    fn columns(self) -> [&'static str; 2] {
        match self {
            Hand::Prices => ["price_overrides", "override_value"],
            Hand::Voids => ["voids", "voided_value"],
        }
    }
}

impl<S: Source> Desk<'_, S> {
    /// By cashier, `unknown` last.
    pub(super) fn by_hand(&self, hand: Hand) -> Result<Body, ReportFault> {
        let measures: Vec<Measure> = hand.measures().iter().map(|(_, measure)| *measure).collect();
        let question = self.question(&measures, &[Dim::Cashier]);
        let groups = self.groups(&question)?;
        let mut done = self.done(hand)?;
        let mut rows: Vec<Row> = Vec::new();
        for group in &groups.rows {
            let (id, name) = (groups.names.id(0, group.codes[0]), groups.names.name(0, group.codes[0]));
            let done = done.remove(&id.plain(0)).unwrap_or_default();
            rows.push(Row { id, name, sums: group.sums, done });
        }
        // Who only voided has no order and no return.
        let people = &self.source.directory().staff;
        let known = rows.len();
        for (id, done) in done {
            let name = people.iter().find(|person| *person.ext == *id).map(|person| Value::text(&person.name));
            rows.push(Row { name: name.unwrap_or(Value::Null), id: Value::text(id), sums: Sums::default(), done });
        }
        rows[known..].sort_by(|a, b| compare_external(&a.id.plain(0), &b.id.plain(0)));
        if let Some(sort) = self.request.sort {
            rows.sort_by_key(|row| std::cmp::Reverse(sort.rank(&row.sums)));
        }
        rows.truncate(self.request.top.unwrap_or(usize::MAX));
        Ok(laid_out(hand, &rows))
    }

    /// What the journal says, by the cashier's id; sliced by people, places and days.
    fn done(&self, hand: Hand) -> Result<HashMap<String, Done>, ReportFault> {
        let question = self.question(&[Measure::Orders], &[]);
        let known = |dim: Dim| matches!(dim.origin(), Origin::Store | Origin::Register | Origin::Cashier | Origin::Day);
        if let Some(filter) = question.filters.iter().find(|filter| !known(filter.dim)) {
            return Err(ReportFault::NotHere(format!(
                "{} knows cashiers, registers, stores and days, not {}",
                self.request.preset.name,
                filter.dim.word()
            )));
        }
        let plan = Plan::bind(&question, self.source, None, 1, false)?;
        let directory = self.source.directory();
        let zone = directory.settings.as_ref().map(|settings| settings.zone).unwrap_or_else(Zone::utc);
        let (mut done, mut cancelled, mut read) = (HashMap::<StaffId, Done>::new(), HashSet::new(), 0);
        let mut add = |by: StaffId, times: i128, amount: i128| {
            let done = done.entry(by).or_default();
            done.times += times;
            done.amount += amount;
        };
        self.source.entries_back(Seq(u64::MAX), &mut |entry| {
            read += 1;
            if self.go_on().is_err() {
                return false;
            }
            // Zones are at most a day apart.
            let day = Stamp::at(entry.at_ms, &zone).day();
            if self.request.from.is_some_and(|from| day.add_days(1) < from) {
                return false;
            }
            for change in &entry.changes {
                match change {
                    Change::OrderStepped { order, status: Status::Cancelled, .. } => drop(cancelled.insert(*order)),
                    Change::LineVoided { register, by, value, at, .. } if hand == Hand::Voids => {
                        let store = directory.register(*register).map_or(StoreId(0), |register| register.store);
                        if wanted(&plan, *at, store, Some(*register), *by) {
                            add(*by, 1, i128::from(value.0));
                        }
                    }
                    Change::OrderPlaced { order, .. } if hand == Hand::Prices => {
                        let (Some(at), Some(by)) = (order.placed, order.cashier) else { continue };
                        let counts = order.status != Status::Cancelled && !cancelled.contains(&order.no);
                        if counts && wanted(&plan, at, order.store, order.register, by) {
                            let (times, amount) = overridden(order);
                            add(by, times, amount);
                        }
                    }
                    _ => {}
                }
            }
            true
        })?;
        self.go_on()?;
        self.explain("journal", read);
        let id = |by: StaffId| directory.person(by).map(|person| person.ext.to_string());
        let done = done.into_iter().filter(|(_, done)| done.times != 0);
        Ok(done.filter_map(|(by, done)| Some((id(by)?, done))).collect())
    }
}

/// Whether something done there and then is asked for.
fn wanted(plan: &Plan, at: Stamp, store: StoreId, register: Option<RegisterId>, by: StaffId) -> bool {
    let id = |column: Column| match column {
        Column::OrderStore => u32::from(store.0),
        Column::OrderRegister => register.map_or(0, |register| u32::from(register.0)),
        Column::OrderCashier => u32::from(by.0),
        _ => 0,
    };
    plan.wants(Some(at.day())) && plan.records.iter().all(|table| table.part(id(table.order_column)) != AWAY)
}

/// Lines sold at another price than the one on record, and how much less they brought.
fn overridden(order: &Order) -> (i128, i128) {
    let less = |line: &crate::domain::Line| {
        let listed = line.listed_price?.times_quantity(line.quantity)?;
        Some(i128::from(listed.0) - i128::from(line.gross()?.0))
    };
    order.lines.iter().filter_map(less).fold((0, 0), |(times, sum), amount| (times + 1, sum + amount))
}

fn laid_out(hand: Hand, rows: &[Row]) -> Body {
    let [times, amount] = hand.columns();
    let mut columns = vec![AnswerColumn::new("id", Kind::Id), AnswerColumn::new("name", Kind::Text)];
    columns.extend(hand.measures().iter().map(|(name, measure)| AnswerColumn::new(*name, measure.kind())));
    columns.push(AnswerColumn::new(times, Kind::Count));
    columns.push(AnswerColumn::new(amount, Kind::Money));
    let (mut all, mut done) = (Sums::default(), Done::default());
    for row in rows {
        all.base.iter_mut().zip(row.sums.base).for_each(|(sum, value)| *sum += value);
        done = Done { times: done.times + row.done.times, amount: done.amount + row.done.amount };
    }
    let figures = |sums: &Sums, done: Done| {
        let cube = hand.measures().iter().map(|(_, measure)| measure.value(sums));
        cube.chain([Value::Count(done.times), Value::Money(done.amount)]).collect::<Vec<Value>>()
    };
    let line = |row: &Row| [row.id.clone(), row.name.clone()].into_iter().chain(figures(&row.sums, row.done)).collect();
    let names = columns[2..].iter().map(|column| column.name.clone());
    Body { rows: rows.iter().map(line).collect(), totals: names.zip(figures(&all, done)).collect(), columns }
}
