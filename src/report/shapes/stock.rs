//! What lies on the shelves, what it cost, and what has to be ordered.

use crate::domain::{Product, Store};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan, join};
use crate::report::question::{Dim, Measure, Origin, Question};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::id::ExternalKey;
use crate::unit::{ProductId, Quantity};
use std::sync::Arc;

/// A product's stock in a store.
struct Shelf<'a> {
    store: &'a Store,
    product: &'a Arc<Product>,
    quantity: Quantity,
}

impl<S: Source> Desk<'_, S> {
    /// Stock by store and product, those that are asked for.
    fn shelves(&self, wanted: impl Fn(ProductId, Quantity) -> bool) -> Result<Vec<Shelf<'_>>, ReportFault> {
        if self.request.from.is_some() || self.request.to.is_some() {
            let name = self.request.preset.name;
            return Err(ReportFault::NotHere(format!("{name} shows the stock as it is now; it has no period")));
        }
        let mut shelves = self.all_shelves(wanted)?;
        shelves.truncate(self.request.top.unwrap_or(usize::MAX));
        Ok(shelves)
    }

    /// What lies on the shelves that are asked for.
    pub(super) fn shelves_now(&self) -> Result<Vec<(ProductId, Quantity)>, ReportFault> {
        Ok(self.all_shelves(|_, _| true)?.into_iter().map(|shelf| (shelf.product.id, shelf.quantity)).collect())
    }

    fn all_shelves(&self, wanted: impl Fn(ProductId, Quantity) -> bool) -> Result<Vec<Shelf<'_>>, ReportFault> {
        let filters = self.filters();
        let name = self.request.preset.name;
        let stock = |dim: Dim| matches!(dim.origin(), Origin::Store | Origin::Product);
        if let Some(filter) = filters.iter().find(|filter| !stock(filter.dim)) {
            return Err(ReportFault::NotHere(format!(
                "{name} knows stores and products, not {}; slice by store, store-location, product or category",
                filter.dim.word()
            )));
        }
        let question = Question { filters, ..Question::new(&[Measure::Orders], &[], self.as_of) };
        let plan = Plan::bind(&question, self.source, None, 1, false)?;
        let (directory, catalogue) = (self.source.directory(), self.source.catalogue());
        let (mut all, mut found) = (0, Vec::new());
        // Nothing but the choice is made while the stock is looked at: whoever sells waits for it.
        self.source.stock(&mut |store, product, quantity| {
            all += 1;
            if wanted(product, quantity) {
                found.push((store, product, quantity));
            }
        });
        self.explain("stock columns", all);
        let mut shelves = Vec::with_capacity(found.len());
        for (store, product, quantity) in found {
            let (Some(store), Some(product)) = (directory.store(store), catalogue.product(product)) else { continue };
            let stores = plan.records.iter().fold(0, |key, table| join(key, table.part(u32::from(store.id.0))));
            let products = plan.product.as_ref().map_or(0, |table| table.part(product.id.0));
            if join(stores, products) != AWAY {
                shelves.push(Shelf { store, product, quantity });
            }
        }
        // A product lies in many stores: its id is looked at once.
        let mut products: Vec<&Product> = shelves.iter().map(|shelf| &**shelf.product).collect();
        products.sort_unstable_by_key(|product| product.id);
        products.dedup_by_key(|product| product.id);
        products.sort_by_cached_key(|product| ExternalKey::of(&product.ext));
        let mut places = vec![0u32; catalogue.bound()];
        (0..).zip(&products).for_each(|(place, product)| places[product.id.0 as usize] = place);
        shelves.sort_unstable_by_key(|shelf| {
            (ExternalKey::of(&shelf.store.ext), places[shelf.product.id.0 as usize], shelf.store.id)
        });
        Ok(shelves)
    }

    /// At or below the reorder level.
    pub(super) fn low_stock(&self) -> Result<Body, ReportFault> {
        let levels = self.source.catalogue().reorder_levels();
        let level = |id: ProductId| levels.get(id.0 as usize).copied().flatten();
        let shelves = self.shelves(|product, quantity| level(product).is_some_and(|level| quantity <= level))?;
        let mut columns = shelf_columns();
        columns.push(AnswerColumn::new("reorder_level", Kind::Quantity));
        let rows = shelves.iter().map(|shelf| {
            let mut values = shelf_values(shelf);
            let level = shelf.product.reorder_level;
            values.push(level.map_or(Value::Null, |level| Value::Quantity(i128::from(level.0))));
            values
        });
        Ok(Body {
            columns,
            rows: rows.collect(),
            totals: vec![("products".to_owned(), Value::Count(shelves.len() as i128))],
        })
    }

    /// What the stock cost.
    pub(super) fn valuation(&self) -> Result<Body, ReportFault> {
        let shelves = self.shelves(|_, _| true)?;
        let mut columns = shelf_columns();
        columns.push(AnswerColumn::new("cost", Kind::Money));
        columns.push(AnswerColumn::new("value", Kind::Money));
        let (mut quantity, mut total) = (0, 0);
        let mut rows = Vec::with_capacity(shelves.len());
        for shelf in &shelves {
            let cost = shelf.product.cost;
            let value = cost.and_then(|cost| cost.times_quantity(shelf.quantity)).map(|value| i128::from(value.0));
            quantity += i128::from(shelf.quantity.0);
            total += value.unwrap_or(0);
            let mut values = shelf_values(shelf);
            values.push(cost.map_or(Value::Null, |cost| Value::Money(i128::from(cost.0))));
            values.push(value.map_or(Value::Null, Value::Money));
            rows.push(values);
        }
        let totals =
            vec![("quantity".to_owned(), Value::Quantity(quantity)), ("value".to_owned(), Value::Money(total))];
        Ok(Body { columns, rows, totals })
    }
}

fn shelf_columns() -> Vec<AnswerColumn> {
    vec![
        AnswerColumn::new("store_id", Kind::Id),
        AnswerColumn::new("id", Kind::Id),
        AnswerColumn::new("name", Kind::Text),
        AnswerColumn::new("quantity", Kind::Quantity),
    ]
}

fn shelf_values(shelf: &Shelf<'_>) -> Vec<Value> {
    // Room for two figures more: thousands of rows do not move for them.
    let mut values = Vec::with_capacity(6);
    values.extend([
        Value::text(&shelf.store.ext),
        Value::text(&shelf.product.ext),
        Value::text(&shelf.product.name),
        Value::Quantity(i128::from(shelf.quantity.0)),
    ]);
    values
}
