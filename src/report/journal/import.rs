//! What an entry of an import says in words: how many records it brought, and which it made others of.
//!
//! Nobody reads a thousand orders one by one: they are counted. A handful of changed records is named.

use super::change::{Deed, deeds};
use crate::domain::Change;
use crate::report::ReportFault;
use crate::report::facts::Source;
use crate::store::journal::Entry;

/// Changed records that are named, with what they were and are.
const HANDFUL: usize = 5;

/// The kinds of records that are counted: many, one, and whether a change is of it.
type Kind = (&'static str, &'static str, fn(&Change) -> bool);

/// All that files bring.
const KINDS: [Kind; 9] = [
    ("orders", "order", |change| matches!(change, Change::OrderPlaced { .. })),
    ("products", "product", |change| matches!(change, Change::ProductSaved(_))),
    ("customers", "customer", |change| matches!(change, Change::CustomerSaved { .. })),
    ("returns", "return", |change| matches!(change, Change::GoodsReturned(_))),
    ("pieces of feedback", "piece of feedback", |change| matches!(change, Change::FeedbackGiven { .. })),
    ("stock levels", "stock level", |change| matches!(change, Change::StockMoved(_))),
    ("stores", "store", |change| matches!(change, Change::StoreSaved(_))),
    ("registers", "register", |change| matches!(change, Change::RegisterSaved(_))),
    ("people", "person", |change| matches!(change, Change::StaffSaved(_))),
];

/// What an import's entry brought and changed, counted; the changed records by name with what became of them, where there are
/// few. `None` where it brought nothing.
pub(super) fn brought(entry: &Entry, source: &impl Source) -> Result<Option<(String, Option<String>)>, ReportFault> {
    let of_files = |deed: &Deed<'_>| KINDS.iter().any(|(.., is)| is(deed.change));
    let all = deeds(&entry.changes).into_iter().filter(of_files);
    let (changed, fresh): (Vec<Deed<'_>>, Vec<Deed<'_>>) = all.partition(Deed::has_before);
    let counts = [counted(&fresh), counted(&changed).map(|said| format!("changed {said}"))];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    if counts.is_empty() {
        return Ok(None);
    }
    let mut named = Vec::new();
    for deed in changed.iter().filter(|_| changed.len() <= HANDFUL) {
        let one = KINDS.iter().find(|(.., is)| is(deed.change)).map_or("", |(_, one, _)| *one);
        let (_, subject, _) = deed.said(entry.seq, source)?;
        named.push(format!("{one} {subject}: {}", deed.differences(source)?));
    }
    Ok(Some((counts.join("; "), (!named.is_empty()).then(|| named.join("; ")))))
}

/// How many of each kind; `None` where there are none.
fn counted(deeds: &[Deed<'_>]) -> Option<String> {
    let counts = KINDS.iter().map(|(many, one, is)| (deeds.iter().filter(|deed| is(deed.change)).count(), many, one));
    let said = counts.filter(|(count, ..)| *count > 0);
    let said: Vec<String> =
        said.map(|(count, many, one)| format!("{count} {}", if count == 1 { one } else { many })).collect();
    (!said.is_empty()).then(|| said.join(", "))
}
