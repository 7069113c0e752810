//! A list, and beside it the page of its marked row where there is room for both.

use super::{part, put, upright};
use crate::console::theme::{Look, Role};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What a list leaves to the page beside it.
pub struct Beside {
    /// The page's columns.
    pub width: u16,
    /// From this width of the whole on there is room for both.
    pub from: u16,
}

impl Beside {
    /// The list's part of an area.
    pub fn list(&self, area: Rect) -> Rect {
        if area.width < self.from {
            return area;
        }
        part(area, 0, 0, area.width.saturating_sub(self.width + 3), area.height)
    }

    /// Draws the page, its first line as its title.
    pub fn draw_page(&self, lines: &[String], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        if area.width < self.from {
            return;
        }
        let left = self.list(area).width;
        upright(buffer, area, left, look.style(Role::Border), look.ascii);
        let page = part(area, left + 2, 0, self.width, area.height);
        for (y, line) in (0..page.height).zip(lines) {
            let role = if y == 0 { Role::Accent } else { Role::Text };
            put(buffer, page, 0, y, line, look.style(role));
        }
    }
}
