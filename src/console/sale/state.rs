//! What the Sale screen holds, and how it is loaded and kept as a draft.

use super::card::Card;
use super::pay::Paying;
use super::steps::{Steps, Void};
use crate::console::field::{Field, FieldDraft};
use crate::console::screen::{Effect, Now};
use crate::domain::basket::{Basket, Priced};
use crate::domain::{Product, Tender};
use crate::engine::draft::Draft;
use crate::unit::{CashRounding, CommandId, Currency, Money, OrderNo, ProductId, Quantity, RegisterId, StaffId, Text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Suggestions in sight.
pub(super) const SUGGESTIONS: usize = 3;

/// A product offered while typing, or on a quick key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub product: ProductId,
    /// Its name.
    pub name: Text,
    /// Its price, where it has one.
    pub price: Option<Money>,
    /// How many there are in this store; `None` where nothing is known.
    pub stock: Option<Quantity>,
    /// Whether that is at or below the reorder level.
    pub low: bool,
}

/// A choice that was put to the cashier: of the products that a code may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Which {
    /// What stood in the field: the choice is about nothing else.
    pub text: String,
    /// Those to choose from.
    pub products: Vec<ProductId>,
}

/// A list price that is another than was rung; `None` inside: the product has none any more.
pub(super) type NewPrice = Option<Option<Money>>;

/// A sale that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// What goes back in cash.
    pub change: Money,
    /// What was really paid: net of the change, cash rounded.
    pub paid: Money,
    /// The receipt's number.
    pub receipt: Text,
}

/// How far the sale is.
#[derive(Debug)]
pub enum Stage {
    /// Ringing.
    Ringing,
    /// Taking money.
    Paying(Paying),
    /// Done: change and receipt stand until the next key.
    Finished(Finished),
}

/// The screen.
#[derive(Debug)]
pub struct Sale {
    pub(super) field: Field,
    pub(super) basket: Basket,
    pub(super) priced: Option<Priced>,
    pub(super) marked: usize,
    pub(super) offers: Vec<Offer>,
    pub(super) offered: usize,
    /// The choice that is put to the cashier, if one is.
    pub(super) which: Option<Which>,
    pub(super) quick: Vec<Offer>,
    /// Whether it is time to ask what belongs on the quick keys.
    pub(super) quick_due: bool,
    pub(super) steps: Steps,
    pub(super) held: usize,
    pub(super) holds: Vec<crate::unit::BasketId>,
    /// The basket on hold that is being taken up.
    pub(super) recalling: crate::unit::BasketId,
    /// The products of the open search, in its order.
    pub(super) searched: Vec<crate::unit::ProductId>,
    pub(super) found: Vec<crate::unit::CustomerId>,
    pub(super) stage: Stage,
    pub(super) card: Option<Card>,
    pub(super) last_order: Option<OrderNo>,
    pub(super) next_number: u64,
    /// The id under which the sale in hand was asked for, from before it is asked until it is answered.
    pub(super) attempt: Option<CommandId>,
    /// The same of the process before, which was killed while it was asked for.
    left: Option<CommandId>,
    pub(super) minor: u8,
    pub(super) rounding: CashRounding,
    pub(super) currency: Currency,
    /// How much the basket needs of each product with a stock, and how much there was when it was looked at last.
    pub(super) needs: BTreeMap<ProductId, (Quantity, Quantity)>,
    /// The new price of every line that has one.
    pub(super) stale: Vec<NewPrice>,
    /// The new prices that have been told.
    pub(super) told: BTreeMap<ProductId, Option<Money>>,
    /// Those of them that nobody has put away yet.
    pub(super) standing: BTreeSet<ProductId>,
    /// What is said of those.
    pub(super) stands: Option<String>,
    draft: Option<Draft>,
}

/// What is kept beside the shop while a sale is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    basket: Basket,
    field: FieldDraft,
    marked: u32,
    tenders: Vec<Tender>,
    attempt: Option<CommandId>,
    voided: Vec<Void>,
}

impl Sale {
    /// The sale of a person at a register, with the basket in hand as it was left.
    pub fn new(shop: &Path, register: RegisterId, person: StaffId) -> Sale {
        let mut draft = Draft::of(shop, register, person);
        let kept: Option<Kept> = draft.read();
        let mut sale = Sale::without_draft();
        if let Some(kept) = kept {
            sale.basket = kept.basket;
            sale.field = Field::from_draft(&kept.field);
            sale.marked = kept.marked as usize;
            sale.left = kept.attempt;
            sale.steps = Steps::of(kept.voided);
            if !kept.tenders.is_empty() {
                sale.stage = Stage::Paying(Paying::with(kept.tenders));
            }
        }
        sale.draft = Some(draft);
        sale
    }

    /// Whether a person has left goods in a basket at a register.
    pub fn is_left(shop: &Path, register: RegisterId, person: StaffId) -> bool {
        Draft::peek::<Kept>(shop, register, person).is_some_and(|kept| !kept.basket.lines.is_empty())
    }

    /// The basket has gone to another terminal: who works here goes on without it, by the same quick keys. Whoever is told so
    /// again keeps what they have begun since: it was never anywhere else.
    pub(super) fn taken_over(&mut self, now: &Now<'_>) -> Vec<Effect> {
        if self.draft.is_none() {
            return Vec::new();
        }
        let quick = std::mem::take(&mut self.quick);
        *self = Sale { quick, quick_due: self.quick_due, ..Sale::without_draft() };
        self.load(now);
        let words = "You went on from another terminal; your basket is there.";
        vec![Effect::Pin(None, false), Effect::Say(words.to_owned())]
    }

    /// A sale that keeps nothing.
    fn without_draft() -> Sale {
        Sale {
            field: Field::default(),
            basket: Basket::default(),
            priced: None,
            marked: 0,
            offers: Vec::new(),
            offered: 0,
            which: None,
            quick: Vec::new(),
            quick_due: true,
            steps: Steps::default(),
            held: 0,
            holds: Vec::new(),
            recalling: crate::unit::BasketId::default(),
            searched: Vec::new(),
            found: Vec::new(),
            stage: Stage::Ringing,
            card: None,
            last_order: None,
            next_number: 1,
            attempt: None,
            left: None,
            minor: 2,
            rounding: CashRounding::Off,
            currency: Currency::EUR,
            needs: BTreeMap::new(),
            stale: Vec::new(),
            told: BTreeMap::new(),
            standing: BTreeSet::new(),
            stands: None,
            draft: None,
        }
    }

    /// Loads what is shown beside the basket.
    pub(super) fn load(&mut self, now: &Now<'_>) {
        self.settle_attempt(now);
        self.minor = now.minor();
        self.rounding = now.settings.cash_rounding;
        self.currency = now.settings.currency;
        if let Ok(held) = now.shop.held() {
            self.held = held.len();
        }
        if let Ok(last) = now.shop.last_order() {
            self.next_number = last.0 + 1;
        }
        // Which they are stays; their prices and what there is of them go on.
        self.quick = self.quick.iter().filter_map(|quick| offer(now, quick.product)).collect();
        self.suggest(now);
        self.card = self.basket.customer.and_then(|customer| Card::of(customer, now));
    }

    /// After a kill in the middle of a sale: one that was written is done, its basket must not come back; one that was not
    /// is in hand as it was.
    fn settle_attempt(&mut self, now: &Now<'_>) {
        let Some(id) = self.left.take() else { return };
        if let Ok(Some(outcome)) = now.shop.outcome(id) {
            self.sold(Ok(outcome));
            self.keep_draft();
        } else if let Stage::Paying(paying) = &mut self.stage {
            paying.tenders.pop();
        }
    }

    /// Works out what the basket comes to. Whatever cannot be priced is not let into the basket.
    pub(super) fn reprice(&mut self, now: &Now<'_>) {
        self.marked = self.marked.min(self.basket.lines.len().saturating_sub(1));
        self.look_at_prices(now);
        self.priced = self.basket.price(now.settings.tax_included, now.settings.currency.step()).ok();
    }

    /// Keeps the basket in hand; before the frame that shows it, so that a killed process loses nothing.
    pub(super) fn keep_draft(&mut self) {
        let tenders = match &self.stage {
            Stage::Paying(paying) => paying.tenders.clone(),
            _ => Vec::new(),
        };
        let kept = Kept {
            basket: self.basket.clone(),
            field: self.field.draft(),
            marked: self.marked as u32,
            tenders,
            attempt: self.attempt.or(self.left),
            voided: self.steps.voided().to_vec(),
        };
        if let Some(draft) = &mut self.draft {
            // Without room for a draft the sale goes on all the same.
            let _ = draft.keep(&kept);
        }
    }

    /// Offers products while words are typed, or those that a code may mean.
    pub(super) fn suggest(&mut self, now: &Now<'_>) {
        let offers = self.choices(now).unwrap_or_else(|| {
            let words = words_of(self.field.text());
            let found = words.map(|words| now.shop.catalogue().search(words, SUGGESTIONS)).unwrap_or_default();
            found.iter().filter_map(|id| offer(now, *id)).collect()
        });
        if offers.iter().map(|offer| offer.product).ne(self.offers.iter().map(|offer| offer.product)) {
            self.offered = 0;
        }
        self.offers = offers;
    }
}

/// The words of a name in what is typed: behind a quantity, before a price; digits alone are a code.
pub(super) fn words_of(text: &str) -> Option<&str> {
    if text.starts_with(['#', '-', '@', '.', '*']) {
        return None;
    }
    let words = text.split_once('*').map_or(text, |(_, rest)| rest);
    let words = words.rsplit_once('@').map_or(words, |(before, _)| before).trim();
    words.chars().any(char::is_alphabetic).then_some(words)
}

pub(super) fn offer(now: &Now<'_>, id: ProductId) -> Option<Offer> {
    let product: &Product = now.shop.catalogue().product(id)?;
    let stock =
        now.shop.with_stock(|columns| columns.is_known(now.store.id, id).then(|| columns.quantity(now.store.id, id)));
    let low = stock.zip(product.reorder_level).is_some_and(|(stock, level)| stock <= level);
    Some(Offer { product: id, name: product.name.clone(), price: product.price, stock, low })
}
