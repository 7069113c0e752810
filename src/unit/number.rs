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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strict_form_takes_plain_decimals_only() {
        let read = |text: &str| parse_scaled(text, 4, Form::Strict);
        assert_eq!(read("12.5"), Ok(125_000));
        assert_eq!(read("-0.0395"), Ok(-395));
        assert_eq!(read("-0"), Ok(0));
        assert_eq!(read("007"), Ok(70_000));
        assert_eq!(read(""), Err(NumberFault::Empty));
        for bad in [
            "-", ".", "1.", ".5", "+1", "1e3", "1E308", "1,5", "1_000", "1 000", " 1", "1 ", "--1", "1.2.3", "0x10",
            "NaN", "inf", "١٢", "1-", "1.-5", "−1", "½",
        ] {
            assert_eq!(read(bad), Err(NumberFault::NotANumber), "{bad}");
        }
        assert_eq!(read("1.00000"), Err(NumberFault::TooManyDecimals { allowed: 4 }));
    }

    #[test]
    fn entry_form_takes_what_fingers_type() {
        let read = |text: &str| parse_scaled(text, 4, Form::Entry);
        assert_eq!(read("12,50"), Ok(125_000));
        assert_eq!(read(" ,5 "), Ok(5_000));
        assert_eq!(read("-.05"), Ok(-500));
        for bad in ["1,000.50", "1.000,50", ",", "-,", "1,", "1 2"] {
            assert_eq!(read(bad), Err(NumberFault::NotANumber), "{bad}");
        }
        assert_eq!(read("  "), Err(NumberFault::Empty));
    }

    #[test]
    fn the_range_ends_exactly_where_64_bits_do() {
        let read = |text: &str| parse_scaled(text, 4, Form::Strict);
        assert_eq!(read("922337203685477.5807"), Ok(i64::MAX));
        assert_eq!(read("-922337203685477.5808"), Ok(i64::MIN));
        assert_eq!(read("922337203685477.5808"), Err(NumberFault::TooLarge));
        assert_eq!(read("-922337203685477.5809"), Err(NumberFault::TooLarge));
        assert_eq!(read(&"9".repeat(10_000)), Err(NumberFault::TooLarge));
        assert_eq!(read(&format!("{}1", "0".repeat(10_000))), Ok(10_000));
    }

    #[test]
    fn printing_keeps_the_least_decimals_and_groups_thousands() {
        assert_eq!(print_scaled(12_657_930_395, 4, 2, false), "1265793.0395");
        assert_eq!(print_scaled(12_657_930_395, 4, 2, true), "1,265,793.0395");
        assert_eq!(print_scaled(23_286_000, 4, 2, false), "2328.60");
        assert_eq!(print_scaled(23_280_000, 4, 0, false), "2328");
        assert_eq!(print_scaled(-1, 4, 2, false), "-0.0001");
        assert_eq!(print_scaled(-9_999_999, 4, 2, true), "-999.9999");
        assert_eq!(print_scaled(-10_000_000, 4, 2, true), "-1,000.00");
        assert_eq!(print_scaled(0, 4, 3, false), "0.000");
        assert_eq!(plain4(i128::MIN), "-17014118346046923173168730371588410.5728");
        assert_eq!(plain4(35_000), "3.5000");
        assert_eq!(plain_wide_quantity(1_250), "1.25");
    }

    #[test]
    fn halves_go_away_from_zero() {
        for (num, den, want) in [(5, 2, 3), (-5, 2, -3), (5, -2, -3), (-5, -2, 3), (7, 3, 2), (8, 3, 3), (0, 9, 0)] {
            assert_eq!(div_half_away(num, den), Some(want), "{num} / {den}");
        }
        assert_eq!(div_half_away(1, 0), None);
        assert_eq!(div_half_away(i128::MIN, -1), None);
        assert_eq!(div_half_away(i128::MAX, i128::MAX), Some(1));
        assert_eq!(div_half_away(i128::MAX - 1, i128::MAX), Some(1));
        assert_eq!(div_half_away(1, i128::MIN), Some(0));
    }

    #[test]
    fn ratios_and_means_have_four_decimals() {
        assert_eq!(ratio4(1, 3).map(|r| r.to_string()).as_deref(), Some("0.3333"));
        assert_eq!(ratio4(2, 3).map(|r| r.to_string()).as_deref(), Some("0.6667"));
        assert_eq!(ratio4(1, 0), None);
        assert_eq!(average4(100_005, 2).map(|r| r.to_string()).as_deref(), Some("5.0003"));
        assert_eq!(average4(100_005, 0), None);
    }

    #[test]
    fn faults_say_what_to_do() {
        assert_eq!(NumberFault::TooManyDecimals { allowed: 3 }.to_string(), "too many decimals; at most 3 are kept");
        assert!(NumberFault::NotANumber.to_string().contains("12.50"));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(value: i64, places in 0u8..=6, least in 0u8..=6) {
            let text = print_scaled(i128::from(value), places, least.min(places), false);
            prop_assert_eq!(parse_scaled(&text, places, Form::Strict), Ok(value));
            prop_assert_eq!(parse_scaled(&text.replace('.', ","), places, Form::Entry), Ok(value));
        }

        #[test]
        fn reading_never_panics(text in "\\PC{0,24}", places in 0u8..=6) {
            let strict = parse_scaled(&text, places, Form::Strict);
            if let Ok(value) = strict {
                prop_assert_eq!(parse_scaled(&text, places, Form::Entry), Ok(value));
            }
        }

        #[test]
        fn a_quotient_is_at_most_half_away(num in -1i128 << 100..1i128 << 100, den in -1i128 << 90..1i128 << 90) {
            prop_assume!(den != 0);
            let quotient = div_half_away(num, den).expect("fits");
            let off = num - quotient * den;
            prop_assert!(off.abs() * 2 <= den.abs());
            if off.abs() * 2 == den.abs() {
                prop_assert!((quotient * den).abs() > num.abs(), "a half went towards zero");
            }
        }
    }
}
