//! Whole folders in, records or findings out.

mod goods;
mod malformed;
mod places;
mod proof;
mod real;
mod sound;
