//! The People screen: who works here, who is at work now and from where, and what they have done.

mod draw;
mod forms;
mod state;
mod update;

pub use state::People;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for People {
    fn contexts(&self) -> &'static [Context] {
        if self.filtering { &[Context::Filter] } else { &[Context::People, Context::List] }
    }

    fn typing(&self) -> Typing {
        if self.filtering { typing(&self.field) } else { Typing::No }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Watch | Action::Tell | Action::SendAway if self.marked().is_none_or(|row| row.seat.is_none()) => {
                Some("they are not at work now")
            }
            Action::Edit | Action::Pin | Action::Copy if self.marked().is_none() => Some("nobody is marked"),
            Action::Enter if self.marked().is_none() && !self.filtering => Some("nobody is marked"),
            Action::Mark => Some("people are seen to one by one"),
            _ => None,
        }
    }

    fn is_ones_own(&self, action: Action) -> bool {
        action == Action::Pin && self.marked().is_some_and(|row| row.person.id == self.own)
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        let effects = self.take(input, now);
        self.load(now);
        effects
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.load(now);
        Vec::new()
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer)
    }
}
