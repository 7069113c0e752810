//! Sums that are laid by in the file, so that whoever asks after the next opening need not read everything again.
//!
//! Each says the sequence it stands for; whether that is still of use is for the reader to judge. What the columns mean,
//! and which question a number stands for, is not known here.

use super::fault::{Fault, io};
use super::record::Source;
use super::table::LAID_BY;
use redb::{ReadableTable, WriteTransaction};

/// The columns of one question, by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Laid {
    /// The question's number.
    pub question: u64,
    /// Each column's number and bytes.
    pub columns: Vec<(u8, Vec<u8>)>,
}

/// Puts `laid` in the place of all that was laid by before.
///
/// # Errors
/// `Io`.
pub fn put(txn: &WriteTransaction, laid: &[Laid]) -> Result<(), Fault> {
    let writing = |why: &dyn std::fmt::Display| io("writing the shop file", why);
    let mut rows = txn.open_table(LAID_BY).map_err(|why| writing(&why))?;
    if rows.first().map_err(|why| writing(&why))?.is_some() {
        rows.retain(|_, _| false).map_err(|why| writing(&why))?;
    }
    for one in laid {
        for (column, bytes) in &one.columns {
            rows.insert((one.question, *column), bytes.as_slice()).map_err(|why| writing(&why))?;
        }
    }
    Ok(())
}

/// Hands one column's bytes to `read`; `None` where it was not laid by.
///
/// # Errors
/// `Io`.
pub fn column<T>(
    source: &impl Source,
    question: u64,
    column: u8,
    read: impl FnOnce(&[u8]) -> T,
) -> Result<Option<T>, Fault> {
    source.with(LAID_BY, |rows| Ok(rows.row((question, column))?.map(|bytes| read(bytes.value()))))
}

/// The numbers of all questions.
///
/// # Errors
/// `Io`.
pub fn questions(source: &impl Source) -> Result<Vec<u64>, Fault> {
    source.with(LAID_BY, |rows| {
        let mut found: Vec<u64> = Vec::new();
        for row in rows.all()? {
            let (question, _) = row.map_err(|why| io("reading the shop file", why))?.0.value();
            if found.last() != Some(&question) {
                found.push(question);
            }
        }
        Ok(found)
    })
}
