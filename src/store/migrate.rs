//! Older shop files are brought to the schema of this program: once, in one transaction, after a copy has been made.
//!
//! Each step knows two neighbouring schemas and stays for ever. Only what is derived changes its shape; the journal is never
//! touched here, nor what a record says.

use super::codec::CodecFault;
use super::fault::{Fault, io};
use super::record::{Source, meta, put_meta, remove};
use super::seal::{self, UNDATED};
use super::segment::Segment;
use super::table::{self, Bytes};
use super::{index, journal, orders};
use crate::domain::Change;
use crate::unit::Day;
use redb::{TableDefinition, TableHandle, WriteTransaction};
use std::path::{Path, PathBuf};

/// The schema this program writes.
pub const SCHEMA: u32 = 4;

/// Up to schema 1: (business day, part) → head and columns in one value.
const SEGMENTS_1: TableDefinition<'static, (i32, u16), Bytes> = TableDefinition::new("segments");

/// The schema of a shop; `None` where it is none.
pub fn schema(source: &impl Source) -> Result<Option<u32>, Fault> {
    meta(source, "schema")
}

/// Where the copy of an older file is kept: beside it, under its name and the schema it has.
pub fn copy_of(path: &Path, schema: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".schema-{schema}"));
    PathBuf::from(name)
}

/// Copies the file as it is; one made before is left alone, since it is the older.
pub fn keep_copy(path: &Path, schema: u32) -> Result<(), Fault> {
    let copy = copy_of(path, schema);
    if copy.exists() {
        return Ok(());
    }
    let mut making = copy.clone().into_os_string();
    making.push(".making");
    let copying = |why: std::io::Error| io(&format!("copying the shop to {}", copy.display()), why);
    std::fs::copy(path, &making).map_err(copying)?;
    std::fs::File::open(&making).and_then(|file| file.sync_all()).map_err(copying)?;
    std::fs::rename(&making, &copy).map_err(copying)
}

/// Brings a shop of schema `from` to this program's.
pub fn migrate(txn: &WriteTransaction, from: u32) -> Result<(), Fault> {
    if from < 2 {
        split_segments(txn)?;
    }
    if from < 3 {
        index::forget_skus(txn)?;
    }
    if from < 4 {
        unfile_tail(txn)?;
    }
    put_meta(txn, "schema", &SCHEMA)
}

/// 1 → 2: every column of a segment becomes a row of its own, so that a question reads only those it needs.
fn split_segments(txn: &WriteTransaction) -> Result<(), Fault> {
    let failed = |why: redb::TableError| io("bringing the shop to a newer form", why);
    txn.open_table(table::SEGMENTS).map_err(failed)?;
    let old = txn.list_tables().map_err(|why| io("reading the shop file", why))?;
    if !old.into_iter().any(|table| table.name() == SEGMENTS_1.name()) {
        return Ok(());
    }
    let mut next = Some((UNDATED.0, 0u16));
    while let Some((day, part)) = next {
        let found = txn.with(SEGMENTS_1, |rows| {
            let Some(row) = rows.rows((day, part), (i32::MAX, u16::MAX))?.next() else { return Ok(None) };
            let (key, value) = row.map_err(|why| io("reading the shop file", why))?;
            Ok(Some((key.value(), value.value().to_vec())))
        })?;
        let Some(((day, part), bytes)) = found else { break };
        let segment = Segment::decode_1(&bytes).map_err(|why| damaged(day, part, why))?;
        seal::put_segment(txn, Day(day), part, &segment.encode())?;
        next = part.checked_add(1).map(|part| (day, part)).or_else(|| day.checked_add(1).map(|day| (day, 0)));
    }
    txn.delete_table(SEGMENTS_1).map_err(failed)?;
    Ok(())
}

/// 3 → 4: an order that is neither sealed nor altered stands in the journal alone.
fn unfile_tail(txn: &WriteTransaction) -> Result<(), Fault> {
    journal::replay(txn, seal::watermark(txn)?, |entry, _| {
        for change in entry.changes {
            if let Change::OrderPlaced { order, .. } = change
                && orders::filed(txn, order.no)?.as_ref() == Some(&order)
            {
                remove(txn, table::ORDERS, order.no.0)?;
            }
        }
        Ok(())
    })
}

fn damaged(day: i32, part: u16, why: CodecFault) -> Fault {
    Fault::Damaged { table: "segments".to_owned(), key: format!("{} part {part}", Day(day)), why: why.to_string() }
}
