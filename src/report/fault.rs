//! What keeps a question from being answered.

use crate::store::Fault;
use std::fmt;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportFault {
    /// The shop file could not be read.
    Store(Fault),
    /// Something named in the question is not in the shop: what, its name, what there is.
    Unknown {
        /// Store, customer …
        what: &'static str,
        /// What was asked for.
        name: String,
        /// What there is, where it can be listed.
        known: Vec<String>,
    },
    /// The report has no such dimension, period or order.
    NotHere(String),
    /// The dimensions have more combinations than can be counted.
    TooManyCells,
    /// Nobody waits for the answer any more.
    Cancelled,
}

impl fmt::Display for ReportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReportFault::Store(fault) => write!(f, "{fault}"),
            ReportFault::Unknown { what, name, known } if known.is_empty() => {
                write!(f, "there is no {what} {name:?}")
            }
            ReportFault::Unknown { what, name, known } => {
                write!(f, "there is no {what} {name:?}; there is {}", known.join(", "))
            }
            ReportFault::NotHere(why) => write!(f, "{why}"),
            ReportFault::TooManyCells => write!(f, "too many dimensions at once; leave one out"),
            ReportFault::Cancelled => write!(f, "cancelled"),
        }
    }
}

impl std::error::Error for ReportFault {}

impl From<Fault> for ReportFault {
    fn from(fault: Fault) -> Self {
        ReportFault::Store(fault)
    }
}

/// Words that do not make a request; wrong usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFault(pub String);

impl fmt::Display for UsageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageFault {}
