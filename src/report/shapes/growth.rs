//! Sales against the same time a year before, by year, quarter or month.

use super::cube::{member_columns, member_values};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::cube::Groups;
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Base, Dim, Measure, Question, percent};
use crate::report::{Kind, ReportFault, Value};
use std::collections::HashMap;

impl<S: Source> Desk<'_, S> {
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
