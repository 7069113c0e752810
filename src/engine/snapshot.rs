//! A consistent view of the shop at one published sequence: records by number, by code and in windows.
//!
//! Reading costs what is shown. A snapshot pins the file's pages: take one for a frame or an answer, and let it go.

use super::catalogue::Catalogue;
use super::directory::Directory;
use super::related::{returned, returned_of};
use super::shop::{Published, Shared};
use super::tail::Tail;
use super::view::{customer_details, feedback_of, find, noted, sealed_orders_of};
use crate::domain::change::Subject;
use crate::domain::fact::{Fact, OrderFact};
use crate::domain::view::Kind;
use crate::domain::{Customer, CustomerDetails, Details, Feedback, Outcome, Payout, Return, Shift, StockMove};
use crate::store::attributes::People;
use crate::store::details::Salted;
use crate::store::journal::{self, Entry, Head};
use crate::store::record::{self, Held, Record, Source, decoded, get};
use crate::store::shelf::{self, StoredColumns, StoredSegment};
use crate::store::stock::Columns;
use crate::store::table::{Bytes, MOVES};
use crate::store::{Fault, details, laid, seal};
use crate::unit::{
    CommandId, CustomerId, Day, Digest, FeedbackNo, OrderNo, ProductId, Quantity, ReceiptNo, ReturnNo, Seq, StoreId,
};
use redb::ReadTransaction;
use std::ops::Range;
use std::sync::Arc;

/// The shop at one sequence.
pub struct Snapshot {
    txn: ReadTransaction,
    published: Arc<Published>,
    shared: Arc<Shared>,
}

/// What was known of a customer before, and what with a change.
pub type Became = (Option<CustomerDetails>, CustomerDetails);

impl Snapshot {
    pub(super) fn new(txn: ReadTransaction, published: Arc<Published>, shared: Arc<Shared>) -> Snapshot {
        Snapshot { txn, published, shared }
    }

    /// The sequence it stands for.
    pub fn seq(&self) -> Seq {
        self.published.tail.seq
    }

    /// Everything up to it is in segments.
    pub fn watermark(&self) -> Seq {
        self.published.tail.watermark
    }

    /// The journal's last entry and its hash.
    pub fn head(&self) -> Head {
        self.published.head
    }

    /// Settings, stores, registers, people who work here.
    pub fn directory(&self) -> &Arc<Directory> {
        &self.published.directory
    }

    /// All products.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.published.catalogue
    }

    /// The customers' attributes in columns.
    pub fn people(&self) -> &Arc<People> {
        &self.published.people
    }

    /// What is not in segments yet.
    pub fn tail(&self) -> &Arc<Tail> {
        &self.published.tail
    }

    /// Hands the live stock columns to `read`; they are those of the last commit, which may be newer than the snapshot.
    pub fn with_stock<T>(&self, read: impl FnOnce(&Columns) -> T) -> T {
        self.shared.with_stock(read)
    }

    /// The customers that match these words (name, e-mail, place, address, id, digits of the phone number), best first,
    /// at most `limit`; `None` while they are still being read after opening.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn search_customers(&self, words: &str, limit: usize) -> Result<Option<Vec<CustomerId>>, Fault> {
        self.shared.search.find(self, words, limit)
    }

    /// On hand.
    pub fn stock(&self, store: StoreId, product: ProductId) -> Quantity {
        self.shared.with_stock(|columns| columns.quantity(store, product))
    }

    /// The number of the record with that unique text.
    ///
    /// # Errors
    /// `Io`.
    pub fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, Fault> {
        match find(&self.txn, kind, text, |no| self.order(no))? {
            None if kind == Kind::Receipt => self.find_unsealed_receipt(text),
            found => Ok(found),
        }
    }

    /// A receipt of the tail, which stands in no index yet: the latest sales are looked at.
    fn find_unsealed_receipt(&self, text: &str) -> Result<Option<u64>, Fault> {
        if ReceiptNo::parse(text).is_none() {
            return Ok(None);
        }
        let unsealed: Vec<_> = self.tail().unsealed().collect();
        for signed in unsealed.into_iter().rev() {
            let Fact::Order(fact) = &signed.fact else { continue };
            if self.order(fact.no)?.is_some_and(|order| order.receipt.is_some_and(|receipt| *receipt == *text)) {
                return Ok(Some(fact.no.0));
            }
        }
        Ok(None)
    }

    /// A return.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn return_no(&self, no: ReturnNo) -> Result<Option<Return>, Fault> {
        returned(&self.txn, no)
    }

    /// How the refund of a return was paid out, where that is more than all of it by one method.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn payout(&self, no: ReturnNo) -> Result<Option<Payout>, Fault> {
        get(&self.txn, no.0)
    }

    /// An order's returns.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn returns_of(&self, order: OrderNo) -> Result<Vec<Return>, Fault> {
        returned_of(&self.txn, order)
    }

    /// A customer with what is known of them.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn customer(&self, id: CustomerId) -> Result<Option<(Customer, Option<CustomerDetails>)>, Fault> {
        let Some(customer) = get::<Customer>(&self.txn, u64::from(id.0))? else { return Ok(None) };
        let known = customer_details(&self.txn, &customer)?;
        Ok(Some((customer, known)))
    }

    /// What was known of a customer before a version of their details and with it, as the journal vouches for that version;
    /// nothing before the first. `None` once the person was erased.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn customer_became(&self, id: CustomerId, version: u32, vouched: Digest) -> Result<Option<Became>, Fault> {
        let at = |version| details::get(&self.txn, Subject::Customer(id), version);
        let known = |salted: Salted| match salted.words {
            Details::Customer(known) => Some(known),
            _ => None,
        };
        // Whoever comes back after being erased is known by version 1 again.
        let Some(after) = at(version)?.filter(|salted| salted.digest() == vouched).and_then(known) else {
            return Ok(None);
        };
        let before = at(version.saturating_sub(1))?.and_then(known);
        Ok(Some((before, after)))
    }

    /// The largest customer number.
    ///
    /// # Errors
    /// `Io`.
    pub fn last_customer(&self) -> Result<CustomerId, Fault> {
        record::last::<Customer>(&self.txn).map(|last| CustomerId(last as u32))
    }

    /// A customer's orders, newest first, cancelled ones too: sealed ones through the index, the others from the tail.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn orders_of(&self, customer: CustomerId) -> Result<Vec<OrderNo>, Fault> {
        let mut found = sealed_orders_of(&self.txn, customer)?;
        let mut fresh: Vec<&OrderFact> = Vec::new();
        for signed in self.tail().unsealed() {
            if let Fact::Order(fact) = &signed.fact
                && signed.plus
                && fact.customer == Some(customer)
                && !found.contains(&fact.no)
                && !fresh.iter().any(|seen| seen.no == fact.no)
            {
                fresh.push(fact);
            }
        }
        if fresh.is_empty() {
            found.reverse();
            return Ok(found);
        }
        found.extend(fresh.iter().map(|fact| fact.no));
        let mut timed = Vec::with_capacity(found.len());
        for no in found {
            let placed = self.order(no)?.and_then(|order| order.placed);
            timed.push((placed.map_or(i64::MIN, |stamp| stamp.unix_ms), no));
        }
        timed.sort_unstable_by(|a, b| b.cmp(a));
        Ok(timed.into_iter().map(|(_, no)| no).collect())
    }

    /// A piece of feedback with its words.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn feedback(&self, no: FeedbackNo) -> Result<Option<(Feedback, Option<crate::unit::Text>)>, Fault> {
        let Some(said) = get::<Feedback>(&self.txn, no.0)? else { return Ok(None) };
        let words = details::get(&self.txn, Subject::Feedback(no), said.details_version)?;
        let text = words.and_then(|salted| match salted.words {
            Details::Feedback(text) => Some(text),
            _ => None,
        });
        Ok(Some((said, text)))
    }

    /// A customer's feedback, newest first.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn feedback_of(&self, customer: CustomerId) -> Result<Vec<FeedbackNo>, Fault> {
        let mut found = feedback_of(&self.txn, customer)?;
        found.reverse();
        Ok(found)
    }

    /// Baskets on hold with their notes, oldest first.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn held(&self) -> Result<Vec<Held>, Fault> {
        record::all::<Held>(&self.txn)?.into_iter().map(|held| noted(&self.txn, held)).collect()
    }

    /// The open shift of a register.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn open_shift(&self, register: crate::unit::RegisterId) -> Result<Option<Shift>, Fault> {
        let shifts = record::all::<Shift>(&self.txn)?;
        Ok(shifts.into_iter().rev().find(|shift| shift.register == register && shift.closed.is_none()))
    }

    /// Movements of a product that are no sales and no returns, newest first, at most `limit`.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn moves_of(&self, product: ProductId, limit: usize) -> Result<Vec<(Seq, StockMove)>, Fault> {
        self.txn.with(MOVES, |rows| {
            let mut found = Vec::new();
            for row in rows.rows((product.0, 0, 0), (product.0.saturating_add(1), 0, 0))?.rev().take(limit) {
                let (key, value) = row.map_err(|why| reading(&why))?;
                let key = key.value();
                found.push((Seq(key.1), decoded(1, "moves", key, value.value())?));
            }
            Ok(found)
        })
    }

    /// A window of records by number: at most `limit` from `range`, newest first when `backwards`.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn window<R: Record>(&self, range: Range<u64>, backwards: bool, limit: usize) -> Result<Vec<R>, Fault> {
        self.txn.with(R::TABLE, |rows| {
            let found = rows.rows(range.start, range.end)?;
            let read = |row: Result<(redb::AccessGuard<'_, u64>, redb::AccessGuard<'_, Bytes>), redb::StorageError>| {
                let (key, value) = row.map_err(|why| reading(&why))?;
                decoded(R::FORMAT, R::NAME, key.value(), value.value())
            };
            if backwards { found.rev().take(limit).map(read).collect() } else { found.take(limit).map(read).collect() }
        })
    }

    /// What came of a command, while its id is remembered; `None` when it was never accepted.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn outcome(&self, id: CommandId) -> Result<Option<Outcome>, Fault> {
        if let Some(outcome) = seal::outcome(&self.txn, id)? {
            return Ok(Some(outcome));
        }
        let mut found = None;
        journal::replay(&self.txn, self.watermark(), |entry, _| {
            if entry.id == id {
                found = Some(entry.outcome);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// How many records of a kind there are.
    ///
    /// # Errors
    /// `Io`.
    pub fn count<R: Record>(&self) -> Result<u64, Fault> {
        self.txn.with(R::TABLE, |rows| rows.count())
    }

    /// Journal entries, newest first, at most `limit`, before `before`.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn entries(&self, before: Seq, limit: usize) -> Result<Vec<Entry>, Fault> {
        let first = before.0.saturating_sub(limit as u64).max(1);
        let mut found = Vec::new();
        for seq in (first..before.0).rev() {
            found.extend(journal::entry(&self.txn, Seq(seq))?);
        }
        Ok(found)
    }

    /// The stored segments of the days from `from` up to and without `to`, in order of day; undated facts only when the
    /// range begins at `seal::UNDATED`. Heads are at hand, columns are fetched when they are read.
    ///
    /// # Errors
    /// `Io`.
    pub fn segments(&self, from: Day, to: Day) -> Result<Vec<StoredSegment>, Fault> {
        shelf::segments(&self.txn, from, to)
    }

    /// The columns of all stored segments.
    ///
    /// # Errors
    /// `Io`.
    pub fn stored_columns(&self) -> Result<StoredColumns, Fault> {
        StoredColumns::open(&self.txn)
    }

    /// Hands a column of the sums that were laid by for a question to `read`.
    ///
    /// # Errors
    /// `Io`.
    pub fn laid<T>(&self, question: u64, column: u8, read: impl FnOnce(&[u8]) -> T) -> Result<Option<T>, Fault> {
        laid::column(&self.txn, question, column, read)
    }

    /// The questions that sums were laid by for.
    ///
    /// # Errors
    /// `Io`.
    pub fn laid_questions(&self) -> Result<Vec<u64>, Fault> {
        laid::questions(&self.txn)
    }

    /// The first and the last day that has segments; undated facts have none.
    ///
    /// # Errors
    /// `Io`.
    pub fn segment_days(&self) -> Result<Option<(Day, Day)>, Fault> {
        shelf::days(&self.txn)
    }

    /// The days that have segments, newest first, before `before`, at most `limit`.
    ///
    /// # Errors
    /// `Io`.
    pub fn days_before(&self, before: Day, limit: usize) -> Result<Vec<Day>, Fault> {
        shelf::days_before(&self.txn, before, limit)
    }

    /// The transaction, for the floor's own work.
    pub(super) fn txn(&self) -> &ReadTransaction {
        &self.txn
    }
}

fn reading(why: &dyn std::fmt::Display) -> Fault {
    Fault::Io { what: "reading the shop file".to_owned(), why: why.to_string() }
}
