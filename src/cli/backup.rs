//! `till backup` and `till restore`: a verified copy, and the way back.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use crate::engine::backup;
use clap::Args;
use std::path::PathBuf;

/// Makes a verified copy.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to; nothing may stand there yet.
    file: PathBuf,
}

impl Backup {
    pub fn run(self, place: &Place) -> Done {
        place.with(|shop| {
            let bar = Bar::new("copying and checking", 1);
            let proof = backup::backup(shop, &self.file, &|done, whole| bar.of(done, whole))?;
            drop(bar);
            println!(
                "{}: {} journal entries, {} orders; head {}",
                self.file.display(),
                proof.entries,
                proof.orders,
                proof.head
            );
            Ok(())
        })
    }
}

/// Puts a backup in the shop's place.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
}

impl Restore {
    pub fn run(self, place: &Place) -> Done {
        let path = place.path()?;
        let bar = Bar::new("checking the backup", 1);
        let proof = backup::restore(&self.file, &path, &|done, whole| bar.of(done, whole))?;
        drop(bar);
        println!("restored {} journal entries, {} orders; head {}", proof.entries, proof.orders, proof.head);
        Ok(())
    }
}
