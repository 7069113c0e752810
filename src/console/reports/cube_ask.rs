//! What the cube asks: the figures of a cut, the same in the words of a report, and the orders behind one cell.

use super::behind::slice;
use crate::report::{Compare, Dim, Filter, Measure, Period, Request};
use crate::unit::Day;

/// What a cell shows of its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Show {
    #[default]
    Value,
    OfRow,
    OfColumn,
    LastYear,
}

/// Where one stands: what a step back brings again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    pub rows: Dim,
    pub columns: Dim,
    pub measure: Measure,
    pub slices: Vec<Filter>,
    pub show: Show,
}

impl View {
    /// The view that was kept in the words of a report; `None` where a cube is not all that they say.
    pub fn of(words: &Request) -> Option<View> {
        let ([rows, columns], [measure]) = (&words.by[..], &words.measures[..]) else { return None };
        let show = match words.compare {
            None => Show::Value,
            Some(Compare::LastYear) => Show::LastYear,
            Some(_) => return None,
        };
        let more = words.sort.is_some() || words.top.is_some() || words.customer.is_some() || !words.derived.is_empty();
        let plain = words.report() == "sales" && !more && rows != columns;
        let (rows, columns, measure, slices) = (*rows, *columns, *measure, words.filters.clone());
        plain.then_some(View { rows, columns, measure, slices, show })
    }
}

/// What the figures are of: the view, and what the screen cuts it to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cut {
    pub view: View,
    pub period: Option<(Day, Day)>,
    pub store: Option<String>,
}

impl Cut {
    /// A question about this cut, by these dimensions.
    fn request(&self, dims: &[Dim], today: Day) -> Option<Request> {
        let View { measure, slices, .. } = &self.view;
        let mut request = Request::named("sales").ok()?;
        request.by = dims.to_vec();
        request.measures = if *measure == Measure::Orders { vec![*measure] } else { vec![*measure, Measure::Orders] };
        request.filters = slices.clone();
        request.as_of = Some(today);
        request.store = self.store.clone();
        if let Some((from, to)) = self.period {
            (request.from, request.to) = (Some(from), Some(to));
        }
        Some(request)
    }

    /// Whether its figures are changes against last year; everything on record has no year before.
    pub fn is_compared(&self) -> bool {
        self.view.show == Show::LastYear && self.period.is_some()
    }

    /// The words of a report that asks the same; `period` is the one whose days it is cut to.
    pub fn words(&self, period: Period) -> Vec<String> {
        let mut words = vec![
            "sales".to_owned(),
            "--by".to_owned(),
            format!("{},{}", self.view.rows.word(), self.view.columns.word()),
            "--measures".to_owned(),
            self.view.measure.word().to_owned(),
        ];
        for slice in &self.view.slices {
            let values: Vec<String> = slice.values.iter().map(|value| value.replace(',', "\\,")).collect();
            words.extend(["--where".to_owned(), format!("{}={}", slice.dim.word(), values.join(","))]);
        }
        if let Some(store) = &self.store {
            words.extend(["--store".to_owned(), store.clone()]);
        }
        words.extend(period.options());
        if self.is_compared() {
            words.extend(["--compare".to_owned(), "last-year".to_owned()]);
        }
        words
    }

    /// The questions: the cells, and the totals asked for themselves, because distinct counts do not add up.
    pub fn questions(&self, today: Day) -> Vec<(&'static str, Request)> {
        let (rows, columns) = (self.view.rows, self.view.columns);
        let ask = |dims: &[Dim]| {
            let mut request = self.request(dims, today)?;
            request.compare = self.is_compared().then_some(Compare::LastYear);
            Some(request)
        };
        let all =
            [("cells", ask(&[rows, columns])), ("rows", ask(&[rows])), ("columns", ask(&[columns])), ("all", ask(&[]))];
        all.into_iter().filter_map(|(name, request)| Some((name, request?))).collect()
    }

    /// The question that finds the orders behind the cell of a row's and a column's member.
    pub fn behind(&self, (row, column): (&str, &str), today: Day) -> Option<Request> {
        let dims = [self.view.rows, self.view.columns];
        let one = |(dim, member): (Dim, &str)| Filter { dim, values: vec![member.to_owned()] };
        Some(slice(self.request(&dims, today)?, dims.into_iter().zip([row, column]).map(one).collect()))
    }
}
