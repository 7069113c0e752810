//! Quantities: pieces, or weights with three decimals, as an integer of thousandths.
//!
//! Negative ones exist (stock may be below zero); whether one is allowed somewhere is a rule of the domain.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::number::{Form, NumberFault, parse_scaled, print_scaled};

/// A number of pieces or kilograms, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quantity(pub i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity(0);
    /// One piece.
    pub const ONE: Quantity = Quantity(1000);

    /// Whole pieces. For counts the program itself names: one beyond 9.2 × 10¹⁵ becomes the end of the range.
    pub const fn pieces(count: i64) -> Quantity {
        Quantity(count.saturating_mul(1000))
    }

    /// Reads a plain decimal with up to three decimals, as files write it: `3`, `-1.25`.
    pub fn parse(text: &str) -> Result<Quantity, NumberFault> {
        parse_scaled(text, 3, Form::Strict).map(Quantity)
    }

    /// Reads what a person types: like [`Quantity::parse`], also with a decimal comma, without the leading zero
    /// (`,5`) and with blanks around it.
    pub fn parse_entry(text: &str) -> Result<Quantity, NumberFault> {
        parse_scaled(text, 3, Form::Entry).map(Quantity)
    }

    /// The sum, or `None` when it does not fit.
    pub const fn checked_add(self, other: Quantity) -> Option<Quantity> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Quantity(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    pub const fn checked_sub(self, other: Quantity) -> Option<Quantity> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Quantity(difference)),
            None => None,
        }
    }

    /// The same size on the other side of zero, or `None` for the one value that has none.
    pub const fn checked_neg(self) -> Option<Quantity> {
        match self.0.checked_neg() {
            Some(negated) => Some(Quantity(negated)),
            None => None,
        }
    }

    /// The sum of many, accumulated in `i128`; `None` when it does not fit.
    pub fn total(quantities: impl IntoIterator<Item = Quantity>) -> Option<Quantity> {
        let sum: i128 = quantities.into_iter().map(|quantity| i128::from(quantity.0)).sum();
        i64::try_from(sum).ok().map(Quantity)
    }

    /// The size without its sign (the smallest value becomes the largest).
    pub const fn abs(self) -> Quantity {
        Quantity(self.0.saturating_abs())
    }

    /// -1, 0 or 1.
    pub const fn signum(self) -> i64 {
        self.0.signum()
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it has no decimals, as pieces have none.
    pub const fn is_whole(self) -> bool {
        self.0 % 1000 == 0
    }

    /// The plain decimal, without decimals that are zero: `"3"`, `"1.25"`.
    pub fn plain(self) -> String {
        print_scaled(i128::from(self.0), 3, 0, false)
    }

    /// Like [`Quantity::plain`] with commas between thousands, for screens.
    pub fn grouped(self) -> String {
        print_scaled(i128::from(self.0), 3, 0, true)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.plain())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_pieces_and_weights() {
        assert_eq!(Quantity::parse("3"), Ok(Quantity::pieces(3)));
        assert_eq!(Quantity::parse("1.25"), Ok(Quantity(1250)));
        assert_eq!(Quantity::parse("1,25"), Err(NumberFault::NotANumber));
        assert_eq!(Quantity::parse_entry("1,25"), Ok(Quantity(1250)));
        assert_eq!(Quantity::parse("0.0005"), Err(NumberFault::TooManyDecimals { allowed: 3 }));
        assert_eq!(Quantity::pieces(3).plain(), "3");
        assert_eq!(Quantity(1250).plain(), "1.25");
        assert_eq!(Quantity(-5).plain(), "-0.005");
        assert_eq!(Quantity::pieces(12_345).grouped(), "12,345");
        assert!(Quantity::pieces(2).is_whole() && Quantity(-2000).is_whole() && !Quantity(1250).is_whole());
    }

    #[test]
    fn arithmetic_never_wraps() {
        let (most, least) = (Quantity(i64::MAX), Quantity(i64::MIN));
        assert_eq!(most.checked_add(Quantity(1)), None);
        assert_eq!(least.checked_sub(Quantity(1)), None);
        assert_eq!(least.checked_neg(), None);
        assert_eq!(Quantity::ONE.checked_neg(), Some(Quantity(-1000)));
        assert_eq!(Quantity::pieces(i64::MIN), least);
        assert_eq!(Quantity::total([most, most, least]), Some(Quantity(i64::MAX - 1)));
        assert_eq!(Quantity::total([most, Quantity(1)]), None);
        assert_eq!(least.abs(), most);
    }
}
