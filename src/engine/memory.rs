//! What deciding needs in memory, and how every accepted change brings it forward.
//!
//! The same function serves a running shop and the replay at opening: records in the file are those of the last commit, and
//! only what is derived (tail, stock, counters) and what is not filed yet is brought from the watermark to the end of the journal.

use super::catalogue::Catalogue;
use super::directory::Directory;
use super::numbers::Numbers;
use super::related::{receipt_given, returns_of, stock_moves};
use super::tail::Facts;
use crate::domain::apply::saved_after;
use crate::domain::change::Subject;
use crate::domain::fact::{Fact, FeedbackFact, OrderFact, ReturnFact, Signed, facts, feedback_fact, return_fact};
use crate::domain::view::{Counter, Kind};
use crate::domain::{
    Change, Credentials, Customer, Details, Feedback, Order, Outcome, Product, Register, Return, Shift, Staff, Store,
};
use crate::store::attributes::{self, People};
use crate::store::journal::{self, Entry, Head};
use crate::store::orders::{self, Unfiled};
use crate::store::record::{self, Source, get, meta};
use crate::store::stock::Columns;
use crate::store::{Fault, details, index, seal, stock};
use crate::unit::{
    CommandId, CustomerId, FeedbackNo, OrderNo, ProductId, Quantity, ReceiptNo, RegisterId, ReturnNo, Seq, ShiftNo,
    StoreId,
};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// One accepted command that is not sealed yet.
#[derive(Debug)]
pub(super) struct Unsealed {
    /// Its place.
    pub seq: Seq,
    /// Stock it moved.
    pub stock: Vec<(StoreId, ProductId, Quantity)>,
    /// Its id and what came of it.
    pub command: (CommandId, Outcome),
    /// How many facts it brought.
    pub facts: usize,
    /// The receipts it gave.
    pub receipts: Vec<(ReceiptNo, OrderNo)>,
}

/// What a fact was when it was last seen, and at which sequence.
type Seen<N, F> = HashMap<N, (Seq, F)>;

/// The writer's picture of the shop.
#[derive(Debug)]
pub(super) struct Memory {
    pub directory: Arc<Directory>,
    pub catalogue: Arc<Catalogue>,
    pub people: Arc<People>,
    pub people_changed: bool,
    /// Customers that are different since the last publication.
    pub touched: Vec<CustomerId>,
    pub stock: Columns,
    pub sealed_stock: Columns,
    /// Orders that stand in the journal alone.
    pub unfiled: Unfiled,
    pub receipts: BTreeMap<RegisterId, u64>,
    pub open_shifts: BTreeMap<RegisterId, ShiftNo>,
    /// Whether any order has an id that is not its number.
    pub has_order_ids: bool,
    pub recent: HashMap<CommandId, Outcome>,
    /// No sealed command has a later id.
    pub last_sealed_command: CommandId,
    pub unsealed: VecDeque<Unsealed>,
    pub head: Head,
    pub watermark: Seq,
    numbers: Numbers,
    orders: Seen<OrderNo, OrderFact>,
    returns: Seen<ReturnNo, ReturnFact>,
    feedback: Seen<FeedbackNo, FeedbackFact>,
}

impl Memory {
    /// Reads what is stored at the watermark and replays the journal after it; also the tail's facts.
    pub fn load(source: &impl Source) -> Result<(Memory, Facts), Fault> {
        let watermark = seal::watermark(source)?;
        let sealed_stock = stock::get(source)?;
        let mut memory = Memory {
            directory: Arc::new(Directory {
                settings: meta(source, "settings")?,
                stores: record::all::<Store>(source)?,
                registers: record::all::<Register>(source)?,
                staff: record::all::<Staff>(source)?,
                credentials: record::all::<Credentials>(source)?,
                views: record::saved_views(source)?,
            }),
            catalogue: Arc::new(Catalogue::of(record::all::<Product>(source)?)),
            people: Arc::new(attributes::get(source)?),
            people_changed: false,
            touched: Vec::new(),
            stock: sealed_stock.clone(),
            sealed_stock,
            unfiled: Unfiled::default(),
            receipts: seal::receipts(source)?,
            open_shifts: open_shifts(source)?,
            has_order_ids: index::has_any(source, Kind::Order)?,
            recent: HashMap::new(),
            last_sealed_command: seal::last_command(source)?,
            unsealed: VecDeque::new(),
            head: journal::head(source)?,
            watermark,
            numbers: Numbers::load(source)?,
            orders: HashMap::new(),
            returns: HashMap::new(),
            feedback: HashMap::new(),
        };
        let mut tail = Vec::new();
        journal::replay(source, watermark, |entry, _| {
            memory.recall_unfiled(source, &entry)?;
            memory.absorb(source, &entry, &mut tail)
        })?;
        Ok((memory, tail))
    }

    /// Finds the orders again that were placed and neither sealed nor altered before the shop was last left.
    fn recall_unfiled(&mut self, source: &impl Source, entry: &Entry) -> Result<(), Fault> {
        for change in &entry.changes {
            if let Change::OrderPlaced { order, .. } = change
                && orders::filed(source, order.no)?.is_none()
            {
                self.unfiled.place(entry.seq, order.clone());
            }
        }
        Ok(())
    }

    /// The same, in the place of what was known before an import: versions go on from there.
    pub fn after(mut self, before: &Memory) -> Memory {
        Arc::make_mut(&mut self.catalogue).follow(&before.catalogue);
        self
    }

    /// Brings in an entry whose records are written; its facts go to `tail`.
    pub fn absorb(&mut self, source: &impl Source, entry: &Entry, tail: &mut Facts) -> Result<(), Fault> {
        let before = tail.len();
        let mut moved = Vec::new();
        for change in &entry.changes {
            self.absorb_directory(change);
            self.absorb_goods_and_people(source, change)?;
            self.absorb_facts(source, entry.seq, change, tail)?;
            self.absorb_stock(source, change, &mut moved)?;
            if let Some((receipt, _)) = receipt_given(change) {
                let last = self.receipts.entry(receipt.register).or_default();
                *last = (*last).max(receipt.number);
            }
        }
        self.recent.insert(entry.id, entry.outcome.clone());
        self.unsealed.push_back(Unsealed {
            seq: entry.seq,
            stock: moved,
            command: (entry.id, entry.outcome.clone()),
            facts: tail.len() - before,
            receipts: entry.changes.iter().filter_map(receipt_given).collect(),
        });
        Ok(())
    }

    fn absorb_directory(&mut self, change: &Change) {
        match change {
            Change::SettingsSaved(settings) => {
                Arc::make_mut(&mut self.directory).settings = Some(settings.clone());
            }
            Change::StoreSaved(store) => {
                self.numbers.store = self.numbers.store.max(u64::from(store.id.0));
                let directory = Arc::make_mut(&mut self.directory);
                Directory::put(&mut directory.stores, store.clone(), |store| u64::from(store.id.0));
            }
            Change::StoreRemoved(id) => {
                let directory = Arc::make_mut(&mut self.directory);
                directory.stores.retain(|store| store.id != *id);
                directory.registers.retain(|register| register.store != *id);
            }
            Change::RegisterSaved(register) => {
                self.numbers.register = self.numbers.register.max(u64::from(register.id.0));
                let directory = Arc::make_mut(&mut self.directory);
                Directory::put(&mut directory.registers, register.clone(), |register| u64::from(register.id.0));
            }
            Change::StaffSaved(person) => {
                self.numbers.staff = self.numbers.staff.max(u64::from(person.id.0));
                let directory = Arc::make_mut(&mut self.directory);
                Directory::put(&mut directory.staff, person.clone(), |person| u64::from(person.id.0));
            }
            Change::CredentialsSaved(credentials) => {
                let directory = Arc::make_mut(&mut self.directory);
                Directory::put(&mut directory.credentials, credentials.clone(), |kept| u64::from(kept.id.0));
            }
            Change::ViewSaved(_) | Change::ViewForgotten(_) => {
                saved_after(&mut Arc::make_mut(&mut self.directory).views, change);
            }
            Change::ShiftOpened(shift) => {
                self.numbers.shift = self.numbers.shift.max(shift.no.0);
                self.open_shifts.insert(shift.register, shift.no);
            }
            Change::ShiftClosed { shift, .. } => self.open_shifts.retain(|_, open| open != shift),
            Change::BasketHeld { id, .. } => self.numbers.basket = self.numbers.basket.max(id.0),
            _ => {}
        }
    }

    fn absorb_goods_and_people(&mut self, source: &impl Source, change: &Change) -> Result<(), Fault> {
        match change {
            Change::ProductSaved(product) => {
                self.numbers.product = self.numbers.product.max(u64::from(product.id.0));
                Arc::make_mut(&mut self.catalogue).put(product.clone());
            }
            Change::CustomerSaved { customer, .. } => {
                self.numbers.customer = self.numbers.customer.max(u64::from(customer.id.0));
                self.look_at_customer(source, customer.id)?;
            }
            Change::CustomerErased { customer } => self.look_at_customer(source, *customer)?,
            _ => {}
        }
        Ok(())
    }

    /// Reads what a customer is now into the columns; replaying it again does no harm.
    fn look_at_customer(&mut self, source: &impl Source, id: CustomerId) -> Result<(), Fault> {
        let Some(customer) = get::<Customer>(source, u64::from(id.0))? else { return Ok(()) };
        let words = details::get(source, Subject::Customer(id), customer.version)?;
        let known = words.and_then(|salted| match salted.words {
            Details::Customer(known) => Some(known),
            _ => None,
        });
        Arc::make_mut(&mut self.people).set(&customer, known.as_ref());
        self.people_changed = true;
        self.touched.push(id);
        Ok(())
    }

    fn absorb_facts(&mut self, source: &impl Source, seq: Seq, change: &Change, tail: &mut Facts) -> Result<(), Fault> {
        match change {
            Change::OrderPlaced { order, .. } => {
                self.numbers.order = self.numbers.order.max(order.no.0);
                self.has_order_ids |= order.ext.is_some();
                if let Some(fact) = facts(order) {
                    add(tail, seq, Fact::Order(fact.clone()));
                    self.orders.insert(order.no, (seq, fact));
                }
            }
            Change::OrderPaid { order, .. } | Change::OrderStepped { order, .. } => {
                self.touch_order(source, seq, *order, tail)?;
            }
            Change::GoodsReturned(back) => {
                self.numbers.back = self.numbers.back.max(back.no.0);
                let order = match back.order {
                    Some(no) => self.unfiled.order(source, no)?,
                    None => None,
                };
                let fact = return_fact(back, order.as_ref());
                add(tail, seq, Fact::Return(fact.clone()));
                self.returns.insert(back.no, (seq, fact));
            }
            Change::FeedbackGiven { feedback, .. } => {
                self.numbers.feedback = self.numbers.feedback.max(feedback.no.0);
                let fact = feedback_fact(feedback);
                add(tail, seq, Fact::Feedback(fact.clone()));
                self.feedback.insert(feedback.no, (seq, fact));
            }
            Change::FeedbackResolved { feedback, .. } => self.touch_feedback(source, seq, *feedback, tail)?,
            _ => {}
        }
        Ok(())
    }

    /// Takes away what an order was for the reports and adds what it is now; its returns carry its attributes along.
    fn touch_order(&mut self, source: &impl Source, seq: Seq, no: OrderNo, tail: &mut Facts) -> Result<(), Fault> {
        let Some(order) = self.unfiled.order(source, no)? else { return Ok(()) };
        let old = match self.orders.get(&no) {
            Some((_, fact)) => Some(fact.clone()),
            None => seal::sealed_orders(source, seal::day_of(order.placed), &[no])?.remove(&no),
        };
        let Some(new) = facts(&order) else { return Ok(()) };
        if old.as_ref() != Some(&new) {
            take_away(tail, seq, old.map(Fact::Order));
            add(tail, seq, Fact::Order(new.clone()));
        }
        self.orders.insert(no, (seq, new));
        for number in returns_of(source, no)? {
            self.touch_return(source, seq, number, &order, tail)?;
        }
        Ok(())
    }

    fn touch_return(
        &mut self,
        source: &impl Source,
        seq: Seq,
        no: ReturnNo,
        order: &Order,
        tail: &mut Facts,
    ) -> Result<(), Fault> {
        let Some(back) = get::<Return>(source, no.0)? else { return Ok(()) };
        let old = match self.returns.get(&no) {
            Some((_, fact)) => Some(fact.clone()),
            None => {
                let parts = seal::parts(source, seal::day_of(back.at))?;
                parts.iter().find_map(|(_, segment)| segment.return_fact(no))
            }
        };
        // A replay sees returns of later entries; those are counted when their entry comes.
        let Some(old) = old else { return Ok(()) };
        let new = return_fact(&back, Some(order));
        if old != new {
            take_away(tail, seq, Some(Fact::Return(old)));
            add(tail, seq, Fact::Return(new.clone()));
            self.returns.insert(no, (seq, new));
        }
        Ok(())
    }

    fn touch_feedback(
        &mut self,
        source: &impl Source,
        seq: Seq,
        no: FeedbackNo,
        tail: &mut Facts,
    ) -> Result<(), Fault> {
        let Some(said) = get::<Feedback>(source, no.0)? else { return Ok(()) };
        let old = match self.feedback.get(&no) {
            Some((_, fact)) => Some(fact.clone()),
            None => {
                let parts = seal::parts(source, seal::day_of(said.at))?;
                parts.iter().find_map(|(_, segment)| segment.feedback_fact(no))
            }
        };
        let new = feedback_fact(&said);
        if old.as_ref() != Some(&new) {
            take_away(tail, seq, old.map(Fact::Feedback));
            add(tail, seq, Fact::Feedback(new.clone()));
            self.feedback.insert(no, (seq, new));
        }
        Ok(())
    }

    fn absorb_stock(
        &mut self,
        source: &impl Source,
        change: &Change,
        moved: &mut Vec<(StoreId, ProductId, Quantity)>,
    ) -> Result<(), Fault> {
        for (store, product, quantity) in stock_moves(change, |no| self.unfiled.order(source, no))? {
            self.stock.add(store, product, quantity);
            moved.push((store, product, quantity));
        }
        Ok(())
    }

    /// Whether no order can have that id: a sale asks so for its own number, and reads no page for the answer.
    pub fn knows_no_order(&self, id: &str) -> bool {
        !self.has_order_ids && id.parse::<u64>().map_or(true, |number| number > self.numbers.order)
    }

    /// The next free number.
    pub fn next(&self, counter: Counter) -> u64 {
        let last = match counter {
            Counter::Store => self.numbers.store,
            Counter::Register => self.numbers.register,
            Counter::Staff => self.numbers.staff,
            Counter::Product => self.numbers.product,
            Counter::Customer => self.numbers.customer,
            Counter::Order => self.numbers.order,
            Counter::Return => self.numbers.back,
            Counter::Feedback => self.numbers.feedback,
            Counter::Shift => self.numbers.shift,
            Counter::Basket => self.numbers.basket,
            Counter::Receipt(register) => self.receipts.get(&register).copied().unwrap_or(0),
        };
        last + 1
    }

    /// The orders of a customer that were placed or touched since the last seal.
    pub fn unsealed_orders_of(&self, customer: CustomerId) -> Vec<OrderNo> {
        let of_them = self.orders.iter().filter(|(_, (_, fact))| fact.customer == Some(customer));
        of_them.map(|(no, _)| *no).collect()
    }

    /// Forgets what is sealed up to `upto`.
    pub fn sealed(&mut self, upto: Seq) {
        while self.unsealed.front().is_some_and(|first| first.seq <= upto) {
            if let Some(done) = self.unsealed.pop_front() {
                self.last_sealed_command = self.last_sealed_command.max(done.command.0);
                self.recent.remove(&done.command.0);
            }
        }
        self.orders.retain(|_, (seq, _)| *seq > upto);
        self.returns.retain(|_, (seq, _)| *seq > upto);
        self.feedback.retain(|_, (seq, _)| *seq > upto);
        self.people_changed = self.people_changed && upto < self.head.seq;
        self.watermark = upto;
    }
}

fn add(tail: &mut Facts, seq: Seq, fact: Fact) {
    tail.push((seq, Arc::new(Signed { plus: true, fact })));
}

fn take_away(tail: &mut Facts, seq: Seq, fact: Option<Fact>) {
    if let Some(fact) = fact {
        tail.push((seq, Arc::new(Signed { plus: false, fact })));
    }
}

fn open_shifts(source: &impl Source) -> Result<BTreeMap<RegisterId, ShiftNo>, Fault> {
    let shifts = record::all::<Shift>(source)?;
    Ok(shifts.iter().filter(|shift| shift.closed.is_none()).map(|shift| (shift.register, shift.no)).collect())
}
