//! A question of the cube worked out: sealed segments and tail into cells, and cells into rows.
//!
//! Knows no report and nothing of what is kept.

mod collect;
mod explain;
mod groups;
mod names;
mod standing;
mod top;

pub(crate) use collect::{Cancel, Collected, Stop, add_facts, collect};
pub use explain::Explain;
pub(crate) use groups::{Groups, groups};
pub(crate) use names::customer_names;
pub(crate) use top::Best;
