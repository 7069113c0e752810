//! Answers that are kept, by question: what was summed up once is only brought forward by the facts that came since.
//!
//! What is kept is cells at a sequence, not figures: the same cells serve every order and cut of their rows. Seals do not
//! matter to them. A change of what facts are grouped by (a customer's town, a product's category) makes them anew.

use super::cells::{Cells, Instant};
use super::collect::{Cancel, Collected, add_facts, collect};
use super::explain::Explain;
use super::facts::Source;
use super::fault::ReportFault;
use super::heard::{self, Ear, Heard};
use super::laid::{is_whole, lay, moment, number, questions, recall};
use super::plan::{Place, Plan, bases};
use super::question::{Base, Dim, Filter, Measure, Question};
use crate::engine::Directory;
use crate::store::Fault;
use crate::store::laid::Laid;
use crate::unit::{Day, Seq};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The table of sums that are laid by, as faults name it.
pub const LAID: &str = "laid_by";

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

    /// What customers said, where it is kept.
    pub(super) fn ear(&self) -> MutexGuard<'_, Ear> {
        lock(&self.ear)
    }

    /// Hands what `question` comes to to `then`.
    pub(super) fn collect<T>(
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
            None => collect(question, source, None, extents, cancel)?,
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
fn recalled(question: &Question, source: &impl Source, extents: bool) -> Result<Option<Collected>, ReportFault> {
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

/// Where sums that are to be laid by come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// What was laid by before, brought forward; the rest is left out.
    Before,
    /// The same, and the rest out of the facts.
    BeforeAndFacts,
    /// The facts alone.
    Facts,
}

/// Sums to be laid by for whoever opens the shop next.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn lay_by(source: &impl Source, from: From) -> Result<Vec<Laid>, ReportFault> {
    let mut found = Vec::new();
    for (question, extents) in questions() {
        let before = if from == From::Facts { None } else { recalled(&question, source, extents)? };
        let collected = match before {
            Some(collected) => collected,
            None if from == From::Before => continue,
            None => collect(&question, source, None, extents, &None)?,
        };
        found.extend(lay(&question, &collected, source));
    }
    found.extend(Heard::lay(source, from != From::Facts, from != From::Before)?);
    Ok(found)
}

/// Whether sums that stand for just this moment are laid by.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn is_laid(source: &impl Source) -> Result<bool, ReportFault> {
    Ok(laid_at(source)? == Some(source.seq()))
}

/// Whether sums are laid by that can be brought forward to this moment.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn is_laid_near(source: &impl Source) -> Result<bool, ReportFault> {
    Ok(laid_at(source)?.is_some_and(|seq| source.complete_after() <= seq && seq <= source.seq()))
}

fn laid_at(source: &impl Source) -> Result<Option<Seq>, ReportFault> {
    let questions = questions();
    let Some((question, _)) = questions.first() else { return Ok(None) };
    moment(question, source)
}

/// Compares what was laid by with what the facts come to; returns of how many questions.
///
/// # Errors
/// `Damaged` names the first that cannot be read or differs.
pub fn prove_laid(source: &impl Source) -> Result<usize, ReportFault> {
    let damaged = |key: String, why: &str| {
        ReportFault::Store(Fault::Damaged { table: LAID.to_owned(), key, why: why.to_owned() })
    };
    for number in heard::LAID {
        if !is_whole(number, source)? {
            return Err(damaged("feedback".to_owned(), "wrong checksum"));
        }
    }
    if !Heard::is_proved(source)? {
        return Err(damaged("feedback".to_owned(), "the counts are not those of the facts"));
    }
    let mut proved = 0;
    for (question, extents) in questions() {
        let words = || question.dims.iter().map(|dim| dim.word()).collect::<Vec<&str>>().join(",");
        if !is_whole(number(&question), source)? {
            return Err(damaged(words(), "wrong checksum"));
        }
        let Some(laid) = recalled(&question, source, extents)? else { continue };
        let anew = collect(&question, source, None, extents, &None)?;
        if figures(&laid, source) != figures(&anew, source) {
            return Err(damaged(words(), "the sums are not those of the facts"));
        }
        proved += 1;
    }
    Ok(proved)
}

/// Sums with first and last order, by the names of what they are grouped by.
fn figures(
    collected: &Collected,
    source: &impl Source,
) -> BTreeMap<Vec<String>, ([i128; Base::COUNT], Option<(Instant, Instant)>)> {
    let Collected { plan, cells, .. } = collected;
    let mut found = BTreeMap::new();
    for slot in 1..cells.slots() {
        let sums = cells.sums(slot);
        let extent = cells.extents.as_ref().and_then(|extents| extents.of(slot));
        if sums.iter().all(|sum| *sum == 0) && extent.is_none() {
            continue;
        }
        let (dates, key) = cells.group(slot);
        let name = |(dim, place): &(Dim, Place)| match plan.code(*dim, *place, dates, key, source) {
            code if dim.is_entity() => code.to_string(),
            code => plan.members.label(*dim, code, source).plain(2),
        };
        found.insert(plan.places.iter().map(name).collect(), (sums, extent));
    }
    found
}

fn is_broken(cells: &mut Cells) -> bool {
    cells.extents.as_mut().is_some_and(|extents| extents.settle().1)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
