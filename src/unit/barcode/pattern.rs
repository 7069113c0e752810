//! EAN-13 codes of scales and counters that carry a weight or a price, by a pattern that each shop sets.
//!
//! A pattern is the first digits, `=`, and one letter for each digit that follows up to the check digit:
//!
//! - `I` the item's number, `W` the weight or `P` the price, `V` a check digit of that weight or price alone; `M` is the
//!   price of goods that were weighed, whose weight is that price by the product's own, where `P` is the price of a piece;
//! - `.` and a digit: how many decimals the weight (0 to 3) or price (0 to 4) has; without it 3 for a weight, 2 for a
//!   price;
//! - `?` at the end: the last digit of the code is not checked.
//!
//! `20=IIIIIWWWWW.3` reads 20 12345 01250 and a check digit as 1.250 of item 12345; `21=IIIIVPPPPP` reads a price. The
//! digits and letters are always twelve. A UPC-A of twelve digits is read as the EAN-13 with a 0 before it, so that its
//! patterns begin with `02`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{check_holds, is_digits};
use crate::unit::money::Money;
use crate::unit::quantity::Quantity;

/// What the digits of a pattern's value mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Holds {
    /// A weight or another measure.
    Weight,
    /// The price of what lies in the bag, which is a piece.
    Price,
    /// The price of what was weighed into the bag.
    PriceOfWeight,
}

/// How to read codes that begin with some digits. Its text form is stored and sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern {
    /// The digits such codes begin with.
    pub prefix: String,
    /// How many digits the item's number has.
    pub item_digits: u8,
    /// How many digits the weight or price has.
    pub value_digits: u8,
    /// Which of them it is.
    pub holds: Holds,
    /// How many decimals it has.
    pub decimals: u8,
    /// Whether the last digit of the code must be right.
    pub check: bool,
    /// Whether a check digit of the value alone stands before it, and must be right.
    pub price_check: bool,
}

/// What a code carried.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Embedded {
    /// The digits of the item's number, leading zeros kept.
    pub item: String,
    /// The weight, where the code holds one.
    pub weight: Option<Quantity>,
    /// The price, where the code holds one.
    pub price: Option<Money>,
    /// Whether that price is for a weight.
    pub weighed: bool,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PatternFault {
    /// Not digits, `=` and letters in their order.
    Form,
    /// The digits and letters are not twelve.
    Length,
    /// More decimals than digits, or than the value can keep.
    Decimals,
    /// A check digit of the value, which is defined for four and five digits only.
    ValueCheck,
}

impl fmt::Display for PatternFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PatternFault::Form => "not a pattern; write it like 20=IIIIIWWWWW.3 or 21=IIIIVPPPPP.2",
            PatternFault::Length => "the digits and letters of a pattern must be twelve together",
            PatternFault::Decimals => {
                "a weight has at most 3 decimals, a price at most 4, and neither more than digits"
            }
            PatternFault::ValueCheck => "V needs a weight or price of four or five digits",
        })
    }
}

impl std::error::Error for PatternFault {}

impl Pattern {
    /// Reads a pattern's text form.
    pub fn parse(text: &str) -> Result<Pattern, PatternFault> {
        let (prefix, layout) = text.split_once('=').ok_or(PatternFault::Form)?;
        let (layout, check) = match layout.strip_suffix('?') {
            Some(rest) => (rest, false),
            None => (layout, true),
        };
        let (letters, decimals) = match layout.split_once('.') {
            Some((letters, decimals)) => (letters, Some(decimals)),
            None => (layout, None),
        };
        let (item, rest) = run(letters, 'I');
        let (verifier, rest) = run(rest, 'V');
        let holds = match rest.chars().next() {
            Some('P') => Holds::Price,
            Some('M') => Holds::PriceOfWeight,
            _ => Holds::Weight,
        };
        let (value, rest) = run(rest, holds.letter());
        if !is_digits(prefix) || item == 0 || value == 0 || verifier > 1 || !rest.is_empty() {
            return Err(PatternFault::Form);
        }
        if prefix.len() + letters.len() != 12 {
            return Err(PatternFault::Length);
        }
        let decimals = match decimals {
            None => holds.usual_decimals().min(value),
            Some(digit) if digit.len() == 1 => digit.parse().map_err(|_| PatternFault::Form)?,
            Some(_) => return Err(PatternFault::Form),
        };
        if decimals > holds.most_decimals() || decimals > value {
            return Err(PatternFault::Decimals);
        }
        if verifier == 1 && value != 4 && value != 5 {
            return Err(PatternFault::ValueCheck);
        }
        Ok(Pattern {
            prefix: prefix.to_owned(),
            item_digits: item,
            value_digits: value,
            holds,
            decimals,
            check,
            price_check: verifier == 1,
        })
    }

    /// Reads a code; `None` when it does not fit or a check digit that counts is wrong.
    pub fn read(&self, code: &str) -> Option<Embedded> {
        let code = if code.len() == 12 { format!("0{code}") } else { code.to_owned() };
        if code.len() != 13 || !is_digits(&code) || (self.check && !check_holds(&code)) {
            return None;
        }
        let rest = code.strip_prefix(&self.prefix)?;
        let (item, rest) = rest.split_at_checked(usize::from(self.item_digits))?;
        let (verifier, rest) = rest.split_at_checked(usize::from(self.price_check))?;
        let (digits, check) = rest.split_at_checked(usize::from(self.value_digits))?;
        if check.len() != 1 || (self.price_check && value_check_digit(digits)? != verifier.parse::<u8>().ok()?) {
            return None;
        }
        let value: i64 = digits.parse().ok()?;
        let item = item.to_owned();
        Some(match self.holds {
            Holds::Weight => {
                Embedded { item, weight: Some(Quantity(self.scaled(value, 3)?)), price: None, weighed: false }
            }
            Holds::Price | Holds::PriceOfWeight => {
                let weighed = self.holds == Holds::PriceOfWeight;
                Embedded { item, weight: None, price: Some(Money(self.scaled(value, 4)?)), weighed }
            }
        })
    }

    /// The value's digits as an integer of `places` decimals.
    fn scaled(&self, value: i64, places: u8) -> Option<i64> {
        value.checked_mul(10i64.checked_pow(u32::from(places.checked_sub(self.decimals)?))?)
    }
}

impl Holds {
    const fn letter(self) -> char {
        match self {
            Holds::Weight => 'W',
            Holds::Price => 'P',
            Holds::PriceOfWeight => 'M',
        }
    }

    const fn usual_decimals(self) -> u8 {
        match self {
            Holds::Weight => 3,
            Holds::Price | Holds::PriceOfWeight => 2,
        }
    }

    const fn most_decimals(self) -> u8 {
        match self {
            Holds::Weight => 3,
            Holds::Price | Holds::PriceOfWeight => 4,
        }
    }
}

/// How often a letter stands at the front, and what follows.
fn run(text: &str, letter: char) -> (u8, &str) {
    let rest = text.trim_start_matches(letter);
    (u8::try_from(text.len() - rest.len()).unwrap_or(u8::MAX), rest)
}

/// The check digit of a four- or five-digit value by the GS1 General Specifications, section 7.9: each place has a
/// weighting of its own, and five digits are balanced to a multiple of ten by the last of them.
pub fn value_check_digit(digits: &str) -> Option<u8> {
    if !is_digits(digits) {
        return None;
    }
    let weigh = |weights: &[&[u8; 10]]| -> u8 {
        digits.bytes().zip(weights).map(|(byte, weight)| weight[usize::from(byte - b'0')]).sum()
    };
    match digits.len() {
        4 => Some(weigh(&[&TWICE_MINUS, &TWICE_MINUS, &THRICE, &FIVE_MINUS]) * 3 % 10),
        5 => {
            let sum = weigh(&[&FIVE_PLUS, &TWICE_MINUS, &FIVE_MINUS, &FIVE_PLUS, &TWICE_MINUS]);
            let missing = (10 - sum % 10) % 10;
            FIVE_MINUS.iter().position(|&product| product == missing).and_then(|at| u8::try_from(at).ok())
        }
        _ => None,
    }
}

/// Twice the digit, the tens taken from the units.
const TWICE_MINUS: [u8; 10] = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
/// Three times the digit, the units alone.
const THRICE: [u8; 10] = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
/// Five times the digit, the tens added to the units.
const FIVE_PLUS: [u8; 10] = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
/// Five times the digit, the tens taken from the units.
const FIVE_MINUS: [u8; 10] = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = |letter: char, count: u8| letter.to_string().repeat(usize::from(count));
        write!(
            f,
            "{}={}{}{}.{}{}",
            self.prefix,
            letters('I', self.item_digits),
            letters('V', u8::from(self.price_check)),
            letters(self.holds.letter(), self.value_digits),
            self.decimals,
            if self.check { "" } else { "?" }
        )
    }
}

impl TryFrom<String> for Pattern {
    type Error = PatternFault;

    fn try_from(text: String) -> Result<Self, PatternFault> {
        Pattern::parse(&text)
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.to_string()
    }
}
