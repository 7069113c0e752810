//! The shop file: making it, opening it after any end, and the transactions on it.

use super::apply::make_tables;
use super::fault::{Fault, io};
use super::lease::{LastEnd, Lease, forget_cached_pages};
use super::record::{meta, put_meta};
use redb::{
    Builder, Database, DatabaseError, Durability, ReadTransaction, ReadableDatabase, StorageBackend, WriteTransaction,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The schema this program writes.
pub const SCHEMA: u32 = 1;

/// Bytes of pages redb keeps in memory.
const CACHE_BYTES: usize = 256 << 20;

/// An open shop file. One process at a time.
pub struct ShopFile {
    database: Arc<Database>,
    path: Option<PathBuf>,
    lease: Option<Lease>,
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
        let file = private_file(path)?;
        let database = builder(|_| {}).create_file(file).map_err(|why| opening(path, why))?;
        let lease = Lease::take(path)?;
        let file = ShopFile { database: Arc::new(database), path: Some(path.to_owned()), lease: Some(lease) };
        file.prepare()?;
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
        // redb asserts where a damaged file breaks its own rules; that is an answer too, not the end of the program.
        let opened = catch_unwind(AssertUnwindSafe(|| builder(repair).open(path))).map_err(|_| Fault::Damaged {
            table: "file".to_owned(),
            key: path.display().to_string(),
            why: "unreadable".to_owned(),
        })?;
        let database = opened.map_err(|why| opening(path, why))?;
        let lease = Lease::take(path)?;
        let file = ShopFile { database: Arc::new(database), path: Some(path.to_owned()), lease: Some(lease) };
        file.check_schema(path)?;
        Ok(file)
    }

    /// A file of one's own for a rebuild: no lease, and nobody misses it after a crash.
    pub fn scratch(path: &Path) -> Result<ShopFile, Fault> {
        // One left over from a check that was cut short holds nothing.
        let _ = std::fs::remove_file(path);
        let file = private_file(path)?;
        let database = builder(|_| {}).create_file(file).map_err(|why| opening(path, why))?;
        let file = ShopFile { database: Arc::new(database), path: None, lease: None };
        file.prepare()?;
        Ok(file)
    }

    /// A shop on any storage: tests put faults under it.
    pub fn on(backend: impl StorageBackend, new: bool) -> Result<ShopFile, Fault> {
        let open = AssertUnwindSafe(|| builder(|_| {}).create_with_backend(backend));
        let database = catch_unwind(open)
            .map_err(|_| Fault::NotAShop { path: "storage".to_owned() })?
            .map_err(|why| io("opening the storage", why))?;
        let file = ShopFile { database: Arc::new(database), path: None, lease: None };
        if new || meta::<u32>(&file.read()?, "schema")?.is_none() {
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

    fn check_schema(&self, path: &Path) -> Result<(), Fault> {
        match meta::<u32>(&self.read()?, "schema")? {
            None => Err(Fault::NotAShop { path: path.display().to_string() }),
            Some(found) if found > SCHEMA => Err(Fault::Newer { found, known: SCHEMA }),
            Some(_) => Ok(()),
        }
    }

    /// The path, for a shop on a file.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// A view of the last commit. Pins its pages: never hold one for long.
    pub fn read(&self) -> Result<ReadTransaction, Fault> {
        self.database.begin_read().map_err(|why| io("reading the shop file", why))
    }

    /// A way to take views that does not keep the file open: it fails once the file is closed.
    pub fn reader(&self) -> Box<dyn Fn() -> Result<ReadTransaction, Fault> + Send + Sync> {
        let database = Arc::downgrade(&self.database);
        Box::new(move || {
            let database = database.upgrade().ok_or_else(|| Fault::Ended { why: "the shop was closed".to_owned() })?;
            database.begin_read().map_err(|why| io("reading the shop file", why))
        })
    }

    /// The one write transaction, made durable by [`commit`].
    pub fn write(&self) -> Result<WriteTransaction, Fault> {
        let mut txn = self.database.begin_write().map_err(|why| io("writing the shop file", why))?;
        txn.set_durability(Durability::Immediate).map_err(|why| io("writing the shop file", why))?;
        Ok(txn)
    }

    /// An empty commit after which opening needs no long repair, whatever happens next.
    pub fn settle(&self) -> Result<(), Fault> {
        let mut txn = self.write()?;
        txn.set_quick_repair(true);
        commit(txn)
    }

    /// Closes for good: settles, closes the file, gives the lease back.
    pub fn close(mut self) -> Result<(), Fault> {
        self.settle()?;
        let lease = self.lease.take();
        let mut database = self.database;
        // A reader holds the file for no longer than it takes to begin; the last to let go closes it.
        while let Err(shared) = Arc::try_unwrap(database) {
            database = shared;
            std::thread::yield_now();
        }
        if let Some(lease) = lease {
            lease.release();
        }
        Ok(())
    }
}

/// Makes a transaction durable: one fsync.
pub fn commit(txn: WriteTransaction) -> Result<(), Fault> {
    txn.commit().map_err(|why| io("writing the shop file", why))
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
