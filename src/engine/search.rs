//! Finding customers by any word, phone number, e-mail address or id, however many there are.
//!
//! The table is filled behind the scenes after opening and kept current by what is published; until it is full nobody is
//! found in it, and whoever asks looks elsewhere. Words about people live here in memory only.

use super::snapshot::Snapshot;
use crate::domain::{Customer, CustomerDetails};
use crate::store::Fault;
use crate::unit::{CustomerId, text};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Records read at a time while filling.
const WINDOW: usize = 2_000;
/// Digits after which a number is looked for in phone numbers.
const DIGITS: usize = 4;

/// What is looked for in one customer: folded words, and the digits of the phone number.
#[derive(Debug, Default, Clone)]
struct Row {
    words: Box<str>,
    digits: Box<str>,
}

#[derive(Debug, Default)]
struct Table {
    full: bool,
    rows: Vec<Row>,
    touched: Vec<CustomerId>,
    /// Rises when everything has to be read again.
    round: u64,
}

/// The table, shared by all who look.
#[derive(Debug, Default)]
pub(super) struct Search {
    table: Mutex<Table>,
}

impl Search {
    /// These customers are different now.
    pub fn touch(&self, customers: Vec<CustomerId>) {
        if !customers.is_empty() {
            self.lock().touched.extend(customers);
        }
    }

    /// Everybody may be different now; the next filling begins anew.
    /// Whether it was full.
    pub fn forget(&self) -> bool {
        let mut table = self.lock();
        let full = table.full;
        *table = Table { round: table.round + 1, ..Table::default() };
        full
    }

    /// Reads everybody, a stretch at a time, each in a view of its own. Newer changes wait among the touched and are read
    /// when somebody looks.
    pub fn fill(&self, view: impl Fn() -> Result<Snapshot, Fault>) -> Result<(), Fault> {
        let round = self.lock().round;
        let last = u64::from(view()?.last_customer()?.0);
        let mut rows = vec![Row::default(); last as usize + 1];
        let mut next = 1;
        while next <= last {
            let shop = &view()?;
            let records: Vec<Customer> = shop.window(next..last + 1, false, WINDOW)?;
            let Some(end) = records.last() else { break };
            next = u64::from(end.id.0) + 1;
            for record in &records {
                if let Some(row) = rows.get_mut(record.id.0 as usize) {
                    *row = read(shop, record.id)?;
                }
            }
        }
        let mut table = self.lock();
        if table.round == round {
            (table.rows, table.full) = (rows, true);
        }
        Ok(())
    }

    /// Those who match, best first and newest among equals; `None` while the table is not full.
    pub fn find(&self, shop: &Snapshot, words: &str, limit: usize) -> Result<Option<Vec<CustomerId>>, Fault> {
        let mut table = self.lock();
        if !table.full {
            return Ok(None);
        }
        for customer in std::mem::take(&mut table.touched) {
            let at = customer.0 as usize;
            if table.rows.len() <= at {
                table.rows.resize(at + 1, Row::default());
            }
            let row = read(shop, customer)?;
            if let Some(kept) = table.rows.get_mut(at) {
                *kept = row;
            }
        }
        let needle = text::fold(words);
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        let by_phone = digits.len() >= DIGITS && !words.chars().any(char::is_alphabetic);
        let Some(first) = needle.split_whitespace().next() else { return Ok(Some(Vec::new())) };
        let score = |row: &Row| {
            let phone = (by_phone && row.digits.contains(&digits)).then_some(0);
            // Most are not it, and that is quickly seen.
            let words = || row.words.contains(first).then(|| text::word_starts(&row.words, &needle)).flatten();
            phone.or_else(words)
        };
        let mut found: Vec<(u32, std::cmp::Reverse<u32>)> = table
            .rows
            .iter()
            .enumerate()
            .filter_map(|(id, row)| Some((score(row)?, std::cmp::Reverse(id as u32))))
            .collect();
        found.sort_unstable();
        Ok(Some(found.into_iter().take(limit).map(|(_, id)| CustomerId(id.0)).collect()))
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(shop: &Snapshot, id: CustomerId) -> Result<Row, Fault> {
    let Some((customer, known)) = shop.customer(id)? else { return Ok(Row::default()) };
    Ok(known.map(|known| row(&customer, &known)).unwrap_or_default())
}

fn row(customer: &Customer, known: &CustomerDetails) -> Row {
    let fields = [&known.name, &known.email, &known.location, &known.address];
    let mut words = String::new();
    for field in fields.into_iter().flatten() {
        words.push_str(&text::fold(field));
        words.push(' ');
    }
    words.push_str(&text::fold(&customer.ext));
    let digits: String = known.phone.iter().flat_map(|phone| phone.chars()).filter(char::is_ascii_digit).collect();
    Row { words: words.into(), digits: digits.into() }
}
