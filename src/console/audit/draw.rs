//! The Audit screen in cells.

use super::state::Audit;
use crate::console::layer::draw_filter;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{part, put};
use crate::report::journal::Act;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns from which on there is room for what an act is about beside what else is said of it.
const WIDE: u16 = 96;

/// Columns from which on whole names have room, and the store beside the register.
const VERY_WIDE: u16 = 130;

impl Audit {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let cursor = self.paint_filter(look, part(area, 0, 0, area.width, 1), buffer);
        let (who, place) = if area.width < VERY_WIDE { (12, 10) } else { (20, 26) };
        let columns = [
            Column::fixed("When", 19, 0),
            Column::fixed("Who", who, 1),
            Column::fixed("At", place, 3),
            Column::fixed("Act", 20, 0),
            Column::fixed("What", 20, 2),
            Column::words("More"),
        ];
        let mut rows: Vec<Vec<Cell>> = self.rows.iter().map(cells).collect();
        if area.width < WIDE {
            // What it is about goes before all that is said of it.
            rows.iter_mut().zip(&self.rows).for_each(|(row, act)| together(row, act));
        }
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then_some(self.marked),
            focused: !self.filtering,
            window: None,
            empty: if self.is_searching() { "Looking…" } else { "No act fits." },
        };
        table::draw(&view, look, part(area, 0, 1, area.width, area.height), buffer);
        cursor
    }

    fn paint_filter(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.filtering {
            return draw_filter(&self.field, look, area, buffer);
        }
        let words = match (&self.fault, self.filter.is_empty(), self.is_searching()) {
            (Some(fault), ..) => fault.clone(),
            (None, true, _) => "who did what, newest first   / person, act, register, day".to_owned(),
            (None, false, false) => format!("only {}   Esc shows all", self.filter.said()),
            (None, false, true) => format!("only {} · looking…   Esc shows all", self.filter.said()),
        };
        let role = if self.fault.is_some() { Role::Danger } else { Role::Muted };
        put(buffer, area, 2, 0, &words, look.style(role));
        None
    }
}

fn cells(act: &Act) -> Vec<Cell> {
    let warns = ["was refused", "failed to sign in", "was locked out", "voided line"].contains(&&*act.act);
    vec![
        Cell::with(moment(act), Role::Muted),
        Cell::of(if act.name.is_empty() { &act.who } else { &act.name }.as_str()),
        Cell::with([&act.register, &act.store].map(String::as_str).join("  ").trim_end(), Role::Muted),
        Cell::with(act.act.as_str(), if warns { Role::Warning } else { Role::Text }),
        Cell::of(act.subject.as_str()),
        Cell::with(act.detail.as_str(), Role::Muted),
    ]
}

/// The last column with what stands in the one before.
fn together(row: &mut [Cell], act: &Act) {
    if let (Some(last), false) = (row.last_mut(), act.subject.is_empty()) {
        last.words = [&act.subject, &act.detail].map(String::as_str).join("  ").trim_end().to_owned();
        last.role = Role::Text;
    }
}

/// Day and time to the second.
pub(super) fn moment(act: &Act) -> String {
    match act.at.time_of_day() {
        Some((hour, minute, second)) => format!("{} {hour:02}:{minute:02}:{second:02}", act.at.day()),
        None => act.at.day().to_string(),
    }
}
