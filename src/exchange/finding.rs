//! What is wrong with files that were to be imported, said by file, line and column.

use std::fmt;

use crate::unit::Text;
use crate::unit::text::{IdFault, fit};

use super::format::Table;

/// How many findings one import names at most.
pub const MOST: usize = 20;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file's name in its folder.
    pub file: &'static str,
    /// The line of the file on which the record begins, from 1.
    pub line: u64,
    /// The column's name; `row` where the record as a whole is meant.
    pub column: String,
    /// What is wrong and what to do, in plain words.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.column, self.what)
    }
}

/// Why an import read nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadFault {
    /// The files are wrong: up to [`MOST`] findings in the order of files and lines, never none.
    Findings(Vec<Finding>),
    /// A file or folder could not be read, or there is nothing to import.
    Folder(String),
    /// The shop could not be asked.
    Shop(String),
}

impl fmt::Display for ReadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A line of its own first: whoever puts a word before the whole leaves every finding as it is.
            ReadFault::Findings(findings) => {
                match findings.len() {
                    1 => f.write_str("the import found 1 fault; nothing was changed")?,
                    MOST.. => write!(f, "the import found {MOST} faults, and there may be more; nothing was changed")?,
                    count => write!(f, "the import found {count} faults; nothing was changed")?,
                }
                findings.iter().try_for_each(|finding| write!(f, "\n{finding}"))
            }
            ReadFault::Folder(what) | ReadFault::Shop(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ReadFault {}

/// A finding whose line is not yet counted.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub table: &'static Table,
    /// Where the record begins, in bytes from the beginning of the file.
    pub offset: u64,
    pub column: String,
    pub what: String,
}

/// Gathers findings while files are read.
#[derive(Debug, Default)]
pub(super) struct Collector {
    raw: Vec<Raw>,
}

impl Collector {
    /// Notes a finding; beyond a bound they are only counted as "enough".
    pub fn add(&mut self, table: &'static Table, offset: u64, column: impl Into<String>, what: impl Into<String>) {
        if !self.is_full() {
            self.raw.push(Raw { table, offset, column: column.into(), what: what.into() });
        }
    }

    /// Whether as many as an import names have been found.
    pub fn is_full(&self) -> bool {
        self.raw.len() >= MOST
    }

    pub fn len(&self) -> usize {
        self.raw.len()
    }

    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Forgets those of one record.
    pub fn forget_record(&mut self, table: &'static Table, offset: u64) {
        self.raw.retain(|found| found.table.file != table.file || found.offset != offset);
    }

    /// Forgets those after the first `len`.
    pub fn forget_after(&mut self, len: usize) {
        self.raw.truncate(len);
    }

    /// Those found, in the order of files and places.
    pub fn into_sorted(self) -> Vec<Raw> {
        let mut raw = self.raw;
        raw.sort_by_key(|found| (found.table.rank(), found.offset, found.table.place(&found.column)));
        raw
    }
}

/// A value from a file as it may be shown in a sentence: short, in quotes, with its blanks, and with the numbers of
/// characters that cannot be shown.
pub(super) fn quoted(value: &[u8]) -> String {
    let mut shown = String::new();
    for c in String::from_utf8_lossy(value).chars().take(200) {
        match Text::id(c.encode_utf8(&mut [0; 4])) {
            Err(IdFault::Hidden(_)) => shown.extend(c.escape_default()),
            _ => shown.push(c),
        }
    }
    format!("\"{}\"", fit(&shown, 40))
}
