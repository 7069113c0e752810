//! Barcodes of retail goods: GTIN-8, -12, -13 and -14, UPC-E, and EAN-13 codes that carry a weight or a price.
//!
//! It knows digits and their check digits, never which product a code belongs to. A wrong check digit is a fact to be
//! told, not a reason to refuse a code that a shop has on its shelves.

mod pattern;

use serde::{Deserialize, Serialize};

pub use pattern::{Embedded, Holds, Pattern, PatternFault};

/// What a code is, by its length (and, for eight digits, its check digit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Eight digits, EAN-8.
    Gtin8,
    /// Eight digits that stand for a UPC-A of twelve.
    UpcE,
    /// Twelve digits, UPC-A.
    Gtin12,
    /// Thirteen digits, EAN-13.
    Gtin13,
    /// Fourteen digits, of a case or carton.
    Gtin14,
}

/// The check digit that belongs after these digits; `None` when there are none, more than 17, or other characters.
pub fn check_digit(payload: &str) -> Option<u8> {
    if payload.is_empty() || payload.len() > 17 || !is_digits(payload) {
        return None;
    }
    let weighted = payload.bytes().rev().zip([3u32, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    u8::try_from((10 - sum % 10) % 10).ok()
}

/// Whether a code of 8, 12, 13 or 14 digits ends in its right check digit.
pub fn is_valid(code: &str) -> bool {
    match kind(code) {
        Some(Kind::UpcE) => true,
        Some(_) => check_holds(code),
        None => false,
    }
}

/// What a code is; `None` for other lengths and other characters.
///
/// Eight digits from 0 on are a UPC-E if its check digit says so: GTIN-8 that begin with 0 are left to shops' own use.
pub fn kind(code: &str) -> Option<Kind> {
    if !is_digits(code) {
        return None;
    }
    match code.len() {
        8 if code.starts_with('0') && expand_upce(code).is_some_and(|upca| check_holds(&upca)) => Some(Kind::UpcE),
        8 => Some(Kind::Gtin8),
        12 => Some(Kind::Gtin12),
        13 => Some(Kind::Gtin13),
        14 => Some(Kind::Gtin14),
        _ => None,
    }
}

/// The form in which two codes are compared, fourteen digits; whether or not the check digit is right. A UPC-E is the
/// UPC-A that it stands for. `None` for what is no code of 8, 12, 13 or 14 digits.
pub fn gtin14(code: &str) -> Option<String> {
    match kind(code)? {
        Kind::UpcE => expand_upce(code).map(|upca| format!("{upca:0>14}")),
        _ => Some(format!("{code:0>14}")),
    }
}

/// The UPC-A of twelve digits that a UPC-E stands for. Six digits are the number system 0 without a check digit, seven
/// have the number system (0 or 1) in front, eight have the check digit behind, which is kept as it is.
pub fn expand_upce(code: &str) -> Option<String> {
    if !is_digits(code) {
        return None;
    }
    let (system, body, check) = match code.len() {
        6 => ("0", code, ""),
        7 => (&code[..1], &code[1..], ""),
        8 => (&code[..1], &code[1..7], &code[7..]),
        _ => return None,
    };
    if system != "0" && system != "1" {
        return None;
    }
    let (head, last) = body.split_at(5);
    let number = match last {
        "0" | "1" | "2" => format!("{}{last}0000{}", &head[..2], &head[2..]),
        "3" => format!("{}00000{}", &head[..3], &head[3..]),
        "4" => format!("{}00000{}", &head[..4], &head[4..]),
        _ => format!("{head}0000{last}"),
    };
    let payload = format!("{system}{number}");
    let computed = check_digit(&payload)?;
    Some(if check.is_empty() { format!("{payload}{computed}") } else { format!("{payload}{check}") })
}

/// Whether the last digit is the check digit of those before it.
fn check_holds(code: &str) -> bool {
    let Some((payload, last)) = code.len().checked_sub(1).and_then(|at| code.split_at_checked(at)) else {
        return false;
    };
    check_digit(payload).is_some_and(|digit| last.parse::<u8>() == Ok(digit))
}

fn is_digits(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
