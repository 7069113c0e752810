//! What was read of stored segments and found right: their heads as they were understood, the columns that are asked for
//! again and again, and those that were derived from them, so that a question in an open shop neither looks up nor checks
//! nor works out what others before it have.
//!
//! Segments are known by stretches of days, so that much is found at once. A stretch stands for a sequence that everything
//! was sealed up to; at another one the heads are compared, which hold the checksums of all columns: the same head means the
//! same columns, and a segment that was written anew is another one. Knows no file and no question.

use super::bytes::{Parts, parts};
use super::{Column, Counts, Rows};
use crate::store::codec::CodecFault;
use crate::unit::{Day, Seq};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes of columns are kept.
const BOUND: usize = 96 << 20;

/// Nothing is derived to be kept where less than this is left.
const ROOM: usize = 1 << 20;

/// What so many questions did not ask for is let go.
const QUESTIONS: u64 = 32;

/// What is known of one segment.
pub(super) struct KnownSegment {
    pub(super) head: Box<[u8]>,
    pub(super) parts: Parts,
    columns: Mutex<Vec<Asked<Column>>>,
}

/// A column that was asked for, by which question the last time, and its bytes from the second time on.
struct Asked<W> {
    which: W,
    question: u64,
    bytes: Option<Counted>,
}

/// Bytes that count among those of the shop for as long as they are kept: whoever still reads a stretch that has been
/// replaced may keep some in it, and they go with it.
struct Counted {
    bytes: Arc<[u8]>,
    all: Arc<AtomicUsize>,
}

impl Counted {
    /// `None` where that would be too many.
    fn of(bytes: &Arc<[u8]>, all: &Arc<AtomicUsize>) -> Option<Counted> {
        let before = all.fetch_add(bytes.len(), Ordering::Relaxed);
        let counted = Counted { bytes: Arc::clone(bytes), all: Arc::clone(all) };
        (before + bytes.len() <= BOUND).then_some(counted)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}

/// What is known of a column when it is asked for.
pub enum Found {
    /// Its bytes.
    Kept(Arc<[u8]>),
    /// That it was asked for before: it is worth keeping.
    Before,
    /// Nothing.
    New,
}

/// What is known of the column; it is noted as asked for.
fn ask<W: Copy + PartialEq>(columns: &mut Vec<Asked<W>>, which: W, question: u64) -> Found {
    let Some(asked) = columns.iter_mut().find(|asked| asked.which == which) else {
        columns.push(Asked { which, question, bytes: None });
        return Found::New;
    };
    asked.question = question;
    asked.bytes.as_ref().map_or(Found::Before, |kept| Found::Kept(Arc::clone(&kept.bytes)))
}

impl KnownSegment {
    pub(super) fn of(head: &[u8]) -> Result<KnownSegment, CodecFault> {
        Ok(KnownSegment { head: head.into(), parts: parts(head)?, columns: Mutex::default() })
    }
}

/// A segment in a stretch.
pub(super) struct Placed {
    pub(super) segment: Arc<KnownSegment>,
    day: Option<Day>,
    part: u16,
    /// How many orders and lines stand before its own.
    orders: usize,
    lines: usize,
}

/// The segments of some days that follow each other.
pub struct Stretch {
    /// What they are known to be up to.
    sealed: AtomicU64,
    asked: AtomicU64,
    pub(super) segments: Vec<Placed>,
    /// By a number that stands for how they are derived: one byte for each order or each line of all segments.
    derived: Mutex<Vec<Asked<u64>>>,
}

impl Stretch {
    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// The day of a segment, `None` without one, and which part of the day it is.
    pub fn place(&self, at: usize) -> (Option<Day>, u16) {
        let placed = &self.segments[at];
        (placed.day, placed.part)
    }

    /// What a segment holds.
    pub fn counts(&self, at: usize) -> &Counts {
        &self.segments[at].segment.parts.counts
    }

    /// What of a derived column is a segment's.
    pub(super) fn own<'a>(&self, at: usize, rows: Rows, all: &'a [u8]) -> Option<&'a [u8]> {
        let Placed { segment, orders, lines, .. } = &self.segments[at];
        let counts = &segment.parts.counts;
        match rows {
            Rows::Orders => all.get(*orders..orders + counts.orders),
            Rows::Lines => all.get(*lines..lines + counts.lines),
            Rows::Returns | Rows::Feedback => None,
        }
    }

    fn question(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Segments of one shop as far as they are known.
#[derive(Default)]
pub struct Known {
    /// By the first day.
    stretches: Mutex<HashMap<Day, Arc<Stretch>, RandomState>>,
    question: AtomicU64,
    /// How many bytes of columns are kept.
    bytes: Arc<AtomicUsize>,
}

/// Takes a segment's day, part and head.
pub type Take<'a> = &'a mut dyn FnMut(Option<Day>, u16, &[u8]) -> Result<(), CodecFault>;

impl Known {
    /// Counts a question: every now and then what has not been asked for lately is let go.
    pub fn question(&self) {
        let question = self.question.fetch_add(1, Ordering::Relaxed) + 1;
        if question % QUESTIONS != 0 {
            return;
        }
        let late = |asked: u64| asked + QUESTIONS >= question;
        lock(&self.stretches).retain(|_, stretch| {
            lock(&stretch.derived).retain(|asked| late(asked.question));
            for placed in &stretch.segments {
                lock(&placed.segment.columns).retain(|asked| late(asked.question));
            }
            late(stretch.question())
        });
    }

    /// The segments of the stretch that begins with `first`, when everything up to `sealed` is in them. `read` hands over
    /// all of them, in their order, where that is not known.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn stretch<E>(
        &self,
        first: Day,
        sealed: Seq,
        read: impl FnOnce(Take<'_>) -> Result<(), E>,
    ) -> Result<Arc<Stretch>, E> {
        let question = self.question.load(Ordering::Relaxed);
        let known = lock(&self.stretches).get(&first).cloned();
        if let Some(known) = known.as_ref().filter(|known| known.sealed.load(Ordering::Relaxed) == sealed.0) {
            known.asked.store(question, Ordering::Relaxed);
            return Ok(Arc::clone(known));
        }
        let mut before = known.as_ref().map_or(&[][..], |known| &known.segments).iter();
        let (mut segments, mut orders, mut lines, mut same) = (Vec::new(), 0, 0, known.is_some());
        read(&mut |day, part, head| {
            let is = |placed: &&Placed| placed.day == day && placed.part == part;
            // Days that came in between are rare: the next one is nearly always it.
            let found = before.as_slice().first().filter(is).or_else(|| before.as_slice().iter().find(is));
            let found = found.filter(|placed| *placed.segment.head == *head).map(|placed| Arc::clone(&placed.segment));
            same &= found.is_some() && before.next().is_some_and(|placed| is(&placed));
            let segment = found.map_or_else(|| KnownSegment::of(head).map(Arc::new), Ok)?;
            let counts = &segment.parts.counts;
            let placed = Placed { segment: Arc::clone(&segment), day, part, orders, lines };
            (orders, lines) = (orders + counts.orders, lines + counts.lines);
            segments.push(placed);
            Ok(())
        })?;
        let same = same && before.next().is_none();
        if let Some(known) = known.filter(|_| same) {
            known.sealed.store(sealed.0, Ordering::Relaxed);
            known.asked.store(question, Ordering::Relaxed);
            return Ok(known);
        }
        let stretch = Arc::new(Stretch {
            sealed: AtomicU64::new(sealed.0),
            asked: AtomicU64::new(question),
            segments,
            derived: Mutex::default(),
        });
        // Columns of segments that are no more go with the last who reads them.
        lock(&self.stretches).insert(first, Arc::clone(&stretch));
        Ok(stretch)
    }

    /// What is known of a segment's column.
    pub(super) fn ask(&self, segment: &KnownSegment, column: Column) -> Found {
        ask(&mut lock(&segment.columns), column, self.question.load(Ordering::Relaxed))
    }

    /// What is known of a column that is derived for a whole stretch; where it is `Before`, it may be kept.
    pub fn ask_derived(&self, stretch: &Stretch, number: u64) -> Found {
        match ask(&mut lock(&stretch.derived), number, self.question.load(Ordering::Relaxed)) {
            Found::Before if self.bytes.load(Ordering::Relaxed) + ROOM > BOUND => Found::New,
            found => found,
        }
    }

    /// Keeps a column that was derived.
    pub fn keep_derived(&self, stretch: &Stretch, number: u64, bytes: &Arc<[u8]>) {
        self.keep(&mut lock(&stretch.derived), number, bytes);
    }

    /// Keeps the bytes of a segment's column.
    pub(super) fn keep_column(&self, segment: &KnownSegment, column: Column, bytes: &[u8]) {
        self.keep(&mut lock(&segment.columns), column, &bytes.into());
    }

    /// Keeps what was asked for, while there is room.
    fn keep<W: PartialEq>(&self, columns: &mut [Asked<W>], which: W, bytes: &Arc<[u8]>) {
        let asked = columns.iter_mut().find(|asked| asked.which == which && asked.bytes.is_none());
        if let Some(asked) = asked {
            asked.bytes = Counted::of(bytes, &self.bytes);
        }
    }

    /// How many bytes of columns are kept.
    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
