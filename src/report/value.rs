//! A cell of an answer, and how its kind is written.

use crate::unit::Stamp;
use crate::unit::number::{plain_wide, plain_wide_quantity, plain4};
use std::sync::Arc;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An id from outside.
    Id,
    /// Words.
    Text,
    /// `2024-03-01`.
    Date,
    /// `2024-W09`.
    Week,
    /// `2024-03`.
    Month,
    /// `2024-Q1`.
    Quarter,
    /// A year.
    Year,
    /// 0 to 23.
    Hour,
    /// 0 for Monday.
    Weekday,
    /// RFC 3339 in the store's offset.
    Time,
    /// A number of things.
    Count,
    /// A number that only ranks or places, such as a quintile.
    Number,
    /// Pieces or kilograms.
    Quantity,
    /// An amount.
    Money,
    /// A mean amount, four decimals.
    Average,
    /// A fraction or quotient, four decimals.
    Ratio,
    /// Per cent, four decimals.
    Percent,
    /// A tax rate as a fraction.
    Rate,
}

impl Kind {
    /// Its word in the answer's columns.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Id => "id",
            Kind::Text => "text",
            Kind::Date => "date",
            Kind::Week => "week",
            Kind::Month => "month",
            Kind::Quarter => "quarter",
            Kind::Year => "year",
            Kind::Hour => "hour",
            Kind::Weekday => "weekday",
            Kind::Time => "time",
            Kind::Count => "count",
            Kind::Number => "number",
            Kind::Quantity => "quantity",
            Kind::Money => "money",
            Kind::Average => "average",
            Kind::Ratio => "ratio",
            Kind::Percent => "percent",
            Kind::Rate => "rate",
        }
    }

    /// Whether it stands at the right of a table's column.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Kind::Count | Kind::Number | Kind::Quantity | Kind::Money | Kind::Average | Kind::Ratio | Kind::Percent
        )
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Undefined or not known.
    Null,
    /// Words, ids and dates; the same ones stand in many rows.
    Text(Arc<str>),
    /// A whole number, written as one.
    Count(i128),
    /// Thousandths.
    Quantity(i128),
    /// Ten-thousandths, written with at least the currency's minor digits.
    Money(i128),
    /// Ten-thousandths, written with exactly four decimals.
    Fixed4(i128),
    /// An instant.
    Time(Stamp),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Value {
        Value::Text(text.into())
    }

    /// The value as text, empty where it is null; `minor` is the currency's number of decimals.
    pub fn plain(&self, minor: u8) -> String {
        match self {
            Value::Null => String::new(),
            Value::Text(text) => text.to_string(),
            Value::Count(count) => count.to_string(),
            Value::Quantity(thousandths) => plain_wide_quantity(*thousandths),
            Value::Money(amount) => plain_wide(*amount, minor),
            Value::Fixed4(value) => plain4(*value),
            Value::Time(stamp) => stamp.rfc3339(),
        }
    }

    /// As a float, for charts; `None` for words, times and what is undefined.
    pub fn approximate(&self) -> Option<f64> {
        match self {
            Value::Count(count) => Some(*count as f64),
            Value::Quantity(thousandths) => Some(*thousandths as f64 / 1_000.0),
            Value::Money(value) | Value::Fixed4(value) => Some(*value as f64 / 10_000.0),
            Value::Null | Value::Text(_) | Value::Time(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_their_kind_says() {
        assert_eq!(Value::Money(12_657_930_395).plain(2), "1265793.0395");
        assert_eq!(Value::Money(23_286_000).plain(2), "2328.60");
        assert_eq!(Value::Money(-23_286_000).plain(0), "-2328.6");
        assert_eq!(Value::Fixed4(-1).plain(2), "-0.0001");
        assert_eq!(Value::Quantity(1_250).plain(2), "1.25");
        assert_eq!(Value::Quantity(3_000).plain(2), "3");
        assert_eq!(Value::Null.plain(2), "");
    }
}
