//! The Stock screen: products with what is there, low first on demand, and everything that moves stock by hand.

mod draw;
mod forms;
mod moves;
mod state;
mod update;

pub use state::Stock;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for Stock {
    fn contexts(&self) -> &'static [Context] {
        if self.filtering { &[Context::Filter] } else { &[Context::Stock, Context::List] }
    }

    fn typing(&self) -> Typing {
        if self.filtering { typing(&self.field) } else { Typing::No }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        match action {
            _ if self.filtering => None,
            Action::Edit
            | Action::Receive
            | Action::Count
            | Action::Adjust
            | Action::Moves
            | Action::Enter
            | Action::Mark
                if self.marked().is_none() =>
            {
                Some("no product is marked")
            }
            _ => None,
        }
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        let effects = self.take(input, now);
        self.look(now);
        effects
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.sift(now);
        self.look(now);
        Vec::new()
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer)
    }
}
