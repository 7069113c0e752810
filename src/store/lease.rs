//! A small file beside the shop that says who has it open: written at opening, removed at a clean close.
//!
//! One that is still there at opening tells of an unclean end; then the page cache may believe in bytes that never reached
//! the disk, and must be dropped before redb looks at the file.

use super::fault::{Fault, io};
use rustix::fs::{Advice, fadvise, fdatasync};
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The lease of a shop file in use. Kept until [`Lease::release`]; a process that dies leaves it behind.
#[derive(Debug)]
pub struct Lease {
    path: PathBuf,
}

/// How the last owner left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastEnd {
    /// The lease was removed.
    Clean,
    /// The lease was still there.
    Unclean,
}

impl Lease {
    /// Where the lease of a shop file is.
    pub fn path_of(shop: &Path) -> PathBuf {
        let mut name = shop.as_os_str().to_owned();
        name.push(".lease");
        PathBuf::from(name)
    }

    /// How the last owner of the shop left it.
    pub fn last_end(shop: &Path) -> LastEnd {
        if Lease::path_of(shop).exists() { LastEnd::Unclean } else { LastEnd::Clean }
    }

    /// Who the lease names, for messages.
    pub fn holder(shop: &Path) -> String {
        let words = std::fs::read_to_string(Lease::path_of(shop)).unwrap_or_default();
        match words.split_whitespace().last() {
            Some(pid) => format!("process {pid}"),
            None => "another process".to_owned(),
        }
    }

    /// Takes the lease. Only the owner of redb's file lock may call this.
    pub fn take(shop: &Path) -> Result<Lease, Fault> {
        let path = Lease::path_of(shop);
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        let words = format!("{} {}\n", boot.trim(), std::process::id());
        let write = || -> std::io::Result<()> {
            let mut file = File::options().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
            file.write_all(words.as_bytes())?;
            file.sync_data()
        };
        write().map_err(|why| io("writing the lease beside the shop file", why))?;
        Ok(Lease { path })
    }

    /// Gives the lease back after a clean close.
    pub fn release(self) {
        // A lease that stays behind costs the next opening a look at the file, nothing else.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Makes what the page cache holds of the file true: writes it out, then drops it, so that the disk is read again.
pub fn forget_cached_pages(shop: &Path) -> Result<(), Fault> {
    let step = |why: &dyn std::fmt::Display| io("reading the shop file again from the disk", why);
    let file = File::options().read(true).write(true).open(shop).map_err(|why| step(&why))?;
    fdatasync(&file).map_err(|why| step(&why))?;
    fadvise(&file, 0, None, Advice::DontNeed).map_err(|why| step(&why))
}
