//! The Orders screen: a window over all orders, newest first, and what can be done with the marked one.

mod draw;
mod filter;
mod returns;
mod search;
mod state;
mod text;
mod update;

pub use state::Orders;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use crate::domain::Status;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for Orders {
    fn contexts(&self) -> &'static [Context] {
        if self.filtering { &[Context::Filter] } else { &[Context::Orders, Context::List] }
    }

    fn typing(&self) -> Typing {
        if self.filtering { typing(&self.field) } else { Typing::No }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        if self.filtering {
            return None;
        }
        let Some(order) = self.marked_order() else {
            return match action {
                Action::NextStatus
                | Action::Cancel
                | Action::Return
                | Action::Print
                | Action::Copy
                | Action::Enter
                | Action::Mark => Some("no order is marked"),
                _ => None,
            };
        };
        match action {
            Action::NextStatus if self.picked.is_empty() && order.status.next().is_none() => {
                Some("the order is at the end of its way")
            }
            Action::Cancel if matches!(order.status, Status::Cancelled | Status::Delivered) => {
                Some("the order is closed")
            }
            Action::Return if order.status == Status::Pending => Some("it is not paid yet; cancel it instead"),
            Action::Return if order.status == Status::Cancelled => Some("the order was cancelled"),
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
