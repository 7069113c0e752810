//! Who buys. Everything that tells about the person stands in [`CustomerDetails`], outside the hash chain.

use crate::unit::{CustomerId, Day, Money, Text};
use serde::{Deserialize, Serialize};

/// A customer's record: what remains when the person has been erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Dense internal number, from 1.
    pub id: CustomerId,
    /// The id people and files know them by, unique among customers.
    pub ext: Text,
    /// The day they became a customer.
    pub registered_on: Option<Day>,
    /// What the shop owes them.
    pub store_credit: Money,
    /// The version of their details that is current, from 1; 0 once erased.
    pub version: u32,
}

/// What is known of the person, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerDetails {
    /// Full name; may be empty only when unknown at import.
    pub name: Option<Text>,
    /// E-mail address, unchecked beyond being one clean line.
    pub email: Option<Text>,
    /// Telephone number as written.
    pub phone: Option<Text>,
    /// Postal address in one line.
    pub address: Option<Text>,
    /// Town, region or country; a dimension of the reports.
    pub location: Option<Text>,
    /// Free text; a dimension of the reports.
    pub gender: Option<Text>,
    /// Gives the age, measured on a report's as-of day.
    pub birth_date: Option<Day>,
    /// Remarks.
    pub notes: Option<Text>,
}
