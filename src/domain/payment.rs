//! Ways to pay. Never knows what was bought.

use super::refusal::Refusal;
use crate::unit::{CashRounding, Currency, Money, Stamp, Text};
use serde::{Deserialize, Serialize};

/// A way to pay, by its name in files: `cash`, `card`, `transfer`, `store-credit`, `other`, or any imported text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Method(pub Text);

impl Method {
    /// Notes and coins.
    pub const CASH: &'static str = "cash";
    /// A card terminal's slip.
    pub const CARD: &'static str = "card";
    /// A bank transfer.
    pub const TRANSFER: &'static str = "transfer";
    /// What the shop owes the customer.
    pub const STORE_CREDIT: &'static str = "store-credit";
    /// Anything else.
    pub const OTHER: &'static str = "other";
    /// The signed difference a cash total is rounded by; never a payment a person makes.
    pub const CASH_ROUNDING: &'static str = "cash-rounding";

    /// The method of that name.
    pub fn named(name: &str) -> Method {
        Method(Text::lossy(name))
    }

    /// Whether this is the method called `name`.
    pub fn is(&self, name: &str) -> bool {
        &*self.0 == name
    }
}

/// Money taken for an order, net of change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Number within the order, from 1, as in `payments.csv`.
    pub line_no: u32,
    /// How.
    pub method: Method,
    /// Net of change; cash rounding is a signed row of its own.
    pub amount: Money,
    /// What was handed over, where it was more.
    pub tendered: Option<Money>,
    /// When; imported ones may not say.
    pub paid_at: Option<Stamp>,
}

/// Money offered at the counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tender {
    /// How.
    pub method: Method,
    /// What was handed over; only cash may exceed what is due.
    pub amount: Money,
    /// Slip or voucher number; kept with the order's details.
    pub reference: Option<Text>,
}

/// Tenders set against what is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Method, amount net of change, and what was handed over where that was more; cash rounding is the last row.
    pub rows: Vec<(Method, Money, Option<Money>)>,
    /// What goes back in cash.
    pub change: Money,
}

/// What is still due after tenders so far, as the method would settle it: cash by the shop's rounding.
///
/// `None` on overflow.
pub fn still_due(
    total: Money,
    tenders: &[Tender],
    next: &Method,
    rounding: CashRounding,
    currency: &Currency,
) -> Option<Money> {
    let taken = Money::total(tenders.iter().map(|tender| tender.amount))?;
    let rest = total.checked_sub(taken)?;
    if rest.0 <= 0 {
        return Some(Money::ZERO);
    }
    if next.is(Method::CASH) { rounding.apply(rest, currency) } else { Some(rest) }
}

/// Sets tenders against `total`. Only cash may exceed what is due; cash rounding applies where cash settles the rest.
///
/// # Errors
/// `NotPositive`, `NoSuchMoney`, `OverPaid`, `NotCovered`, `ProbablyAScan`, `TooLarge`.
pub fn settle(
    total: Money,
    tenders: &[Tender],
    rounding: CashRounding,
    currency: &Currency,
    largest_note: Money,
) -> Result<Settlement, Refusal> {
    let large = Refusal::TooLarge;
    let mut rows = Vec::new();
    let mut rest = total;
    let mut cash = None;
    for tender in tenders {
        let cash_alone = tender.method.is(Method::CASH);
        // What rounds to no coin at all is settled by no coin at all.
        if tender.amount.is_negative() || tender.amount.is_zero() && !cash_alone {
            return Err(Refusal::NotPositive { what: Text::lossy("amount") });
        }
        // A file may bring an order that comes to less than a coin more or less; it can be paid exactly.
        if cash_alone || tender.amount != rest {
            in_coins(tender.amount, &tender.method, rounding, currency)?;
        }
        if cash_alone {
            let before: Money = cash.unwrap_or_default();
            cash = Some(before.checked_add(tender.amount).ok_or(large.clone())?);
            continue;
        }
        if tender.amount > rest {
            let over = tender.amount.checked_sub(rest).ok_or(large.clone())?;
            return Err(Refusal::OverPaid { method: tender.method.0.clone(), over: currency.amount(over) });
        }
        rest = rest.checked_sub(tender.amount).ok_or(large.clone())?;
        rows.push((tender.method.clone(), tender.amount, None));
    }
    let Some(cash) = cash else {
        return if rest.0 > 0 {
            Err(Refusal::NotCovered { missing: currency.amount(rest) })
        } else {
            Ok(Settlement { rows, change: Money::ZERO })
        };
    };
    if looks_like_a_scan(cash, rest, largest_note) {
        return Err(Refusal::ProbablyAScan { amount: currency.amount(cash) });
    }
    let due = rounding.apply(rest, currency).ok_or(large.clone())?;
    if cash < due {
        let missing = due.checked_sub(cash).ok_or(large)?;
        return Err(Refusal::NotCovered { missing: currency.amount(missing) });
    }
    let change = cash.checked_sub(due).ok_or(large.clone())?;
    if !due.is_zero() {
        rows.push((Method::named(Method::CASH), due, (change.0 > 0).then_some(cash)));
    }
    let rounded = rest.checked_sub(due).ok_or(large)?;
    if !rounded.is_zero() {
        rows.push((Method::named(Method::CASH_ROUNDING), rounded, None));
    }
    Ok(Settlement { rows, change })
}

/// Nobody can hand over less than the smallest amount there is: in cash the smallest coin the shop uses.
///
/// # Errors
/// `NoSuchMoney`.
pub fn in_coins(amount: Money, method: &Method, rounding: CashRounding, currency: &Currency) -> Result<(), Refusal> {
    let smallest = if method.is(Method::CASH) { rounding.coin(currency) } else { currency.step() };
    if amount.0 % smallest.0.max(1) == 0 {
        return Ok(());
    }
    Err(Refusal::NoSuchMoney { currency: Text::lossy(currency.code), smallest: currency.amount(smallest) })
}

/// Cash of more than ten times what is due plus the largest note is a barcode in the wrong field.
pub fn looks_like_a_scan(cash: Money, due: Money, largest_note: Money) -> bool {
    i128::from(cash.0) > i128::from(due.0) * 10 + i128::from(largest_note.0)
}
