//! The words of a request one by one: dates, numbers, names and slices, and what may be written instead of a wrong one.

use super::calendar::parse_date_member;
use super::compare::Derived;
use super::dimension::{AGES, Dim, NO_HOUR, UNKNOWN};
use super::measure::Measure;
use super::presets::PRESETS;
use crate::domain::Status;
use crate::report::UsageFault;
use crate::unit::{Day, TimeFault};

/// The options that have a value.
pub(super) const OPTIONS: [&str; 14] = [
    "--from",
    "--to",
    "--period",
    "--as-of",
    "--store",
    "--customer",
    "--where",
    "--measures",
    "--by",
    "--sort",
    "--top",
    "--months",
    "--compare",
    "--with",
];

/// Words between commas, at least one.
pub(super) fn words_of<'a>(flag: &str, list: &'a str) -> Result<Vec<&'a str>, UsageFault> {
    let words: Vec<&str> = list.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { Err(UsageFault(format!("{flag} is empty; name at least one"))) } else { Ok(words) }
}

pub(super) fn split_values(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ',' => values.push(String::new()),
            '\\' if chars.peek() == Some(&',') => {
                chars.next();
                push(&mut values, ',');
            }
            other => push(&mut values, other),
        }
    }
    values
}

pub(super) fn push(values: &mut [String], c: char) {
    if let Some(last) = values.last_mut() {
        last.push(c);
    }
}

pub(super) fn day(flag: &str, value: &str) -> Result<Day, UsageFault> {
    Day::parse(value).map_err(|why| match why {
        TimeFault::Form => UsageFault(format!("{flag} {value}: not a day; write 2024-03-01")),
        why => UsageFault(format!("{flag} {value}: {why}")),
    })
}

/// A whole number from 1 to `most`.
pub(super) fn number(flag: &str, value: &str, most: u32) -> Result<u32, UsageFault> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        Ok(1..) | Err(_) if digits => Err(UsageFault(format!("{flag} {value}: the largest is {most}"))),
        _ => Err(UsageFault(format!("{flag} {value}: write a whole number from 1"))),
    }
}

/// Names those there are.
pub(super) fn unknown_option(flag: &str) -> UsageFault {
    let switches = "--json --csv --markdown --chart --ascii --watch --why --explain --list";
    UsageFault(format!("unknown option {flag}; there is {} {switches}", OPTIONS.join(" ")))
}

pub(super) fn dimension(flag: &str, word: &str) -> Result<Dim, UsageFault> {
    Dim::by_word(word).ok_or_else(|| {
        let known: Vec<&str> = Dim::CUBE.iter().map(|dim| dim.word()).collect();
        UsageFault(format!("{flag}: there is no dimension {word:?}; there is {}", known.join(" ")))
    })
}

/// Whether a dimension can have such a member; what only the shop knows is not judged.
pub(super) fn can_be_member(dim: Dim, value: &str) -> bool {
    value == UNKNOWN
        || match dim {
            Dim::Weekday => parse_date_member(dim, value).is_some_and(|day| day < 7),
            Dim::Day | Dim::Week | Dim::Month | Dim::Quarter | Dim::Year => parse_date_member(dim, value).is_some(),
            Dim::Hour => value.parse::<u32>().is_ok_and(|hour| hour < NO_HOUR),
            Dim::Status => Status::by_word(value).is_some(),
            Dim::AgeGroup => AGES.contains(&value),
            _ => true,
        }
}

/// How members of a dimension are written that has only so many.
pub(super) fn written(dim: Dim) -> String {
    match dim {
        Dim::Weekday => "0 (Monday) to 6, or mon to sun".to_owned(),
        Dim::Day => "a day, as in 2024-03-01".to_owned(),
        Dim::Week => "a week, as in 2024-W09".to_owned(),
        Dim::Month => "a month, as in 2024-03".to_owned(),
        Dim::Quarter => "a quarter, as in 2024-Q1".to_owned(),
        Dim::Year => "a year, as in 2024".to_owned(),
        Dim::Hour => "an hour from 0 to 23, or unknown".to_owned(),
        Dim::Status => Status::ALL.map(Status::word).join(", "),
        _ => AGES.join(", "),
    }
}

pub(super) fn derived(word: &str) -> Option<Derived> {
    match word {
        "share" => Some(Derived::Share),
        "running" => Some(Derived::Running),
        _ => None,
    }
}

pub(super) fn measure(flag: &str, word: &str) -> Result<Measure, UsageFault> {
    Measure::by_word(word).ok_or_else(|| {
        let known: Vec<&str> = Measure::ALL.iter().map(|measure| measure.word()).collect();
        UsageFault(format!("{flag}: there is no measure {word:?}; there is {}", known.join(" ")))
    })
}

/// Names those that are like it, not all.
pub(super) fn unknown_report(name: &str) -> UsageFault {
    let parts = |name: &str| name.split(['-', '_', ' ']).map(str::to_ascii_lowercase).collect::<Vec<String>>();
    let meant = parts(name);
    let shared = |known: &str| {
        let plain = ["by", "sales", "vs", "and"];
        parts(known).iter().filter(|part| !plain.contains(&part.as_str()) && meant.contains(part)).count()
    };
    let alike = |known: &str| parts(known).iter().filter(|part| meant.contains(part)).count();
    let mut like: Vec<&str> = PRESETS.iter().map(|preset| preset.name).filter(|known| shared(known) > 0).collect();
    like.sort_by_key(|known| std::cmp::Reverse(alike(known)));
    like.truncate(4);
    let hint = if like.is_empty() { String::new() } else { format!("did you mean {}? ", like.join(", ")) };
    UsageFault(format!("there is no report {name:?}; {hint}till report --list names them all"))
}
