//! What can go wrong below the rules. A fault while writing ends the process; one while reading is shown where it happened.

use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Once;

/// A fault of the storage, in words for the person who has to deal with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their names say")]
pub enum Fault {
    /// The operating system refused: what was tried, and what it said.
    Io { what: String, why: String },
    /// A stored value does not have the checksum it was written with.
    Damaged { table: String, key: String, why: String },
    /// The file is not a shop.
    NotAShop { path: String },
    /// There is nothing at that path.
    Missing { path: String },
    /// There is something at that path already.
    Exists { path: String },
    /// The file was written by a newer program.
    Newer { found: u32, known: u32 },
    /// Another process owns the file.
    InUse { path: String, by: String },
    /// An import was not taken; the shop is as it was.
    Refused { why: String },
    /// The writer has ended after an I/O error; what was asked last is not confirmed.
    Ended { why: String },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Io { what, why } => write!(f, "{what}: {why}"),
            Fault::Damaged { table, key, why } => {
                write!(
                    f,
                    "the shop file is damaged: {table} {key}: {why}. Restore the last backup with: till restore FILE"
                )
            }
            Fault::NotAShop { path } => write!(f, "{path} is not a till shop file"),
            Fault::Missing { path } => write!(f, "there is no shop at {path}. Make one with: till init --shop {path}"),
            Fault::Exists { path } => write!(f, "there is a shop at {path} already; choose another file"),
            Fault::Newer { found, known } => {
                write!(
                    f,
                    "the shop file has format {found}, this program knows formats up to {known}. Use a newer till"
                )
            }
            Fault::InUse { path, by } => write!(f, "{path} is open in another till ({by}). Leave that one first"),
            Fault::Refused { why } => write!(f, "{why}"),
            Fault::Ended { why } => {
                write!(f, "the shop has stopped: {why}. The last step is not confirmed")
            }
        }
    }
}

impl std::error::Error for Fault {}

thread_local! {
    /// How many guards the thread is within.
    static WITHIN: Cell<u32> = const { Cell::new(0) };
    /// Whether redb was the one that panicked last.
    static BY_REDB: Cell<bool> = const { Cell::new(false) };
}

/// Runs something that reads the file. redb asserts where a damaged one breaks its rules; that is an answer too, not the end
/// of the program, and nothing to print.
///
/// # Errors
/// `Damaged` in place of a panic, and what `read` returns.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    caught(read).unwrap_or_else(|_| Err(unreadable()))
}

/// The same for the one who writes: a panic that is not redb's goes on its way.
///
/// # Errors
/// `Damaged` in place of redb's panic, and what `write` returns.
pub fn guarded_writing<T>(write: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    caught(write).unwrap_or_else(|panic| if BY_REDB.get() { Err(unreadable()) } else { resume_unwind(panic) })
}

fn caught<T>(work: impl FnOnce() -> T) -> std::thread::Result<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panicked| {
            let by_redb = panicked.location().is_some_and(|place| place.file().contains("/redb-"));
            BY_REDB.set(by_redb);
            if !(by_redb && WITHIN.get() > 0) {
                before(panicked);
            }
        }));
    });
    WITHIN.set(WITHIN.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    WITHIN.set(WITHIN.get() - 1);
    done
}

fn unreadable() -> Fault {
    Fault::Damaged { table: "file".to_owned(), key: "structure".to_owned(), why: "unreadable".to_owned() }
}

/// Wraps what redb says about a step.
pub(crate) fn io(what: &str, why: impl fmt::Display) -> Fault {
    Fault::Io { what: what.to_owned(), why: why.to_string() }
}
