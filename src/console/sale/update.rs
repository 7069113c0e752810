//! Input to the Sale screen, by stage.

use super::gone::taken_by;
use super::state::{Sale, Stage};
use crate::console::keymap::Action;
use crate::console::layer::form::{Does, Form, anything, money_or_nothing, something};
use crate::console::screen::{Choice, Effect, Input, Now};
use crate::domain::basket::Basket;
use crate::domain::command::Command;
use crate::domain::typed::{self, Typed};
use crate::domain::{Outcome, Refusal};
use crate::unit::{Money, Text};
use crossterm::event::{KeyCode, KeyEvent};

impl Sale {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Done(name, verdict) => self.done(name, verdict, now),
            Input::Yes("give up") => self.give_up(),
            Input::Yes("close shift") => vec![Effect::Do("shift", Box::new(Command::CloseShift))],
            Input::Picked("held", row) => match self.holds.get(row) {
                Some(id) => {
                    self.recalling = *id;
                    vec![Effect::Do("recall", Box::new(Command::RecallBasket { id: *id }))]
                }
                None => Vec::new(),
            },
            Input::Picked("product", row) => match self.searched.get(row).copied() {
                Some(product) => self.pick(now, product),
                None => Vec::new(),
            },
            Input::Picked("customer", row) => match self.found.get(row).copied() {
                Some(customer) => self.attach(now, customer),
                None => Vec::new(),
            },
            Input::Filled("discount", values) => self.discounted(&values, now),
            Input::Filled("note", values) => self.noted(&values, now),
            Input::Filled("shift", values) => {
                let float = Money::parse_entry(&values[0]).unwrap_or_default();
                vec![Effect::Do("shift", Box::new(Command::OpenShift { float }))]
            }
            Input::SellTo(customer) => {
                self.begin_next();
                self.beside_the_field(now, |sale| sale.attach(now, customer))
            }
            Input::PutAway => {
                self.read_news();
                Vec::new()
            }
            Input::TakenOver => self.taken_over(now),
            Input::Answers(answers) => {
                self.take_best_sellers(answers, now);
                Vec::new()
            }
            Input::GivenUp(_) => {
                // It is one small question, and whoever comes back looks for the keys at once.
                self.quick_due = true;
                self.ask_best_sellers(now)
            }
            Input::Key(key) => self.key(key, now),
            Input::Paste(text) => self.paste(&text, now),
            Input::Action(action) => self.act(action, now),
            Input::Click(x, y) => self.click(x, y, now),
            Input::Wheel(rows) => {
                self.mark(i64::from(rows.signum()));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// The receipt of the sale before stands until the next key, which already belongs to the next sale.
    fn begin_next(&mut self) {
        if let Stage::Finished(_) = self.stage {
            self.stage = Stage::Ringing;
            // What was half typed when the sale was paid makes room for the next; Up brings it back.
            self.field.clear();
        }
    }

    fn key(&mut self, key: KeyEvent, now: &Now<'_>) -> Vec<Effect> {
        self.begin_next();
        if let Stage::Paying(_) = self.stage {
            return self.pay_key(key, now);
        }
        self.make_room(key);
        match key.code {
            KeyCode::Enter => return self.enter(now),
            KeyCode::Up if self.field.bring_back() => {}
            KeyCode::Up => self.mark(-1),
            KeyCode::Down => self.mark(1),
            KeyCode::PageUp => self.mark(-10),
            KeyCode::PageDown => self.mark(10),
            _ => {
                self.field.key(key);
            }
        }
        self.suggest(now);
        Vec::new()
    }

    /// A paste goes into the field and confirms nothing.
    fn paste(&mut self, text: &str, now: &Now<'_>) -> Vec<Effect> {
        self.begin_next();
        match &mut self.stage {
            Stage::Paying(paying) => paying.field.paste(text),
            _ => self.field.paste(text),
        }
        self.suggest(now);
        Vec::new()
    }

    /// Arrows move the suggestions first, then the lines.
    fn mark(&mut self, by: i64) {
        let (at, count) = match self.offers.is_empty() {
            false => (&mut self.offered, self.offers.len()),
            true => (&mut self.marked, self.basket.lines.len()),
        };
        let last = count.saturating_sub(1) as i64;
        *at = (*at as i64 + by).clamp(0, last) as usize;
    }

    fn click(&mut self, x: u16, y: u16, now: &Now<'_>) -> Vec<Effect> {
        if let Stage::Paying(_) = self.stage {
            return Vec::new();
        }
        match self.line_at(x, y, now.size) {
            Some(line) => self.marked = line,
            None => {
                if let Some(quick) = self.quick_at(x, y, now.size) {
                    self.begin_next();
                    return self.click_quick(now, quick);
                }
            }
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        if action == Action::Print {
            return self.print(now);
        }
        self.begin_next();
        if let Stage::Paying(_) = self.stage
            && !matches!(action, Action::GiveUp | Action::Shift)
        {
            return self.pay_action(action, now);
        }
        match action {
            Action::Back => {
                self.field.clear();
                self.offer_nothing();
                Vec::new()
            }
            Action::Pay => self.begin_paying(),
            Action::Delete if !self.field.is_empty() => {
                self.field.key(KeyEvent::from(KeyCode::Delete));
                self.suggest(now);
                Vec::new()
            }
            Action::Delete => self.void(now),
            Action::Undo | Action::Redo => {
                match action {
                    Action::Undo => self.steps.back(&mut self.basket),
                    _ => self.steps.forward(&mut self.basket),
                }
                self.marked = self.basket.lines.len().saturating_sub(1);
                self.load(now);
                Vec::new()
            }
            Action::Hold => vec![Effect::Do("hold", Box::new(Command::HoldBasket { basket: self.basket.clone() }))],
            Action::Recall => self.recall(now),
            Action::Remark => vec![Effect::Form(self.note_form())],
            Action::Reprice => self.take_new_prices(now),
            Action::Discount => vec![Effect::Form(discount_form(self.basket.lines.len()))],
            Action::Customer => {
                self.field.begin_with('#');
                self.offer_nothing();
                vec![Effect::Say("Type a name, phone number, e-mail address or id, then Enter.".to_owned())]
            }
            Action::Search => vec![self.search(now)],
            Action::GiveUp => vec![Effect::Question {
                name: "give up",
                question: "Throw this basket away?".to_owned(),
                detail: match self.basket.lines.len() {
                    1 => "1 line is voided; nothing is sold.".to_owned(),
                    many => format!("{many} lines are voided; nothing is sold."),
                },
                yes: "Throw away",
            }],
            Action::Shift => shift(now),
            _ => Vec::new(),
        }
    }

    fn void(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(figures) = self.priced.as_ref().and_then(|priced| priced.lines.get(self.marked)) else {
            return vec![Effect::Refuse("There is no line to void.".to_owned())];
        };
        let value = figures.value;
        let Some(product) = self.basket.lines.get(self.marked).map(|line| line.product) else { return Vec::new() };
        let before = self.basket.lines.len();
        let effects = self.alter(now, |sale| sale.basket.void(sale.marked).map(drop));
        // A line that a discount rests on stays.
        if self.basket.lines.len() < before {
            self.steps.void([(product, value)]);
        }
        effects
    }

    fn give_up(&mut self) -> Vec<Effect> {
        let priced = self.priced.take();
        let values = priced.iter().flat_map(|priced| priced.lines.iter().map(|line| line.value));
        self.steps.void(self.basket.lines.iter().zip(values).map(|(line, value)| (line.product, value)));
        self.basket = Basket::default();
        self.steps.forget();
        self.stage = Stage::Ringing;
        self.card = None;
        Vec::new()
    }

    /// Every product, to be found by name, SKU, barcode, id or category.
    fn search(&mut self, now: &Now<'_>) -> Effect {
        // By name, as suggestions stand: the same words find the same product first.
        self.searched = now.shop.catalogue().by_name();
        let minor = now.minor();
        let choices = now.shop.with_stock(|columns| {
            let choice = |product: &std::sync::Arc<crate::domain::Product>| {
                let price = product.price.map(|price| price.grouped(minor)).unwrap_or_default();
                let known = columns.is_known(now.store.id, product.id);
                let stock = if known { columns.quantity(now.store.id, product.id).grouped() } else { String::new() };
                let category = product.category.as_deref().unwrap_or_default();
                let codes: Vec<&str> = product.barcodes.iter().map(|code| &**code).collect();
                let also =
                    format!("{} {} {}", product.sku.as_deref().unwrap_or_default(), codes.join(" "), product.ext);
                Choice {
                    words: product.name.to_string(),
                    note: format!("{category}  {price}  {stock:>7}"),
                    also,
                    id: 0,
                }
            };
            let products = self.searched.iter().filter_map(|id| now.shop.catalogue().product(*id));
            products.map(choice).collect()
        });
        Effect::Pick { name: "product", title: "Which product?".to_owned(), choices }
    }

    fn note_form(&self) -> Form {
        let note = self.basket.note.as_ref().map(|note| note.to_string()).unwrap_or_default();
        Form::new("note", "Note").field("Note", &note, "kept with the sale; nothing takes it away", anything)
    }

    fn noted(&mut self, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        let note = values.first().map(|words| Text::lossy(words)).filter(|note| !note.is_empty());
        let mut effects = self.beside_the_field(now, |sale| {
            sale.alter(now, |sale| {
                sale.basket.note = note;
                Ok(())
            })
        });
        effects.insert(0, Effect::CloseForm);
        effects
    }

    fn discounted(&mut self, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        let (amount, whole, reason) = (&values[0], values[1] == "whole basket", &values[2]);
        let off = match typed::read(&format!("-{amount}")) {
            Typed::LineOff(off) => off,
            Typed::Bad(why) => return vec![Effect::FormError(why)],
            _ => return vec![Effect::FormError("Write 10% or 2.00.".to_owned())],
        };
        let reason = Text::lossy(reason);
        let mut effects = self.beside_the_field(now, |sale| {
            sale.alter(now, |sale| {
                match whole {
                    true => sale.basket.off = off.something(),
                    false => sale.basket.set_off(sale.marked, off)?,
                }
                if !reason.is_empty() {
                    sale.basket.reason = Some(reason);
                }
                Ok(())
            })
        });
        match effects.pop() {
            Some(Effect::Refuse(why)) => vec![Effect::FormError(why)],
            said => [Effect::CloseForm].into_iter().chain(said).collect(),
        }
    }

    fn done(&mut self, name: &'static str, verdict: Result<Outcome, Refusal>, now: &Now<'_>) -> Vec<Effect> {
        match (name, verdict) {
            ("sale", Err(Refusal::PriceChanged { product, rung, now: new })) => {
                let words = format!("{product} costs {new} now, not {rung}.");
                self.sold(Err(Refusal::PriceChanged { product, rung, now: new }));
                vec![Effect::Refuse(format!("{words} Esc, then Alt-P takes the new price."))]
            }
            ("sale", Err(Refusal::TaxChanged { product, now: rate })) => {
                let words = format!("{product} is taxed at {rate} now.");
                self.sold(Err(Refusal::TaxChanged { product, now: rate }));
                vec![Effect::Refuse(format!("{words} Esc, then Alt-P takes the new rate."))]
            }
            ("sale", verdict) => self.sold(verdict),
            ("hold", Ok(_)) => {
                self.basket = Basket::default();
                self.steps.forget();
                self.card = None;
                vec![Effect::Say("The basket is put aside. F5 takes it up again.".to_owned())]
            }
            ("recall", Ok(Outcome::Recalled(basket))) => {
                self.basket = basket;
                // What was in hand before is another sale.
                self.steps.forget();
                self.marked = self.basket.lines.len().saturating_sub(1);
                self.load(now);
                Vec::new()
            }
            ("shift", Ok(_)) => {
                let is_open = now.shop.open_shift(now.register.id).is_ok_and(|shift| shift.is_some());
                vec![Effect::Say(if is_open { "The shift is open." } else { "The shift is closed." }.to_owned())]
            }
            (_, Ok(_)) => Vec::new(),
            ("recall", Err(gone @ Refusal::BasketGone)) => {
                vec![Effect::Refuse(taken_by(now, self.recalling).unwrap_or_else(|| gone.to_string()))]
            }
            (_, Err(refusal)) => vec![Effect::Refuse(refusal.to_string())],
        }
    }

    fn print(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(no) = self.last_order else { return Vec::new() };
        match crate::console::print::receipt(now, no, false) {
            Ok(effect) => vec![effect],
            Err(why) => vec![Effect::Refuse(why)],
        }
    }
}

fn discount_form(lines: usize) -> Form {
    let on = if lines > 1 { "marked line" } else { "whole basket" };
    Form::new("discount", "Discount")
        .field("How much", "", "10% or 2.00; 0 takes a discount away", something)
        .choice("On", on, &["marked line", "whole basket"])
        .field("Why", "", "kept with the sale", anything)
        .does(Does::Apply)
}

fn shift(now: &Now<'_>) -> Vec<Effect> {
    match now.shop.open_shift(now.register.id) {
        Ok(None) => vec![Effect::Form(Form::new("shift", "Open the shift").field(
            "Cash in the drawer",
            "",
            "what is there at the start",
            money_or_nothing,
        ))],
        Ok(Some(shift)) => vec![Effect::Question {
            name: "close shift",
            question: "Close this register's shift?".to_owned(),
            detail: match shift.opened.time_of_day() {
                Some((hour, minute, _)) => format!("Open since {} {hour:02}:{minute:02}.", shift.opened.day()),
                None => format!("Open since {}.", shift.opened.day()),
            },
            yes: "Close shift",
        }],
        Err(fault) => vec![Effect::Refuse(fault.to_string())],
    }
}
