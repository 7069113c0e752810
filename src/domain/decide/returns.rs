//! Goods coming back: against their order, by line and what is left of it, or without a receipt.
//!
//! A refund is the line's share of what was paid for it; the last piece to come back takes what rounding left, so that a
//! whole order returned in any number of steps pays back exactly its total. One return is paid back by one method: the one
//! asked for, else the one that paid most.

use super::steps::wrong_status;
use super::{Decided, Decision, Desk, Stop, bad, unknown};
use crate::domain::command::ReturnLine;
use crate::domain::view::Counter;
use crate::domain::{Change, Line, Method, Order, Outcome, Refusal, Return, Status, View};
use crate::unit::{Money, OrderNo, ProductId, Quantity, ReturnNo, Text};

impl<V: View> Desk<'_, V> {
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
        let method = self.refund_method(&order, method)?;
        let first = self.view.next(Counter::Return).map_err(Stop::Fault)?;
        let mut changes = Vec::new();
        let mut numbers = Vec::new();
        let mut refunded = Money::ZERO;
        for (wanted, number) in lines.iter().zip(first..) {
            if lines.iter().filter(|other| other.line_no == wanted.line_no).count() > 1 {
                return Err(bad("lines", "a line is named twice").into());
            }
            let line = order.line(wanted.line_no).ok_or(Refusal::NoSuchLine { line: wanted.line_no })?;
            let (refund, net) = self.refund(&order, line, wanted.quantity)?;
            refunded = refunded.checked_add(refund).ok_or(Refusal::TooLarge)?;
            numbers.push(ReturnNo(number));
            changes.push(Change::GoodsReturned(Return {
                no: ReturnNo(number),
                ext: None,
                order: Some(no),
                line_no: Some(line.no),
                product: Some(line.product),
                store: Some(self.store.id),
                quantity: wanted.quantity,
                reason: Some(reason.clone()),
                at: Some(self.now),
                refund,
                net,
                restock: wanted.restock,
                method: Some(method.clone()),
                by: Some(self.person.id),
                moves_stock: true,
            }));
        }
        if let (true, Some(customer)) = (method.is(Method::STORE_CREDIT), order.customer) {
            changes.push(Change::CreditMoved { customer, amount: refunded, order: Some(no) });
        }
        Ok(Decision { changes, outcome: Outcome::Returned { returns: numbers, refunds: vec![(method, refunded)] } })
    }

    /// What `quantity` of a line pays back, and the part of it that is not tax.
    fn refund(&self, order: &Order, line: &Line, quantity: Quantity) -> Result<(Money, Money), Refusal> {
        if quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") });
        }
        let left = line.quantity.checked_sub(line.returned).ok_or(Refusal::TooLarge)?;
        if quantity > left {
            return Err(Refusal::NothingLeft { line: line.no, left });
        }
        let value = line.value().ok_or(Refusal::TooLarge)?;
        let (net, whole) = if order.tax_included {
            (value.checked_sub(line.tax).ok_or(Refusal::TooLarge)?, value)
        } else {
            (value, value.checked_add(line.tax).ok_or(Refusal::TooLarge)?)
        };
        let upto = |returned: Quantity| {
            if returned == line.quantity {
                return Some(whole);
            }
            whole.share(i128::from(returned.0), i128::from(line.quantity.0))?.round_to(self.step())
        };
        let after = line.returned.checked_add(quantity).ok_or(Refusal::TooLarge)?;
        let refund = upto(after).and_then(|after| after.checked_sub(upto(line.returned)?)).ok_or(Refusal::TooLarge)?;
        let net = if whole.is_zero() {
            refund
        } else {
            refund.share(i128::from(net.0), i128::from(whole.0)).ok_or(Refusal::TooLarge)?
        };
        Ok((refund, net))
    }

    fn refund_method(&self, order: &Order, asked: Option<&Method>) -> Result<Method, Refusal> {
        let paid = order.payment_method();
        let Some(asked) = asked else { return Ok(paid.cloned().unwrap_or_else(|| Method::named(Method::CASH))) };
        if asked.is(Method::STORE_CREDIT) {
            return match order.customer {
                Some(_) => Ok(asked.clone()),
                None => Err(bad("method", "store credit needs a customer")),
            };
        }
        let by_it = order.payments.iter().any(|payment| payment.method == *asked) || paid == Some(asked);
        let cash_for_nothing_known = paid.is_none() && asked.is(Method::CASH);
        if by_it || cash_for_nothing_known {
            Ok(asked.clone())
        } else {
            Err(bad("method", "the order was not paid that way"))
        }
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
            return Err(bad("refund", "a refund cannot be less than zero").into());
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
        let back = Return {
            no,
            ext: None,
            order: None,
            line_no: None,
            product: Some(product),
            store: Some(self.store.id),
            quantity,
            reason: Some(reason.clone()),
            at: Some(self.now),
            refund,
            net: refund,
            restock,
            method: Some(method.clone()),
            by: Some(self.person.id),
            moves_stock: true,
        };
        let outcome = Outcome::Returned { returns: vec![no], refunds: vec![(method.clone(), refund)] };
        Ok(Decision { changes: vec![Change::GoodsReturned(back)], outcome })
    }
}
