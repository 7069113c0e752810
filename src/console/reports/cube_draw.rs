//! The cube in cells: heads that stay, columns that scroll, totals, shades, and what the marked cell says.

use super::cube::Cube;
use super::cube_ask::Show;
use super::cutting::slice_words;
use super::figure::shown;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::{chart, part, put, put_right, rule, upright};
use crate::report::Value;
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns of a figure.
const CELL: u16 = 12;
/// Columns of a sparkline.
const TREND: u16 = 10;

/// How many figures fit beside the heads, and how many rows.
pub(super) fn room(area: Rect) -> (usize, usize) {
    let head = head_width(area);
    let trend = if area.width >= 100 { TREND + 2 } else { 0 };
    let columns = area.width.saturating_sub(head + 2 + CELL + trend) / CELL;
    (usize::from(columns.max(1)), usize::from(area.height.saturating_sub(7)).max(1))
}

fn head_width(area: Rect) -> u16 {
    (area.width / 4).clamp(12, 30)
}

/// What stands at the cube's head beside its view.
pub(super) struct Head<'a> {
    /// What it is called.
    pub name: &'a str,
    pub period: &'a str,
    pub store: &'a str,
    pub live: &'a str,
}

/// Draws the cube.
pub(super) fn draw(cube: &Cube, head: &Head<'_>, minor: u8, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    heading(cube, head, look, area, buffer);
    if let Some(why) = &cube.why_not {
        put(buffer, area, 2, 4, why, look.style(Role::Negative));
        return;
    }
    if cube.answer().is_none() {
        put(buffer, area, 2, 4, "adding up …", look.style(Role::Muted));
        return;
    }
    if cube.rows.is_empty() {
        put(buffer, area, 2, 4, "Nothing was sold in these days, cut like this. u goes back.", look.style(Role::Muted));
        return;
    }
    let (columns, rows) = room(area);
    let head = head_width(area);
    let first_row = cube.row.first.clamp((cube.row.at + 1).saturating_sub(rows), cube.row.at);
    let first_column = cube.column.first.clamp((cube.column.at + 1).saturating_sub(columns), cube.column.at);
    let across: Vec<usize> = (first_column..cube.columns.len()).take(columns).collect();
    let total = head + 1 + across.len() as u16 * CELL;
    for (place, at) in across.iter().enumerate() {
        let end = head + 1 + (place as u16 + 1) * CELL;
        let role = if *at == cube.column.at { Role::Accent } else { Role::Muted };
        let name =
            cube.columns.get(*at).map(|member| text::fit(&member.name, usize::from(CELL - 1))).unwrap_or_default();
        put_right(buffer, area, end, 2, &name, look.style(role));
    }
    put_right(buffer, area, total + CELL, 2, "Total", look.style(Role::Heading));
    if across.len() < cube.columns.len() {
        let words = hidden(first_column, across.len(), cube.columns.len(), look.ascii);
        put(buffer, part(area, 0, 2, head, 1), 2, 0, &words, look.style(Role::Key));
    }
    let border = look.style(Role::Border);
    let most = (0..cube.rows.len()).flat_map(|row| (0..cube.columns.len()).map(move |column| (row, column)));
    let most = most.map(|(row, column)| cube.weight(row, column)).fold(0.0, f64::max);
    let in_sight: Vec<usize> = (first_row..cube.rows.len()).take(rows).collect();
    for (place, row) in in_sight.iter().enumerate() {
        let y = 3 + place as u16;
        paint_row(cube, *row, (y, most, total), &across, minor, look, area, buffer);
    }
    let y = 3 + in_sight.len() as u16;
    rule(buffer, area, y, border, look.ascii);
    put(buffer, area, 2, y + 1, "Total", look.style(Role::Heading));
    for (place, at) in across.iter().enumerate() {
        let end = head + 1 + (place as u16 + 1) * CELL;
        let words = total_words(cube, (None, Some(*at)), minor);
        put_right(buffer, area, end, y + 1, &words, look.style(Role::Heading));
    }
    put_right(buffer, area, total + CELL, y + 1, &total_words(cube, (None, None), minor), look.style(Role::Total));
    upright(buffer, part(area, 0, 2, area.width, y.saturating_sub(2)), head, border, look.ascii);
    foot(cube, minor, look, area, buffer);
}

#[allow(clippy::too_many_arguments, reason = "one row of one picture")]
fn paint_row(
    cube: &Cube,
    row: usize,
    (y, most, total): (u16, f64, u16),
    across: &[usize],
    minor: u8,
    look: &Look<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    const HEAT: [Role; 5] = [Role::Text, Role::Heat1, Role::Heat2, Role::Heat3, Role::Heat4];
    const MARKS: [&str; 5] = [" ", "░", "▒", "▓", "█"];
    let head = head_width(area);
    let marked = row == cube.row.at;
    let name = cube.rows.get(row).map(|member| text::fit(&member.name, usize::from(head - 3))).unwrap_or_default();
    let role = if marked { Role::Accent } else { Role::Text };
    if marked {
        put(buffer, area, 0, y, if look.ascii { ">" } else { "▸" }, look.style(role));
    }
    put(buffer, area, 2, y, &name, look.style(role));
    for (place, column) in across.iter().enumerate() {
        let end = head + 1 + (place as u16 + 1) * CELL;
        let here = marked && *column == cube.column.at;
        let words = cube.shown(row, *column).map_or("·".to_owned(), |value| cell_words(cube, &value, minor));
        let level = if cube.heat && most > 0.0 {
            ((cube.weight(row, *column) / most * 4.0).ceil().max(0.0) as usize).min(4)
        } else {
            0
        };
        let style = look.style(if here { Role::Selected } else { Role::Text });
        put_right(buffer, area, end, y, &format!(" {words}"), style);
        if level > 0 && !look.ascii {
            put(buffer, area, end - CELL + 1, y, MARKS[level], look.style(HEAT[level]));
        }
    }
    let words = total_words(cube, (Some(row), None), minor);
    put_right(buffer, area, total + CELL, y, &words, look.style(Role::Heading));
    if area.width >= 100 {
        let values: Vec<f64> = (0..cube.columns.len()).map(|column| cube.number(row, column)).collect();
        let spark = chart::spark(&values, usize::from(TREND), look.ascii);
        put(buffer, area, total + CELL + 2, y, &spark, look.style(Role::Muted));
    }
}

fn heading(cube: &Cube, head: &Head<'_>, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let Head { name, period, store, live } = head;
    let more = if look.ascii { "v" } else { "▾" };
    let show = match cube.show() {
        Show::Value => "value",
        Show::OfRow => "% of row",
        Show::OfColumn => "% of column",
        Show::LastYear => "against last year",
    };
    let words = |text: &str| text.replace(['-', '_'], " ");
    let x = put(buffer, area, 1, 0, name, look.style(Role::Accent));
    let title =
        format!("{} {more}   {show} {more}   {period} {more}   {store} {more}", words(cube.view.measure.word()));
    put(buffer, part(area, 0, 0, area.width.saturating_sub(9), 1), x + 3, 0, &title, look.style(Role::Text));
    put_right(buffer, area, area.width.saturating_sub(1), 0, live, look.style(Role::Positive));
    let axes = format!("rows {}   columns {}", words(cube.view.rows.word()), words(cube.view.columns.word()));
    let mut x = put(buffer, area, 1, 1, &axes, look.style(Role::Muted)) + 3;
    let slices = &cube.view.slices;
    for (at, slice) in slices.iter().enumerate() {
        let chip = slice_words(slice);
        // Those that do not fit are counted at least.
        let rest = format!("and {} more", slices.len() - at);
        let behind = if at + 1 < slices.len() { text::width(&rest) + 2 } else { 0 };
        if at > 0 && usize::from(x) + text::width(&chip) + behind > usize::from(area.width) {
            put(buffer, area, x, 1, &rest, look.style(Role::Key));
            break;
        }
        x = put(buffer, area, x, 1, &chip, look.style(Role::Key)) + 2;
    }
}

/// A cell's value: a part in per cent, a change with its sign, else the figure.
fn cell_words(cube: &Cube, value: &Value, minor: u8) -> String {
    match (value, cube.show()) {
        (Value::Fixed4(share), Show::OfRow | Show::OfColumn) => format!("{:.1} %", *share as f64 / 10_000.0),
        (Value::Fixed4(change), Show::LastYear) => format!("{:+.1} %", *change as f64 / 10_000.0),
        _ => shown(value, minor),
    }
}

/// The total of a row, a column, or all: in the measure of the cells, so that it can be read along with them.
fn total_words(cube: &Cube, (row, column): (Option<usize>, Option<usize>), minor: u8) -> String {
    cube.total_shown(row, column).map(|value| cell_words(cube, &value, minor)).unwrap_or_default()
}

/// Which of the columns are in sight, and on which side there are more.
fn hidden(first: usize, in_sight: usize, whole: usize, ascii: bool) -> String {
    let (left, right, to) = if ascii { ("< ", " >", "-") } else { ("◂ ", " ▸", "–") };
    let left = if first > 0 { left } else { "" };
    let right = if first + in_sight < whole { right } else { "" };
    format!("{left}{}{to}{} of {whole}{right}", first + 1, first + in_sight)
}

/// The marked cell in words: what it is, of how many receipts, and its part of the row.
fn foot(cube: &Cube, minor: u8, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let (row, column) = (cube.row.at, cube.column.at);
    let (Some(down), Some(over)) = (cube.rows.get(row), cube.columns.get(column)) else { return };
    let sign = if look.ascii { "x" } else { "×" };
    let mut words = format!("{} {sign} {}", down.name, over.name);
    match cube.shown(row, column) {
        None => words.push_str(": nothing"),
        Some(value) => {
            let share = cube.row_totals.get(row).and_then(Value::approximate).filter(|whole| *whole != 0.0);
            let orders = cube.orders.get(row).and_then(|row| row.get(column)).and_then(Option::as_ref);
            words.push_str(&format!(" = {}", cell_words(cube, &value, minor)));
            if let Some(orders) = orders {
                let receipts = if *orders == Value::Count(1) { "receipt" } else { "receipts" };
                words.push_str(&format!(" · {} {receipts}", shown(orders, minor)));
            }
            if let Some(whole) = share.filter(|_| cube.show() == Show::Value) {
                words.push_str(&format!(" · {:.1} % of the row", cube.number(row, column) / whole * 100.0));
            }
        }
    }
    put(buffer, area, 1, area.height.saturating_sub(1), &words, look.style(Role::Accent));
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn columns_out_of_sight_are_counted() {
        assert_eq!(hidden(0, 3, 5, false), "1–3 of 5 ▸");
        assert_eq!(hidden(1, 3, 5, false), "◂ 2–4 of 5 ▸");
        assert_eq!(hidden(2, 3, 5, true), "< 3-5 of 5");
    }
}
