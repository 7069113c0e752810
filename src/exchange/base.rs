//! What an import asks of the shop it goes into.

use std::fmt;

use crate::domain::view::{Counter, Kind};
use crate::domain::{
    Change, Customer, CustomerDetails, Feedback, Order, Product, Register, Return, Shift, Staff, Store,
};
use crate::engine::Snapshot;
use crate::store::Fault;
use crate::store::record::Record;
use crate::unit::{Currency, CustomerId, Money, OrderNo, ProductId, Quantity, Seq, StoreId, Zone};

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
    /// The most that coins can make of a refund: the shop's own smallest coin, or the coarsest of its currency if that is more.
    fn largest_rounding(&self) -> Money;
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

    fn largest_rounding(&self) -> Money {
        Currency::EUR.coarsest_coin()
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

impl From<Fault> for BaseFault {
    fn from(fault: Fault) -> Self {
        BaseFault(fault.to_string())
    }
}

/// One more than the largest number in use.
fn after_last<R: Record>(snapshot: &Snapshot) -> Result<u64, BaseFault> {
    let last = snapshot.window::<R>(0..u64::MAX, true, 1)?;
    Ok(last.first().map_or(1, |record| record.number().saturating_add(1)))
}

/// Whether an import has brought stores. Asked of shops that have not sold anything yet: their journals are short.
fn has_imported_stores(snapshot: &Snapshot) -> Result<bool, Fault> {
    let mut found = false;
    snapshot.entries_back(Seq(u64::MAX), &mut |entry| {
        let brings = |change: &Change| matches!(change, Change::Imported { counts, .. } if counts.stores > 0);
        found = entry.changes.iter().any(brings);
        !found
    })?;
    Ok(found)
}

impl Base for Snapshot {
    fn seq(&self) -> Seq {
        Snapshot::seq(self)
    }

    fn zone(&self) -> Zone {
        self.directory().settings.as_ref().map(|settings| settings.zone).unwrap_or_default()
    }

    fn largest_rounding(&self) -> Money {
        let settings = self.directory().settings.as_ref();
        let own = settings.map_or(Money::ZERO, |settings| settings.coin());
        own.max(settings.map_or(Currency::EUR, |settings| settings.currency).coarsest_coin())
    }

    fn stores(&self) -> Vec<Store> {
        self.directory().stores.clone()
    }

    fn registers(&self) -> Vec<Register> {
        self.directory().registers.clone()
    }

    fn unused_store(&self) -> Option<StoreId> {
        let [only] = self.directory().stores.as_slice() else { return None };
        let orders = self.count_orders().unwrap_or(1);
        let returns = self.count::<Return>().unwrap_or(1);
        let shifts = self.count::<Shift>().unwrap_or(1);
        let held = self.held().map_or(1, |baskets| baskets.len());
        let has_stock = self.with_stock(|columns| columns.of_store(only.id).next().is_some());
        let untouched = orders + returns + shifts == 0 && held == 0 && !has_stock;
        // A store that was imported is the shop's own from then on, sold in or not.
        (untouched && !has_imported_stores(self).unwrap_or(true)).then_some(only.id)
    }

    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, BaseFault> {
        Ok(Snapshot::find(self, kind, text)?)
    }

    fn next(&self, counter: Counter) -> Result<u64, BaseFault> {
        match counter {
            Counter::Store => after_last::<Store>(self),
            Counter::Register => after_last::<Register>(self),
            Counter::Staff => after_last::<Staff>(self),
            Counter::Product => after_last::<Product>(self),
            Counter::Customer => after_last::<Customer>(self),
            Counter::Order => Ok(self.last_order()?.0.saturating_add(1)),
            Counter::Return => after_last::<Return>(self),
            Counter::Feedback => after_last::<Feedback>(self),
            Counter::Shift | Counter::Basket | Counter::Receipt(_) => {
                Err(BaseFault("an import numbers no shifts, baskets or receipts".to_owned()))
            }
        }
    }

    fn product(&self, id: ProductId) -> Result<Option<Product>, BaseFault> {
        Ok(self.catalogue().product(id).map(|product| Product::clone(product)))
    }

    fn customer(&self, id: CustomerId) -> Result<Option<(Customer, Option<CustomerDetails>)>, BaseFault> {
        Ok(Snapshot::customer(self, id)?)
    }

    fn order(&self, no: OrderNo) -> Result<Option<Order>, BaseFault> {
        Ok(Snapshot::order(self, no)?)
    }

    fn stock(&self, store: StoreId, product: ProductId) -> Result<Option<Quantity>, BaseFault> {
        Ok(self.with_stock(|columns| columns.is_known(store, product).then(|| columns.quantity(store, product))))
    }
}
