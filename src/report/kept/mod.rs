//! What was summed up once and need not be again: answers in memory, and sums laid by in the shop file for whoever opens it
//! next. All of it is brought forward by the facts that came since.
//!
//! Knows questions, not reports.

mod answers;
mod feedback;
mod laid;
mod lay_by;

pub use answers::Answers;
pub(crate) use feedback::{Heard, Said};
pub use lay_by::{From, LAID, is_laid, is_laid_near, lay_by, prove_laid};
