//! An answer beside the same question about another period, shares of the whole and running totals: columns added to rows
//! that are there already.
//!
//! Knows rows and columns, not how they were worked out.

use super::AnswerColumn;
use super::body::Body;
use crate::report::question::{Compare, Derived, percent};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::Day;
use crate::unit::number::ratio4;
use std::collections::HashMap;

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
pub(crate) fn beside(
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
pub(crate) fn derive(mut body: Body, derived: &[Derived], wanted: Option<&str>) -> Result<Body, ReportFault> {
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
