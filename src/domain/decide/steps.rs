//! An order's way: pending → paid → shipped → delivered, or cancelled.

use super::{Case, Decided, Stop, done, unknown};
use crate::domain::refund::given_back;
use crate::domain::{Change, Method, MoveKind, Order, Payment, Refusal, Status, StockMove, View};
use crate::unit::{Money, OrderNo, Text};

impl<V: View> Case<'_, V> {
    pub(super) fn known_order(&self, no: OrderNo) -> Result<Order, Stop<V::Fault>> {
        let order = self.view.order(no).map_err(Stop::Fault)?;
        Ok(order.ok_or_else(|| unknown("order", no.0))?)
    }

    /// One step on. Paid is reached by paying only.
    pub(super) fn advance_order(&self, no: OrderNo, to: Status) -> Decided<V::Fault> {
        let order = self.known_order(no)?;
        if order.status.next() != Some(to) {
            return Err(wrong_status(&order, to.word()).into());
        }
        if to == Status::Paid {
            let total = order.total().ok_or(Refusal::TooLarge)?;
            return Err(Refusal::NotCovered { missing: self.settings.currency.amount(total) }.into());
        }
        Ok(done(vec![self.stepped(no, to)]))
    }

    /// Cancelling pays back what was paid, by the same methods, and the goods come back; a receipt number stays given. Goods
    /// of an order from a file come back too: the file's count is the one after they had gone.
    pub(super) fn cancel_order(&self, no: OrderNo) -> Decided<V::Fault> {
        let order = self.known_order(no)?;
        if matches!(order.status, Status::Delivered | Status::Cancelled) {
            return Err(wrong_status(&order, "cancelled").into());
        }
        if order.lines.iter().any(|line| !line.returned.is_zero()) {
            return Err(Refusal::HasReturns.into());
        }
        let mut changes = Vec::new();
        let first = order.payments.iter().map(|payment| payment.line_no).max().unwrap_or(0);
        let mut back = Vec::new();
        let mut credit = Money::ZERO;
        let given_back = given_back(&order, self.step(), self.coin()).ok_or(Refusal::TooLarge)?;
        for ((method, amount), line_no) in given_back.into_iter().zip(first + 1..) {
            if method.is(Method::STORE_CREDIT) {
                credit = credit.checked_add(amount).ok_or(Refusal::TooLarge)?;
            }
            let amount = amount.checked_neg().ok_or(Refusal::TooLarge)?;
            back.push(Payment { line_no, method, amount, tendered: None, paid_at: Some(self.now) });
        }
        if !back.is_empty() {
            let details_version = order.details_version;
            changes.push(Change::OrderPaid { order: no, payments: back, details_version, details: None });
        }
        changes.push(self.stepped(no, Status::Cancelled));
        if let (Some(customer), false) = (order.customer, credit.is_zero()) {
            changes.push(self.credited(customer, credit, no)?);
        }
        if !order.moves_stock {
            let reason = Text::lossy(&format!("order {} cancelled", order.id()));
            changes.extend(order.lines.iter().map(|line| {
                Change::StockMoved(StockMove {
                    store: order.store,
                    product: line.product,
                    quantity: line.quantity,
                    kind: MoveKind::Cancelled,
                    reason: Some(reason.clone()),
                    unit_cost: None,
                    at: self.now,
                    by: Some(self.person.id),
                })
            }));
        }
        Ok(done(changes))
    }

    fn stepped(&self, order: OrderNo, status: Status) -> Change {
        Change::OrderStepped { order, status, at: self.now, by: self.person.id }
    }
}

pub(super) fn wrong_status(order: &Order, what: &str) -> Refusal {
    Refusal::WrongStatus { status: Text::lossy(order.status.word()), what: Text::lossy(what) }
}
