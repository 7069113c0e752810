//! How a terminal reaches the console: bytes to events, frames to bytes.
//!
//! [`Decoder`] turns what a terminal sends into events, [`Frames`] turns what a program draws into the fewest bytes that
//! show it, and [`Session`] joins the two around a [`Program`] and knows nothing but bytes and time. It runs in the process
//! that owns the shop, in front of a [`Caller`]; the terminal is at the other end of the caller's stream, a Unix socket
//! ([`Listening`], [`connect`]) or a channel of SSH. Nothing here
//! knows what the program shows or does.

mod attach;
mod call;
mod caller;
#[cfg(feature = "ssh")]
mod carry;
mod client;
mod decode;
mod encode;
mod listen;
mod pace;
mod pipes;
mod program;
mod sequence;
mod socket;
#[cfg(feature = "ssh")]
mod ssh;
mod state;
mod terminal;
mod waker;
mod wire;

pub use attach::{Ending, terminal_size};
pub use call::{Call, call};
pub use caller::{Caller, Left, turn_away};
pub use client::{Client, ColourDepth, Repertoire};
pub use decode::{Decoder, Input, Limits, Reply};
pub use encode::{Frames, MAX_COLUMNS, MAX_ROWS};
pub use listen::{Listening, NotOurs, Peer};
pub use pipes::{Output, Pipes};
pub use program::{Out, Program};
pub use socket::{connect, socket_of};
#[cfg(feature = "ssh")]
pub use ssh::{Doors, SshServer};
pub use state::Session;
pub use terminal::{echo, let_output_arrive, output_is_read, restore_terminal};
pub use waker::{Waker, Wakeups};
pub use wire::{Hello, Screen};
