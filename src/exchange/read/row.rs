//! One record's fields as values. A field that is wrong becomes a finding and reads as unknown.

use csv::ByteRecord;

use crate::domain::Method;
use crate::exchange::finding::{Collector, quoted};
use crate::exchange::format::{MAX_COLUMNS, NONE, Table};
use crate::exchange::split;
use crate::unit::number::NumberFault;
use crate::unit::{Day, Money, Quantity, Rate, Stamp, Text, Zone};

use super::number::{scaled, whole};
use super::words::Words;

/// How many characters an id may have.
pub const ID_CHARS: usize = 100;
/// How many characters a line of text may have: names, addresses, reasons.
pub const LINE_CHARS: usize = 500;
/// How many characters a text of several lines may have: notes and what customers said.
pub const PARAGRAPH_CHARS: usize = 20_000;

/// One record.
pub struct Row<'a> {
    table: &'static Table,
    columns: &'a [Option<usize>; MAX_COLUMNS],
    record: &'a ByteRecord,
    offset: u64,
    findings: &'a mut Collector,
    faults: usize,
    /// The columns that have been found wrong, a bit each.
    faulty: u32,
}

impl<'a> Row<'a> {
    pub fn new(
        table: &'static Table,
        columns: &'a [Option<usize>; MAX_COLUMNS],
        record: &'a ByteRecord,
        offset: u64,
        findings: &'a mut Collector,
    ) -> Row<'a> {
        Row { table, columns, record, offset, findings, faults: 0, faulty: 0 }
    }

    /// Whether nothing has been wrong with it so far.
    pub fn is_clean(&self) -> bool {
        self.faults == 0
    }

    /// Where it begins in its file.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Notes that a column is wrong.
    pub fn fault(&mut self, column: usize, what: impl Into<String>) {
        self.faults += 1;
        self.faulty |= 1 << column;
        self.findings.add(self.table, self.offset, self.table.column(column), what);
    }

    /// Where findings go.
    pub fn findings(&mut self) -> &mut Collector {
        self.findings
    }

    /// Whether the file has that column.
    pub fn has(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(Option::is_some)
    }

    /// A field as it is; empty where the file has no such column.
    pub fn bytes(&self, column: usize) -> &'a [u8] {
        let at = self.columns.get(column).copied().flatten();
        at.and_then(|at| self.record.get(at)).unwrap_or_default()
    }

    pub fn is_empty(&self, column: usize) -> bool {
        self.bytes(column).is_empty()
    }

    fn str(&mut self, column: usize) -> Option<&'a str> {
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return None;
        }
        let read = std::str::from_utf8(bytes).ok();
        if read.is_none() {
            self.fault(column, format!("{} is not UTF-8; save the file in that encoding", quoted(bytes)));
        }
        read
    }

    /// A value through its own reader.
    fn value<T, E: std::fmt::Display>(&mut self, column: usize, read: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        let text = self.str(column)?;
        match read(text) {
            Ok(value) => Some(value),
            Err(why) => {
                self.fault(column, format!("{}: {why}", quoted(text.as_bytes())));
                None
            }
        }
    }

    /// What must not be empty.
    pub fn needed<T>(&mut self, column: usize, value: Option<T>, what: &str) -> Option<T> {
        // What was found wrong already is not said to be missing too; what cleaning left nothing of is.
        if value.is_none() && self.faulty & (1 << column) == 0 {
            self.fault(column, format!("is empty; write {what}"));
        }
        value
    }

    /// The record's own id, byte for byte as it is.
    pub fn own_id(&mut self, column: usize) -> Option<Text> {
        let id = self.str(column);
        let id = self.needed(column, id, "an id")?;
        if id.len() > ID_CHARS && id.chars().count() > ID_CHARS {
            self.fault(
                column,
                format!("{} is too long for an id; at most {ID_CHARS} characters", quoted(id.as_bytes())),
            );
            return None;
        }
        match Text::id(id) {
            Ok(id) => Some(id),
            Err(why) => {
                self.fault(column, format!("{} {why}", quoted(id.as_bytes())));
                None
            }
        }
    }

    /// One cleaned line; `None` when nothing is left of it.
    pub fn line(&mut self, column: usize) -> Option<Text> {
        self.value(column, |text| Text::clean(text, LINE_CHARS)).filter(|text| !text.is_empty())
    }

    /// A line that comes again and again: every record shares one copy.
    pub fn word(&mut self, column: usize, words: &mut Words) -> Option<Text> {
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return None;
        }
        if let Some(known) = words.get(bytes) {
            return Some(known);
        }
        let text = self.line(column)?;
        words.keep(bytes, &text);
        Some(text)
    }

    /// A way to pay.
    pub fn method(&mut self, column: usize, words: &mut Words) -> Option<Method> {
        self.word(column, words).map(Method)
    }

    /// Amounts by several methods.
    pub fn split(&mut self, column: usize) -> Option<Vec<(Method, Money)>> {
        self.value(column, |text| split::read(text, LINE_CHARS))
    }

    /// Cleaned lines; `None` when nothing is left of them.
    pub fn paragraph(&mut self, column: usize) -> Option<Text> {
        self.value(column, |text| Text::paragraph(text, PARAGRAPH_CHARS)).filter(|text| !text.is_empty())
    }

    /// An amount with up to four decimals.
    pub fn money(&mut self, column: usize) -> Option<Money> {
        let bytes = self.bytes(column);
        scaled(bytes, 4).map(Money).or_else(|| self.value(column, Money::parse))
    }

    /// A quantity with up to three decimals.
    pub fn quantity(&mut self, column: usize) -> Option<Quantity> {
        let bytes = self.bytes(column);
        scaled(bytes, 3).map(Quantity).or_else(|| self.value(column, Quantity::parse))
    }

    /// A quantity that must be there and above zero.
    pub fn positive_quantity(&mut self, column: usize) -> Option<Quantity> {
        let quantity = self.quantity(column);
        let quantity = self.needed(column, quantity, "how many or how much")?;
        if quantity.signum() <= 0 {
            self.fault(column, format!("{} must be above zero", quoted(self.bytes(column))));
            return None;
        }
        Some(quantity)
    }

    /// A fraction.
    pub fn rate(&mut self, column: usize) -> Option<Rate> {
        self.value(column, |text| {
            let rate = match Rate::parse(text) {
                Ok(rate) if rate > Rate::WHOLE => Err(NumberFault::TooLarge),
                rate => rate,
            };
            // More than all of it is a percentage where a fraction was meant.
            rate.map_err(|why| match (why, Rate::parse_percent(text)) {
                (NumberFault::TooLarge, Ok(percent)) => format!("a rate is a fraction; write {percent} for {text} %"),
                (why, _) => why.to_string(),
            })
        })
    }

    /// What a field says, or `otherwise` where it is empty; nothing where it says that there is none.
    pub fn unless_none<T>(
        &mut self,
        column: usize,
        otherwise: Option<T>,
        read: impl FnOnce(&mut Self, usize) -> Option<T>,
    ) -> Option<T> {
        if self.bytes(column) == NONE.as_bytes() { None } else { read(self, column).or(otherwise) }
    }

    /// The number of a line of an order, from 0.
    pub fn line_no(&mut self, column: usize) -> Option<u32> {
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return None;
        }
        let number = whole(bytes).and_then(|number| u32::try_from(number).ok());
        if number.is_none() {
            self.fault(column, format!("{} is no line number; write a whole number", quoted(bytes)));
        }
        number
    }

    /// `true` or `false`, also `1`, `0`, `yes` or `no`, in small letters or capitals as spreadsheets write them.
    pub fn flag(&mut self, column: usize) -> Option<bool> {
        let bytes = self.bytes(column);
        let is = |words: [&str; 3]| words.iter().any(|word| bytes.eq_ignore_ascii_case(word.as_bytes()));
        if is(["true", "1", "yes"]) {
            Some(true)
        } else if is(["false", "0", "no"]) {
            Some(false)
        } else {
            if !bytes.is_empty() {
                self.fault(column, format!("{} is neither true nor false", quoted(bytes)));
            }
            None
        }
    }

    /// A calendar day.
    pub fn day(&mut self, column: usize) -> Option<Day> {
        self.value(column, Day::parse)
    }

    /// A date, or a date and a time, of `zone` where it names no offset.
    pub fn stamp(&mut self, column: usize, zone: &Zone) -> Option<Stamp> {
        self.value(column, |text| Stamp::parse(text, zone))
    }

    /// The same as the clock of its store shows it: days and hours are counted there, whatever offset the file names.
    /// What belongs to no store is in the offset it names, else in the shop's zone; so is what names its offset twice: it was
    /// there before the store came to another zone.
    pub fn stamp_at(&mut self, column: usize, store: Option<&Zone>, shop: &Zone) -> Option<Stamp> {
        let (stamp, fixed) = self.value(column, |text| Stamp::parse_fixed(text, store.unwrap_or(shop)))?;
        Some(match store {
            Some(zone) if !fixed && stamp.offset_s != zone.offset_at(stamp.unix_ms) => Stamp::at(stamp.unix_ms, zone),
            _ => stamp,
        })
    }

    /// One of a few words.
    pub fn choice<T>(&mut self, column: usize, choices: &str, by_word: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.str(column)?;
        let choice = by_word(text);
        if choice.is_none() {
            self.fault(column, format!("{} is not one of {choices}", quoted(text.as_bytes())));
        }
        choice
    }

    /// Notes that a column names something that is not there.
    pub fn names_nothing(&mut self, column: usize, what: &str) {
        self.fault(column, format!("there is no {what} {}", quoted(self.bytes(column))));
    }

    /// Notes that a column holds what another record has.
    pub fn taken(&mut self, column: usize, what: &str) {
        self.fault(column, format!("{what} {} is there twice", quoted(self.bytes(column))));
    }

    /// Notes that a column holds the id of a record that the shop has.
    pub fn exists(&mut self, column: usize, what: &str, remedy: &str) {
        self.fault(column, format!("the shop already has {what} {}{remedy}", quoted(self.bytes(column))));
    }
}
