//! What the Stock screen holds: which products, in which order, and those in sight.

use crate::console::field::Field;
use crate::console::screen::Now;
use crate::console::widget::table::Cursor;
use crate::domain::Product;
use crate::unit::{ProductId, Quantity, StoreId, Text, text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// By what the list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    /// By name.
    #[default]
    Name,
    /// The fewest first.
    Quantity,
    /// By category, then name.
    Category,
    /// By id.
    Id,
}

/// A product in sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub product: Arc<Product>,
    /// `None` where nothing ever moved.
    pub quantity: Option<Quantity>,
}

impl Row {
    pub fn is_low(&self) -> bool {
        let level = self.product.reorder_level;
        level.is_some_and(|level| self.quantity.unwrap_or_default() <= level)
    }
}

/// A product as it was when a form about it was opened, and the store.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub product: Arc<Product>,
    pub store: StoreId,
}

/// The screen.
#[derive(Debug, Default)]
pub struct Stock {
    pub(super) store: Option<(StoreId, Text)>,
    pub(super) stores: Vec<(StoreId, Text)>,
    pub(super) field: Field,
    pub(super) filtering: bool,
    pub(super) low_only: bool,
    pub(super) order: Order,
    pub(super) found: Vec<ProductId>,
    pub(super) cursor: Cursor,
    pub(super) rows: Vec<Row>,
    pub(super) fit: usize,
    pub(super) minor: u8,
    /// Marked with Space: they are what is copied and exported.
    pub(super) picked: BTreeSet<ProductId>,
    /// What the open form is about: the list may move underneath.
    pub(super) asked: Option<Asked>,
    sifted: Option<(u64, String, bool, Order, Option<StoreId>)>,
}

impl Stock {
    pub(super) fn marked(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at.checked_sub(self.cursor.first)?)
    }

    pub(super) fn store_id(&self, now: &Now<'_>) -> StoreId {
        self.store.as_ref().map_or(now.store.id, |(id, _)| *id)
    }

    /// Chooses and sorts the products: only when what that depends on has changed.
    pub(super) fn sift(&mut self, now: &Now<'_>) {
        self.minor = now.minor();
        self.stores = now.shop.directory().stores.iter().map(|store| (store.id, store.name.clone())).collect();
        if self.store.is_none() {
            self.store = Some((now.store.id, now.store.name.clone()));
        }
        let store = self.store_id(now);
        let catalogue = now.shop.catalogue();
        // What is low changes with every sale; the rest only with the catalogue.
        let by_stock = self.low_only || self.order == Order::Quantity;
        let state = (catalogue.version(), self.field.text().to_owned(), self.low_only, self.order, Some(store));
        if !by_stock && self.sifted.as_ref() == Some(&state) {
            return;
        }
        let words = self.field.text().trim();
        let needle = text::fold(words);
        let exact = catalogue.by_code(words);
        let fits = |product: &Product| {
            needle.is_empty()
                || exact.contains(&product.id)
                || text::word_starts(&text::fold(&product.name), &needle).is_some()
                || product.category.as_ref().is_some_and(|c| text::word_starts(&text::fold(c), &needle).is_some())
        };
        let mut keyed: Vec<(String, ProductId)> = now.shop.with_stock(|columns| {
            let quantity = |id: ProductId| columns.quantity(store, id);
            catalogue
                .all()
                .filter(|product| fits(product))
                .filter(|product| {
                    !self.low_only || product.reorder_level.is_some_and(|level| quantity(product.id) <= level)
                })
                .map(|product| (self.key(product, quantity(product.id)), product.id))
                .collect()
        });
        keyed.sort_unstable();
        self.found = keyed.into_iter().map(|(_, id)| id).collect();
        self.sifted = Some(state);
    }

    fn key(&self, product: &Product, quantity: Quantity) -> String {
        let name = text::fold(&product.name);
        match self.order {
            Order::Name => name,
            // Negative quantities come first: shifted, they sort as text.
            Order::Quantity => format!("{:020} {name}", i128::from(quantity.0) + i128::from(i64::MAX)),
            Order::Category => format!("{} {name}", text::fold(product.category.as_deref().unwrap_or("~"))),
            Order::Id => format!("{:0>20}", product.ext),
        }
    }

    /// Loads the products in sight.
    pub(super) fn look(&mut self, now: &Now<'_>) {
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        self.cursor.keep_in_sight(self.found.len(), self.fit);
        let store = self.store_id(now);
        let sight = self.found.iter().skip(self.cursor.first).take(self.fit);
        self.rows = now.shop.with_stock(|columns| {
            sight
                .filter_map(|id| {
                    let product = Arc::clone(now.shop.catalogue().product(*id)?);
                    let quantity = columns.is_known(store, *id).then(|| columns.quantity(store, *id));
                    Some(Row { product, quantity })
                })
                .collect()
        });
    }
}
