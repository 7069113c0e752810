//! Rows and totals before they become an answer: what every report comes to, and what is added to it afterwards.

use super::answer::AnswerColumn;
use super::value::Value;

/// Rows and totals, before the frame of an answer is put around them.
pub(crate) struct Body {
    pub(crate) columns: Vec<AnswerColumn>,
    pub(crate) rows: Vec<Vec<Value>>,
    pub(crate) totals: Vec<(String, Value)>,
}
