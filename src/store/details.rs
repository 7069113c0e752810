//! Words about people, outside the hash chain: (subject, version) → random salt and words.
//!
//! The journal holds only the digest of salt and words, so that erasing them leaves the chain whole and tells nothing.

use super::codec;
use super::fault::{Fault, io};
use super::record::{Source, decoded, insert};
use super::table::DETAILS;
use crate::domain::change::Subject;
use crate::domain::{Change, Details, Slot};
use crate::unit::{BasketId, Digest, Text};
use redb::WriteTransaction;
use serde::{Deserialize, Serialize};

/// The format details are written in.
const FORMAT: u8 = 1;

/// The version of what never has another.
const ONLY: u32 = 1;

/// Words with the salt that keeps their digest from telling anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salted {
    /// Random.
    pub salt: [u8; 16],
    /// The words.
    pub words: Details,
}

impl Salted {
    /// What the journal keeps of them.
    pub fn digest(&self) -> Digest {
        Digest(*blake3::hash(&codec::plain(self)).as_bytes())
    }
}

/// A row for the `details` table.
pub type Row = (Subject, u32, Salted);

/// Closes every open slot of `changes` to its digest; the rows that keep the words.
pub fn close(changes: &mut [Change], salt: &mut dyn FnMut() -> [u8; 16]) -> Vec<Row> {
    let mut rows = Vec::new();
    for change in changes {
        match change {
            Change::CustomerSaved { customer, details } => {
                let subject = Subject::Customer(customer.id);
                close_slot(details, subject, customer.version, Details::Customer, salt, &mut rows);
            }
            Change::OrderPlaced { order, details: Some(details) } => {
                let subject = Subject::Order(order.no);
                close_slot(details, subject, order.details_version, Details::Order, salt, &mut rows);
            }
            Change::OrderPaid { order, details_version, details: Some(details), .. } => {
                close_slot(details, Subject::Order(*order), *details_version, Details::Order, salt, &mut rows);
            }
            Change::FeedbackGiven { feedback, details: Some(details) } => {
                let subject = Subject::Feedback(feedback.no);
                close_slot(details, subject, feedback.details_version, Details::Feedback, salt, &mut rows);
            }
            Change::BasketNoted { id, note } => {
                close_slot(note, Subject::Basket(*id), ONLY, Details::Basket, salt, &mut rows);
            }
            _ => {}
        }
    }
    rows
}

fn close_slot<T: Clone>(
    slot: &mut Slot<T>,
    subject: Subject,
    version: u32,
    wrap: fn(T) -> Details,
    salt: &mut dyn FnMut() -> [u8; 16],
    rows: &mut Vec<Row>,
) {
    if let Slot::Open(words) = slot {
        let salted = Salted { salt: salt(), words: wrap(words.clone()) };
        *slot = Slot::Closed(salted.digest());
        rows.push((subject, version, salted));
    }
}

/// The digests a change names: whose, which version, and what it must be.
pub fn named(change: &Change) -> Option<(Subject, u32, Digest)> {
    match change {
        Change::CustomerSaved { customer, details: Slot::Closed(digest) } => {
            Some((Subject::Customer(customer.id), customer.version, *digest))
        }
        Change::OrderPlaced { order, details: Some(Slot::Closed(digest)) } => {
            Some((Subject::Order(order.no), order.details_version, *digest))
        }
        Change::OrderPaid { order, details_version, details: Some(Slot::Closed(digest)), .. } => {
            Some((Subject::Order(*order), *details_version, *digest))
        }
        Change::FeedbackGiven { feedback, details: Some(Slot::Closed(digest)) } => {
            Some((Subject::Feedback(feedback.no), feedback.details_version, *digest))
        }
        Change::BasketNoted { id, note: Slot::Closed(digest) } => Some((Subject::Basket(*id), ONLY, *digest)),
        _ => None,
    }
}

fn key(subject: Subject, version: u32) -> (u8, u64, u32) {
    match subject {
        Subject::Customer(id) => (1, u64::from(id.0), version),
        Subject::Order(no) => (2, no.0, version),
        Subject::Feedback(no) => (3, no.0, version),
        Subject::Basket(id) => (4, id.0, version),
    }
}

/// Writes one version of a subject's words.
pub fn put(txn: &WriteTransaction, row: &Row) -> Result<(), Fault> {
    insert(txn, DETAILS, key(row.0, row.1), codec::encode(FORMAT, &row.2)?.as_slice())
}

/// One version of a subject's words; `None` when there is none or it was erased.
pub fn get(source: &impl Source, subject: Subject, version: u32) -> Result<Option<Salted>, Fault> {
    if version == 0 {
        return Ok(None);
    }
    let key = key(subject, version);
    source.with(DETAILS, |rows| match rows.row(key)? {
        Some(value) => decoded(FORMAT, "details", key, value.value()).map(Some),
        None => Ok(None),
    })
}

/// What is noted of a basket on hold.
pub fn basket_note(source: &impl Source, id: BasketId) -> Result<Option<Text>, Fault> {
    Ok(get(source, Subject::Basket(id), ONLY)?.and_then(|salted| match salted.words {
        Details::Basket(note) => Some(note),
        _ => None,
    }))
}

/// Forgets every version of the subjects' words.
pub fn erase(txn: &WriteTransaction, subjects: impl Iterator<Item = Subject>) -> Result<(), Fault> {
    let mut table = txn.open_table(DETAILS).map_err(|why| io("erasing details", why))?;
    for subject in subjects {
        let versions = key(subject, 0)..=key(subject, u32::MAX);
        table.retain_in(versions, |_, _| false).map_err(|why| io("erasing details", why))?;
    }
    Ok(())
}
