//! An answer: columns, rows and totals as plain values, with the sequence they stand for; what is put beside them, and how
//! all of it is written as text.
//!
//! Knows no shop and no fact.

mod beside;
mod body;
mod chart;
mod text;

pub(crate) use beside::{beside, derive};
pub(crate) use body::Body;

use crate::report::cube::Explain;
use crate::report::{Kind, Value};
use crate::unit::{Day, Seq};

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerColumn {
    /// Its name, with `_` between words.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

impl AnswerColumn {
    /// A column.
    pub fn new(name: impl Into<String>, kind: Kind) -> AnswerColumn {
        AnswerColumn { name: name.into(), kind }
    }
}

/// A report's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The report's name.
    pub report: String,
    /// The day ages, inactivity and recency are measured on.
    pub as_of: Day,
    /// The first day, where there is one.
    pub from: Option<Day>,
    /// The day after the last, where there is one.
    pub to: Option<Day>,
    /// The columns.
    pub columns: Vec<AnswerColumn>,
    /// The rows, each with one value for each column.
    pub rows: Vec<Vec<Value>>,
    /// Totals of the rows by name: of the columns that have one, and of what the report counts beside them.
    pub totals: Vec<(String, Value)>,
    /// The sequence the answer stands for.
    pub seq: Seq,
    /// The currency's number of decimals.
    pub minor: u8,
    /// What it means in words, where that was asked for: of what, and the words.
    pub notes: Vec<(String, String)>,
    /// How it came about.
    pub explain: Explain,
}

impl Answer {
    /// The values of a column.
    pub fn column(&self, name: &str) -> Option<impl Iterator<Item = &Value> + '_> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        Some(self.rows.iter().filter_map(move |row| row.get(at)))
    }

    /// A total.
    pub fn total(&self, name: &str) -> Option<&Value> {
        self.totals.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }
}
