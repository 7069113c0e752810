//! One file of `seed/` as a table whose cells are asked for by column. Never knows what a cell means.

use std::fmt;
use std::str::FromStr;

/// A seed file that does not say what it should; only ever seen by someone who edits `seed/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeedFault {
    /// File name within `seed/`.
    pub file: &'static str,
    /// Line, counted from 1 with the header; 0 where the whole file is meant.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for SeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed/{}:{}: {}", self.file, self.line, self.what)
    }
}

impl std::error::Error for SeedFault {}

/// Reads a file of `seed/` as it was when the program was built.
macro_rules! table {
    ($file:literal) => {
        $crate::demo::table::Table::read($file, include_str!(concat!("../../seed/", $file)))
    };
}

pub(super) use table;

/// A parsed file: a header and its rows.
pub(super) struct Table {
    file: &'static str,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

/// One row of a [`Table`].
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
}

impl Table {
    /// Reads `text` as the file called `file`.
    pub fn read(file: &'static str, text: &str) -> Result<Table, SeedFault> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let fault = |error: csv::Error| SeedFault {
            file,
            line: error.position().map_or(0, csv::Position::line),
            what: error.to_string(),
        };
        let header = reader.headers().map_err(fault)?.clone();
        let rows = reader.records().collect::<Result<Vec<_>, _>>().map_err(fault)?;
        Ok(Table { file, header, rows })
    }

    /// The rows, in the file's order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }

    /// Turns every row into a value.
    pub fn collect<T>(&self, make: impl Fn(Row<'_>) -> Result<T, SeedFault>) -> Result<Vec<T>, SeedFault> {
        self.rows().map(make).collect()
    }
}

impl<'t> Row<'t> {
    /// A fault of this row.
    pub fn fault(self, what: impl Into<String>) -> SeedFault {
        let line = self.record.position().map_or(0, csv::Position::line);
        SeedFault { file: self.table.file, line, what: what.into() }
    }

    /// The cell of `column`, as written.
    pub fn text(self, column: &str) -> Result<&'t str, SeedFault> {
        let at = self.table.header.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).ok_or_else(|| self.fault(format!("there is no column {column}")))
    }

    /// The cell of `column` as a number, or anything else that is read from text.
    pub fn value<T: FromStr>(self, column: &str) -> Result<T, SeedFault> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.fault(format!("{column}: {text} is not a number that fits here")))
    }

    /// The cell of `column` as a decimal with up to `places` places, in units of its last place; empty is `None`.
    pub fn decimal(self, column: &str, places: usize) -> Result<Option<i64>, SeedFault> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let fits = part.len() <= places && !whole.is_empty();
        let digits = format!("{whole}{part:0<places$}");
        match digits.parse() {
            Ok(number) if fits => Ok(Some(number)),
            _ => Err(self.fault(format!("{column}: {text} is not a decimal with up to {places} places"))),
        }
    }

    /// The position in `names` of the cell of `column`.
    pub fn among<S: AsRef<str>>(self, column: &str, names: &[S]) -> Result<usize, SeedFault> {
        self.find(column, self.text(column)?, names)
    }

    /// The positions in `names` of the words in the cell of `column`, which are separated by `by`.
    pub fn each_among<S: AsRef<str>>(self, column: &str, by: char, names: &[S]) -> Result<Vec<usize>, SeedFault> {
        let words = self.text(column)?.split(by).filter(|word| !word.is_empty());
        words.map(|word| self.find(column, word, names)).collect()
    }

    fn find<S: AsRef<str>>(self, column: &str, word: &str, names: &[S]) -> Result<usize, SeedFault> {
        let at = names.iter().position(|name| name.as_ref() == word);
        at.ok_or_else(|| self.fault(format!("{column}: {word} is not known")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_column_and_faults_name_the_line() {
        let table = Table::read("x.csv", "a,b\none,1.5\ntwo,x\n").unwrap();
        let rows: Vec<_> = table.rows().collect();
        assert_eq!(rows[0].decimal("b", 2).unwrap(), Some(150));
        let fault = rows[1].decimal("b", 2).unwrap_err();
        assert_eq!(fault.to_string(), "seed/x.csv:3: b: x is not a decimal with up to 2 places");
        assert!(rows[0].decimal("b", 0).is_err());
        assert!(rows[0].text("c").is_err());
        assert_eq!(rows[1].among("a", &["one", "two"]).unwrap(), 1);
    }
}
