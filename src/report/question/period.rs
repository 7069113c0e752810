//! The periods a report can be about, and the days they mean today.
//!
//! Knows no clock.

use crate::unit::Day;

/// A period by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Everything on record, what has no date included.
    All,
    /// Today.
    Today,
    /// The day before.
    Yesterday,
    /// From Monday on.
    ThisWeek,
    /// The seven days before.
    LastWeek,
    /// From the first on.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// From the first of January on.
    ThisYear,
    /// The year before.
    LastYear,
    /// This month and the eleven before.
    TwelveMonths,
    /// From a day up to and with another.
    Range(Day, Day),
}

impl Period {
    /// Those with a name.
    pub const NAMED: [Period; 10] = [
        Period::All,
        Period::Today,
        Period::Yesterday,
        Period::ThisWeek,
        Period::LastWeek,
        Period::ThisMonth,
        Period::LastMonth,
        Period::ThisYear,
        Period::LastYear,
        Period::TwelveMonths,
    ];

    /// In words.
    pub fn words(self) -> String {
        match self {
            Period::All => "all time".to_owned(),
            Period::Today => "today".to_owned(),
            Period::Yesterday => "yesterday".to_owned(),
            Period::ThisWeek => "this week".to_owned(),
            Period::LastWeek => "last week".to_owned(),
            Period::ThisMonth => "this month".to_owned(),
            Period::LastMonth => "last month".to_owned(),
            Period::ThisYear => "this year".to_owned(),
            Period::LastYear => "last year".to_owned(),
            Period::TwelveMonths => "last 12 months".to_owned(),
            Period::Range(from, to) => format!("{from} to {to}"),
        }
    }

    /// Its word behind `--period`; a range is said by its days.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            Period::All => "all",
            Period::Today => "today",
            Period::Yesterday => "yesterday",
            Period::ThisWeek => "this-week",
            Period::LastWeek => "last-week",
            Period::ThisMonth => "this-month",
            Period::LastMonth => "last-month",
            Period::ThisYear => "this-year",
            Period::LastYear => "last-year",
            Period::TwelveMonths => "last-12-months",
            Period::Range(..) => return None,
        })
    }

    /// The period of that word.
    pub fn by_word(word: &str) -> Option<Period> {
        Period::NAMED.into_iter().find(|period| period.word() == Some(word))
    }

    /// As words of a report: what has a name moves with the day it is asked on.
    pub fn options(self) -> Vec<String> {
        match (self, self.word()) {
            (Period::All, _) => Vec::new(),
            (Period::Range(from, to), _) => {
                ["--from", &from.to_string(), "--to", &to.add_days(1).to_string()].map(str::to_owned).to_vec()
            }
            (_, word) => word.map_or_else(Vec::new, |word| vec!["--period".to_owned(), word.to_owned()]),
        }
    }

    /// The first day and the day after the last; `None` is everything.
    pub fn days(self, today: Day) -> Option<(Day, Day)> {
        let tomorrow = today.add_days(1);
        let monday = today.add_days(-i32::from(today.weekday()));
        let month = today.month_start();
        let year = month.add_months(1 - today.month() as i32);
        Some(match self {
            Period::All => return None,
            Period::Today => (today, tomorrow),
            Period::Yesterday => (today.add_days(-1), today),
            Period::ThisWeek => (monday, tomorrow),
            Period::LastWeek => (monday.add_days(-7), monday),
            Period::ThisMonth => (month, tomorrow),
            Period::LastMonth => (month.add_months(-1), month),
            Period::ThisYear => (year, tomorrow),
            Period::LastYear => (year.add_months(-12), year),
            Period::TwelveMonths => (month.add_months(-11), tomorrow),
            Period::Range(from, to) => (from, to.add_days(1)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_end_where_the_next_begins() {
        let today = Day::parse("2026-11-20").unwrap();
        let days = |period: Period| {
            let (from, to) = period.days(today).unwrap();
            format!("{from} {to}")
        };
        assert_eq!(days(Period::ThisWeek), "2026-11-16 2026-11-21");
        assert_eq!(days(Period::LastWeek), "2026-11-09 2026-11-16");
        assert_eq!(days(Period::LastMonth), "2026-10-01 2026-11-01");
        assert_eq!(days(Period::ThisYear), "2026-01-01 2026-11-21");
        assert_eq!(days(Period::LastYear), "2025-01-01 2026-01-01");
        assert_eq!(days(Period::Range(today, today)), "2026-11-20 2026-11-21");
        assert_eq!(Period::All.days(today), None);
        for period in Period::NAMED {
            assert_eq!(period.word().and_then(Period::by_word), Some(period));
        }
    }
}
