//! Looking up orders in a snapshot: filed ones by their rows, those of the tail as they were placed.

use super::snapshot::Snapshot;
use super::view::order_details;
use crate::domain::{Order, OrderDetails};
use crate::store::Fault;
use crate::store::orders::{self, Filed};
use crate::store::record::{self, Record, Source, decoded};
use crate::unit::OrderNo;
use std::collections::BTreeMap;

impl Snapshot {
    /// An order.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn order(&self, no: OrderNo) -> Result<Option<Order>, Fault> {
        match orders::filed(self.txn(), no)? {
            None => Ok(self.tail().placed(no).cloned()),
            filed => Ok(filed),
        }
    }

    /// The orders of these numbers, in their order; one that is not there is left out.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn orders(&self, numbers: impl Iterator<Item = OrderNo>) -> Result<Vec<Order>, Fault> {
        self.txn().with(Filed::TABLE, |rows| {
            let read = |no: OrderNo| match rows.row(no.0) {
                Ok(Some(row)) => Some(decoded(Filed::FORMAT, Filed::NAME, no, row.value()).map(|Filed(order)| order)),
                Ok(None) => self.tail().placed(no).cloned().map(Ok),
                Err(why) => Some(Err(why)),
            };
            numbers.filter_map(read).collect()
        })
    }

    /// At most `limit` orders from number `from` on, by number.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn orders_from(&self, from: OrderNo, limit: usize) -> Result<Vec<Order>, Fault> {
        let filed = self.window::<Filed>(from.0..u64::MAX, false, limit)?;
        let mut found: BTreeMap<OrderNo, Order> = filed.into_iter().map(|Filed(order)| (order.no, order)).collect();
        let upto = if found.len() < limit { None } else { found.last_key_value().map(|(last, _)| *last) };
        for order in self.tail().all_placed() {
            if order.no >= from && upto.is_none_or(|upto| order.no < upto) {
                found.entry(order.no).or_insert_with(|| Order::clone(order));
            }
        }
        Ok(found.into_values().take(limit).collect())
    }

    /// How many orders there are.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn count_orders(&self) -> Result<u64, Fault> {
        let mut count = self.count::<Filed>()?;
        for order in self.tail().all_placed() {
            count += u64::from(orders::filed(self.txn(), order.no)?.is_none());
        }
        Ok(count)
    }

    /// An order's note and payment references.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn order_details(&self, order: &Order) -> Result<Option<OrderDetails>, Fault> {
        order_details(self.txn(), order)
    }

    /// The largest order number.
    ///
    /// # Errors
    /// `Io`.
    pub fn last_order(&self) -> Result<OrderNo, Fault> {
        let filed = record::last::<Filed>(self.txn())?;
        Ok(OrderNo(filed).max(self.tail().last_placed()))
    }
}
