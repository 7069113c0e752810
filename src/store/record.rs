//! Records by number: one trait says where a kind of record lives, two functions read and write it.
//!
//! Reading works alike inside a read transaction and inside the open write transaction. Never knows what a record means.

use super::codec;
use super::fault::{Fault, guarded, io};
use super::table::*;
use crate::domain::basket::Basket;
use crate::domain::{
    Credentials, Customer, Feedback, Payout, Product, Register, Return, SavedView, Shift, Staff, Store,
};
use redb::{Key, ReadTransaction, ReadableTable, TableDefinition, Value, WriteTransaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Borrow;
use std::fmt::Debug;

/// Either kind of transaction, to read from.
pub trait Source {
    /// Hands the table to `read`; a table that was never made reads as empty.
    fn with<K: Key + 'static, V: Value + 'static, T: Default>(
        &self,
        table: TableDefinition<'static, K, V>,
        read: impl FnOnce(&dyn Rows<K, V>) -> Result<T, Fault>,
    ) -> Result<T, Fault>;
}

/// A guard that keeps a stored value in reach.
pub type Guard<'a, V> = redb::AccessGuard<'a, V>;

/// The part of a redb table that reading needs, the same for both kinds of transaction.
pub trait Rows<K: Key + 'static, V: Value + 'static> {
    /// The value of one key.
    fn row<'k>(&self, key: K::SelfType<'k>) -> Result<Option<Guard<'_, V>>, Fault>;
    /// The rows from `from` on, up to and without `to`.
    fn rows<'k>(&self, from: K::SelfType<'k>, to: K::SelfType<'k>) -> Result<redb::Range<'_, K, V>, Fault>;
    /// All rows.
    fn all(&self) -> Result<redb::Range<'_, K, V>, Fault>;
    /// How many rows.
    fn count(&self) -> Result<u64, Fault>;
}

impl<K: Key + 'static, V: Value + 'static, T: ReadableTable<K, V>> Rows<K, V> for T {
    fn row<'k>(&self, key: K::SelfType<'k>) -> Result<Option<Guard<'_, V>>, Fault> {
        self.get(key).map_err(|why| io("reading the shop file", why))
    }

    fn rows<'k>(&self, from: K::SelfType<'k>, to: K::SelfType<'k>) -> Result<redb::Range<'_, K, V>, Fault> {
        self.range::<K::SelfType<'k>>(from..to).map_err(|why| io("reading the shop file", why))
    }

    fn all(&self) -> Result<redb::Range<'_, K, V>, Fault> {
        self.iter().map_err(|why| io("reading the shop file", why))
    }

    fn count(&self) -> Result<u64, Fault> {
        self.len().map_err(|why| io("reading the shop file", why))
    }
}

impl Source for ReadTransaction {
    fn with<K: Key + 'static, V: Value + 'static, T: Default>(
        &self,
        table: TableDefinition<'static, K, V>,
        read: impl FnOnce(&dyn Rows<K, V>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        guarded(|| match self.open_table(table) {
            Ok(open) => read(&open),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(T::default()),
            Err(why) => Err(io("reading the shop file", why)),
        })
    }
}

impl Source for WriteTransaction {
    fn with<K: Key + 'static, V: Value + 'static, T: Default>(
        &self,
        table: TableDefinition<'static, K, V>,
        read: impl FnOnce(&dyn Rows<K, V>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let open = self.open_table(table).map_err(|why| io("reading the shop file", why))?;
        read(&open)
    }
}

/// A kind of record with a table of its own.
pub trait Record: Serialize + DeserializeOwned {
    /// Its table, by number.
    const TABLE: TableDefinition<'static, u64, Bytes>;
    /// Its name in faults.
    const NAME: &'static str;
    /// The format its values are written in.
    const FORMAT: u8 = 1;
    /// The number it is kept under.
    fn number(&self) -> u64;
}

macro_rules! records {
    ($($type:ty, $table:ident, $name:literal, $id:ident;)*) => {$(
        impl Record for $type {
            const TABLE: TableDefinition<'static, u64, Bytes> = $table;
            const NAME: &'static str = $name;
            fn number(&self) -> u64 {
                u64::from(self.$id.0)
            }
        }
    )*};
}

records! {
    Return, RETURNS, "return", no;
    Payout, PAYOUTS, "payout", no;
    Feedback, FEEDBACK, "feedback", no;
    Product, PRODUCTS, "product", id;
    Customer, CUSTOMERS, "customer", id;
    Store, STORES, "store", id;
    Register, REGISTERS, "register", id;
    Staff, STAFF, "person", id;
    Credentials, CREDENTIALS, "credentials", id;
    Shift, SHIFTS, "shift", no;
}

/// A basket on hold with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Held {
    /// Its number.
    pub id: crate::unit::BasketId,
    /// What is in it.
    pub basket: Basket,
    /// Who put it aside.
    pub by: crate::unit::StaffId,
    /// When.
    pub at: crate::unit::Stamp,
}

records! { Held, HELD, "basket on hold", id; }

/// Whether pages of the file may still hold what was erased.
pub(super) const ERASED: &str = "erased";
/// The questions kept under names.
pub(super) const SAVED_VIEWS: &str = "saved_views";
/// The last number given to a basket on hold.
pub(super) const LAST_HELD: &str = "last_held";

/// The questions kept under names, by name.
pub fn saved_views(source: &impl Source) -> Result<Vec<SavedView>, Fault> {
    Ok(meta(source, SAVED_VIEWS)?.unwrap_or_default())
}

/// Whether pages of the file may still hold what was erased.
pub fn erased_pages(source: &impl Source) -> Result<bool, Fault> {
    Ok(meta(source, ERASED)?.unwrap_or(false))
}

/// The last number given to a basket on hold; 0 for none.
pub fn last_held(source: &impl Source) -> Result<u64, Fault> {
    let stored: Option<u64> = meta(source, LAST_HELD)?;
    Ok(stored.unwrap_or(0).max(last::<Held>(source)?))
}

/// A stored value, decoded; damage names the row.
pub fn decoded<T: DeserializeOwned>(format: u8, table: &str, key: impl Debug, bytes: &[u8]) -> Result<T, Fault> {
    codec::decode(format, bytes).map_err(|why| Fault::Damaged {
        table: table.to_owned(),
        key: format!("{key:?}"),
        why: why.to_string(),
    })
}

/// The record of that number.
pub fn get<R: Record>(source: &impl Source, number: u64) -> Result<Option<R>, Fault> {
    source.with(R::TABLE, |rows| match rows.row(number)? {
        Some(value) => decoded(R::FORMAT, R::NAME, number, value.value()).map(Some),
        None => Ok(None),
    })
}

/// All records of a kind in order of number; only for kinds that are few.
pub fn all<R: Record>(source: &impl Source) -> Result<Vec<R>, Fault> {
    source.with(R::TABLE, |rows| {
        let mut records = Vec::new();
        for row in rows.all()? {
            let (key, value) = row.map_err(|why| io("reading the shop file", why))?;
            records.push(decoded(R::FORMAT, R::NAME, key.value(), value.value())?);
        }
        Ok(records)
    })
}

/// The largest number in use, 0 without any.
pub fn last<R: Record>(source: &impl Source) -> Result<u64, Fault> {
    source.with(R::TABLE, |rows| match rows.all()?.next_back() {
        Some(row) => Ok(row.map_err(|why| io("reading the shop file", why))?.0.value()),
        None => Ok(0),
    })
}

/// Writes a record under its number.
pub fn put<R: Record>(txn: &WriteTransaction, record: &R) -> Result<(), Fault> {
    insert(txn, R::TABLE, record.number(), codec::encode(R::FORMAT, record)?.as_slice())
}

/// Writes one row.
pub fn insert<'k, 'v, K: Key + 'static, V: Value + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, V>,
    key: impl Borrow<K::SelfType<'k>>,
    value: impl Borrow<V::SelfType<'v>>,
) -> Result<(), Fault> {
    let mut open = txn.open_table(table).map_err(|why| io("writing the shop file", why))?;
    open.insert(key, value).map_err(|why| io("writing the shop file", why))?;
    Ok(())
}

/// Removes one row; whether it was there.
pub fn remove<'k, K: Key + 'static, V: Value + 'static>(
    txn: &WriteTransaction,
    table: TableDefinition<'static, K, V>,
    key: impl Borrow<K::SelfType<'k>>,
) -> Result<bool, Fault> {
    let mut open = txn.open_table(table).map_err(|why| io("writing the shop file", why))?;
    let found = open.remove(key).map_err(|why| io("writing the shop file", why))?.is_some();
    Ok(found)
}

/// A value among the `meta` rows.
pub fn meta<T: DeserializeOwned>(source: &impl Source, name: &str) -> Result<Option<T>, Fault> {
    source.with(META, |rows| match rows.row(name)? {
        Some(value) => decoded(1, "meta", name, value.value()).map(Some),
        None => Ok(None),
    })
}

/// Writes a value among the `meta` rows.
pub fn put_meta<T: Serialize>(txn: &WriteTransaction, name: &str, value: &T) -> Result<(), Fault> {
    insert(txn, META, name, codec::encode(1, value)?.as_slice())
}
