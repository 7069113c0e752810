//! What a change made of a record, field by field, for those who look at it later. The journal keeps a record as it became;
//! this is kept beside it, so that nobody has to search a million entries for what it was.
//!
//! What is kept never holds a word about a customer: those may have to be forgotten. How their details changed is worked out
//! from the versions there are, when somebody looks.

use super::{Customer, CustomerDetails, Product, Register, Settings, Staff, Store};
use crate::unit::{CashRounding, Money, Text};
use serde::{Deserialize, Serialize};

/// One field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Its name in words.
    pub field: Text,
    /// What it was; empty for nothing.
    pub before: Text,
    /// What it is; empty for nothing.
    pub after: Text,
}

/// A record whose changes are told field by field.
pub trait Told {
    /// Every field's name and what it says, always the same fields in the same order; money with at least `minor`
    /// decimals.
    fn fields(&self, minor: u8) -> Vec<(&'static str, String)>;
}

/// The fields in which two states of a record differ.
pub fn differences<T: Told>(before: &T, after: &T, minor: u8) -> Vec<Difference> {
    let pairs = before.fields(minor).into_iter().zip(after.fields(minor));
    let changed = pairs.filter(|((_, old), (_, new))| old != new);
    changed
        .map(|((field, old), (_, new))| Difference {
            field: Text::from(field),
            before: Text::lossy(&old),
            after: Text::lossy(&new),
        })
        .collect()
}

fn text(of: Option<&Text>) -> String {
    of.map(ToString::to_string).unwrap_or_default()
}

fn money(of: Option<Money>, minor: u8) -> String {
    of.map(|money| money.plain(minor)).unwrap_or_default()
}

fn yes(of: bool) -> String {
    if of { "yes" } else { "no" }.to_owned()
}

fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

impl Told for Product {
    fn fields(&self, minor: u8) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.to_string()),
            ("id", self.ext.to_string()),
            ("SKU", text(self.sku.as_ref())),
            ("barcodes", joined(&self.barcodes)),
            ("category", text(self.category.as_ref())),
            ("price", money(self.price, minor)),
            ("cost", money(self.cost, minor)),
            ("tax", self.tax_rate.map(|rate| rate.percent()).unwrap_or_default()),
            ("reorder level", self.reorder_level.map(|level| level.plain()).unwrap_or_default()),
        ]
    }
}

impl Told for Staff {
    fn fields(&self, _: u8) -> Vec<(&'static str, String)> {
        let roles: Vec<&str> = self.roles.iter().map(|role| role.word()).collect();
        vec![
            ("id", self.ext.to_string()),
            ("name", self.name.to_string()),
            ("roles", roles.join(" ")),
            ("works here", yes(!self.disabled)),
        ]
    }
}

/// What stands in the chain of a customer, and is no word about the person.
impl Told for Customer {
    fn fields(&self, minor: u8) -> Vec<(&'static str, String)> {
        vec![
            ("id", self.ext.to_string()),
            ("registered on", self.registered_on.map(|day| day.to_string()).unwrap_or_default()),
            ("store credit", self.store_credit.plain(minor)),
        ]
    }
}

impl Told for CustomerDetails {
    fn fields(&self, _: u8) -> Vec<(&'static str, String)> {
        vec![
            ("name", text(self.name.as_ref())),
            ("e-mail", text(self.email.as_ref())),
            ("phone", text(self.phone.as_ref())),
            ("address", text(self.address.as_ref())),
            ("location", text(self.location.as_ref())),
            ("gender", text(self.gender.as_ref())),
            ("born on", self.birth_date.map(|born| born.to_string()).unwrap_or_default()),
            ("notes", text(self.notes.as_ref())),
        ]
    }
}

impl Told for Store {
    fn fields(&self, _: u8) -> Vec<(&'static str, String)> {
        vec![
            ("id", self.ext.to_string()),
            ("name", self.name.to_string()),
            ("location", text(self.location.as_ref())),
            ("zone", self.zone.map(|zone| zone.to_string()).unwrap_or_default()),
        ]
    }
}

impl Told for Register {
    fn fields(&self, _: u8) -> Vec<(&'static str, String)> {
        vec![("name", self.name.to_string()), ("store", self.store.0.to_string())]
    }
}

impl Told for Settings {
    fn fields(&self, minor: u8) -> Vec<(&'static str, String)> {
        let rounding = match self.cash_rounding {
            CashRounding::Off => "off".to_owned(),
            CashRounding::Step(step) => step.plain(minor),
        };
        vec![
            ("name", self.name.to_string()),
            ("zone", self.zone.to_string()),
            ("prices include tax", yes(self.tax_included)),
            ("cash rounding", rounding),
            ("scans of one product make one line", yes(self.merge_lines)),
            ("scale barcodes", joined(&self.patterns)),
            ("largest discount", format!("{} %", self.discount_limit_percent)),
            ("largest note", self.largest_note.plain(minor)),
            ("above receipts", self.receipt_header.to_string()),
            ("below receipts", self.receipt_footer.to_string()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;
    use crate::unit::StaffId;

    #[test]
    fn only_what_changed_is_told() {
        let before = Staff {
            id: StaffId(1),
            ext: Text::from("ben"),
            name: Text::from("Ben"),
            roles: vec![Role::Cashier],
            disabled: false,
        };
        assert_eq!(differences(&before, &before, 2), []);
        let after = Staff { roles: vec![Role::Cashier, Role::Supervisor], disabled: true, ..before.clone() };
        let told: Vec<String> = differences(&before, &after, 2)
            .iter()
            .map(|change| format!("{} {} → {}", change.field, change.before, change.after))
            .collect();
        assert_eq!(told, ["roles cashier → cashier supervisor", "works here yes → no"]);
    }
}
