//! A file that counts what is asked of the disk.

use redb::StorageBackend;
use redb::backends::FileBackend;
use std::io::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Syncs and bytes so far.
#[derive(Debug, Default)]
pub struct Counts {
    syncs: AtomicU64,
    written: AtomicU64,
}

impl Counts {
    /// Syncs and bytes so far.
    pub fn now(&self) -> (u64, u64) {
        (self.syncs.load(Ordering::Relaxed), self.written.load(Ordering::Relaxed))
    }
}

/// A real file under a shop.
#[derive(Debug)]
pub struct Counted {
    file: FileBackend,
    counts: Arc<Counts>,
}

impl Counted {
    /// Counts into `counts`.
    pub fn new(file: FileBackend, counts: Arc<Counts>) -> Counted {
        Counted { file, counts }
    }
}

impl StorageBackend for Counted {
    fn len(&self) -> Result<u64, Error> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> Result<(), Error> {
        self.counts.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        self.counts.written.fetch_add(data.len() as u64, Ordering::Relaxed);
        self.file.write(offset, data)
    }
}
