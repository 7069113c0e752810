//! The columns of a report's table: their heads and widths, and which of them go first where room is short.

use super::figure::cell;
use super::state::Reports;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{Cell, Column};
use crate::report::{Answer, AnswerColumn, Kind};
use crate::unit::text;

/// What the row of totals is called.
const TOTAL: &str = "Total";
/// Figures that stand beside another one and say nothing without it, and what they are called right behind it.
const BESIDE: [(&str, &str); 4] =
    [("_before", "Before"), ("_change_pct", "Change"), ("_share", "Share"), ("_running", "Running")];
/// Names that are longer than what stands below them, so that they would push others out.
const SHORT: [(&str, &str); 3] = [("recency", "Recent"), ("frequency", "Often"), ("monetary", "Spent")];
/// Detail, what is missed least first.
const DETAIL: [&str; 10] =
    ["gross", "discounts", "tax", "returns", "cost", "units", "customers", "margin", "last_order", "sales"];

/// A report's or column's name in words.
pub(super) fn title(name: &str) -> String {
    let mut words = name.replace(['-', '_'], " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

impl Reports {
    /// A column with its head, marked where the rows are sorted by it.
    pub(super) fn column(&self, answer: &Answer, at: usize, goes: u8, look: &Look<'_>) -> Column {
        let column = column(answer, at, goes);
        let mark = match (self.sorted, look.ascii) {
            (Some((sorted, true)), false) if sorted == at => "▾",
            (Some((sorted, false)), false) if sorted == at => "▴",
            (Some((sorted, true)), true) if sorted == at => "v",
            (Some((sorted, false)), true) if sorted == at => "^",
            _ => return column,
        };
        let head = format!("{mark}{}", column.head);
        let width = if column.width == 0 { 0 } else { column.width.max(text::width(&head) as u16) };
        Column { head, width, ..column }
    }
}

/// The figure a column stands beside, and its short name there.
fn beside(answer: &Answer, at: usize) -> Option<(usize, &'static str)> {
    let name = &answer.columns.get(at)?.name;
    BESIDE.iter().find_map(|(end, short)| {
        let figure = name.strip_suffix(end)?;
        Some((answer.columns.iter().position(|column| column.name == figure)?, *short))
    })
}

fn column(answer: &Answer, at: usize, goes: u8) -> Column {
    let source = &answer.columns[at];
    let head = match beside(answer, at) {
        // Their figure never goes before they do, and they stand right behind it.
        Some((figure, short)) if (figure + 1..at).all(|between| beside(answer, between).is_some()) => short.to_owned(),
        _ => SHORT
            .iter()
            .find(|(name, _)| source.name == *name)
            .map_or_else(|| title(&source.name), |(_, short)| (*short).to_owned()),
    };
    let cells = answer.rows.iter().take(200).map(|row| text::width(&cell(&row[at], source, answer.minor)));
    let total = answer.total(&source.name).map_or(0, |value| text::width(&cell(value, source, answer.minor)));
    let least = if at == 0 && total_row(answer).is_some() { TOTAL.len() } else { 0 };
    let width = cells.max().unwrap_or(0).max(text::width(&head)).max(total).max(least) as u16;
    match source.kind {
        Kind::Text if source.name == "name" => Column::words(&head),
        kind if kind.is_numeric() => Column::number(&head, width, goes),
        _ => Column::fixed(&head, width.min(28), goes),
    }
}

/// When each column goes where room is short, the larger the sooner, 0 never: what is said by others and detail first, then
/// what the report is about, and its own figure never.
pub(super) fn priority(answer: &Answer, sorted: Option<usize>) -> Vec<u8> {
    let named = |name: &str| answer.columns.iter().position(|column| column.name == name);
    let all = || 0..answer.columns.len();
    let is = |at: usize, wanted: fn(&AnswerColumn) -> bool| answer.columns.get(at).is_some_and(wanted);
    let kept: Vec<usize> = [Some(0), answer.figure(), named("name")].into_iter().flatten().collect();
    let detail = DETAIL.iter().rev().filter_map(|name| named(name));
    let is_detail = |at: &usize| answer.columns.get(*at).is_some_and(|column| DETAIL.contains(&&*column.name));
    // The most wanted first; each brings what stands beside it.
    let wanted = kept
        .iter()
        .copied()
        .chain(sorted)
        .chain(answer.about().iter().filter_map(|name| named(name)))
        .chain(all().filter(|at| is(*at, |column| !column.kind.is_numeric())))
        .chain(all().filter(|at| !is_detail(at)))
        .chain(detail);
    let mut order: Vec<usize> = Vec::new();
    for at in wanted {
        let figure = beside(answer, at).map_or(at, |(figure, _)| figure);
        let with = all().filter(|other| beside(answer, *other).is_some_and(|(of, _)| of == figure));
        for at in [figure].into_iter().chain(with) {
            if !order.contains(&at) {
                order.push(at);
            }
        }
    }
    let place = |at: usize| order.iter().position(|other| *other == at).unwrap_or(order.len());
    all().map(|at| if kept.contains(&at) { 0 } else { place(at).clamp(1, 255) as u8 }).collect()
}

/// The cells of the row of totals, where the report has any.
pub(super) fn total_row(answer: &Answer) -> Option<Vec<Cell>> {
    if answer.rows.len() < 2 {
        return None;
    }
    let mut any = false;
    let cells = answer.columns.iter().enumerate().map(|(at, column)| match answer.total(&column.name) {
        Some(value) => {
            any = true;
            Cell::with(cell(value, column, answer.minor), Role::Heading)
        }
        None if at == 0 => Cell::with(TOTAL, Role::Heading),
        None => Cell::of(""),
    });
    let cells: Vec<Cell> = cells.collect();
    any.then_some(cells)
}
