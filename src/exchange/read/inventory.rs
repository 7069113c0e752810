//! `inventory.csv`

use std::collections::HashSet;

use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::INVENTORY;
use crate::unit::{ProductId, Quantity, StoreId};

use super::products::Products;
use super::shop::Target;
use super::source::Folder;
use super::stores::Stores;
use super::table::{Scan, each};

const STORE: usize = 0;
const PRODUCT: usize = 1;
const QUANTITY: usize = 2;

/// How much of a product there is in a store.
type Level = (StoreId, ProductId, Quantity);

/// Reads the stock levels.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    stores: &Stores,
    products: &mut Products,
) -> Result<(Vec<Level>, Scan), ReadFault> {
    let mut levels = Vec::new();
    let mut met = HashSet::new();
    let scan = each(folder, &INVENTORY, findings, |row| {
        let store = stores.named(row, STORE);
        let product = products.named(row, PRODUCT, Some(into))?;
        let product = row.needed(PRODUCT, product, "which product it is");
        let quantity = row.quantity(QUANTITY);
        let quantity = row.needed(QUANTITY, quantity, "how many there are");
        let (Some(store), Some(product), Some(quantity), true) = (store, product, quantity, row.is_clean()) else {
            return Ok(());
        };
        if !met.insert((store.id, product.id)) {
            row.taken(PRODUCT, "in this store, product");
        } else if !into.update && into.base.stock(store.id, product.id)?.is_some_and(|level| !level.is_zero()) {
            row.exists(PRODUCT, "a stock level of product", "; give --update to change it");
        }
        levels.push((store.id, product.id, quantity));
        Ok(())
    })?;
    Ok((levels, scan))
}
