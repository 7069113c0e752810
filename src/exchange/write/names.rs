//! Numbers of the shop to the ids that people and files know.

use crate::domain::Order;
use crate::engine::Snapshot;
use crate::unit::{CustomerId, Money, OrderNo, ProductId, Quantity, RegisterId, StaffId, Stamp, StoreId, Text};

use super::WriteFault;

/// The ids of everything that records name.
pub struct Names<'a> {
    snapshot: &'a Snapshot,
    /// By number.
    customers: Vec<Option<Text>>,
    minor: u8,
}

impl<'a> Names<'a> {
    /// Those of a shop; customers are added as they are written.
    pub fn of(snapshot: &'a Snapshot) -> Names<'a> {
        Names { snapshot, customers: Vec::new(), minor: snapshot.directory().minor() }
    }

    pub fn add_customer(&mut self, id: CustomerId, ext: Text) {
        let at = id.0 as usize;
        if self.customers.len() <= at {
            self.customers.resize(at + 1, None);
        }
        self.customers[at] = Some(ext);
    }

    pub fn customer(&self, id: CustomerId) -> Option<&str> {
        self.customers.get(id.0 as usize)?.as_deref()
    }

    pub fn store(&self, id: StoreId) -> Option<&str> {
        self.snapshot.directory().store(id).map(|store| store.ext.as_str())
    }

    pub fn register(&self, id: RegisterId) -> Option<&str> {
        self.snapshot.directory().register(id).map(|register| register.name.as_str())
    }

    pub fn person(&self, id: StaffId) -> Option<&str> {
        self.snapshot.directory().person(id).map(|person| person.ext.as_str())
    }

    pub fn product(&self, id: ProductId) -> Option<&str> {
        self.snapshot.catalogue().product(id).map(|product| product.ext.as_str())
    }

    /// The order of that number, where there is one.
    pub fn order(&self, no: Option<OrderNo>) -> Result<Option<Order>, WriteFault> {
        Ok(match no {
            Some(no) => self.snapshot.order(no)?,
            None => None,
        })
    }

    /// The store, where there is one only.
    pub fn only_store(&self) -> Option<StoreId> {
        match self.snapshot.directory().stores.as_slice() {
            [only] => Some(only.id),
            _ => None,
        }
    }

    /// A time of something that belongs to a store. In another offset than the store has at that time, it is one that the store
    /// was in before: that is said, or whoever reads it would count it on the day of today's zone.
    pub fn time(&self, at: Option<&Stamp>, store: Option<StoreId>) -> Option<String> {
        let zone = store.map(|store| self.snapshot.directory().zone(store));
        let moved = |at: &Stamp| zone.is_some_and(|zone| zone.offset_at(at.unix_ms) != at.offset_s);
        at.map(|at| if moved(at) { at.fixed() } else { at.rfc3339() })
    }

    /// An amount with at least the currency's decimals.
    pub fn money(&self, amount: Money) -> String {
        amount.plain(self.minor)
    }

    pub fn quantity(&self, quantity: Quantity) -> String {
        quantity.plain()
    }
}
