//! Rates: fractions such as a tax of 0.20, as an integer of millionths.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::unit::number::{Form, NumberFault, parse_scaled, print_scaled};

/// A fraction in millionths, from 0 to 10; `Rate(200_000)` is 0.20, which is 20 %.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(pub i64);

impl Rate {
    /// Nothing.
    pub const ZERO: Rate = Rate(0);
    /// All of it, 100 %.
    pub const WHOLE: Rate = Rate(1_000_000);
    /// The largest rate a text may give, 1000 %.
    pub const MAX: Rate = Rate(10_000_000);

    /// Reads a fraction from 0 to 10 with up to six decimals: `0.20`, `0.055`.
    pub fn parse(text: &str) -> Result<Rate, NumberFault> {
        Rate::bounded(parse_scaled(text, 6, Form::Strict)?)
    }

    /// Reads a percentage as a person types it, with up to four decimals: `20`, `5,5`. The sign `%` is not part of it.
    pub fn parse_percent(text: &str) -> Result<Rate, NumberFault> {
        Rate::bounded(parse_scaled(text, 4, Form::Entry)?)
    }

    /// The fraction with at least two decimals: `"0.20"`, `"0.055"`.
    pub fn plain(self) -> String {
        print_scaled(i128::from(self.0), 6, 2, false)
    }

    /// The percentage: `"20 %"`, `"5.5 %"`.
    pub fn percent(self) -> String {
        format!("{} %", print_scaled(i128::from(self.0), 4, 0, false))
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As a decimal fraction.
    pub(super) fn decimal(self) -> Decimal {
        Decimal::new(self.0, 6)
    }

    fn bounded(millionths: i64) -> Result<Rate, NumberFault> {
        match millionths {
            ..0 => Err(NumberFault::Negative),
            0..=10_000_000 => Ok(Rate(millionths)),
            _ => Err(NumberFault::TooLarge),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.plain())
    }
}
