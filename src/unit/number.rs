//! Exact decimal arithmetic that money, quantities and rates share: parsing, printing, dividing.
//!
//! It knows digits and places, never what they measure. There are no floats, and overflow is always `None` or a fault.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a text is not the number it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NumberFault {
    /// Nothing was given.
    Empty,
    /// Something other than digits, one leading minus and one decimal point.
    NotANumber,
    /// More digits after the point than the value can keep.
    TooManyDecimals {
        /// How many it can keep.
        allowed: u8,
    },
    /// Further from zero than the value can hold.
    TooLarge,
    /// Below zero where that has no meaning (a rate).
    Negative,
}

impl fmt::Display for NumberFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NumberFault::Empty => f.write_str("a number is missing"),
            NumberFault::NotANumber => f.write_str("not a number; write digits and a decimal point, like 12.50"),
            NumberFault::TooManyDecimals { allowed: 0 } => f.write_str("too many decimals; write a whole number"),
            NumberFault::TooManyDecimals { allowed } => write!(f, "too many decimals; at most {allowed} are kept"),
            NumberFault::TooLarge => f.write_str("the number is too large"),
            NumberFault::Negative => f.write_str("the number must not be below zero"),
        }
    }
}

impl std::error::Error for NumberFault {}

/// Whether a number comes from a file (one strict form) or from a person's fingers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `-12.50`: digits on both sides of a point.
    Strict,
    /// Also `12,50`, `.50`, and blanks around it.
    Entry,
}

/// Reads a plain decimal as an integer of `places` decimals.
pub(super) fn parse_scaled(text: &str, places: u8, form: Form) -> Result<i64, NumberFault> {
    let text = if form == Form::Entry { text.trim() } else { text };
    if text.is_empty() {
        return Err(NumberFault::Empty);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let is_point = |c: char| c == '.' || (form == Form::Entry && c == ',');
    let (whole, decimals) = match digits.split_once(is_point) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole_ok = all_digits(whole) || (form == Form::Entry && whole.is_empty() && decimals.is_some());
    if !whole_ok || !decimals.is_none_or(all_digits) {
        return Err(NumberFault::NotANumber);
    }
    let decimals = decimals.unwrap_or("");
    if decimals.len() > usize::from(places) {
        return Err(NumberFault::TooManyDecimals { allowed: places });
    }
    let padding = std::iter::repeat_n(b'0', usize::from(places) - decimals.len());
    let mut value: i64 = 0;
    for byte in whole.bytes().chain(decimals.bytes()).chain(padding) {
        let digit = i64::from(byte - b'0');
        let step = if negative { -digit } else { digit };
        value = value.checked_mul(10).and_then(|v| v.checked_add(step)).ok_or(NumberFault::TooLarge)?;
    }
    Ok(value)
}

/// Prints an integer of `places` decimals with at least `least` of them, more only when they are not zero.
pub(super) fn print_scaled(value: i128, places: u8, least: u8, grouped: bool) -> String {
    let scale = 10u128.pow(u32::from(places));
    let size = value.unsigned_abs();
    let mut decimals = format!("{:0width$}", size % scale, width = usize::from(places));
    if places == 0 {
        decimals.clear();
    }
    while decimals.len() > usize::from(least) && decimals.ends_with('0') {
        decimals.pop();
    }
    let whole = (size / scale).to_string();
    let mut out = String::with_capacity(whole.len() + decimals.len() + 10);
    if value < 0 {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if grouped && i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !decimals.is_empty() {
        out.push('.');
        out.push_str(&decimals);
    }
    out
}

/// `num ÷ den`, rounded half away from zero; `None` when `den` is zero or the result does not fit.
pub fn div_half_away(num: i128, den: i128) -> Option<i128> {
    let quotient = num.checked_div(den)?;
    let rest = num.checked_rem(den)?.unsigned_abs();
    if rest < den.unsigned_abs() - rest {
        return Some(quotient);
    }
    quotient.checked_add(if (num < 0) == (den < 0) { 1 } else { -1 })
}

/// A number of ten-thousandths with exactly four decimals on paper: averages, ratios and wide totals of reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fixed4(pub i128);

impl fmt::Display for Fixed4 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&plain4(self.0))
    }
}

/// `num ÷ den` of two plain numbers to four decimals, half away from zero; `None` when `den` is zero or on overflow.
pub fn ratio4(num: i128, den: i128) -> Option<Fixed4> {
    div_half_away(num.checked_mul(10_000)?, den).map(Fixed4)
}

/// The mean of `n` amounts whose sum is `sum` ten-thousandths, half away from zero; `None` when `n` is zero.
pub fn average4(sum: i128, n: u64) -> Option<Fixed4> {
    div_half_away(sum, i128::from(n)).map(Fixed4)
}

/// Ten-thousandths with exactly four decimals: `"3.5000"`.
pub fn plain4(ten_thousandths: i128) -> String {
    print_scaled(ten_thousandths, 4, 4, false)
}

/// Ten-thousandths with at least `minor` decimals, more only when they are not zero; for sums wider than `Money`.
pub fn plain_wide(ten_thousandths: i128, minor: u8) -> String {
    print_scaled(ten_thousandths, 4, minor, false)
}

/// Thousandths with decimals only when they are not zero; for sums wider than `Quantity`.
pub fn plain_wide_quantity(thousandths: i128) -> String {
    print_scaled(thousandths, 3, 0, false)
}
