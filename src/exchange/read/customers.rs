//! `customers.csv`

use crate::domain::view::{Counter, Kind};
use crate::domain::{Customer, CustomerDetails};
use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::CUSTOMERS;
use crate::unit::{CustomerId, Text};

use super::known::Known;
use super::row::Row;
use super::shop::{Met, Numbers, Target, meet};
use super::source::Folder;
use super::table::{Scan, each};
use super::words::Words;

const ID: usize = 0;
const NAME: usize = 1;
const EMAIL: usize = 2;
const PHONE: usize = 3;
const ADDRESS: usize = 4;
const LOCATION: usize = 5;
const GENDER: usize = 6;
const BIRTH_DATE: usize = 7;
const REGISTERED_ON: usize = 8;
const STORE_CREDIT: usize = 9;
const NOTES: usize = 10;

/// Customers of the files, and those of the shop that something names.
#[derive(Default)]
pub struct Customers {
    known: Known<CustomerId>,
}

impl Customers {
    /// The customer a column names, where it names one. A finding where there is none.
    pub fn named(
        &mut self,
        row: &mut Row,
        column: usize,
        into: Option<Target<'_>>,
    ) -> Result<Option<CustomerId>, ReadFault> {
        if row.is_empty(column) {
            return Ok(None);
        }
        let found = self.known.get_or(row.bytes(column), |id| {
            let Some(into) = into else { return Ok(None) };
            let number = into.base.find(Kind::Customer, id)?;
            Ok(number.and_then(|number| u32::try_from(number).ok()).map(CustomerId))
        })?;
        if found.is_none() && self.known.complete {
            row.names_nothing(column, "customer");
        }
        Ok(found)
    }
}

/// The customers of a file.
pub type Records = Vec<(Customer, CustomerDetails)>;

/// Reads the customers.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    words: &mut Words,
) -> Result<(Records, Customers, Scan), ReadFault> {
    let mut numbers = Numbers::of(into, Counter::Customer)?;
    let mut records = Records::new();
    let mut known = Known::default();
    let scan = each(folder, &CUSTOMERS, findings, |row| {
        let Some(id) = row.own_id(ID) else { return Ok(()) };
        let mut old = None;
        let number: Option<u32> = match meet(into, row, ID, &id, Kind::Customer, "customer")? {
            Met::New => numbers.take(row, ID, "customers"),
            Met::Change(number) => {
                let number = u32::try_from(number).ok();
                old = match number {
                    Some(number) => into.base.customer(CustomerId(number))?,
                    None => None,
                };
                number
            }
            Met::Refused => None,
        };
        let number = CustomerId(number.unwrap_or_default());
        if !known.add(id.as_bytes(), number) {
            row.taken(ID, "customer");
            return Ok(());
        }
        records.push(customer(row, number, id.clone(), old, words));
        Ok(())
    })?;
    known.complete = scan.complete;
    Ok((records, Customers { known }, scan))
}

/// The customer as the file says; columns that it does not have stay as they were.
fn customer(
    row: &mut Row,
    number: CustomerId,
    id: Text,
    old: Option<(Customer, Option<CustomerDetails>)>,
    words: &mut Words,
) -> (Customer, CustomerDetails) {
    let (old, old_details) = match old {
        Some((old, details)) => (Some(old), details),
        None => (None, None),
    };
    if old.as_ref().is_some_and(|old| old.version == 0) {
        row.fault(ID, "this customer was erased and cannot come back under the same id");
    }
    let credit = row.money(STORE_CREDIT).unwrap_or_default();
    let notes = row.paragraph(NOTES);
    let customer = Customer {
        id: number,
        ext: id,
        registered_on: row.day(REGISTERED_ON),
        store_credit: match &old {
            Some(old) if !row.has(STORE_CREDIT) => old.store_credit,
            _ => credit,
        },
        version: old.map_or(1, |old| old.version.saturating_add(1)),
    };
    let details = CustomerDetails {
        name: row.line(NAME),
        email: row.line(EMAIL),
        phone: row.line(PHONE),
        address: row.line(ADDRESS),
        location: row.word(LOCATION, words),
        gender: row.word(GENDER, words),
        birth_date: row.day(BIRTH_DATE),
        notes: if row.has(NOTES) { notes } else { old_details.and_then(|old| old.notes) },
    };
    (customer, details)
}
