//! `till check`: proves the shop and names the first fault.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use super::streams::Streams;
use crate::engine::verify::verify;
use crate::report::answers::prove_laid;
use clap::Args;
use std::io::Write;

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
            prove_laid(&shop.snapshot()?)?;
            drop(bar);
            writeln!(
                streams.out,
                "the shop is sound: {} journal entries, {} orders, {} segments; head {}",
                proof.entries, proof.orders, proof.segments, proof.head
            )?;
            Ok(())
        })
    }
}
