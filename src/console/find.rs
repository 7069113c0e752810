//! Finding a customer from anywhere by any field, best match first.

use crate::console::screen::Choice;
use crate::domain::{Customer, CustomerDetails};
use crate::engine::Snapshot;
use crate::store::Fault;
use crate::unit::CustomerId;

/// The customers whose name, phone, e-mail, address or id the words match, best first, at most `limit`.
pub(super) fn customers(shop: &Snapshot, words: &str, limit: usize) -> Result<Vec<(CustomerId, Choice)>, Fault> {
    let ids = match shop.search_customers(words, limit)? {
        Some(ids) => ids,
        // Right after opening the table is not full yet.
        None => shop.search_newest_customers(words, limit)?,
    };
    let mut found = Vec::new();
    for id in ids {
        if let Some((customer, Some(known))) = shop.customer(id)? {
            found.push((id, choice(&customer, &known)));
        }
    }
    Ok(found)
}

fn choice(customer: &Customer, known: &CustomerDetails) -> Choice {
    let name = known.name.as_ref().unwrap_or(&customer.ext);
    let place = known.location.as_deref().unwrap_or_default();
    let phone = known.phone.as_deref().unwrap_or_default();
    Choice { words: name.to_string(), note: format!("{place}  {phone}"), ..Choice::default() }
}
