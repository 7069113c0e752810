//! The Sale screen: one field, the basket, the total, and paying.

mod card;
mod draw;
mod draw_pay;
mod gone;
mod grammar;
mod held;
mod layout;
mod news;
mod pay;
mod prices;
mod quick;
mod ring;
mod state;
mod steps;
mod update;
mod which;

pub use state::Sale;

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen, typing};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use state::Stage;

impl Screen for Sale {
    fn contexts(&self) -> &'static [Context] {
        &[Context::Sale]
    }

    fn typed(&self) -> &'static [(&'static str, &'static str)] {
        match self.stage {
            Stage::Paying(_) => &grammar::PAYING,
            _ => &grammar::RINGING,
        }
    }

    fn typing(&self) -> Typing {
        match &self.stage {
            Stage::Ringing => typing(&self.field),
            Stage::Paying(paying) => paying.typing(),
            // Any key begins the next sale.
            Stage::Finished(_) => Typing::Empty,
        }
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        let empty = self.basket.lines.is_empty();
        match (&self.stage, action) {
            (Stage::Paying(_), Action::Hold | Action::Recall | Action::Undo | Action::Redo)
            | (Stage::Paying(_), Action::Discount | Action::Remark | Action::Reprice) => {
                Some("finish or leave the payment first")
            }
            (Stage::Paying(_), Action::Search | Action::Customer | Action::Delete) => {
                Some("finish or leave the payment first")
            }
            (_, Action::Pay | Action::Hold | Action::Discount | Action::Remark | Action::GiveUp) if empty => {
                Some("there is nothing in the basket")
            }
            (_, Action::Recall) if self.held == 0 => Some("no basket is on hold"),
            (_, Action::Recall) if !empty => Some("hold or finish this basket first"),
            (_, Action::Reprice) if !self.has_new_prices() => Some("every price is the one on record"),
            (_, Action::Undo) if !self.steps.can_undo() => Some("there is nothing to undo"),
            (_, Action::Redo) if !self.steps.can_redo() => Some("nothing was undone"),
            (_, Action::Print) if self.last_order.is_none() => Some("nothing has been sold here yet"),
            _ => None,
        }
    }

    fn has_use_for(&self, action: Action) -> bool {
        match action {
            Action::Delete => !self.basket.lines.is_empty(),
            Action::Pay => !matches!(self.stage, Stage::Paying(_)),
            _ => true,
        }
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        let mut effects = self.take(input, now);
        self.reprice(now);
        effects.extend(self.price_news(now));
        effects.extend(self.steps.record_voids());
        self.keep_draft();
        self.note_needs(now);
        effects
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.load(now);
        self.reprice(now);
        let mut effects = self.ask_best_sellers(now);
        effects.extend(self.tell_what_is_gone(now));
        effects.extend(self.price_news(now));
        effects.extend(self.follow_held(now));
        effects.extend(self.steps.record_voids());
        self.note_stock(now);
        effects
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer)
    }
}
