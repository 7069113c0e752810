//! What an entry in the field does to the basket.

use super::state::Sale;
use crate::console::screen::{Effect, Now};
use crate::domain::basket::{Basket, BasketLine};
use crate::domain::typed::{self, Typed};
use crate::domain::view::Kind;
use crate::domain::{Product, Refusal, Right, Settings};
use crate::unit::barcode::Embedded;
use crate::unit::{CustomerId, Money, ProductId, Quantity};

/// Customers offered at most for one `#` entry.
const CUSTOMERS: usize = 50;

impl Sale {
    /// Acts on what stands in the field.
    pub(super) fn enter(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let text = self.field.text().trim().to_owned();
        // An exact match comes before any pattern.
        let exact = if text.is_empty() { &[] } else { now.shop.catalogue().by_code(&text) };
        if !exact.is_empty() {
            return match self.one_of(now, &text, exact) {
                Ok(product) => self.ring(now, product, Quantity::ONE, None),
                Err(question) => question,
            };
        }
        match typed::read(&text) {
            Typed::Empty => Vec::new(),
            Typed::Bad(why) => self.reject(why),
            Typed::Sell { quantity, what, price } => self.sell(now, quantity, &what, price),
            Typed::Quantity(quantity) => self.alter(now, |sale| {
                sale.ask_line(now, BasketLine::allow_quantity)?;
                sale.basket.set_quantity(sale.marked, quantity)
            }),
            Typed::Price(price) => self.alter(now, |sale| {
                sale.ask_line(now, BasketLine::allow_price)?;
                sale.basket.set_price(sale.marked, price)
            }),
            Typed::LineOff(off) => self.alter(now, |sale| sale.basket.set_off(sale.marked, off)),
            Typed::BasketOff(_) if self.basket.lines.is_empty() => {
                self.reject("There is nothing to take it off. Ring something first.".to_owned())
            }
            Typed::BasketOff(off) => self.alter(now, |sale| {
                sale.basket.off = off.something();
                Ok(())
            }),
            Typed::Customer(words) => self.customer(now, &words),
            Typed::Cash(amount) => self.cash_at_once(amount, now),
        }
    }

    fn sell(&mut self, now: &Now<'_>, quantity: Option<Quantity>, what: &str, price: Option<Money>) -> Vec<Effect> {
        let catalogue = now.shop.catalogue();
        let found = catalogue.by_code(what);
        if !found.is_empty() {
            return match self.one_of(now, what, found) {
                Ok(product) => self.ring(now, product, quantity.unwrap_or(Quantity::ONE), price),
                Err(question) => question,
            };
        }
        for pattern in &now.settings.patterns {
            let Some(embedded) = pattern.read(what) else { continue };
            let short = embedded.item.trim_start_matches('0');
            let mut codes = [embedded.item.as_str(), short].into_iter().map(|item| (item, catalogue.by_code(item)));
            let Some((item, found)) = codes.find(|(_, found)| !found.is_empty()) else { continue };
            return match self.one_of(now, item, found) {
                Ok(product) => self.ring_label(now, product, quantity.unwrap_or(Quantity::ONE), &embedded, price),
                Err(question) => question,
            };
        }
        if let Some(key) = typed::quick_key(what) {
            return match self.quick.get(usize::from(key) - 1).map(|offer| offer.product) {
                Some(product) => self.ring(now, product, quantity.unwrap_or(Quantity::ONE), price),
                None => self.reject(format!("There is no quick key .{key} here.")),
            };
        }
        if typed::is_digits(what) {
            return self.reject(format!("Nothing is known by {}.", crate::unit::text::fit(what, 40)));
        }
        match self.offers.get(self.offered).map(|offer| offer.product) {
            Some(product) => self.ring(now, product, quantity.unwrap_or(Quantity::ONE), price),
            None => self.reject(format!("Nothing is called {}.", crate::unit::text::fit(what, 40))),
        }
    }

    /// Asks a rule about the marked line and what is on record of its product.
    fn ask_line(
        &self,
        now: &Now<'_>,
        rule: fn(&BasketLine, &Product, &Settings) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let line = self.basket.lines.get(self.marked);
        let product = line.and_then(|line| now.shop.catalogue().product(line.product));
        line.zip(product).map_or(Ok(()), |(line, product)| rule(line, product, now.settings))
    }

    /// Sells packs with a label that says what each weighs or costs.
    fn ring_label(
        &mut self,
        now: &Now<'_>,
        id: ProductId,
        packs: Quantity,
        label: &Embedded,
        price: Option<Money>,
    ) -> Vec<Effect> {
        let Some(product) = now.shop.catalogue().product(id) else { return Vec::new() };
        match BasketLine::of_label(product, packs, label, price, now.settings.currency.step()) {
            Ok(line) => self.add(now, line),
            Err(refusal) => self.reject(refusal.to_string()),
        }
    }

    /// Sells one of a product that was chosen by name; an amount in the field stands before it.
    pub(super) fn pick(&mut self, now: &Now<'_>, product: ProductId) -> Vec<Effect> {
        let (amount, words) = self.field.text().split_once('*').unwrap_or(("", self.field.text()));
        let quantity = Quantity::parse_entry(amount.trim()).ok().filter(|quantity| quantity.0 > 0);
        let used_up = words.trim().is_empty();
        let effects =
            self.beside_the_field(now, |sale| sale.ring(now, product, quantity.unwrap_or(Quantity::ONE), None));
        match used_up {
            true => self.field.reset(),
            // What the goods were looked for by has done its work; Up brings it back.
            false => drop(self.field.clear()),
        }
        self.offer_nothing();
        effects
    }

    /// Sells one of the goods on a quick key that was clicked, or as many as stand in the field before a `*`.
    pub(super) fn click_quick(&mut self, now: &Now<'_>, key: usize) -> Vec<Effect> {
        let Some(product) = self.quick.get(key).map(|offer| offer.product) else { return Vec::new() };
        match self.field.text().trim_end().ends_with('*') {
            true => self.pick(now, product),
            false => self.beside_the_field(now, |sale| sale.ring(now, product, Quantity::ONE, None)),
        }
    }

    /// Does something that what is half typed in the field has nothing to do with.
    pub(super) fn beside_the_field(
        &mut self,
        now: &Now<'_>,
        does: impl FnOnce(&mut Sale) -> Vec<Effect>,
    ) -> Vec<Effect> {
        let field = std::mem::take(&mut self.field);
        let effects = does(self);
        self.field = field;
        self.suggest(now);
        effects
    }

    fn ring(&mut self, now: &Now<'_>, id: ProductId, quantity: Quantity, price: Option<Money>) -> Vec<Effect> {
        let Some(product) = now.shop.catalogue().product(id) else { return Vec::new() };
        match BasketLine::of(product, quantity, price) {
            Some(line) => self.add(now, line),
            None => self.reject(Refusal::NoPrice { product: product.name.clone() }.to_string()),
        }
    }

    fn add(&mut self, now: &Now<'_>, line: BasketLine) -> Vec<Effect> {
        let merge = now.settings.merge_lines;
        self.alter(now, |sale| {
            sale.marked = sale.basket.ring(line, merge)?;
            Ok(())
        })
    }

    /// Changes the basket as one step that can be undone; a refusal changes nothing.
    pub(super) fn alter(
        &mut self,
        now: &Now<'_>,
        change: impl FnOnce(&mut Sale) -> Result<(), Refusal>,
    ) -> Vec<Effect> {
        let before = self.basket.clone();
        let marked = self.marked;
        let changed = change(self)
            .and_then(|()| self.basket.price(now.settings.tax_included, now.settings.currency.step()).map(drop));
        match changed {
            Ok(()) => {
                let told = needs_a_supervisor(&before, now);
                let after = std::mem::replace(&mut self.basket, before);
                self.steps.remember(&self.basket);
                self.basket = after;
                self.field.reset();
                self.offer_nothing();
                let limit = now.settings.discount_limit_percent;
                let words = format!("More than {limit} % off: a supervisor is asked when it is paid.");
                (!told && needs_a_supervisor(&self.basket, now)).then_some(Effect::Say(words)).into_iter().collect()
            }
            Err(refusal) => {
                self.basket = before;
                self.marked = marked;
                let why = match refusal {
                    Refusal::NoSuchLine { .. } => "There is no line to change. Ring something first.".to_owned(),
                    refusal => refusal.to_string(),
                };
                self.reject(why)
            }
        }
    }

    /// Says why an entry did nothing. The field is free for the next scan; Up brings the text back.
    pub(super) fn reject(&mut self, why: String) -> Vec<Effect> {
        self.field.clear();
        self.offer_nothing();
        vec![Effect::Refuse(why)]
    }

    fn customer(&mut self, now: &Now<'_>, words: &str) -> Vec<Effect> {
        if words.is_empty() {
            let had = self.basket.customer.is_some();
            return match had {
                true => {
                    let mut effects = self.alter(now, |sale| {
                        sale.basket.customer = None;
                        Ok(())
                    });
                    effects.push(Effect::Say("The sale is in nobody's name now.".to_owned()));
                    effects
                }
                false => {
                    self.reject("Type # and a name, a phone number, an e-mail address or a customer's id.".to_owned())
                }
            };
        }
        if let Ok(Some(id)) = now.shop.find(Kind::Customer, words) {
            return self.attach(now, CustomerId(id as u32));
        }
        let found = match crate::console::find::customers(now.shop, words, CUSTOMERS) {
            Ok(found) => found,
            Err(fault) => return self.reject(fault.to_string()),
        };
        match found.as_slice() {
            [] => self.reject(format!("No customer is found by {}.", crate::unit::text::fit(words, 40))),
            [(id, _)] => self.attach(now, *id),
            many => {
                self.found = many.iter().map(|(id, _)| *id).collect();
                let choices = many.iter().map(|(_, choice)| choice.clone()).collect();
                self.field.clear();
                let title = format!("Which customer? Found by {}", crate::unit::text::fit(words, 40));
                vec![Effect::Pick { name: "customer", title, choices }]
            }
        }
    }

    pub(super) fn attach(&mut self, now: &Now<'_>, customer: CustomerId) -> Vec<Effect> {
        let effects = self.alter(now, |sale| {
            sale.basket.customer = Some(customer);
            Ok(())
        });
        self.load(now);
        effects
    }
}

/// Whether the basket takes off more than whoever sells here may give.
fn needs_a_supervisor(basket: &Basket, now: &Now<'_>) -> bool {
    let limit = now.settings.discount_limit_percent;
    let priced = basket.price(now.settings.tax_included, now.settings.currency.step());
    !now.person.may(Right::Discount) && priced.is_ok_and(|priced| basket.is_cut_beyond(&priced, limit))
}
