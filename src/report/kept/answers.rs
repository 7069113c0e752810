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

#[derive(Default)]
struct Shelf {
    kept: HashMap<Key, (u64, usize, Arc<Mutex<Kept>>)>,
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

    /// What is known of the shop's segments.
    pub(crate) fn warm(&self) -> &Warm {
        &self.warm
    }

    /// What customers said, where it is kept.
    pub(crate) fn ear(&self) -> MutexGuard<'_, Ear> {
        lock(&self.ear)
    }

    /// Hands what `question` comes to to `then`.
    pub(crate) fn collect<T>(
        &self,
        question: &Question,
        source: &impl Source,
        extents: bool,
        cancel: &Cancel,
        then: impl FnOnce(&mut Collected) -> Result<T, ReportFault>,
    ) -> Result<T, ReportFault> {
        let key = Key::of(question, extents);
        if let Some(entry) = self.find(&key) {
            let mut kept = lock(&entry);
            if kept.bring_forward(question, source, extents)? {
                let result = then(&mut kept.collected);
                self.weigh(&key, kept.collected.bytes());
                return result;
            }
        }
        let mut collected = match recalled(question, source, extents)? {
            Some(collected) => collected,
            None => collect(question, source, None, extents, &self.warm, cancel)?,
        };
        let result = then(&mut collected)?;
        self.keep(key, collected, source);
        Ok(result)
    }

    fn find(&self, key: &Key) -> Option<Arc<Mutex<Kept>>> {
        let mut shelf = lock(&self.shelf);
        shelf.clock += 1;
        let now = shelf.clock;
        let (used, _, entry) = shelf.kept.get_mut(key)?;
        *used = now;
        Some(entry.clone())
    }

    /// Notes how many bytes an answer takes by now.
    fn weigh(&self, key: &Key, now: usize) {
        if let Some((_, bytes, _)) = lock(&self.shelf).kept.get_mut(key) {
            *bytes = now;
        }
    }

    fn keep(&self, key: Key, collected: Collected, source: &impl Source) {
        let bytes = collected.bytes();
        if bytes > BOUND / 2 {
            return;
        }
        let kept = Kept::of(collected, source.seq(), source);
        let mut shelf = lock(&self.shelf);
        shelf.clock += 1;
        let now = shelf.clock;
        shelf.kept.insert(key, (now, bytes, Arc::new(Mutex::new(kept))));
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

    /// Adds the facts since; whether that is the whole difference to the shop as it is in `source`.
    fn bring_forward(&mut self, question: &Question, source: &impl Source, extents: bool) -> Result<bool, ReportFault> {
        if self.seq > source.seq() || self.seq < source.complete_after() || self.directory != *source.directory() {
            return Ok(false);
        }
        if self.people != source.people().version || self.catalogue != source.catalogue().version() {
            if !self.collected.plan.refresh(Plan::bind(question, source, None, 1, extents)?) {
                return Ok(false);
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
        // Cells that a fault left half brought forward are never used again.
        self.seq = Seq(u64::MAX);
        let Collected { plan, cells, .. } = &mut self.collected;
        if add_facts(plan, &facts, cells).is_err() || is_broken(cells) {
            return Ok(false);
        }
        self.seq = source.seq();
        Ok(true)
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
    let mut kept = Kept::of(collected, seq, source);
    if !kept.bring_forward(question, source, extents)? {
        return Ok(None);
    }
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
