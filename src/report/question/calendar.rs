//! Codes and names of days, weeks, months, quarters, years and weekdays.
//!
//! Knows no clock: which day it is today is told by who asks.

use super::dimension::Dim;
use crate::unit::Day;

/// The code of a day in a dimension of dates; ascending with the days, except for weekdays.
pub(crate) fn day_code(dim: Dim, day: Day) -> u32 {
    let year = day.year().unsigned_abs();
    match dim {
        Dim::Weekday => u32::from(day.weekday()),
        Dim::Week => {
            let (year, week) = day.iso_week();
            year.unsigned_abs() * 100 + week
        }
        Dim::Month => year * 12 + day.month() - 1,
        Dim::Quarter => year * 4 + day.quarter() - 1,
        Dim::Year => year,
        _ => day.0.abs_diff(Day::MIN.0),
    }
}

pub(crate) fn date_label(dim: Dim, code: u32) -> String {
    match dim {
        Dim::Week => format!("{:04}-W{:02}", code / 100, code % 100),
        Dim::Month => format!("{:04}-{:02}", code / 12, code % 12 + 1),
        Dim::Quarter => format!("{:04}-Q{}", code / 4, code % 4 + 1),
        _ => Day(Day::MIN.0.saturating_add_unsigned(code)).to_string(),
    }
}

/// The code of a date's member as it is written; weekdays also by their first three letters.
pub(crate) fn parse_date_member(dim: Dim, value: &str) -> Option<u32> {
    const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    match dim {
        Dim::Day => Day::parse(value).ok().map(|day| day_code(dim, day)),
        Dim::Year => small(value),
        Dim::Weekday => {
            let start = value.get(..3).unwrap_or(value).to_ascii_lowercase();
            let named = WEEKDAYS.iter().position(|name| *name == start).map(|at| at as u32);
            named.or_else(|| small(value))
        }
        Dim::Week => {
            let (year, week) = value.split_once("-W")?;
            Some(small(year)? * 100 + small(week)?)
        }
        Dim::Month => {
            let (year, month) = value.split_once('-')?;
            let month = small(month).filter(|month| (1..=12).contains(month))?;
            Some(small(year)? * 12 + month - 1)
        }
        _ => {
            let (year, quarter) = value.split_once("-Q")?;
            let quarter = small(quarter).filter(|quarter| (1..=4).contains(quarter))?;
            Some(small(year)? * 4 + quarter - 1)
        }
    }
}

fn small(digits: &str) -> Option<u32> {
    digits.parse::<u16>().ok().map(u32::from)
}

/// The first day of a member of a dimension of dates.
pub(crate) fn first_day(dim: Dim, code: u32) -> Option<Day> {
    match dim {
        Dim::Week => {
            // The week of the fourth of January is the first.
            let fourth = Day::from_ymd(code as i32 / 100, 1, 4)?;
            let monday = fourth.add_days(-i32::from(fourth.weekday()));
            Some(monday.add_days((code as i32 % 100 - 1) * 7))
        }
        Dim::Month => Day::from_ymd(code as i32 / 12, code % 12 + 1, 1),
        Dim::Quarter => Day::from_ymd(code as i32 / 4, code % 4 * 3 + 1, 1),
        _ => Day::parse(&date_label(dim, code)).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_day_are_named_and_read_back() {
        let day = Day::from_ymd(2024, 12, 30).expect("a day");
        for (dim, label) in
            [(Dim::Day, "2024-12-30"), (Dim::Week, "2025-W01"), (Dim::Month, "2024-12"), (Dim::Quarter, "2024-Q4")]
        {
            assert_eq!(date_label(dim, day_code(dim, day)), label);
            assert_eq!(parse_date_member(dim, label), Some(day_code(dim, day)), "{label}");
        }
        assert_eq!((day_code(Dim::Weekday, day), day_code(Dim::Year, day)), (0, 2024));
        assert_eq!(parse_date_member(Dim::Weekday, "Sunday"), Some(6));
        for nonsense in ["", "2024-13", "x-Q1", "99999999999"] {
            assert_eq!(parse_date_member(Dim::Month, nonsense), None);
            assert_eq!(parse_date_member(Dim::Quarter, nonsense), None);
            assert_eq!(parse_date_member(Dim::Year, nonsense), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn codes_ascend_with_the_days(a in Day::MIN.0..=Day::MAX.0, b in Day::MIN.0..=Day::MAX.0) {
            let (first, second) = (Day(a.min(b)), Day(a.max(b)));
            for dim in [Dim::Day, Dim::Week, Dim::Month, Dim::Quarter, Dim::Year] {
                proptest::prop_assert!(day_code(dim, first) <= day_code(dim, second));
            }
        }
    }
}
