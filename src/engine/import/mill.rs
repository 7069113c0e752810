//! The half of an import that needs no file: orders become encoded rows, journal entries and segments on a thread of their
//! own, while the other half writes what is ready.

use super::super::bulk::Orders;
use super::super::seams::Seams;
use super::{ENTRY, writing};
use crate::domain::fact::{FeedbackFact, OrderFact, ReturnFact, facts, return_fact};
use crate::domain::view::Kind;
use crate::domain::{Change, Order, Outcome, Return, Slot};
use crate::store::index::{self, Indexed};
use crate::store::journal::{self, Entry, Head};
use crate::store::segment::{Encoded, Segment};
use crate::store::{Fault, details, orders, seal};
use crate::unit::{Day, OrderNo, Quantity, ReceiptNo, RegisterId, Seq};
use std::collections::{BTreeMap, HashMap};
use std::sync::mpsc::SyncSender;

/// Orders a segment part holds at most.
const PART: usize = 8_192;
/// Order facts held before the fullest day is cut into a segment.
const HELD: usize = 100_000;

/// The facts of one day that wait to be written.
#[derive(Default)]
pub(super) struct DayFacts {
    pub orders: Vec<OrderFact>,
    pub returns: Vec<ReturnFact>,
    pub feedback: Vec<FeedbackFact>,
}

impl DayFacts {
    /// The day's segments, encoded, in parts of a bounded size.
    pub fn segments(&self) -> impl Iterator<Item = Encoded> + '_ {
        let only_others: &[OrderFact] = &[];
        let chunks = self.orders.chunks(PART).chain(self.orders.is_empty().then_some(only_others));
        chunks.enumerate().map(|(at, orders)| match at {
            0 => Segment::build(orders, &self.returns, &self.feedback).encode(),
            _ => Segment::build(orders, &[], &[]).encode(),
        })
    }
}

/// What is ready to be written.
pub(super) enum Milled {
    /// A journal entry, the order rows it makes, the words it brought.
    Entry { seq: Seq, bytes: Vec<u8>, rows: Vec<(u64, Vec<u8>)>, words: Vec<details::Row> },
    /// A segment of a day.
    Segment(Day, Encoded),
}

/// What orders are found by besides their numbers, as the rows of two indexes.
#[derive(Default)]
pub(super) struct FoundBy {
    /// Kind of text, text, order.
    pub texts: Vec<(u8, Box<str>, u64)>,
    /// Customer, instant, order.
    pub customers: Vec<(u32, i64, u64)>,
}

impl FoundBy {
    /// In the order of the indexes: so every page of theirs is written once.
    pub fn sorted(mut self) -> FoundBy {
        self.texts.sort_unstable();
        self.customers.sort_unstable();
        self
    }
}

/// What comes out besides, once all orders are through.
pub(super) struct Yield {
    pub head: Head,
    pub receipts: BTreeMap<RegisterId, u64>,
    pub days: BTreeMap<Day, DayFacts>,
    pub found_by: FoundBy,
    /// The facts of returns whose orders came by.
    pub return_facts: HashMap<u64, ReturnFact>,
}

/// The mill at work.
pub(super) struct Mill<'a> {
    pub seams: &'a Seams,
    pub now_ms: i64,
    pub returns: &'a [Return],
    pub out: SyncSender<Milled>,
    pub done: Yield,
    /// Who asked for the import, which every entry says.
    asked: Option<Change>,
    held: usize,
}

impl<'a> Mill<'a> {
    pub fn new(
        seams: &'a Seams,
        now_ms: i64,
        returns: &'a [Return],
        out: SyncSender<Milled>,
        head: Head,
        receipts: BTreeMap<RegisterId, u64>,
        asked: Option<Change>,
    ) -> Mill<'a> {
        let done =
            Yield { head, receipts, days: BTreeMap::new(), found_by: FoundBy::default(), return_facts: HashMap::new() };
        Mill { seams, now_ms, returns, out, done, asked, held: 0 }
    }

    /// Takes all orders in.
    pub fn run(mut self, orders: Orders) -> Result<Yield, Fault> {
        let mut by_order: HashMap<OrderNo, Vec<usize>> = HashMap::new();
        for (index, back) in self.returns.iter().enumerate() {
            if let Some(order) = back.order {
                by_order.entry(order).or_default().push(index);
            }
        }
        let returned = returned_lines(self.returns);
        let mut waiting = Vec::with_capacity(ENTRY);
        for order in orders {
            let (mut order, words) = order.map_err(|why| Fault::Refused { why })?;
            // Returns are facts of their own: an order is journalled as it was sold.
            order.lines.iter_mut().for_each(|line| line.returned = Quantity::ZERO);
            // An id that is the order's own number needs no row to be found by.
            if order.ext.as_ref().is_some_and(|ext| **ext == *order.no.0.to_string()) {
                order.ext = None;
            }
            self.look_at(&order)?;
            for index in by_order.get(&order.no).into_iter().flatten() {
                let back = &self.returns[*index];
                self.done.return_facts.insert(back.no.0, return_fact(back, Some(&order)));
            }
            waiting.push(Change::OrderPlaced { order, details: words.map(Slot::Open) });
            // There is room for who asked.
            if waiting.len() + 1 == ENTRY {
                self.entry(std::mem::take(&mut waiting), &returned)?;
            }
        }
        if !waiting.is_empty() {
            self.entry(waiting, &returned)?;
        }
        Ok(self.done)
    }

    /// Keeps what segments and indexes need of an order.
    fn look_at(&mut self, order: &Order) -> Result<(), Fault> {
        let fact = facts(order)
            .ok_or_else(|| Fault::Refused { why: format!("order {} is too large to be kept exactly", order.id()) })?;
        for (kind, text) in order.entries().into_iter().chain(index::receipt(order)) {
            if kind == Kind::Receipt
                && let Some(receipt) = ReceiptNo::parse(&text)
            {
                let last = self.done.receipts.entry(receipt.register).or_default();
                *last = (*last).max(receipt.number);
            }
            self.done.found_by.texts.push((index::code(kind), text.into_boxed_str(), order.no.0));
        }
        self.done.found_by.customers.extend(seal::customer_order(&fact));
        let day = seal::day_of(fact.placed);
        self.done.days.entry(day).or_default().orders.push(fact);
        self.held += 1;
        if self.held >= HELD { self.cut_fullest(day) } else { Ok(()) }
    }

    /// Cuts the day with the most orders waiting, but not `current`, which is still filling.
    fn cut_fullest(&mut self, current: Day) -> Result<(), Fault> {
        let others = self.done.days.iter().filter(|(day, _)| **day != current);
        let fullest = others.max_by_key(|(_, waiting)| waiting.orders.len()).map(|(day, _)| *day);
        let day = fullest.unwrap_or(current);
        if let Some(facts) = self.done.days.remove(&day) {
            self.held -= facts.orders.len();
            for segment in facts.segments() {
                self.hand_over(Milled::Segment(day, segment))?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, mut changes: Vec<Change>, returned: &HashMap<(OrderNo, u32), Quantity>) -> Result<(), Fault> {
        let words = close(self.seams, &mut changes);
        changes.extend(self.asked.clone());
        let entry = next_entry(self.seams, self.now_ms, self.done.head, changes);
        let (bytes, head) = journal::encode(&entry)?;
        self.done.head = head;
        let mut rows = Vec::with_capacity(entry.changes.len());
        for change in entry.changes {
            let Change::OrderPlaced { mut order, .. } = change else { continue };
            if !returned.is_empty() {
                for line in &mut order.lines {
                    line.returned = returned.get(&(order.no, line.no)).copied().unwrap_or_default();
                }
            }
            rows.push((order.no.0, orders::row(&order)?));
        }
        self.hand_over(Milled::Entry { seq: head.seq, bytes, rows, words })
    }

    fn hand_over(&self, milled: Milled) -> Result<(), Fault> {
        self.out.send(milled).map_err(|_| writing(&"the writing half has stopped"))
    }
}

/// The entry that follows `head`.
pub(super) fn next_entry(seams: &Seams, now_ms: i64, head: Head, changes: Vec<Change>) -> Entry {
    Entry {
        seq: Seq(head.seq.0 + 1),
        at_ms: now_ms,
        actor: None,
        id: seams.command_id(),
        outcome: Outcome::Done,
        changes,
        previous: head.hash,
    }
}

/// Closes the slots of changes with fresh salt; the rows that keep the words.
pub(super) fn close(seams: &Seams, changes: &mut [Change]) -> Vec<details::Row> {
    let mut salt = || {
        let mut bytes = [0; 16];
        seams.entropy.fill(&mut bytes);
        bytes
    };
    details::close(changes, &mut salt)
}

/// How much of each order's lines comes back.
fn returned_lines(returns: &[Return]) -> HashMap<(OrderNo, u32), Quantity> {
    let mut sums: HashMap<(OrderNo, u32), Quantity> = HashMap::new();
    for back in returns {
        if let (Some(order), Some(line)) = (back.order, back.line_no) {
            let sum = sums.entry((order, line)).or_default();
            *sum = sum.checked_add(back.quantity).unwrap_or(*sum);
        }
    }
    sums
}
