//! Quantities on hand at the watermark: one column a store, cut into blocks so that a seal writes only what moved.

use super::codec;
use super::fault::{Fault, io};
use super::record::{Source, decoded, insert};
use super::table::STOCK;
use crate::unit::{ProductId, Quantity, StoreId};
use redb::WriteTransaction;
use std::collections::{BTreeMap, BTreeSet};

/// Products a block holds; 512 quantities of 8 bytes fill one page.
const BLOCK: usize = 508;

/// On-hand quantities of all stores, by product number. Zero where nothing ever moved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    stores: BTreeMap<u16, Vec<i64>>,
    /// Which products ever had a movement in a store: they stand in stock reports even at zero.
    known: BTreeMap<u16, Vec<bool>>,
}

impl Columns {
    /// On hand, in thousandths; zero where nothing ever moved.
    pub fn quantity(&self, store: StoreId, product: ProductId) -> Quantity {
        let column = self.stores.get(&store.0);
        Quantity(column.and_then(|column| column.get(product.0 as usize)).copied().unwrap_or(0))
    }

    /// Whether the product ever moved in the store, or a file said how many there are.
    pub fn is_known(&self, store: StoreId, product: ProductId) -> bool {
        self.known.get(&store.0).and_then(|column| column.get(product.0 as usize)).copied().unwrap_or(false)
    }

    /// Adds a movement. Saturates; movements by hand that do not fit were refused.
    pub fn add(&mut self, store: StoreId, product: ProductId, quantity: Quantity) {
        let index = product.0 as usize;
        let column = self.stores.entry(store.0).or_default();
        let known = self.known.entry(store.0).or_default();
        if column.len() <= index {
            column.resize(index + 1, 0);
            known.resize(index + 1, false);
        }
        column[index] = column[index].saturating_add(quantity.0);
        known[index] = true;
    }

    /// The stores that have a column.
    pub fn stores(&self) -> impl Iterator<Item = StoreId> + '_ {
        self.stores.keys().map(|store| StoreId(*store))
    }

    /// The last block of a store's column.
    pub fn last_block(&self, store: StoreId) -> u32 {
        let length = self.stores.get(&store.0).map_or(0, Vec::len);
        block_of(ProductId(length.saturating_sub(1) as u32))
    }

    /// The products that ever moved in a store, with what is there.
    pub fn of_store(&self, store: StoreId) -> impl Iterator<Item = (ProductId, Quantity)> + '_ {
        let column = self.stores.get(&store.0).map(Vec::as_slice).unwrap_or_default();
        let known = self.known.get(&store.0).map(Vec::as_slice).unwrap_or_default();
        let all = column.iter().zip(known).enumerate();
        all.filter(|(_, (_, known))| **known).map(|(id, (quantity, _))| (ProductId(id as u32), Quantity(*quantity)))
    }
}

/// The block a product stands in.
pub fn block_of(product: ProductId) -> u32 {
    product.0 / BLOCK as u32
}

/// Writes the blocks named, as they are in `columns`.
pub fn put(txn: &WriteTransaction, columns: &Columns, blocks: &BTreeSet<(StoreId, u32)>) -> Result<(), Fault> {
    for (store, block) in blocks {
        let start = *block as usize * BLOCK;
        let empty = Vec::new();
        let column = columns.stores.get(&store.0).unwrap_or(&empty);
        let rows: Vec<Option<i64>> = (start..start + BLOCK)
            .map(|index| {
                let product = ProductId(index as u32);
                columns.is_known(*store, product).then(|| column.get(index).copied().unwrap_or(0))
            })
            .collect();
        insert(txn, STOCK, (store.0, *block), codec::encode(1, &rows)?.as_slice())?;
    }
    Ok(())
}

/// Reads all blocks.
pub fn get(source: &impl Source) -> Result<Columns, Fault> {
    source.with(STOCK, |table| {
        let mut columns = Columns::default();
        for row in table.all()? {
            let (key, value) = row.map_err(|why| io("reading stock", why))?;
            let (store, block) = key.value();
            let rows: Vec<Option<i64>> = decoded(1, "stock", (store, block), value.value())?;
            for (offset, quantity) in rows.into_iter().enumerate() {
                if let Some(quantity) = quantity {
                    let product = ProductId((block as usize * BLOCK + offset) as u32);
                    columns.add(StoreId(store), product, Quantity(quantity));
                }
            }
        }
        Ok(columns)
    })
}
