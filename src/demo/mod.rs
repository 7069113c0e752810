//! Grows the demo shop out of `seed/`: a [`Plan`] becomes the records of a shop and two and a half years of trade up to
//! today, the same to the byte every time. [`Busy`] is a colleague who goes on selling.
//!
//! It makes plain records of the domain and streams them in the order of time; it never knows a file, a store or a
//! screen, nor the time: today is handed in.

mod after;
mod branch;
mod busy;
mod calendar;
mod odds;
mod pay;
mod people;
mod price;
mod seed;
mod shop;
mod table;
mod taste;
mod trade;
mod waiting;

#[cfg(test)]
mod tests;

pub use busy::{Busy, Proposal};
pub use shop::{Growth, Plan, grow};
pub use table::SeedFault;
pub use trade::{Event, Trade};
