//! A code that several products share, such as a SKU: the cashier is shown them all and takes one. Never the first by itself.

use super::state::{Offer, Sale, Which, offer};
use crate::console::screen::{Effect, Now};
use crate::unit::{ProductId, Text, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

impl Sale {
    /// The one product that a code means; else the question which of them, for as long as nobody has marked one in sight.
    pub(super) fn one_of(&mut self, now: &Now<'_>, code: &str, found: &[ProductId]) -> Result<ProductId, Vec<Effect>> {
        if let [only] = found {
            return Ok(*only);
        }
        let marked = self.offers.get(self.offered).map(|offer| offer.product);
        if let Some(chosen) = marked.filter(|id| self.is_choosing() && found.contains(id)) {
            return Ok(chosen);
        }
        self.which = Some(Which { text: self.field.text().to_owned(), products: found.to_vec() });
        self.suggest(now);
        self.offered = 0;
        let (many, code) = (found.len(), text::fit(code, 40));
        Err(vec![Effect::Refuse(format!("{many} products have the code {code}. Arrows choose, Enter takes one."))])
    }

    fn is_choosing(&self) -> bool {
        self.which.as_ref().is_some_and(|which| which.text == self.field.text())
    }

    /// What is put to choice, each with its id: they may be called alike. Nothing once another text stands in the field.
    pub(super) fn choices(&mut self, now: &Now<'_>) -> Option<Vec<Offer>> {
        self.which = self.which.take().filter(|which| which.text == self.field.text());
        let choice = |id: &ProductId| {
            let product = now.shop.catalogue().product(*id)?;
            let name = Text::lossy(&format!("{} · {}", product.name, product.ext));
            Some(Offer { name, ..offer(now, *id)? })
        };
        Some(self.which.as_ref()?.products.iter().filter_map(choice).collect())
    }

    /// Takes back whatever is offered.
    pub(super) fn offer_nothing(&mut self) {
        self.offers.clear();
        self.which = None;
    }

    /// The next scan takes the place of a code that waits for a choice; a price may still be put behind it.
    pub(super) fn make_room(&mut self, key: KeyEvent) {
        let types = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        if types && matches!(key.code, KeyCode::Char(letter) if letter != '@') && self.is_choosing() {
            self.which = None;
            self.field.clear();
        }
    }
}
