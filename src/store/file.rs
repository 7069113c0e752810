//! The shop file: making it, opening it after any end, and the transactions on it.

use super::apply::make_tables;
use super::beside;
use super::fault::{Fault, guarded, io};
use super::lease::{LastEnd, Lease, forget_cached_pages};
use super::migrate::{self, SCHEMA};
use super::record::put_meta;
use redb::{
    Builder, Database, DatabaseError, Durability, ReadTransaction, ReadableDatabase, StorageBackend, WriteTransaction,
};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of pages redb keeps in memory.
const CACHE_BYTES: usize = 256 << 20;

/// An open shop file. One process at a time.
pub struct ShopFile {
    database: Open,
    path: Option<PathBuf>,
    lease: Option<Lease>,
}

/// The database. redb writes when it is let go, which a damaged file may not survive: that ends no program either.
struct Open(Option<Arc<Database>>);

impl Open {
    fn new(database: Database) -> Open {
        Open(Some(Arc::new(database)))
    }

    fn get(&self) -> Result<&Database, Fault> {
        self.0.as_deref().ok_or_else(closed)
    }

    /// Lets go once nobody else holds it: a reader does for no longer than it takes to begin.
    fn close(mut self) {
        while self.0.as_ref().is_some_and(|database| Arc::strong_count(database) > 1) {
            std::thread::yield_now();
        }
        let_go(self.0.take());
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let_go(self.0.take());
    }
}

fn let_go(database: Option<Arc<Database>>) {
    // Whoever minds has asked through `close`, which settles first and says what it met.
    let _ = guarded(|| {
        drop(database);
        Ok(())
    });
}

fn closed() -> Fault {
    Fault::Ended { why: "the shop was closed".to_owned() }
}

impl ShopFile {
    /// Makes a new shop file.
    ///
    /// # Errors
    /// `Exists` when there is something at `path`; `Io`.
    pub fn create(path: &Path) -> Result<ShopFile, Fault> {
        if path.exists() {
            return Err(Fault::Exists { path: path.display().to_string() });
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|why| io(&format!("making the folder {}", folder.display()), why))?;
        }
        // Made under another name, so that a file of the shop's name is always a shop.
        let making = making(path);
        let _ = std::fs::remove_file(&making);
        let file = private_file(&making)?;
        let database = builder(|_| {}).create_file(file).map_err(|why| opening(path, why))?;
        let mut file = ShopFile { database: Open::new(database), path: Some(path.to_owned()), lease: None };
        let named = file.prepare().and_then(|()| give_name(&making, path));
        let _ = std::fs::remove_file(&making);
        named?;
        file.lease = Some(Lease::take(path)?);
        Ok(file)
    }

    /// Opens a shop file; after an unclean end `repair` is told how far mending is, from 0 to 1.
    ///
    /// # Errors
    /// `Missing`, `NotAShop`, `Newer`, `InUse`, `Damaged`, `Io`; the file is as it was.
    pub fn open(path: &Path, repair: impl Fn(f64) + 'static) -> Result<ShopFile, Fault> {
        if !path.is_file() {
            return Err(Fault::Missing { path: path.display().to_string() });
        }
        if Lease::last_end(path) == LastEnd::Unclean {
            forget_cached_pages(path)?;
        }
        look_first(path)?;
        let database = guarded(|| builder(repair).open(path).map_err(|why| opening(path, why)))?;
        let mut file = ShopFile { database: Open::new(database), path: Some(path.to_owned()), lease: None };
        let found = check_schema(&file.read()?, path)?;
        file.lease = Some(Lease::take(path)?);
        if found < SCHEMA {
            file.migrate(path, found)?;
        }
        Ok(file)
    }

    /// Brings an older shop to this program's schema, after a copy of it has been made.
    fn migrate(&self, path: &Path, found: u32) -> Result<(), Fault> {
        self.settle()?;
        migrate::keep_copy(path, found)?;
        let txn = self.write()?;
        guarded(|| migrate::migrate(&txn, found))?;
        commit(txn)
    }

    /// A file of one's own for a rebuild: no lease, and nobody misses it after a crash.
    pub fn scratch(path: &Path) -> Result<ShopFile, Fault> {
        // One left over from a check that was cut short holds nothing.
        let _ = std::fs::remove_file(path);
        let file = private_file(path)?;
        let database = builder(|_| {}).create_file(file).map_err(|why| opening(path, why))?;
        let file = ShopFile { database: Open::new(database), path: None, lease: None };
        file.prepare()?;
        Ok(file)
    }

    /// A shop on any storage: tests put faults under it.
    pub fn on(backend: impl StorageBackend, new: bool) -> Result<ShopFile, Fault> {
        let open = || builder(|_| {}).create_with_backend(backend).map_err(|why| io("opening the storage", why));
        let database = guarded(open)?;
        let file = ShopFile { database: Open::new(database), path: None, lease: None };
        if new || migrate::schema(&file.read()?)?.is_none() {
            file.prepare()?;
        }
        Ok(file)
    }

    fn prepare(&self) -> Result<(), Fault> {
        let txn = self.write()?;
        make_tables(&txn)?;
        put_meta(&txn, "schema", &SCHEMA)?;
        commit(txn)
    }

    /// The path, for a shop on a file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// A view of the last commit. Pins its pages: never hold one for long.
    pub fn read(&self) -> Result<ReadTransaction, Fault> {
        self.database.get()?.begin_read().map_err(|why| io("reading the shop file", why))
    }

    /// A way to take views that does not keep the file open: it fails once the file is closed.
    pub fn reader(&self) -> Box<dyn Fn() -> Result<ReadTransaction, Fault> + Send + Sync> {
        let database = self.database.0.as_ref().map(Arc::downgrade).unwrap_or_default();
        Box::new(move || {
            let database = Open(Some(database.upgrade().ok_or_else(closed)?));
            database.get()?.begin_read().map_err(|why| io("reading the shop file", why))
        })
    }

    /// The one write transaction, made durable by [`commit`].
    pub fn write(&self) -> Result<Writing, Fault> {
        let before = self.read()?;
        Ok(Writing { txn: self.begin()?, before })
    }

    fn begin(&self) -> Result<WriteTransaction, Fault> {
        let mut txn = self.database.get()?.begin_write().map_err(|why| io("writing the shop file", why))?;
        txn.set_durability(Durability::Immediate).map_err(|why| io("writing the shop file", why))?;
        Ok(txn)
    }

    /// An empty commit after which opening needs no long repair, whatever happens next.
    pub fn settle(&self) -> Result<(), Fault> {
        let mut txn = self.begin()?;
        txn.set_quick_repair(true);
        txn.commit().map_err(|why| io("settling the shop file", why))
    }

    /// Says that no page holds anything erased: the file has just been written.
    pub fn clear_erased(&self) -> Result<(), Fault> {
        let txn = self.write()?;
        put_meta(&txn, super::record::ERASED, &false)?;
        commit(txn)
    }

    /// Closes for good: settles, closes the file, gives the lease back.
    pub fn close(mut self) -> Result<(), Fault> {
        self.settle()?;
        let lease = self.lease.take();
        self.database.close();
        if let Some(lease) = lease {
            lease.release();
        }
        Ok(())
    }
}

/// Looks at the file without a write, so that one that is not ours to open stays as it is. One that has to be mended first
/// cannot be looked at; it is checked after mending.
fn look_first(path: &Path) -> Result<(), Fault> {
    let open = || match builder(|_| {}).open_read_only(path) {
        Ok(database) => database.begin_read().map(Some).map_err(|why| io("reading the shop file", why)),
        Err(DatabaseError::RepairAborted) => Ok(None),
        Err(why) => Err(opening(path, why)),
    };
    match guarded(open)? {
        Some(read) => check_schema(&read, path).map(drop),
        None => Ok(()),
    }
}

fn check_schema(read: &ReadTransaction, path: &Path) -> Result<u32, Fault> {
    match migrate::schema(read)? {
        None => Err(Fault::NotAShop { path: path.display().to_string() }),
        Some(found) if found > SCHEMA => Err(Fault::Newer { found, known: SCHEMA }),
        Some(found) => Ok(found),
    }
}

/// A write transaction, and a view of what stood before it. As long as somebody may look at that, redb leaves the pages it
/// takes the place of to the next commit, instead of going over its books a second time in this one: a tenth of what a sale
/// costs.
pub struct Writing {
    txn: WriteTransaction,
    before: ReadTransaction,
}

impl Deref for Writing {
    type Target = WriteTransaction;

    fn deref(&self) -> &WriteTransaction {
        &self.txn
    }
}

impl Writing {
    /// For a file that nobody misses after a crash: no fsync.
    pub fn undurable(mut self) -> Result<Writing, Fault> {
        self.txn.set_durability(Durability::None).map_err(|why| io("writing a scratch file", why))?;
        Ok(self)
    }

    /// Leaves everything as it was.
    pub fn abort(self) -> Result<(), Fault> {
        self.txn.abort().map_err(|why| io("leaving the shop file as it was", why))
    }
}

/// Makes a transaction durable: one fsync.
pub fn commit(writing: Writing) -> Result<(), Fault> {
    writing.txn.commit().map_err(|why| io("writing the shop file", why))?;
    drop(writing.before);
    Ok(())
}

fn making(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".making");
    PathBuf::from(name)
}

/// Names a file without taking the place of another.
fn give_name(file: &Path, path: &Path) -> Result<(), Fault> {
    beside::give_name(file, path).map_err(|why| match why.kind() {
        std::io::ErrorKind::AlreadyExists => Fault::Exists { path: path.display().to_string() },
        _ => io(&format!("making {}", path.display()), why),
    })
}

fn builder(repair: impl Fn(f64) + 'static) -> Builder {
    let mut builder = Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder.set_repair_callback(move |session| repair(session.progress()));
    builder
}

fn private_file(path: &Path) -> Result<std::fs::File, Fault> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|why| io(&format!("making {}", path.display()), why))
}

fn opening(path: &Path, why: DatabaseError) -> Fault {
    match why {
        DatabaseError::DatabaseAlreadyOpen => {
            Fault::InUse { path: path.display().to_string(), by: Lease::holder(path) }
        }
        DatabaseError::Storage(redb::StorageError::Io(why)) if why.kind() == std::io::ErrorKind::InvalidData => {
            Fault::NotAShop { path: path.display().to_string() }
        }
        DatabaseError::Storage(redb::StorageError::Corrupted(why)) => {
            Fault::Damaged { table: "file".to_owned(), key: path.display().to_string(), why }
        }
        why => io(&format!("opening {}", path.display()), why),
    }
}
