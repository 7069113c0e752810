//! `till export`: writes the whole shop in the normal form.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use crate::exchange;
use clap::Args;
use std::path::PathBuf;

/// Writes a folder.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The folder; made where there is none.
    dir: PathBuf,
}

impl Export {
    pub fn run(self, place: &Place) -> Done {
        place.with(|shop| {
            let bar = Bar::new("writing", 1);
            let counts = exchange::write(&shop.snapshot()?, &self.dir, &|done, whole| bar.of(done, whole))?;
            drop(bar);
            println!("exported {} orders with {} lines to {}", counts.orders, counts.lines, self.dir.display());
            Ok(())
        })
    }
}
