//! Questions about what was sold, and their answers: measures by dimensions, sliced, of a period.
//!
//! An answer is the sealed part (column segments) ⊕ the tail (signed facts), at one published sequence. Knows no screen and
//! no table of the store; everything comes through [`Source`].

mod answer;
mod ask;
mod cells;
mod cube;
mod desk;
mod facts;
mod fault;
mod glossary;
pub mod journal;
pub mod kept;
mod plan;
mod question;
mod row;
mod scan;
mod shapes;
mod single;
pub mod value;
mod why;

pub use answer::{Answer, AnswerColumn};
pub use ask::answer;
pub use cube::Explain;
pub use facts::Source;
pub use fault::{ReportFault, UsageFault};
pub use kept::Answers;
pub(crate) use plan::called as registers_called;
pub use question::Dim;
pub use question::Measure;
pub use question::Period;
pub use question::list;
pub use question::{Compare, Derived};
pub use question::{Filter, Question};
pub use question::{Format, Request};
pub use row::members as row_members;
pub use value::{Kind, Value};

#[cfg(test)]
mod tests;
