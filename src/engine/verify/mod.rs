//! Proving a shop: the hash chain, every record against a replay of the journal, every segment, index and stock level against
//! a rebuild, money and numbering. The first fault is named.
//!
//! Reads a snapshot and a scratch file of its own; selling goes on meanwhile.

mod facts;

use super::related::stock_moves;
use super::same::{same, wrong};
use super::snapshot::Snapshot;
use crate::domain::change::Subject;
use crate::domain::fact::facts;
use crate::domain::{Change, Customer, Order, Status};
use crate::store::attributes::People;
use crate::store::fault::guarded;
use crate::store::journal::{self, Entry};
use crate::store::orders::{self, Filed, Unfiled};
use crate::store::record::{Source, decoded, saved_views};
use crate::store::stock::Columns;
use crate::store::table::*;
use crate::store::{Fault, ShopFile, apply, details, file, index, seal, stock};
use crate::unit::{Digest, Money, OrderNo, ReceiptNo, RegisterId, Seq};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// Entries replayed into one scratch transaction.
const BATCH: u64 = 2_000;

/// What was proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Journal entries, all linked.
    pub entries: u64,
    /// Orders, all equal to their replay.
    pub orders: u64,
    /// Segments, all equal to their rebuild.
    pub segments: u64,
    /// The hash of the last entry.
    pub head: Digest,
}

/// Proves the shop at `snapshot`; `scratch` is a path for a file that is made and removed, or nothing to rebuild in memory.
/// `progress` is told entries done and entries in all.
///
/// # Errors
/// `Damaged` with the first fault, `Io`.
pub fn verify(snapshot: &Snapshot, scratch: Option<&Path>, progress: &dyn Fn(u64, u64)) -> Result<Proof, Fault> {
    let rebuilt = match scratch {
        Some(path) => ShopFile::scratch(path)?,
        None => ShopFile::on(redb::backends::InMemoryBackend::new(), true)?,
    };
    let mut check = Check::new(snapshot, &rebuilt, progress);
    let proof = guarded(|| check.run());
    drop(rebuilt);
    if let Some(path) = scratch {
        // Left behind it is only a file nobody reads.
        let _ = std::fs::remove_file(path);
    }
    proof
}

struct Check<'a> {
    snapshot: &'a Snapshot,
    rebuilt: &'a ShopFile,
    progress: &'a dyn Fn(u64, u64),
    unfiled: Unfiled,
    stock: Columns,
    receipts: BTreeMap<RegisterId, u64>,
    erased: HashMap<Subject, Seq>,
    head: Digest,
    segments: u64,
}

impl<'a> Check<'a> {
    fn new(snapshot: &'a Snapshot, rebuilt: &'a ShopFile, progress: &'a dyn Fn(u64, u64)) -> Check<'a> {
        Check {
            snapshot,
            rebuilt,
            progress,
            unfiled: Unfiled::default(),
            stock: Columns::default(),
            receipts: BTreeMap::new(),
            erased: HashMap::new(),
            head: Digest([0; 32]),
            segments: 0,
        }
    }

    fn run(&mut self) -> Result<Proof, Fault> {
        let watermark = self.snapshot.watermark();
        let end = self.snapshot.seq();
        self.find_erased()?;
        self.replay(Seq(0), watermark)?;
        self.find_receipts()?;
        self.sealed()?;
        self.replay(watermark, end)?;
        self.facts()?;
        if self.head != self.snapshot.head().hash {
            return Err(wrong("journal", end.0, "the last hash is another"));
        }
        let orders = self.records()?;
        self.people()?;
        Ok(Proof { entries: end.0, orders, segments: self.segments, head: self.head })
    }

    /// What was erased later: people's details, the words of their orders, feedback and baskets that the journal names with
    /// them, and the notes of baskets that were taken up.
    fn find_erased(&mut self) -> Result<(), Fault> {
        let end = self.snapshot.seq();
        journal::replay(self.snapshot.txn(), Seq(0), |entry, _| {
            for change in &entry.changes {
                match change {
                    Change::CustomerErased { customer } => {
                        self.erased.insert(Subject::Customer(*customer), entry.seq);
                    }
                    Change::WordsErased { orders, feedback, .. } => {
                        let orders = orders.iter().copied().map(Subject::Order);
                        let feedback = feedback.iter().copied().map(Subject::Feedback);
                        self.erased.extend(orders.chain(feedback).map(|subject| (subject, entry.seq)));
                    }
                    Change::BasketRecalled { id, .. } => {
                        self.erased.insert(Subject::Basket(*id), entry.seq);
                    }
                    Change::BasketNotesErased { baskets, .. } => {
                        self.erased.extend(baskets.iter().map(|id| (Subject::Basket(*id), entry.seq)));
                    }
                    _ => {}
                }
            }
            (self.progress)(entry.seq.0 / 4, end.0);
            Ok(())
        })
    }

    /// Replays entries after `from` up to `to` into the scratch file, where the orders of what is sealed are filed.
    fn replay(&mut self, from: Seq, to: Seq) -> Result<(), Fault> {
        let mut next = from.0 + 1;
        while next <= to.0 {
            let last = to.0.min(next + BATCH - 1);
            let txn = self.rebuilt.write()?.undurable()?;
            for seq in next..=last {
                let (entry, hash) = journal::hashed_entry(self.snapshot.txn(), Seq(seq))?
                    .ok_or_else(|| wrong("journal", seq, "is missing"))?;
                self.link(&entry, hash)?;
                apply::apply(&txn, entry.seq, &entry.changes, &[], &mut self.unfiled)?;
                for change in &entry.changes {
                    self.move_stock(&*txn, change)?;
                }
                // At once: an entry of an import holds a thousand.
                self.unfiled.file(&txn, self.snapshot.watermark())?;
            }
            file::commit(txn)?;
            (self.progress)(to.0 / 4 + last * 3 / 4, self.snapshot.seq().0);
            next = last + 1;
        }
        Ok(())
    }

    fn link(&mut self, entry: &Entry, hash: Digest) -> Result<(), Fault> {
        if entry.previous != self.head {
            return Err(wrong("journal", entry.seq.0, "is not linked to the entry before it"));
        }
        self.head = hash;
        for change in &entry.changes {
            self.words(change, entry)?;
            self.numbering(change, entry)?;
        }
        Ok(())
    }

    fn words(&self, change: &Change, entry: &Entry) -> Result<(), Fault> {
        let Some((subject, version, digest)) = details::named(change) else { return Ok(()) };
        match details::get(self.snapshot.txn(), subject, version)? {
            Some(words) if words.digest() == digest => Ok(()),
            // Whoever comes back after being erased is known by version 1 again.
            _ if self.erased.get(&subject).is_some_and(|erased| entry.seq < *erased) => Ok(()),
            Some(_) => {
                Err(wrong("details", format!("{subject:?} version {version}"), "are not what the journal vouches for"))
            }
            None => Err(wrong(
                "details",
                format!("{subject:?} version {version}"),
                &format!("are missing; entry {} names them", entry.seq.0),
            )),
        }
    }

    /// Receipt numbers given at a register follow each other without a gap; imported ones only move the start.
    fn numbering(&mut self, change: &Change, entry: &Entry) -> Result<(), Fault> {
        let given = match change {
            Change::OrderPlaced { order, .. } => order.receipt.as_ref().and_then(|text| ReceiptNo::parse(text)),
            Change::ReceiptGiven { register, number, .. } => Some(ReceiptNo { register: *register, number: *number }),
            _ => None,
        };
        let Some(given) = given else { return Ok(()) };
        let last = self.receipts.entry(given.register).or_default();
        if entry.actor.is_some() && given.number != *last + 1 {
            return Err(wrong("receipt", given, &format!("does not follow number {last}")));
        }
        *last = (*last).max(given.number);
        Ok(())
    }

    fn move_stock(&mut self, rebuilt: &impl Source, change: &Change) -> Result<(), Fault> {
        for (store, product, quantity) in stock_moves(change, |no| self.unfiled.order(rebuilt, no))? {
            self.stock.add(store, product, quantity);
        }
        Ok(())
    }

    /// The receipts of what is sealed stand in the index; those of the tail do not yet.
    fn find_receipts(&self) -> Result<(), Fault> {
        let txn = self.rebuilt.write()?;
        let mut given: Vec<(String, OrderNo)> = Vec::new();
        let put = |given: &mut Vec<(String, OrderNo)>| {
            index::put_receipts(&txn, given.drain(..).as_slice().iter().map(|(text, order)| (text.as_str(), *order)))
        };
        each::<Filed>(&self.rebuilt.read()?, |Filed(order)| {
            given.extend(index::receipt(&order).map(|(_, text)| (text, order.no)));
            if given.len() < BATCH as usize { Ok(()) } else { put(&mut given) }
        })?;
        put(&mut given)?;
        file::commit(txn)
    }

    /// Stock and the index of customers' orders equal their rebuild at the watermark.
    fn sealed(&mut self) -> Result<(), Fault> {
        let rebuilt = self.rebuilt.read()?;
        let stored = stock::get(self.snapshot.txn())?;
        for store in self.stock.stores().chain(stored.stores()).collect::<Vec<_>>() {
            if !self.stock.of_store(store).eq(stored.of_store(store)) {
                return Err(wrong("stock", format!("store {}", store.0), "is not the sum of its movements"));
            }
        }
        let mut customer_orders = Vec::new();
        each::<Filed>(&rebuilt, |Filed(order)| {
            let fact = facts(&order).ok_or_else(|| wrong("order", order.no.0, "does not add up"))?;
            customer_orders.extend(seal::customer_order(&fact));
            Ok(())
        })?;
        customer_orders.sort_unstable();
        self.snapshot.txn().with(CUSTOMER_ORDERS, |rows| {
            let mut expected = customer_orders.iter();
            for row in rows.all()? {
                let key = row.map_err(|why| wrong("customer_orders", "", &why.to_string()))?.0.value();
                if expected.next() != Some(&key) {
                    return Err(wrong("customer_orders", format!("{key:?}"), "is not what the orders say"));
                }
            }
            match expected.next() {
                None => Ok(()),
                Some(key) => Err(wrong("customer_orders", format!("{key:?}"), "is missing")),
            }
        })
    }

    /// Every record equals its replay, byte for byte, and money adds up.
    fn records(&self) -> Result<u64, Fault> {
        let rebuilt = self.rebuilt.read()?;
        let stored = self.snapshot.txn();
        same(stored, &rebuilt, ORDERS, "order")?;
        same(stored, &rebuilt, RETURNS, "return")?;
        same(stored, &rebuilt, FEEDBACK, "feedback")?;
        same(stored, &rebuilt, PRODUCTS, "product")?;
        same(stored, &rebuilt, CUSTOMERS, "customer")?;
        same(stored, &rebuilt, STORES, "store")?;
        same(stored, &rebuilt, REGISTERS, "register")?;
        same(stored, &rebuilt, STAFF, "person")?;
        same(stored, &rebuilt, CREDENTIALS, "credentials")?;
        if saved_views(stored)? != saved_views(&rebuilt)? {
            return Err(wrong("saved views", "of the shop", "are not those of the journal"));
        }
        same(stored, &rebuilt, SHIFTS, "shift")?;
        same(stored, &rebuilt, PAYOUTS, "payout")?;
        same(stored, &rebuilt, HELD, "basket on hold")?;
        same(stored, &rebuilt, MOVES, "stock movement")?;
        same(stored, &rebuilt, ORDER_RETURNS, "return index")?;
        same(stored, &rebuilt, CUSTOMER_FEEDBACK, "feedback index")?;
        same(stored, &rebuilt, EXTERNAL_IDS, "id index")?;
        let mut orders = 0;
        each::<Filed>(stored, |Filed(order)| {
            orders += 1;
            paid_in_full(&order)
        })?;
        Ok(orders + self.unfiled()?)
    }

    /// The orders without a row are those that the journal placed and neither sealed nor altered; how many.
    fn unfiled(&self) -> Result<u64, Fault> {
        let mut expected = self.unfiled.after(Seq(0)).into_iter().map(|(_, order)| order);
        let mut count = 0;
        for order in self.snapshot.tail().all_placed() {
            if orders::filed(self.snapshot.txn(), order.no)?.is_some() {
                continue;
            }
            if expected.next().as_ref() != Some(order) {
                return Err(wrong("order", order.id(), "is not what the journal says of it"));
            }
            paid_in_full(order)?;
            count += 1;
        }
        match expected.next() {
            None => Ok(count),
            Some(order) => Err(wrong("order", order.id(), "is missing")),
        }
    }

    /// The columns of what customers are equal what is known of them.
    fn people(&self) -> Result<(), Fault> {
        let columns = self.snapshot.people();
        let mut fresh = People::default();
        each::<Customer>(self.snapshot.txn(), |customer| {
            let known = super::view::customer_details(self.snapshot.txn(), &customer)?;
            fresh.set(&customer, known.as_ref());
            let index = customer.id.0 as usize;
            let same = columns.has(customer.id)
                && columns.locations.text(columns.location[index]) == fresh.locations.text(fresh.location[index])
                && columns.genders.text(columns.gender[index]) == fresh.genders.text(fresh.gender[index])
                && columns.birth[index] == fresh.birth[index];
            if same {
                Ok(())
            } else {
                Err(wrong("attributes", format!("customer {}", customer.ext), "are not what is known of them"))
            }
        })?;
        if columns.count() == fresh.count() {
            Ok(())
        } else {
            Err(wrong("attributes", "", "hold more customers than there are"))
        }
    }
}

/// A counter sale that was paid: its total is what was paid, cash rounding included; a cancelled one was paid back.
fn paid_in_full(order: &Order) -> Result<(), Fault> {
    let total = order.total().ok_or_else(|| wrong("order", order.id(), "does not add up"))?;
    if !order.moves_stock || order.receipt.is_none() {
        return Ok(());
    }
    let paid = Money::total(order.payments.iter().map(|payment| payment.amount));
    let right = if order.status == Status::Cancelled { Money::ZERO } else { total };
    if paid == Some(right) { Ok(()) } else { Err(wrong("order", order.id(), "was paid another sum than its total")) }
}

fn each<R: crate::store::record::Record>(
    source: &impl Source,
    mut visit: impl FnMut(R) -> Result<(), Fault>,
) -> Result<(), Fault> {
    source.with(R::TABLE, |rows| {
        for row in rows.all()? {
            let (key, value) = row.map_err(|why| wrong(R::NAME, "", &why.to_string()))?;
            visit(decoded(R::FORMAT, R::NAME, key.value(), value.value())?)?;
        }
        Ok(())
    })
}
