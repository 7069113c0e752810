//! How a report's values are written on a screen. Exports and the command line write them in full; this never changes them.

use crate::report::{AnswerColumn, Kind, Value};
use crate::unit::{Money, Quantity, Rate};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A cell of an answer as people read it: years and hours as such, weekdays by name, parts in per cent, means of money as
/// money.
pub(super) fn cell(value: &Value, column: &AnswerColumn, minor: u8) -> String {
    match (column.kind, value) {
        (Kind::Year | Kind::Number, Value::Count(number)) => number.to_string(),
        (Kind::Hour, Value::Count(hour)) => format!("{hour:02}:00"),
        (Kind::Weekday, Value::Count(day)) => weekday(*day).map_or_else(|| day.to_string(), str::to_owned),
        (Kind::Ratio, Value::Fixed4(part)) if is_part(&column.name) => per_cent(part * 100),
        (Kind::Ratio, Value::Fixed4(quotient)) => format!("{:.2}", *quotient as f64 / 10_000.0),
        (Kind::Percent, Value::Fixed4(value)) => per_cent(*value),
        (Kind::Average, Value::Fixed4(amount)) => money(*amount, minor).unwrap_or_else(|| value.plain(minor)),
        (Kind::Rate, Value::Text(rate)) => Rate::parse(rate).map_or_else(|_| rate.to_string(), |rate| rate.percent()),
        _ => shown(value, minor),
    }
}

/// A weekday's short name, 0 for Monday.
pub(super) fn weekday(day: i128) -> Option<&'static str> {
    usize::try_from(day).ok().and_then(|day| WEEKDAYS.get(day)).copied()
}

/// Whether a quotient of that name is a part of something.
fn is_part(name: &str) -> bool {
    ["share", "rate", "retention", "sell_through"].iter().any(|end| name.ends_with(end))
}

/// Ten-thousandths of a per cent, to one decimal.
fn per_cent(value: i128) -> String {
    format!("{:.1} %", value as f64 / 10_000.0)
}

/// A value whose column says nothing more of it: thousands apart.
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
