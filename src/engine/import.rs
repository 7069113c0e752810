//! Writing an import: records, indexes, segments and watermark directly, in one transaction, never through the tail.
//!
//! The journal gets the same facts in entries of at most a thousand changes, so that replaying it gives the same shop.

use super::bulk::Bulk;
use super::memory::Memory;
use super::seams::Seams;
use crate::domain::apply::order_after;
use crate::domain::fact::{FeedbackFact, OrderFact, ReturnFact, facts, feedback_fact, return_fact};
use crate::domain::view::Kind;
use crate::domain::{Change, MoveKind, Order, Outcome, Return, Slot, StockMove};
use crate::store::index::{self, Indexed};
use crate::store::journal::{self, Entry, Head};
use crate::store::record::{self, Record, get, insert, put_meta};
use crate::store::segment::Segment;
use crate::store::table::{CUSTOMER_ORDERS, EXTERNAL_IDS, ORDER_RETURNS, ORDERS, SEGMENTS};
use crate::store::{Fault, apply, attributes, codec, details, seal, stock};
use crate::unit::{Day, OrderNo, Quantity, ReceiptNo, RegisterId, Seq, Stamp, Text};
use redb::WriteTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Changes one journal entry holds at most.
const ENTRY: usize = 1_000;
/// Orders a segment part holds at most.
const PART: usize = 8_192;
/// Order facts held before the fullest day is written.
const HELD: usize = 100_000;

/// Whether a fault means that the import was not taken and the shop goes on.
pub(super) fn is_refusal(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { .. })
}

/// Writes everything into `txn`; the caller commits it, or aborts it after an error.
pub(super) fn write(
    txn: &WriteTransaction,
    memory: &Memory,
    bulk: Bulk,
    seams: &Seams,
    progress: &dyn Fn(u64),
) -> Result<(), Fault> {
    if bulk.based_on != memory.head.seq {
        return Err(Fault::Refused {
            why: "the shop was changed while the files were read. Start the import again".to_owned(),
        });
    }
    let now_ms = seams.clock.now_ms();
    let mut loading = Loading::new(txn, memory, seams, now_ms);
    loading.records(&bulk)?;
    loading.inventory(&bulk)?;
    let returned = returned_lines(&bulk.returns);
    loading.orders(bulk.orders, &bulk.returns, &returned, progress)?;
    loading.returns(bulk.returns)?;
    loading.feedback(bulk.feedback)?;
    loading.entry(vec![Change::Imported { counts: bulk.counts, digest: bulk.digest }], &[])?;
    loading.finish()
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

/// The facts of one day that wait to be written.
#[derive(Default)]
struct DayFacts {
    orders: Vec<OrderFact>,
    returns: Vec<ReturnFact>,
    feedback: Vec<FeedbackFact>,
}

struct Loading<'a> {
    txn: &'a WriteTransaction,
    seams: &'a Seams,
    now_ms: i64,
    head: Head,
    people: attributes::People,
    stock: stock::Columns,
    receipts: BTreeMap<RegisterId, u64>,
    days: BTreeMap<Day, DayFacts>,
    parts: HashMap<Day, u16>,
    held: usize,
    order_ids: Vec<(u8, Text, u64)>,
    customer_orders: Vec<(u32, i64, u64)>,
    return_facts: HashMap<u64, ReturnFact>,
}

impl<'a> Loading<'a> {
    fn new(txn: &'a WriteTransaction, memory: &'a Memory, seams: &'a Seams, now_ms: i64) -> Loading<'a> {
        Loading {
            txn,
            seams,
            now_ms,
            head: memory.head,
            people: attributes::People::clone(&memory.people),
            stock: memory.stock.clone(),
            receipts: memory.receipts.clone(),
            days: BTreeMap::new(),
            parts: HashMap::new(),
            held: 0,
            order_ids: Vec::new(),
            customer_orders: Vec::new(),
            return_facts: HashMap::new(),
        }
    }

    /// Appends a journal entry; its records are the caller's to write.
    fn journal(&mut self, changes: Vec<Change>) -> Result<Entry, Fault> {
        let entry = Entry {
            seq: Seq(self.head.seq.0 + 1),
            at_ms: self.now_ms,
            actor: None,
            id: self.seams.command_id(),
            outcome: Outcome::Done,
            changes,
            previous: self.head.hash,
        };
        self.head = journal::append(self.txn, &entry)?;
        Ok(entry)
    }

    /// Appends an entry and writes its records the way every commit does.
    fn entry(&mut self, changes: Vec<Change>, words: &[details::Row]) -> Result<(), Fault> {
        let entry = self.journal(changes)?;
        apply::apply(self.txn, entry.seq, &entry.changes, words)
    }

    fn entries(&mut self, changes: impl Iterator<Item = Change>) -> Result<(), Fault> {
        let mut waiting = Vec::new();
        for change in changes {
            waiting.push(change);
            if waiting.len() == ENTRY {
                self.closed_entry(std::mem::take(&mut waiting))?;
            }
        }
        if waiting.is_empty() { Ok(()) } else { self.closed_entry(waiting) }
    }

    fn closed_entry(&mut self, mut changes: Vec<Change>) -> Result<(), Fault> {
        let words = self.close(&mut changes);
        self.entry(changes, &words)
    }

    fn close(&self, changes: &mut [Change]) -> Vec<details::Row> {
        let mut salt = || {
            let mut bytes = [0; 16];
            self.seams.entropy.fill(&mut bytes);
            bytes
        };
        details::close(changes, &mut salt)
    }

    fn records(&mut self, bulk: &Bulk) -> Result<(), Fault> {
        let gone = bulk.gives_way.map(Change::StoreRemoved);
        let stores = bulk.stores.iter().cloned().map(Change::StoreSaved);
        let registers = bulk.registers.iter().cloned().map(Change::RegisterSaved);
        let staff = bulk.staff.iter().cloned().map(Change::StaffSaved);
        let products = bulk.products.iter().cloned().map(Change::ProductSaved);
        self.entries(gone.into_iter().chain(stores).chain(registers).chain(staff).chain(products))?;
        for (customer, known) in &bulk.customers {
            self.people.set(customer, Some(known));
        }
        let customers = bulk.customers.iter().cloned();
        self.entries(customers.map(|(customer, known)| Change::CustomerSaved { customer, details: Slot::Open(known) }))
    }

    /// Levels become movements: what is there after them is what the file says.
    fn inventory(&mut self, bulk: &Bulk) -> Result<(), Fault> {
        let at = Stamp::at(self.now_ms, &crate::unit::Zone::utc());
        let mut moves = Vec::new();
        for (store, product, level) in &bulk.inventory {
            let now = self.stock.quantity(*store, *product);
            let Some(quantity) = level.checked_sub(now) else {
                return Err(Fault::Refused { why: "a stock level is too large to be kept exactly".to_owned() });
            };
            self.stock.add(*store, *product, quantity);
            let kind = MoveKind::Imported;
            moves.push(Change::StockMoved(StockMove {
                store: *store,
                product: *product,
                quantity,
                kind,
                reason: None,
                unit_cost: None,
                at,
                by: None,
            }));
        }
        self.entries(moves.into_iter())
    }

    fn orders(
        &mut self,
        orders: super::bulk::Orders,
        returns: &[Return],
        returned: &HashMap<(OrderNo, u32), Quantity>,
        progress: &dyn Fn(u64),
    ) -> Result<(), Fault> {
        let mut by_order: HashMap<OrderNo, Vec<usize>> = HashMap::new();
        for (index, back) in returns.iter().enumerate() {
            if let Some(order) = back.order {
                by_order.entry(order).or_default().push(index);
            }
        }
        let mut waiting = Vec::with_capacity(ENTRY);
        let mut done = 0;
        for order in orders {
            let (mut order, words) = order.map_err(|why| Fault::Refused { why })?;
            // Returns are facts of their own: an order is journalled as it was sold.
            order.lines.iter_mut().for_each(|line| line.returned = Quantity::ZERO);
            self.look_at(&order)?;
            for index in by_order.get(&order.no).into_iter().flatten() {
                let back = &returns[*index];
                self.return_facts.insert(back.no.0, return_fact(back, Some(&order)));
            }
            waiting.push(Change::OrderPlaced { order, details: words.map(Slot::Open) });
            if waiting.len() == ENTRY {
                done += waiting.len() as u64;
                self.order_entry(std::mem::take(&mut waiting), returned)?;
                progress(done);
            }
        }
        if !waiting.is_empty() {
            done += waiting.len() as u64;
            self.order_entry(waiting, returned)?;
            progress(done);
        }
        Ok(())
    }

    /// Keeps what segments and indexes need of an order.
    fn look_at(&mut self, order: &Order) -> Result<(), Fault> {
        let fact = facts(order)
            .ok_or_else(|| Fault::Refused { why: format!("order {} is too large to be kept exactly", order.id()) })?;
        for (kind, text) in order.entries() {
            self.order_ids.push((index::code(kind), Text::lossy(&text), order.no.0));
            if kind == Kind::Receipt
                && let Some(receipt) = ReceiptNo::parse(&text)
            {
                let last = self.receipts.entry(receipt.register).or_default();
                *last = (*last).max(receipt.number);
            }
        }
        self.customer_orders.extend(seal::customer_order(&fact));
        let day = seal::day_of(fact.placed);
        self.days.entry(day).or_default().orders.push(fact);
        self.held += 1;
        if self.held >= HELD {
            self.write_fullest(day)?;
        }
        Ok(())
    }

    fn order_entry(
        &mut self,
        mut changes: Vec<Change>,
        returned: &HashMap<(OrderNo, u32), Quantity>,
    ) -> Result<(), Fault> {
        let words = self.close(&mut changes);
        let entry = self.journal(changes)?;
        let mut table = self.txn.open_table(ORDERS).map_err(|why| writing(&why))?;
        for change in entry.changes {
            let Change::OrderPlaced { mut order, .. } = change else { continue };
            if !returned.is_empty() {
                for line in &mut order.lines {
                    line.returned = returned.get(&(order.no, line.no)).copied().unwrap_or_default();
                }
            }
            let bytes = codec::encode(Order::FORMAT, &order);
            table.insert(order.no.0, bytes.as_slice()).map_err(|why| writing(&why))?;
        }
        drop(table);
        for row in &words {
            details::put(self.txn, row)?;
        }
        Ok(())
    }

    fn returns(&mut self, returns: Vec<Return>) -> Result<(), Fault> {
        for chunk in returns.chunks(ENTRY) {
            let entry = self.journal(chunk.iter().cloned().map(Change::GoodsReturned).collect())?;
            for change in entry.changes {
                let Change::GoodsReturned(back) = change else { continue };
                index::put(self.txn, back.no.0, None, Some(&back))?;
                record::put(self.txn, &back)?;
                if let Some(order) = back.order {
                    insert(self.txn, ORDER_RETURNS, (order.0, back.no.0), ())?;
                }
                let fact = match self.return_facts.remove(&back.no.0) {
                    Some(fact) => fact,
                    None => self.back_from_before(&back)?,
                };
                self.days.entry(seal::day_of(back.at)).or_default().returns.push(fact);
            }
        }
        Ok(())
    }

    /// A return of an order that was in the shop before, or of none: the order's line remembers it, as after any return.
    fn back_from_before(&self, back: &Return) -> Result<ReturnFact, Fault> {
        let order = match back.order {
            Some(no) => get::<Order>(self.txn, no.0)?,
            None => None,
        };
        if let Some(order) = &order {
            record::put(self.txn, &order_after(order, &Change::GoodsReturned(back.clone())))?;
        }
        Ok(return_fact(back, order.as_ref()))
    }

    fn feedback(&mut self, feedback: Vec<(crate::domain::Feedback, Option<Text>)>) -> Result<(), Fault> {
        for (said, _) in &feedback {
            self.days.entry(seal::day_of(said.at)).or_default().feedback.push(feedback_fact(said));
        }
        self.entries(
            feedback
                .into_iter()
                .map(|(feedback, words)| Change::FeedbackGiven { feedback, details: words.map(Slot::Open) }),
        )
    }

    /// Writes the day with the most orders waiting, but not `current`, which is still filling.
    fn write_fullest(&mut self, current: Day) -> Result<(), Fault> {
        let others = self.days.iter().filter(|(day, _)| **day != current);
        let fullest = others.max_by_key(|(_, waiting)| waiting.orders.len()).map(|(day, _)| *day);
        let day = fullest.unwrap_or(current);
        if let Some(facts) = self.days.remove(&day) {
            self.held -= facts.orders.len();
            self.write_day(day, &facts)?;
        }
        Ok(())
    }

    fn write_day(&mut self, day: Day, facts: &DayFacts) -> Result<(), Fault> {
        let mut first = true;
        let empty: &[OrderFact] = &[];
        let chunks = facts.orders.chunks(PART).chain(facts.orders.is_empty().then_some(empty));
        for orders in chunks {
            let segment = if first {
                Segment::build(orders, &facts.returns, &facts.feedback)
            } else {
                Segment::build(orders, &[], &[])
            };
            first = false;
            let part = self.next_part(day)?;
            insert(self.txn, SEGMENTS, (day.0, part), segment.encode().as_slice())?;
        }
        Ok(())
    }

    fn next_part(&mut self, day: Day) -> Result<u16, Fault> {
        let next = match self.parts.get(&day) {
            Some(next) => *next,
            None => seal::parts(self.txn, day)?.last().map_or(0, |(part, _)| part + 1),
        };
        self.parts.insert(day, next + 1);
        Ok(next)
    }

    fn finish(mut self) -> Result<(), Fault> {
        for (day, facts) in std::mem::take(&mut self.days) {
            self.write_day(day, &facts)?;
        }
        self.order_ids.sort_unstable();
        let mut ids = self.txn.open_table(EXTERNAL_IDS).map_err(|why| writing(&why))?;
        for (kind, text, number) in &self.order_ids {
            ids.insert((*kind, &**text), number).map_err(|why| writing(&why))?;
        }
        drop(ids);
        self.customer_orders.sort_unstable();
        let mut index = self.txn.open_table(CUSTOMER_ORDERS).map_err(|why| writing(&why))?;
        for key in &self.customer_orders {
            index.insert(*key, ()).map_err(|why| writing(&why))?;
        }
        drop(index);
        let stores: Vec<_> = self.stock.stores().collect();
        let blocks: BTreeSet<_> = stores
            .into_iter()
            .flat_map(|store| (0..=self.stock.last_block(store)).map(move |block| (store, block)))
            .collect();
        stock::put(self.txn, &self.stock, &blocks)?;
        attributes::put(self.txn, &self.people)?;
        put_meta(self.txn, "receipts", &self.receipts)?;
        put_meta(self.txn, "watermark", &self.head.seq.0)
    }
}

fn writing(why: &dyn std::fmt::Display) -> Fault {
    Fault::Io { what: "writing the import".to_owned(), why: why.to_string() }
}
