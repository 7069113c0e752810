//! The Customers screen in cells: the list, and beside it the marked person where there is room.

use super::state::{Customers, Row};
use super::text::WIDTH;
use crate::console::layer::draw_filter;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::beside::Beside;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{part, put, put_right};
use crate::unit::Text;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The marked customer beside the list.
const BESIDE: Beside = Beside { width: WIDTH as u16, from: 116 };

impl Customers {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let list = BESIDE.list(area);
        let cursor = self.paint_search(look, part(list, 0, 0, list.width, 1), buffer);
        let columns = [
            Column::fixed("Id", 10, 2),
            Column::words("Name"),
            Column::fixed("Location", 16, 1),
            Column::fixed("Phone", 18, 0),
            Column::fixed("E-mail", 30, 4),
        ];
        let rows: Vec<Vec<Cell>> =
            self.rows.iter().map(|row| cells(row, self.picked.contains(&row.customer.id))).collect();
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then(|| self.cursor.at - self.cursor.first),
            focused: !self.filtering,
            window: Some((self.cursor.first, self.whole)),
            empty: if self.found.is_some() { "Nobody is found." } else { "No customer yet. a adds one." },
        };
        table::draw(&view, look, part(list, 0, 1, list.width, list.height), buffer);
        BESIDE.draw_page(&self.page, look, area, buffer);
        cursor
    }

    fn paint_search(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.filtering {
            return draw_filter(&self.field, look, area, buffer);
        }
        let words = match &self.found {
            None => {
                let order = if self.oldest_first { "oldest first" } else { "newest first" };
                format!("{order}   / name, phone, e-mail, town, id")
            }
            Some(_) => format!("found by {}   Esc shows all", self.field.text().trim()),
        };
        let x = put(buffer, area, 2, 0, &words, look.style(Role::Muted));
        if !self.picked.is_empty() {
            put(buffer, area, x + 3, 0, &format!("{} marked", self.picked.len()), look.style(Role::Key));
        }
        let count = crate::unit::Quantity::pieces(self.whole as i64).grouped();
        put_right(buffer, area, area.width.saturating_sub(1), 0, &count, look.style(Role::Muted));
        None
    }
}

fn cells(row: &Row, picked: bool) -> Vec<Cell> {
    let words = |text: Option<&Text>| text.map(|text| text.to_string()).unwrap_or_default();
    let known = &row.known;
    let name = match (&known.name, row.customer.version) {
        (Some(name), _) => Cell::of(name.to_string()),
        (None, 0) => Cell::with("erased", Role::Muted),
        (None, _) => Cell::with("no name", Role::Muted),
    };
    vec![
        match picked {
            true => Cell::starred(row.customer.ext.to_string()),
            false => Cell::of(row.customer.ext.to_string()),
        },
        name,
        Cell::of(words(known.location.as_ref())),
        Cell::of(words(known.phone.as_ref())),
        Cell::of(words(known.email.as_ref())),
    ]
}
