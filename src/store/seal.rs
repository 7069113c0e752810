//! Sealing: a finished stretch of the tail is folded into segments and indexes, in one transaction with its watermark.
//!
//! What is sealed is always the fold of the journal up to the watermark; nothing is decided here.

use super::attributes::{self, People};
use super::codec;
use super::fault::{Fault, io};
use super::index;
use super::orders::Unfiled;
use super::record::{Source, insert, meta, put_meta};
use super::segment::{Column, Counts, Encoded, Segment};
use super::stock::{self, Columns, block_of};
use super::table::{COMMAND_IDS, CUSTOMER_ORDERS, SEGMENT_HEADS, SEGMENTS};
use crate::domain::Outcome;
use crate::domain::fact::{Fact, FeedbackFact, OrderFact, ReturnFact, Signed};
use crate::unit::{
    CommandId, Day, FeedbackNo, OrderNo, ProductId, Quantity, ReceiptNo, RegisterId, ReturnNo, Seq, Stamp, StoreId,
};
use redb::WriteTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Where facts without a date stand.
pub const UNDATED: Day = Day(i32::MIN);

/// A part takes no further orders at the counter once it holds so many.
const PART_ORDERS: usize = 1_024;

/// How long a command's id is remembered.
pub const REMEMBER_MS: i64 = 48 * 3_600_000;

/// The stretch of the tail to seal.
pub struct Stretch<'a> {
    /// The new watermark.
    pub upto: Seq,
    /// The signed facts after the old watermark up to the new, in order.
    pub facts: Vec<&'a Signed>,
    /// The stock movements of the same stretch.
    pub stock: Vec<(StoreId, ProductId, Quantity)>,
    /// The commands of the same stretch and what came of them.
    pub commands: Vec<(CommandId, Outcome)>,
    /// Receipt numbers given so far, by register.
    pub receipts: &'a BTreeMap<RegisterId, u64>,
    /// The receipts given in the same stretch.
    pub receipts_given: Vec<(ReceiptNo, OrderNo)>,
    /// The customers' columns when they changed since they were last written.
    pub people: Option<&'a People>,
    /// The time by the writer's clock, to forget old command ids.
    pub now_ms: i64,
}

/// The seal watermark: everything up to it is in segments and indexes.
pub fn watermark(source: &impl Source) -> Result<Seq, Fault> {
    Ok(Seq(meta::<u64>(source, "watermark")?.unwrap_or(0)))
}

/// The receipt numbers given so far, as of the watermark.
pub fn receipts(source: &impl Source) -> Result<BTreeMap<RegisterId, u64>, Fault> {
    Ok(meta(source, "receipts")?.unwrap_or_default())
}

/// The remembered outcome of a command sealed before.
pub fn outcome(source: &impl Source, id: CommandId) -> Result<Option<Outcome>, Fault> {
    source.with(COMMAND_IDS, |rows| match rows.row(id.0)? {
        Some(value) => super::record::decoded(1, "command_ids", id, value.value()).map(Some),
        None => Ok(None),
    })
}

/// The latest id of a command sealed before; ids begin with the time they were made at.
pub fn last_command(source: &impl Source) -> Result<CommandId, Fault> {
    let last = source.with(COMMAND_IDS, |rows| match rows.all()?.next_back() {
        Some(row) => Ok(Some(row.map_err(|why| io("reading command ids", why))?.0.value())),
        None => Ok(None),
    })?;
    Ok(CommandId(last.unwrap_or_default()))
}

/// Files the orders of a stretch and folds it into the sealed tables; `columns` is the stock at the old watermark and comes out
/// at the new.
pub fn seal(
    txn: &WriteTransaction,
    stretch: &Stretch<'_>,
    unfiled: &mut Unfiled,
    columns: &mut Columns,
) -> Result<(), Fault> {
    unfiled.file(txn, stretch.upto)?;
    let days = by_day(&stretch.facts);
    for (day, edit) in &days {
        fold_day(txn, *day, edit)?;
    }
    write_customer_orders(txn, days.values().flat_map(|edit| edit.orders.added_new()))?;
    write_stock(txn, &stretch.stock, columns)?;
    let receipts: Vec<_> = stretch.receipts_given.iter().map(|(no, order)| (no.to_string(), *order)).collect();
    index::put_receipts(txn, receipts.iter().map(|(text, order)| (text.as_str(), *order)))?;
    write_commands(txn, &stretch.commands, stretch.now_ms)?;
    if let Some(people) = stretch.people {
        attributes::put(txn, people)?;
    }
    put_meta(txn, "receipts", stretch.receipts)?;
    put_meta(txn, "watermark", &stretch.upto.0)
}

/// What happens to one kind of fact on one day.
struct Edit<N, F> {
    /// Facts that stand in a segment and go.
    gone: HashSet<N>,
    /// Facts as they are at the end of the stretch.
    now: BTreeMap<N, F>,
}

impl<N: std::hash::Hash + Ord + Copy, F> Default for Edit<N, F> {
    fn default() -> Self {
        Edit { gone: HashSet::new(), now: BTreeMap::new() }
    }
}

impl<N: std::hash::Hash + Ord + Copy, F: Clone> Edit<N, F> {
    fn take(&mut self, number: N, fact: &F, plus: bool) {
        if plus {
            self.now.insert(number, fact.clone());
        } else if self.now.remove(&number).is_none() {
            self.gone.insert(number);
        }
    }

    fn added_new(&self) -> impl Iterator<Item = &F> {
        self.now.iter().filter(|(number, _)| !self.gone.contains(number)).map(|(_, fact)| fact)
    }
}

#[derive(Default)]
struct DayEdit {
    orders: Edit<OrderNo, OrderFact>,
    returns: Edit<ReturnNo, ReturnFact>,
    feedback: Edit<FeedbackNo, FeedbackFact>,
}

impl DayEdit {
    /// Whether something that stands in a segment goes or changes.
    fn takes_away(&self) -> bool {
        !(self.orders.gone.is_empty() && self.returns.gone.is_empty() && self.feedback.gone.is_empty())
    }
}

/// The day a stamp belongs to.
pub fn day_of(stamp: Option<Stamp>) -> Day {
    stamp.map_or(UNDATED, |stamp| stamp.day())
}

fn by_day(facts: &[&Signed]) -> BTreeMap<Day, DayEdit> {
    let mut days: BTreeMap<Day, DayEdit> = BTreeMap::new();
    for signed in facts {
        match &signed.fact {
            Fact::Order(fact) => {
                days.entry(day_of(fact.placed)).or_default().orders.take(fact.no, fact, signed.plus);
            }
            Fact::Return(fact) => days.entry(day_of(fact.at)).or_default().returns.take(fact.no, fact, signed.plus),
            Fact::Feedback(fact) => days.entry(day_of(fact.at)).or_default().feedback.take(fact.no, fact, signed.plus),
        }
    }
    days
}

/// A part of a day, taken apart.
#[derive(Default)]
struct Part {
    orders: Vec<OrderFact>,
    returns: Vec<ReturnFact>,
    feedback: Vec<FeedbackFact>,
}

/// The parts of a day as stored.
pub fn parts(source: &impl Source, day: Day) -> Result<Vec<(u16, Segment)>, Fault> {
    let mut found = Vec::new();
    for (part, head) in heads(source, day)? {
        found.push((part, decoded((day.0, part), &stored(source, day, part, head)?)?));
    }
    Ok(found)
}

/// The heads of a day's segments, by part.
fn heads(source: &impl Source, day: Day) -> Result<Vec<(u16, Vec<u8>)>, Fault> {
    source.with(SEGMENT_HEADS, |rows| {
        let mut found = Vec::new();
        for row in rows.rows((day.0, 0), (day.0.saturating_add(1), 0))? {
            let (key, value) = row.map_err(|why| io("reading a segment", why))?;
            found.push((key.value().1, value.value().to_vec()));
        }
        Ok(found)
    })
}

/// The bytes of one segment.
fn stored(source: &impl Source, day: Day, part: u16, head: Vec<u8>) -> Result<Encoded, Fault> {
    let columns = source.with(SEGMENTS, |rows| {
        let mut columns = Vec::new();
        for row in rows.rows((day.0, part, 0), (day.0, part, u8::MAX))? {
            let (key, value) = row.map_err(|why| io("reading a segment", why))?;
            let column = Column::ALL.get(usize::from(key.value().2));
            let column = *column.ok_or_else(|| damaged((day.0, part), codec::CodecFault::Shape))?;
            columns.push((column, value.value().to_vec()));
        }
        Ok(columns)
    })?;
    Ok(Encoded { head, columns })
}

/// The parts, once they have been found to be exactly the rows that are stored of the day.
pub fn proven_parts(source: &impl Source, day: Day) -> Result<Vec<(u16, Segment)>, Fault> {
    let mut found = Vec::new();
    let mut columns = 0;
    for (part, head) in heads(source, day)? {
        let bytes = stored(source, day, part, head)?;
        let segment = decoded((day.0, part), &bytes)?;
        if segment.encode() != bytes {
            return Err(damaged((day.0, part), codec::CodecFault::Shape));
        }
        columns += bytes.columns.len();
        found.push((part, segment));
    }
    let rows = source.with(SEGMENTS, |rows| Ok(rows.rows((day.0, 0, 0), (day.0.saturating_add(1), 0, 0))?.count()))?;
    if rows == columns {
        return Ok(found);
    }
    let why = "has columns that belong to no segment".to_owned();
    Err(Fault::Damaged { table: "segments".to_owned(), key: day.to_string(), why })
}

fn decoded(key: (i32, u16), bytes: &Encoded) -> Result<Segment, Fault> {
    Segment::decode(bytes).map_err(|why| damaged(key, why))
}

fn damaged(key: (i32, u16), why: codec::CodecFault) -> Fault {
    Fault::Damaged { table: "segments".to_owned(), key: format!("{} part {}", Day(key.0), key.1), why: why.to_string() }
}

/// The part of a day that new facts alone touch: the last one, where it has room. `None` when none is stored.
fn last_part(source: &impl Source, day: Day) -> Result<Option<(u16, Option<Segment>)>, Fault> {
    let last = source.with(SEGMENT_HEADS, |rows| {
        let Some(row) = rows.rows((day.0, 0), (day.0.saturating_add(1), 0))?.next_back() else { return Ok(None) };
        let (key, value) = row.map_err(|why| io("reading a segment", why))?;
        Ok(Some((key.value().1, value.value().to_vec())))
    })?;
    let Some((part, head)) = last else { return Ok(None) };
    let key = (day.0, part);
    if Counts::peek(&head).map_err(|why| damaged(key, why))?.orders >= PART_ORDERS {
        return Ok(Some((part, None)));
    }
    Ok(Some((part, Some(decoded(key, &stored(source, day, part, head)?)?))))
}

fn fold_day(txn: &WriteTransaction, day: Day, edit: &DayEdit) -> Result<(), Fault> {
    if !edit.takes_away() {
        return append(txn, day, edit);
    }
    let stored = parts(txn, day)?;
    let mut last = 0;
    let mut room = None;
    let mut fresh = Part {
        orders: edit.orders.now.values().cloned().collect(),
        returns: edit.returns.now.values().cloned().collect(),
        feedback: edit.feedback.now.values().cloned().collect(),
    };
    for (number, segment) in stored {
        let mut part =
            Part { orders: segment.order_facts(), returns: segment.return_facts(), feedback: segment.feedback_facts() };
        let touched = replace(&mut part.orders, &mut fresh.orders, &edit.orders.gone, |fact| fact.no)
            | replace(&mut part.returns, &mut fresh.returns, &edit.returns.gone, |fact| fact.no)
            | replace(&mut part.feedback, &mut fresh.feedback, &edit.feedback.gone, |fact| fact.no);
        last = number + 1;
        if part.orders.len() < PART_ORDERS {
            if let Some((full, part)) = room.replace((number, part)) {
                write_part(txn, day, full, &part)?;
            }
        } else if touched {
            write_part(txn, day, number, &part)?;
        }
    }
    let (number, mut part) = room.unwrap_or((last, Part::default()));
    part.orders.append(&mut fresh.orders);
    part.returns.append(&mut fresh.returns);
    part.feedback.append(&mut fresh.feedback);
    write_part(txn, day, number, &part)
}

/// Brings new facts to a day without looking at its full parts.
fn append(txn: &WriteTransaction, day: Day, edit: &DayEdit) -> Result<(), Fault> {
    let mut part = Part {
        orders: edit.orders.now.values().cloned().collect(),
        returns: edit.returns.now.values().cloned().collect(),
        feedback: edit.feedback.now.values().cloned().collect(),
    };
    let number = match last_part(txn, day)? {
        None => 0,
        Some((number, None)) => number + 1,
        Some((number, Some(segment))) => {
            part.orders.extend(segment.order_facts());
            part.returns.extend(segment.return_facts());
            part.feedback.extend(segment.feedback_facts());
            number
        }
    };
    write_part(txn, day, number, &part)
}

/// Puts what a fact is now in its old place, takes away what is gone; whether anything was.
fn replace<N: std::hash::Hash + Eq + Ord, F>(
    old: &mut Vec<F>,
    fresh: &mut Vec<F>,
    gone: &HashSet<N>,
    number: impl Fn(&F) -> N,
) -> bool {
    if gone.is_empty() {
        return false;
    }
    let mut touched = false;
    let mut kept = Vec::with_capacity(old.len());
    for fact in old.drain(..) {
        if !gone.contains(&number(&fact)) {
            kept.push(fact);
            continue;
        }
        touched = true;
        if let Some(at) = fresh.iter().position(|new| number(new) == number(&fact)) {
            kept.push(fresh.remove(at));
        }
    }
    *old = kept;
    touched
}

fn write_part(txn: &WriteTransaction, day: Day, number: u16, part: &Part) -> Result<(), Fault> {
    let segment = Segment::build(&part.orders, &part.returns, &part.feedback);
    put_segment(txn, day, number, &segment.encode())
}

/// Writes an encoded segment in the place of what stood there.
pub fn put_segment(txn: &WriteTransaction, day: Day, part: u16, bytes: &Encoded) -> Result<(), Fault> {
    insert(txn, SEGMENT_HEADS, (day.0, part), bytes.head.as_slice())?;
    let writing = |why: redb::StorageError| io("writing a segment", why);
    let mut table = txn.open_table(SEGMENTS).map_err(|why| io("writing a segment", why))?;
    let stays = |column: u8| bytes.columns.iter().any(|(stored, _)| *stored as u8 == column);
    table.retain_in((day.0, part, 0)..(day.0, part, u8::MAX), |(_, _, column), _| stays(column)).map_err(writing)?;
    for (column, codes) in &bytes.columns {
        table.insert((day.0, part, *column as u8), codes.as_slice()).map_err(writing)?;
    }
    Ok(())
}

fn write_customer_orders<'a>(txn: &WriteTransaction, orders: impl Iterator<Item = &'a OrderFact>) -> Result<(), Fault> {
    let mut table = txn.open_table(CUSTOMER_ORDERS).map_err(|why| io("writing an index", why))?;
    for fact in orders {
        if let Some(key) = customer_order(fact) {
            table.insert(key, ()).map_err(|why| io("writing an index", why))?;
        }
    }
    Ok(())
}

/// The `customer_orders` entry of an order: the one function that says so.
pub fn customer_order(fact: &OrderFact) -> Option<(u32, i64, u64)> {
    let customer = fact.customer?;
    Some((customer.0, fact.placed.map_or(i64::MIN, |stamp| stamp.unix_ms), fact.no.0))
}

fn write_stock(
    txn: &WriteTransaction,
    moved: &[(StoreId, ProductId, Quantity)],
    columns: &mut Columns,
) -> Result<(), Fault> {
    let mut blocks = BTreeSet::new();
    for (store, product, quantity) in moved {
        columns.add(*store, *product, *quantity);
        blocks.insert((*store, block_of(*product)));
    }
    stock::put(txn, columns, &blocks)
}

fn write_commands(txn: &WriteTransaction, commands: &[(CommandId, Outcome)], now_ms: i64) -> Result<(), Fault> {
    let mut table = txn.open_table(COMMAND_IDS).map_err(|why| io("writing command ids", why))?;
    for (id, outcome) in commands {
        table.insert(id.0, codec::encode(1, outcome)?.as_slice()).map_err(|why| io("writing command ids", why))?;
    }
    let oldest = CommandId::new((now_ms - REMEMBER_MS).max(0) as u64, 0);
    table.retain_in(..oldest.0, |_, _| false).map_err(|why| io("writing command ids", why))
}

/// The facts of these orders, as they stand in the segments of `day`.
pub fn sealed_orders(
    source: &impl Source,
    day: Day,
    numbers: &[OrderNo],
) -> Result<HashMap<OrderNo, OrderFact>, Fault> {
    let mut found = HashMap::new();
    for (_, segment) in parts(source, day)? {
        for number in numbers {
            if let Some(fact) = segment.order(*number) {
                found.insert(*number, fact);
            }
        }
    }
    Ok(found)
}
