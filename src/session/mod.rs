//! How a terminal reaches the console: bytes to events, frames to bytes.
//!
//! [`Decoder`] turns what a terminal sends into events, [`Frames`] turns what a program draws into the fewest bytes that
//! show it, [`Session`] joins the two around a [`Program`] and knows nothing but bytes and time, and [`run_local`] moves
//! those bytes over the process's own terminal. Nothing here knows what the program shows or does.

mod client;
mod decode;
mod encode;
mod local;
mod pace;
mod program;
mod sequence;
mod state;
mod terminal;
mod waker;

pub use client::{Client, ColourDepth, Repertoire};
pub use decode::{Decoder, Input, Limits, Reply};
pub use encode::{Frames, MAX_COLUMNS, MAX_ROWS};
pub use local::{Ending, run_local, run_on};
pub use program::{Out, Program};
pub use state::Session;
pub use terminal::restore_terminal;
pub use waker::{Waker, Wakeups};
