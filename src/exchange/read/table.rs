//! One file as records: the header checked, columns found by name, every record of the right length.

use std::path::PathBuf;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::exchange::finding::{Collector, ReadFault, quoted};
use crate::exchange::format::{MAX_COLUMNS, Table};
use crate::unit::Digest;

use super::row::Row;
use super::source::{CHUNK, Folder, Hashed, ends_in_quotes};

/// What became of opening a file.
pub enum Opened<'a> {
    /// There is none, which is the same as an empty one.
    Missing,
    /// Its header is wrong; findings say how.
    Unusable,
    /// Its records can be read.
    Ready(Box<Records<'a>>),
}

/// The records of one file.
pub struct Records<'a> {
    table: &'static Table,
    path: PathBuf,
    csv: Reader<Hashed<'a>>,
    record: ByteRecord,
    /// Where each column stands in this file.
    columns: [Option<usize>; MAX_COLUMNS],
    /// How many fields a record has.
    width: usize,
}

impl<'a> Records<'a> {
    /// Opens a file and reads its header.
    pub fn open(folder: Folder<'a>, table: &'static Table, findings: &mut Collector) -> Result<Opened<'a>, ReadFault> {
        let path = folder.dir.join(table.file);
        let unreadable =
            |why: &dyn std::fmt::Display| ReadFault::Folder(format!("{} cannot be read: {why}", path.display()));
        let Some(file) = Hashed::open(&path, folder.meter).map_err(|why| unreadable(&why))? else {
            return Ok(Opened::Missing);
        };
        let csv = ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(CHUNK).from_reader(file);
        let columns = [None; MAX_COLUMNS];
        let mut records = Records { table, path: path.clone(), csv, record: ByteRecord::new(), columns, width: 0 };
        let has_header = records.csv.read_byte_record(&mut records.record).map_err(|why| unreadable(&why))?;
        let before = findings.len();
        records.find_columns(has_header, findings);
        Ok(if findings.len() == before && !findings.is_full() {
            Opened::Ready(Box::new(records))
        } else {
            Opened::Unusable
        })
    }

    fn find_columns(&mut self, has_header: bool, findings: &mut Collector) {
        let table = self.table;
        let names = [table.required, table.optional].concat().join(",");
        if !has_header {
            findings.add(
                table,
                0,
                "row",
                format!("the file has no header; its first line must name the columns {names}"),
            );
            return;
        }
        if let Some(what) = foreign(table, &self.record) {
            findings.add(table, 0, "row", what);
            return;
        }
        self.width = self.record.len();
        for (at, name) in self.record.iter().enumerate() {
            let name = std::str::from_utf8(name).unwrap_or_default();
            let place = table.place(name).or_else(|| self.nearly(name));
            let Some((place, column)) = place.and_then(|place| Some((place, self.columns.get_mut(place)?))) else {
                let what = format!("unknown column; {} has {names}", table.file);
                findings.add(table, 0, shown(name), what);
                continue;
            };
            let meant = table.column(place);
            if column.replace(at).is_some() {
                findings.add(table, 0, meant, "the column is there twice");
            } else if meant != name {
                let what = format!("the header says {}; write {meant}", quoted(name.as_bytes()));
                findings.add(table, 0, meant, what);
            }
        }
        for (name, column) in table.required.iter().zip(&self.columns) {
            if column.is_none() {
                findings.add(table, 0, *name, "the column is missing");
            }
        }
    }

    /// The column that a name in the header is nearly that of, where no other is its own.
    fn nearly(&self, name: &str) -> Option<usize> {
        let place = self.table.place(&name.trim().to_ascii_lowercase())?;
        let own = self.table.column(place).as_bytes();
        (!self.record.iter().any(|name| name == own)).then_some(place)
    }

    /// Goes to the next record that has as many fields as the header; `false` after the last. Records of another length are
    /// findings and `skipped` is set.
    pub fn advance(&mut self, findings: &mut Collector, skipped: &mut bool) -> Result<bool, ReadFault> {
        loop {
            let last = self.record.position().map_or(0, |position| position.byte());
            let more = self.csv.read_byte_record(&mut self.record);
            let more =
                more.map_err(|why| ReadFault::Folder(format!("{} cannot be read: {why}", self.path.display())))?;
            if !more {
                self.check_end(last, findings)?;
                return Ok(false);
            }
            if self.record.len() == self.width {
                return Ok(true);
            }
            *skipped = true;
            let (is, should) = (self.record.len(), self.width);
            let what = format!("the record has {} where the header has {should}", fields(is));
            findings.add(self.table, self.offset(), "row", what);
            if findings.is_full() {
                return Ok(false);
            }
        }
    }

    /// A file that ends within quotes was cut off.
    fn check_end(&mut self, last: u64, findings: &mut Collector) -> Result<(), ReadFault> {
        let open = ends_in_quotes(&self.path, last)
            .map_err(|why| ReadFault::Folder(format!("{} cannot be read: {why}", self.path.display())))?;
        if open {
            // What is wrong with its fields follows from that.
            findings.forget_record(self.table, last);
            findings.add(self.table, last, "row", "the file ends within quotes; it seems to be cut off");
        }
        Ok(())
    }

    /// The record that was gone to.
    pub fn row<'r>(&'r self, findings: &'r mut Collector) -> Row<'r> {
        Row::new(self.table, &self.columns, &self.record, self.offset(), findings)
    }

    /// Where the record begins.
    pub fn offset(&self) -> u64 {
        self.record.position().map_or(0, |position| position.byte())
    }

    /// The digest of the file, once it has been read to its end.
    pub fn digest(&self) -> Digest {
        self.csv.get_ref().digest()
    }
}

fn fields(count: usize) -> String {
    if count == 1 { "1 field".to_owned() } else { format!("{count} fields") }
}

/// What became of reading a file to its end.
#[derive(Default)]
pub struct Scan {
    /// Whether every record of it could be taken in; else what refers to it cannot be judged.
    pub complete: bool,
    /// Of the whole file; `None` where there is none.
    pub digest: Option<Digest>,
}

/// Hands every record of a file to `each`.
pub fn each(
    folder: Folder<'_>,
    table: &'static Table,
    findings: &mut Collector,
    mut each: impl FnMut(&mut Row) -> Result<(), ReadFault>,
) -> Result<Scan, ReadFault> {
    let mut records = match Records::open(folder, table, findings)? {
        Opened::Missing => return Ok(Scan { complete: true, digest: None }),
        Opened::Unusable => return Ok(Scan { complete: false, digest: None }),
        Opened::Ready(records) => records,
    };
    let mut skipped = false;
    while records.advance(findings, &mut skipped)? && !findings.is_full() {
        each(&mut records.row(findings))?;
    }
    Ok(Scan { complete: !skipped && !findings.is_full(), digest: Some(records.digest()) })
}

/// A column's name as it can be shown.
fn shown(name: &str) -> String {
    let shown = quoted(name.trim().as_bytes());
    let bare = shown.trim_matches('"');
    if bare.is_empty() { "(no name)".to_owned() } else { bare.to_owned() }
}

/// What to do about a header that is in another encoding, or in columns of another kind; nothing can be said of its names.
fn foreign(table: &Table, header: &ByteRecord) -> Option<String> {
    if header.iter().any(|name| std::str::from_utf8(name).is_err() || name.contains(&0)) {
        return Some("the file is not UTF-8; save it as UTF-8".to_owned());
    }
    let mut lines = header.iter().filter_map(|name| std::str::from_utf8(name).ok());
    let by = |line: &str, mark: char| line.split(mark).filter(|name| table.place(name.trim()).is_some()).count() > 1;
    let mark = lines.find_map(|line| [';', '\t', '|'].into_iter().find(|mark| by(line, *mark)))?;
    let mark = if mark == '\t' { "tabs".to_owned() } else { format!("{mark:?}") };
    Some(format!("the columns are separated by {mark}; separate them with commas"))
}
