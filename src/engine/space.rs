//! Whether the disk takes what is about to be written. It is asked before: a disk that is full in the middle of a commit
//! ends the writer, and every till with it.

use super::seams::Room;
use crate::domain::change::ImportCounts;
use crate::domain::{Command, Note};
use crate::store::Fault;
use std::path::Path;

/// Kept free for what goes on when there is no room for more: closing a shift and the like, and settling at the end.
const RESERVE: u64 = 16 << 20;

/// How much too little room there is beside a file for `needed` bytes more; `None` where there is enough, or nobody knows.
pub(super) fn shortage(room: &dyn Room, file: &Path, needed: u64) -> Option<Shortage> {
    let left = room.beside(file)?;
    let needed = needed.saturating_add(RESERVE);
    (left < needed).then_some(Shortage { left, needed })
}

/// What is left and what is needed, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shortage {
    left: u64,
    needed: u64,
}

impl std::fmt::Display for Shortage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        write!(f, "the disk has room for {} MB, and {} MB are needed", megabytes(self.left), megabytes(self.needed))
    }
}

/// Whether redb's file, which doubles when it grows, has too little room to do so.
pub(super) fn is_short_for_more(room: &dyn Room, file: &Path) -> bool {
    size(file).is_some_and(|size| shortage(room, file, size).is_some())
}

/// Why a shop file cannot be written anew beside itself, if it cannot.
pub(super) fn for_another(room: &dyn Room, file: &Path) -> Result<(), Fault> {
    match size(file).and_then(|size| shortage(room, file, size)) {
        Some(shortage) => Err(Fault::Io { what: "writing the shop file anew".to_owned(), why: shortage.to_string() }),
        None => Ok(()),
    }
}

/// Bytes a row of an import takes in the shop file with everything that is derived from it, and half as much again: measured
/// were 130 to 135 for orders, lines and payments together and 180 for a product, of which files of 20,000 and 100,000 orders
/// and of 30,000 products were full.
const ROW: u64 = 200;
const PRODUCT: u64 = 270;
/// The same for what has words of a person: measured were 290 for a customer.
const PERSON: u64 = 450;

/// Refuses an import that the disk has no room for: what it brings, besides what any sale needs.
pub(super) fn for_import(room: &dyn Room, file: &Path, counts: &ImportCounts) -> Result<(), Fault> {
    let rows = [counts.stores, counts.inventory, counts.orders, counts.lines, counts.payments, counts.returns];
    let sized = [(rows.iter().sum(), ROW), (counts.products, PRODUCT), (counts.customers + counts.feedback, PERSON)];
    let brought =
        sized.iter().map(|(count, each): &(u64, u64)| count.saturating_mul(*each)).fold(0, u64::saturating_add);
    match size(file).and_then(|size| shortage(room, file, size.saturating_add(brought))) {
        Some(shortage) => Err(Fault::Refused {
            why: format!(
                "nothing was imported, because {shortage}. Make room on the disk of the shop file, then start the import again"
            ),
        }),
        None => Ok(()),
    }
}

/// Whether a command may not be taken on a nearly full disk: what sells and loads; closing a shift and the like go on. So do
/// exports and backups, which then leave no line: one that could not be written would end the shop, and the export with it.
pub(super) fn adds_much(command: &Command) -> bool {
    match command {
        Command::Approved { command, .. } | Command::From { command, .. } => adds_much(command),
        command => matches!(
            command,
            Command::PlaceOrder { .. }
                | Command::HoldBasket { .. }
                | Command::SaveProduct(_)
                | Command::ChangeProduct { .. }
                | Command::SaveCustomer { .. }
                | Command::ChangeCustomer { .. }
                | Command::Note(Note::Exported { .. } | Note::BackedUp { .. })
        ),
    }
}

fn size(file: &Path) -> Option<u64> {
    std::fs::metadata(file).ok().map(|file| file.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::Command;
    use crate::engine::testing::{Left, add, ask, founded, seams};
    use crate::engine::{Bulk, Shop};
    use crate::unit::Digest;
    use std::sync::atomic::Ordering;

    fn bulk(shop: &Shop, counts: ImportCounts) -> Bulk {
        Bulk {
            based_on: shop.published(),
            stores: Vec::new(),
            registers: Vec::new(),
            staff: Vec::new(),
            products: Vec::new(),
            customers: Vec::new(),
            inventory: Vec::new(),
            orders: Box::new(std::iter::empty()),
            returns: Vec::new(),
            feedback: Vec::new(),
            counts,
            digest: Digest::default(),
            from: None,
        }
    }

    #[test]
    fn an_import_the_disk_has_no_room_for_is_refused_and_the_shop_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let room = Left::all();
        let shop = founded(Shop::create(&folder.path().join("shop.redb"), seams(7, &room)).unwrap());
        let counts = ImportCounts { orders: 1_000_000, ..ImportCounts::default() };
        room.0.store(100 << 20, Ordering::SeqCst);
        let before = shop.published();
        let why = shop.import(bulk(&shop, counts), |_| {}).unwrap_err();
        assert!(matches!(&why, Fault::Refused { why } if why.contains("Make room") && why.contains("105 MB")), "{why}");
        assert_eq!((shop.published(), shop.fault()), (before, None));
        add(&shop, "Zoe");
        room.0.store(400 << 20, Ordering::SeqCst);
        shop.import(bulk(&shop, counts), |_| {}).unwrap();
        shop.close().unwrap();
    }

    #[test]
    fn a_disk_that_others_fill_puts_sealing_off_and_ends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.redb");
        let room = Left::all();
        let shop = founded(Shop::create(&path, seams(7, &room)).unwrap());
        shop.seal().unwrap();
        let zoe = add(&shop, "Zoe");
        room.0.store(0, Ordering::SeqCst);
        shop.close().unwrap();
        let shop = Shop::open(&path, seams(8, &room), |_| {}).unwrap();
        let snapshot = shop.snapshot().unwrap();
        assert!(snapshot.watermark() < snapshot.seq(), "nothing was sealed");
        assert!(snapshot.customer(zoe).unwrap().is_some(), "and nothing is lost");
        drop(snapshot);
        room.0.store(u64::MAX, Ordering::SeqCst);
        shop.close().unwrap();
        let shop = Shop::open(&path, seams(9, &room), |_| {}).unwrap();
        let snapshot = shop.snapshot().unwrap();
        assert_eq!(snapshot.watermark(), snapshot.seq(), "it is made good for");
        drop(snapshot);
        shop.close().unwrap();
    }

    #[test]
    fn a_shop_that_cannot_be_written_anew_opens_all_the_same_and_is_later() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.redb");
        let room = Left::all();
        let shop = founded(Shop::create(&path, seams(7, &room)).unwrap());
        let forgotten = add(&shop, "Zebulon Quackenbush");
        shop.seal().unwrap();
        ask(&shop, Command::EraseCustomer(forgotten));
        room.0.store(0, Ordering::SeqCst);
        shop.close().unwrap();
        let shop = Shop::open(&path, seams(8, &room), |_| {}).unwrap();
        assert!(shop.put_off().is_some_and(|why| why.to_string().contains("the disk has room for 0 MB")));
        shop.close().unwrap();
        // Something stands in the way of the new file.
        room.0.store(u64::MAX, Ordering::SeqCst);
        let way = folder.path().join("shop.redb.compact");
        std::fs::create_dir(&way).unwrap();
        let shop = Shop::open(&path, seams(9, &room), |_| {}).unwrap();
        assert!(shop.put_off().is_some());
        std::fs::remove_dir(&way).unwrap();
        shop.close().unwrap();
        // Closing does it as soon as it can; nothing is left to do.
        room.0.store(0, Ordering::SeqCst);
        let shop = Shop::open(&path, seams(10, &room), |_| {}).unwrap();
        assert_eq!(shop.put_off(), None);
        shop.close().unwrap();
    }
}
