//! Whole folders in, records or findings out.

mod real;
