//! Rows and totals before they become an answer: what every report comes to, and what is added to it afterwards.
//!
//! Knows no report.

use super::AnswerColumn;
use crate::report::Value;

/// Rows and totals, before the frame of an answer is put around them.
pub(crate) struct Body {
    pub(crate) columns: Vec<AnswerColumn>,
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) totals: Vec<(String, Value)>,
}

impl Body {
    /// Puts the rows with the largest of that figure first, equal ones as they stand, those without it last; whether there
    /// is such a figure.
    pub(crate) fn sort_by(&mut self, name: &str) -> bool {
        let named = |column: &AnswerColumn| column.name == name && column.kind.is_numeric();
        let Some(at) = self.columns.iter().position(named) else { return false };
        let figure = |row: &Vec<Value>| match row.get(at) {
            Some(Value::Count(n) | Value::Quantity(n) | Value::Money(n) | Value::Fixed4(n)) => Some(*n),
            _ => None,
        };
        self.rows.sort_by_key(|row| std::cmp::Reverse(figure(row)));
        true
    }
}
