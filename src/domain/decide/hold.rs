//! Baskets put aside and taken up, voids before payment, and shifts.

use super::{Case, Decided, Decision, Stop, bad, done};
use crate::domain::basket::Basket;
use crate::domain::view::Counter;
use crate::domain::{Change, Outcome, Refusal, Shift, Slot, View};
use crate::unit::{BasketId, Money, ProductId, ShiftNo};

impl<V: View> Case<'_, V> {
    pub(super) fn hold_basket(&self, basket: &Basket) -> Decided<V::Fault> {
        if basket.lines.is_empty() {
            return Err(Refusal::EmptyBasket.into());
        }
        basket.price(self.settings.tax_included, self.step())?;
        let id = BasketId(self.view.next(Counter::Basket).map_err(Stop::Fault)?);
        let mut basket = basket.clone();
        let note = basket.note.take().map(|note| Change::BasketNoted { id, note: Slot::Open(note) });
        let held = Change::BasketHeld { id, basket, by: self.person.id, at: self.now };
        Ok(Decision { changes: std::iter::once(held).chain(note).collect(), outcome: Outcome::Held(id) })
    }

    pub(super) fn recall_basket(&self, id: BasketId) -> Decided<V::Fault> {
        let basket = self.view.held(id).map_err(Stop::Fault)?.ok_or(Refusal::BasketGone)?;
        let recalled = Change::BasketRecalled { id, by: self.person.id };
        Ok(Decision { changes: vec![recalled], outcome: Outcome::Recalled(basket) })
    }

    pub(super) fn record_voids(&self, lines: &[(ProductId, Money)]) -> Decided<V::Fault> {
        let (register, by, at) = (self.register.id, self.person.id, self.now);
        let voided = |(product, value): &(ProductId, Money)| Change::LineVoided {
            register,
            by,
            product: *product,
            value: *value,
            at,
        };
        Ok(done(lines.iter().map(voided).collect()))
    }

    pub(super) fn open_shift(&self, float: Money) -> Decided<V::Fault> {
        if float.is_negative() {
            return Err(bad("cash in the drawer", "cannot be less than zero").into());
        }
        if self.view.open_shift(self.register.id).map_err(Stop::Fault)?.is_some() {
            return Err(Refusal::Shift { open: true }.into());
        }
        let no = ShiftNo(self.view.next(Counter::Shift).map_err(Stop::Fault)?);
        let shift =
            Shift { no, register: self.register.id, opened_by: self.person.id, opened: self.now, float, closed: None };
        Ok(Decision { changes: vec![Change::ShiftOpened(shift)], outcome: Outcome::Shift(no) })
    }

    pub(super) fn close_shift(&self) -> Decided<V::Fault> {
        let open = self.view.open_shift(self.register.id).map_err(Stop::Fault)?;
        let shift = open.ok_or(Refusal::Shift { open: false })?.no;
        let closed = Change::ShiftClosed { shift, at: self.now, by: self.person.id };
        Ok(Decision { changes: vec![closed], outcome: Outcome::Shift(shift) })
    }
}
