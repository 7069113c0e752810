//! The handle to a running shop: all that the floors above know of it.

use super::bulk::Bulk;
use super::catalogue::Catalogue;
use super::compact;
use super::directory::Directory;
use super::memory::Memory;
use super::seams::Seams;
use super::search::Search;
use super::snapshot::Snapshot;
use super::space;
use super::tail::Tail;
use super::turns::Turns;
use super::writer::{Job, Reply, Writer};
use crate::domain::Request;
use crate::domain::command::Verdict;
use crate::store::attributes::People;
use crate::store::fault::guarded;
use crate::store::journal::Head;
use crate::store::laid::Laid;
use crate::store::stock::Columns;
use crate::store::{Fault, ShopFile, seal};
use crate::unit::{CommandId, ProductId, Quantity, Seq, StoreId};
use redb::ReadTransaction;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

/// What readers see, replaced as a whole after each commit.
#[derive(Debug, Clone)]
pub(super) struct Published {
    pub directory: Arc<Directory>,
    pub catalogue: Arc<Catalogue>,
    pub people: Arc<People>,
    pub tail: Arc<Tail>,
    pub head: Head,
}

/// Called after each publication.
type Waker = Arc<dyn Fn() + Send + Sync>;

/// What the writer and all handles share.
pub(super) struct Shared {
    reader: Box<dyn Fn() -> Result<ReadTransaction, Fault> + Send + Sync>,
    published: RwLock<Arc<Published>>,
    stock: RwLock<Columns>,
    wakers: Mutex<(u64, BTreeMap<u64, Waker>)>,
    ended: Mutex<Option<Fault>>,
    turns: Turns,
    pub search: Search,
}

impl Shared {
    pub fn published(&self) -> Arc<Published> {
        Arc::clone(&self.published.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn publish(&self, published: Published) {
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(published);
        self.turns.tell();
        self.wake();
    }

    pub fn move_stock<'a>(&self, moved: impl Iterator<Item = &'a (StoreId, ProductId, Quantity)>) {
        let mut stock = self.stock.write().unwrap_or_else(PoisonError::into_inner);
        for (store, product, quantity) in moved {
            stock.add(*store, *product, *quantity);
        }
    }

    pub fn replace_stock(&self, columns: Columns) {
        *self.stock.write().unwrap_or_else(PoisonError::into_inner) = columns;
    }

    pub fn with_stock<T>(&self, read: impl FnOnce(&Columns) -> T) -> T {
        read(&self.stock.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn end(&self, fault: &Fault) {
        *self.lock_ended() = Some(fault.clone());
        self.turns.tell();
        self.wake();
    }

    pub fn reader(&self) -> Result<ReadTransaction, Fault> {
        (self.reader)()
    }

    fn lock_ended(&self) -> MutexGuard<'_, Option<Fault>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> Fault {
        match &*self.lock_ended() {
            Some(fault) => Fault::Ended { why: fault.to_string() },
            None => Fault::Ended { why: "the shop was closed".to_owned() },
        }
    }

    fn wake(&self) {
        let wakers: Vec<Waker> =
            self.wakers.lock().unwrap_or_else(PoisonError::into_inner).1.values().cloned().collect();
        for waker in wakers {
            waker();
        }
    }
}

/// A running shop. Cheap to clone; the last clone's end closes the file.
#[derive(Clone)]
pub struct Shop {
    jobs: Sender<Job>,
    shared: Arc<Shared>,
    seams: Seams,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
    put_off: Option<Arc<Fault>>,
}

/// Keeps a waker subscribed; dropping it ends that.
pub struct Subscription {
    shared: Arc<Shared>,
    number: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.shared.wakers.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&self.number);
    }
}

impl Shop {
    /// Makes a new shop file and runs it; the first command must found the shop.
    ///
    /// # Errors
    /// As [`ShopFile::create`].
    pub fn create(path: &Path, seams: Seams) -> Result<Shop, Fault> {
        Shop::run(ShopFile::create(path)?, seams)
    }

    /// Opens a shop file and runs it. `repair` is told how far mending after an unclean end is, from 0 to 1.
    ///
    /// # Errors
    /// As [`ShopFile::open`], and `Damaged` where a row of the tail is. That it could not be written anew after somebody was
    /// forgotten is none: see [`Shop::put_off`].
    pub fn open(path: &Path, seams: Seams, repair: impl Fn(f64) + 'static) -> Result<Shop, Fault> {
        let file = ShopFile::open(path, repair)?;
        if !compact::is_due(&file)? {
            return Shop::run(file, seams);
        }
        let (file, done) = match space::for_another(&*seams.room, path) {
            Ok(()) => {
                file.close()?;
                let done = compact::rewrite(path);
                (ShopFile::open(path, |_| {})?, done)
            }
            no_room => (file, no_room),
        };
        let shop = Shop::run(file, seams)?;
        Ok(Shop { put_off: done.err().map(Arc::new), ..shop })
    }

    /// Why the file was not written anew at opening, although its free pages may still hold what is known of somebody who was
    /// forgotten. The next opening tries again.
    pub fn put_off(&self) -> Option<&Fault> {
        self.put_off.as_deref()
    }

    /// Reads everybody into the table that customers are found in, behind the scenes: for a shop that people work in.
    pub fn fill_search(&self) {
        let shop = self.clone();
        let filled = std::thread::Builder::new().name("till-search".to_owned()).spawn(move || {
            // What cannot be read is found by looking at the records themselves, which says what is wrong with them.
            let _ = shop.shared.search.fill(|| shop.snapshot());
        });
        // Without a thread customers are looked for among the records.
        drop(filled);
    }

    /// Runs an open file.
    ///
    /// # Errors
    /// `Damaged`, `Io`.
    pub fn run(file: ShopFile, seams: Seams) -> Result<Shop, Fault> {
        let (memory, facts) = guarded(|| Memory::load(&file.read()?))?;
        let watermark = memory.watermark;
        let shared = Arc::new(Shared {
            reader: file.reader(),
            published: RwLock::new(Arc::new(Published {
                directory: Arc::clone(&memory.directory),
                catalogue: Arc::clone(&memory.catalogue),
                people: Arc::clone(&memory.people),
                tail: Arc::new(Tail::starting(watermark).grown(
                    memory.head.seq,
                    facts,
                    memory.unfiled.after(watermark),
                )),
                head: memory.head,
            })),
            stock: RwLock::new(memory.stock.clone()),
            wakers: Mutex::new((0, BTreeMap::new())),
            ended: Mutex::new(None),
            turns: Turns::default(),
            search: Search::default(),
        });
        let (jobs, inbox) = channel();
        let writer = Writer::new(file, memory, Arc::clone(&shared), seams.clone());
        let guarded = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("till-writer".to_owned())
            .spawn(move || {
                // A panic in the writer is an end like an I/O error: nothing is confirmed any more.
                let run = std::panic::AssertUnwindSafe(|| writer.run(&inbox));
                if std::panic::catch_unwind(run).is_err() {
                    guarded.end(&Fault::Io {
                        what: "the writer".to_owned(),
                        why: "broke one of its own rules".to_owned(),
                    });
                }
                // The file is closed: whoever waits for a publication learns it from there.
                guarded.turns.tell();
            })
            .map_err(|why| Fault::Io { what: "starting the writer".to_owned(), why: why.to_string() })?;
        Ok(Shop { jobs, shared, seams, thread: Arc::new(Mutex::new(Some(thread))), put_off: None })
    }

    /// Asks for a command and waits until it is durable or refused.
    ///
    /// # Errors
    /// `Ended`: the writer has stopped after a fault; whether this command took effect is not known until the same id is
    /// asked for again.
    pub fn execute(&self, request: Request) -> Result<Verdict, Fault> {
        self.ask(|reply| Job::Execute(Box::new(request), reply))
    }

    /// Writes an import, all or nothing; `progress` is told how many orders are written.
    ///
    /// # Errors
    /// What the import's source reports, with nothing written; `Ended`.
    pub fn import(&self, bulk: Bulk, progress: impl Fn(u64) + Send + 'static) -> Result<(), Fault> {
        let done = self.ask(|reply| Job::Import(Box::new(bulk), Box::new(progress), reply));
        if done.is_ok() && self.shared.search.forget() {
            self.fill_search();
        }
        done
    }

    /// Seals the whole tail now.
    ///
    /// # Errors
    /// `Ended`.
    pub fn seal(&self) -> Result<(), Fault> {
        self.ask(Job::Seal)
    }

    /// Lays sums by in the file in the place of those before, for whoever opens it next. Each says the sequence it stands
    /// for.
    ///
    /// # Errors
    /// `Ended`.
    pub fn lay_by(&self, laid: Vec<Laid>) -> Result<(), Fault> {
        self.ask(|reply| Job::LayBy(laid, reply))
    }

    /// Closes the file cleanly and waits for it. Other handles get `Ended` from then on.
    ///
    /// # Errors
    /// What closing met.
    pub fn close(&self) -> Result<(), Fault> {
        let closed = self.ask(Job::Close);
        self.join();
        closed
    }

    fn ask<T>(&self, job: impl FnOnce(Reply<T>) -> Job) -> Result<T, Fault> {
        let (reply, answer) = channel();
        let answer = self.jobs.send(job(reply)).ok().and_then(|()| answer.recv().ok());
        answer.unwrap_or_else(|| {
            // Nobody will answer any more: once the writer is gone it has said why.
            self.join();
            Err(self.shared.ended())
        })
    }

    /// Waits for the writer to be gone. One that panicked has said so through `ended`.
    fn join(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = thread.take() {
            let _ = thread.join();
        }
    }

    /// A consistent view of what is published. Pins the file's pages: never hold one across frames.
    ///
    /// # Errors
    /// `Io`, `Damaged`; `Ended` once the shop was closed or has stopped.
    pub fn snapshot(&self) -> Result<Snapshot, Fault> {
        loop {
            let turn = self.shared.turns.now();
            let txn = self.shared.reader()?;
            let published = self.shared.published();
            // A commit or a seal may be durable but not published yet: both must name the same head and watermark.
            if seal::watermark(&txn)? == published.tail.watermark
                && crate::store::journal::last(&txn)? == published.tail.seq
            {
                return Ok(Snapshot::new(txn, published, Arc::clone(&self.shared)));
            }
            // A writer that ended between the two will never publish.
            if self.fault().is_some() {
                return Err(self.shared.ended());
            }
            // No view is held meanwhile: it would pin pages, and show no more than it does now.
            drop(txn);
            self.shared.turns.wait(turn);
        }
    }

    /// The last published sequence.
    pub fn published(&self) -> Seq {
        self.shared.published().tail.seq
    }

    /// Why the shop has stopped, if it has.
    pub fn fault(&self) -> Option<Fault> {
        self.shared.lock_ended().clone()
    }

    /// Calls `waker` after each publication, from the writer's thread: it must be quick and never wait.
    pub fn subscribe(&self, waker: impl Fn() + Send + Sync + 'static) -> Subscription {
        let mut wakers = self.shared.wakers.lock().unwrap_or_else(PoisonError::into_inner);
        wakers.0 += 1;
        let number = wakers.0;
        wakers.1.insert(number, Arc::new(waker));
        Subscription { shared: Arc::clone(&self.shared), number }
    }

    /// A new command id.
    pub fn new_id(&self) -> CommandId {
        self.seams.command_id()
    }

    /// The shop's clock, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.seams.clock.now_ms()
    }

    /// The shop's clock and random source.
    pub fn seams(&self) -> &Seams {
        &self.seams
    }
}
