//! Finding a customer from anywhere by any field, best match first.

use crate::console::screen::Choice;
use crate::domain::{Customer, CustomerDetails};
use crate::engine::Snapshot;
use crate::store::Fault;
use crate::unit::{CustomerId, text};

/// Records read at a time.
const WINDOW: usize = 1_000;
/// Records looked at at most.
const LOOKED_AT: usize = 20_000;

/// The customers whose name, phone, e-mail, address or id the words match, at most `limit`.
pub(super) fn customers(shop: &Snapshot, words: &str, limit: usize) -> Result<Vec<(CustomerId, Choice)>, Fault> {
    if let Some(ids) = shop.search_customers(words, limit)? {
        let mut found = Vec::new();
        for id in ids {
            if let Some((customer, Some(known))) = shop.customer(id)? {
                found.push((id, choice(&customer, &known)));
            }
        }
        return Ok(found);
    }
    // Right after opening the table is not full yet: the newest are looked at.
    let needle = text::fold(words);
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let mut found = Vec::new();
    let mut end = u64::from(shop.last_customer()?.0) + 1;
    let mut looked_at = 0;
    while end > 1 && looked_at < LOOKED_AT && found.len() < limit {
        let records: Vec<Customer> = shop.window(1..end, true, WINDOW)?;
        let Some(last) = records.last() else { break };
        end = u64::from(last.id.0);
        looked_at += records.len();
        for record in &records {
            let Some((customer, Some(known))) = shop.customer(record.id)? else { continue };
            if matches(&customer, &known, &needle, &digits) {
                found.push((customer.id, choice(&customer, &known)));
                if found.len() == limit {
                    break;
                }
            }
        }
    }
    Ok(found)
}

fn matches(customer: &Customer, known: &CustomerDetails, needle: &str, digits: &str) -> bool {
    let words = [&known.name, &known.address, &known.location];
    let by_words = words.into_iter().flatten().any(|field| text::word_starts(&text::fold(field), needle).is_some());
    let by_mail = known.email.as_ref().is_some_and(|email| text::fold(email).starts_with(needle));
    let phone: String = known.phone.iter().flat_map(|phone| phone.chars()).filter(char::is_ascii_digit).collect();
    let by_phone = digits.len() >= 4 && phone.contains(digits);
    by_words || by_mail || by_phone || text::fold(&customer.ext) == needle
}

fn choice(customer: &Customer, known: &CustomerDetails) -> Choice {
    let name = known.name.as_ref().unwrap_or(&customer.ext);
    let place = known.location.as_deref().unwrap_or_default();
    let phone = known.phone.as_deref().unwrap_or_default();
    Choice { words: name.to_string(), note: format!("{place}  {phone}"), ..Choice::default() }
}
