//! Where one request is answered at one source: what it asks the cube, what that comes to, and what is said about it.
//!
//! Every shape of report is worked out here, with these means alone; it knows none of them.

mod feedback;
mod orders;
mod past;

pub(crate) use feedback::said_by;

use crate::domain::Order;
use crate::domain::view::Kind as RecordKind;
use crate::report::ReportFault;
use crate::report::cube::{Cancel, Collected, Explain, Groups, collect, groups};
use crate::report::facts::{Source, Warm};
use crate::report::kept::Answers;
use crate::report::plan::Past;
use crate::report::question::{Base, Dim, Filter, Measure, Origin, Question, Request};
use crate::unit::{CustomerId, Day};
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Where one request is answered.
pub(crate) struct Desk<'a, S> {
    pub(crate) source: &'a S,
    pub(crate) request: &'a Request,
    pub(crate) as_of: Day,
    pub(crate) answers: Option<&'a Answers>,
    cancel: Cancel,
    explain: RefCell<Explain>,
    notes: RefCell<Vec<(String, String)>>,
}

impl<'a, S: Source> Desk<'a, S> {
    pub(crate) fn new(
        source: &'a S,
        request: &'a Request,
        today: Day,
        answers: Option<&'a Answers>,
        cancel: Cancel,
    ) -> Desk<'a, S> {
        let as_of = request.as_of.unwrap_or(today);
        Desk { source, request, as_of, answers, cancel, explain: RefCell::default(), notes: RefCell::default() }
    }

    /// Where another request is answered along with this one.
    pub(crate) fn beside<'b>(&'b self, request: &'b Request) -> Desk<'b, S> {
        Desk {
            source: self.source,
            request,
            as_of: self.as_of,
            answers: self.answers,
            cancel: self.cancel.clone(),
            explain: RefCell::default(),
            notes: RefCell::default(),
        }
    }

    /// Fails where nobody waits any more.
    pub(crate) fn go_on(&self) -> Result<(), ReportFault> {
        match &self.cancel {
            Some(cancel) if cancel.load(Ordering::Relaxed) => Err(ReportFault::Cancelled),
            _ => Ok(()),
        }
    }

    /// Says something about the answer in words; all about one thing together.
    pub(crate) fn remark(&self, what: &str, words: String) {
        let mut notes = self.notes.borrow_mut();
        match notes.iter_mut().find(|(known, _)| known == what) {
            Some((_, said)) if *said == words => {}
            Some((_, said)) => *said = format!("{said}; {words}"),
            None => notes.push((what.to_owned(), words)),
        }
    }

    /// What was said about the answer, with what it is about; it is taken away.
    pub(crate) fn remarks(&self) -> Vec<(String, String)> {
        self.notes.take()
    }

    /// How the answer came about; it is taken away.
    pub(crate) fn noted(&self) -> Explain {
        self.explain.take()
    }

    /// The customer the request names.
    pub(crate) fn customer(&self) -> Result<Option<CustomerId>, ReportFault> {
        let Some(id) = &self.request.customer else { return Ok(None) };
        let found = self.source.find(RecordKind::Customer, id)?.and_then(|number| u32::try_from(number).ok());
        match found {
            Some(number) => Ok(Some(CustomerId(number))),
            None => Err(ReportFault::Unknown { what: "customer", name: id.clone(), known: Vec::new() }),
        }
    }

    /// What the request is sliced to, its store and customer included.
    pub(crate) fn filters(&self) -> Vec<Filter> {
        let mut filters = self.request.filters.clone();
        let named = [(Dim::Store, &self.request.store), (Dim::Customer, &self.request.customer)];
        for (dim, id) in named {
            // A second slice of the same dimension narrows: both must hold.
            if let Some(id) = id {
                match filters.iter_mut().find(|filter| filter.dim == dim) {
                    Some(filter) => filter.values.retain(|value| value == id),
                    None => filters.push(Filter { dim, values: vec![id.clone()] }),
                }
            }
        }
        filters
    }

    /// Measures by dimensions with the request's slices and period.
    pub(crate) fn question(&self, measures: &[Measure], dims: &[Dim]) -> Question {
        Question {
            filters: self.filters(),
            from: self.request.from,
            to: self.request.to,
            named_only: self.request.preset.named_only,
            cancelled: self.request.preset.cancelled,
            ..Question::new(measures, dims, self.as_of)
        }
    }

    /// What a question comes to, from what is kept where there is something.
    pub(crate) fn collect<T>(
        &self,
        question: &Question,
        extents: bool,
        then: impl FnOnce(&mut Collected) -> Result<T, ReportFault>,
    ) -> Result<T, ReportFault> {
        let noted = |collected: &mut Collected| {
            self.note(&collected.explain, collected.plan.headers_do);
            then(collected)
        };
        if let Some(past) = self.past(question)? {
            // Every sale can move every customer to another member.
            return noted(&mut self.anew(question, Some(past), extents)?);
        }
        match self.answers {
            Some(answers) => answers.collect(question, self.source, extents, &self.cancel, noted),
            None => noted(&mut self.anew(question, None, extents)?),
        }
    }

    /// The same out of the facts.
    fn anew(&self, question: &Question, past: Option<Arc<Past>>, extents: bool) -> Result<Collected, ReportFault> {
        let nothing = Warm::default();
        let warm = self.answers.map_or(&nothing, Answers::warm);
        collect(question, self.source, past, extents, warm, &self.cancel)
    }

    /// Adds how a part was answered; `headers` where the heads of segments were enough.
    pub(crate) fn note(&self, part: &Explain, headers: bool) {
        let how = match (part.how.as_str(), headers) {
            ("", true) => "segment headers",
            ("", false) => "segment scan",
            (known, _) => known,
        };
        let mut explain = self.explain.borrow_mut();
        if !explain.how.contains(how) {
            let joint = if explain.how.is_empty() { "" } else { ", " };
            explain.how = format!("{}{joint}{how}", explain.how);
        }
        explain.headers += part.headers;
        explain.segments += part.segments;
        explain.rows += part.rows;
        explain.bytes += part.bytes;
        explain.tail += part.tail;
    }

    /// Says how a part was answered that is no question of the cube.
    pub(crate) fn explain(&self, how: &str, rows: u64) {
        self.note(&Explain { how: how.to_owned(), rows, ..Explain::default() }, false);
    }

    /// Whether an order lies within the request's days and store.
    pub(crate) fn in_period(&self, order: &Order) -> bool {
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

    /// The rows of a question. Where rows were cut off, distinct counts over the rest are asked for again.
    pub(crate) fn groups(&self, question: &Question) -> Result<Groups, ReportFault> {
        let mut found = self.collect(question, false, |collected| groups(question, collected, self.source))?;
        if found.cut {
            self.count_again(question, &mut found)?;
        }
        Ok(found)
    }

    /// Orders that can be in several rows, and customers, are not the sums of the rows that stayed: they are counted again
    /// over the members of these rows.
    fn count_again(&self, question: &Question, found: &mut Groups) -> Result<(), ReportFault> {
        let lines = question.dims.iter().any(|dim| matches!(dim.origin(), Origin::Product | Origin::LineWords));
        let bases: Vec<Base> = question.figures().flat_map(|measure| measure.bases().iter().copied()).collect();
        let customers = question.figures().any(|measure| measure == Measure::Customers);
        if !(customers || lines && bases.contains(&Base::Orders)) {
            return Ok(());
        }
        let [dim] = question.dims[..] else {
            found.distinct = false;
            return Ok(());
        };
        let values = found.rows.iter().map(|row| found.names.id(0, row.codes[0]).plain(0)).collect();
        let mut filters: Vec<Filter> = question.filters.iter().filter(|filter| filter.dim != dim).cloned().collect();
        filters.push(Filter { dim, values });
        let again = Question { dims: Vec::new(), filters, sort: None, top: None, ..question.clone() };
        let counted = self.groups(&again)?.totals;
        found.totals.base[Base::Orders as usize] = counted.of(Base::Orders);
        found.totals.customers = counted.customers;
        Ok(())
    }
}
