//! Unique texts → numbers. Each index is one pure function from a record to its entries; `put` writes only the difference
//! between the entries of the old record and of the new one, in the same transaction.

use super::fault::{Fault, io};
use super::record::Source;
use super::table::EXTERNAL_IDS;
use crate::domain::view::Kind;
use crate::domain::{Customer, Feedback, Order, Product, Return, Staff, Store};
use crate::unit::{OrderNo, barcode};
use redb::{ReadableTable, WriteTransaction};

/// An entry: the kind of text, and the text.
pub type Entry = (Kind, String);

/// What SKUs were kept under up to schema 2, which let one product have each.
const SKU_2: u8 = 3;

/// The byte a kind is kept under; never changed once written.
pub fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Store => 1,
        Kind::Product => 2,
        Kind::Barcode => 4,
        Kind::Customer => 5,
        Kind::Order => 6,
        Kind::Receipt => 7,
        Kind::Return => 8,
        Kind::Feedback => 9,
        Kind::Staff => 10,
    }
}

/// A record with unique texts.
pub trait Indexed {
    /// All its entries.
    fn entries(&self) -> Vec<Entry>;
}

impl Indexed for Product {
    fn entries(&self) -> Vec<Entry> {
        let mut entries = vec![(Kind::Product, self.ext.to_string())];
        entries.extend(self.barcodes.iter().map(|code| (Kind::Barcode, barcode_key(code))));
        entries
    }
}

/// How a barcode is looked up: as GTIN-14 where it is a GTIN, else as it is.
pub fn barcode_key(code: &str) -> String {
    barcode::gtin14(code).unwrap_or_else(|| code.to_owned())
}

impl Indexed for Customer {
    fn entries(&self) -> Vec<Entry> {
        vec![(Kind::Customer, self.ext.to_string())]
    }
}

impl Indexed for Store {
    fn entries(&self) -> Vec<Entry> {
        vec![(Kind::Store, self.ext.to_string())]
    }
}

impl Indexed for Staff {
    fn entries(&self) -> Vec<Entry> {
        vec![(Kind::Staff, self.ext.to_string())]
    }
}

impl Indexed for Order {
    fn entries(&self) -> Vec<Entry> {
        self.ext.iter().map(|ext| (Kind::Order, ext.to_string())).collect()
    }
}

/// The entry of an order's receipt. A sale waits for the sync of every page it touches, and the tail can tell its receipts
/// itself: these entries are written when it is sealed.
pub fn receipt(order: &Order) -> Option<Entry> {
    order.receipt.as_ref().map(|receipt| (Kind::Receipt, receipt.to_string()))
}

/// Writes the entries of receipts, each with its order.
pub fn put_receipts<'a>(txn: &WriteTransaction, given: impl Iterator<Item = (&'a str, OrderNo)>) -> Result<(), Fault> {
    let mut table = txn.open_table(EXTERNAL_IDS).map_err(|why| io("writing an index", why))?;
    for (receipt, order) in given {
        table.insert((code(Kind::Receipt), receipt), order.0).map_err(|why| io("writing an index", why))?;
    }
    Ok(())
}

impl Indexed for Return {
    fn entries(&self) -> Vec<Entry> {
        self.ext.iter().map(|ext| (Kind::Return, ext.to_string())).collect()
    }
}

impl Indexed for Feedback {
    fn entries(&self) -> Vec<Entry> {
        self.ext.iter().map(|ext| (Kind::Feedback, ext.to_string())).collect()
    }
}

/// The number that text belongs to.
pub fn find(source: &impl Source, kind: Kind, text: &str) -> Result<Option<u64>, Fault> {
    source.with(EXTERNAL_IDS, |rows| Ok(rows.row((code(kind), text))?.map(|value| value.value())))
}

/// Whether any record has a text of that kind.
pub fn has_any(source: &impl Source, kind: Kind) -> Result<bool, Fault> {
    source.with(EXTERNAL_IDS, |rows| Ok(rows.rows((code(kind), ""), (code(kind) + 1, ""))?.next().is_some()))
}

/// 2 → 3: several products may share a SKU, and all are in memory by theirs: nothing is kept of it here.
pub(super) fn forget_skus(txn: &WriteTransaction) -> Result<(), Fault> {
    let mut table = txn.open_table(EXTERNAL_IDS).map_err(|why| io("bringing the shop to a newer form", why))?;
    let skus = (SKU_2, "")..(SKU_2 + 1, "");
    table.retain_in(skus, |_, _| false).map_err(|why| io("bringing the shop to a newer form", why))
}

/// Brings the index from the entries of `old` to those of `new`, both the record numbered `number`.
pub fn put<R: Indexed>(txn: &WriteTransaction, number: u64, old: Option<&R>, new: Option<&R>) -> Result<(), Fault> {
    let before = old.map(Indexed::entries).unwrap_or_default();
    let after = new.map(Indexed::entries).unwrap_or_default();
    if before == after {
        return Ok(());
    }
    let mut table = txn.open_table(EXTERNAL_IDS).map_err(|why| io("writing an index", why))?;
    for (kind, text) in before.iter().filter(|entry| !after.contains(entry)) {
        let key = (code(*kind), text.as_str());
        // One command may have given it to another record first.
        let is_own =
            table.get(key).map_err(|why| io("writing an index", why))?.is_some_and(|own| own.value() == number);
        if is_own {
            table.remove(key).map_err(|why| io("writing an index", why))?;
        }
    }
    for (kind, text) in after.iter().filter(|entry| !before.contains(entry)) {
        table.insert((code(*kind), text.as_str()), number).map_err(|why| io("writing an index", why))?;
    }
    Ok(())
}
