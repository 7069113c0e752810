//! `till backup` and `till restore`: a verified copy, and the way back.

use super::Done;
use super::hall::Hall;
use super::place::Place;
use super::progress::Bar;
use super::streams::Streams;
use crate::domain::{Command, Note, Role};
use crate::engine::verify::Proof;
use crate::engine::{Shop, backup};
use crate::unit::Text;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Makes a verified copy.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// Where to; nothing may stand there yet.
    file: PathBuf,
}

impl Backup {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let file = streams.path(&self.file);
        place.with(streams, |shop, streams| {
            let bar = Bar::new(&streams.watch, "copying and checking", 1);
            let proof = backup::backup(shop, &file, &|done, whole| bar.of(done, whole))?;
            drop(bar);
            streams.tell(format_args!(
                "{}: {} journal entries, {} orders; head {}",
                self.file.display(),
                proof.entries,
                proof.orders,
                proof.head
            ))?;
            place.keep(shop, streams, Note::BackedUp { to: Text::lossy(&file.display().to_string()), head: proof.head })
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
    /// Where no server has the shop.
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let path = place.path()?;
        let bar = Bar::new(&streams.watch, "checking the backup", 1);
        let file = streams.path(&self.file);
        let sign = |shop: &Shop, proof: &Proof| sign(place, shop, &file, proof);
        let proof = backup::restore(&file, &path, &|done, whole| bar.of(done, whole), &sign, &mut || Ok(()))?;
        drop(bar);
        restored(streams, &proof)
    }

    /// In the process that serves the shop: everyone is sent away for the moment it takes.
    pub fn within(self, hall: &Hall, place: &Place, streams: &mut Streams) -> Done {
        let bar = Bar::new(&streams.watch, "checking the backup", 1);
        let file = streams.path(&self.file);
        let sign = |shop: &Shop, proof: &Proof| sign(place, shop, &file, proof);
        let proof = hall.restore(&file, &|done, whole| bar.of(done, whole), &sign)?;
        drop(bar);
        restored(streams, &proof)
    }
}

/// Writes down in the shop that is about to stand there who restored it from what.
fn sign(place: &Place, shop: &Shop, file: &Path, proof: &Proof) {
    let note = Note::Restored { file: Text::lossy(&file.display().to_string()), head: proof.head };
    // A backup in which nobody may sign is a shop all the same; a fault is told when it is closed.
    let _ = place.ask(shop, Role::Administrator, Command::Note(note));
}

fn restored(streams: &mut Streams, proof: &Proof) -> Done {
    streams.tell(format_args!(
        "restored {} journal entries, {} orders; head {}",
        proof.entries, proof.orders, proof.head
    ))?;
    streams.out.flush()?;
    Ok(())
}
