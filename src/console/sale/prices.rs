//! Prices that somebody changes while the goods lie in a basket: told at once, marked on the line, and taken over by one key.
//!
//! Nothing changes by itself: what the customer was told is theirs to hear again.

use super::state::{NewPrice, Sale};
use crate::console::screen::{Effect, Now};
use crate::domain::basket::BasketLine;
use crate::unit::{Money, ProductId, text};
use std::collections::BTreeMap;

/// Names that one notice says.
const NAMED: usize = 3;

impl Sale {
    /// Looks at every line's list price as it is now.
    pub(super) fn look_at_prices(&mut self, now: &Now<'_>) {
        self.stale = self.basket.lines.iter().map(|line| new_price(line, now)).collect();
    }

    /// Whether a line would be refused when it is paid, because it costs something else now.
    pub(super) fn has_new_prices(&self) -> bool {
        self.stale.iter().any(Option::is_some)
    }

    /// Tells each new price once.
    pub(super) fn tell_new_prices(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let lines = self.basket.lines.iter().zip(&self.stale);
        let changed: BTreeMap<ProductId, (&BasketLine, Option<Money>)> =
            lines.filter_map(|(line, new)| Some((line.product, (line, (*new)?)))).collect();
        let untold =
            |(product, (_, new)): &(&ProductId, &(&BasketLine, Option<Money>))| self.told.get(*product) != Some(new);
        let told: Vec<String> = changed.iter().filter(untold).map(|(_, (line, new))| said(line, *new, now)).collect();
        let prices = changed.into_iter().map(|(product, (_, new))| (product, new)).collect();
        self.told = prices;
        if told.is_empty() {
            return Vec::new();
        }
        let more = told.len().saturating_sub(NAMED);
        let mut words = told.into_iter().take(NAMED).collect::<Vec<_>>().join("; ");
        if more > 0 {
            words.push_str(&format!("; and {more} more"));
        }
        vec![Effect::Notice(format!("{words}. Alt-P takes the new price."))]
    }

    /// The marked goods, and all others, at what they cost now. What somebody gave by hand stays as it was given.
    pub(super) fn take_new_prices(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let stale = std::mem::take(&mut self.stale);
        self.beside_the_field(now, |sale| {
            sale.alter(now, |sale| {
                for (line, new) in sale.basket.lines.iter_mut().zip(&stale) {
                    let Some(new) = *new else { continue };
                    if line.listed == Some(line.unit_price) {
                        line.unit_price = new.unwrap_or(line.unit_price);
                    }
                    line.listed = new;
                    let product = now.shop.catalogue().product(line.product);
                    line.tax_rate = product.map_or(line.tax_rate, |product| product.tax_rate);
                }
                Ok(())
            })
        })
    }
}

/// The list price of a line as it is now, if the line would be refused at the price or tax rate it was rung at.
fn new_price(line: &BasketLine, now: &Now<'_>) -> NewPrice {
    let product = now.shop.catalogue().product(line.product)?;
    let price = if line.is_of_label(product, now.settings) { None } else { product.price };
    (line.listed != price || line.tax_rate != product.tax_rate).then_some(price)
}

fn said(line: &BasketLine, new: Option<Money>, now: &Now<'_>) -> String {
    let name = text::fit(&line.name, 24);
    if new == line.listed {
        let rate = now.shop.catalogue().product(line.product).and_then(|product| product.tax_rate);
        return format!("{name} is taxed at {} now", rate.map_or_else(|| "no rate".to_owned(), |rate| rate.percent()));
    }
    match (new, line.listed) {
        (Some(new), Some(old)) => format!("{name} costs {} now, not {}", now.money(new), now.money(old)),
        (Some(new), None) => format!("{name} costs {} now", now.money(new)),
        (None, _) => format!("{name} has no price any more"),
    }
}
