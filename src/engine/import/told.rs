//! What an import makes of records that were there before, kept beside them as after an edit at a screen.
//!
//! What the files say as it is already is not saved again. Never keeps a word about a customer: how they changed is read from
//! the versions of their details.

use crate::domain::change::Subject;
use crate::domain::difference::{Difference, Told, differences};
use crate::domain::{Change, Customer, CustomerDetails, Details, Note, Slot};
use crate::store::record::{Record, get};
use crate::store::{Fault, details};
use crate::unit::{Quantity, Text};
use redb::WriteTransaction;

/// A record as it is to be saved, and what it was.
pub(super) type Saved = (Change, Option<Change>);

/// A record with what it was, where it was there; nothing where it is as it was.
pub(super) fn saved<R: Record + Told + Clone + PartialEq>(
    txn: &WriteTransaction,
    record: &R,
    minor: u8,
    save: fn(R) -> Change,
) -> Result<Option<Saved>, Fault> {
    let old: Option<R> = get(txn, record.number())?;
    if old.as_ref() == Some(record) {
        return Ok(None);
    }
    let told = old.map(|old| changed(differences(&old, record, minor)));
    Ok(Some((save(record.clone()), told)))
}

/// A customer with what stood in the chain of them; nothing where both that and what is known are as they were.
pub(super) fn customer(
    txn: &WriteTransaction,
    customer: &Customer,
    known: &CustomerDetails,
    minor: u8,
) -> Result<Option<Saved>, Fault> {
    let mut told = None;
    // The first version is of somebody new.
    let old = if customer.version > 1 { get::<Customer>(txn, customer.number())? } else { None };
    if let Some(old) = old {
        let fields = differences(&old, customer, minor);
        let words = details::get(txn, Subject::Customer(customer.id), old.version)?.map(|salted| salted.words);
        if fields.is_empty() && words == Some(Details::Customer(known.clone())) {
            return Ok(None);
        }
        told = (!fields.is_empty()).then(|| changed(fields));
    }
    Ok(Some((Change::CustomerSaved { customer: customer.clone(), details: Slot::Open(known.clone()) }, told)))
}

/// What a stock level was, and what it is.
pub(super) fn level(before: Quantity, after: Quantity) -> Change {
    let (before, after) = (Text::lossy(&before.plain()), Text::lossy(&after.plain()));
    changed(vec![Difference { field: Text::from("on hand"), before, after }])
}

fn changed(differences: Vec<Difference>) -> Change {
    Change::Noted(Note::Changed(differences))
}
