//! Whole folders in, records or findings out.

mod malformed;
mod real;
mod sound;
