//! Taking the money: amounts by one or several methods until the sum is covered.

use super::state::{Finished, Sale, Stage};
use crate::console::field::Field;
use crate::console::keymap::{Action, Typing};
use crate::console::screen::{Effect, Now};
use crate::domain::command::Command;
use crate::domain::payment::{in_coins, looks_like_a_scan, still_due};
use crate::domain::{Method, Outcome, Refusal, Tender};
use crate::unit::{Money, Text};
use crossterm::event::{KeyCode, KeyEvent};

/// The methods in their order, with the key that chooses each.
pub(super) const METHODS: [(char, &str); 5] = [
    ('c', Method::CASH),
    ('d', Method::CARD),
    ('t', Method::TRANSFER),
    ('s', Method::STORE_CREDIT),
    ('o', Method::OTHER),
];

/// Why nobody in particular has store credit.
const NOBODYS: &str = "Store credit needs a customer. Esc, then F3 puts the sale in a name.";

/// A payment under way.
#[derive(Debug, Default)]
pub struct Paying {
    /// What was taken so far.
    pub tenders: Vec<Tender>,
    /// The amount being typed, or the reference.
    pub field: Field,
    /// Which of the methods is chosen.
    pub method: usize,
    /// An amount that waits for its reference.
    pub waiting: Option<Money>,
}

impl Paying {
    pub fn with(tenders: Vec<Tender>) -> Paying {
        Paying { tenders, ..Paying::default() }
    }

    pub fn chosen(&self) -> Method {
        Method::named(METHODS[self.method].1)
    }

    pub fn typing(&self) -> Typing {
        crate::console::screen::typing(&self.field)
    }

    /// The method so many places on; what needs a customer is passed over where there is none.
    fn next(&self, by: usize, nobodys: bool) -> usize {
        let step = |method: &usize| Some((method + by) % METHODS.len());
        let mut others = std::iter::successors(step(&self.method), step).take(METHODS.len());
        others.find(|method| !(nobodys && needs_a_customer(*method))).unwrap_or(self.method)
    }

    /// What was taken by a method so far; `None` on overflow.
    fn taken_by(&self, method: &str) -> Option<Money> {
        Money::total(self.tenders.iter().filter(|tender| tender.method.is(method)).map(|tender| tender.amount))
    }

    /// What is still due by the chosen method.
    pub fn due(&self, total: Money, now: &Now<'_>) -> Money {
        let (rounding, currency) = (now.settings.cash_rounding, &now.settings.currency);
        still_due(total, &self.tenders, &self.chosen(), rounding, currency).unwrap_or(total)
    }
}

impl Sale {
    pub(super) fn begin_paying(&mut self) -> Vec<Effect> {
        self.stage = Stage::Paying(Paying::default());
        // What is half typed in the field waits there.
        self.offer_nothing();
        Vec::new()
    }

    fn total(&self) -> Money {
        self.priced.as_ref().map(|priced| priced.total).unwrap_or_default()
    }

    /// `20=`: cash in one go; what does not cover is a part of the payment.
    pub(super) fn cash_at_once(&mut self, amount: Money, now: &Now<'_>) -> Vec<Effect> {
        if self.basket.lines.is_empty() {
            return self.reject(Refusal::EmptyBasket.to_string());
        }
        let currency = &now.settings.currency;
        if let Err(refusal) = in_coins(amount, &Method::named(Method::CASH), now.settings.cash_rounding, currency) {
            return self.reject(refusal.to_string());
        }
        if looks_like_a_scan(amount, self.total(), now.settings.largest_note) {
            return self.reject(Refusal::ProbablyAScan { amount: currency.amount(amount) }.to_string());
        }
        self.field.reset();
        self.stage = Stage::Paying(Paying::default());
        self.tender(amount, None, now)
    }

    pub(super) fn pay_key(&mut self, key: KeyEvent, now: &Now<'_>) -> Vec<Effect> {
        let nobodys = self.basket.customer.is_none();
        let Stage::Paying(paying) = &mut self.stage else { return Vec::new() };
        let letter = match key.code {
            KeyCode::Enter => return self.pay_enter(now),
            KeyCode::Tab => Some(paying.next(1, nobodys)),
            KeyCode::BackTab => Some(paying.next(METHODS.len() - 1, nobodys)),
            KeyCode::Char(letter) if paying.field.is_empty() && paying.waiting.is_none() => {
                METHODS.iter().position(|(known, _)| *known == letter.to_ascii_lowercase())
            }
            // In a reference it is a letter like any other.
            KeyCode::Char('=') if paying.waiting.is_none() => return Vec::new(),
            _ => None,
        };
        match letter {
            Some(method) if nobodys && needs_a_customer(method) => return refuse_amount(paying, NOBODYS),
            Some(method) if paying.waiting.is_none() => paying.method = method,
            _ => {
                paying.field.key(key);
            }
        }
        Vec::new()
    }

    fn pay_enter(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let total = self.total();
        let Stage::Paying(paying) = &mut self.stage else { return Vec::new() };
        if let Some(amount) = paying.waiting.take() {
            let reference = Text::lossy(paying.field.text());
            paying.field.reset();
            return self.tender(amount, (!reference.is_empty()).then_some(reference), now);
        }
        let currency = &now.settings.currency;
        let due = paying.due(total, now);
        let amount = if paying.field.is_empty() {
            due
        } else {
            match Money::parse_entry(paying.field.text().trim()) {
                Ok(amount) if amount.0 > 0 => {
                    match in_coins(amount, &paying.chosen(), now.settings.cash_rounding, currency) {
                        Ok(()) => amount,
                        Err(refusal) => return refuse_amount(paying, &refusal.to_string()),
                    }
                }
                Ok(_) => return refuse_amount(paying, "An amount must be more than zero."),
                Err(why) => {
                    let words = format!("{} is no amount: {why}.", crate::unit::text::fit(paying.field.text(), 24));
                    return refuse_amount(paying, &words);
                }
            }
        };
        let method = paying.chosen();
        let cash = method.is(Method::CASH);
        if cash && looks_like_a_scan(amount, due, now.settings.largest_note) {
            return refuse_amount(paying, &Refusal::ProbablyAScan { amount: currency.amount(amount) }.to_string());
        }
        if !cash && amount > due {
            let over = currency.amount(amount.checked_sub(due).unwrap_or(amount));
            return refuse_amount(paying, &Refusal::OverPaid { method: method.0, over }.to_string());
        }
        if method.is(Method::STORE_CREDIT) {
            if self.basket.customer.is_none() {
                return refuse_amount(paying, NOBODYS);
            }
            let has = self.card.as_ref().map(|card| card.credit).unwrap_or_default();
            // What was taken of it already is not there twice.
            let left =
                paying.taken_by(Method::STORE_CREDIT).and_then(|taken| has.checked_sub(taken)).unwrap_or_default();
            if amount > left {
                return refuse_amount(paying, &Refusal::NotEnoughCredit { has: currency.amount(left) }.to_string());
            }
        }
        paying.field.reset();
        if method.is(Method::TRANSFER) || method.is(Method::OTHER) {
            paying.waiting = Some(amount);
            return Vec::new();
        }
        self.tender(amount, None, now)
    }

    /// Takes an amount; a covered sum completes the sale in the same step.
    fn tender(&mut self, amount: Money, reference: Option<Text>, now: &Now<'_>) -> Vec<Effect> {
        let total = self.total();
        let Stage::Paying(paying) = &mut self.stage else { return Vec::new() };
        let method = paying.chosen();
        let due = paying.due(total, now);
        // Nothing at all is taken only where cash rounding leaves nothing to take.
        if amount.0 > 0 || due.is_zero() {
            paying.tenders.push(Tender { method, amount, reference });
        }
        if amount < due {
            return Vec::new();
        }
        let tenders = paying.tenders.clone();
        let command =
            Command::PlaceOrder { basket: self.basket.clone(), tenders, channel: Some(Text::lossy("counter")) };
        // Kept with the draft before it is asked for: whatever happens between, it is sold once.
        self.attempt = Some(now.fresh_id);
        vec![Effect::DoOnce("sale", now.fresh_id, Box::new(command))]
    }

    /// What was taken of the customer by all methods, before any change; nothing at all where no coin is small enough.
    fn handed_over(&self) -> Option<Money> {
        match &self.stage {
            Stage::Paying(paying) => Money::total(paying.tenders.iter().map(|tender| tender.amount)),
            _ => Some(Money::ZERO),
        }
    }

    /// What the shop said to the sale.
    pub(super) fn sold(&mut self, verdict: Result<Outcome, Refusal>) -> Vec<Effect> {
        self.attempt = None;
        match verdict {
            Ok(Outcome::Ordered { order, receipt, total, change }) => {
                let receipt = receipt.unwrap_or_default();
                let paid = self.handed_over().and_then(|taken| taken.checked_sub(change)).unwrap_or(total);
                self.stage = Stage::Finished(Finished { change, paid, receipt });
                self.last_order = Some(order);
                self.quick_due = true;
                self.basket = Default::default();
                self.steps.forget();
                self.card = None;
                Vec::new()
            }
            Ok(_) => Vec::new(),
            Err(refusal) => {
                // The last amount was not taken; what was before it stands.
                if let Stage::Paying(paying) = &mut self.stage {
                    paying.tenders.pop();
                }
                vec![Effect::Refuse(refusal.to_string())]
            }
        }
    }

    fn pay_back(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Stage::Paying(paying) = &mut self.stage else { return Vec::new() };
        if paying.waiting.take().is_some() || paying.field.clear() {
            return Vec::new();
        }
        match paying.tenders.pop() {
            Some(tender) => {
                vec![Effect::Say(format!(
                    "{} by {} is taken back.",
                    tender.amount.grouped(self.minor),
                    tender.method.0
                ))]
            }
            None => {
                self.stage = Stage::Ringing;
                self.suggest(now);
                Vec::new()
            }
        }
    }

    pub(super) fn pay_action(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        match action {
            Action::Back => self.pay_back(now),
            // Whoever pays already does nothing more by saying so again: a key held down must not take the money.
            _ => Vec::new(),
        }
    }
}

fn needs_a_customer(method: usize) -> bool {
    METHODS[method].1 == Method::STORE_CREDIT
}

fn refuse_amount(paying: &mut Paying, why: &str) -> Vec<Effect> {
    paying.field.clear();
    vec![Effect::Refuse(why.to_owned())]
}
