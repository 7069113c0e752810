//! The journal in words: who did what, from where, and what became of it.
//!
//! Knows no question; an entry is told as it stands, with what is known now of the records it is about.

mod acts;
mod change;
mod import;

pub use acts::{Act, acts, in_full};
