//! The shop as deciding sees it: the writer's memory over the open transaction, commands of the same batch included.

use super::memory::Memory;
use super::related::returned_of;
use crate::domain::basket::Basket;
use crate::domain::change::Subject;
use crate::domain::view::{Counter, Kind};
use crate::domain::{
    Customer, CustomerDetails, Details, Feedback, Order, OrderDetails, Product, Register, Return, Settings, Shift,
    Staff, Store, View,
};
use crate::store::record::{self, Held, Record, Source, decoded, get};
use crate::store::table::{CUSTOMER_FEEDBACK, CUSTOMER_ORDERS, FEEDBACK};
use crate::store::{Fault, details, index};
use crate::unit::{BasketId, CustomerId, FeedbackNo, OrderNo, ProductId, Quantity, RegisterId, StaffId, StoreId};

/// What [`decide`](crate::domain::decide()) is given.
pub(super) struct Deciding<'a, S: Source> {
    pub memory: &'a Memory,
    pub source: &'a S,
}

impl<S: Source> View for Deciding<'_, S> {
    type Fault = Fault;

    fn settings(&self) -> Result<Option<Settings>, Fault> {
        Ok(self.memory.directory.settings.clone())
    }

    fn store(&self, id: StoreId) -> Result<Option<Store>, Fault> {
        Ok(self.memory.directory.store(id).cloned())
    }

    fn register(&self, id: RegisterId) -> Result<Option<Register>, Fault> {
        Ok(self.memory.directory.register(id).cloned())
    }

    fn register_called(&self, store: StoreId, name: &str) -> Result<Option<RegisterId>, Fault> {
        let mut registers = self.memory.directory.registers.iter();
        Ok(registers.find(|register| register.store == store && *register.name == *name).map(|register| register.id))
    }

    fn staff(&self, id: StaffId) -> Result<Option<Staff>, Fault> {
        Ok(self.memory.directory.person(id).cloned())
    }

    fn has_saved(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.memory.directory.views.iter().any(|view| *view.name == *name))
    }

    fn key_owner(&self, fingerprint: &str) -> Result<Option<StaffId>, Fault> {
        Ok(self.memory.directory.key_owner(fingerprint))
    }

    fn product(&self, id: ProductId) -> Result<Option<Product>, Fault> {
        Ok(self.memory.catalogue.product(id).map(|product| Product::clone(product)))
    }

    fn customer(&self, id: CustomerId) -> Result<Option<Customer>, Fault> {
        get(self.source, u64::from(id.0))
    }

    fn order(&self, no: OrderNo) -> Result<Option<Order>, Fault> {
        self.memory.unfiled.order(self.source, no)
    }

    fn order_details(&self, no: OrderNo) -> Result<Option<OrderDetails>, Fault> {
        let Some(order) = self.order(no)? else { return Ok(None) };
        order_details(self.source, &order)
    }

    fn returns_of(&self, no: OrderNo) -> Result<Vec<Return>, Fault> {
        returned_of(self.source, no)
    }

    fn feedback(&self, no: FeedbackNo) -> Result<Option<Feedback>, Fault> {
        get(self.source, no.0)
    }

    fn held(&self, id: BasketId) -> Result<Option<Basket>, Fault> {
        let held = get::<Held>(self.source, id.0)?.map(|held| noted(self.source, held)).transpose()?;
        Ok(held.map(|held| held.basket))
    }

    fn noted_baskets_of(&self, customer: CustomerId) -> Result<Vec<BasketId>, Fault> {
        let mut found = Vec::new();
        // Few are on hold at a time.
        for held in record::all::<Held>(self.source)? {
            if held.basket.customer == Some(customer) && details::basket_note(self.source, held.id)?.is_some() {
                found.push(held.id);
            }
        }
        Ok(found)
    }

    fn open_shift(&self, register: RegisterId) -> Result<Option<Shift>, Fault> {
        match self.memory.open_shifts.get(&register) {
            Some(no) => get(self.source, no.0),
            None => Ok(None),
        }
    }

    fn stock(&self, store: StoreId, product: ProductId) -> Result<Quantity, Fault> {
        Ok(self.memory.stock.quantity(store, product))
    }

    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, Fault> {
        if kind == Kind::Order && self.memory.knows_no_order(text) {
            return Ok(None);
        }
        find(self.source, kind, text, |no| self.order(no))
    }

    fn next(&self, counter: Counter) -> Result<u64, Fault> {
        Ok(self.memory.next(counter))
    }

    fn orders_of(&self, customer: CustomerId) -> Result<Vec<OrderNo>, Fault> {
        let mut found = sealed_orders_of(self.source, customer)?;
        found.extend(self.memory.unsealed_orders_of(customer));
        found.sort_unstable();
        // A sealed order that was touched since is in both.
        found.dedup();
        Ok(found)
    }

    fn feedback_of(&self, customer: CustomerId) -> Result<Vec<Feedback>, Fault> {
        let numbers = feedback_of(self.source, customer)?;
        let found = numbers.into_iter().map(|no| self.feedback(no));
        found.filter_map(Result::transpose).collect()
    }

    fn nameless_feedback_on(&self, orders: &[OrderNo]) -> Result<Vec<Feedback>, Fault> {
        if orders.is_empty() {
            return Ok(Vec::new());
        }
        // There is no index for what is asked once in a shop's year: all of it is looked through.
        self.source.with(FEEDBACK, |rows| {
            let mut found = Vec::new();
            for row in rows.all()? {
                let (key, value) = row.map_err(|why| reading(&why))?;
                let said: Feedback = decoded(Feedback::FORMAT, Feedback::NAME, key.value(), value.value())?;
                let about = said.order.is_some_and(|order| orders.binary_search(&order).is_ok());
                if about && said.customer.is_none() {
                    found.push(said);
                }
            }
            Ok(found)
        })
    }
}

/// The number of the record with that unique text; an order, return or piece of feedback without an id of its own is found
/// by its number.
pub(super) fn find(
    source: &impl Source,
    kind: Kind,
    text: &str,
    order: impl Fn(OrderNo) -> Result<Option<Order>, Fault>,
) -> Result<Option<u64>, Fault> {
    let key = if kind == Kind::Barcode { index::barcode_key(text) } else { text.to_owned() };
    if let Some(number) = index::find(source, kind, &key)? {
        return Ok(Some(number));
    }
    let Ok(number) = text.parse::<u64>() else { return Ok(None) };
    if number.to_string() != text {
        return Ok(None);
    }
    let own = match kind {
        Kind::Order => order(OrderNo(number))?.is_some_and(|order| order.ext.is_none()),
        Kind::Return => get::<Return>(source, number)?.is_some_and(|back| back.ext.is_none()),
        Kind::Feedback => get::<Feedback>(source, number)?.is_some_and(|said| said.ext.is_none()),
        _ => false,
    };
    Ok(own.then_some(number))
}

/// The words of a customer as they are now.
pub(super) fn customer_details(source: &impl Source, customer: &Customer) -> Result<Option<CustomerDetails>, Fault> {
    let words = details::get(source, Subject::Customer(customer.id), customer.version)?;
    Ok(words.and_then(|salted| match salted.words {
        Details::Customer(known) => Some(known),
        _ => None,
    }))
}

/// A basket on hold with what is noted of it.
pub(super) fn noted(source: &impl Source, mut held: Held) -> Result<Held, Fault> {
    if held.basket.note.is_none() {
        held.basket.note = details::basket_note(source, held.id)?;
    }
    Ok(held)
}

/// The words that belong to an order.
pub(super) fn order_details(source: &impl Source, order: &Order) -> Result<Option<OrderDetails>, Fault> {
    let words = details::get(source, Subject::Order(order.no), order.details_version)?;
    Ok(words.and_then(|salted| match salted.words {
        Details::Order(known) => Some(known),
        _ => None,
    }))
}

/// The sealed orders of a customer, oldest first.
pub(super) fn sealed_orders_of(source: &impl Source, customer: CustomerId) -> Result<Vec<OrderNo>, Fault> {
    source.with(CUSTOMER_ORDERS, |rows| {
        let mut found = Vec::new();
        for row in rows.rows((customer.0, i64::MIN, 0), (customer.0.saturating_add(1), i64::MIN, 0))? {
            found.push(OrderNo(row.map_err(|why| reading(&why))?.0.value().2));
        }
        Ok(found)
    })
}

/// The feedback of a customer, oldest first.
pub(super) fn feedback_of(source: &impl Source, customer: CustomerId) -> Result<Vec<FeedbackNo>, Fault> {
    source.with(CUSTOMER_FEEDBACK, |rows| {
        let mut found = Vec::new();
        for row in rows.rows((customer.0, 0), (customer.0.saturating_add(1), 0))? {
            found.push(FeedbackNo(row.map_err(|why| reading(&why))?.0.value().1));
        }
        Ok(found)
    })
}

fn reading(why: &dyn std::fmt::Display) -> Fault {
    Fault::Io { what: "reading the shop file".to_owned(), why: why.to_string() }
}
