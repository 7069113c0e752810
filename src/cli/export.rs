//! `till export`: writes the whole shop in the normal form.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use super::streams::Streams;
use crate::exchange;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;

/// Writes a folder.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The folder; made where there is none.
    dir: PathBuf,
}

impl Export {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let dir = streams.path(&self.dir);
        place.with(streams, |shop, streams| {
            let bar = Bar::new(&streams.watch, "writing", 1);
            let counts = exchange::write(&shop.snapshot()?, &dir, &|done, whole| bar.of(done, whole))?;
            drop(bar);
            writeln!(
                streams.out,
                "exported {} orders with {} lines to {}",
                counts.orders,
                counts.lines,
                self.dir.display()
            )?;
            Ok(())
        })
    }
}
