//! Why a figure is what it is: the definition of each column, what was sliced away, and the orders and returns behind it,
//! with totals that are those of the answer.
//!
//! Asks again as the report did; how that is worked out is not known here.

mod glossary;
mod one_by_one;
mod row;

pub use row::members;

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Base, Dim, Filter, Hand, Measure, Question, Shape};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::Day;
use glossary::meaning;

/// Orders shown where no number is asked for.
const PAGE: usize = 50;

/// What comes before the figures of an order.
const HEAD: [(&str, Kind); 4] = [("what", Kind::Text), ("id", Kind::Id), ("store_id", Kind::Id), ("at", Kind::Time)];

impl<S: Source> Desk<'_, S> {
    /// The orders behind `asked`, the report's own answer; `--top` (50) of them, newest first. A report that does not come
    /// from orders keeps its rows, which are the records themselves.
    pub(crate) fn why(&self, asked: Body) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        for column in &asked.columns {
            match meaning(preset.name, &column.name) {
                "" => {}
                words => self.remark(&column.name, words.to_owned()),
            }
        }
        self.remark_slices();
        let Some(columns) = self.figures_behind() else { return Ok(asked) };
        let question = self.question_behind(&columns, &asked);
        let store = |id| self.source.directory().store(id).map(|store| Value::text(&store.ext));
        let page = self.request.top.unwrap_or(PAGE);
        let (mut singles, mut rows) = (Vec::new(), Vec::new());
        self.one_by_one(&question, self.dims(), &mut |single| {
            if singles.len() < page {
                singles.push(single);
            }
            singles.len() < page
        })?;
        for single in singles {
            let order = match single.order {
                Some(no) => self.source.order(no)?.map(|order| order.id()).or_else(|| Some(no.0.to_string())),
                None => None,
            };
            let mut row = vec![
                Value::text(if single.back { "return" } else { "order" }),
                order.map_or(Value::Null, Value::text),
                store(single.store).unwrap_or(Value::Null),
                single.at.map_or(Value::Null, Value::Time),
            ];
            row.extend(columns.iter().map(|(_, measure)| measure.value(&single.sums)));
            rows.push(row);
        }
        let totals = self.totals_behind(&columns, &question, &asked)?;
        let mut all: Vec<AnswerColumn> = HEAD.iter().map(|(name, kind)| AnswerColumn::new(*name, *kind)).collect();
        all.extend(columns.iter().map(|(name, measure)| AnswerColumn::new(*name, measure.kind())));
        Ok(Body { columns: all, rows, totals })
    }

    /// What the report is grouped by.
    fn dims(&self) -> &[Dim] {
        if self.request.by.is_empty() { self.request.preset.dims } else { &self.request.by }
    }

    /// The figures of a report that orders and returns add up to; `None` where it is not about orders.
    fn figures_behind(&self) -> Option<Vec<(&'static str, Measure)>> {
        let preset = self.request.preset;
        let words = |measures: &[Measure]| measures.iter().map(|measure| (measure.word(), *measure)).collect();
        let columns: Vec<(&'static str, Measure)> = match preset.shape {
            Shape::Cube if !self.request.measures.is_empty() => words(&self.request.measures),
            Shape::Cube | Shape::TopCustomers | Shape::Returns | Shape::ComeBack => preset.columns.to_vec(),
            Shape::Growth => words(&[Measure::Sales]),
            Shape::Baskets(_) => words(&[Measure::Orders, Measure::Units, Measure::Sales]),
            Shape::Paid => words(&[Measure::Orders, Measure::Sales, Measure::Tax]),
            Shape::ByHand(Hand::Prices) => words(&[Measure::Orders, Measure::Gross, Measure::Discounts]),
            Shape::ByHand(Hand::Voids) => words(&[Measure::Orders, Measure::ReturnCount, Measure::Refund]),
            Shape::Abc => words(&[Measure::Units, Measure::Sales, Measure::Margin]),
            Shape::Bridge => words(&[
                Measure::Gross,
                Measure::Discounts,
                Measure::Sales,
                Measure::Returns,
                Measure::NetSales,
                Measure::Tax,
                Measure::Cost,
                Measure::Margin,
            ]),
            Shape::Repeat
            | Shape::Spend
            | Shape::Inactive
            | Shape::Frequency
            | Shape::Segments
            | Shape::Cohorts
            | Shape::History
            | Shape::NewAgainstReturning => words(&[Measure::Orders, Measure::Units, Measure::Sales]),
            _ => return None,
        };
        Some(columns.into_iter().filter(|(_, measure)| adds_up(*measure)).collect())
    }

    /// The question whose facts are those behind the answer.
    fn question_behind(&self, columns: &[(&'static str, Measure)], asked: &Body) -> Question {
        let preset = self.request.preset;
        let dims = self.dims();
        // How many orders there are is told with every figure.
        let measures: Vec<Measure> = columns.iter().map(|(_, measure)| *measure).chain([Measure::Orders]).collect();
        let of_people = matches!(
            preset.shape,
            Shape::Repeat
                | Shape::Spend
                | Shape::Inactive
                | Shape::Frequency
                | Shape::Segments
                | Shape::Cohorts
                | Shape::NewAgainstReturning
        );
        let mut question = self.question(&measures, &[]);
        question.named_only |= of_people;
        question.cancelled |= preset.shape == Shape::History;
        question.dated_only = dims.iter().any(|dim| dim.is_dated())
            || matches!(preset.shape, Shape::Growth | Shape::Cohorts | Shape::NewAgainstReturning);
        if preset.shape == Shape::NewAgainstReturning {
            // Its months are whole, whatever day the period begins or ends on.
            question.from = question.from.map(Day::month_start);
            question.to = question.to.map(|to| to.add_days(-1).month_start().add_months(1));
        }
        // A list of the first so many, or of those who stayed away, stands for these alone.
        if let (true, [dim]) = (preset.top.is_some() || preset.shape == Shape::Inactive, dims) {
            question.filters.retain(|filter| filter.dim != *dim);
            let values = asked.rows.iter().filter_map(|row| row.first()).map(|id| id.plain(0)).collect();
            question.filters.push(Filter { dim: *dim, values });
        }
        question
    }

    /// The answer's own totals; where it has none of a figure, what all orders behind it come to.
    fn totals_behind(
        &self,
        columns: &[(&'static str, Measure)],
        question: &Question,
        asked: &Body,
    ) -> Result<Vec<(String, Value)>, ReportFault> {
        let groups = self.groups(question)?;
        let own = |name: &str| {
            asked
                .totals
                .iter()
                .find(|(known, value)| known == name && *value != Value::Null)
                .map(|(_, value)| value.clone())
        };
        let of = |(name, measure): &(&'static str, Measure)| {
            ((*name).to_owned(), own(name).unwrap_or_else(|| measure.value(&groups.totals)))
        };
        let mut totals: Vec<(String, Value)> = columns.iter().map(of).collect();
        if !self.dims().contains(&Dim::Reason) && !columns.iter().any(|(name, _)| *name == "orders") {
            totals.push(("orders_behind".to_owned(), Value::Count(groups.totals.of(Base::Orders))));
        }
        Ok(totals)
    }

    /// Says what the answer is sliced to.
    fn remark_slices(&self) {
        let request = self.request;
        let period = match (request.from, request.to) {
            (None, None) => "everything, with and without a date".to_owned(),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("before {to}"),
            (Some(from), Some(to)) => format!("from {from} up to, not including, {to}"),
        };
        self.remark("period", period);
        for filter in self.filters() {
            self.remark(&format!("only {}", filter.dim.word()), filter.values.join(" or "));
        }
        let counted = match (request.preset.cancelled, request.preset.named_only) {
            (true, _) => "orders of every status, cancelled ones too",
            (false, true) => "orders that are not cancelled, walk-ins left out",
            (false, false) => "orders that are not cancelled",
        };
        self.remark("counted", counted.to_owned());
    }
}

/// Whether a figure of the whole is the sum of those of its orders and returns.
fn adds_up(measure: Measure) -> bool {
    measure != Measure::Customers && !matches!(measure.kind(), Kind::Average | Kind::Ratio | Kind::Percent)
}
