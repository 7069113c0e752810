//! What customers are, in columns: location, gender and birth date by customer number, as the reports group by them.
//!
//! A projection of the customers' details, stored with each seal and kept in memory while the shop is open.

use super::codec;
use super::fault::Fault;
use super::record::{Source, decoded, insert};
use super::table::ATTRIBUTES;
use crate::domain::{Customer, CustomerDetails};
use crate::unit::id::compare_external;
use crate::unit::{CustomerId, Day, Text};
use redb::WriteTransaction;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Stands for a birth date nobody knows.
pub const NO_BIRTH: Day = Day(i32::MIN);

/// Texts by small code; code 0 is the unknown member.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dictionary {
    texts: Vec<Text>,
    #[serde(skip)]
    codes: HashMap<Text, u32>,
}

impl Dictionary {
    /// The code of `text`, made when it is new; 0 for `None`.
    pub fn code(&mut self, text: Option<&Text>) -> u32 {
        let Some(text) = text else { return 0 };
        if self.codes.len() != self.texts.len() {
            self.codes = self.texts.iter().cloned().zip(1..).collect();
        }
        if let Some(code) = self.codes.get(text) {
            return *code;
        }
        self.texts.push(text.clone());
        let code = self.texts.len() as u32;
        self.codes.insert(text.clone(), code);
        code
    }

    /// The text of a code; `None` for 0.
    pub fn text(&self, code: u32) -> Option<&Text> {
        self.texts.get((code as usize).checked_sub(1)?)
    }

    /// How many texts, the unknown one not counted.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no text was ever seen.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// The columns, by customer number; index 0 is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct People {
    /// Whether there is a customer of that number.
    pub present: Vec<bool>,
    /// Code of the location in `locations`.
    pub location: Vec<u32>,
    /// Code of the gender in `genders`.
    pub gender: Vec<u32>,
    /// Day of birth, or [`NO_BIRTH`].
    pub birth: Vec<Day>,
    /// The words behind `location`.
    pub locations: Dictionary,
    /// The words behind `gender`.
    pub genders: Dictionary,
    /// Whether the customers' ids are in another order than their numbers.
    pub ids_disordered: bool,
    /// The id of the customer with the largest number.
    pub last_id: Text,
    /// Rises with every change to a column.
    pub version: u64,
}

impl People {
    /// Brings in what is known of a customer now; `None` once erased.
    pub fn set(&mut self, customer: &Customer, details: Option<&CustomerDetails>) {
        let index = customer.id.0 as usize;
        if self.present.len() <= index {
            let follows = self.present.is_empty() || compare_external(&self.last_id, &customer.ext).is_lt();
            self.ids_disordered |= !follows;
            self.last_id = customer.ext.clone();
            self.present.resize(index + 1, false);
            self.location.resize(index + 1, 0);
            self.gender.resize(index + 1, 0);
            self.birth.resize(index + 1, NO_BIRTH);
        }
        // A number that was left out before may come with any id.
        self.ids_disordered |= !self.present[index] && index + 1 < self.present.len();
        self.present[index] = true;
        self.location[index] = self.locations.code(details.and_then(|known| known.location.as_ref()));
        self.gender[index] = self.genders.code(details.and_then(|known| known.gender.as_ref()));
        self.birth[index] = details.and_then(|known| known.birth_date).unwrap_or(NO_BIRTH);
        self.version += 1;
    }

    /// How many customers there are.
    pub fn count(&self) -> u64 {
        self.present.iter().filter(|present| **present).count() as u64
    }

    /// Whether there is a customer of that number.
    pub fn has(&self, id: CustomerId) -> bool {
        self.present.get(id.0 as usize).copied().unwrap_or(false)
    }
}

/// Writes the columns.
pub fn put(txn: &WriteTransaction, people: &People) -> Result<(), Fault> {
    insert(txn, ATTRIBUTES, "people", codec::encode(1, people)?.as_slice())
}

/// Reads the columns; empty where none were sealed.
pub fn get(source: &impl Source) -> Result<People, Fault> {
    source.with(ATTRIBUTES, |rows| match rows.row("people")? {
        Some(value) => decoded(1, "attributes", "people", value.value()),
        None => Ok(People::default()),
    })
}
