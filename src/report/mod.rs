//! Questions about what was sold, and their answers: measures by dimensions, sliced, of a period.
//!
//! An answer is the sealed part (column segments) ⊕ the tail (signed facts), at one published sequence. Knows no screen and
//! no table of the store; everything comes through [`Source`].

pub mod acts;
mod adding;
pub mod answer;
pub mod answers;
mod ask;
mod audit;
mod baskets;
mod best;
mod binding;
mod body;
mod brought;
mod calendar;
mod cells;
mod cohorts;
mod collect;
mod columns;
mod comeback;
pub mod compare;
mod counter;
mod customers;
pub mod dimension;
pub mod extents;
mod fault;
mod few;
mod finish;
mod glossary;
mod goods;
mod heard;
mod history;
mod inactive;
mod instant;
mod keys;
mod laid;
mod lines;
mod loyalty;
pub mod measure;
mod members;
mod orders;
mod paid;
mod past;
mod period;
mod picture;
mod plan;
mod presets;
pub mod question;
mod recall;
mod registers;
mod render;
pub mod request;
mod returned;
mod rfm;
mod row;
mod said;
mod scan;
mod sift;
mod single;
pub mod source;
mod standing;
mod stock;
pub mod value;
mod voice;
mod why;
mod words;

pub use answer::{Answer, AnswerColumn, Explain};
pub use answers::Answers;
pub use compare::{Compare, Derived};
pub use dimension::Dim;
pub use fault::{ReportFault, UsageFault};
pub use measure::Measure;
pub use period::Period;
pub use presets::list;
pub use question::{Filter, Question};
pub(crate) use registers::called as registers_called;
pub use request::{Format, Request};
pub use row::members as row_members;
pub use source::Source;
pub use value::{Kind, Value};

use crate::unit::Day;

/// Answers a request from nothing; who asks again and again keeps an [`Answers`].
///
/// # Errors
/// [`ReportFault`].
pub fn answer(source: &impl Source, request: &Request, today: Day) -> Result<Answer, ReportFault> {
    ask::Desk::new(source, &request.on(today), today, None, None).answer()
}

#[cfg(test)]
mod tests;
