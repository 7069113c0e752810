//! How a report's values are written on a screen. Exports and the command line write them in full; this never changes them.

use crate::report::Value;
use crate::unit::{Money, Quantity};

/// A value as people read it: thousands apart, weekdays by name.
pub(super) fn shown(value: &Value, minor: u8) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Money(amount) => money(*amount, minor).unwrap_or_else(|| value.plain(minor)),
        Value::Quantity(amount) => {
            i64::try_from(*amount).map_or_else(|_| value.plain(minor), |amount| Quantity(amount).grouped())
        }
        Value::Count(count) => {
            i64::try_from(*count).map_or_else(|_| count.to_string(), |count| Quantity::pieces(count).grouped())
        }
        Value::Time(stamp) => stamp.rfc3339().chars().take(16).collect::<String>().replace('T', " "),
        value => value.plain(minor),
    }
}

/// Money on a screen has the currency's own digits; exports and the command line give every digit there is.
fn money(amount: i128, minor: u8) -> Option<String> {
    let step = Money(10i64.pow(4 - u32::from(minor.min(4))));
    Some(Money(i64::try_from(amount).ok()?).round_to(step)?.grouped(minor))
}

/// A measure's or dimension's word as people read it.
pub(super) fn figure_words(word: &str) -> String {
    word.replace(['-', '_'], " ")
}
