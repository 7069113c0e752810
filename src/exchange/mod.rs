//! Other people's formats: CSV in and out, receipts.
//!
//! It never knows how the shop keeps its records, and never writes into one: what it reads is handed on as records.

pub mod base;
pub mod finding;
pub mod format;
mod read;
pub mod receipt;
mod split;
#[cfg(test)]
mod testing;
mod write;

pub use base::{Base, BaseFault, Empty};
pub use finding::{Finding, ReadFault};
pub use read::read;
pub use receipt::Receipt;
pub use write::{WriteFault, write};
