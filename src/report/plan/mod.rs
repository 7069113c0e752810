//! A question bound to a shop: from which columns its cells follow, and what is sliced away; which code each fact has, and
//! what the code is called.
//!
//! Reads records, never a fact.

mod binding;
mod keys;
mod members;
mod past;
mod registers;

pub(crate) use keys::{AWAY, Attribute, Place, Step, WordKey, add_parts, join};
pub(crate) use members::{Members, kind};
pub(crate) use past::{Fifths, Past, SEGMENTS, is_called, segment};
pub(crate) use registers::called;

use crate::report::ReportFault;
use crate::report::cells::{Cells, Instant, Layout};
use crate::report::facts::{Joined, Joins, Source};
use crate::report::question::{Base, Dim, Measure, Origin, Question, day_code};
use crate::store::segment::{Column, Words};
use crate::unit::{Day, Stamp};
use binding::{Binding, Radix};
use keys::{KeyTable, Numbers, StatusKey};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many different words a dimension of words starts with room for.
const WORDS: u64 = 16;

/// A bound question.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) members: Members,
    /// Each dimension and where its code stands.
    pub(crate) places: Vec<(Dim, Place)>,
    /// The dimensions of dates, in the order of the tuple.
    pub(crate) dates: Vec<Dim>,
    date_filters: Vec<(Dim, BTreeSet<u32>)>,
    pub(crate) from: Option<Day>,
    pub(crate) to: Option<Day>,
    dated: bool,
    /// Whether orders are read.
    pub(crate) orders: bool,
    /// Whether returns are read.
    pub(crate) returns: bool,
    /// Columns of numbers of stores, registers, cashiers and customers.
    pub(crate) records: Vec<KeyTable>,
    pub(crate) status: StatusKey,
    /// The columns that an order's key is made of, those that slice first.
    pub(crate) steps: Vec<Step>,
    /// How many of the steps slice.
    pub(crate) sieves: usize,
    /// The hour of a return.
    pub(crate) return_hour: Option<Attribute>,
    pub(crate) words: Vec<WordKey>,
    /// The line's product.
    pub(crate) product: Option<KeyTable>,
    /// The line's tax rate or the return's reason.
    pub(crate) line_word: Option<WordKey>,
    /// How many times the usual room words have in the keys.
    pub(crate) room: u64,
    /// Whether it matters how many orders a cell has. Where lines are looked at one by one, only the lines are counted if
    /// not: that there are any says as well that there is an order.
    pub(crate) distinct: bool,
    /// Whether the headers' totals are enough.
    pub(crate) headers_do: bool,
    pub(crate) layout: Layout,
}

impl Plan {
    /// Binds `question`; `room` multiplies the room for words when a scan found more of them than expected.
    pub(crate) fn bind(
        question: &Question,
        source: &impl Source,
        past: Option<Arc<Past>>,
        room: u64,
        extents: bool,
    ) -> Result<Plan, ReportFault> {
        let members = Members::of(question, source, past);
        let mut radix = Radix(1);
        let mut places = Vec::new();
        let mut binding = Binding { question, source, members: &members, radix: &mut radix, places: &mut places };
        let mut records = Vec::new();
        for (origin, order_column, return_column) in RECORDS {
            records.extend(binding.record(origin, order_column, return_column)?);
        }
        let product = binding.record(Origin::Product, Column::Product, Column::ReturnProduct)?;
        let status = binding.status()?;
        let hour = binding.hour()?;
        let mut words = Vec::new();
        for (dim, list, order_column, return_column) in WORD_COLUMNS {
            words.extend(binding.word(dim, list, order_column, return_column, WORDS * room)?);
        }
        let line_word = binding.line_word(WORDS * room)?;
        let date_filters = binding.date_filters()?;
        let dates: Vec<Dim> = question.dims.iter().copied().filter(|dim| dim.origin() == Origin::Day).collect();
        places.extend(dates.iter().enumerate().map(|(at, dim)| (*dim, Place::Date(at))));
        let bases = bases(question);
        let customers = question.figures().any(|measure| measure == Measure::Customers);
        let by_customer_only = question.dims.iter().all(|dim| dim.origin() == Origin::Customer);
        let returns = bases.iter().any(|base| base.is_of_returns());
        let headers_do = product.is_none()
            && line_word.is_none()
            && hour.is_none()
            && words.is_empty()
            && records.iter().all(|table| table.order_column == Column::OrderStore)
            && !customers
            && !extents;
        let layout = Layout {
            bases: bases.into_iter().collect(),
            inner: radix.0,
            outers: expected_dates(&dates, source)?,
            customers,
            pairs: customers && !by_customer_only,
            extents,
        };
        let [order_hour, return_hour] = hour.map_or([None, None], |hours| hours.map(Some));
        let (steps, sieves) = steps(&status, &words, &records, order_hour);
        Ok(Plan {
            places: question.dims.iter().filter_map(|dim| places.iter().find(|(d, _)| d == dim).copied()).collect(),
            dates,
            date_filters,
            from: question.from,
            to: question.to,
            dated: question.is_dated(),
            orders: !question.dims.contains(&Dim::Reason),
            returns: returns && !question.dims.contains(&Dim::TaxRate),
            records,
            status,
            steps,
            sieves,
            return_hour,
            words,
            product,
            line_word,
            room,
            distinct: counts_orders(question),
            headers_do,
            layout,
            members,
        })
    }

    /// Takes over what `newer`, bound to the same question, knows of records that were not there before; whether nothing
    /// else has changed, so that cells of this plan go on to be right.
    pub(crate) fn refresh(&mut self, newer: Plan) -> bool {
        let same = self.records.len() == newer.records.len()
            && self.records.iter().zip(&newer.records).all(|(old, new)| old.grew_into(new))
            && self.product.is_some() == newer.product.is_some()
            && self.product.iter().zip(&newer.product).all(|(old, new)| old.grew_into(new))
            && self.layout.inner == newer.layout.inner;
        if same {
            self.records = newer.records;
            self.product = newer.product;
            (self.steps, self.sieves) = (newer.steps, newer.sieves);
            self.members.adopt(newer.members);
        }
        same
    }

    /// About how many bytes it takes to keep.
    pub(crate) fn bytes(&self) -> usize {
        self.records.iter().chain(&self.product).map(KeyTable::bytes).sum()
    }

    /// The columns that are joined to what segments hold.
    pub(crate) fn joined(&self) -> impl Iterator<Item = &Joined> {
        let of_orders = self.steps.iter().filter_map(|step| match step {
            Step::Attribute(attribute) => Some(&attribute.joined),
            Step::Numbers(_) | Step::Word(_) => None,
        });
        let of_lines = self.product.iter().flat_map(|table| &table.attributes);
        of_orders.chain(of_lines.map(|attribute| &attribute.joined))
    }

    /// Has segments keep what is joined to them.
    pub(crate) fn keep_joins(&mut self, joins: &Joins) {
        let of_orders = self.steps.iter_mut().filter_map(|step| match step {
            Step::Attribute(attribute) => Some(attribute),
            Step::Numbers(_) | Step::Word(_) => None,
        });
        let of_lines = self.product.iter_mut().flat_map(|table| &mut table.attributes);
        of_orders.chain(of_lines).for_each(|attribute| attribute.joined.keep(joins));
    }

    /// Whether what belongs to a day is asked for.
    pub(crate) fn wants(&self, day: Option<Day>) -> bool {
        let Some(day) = day else { return !self.dated };
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day < to)
            && self.date_filters.iter().all(|(dim, codes)| codes.contains(&day_code(*dim, day)))
    }

    /// The tuple of dates of a day.
    pub(crate) fn date_codes(&self, day: Option<Day>) -> Vec<u32> {
        day.map_or_else(Vec::new, |day| self.dates.iter().map(|dim| day_code(*dim, day)).collect())
    }

    /// The numbers of the table of records of that place, and the column they stand in.
    pub(crate) fn numbers(&self, at: usize) -> Option<(Column, &Numbers)> {
        let table = self.records.get(at)?;
        Some((table.order_column, table.numbers.as_ref()?))
    }

    /// Whether lines are looked at one by one.
    pub(crate) fn by_line(&self) -> bool {
        self.product.is_some() || self.line_word.is_some()
    }

    /// The stamp of a first or last order.
    pub(crate) fn stamp(&self, at: Instant) -> Stamp {
        at.stamp(self.members.offset_of(at.offset()))
    }

    /// The key of a customer's orders, where nothing but the customer decides it.
    pub(crate) fn customer_key(&self, customer: u32) -> u64 {
        self.customer_keys()(customer)
    }

    /// The same for many.
    pub(crate) fn customer_keys(&self) -> impl Fn(u32) -> u64 + '_ {
        let table = self.records.iter().find(|table| table.order_column == Column::OrderCustomer);
        move |customer| table.map_or(0, |table| table.part(customer))
    }

    /// Whether facts without a date can be part of the answer.
    pub(crate) fn wants_undated(&self) -> bool {
        !self.dated
    }

    /// The code of a dimension in a group.
    pub(crate) fn code(&self, dim: Dim, place: Place, dates: &[u32], key: u64, source: &impl Source) -> u32 {
        match place {
            Place::Date(at) => dates.get(at).copied().unwrap_or(0),
            Place::Key { stride, domain } => digit(key, stride, domain),
            Place::Of { stride, domain } => self.members.code(dim, digit(key, stride, domain), source),
        }
    }
}

/// The customer of a slot, where customers alone are grouped by.
pub(crate) fn customer_of(plan: &Plan, cells: &Cells, slot: u32, source: &impl Source) -> u32 {
    let (dates, key) = cells.group(slot);
    plan.places.first().map_or(0, |(dim, place)| plan.code(*dim, *place, dates, key, source))
}

/// A key's digit at a place. Divisions take most of the time of answers about every customer, and there they are idle.
fn digit(key: u64, stride: u64, domain: u64) -> u32 {
    let shifted = if stride == 1 { key } else { key / stride };
    (if shifted < domain { shifted } else { shifted % domain }) as u32
}

/// The columns with numbers of records, for orders and for returns.
const RECORDS: [(Origin, Column, Column); 4] = [
    (Origin::Store, Column::OrderStore, Column::ReturnStore),
    (Origin::Register, Column::OrderRegister, Column::ReturnRegister),
    (Origin::Cashier, Column::OrderCashier, Column::ReturnCashier),
    (Origin::Customer, Column::OrderCustomer, Column::ReturnCustomer),
];

/// The columns with words of orders.
const WORD_COLUMNS: [(Dim, Words, Column, Column); 2] = [
    (Dim::Payment, Words::Payment, Column::OrderPayment, Column::ReturnPayment),
    (Dim::Channel, Words::Channel, Column::OrderChannel, Column::ReturnChannel),
];

/// The columns an order's key is made of: those that slice first, the shortest of them before the others, and how many do.
fn steps(status: &StatusKey, words: &[WordKey], records: &[KeyTable], hour: Option<Attribute>) -> (Vec<Step>, usize) {
    let attributes = records.iter().flat_map(|table| table.attributes.iter().cloned());
    let attributes = std::iter::once(status.attribute()).chain(attributes).chain(hour);
    let attributes = attributes.map(|attribute| (attribute.slices(), Step::Attribute(attribute)));
    let words = words.iter().enumerate().map(|(at, key)| (key.accepted.is_some(), Step::Word(at)));
    let numbered = records.iter().enumerate();
    let numbers = numbered.filter_map(|(at, table)| Some((table.numbers.as_ref()?.slices(), Step::Numbers(at))));
    let (sieves, others): (Vec<_>, Vec<_>) = attributes.chain(words).chain(numbers).partition(|(slices, _)| *slices);
    let count = sieves.len();
    (sieves.into_iter().chain(others).map(|(_, step)| step).collect(), count)
}

/// What has to be summed up: what the figures are made of, and what a row stands for: an order, or a return where returns are
/// asked for.
pub(crate) fn bases(question: &Question) -> BTreeSet<Base> {
    let mut bases: BTreeSet<Base> = question.figures().flat_map(|measure| measure.bases().iter().copied()).collect();
    bases.insert(Base::Orders);
    if bases.iter().any(|base| base.is_of_returns()) {
        bases.insert(Base::Returns);
    }
    bases
}

/// Whether a figure follows from how many orders there are.
pub(crate) fn counts_orders(question: &Question) -> bool {
    question.figures().any(|measure| measure.bases().contains(&Base::Orders))
}

/// How many tuples of dates there can be between the first and the last day of the shop.
fn expected_dates(dates: &[Dim], source: &impl Source) -> Result<u64, ReportFault> {
    if dates.is_empty() {
        return Ok(1);
    }
    let Some((first, last)) = source.days()? else { return Ok(1) };
    let days = last.days_since(first).unsigned_abs() + 8;
    let each = |dim: &Dim| match dim {
        Dim::Weekday => 7,
        Dim::Week => days / 7 + 2,
        Dim::Month => days / 28 + 2,
        Dim::Quarter => days / 90 + 2,
        Dim::Year => days / 365 + 2,
        _ => days,
    };
    Ok(dates.iter().map(each).fold(1u64, u64::saturating_mul).min(days))
}
