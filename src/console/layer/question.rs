//! A question before something that destroys. The answer that changes nothing is marked; a scan or a paste never says yes.

use super::{Said, ground, sheet};
use crate::console::theme::{Look, Role};
use crate::console::widget::{put, wrap};
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

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
        let inside = sheet(look, area, 64, 10, &self.question, buffer);
        for (y, line) in (0..).zip(wrap(&self.detail, usize::from(inside.width), 2)) {
            put(buffer, inside, 0, y, &line, ground(look, Role::Muted));
        }
        let (no, yes) = if self.on_yes {
            (look.style(Role::Dialog), look.style(Role::Danger))
        } else {
            (look.style(Role::Selected), ground(look, Role::Negative))
        };
        let y = 3;
        let mark = |on: bool| match (on, look.ascii) {
            (true, true) => ">",
            (true, false) => "▸",
            (false, _) => " ",
        };
        let x = put(buffer, inside, 0, y, &format!("{} Keep ", mark(!self.on_yes)), no);
        put(buffer, inside, x + 2, y, &format!("{} {} ", mark(self.on_yes), self.yes), yes);
        put(buffer, inside, 0, 5, "Arrows choose, Enter takes, Esc keeps", ground(look, Role::Muted));
        None
    }
}
