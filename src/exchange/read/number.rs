//! Plain decimals straight from bytes: the common case without looking twice.
//!
//! What is not common (signs that are wrong, too many digits, other characters) is left to the value types, which also say
//! what is wrong with it.

/// The decimal as an integer of `places` decimals; `None` for anything but a plain decimal of at most 18 digits.
pub fn scaled(bytes: &[u8], places: usize) -> Option<i64> {
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, bytes),
    };
    let mut value: i64 = 0;
    let mut count = 0;
    let mut decimals: Option<usize> = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                count += 1;
                decimals = decimals.map(|n| n + 1);
            }
            b'.' if decimals.is_none() && count > 0 => decimals = Some(0),
            _ => return None,
        }
        if count + places > 18 {
            return None;
        }
    }
    let given = decimals.unwrap_or(0);
    if count == 0 || decimals == Some(0) || given > places {
        return None;
    }
    for _ in given..places {
        value *= 10;
    }
    Some(if negative { -value } else { value })
}

/// A number from 0 written in digits alone; `None` for anything else or too large.
pub fn whole(bytes: &[u8]) -> Option<u64> {
    if bytes.is_empty() || bytes.len() > 20 {
        return None;
    }
    let mut value: u64 = 0;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// The number an id stands for when it is written as numbers are: no leading zero, at most fifteen digits (no counter will
/// ever come further).
pub fn canonical(id: &[u8]) -> Option<u64> {
    if id.len() > 15 || id.first() == Some(&b'0') { None } else { whole(id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::Money;

    #[test]
    fn what_it_reads_is_what_money_reads() {
        let texts = [
            "0",
            "-0",
            "1",
            "1.5",
            "-1.5",
            "0.0395",
            "12.34567",
            "1.",
            ".5",
            "",
            "-",
            "--1",
            "+1",
            "1e3",
            " 1",
            "1 ",
            "1,5",
            "00012.50",
            "12345678901234.5678",
            "99999999999999",
            "999999999999999.9999",
            "9223372036854775807",
            "1.2.3",
            "１",
        ];
        for text in texts {
            if let Some(fast) = scaled(text.as_bytes(), 4) {
                assert_eq!(Ok(Money(fast)), Money::parse(text), "{text}");
            }
        }
        assert_eq!(scaled(b"1265793.0395", 4), Some(12_657_930_395));
        assert_eq!(scaled(b"-7", 3), Some(-7000));
        assert_eq!(scaled(b"1.2345", 3), None);
    }

    #[test]
    fn whole_numbers_do_not_wrap() {
        assert_eq!(whole(b"18446744073709551615"), Some(u64::MAX));
        assert_eq!(whole(b"18446744073709551616"), None);
        assert_eq!(whole(b"-1"), None);
        assert_eq!(whole(b""), None);
    }

    #[test]
    fn only_ids_written_as_numbers_are_numbers() {
        assert_eq!(canonical(b"11077"), Some(11077));
        assert_eq!(canonical(b"000123"), None);
        assert_eq!(canonical(b"0"), None);
        assert_eq!(canonical(b"CA-1"), None);
        assert_eq!(canonical(b"9999999999999999"), None);
    }
}
