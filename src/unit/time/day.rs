//! Calendar days, and what can be asked of them without a clock or a zone.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{TimeFault, read};

/// A calendar day, as days since 1970-01-01.
///
/// Arithmetic stays within the years 1 to 9999: what would leave them ends at the first or last day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// 0001-01-01.
    pub const MIN: Day = Day(-719_162);
    /// 9999-12-31.
    pub const MAX: Day = Day(2_932_896);

    /// Reads `2024-03-01`.
    pub fn parse(text: &str) -> Result<Day, TimeFault> {
        let mut cursor = read::Cursor::new(text)?;
        let day = cursor.day()?;
        if cursor.is_done() { Ok(day) } else { Err(TimeFault::Form) }
    }

    /// The day of a year, a month from 1 and a day of the month from 1; `None` where the calendar has none.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        NaiveDate::from_ymd_opt(year, month, day).map(Day::from_date)
    }

    /// The year, from 1 to 9999.
    pub fn year(self) -> i32 {
        self.date().year()
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> u32 {
        self.date().month()
    }

    /// The day of the month, from 1.
    pub fn day_of_month(self) -> u32 {
        self.date().day()
    }

    /// The quarter, from 1 to 4.
    pub fn quarter(self) -> u32 {
        self.date().month0() / 3 + 1
    }

    /// The day of the week, from 0 for Monday to 6 for Sunday.
    pub fn weekday(self) -> u8 {
        // 1970-01-01 was a Thursday.
        let day = (i64::from(self.0) + 3).rem_euclid(7);
        u8::try_from(day).unwrap_or_default()
    }

    /// The year and week of ISO 8601: weeks begin on Monday, and week 1 holds the year's first Thursday.
    pub fn iso_week(self) -> (i32, u32) {
        let week = self.date().iso_week();
        (week.year(), week.week())
    }

    /// That many days later, or earlier when negative.
    pub fn add_days(self, days: i32) -> Day {
        Day(self.0.saturating_add(days)).bounded()
    }

    /// That many months later, or earlier when negative; the 31st becomes the last day of a shorter month.
    pub fn add_months(self, months: i32) -> Day {
        let size = Months::new(months.unsigned_abs());
        let date = self.date();
        if months < 0 {
            date.checked_sub_months(size).map_or(Day::MIN, Day::from_date).bounded()
        } else {
            date.checked_add_months(size).map_or(Day::MAX, Day::from_date).bounded()
        }
    }

    /// The first day of its month.
    pub fn month_start(self) -> Day {
        Day::from_ymd(self.year(), self.month(), 1).unwrap_or(self)
    }

    /// How many days it is after `earlier`; negative when it is before.
    pub const fn days_since(self, earlier: Day) -> i64 {
        self.0 as i64 - earlier.0 as i64
    }

    /// Within the years 1 to 9999, whatever the number says.
    pub(super) fn bounded(self) -> Day {
        self.clamp(Day::MIN, Day::MAX)
    }

    fn date(self) -> NaiveDate {
        let since_first = self.bounded().days_since(Day::MIN).unsigned_abs();
        FIRST_DATE.checked_add_days(Days::new(since_first)).unwrap_or(FIRST_DATE)
    }

    fn from_date(date: NaiveDate) -> Day {
        // chrono counts from 0001-01-01 as day 1.
        Day(date.num_days_from_ce() - 1 + Day::MIN.0)
    }
}

const FIRST_DATE: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.date();
        f.pad(&format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
    }
}

/// Completed years on a day; who was born on 29 February has completed one on 1 March of other years.
/// `None` before the birth.
pub fn age_on(birth: Day, on: Day) -> Option<u32> {
    if on < birth {
        return None;
    }
    let before_birthday = (on.month(), on.day_of_month()) < (birth.month(), birth.day_of_month());
    u32::try_from(on.year() - birth.year() - i32::from(before_birthday)).ok()
}
