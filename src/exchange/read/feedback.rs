//! `feedback.csv`

use crate::domain::view::{Counter, Kind};
use crate::domain::{Feedback, FeedbackState};
use crate::exchange::finding::{Collector, ReadFault, quoted};
use crate::exchange::format::FEEDBACK;
use crate::unit::{Digest, FeedbackNo, Text};

use super::ids::{Added, Ids};
use super::number::canonical;
use super::orders::{Names, Orders};
use super::returns::About;
use super::row::Row;
use super::shop::{Numbers, Target, room_for};
use super::source::Folder;
use super::table::each;

const ID: usize = 0;
const CUSTOMER: usize = 1;
const ORDER: usize = 2;
const RATING: usize = 3;
const CATEGORY: usize = 4;
const TEXT: usize = 5;
const CREATED_AT: usize = 6;
const STATUS: usize = 7;

/// Feedback as read.
#[derive(Default)]
pub struct Said {
    /// The records with their words.
    pub records: Vec<(Feedback, Option<Text>)>,
    /// Of the file.
    pub digest: Option<Digest>,
}

/// Reads the feedback.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    names: &mut Names,
    orders: &mut Orders,
) -> Result<Said, ReadFault> {
    let mut numbers = Numbers::of(into, Counter::Feedback)?;
    let first = into.base.next(Counter::Feedback)?;
    let mut ids = Ids::default();
    let mut largest = 0;
    let mut said = Said::default();
    let scan = each(folder, &FEEDBACK, findings, |row| {
        let Some(id) = row.own_id(ID) else { return Ok(()) };
        if !matches!(ids.add(id.as_bytes()), Added::New(_)) {
            row.taken(ID, "feedback");
        } else if first > 1 && into.base.find(Kind::Feedback, &id)?.is_some() {
            row.exists(ID, "feedback", "; feedback is never changed by an import");
        }
        largest = largest.max(canonical(id.as_bytes()).unwrap_or(0));
        let about = About::named(row, ORDER, into, orders)?;
        let zone = about.zone(orders, names);
        let words = row.paragraph(TEXT);
        let record = Feedback {
            no: FeedbackNo(numbers.take(row, ID, "pieces of feedback").unwrap_or_default()),
            ext: Some(id),
            customer: names.customers.named(row, CUSTOMER, Some(into))?,
            order: about.number(orders),
            rating: rating(row),
            category: row.word(CATEGORY, &mut names.words),
            at: row.stamp_at(CREATED_AT, zone.as_ref(), &into.base.zone()),
            state: state(row),
            details_version: u32::from(words.is_some()),
        };
        said.records.push((record, words));
        Ok(())
    })?;
    said.digest = scan.digest;
    let room = room_for(first, said.records.len(), largest);
    for (record, _) in &mut said.records {
        record.no.0 += room;
    }
    Ok(said)
}

fn rating(row: &mut Row) -> Option<u8> {
    match row.bytes(RATING) {
        b"" => None,
        [digit @ b'1'..=b'5'] => Some(digit - b'0'),
        other => {
            row.fault(RATING, format!("{} is not a whole number from 1 to 5", quoted(other)));
            None
        }
    }
}

fn state(row: &mut Row) -> FeedbackState {
    let state = row.choice(STATUS, "open, resolved", |word| match word {
        "open" => Some(FeedbackState::Open),
        "resolved" => Some(FeedbackState::Resolved),
        _ => None,
    });
    state.unwrap_or(FeedbackState::Open)
}
