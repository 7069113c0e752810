//! A disk with a volatile cache, for a shop to run on: it keeps a tape of everything written, and from the tape makes the
//! image that any power cut could have left behind.
//!
//! What a cut leaves: all that was synced, and of what was written since an arbitrary part, torn at sectors; a change of
//! length may be lost like a write. A sync that fails leaves an arbitrary part too, and what it lost is never written again.

use fastrand::Rng;
use redb::StorageBackend;
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a disk writes at once or not at all.
const SECTOR: usize = 512;

/// An operation that changes something, as it reached the disk.
#[derive(Debug, Clone)]
pub enum Op {
    /// The length was set.
    Length(usize),
    /// Bytes were written.
    Write(usize, Vec<u8>),
    /// Everything before is durable.
    Sync,
    /// A sync failed: what was pending may have reached the disk or not, and nobody will try again.
    LostSync,
}

/// Which operation fails, counted from the first one on the tape, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// One operation fails with an I/O error; a write may be half done.
    Once(usize),
    /// Every operation from this one on fails.
    From(usize),
    /// The first write or growth from this one on, and every later one, finds the disk full.
    Full(usize),
}

#[derive(Debug)]
struct State {
    image: Vec<u8>,
    tape: Vec<Op>,
    asked: usize,
    syncs: usize,
    trouble: Option<Trouble>,
    dead: bool,
}

/// A handle on the disk; the shop has the [`StorageBackend`].
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<State>>);

impl Disk {
    /// A disk that holds `image`.
    pub fn holding(image: Vec<u8>) -> Disk {
        Disk::troubled(image, None)
    }

    /// A disk that holds `image` and will fail.
    pub fn troubled(image: Vec<u8>, trouble: Option<Trouble>) -> Disk {
        Disk(Arc::new(Mutex::new(State { image, tape: Vec::new(), asked: 0, syncs: 0, trouble, dead: false })))
    }

    /// For the shop.
    pub fn backend(&self) -> Platter {
        Platter(self.clone())
    }

    /// How many operations are on the tape.
    pub fn written(&self) -> usize {
        self.lock().tape.len()
    }

    /// How many syncs were asked for.
    pub fn syncs(&self) -> usize {
        self.lock().syncs
    }

    /// Nothing reaches the disk any more, as when the process was killed; what the cache holds at that moment.
    pub fn kill(&self) -> Vec<u8> {
        let mut state = self.lock();
        state.dead = true;
        state.image.clone()
    }

    /// Everything written so far.
    pub fn tape(&self) -> Vec<Op> {
        self.lock().tape.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of the disk that a shop writes to.
#[derive(Debug)]
pub struct Platter(Disk);

impl State {
    /// Counts an operation; the error it must fail with.
    fn next(&mut self, grows: bool) -> Result<(), Error> {
        let at = self.asked;
        self.asked += 1;
        if self.dead {
            return Err(Error::other("killed"));
        }
        match self.trouble {
            Some(Trouble::Once(bad)) if at == bad => Err(Error::other("input/output error")),
            Some(Trouble::From(bad)) if at >= bad => Err(Error::other("input/output error")),
            Some(Trouble::Full(bad)) if at >= bad && grows => {
                Err(Error::new(ErrorKind::StorageFull, "no space left on device"))
            }
            _ => Ok(()),
        }
    }
}

impl StorageBackend for Platter {
    fn len(&self) -> Result<u64, Error> {
        Ok(self.0.lock().image.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let state = self.0.lock();
        let from = offset as usize;
        let found = state.image.get(from..from + out.len());
        out.copy_from_slice(found.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        let mut state = self.0.lock();
        let len = len as usize;
        let grows = len > state.image.len();
        state.next(grows)?;
        state.image.resize(len, 0);
        state.tape.push(Op::Length(len));
        Ok(())
    }

    fn sync_data(&self) -> Result<(), Error> {
        let mut state = self.0.lock();
        state.syncs += 1;
        if let Err(fault) = state.next(false) {
            if !state.dead {
                state.tape.push(Op::LostSync);
            }
            return Err(fault);
        }
        state.tape.push(Op::Sync);
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        let mut state = self.0.lock();
        let failed = state.next(true);
        if state.dead {
            return failed;
        }
        // A write that fails may have done its first half.
        let data = if failed.is_err() { &data[..data.len() / 2 / SECTOR * SECTOR] } else { data };
        let from = offset as usize;
        let room = state.image.get_mut(from..from + data.len());
        room.ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))?.copy_from_slice(data);
        state.tape.push(Op::Write(from, data.to_vec()));
        failed
    }
}

/// Goes along a tape and cuts the power.
pub struct Cutter<'a> {
    tape: &'a [Op],
    durable: Vec<u8>,
    synced: usize,
}

impl<'a> Cutter<'a> {
    /// Of a tape that began with `image`.
    pub fn new(image: Vec<u8>, tape: &'a [Op]) -> Cutter<'a> {
        Cutter { tape, durable: image, synced: 0 }
    }

    /// An image that a cut after the first `at` operations of the tape could leave. Cuts must come in ascending order.
    pub fn cut(&mut self, at: usize, rng: &mut Rng) -> Vec<u8> {
        while let Some(sync) = self.tape[self.synced..at].iter().position(|op| matches!(op, Op::Sync | Op::LostSync)) {
            let sync = self.synced + sync;
            let lost = matches!(self.tape[sync], Op::LostSync);
            let mut image = std::mem::take(&mut self.durable);
            play(&mut image, &self.tape[self.synced..sync], lost.then_some(&mut *rng));
            self.durable = image;
            self.synced = sync + 1;
        }
        let mut image = self.durable.clone();
        play(&mut image, &self.tape[self.synced..at], Some(rng));
        image
    }
}

/// Brings operations to an image: all of them, or what `rng` lets through.
fn play(image: &mut Vec<u8>, ops: &[Op], mut rng: Option<&mut Rng>) {
    // How much gets through differs from cut to cut: nothing, little, half, nearly all, all.
    let kept = rng.as_mut().map_or(1.0, |rng| [0.0, 0.1, 0.5, 0.9, 1.0][rng.usize(..5)]);
    // Some disks tear inside a page, others write whole pages.
    let piece = rng.as_mut().map_or(usize::MAX, |rng| if rng.bool() { SECTOR } else { 4096 });
    let mut through = || rng.as_mut().is_none_or(|rng| rng.f64() < kept);
    for op in ops {
        match op {
            Op::Length(len) if through() => image.resize(*len, 0),
            Op::Write(from, data) => {
                let mut start = 0;
                while start < data.len() {
                    let edge = piece.checked_sub((from + start) % piece.max(1)).unwrap_or(data.len());
                    let end = data.len().min(start.saturating_add(edge));
                    if through()
                        && let Some(room) = image.get_mut(from + start..from + end)
                    {
                        room.copy_from_slice(&data[start..end]);
                    }
                    start = end;
                }
            }
            _ => {}
        }
    }
}
