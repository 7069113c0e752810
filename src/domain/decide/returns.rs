//! Goods coming back: against their order, by line and what is left of it, or without a receipt.
//!
//! A refund is the line's share of what was paid for it; the last piece to come back takes what rounding left, so that a
//! whole order returned in any number of steps pays back exactly its total. It goes back by the methods that paid, each up
//! to what it paid; a line that goes back by several is one return all the same.

use super::steps::wrong_status;
use super::{Case, Decided, Decision, Stop, bad, unknown};
use crate::domain::command::ReturnLine;
use crate::domain::payment::in_coins;
use crate::domain::refund::{Piece, Purse, rounded, worth};
use crate::domain::returns::{Payout, most_paid};
use crate::domain::view::Counter;
use crate::domain::{Change, Line, Method, Order, Outcome, Refusal, Return, Status, View};
use crate::unit::{Money, OrderNo, ProductId, Quantity, ReturnNo, Text};

impl<V: View> Case<'_, V> {
    pub(super) fn return_lines(
        &self,
        no: OrderNo,
        lines: &[ReturnLine],
        reason: &Text,
        method: Option<&Method>,
    ) -> Decided<V::Fault> {
        let order = self.known_order(no)?;
        if matches!(order.status, Status::Pending | Status::Cancelled) {
            return Err(wrong_status(&order, "returned").into());
        }
        if lines.is_empty() {
            return Err(bad("lines", "choose what comes back").into());
        }
        if reason.is_empty() {
            return Err(bad("reason", "say why it comes back").into());
        }
        let mut purse = self.purse(&order, method)?;
        let first = self.view.next(Counter::Return).map_err(Stop::Fault)?;
        let (mut returns, mut worth) = (Vec::new(), Money::ZERO);
        for wanted in lines {
            if lines.iter().filter(|other| other.line_no == wanted.line_no).count() > 1 {
                return Err(bad("lines", "a line is named twice").into());
            }
            let line = order.line(wanted.line_no).ok_or(Refusal::NoSuchLine { line: wanted.line_no })?;
            let share = self.share(&order, line, wanted.quantity)?;
            let pieces = purse.take(share).ok_or(Refusal::TooLarge)?;
            let taken = Money::total(pieces.iter().map(|piece| piece.worth));
            worth = taken.and_then(|taken| taken.checked_add(worth)).ok_or(Refusal::TooLarge)?;
            let no = ReturnNo(first + returns.len() as u64);
            let back = self.back(no, &pieces, wanted.quantity).ok_or(Refusal::TooLarge)?;
            let net = net_of(&order, line, back.refund).ok_or(Refusal::TooLarge)?;
            let (line_no, product) = (Some(line.no), Some(line.product));
            let (reason, restock) = (Some(reason.clone()), wanted.restock);
            returns.push(Return { order: Some(order.no), line_no, product, net, reason, restock, ..back });
        }
        self.paid_back(&order, returns, worth)
    }

    /// The facts of goods that came back: the returns, store credit that was given, and what coins could not pay.
    fn paid_back(&self, order: &Order, returns: Vec<Return>, worth: Money) -> Decided<V::Fault> {
        let mut refunds: Vec<(Method, Money)> = Vec::new();
        for (method, amount) in returns.iter().flat_map(Return::paid_out) {
            let Some(method) = method else { continue };
            match refunds.iter_mut().find(|(known, _)| known == method) {
                Some((_, sum)) => *sum = sum.checked_add(amount).ok_or(Refusal::TooLarge)?,
                None => refunds.push((method.clone(), amount)),
            }
        }
        if refunds.len() > 1 {
            refunds.retain(|(_, amount)| !amount.is_zero());
        }
        let numbers = returns.iter().map(|back| back.no).collect();
        let refunded = Money::total(returns.iter().map(|back| back.refund)).ok_or(Refusal::TooLarge)?;
        let mut changes: Vec<Change> = returns.into_iter().flat_map(Change::of_return).collect();
        let credit = refunds.iter().find(|(method, _)| method.is(Method::STORE_CREDIT));
        if let (Some((_, amount)), Some(customer)) = (credit, order.customer) {
            changes.push(self.credited(customer, *amount, order.no)?);
        }
        let by = worth.checked_sub(refunded).ok_or(Refusal::TooLarge)?;
        if !by.is_zero() {
            changes.push(Change::RefundRounded { order: order.no, by });
        }
        Ok(Decision { changes, outcome: Outcome::Returned { returns: numbers, refunds } })
    }

    /// A return here and now of goods that nothing is known of yet. `None` when a sum leaves the range of money.
    fn back(&self, no: ReturnNo, pieces: &[Piece], quantity: Quantity) -> Option<Return> {
        let refund = Money::total(pieces.iter().map(|piece| piece.refund))?;
        let parts: Vec<_> = pieces.iter().map(|piece| (piece.method.clone(), piece.refund)).collect();
        let method = most_paid(&parts).cloned();
        let rounding = rounded(pieces, self.coin())?;
        Some(Return {
            no,
            ext: None,
            order: None,
            line_no: None,
            product: None,
            store: Some(self.store.id),
            quantity,
            reason: None,
            at: Some(self.now),
            refund,
            net: refund,
            restock: false,
            method,
            by: Some(self.person.id),
            moves_stock: true,
            payout: Payout::worth_keeping(no, parts, rounding),
        })
    }

    /// What `quantity` of a line came to, after what has come back of it.
    fn share(&self, order: &Order, line: &Line, quantity: Quantity) -> Result<Money, Refusal> {
        if quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") });
        }
        let left = line.quantity.checked_sub(line.returned).ok_or(Refusal::TooLarge)?;
        if quantity > left {
            return Err(Refusal::NothingLeft { line: line.no, left });
        }
        let upto = |returned| worth(order, line, returned, self.step());
        let after = line.returned.checked_add(quantity).ok_or(Refusal::TooLarge)?;
        upto(after).and_then(|after| after.checked_sub(upto(line.returned)?)).ok_or(Refusal::TooLarge)
    }

    /// What the order can still pay back, by the method asked for first.
    fn purse(&self, order: &Order, asked: Option<&Method>) -> Result<Purse, Stop<V::Fault>> {
        let earlier = self.view.returns_of(order.no).map_err(Stop::Fault)?;
        let mut purse = Purse::of(order, &earlier, self.step(), self.coin()).ok_or(Refusal::TooLarge)?;
        let Some(asked) = asked else { return Ok(purse) };
        if asked.is(Method::STORE_CREDIT) {
            if order.customer.is_none() {
                return Err(bad("method", "store credit needs a customer").into());
            }
            purse.instead(asked);
        } else if !purse.has(asked) {
            return Err(bad("method", "the order was not paid that way").into());
        } else if !purse.begin_with(asked) {
            return Err(bad("method", "all that was paid that way has gone back already").into());
        }
        Ok(purse)
    }

    pub(super) fn return_without_receipt(
        &self,
        product: ProductId,
        quantity: Quantity,
        refund: Money,
        reason: &Text,
        method: &Method,
        restock: bool,
    ) -> Decided<V::Fault> {
        if quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") }.into());
        }
        if refund.is_negative() {
            return Err(bad("refund", "cannot be less than zero").into());
        }
        if reason.is_empty() {
            return Err(bad("reason", "say why it comes back").into());
        }
        if method.is(Method::STORE_CREDIT) {
            return Err(bad("method", "store credit needs a receipt with a customer").into());
        }
        let known = self.view.product(product).map_err(Stop::Fault)?;
        known.ok_or_else(|| unknown("product", product.0))?;
        let no = ReturnNo(self.view.next(Counter::Return).map_err(Stop::Fault)?);
        in_coins(refund, method, self.settings.cash_rounding, &self.settings.currency)?;
        let piece = Piece { method: method.clone(), worth: refund, refund };
        let (product, reason) = (Some(product), Some(reason.clone()));
        let back = self.back(no, &[piece], quantity).ok_or(Refusal::TooLarge)?;
        let back = Return { product, reason, restock, ..back };
        let outcome = Outcome::Returned { returns: vec![no], refunds: vec![(method.clone(), refund)] };
        Ok(Decision { changes: vec![Change::GoodsReturned(back)], outcome })
    }
}

/// The part of a line's refund that is not tax; the whole where the line came to nothing.
fn net_of(order: &Order, line: &Line, refund: Money) -> Option<Money> {
    let value = line.value()?;
    let (net, whole) = match order.tax_included {
        true => (value.checked_sub(line.tax)?, value),
        false => (value, value.checked_add(line.tax)?),
    };
    if whole.is_zero() { Some(refund) } else { refund.share(i128::from(net.0), i128::from(whole.0)) }
}
