//! A question before something that destroys. The answer that changes nothing is marked; a scan or a paste never says yes.

use super::{Said, ground, sheet};
use crate::console::theme::{Look, Role};
use crate::console::widget::{put, wrap};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of the sheet.
const WIDTH: u16 = 64;
/// Lines of detail at most.
const LINES: usize = 5;

/// The layer.
#[derive(Debug)]
pub struct Question {
    name: &'static str,
    question: String,
    detail: String,
    yes: &'static str,
    on_yes: bool,
}

impl Question {
    /// Asks; `yes` is the word for doing it.
    pub fn new(name: &'static str, question: String, detail: String, yes: &'static str) -> Question {
        Question { name, question, detail, yes, on_yes: false }
    }

    /// Only the arrows or Tab reach yes, and Enter there says it: no run of characters can.
    pub(super) fn key(&mut self, key: KeyEvent) -> Said {
        match key.code {
            KeyCode::Esc => return Said::Close,
            KeyCode::Left | KeyCode::Right | KeyCode::Tab | KeyCode::BackTab => self.on_yes = !self.on_yes,
            KeyCode::Enter if self.on_yes => return Said::Yes(self.name),
            KeyCode::Enter => return Said::Close,
            // Characters of a scan end with an Enter that must not find yes marked.
            KeyCode::Char(_) => self.on_yes = false,
            _ => {}
        }
        Said::Taken
    }

    pub(super) fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        // As wide as a sheet is inside.
        let columns = area.width.saturating_sub(6).clamp(1, WIDTH - 4);
        let wanted = wrap(&self.detail, usize::from(columns), LINES).len().max(2) as u16;
        let inside = sheet(look, area, WIDTH, wanted + 8, &self.question, buffer);
        // On a low screen words give way, never the answers.
        let rows = wanted.min(inside.height.saturating_sub(2)).max(1);
        for (y, line) in (0..).zip(wrap(&self.detail, usize::from(inside.width), usize::from(rows))) {
            put(buffer, inside, 0, y, &line, ground(look, Role::Muted));
        }
        let (no, yes) = if self.on_yes {
            (look.style(Role::Dialog), look.style(Role::Danger))
        } else {
            (look.style(Role::Selected), ground(look, Role::Negative))
        };
        let y = rows + 1;
        let mark = |on: bool| match (on, look.ascii) {
            (true, true) => ">",
            (true, false) => "▸",
            (false, _) => " ",
        };
        let x = put(buffer, inside, 0, y, &format!("{} Keep ", mark(!self.on_yes)), no);
        put(buffer, inside, x + 2, y, &format!("{} {} ", mark(self.on_yes), self.yes), yes);
        put(buffer, inside, 0, y + 2, "Arrows choose, Enter takes, Esc keeps", ground(look, Role::Muted));
        None
    }
}
