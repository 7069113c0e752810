//! What undo and redo go to, and the lines that were voided on the way. Knows no key and no screen.

use crate::console::screen::Effect;
use crate::domain::basket::Basket;
use crate::domain::command::Command;
use crate::unit::{Money, ProductId};

/// Steps that can be undone.
const UNDO: usize = 100;

/// A voided line: what it was, and what it came to.
pub(super) type Void = (ProductId, Money);

/// A basket with what was voided in it before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    basket: Basket,
    voided: Vec<Void>,
}

/// The steps of the sale in hand.
#[derive(Debug, Default)]
pub(super) struct Steps {
    undo: Vec<Step>,
    redo: Vec<Step>,
    /// Lines voided in this sale. They go on record once nothing can bring them back.
    voided: Vec<Void>,
}

impl Steps {
    /// Those of a sale that goes on where another process left it: nothing can be undone.
    pub(super) fn of(voided: Vec<Void>) -> Steps {
        Steps { voided, ..Steps::default() }
    }

    pub(super) fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    pub(super) fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Remembers the basket before a step, so that the step can be undone.
    pub(super) fn remember(&mut self, basket: &Basket) {
        self.undo.push(Step { basket: basket.clone(), voided: self.voided.clone() });
        if self.undo.len() > UNDO {
            self.undo.remove(0);
        }
        self.redo.clear();
    }

    /// Goes back to the last step.
    pub(super) fn back(&mut self, basket: &mut Basket) {
        if let Some(before) = self.undo.pop() {
            let after = self.stand_at(before, basket);
            self.redo.push(after);
        }
    }

    /// Goes forward again.
    pub(super) fn forward(&mut self, basket: &mut Basket) {
        if let Some(after) = self.redo.pop() {
            let before = self.stand_at(after, basket);
            self.undo.push(before);
        }
    }

    fn stand_at(&mut self, step: Step, basket: &mut Basket) -> Step {
        let basket = std::mem::replace(basket, step.basket);
        Step { basket, voided: std::mem::replace(&mut self.voided, step.voided) }
    }

    /// Puts an end to what can be undone.
    pub(super) fn forget(&mut self) {
        self.undo.clear();
        self.redo.clear();
    }

    /// Lines were voided.
    pub(super) fn void(&mut self, lines: impl IntoIterator<Item = Void>) {
        self.voided.extend(lines);
    }

    /// What was voided and is not on record yet.
    pub(super) fn voided(&self) -> &[Void] {
        &self.voided
    }

    /// Puts voided lines on record that nothing can bring back any more.
    pub(super) fn record_voids(&mut self) -> Option<Effect> {
        if self.can_undo() || self.can_redo() || self.voided.is_empty() {
            return None;
        }
        let lines = std::mem::take(&mut self.voided);
        Some(Effect::Do("void", Box::new(Command::RecordVoids { lines })))
    }
}
