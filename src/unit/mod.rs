//! Values: money, quantity, ids, time, text, barcodes. No business rule and no I/O.
//!
//! Everything here is plain data with exact arithmetic: no floats, no clock, no randomness, no file and no terminal.
//! It must never know what a product, an order or a screen is.

pub mod barcode;
pub mod id;
pub mod money;
pub mod number;
pub mod quantity;
pub mod text;
pub mod time;

pub use id::*;
pub use money::{Amount, CashRounding, Currency, Money, Rate};
pub use number::{Fixed4, NumberFault};
pub use quantity::Quantity;
pub use text::{Text, TextFault};
pub use time::{Day, Precision, Stamp, TimeFault, Zone};
