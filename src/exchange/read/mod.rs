//! Reading a folder of the normal form: everything is checked before anything is handed on.
//!
//! Files are read twice. The first reading checks every record and keeps only what other records need of it; the second,
//! when the import is being written, streams the orders with their lines and payments.

mod belonging;
mod customers;
mod feedback;
mod ids;
mod inventory;
mod known;
mod lines;
mod number;
mod orders;
mod payments;
mod people;
mod products;
mod returns;
mod row;
mod shop;
mod source;
mod stores;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::path::Path;

use crate::domain::change::ImportCounts;
use crate::engine::Bulk;
use crate::unit::Digest;

use super::base::Base;
use super::finding::{Collector, Finding, ReadFault};
use super::format::Table;
use super::format::{CUSTOMERS, FEEDBACK, INVENTORY, ORDER_LINES, ORDERS, PAYMENTS, PRODUCTS, RETURNS, STORES, TABLES};
use lines::{LineCheck, Sold};
use orders::Names;
use payments::Paid;
use people::{People, Registers};
use shop::Target;
use source::{Folder, Meter};
use stream::{Plan, Stream};
use words::Words;

/// Reads a folder for the shop that `base` is, and checks all of it. Nothing is written; what is returned is to be written
/// while the shop still is at `base.seq()`.
///
/// With `update`, products, customers, stores and stock levels that exist are changed to what the files say. `progress`
/// hears how many of how many bytes have been read. Errors: the findings, or why the folder or the shop cannot be read.
pub fn read(dir: &Path, base: &dyn Base, update: bool, progress: &dyn Fn(u64, u64)) -> Result<Bulk, ReadFault> {
    let meter = Meter::new(size_of_all(dir)?, progress);
    let folder = Folder { dir, meter: Some(&meter) };
    let mut findings = Collector::default();
    match read_all(folder, Target { base, update }, &mut findings)? {
        Some(bulk) if findings.is_empty() => Ok(bulk),
        _ => Err(ReadFault::Findings(with_lines(dir, findings)?)),
    }
}

/// How many bytes the known files have together. Errors when there is none, or one under nearly its name, which would be
/// passed over.
fn size_of_all(dir: &Path) -> Result<u64, ReadFault> {
    let entries = std::fs::read_dir(dir);
    let entries = entries.map_err(|why| ReadFault::Folder(format!("{} cannot be read: {why}", dir.display())))?;
    let mut known = None;
    for entry in entries.flatten() {
        let name = entry.file_name();
        if let Some(table) = TABLES.iter().find(|table| name != table.file && name.eq_ignore_ascii_case(table.file)) {
            let path = entry.path();
            return Err(ReadFault::Folder(format!("{}: the name is wrong; call it {}", path.display(), table.file)));
        }
        if TABLES.iter().any(|table| entry.file_name() == table.file) {
            let size = entry.path().metadata().map_or(0, |data| data.len());
            known = Some(known.unwrap_or(0) + size);
        }
    }
    let names: Vec<&str> = TABLES.iter().map(|table| table.file).collect();
    known.ok_or_else(|| {
        ReadFault::Folder(format!("{} holds nothing to import; it should hold {}", dir.display(), names.join(", ")))
    })
}

/// `None` when so much is wrong that reading stopped.
fn read_all(folder: Folder<'_>, into: Target<'_>, findings: &mut Collector) -> Result<Option<Bulk>, ReadFault> {
    let mut words = Words::default();
    let (store_records, stores, store_scan) = stores::read(folder, into, findings)?;
    let (product_records, products, product_scan) = products::read(folder, into, findings, &mut words)?;
    let (customer_records, customers, customer_scan) = customers::read(folder, into, findings, &mut words)?;
    let (registers, people) = (Registers::of(into), People::of(into)?);
    let mut names = Names { stores, products, customers, registers, people, words };
    let (inventory, inventory_scan) = inventory::read(folder, into, findings, &names.stores, &mut names.products)?;
    let mut orders = orders::read(folder, into, findings, &mut names)?;
    let returns = returns::read(folder, into, findings, &mut names, &mut orders)?;
    let wanted = &returns.wanted;
    let new_check = || LineCheck::new(wanted.clone());
    let (lines, check) = belonging::gather::<Sold, _>(folder, into, findings, &mut names, &mut orders, new_check)?;
    let (payments, ()) = belonging::gather::<Paid, _>(folder, into, findings, &mut names, &mut orders, || ())?;
    let said = feedback::read(folder, into, findings, &mut names, &mut orders)?;
    let return_digest = returns.digest;
    let return_records = returns.settle(&check.wanted, lines.complete, findings);
    if !findings.is_empty() {
        return Ok(None);
    }
    let digest = digest(&[
        (&STORES, store_scan.digest),
        (&PRODUCTS, product_scan.digest),
        (&INVENTORY, inventory_scan.digest),
        (&CUSTOMERS, customer_scan.digest),
        (&ORDERS, orders.digest),
        (&ORDER_LINES, lines.digest),
        (&PAYMENTS, payments.digest),
        (&RETURNS, return_digest),
        (&FEEDBACK, said.digest),
    ]);
    let counts = ImportCounts {
        stores: store_records.len() as u64,
        products: product_records.len() as u64,
        inventory: inventory.len() as u64,
        customers: customer_records.len() as u64,
        orders: orders.len() as u64,
        lines: lines.count,
        payments: payments.count,
        returns: return_records.len() as u64,
        feedback: said.records.len() as u64,
    };
    let (registers, staff) = (names.registers.added(), names.people.added().to_vec());
    let plan = Plan {
        dir: folder.dir.to_path_buf(),
        names,
        first: orders.first,
        digests: [orders.digest, lines.digest, payments.digest],
        lines: lines.kept,
        payments: payments.kept,
    };
    Ok(Some(Bulk {
        based_on: into.base.seq(),
        stores: store_records,
        registers,
        staff,
        products: product_records,
        customers: customer_records,
        inventory,
        orders: Box::new(Stream::new(plan)),
        returns: return_records,
        feedback: said.records,
        counts,
        digest,
        from: None,
    }))
}

/// One digest of all files that are there, each with its name.
fn digest(files: &[(&Table, Option<Digest>)]) -> Digest {
    let mut hasher = blake3::Hasher::new();
    for (table, digest) in files {
        if let Some(digest) = digest {
            hasher.update(table.file.as_bytes());
            hasher.update(&[0]);
            hasher.update(&digest.0);
        }
    }
    Digest(*hasher.finalize().as_bytes())
}

/// Findings with the lines they are on, which are counted only now.
fn with_lines(dir: &Path, findings: Collector) -> Result<Vec<Finding>, ReadFault> {
    let raw = findings.into_sorted();
    let mut named = Vec::with_capacity(raw.len());
    for of_file in raw.chunk_by(|a, b| a.table.file == b.table.file) {
        let Some(first) = of_file.first() else { continue };
        let path = dir.join(first.table.file);
        let offsets: Vec<u64> = of_file.iter().map(|found| found.offset).collect();
        let lines = source::lines_at(&path, &offsets)
            .map_err(|why| ReadFault::Folder(format!("{} cannot be read: {why}", path.display())))?;
        for (found, line) in of_file.iter().zip(lines) {
            let (column, what) = (found.column.clone(), found.what.clone());
            named.push(Finding { file: found.table.file, line, column, what });
        }
    }
    Ok(named)
}
