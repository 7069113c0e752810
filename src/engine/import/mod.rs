//! Writing an import: records, indexes, segments and watermark directly, in one transaction, never through the tail.
//!
//! The journal gets the same facts in entries of at most a thousand changes, so that replaying it gives the same shop.

mod mill;
mod told;

use super::bulk::Bulk;
use super::directory::Directory;
use super::memory::Memory;
use super::seams::Seams;
use crate::domain::apply::order_after;
use crate::domain::fact::{ReturnFact, feedback_fact, return_fact};
use crate::domain::{Change, MoveKind, Note, Return, Slot, StockMove, Store};
use crate::store::index;
use crate::store::journal::{self, Entry, Head};
use crate::store::orders::{self, Unfiled};
use crate::store::record::{self, insert, put_meta};
use crate::store::segment::Encoded;
use crate::store::table::{CUSTOMER_ORDERS, EXTERNAL_IDS, ORDER_RETURNS, ORDERS};
use crate::store::{Fault, apply, attributes, details, seal, stock};
use crate::unit::{Day, RegisterId, Stamp, StoreId, Text, Zone};
use mill::{DayFacts, FoundBy, Mill, Milled, close, next_entry};
use redb::WriteTransaction;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use told::Saved;

/// Changes one journal entry holds at most.
const ENTRY: usize = 1_000;
/// Entries that may wait to be written.
const READY: usize = 8;

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
    loading.asked = bulk.from.clone().map(|from| Change::Noted(Note::Asked { from, by_actor: false }));
    loading.records(&bulk)?;
    loading.inventory(&bulk)?;
    let found_by = loading.orders(bulk.orders, &bulk.returns, progress)?;
    // Sorting takes as long as writing what is left.
    let found_by = std::thread::scope(|scope| {
        let sorting = scope.spawn(|| found_by.sorted());
        loading.returns(bulk.returns)?;
        loading.feedback(bulk.feedback)?;
        let last = Change::Imported { counts: bulk.counts, digest: bulk.digest };
        loading.closed_entry(vec![last])?;
        sorting.join().map_err(|_| writing(&"the sorting half broke one of its own rules"))
    })?;
    loading.finish(&found_by)
}

struct Loading<'a> {
    txn: &'a WriteTransaction,
    seams: &'a Seams,
    now_ms: i64,
    /// Who asked for it, which every entry says.
    asked: Option<Change>,
    directory: Arc<Directory>,
    head: Head,
    people: attributes::People,
    stock: stock::Columns,
    receipts: BTreeMap<RegisterId, u64>,
    days: BTreeMap<Day, DayFacts>,
    parts: HashMap<Day, u16>,
    return_facts: HashMap<u64, ReturnFact>,
}

impl<'a> Loading<'a> {
    fn new(txn: &'a WriteTransaction, memory: &'a Memory, seams: &'a Seams, now_ms: i64) -> Loading<'a> {
        Loading {
            txn,
            seams,
            now_ms,
            asked: None,
            directory: Arc::clone(&memory.directory),
            head: memory.head,
            people: attributes::People::clone(&memory.people),
            stock: memory.stock.clone(),
            receipts: memory.receipts.clone(),
            days: BTreeMap::new(),
            parts: HashMap::new(),
            return_facts: HashMap::new(),
        }
    }

    /// Appends a journal entry; its records are the caller's to write.
    fn journal(&mut self, changes: Vec<Change>) -> Result<Entry, Fault> {
        let entry = next_entry(self.seams, self.now_ms, self.head, changes);
        self.head = journal::append(self.txn, &entry)?;
        Ok(entry)
    }

    /// Appends an entry and writes its records the way every commit does.
    fn entry(&mut self, changes: Vec<Change>, words: &[details::Row]) -> Result<(), Fault> {
        let entry = self.journal(changes)?;
        let mut unfiled = Unfiled::default();
        apply::apply(self.txn, entry.seq, &entry.changes, words, &mut unfiled)?;
        unfiled.file(self.txn, entry.seq)
    }

    /// Writes records, each with what is told of it, in entries that hold them together.
    fn entries(&mut self, records: impl Iterator<Item = Result<Option<Saved>, Fault>>) -> Result<(), Fault> {
        let mut waiting = Vec::new();
        for record in records {
            let Some((change, told)) = record? else { continue };
            // There is room for the record, what is told of it and who asked.
            if waiting.len() + 3 > ENTRY {
                self.closed_entry(std::mem::take(&mut waiting))?;
            }
            waiting.push(change);
            waiting.extend(told);
        }
        if waiting.is_empty() { Ok(()) } else { self.closed_entry(waiting) }
    }

    fn closed_entry(&mut self, mut changes: Vec<Change>) -> Result<(), Fault> {
        let words = close(self.seams, &mut changes);
        changes.extend(self.asked.clone());
        self.entry(changes, &words)
    }

    fn records(&mut self, bulk: &Bulk) -> Result<(), Fault> {
        let (txn, minor) = (self.txn, self.directory.minor());
        let stores = bulk.stores.iter().map(|store| told::saved(txn, store, minor, Change::StoreSaved));
        let registers = bulk.registers.iter().cloned().map(Change::RegisterSaved);
        let staff = bulk.staff.iter().cloned().map(Change::StaffSaved);
        let new = registers.chain(staff).map(|change| Ok(Some((change, None))));
        let products = bulk.products.iter().map(|product| told::saved(txn, product, minor, Change::ProductSaved));
        self.entries(stores.chain(new).chain(products))?;
        for (customer, known) in &bulk.customers {
            self.people.set(customer, Some(known));
        }
        self.entries(bulk.customers.iter().map(|(customer, known)| told::customer(txn, customer, known, minor)))
    }

    /// Levels become movements: what is there after them is what the file says.
    fn inventory(&mut self, bulk: &Bulk) -> Result<(), Fault> {
        // Stores of the same files are not in the shop's own list yet.
        let zone = |store: &Store| store.zone.unwrap_or_else(|| self.directory.zone(store.id));
        let zones: HashMap<StoreId, Zone> = bulk.stores.iter().map(|store| (store.id, zone(store))).collect();
        let mut moves = Vec::new();
        // Movements stand by product: in that order they are written once, at the end of their table.
        let mut levels = bulk.inventory.clone();
        levels.sort_by_key(|(_, product, _)| *product);
        for (store, product, level) in &levels {
            let now = self.stock.quantity(*store, *product);
            let Some(quantity) = level.checked_sub(now) else {
                return Err(Fault::Refused { why: "a stock level is too large to be kept exactly".to_owned() });
            };
            let known = self.stock.is_known(*store, *product);
            if known && quantity.is_zero() {
                continue;
            }
            self.stock.add(*store, *product, quantity);
            let kind = MoveKind::Imported;
            let told = known.then(|| told::level(now, *level));
            let moved = Change::StockMoved(StockMove {
                store: *store,
                product: *product,
                quantity,
                kind,
                reason: None,
                unit_cost: None,
                at: Stamp::at(self.now_ms, &zones.get(store).copied().unwrap_or_else(|| self.directory.zone(*store))),
                by: None,
            });
            moves.push(Ok(Some((moved, told))));
        }
        self.entries(moves.into_iter())
    }

    /// Orders are made ready on a thread of their own; here they are only written.
    fn orders(
        &mut self,
        orders: super::bulk::Orders,
        returns: &[Return],
        progress: &dyn Fn(u64),
    ) -> Result<FoundBy, Fault> {
        let (out, ready) = sync_channel(READY);
        let (seams, now_ms, head) = (self.seams, self.now_ms, self.head);
        let receipts = std::mem::take(&mut self.receipts);
        let asked = self.asked.clone();
        let milled = std::thread::scope(|scope| {
            let mill = Mill::new(seams, now_ms, returns, out, head, receipts, asked);
            let milling = scope.spawn(move || mill.run(orders));
            let written = self.write_ready(ready, progress);
            let milled =
                milling.join().unwrap_or_else(|_| Err(writing(&"the preparing half broke one of its own rules")));
            written.and(milled)
        })?;
        self.head = milled.head;
        self.receipts = milled.receipts;
        self.days = milled.days;
        self.return_facts = milled.return_facts;
        Ok(milled.found_by)
    }

    fn write_ready(&mut self, ready: Receiver<Milled>, progress: &dyn Fn(u64)) -> Result<(), Fault> {
        let mut done = 0;
        for milled in ready {
            match milled {
                Milled::Segment(day, bytes) => self.write_segment(day, &bytes)?,
                Milled::Entry { seq, bytes, rows, words } => {
                    journal::put(self.txn, seq, &bytes)?;
                    let mut table = self.txn.open_table(ORDERS).map_err(|why| writing(&why))?;
                    for (number, bytes) in &rows {
                        table.insert(number, bytes.as_slice()).map_err(|why| writing(&why))?;
                    }
                    drop(table);
                    for row in &words {
                        details::put(self.txn, row)?;
                    }
                    done += rows.len() as u64;
                    progress(done);
                }
            }
        }
        Ok(())
    }

    fn returns(&mut self, returns: Vec<Return>) -> Result<(), Fault> {
        // There is room for how each was paid out, and for who asked.
        for chunk in returns.chunks((ENTRY - 1) / 2) {
            let back = chunk.iter().cloned().flat_map(Change::of_return);
            let entry = self.journal(back.chain(self.asked.clone()).collect())?;
            for change in entry.changes {
                let back = match change {
                    Change::GoodsReturned(back) => back,
                    Change::RefundPaid(payout) => {
                        record::put(self.txn, &payout)?;
                        continue;
                    }
                    _ => continue,
                };
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
            Some(no) => orders::filed(self.txn, no)?,
            None => None,
        };
        if let Some(order) = &order {
            orders::file(self.txn, &order_after(order, &Change::GoodsReturned(back.clone())))?;
        }
        Ok(return_fact(back, order.as_ref()))
    }

    fn feedback(&mut self, feedback: Vec<(crate::domain::Feedback, Option<Text>)>) -> Result<(), Fault> {
        for (said, _) in &feedback {
            self.days.entry(seal::day_of(said.at)).or_default().feedback.push(feedback_fact(said));
        }
        self.entries(feedback.into_iter().map(|(feedback, words)| {
            Ok(Some((Change::FeedbackGiven { feedback, details: words.map(Slot::Open) }, None)))
        }))
    }

    fn write_segment(&mut self, day: Day, bytes: &Encoded) -> Result<(), Fault> {
        let part = self.next_part(day)?;
        seal::put_segment(self.txn, day, part, bytes)
    }

    fn next_part(&mut self, day: Day) -> Result<u16, Fault> {
        let next = match self.parts.get(&day) {
            Some(next) => *next,
            None => seal::parts(self.txn, day)?.last().map_or(0, |(part, _)| part + 1),
        };
        self.parts.insert(day, next + 1);
        Ok(next)
    }

    fn finish(mut self, found_by: &FoundBy) -> Result<(), Fault> {
        for (day, facts) in std::mem::take(&mut self.days) {
            for segment in facts.segments() {
                self.write_segment(day, &segment)?;
            }
        }
        let mut ids = self.txn.open_table(EXTERNAL_IDS).map_err(|why| writing(&why))?;
        for (kind, text, number) in &found_by.texts {
            ids.insert((*kind, &**text), number).map_err(|why| writing(&why))?;
        }
        drop(ids);
        let mut index = self.txn.open_table(CUSTOMER_ORDERS).map_err(|why| writing(&why))?;
        for key in &found_by.customers {
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
