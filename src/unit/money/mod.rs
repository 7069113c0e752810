//! Money as an integer of ten-thousandths, and everything that multiplies, divides or rounds it.
//!
//! One rule of rounding everywhere: half away from zero. Overflow is `None`, never a wrap. It knows amounts only; which
//! amount is charged, taxed or shared out is a rule of the domain.

mod allocate;
mod amount;
mod currency;
mod rate;

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy::MidpointAwayFromZero;
use serde::{Deserialize, Serialize};

pub use super::number::{Fixed4, NumberFault, average4, div_half_away, plain_wide, plain4, ratio4};
use super::number::{Form, parse_scaled, print_scaled};
use super::quantity::Quantity;
pub use amount::Amount;
pub use currency::Currency;
pub use rate::Rate;

/// An amount in ten-thousandths of the currency's unit; `Money(12_5000)` is 12.50.
///
/// There is no `Sum`: it could only wrap or panic. Use [`Money::total`]. Nor does it print itself: how many decimals people
/// expect is the currency's to say. Use [`Money::plain`], or [`Currency::amount`] for words that leave the shop's settings
/// behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);
    /// The largest amount, 922 million million.
    pub const MAX: Money = Money(i64::MAX);

    /// An amount in the currency's smallest coins: 1250 cents. For amounts the program itself names: one beyond the
    /// range becomes the end of the range.
    pub const fn from_minor(minor_units: i64, currency: &Currency) -> Money {
        Money(minor_units.saturating_mul(currency.step().0))
    }

    /// Reads a plain decimal with up to four decimals, as files write it: `12.5`, `-0.0395`.
    /// No exponent, no thousands, no plus, no blanks.
    pub fn parse(text: &str) -> Result<Money, NumberFault> {
        parse_scaled(text, 4, Form::Strict).map(Money)
    }

    /// Reads what a person types: like [`Money::parse`], also with a decimal comma, without the leading zero (`,50`)
    /// and with blanks around it.
    pub fn parse_entry(text: &str) -> Result<Money, NumberFault> {
        parse_scaled(text, 4, Form::Entry).map(Money)
    }

    /// The sum, or `None` when it does not fit.
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Money(sum)),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(difference) => Some(Money(difference)),
            None => None,
        }
    }

    /// The same size on the other side of zero, or `None` for the one value that has none.
    pub const fn checked_neg(self) -> Option<Money> {
        match self.0.checked_neg() {
            Some(negated) => Some(Money(negated)),
            None => None,
        }
    }

    /// The sum of many, accumulated in `i128`; `None` when it does not fit.
    pub fn total(amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        let sum: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        Money::narrow(sum)
    }

    /// The size without its sign (the smallest value becomes the largest).
    pub const fn abs(self) -> Money {
        Money(self.0.saturating_abs())
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

    /// The plain decimal with at least `minor` decimals, more only when they are not zero: `"2328.60"`.
    pub fn plain(&self, minor: u8) -> String {
        print_scaled(i128::from(self.0), 4, minor, false)
    }

    /// Like [`Money::plain`] with commas between thousands, for screens: `"1,265,793.0395"`.
    pub fn grouped(&self, minor: u8) -> String {
        print_scaled(i128::from(self.0), 4, minor, true)
    }

    /// Price × quantity, half away from zero to four decimals.
    pub fn times_quantity(self, quantity: Quantity) -> Option<Money> {
        Money::narrow(div_half_away(i128::from(self.0) * i128::from(quantity.0), 1000)?)
    }

    /// Amount × rate, half away from zero to four decimals.
    pub fn times_rate(self, rate: Rate) -> Option<Money> {
        Money::rounded(self.decimal().checked_mul(rate.decimal())?)
    }

    /// The part of this amount that `part` is of `whole`, half away from zero; `None` when `whole` is zero.
    pub fn share(self, part: i128, whole: i128) -> Option<Money> {
        Money::narrow(div_half_away(i128::from(self.0).checked_mul(part)?, whole)?)
    }

    /// The tax that a price with tax contains: amount × r ÷ (1 + r), half away from zero to four decimals.
    pub fn tax_inside(self, rate: Rate) -> Option<Money> {
        let tax = self.decimal().checked_mul(rate.decimal())?;
        Money::rounded(tax.checked_div(Decimal::ONE.checked_add(rate.decimal())?)?)
    }

    /// The nearest multiple of `step`, half away from zero; `None` when `step` is not above zero.
    pub fn round_to(self, step: Money) -> Option<Money> {
        if step.0 <= 0 {
            return None;
        }
        let steps = div_half_away(i128::from(self.0), i128::from(step.0))?;
        Money::narrow(steps * i128::from(step.0))
    }

    /// The nearest amount that can be paid in the currency, half away from zero.
    pub fn round_minor(self, currency: &Currency) -> Option<Money> {
        self.round_to(currency.step())
    }

    /// Shares this amount out by `weights`, in multiples of `step` and without losing or making any.
    ///
    /// Each gets its exact share rounded down, and those with the largest remainders one step more, the earlier first
    /// among equals. Where no weight is below zero and the amount is not above their sum, nobody gets more than its
    /// weight (as far as weights that are no multiples of `step` let that be done). What is left when the amount
    /// itself is no multiple of `step` goes whole to the first in that order. `None` when there is nobody to give to
    /// (no weights, or weights that add up to zero, and the amount is not zero) or `step` is not above zero.
    pub fn allocate(self, weights: &[Money], step: Money) -> Option<Vec<Money>> {
        allocate::allocate(self, weights, step)
    }

    /// Into 64 bits, or `None`.
    fn narrow(ten_thousandths: i128) -> Option<Money> {
        i64::try_from(ten_thousandths).ok().map(Money)
    }

    /// As a decimal of the currency's unit.
    fn decimal(self) -> Decimal {
        Decimal::new(self.0, 4)
    }

    /// A decimal of the currency's unit, half away from zero to four decimals.
    fn rounded(units: Decimal) -> Option<Money> {
        let mut units = units.round_dp_with_strategy(4, MidpointAwayFromZero);
        units.rescale(4);
        if units.scale() != 4 {
            return None;
        }
        Money::narrow(units.mantissa())
    }
}

/// How a cash total is rounded where the smallest coins are not used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CashRounding {
    /// To the last coin of the currency.
    #[default]
    Off,
    /// To a multiple of this, half away from zero: 0.05.
    Step(Money),
}

impl CashRounding {
    /// The smallest coin that is used.
    pub const fn coin(self, currency: &Currency) -> Money {
        match self {
            CashRounding::Off => currency.step(),
            CashRounding::Step(step) => step,
        }
    }

    /// What is due in cash for `amount`; `None` on overflow or a step that is not above zero.
    pub fn apply(self, amount: Money, currency: &Currency) -> Option<Money> {
        amount.round_to(self.coin(currency))
    }
}

#[cfg(test)]
mod tests;
