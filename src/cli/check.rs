//! `till check`: proves the shop and names the first fault.

use super::place::Place;
use super::progress::Bar;
use super::serving::lay_by_anew;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::engine::verify::verify;
use crate::report::ReportFault;
use crate::report::kept::{LAID, prove_laid};
use crate::store::Fault;
use clap::Args;

/// Proves the shop.
#[derive(Debug, Args)]
pub(super) struct Check {}

impl Check {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let path = place.path()?;
        place.with(streams, |shop, streams| {
            let mut scratch = path.as_os_str().to_owned();
            scratch.push(".check");
            let bar = Bar::new(&streams.watch, "checking", 1);
            let proof = verify(&shop.snapshot()?, Some(scratch.as_ref()), &|done, whole| bar.of(done, whole))?;
            let laid = prove_laid(&shop.snapshot()?);
            drop(bar);
            if let Err(ReportFault::Store(Fault::Damaged { table, key, why })) = &laid
                && table == LAID
            {
                // Everything else is proved: no backup is needed for what follows from it.
                lay_by_anew(shop)?;
                return Err(Trouble::Failed(format!(
                    "the sums laid by for {key}: {why}. They have been made anew; everything else is sound and nothing is lost"
                )));
            }
            laid?;
            streams.tell(format_args!(
                "the shop is sound: {} journal entries, {} orders, {} segments; head {}",
                proof.entries, proof.orders, proof.segments, proof.head
))?;
            Ok(())
        })
    }
}
