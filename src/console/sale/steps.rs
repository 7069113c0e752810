//! What undo and redo go to, and the lines that were voided on the way. Knows no key.

use super::state::Sale;
use crate::console::screen::{Effect, Now};
use crate::domain::basket::Basket;
use crate::domain::command::Command;
use crate::unit::{Money, ProductId};

/// Steps that can be undone.
const UNDO: usize = 100;

/// A basket with what was voided in it before: what undo and redo go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    basket: Basket,
    voided: Vec<(ProductId, Money)>,
}

impl Sale {
    /// Remembers the basket before a step, so that the step can be undone.
    pub(super) fn remember(&mut self) {
        self.undo.push(Step { basket: self.basket.clone(), voided: self.voided.clone() });
        if self.undo.len() > UNDO {
            self.undo.remove(0);
        }
        self.redo.clear();
    }

    /// Goes back to the last step.
    pub(super) fn step_back(&mut self, now: &Now<'_>) -> Vec<Effect> {
        if let Some(before) = self.undo.pop() {
            let after = self.stand_at(before, now);
            self.redo.push(after);
        }
        Vec::new()
    }

    /// Goes forward again.
    pub(super) fn step_forward(&mut self, now: &Now<'_>) -> Vec<Effect> {
        if let Some(after) = self.redo.pop() {
            let before = self.stand_at(after, now);
            self.undo.push(before);
        }
        Vec::new()
    }

    fn stand_at(&mut self, step: Step, now: &Now<'_>) -> Step {
        let basket = std::mem::replace(&mut self.basket, step.basket);
        let voided = std::mem::replace(&mut self.voided, step.voided);
        self.marked = self.basket.lines.len().saturating_sub(1);
        self.load(now);
        Step { basket, voided }
    }

    /// Puts an end to what can be undone.
    pub(super) fn forget_steps(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }

    /// Puts voided lines on record that nothing can bring back any more.
    pub(super) fn record_voids(&mut self) -> Option<Effect> {
        if !self.undo.is_empty() || !self.redo.is_empty() || self.voided.is_empty() {
            return None;
        }
        let lines = std::mem::take(&mut self.voided);
        Some(Effect::Do("void", Box::new(Command::RecordVoids { lines })))
    }
}
