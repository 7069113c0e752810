//! The chart that suits an answer: columns over time, a heat map of the week, bars of the rest.

use super::figure::{cell, weekday};
use crate::console::screen::Look;
use crate::console::widget::chart::{self, Bar};
use crate::report::{Answer, Kind, Value};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Whether there is anything to draw.
pub(super) fn has_picture(answer: &Answer) -> bool {
    answer.rows.len() > 1 && answer.figure().is_some()
}

/// Draws the chart.
pub(super) fn draw(answer: &Answer, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(figure) = answer.figure() else { return };
    let Some(first) = answer.columns.first() else { return };
    match first.kind {
        Kind::Month if answer.columns.get(1).is_some_and(|column| column.kind == Kind::Number) => {
            triangle(answer, look, area, buffer);
        }
        Kind::Weekday if answer.columns.get(1).is_some_and(|column| column.kind == Kind::Hour) => {
            heat(answer, figure, look, area, buffer);
        }
        Kind::Weekday | Kind::Date | Kind::Week | Kind::Month | Kind::Quarter | Kind::Year | Kind::Hour => {
            // However the table is sorted, time goes on from left to right.
            let mut rows: Vec<&Vec<Value>> = answer.rows.iter().collect();
            rows.sort_by_cached_key(|row| match &row[0] {
                Value::Count(number) => (*number, String::new()),
                label => (0, label.plain(answer.minor)),
            });
            let labels: Vec<String> = rows.iter().map(|row| cell(&row[0], first, answer.minor)).collect();
            let values: Vec<f64> = rows.iter().map(|row| row[figure].approximate().unwrap_or(0.0)).collect();
            chart::columns(&values, &labels, look, area, buffer);
        }
        _ => bars(answer, figure, look, area, buffer),
    }
}

fn bars(answer: &Answer, figure: usize, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let bars = answer.bar_rows(figure).into_iter().map(|bar| Bar {
        label: bar.label,
        value: bar.length,
        words: cell(&bar.row[figure], &answer.columns[figure], answer.minor),
    });
    chart::bars(&bars.collect::<Vec<_>>(), look, area, buffer);
}

/// Cohorts down, the months since across, each shaded by how many of the cohort came then.
fn triangle(answer: &Answer, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(retention) = answer.columns.iter().position(|column| column.name == "retention") else { return };
    let since = |row: &[Value]| row[1].approximate().unwrap_or(0.0) as usize;
    let months = answer.rows.iter().map(|row| since(row)).max().unwrap_or(0) + 1;
    let mut rows: Vec<(String, Vec<f64>)> = Vec::new();
    for row in &answer.rows {
        let cohort = row[0].plain(answer.minor);
        if rows.last().is_none_or(|(last, _)| *last != cohort) {
            rows.push((cohort, Vec::new()));
        }
        if let Some((_, cells)) = rows.last_mut() {
            cells.resize(since(row) + 1, 0.0);
            cells[since(row)] = row[retention].approximate().unwrap_or(0.0);
        }
    }
    // The newest are looked at first, and all there are seldom fit.
    let fit = usize::from(area.height.saturating_sub(1));
    rows.drain(..rows.len().saturating_sub(fit));
    let heads: Vec<String> = (0..months).map(|month| month.to_string()).collect();
    chart::heat(&rows, &heads, look, area, buffer);
}

/// Weekdays across, hours down.
fn heat(answer: &Answer, figure: usize, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let count = |value: &Value| value.approximate().map(|number| number as usize);
    let mut cells = [[0.0f64; 7]; 24];
    for row in &answer.rows {
        if let (Some(weekday @ 0..7), Some(hour @ 0..24)) = (count(&row[0]), count(&row[1])) {
            cells[hour][weekday] = row[figure].approximate().unwrap_or(0.0);
        }
    }
    let most = cells.iter().flatten().copied().fold(0.0, f64::max);
    let open = |hour: usize| cells[hour].iter().any(|value| *value > 0.0);
    let first = (0..24).find(|hour| open(*hour)).unwrap_or(0);
    let last = (0..24).rfind(|hour| open(*hour)).unwrap_or(23);
    let share = |value: &f64| if most > 0.0 { value / most } else { 0.0 };
    let rows: Vec<(String, Vec<f64>)> =
        (first..=last).map(|hour| (format!("{hour:>2}"), cells[hour].iter().map(share).collect())).collect();
    let heads: Vec<String> = (0..7).filter_map(weekday).map(str::to_owned).collect();
    chart::heat(&rows, &heads, look, area, buffer);
}
