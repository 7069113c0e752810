//! `returns.csv` and `feedback.csv`.

use crate::domain::change::ImportCounts;
use crate::domain::{Feedback, FeedbackState, Order, Payout, Return};
use crate::engine::Snapshot;
use crate::exchange::format::{FEEDBACK, RETURNS};
use crate::exchange::split;

use super::file::Folder;
use super::names::Names;
use super::orders::word;
use super::{WriteFault, every};

pub fn returns(
    snapshot: &Snapshot,
    names: &Names<'_>,
    folder: &mut Folder,
    counts: &mut ImportCounts,
) -> Result<(), WriteFault> {
    let (mut store, mut product, mut restock, mut method) = (false, false, false, false);
    let (mut split, mut rounding) = (false, false);
    every::<Payout>(snapshot, |payout| {
        split |= !payout.parts.is_empty();
        rounding |= !payout.rounding.is_zero();
        Ok(())
    })?;
    every::<Return>(snapshot, |back| {
        store |= back.store.is_some();
        // A line says what it sold.
        product |= back.product.is_some() && back.line_no.is_none();
        restock |= back.restock;
        method |= back.method.is_some();
        Ok(())
    })?;
    let mut file = folder.begin(&RETURNS, &[store, product, restock, method, split, rounding])?;
    every::<Return>(snapshot, |back| {
        let payout = if split || rounding { snapshot.payout(back.no)? } else { None };
        let parts = payout.as_ref().map(|payout| payout.parts.as_slice()).filter(|parts| !parts.is_empty());
        file.text(id_of(back.ext.as_deref(), back.no.0))?;
        let order = names.order(back.order)?;
        // As whoever reads it looks for its store.
        let place = back.store.or_else(|| order.as_ref().map_or_else(|| names.only_store(), |order| Some(order.store)));
        file.known(order.as_ref().map(Order::id))?;
        file.known(back.line_no.map(|no| no.to_string()))?;
        file.text(names.quantity(back.quantity))?;
        file.known(back.reason.as_deref())?;
        file.known(names.time(back.at.as_ref(), place))?;
        file.text(names.money(back.refund))?;
        file.optional(store, back.store.and_then(|store| names.store(store)))?;
        file.optional(product, back.product.and_then(|product| names.product(product)))?;
        file.optional(restock, Some(word(back.restock)))?;
        file.optional(method, back.method.as_ref().map(|method| method.0.as_str()))?;
        file.optional(split, parts.map(|parts| split::write(parts, |amount| names.money(amount))))?;
        let rounded = payout.as_ref().map(|payout| payout.rounding).filter(|by| !by.is_zero());
        file.optional(rounding, rounded.map(|by| names.money(by)))?;
        file.end_row()?;
        counts.returns += 1;
        Ok(())
    })?;
    folder.finish(file)
}

pub fn feedback(
    snapshot: &Snapshot,
    names: &Names<'_>,
    folder: &mut Folder,
    counts: &mut ImportCounts,
) -> Result<(), WriteFault> {
    let mut file = folder.begin(&FEEDBACK, &[])?;
    every::<Feedback>(snapshot, |said| {
        let words = match said.details_version {
            0 => None,
            _ => snapshot.feedback(said.no)?.and_then(|(_, words)| words),
        };
        file.text(id_of(said.ext.as_deref(), said.no.0))?;
        file.known(said.customer.and_then(|customer| names.customer(customer)))?;
        let order = names.order(said.order)?;
        file.known(order.as_ref().map(Order::id))?;
        file.known(said.rating.map(|rating| rating.to_string()))?;
        file.known(said.category.as_deref())?;
        file.known(words.as_deref())?;
        file.known(names.time(said.at.as_ref(), order.map(|order| order.store)))?;
        file.text(match said.state {
            FeedbackState::Open => "open",
            FeedbackState::Resolved => "resolved",
        })?;
        file.end_row()?;
        counts.feedback += 1;
        Ok(())
    })?;
    folder.finish(file)
}

/// The id people know a record by: its own, else its number.
fn id_of(ext: Option<&str>, number: u64) -> String {
    ext.map_or_else(|| number.to_string(), str::to_owned)
}
