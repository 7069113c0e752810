//! One customer's orders, and sales against the same time a year before.

use super::answer::AnswerColumn;
use super::ask::{Desk, member_columns, member_values};
use super::body::Body;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::finish::Groups;
use super::measure::{Base, Measure, percent};
use super::question::Question;
use super::source::Source;
use super::value::{Kind, Value};
use crate::domain::{Order, fact};
use crate::unit::id::compare_external;
use std::collections::HashMap;

impl<S: Source> Desk<'_, S> {
    /// A customer's orders, newest first, cancelled ones too.
    pub(super) fn history(&self) -> Result<Body, ReportFault> {
        if let Some(filter) = self.request.filters.first() {
            return Err(ReportFault::NotHere(format!(
                "order-history lists a customer's orders; it cannot be sliced by {}",
                filter.dim.word()
            )));
        }
        let mut orders = match self.customer()? {
            Some(customer) => self.source.orders_of(customer)?,
            None => Vec::new(),
        };
        self.explain("customer index", orders.len() as u64);
        orders.retain(|order| self.in_period(order));
        orders.sort_by(|a, b| {
            let at = |order: &Order| order.placed.map(|stamp| stamp.unix_ms);
            at(b).cmp(&at(a)).then_with(|| compare_external(&a.id(), &b.id()))
        });
        orders.truncate(self.request.top.unwrap_or(usize::MAX));
        let mut rows = Vec::with_capacity(orders.len());
        let (mut lines, mut units, mut sales) = (0, 0, 0);
        for order in &orders {
            let Some(meant) = fact::facts(order) else { continue };
            let of = |value: fn(&fact::LineFact) -> i64| {
                meant.lines.iter().map(|line| i128::from(value(line))).sum::<i128>()
            };
            let figures = (meant.lines.len() as i128, of(|line| line.units.0), of(|line| line.sales.0));
            (lines, units, sales) = (lines + figures.0, units + figures.1, sales + figures.2);
            rows.push(vec![
                Value::Text(order.id()),
                order.placed.map_or(Value::Null, Value::Time),
                Value::text(order.status.word()),
                Value::Count(figures.0),
                Value::Quantity(figures.1),
                Value::Money(figures.2),
            ]);
        }
        Ok(Body {
            columns: vec![
                AnswerColumn::new("id", Kind::Id),
                AnswerColumn::new("ordered_at", Kind::Time),
                AnswerColumn::new("status", Kind::Text),
                AnswerColumn::new("lines", Kind::Count),
                AnswerColumn::new("units", Kind::Quantity),
                AnswerColumn::new("sales", Kind::Money),
            ],
            totals: vec![
                ("orders".to_owned(), Value::Count(rows.len() as i128)),
                ("lines".to_owned(), Value::Count(lines)),
                ("units".to_owned(), Value::Quantity(units)),
                ("sales".to_owned(), Value::Money(sales)),
            ],
            rows,
        })
    }

    /// Whether an order lies within the request's days and store.
    pub(super) fn in_period(&self, order: &Order) -> bool {
        let stores = &self.source.directory().stores;
        let at_store = self
            .request
            .store
            .as_ref()
            .is_none_or(|id| stores.iter().any(|store| store.id == order.store && *store.ext == **id));
        let (from, to) = (self.request.from, self.request.to);
        let in_time = match order.placed.map(|stamp| stamp.day()) {
            Some(day) => from.is_none_or(|from| from <= day) && to.is_none_or(|to| day < to),
            None => from.is_none() && to.is_none(),
        };
        at_store && in_time
    }

    /// Sales by year, quarter or month, against the same one a year before.
    pub(super) fn growth(&self) -> Result<Body, ReportFault> {
        let dims = if self.request.by.is_empty() { vec![Dim::Year] } else { self.request.by.clone() };
        let year = match dims[..] {
            [Dim::Month] => 12,
            [Dim::Quarter] => 4,
            _ => 1,
        };
        let question = self.question(&[Measure::Sales], &dims);
        let groups = self.groups(&question)?;
        let by_code: HashMap<u32, i128> = match (question.from, question.to) {
            (None, None) => sales_by_code(&groups),
            // The year before lies outside of the period.
            (from, to) => {
                let [from, to] = [from, to].map(|day| day.map(|day| day.add_months(-12)));
                sales_by_code(&self.groups(&Question { from, to, ..question })?)
            }
        };
        let rows = groups.rows.iter().map(|row| {
            let sales = row.sums.of(Base::Sales);
            let before = row.codes[0].checked_sub(year).and_then(|code| by_code.get(&code));
            let mut values = member_values(&dims, &groups, &row.codes);
            values.push(Value::Money(sales));
            values.push(before.map_or(Value::Null, |before| percent(sales - before, *before)));
            values
        });
        let rows = rows.collect();
        let mut columns = member_columns(&dims, false);
        columns.push(AnswerColumn::new("sales", Kind::Money));
        columns.push(AnswerColumn::new("growth_pct", Kind::Percent));
        Ok(Body { columns, rows, totals: vec![("sales".to_owned(), Value::Money(groups.totals.of(Base::Sales)))] })
    }
}

fn sales_by_code(groups: &Groups) -> HashMap<u32, i128> {
    groups.rows.iter().map(|row| (row.codes[0], row.sums.of(Base::Sales))).collect()
}
