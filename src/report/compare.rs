//! An answer beside the same question about another period, shares of the whole and running totals: columns added to rows
//! that are there already.

use super::answer::AnswerColumn;
use super::body::Body;
use super::calendar::{date_label, day_code, parse_date_member};
use super::dimension::Dim;
use super::fault::{ReportFault, UsageFault};
use super::measure::percent;
use super::value::{Kind, Value};
use crate::unit::Day;
use crate::unit::number::ratio4;
use std::collections::HashMap;

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
enum Shift {
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
    pub(super) fn period(self, from: Day, to: Day) -> (Day, Day) {
        match self {
            Compare::Period(from, to) => (from, to),
            _ => {
                let shift = self.shift(from, to);
                (shift.back(from), shift.back(to))
            }
        }
    }

    fn shift(self, from: Day, to: Day) -> Shift {
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

    fn forth(self, day: Day) -> Day {
        match self {
            Shift::Days(days) => day.add_days(days),
            Shift::Months(months) => day.add_months(months),
        }
    }

    /// The member of this period that a member of the other one stands for.
    fn member(self, kind: Kind, value: &Value) -> Value {
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
        Value::Text(date_label(dim, day_code(dim, there)))
    }
}

/// The first day of a member of a dimension of dates.
fn first_day(dim: Dim, code: u32) -> Option<Day> {
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

/// Whether a column says which member a row stands for.
fn is_key(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Id
            | Kind::Text
            | Kind::Date
            | Kind::Week
            | Kind::Month
            | Kind::Quarter
            | Kind::Year
            | Kind::Hour
            | Kind::Weekday
            | Kind::Rate
    )
}

fn is_figure(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Quantity | Kind::Money | Kind::Average)
}

/// Puts the other period's figures behind each of a body's own, with the change in per cent. Members of the other period
/// alone follow at the end, without figures of their own, unless the rows are the first so many of more.
pub(super) fn beside(
    body: Body,
    other: &Body,
    compare: Compare,
    period: (Day, Day),
    cut: bool,
) -> Result<Body, ReportFault> {
    let shift = compare.shift(period.0, period.1);
    let keys: Vec<usize> = (0..body.columns.len()).filter(|at| is_key(body.columns[*at].kind)).collect();
    let key = |row: &[Value], forth: bool| -> Vec<String> {
        let of = |at: &usize| {
            let kind = body.columns[*at].kind;
            let year = matches!(kind, Kind::Year);
            match &row[*at] {
                Value::Count(year_before) if year && forth => {
                    let day = Day::from_ymd(*year_before as i32, 1, 1).map(|day| shift.forth(day).year());
                    day.map_or_else(String::new, |year| year.to_string())
                }
                value if forth => shift.member(kind, value).plain(4),
                value => value.plain(4),
            }
        };
        keys.iter().map(of).collect()
    };
    let mut before: HashMap<Vec<String>, &Vec<Value>> = HashMap::new();
    for row in &other.rows {
        before.insert(key(row, true), row);
    }
    let mut columns = Vec::new();
    for column in &body.columns {
        columns.push(column.clone());
        if is_figure(column.kind) {
            columns.push(AnswerColumn::new(format!("{}_before", column.name), column.kind));
            columns.push(AnswerColumn::new(format!("{}_change_pct", column.name), Kind::Percent));
        }
    }
    let mut rows = Vec::with_capacity(body.rows.len());
    for row in &body.rows {
        let there = before.remove(&key(row, false));
        rows.push(widened(&body.columns, row, there));
    }
    // Where more is known of the other period than of these rows, its totals are not theirs.
    let totals_fit = !cut || before.is_empty();
    let gone = before.into_iter().filter(|_| !cut);
    let mut gone: Vec<(Vec<String>, &Vec<Value>)> = gone.collect();
    gone.sort_by(|a, b| a.0.cmp(&b.0));
    for (_, row) in gone {
        let mut own: Vec<Value> = vec![Value::Null; row.len()];
        for at in &keys {
            own[*at] = shift.member(body.columns[*at].kind, &row[*at]);
        }
        rows.push(widened(&body.columns, &own, Some(row)));
    }
    let mut totals = Vec::new();
    for (name, value) in &body.totals {
        totals.push((name.clone(), value.clone()));
        let figure = body.columns.iter().any(|column| column.name == *name && is_figure(column.kind));
        if let Some((_, there)) = other.totals.iter().find(|(other, _)| other == name)
            && figure
        {
            let there = if totals_fit { there } else { &Value::Null };
            totals.push((format!("{name}_before"), there.clone()));
            totals.push((format!("{name}_change_pct"), change(value, there)));
        }
    }
    Ok(Body { columns, rows, totals })
}

fn widened(columns: &[AnswerColumn], row: &[Value], there: Option<&Vec<Value>>) -> Vec<Value> {
    let mut values = Vec::with_capacity(row.len() * 2);
    for (at, (column, value)) in columns.iter().zip(row).enumerate() {
        values.push(value.clone());
        if is_figure(column.kind) {
            let other = there.and_then(|row| row.get(at)).cloned().unwrap_or(Value::Null);
            let change = change(value, &other);
            values.push(other);
            values.push(change);
        }
    }
    values
}

fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Count(number) | Value::Quantity(number) | Value::Money(number) | Value::Fixed4(number) => Some(*number),
        _ => None,
    }
}

fn change(now: &Value, before: &Value) -> Value {
    match (number(now), number(before)) {
        (Some(now), Some(before)) => percent(now - before, before),
        _ => Value::Null,
    }
}

/// Adds what follows from the figure that rows are ordered by: `wanted`, else sales, else the first amount.
pub(super) fn derive(mut body: Body, derived: &[Derived], wanted: Option<&str>) -> Result<Body, ReportFault> {
    let named = |name: &str| body.columns.iter().position(|column| column.name == name && is_figure(column.kind));
    let first = || body.columns.iter().position(|column| is_figure(column.kind) && column.kind != Kind::Count);
    let at = wanted.and_then(named).or_else(|| named("sales")).or_else(first).or_else(|| named("customers"));
    let Some(at) = at else {
        return Err(ReportFault::NotHere("this report has no figure to take shares or running totals of".to_owned()));
    };
    let (name, kind) = (body.columns[at].name.clone(), body.columns[at].kind);
    let whole: i128 = body.rows.iter().filter_map(|row| number(&row[at])).sum();
    for derived in derived {
        let mut running = 0;
        for row in &mut body.rows {
            let own = number(&row[at]).unwrap_or(0);
            running += own;
            row.push(match derived {
                Derived::Share => ratio4(own, whole).map_or(Value::Null, |share| Value::Fixed4(share.0)),
                Derived::Running => match kind {
                    Kind::Count => Value::Count(running),
                    Kind::Quantity => Value::Quantity(running),
                    Kind::Money => Value::Money(running),
                    _ => Value::Fixed4(running),
                },
            });
        }
        body.columns.push(match derived {
            Derived::Share => AnswerColumn::new(format!("{name}_share"), Kind::Ratio),
            Derived::Running => AnswerColumn::new(format!("{name}_running"), kind),
        });
    }
    Ok(body)
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
