//! What customers said: complaints by month, and everything by category and rating.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::{Desk, said_by};
use crate::report::facts::Source;
use crate::report::kept::Said;
use crate::report::question::{Dim, Measure, Question, UNKNOWN, date_label, day_code};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::Text;
use std::collections::BTreeMap;

impl<S: Source> Desk<'_, S> {
    /// Hands every piece of feedback that is asked for to `take`, the tail's too.
    fn feedback_facts(&self, dated_only: bool, take: impl FnMut(Said<'_>)) -> Result<(), ReportFault> {
        let question = Question { dated_only, ..self.question(&[Measure::Orders], &[]) };
        if let Some(filter) = question.filters.iter().find(|filter| !said_by(filter.dim)) {
            return Err(ReportFault::NotHere(format!(
                "{} knows when and from whom, not {}; slice by dates or by customers",
                self.request.preset.name,
                filter.dim.word()
            )));
        }
        self.said(&question, false, take)
    }

    /// Complaints by month.
    pub(super) fn complaints(&self) -> Result<Body, ReportFault> {
        let mut months: BTreeMap<u32, [i64; 3]> = BTreeMap::new();
        self.feedback_facts(true, |said| {
            if let (Some(day), true) = (said.day, said.complaint) {
                let counts = months.entry(day_code(Dim::Month, day)).or_default();
                counts[0] += said.count;
                counts[if said.resolved { 2 } else { 1 }] += said.count;
            }
        })?;
        months.retain(|_, counts| counts[0] != 0);
        let count = |value: i64| Value::Count(i128::from(value));
        let total = |at: usize| count(months.values().map(|counts| counts[at]).sum());
        let rows = months.iter().map(|(month, [all, open, resolved])| {
            vec![Value::text(date_label(Dim::Month, *month)), count(*all), count(*open), count(*resolved)]
        });
        Ok(Body {
            columns: vec![
                AnswerColumn::new("month", Kind::Month),
                AnswerColumn::new("complaints", Kind::Count),
                AnswerColumn::new("open", Kind::Count),
                AnswerColumn::new("resolved", Kind::Count),
            ],
            rows: rows.collect(),
            totals: vec![
                ("complaints".to_owned(), total(0)),
                ("open".to_owned(), total(1)),
                ("resolved".to_owned(), total(2)),
            ],
        })
    }

    /// Feedback by category and rating.
    pub(super) fn feedback(&self) -> Result<Body, ReportFault> {
        let mut counts: BTreeMap<(bool, Text, bool, u32), i64> = BTreeMap::new();
        self.feedback_facts(false, |said| {
            let named = said.category.is_some();
            let category = said.category.cloned().unwrap_or_else(|| Text::from(UNKNOWN));
            *counts.entry((!named, category, said.rating == 0, said.rating)).or_default() += said.count;
        })?;
        counts.retain(|_, count| *count != 0);
        let rows = counts.iter().map(|((_, category, unrated, rating), count)| {
            let rating = if *unrated { Value::text(UNKNOWN) } else { Value::Count(i128::from(rating - 1)) };
            vec![Value::text(category.as_str()), rating, Value::Count(i128::from(*count))]
        });
        Ok(Body {
            columns: vec![
                AnswerColumn::new("category", Kind::Text),
                AnswerColumn::new("rating", Kind::Number),
                AnswerColumn::new("count", Kind::Count),
            ],
            rows: rows.collect(),
            totals: vec![("count".to_owned(), Value::Count(counts.values().map(|count| i128::from(*count)).sum()))],
        })
    }
}
