//! The single writer: waits for a command, takes all that wait, decides each in turn, makes them durable with one fsync,
//! publishes, and answers each. In quiet moments it settles the file and seals the tail.
//!
//! A fault while writing ends it: every waiter is told that nothing is confirmed, and so is everyone who asks later.

use super::compact;
use super::import;
use super::memory::Memory;
use super::seams::Seams;
use super::shop::{Published, Shared};
use super::space;
use super::tail::Facts;
use super::view::Deciding;
use crate::domain::command::Verdict;
use crate::domain::{Outcome, Refusal, Request, decide};
use crate::store::fault::guarded_writing;
use crate::store::file::commit;
use crate::store::journal::{self, Entry};
use crate::store::laid::{self, Laid};
use crate::store::seal::{self, REMEMBER_MS, Stretch};
use crate::store::{Fault, ShopFile, apply, details};
use crate::unit::Seq;
use redb::WriteTransaction;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Commands one transaction takes at most.
const BATCH: usize = 512;
/// Quiet time after which the file is settled.
const SETTLE_AFTER: Duration = Duration::from_millis(50);
/// Quiet time after which the tail is sealed.
const SEAL_AFTER: Duration = Duration::from_secs(1);
/// Unsealed facts after which sealing no longer waits for a long quiet moment.
const FULL_TAIL: usize = 4_000;
/// Unsealed facts after which a slice is sealed even while commands wait.
const OVERFULL_TAIL: usize = 8_000;
/// Facts one slice of sealing takes at most.
const SLICE: usize = 1_024;
/// How often the writer lets others run while nobody comes, before it closes a batch.
const PATIENCE: u32 = 16;

/// How long to wait before looking again whether there is room on the disk.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// How an answer gets back.
pub(super) type Reply<T> = Sender<Result<T, Fault>>;

/// What the writer is asked to do.
pub(super) enum Job {
    /// Decide and write a command.
    Execute(Box<Request>, Reply<Verdict>),
    /// Write an import.
    Import(Box<super::Bulk>, Box<dyn Fn(u64) + Send>, Reply<()>),
    /// Seal everything now.
    Seal(Reply<()>),
    /// Lay sums by that stand for a sequence.
    LayBy(Vec<Laid>, Reply<()>),
    /// Settle, close the file and end.
    Close(Reply<()>),
}

/// The writer's own state.
pub(super) struct Writer {
    file: ShopFile,
    memory: Memory,
    shared: Arc<Shared>,
    seams: Seams,
    unsettled: bool,
    unsealed_facts: usize,
    last_batch: usize,
    /// Whether the last quiet moment found the disk too full to seal.
    waits_for_room: bool,
}

impl Writer {
    pub fn new(file: ShopFile, memory: Memory, shared: Arc<Shared>, seams: Seams) -> Writer {
        let unsealed_facts = memory.unsealed.iter().map(|done| done.facts).sum();
        Writer { file, memory, shared, seams, unsettled: false, unsealed_facts, last_batch: 0, waits_for_room: false }
    }

    /// Serves until it is told to close, every handle is gone, or a fault ends it.
    pub fn run(mut self, jobs: &Receiver<Job>) {
        let mut quiet = Duration::ZERO;
        loop {
            let job = match self.pause(quiet) {
                None => jobs.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(pause) => jobs.recv_timeout(pause),
            };
            let done = match job {
                Ok(Job::Close(reply)) => {
                    let _ = reply.send(guarded_writing(|| self.close()));
                    return;
                }
                Ok(job) => {
                    quiet = Duration::ZERO;
                    guarded_writing(|| self.serve(job, jobs))
                }
                Err(RecvTimeoutError::Timeout) => {
                    quiet += self.pause(quiet).unwrap_or_default();
                    guarded_writing(|| self.rest(quiet))
                }
                Err(RecvTimeoutError::Disconnected) => {
                    // Nobody is left to be told; what is not settled is repaired at the next opening.
                    let _ = guarded_writing(|| self.close());
                    return;
                }
            };
            match done {
                Ok(None) => {}
                Ok(Some(Job::Close(reply))) => {
                    let _ = reply.send(guarded_writing(|| self.close()));
                    return;
                }
                Ok(Some(_)) => {}
                Err(fault) => {
                    self.shared.end(&fault);
                    return;
                }
            }
        }
    }

    /// How long to wait for a command before using the quiet; `None`: for ever.
    fn pause(&self, quiet: Duration) -> Option<Duration> {
        if self.waits_for_room {
            return Some(LOOK_AGAIN);
        }
        if self.unsealed_facts >= FULL_TAIL && !self.unsettled {
            return Some(Duration::ZERO);
        }
        if self.unsettled {
            return Some(SETTLE_AFTER.saturating_sub(quiet).max(Duration::from_millis(1)));
        }
        let sealing = self.memory.watermark < self.memory.head.seq;
        sealing.then(|| SEAL_AFTER.saturating_sub(quiet))
    }

    /// Uses a quiet moment. On a disk that is nearly full nothing is sold, and nothing needs sealing: a write that fails would
    /// end the shop, and what is not sealed is in the journal.
    fn rest(&mut self, quiet: Duration) -> Result<Option<Job>, Fault> {
        self.waits_for_room = self.disk_is_full();
        if self.waits_for_room {
            return Ok(None);
        }
        if self.unsettled && quiet >= SETTLE_AFTER {
            self.file.settle()?;
            self.unsettled = false;
        } else if self.memory.watermark < self.memory.head.seq {
            self.seal_slice()?;
            // The last slice is settled at once: the file may rest for long.
            if self.memory.watermark == self.memory.head.seq {
                self.file.settle()?;
                self.unsettled = false;
            }
        }
        Ok(None)
    }

    /// Serves one job and, if it is a command, all commands that wait; a job of another kind found among them is served after.
    fn serve(&mut self, job: Job, jobs: &Receiver<Job>) -> Result<Option<Job>, Fault> {
        let mut next = Some(job);
        while let Some(job) = next.take() {
            match job {
                Job::Execute(request, reply) => {
                    let mut batch = vec![(*request, reply)];
                    next = self.gather(&mut batch, jobs);
                    self.write(batch)?;
                    if self.unsealed_facts >= OVERFULL_TAIL && !self.disk_is_full() {
                        self.seal_slice()?;
                    }
                }
                Job::Import(bulk, progress, reply) => {
                    let done = self.import(*bulk, &*progress);
                    let fatal = done.as_ref().err().filter(|fault| !import::is_refusal(fault)).cloned();
                    let _ = reply.send(done);
                    if let Some(fault) = fatal {
                        return Err(fault);
                    }
                }
                Job::Seal(reply) => {
                    self.seal_all()?;
                    let _ = reply.send(Ok(()));
                }
                Job::LayBy(laid, reply) => {
                    let txn = self.file.write()?;
                    laid::put(&txn, &laid)?;
                    commit(txn)?;
                    self.unsettled = true;
                    let _ = reply.send(Ok(()));
                }
                close @ Job::Close(_) => return Ok(Some(close)),
            }
        }
        Ok(None)
    }

    /// Takes all commands that wait. Where several came together before, those just answered are about to ask again: a
    /// moment's patience makes one sync of two. Returns the job of another kind that ended it.
    fn gather(&mut self, batch: &mut Vec<(Request, Reply<Verdict>)>, jobs: &Receiver<Job>) -> Option<Job> {
        let mut patience = if self.last_batch > 1 { PATIENCE } else { 0 };
        let mut other = None;
        while batch.len() < BATCH {
            match jobs.try_recv() {
                Ok(Job::Execute(request, reply)) => batch.push((*request, reply)),
                Ok(job) => {
                    other = Some(job);
                    break;
                }
                Err(_) if patience > 0 => {
                    patience -= 1;
                    std::thread::yield_now();
                }
                Err(_) => break,
            }
        }
        self.last_batch = batch.len();
        other
    }

    /// Decides a batch and makes it durable with one fsync.
    fn write(&mut self, batch: Vec<(Request, Reply<Verdict>)>) -> Result<(), Fault> {
        let txn = self.file.write()?;
        let full = self.disk_is_full();
        let mut facts = Vec::new();
        let mut answers = Vec::with_capacity(batch.len());
        let before = self.memory.head.seq;
        for (request, reply) in batch {
            let verdict = self.answer(&txn, request, full, &mut facts)?;
            answers.push((reply, verdict));
        }
        if self.memory.head.seq == before {
            txn.abort()?;
        } else {
            commit(txn)?;
            self.unsettled = true;
            self.unsealed_facts += facts.len();
            self.publish(before, facts);
        }
        for (reply, verdict) in answers {
            // Whoever asked may be gone; the fact stands all the same.
            let _ = reply.send(Ok(verdict));
        }
        Ok(())
    }

    /// One command's verdict; an accepted one is in the transaction and in memory afterwards.
    fn answer(
        &mut self,
        txn: &WriteTransaction,
        request: Request,
        full: bool,
        facts: &mut Facts,
    ) -> Result<Verdict, Fault> {
        let now_ms = self.seams.clock.now_ms();
        if let Some(outcome) = self.remembered(txn, &request)? {
            return Ok(Ok(outcome));
        }
        if (request.id.unix_ms() as i64) < now_ms - REMEMBER_MS {
            return Ok(Err(Refusal::TooOld));
        }
        if full && space::adds_much(&request.command) {
            return Ok(Err(Refusal::DiskFull));
        }
        let view = Deciding { memory: &self.memory, source: txn };
        let mut decision = match decide(&view, &request, now_ms)? {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut salt = || {
            let mut bytes = [0; 16];
            self.seams.entropy.fill(&mut bytes);
            bytes
        };
        let words = details::close(&mut decision.changes, &mut salt);
        let told = decision.outcome.take_words();
        let entry = Entry {
            seq: Seq(self.memory.head.seq.0 + 1),
            at_ms: now_ms,
            actor: Some(request.actor),
            id: request.id,
            outcome: decision.outcome,
            changes: decision.changes,
            previous: self.memory.head.hash,
        };
        apply::apply(txn, entry.seq, &entry.changes, &words, &mut self.memory.unfiled)?;
        self.memory.head = journal::append(txn, &entry)?;
        self.memory.absorb(txn, &entry, facts)?;
        Ok(Ok(entry.outcome.with_words(told)))
    }

    fn remembered(&self, txn: &WriteTransaction, request: &Request) -> Result<Option<Outcome>, Fault> {
        match self.memory.recent.get(&request.id) {
            Some(outcome) => Ok(Some(outcome.clone())),
            // The usual id is younger than all that are stored: no page is read for it.
            None if request.id > self.memory.last_sealed_command => Ok(None),
            None => seal::outcome(txn, request.id),
        }
    }

    fn disk_is_full(&self) -> bool {
        self.file.path().is_some_and(|path| space::is_short_for_more(&*self.seams.room, path))
    }

    fn publish(&mut self, before: Seq, facts: Facts) {
        self.shared.search.touch(self.memory.head.seq, std::mem::take(&mut self.memory.touched));
        let moved = self.memory.unsealed.iter().rev().take_while(|done| done.seq > before);
        self.shared.move_stock(moved.flat_map(|done| &done.stock));
        let placed = self.memory.unfiled.after(before);
        let tail = self.shared.published().tail.grown(self.memory.head.seq, facts, placed);
        self.publish_tail(tail);
    }

    fn publish_tail(&self, tail: super::Tail) {
        self.shared.publish(Published {
            directory: Arc::clone(&self.memory.directory),
            catalogue: Arc::clone(&self.memory.catalogue),
            people: Arc::clone(&self.memory.people),
            tail: Arc::new(tail),
            head: self.memory.head,
        });
    }

    /// Seals the oldest stretch of the tail.
    fn seal_slice(&mut self) -> Result<(), Fault> {
        let mut facts = 0;
        let mut upto = self.memory.watermark;
        let mut stock = Vec::new();
        let mut commands = Vec::new();
        let mut receipts_given = Vec::new();
        for done in &self.memory.unsealed {
            if facts > 0 && facts + done.facts > SLICE || commands.len() >= SLICE {
                break;
            }
            facts += done.facts;
            upto = done.seq;
            stock.extend_from_slice(&done.stock);
            commands.push(done.command.clone());
            receipts_given.extend_from_slice(&done.receipts);
        }
        let published = self.shared.published();
        let stretch = Stretch {
            upto,
            facts: published
                .tail
                .numbered_after(self.memory.watermark)
                .take_while(|(seq, _)| *seq <= upto)
                .map(|(_, fact)| &**fact)
                .collect(),
            stock,
            commands,
            receipts: &self.memory.receipts,
            receipts_given,
            people: self.memory.people_changed.then_some(&*self.memory.people),
            now_ms: self.seams.clock.now_ms(),
        };
        let txn = self.file.write()?;
        seal::seal(&txn, &stretch, &mut self.memory.unfiled, &mut self.memory.sealed_stock)?;
        commit(txn)?;
        self.unsettled = true;
        self.memory.sealed(upto);
        self.unsealed_facts = self.unsealed_facts.saturating_sub(facts);
        self.publish_tail(published.tail.sealed(upto));
        Ok(())
    }

    fn seal_all(&mut self) -> Result<(), Fault> {
        while self.memory.watermark < self.memory.head.seq {
            self.seal_slice()?;
        }
        Ok(())
    }

    fn import(&mut self, bulk: super::Bulk, progress: &dyn Fn(u64)) -> Result<(), Fault> {
        if let Some(path) = self.file.path() {
            space::for_import(&*self.seams.room, path, &bulk.counts)?;
        }
        self.seal_all()?;
        let txn = self.file.write()?;
        // Read back before it is durable: readers wait between the commit and its publication.
        let written = import::write(&txn, &self.memory, bulk, &self.seams, progress).and_then(|()| Memory::load(&*txn));
        let memory = match written {
            Ok((memory, _)) => memory,
            Err(fault) => {
                txn.abort()?;
                return Err(fault);
            }
        };
        commit(txn)?;
        self.memory = memory.after(&self.memory);
        self.unsealed_facts = 0;
        self.shared.replace_stock(self.memory.stock.clone());
        let tail = self.shared.published().tail.restarted(self.memory.head.seq);
        self.publish_tail(tail);
        self.file.settle()?;
        self.unsettled = false;
        Ok(())
    }

    fn close(self) -> Result<(), Fault> {
        let mut writer = self;
        if !writer.disk_is_full() {
            writer.seal_all()?;
        }
        let due = compact::is_due(&writer.file)?;
        let path = writer.file.path().map(std::path::Path::to_owned);
        writer.file.close()?;
        match path {
            // Where there is no room the next opening does it, and says so until it could.
            Some(path) if due && space::for_another(&*writer.seams.room, &path).is_ok() => compact::rewrite(&path),
            _ => Ok(()),
        }
    }
}
