//! A page of text to read: a receipt, an explanation.

use super::{Said, ground, sheet};
use crate::console::keymap::Action;
use crate::console::theme::{Look, Role};
use crate::console::widget::put;
use crate::unit::text;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The layer.
#[derive(Debug)]
pub struct Page {
    title: String,
    lines: Vec<String>,
    first: usize,
}

impl Page {
    /// Shows `text`.
    pub fn new(title: String, text: &str) -> Page {
        Page { title, lines: text.lines().map(str::to_owned).collect(), first: 0 }
    }

    pub(super) fn key(&mut self, key: KeyEvent, action: Option<Action>) -> Said {
        match (key.code, action) {
            (KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q'), _) => return Said::Close,
            (KeyCode::Char('y'), _) => return Said::Copy(self.lines.join("\n")),
            (KeyCode::Up | KeyCode::Char('k'), _) => self.first = self.first.saturating_sub(1),
            (KeyCode::Down | KeyCode::Char('j'), _) => {
                self.first = (self.first + 1).min(self.lines.len().saturating_sub(1))
            }
            (KeyCode::PageUp, _) => self.first = self.first.saturating_sub(10),
            (KeyCode::PageDown, _) => self.first = (self.first + 10).min(self.lines.len().saturating_sub(1)),
            _ => {}
        }
        Said::Taken
    }

    pub(super) fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let width = self.lines.iter().map(|line| text::width(line)).max().unwrap_or(0).max(36) as u16 + 6;
        let height = self.lines.len() as u16 + 6;
        let inside = sheet(look, area, width, height, &self.title, buffer);
        let room = inside.height.saturating_sub(2);
        for (y, line) in (0..room).zip(self.lines.iter().skip(self.first)) {
            put(buffer, inside, 0, y, line, look.style(Role::Dialog));
        }
        let more = self.first + usize::from(room) < self.lines.len();
        let words = if more { "Down more   y copy   Esc back" } else { "y copy   Esc back" };
        put(buffer, inside, 0, inside.height.saturating_sub(1), words, ground(look, Role::Muted));
        None
    }
}
