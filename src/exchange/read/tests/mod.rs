//! Whole folders in, records or findings out.

mod malformed;
mod proof;
mod real;
mod sound;
