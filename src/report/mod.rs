//! Questions about what was sold, and their answers: measures by dimensions, sliced, of a period.
//!
//! An answer is the sealed part (column segments) ⊕ the tail (signed facts), at one published sequence. Knows no screen and
//! no table of the store; everything comes through [`Source`].
//!
//! The rooms stand in the order of the way from a question to its answer; each imports only from those before it, and from
//! [`value`] and the faults, which all may know:
//!
//! - `question`: what is asked: dimensions, measures, periods, the named reports, the words of a request.
//! - `facts`: where facts come from: the seam to the running shop, facts in columns.
//! - `cells`: where facts add up.
//! - `plan`: a question bound to a shop: from which columns its cells follow, and who their members are.
//! - `scan`: one segment into cells.
//! - `cube`: a question worked out: all segments and the tail into cells, cells into rows.
//! - [`kept`]: answers kept in memory and sums laid by in the shop file.
//! - `answer`: what is handed out, what is put beside it, and how it is written as text.
//! - `desk`: where one request is answered: the means that all reports are worked out with.
//! - [`journal`]: entries of the journal in words.
//! - `shapes`: the ways reports are worked out, one file each.
//! - `behind`: why a figure is what it is: the orders and returns behind it, one by one.
//! - `ask`: a request answered, from the first name looked up to the finished answer.
//! - `queue`: where questions wait for an answer that no key waits for.

mod answer;
mod ask;
mod behind;
mod cells;
mod cube;
mod desk;
mod facts;
mod fault;
pub mod journal;
pub mod kept;
mod plan;
mod question;
mod queue;
mod scan;
mod shapes;
pub mod value;

pub use answer::{Answer, AnswerColumn};
pub use ask::answer;
pub use behind::members as row_members;
pub use cube::Explain;
pub use facts::Source;
pub use fault::{ReportFault, UsageFault};
pub use kept::Answers;
pub(crate) use plan::called as registers_called;
pub use question::{Compare, Derived, Dim, Filter, Format, Measure, Period, Question, Request, list};
pub use queue::{GivenUp, Queue, Ticket};
pub use value::{Kind, Value};

#[cfg(test)]
mod tests;
