//! Input to the Orders screen.

use super::filter::Filter;
use super::state::{Orders, Row};
use crate::console::handed_out;
use crate::console::keymap::Action;
use crate::console::print;
use crate::console::screen::{Choice, Effect, Input, Now};
use crate::domain::command::Command;
use crate::domain::payment::still_due;
use crate::domain::refund::given_back;
use crate::domain::view::Kind;
use crate::domain::{Method, Outcome, Status, Tender};
use crate::unit::{Money, OrderNo};
use crossterm::event::{KeyCode, KeyEvent};

/// Orders written to a file at most: whoever waits for it sits before a screen.
const EXPORTED: usize = 10_000;

/// The methods a waiting order can be paid by.
const METHODS: [&str; 4] = [Method::CASH, Method::CARD, Method::TRANSFER, Method::OTHER];

impl Orders {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        let mut effects = self.taken_in(input, now);
        effects.extend(self.is_searching().then_some(Effect::GoOn));
        effects
    }

    fn taken_in(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Key(key) if self.filtering => self.type_filter(key, now),
            Input::Paste(text) if self.filtering => {
                self.field.paste(&text);
                Vec::new()
            }
            Input::Action(action) => self.act(action, now),
            Input::Wheel(rows) => self.step(i64::from(rows), now),
            Input::Rested => {
                if self.is_searching() {
                    self.search_on(now);
                }
                self.show(now);
                Vec::new()
            }
            Input::Click(_, y) => {
                let at = usize::from(y.saturating_sub(2));
                if y >= 2 && at < self.rows.len() {
                    self.marked = at;
                    self.show(now);
                }
                Vec::new()
            }
            Input::ShowOrder(no) => {
                self.go_to(no, now);
                Vec::new()
            }
            Input::OnlyOrders(said, orders) => {
                self.only(said, orders, now);
                Vec::new()
            }
            Input::FilterOrders(words) => {
                self.field = crate::console::field::Field::with(&words);
                self.apply(now)
            }
            Input::Yes("cancel") => {
                let cancel = |order| Effect::Do("cancel", Box::new(Command::CancelOrder { order }));
                self.asked.map(cancel).into_iter().collect()
            }
            Input::Yes("advance") => self.advance_marked(now),
            Input::Picked("pay", row) => self.pay(row, now),
            Input::Filled("return", values) => self.return_line(&values),
            Input::Filled("return without receipt", values) => self.return_goods(&values, now),
            Input::Done(name, verdict) => self.done(name, verdict, now),
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        let page = self.fit.max(2) as i64 - 1;
        // Offered until something else is done.
        let slip = self.slip.take();
        match action {
            Action::Enter if self.filtering => {
                self.filtering = false;
                return self.apply(now);
            }
            Action::Up => return self.step(-1, now),
            Action::Down => return self.step(1, now),
            Action::PageUp => return self.step(-page, now),
            Action::PageDown => return self.step(page, now),
            Action::Home => self.show_first(now),
            Action::End => self.show_last(now),
            Action::Sort => self.turn_round(now),
            Action::Mark => return self.pick(now),
            Action::Filter => self.filtering = true,
            Action::Back if !self.filtering && !self.picked.is_empty() => self.picked.clear(),
            Action::Back => {
                self.filtering = false;
                if self.field.clear() || !self.filter.is_empty() {
                    return self.apply(now);
                }
            }
            Action::Enter => {
                let title = self.marked_order().map(|order| format!("Order {}", order.id())).unwrap_or_default();
                // Its first line is the title.
                return vec![Effect::Page { title, text: self.page.get(1..).unwrap_or_default().join("\n") }];
            }
            Action::NextStatus => return self.next_status(now),
            Action::Cancel => return self.ask_cancel(now),
            Action::Return => return self.return_form(now),
            Action::Slip => return self.print_slip(slip, now),
            Action::ReturnFreely => return Orders::free_return_form(),
            Action::Print => {
                let Some(no) = self.marked_order().map(|order| order.no) else { return Vec::new() };
                return vec![print::receipt(now, no, true).unwrap_or_else(Effect::Refuse)];
            }
            Action::Copy => {
                let marked = self.rows.get(self.marked..=self.marked).unwrap_or_default();
                let ids: Vec<String> = self.chosen(now, marked).iter().map(|row| row.order.id()).collect();
                return vec![Effect::Copy(ids.join("\n"))];
            }
            Action::Export => return self.export(now),
            _ => {}
        }
        Vec::new()
    }

    fn type_filter(&mut self, key: KeyEvent, now: &Now<'_>) -> Vec<Effect> {
        match key.code {
            KeyCode::Up if self.field.bring_back() => {}
            KeyCode::Up => return self.step(-1, now),
            KeyCode::Down => return self.step(1, now),
            _ => {
                self.field.key(key);
            }
        }
        Vec::new()
    }

    /// A number that is an order's or a receipt's goes straight there; anything else narrows the list.
    fn apply(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let words = self.field.text().trim().to_owned();
        let by_receipt = now.shop.find(Kind::Receipt, &words).ok().flatten();
        let exact = by_receipt.or_else(|| now.shop.find(Kind::Order, &words).ok().flatten());
        if let Some(no) = exact {
            self.go_to(OrderNo(no), now);
            return Vec::new();
        }
        self.filter = Filter::parse(&words);
        self.show_first(now);
        match (self.rows.is_empty(), self.search.cut_short) {
            (true, false) if !words.is_empty() => {
                vec![Effect::Refuse(format!("No order is {}.", self.filter.said(now.minor())))]
            }
            _ => Vec::new(),
        }
    }

    /// What marked orders can be moved on to: not to paid, which asks how, one by one.
    fn steps_of_marked(&self, now: &Now<'_>) -> Vec<(OrderNo, Status)> {
        let step = |no: &OrderNo| {
            let order = now.shop.order(*no).ok().flatten()?;
            Some((*no, order.status.next().filter(|to| *to != Status::Paid)?))
        };
        self.picked.iter().filter_map(step).collect()
    }

    fn ask_for_marked(&self, now: &Now<'_>) -> Effect {
        let (steps, marked) = (self.steps_of_marked(now).len(), self.picked.len());
        let stay = marked - steps;
        Effect::Question {
            name: "advance",
            question: format!("Move {steps} of {marked} marked on?"),
            detail: match stay {
                0 => "Each goes to its next status.".to_owned(),
                stay => format!("Each goes to its next status; {stay} wait for payment or are at the end, and stay."),
            },
            yes: "Move them on",
        }
    }

    fn advance_marked(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let steps = self.steps_of_marked(now);
        self.picked.clear();
        let advance = |(order, to)| Effect::Do("status", Box::new(Command::AdvanceOrder { order, to }));
        steps.into_iter().map(advance).collect()
    }

    fn next_status(&mut self, now: &Now<'_>) -> Vec<Effect> {
        if !self.picked.is_empty() {
            return vec![self.ask_for_marked(now)];
        }
        let Some(order) = self.marked_order().cloned() else { return Vec::new() };
        self.asked = Some(order.no);
        match order.status.next() {
            Some(Status::Paid) => {
                let choices = METHODS.iter().map(|method| Choice {
                    words: (*method).to_owned(),
                    note: now.money(due(&order, &Method::named(method), now)),
                    ..Choice::default()
                });
                vec![Effect::Pick { name: "pay", title: "How is it paid?".to_owned(), choices: choices.collect() }]
            }
            Some(to) => vec![Effect::Do("status", Box::new(Command::AdvanceOrder { order: order.no, to }))],
            None => Vec::new(),
        }
    }

    fn pay(&mut self, row: usize, now: &Now<'_>) -> Vec<Effect> {
        let Some(order) = self.asked_order(now) else { return Vec::new() };
        let method = Method::named(METHODS[row.min(METHODS.len() - 1)]);
        let amount = due(&order, &method, now);
        let tenders = vec![Tender { method, amount, reference: None }];
        vec![Effect::Do("status", Box::new(Command::PayOrder { order: order.no, tenders }))]
    }

    fn ask_cancel(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(order) = self.marked_order().cloned() else { return Vec::new() };
        self.asked = Some(order.no);
        if order.lines.iter().any(|line| line.returned.0 > 0) {
            let why = "Some of it has come back already. r takes back the rest.";
            return vec![Effect::Refuse(why.to_owned())];
        }
        let back = given_back(&order, now.settings.currency.step(), now.settings.coin()).unwrap_or_default();
        let money = back.iter().filter(|(method, _)| !method.is(Method::CASH_ROUNDING)).map(|(_, amount)| *amount);
        let paid = Money::total(money).unwrap_or_default();
        let back = match paid.is_zero() {
            true => "Nothing was paid".to_owned(),
            false => format!("{} is paid back as it was paid", now.money(paid)),
        };
        vec![Effect::Question {
            name: "cancel",
            question: format!("Cancel order {}?", order.id()),
            detail: format!("{back}; the goods go back."),
            yes: "Cancel the order",
        }]
    }

    fn done(&mut self, name: &str, verdict: Result<Outcome, crate::domain::Refusal>, now: &Now<'_>) -> Vec<Effect> {
        self.reload(now);
        match verdict {
            Ok(Outcome::Returned { returns, refunds }) => self.came_back(&returns, &refunds, now),
            Ok(Outcome::Ordered { receipt: Some(receipt), change, .. }) => {
                vec![Effect::Say(format!("Paid, receipt {receipt}, change {}.", now.money(change)))]
            }
            Ok(_) => vec![Effect::Say(match self.asked_order(now) {
                Some(order) => format!("Order {} is {} now.", order.id(), order.status.word()),
                None => "Done.".to_owned(),
            })],
            // A form shows its refusal itself.
            Err(_) if name.starts_with("return") => Vec::new(),
            Err(refusal) => vec![Effect::Refuse(refusal.to_string())],
        }
    }

    /// What is marked with Space, else all that match, in the list's order, as CSV.
    fn export(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let (rows, cut) = match self.picked.is_empty() {
            true => self.matching(now, EXPORTED),
            false => (self.chosen(now, &[]), false),
        };
        let head = ["id", "ordered_at", "customer", "lines", "status", "paid_by", "receipt", "total"];
        let fields = |Row { order, customer }: &Row| {
            vec![
                order.id(),
                order.placed.map(|placed| placed.rfc3339()).unwrap_or_default(),
                customer.clone(),
                order.lines.len().to_string(),
                order.status.word().to_owned(),
                order.payment_method().map(|method| method.0.to_string()).unwrap_or_default(),
                order.receipt.as_deref().unwrap_or_default().to_owned(),
                order.total().map(|total| total.plain(now.minor())).unwrap_or_default(),
            ]
        };
        let (name, write) = handed_out::csv(now, "orders", &head, rows.iter().map(fields));
        let count = crate::unit::Quantity::pieces(rows.len() as i64).grouped();
        let said = match cut {
            true => format!("The first {count} orders went to {name}; `till export` writes them all."),
            false if rows.len() == 1 => format!("1 order went to {name}."),
            false => format!("{count} orders went to {name}."),
        };
        vec![write, Effect::Said(said)]
    }
}

/// What is due of an order by a method: cash by the shop's rounding.
fn due(order: &crate::domain::Order, method: &Method, now: &Now<'_>) -> Money {
    let paid = Money::total(order.payments.iter().map(|payment| payment.amount)).unwrap_or_default();
    let due = order.total().and_then(|total| total.checked_sub(paid)).unwrap_or_default();
    still_due(due, &[], method, now.settings.cash_rounding, &now.settings.currency).unwrap_or(due)
}
