//! `till export`: writes the whole shop in the normal form.

use super::Done;
use super::place::Place;
use super::progress::Bar;
use super::streams::Streams;
use crate::domain::Note;
use crate::exchange;
use crate::unit::Text;
use clap::Args;
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
            let snapshot = shop.snapshot()?;
            let what = Text::lossy("the whole shop");
            place.keep(shop, streams, Note::Exported { what, to: Text::lossy(&dir.display().to_string()) })?;
            let bar = Bar::new(&streams.watch, "writing", 1);
            let counts = exchange::write(&snapshot, &dir, &|done, whole| bar.of(done, whole))?;
            drop(bar);
            streams.tell(format_args!(
                "exported {} orders with {} lines to {}",
                counts.orders,
                counts.lines,
                self.dir.display()
            ))?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::init::{found_with, settings};
    use crate::cli::serving::Serving;
    use crate::domain::{Register, Role, Staff, Store};
    use crate::engine::seams::Room;
    use crate::engine::{Seams, Shop};
    use crate::report::{self, Request};
    use crate::unit::{Currency, RegisterId, StaffId, StoreId, Zone};
    use std::path::Path;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Mutex};

    struct Left(AtomicU64);

    impl Room for Left {
        fn beside(&self, _: &Path) -> Option<u64> {
            Some(self.0.load(Ordering::SeqCst))
        }
    }

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn founded(path: &Path, room: Arc<Left>) -> Shop {
        let shop = Shop::create(path, Seams { room, ..Seams::seeded(1_773_180_000_000, 7) }).unwrap();
        let word = Text::lossy;
        let decided = settings(word("Shop"), Currency::by_code("EUR").unwrap(), Zone::utc(), true);
        let store = Store { id: StoreId(1), ext: word("1"), name: word("Main"), location: None, zone: None };
        let register = Register { id: RegisterId(1), store: StoreId(1), name: word("1") };
        let roles = vec![Role::Administrator];
        let staff = Staff { id: StaffId(1), ext: word("admin"), name: word("admin"), roles, disabled: false };
        found_with(&shop, word("the test"), (decided, store, register, staff)).unwrap();
        shop
    }

    #[test]
    fn a_shop_whose_disk_takes_nothing_more_is_exported_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.redb");
        let room = Arc::new(Left(AtomicU64::new(u64::MAX)));
        let shop = founded(&path, Arc::clone(&room));
        let place = Place::running(&path, Serving::new(shop.clone()), None, "the test".to_owned());
        for (left, kept, said) in [(u64::MAX, 1, ""), (0, 1, "the audit has no line of this: The disk is nearly full")]
        {
            room.0.store(left, Ordering::SeqCst);
            let (paper, dir) = (Paper::default(), folder.path().join(format!("out-{kept}-{left}")));
            let mut streams = Streams { out: Box::new(paper.clone()), ..Streams::own().unwrap() };
            assert!(Export { dir: dir.clone() }.run(&place, &mut streams).is_ok());
            drop(streams);
            assert!(dir.join("orders.csv").exists() && dir.join("products.csv").exists());
            let out = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
            assert!(out.contains(said) && out.contains("exported 0 orders"), "{out}");
            assert_eq!(out.lines().count(), 1 + usize::from(left == 0), "{out}");
            let audit = Request::named("audit").unwrap();
            let audit = report::answer(&shop.snapshot().unwrap(), &audit, crate::unit::Day(20_514)).unwrap().csv();
            assert_eq!(audit.matches("exported,the whole shop,").count(), kept, "{audit}");
        }
        shop.close().unwrap();
    }
}
