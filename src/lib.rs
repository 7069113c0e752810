//! `till`: a point of sale and reporting console that lives in a terminal.
//!
//! Bytes come in, become a command, become facts in one durable journal, and come out as a frame.
//! Each floor may import only from those above it in this list; `tests/layers.rs` keeps it so:
//!
//! - [`mod@unit`]: values: money, quantities, days, texts, barcodes.
//! - [`domain`]: the shop's nouns and rules: what is asked, what is decided, what it means.
//! - [`store`]: the shop file.
//! - [`engine`]: the running shop.
//! - [`report`]: questions and answers.
//! - [`exchange`]: other people's formats.
//! - [`demo`]: the demo shop.
//! - [`console`]: the console as plain state.
//! - [`session`]: how a terminal reaches the console.
//! - [`cli`]: one file a subcommand.

// A till does not stop in the middle of a sale: what can go wrong is told, not panicked over. Tests may.
#![cfg_attr(
    not(test),
    warn(
        clippy::dbg_macro,
        clippy::expect_used,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]

pub mod unit;

pub mod domain;

pub mod store;

pub mod engine;

pub mod report;

pub mod exchange;

pub mod demo;

pub mod console;

pub mod session;

pub mod cli;
