//! `stores.csv`, `products.csv`, `inventory.csv` and `customers.csv`.

use crate::domain::Customer;
use crate::domain::change::ImportCounts;
use crate::engine::Snapshot;
use crate::exchange::format::{CUSTOMERS, INVENTORY, PRODUCTS, STORES};
use crate::unit::{Day, Zone};

use super::file::Folder;
use super::names::Names;
use super::{WriteFault, every};

pub fn stores(snapshot: &Snapshot, folder: &mut Folder, counts: &mut ImportCounts) -> Result<(), WriteFault> {
    let mut file = folder.begin(&STORES, &[])?;
    // An empty zone is the shop's own, and the shop that reads this may have another: only the one that shops have unless
    // told otherwise is left unsaid.
    let own = snapshot.directory().settings.as_ref().map(|settings| settings.zone).filter(|zone| *zone != Zone::utc());
    for store in &snapshot.directory().stores {
        file.text(&*store.ext)?;
        file.text(&*store.name)?;
        file.known(store.location.as_deref())?;
        file.known(store.zone.or(own).map(|zone| zone.name()))?;
        file.end_row()?;
        counts.stores += 1;
    }
    folder.finish(file)
}

pub fn products(snapshot: &Snapshot, folder: &mut Folder, counts: &mut ImportCounts) -> Result<(), WriteFault> {
    let minor = snapshot.directory().minor();
    let mut file = folder.begin(&PRODUCTS, &[])?;
    for product in snapshot.catalogue().all() {
        file.text(&*product.ext)?;
        file.known(product.sku.as_deref())?;
        let codes: Vec<&str> = product.barcodes.iter().map(|code| code.as_str()).collect();
        file.text(codes.join(" "))?;
        file.text(&*product.name)?;
        file.known(product.category.as_deref())?;
        file.known(product.price.map(|price| price.plain(minor)))?;
        file.known(product.cost.map(|cost| cost.plain(minor)))?;
        file.known(product.tax_rate.map(|rate| rate.plain()))?;
        file.known(product.reorder_level.map(|level| level.plain()))?;
        file.end_row()?;
        counts.products += 1;
    }
    folder.finish(file)
}

pub fn inventory(
    snapshot: &Snapshot,
    names: &Names<'_>,
    folder: &mut Folder,
    counts: &mut ImportCounts,
) -> Result<(), WriteFault> {
    let mut file = folder.begin(&INVENTORY, &[])?;
    let columns = snapshot.stock_of_this_moment()?;
    for store in &snapshot.directory().stores {
        for (product, quantity) in columns.of_store(store.id) {
            let Some(product) = names.product(product) else { continue };
            file.text(&*store.ext)?;
            file.text(product)?;
            file.text(names.quantity(quantity))?;
            file.end_row()?;
            counts.inventory += 1;
        }
    }
    folder.finish(file)
}

pub fn customers(
    snapshot: &Snapshot,
    names: &mut Names<'_>,
    folder: &mut Folder,
    counts: &mut ImportCounts,
) -> Result<(), WriteFault> {
    let (mut with_credit, mut with_notes) = (false, false);
    every::<Customer>(snapshot, |customer| {
        with_credit |= !customer.store_credit.is_zero();
        if !with_notes && customer.version > 0 {
            let known = snapshot.customer(customer.id)?.and_then(|(_, known)| known);
            with_notes = known.is_some_and(|known| known.notes.is_some());
        }
        Ok(())
    })?;
    let mut file = folder.begin(&CUSTOMERS, &[with_credit, with_notes])?;
    every::<Customer>(snapshot, |customer| {
        let known = match customer.version {
            0 => None,
            _ => snapshot.customer(customer.id)?.and_then(|(_, known)| known),
        };
        let known = known.unwrap_or_default();
        file.text(&*customer.ext)?;
        for text in [&known.name, &known.email, &known.phone, &known.address, &known.location, &known.gender] {
            file.known(text.as_deref())?;
        }
        file.known(known.birth_date.as_ref().map(Day::to_string))?;
        file.known(customer.registered_on.as_ref().map(Day::to_string))?;
        file.optional(with_credit, Some(names.money(customer.store_credit)))?;
        file.optional(with_notes, known.notes.as_deref())?;
        file.end_row()?;
        counts.customers += 1;
        names.add_customer(customer.id, customer.ext);
        Ok(())
    })?;
    folder.finish(file)
}
