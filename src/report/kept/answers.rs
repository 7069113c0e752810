//! Answers that are kept, by question: what was summed up once is only brought forward by the facts that came since.
//!
//! What is kept is cells at a sequence, not figures: the same cells serve every order and cut of their rows. Seals do not
//! matter to them. A change of what facts are grouped by (a customer's town, a product's category) makes them anew.

use super::feedback::Ear;
use super::laid::recall;
use crate::engine::Directory;
use crate::report::ReportFault;
use crate::report::cells::Cells;
use crate::report::cube::{Cancel, Collected, Explain, add_facts, collect};
use crate::report::facts::{Source, Warm};
use crate::report::plan::{Plan, bases, counts_orders};
use crate::report::question::{Base, Dim, Filter, Measure, Question};
use crate::unit::{Day, Seq};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes of cells are kept.
const BOUND: usize = 64 << 20;

/// What makes two questions the same work.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    dims: Vec<Dim>,
    filters: Vec<Filter>,
    from: Option<Day>,
    to: Option<Day>,
    /// Only where ages are grouped or sliced by.
    as_of: Option<Day>,
    flags: [bool; 4],
    bases: BTreeSet<Base>,
    distinct: bool,
    customers: bool,
}

impl Key {
    fn of(question: &Question, extents: bool) -> Key {
        Key {
            dims: question.dims.clone(),
            filters: question.filters.clone(),
            from: question.from,
            to: question.to,
            as_of: question.mentions(Dim::AgeGroup).then_some(question.as_of),
            flags: [question.named_only, question.cancelled, question.dated_only, extents],
            bases: bases(question),
            distinct: counts_orders(question),
            customers: question.figures().any(|measure| measure == Measure::Customers),
        }
    }
}

/// Cells at a sequence.
struct Kept {
    collected: Collected,
    seq: Seq,
    people: u64,
    catalogue: u64,
    directory: Directory,
}

/// Whoever works an answer out holds its place meanwhile.
type Entry = Arc<Mutex<Option<Kept>>>;

#[derive(Default)]
struct Shelf {
    /// When each was asked for last, and how many bytes it takes.
    kept: HashMap<Key, (u64, usize, Entry)>,
    clock: u64,
}

/// Kept answers of one shop; shared by everyone who asks.
#[derive(Default)]
pub struct Answers {
    shelf: Mutex<Shelf>,
    warm: Warm,
    ear: Mutex<Ear>,
}

impl Answers {
    /// None yet.
    pub fn new() -> Answers {
        Answers::default()
    }

    /// How many questions are kept, and about how many bytes they take.
    pub fn kept(&self) -> (usize, usize) {
        let shelf = lock(&self.shelf);
        (shelf.kept.len(), shelf.kept.values().map(|(_, bytes, _)| bytes).sum())
    }

    /// Lets all answers go.
    #[cfg(test)]
    pub(crate) fn forget(&self) {
        lock(&self.shelf).kept.clear();
    }

    /// What is known of the shop's segments.
    pub(crate) fn warm(&self) -> &Warm {
        &self.warm
    }

    /// What customers said, where it is kept.
    pub(crate) fn ear(&self) -> MutexGuard<'_, Ear> {
        lock(&self.ear)
    }

    /// Hands what `question` comes to to `then`. Whoever asks the same meanwhile waits: it is worked out once.
    pub(crate) fn collect<T>(
        &self,
        question: &Question,
        source: &impl Source,
        extents: bool,
        cancel: &Cancel,
        then: impl FnOnce(&mut Collected) -> Result<T, ReportFault>,
    ) -> Result<T, ReportFault> {
        let anew = || match recalled(question, source, extents)? {
            Some(collected) => Ok(collected),
            None => collect(question, source, None, extents, &self.warm, cancel),
        };
        let key = Key::of(question, extents);
        let entry = self.entry(&key);
        let mut kept = lock(&entry);
        if kept.as_ref().is_some_and(|kept| kept.seq > source.seq()) {
            // Whoever asks at an older moment must not cost the others what is kept.
            drop(kept);
            return then(&mut anew()?);
        }
        let before = kept.take().map_or(Ok(None), |before| before.brought_forward(question, source, extents));
        let now = before.and_then(|now| now.map_or_else(|| Ok(Kept::of(anew()?, source.seq(), source)), Ok));
        let result = now.and_then(|mut now| {
            let result = then(&mut now.collected);
            *kept = (now.collected.bytes() <= BOUND / 2).then_some(now);
            result
        });
        let bytes = kept.as_ref().map(|kept| kept.collected.bytes());
        drop(kept);
        self.weigh(key, entry, bytes);
        result
    }

    /// Where the answer to a question is kept, or will be.
    fn entry(&self, key: &Key) -> Entry {
        let mut shelf = lock(&self.shelf);
        shelf.clock += 1;
        let now = shelf.clock;
        let (used, _, entry) = shelf.kept.entry(key.clone()).or_default();
        *used = now;
        Arc::clone(entry)
    }

    /// Notes how many bytes an answer takes by now, `None` where nothing is kept of it, and makes room for it.
    fn weigh(&self, key: Key, entry: Entry, bytes: Option<usize>) {
        let mut shelf = lock(&self.shelf);
        let now = shelf.clock;
        match bytes {
            Some(bytes) => drop(shelf.kept.insert(key, (now, bytes, entry))),
            // Another may be there by now.
            None => shelf.kept.retain(|_, (.., other)| !Arc::ptr_eq(other, &entry)),
        }
        while shelf.kept.values().map(|(_, bytes, _)| bytes).sum::<usize>() > BOUND {
            let oldest = shelf.kept.iter().min_by_key(|(_, (used, _, _))| *used).map(|(key, _)| key.clone());
            match oldest {
                Some(key) => shelf.kept.remove(&key),
                None => break,
            };
        }
    }
}

impl Kept {
    fn of(collected: Collected, seq: Seq, source: &impl Source) -> Kept {
        Kept {
            collected,
            seq,
            people: source.people().version,
            catalogue: source.catalogue().version(),
            directory: source.directory().clone(),
        }
    }

    /// With the facts since; `None` where those are not the whole difference to the shop as it is in `source`, or could not
    /// all be added: cells that are half brought forward are never used.
    fn brought_forward(
        mut self,
        question: &Question,
        source: &impl Source,
        extents: bool,
    ) -> Result<Option<Kept>, ReportFault> {
        if self.seq > source.seq() || self.seq < source.complete_after() || self.directory != *source.directory() {
            return Ok(None);
        }
        if self.people != source.people().version || self.catalogue != source.catalogue().version() {
            if !self.collected.plan.refresh(Plan::bind(question, source, None, 1, extents)?) {
                return Ok(None);
            }
            self.people = source.people().version;
            self.catalogue = source.catalogue().version();
            // Ids may stand in another order now.
            self.collected.standing = None;
        }
        let facts = source.facts_after(self.seq);
        self.collected.touch(&facts);
        self.collected.explain =
            Explain { how: "kept rollup".to_owned(), tail: facts.len() as u64, ..Explain::default() };
        let Collected { plan, cells, .. } = &mut self.collected;
        if add_facts(plan, &facts, cells).is_err() || is_broken(cells) {
            return Ok(None);
        }
        self.seq = source.seq();
        Ok(Some(self))
    }
}

/// What was laid by for `question`, brought forward to `source`.
pub(super) fn recalled(
    question: &Question,
    source: &impl Source,
    extents: bool,
) -> Result<Option<Collected>, ReportFault> {
    let Some((collected, seq)) = recall(question, source, extents)? else { return Ok(None) };
    let rows = collected.explain.rows;
    let Some(mut kept) = Kept::of(collected, seq, source).brought_forward(question, source, extents)? else {
        return Ok(None);
    };
    let explain = &mut kept.collected.explain;
    (explain.how, explain.rows) = ("rollup".to_owned(), rows);
    Ok(Some(kept.collected))
}

fn is_broken(cells: &mut Cells) -> bool {
    cells.extents.as_mut().is_some_and(|extents| extents.settle().1)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
