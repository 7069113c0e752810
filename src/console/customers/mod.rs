//! The Customers screen: people, what they bought, what they said.

mod draw;
mod forms;
mod state;
mod text;
mod update;

pub use state::Customers;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for Customers {
    fn contexts(&self) -> &'static [Context] {
        if self.filtering { &[Context::Filter] } else { &[Context::Customers, Context::List] }
    }

    fn typing(&self) -> Typing {
        if self.filtering { typing(&self.field) } else { Typing::No }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        match action {
            _ if self.filtering => None,
            Action::Edit
            | Action::Feedback
            | Action::Resolve
            | Action::Erase
            | Action::Enter
            | Action::SellTo
            | Action::Copy
            | Action::Mark
                if self.marked().is_none() =>
            {
                Some("no customer is marked")
            }
            Action::Resolve if self.open_feedback.is_none() => Some("there is no open feedback"),
            Action::Sort if self.found.is_some() => Some("the best match comes first"),
            _ => None,
        }
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        self.take(input, now)
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.reload(now);
        Vec::new()
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer)
    }
}
