//! One business day's facts in columns: what reports scan instead of orders.
//!
//! A segment stands in its table under (day, part). An order lies wholly in one part, under the day it was placed; a return
//! under the day it came back; feedback under its own day. The same facts always give the same bytes, whatever was built,
//! edited or removed before. Ids and numbers count from 1; 0 stands for none.
//!
//! [`Segment`] holds all columns decoded, to look facts up and to change them; [`View`] reads a header and single columns
//! straight from where they stand: its head is one row of a table, each column another. Knows nothing of tables, questions or today's attributes.

mod bytes;
mod column;
mod facts;
mod head;
mod header;
mod known;
mod layout;
mod view;

#[cfg(test)]
mod tests;

pub use bytes::{Encoded, Shelf};
pub use column::{pack, unpack};
pub use facts::Gone;
pub use header::{Counts, Days, Header, Returned, Totals};
pub use known::{Found, Known, Stretch, Take};
pub use layout::{Column, Rows, Words};
pub use view::{InStretch, View};

use crate::unit::{Rate, Text};

/// The facts of one day or part of a day, in columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    header: Header,
    words: [Vec<Text>; Words::COUNT],
    rates: Vec<Rate>,
    columns: [Vec<i64>; Column::COUNT],
}

impl Segment {
    /// Counts and totals.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// How many orders it holds.
    pub fn orders(&self) -> usize {
        self.header.counts.orders
    }

    /// A column's values; those of sums that are not stored are empty.
    pub fn column(&self, column: Column) -> &[i64] {
        &self.columns[column as usize]
    }

    /// The words that codes from 1 stand for.
    pub fn words(&self, words: Words) -> &[Text] {
        &self.words[words as usize]
    }

    /// The tax rates that codes from 1 stand for.
    pub fn rates(&self) -> &[Rate] {
        &self.rates
    }
}
