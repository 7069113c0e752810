//! What customers said: complaints by month, and everything by category and rating.

use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::calendar::{date_label, day_code};
use super::collect::{by_day, damaged};
use super::columns::Columns;
use super::dimension::{Dim, Origin};
use super::fault::ReportFault;
use super::keys::AWAY;
use super::measure::Measure;
use super::members::UNKNOWN;
use super::plan::Plan;
use super::question::Question;
use super::source::Source;
use super::value::{Kind, Value};
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Segment, View, Words};
use crate::unit::{Day, OrderNo, Text};
use std::collections::BTreeMap;

/// A piece of feedback, as far as reports count it.
pub(super) struct Said<'a> {
    day: Option<Day>,
    category: Option<&'a Text>,
    /// 1 + the rating; 0 for none.
    rating: u32,
    resolved: bool,
    /// The order it is about.
    pub(super) order: Option<OrderNo>,
    /// 1, or -1 where it is taken away.
    pub(super) sign: i64,
}

impl Said<'_> {
    /// Whether it is one of the category complaint, in any case.
    pub(super) fn is_complaint(&self) -> bool {
        self.category.is_some_and(|category| category.eq_ignore_ascii_case("complaint"))
    }
}

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
        self.said(&question, take)
    }

    /// Hands every piece of feedback that `question` asks for to `take`; it knows when and from whom alone.
    pub(super) fn said(&self, question: &Question, mut take: impl FnMut(Said<'_>)) -> Result<(), ReportFault> {
        let segments = if question.mentions(Dim::Segment) { Some(self.segment_codes()?) } else { None };
        let plan = Plan::bind(question, self.source, segments, 1, false)?;
        let mut rows = 0;
        let mut visit = |day: Option<Day>, bytes: &[u8]| -> Result<(), ReportFault> {
            let view = View::open(bytes).map_err(|why| damaged(day, why))?;
            rows += view.header().feedback as u64;
            read(&plan, &view, day, 1, &mut take).map_err(|why| damaged(day, why))
        };
        if let Some((first, last)) = self.source.days()? {
            let (from, to) = (plan.from.unwrap_or(first), plan.to.unwrap_or(last.add_days(1)));
            self.source.segments(from.max(first), to.min(Day(last.0 + 1)), &mut visit)?;
        }
        if plan.wants_undated() {
            self.source.undated(&mut visit)?;
        }
        for ((day, plus), facts) in by_day(&self.source.facts_after(self.source.watermark())) {
            let segment = Segment::build(&[], &[], &facts.feedback);
            read(&plan, &segment, day, if plus { 1 } else { -1 }, &mut take).map_err(|why| damaged(day, why))?;
        }
        self.explain("feedback scan", rows);
        Ok(())
    }

    /// Complaints by month.
    pub(super) fn complaints(&self) -> Result<Body, ReportFault> {
        let mut months: BTreeMap<u32, [i64; 3]> = BTreeMap::new();
        self.feedback_facts(true, |said| {
            if let (Some(day), true) = (said.day, said.is_complaint()) {
                let counts = months.entry(day_code(Dim::Month, day)).or_default();
                counts[0] += said.sign;
                counts[if said.resolved { 2 } else { 1 }] += said.sign;
            }
        })?;
        months.retain(|_, counts| counts[0] != 0);
        let count = |value: i64| Value::Count(i128::from(value));
        let total = |at: usize| count(months.values().map(|counts| counts[at]).sum());
        let rows = months.iter().map(|(month, [all, open, resolved])| {
            vec![Value::Text(date_label(Dim::Month, *month)), count(*all), count(*open), count(*resolved)]
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
            *counts.entry((!named, category, said.rating == 0, said.rating)).or_default() += said.sign;
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

/// Whether feedback knows a dimension.
pub(super) fn said_by(dim: Dim) -> bool {
    matches!(dim.origin(), Origin::Customer | Origin::Day)
}

fn read(
    plan: &Plan,
    facts: &impl Columns,
    day: Option<Day>,
    sign: i64,
    take: &mut impl FnMut(Said<'_>),
) -> Result<(), CodecFault> {
    if facts.header().feedback == 0 || !plan.wants(day) {
        return Ok(());
    }
    let (mut customers, mut categories, mut ratings, mut states) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    facts.codes(Column::FeedbackCustomer, &mut customers)?;
    facts.codes(Column::Category, &mut categories)?;
    facts.codes(Column::Rating, &mut ratings)?;
    facts.codes(Column::FeedbackState, &mut states)?;
    let mut orders = Vec::new();
    facts.values(Column::FeedbackOrder, &mut orders)?;
    let words = facts.words(Words::Category);
    for (row, customer) in customers.iter().enumerate() {
        if plan.customer_key(*customer) == AWAY {
            continue;
        }
        let category = (categories[row] as usize).checked_sub(1).and_then(|at| words.get(at));
        let order = Some(OrderNo(orders[row] as u64)).filter(|no| no.0 != 0);
        take(Said { day, category, rating: ratings[row], resolved: states[row] != 0, order, sign });
    }
    Ok(())
}
