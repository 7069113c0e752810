//! What was read of stored segments and found right: their heads as they were understood, and the columns that are asked for
//! again and again, so that a question in an open shop neither looks up nor checks what others before it have read.
//!
//! What is known goes by a head's own bytes, which hold the checksum of every column: the same head means the same columns,
//! and a segment that was written anew is another one. Knows no file and no question.

use super::Column;
use super::bytes::{Parts, parts};
use crate::store::codec::CodecFault;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many bytes of columns are kept.
const BOUND: usize = 96 << 20;

/// What so many questions did not ask for is let go.
const QUESTIONS: u64 = 32;

/// What is known of one segment.
pub(super) struct KnownSegment {
    head: Box<[u8]>,
    pub(super) parts: Parts,
    columns: Mutex<Vec<Asked>>,
    asked: AtomicU64,
}

/// A column that was asked for, by which question the last time, and its checked codes from the second time on.
struct Asked {
    column: Column,
    question: u64,
    codes: Option<Arc<[u8]>>,
}

impl KnownSegment {
    pub(super) fn of(head: &[u8]) -> Result<KnownSegment, CodecFault> {
        Ok(KnownSegment { head: head.into(), parts: parts(head)?, columns: Mutex::default(), asked: AtomicU64::new(0) })
    }

    /// The checked codes of a column, where they are kept.
    pub(super) fn codes(&self, column: Column) -> Option<Arc<[u8]>> {
        let question = self.asked.load(Ordering::Relaxed);
        let mut columns = lock(&self.columns);
        let asked = columns.iter_mut().find(|asked| asked.column == column)?;
        asked.question = question;
        asked.codes.clone()
    }
}

/// Segments of one shop as far as they are known.
#[derive(Default)]
pub struct Known {
    segments: Mutex<HashMap<u64, Arc<KnownSegment>>>,
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
                        self.bytes.fetch_sub(asked.codes.as_ref().map_or(0, |codes| codes.len()), Ordering::Relaxed);
                    }
                    stays
                });
                stays
            });
        }
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

    /// Notes that the codes of a column were read and found right; keeps them when it is not the first time.
    pub(super) fn note(&self, segment: &KnownSegment, column: Column, codes: &[u8]) {
        let question = segment.asked.load(Ordering::Relaxed);
        let mut columns = lock(&segment.columns);
        match columns.iter_mut().find(|asked| asked.column == column) {
            None => columns.push(Asked { column, question, codes: None }),
            Some(asked) if asked.codes.is_none() => {
                if self.bytes.fetch_add(codes.len(), Ordering::Relaxed) + codes.len() <= BOUND {
                    asked.codes = Some(codes.into());
                } else {
                    self.bytes.fetch_sub(codes.len(), Ordering::Relaxed);
                }
            }
            Some(_) => {}
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
