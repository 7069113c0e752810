//! Finding customers by any word, phone number, e-mail address or id, however many there are.
//!
//! The table is filled behind the scenes after opening and kept current by what is published; until it is full nobody is
//! found in it, and whoever asks looks elsewhere. Words about people live here in memory only.

use super::snapshot::Snapshot;
use crate::domain::{Customer, CustomerDetails};
use crate::store::Fault;
use crate::unit::{CustomerId, Seq, text};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockWriteGuard};

/// Records read at a time.
const WINDOW: usize = 2_000;
/// Customers looked at where there is no table: the newest.
const NEWEST: usize = 20_000;
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
        let Some(wanted) = Wanted::of(words) else { return Ok(Some(Vec::new())) };
        let rows = table.rows.iter().enumerate();
        let found = rows.filter_map(|(id, row)| Some((wanted.score(row)?, Reverse(id as u32)))).collect();
        Ok(Some(best(found, limit)))
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

impl Snapshot {
    /// Of the newest customers those that match, as [`Snapshot::search_customers`] matches: for while it finds nobody yet.
    /// Reads the records of all of them.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn search_newest_customers(&self, words: &str, limit: usize) -> Result<Vec<CustomerId>, Fault> {
        let Some(wanted) = Wanted::of(words) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        let end = u64::from(self.last_customer()?.0) + 1;
        for customer in self.window::<Customer>(1..end, true, NEWEST)? {
            let score = wanted.score(&read(self, customer.id)?);
            found.extend(score.map(|score| (score, Reverse(customer.id.0))));
        }
        Ok(best(found, limit))
    }
}

/// What somebody looks for.
struct Wanted {
    /// Folded.
    words: String,
    /// Where they may be those of a phone number.
    digits: Option<String>,
}

impl Wanted {
    /// `None` where there is nothing to look for.
    fn of(words: &str) -> Option<Wanted> {
        let digits: String = words.chars().filter(char::is_ascii_digit).collect();
        let by_phone = digits.len() >= DIGITS && !words.chars().any(char::is_alphabetic);
        let words = text::fold(words);
        (!words.is_empty()).then_some(Wanted { words, digits: by_phone.then_some(digits) })
    }

    /// How well a customer matches, smaller is better; `None`: not at all.
    fn score(&self, row: &Row) -> Option<u32> {
        let by_phone = self.digits.as_ref().is_some_and(|digits| row.digits.contains(digits));
        // Most are not it, and that is quickly seen.
        let first = self.words.split(' ').next()?;
        let by_words = || row.words.contains(first).then(|| text::word_starts(&row.words, &self.words)).flatten();
        by_phone.then_some(0).or_else(by_words)
    }
}

/// Best first, and newest among equals.
fn best(mut found: Vec<(u32, Reverse<u32>)>, limit: usize) -> Vec<CustomerId> {
    found.sort_unstable();
    found.into_iter().take(limit).map(|(_, Reverse(id))| CustomerId(id)).collect()
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
    fn whoever_is_looked_for_before_the_table_is_full_is_found_the_same_way() {
        let (shop, search) = (shop(), Search::default());
        let zoes = ["Zoe Marchetti", "Anna Zoe", "Zoë M."].map(|name| add(&shop, name));
        let view = shop.snapshot().unwrap();
        assert_eq!(search.find(&view, "zoe", 9).unwrap(), None);
        search.fill(|| shop.snapshot()).unwrap();
        for words in ["zoe", "ZOE m", "marchetti", "an zo", "", "  ", "nobody", "1", "12345"] {
            let (slow, fast) = (view.search_newest_customers(words, 9).unwrap(), search.find(&view, words, 9).unwrap());
            assert_eq!(Some(slow), fast, "{words}");
        }
        assert_eq!(view.search_newest_customers("zoe", 9).unwrap().len(), zoes.len());
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
