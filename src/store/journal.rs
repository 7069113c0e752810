//! The journal: every accepted command's changes, in order, each entry holding the hash of the one before.
//!
//! Never holds words about people (see `details`) and never forgets.

use super::codec;
use super::fault::{Fault, io};
use super::record::{Source, decoded, insert};
use super::table::JOURNAL;
use crate::domain::command::Actor;
use crate::domain::{Change, Outcome};
use crate::unit::{CommandId, Digest, Seq};
use redb::WriteTransaction;
use serde::{Deserialize, Serialize};

/// The format entries are written in.
const FORMAT: u8 = 1;

/// One accepted command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub seq: Seq,
    /// When it was decided, Unix milliseconds of the writer's clock.
    pub at_ms: i64,
    /// Who asked, from which register; `None` for the program itself (founding, import).
    pub actor: Option<Actor>,
    /// The command's id.
    pub id: CommandId,
    /// What the asker was told.
    pub outcome: Outcome,
    /// What happened, with every slot closed.
    pub changes: Vec<Change>,
    /// The hash of the entry before; all zero for the first.
    pub previous: Digest,
}

/// The last entry's place and hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its place; 0 for an empty journal.
    pub seq: Seq,
    /// Its hash; all zero for an empty journal.
    pub hash: Digest,
}

impl Head {
    /// Of an empty journal.
    pub const EMPTY: Head = Head { seq: Seq(0), hash: Digest([0; 32]) };
}

/// Appends `entry`, which must follow `head`; the new head.
pub fn append(txn: &WriteTransaction, entry: &Entry) -> Result<Head, Fault> {
    let (bytes, head) = encode(entry)?;
    put(txn, entry.seq, &bytes)?;
    Ok(head)
}

/// An entry as it is stored, and the head it makes.
pub fn encode(entry: &Entry) -> Result<(Vec<u8>, Head), Fault> {
    let bytes = codec::encode(FORMAT, entry)?;
    let head = Head { seq: entry.seq, hash: hash(&bytes) };
    Ok((bytes, head))
}

/// Writes an encoded entry.
pub fn put(txn: &WriteTransaction, seq: Seq, bytes: &[u8]) -> Result<(), Fault> {
    insert(txn, JOURNAL, seq.0, bytes)
}

/// The hash of an entry as stored.
pub fn hash(bytes: &[u8]) -> Digest {
    Digest(*blake3::hash(bytes).as_bytes())
}

/// The journal's head.
pub fn head(source: &impl Source) -> Result<Head, Fault> {
    source
        .with(JOURNAL, |rows| match rows.all()?.next_back() {
            Some(row) => {
                let (key, value) = row.map_err(|why| io("reading the journal", why))?;
                Ok(Some(Head { seq: Seq(key.value()), hash: hash(value.value()) }))
            }
            None => Ok(None),
        })
        .map(|head| head.unwrap_or(Head::EMPTY))
}

/// The last entry's place; 0 for an empty journal.
pub fn last(source: &impl Source) -> Result<Seq, Fault> {
    source.with(JOURNAL, |rows| match rows.all()?.next_back() {
        Some(row) => Ok(Seq(row.map_err(|why| io("reading the journal", why))?.0.value())),
        None => Ok(Seq(0)),
    })
}

/// The entry at `seq`.
pub fn entry(source: &impl Source, seq: Seq) -> Result<Option<Entry>, Fault> {
    source.with(JOURNAL, |rows| match rows.row(seq.0)? {
        Some(value) => decoded(FORMAT, "journal", seq.0, value.value()).map(Some),
        None => Ok(None),
    })
}

/// The entry at `seq` with its stored bytes' hash.
pub fn hashed_entry(source: &impl Source, seq: Seq) -> Result<Option<(Entry, Digest)>, Fault> {
    source.with(JOURNAL, |rows| match rows.row(seq.0)? {
        Some(value) => decoded(FORMAT, "journal", seq.0, value.value()).map(|entry| Some((entry, hash(value.value())))),
        None => Ok(None),
    })
}

/// Hands the entries before `before` to `each`, newest first, until it says that it has enough.
pub fn replay_back(source: &impl Source, before: Seq, each: &mut dyn FnMut(Entry) -> bool) -> Result<(), Fault> {
    source.with(JOURNAL, |rows| {
        for row in rows.rows(0, before.0)?.rev() {
            let (key, value) = row.map_err(|why| io("reading the journal", why))?;
            if !each(decoded(FORMAT, "journal", key.value(), value.value())?) {
                break;
            }
        }
        Ok(())
    })
}

/// Hands every entry after `after` to `each`, with its stored bytes' hash.
pub fn replay(
    source: &impl Source,
    after: Seq,
    mut each: impl FnMut(Entry, Digest) -> Result<(), Fault>,
) -> Result<(), Fault> {
    source.with(JOURNAL, |rows| {
        for row in rows.rows(after.0 + 1, u64::MAX)? {
            let (key, value) = row.map_err(|why| io("reading the journal", why))?;
            let entry: Entry = decoded(FORMAT, "journal", key.value(), value.value())?;
            each(entry, hash(value.value()))?;
        }
        Ok(())
    })
}
