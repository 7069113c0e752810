//! A change becomes rows: the records that are written with every commit; an order that is only placed is filed later. What is
//! derived from them is `seal`'s.
//!
//! Changes arrive decided; nothing is judged here. Their slots are closed; the words come beside them.

use super::codec;
use super::details::{self, Row};
use super::fault::{Fault, io};
use super::index;
use super::orders::{self, Filed, Unfiled};
use super::record::{self, Held, Record, get, insert, put, put_meta, remove};
use super::table::{CUSTOMER_FEEDBACK, HELD, MOVES, ORDER_RETURNS, REGISTERS, STORES};
use crate::domain::apply::{customer_after, feedback_after, order_after, saved_after, shift_after};
use crate::domain::change::Subject;
use crate::domain::{Change, Customer, Feedback, Product, Register, Return, Shift, Staff, Store};
use crate::unit::{CustomerId, OrderNo, Seq};
use redb::WriteTransaction;
use std::sync::Arc;

/// Writes the records that the changes of entry `seq` make, and the words they brought; orders it places come to `unfiled`.
pub fn apply(
    txn: &WriteTransaction,
    seq: Seq,
    changes: &[Change],
    words: &[Row],
    unfiled: &mut Unfiled,
) -> Result<(), Fault> {
    for (index, change) in changes.iter().enumerate() {
        apply_one(txn, seq, index as u32, change, unfiled)?;
    }
    for row in words {
        details::put(txn, row)?;
    }
    Ok(())
}

fn apply_one(
    txn: &WriteTransaction,
    seq: Seq,
    index: u32,
    change: &Change,
    unfiled: &mut Unfiled,
) -> Result<(), Fault> {
    match change {
        Change::SettingsSaved(settings) => put_meta(txn, "settings", settings),
        Change::StoreSaved(store) => put_indexed::<Store>(txn, store),
        Change::StoreRemoved(id) => remove_store(txn, u64::from(id.0)),
        Change::RegisterSaved(register) => put(txn, register),
        Change::StaffSaved(staff) => put_indexed::<Staff>(txn, staff),
        Change::ProductSaved(product) => put_indexed::<Product>(txn, product),
        Change::CustomerSaved { customer, .. } => put_indexed::<Customer>(txn, customer),
        Change::CustomerErased { customer } => {
            forget(txn, std::iter::once(Subject::Customer(*customer)))?;
            alter_customer(txn, *customer, change)
        }
        Change::WordsErased { orders, feedback, .. } => {
            let orders = orders.iter().copied().map(Subject::Order);
            forget(txn, orders.chain(feedback.iter().copied().map(Subject::Feedback)))
        }
        Change::BasketNotesErased { baskets, .. } => forget(txn, baskets.iter().copied().map(Subject::Basket)),
        Change::CreditMoved { customer, .. } => alter_customer(txn, *customer, change),
        Change::OrderPlaced { order, .. } => {
            index::put(txn, order.no.0, None, Some(order))?;
            unfiled.place(seq, order.clone());
            Ok(())
        }
        Change::OrderPaid { order, .. } | Change::OrderStepped { order, .. } | Change::ReceiptGiven { order, .. } => {
            alter_order(txn, *order, change, unfiled)
        }
        Change::GoodsReturned(back) => put_return(txn, back, change, unfiled),
        Change::RefundPaid(payout) => put(txn, payout),
        Change::StockMoved(moved) => {
            insert(txn, MOVES, (moved.product.0, seq.0, index), codec::encode(1, moved)?.as_slice())
        }
        Change::ShiftOpened(shift) => put(txn, shift),
        Change::ShiftClosed { shift, .. } => {
            let old: Shift = known(txn, shift.0)?;
            put(txn, &shift_after(&old, change))
        }
        Change::FeedbackGiven { feedback, .. } => {
            if let Some(customer) = feedback.customer {
                insert(txn, CUSTOMER_FEEDBACK, (customer.0, feedback.no.0), ())?;
            }
            put_new(txn, feedback)
        }
        Change::FeedbackResolved { feedback, .. } => {
            let old: Feedback = known(txn, feedback.0)?;
            put(txn, &feedback_after(&old, change))
        }
        Change::BasketHeld { id, basket, by, at } => {
            // A number is never given twice, even after the basket was taken up and everything closed.
            put_meta(txn, record::LAST_HELD, &id.0)?;
            put(txn, &Held { id: *id, basket: basket.clone(), by: *by, at: *at })
        }
        Change::BasketRecalled { id, .. } => {
            details::erase(txn, std::iter::once(Subject::Basket(*id)))?;
            remove(txn, HELD, id.0).map(drop)
        }
        Change::CredentialsSaved(credentials) => put(txn, credentials),
        Change::ViewSaved(_) | Change::ViewForgotten(_) => {
            let mut views = record::saved_views(txn)?;
            saved_after(&mut views, change);
            put_meta(txn, record::SAVED_VIEWS, &views)
        }
        Change::LineVoided { .. } | Change::RefundRounded { .. } | Change::Imported { .. } => Ok(()),
        Change::Noted(_) | Change::BasketNoted { .. } => Ok(()),
    }
}

/// Erases words, all versions.
fn forget(txn: &WriteTransaction, subjects: impl Iterator<Item = Subject>) -> Result<(), Fault> {
    details::erase(txn, subjects)?;
    // Freed pages keep old bytes until the file is written anew.
    put_meta(txn, record::ERASED, &true)
}

/// The record a change speaks of, which deciding has seen.
fn known<R: Record>(txn: &WriteTransaction, number: u64) -> Result<R, Fault> {
    get(txn, number)?.ok_or_else(|| Fault::Damaged {
        table: R::NAME.to_owned(),
        key: number.to_string(),
        why: "the journal speaks of it, but it is not there".to_owned(),
    })
}

fn put_indexed<R: Record + index::Indexed>(txn: &WriteTransaction, record: &R) -> Result<(), Fault> {
    let old: Option<R> = get(txn, record.number())?;
    index::put(txn, record.number(), old.as_ref(), Some(record))?;
    put(txn, record)
}

/// A record whose number was never used: nothing to look up before.
fn put_new<R: Record + index::Indexed>(txn: &WriteTransaction, record: &R) -> Result<(), Fault> {
    index::put(txn, record.number(), None, Some(record))?;
    put(txn, record)
}

/// An order that is altered is filed as it is then.
fn alter_order(txn: &WriteTransaction, no: OrderNo, change: &Change, unfiled: &mut Unfiled) -> Result<(), Fault> {
    let old = match unfiled.take(no) {
        Some(placed) => placed,
        None => Arc::new(known::<Filed>(txn, no.0)?.0),
    };
    let new = order_after(&old, change);
    index::put(txn, no.0, Some(&*old), Some(&new))?;
    orders::file(txn, &new)
}

fn alter_customer(txn: &WriteTransaction, id: CustomerId, change: &Change) -> Result<(), Fault> {
    let old: Customer = known(txn, u64::from(id.0))?;
    put(txn, &customer_after(&old, change))
}

fn put_return(txn: &WriteTransaction, back: &Return, change: &Change, unfiled: &mut Unfiled) -> Result<(), Fault> {
    put_new(txn, back)?;
    if let Some(order) = back.order {
        insert(txn, ORDER_RETURNS, (order.0, back.no.0), ())?;
        if back.line_no.is_some() {
            alter_order(txn, order, change, unfiled)?;
        }
    }
    Ok(())
}

fn remove_store(txn: &WriteTransaction, id: u64) -> Result<(), Fault> {
    let old: Store = known(txn, id)?;
    index::put(txn, id, Some(&old), None)?;
    remove(txn, STORES, id)?;
    for register in record::all::<Register>(txn)? {
        if u64::from(register.store.0) == id {
            remove(txn, REGISTERS, register.number())?;
        }
    }
    Ok(())
}

/// Makes every table, so that reading an empty shop finds them all.
pub fn make_tables(txn: &WriteTransaction) -> Result<(), Fault> {
    use super::table::*;
    macro_rules! make {
        ($($table:ident),*) => {$(
            txn.open_table($table).map_err(|why| io("making the tables", why))?;
        )*};
    }
    with_all_tables!(make);
    Ok(())
}
