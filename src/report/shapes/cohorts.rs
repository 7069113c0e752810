//! Customers by the month of their first order, and how many of them bought again in each month after.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Dim, date_label};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::number::ratio4;
use std::collections::BTreeMap;

impl<S: Source> Desk<'_, S> {
    /// First-order month × months since: customers, and their share of the cohort.
    pub(super) fn cohorts(&self) -> Result<Body, ReportFault> {
        let (first, bought) = self.came()?;
        let mut cohorts: BTreeMap<(u32, u32), i128> = BTreeMap::new();
        for (customer, month) in &bought {
            if let Some(began) = first.get(*customer as usize) {
                *cohorts.entry((*began, month - began)).or_default() += 1;
            }
        }
        let size = |month: u32| cohorts.get(&(month, 0)).copied().unwrap_or(0);
        let asked = |month: u32, since: u32| {
            let label = |month| date_label(Dim::Month, month);
            self.keeps(Dim::Cohort, &label(month)) && self.keeps(Dim::Month, &label(month + since))
        };
        let shown: Vec<_> = cohorts.iter().filter(|((month, since), _)| asked(*month, *since)).collect();
        let rows = shown.iter().map(|((month, since), count)| {
            vec![
                Value::text(date_label(Dim::Month, *month)),
                Value::Count(i128::from(*since)),
                Value::Count(**count),
                ratio4(**count, size(*month)).map_or(Value::Null, |share| Value::Fixed4(share.0)),
            ]
        });
        let total = shown.iter().filter(|((_, since), _)| *since == 0).map(|(_, count)| **count).sum();
        Ok(Body {
            columns: vec![
                AnswerColumn::new("cohort", Kind::Month),
                AnswerColumn::new("months_since", Kind::Number),
                AnswerColumn::new("customers", Kind::Count),
                AnswerColumn::new("retention", Kind::Ratio),
            ],
            rows: rows.collect(),
            totals: vec![("customers".to_owned(), Value::Count(total))],
        })
    }
}
