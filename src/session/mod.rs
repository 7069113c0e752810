//! How a terminal reaches the console: bytes to events, frames to bytes.
//!
//! [`Decoder`] turns what a terminal sends into events for a [`Program`]. Nothing here knows what the program shows or does.

mod client;
mod decode;
mod encode;
mod program;
mod waker;

pub use client::{Client, ColourDepth, Repertoire};
pub use decode::{Decoder, Input, Limits, Reply};
pub use encode::{Frames, MAX_COLUMNS, MAX_ROWS};
pub use program::{Out, Program};
pub use waker::{Waker, Wakeups};
