//! What of the money paid for an order can still go back, and by which method. Never knows why goods come back.
//!
//! No method pays back more than was paid by it. Cash goes back in coins: what has gone back so far is at every moment the
//! goods' share of it, rounded by the shop's rule, so that an order that comes back in any number of steps pays back what
//! was paid in cash for it, and never more. Nor does it pay back more in all than was paid, whatever takes the place of
//! coins.

use super::payment::Method;
use super::returns::Return;
use super::{Line, Order, Status};
use crate::unit::{Money, Quantity};

/// Money that goes back by one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How.
    pub method: Method,
    /// The goods' share of it.
    pub worth: Money,
    /// What is paid out; another sum than `worth` only where coins make it so.
    pub refund: Money,
}

/// One method's part of what was paid.
#[derive(Debug, Clone)]
struct Part {
    method: Method,
    /// What it can still pay back, as the goods count it.
    left: Money,
}

/// Cash, which is paid in coins.
#[derive(Debug, Clone, Copy, Default)]
struct Cash {
    /// What of the goods' worth has come back against cash.
    done: Money,
    /// What can still be handed back.
    left: Money,
}

/// What can still be paid back of an order.
#[derive(Debug, Clone)]
pub struct Purse {
    /// In the order in which they pay back.
    parts: Vec<Part>,
    cash: Cash,
    /// What was paid in all and has not gone back, cash as it was handed over.
    owed: Money,
    /// The smallest coin the shop uses.
    coin: Money,
    /// Whatever is asked for goes back by this alone, because a customer takes it instead.
    instead: Option<Method>,
}

/// What coins made of a refund: what they added to what the goods had cost. A difference of more than a coin is none of their
/// doing. `None` when a sum leaves the range of money.
pub fn rounded(pieces: &[Piece], coin: Money) -> Option<Money> {
    let in_coins = pieces.iter().filter(|piece| piece.method.is(Method::CASH));
    let by: Option<Vec<Money>> = in_coins.map(|piece| piece.refund.checked_sub(piece.worth)).collect();
    let by = Money::total(by?)?;
    Some(if by.abs() <= coin { by } else { Money::ZERO })
}

/// What so much of a line came to, tax and all. The last piece takes what rounding left.
pub fn worth(order: &Order, line: &Line, quantity: Quantity, step: Money) -> Option<Money> {
    let value = line.value()?;
    let whole = if order.tax_included { value } else { value.checked_add(line.tax)? };
    if quantity == line.quantity {
        return Some(whole);
    }
    whole.share(i128::from(quantity.0), i128::from(line.quantity.0))?.round_to(step)
}

/// What goes back by which method when the whole order is cancelled, cash with what coins make of it: as it was paid. `None`
/// when a sum leaves the range of money.
pub fn given_back(order: &Order, step: Money, coin: Money) -> Option<Vec<(Method, Money)>> {
    if !order.payments.is_empty() || order.status == Status::Pending {
        let paid = order.payments.iter().map(|payment| (payment.method.clone(), payment.amount));
        return Some(paid.collect());
    }
    // A file said that it was paid, and not by which payments.
    let total = order.total()?;
    let mut back = Vec::new();
    for piece in Purse::of(order, &[], step, coin)?.take(total)? {
        let rounded = piece.worth.checked_sub(piece.refund)?;
        let amounts = [(piece.method, piece.refund), (Method::named(Method::CASH_ROUNDING), rounded)];
        back.extend(amounts.into_iter().filter(|(_, amount)| !amount.is_zero()));
    }
    Some(back)
}

impl Purse {
    /// Of an order of which `earlier` has come back. `step` is the currency's minor unit, `coin` the smallest coin. `None`
    /// when a sum leaves the range of money.
    pub fn of(order: &Order, earlier: &[Return], step: Money, coin: Money) -> Option<Purse> {
        let (mut parts, handed_over) = paid(order)?;
        let main = order.payment_method().cloned();
        let returned = order.lines.iter().map(|line| worth(order, line, line.returned, step));
        let mut done = Money::total(returned.collect::<Option<Vec<_>>>()?)?;
        let mut handed_back = Money::ZERO;
        let mut owed = match parts.iter().find(|part| part.method.is(Method::CASH)) {
            Some(cash) => handed_over.checked_sub(cash.left)?,
            None => Money::ZERO,
        };
        for part in &parts {
            owed = owed.checked_add(part.left)?;
        }
        for back in earlier {
            owed = owed.checked_sub(back.refund)?;
            for (method, amount) in back.paid_out() {
                // A file may not say how; then it was as it was paid.
                let by = method.or(main.as_ref());
                if by.is_none_or(|by| by.is(Method::CASH)) {
                    handed_back = handed_back.checked_add(amount)?;
                    continue;
                }
                done = done.checked_sub(amount)?;
                if let Some(part) = parts.iter_mut().find(|part| Some(&part.method) == by) {
                    part.left = part.left.checked_sub(amount)?.max(Money::ZERO);
                }
            }
        }
        // What has come back and not gone back another way came back against cash.
        let mut cash = Cash::default();
        if let Some(part) = parts.iter_mut().find(|part| part.method.is(Method::CASH)) {
            cash.done = done.clamp(Money::ZERO, part.left.max(Money::ZERO));
            cash.left = handed_over.checked_sub(handed_back)?.max(Money::ZERO);
            part.left = part.left.checked_sub(cash.done)?;
        }
        if let Some(at) = parts.iter().position(|part| Some(&part.method) == main.as_ref()) {
            parts[..=at].rotate_right(1);
        }
        Some(Purse { parts, cash, owed: owed.max(Money::ZERO), coin, instead: None })
    }

    /// The methods the order was paid with that can still pay something back, the first to pay first.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.parts.iter().filter(|part| part.left.0 > 0).map(|part| &part.method)
    }

    /// Whether the order was paid with it at all.
    pub fn has(&self, method: &Method) -> bool {
        self.parts.iter().any(|part| part.method == *method)
    }

    /// Lets this method pay back first, as far as it goes. Whether it can pay back anything.
    pub fn begin_with(&mut self, method: &Method) -> bool {
        let Some(at) = self.parts.iter().position(|part| part.method == *method && part.left.0 > 0) else {
            return false;
        };
        self.parts[..=at].rotate_right(1);
        true
    }

    /// Whatever goes back goes back by this method, which need not be one that paid.
    pub fn instead(&mut self, method: &Method) {
        self.instead = Some(method.clone());
    }

    /// Takes `worth` out, from one method after the other; less where less was paid. At least one piece; `None` when a sum
    /// leaves the range of money.
    pub fn take(&mut self, worth: Money) -> Option<Vec<Piece>> {
        if let Some(method) = &self.instead {
            let refund = worth.min(self.owed);
            self.owed = self.owed.checked_sub(refund)?;
            return Some(vec![Piece { method: method.clone(), worth, refund }]);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = worth;
        for part in &mut self.parts {
            let worth = rest.min(part.left);
            if worth.0 <= 0 {
                continue;
            }
            part.left = part.left.checked_sub(worth)?;
            rest = rest.checked_sub(worth)?;
            let refund = match part.method.is(Method::CASH) {
                true => self.cash.pay(worth, self.coin, self.owed)?,
                false => worth.min(self.owed),
            };
            self.owed = self.owed.checked_sub(refund)?;
            pieces.push(Piece { method: part.method.clone(), worth, refund });
        }
        // What no coin pays back is no payment beside another.
        if let Some(at) = pieces.iter().position(|piece| piece.refund.is_zero())
            && pieces.len() > 1
        {
            let dropped = pieces.remove(at);
            pieces[0].worth = pieces[0].worth.checked_add(dropped.worth)?;
        }
        if pieces.is_empty() {
            let method = self.parts.first().map_or_else(|| Method::named(Method::CASH), |part| part.method.clone());
            pieces.push(Piece { method, worth: Money::ZERO, refund: Money::ZERO });
        }
        Some(pieces)
    }
}

impl Cash {
    /// What is handed back for `worth` more of the goods, no more than is owed.
    fn pay(&mut self, worth: Money, coin: Money, owed: Money) -> Option<Money> {
        let after = self.done.checked_add(worth)?;
        let due = after.round_to(coin)?.checked_sub(self.done.round_to(coin)?)?;
        let most = self.left.min(owed);
        let most = Money(most.0 - most.0 % coin.0.max(1));
        let refund = due.min(most);
        self.done = after;
        self.left = self.left.checked_sub(refund)?;
        Some(refund)
    }
}

/// What each method paid, cash with what it was rounded by, in the order they were taken; and the cash itself.
fn paid(order: &Order) -> Option<(Vec<Part>, Money)> {
    let mut parts: Vec<Part> = Vec::new();
    let mut handed_over = Money::ZERO;
    for payment in &order.payments {
        let is_rounding = payment.method.is(Method::CASH_ROUNDING);
        let method = if is_rounding { Method::named(Method::CASH) } else { payment.method.clone() };
        if method.is(Method::CASH) && !is_rounding {
            handed_over = handed_over.checked_add(payment.amount)?;
        }
        match parts.iter_mut().find(|part| part.method == method) {
            Some(part) => part.left = part.left.checked_add(payment.amount)?,
            None => parts.push(Part { method, left: payment.amount }),
        }
    }
    if !parts.is_empty() {
        return Some((parts, handed_over));
    }
    // A file that only names a method says that all was paid so; where it says nothing it was cash.
    let total = order.total()?.max(Money::ZERO);
    let method = order.declared_method.clone().unwrap_or_else(|| Method::named(Method::CASH));
    let handed_over = if method.is(Method::CASH) { total } else { Money::ZERO };
    Some((vec![Part { method, left: total }], handed_over))
}
