//! Stock that moves by itself: goods in, corrections, counts.

use super::{Case, Decided, Decision, Stop, bad, unknown};
use crate::domain::{Change, MoveKind, Outcome, Product, Refusal, StockMove, View};
use crate::unit::{Money, ProductId, Quantity, StoreId, Text};

impl<V: View> Case<'_, V> {
    pub(super) fn receive_stock(
        &self,
        store: StoreId,
        product: ProductId,
        quantity: Quantity,
        unit_cost: Option<Money>,
        reason: Option<&Text>,
    ) -> Decided<V::Fault> {
        if quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") }.into());
        }
        if unit_cost.is_some_and(Money::is_negative) {
            return Err(bad("cost", "cannot be less than zero").into());
        }
        let known = self.known_product(product)?;
        let mut decision = self.moved(store, product, quantity, MoveKind::Received, reason.cloned(), unit_cost)?;
        if unit_cost.is_some() && unit_cost != known.cost {
            let saved = Product { cost: unit_cost, ..known.clone() };
            decision.changes.extend(self.saved(Some(&known), saved, Change::ProductSaved));
        }
        Ok(decision)
    }

    pub(super) fn adjust_stock(
        &self,
        store: StoreId,
        product: ProductId,
        quantity: Quantity,
        reason: &Text,
    ) -> Decided<V::Fault> {
        if quantity.is_zero() {
            return Err(bad("quantity", "say by how much, such as -2").into());
        }
        if reason.is_empty() {
            return Err(bad("reason", "say why the stock is corrected").into());
        }
        self.known_product(product)?;
        self.moved(store, product, quantity, MoveKind::Adjusted, Some(reason.clone()), None)
    }

    pub(super) fn count_stock(&self, store: StoreId, product: ProductId, counted: Quantity) -> Decided<V::Fault> {
        if counted.is_negative() {
            return Err(bad("count", "cannot be less than zero").into());
        }
        self.known_product(product)?;
        let now = self.view.stock(store, product).map_err(Stop::Fault)?;
        let difference = counted.checked_sub(now).ok_or(Refusal::TooLarge)?;
        self.moved(store, product, difference, MoveKind::Counted, None, None)
    }

    fn known_product(&self, product: ProductId) -> Result<Product, Stop<V::Fault>> {
        let known = self.view.product(product).map_err(Stop::Fault)?;
        Ok(known.ok_or_else(|| unknown("product", product.0))?)
    }

    fn moved(
        &self,
        store: StoreId,
        product: ProductId,
        quantity: Quantity,
        kind: MoveKind,
        reason: Option<Text>,
        unit_cost: Option<Money>,
    ) -> Decided<V::Fault> {
        if self.view.store(store).map_err(Stop::Fault)?.is_none() {
            return Err(unknown("store", store.0).into());
        }
        let now = self.view.stock(store, product).map_err(Stop::Fault)?;
        let after = now.checked_add(quantity).ok_or(Refusal::TooLarge)?;
        let moved =
            StockMove { store, product, quantity, kind, reason, unit_cost, at: self.now, by: Some(self.person.id) };
        Ok(Decision { changes: vec![Change::StockMoved(moved)], outcome: Outcome::Stock(after) })
    }
}
