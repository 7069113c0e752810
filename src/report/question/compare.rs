//! With which period an answer is compared, where it lies, and which of its members stands beside which. Knows days and their
//! names, no figure.

use super::calendar::{date_label, day_code, first_day, parse_date_member};
use super::dimension::Dim;
use crate::report::{Kind, UsageFault, Value};
use crate::unit::Day;

/// With which period a question is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// The period of the same length just before.
    Previous,
    /// The same days a year before.
    LastYear,
    /// From this day up to, not including, that one.
    Period(Day, Day),
}

/// A column that follows from another over all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Its part of the whole.
    Share,
    /// What it and all rows before come to.
    Running,
}

/// How far back the other period lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    Days(i32),
    Months(i32),
}

impl Compare {
    /// The period of these words: `previous`, `last-year` or `FROM..TO`.
    ///
    /// # Errors
    /// What may be written instead.
    pub fn parse(text: &str) -> Result<Compare, UsageFault> {
        match text {
            "previous" => return Ok(Compare::Previous),
            "last-year" => return Ok(Compare::LastYear),
            _ => {}
        }
        let days = text.split_once("..").and_then(|(from, to)| Some((Day::parse(from).ok()?, Day::parse(to).ok()?)));
        match days {
            Some((from, to)) if from < to => Ok(Compare::Period(from, to)),
            _ => Err(UsageFault(format!("--compare {text}: write previous, last-year or FROM..TO"))),
        }
    }

    /// The other period of `from` to `to`, exclusive.
    pub(crate) fn period(self, from: Day, to: Day) -> (Day, Day) {
        match self {
            Compare::Period(from, to) => (from, to),
            _ => {
                let shift = self.shift(from, to);
                (shift.back(from), shift.back(to))
            }
        }
    }

    /// How far back that lies from `from` to `to`.
    pub(crate) fn shift(self, from: Day, to: Day) -> Shift {
        match self {
            Compare::LastYear => Shift::Months(12),
            Compare::Previous => {
                calendar(from, to).map_or_else(|| Shift::Days(days_between(from, to).max(1)), Shift::Months)
            }
            Compare::Period(other, _) => match whole_months(other, from) {
                Some(months) if from == from.month_start() => Shift::Months(months),
                _ => Shift::Days(days_between(other, from)),
            },
        }
    }
}

fn months_between(from: Day, to: Day) -> i32 {
    (to.year() - from.year()) * 12 + to.month() as i32 - from.month() as i32
}

/// How many months, where there is no part of one.
fn whole_months(from: Day, to: Day) -> Option<i32> {
    let months = months_between(from, to);
    (from == from.month_start() && to == to.month_start() && months > 0).then_some(months)
}

/// How many months lie between a period of the calendar and the one before: the month, quarter or year that is under way
/// stands beside as much of the last one; whole months stay whole.
fn calendar(from: Day, to: Day) -> Option<i32> {
    if from != from.month_start() || to <= from {
        return None;
    }
    let begun = months_between(from, to.add_days(-1)) + 1;
    let whole = to == to.month_start();
    Some(match (begun, from.month()) {
        (2..=12, 1) if !whole => 12,
        (2..=3, 4 | 7 | 10) if !whole => 3,
        _ => begun,
    })
}

/// Days are counted in years, so that they fit.
fn days_between(from: Day, to: Day) -> i32 {
    i32::try_from(to.days_since(from)).unwrap_or(i32::MAX)
}

impl Shift {
    fn back(self, day: Day) -> Day {
        match self {
            Shift::Days(days) => day.add_days(-days),
            Shift::Months(months) => day.add_months(-months),
        }
    }

    /// A day of the other period in this one.
    pub(crate) fn forth(self, day: Day) -> Day {
        match self {
            Shift::Days(days) => day.add_days(days),
            Shift::Months(months) => day.add_months(months),
        }
    }

    /// The member of this period that a member of the other one stands for.
    pub(crate) fn member(self, kind: Kind, value: &Value) -> Value {
        let Value::Text(label) = value else { return value.clone() };
        let dim = match kind {
            Kind::Date => Dim::Day,
            Kind::Week => Dim::Week,
            Kind::Month => Dim::Month,
            Kind::Quarter => Dim::Quarter,
            _ => return value.clone(),
        };
        let Some(day) = parse_date_member(dim, label).and_then(|code| first_day(dim, code)) else {
            return value.clone();
        };
        let there = match (dim, self) {
            // A year is 52 weeks and a day or two: weeks stand beside weeks.
            (Dim::Week, Shift::Months(12)) => day.add_days(364),
            _ => self.forth(day),
        };
        Value::text(date_label(dim, day_code(dim, there)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn the_other_period_is_the_one_that_is_meant() {
        let (march, april) = (day("2024-03-01"), day("2024-04-01"));
        assert_eq!(Compare::Previous.period(march, april), (day("2024-02-01"), march), "whole months stay whole");
        let november = day("2024-11-22");
        assert_eq!(Compare::Previous.period(day("2024-01-01"), november), (day("2023-01-01"), day("2023-11-22")));
        assert_eq!(Compare::Previous.period(day("2024-10-01"), november), (day("2024-07-01"), day("2024-08-22")));
        assert_eq!(Compare::Previous.period(day("2024-11-01"), november), (day("2024-10-01"), day("2024-10-22")));
        assert_eq!(
            Compare::Previous.period(day("2024-01-01"), day("2024-07-01")),
            (day("2023-07-01"), day("2024-01-01")),
            "half a year beside the half before"
        );
        assert_eq!(Compare::LastYear.period(march, april), (day("2023-03-01"), day("2023-04-01")));
        assert_eq!(
            Compare::Previous.period(day("2024-03-04"), day("2024-03-11")),
            (day("2024-02-26"), day("2024-03-04"))
        );
        assert_eq!(Compare::parse("2023-01-01..2023-02-01"), Ok(Compare::Period(day("2023-01-01"), day("2023-02-01"))));
        for wrong in ["", "yesterday", "2023-02-01..2023-01-01", "2023-02-30..2023-03-01"] {
            assert!(Compare::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn members_of_dates_stand_beside_each_other() {
        let text = |label: &str| Value::text(label);
        let year = Shift::Months(12);
        assert_eq!(year.member(Kind::Date, &text("2023-03-05")), text("2024-03-05"));
        assert_eq!(year.member(Kind::Month, &text("2023-12")), text("2024-12"));
        assert_eq!(year.member(Kind::Quarter, &text("2023-Q4")), text("2024-Q4"));
        assert_eq!(year.member(Kind::Week, &text("2023-W09")), text("2024-W09"));
        assert_eq!(year.member(Kind::Week, &text("2020-W53")), text("2021-W52"));
        assert_eq!(Shift::Days(7).member(Kind::Date, &text("2024-02-26")), text("2024-03-04"));
        assert_eq!(Shift::Months(1).member(Kind::Month, &text("2023-12")), text("2024-01"));
        assert_eq!(year.member(Kind::Text, &text("Tea")), text("Tea"));
        assert_eq!(year.member(Kind::Month, &text("unknown")), text("unknown"));
    }
}
