//! Drafts: the basket in hand and the text in the field, kept beside the shop, outside the journal.
//!
//! Written without a sync before the frame that shows them, so that a killed process loses nothing; synced within a second,
//! so that a power cut loses at most that second. A draft is a convenience: whatever is wrong with one, it is as if none was.

use crate::store::codec;
use crate::unit::{RegisterId, StaffId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

/// The format drafts are written in.
const FORMAT: u8 = 1;

/// The draft of a person at a register.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    kept: Vec<u8>,
    syncer: Sender<PathBuf>,
}

impl Draft {
    /// The draft of a person at a register, beside the shop file.
    pub fn of(shop: &Path, register: RegisterId, person: StaffId) -> Draft {
        let name = name(shop, register, person);
        let (syncer, paths) = channel::<PathBuf>();
        // Ends with the draft: the channel closes. Where there is no thread for it the kernel syncs in its own time.
        let syncing = std::thread::Builder::new().name("till-draft".to_owned()).spawn(move || {
            while let Ok(path) = paths.recv() {
                std::thread::sleep(Duration::from_millis(700));
                while paths.try_recv().is_ok() {}
                if let Ok(file) = File::open(&path) {
                    let _ = file.sync_data();
                }
            }
        });
        drop(syncing);
        Draft { path: name, kept: Vec::new(), syncer }
    }

    /// At which of these registers the person left something last.
    pub fn last_of(shop: &Path, registers: &[RegisterId], person: StaffId) -> Option<RegisterId> {
        let left = |register: &RegisterId| fs::metadata(name(shop, *register, person)).and_then(|file| file.modified());
        let all = registers.iter().filter_map(|register| Some((left(register).ok()?, *register)));
        all.max_by_key(|(at, _)| *at).map(|(_, register)| register)
    }

    /// What is kept for a person at a register, without taking it up.
    pub fn peek<T: DeserializeOwned>(shop: &Path, register: RegisterId, person: StaffId) -> Option<T> {
        codec::decode(FORMAT, &fs::read(name(shop, register, person)).ok()?).ok()
    }

    /// What was kept; `None` when there is nothing readable.
    pub fn read<T: DeserializeOwned>(&mut self) -> Option<T> {
        self.kept = fs::read(&self.path).ok()?;
        codec::decode(FORMAT, &self.kept).ok()
    }

    /// Keeps `value`; writes only when it differs from what is kept.
    ///
    /// # Errors
    /// What the file system says; the draft before stays.
    pub fn keep<T: Serialize>(&mut self, value: &T) -> std::io::Result<()> {
        let bytes = codec::encode(FORMAT, value).map_err(std::io::Error::other)?;
        if bytes == self.kept {
            return Ok(());
        }
        let mut fresh = self.path.as_os_str().to_owned();
        fresh.push("~");
        let fresh = PathBuf::from(fresh);
        let mut file = private(&fresh)?;
        file.write_all(&bytes)?;
        fs::rename(&fresh, &self.path)?;
        self.kept = bytes;
        // Without a syncer the kernel writes it out in its own time.
        let _ = self.syncer.send(self.path.clone());
        Ok(())
    }
}

fn name(shop: &Path, register: RegisterId, person: StaffId) -> PathBuf {
    let mut name = shop.as_os_str().to_owned();
    name.push(format!(".draft-{}-{}", register.0, person.0));
    PathBuf::from(name)
}

fn private(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}
