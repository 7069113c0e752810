//! What is asked: measures by dimensions, sliced, of a period, ordered and cut; the named reports, and the words of a request.
//!
//! Knows which words there are, never what the shop holds.

mod calendar;
mod compare;
mod dimension;
mod measure;
mod period;
mod presets;
mod request;
mod words;

pub(crate) use calendar::{date_label, day_code, parse_date_member};
pub use compare::{Compare, Derived};
pub use dimension::Dim;
pub(crate) use dimension::{AGES, NO_HOUR, Origin, UNKNOWN};
pub use measure::Measure;
pub(crate) use measure::{Base, Sums, percent};
pub use period::Period;
pub use presets::list;
pub(crate) use presets::{Baskets, Hand, Pace, Shape, standing};
pub use request::{Format, Request};

use crate::unit::Day;

/// Members a question is sliced to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Filter {
    /// The dimension.
    pub dim: Dim,
    /// Ids, names or words of members; any of them.
    pub values: Vec<String>,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The figures, in the order of their columns.
    pub measures: Vec<Measure>,
    /// What they are grouped by.
    pub dims: Vec<Dim>,
    /// What they are sliced to; all of them at once.
    pub filters: Vec<Filter>,
    /// The first day; a period leaves out what has no date.
    pub from: Option<Day>,
    /// The day after the last.
    pub to: Option<Day>,
    /// The day ages are measured on.
    pub as_of: Day,
    /// Largest first by this figure; else ascending by member.
    pub sort: Option<Measure>,
    /// The first so many rows only.
    pub top: Option<usize>,
    /// Whether orders and returns without a customer are left out.
    pub named_only: bool,
    /// Whether cancelled orders count too.
    pub cancelled: bool,
    /// Whether facts without a date are left out although no period or dimension asks for one.
    pub dated_only: bool,
}

impl Question {
    /// Measures by dimensions over everything.
    pub fn new(measures: &[Measure], dims: &[Dim], as_of: Day) -> Question {
        Question {
            measures: measures.to_vec(),
            dims: dims.to_vec(),
            filters: Vec::new(),
            from: None,
            to: None,
            as_of,
            sort: None,
            top: None,
            named_only: false,
            cancelled: false,
            dated_only: false,
        }
    }

    /// The same, sliced to one member more.
    #[must_use]
    pub fn sliced(mut self, dim: Dim, value: &str) -> Question {
        match self.filters.iter_mut().find(|filter| filter.dim == dim) {
            Some(filter) => filter.values.push(value.to_owned()),
            None => self.filters.push(Filter { dim, values: vec![value.to_owned()] }),
        }
        self
    }

    /// Whether it is grouped or sliced by a dimension.
    pub(crate) fn mentions(&self, dim: Dim) -> bool {
        self.dims.contains(&dim) || self.filters.iter().any(|filter| filter.dim == dim)
    }

    /// Whether only facts with a date can be part of the answer.
    pub(crate) fn is_dated(&self) -> bool {
        let dims = self.dims.iter().copied().chain(self.filters.iter().map(|filter| filter.dim));
        self.dated_only || self.from.is_some() || self.to.is_some() || dims.into_iter().any(Dim::is_dated)
    }

    /// The measures that have to be worked out: columns and the order of rows.
    pub(crate) fn figures(&self) -> impl Iterator<Item = Measure> + '_ {
        self.measures.iter().copied().chain(self.sort)
    }
}
