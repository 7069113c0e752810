//! The Audit screen: who did what, newest first, to be searched by any of its words.
//!
//! Reads the journal a window at a time; never changes anything.

mod draw;
mod state;
mod update;

pub use state::Audit;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for Audit {
    fn contexts(&self) -> &'static [Context] {
        if self.filtering { &[Context::Filter] } else { &[Context::Audit, Context::List] }
    }

    fn typing(&self) -> Typing {
        if self.filtering { typing(&self.field) } else { Typing::No }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Enter | Action::Copy if !self.filtering && self.rows.is_empty() => Some("nothing is marked"),
            Action::Receipts if self.marked().is_none_or(|act| act.order.is_none()) => {
                Some("the marked act is about no order")
            }
            Action::Sort => Some("what was done last stands first"),
            Action::Mark => Some("a filter picks acts out; e writes them to a file"),
            _ => None,
        }
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        self.take(input, now)
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.reload(now);
        self.is_searching().then_some(Effect::GoOn).into_iter().collect()
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer)
    }
}
