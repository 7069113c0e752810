//! `till check`: proves the shop and names the first fault.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use crate::engine::verify::verify;
use clap::Args;

/// Proves the shop.
#[derive(Debug, Args)]
pub(super) struct Check {}

impl Check {
    pub fn run(self, place: &Place) -> Done {
        let path = place.path()?;
        place.with(|shop| {
            let mut scratch = path.as_os_str().to_owned();
            scratch.push(".check");
            let bar = Bar::new("checking", 1);
            let proof = verify(&shop.snapshot()?, Some(scratch.as_ref()), &|done, whole| bar.of(done, whole))?;
            drop(bar);
            println!(
                "the shop is sound: {} journal entries, {} orders, {} segments; head {}",
                proof.entries, proof.orders, proof.segments, proof.head
            );
            Ok(())
        })
    }
}
