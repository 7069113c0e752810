//! Writing a shop in the normal form: records in the order of their numbers, the same bytes every time.
//!
//! An optional column is written when any record has something for it that a reading without it would not restore.

mod file;
mod names;
mod orders;
mod records;
mod returns;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use crate::domain::Order;
use crate::domain::change::ImportCounts;
use crate::engine::Snapshot;
use crate::store::Fault;
use crate::store::record::Record;
use crate::unit::OrderNo;

use file::Folder;
use names::Names;

/// Why an export was not written; nothing of it is left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteFault {
    /// The folder or a file in it.
    Folder(String),
    /// The shop.
    Shop(Fault),
}

impl WriteFault {
    fn folder(path: &Path, why: &dyn fmt::Display) -> WriteFault {
        WriteFault::Folder(format!("{} cannot be written: {why}", path.display()))
    }
}

impl fmt::Display for WriteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteFault::Folder(what) => f.write_str(what),
            WriteFault::Shop(fault) => fmt::Display::fmt(fault, f),
        }
    }
}

impl std::error::Error for WriteFault {}

impl From<Fault> for WriteFault {
    fn from(fault: Fault) -> Self {
        WriteFault::Shop(fault)
    }
}

/// Writes the whole shop into `dir`, which is made and must not hold a file of the normal form. `progress` hears how many of
/// how many orders have been gone through; each is gone through twice.
///
/// # Errors
/// What the folder or the shop met; no file is there then.
pub fn write(snapshot: &Snapshot, dir: &Path, progress: &dyn Fn(u64, u64)) -> Result<ImportCounts, WriteFault> {
    let mut folder = Folder::create(dir)?;
    let mut counts = ImportCounts::default();
    let mut names = Names::of(snapshot);
    records::stores(snapshot, &mut folder, &mut counts)?;
    records::products(snapshot, &mut folder, &mut counts)?;
    records::inventory(snapshot, &names, &mut folder, &mut counts)?;
    records::customers(snapshot, &mut names, &mut folder, &mut counts)?;
    orders::write(snapshot, &names, &mut folder, &mut counts, progress)?;
    returns::returns(snapshot, &names, &mut folder, &mut counts)?;
    returns::feedback(snapshot, &names, &mut folder, &mut counts)?;
    folder.publish()?;
    Ok(counts)
}

/// How many records are taken from the shop at once.
const WINDOW: usize = 4096;

/// Hands every order to `each`, by number.
fn every_order(snapshot: &Snapshot, mut each: impl FnMut(Order) -> Result<(), WriteFault>) -> Result<(), WriteFault> {
    let mut from = OrderNo(0);
    loop {
        let orders = snapshot.orders_from(from, WINDOW)?;
        let Some(last) = orders.last().map(|order| order.no) else { return Ok(()) };
        for order in orders {
            each(order)?;
        }
        from = OrderNo(last.0.saturating_add(1));
    }
}

/// Hands every record of a kind to `each`, in the order of their numbers.
fn every<R: Record>(snapshot: &Snapshot, mut each: impl FnMut(R) -> Result<(), WriteFault>) -> Result<(), WriteFault> {
    let mut from = 0;
    loop {
        let records = snapshot.window::<R>(from..u64::MAX, false, WINDOW)?;
        let Some(last) = records.last().map(Record::number) else { return Ok(()) };
        for record in records {
            each(record)?;
        }
        from = last.saturating_add(1);
    }
}
