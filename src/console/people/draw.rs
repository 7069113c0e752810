//! The People screen in cells.

use super::state::{People, Row};
use crate::console::layer::draw_filter;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{part, put, put_right};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns from which on the store has room beside the register.
const WIDE: u16 = 130;

impl People {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let waiting = match self.waiting {
            0 => String::new(),
            1 => " · 1 terminal waits".to_owned(),
            many => format!(" · {many} terminals wait"),
        };
        let words = format!("{} at work now{waiting}", self.at_work);
        let room = area.width.saturating_sub(text::width(&words) as u16 + 3);
        let cursor = self.paint_filter(look, part(area, 0, 0, room, 1), buffer);
        put_right(buffer, area, area.width.saturating_sub(1), 0, &words, look.style(Role::Muted));
        let wide = area.width >= WIDE;
        let columns = [
            Column::fixed("Id", 12, 0),
            Column::words("Name"),
            Column::fixed("Roles", 24, 3),
            Column::fixed("Signs in by", 18, 5),
            Column::fixed("At", if wide { 26 } else { 12 }, 1),
            Column::fixed("Since", 6, 2),
            Column::fixed("From", 16, 4),
        ];
        let rows: Vec<Vec<Cell>> =
            self.rows.iter().skip(self.cursor.first).take(self.fit).map(|row| self.cells(row, wide)).collect();
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then(|| self.cursor.at.saturating_sub(self.cursor.first)),
            focused: !self.filtering,
            window: Some((self.cursor.first, self.rows.len())),
            empty: if self.field.is_empty() { "Nobody works here yet." } else { "Nobody fits." },
        };
        table::draw(&view, look, part(area, 0, 1, area.width, area.height), buffer);
        cursor
    }

    fn paint_filter(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.filtering {
            return draw_filter(&self.field, look, part(area, 0, 0, 26, 1), buffer);
        }
        let x = put(buffer, area, 2, 0, "Who works here", look.style(Role::Accent));
        let words = match self.field.is_empty() {
            true => self.sorted.words().to_owned(),
            false => format!("only {}   Esc shows all", self.field.text()),
        };
        put(buffer, area, x + 2, 0, &words, look.style(Role::Muted));
        None
    }

    fn cells(&self, row: &Row, wide: bool) -> Vec<Cell> {
        let person = &row.person;
        let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
        let role = if person.disabled { Role::Muted } else { Role::Text };
        let place = match (&row.seat, person.disabled) {
            (Some(_), _) if wide => format!("{}  {}", row.register, row.store).trim_end().to_owned(),
            (Some(_), _) => row.register.clone(),
            (None, true) => "disabled".to_owned(),
            (None, false) => String::new(),
        };
        let since = row.since.and_then(|since| since.time_of_day());
        let since = since.map(|(hour, minute, _)| format!("{hour:02}:{minute:02}")).unwrap_or_default();
        let from = match &row.seat {
            Some(seat) if seat.session == self.own_session => "this session".to_owned(),
            Some(seat) if seat.from.is_empty() => "this machine".to_owned(),
            Some(seat) => seat.from.clone(),
            None => String::new(),
        };
        vec![
            Cell::with(person.ext.to_string(), Role::Muted),
            Cell::with(person.name.to_string(), role),
            Cell::with(roles.join(", "), role),
            Cell::with(row.proofs.clone(), Role::Muted),
            Cell::with(place, if row.seat.is_some() { Role::Positive } else { Role::Muted }),
            Cell::with(since, Role::Muted),
            Cell::with(from, Role::Muted),
        ]
    }
}
