//! All products in memory, by number, by code and by the words of their names.

use crate::domain::Product;
use crate::store::index::barcode_key;
use crate::unit::{ProductId, Quantity, Text, text};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::slice;
use std::sync::{Arc, OnceLock};

/// The categories of products.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    /// Each once, sorted.
    pub names: Vec<Text>,
    /// By number of product: the place of its category among the names, counted from 1; 0 without one.
    pub of: Vec<u32>,
}

/// The products as they are now. Cheap to share; changed as a whole.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    products: Vec<Option<Arc<Product>>>,
    codes: HashMap<String, ProductId>,
    /// In order of number: several products may share a SKU.
    skus: HashMap<String, Vec<ProductId>>,
    ids: HashMap<String, ProductId>,
    gtins: HashMap<String, ProductId>,
    names: OnceLock<Vec<(ProductId, String)>>,
    categories: OnceLock<Categories>,
    reorder_levels: OnceLock<Vec<Option<Quantity>>>,
    version: u64,
}

impl Catalogue {
    /// Of these products.
    pub fn of(products: Vec<Product>) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for product in products {
            catalogue.put(product);
        }
        catalogue
    }

    /// The product of that number.
    pub fn product(&self, id: ProductId) -> Option<&Arc<Product>> {
        self.products.get(id.0 as usize)?.as_ref()
    }

    /// All products in order of number.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Product>> {
        self.products.iter().flatten()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// One more than the largest number: the length of columns by product.
    pub fn bound(&self) -> usize {
        self.products.len()
    }

    /// Rises with every change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What a code means: a barcode, SKU or id as text, in that order, then a barcode as GTIN-14. One product or none; a SKU
    /// that several share means them all, in order of number.
    pub fn by_code(&self, code: &str) -> &[ProductId] {
        let barcode = self.codes.get(code).map(slice::from_ref);
        let exact = barcode.or_else(|| self.skus.get(code).map(Vec::as_slice));
        let exact = exact.or_else(|| self.ids.get(code).map(slice::from_ref));
        exact.or_else(|| self.gtins.get(&barcode_key(code)).map(slice::from_ref)).unwrap_or_default()
    }

    /// The products in whose name every word typed begins a word, best first, at most `limit`.
    pub fn search(&self, words: &str, limit: usize) -> Vec<ProductId> {
        let needle = text::fold(words);
        if needle.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, &str, ProductId)> = self
            .names()
            .iter()
            .filter_map(|(id, name)| Some((text::word_starts(name, &needle)?, name.as_str(), *id)))
            .collect();
        found.sort_unstable();
        found.into_iter().take(limit).map(|(_, _, id)| id).collect()
    }

    /// All products by name.
    pub fn by_name(&self) -> Vec<ProductId> {
        let mut all: Vec<(&str, ProductId)> = self.names().iter().map(|(id, name)| (name.as_str(), *id)).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, id)| id).collect()
    }

    /// The categories, sorted when they are first asked for.
    pub fn categories(&self) -> &Categories {
        self.categories.get_or_init(|| {
            let mut known: HashMap<&Text, u32, RandomState> = HashMap::default();
            for category in self.all().filter_map(|product| product.category.as_ref()) {
                known.insert(category, 0);
            }
            let mut names: Vec<Text> = known.keys().map(|name| (*name).clone()).collect();
            names.sort_unstable();
            names.iter().zip(1..).for_each(|(name, code)| {
                known.insert(name, code);
            });
            let code = |product: &Option<Arc<Product>>| {
                product.as_ref().and_then(|product| known.get(product.category.as_ref()?)).copied().unwrap_or(0)
            };
            let of = self.products.iter().map(code).collect();
            drop(known);
            Categories { names, of }
        })
    }

    /// By number of product: the quantity at which to order more.
    pub fn reorder_levels(&self) -> &[Option<Quantity>] {
        self.reorder_levels.get_or_init(|| {
            self.products.iter().map(|product| product.as_ref().and_then(|product| product.reorder_level)).collect()
        })
    }

    fn names(&self) -> &[(ProductId, String)] {
        self.names.get_or_init(|| self.all().map(|product| (product.id, text::fold(&product.name))).collect())
    }

    /// Takes the place of `before`, of whose products it may hold others.
    pub(super) fn follow(&mut self, before: &Catalogue) {
        self.version = self.version.max(before.version) + 1;
    }

    pub(super) fn put(&mut self, product: Product) {
        let index = product.id.0 as usize;
        if self.products.len() <= index {
            self.products.resize(index + 1, None);
        }
        if let Some(old) = self.products[index].take() {
            self.forget(&old);
        }
        self.ids.insert(product.ext.to_string(), product.id);
        if let Some(sku) = &product.sku {
            let sharers = self.skus.entry(sku.to_string()).or_default();
            if let Err(place) = sharers.binary_search(&product.id) {
                sharers.insert(place, product.id);
            }
        }
        for code in &product.barcodes {
            self.codes.insert(code.to_string(), product.id);
            self.gtins.insert(barcode_key(code), product.id);
        }
        self.products[index] = Some(Arc::new(product));
        self.names = OnceLock::new();
        self.categories = OnceLock::new();
        self.reorder_levels = OnceLock::new();
        self.version += 1;
    }

    /// Takes out what is its own: another product may have been given its id or barcode before.
    fn forget(&mut self, old: &Product) {
        let forget = |index: &mut HashMap<String, ProductId>, code: &str| {
            if index.get(code) == Some(&old.id) {
                index.remove(code);
            }
        };
        forget(&mut self.ids, &old.ext);
        for code in &old.barcodes {
            forget(&mut self.codes, code);
            forget(&mut self.gtins, &barcode_key(code));
        }
        let Some(sku) = &old.sku else { return };
        if let Some(sharers) = self.skus.get_mut(&**sku) {
            sharers.retain(|id| *id != old.id);
            if sharers.is_empty() {
                self.skus.remove(&**sku);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_rises_when_all_products_are_read_again() {
        let mut before = Catalogue { version: 9, ..Catalogue::default() };
        let mut after = Catalogue::of(Vec::new());
        after.follow(&before);
        assert_eq!((before.version(), after.version()), (9, 10));
        before.version = 2;
        after.follow(&before);
        assert_eq!(after.version(), 11);
    }
}
