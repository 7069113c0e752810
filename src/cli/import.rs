//! `till import`: loads the normal form, all or nothing.

use super::place::Place;
use super::progress::Bar;
use super::serving::lay_by;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::exchange;
use clap::Args;
use std::path::PathBuf;

/// Loads a folder.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The folder with the CSV files.
    dir: PathBuf,
    /// Products, customers, stores and stock levels that exist are changed to what the files say.
    #[arg(long)]
    update: bool,
}

impl Import {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let dir = streams.path(&self.dir);
        if !dir.is_dir() {
            return Err(Trouble::Failed(format!("{} is not a folder", self.dir.display())));
        }
        place.with(streams, |shop, streams| {
            let reading = Bar::new(&streams.watch, "reading", 1);
            let mut bulk = {
                let snapshot = shop.snapshot()?;
                exchange::read(&dir, &snapshot, self.update, &|done, whole| reading.of(done, whole))?
            };
            bulk.from = Some(place.from());
            drop(reading);
            let counts = bulk.counts;
            let writing = Bar::new(&streams.watch, "writing", counts.orders.max(1));
            shop.import(bulk, move |orders| writing.to(orders))?;
            lay_by(shop, u64::MAX)?;
            streams.tell(format_args!(
                "imported {} stores, {} products, {} stock levels, {} customers, {} orders with {} lines, {} payments, {} returns, {} pieces of feedback",
                counts.stores,
                counts.products,
                counts.inventory,
                counts.customers,
                counts.orders,
                counts.lines,
                counts.payments,
                counts.returns,
                counts.feedback
))?;
            Ok(())
        })
    }
}
