//! What was read of stored segments and found right: their heads as they were understood, the columns that are asked for
//! again and again, and those that were derived from them, so that a question in an open shop neither looks up nor checks
//! nor works out what others before it have.
//!
//! What is known goes by a head's own bytes, which hold the checksum of every column: the same head means the same columns,
//! and a segment that was written anew is another one. Knows no file and no question.

use super::Column;
use super::bytes::{Parts, parts};
use crate::store::codec::CodecFault;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes of columns are kept.
const BOUND: usize = 96 << 20;

/// Nothing is derived to be kept where less than this is left.
const ROOM: usize = 64 << 10;

/// What so many questions did not ask for is let go.
const QUESTIONS: u64 = 32;

/// What is known of one segment.
pub(super) struct KnownSegment {
    head: Box<[u8]>,
    pub(super) parts: Parts,
    columns: Mutex<Vec<Asked>>,
    asked: AtomicU64,
}

/// Which bytes are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The checked codes of a column.
    Stored(Column),
    /// A column that somebody derives from others, by a number that stands for how.
    Derived(u64),
}

/// A column that was asked for, by which question the last time, and its bytes from the second time on.
struct Asked {
    which: Which,
    question: u64,
    bytes: Option<Arc<[u8]>>,
}

/// What is known of a column when it is asked for.
pub(super) enum Found {
    /// Its bytes.
    Kept(Arc<[u8]>),
    /// That it was asked for before: it is worth keeping.
    Before,
    /// Nothing.
    New,
}

impl KnownSegment {
    pub(super) fn of(head: &[u8]) -> Result<KnownSegment, CodecFault> {
        Ok(KnownSegment { head: head.into(), parts: parts(head)?, columns: Mutex::default(), asked: AtomicU64::new(0) })
    }

    /// What is known of a column, which is noted as asked for.
    pub(super) fn ask(&self, which: Which) -> Found {
        let question = self.asked.load(Ordering::Relaxed);
        let mut columns = lock(&self.columns);
        let Some(asked) = columns.iter_mut().find(|asked| asked.which == which) else {
            columns.push(Asked { which, question, bytes: None });
            return Found::New;
        };
        asked.question = question;
        asked.bytes.clone().map_or(Found::Before, Found::Kept)
    }
}

/// Segments of one shop as far as they are known.
#[derive(Default)]
pub struct Known {
    segments: Mutex<HashMap<u64, Arc<KnownSegment>, RandomState>>,
    question: AtomicU64,
    bytes: AtomicUsize,
}

impl Known {
    /// Counts a question: every now and then what has not been asked for lately is let go.
    pub fn question(&self) {
        let question = self.question.fetch_add(1, Ordering::Relaxed) + 1;
        if question % QUESTIONS == 0 {
            let late = |asked: u64| asked + QUESTIONS >= question;
            lock(&self.segments).retain(|_, segment| {
                let stays = late(segment.asked.load(Ordering::Relaxed));
                lock(&segment.columns).retain(|asked| {
                    let stays = stays && late(asked.question);
                    if !stays {
                        self.bytes.fetch_sub(asked.bytes.as_ref().map_or(0, |bytes| bytes.len()), Ordering::Relaxed);
                    }
                    stays
                });
                stays
            });
        }
    }

    /// Whether there is hardly room for another column.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.load(Ordering::Relaxed) + ROOM > BOUND
    }

    /// What is known of the segment with that head, which is read where nothing is.
    pub(super) fn segment(&self, head: &[u8]) -> Result<Arc<KnownSegment>, CodecFault> {
        // A head ends with its own checksum.
        let sum = head.last_chunk::<4>().map_or(0, |sum| u32::from_le_bytes(*sum));
        let number = (head.len() as u64) << 32 | u64::from(sum);
        let found = lock(&self.segments).get(&number).cloned().filter(|segment| *segment.head == *head);
        let segment = match found {
            Some(segment) => segment,
            None => {
                let segment = Arc::new(KnownSegment::of(head)?);
                lock(&self.segments).insert(number, Arc::clone(&segment));
                segment
            }
        };
        segment.asked.store(self.question.load(Ordering::Relaxed), Ordering::Relaxed);
        Ok(segment)
    }

    /// Keeps the bytes of a column that was asked for, while there is room.
    pub(super) fn keep(&self, segment: &KnownSegment, which: Which, bytes: Arc<[u8]>) {
        let mut columns = lock(&segment.columns);
        let Some(asked) = columns.iter_mut().find(|asked| asked.which == which && asked.bytes.is_none()) else { return };
        if self.bytes.fetch_add(bytes.len(), Ordering::Relaxed) + bytes.len() <= BOUND {
            asked.bytes = Some(bytes);
        } else {
            self.bytes.fetch_sub(bytes.len(), Ordering::Relaxed);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
