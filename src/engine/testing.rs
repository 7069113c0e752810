//! A small running shop for the tests of this floor.

use super::seams::{Room, Seams};
use super::shop::Shop;
use crate::domain::testing::{FOUNDER, founding};
use crate::domain::{Command, CustomerDetails, Outcome, Request};
use crate::store::ShopFile;
use crate::unit::{CustomerId, Text};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A disk that takes as much as is told.
pub(super) struct Left(pub AtomicU64);

impl Left {
    /// Takes everything, until it is told otherwise.
    pub fn all() -> Arc<Left> {
        Arc::new(Left(AtomicU64::new(u64::MAX)))
    }
}

impl Room for Left {
    fn beside(&self, _: &Path) -> Option<u64> {
        Some(self.0.load(Ordering::SeqCst))
    }
}

/// Chance and time from a seed, and that disk.
pub(super) fn seams(seed: u64, room: &Arc<Left>) -> Seams {
    Seams { room: Arc::clone(room) as Arc<dyn Room>, ..Seams::seeded(1_773_180_000_000, seed) }
}

/// A founded shop in memory.
pub(super) fn shop() -> Shop {
    let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).unwrap();
    founded(Shop::run(file, Seams::seeded(1_773_180_000_000, 7)).unwrap())
}

/// A new shop with a store, a register and one who may do everything.
pub(super) fn founded(shop: Shop) -> Shop {
    ask(&shop, founding("Admin", Vec::new()));
    shop
}

/// What comes of a command of the one who founded it.
pub(super) fn ask(shop: &Shop, command: Command) -> Outcome {
    let request = Request { id: shop.new_id(), actor: FOUNDER, command };
    shop.execute(request).unwrap().unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// A new customer.
pub(super) fn add(shop: &Shop, name: &str) -> CustomerId {
    let details = CustomerDetails { name: Some(Text::lossy(name)), ..CustomerDetails::default() };
    match ask(shop, Command::SaveCustomer { customer: None, ext: None, details }) {
        Outcome::Customer(id) => id,
        other => panic!("{other:?}"),
    }
}
