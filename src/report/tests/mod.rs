//! Reports against a naive fold over all facts, for random questions over random histories.

mod beside;
mod counter;
mod cube;
mod laid;
mod named;
mod oracle;
mod rows;
pub(super) mod shop;
mod warm;
mod why;
