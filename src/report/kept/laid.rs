//! Sums that outlive the process: those of the standing questions, laid by in the shop file when it is loaded or closed.
//!
//! They stand for a sequence and are brought forward by the facts since, as every kept answer is. Questions about nothing
//! but customers are all folded out of one set of sums, that by customer; what customers are is read as it is now. Where
//! anything does not fit, nothing is recalled and the facts are read.

use crate::report::ReportFault;
use crate::report::cells::{Cells, Instant, NOWHERE, Values};
use crate::report::cube::{Collected, Explain};
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan, customer_of};
use crate::report::question::{Base, Dim, Measure, Origin, Question, standing};
use crate::report::scan::add_rows;
use crate::store::codec::{self, CodecFault};
use crate::store::laid::Laid;
use crate::store::segment::{pack, unpack};
use crate::unit::{Day, Rate, Seq, Text};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

const FORMAT: u8 = 2;

/// The numbers of the columns; those of the sums follow.
const HEAD: u8 = 0;
const TUPLE: u8 = 1;
const KEY: u8 = 2;
const FIRST: u8 = 3;
const LAST: u8 = 4;
const SUMS: u8 = 16;

/// Rows from which two cores are faster than one.
const LONG: u64 = 16_384;

/// A figure for each sum, so that a question of all of them can be asked.
const FIGURES: [Measure; Base::COUNT] = [
    Measure::Orders,
    Measure::Units,
    Measure::Gross,
    Measure::Discounts,
    Measure::Sales,
    Measure::Tax,
    Measure::Cost,
    Measure::ReturnCount,
    Measure::ReturnedUnits,
    Measure::Refund,
    Measure::Returns,
];

/// What makes two questions the same sums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct About {
    dims: Vec<String>,
    named_only: bool,
    cancelled: bool,
    dated_only: bool,
}

/// What is said of the columns.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    about: About,
    seq: u64,
    /// Of the records that the sums are grouped by.
    bound: [u8; 32],
    /// The room that words had in the keys.
    room: u64,
    rows: u64,
    tuples: Vec<Vec<u32>>,
    orders: i64,
    spent: u128,
    extents: bool,
    /// The easternmost offset of its orders, in seconds.
    east: Option<i32>,
    words: [Vec<Text>; 3],
    rates: Vec<Rate>,
}

impl About {
    fn of(question: &Question) -> About {
        About {
            dims: question.dims.iter().map(|dim| dim.word().to_owned()).collect(),
            named_only: question.named_only,
            cancelled: question.cancelled,
            dated_only: question.dated_only,
        }
    }

    /// The number it is laid by under.
    fn number(&self) -> u64 {
        let digest = blake3::hash(&codec::plain(self));
        u64::from_le_bytes(*digest.as_bytes().first_chunk().unwrap_or(&[0; 8]))
    }
}

/// The questions whose sums are laid by, each with whether first and last orders belong to it: that by customer first.
pub(super) fn questions() -> Vec<(Question, bool)> {
    let mut found = vec![(Question::new(&FIGURES, &[Dim::Customer], Day(0)), true)];
    for (dims, cancelled) in standing() {
        let question = Question { cancelled, ..Question::new(&FIGURES, dims, Day(0)) };
        let known = |(other, _): &(Question, bool)| About::of(other) == About::of(&question);
        if !is_of_customers(&question) && !found.iter().any(known) {
            found.push((question, false));
        }
    }
    found
}

/// Whether a question follows from the sums by customer.
fn is_of_customers(question: &Question) -> bool {
    let slices = question.filters.iter().map(|filter| filter.dim);
    let mut dims = question.dims.iter().copied().chain(slices).peekable();
    let some = dims.peek().is_some() || question.named_only;
    some && dims.all(|dim| dim.origin() == Origin::Customer && !dim.is_of_past())
}

/// What was laid by for `question`, and the sequence that stands for; `None` where nothing fits.
pub(super) fn recall(
    question: &Question,
    source: &impl Source,
    extents: bool,
) -> Result<Option<(Collected, Seq)>, ReportFault> {
    if question.from.is_some() || question.to.is_some() {
        return Ok(None);
    }
    let fold = is_of_customers(question);
    let about = if fold {
        About { dims: vec![Dim::Customer.word().to_owned()], named_only: false, ..About::of(question) }
    } else {
        About::of(question)
    };
    let counts_customers = question.figures().any(|measure| measure == Measure::Customers);
    if !fold && (counts_customers || !question.filters.is_empty()) {
        return Ok(None);
    }
    let number = about.number();
    let Some(Ok(head)) = read(source, number, HEAD, |bytes| codec::decode::<Head>(FORMAT, bytes))? else {
        return Ok(None);
    };
    let seq = Seq(head.seq);
    if head.about != about || seq > source.seq() || seq < source.complete_after() || (extents && !head.extents) {
        return Ok(None);
    }
    let mut plan = Plan::bind(question, source, None, if fold { 1 } else { head.room }, extents)?;
    // That is what was laid by.
    plan.distinct = true;
    if (!fold && bound(&plan) != head.bound) || plan.layout.pairs {
        return Ok(None);
    }
    let found = Reading { source, number, head: &head }.cells(&plan, fold)?;
    Ok(found.map(|cells| {
        plan.members.know(head.words, head.rates);
        plan.members.meet(&head.east.map(i64::from).into_iter().collect::<Vec<i64>>());
        let explain = Explain { rows: head.rows, ..Explain::default() };
        (Collected::new(plan, cells, explain), seq)
    }))
}

/// The sequence that what was laid by for `question` stands for.
pub(super) fn moment(question: &Question, source: &impl Source) -> Result<Option<Seq>, ReportFault> {
    let head = read(source, number(question), HEAD, |bytes| codec::decode::<Head>(FORMAT, bytes))?;
    Ok(head.and_then(Result::ok).map(|head| Seq(head.seq)))
}

/// Whether every column that was laid by under `number` can be read.
pub(super) fn is_whole(number: u64, source: &impl Source) -> Result<bool, ReportFault> {
    for column in 0..SUMS + Base::COUNT as u8 {
        if let Some(Err(_)) = read(source, number, column, |bytes| codec::open(bytes).map(drop))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The number that `question` is laid by under.
pub(super) fn number(question: &Question) -> u64 {
    About::of(question).number()
}

/// Columns being read.
struct Reading<'a, S> {
    source: &'a S,
    number: u64,
    head: &'a Head,
}

impl<S: Source> Reading<'_, S> {
    /// The cells of `plan`; `None` where a column is missing or damaged.
    fn cells(&self, plan: &Plan, fold: bool) -> Result<Option<Cells>, ReportFault> {
        let mut cells = Cells::new(&plan.layout);
        cells.brace(self.head.spent);
        let sums = plan.layout.bases.iter().map(|base| SUMS + *base as u8);
        let extents: &[u8] = if cells.extents.is_some() { &[FIRST, LAST] } else { &[] };
        let wanted: Vec<u8> = sums.chain(extents.iter().copied()).collect();
        let helps = self.head.rows >= LONG && std::thread::available_parallelism().is_ok_and(|cores| cores.get() > 1);
        std::thread::scope(|scope| {
            if helps {
                // What it cannot read is found out below.
                scope.spawn(|| wanted.iter().rev().try_for_each(|at| self.source.laid(self.number, *at, &mut |_| ())));
            }
            let slots = if fold { self.customers(plan, &mut cells)? } else { self.slots(plan, &mut cells)? };
            let Some(slots) = slots else { return Ok(None) };
            for column in &wanted {
                if !self.add(*column, &slots, &mut cells)? {
                    return Ok(None);
                }
            }
            cells.orders = self.head.orders;
            Ok(Some(cells))
        })
    }

    /// The slot of each row's tuple and key; `None` where they lead nowhere.
    fn slots(&self, plan: &Plan, cells: &mut Cells) -> Result<Option<Vec<u32>>, ReportFault> {
        let outers: Vec<u32> = self.head.tuples.iter().map(|dates| cells.outer(dates)).collect();
        let (mut keys, mut tuples, mut key) = (Vec::new(), Vec::new(), 0i64);
        let read = self.column(KEY, &mut |_, differences| {
            keys.extend(differences.iter().map(|difference| {
                key = key.wrapping_add(*difference);
                key
            }));
        })? && self.column(TUPLE, &mut |_, values| tuples.extend_from_slice(values))?;
        let fits = |key: i64| u64::try_from(key).ok().filter(|key| *key < plan.layout.inner);
        let slot =
            |(key, tuple): (&i64, &i64)| Some(cells.slot(*outers.get(usize::try_from(*tuple).ok()?)?, fits(*key)?));
        Ok(if read { keys.iter().zip(&tuples).map(slot).collect() } else { None })
    }

    /// The slot of each customer, as the plan groups them now, and how many orders they have where customers are counted.
    fn customers(&self, plan: &Plan, cells: &mut Cells) -> Result<Option<Vec<u32>>, ReportFault> {
        let outer = cells.outer(&[]);
        let key_of = plan.customer_keys();
        let counts = cells.by_customer.is_some();
        let (mut slots, mut named) = (Vec::with_capacity(self.head.rows as usize), Vec::new());
        let mut customer = 0i64;
        let read = self.column(KEY, &mut |_, differences| {
            for difference in differences {
                customer = customer.wrapping_add(*difference);
                let slot = match key_of(customer as u32) {
                    AWAY => NOWHERE,
                    key => cells.slot(outer, key),
                };
                slots.push(slot);
                if counts {
                    named.push(if slot == NOWHERE { 0 } else { customer as u32 });
                }
            }
        })?;
        if !read {
            return Ok(None);
        }
        if counts {
            // The last first, so that there is room for all at once.
            cells.count_in_all(customer as u32, 0);
            let mut count = |first: usize, orders: &[i64]| {
                for (customer, orders) in named[first..].iter().zip(orders).filter(|(customer, _)| **customer != 0) {
                    cells.count_in_all(*customer, *orders as i32);
                }
            };
            if !self.column(SUMS + Base::Orders as u8, &mut count)? {
                return Ok(None);
            }
        }
        Ok(Some(slots))
    }

    /// Adds a column to the cells of these slots; whether it could be read.
    fn add(&self, column: u8, slots: &[u32], cells: &mut Cells) -> Result<bool, ReportFault> {
        if let FIRST | LAST = column {
            let room = cells.slots() as usize;
            let Some(extents) = &mut cells.extents else { return Ok(true) };
            extents.reserve(room);
            return self.column(column, &mut |first, words| {
                for (slot, word) in slots[first..].iter().zip(words) {
                    if let Some(at) = Instant::of_word(*word).filter(|_| *slot != NOWHERE) {
                        extents.take(*slot, at);
                    }
                }
            });
        }
        let Some(place) = cells.place.get(usize::from(column - SUMS)).copied().flatten() else { return Ok(true) };
        self.column(column, &mut |first, values| {
            add_rows(cells, &slots[first..first + values.len()], &[(place, values)], 1);
        })
    }

    /// Hands a column to `each`, some rows at a time; whether it could be read.
    fn column(&self, column: u8, each: &mut dyn FnMut(usize, &[i64])) -> Result<bool, ReportFault> {
        let rows = self.head.rows as usize;
        let read = read(self.source, self.number, column, |bytes| unpack(bytes, rows, each))?;
        Ok(read.is_some_and(|read| read.is_ok()))
    }
}

/// Keys are laid by as their differences, which are small.
fn differences(values: &mut [i64]) {
    let mut last = 0i64;
    for value in values {
        (*value, last) = (value.wrapping_sub(last), *value);
    }
}

fn read<T>(
    source: &impl Source,
    question: u64,
    column: u8,
    mut decode: impl FnMut(&[u8]) -> Result<T, CodecFault>,
) -> Result<Option<Result<T, CodecFault>>, ReportFault> {
    let mut found = None;
    source.laid(question, column, &mut |bytes| found = Some(decode(bytes)))?;
    Ok(found)
}

/// Of what the sums are grouped by: while it is the same, a key means the same group.
fn bound(plan: &Plan) -> [u8; 32] {
    let tables: Vec<_> = plan.records.iter().chain(&plan.product).map(|table| table.stated()).collect();
    *blake3::hash(&codec::plain(&(plan.layout.inner, tables))).as_bytes()
}

/// What a question came to, as it is laid by; `None` where it takes more than columns of 64 bits.
pub(super) fn lay(question: &Question, collected: &Collected, source: &impl Source) -> Option<Laid> {
    let Collected { plan, cells, .. } = collected;
    if !matches!(cells.values, Values::Narrow(_)) || !plan.members.offsets_are_whole() {
        return None;
    }
    let (words, rates) = plan.members.known_words();
    let of_customers = is_of_customers(question);
    let mut tuples: HashMap<&[u32], i64> = HashMap::new();
    let mut columns: [Vec<i64>; 4] = Default::default();
    let mut sums: [Vec<i64>; Base::COUNT] = Default::default();
    for slot in 1..cells.slots() {
        let base = cells.sums(slot);
        let extent = cells.extents.as_ref().and_then(|extents| extents.of(slot));
        if base.iter().all(|sum| *sum == 0) && extent.is_none() {
            continue;
        }
        let (dates, key) = cells.group(slot);
        let next = tuples.len() as i64;
        columns[0].push(*tuples.entry(dates).or_insert(next));
        columns[1].push(if of_customers { i64::from(customer_of(plan, cells, slot, source)) } else { key as i64 });
        columns[2].push(extent.map_or(Instant::NO_WORD, |(first, _)| first.word()));
        columns[3].push(extent.map_or(Instant::NO_WORD, |(_, last)| last.word()));
        for (column, sum) in sums.iter_mut().zip(base) {
            column.push(i64::try_from(sum).ok()?);
        }
    }
    differences(&mut columns[1]);
    let mut dates: Vec<(&[u32], i64)> = tuples.into_iter().collect();
    dates.sort_unstable_by_key(|(_, number)| *number);
    let about = About::of(question);
    let number = about.number();
    let head = Head {
        about,
        seq: source.seq().0,
        bound: bound(plan),
        room: plan.room,
        rows: columns[0].len() as u64,
        tuples: dates.into_iter().map(|(dates, _)| dates.to_vec()).collect(),
        orders: cells.orders,
        spent: cells.spent(),
        extents: cells.extents.is_some(),
        east: plan.members.easternmost(),
        words,
        rates,
    };
    let mut laid = vec![(HEAD, codec::encode(FORMAT, &head).ok()?)];
    laid.extend([TUPLE, KEY, FIRST, LAST].into_iter().zip(&columns).map(|(at, values)| (at, pack(values))));
    laid.extend((SUMS..).zip(&sums).map(|(at, values)| (at, pack(values))));
    Some(Laid { question: number, columns: laid })
}
