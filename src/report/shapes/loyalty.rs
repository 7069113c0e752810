//! Sales to customers who bought for the first time, and to those who came back, by month.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Base, Dim, Measure, Question, date_label, day_code};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::number::ratio4;
use std::collections::{BTreeMap, HashMap};

/// What one kind of customer did in a month.
#[derive(Debug, Default, Clone, Copy)]
struct Part {
    customers: i128,
    orders: i128,
    sales: i128,
}

impl<S: Source> Desk<'_, S> {
    /// New customers are those whose first order ever is in the month. Months are whole; walk-ins are left out.
    pub(super) fn new_against_returning(&self) -> Result<Body, ReportFault> {
        let (measures, dims) = (vec![Measure::Orders, Measure::Sales], vec![Dim::Customer, Dim::Month]);
        let groups = self.groups(&Question { measures, dims, ..self.question_of_cohorts() })?;
        let mut first: HashMap<u32, u32> = HashMap::new();
        for row in &groups.rows {
            if let [customer, month] = row.codes[..]
                && row.sums.of(Base::Orders) > 0
            {
                let known = first.entry(customer).or_insert(month);
                *known = (*known).min(month);
            }
        }
        let mut parts: BTreeMap<(u32, bool), Part> = BTreeMap::new();
        let within = |month: u32| {
            let from = self.request.from.is_none_or(|from| day_code(Dim::Month, from) <= month);
            let to = self.request.to.is_none_or(|to| month <= day_code(Dim::Month, to.add_days(-1)));
            from && to && self.keeps(Dim::Month, &date_label(Dim::Month, month))
        };
        let mut cohorts: HashMap<u32, bool> = HashMap::new();
        let mut of_cohort = |first: u32| {
            *cohorts.entry(first).or_insert_with(|| self.keeps(Dim::Cohort, &date_label(Dim::Month, first)))
        };
        for row in &groups.rows {
            let [customer, month] = row.codes[..] else { continue };
            let orders = row.sums.of(Base::Orders);
            let Some(first) = first.get(&customer).copied().filter(|_| orders > 0) else { continue };
            if within(month) && of_cohort(first) {
                let returning = first < month;
                let part = parts.entry((month, returning)).or_default();
                part.customers += 1;
                part.orders += orders;
                part.sales += row.sums.of(Base::Sales);
            }
        }
        let of_month = |month: u32| {
            [false, true].iter().filter_map(|kind| parts.get(&(month, *kind))).map(|part| part.sales).sum::<i128>()
        };
        let rows = parts.iter().map(|((month, returning), part)| {
            let share = ratio4(part.sales, of_month(*month));
            vec![
                Value::text(date_label(Dim::Month, *month)),
                Value::text(if *returning { "returning" } else { "new" }),
                Value::Count(part.customers),
                Value::Count(part.orders),
                Value::Money(part.sales),
                share.map_or(Value::Null, |share| Value::Fixed4(share.0)),
            ]
        });
        let sum = |of: fn(&Part) -> i128| parts.values().map(of).sum();
        Ok(Body {
            columns: vec![
                AnswerColumn::new("month", Kind::Month),
                AnswerColumn::new("customer_kind", Kind::Text),
                AnswerColumn::new("customers", Kind::Count),
                AnswerColumn::new("orders", Kind::Count),
                AnswerColumn::new("sales", Kind::Money),
                AnswerColumn::new("share", Kind::Ratio),
            ],
            rows: rows.collect(),
            totals: vec![
                ("orders".to_owned(), Value::Count(sum(|part| part.orders))),
                ("sales".to_owned(), Value::Money(sum(|part| part.sales))),
            ],
        })
    }
}
