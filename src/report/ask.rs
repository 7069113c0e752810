//! One request answered: finds the members it names, asks for its report, and lays the answer out.

use super::answer::{Answer, Body, beside, derive};
use super::cube::Cancel;
use super::desk::Desk;
use super::facts::Source;
use super::fault::ReportFault;
use super::kept::Answers;
use super::plan::Members;
use super::question::{Dim, Filter, Measure, Question, Request, Shape, UNKNOWN};
use crate::unit::Day;
use std::time::Instant;

/// Answers a request from nothing; who asks again and again keeps an [`Answers`].
///
/// # Errors
/// [`ReportFault`].
pub fn answer(source: &impl Source, request: &Request, today: Day) -> Result<Answer, ReportFault> {
    Desk::new(source, &request.on(today), today, None, None).answer()
}

impl Answers {
    /// Answers a request, from what is kept where that is possible.
    ///
    /// # Errors
    /// [`ReportFault`]; `Cancelled` soon after `cancel` was set.
    pub fn answer(
        &self,
        source: &impl Source,
        request: &Request,
        today: Day,
        cancel: Cancel,
    ) -> Result<Answer, ReportFault> {
        Desk::new(source, &request.on(today), today, Some(self), cancel).answer()
    }
}

impl<S: Source> Desk<'_, S> {
    fn answer(&self) -> Result<Answer, ReportFault> {
        let started = Instant::now();
        self.check_names()?;
        let body = match self.request.why {
            true => self.behind()?,
            false => self.compared(self.body()?)?,
        };
        let sort = self.request.sort.map(Measure::word);
        let body = match self.request.derived.as_slice() {
            [] => body,
            derived => derive(body, derived, sort)?,
        };
        if body.rows.len() <= 1 {
            self.remark_strangers()?;
        }
        let mut explain = self.noted();
        explain.microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok(Answer {
            report: self.request.preset.name.to_owned(),
            as_of: self.as_of,
            from: self.request.from,
            to: self.request.to,
            columns: body.columns,
            rows: body.rows,
            totals: body.totals,
            seq: self.source.seq(),
            minor: self.source.directory().minor(),
            notes: self.remarks(),
            explain,
        })
    }

    /// The other period's figures beside these, where they are asked for.
    fn compared(&self, body: Body) -> Result<Body, ReportFault> {
        let (Some(compare), Some(from), Some(to)) = (self.request.compare, self.request.from, self.request.to) else {
            return Ok(body);
        };
        let (start, end) = compare.period(from, to);
        let preset = self.request.preset;
        if matches!(preset.shape, Shape::Pace(_) | Shape::Valuation | Shape::LowStock) {
            return Err(ReportFault::NotHere(format!(
                "{} shows the stock as it is now; what it was in another period is not known",
                preset.name
            )));
        }
        let cut = self.request.top.or(preset.top).is_some();
        let request = Request {
            from: Some(start),
            to: Some(end),
            compare: None,
            derived: Vec::new(),
            // Of a list of the first so many, these stand beside themselves, wherever they stood then.
            top: cut.then_some(usize::MAX),
            filters: if cut { self.same_members(&body) } else { self.request.filters.clone() },
            ..self.request.clone()
        };
        let other = self.beside(&request);
        let before = other.body()?;
        let part = other.noted();
        self.note(&part, false);
        beside(body, &before, compare, (from, to), cut)
    }

    /// The slices of the request, narrowed to the members of the rows where that is one slice more; dates move between
    /// periods, and other reports rank what they are not asked about.
    fn same_members(&self, body: &Body) -> Vec<Filter> {
        let preset = self.request.preset;
        let dims = if preset.name == "sales" { &self.request.by[..] } else { preset.dims };
        let mut filters = self.request.filters.clone();
        if let ([dim], Shape::Cube | Shape::TopCustomers) = (dims, preset.shape)
            && !dim.is_dated()
        {
            filters.retain(|filter| filter.dim != *dim);
            let values = body.rows.iter().filter_map(|row| row.first()).map(|id| id.plain(0)).collect();
            filters.push(Filter { dim: *dim, values });
        }
        filters
    }

    /// What lies behind the answer to the request, asked for in full.
    fn behind(&self) -> Result<Body, ReportFault> {
        let request = Request { top: None, why: false, ..self.request.clone() };
        let asked = self.beside(&request);
        let body = asked.body()?;
        self.note(&asked.noted(), false);
        self.why(body)
    }

    /// Names the members sliced to that nothing on record has: an answer of nothing may be that of a slip of the pen.
    fn remark_strangers(&self) -> Result<(), ReportFault> {
        for Filter { dim, values } in self.filters() {
            let on_record =
                dim.is_entity() || matches!(dim, Dim::StoreLocation | Dim::Category | Dim::Location | Dim::Gender);
            let question = Question::new(&[Measure::Orders], &[dim], self.as_of);
            let members = Members::of(&question, self.source, None);
            for value in values.iter().filter(|value| on_record && *value != UNKNOWN) {
                if members.accepted(dim, std::slice::from_ref(value), self.source)?.is_empty() {
                    self.remark(dim.word(), format!("nothing on record is called {value}"));
                }
            }
        }
        Ok(())
    }

    fn body(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let Some(sort) = self.request.sort.filter(|sort| !preset.shape.sorts_by(*sort)) else {
            let mut body = self.shaped()?;
            body.rows.truncate(self.request.top.unwrap_or(usize::MAX));
            return Ok(body);
        };
        // All rows are asked for in the report's own order, and put into the one that is wanted.
        let request = Request { sort: None, top: None, ..self.request.clone() };
        let asked = self.beside(&request);
        let mut body = asked.shaped()?;
        self.note(&asked.noted(), false);
        asked.remarks().into_iter().for_each(|(what, words)| self.remark(&what, words));
        if !body.sort_by(&sort.word().replace('-', "_")) {
            return Err(ReportFault::NotHere(format!("{} has no figure {} to be sorted by", preset.name, sort.word())));
        }
        body.rows.truncate(self.request.top.or(preset.top).unwrap_or(usize::MAX));
        Ok(body)
    }

    /// A store or customer that is named must be there.
    fn check_names(&self) -> Result<(), ReportFault> {
        let stores = &self.source.directory().stores;
        if let Some(id) = &self.request.store
            && !stores.iter().any(|store| *store.ext == **id)
        {
            let known = stores.iter().map(|store| store.ext.to_string()).collect();
            return Err(ReportFault::Unknown { what: "store", name: id.clone(), known });
        }
        self.customer().map(drop)
    }
}
