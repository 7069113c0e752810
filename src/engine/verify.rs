//! Proving a shop: the hash chain, every record against a replay of the journal, every segment, index and stock level against
//! a rebuild, money and numbering. The first fault is named.
//!
//! Reads a snapshot and a scratch file of its own; selling goes on meanwhile.

use super::snapshot::Snapshot;
use crate::domain::apply::stock_effects;
use crate::domain::change::Subject;
use crate::domain::fact::{FeedbackFact, OrderFact, ReturnFact, facts, feedback_fact, return_fact};
use crate::domain::{Change, Customer, Feedback, Order, Return};
use crate::store::attributes::People;
use crate::store::journal::{self, Entry};
use crate::store::record::{Rows, Source, decoded, get};
use crate::store::stock::Columns;
use crate::store::table::*;
use crate::store::{Fault, ShopFile, apply, details, file, seal, stock};
use crate::unit::{Day, Digest, Money, ReceiptNo, RegisterId, Seq};
use redb::{Durability, Key, TableDefinition, Value};
use std::collections::{BTreeMap, HashSet};
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
    let proof = check.run();
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
    stock: Columns,
    receipts: BTreeMap<RegisterId, u64>,
    erased: HashSet<Subject>,
    head: Digest,
    segments: u64,
}

fn wrong(table: &str, key: impl std::fmt::Display, why: &str) -> Fault {
    Fault::Damaged { table: table.to_owned(), key: key.to_string(), why: why.to_owned() }
}

impl<'a> Check<'a> {
    fn new(snapshot: &'a Snapshot, rebuilt: &'a ShopFile, progress: &'a dyn Fn(u64, u64)) -> Check<'a> {
        Check {
            snapshot,
            rebuilt,
            progress,
            stock: Columns::default(),
            receipts: BTreeMap::new(),
            erased: HashSet::new(),
            head: Digest([0; 32]),
            segments: 0,
        }
    }

    fn run(&mut self) -> Result<Proof, Fault> {
        let watermark = self.snapshot.watermark();
        let end = self.snapshot.seq();
        self.find_erased()?;
        self.replay(Seq(0), watermark)?;
        self.sealed()?;
        self.replay(watermark, end)?;
        if self.head != self.snapshot.head().hash {
            return Err(wrong("journal", end.0, "the last hash is another"));
        }
        let orders = self.records()?;
        self.people()?;
        Ok(Proof { entries: end.0, orders, segments: self.segments, head: self.head })
    }

    /// People erased later: their words are rightly gone.
    fn find_erased(&mut self) -> Result<(), Fault> {
        let end = self.snapshot.seq();
        journal::replay(self.snapshot.txn(), Seq(0), |entry, _| {
            for change in &entry.changes {
                if let Change::CustomerErased { customer } = change {
                    self.erased.insert(Subject::Customer(*customer));
                }
            }
            (self.progress)(entry.seq.0 / 4, end.0);
            Ok(())
        })
    }

    /// Replays entries after `from` up to `to` into the scratch file.
    fn replay(&mut self, from: Seq, to: Seq) -> Result<(), Fault> {
        let mut next = from.0 + 1;
        while next <= to.0 {
            let last = to.0.min(next + BATCH - 1);
            let mut txn = self.rebuilt.write()?;
            txn.set_durability(Durability::None)
                .map_err(|why| Fault::Io { what: "rebuilding".to_owned(), why: why.to_string() })?;
            for seq in next..=last {
                let (entry, hash) = journal::hashed_entry(self.snapshot.txn(), Seq(seq))?
                    .ok_or_else(|| wrong("journal", seq, "is missing"))?;
                self.link(&entry, hash)?;
                apply::apply(&txn, entry.seq, &entry.changes, &[])?;
                for change in &entry.changes {
                    self.move_stock(&txn, change)?;
                }
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
            Some(_) => {
                Err(wrong("details", format!("{subject:?} version {version}"), "are not what the journal vouches for"))
            }
            None if self.erased.contains(&subject) => Ok(()),
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
        let order = match change {
            Change::OrderStepped { order, .. } => get::<Order>(rebuilt, order.0)?,
            Change::GoodsReturned(Return { order: Some(order), .. }) => get::<Order>(rebuilt, order.0)?,
            _ => None,
        };
        for (store, product, quantity) in stock_effects(change, order.as_ref()) {
            self.stock.add(store, product, quantity);
        }
        Ok(())
    }

    /// What is sealed equals its rebuild at the watermark.
    fn sealed(&mut self) -> Result<(), Fault> {
        let rebuilt = self.rebuilt.read()?;
        let stored = stock::get(self.snapshot.txn())?;
        for store in self.stock.stores().chain(stored.stores()).collect::<Vec<_>>() {
            if !self.stock.of_store(store).eq(stored.of_store(store)) {
                return Err(wrong("stock", format!("store {}", store.0), "is not the sum of its movements"));
            }
        }
        let mut customer_orders = Vec::new();
        let mut days: BTreeMap<Day, [Vec<u64>; 3]> = BTreeMap::new();
        each::<Order>(&rebuilt, |order| {
            let fact = facts(&order).ok_or_else(|| wrong("order", order.no.0, "does not add up"))?;
            customer_orders.extend(seal::customer_order(&fact));
            days.entry(seal::day_of(order.placed)).or_default()[0].push(order.no.0);
            Ok(())
        })?;
        each::<Return>(&rebuilt, |back| {
            days.entry(seal::day_of(back.at)).or_default()[1].push(back.no.0);
            Ok(())
        })?;
        each::<Feedback>(&rebuilt, |said| {
            days.entry(seal::day_of(said.at)).or_default()[2].push(said.no.0);
            Ok(())
        })?;
        for (day, numbers) in &days {
            self.day(&rebuilt, *day, numbers)?;
        }
        self.no_other_days(&days)?;
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

    fn day(&mut self, rebuilt: &impl Source, day: Day, numbers: &[Vec<u64>; 3]) -> Result<(), Fault> {
        let mut orders: Vec<OrderFact> = Vec::new();
        let mut returns: Vec<ReturnFact> = Vec::new();
        let mut feedback: Vec<FeedbackFact> = Vec::new();
        for (_, segment) in seal::parts(self.snapshot.txn(), day)? {
            self.segments += 1;
            orders.append(&mut segment.order_facts());
            returns.append(&mut segment.return_facts());
            feedback.append(&mut segment.feedback_facts());
        }
        orders.sort_unstable_by_key(|fact| fact.no);
        returns.sort_unstable_by_key(|fact| fact.no);
        feedback.sort_unstable_by_key(|fact| fact.no);
        let differs = || wrong("segments", day, "is not what its orders, returns and feedback say");
        if orders.len() != numbers[0].len() || returns.len() != numbers[1].len() || feedback.len() != numbers[2].len() {
            return Err(differs());
        }
        for (fact, number) in orders.iter().zip(&numbers[0]) {
            if get::<Order>(rebuilt, *number)?.and_then(|order| facts(&order)).as_ref() != Some(fact) {
                return Err(differs());
            }
        }
        for (fact, number) in returns.iter().zip(&numbers[1]) {
            let Some(back) = get::<Return>(rebuilt, *number)? else { return Err(differs()) };
            let order = match back.order {
                Some(no) => get::<Order>(rebuilt, no.0)?,
                None => None,
            };
            if return_fact(&back, order.as_ref()) != *fact {
                return Err(differs());
            }
        }
        for (fact, number) in feedback.iter().zip(&numbers[2]) {
            if get::<Feedback>(rebuilt, *number)?.map(|said| feedback_fact(&said)).as_ref() != Some(fact) {
                return Err(differs());
            }
        }
        Ok(())
    }

    fn no_other_days(&self, days: &BTreeMap<Day, [Vec<u64>; 3]>) -> Result<(), Fault> {
        self.snapshot.txn().with(SEGMENTS, |rows| {
            for row in rows.all()? {
                let (key, _) = row.map_err(|why| wrong("segments", "", &why.to_string()))?;
                let day = Day(key.value().0);
                if !days.contains_key(&day)
                    && seal::parts(self.snapshot.txn(), day)?.iter().any(|(_, part)| !part.order_facts().is_empty())
                {
                    return Err(wrong("segments", day, "belongs to no order"));
                }
            }
            Ok(())
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
        same(stored, &rebuilt, SHIFTS, "shift")?;
        same(stored, &rebuilt, HELD, "basket on hold")?;
        same(stored, &rebuilt, MOVES, "stock movement")?;
        same(stored, &rebuilt, ORDER_RETURNS, "return index")?;
        same(stored, &rebuilt, CUSTOMER_FEEDBACK, "feedback index")?;
        same(stored, &rebuilt, EXTERNAL_IDS, "id index")?;
        let mut orders = 0;
        each::<Order>(stored, |order| {
            orders += 1;
            paid_in_full(&order)
        })?;
        Ok(orders)
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

/// A counter sale that was paid: its total is what was paid, cash rounding included.
fn paid_in_full(order: &Order) -> Result<(), Fault> {
    let total = order.total().ok_or_else(|| wrong("order", order.id(), "does not add up"))?;
    if !order.moves_stock || order.receipt.is_none() {
        return Ok(());
    }
    let paid = Money::total(order.payments.iter().map(|payment| payment.amount));
    if paid == Some(total) { Ok(()) } else { Err(wrong("order", order.id(), "was paid another sum than its total")) }
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

fn same<K: Key + 'static, V: Value + 'static>(
    stored: &impl Source,
    rebuilt: &impl Source,
    table: TableDefinition<'static, K, V>,
    name: &str,
) -> Result<(), Fault> {
    stored.with(table, |stored| rebuilt.with(table, |rebuilt| same_rows(stored, rebuilt, name)))
}

fn same_rows<K: Key + 'static, V: Value + 'static>(
    stored: &dyn Rows<K, V>,
    rebuilt: &dyn Rows<K, V>,
    name: &str,
) -> Result<(), Fault> {
    let unread = |why: redb::StorageError| wrong(name, "", &why.to_string());
    let mut expected = rebuilt.all()?;
    for row in stored.all()? {
        let (key, value) = row.map_err(unread)?;
        let shown = format!("{:?}", key.value());
        let Some(row) = expected.next() else { return Err(wrong(name, shown, "is in no journal entry")) };
        let (right_key, right_value) = row.map_err(unread)?;
        if K::as_bytes(&key.value()).as_ref() != K::as_bytes(&right_key.value()).as_ref()
            || V::as_bytes(&value.value()).as_ref() != V::as_bytes(&right_value.value()).as_ref()
        {
            return Err(wrong(name, shown, "is not what the journal says"));
        }
    }
    match expected.next() {
        None => Ok(()),
        Some(row) => Err(wrong(name, format!("{:?}", row.map_err(unread)?.0.value()), "is missing")),
    }
}
