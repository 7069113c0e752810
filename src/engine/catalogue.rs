//! All products in memory, by number, by code and by the words of their names.

use crate::domain::Product;
use crate::store::index::barcode_key;
use crate::unit::{ProductId, text};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// The products as they are now. Cheap to share; changed as a whole.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    products: Vec<Option<Arc<Product>>>,
    codes: HashMap<String, ProductId>,
    skus: HashMap<String, ProductId>,
    ids: HashMap<String, ProductId>,
    gtins: HashMap<String, ProductId>,
    names: OnceLock<Vec<(ProductId, String)>>,
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

    /// What a code means: a barcode, SKU or id as text, in that order, then a barcode as GTIN-14.
    pub fn by_code(&self, code: &str) -> Option<ProductId> {
        let exact = self.codes.get(code).or_else(|| self.skus.get(code)).or_else(|| self.ids.get(code));
        exact.or_else(|| self.gtins.get(&barcode_key(code))).copied()
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

    fn names(&self) -> &[(ProductId, String)] {
        self.names.get_or_init(|| self.all().map(|product| (product.id, text::fold(&product.name))).collect())
    }

    /// Makes ready what the first search would wait for.
    pub fn warm(&self) {
        let _ = self.search("a", 1);
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
            self.skus.insert(sku.to_string(), product.id);
        }
        for code in &product.barcodes {
            self.codes.insert(code.to_string(), product.id);
            self.gtins.insert(barcode_key(code), product.id);
        }
        self.products[index] = Some(Arc::new(product));
        self.names = OnceLock::new();
        self.version += 1;
    }

    fn forget(&mut self, old: &Product) {
        self.ids.remove(&*old.ext);
        if let Some(sku) = &old.sku {
            self.skus.remove(&**sku);
        }
        for code in &old.barcodes {
            self.codes.remove(&**code);
            self.gtins.remove(&barcode_key(code));
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
