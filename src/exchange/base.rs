//! What an import asks of the shop it goes into.

use std::fmt;

use crate::domain::view::{Counter, Kind};
use crate::domain::{Customer, CustomerDetails, Order, Product, Register, Store};
use crate::unit::{CustomerId, OrderNo, ProductId, Quantity, Seq, StoreId, Zone};

/// The shop could not answer; the words say why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseFault(pub String);

impl fmt::Display for BaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BaseFault {}

/// The shop as it is before an import; one moment of it, at [`Base::seq`].
#[allow(missing_docs, reason = "each method is the record its name says")]
pub trait Base {
    /// The place in the journal that everything below is true at.
    fn seq(&self) -> Seq;
    /// The shop's own zone.
    fn zone(&self) -> Zone;
    fn stores(&self) -> Vec<Store>;
    fn registers(&self) -> Vec<Register>;
    /// The store that a new shop was made with, while it is the only one and nothing has used it; imported stores take its
    /// place.
    fn unused_store(&self) -> Option<StoreId>;
    /// The number of the record with that text; orders, returns and feedback without an id are found by their number.
    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, BaseFault>;
    /// The next free number, from 1.
    fn next(&self, counter: Counter) -> Result<u64, BaseFault>;
    fn product(&self, id: ProductId) -> Result<Option<Product>, BaseFault>;
    /// The record and, unless they were erased, the details.
    fn customer(&self, id: CustomerId) -> Result<Option<(Customer, Option<CustomerDetails>)>, BaseFault>;
    fn order(&self, no: OrderNo) -> Result<Option<Order>, BaseFault>;
    /// How much there is; `None` where nothing ever moved or was counted.
    fn stock(&self, store: StoreId, product: ProductId) -> Result<Option<Quantity>, BaseFault>;
}

/// A shop with nothing in it.
#[derive(Debug, Clone, Default)]
pub struct Empty {
    /// The zone of stores without one.
    pub zone: Zone,
}

impl Base for Empty {
    fn seq(&self) -> Seq {
        Seq(0)
    }

    fn zone(&self) -> Zone {
        self.zone
    }

    fn stores(&self) -> Vec<Store> {
        Vec::new()
    }

    fn registers(&self) -> Vec<Register> {
        Vec::new()
    }

    fn unused_store(&self) -> Option<StoreId> {
        None
    }

    fn find(&self, _: Kind, _: &str) -> Result<Option<u64>, BaseFault> {
        Ok(None)
    }

    fn next(&self, _: Counter) -> Result<u64, BaseFault> {
        Ok(1)
    }

    fn product(&self, _: ProductId) -> Result<Option<Product>, BaseFault> {
        Ok(None)
    }

    fn customer(&self, _: CustomerId) -> Result<Option<(Customer, Option<CustomerDetails>)>, BaseFault> {
        Ok(None)
    }

    fn order(&self, _: OrderNo) -> Result<Option<Order>, BaseFault> {
        Ok(None)
    }

    fn stock(&self, _: StoreId, _: ProductId) -> Result<Option<Quantity>, BaseFault> {
        Ok(None)
    }
}
