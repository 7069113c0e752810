//! Backups while selling, and the way back: a backup is a proved shop of one moment, a damaged one is refused and leaves
//! everything as it was.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use fastrand::Rng;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use support::clock::{Hands, seams};
use support::deed::{Deed, command, founding, furnishing};
use support::truth::{Facts, proved};
use till::domain::Request;
use till::domain::command::Actor;
use till::engine::Shop;
use till::engine::backup::{backup, restore};
use till::store::Fault;
use till::unit::{RegisterId, Seq, StaffId};

fn ask(shop: &Shop, register: RegisterId, command: till::domain::Command) {
    let request = Request { id: shop.new_id(), actor: Actor { staff: StaffId(1), register }, command };
    drop(shop.execute(request).expect("a sound disk"));
}

fn trade(shop: &Shop, rng: &mut Rng, deeds: usize) {
    for _ in 0..deeds {
        let (register, command) = command(Deed::any(rng), &shop.snapshot().expect("a snapshot"));
        ask(shop, register, command);
    }
}

fn shop_at(path: &Path, seed: u64) -> Shop {
    let shop = Shop::create(path, seams(&Hands::new(), seed)).expect("a new shop");
    for command in std::iter::once(founding()).chain(furnishing()) {
        ask(&shop, RegisterId(1), command);
    }
    trade(&shop, &mut Rng::with_seed(seed), 60);
    shop
}

fn open(path: &Path) -> Shop {
    Shop::open(path, seams(&Hands::new(), 9), |_| {}).expect("a shop")
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn facts(shop: &Shop) -> (Seq, Facts) {
    let snapshot = shop.snapshot().expect("a snapshot");
    (snapshot.seq(), Facts::reported(&snapshot))
}

fn quiet(_: u64, _: u64) {}

#[test]
fn a_backup_made_while_selling_is_a_shop_of_one_moment() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = shop_at(&folder.path().join("shop.till"), 1);
    let (done, copy) = (AtomicBool::new(false), folder.path().join("copy.till"));
    let proof = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut rng = Rng::with_seed(11);
            while !done.load(Ordering::Acquire) {
                trade(&shop, &mut rng, 1);
                if rng.u8(..10) == 0 {
                    shop.seal().expect("a sound disk");
                }
            }
        });
        let proof = backup(&shop, &copy, &quiet);
        done.store(true, Ordering::Release);
        proof.expect("a backup")
    });
    let copied = open(&copy);
    assert_eq!(copied.published().0, proof.entries);
    let moment = shop.snapshot().expect("a snapshot").entries(Seq(proof.entries + 1), usize::MAX).expect("entries");
    let kept = copied.snapshot().expect("a snapshot").entries(Seq(proof.entries + 1), usize::MAX).expect("entries");
    assert!(moment == kept, "the copy's journal is a beginning of the shop's");
    assert_eq!(proved(&copied).expect("a proof").head, proof.head);
    trade(&copied, &mut Rng::with_seed(3), 20);
    proved(&copied).expect("a copy can be sold from");
    copied.close().expect("closing");
    shop.close().expect("closing");
    assert_eq!(names(folder.path()), ["copy.till", "shop.till"], "nothing else is left");
}

#[test]
fn a_backup_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = shop_at(&folder.path().join("shop.till"), 2);
    let there = folder.path().join("there.till");
    std::fs::write(&there, "precious").expect("a file");
    assert_eq!(backup(&shop, &there, &quiet), Err(Fault::Exists { path: there.display().to_string() }));
    assert_eq!(std::fs::read(&there).expect("a file"), b"precious");
    let nowhere = folder.path().join("shop.till").join("below-a-file.till");
    assert!(backup(&shop, &nowhere, &quiet).is_err());
    shop.close().expect("closing");
    assert_eq!(names(folder.path()), ["shop.till", "there.till"]);
}

/// A closed shop and a backup that is some deeds older.
fn shop_and_backup(folder: &Path) -> (PathBuf, PathBuf) {
    let (path, copy) = (folder.join("shop.till"), folder.join("copy.till"));
    let shop = shop_at(&path, 4);
    backup(&shop, &copy, &quiet).expect("a backup");
    trade(&shop, &mut Rng::with_seed(5), 10);
    shop.close().expect("closing");
    (path, copy)
}

#[test]
fn restoring_brings_the_backup_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, copy) = shop_and_backup(folder.path());
    let newer = open(&path);
    let (right, old) = (facts(&newer), folder.path().join("shop.till.before-restore"));
    newer.close().expect("closing");
    let proof = restore(&copy, &path, &quiet, &|_, _| {}, &mut || Ok(())).expect("a sound backup");
    let restored = open(&path);
    assert_eq!(restored.published().0, proof.entries);
    assert_eq!(proved(&restored).expect("a proof").head, proof.head);
    restored.close().expect("closing");
    let kept = open(&old);
    assert_eq!(facts(&kept), right, "what was there is kept");
    kept.close().expect("closing");
    assert_eq!(names(folder.path()), ["copy.till", "shop.till", "shop.till.before-restore"]);
    let elsewhere = folder.path().join("new").join("shop.till");
    restore(&copy, &elsewhere, &quiet, &|_, _| {}, &mut || Ok(())).expect("a sound backup where nothing was");
    assert_eq!(names(&folder.path().join("new")), ["shop.till"]);
}

#[test]
fn a_damaged_backup_is_refused_and_the_shop_is_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, copy) = shop_and_backup(folder.path());
    let (sound, shop) = (std::fs::read(&copy).expect("a file"), std::fs::read(&path).expect("a file"));
    let used = sound.len() - sound.iter().rev().take_while(|byte| **byte == 0).count();
    let (mut refused, before) = (0, names(folder.path()));
    for seed in 0..60 {
        let (mut bytes, mut rng) = (sound.clone(), Rng::with_seed(seed));
        match seed % 3 {
            0 => bytes.truncate(rng.usize(..used)),
            _ => (0..400).for_each(|_| bytes[rng.usize(..used)] ^= 1 << rng.u8(..8)),
        }
        std::fs::write(&copy, &bytes).expect("a damaged backup");
        match restore(&copy, &path, &quiet, &|_, _| {}, &mut || Ok(())) {
            Err(Fault::Damaged { .. } | Fault::NotAShop { .. } | Fault::Io { .. } | Fault::Ended { .. }) => {
                refused += 1
            }
            other => panic!("seed {seed}: {other:?}"),
        }
        assert!(std::fs::read(&path).expect("a file") == shop, "seed {seed}: the shop is as it was");
        assert_eq!(names(folder.path()), before, "seed {seed}: nothing is left behind");
    }
    assert_eq!(refused, 60);
    let missing = folder.path().join("missing.till");
    assert_eq!(
        restore(&missing, &path, &quiet, &|_, _| {}, &mut || Ok(())),
        Err(Fault::Io { what: format!("restoring {}", missing.display()), why: "there is no such file".to_owned() })
    );
}

#[test]
fn a_shop_in_use_is_not_restored_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, copy) = shop_and_backup(folder.path());
    let owner = open(&path);
    assert!(matches!(restore(&copy, &path, &quiet, &|_, _| {}, &mut || Ok(())), Err(Fault::InUse { .. })));
    trade(&owner, &mut Rng::with_seed(6), 3);
    proved(&owner).expect("the owner goes on");
    owner.close().expect("closing");
    assert_eq!(names(folder.path()), ["copy.till", "shop.till"]);
}
