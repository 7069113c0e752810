//! Stores and the registers that stand in them. Never knows what was sold there.

use crate::unit::{RegisterId, StoreId, Text, Zone};
use serde::{Deserialize, Serialize};

/// A place that sells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Dense internal number, from 1.
    pub id: StoreId,
    /// The id people and files know it by, unique among stores.
    pub ext: Text,
    /// Shown and printed.
    pub name: Text,
    /// Town or address; unknown is `None`.
    pub location: Option<Text>,
    /// `None`: the shop's own zone.
    pub zone: Option<Zone>,
}

/// A till in a store; receipt numbers run per register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Dense internal number, from 1; printed in receipt numbers.
    pub id: RegisterId,
    /// The store it stands in.
    pub store: StoreId,
    /// Its name, unique in its store.
    pub name: Text,
}

/// A register's name within a sentence: "register 2", but not "register Register 2".
pub fn register_said(name: &str) -> String {
    if name.to_lowercase().starts_with("register") { name.to_owned() } else { format!("register {name}") }
}
