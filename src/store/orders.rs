//! Where an order is read: one that is sealed, or was altered since it was placed, is filed under its number; one placed since
//! the last seal stands in the journal alone, and in memory.
//!
//! A commit so writes an order once, and files it with its neighbours when the stretch is sealed: of the pages a sale writes
//! three in eight less. Never knows what an order means.

use super::codec;
use super::fault::Fault;
use super::record::{Record, Source, get, insert};
use super::table::{Bytes, ORDERS};
use crate::domain::Order;
use crate::unit::{OrderNo, Seq};
use redb::{TableDefinition, WriteTransaction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An order that has a row, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filed(pub Order);

impl Record for Filed {
    const TABLE: TableDefinition<'static, u64, Bytes> = ORDERS;
    const NAME: &'static str = "order";

    fn number(&self) -> u64 {
        self.0.no.0
    }
}

/// The order of that number, if it is filed.
pub fn filed(source: &impl Source, no: OrderNo) -> Result<Option<Order>, Fault> {
    Ok(get::<Filed>(source, no.0)?.map(|filed| filed.0))
}

/// Files an order as it is now.
pub fn file(txn: &WriteTransaction, order: &Order) -> Result<(), Fault> {
    insert(txn, ORDERS, order.no.0, row(order)?.as_slice())
}

/// The row an order is filed as.
pub fn row(order: &Order) -> Result<Vec<u8>, Fault> {
    codec::encode(Filed::FORMAT, order)
}

/// The orders that have no row yet, as they were placed, each with the entry that placed it. Orders are numbered as they are
/// placed: by number is by entry.
#[derive(Debug, Clone, Default)]
pub struct Unfiled(BTreeMap<OrderNo, (Seq, Arc<Order>)>);

impl Unfiled {
    /// Takes in an order that the entry `seq` placed.
    pub fn place(&mut self, seq: Seq, order: Order) {
        self.0.insert(order.no, (seq, Arc::new(order)));
    }

    /// Takes an order out, because it is to be filed.
    pub(super) fn take(&mut self, no: OrderNo) -> Option<Arc<Order>> {
        self.0.remove(&no).map(|(_, order)| order)
    }

    /// An order, filed or not.
    pub fn order(&self, source: &impl Source, no: OrderNo) -> Result<Option<Order>, Fault> {
        match self.0.get(&no) {
            Some((_, order)) => Ok(Some(Order::clone(order))),
            None => filed(source, no),
        }
    }

    /// Those placed after `seq`, in order.
    pub fn after(&self, seq: Seq) -> Vec<(Seq, Arc<Order>)> {
        let mut found: Vec<_> = self.0.values().rev().take_while(|(placed, _)| *placed > seq).cloned().collect();
        found.reverse();
        found
    }

    /// Files those placed up to `seq`.
    pub fn file(&mut self, txn: &WriteTransaction, upto: Seq) -> Result<(), Fault> {
        while let Some(first) = self.0.first_entry().filter(|first| first.get().0 <= upto) {
            file(txn, &first.remove().1)?;
        }
        Ok(())
    }
}
