//! Finding customers by any word, phone number, e-mail address or id, however many there are.
//!
//! The table is filled behind the scenes after opening and kept current by what is published; until it is full nobody is
//! found in it, and whoever asks looks elsewhere. Words about people live here in memory only.

use super::snapshot::Snapshot;
use crate::domain::{Customer, CustomerDetails};
use crate::store::Fault;
use crate::unit::{CustomerId, Seq, text};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

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

/// How far the table is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nobody is reading into it.
    #[default]
    Empty,
    /// Somebody is, and begins anew when told to.
    Filling,
    /// It holds everybody.
    Full,
}

#[derive(Debug, Default)]
struct Table {
    state: State,
    rows: Vec<Row>,
    /// Rises when everything has to be read again.
    round: u64,
}

/// The table, shared by all who look.
#[derive(Debug, Default)]
pub(super) struct Search {
    table: RwLock<Table>,
    /// Who has to be read again, in a view that shows this sequence. Behind a lock of its own: the writer never waits for
    /// somebody who looks.
    touched: Mutex<BTreeMap<CustomerId, Seq>>,
}

impl Search {
    /// These customers are different from `seq` on, which is about to be published.
    pub fn touch(&self, seq: Seq, customers: Vec<CustomerId>) {
        if !customers.is_empty() {
            self.touched().extend(customers.into_iter().map(|customer| (customer, seq)));
        }
    }

    /// Everybody may be different from what is published now; whether somebody has to [`fill`](Search::fill) it again. One
    /// who is at it begins anew.
    pub fn forget(&self) -> bool {
        let mut table = self.write();
        table.round += 1;
        table.rows = Vec::new();
        let was_full = table.state == State::Full;
        if was_full {
            table.state = State::Empty;
        }
        was_full
    }

    /// Reads everybody, a stretch at a time, each in a view of its own. Newer changes wait among the touched and are read
    /// when somebody looks.
    pub fn fill(&self, view: impl Fn() -> Result<Snapshot, Fault>) -> Result<(), Fault> {
        let mut round = {
            let mut table = self.write();
            if table.state != State::Empty {
                return Ok(());
            }
            table.state = State::Filling;
            table.round
        };
        loop {
            let rows = everybody(&view);
            let mut table = self.write();
            match rows {
                Ok(rows) if table.round == round => {
                    (table.rows, table.state) = (rows, State::Full);
                    return Ok(());
                }
                Ok(_) => round = table.round,
                Err(fault) => {
                    table.state = State::Empty;
                    return Err(fault);
                }
            }
        }
    }

    /// Those who match, best first and newest among equals; `None` while the table is not full.
    pub fn find(&self, shop: &Snapshot, words: &str, limit: usize) -> Result<Option<Vec<CustomerId>>, Fault> {
        self.catch_up(shop)?;
        let table = self.table.read().unwrap_or_else(PoisonError::into_inner);
        if table.state != State::Full {
            return Ok(None);
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

    /// Reads those again who were touched, as far as `shop` shows it: what it is too old for is left to a newer one.
    fn catch_up(&self, shop: &Snapshot) -> Result<(), Fault> {
        let seen = |seq: &Seq| *seq <= shop.seq();
        if !self.touched().values().any(seen) {
            return Ok(());
        }
        let mut table = self.write();
        if table.state != State::Full {
            return Ok(());
        }
        let due: Vec<CustomerId> =
            self.touched().iter().filter(|(_, seq)| seen(seq)).map(|(customer, _)| *customer).collect();
        for customer in due {
            let row = read(shop, customer)?;
            let at = customer.0 as usize;
            if table.rows.len() <= at {
                table.rows.resize(at + 1, Row::default());
            }
            if let Some(kept) = table.rows.get_mut(at) {
                *kept = row;
            }
            let mut touched = self.touched();
            // They may have been touched once more in the meantime.
            if touched.get(&customer).is_some_and(seen) {
                touched.remove(&customer);
            }
        }
        Ok(())
    }

    fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn touched(&self) -> MutexGuard<'_, BTreeMap<CustomerId, Seq>> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is looked for in every customer, by number.
fn everybody(view: &impl Fn() -> Result<Snapshot, Fault>) -> Result<Vec<Row>, Fault> {
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
    Ok(rows)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::testing::{add, shop};
    use std::cell::Cell;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn a_view_from_before_a_customer_came_does_not_hide_them_from_later_ones() {
        let (shop, search) = (shop(), Search::default());
        search.fill(|| shop.snapshot()).unwrap();
        let before = shop.snapshot().unwrap();
        let zoe = add(&shop, "Zoe");
        search.touch(shop.published(), vec![zoe]);
        assert_eq!(search.find(&before, "zoe", 9).unwrap(), Some(vec![]));
        assert_eq!(search.find(&shop.snapshot().unwrap(), "zoe", 9).unwrap(), Some(vec![zoe]));
        assert!(search.touched().is_empty());
    }

    #[test]
    fn everybody_is_read_again_when_all_change_while_they_are_being_read() {
        let (shop, search) = (shop(), Search::default());
        let zoe = add(&shop, "Zoe");
        let views = Cell::new(0);
        let view = || {
            views.set(views.get() + 1);
            if views.get() == 2 {
                assert!(!search.forget(), "whoever reads goes on");
            }
            shop.snapshot()
        };
        search.fill(view).unwrap();
        assert_eq!(search.find(&shop.snapshot().unwrap(), "zoe", 9).unwrap(), Some(vec![zoe]));
        assert!(search.forget(), "nobody is reading any more");
        assert_eq!(search.find(&shop.snapshot().unwrap(), "zoe", 9).unwrap(), None);
    }

    #[test]
    fn the_writer_waits_for_nobody_who_looks() {
        let search = Search::default();
        let (told, done) = channel();
        std::thread::scope(|scope| {
            let looking = search.table.read().unwrap();
            scope.spawn(|| {
                search.touch(Seq(1), vec![CustomerId(1)]);
                told.send(()).unwrap();
            });
            done.recv_timeout(Duration::from_secs(20)).expect("the touched have a lock of their own");
            drop(looking);
        });
    }
}
