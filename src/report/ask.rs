//! One request at one source: finds the members it names, asks the questions behind it, and lays the answer out.

use super::answer::{Answer, AnswerColumn, Explain};
use super::answers::{Answers, collect_once};
use super::body::Body;
use super::collect::{Cancel, Collected};
use super::compare;
use super::dimension::{Dim, UNKNOWN};
use super::fault::ReportFault;
use super::finish::{Groups, groups};
use super::measure::Measure;
use super::members::{Members, kind};
use super::presets::Shape;
use super::question::{Filter, Question};
use super::request::Request;
use super::source::Source;
use super::value::{Kind, Value};
use crate::domain::view::Kind as RecordKind;
use crate::unit::{CustomerId, Day};
use std::cell::RefCell;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Where one request is answered.
pub(crate) struct Desk<'a, S> {
    pub(crate) source: &'a S,
    pub(crate) request: &'a Request,
    pub(crate) as_of: Day,
    pub(super) answers: Option<&'a Answers>,
    cancel: Cancel,
    explain: RefCell<Explain>,
    notes: RefCell<Vec<(String, String)>>,
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

    pub(crate) fn answer(&self) -> Result<Answer, ReportFault> {
        let started = Instant::now();
        self.check_names()?;
        let body = match self.request.why {
            true => self.behind()?,
            false => self.compared(self.body()?)?,
        };
        let sort = self.request.sort.map(Measure::word);
        let body = match self.request.derived.as_slice() {
            [] => body,
            derived => compare::derive(body, derived, sort)?,
        };
        if body.rows.len() <= 1 {
            self.remark_strangers()?;
        }
        let mut explain = self.explain.take();
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
            notes: self.notes.take(),
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
        let part = other.explain.take();
        self.note(&part, false);
        compare::beside(body, &before, compare, (from, to), cut)
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
        self.note(&asked.explain.take(), false);
        self.why(body)
    }

    /// Where another request is answered along with this one.
    fn beside<'b>(&'b self, request: &'b Request) -> Desk<'b, S> {
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

    /// Says something about the answer in words; all about one thing together.
    pub(crate) fn remark(&self, what: &str, words: String) {
        let mut notes = self.notes.borrow_mut();
        match notes.iter_mut().find(|(known, _)| known == what) {
            Some((_, said)) if *said == words => {}
            Some((_, said)) => *said = format!("{said}; {words}"),
            None => notes.push((what.to_owned(), words)),
        }
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
        self.note(&asked.explain.take(), false);
        asked.notes.take().into_iter().for_each(|(what, words)| self.remark(&what, words));
        if !body.sort_by(&sort.word().replace('-', "_")) {
            return Err(ReportFault::NotHere(format!("{} has no figure {} to be sorted by", preset.name, sort.word())));
        }
        body.rows.truncate(self.request.top.or(preset.top).unwrap_or(usize::MAX));
        Ok(body)
    }

    fn shaped(&self) -> Result<Body, ReportFault> {
        match self.request.preset.shape {
            Shape::Cube => self.cube(),
            Shape::Customers => self.customers(),
            Shape::TopCustomers => self.top_customers(),
            Shape::Repeat => self.repeat(),
            Shape::Spend => self.spend(),
            Shape::Inactive => self.inactive(),
            Shape::Growth => self.growth(),
            Shape::History => self.history(),
            Shape::Frequency => self.frequency(),
            Shape::LowStock => self.low_stock(),
            Shape::Valuation => self.valuation(),
            Shape::Returns => self.returns(),
            Shape::Complaints => self.complaints(),
            Shape::Feedback => self.feedback(),
            Shape::Segments => self.segments(),
            Shape::Cohorts => self.cohorts(),
            Shape::Audit => self.audit(),
            Shape::Bridge => self.bridge(),
            Shape::Abc => self.abc(),
            Shape::Pace(pace) => self.pace(pace),
            Shape::NewAgainstReturning => self.new_against_returning(),
            Shape::Baskets(by) => self.baskets(by),
            Shape::ByHand(hand) => self.by_hand(hand),
            Shape::Paid => self.payments_against_sales(),
            Shape::ComeBack => self.come_back(),
        }
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
            return collect_once(question, self.source, Some(past), extents, &self.cancel, noted);
        }
        match self.answers {
            Some(answers) => answers.collect(question, self.source, extents, &self.cancel, noted),
            None => collect_once(question, self.source, None, extents, &self.cancel, noted),
        }
    }

    fn note(&self, part: &Explain, headers: bool) {
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

    /// A question of the cube.
    fn cube(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let free = preset.name == "sales";
        let dims = if free { &self.request.by[..] } else { preset.dims };
        let columns: Vec<(&str, Measure)> = match self.request.measures.as_slice() {
            [] => preset.columns.to_vec(),
            asked => asked.iter().map(|measure| (measure.word(), *measure)).collect(),
        };
        let measures: Vec<Measure> = columns.iter().map(|(_, measure)| *measure).collect();
        let top = self.request.top.or(preset.top);
        let question = Question {
            // A list of the first so many is one of the best sellers, unless it is sorted otherwise.
            sort: self.request.sort.or(preset.sort).or(top.map(|_| Measure::Sales)),
            top,
            ..self.question(&measures, dims)
        };
        let groups = self.groups(&question)?;
        let mut body = Body { columns: member_columns(dims, free), rows: Vec::new(), totals: Vec::new() };
        for (name, measure) in &columns {
            body.columns.push(AnswerColumn::new(*name, measure.kind()));
            body.totals.push(((*name).to_owned(), groups.total(*measure)));
        }
        for row in &groups.rows {
            let mut values = member_values(dims, &groups, &row.codes);
            values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
            body.rows.push(values);
        }
        Ok(body)
    }

    /// The rows of a question. Where rows were cut off, distinct counts over the rest are asked for again.
    pub(crate) fn groups(&self, question: &Question) -> Result<Groups, ReportFault> {
        let mut found = self.collect(question, false, |collected| groups(question, collected, self.source))?;
        if found.cut {
            self.count_again(question, &mut found)?;
        }
        Ok(found)
    }
}

/// The columns of the members: records have an id and a name.
pub(crate) fn member_columns(dims: &[Dim], free: bool) -> Vec<AnswerColumn> {
    let mut columns = Vec::new();
    for dim in dims {
        let word = dim.word().replace('-', "_");
        match (dim.is_entity(), free) {
            (true, true) => {
                columns.push(AnswerColumn::new(format!("{word}_id"), Kind::Id));
                columns.push(AnswerColumn::new(word, Kind::Text));
            }
            (true, false) => {
                columns.push(AnswerColumn::new("id", Kind::Id));
                columns.push(AnswerColumn::new("name", Kind::Text));
            }
            (false, false) if *dim == Dim::Day => columns.push(AnswerColumn::new("date", Kind::Date)),
            (false, _) => columns.push(AnswerColumn::new(word, kind(*dim))),
        }
    }
    columns
}

/// The values of the members of a row.
pub(crate) fn member_values(dims: &[Dim], groups: &Groups, codes: &[u32]) -> Vec<Value> {
    let mut values = Vec::with_capacity(codes.len() + 10);
    for (at, dim) in dims.iter().enumerate() {
        values.push(groups.names.id(at, codes[at]));
        if dim.is_entity() {
            values.push(groups.names.name(at, codes[at]));
        }
    }
    values
}
