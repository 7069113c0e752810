//! Files that are in use, from another time, or damaged: opening refuses them in plain words, or the proof names what is
//! wrong, or everything is as it was. Never a panic, never silently another figure.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use fastrand::Rng;
use std::path::{Path, PathBuf};
use support::clock::{Hands, seams};
use support::deed::{Deed, command, founding, furnishing};
use support::disk::Disk;
use support::truth::{Facts, orders_agree, proved};
use support::world::{self, World};
use till::domain::command::{Actor, Command};
use till::domain::{Change, Order, Product, Request};
use till::engine::Shop;
use till::engine::backup::restore;
use till::store::journal::Entry;
use till::store::lease::Lease;
use till::store::migrate::SCHEMA;
use till::store::{Fault, ShopFile, file, journal, orders, record, seal};
use till::unit::{CommandId, Money, OrderNo, ReceiptNo, RegisterId, Seq, StaffId, Text};

/// A shop file that has seen every kind of deed, partly sealed, closed.
fn shop_at(path: &Path) -> Shop {
    let clock = Hands::new();
    let shop = Shop::create(path, seams(&clock, 7)).expect("a new shop");
    let mut rng = Rng::with_seed(7);
    let ask = |register, command| {
        let request = Request { id: shop.new_id(), actor: Actor { staff: StaffId(1), register }, command };
        drop(shop.execute(request).expect("a sound disk"));
    };
    for command in std::iter::once(founding()).chain(furnishing()) {
        ask(RegisterId(1), command);
    }
    for at in 0..120 {
        let (register, command) = command(Deed::any(&mut rng), &shop.snapshot().expect("a snapshot"));
        ask(register, command);
        if at % 50 == 49 {
            shop.seal().expect("a sound disk");
        }
        clock.pass(1_000_000);
    }
    shop
}

fn closed_shop_at(path: &Path) {
    shop_at(path).close().expect("closing");
}

fn open(path: &Path) -> Result<Shop, Fault> {
    Shop::open(path, seams(&Hands::new(), 8), |_| {})
}

/// Everything a shop says, or what stood in the way of reading it.
fn contents(shop: &Shop) -> (String, Facts) {
    let snapshot = shop.snapshot().expect("a snapshot");
    let entries = snapshot.entries(Seq(snapshot.seq().0 + 1), usize::MAX).expect("entries");
    let products: Vec<_> = snapshot.catalogue().all().collect();
    let told = format!("{entries:?}\n{products:?}\n{:?}\n{:?}", snapshot.directory(), snapshot.held());
    (told, Facts::reported(&snapshot))
}

/// Damages a copy of `bytes` somehow.
fn damage(bytes: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    let at = rng.usize(..damaged.len());
    match rng.u8(..8) {
        0 => damaged.truncate(at),
        1 => {
            let page = at / 4096 * 4096;
            let end = damaged.len().min(page + 4096);
            damaged[page..end].fill(0);
        }
        2 => {
            let (from, to) = (rng.usize(..damaged.len()) / 4096 * 4096, at / 4096 * 4096);
            let length = (damaged.len() - from.max(to)).min(4096);
            damaged.copy_within(from..from + length, to);
        }
        3 => damaged[rng.usize(..320)] ^= 1 << rng.u8(..8),
        4 => damaged[at..].iter_mut().take(64).for_each(|byte| *byte = rng.u8(..)),
        _ => {
            for _ in 0..rng.usize(1..40) {
                let at = rng.usize(..damaged.len());
                damaged[at] ^= 1 << rng.u8(..8);
            }
        }
    }
    damaged
}

/// How many damaged files: `TILL_DAMAGED_FILES`, or 400.
fn cases() -> u64 {
    std::env::var("TILL_DAMAGED_FILES").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

#[test]
fn a_damaged_file_is_refused_or_named_or_unharmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let sound = folder.path().join("sound.till");
    closed_shop_at(&sound);
    let bytes = std::fs::read(&sound).expect("a file");
    let shop = open(&sound).expect("a sound shop");
    let right = contents(&shop);
    shop.close().expect("closing");
    let (mut refused, mut named, mut unharmed) = (0, 0, 0);
    for seed in 0..cases() {
        let path = folder.path().join("damaged.till");
        std::fs::write(&path, damage(&bytes, &mut Rng::with_seed(seed))).expect("a damaged file");
        let _ = std::fs::remove_file(Lease::path_of(&path));
        let shop = match open(&path) {
            Ok(shop) => shop,
            Err(fault) => {
                assert!(
                    matches!(fault, Fault::Damaged { .. } | Fault::NotAShop { .. } | Fault::Io { .. }),
                    "{fault:?}"
                );
                refused += 1;
                continue;
            }
        };
        match proved(&shop) {
            Ok(_) => {
                assert_eq!(contents(&shop), right, "seed {seed}: silently another shop");
                unharmed += 1;
            }
            Err(Fault::Damaged { .. } | Fault::Io { .. } | Fault::Ended { .. }) => named += 1,
            Err(fault) => panic!("seed {seed}: {fault:?}"),
        }
        // Closing may meet the damage too.
        let _ = shop.close();
    }
    println!("{refused} refused, {named} named, {unharmed} unharmed");
    assert!(refused > 20 && named > 20 && unharmed > 20, "{refused} refused, {named} named, {unharmed} unharmed");
}

#[test]
fn a_shop_in_use_says_by_whom() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.till");
    let shop = shop_at(&path);
    let refused = open(&path).err().expect("a second owner");
    assert_eq!(
        refused,
        Fault::InUse { path: path.display().to_string(), by: format!("process {}", std::process::id()) }
    );
    shop.close().expect("closing");
    assert!(!Lease::path_of(&path).exists(), "a clean close gives the lease back");
    open(&path).expect("nobody has it open").close().expect("closing");
}

#[test]
fn what_is_there_is_not_overwritten_and_what_is_not_a_shop_is_not_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("some.till");
    let shown = path.display().to_string();
    assert_eq!(open(&path).err(), Some(Fault::Missing { path: shown.clone() }));
    for content in [&b""[..], b"hello", &[0; 5000], &[0xff; 70_000]] {
        std::fs::write(&path, content).expect("a file");
        assert_eq!(open(&path).err(), Some(Fault::NotAShop { path: shown.clone() }));
        assert_eq!(Shop::create(&path, seams(&Hands::new(), 1)).err(), Some(Fault::Exists { path: shown.clone() }));
        assert_eq!(std::fs::read(&path).expect("a file"), content, "untouched");
    }
    assert!(!Lease::path_of(&path).exists(), "nothing is left beside it");
}

/// Writes `schema` into a closed shop file.
fn with_schema(path: &Path, schema: Option<u32>) {
    let database = redb::Database::open(path).expect("a redb file");
    let txn = database.begin_write().expect("a transaction");
    {
        let mut meta = txn.open_table(till::store::table::META).expect("the table");
        match schema {
            Some(schema) => {
                drop(meta.insert("schema", till::store::codec::encode(1, &schema).expect("a number").as_slice()))
            }
            None => drop(meta.remove("schema").expect("a row")),
        }
    }
    txn.commit().expect("a commit");
}

#[test]
fn a_newer_shop_is_refused_by_its_number_and_left_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.till");
    closed_shop_at(&path);
    with_schema(&path, Some(SCHEMA + 41));
    let before = std::fs::read(&path).expect("a file");
    assert_eq!(open(&path).err(), Some(Fault::Newer { found: SCHEMA + 41, known: SCHEMA }));
    assert!(std::fs::read(&path).expect("a file") == before, "the file is untouched");
    assert!(!Lease::path_of(&path).exists(), "nothing is left beside it");
    with_schema(&path, None);
    assert_eq!(open(&path).err(), Some(Fault::NotAShop { path: path.display().to_string() }));
}

/// Turns a closed shop into one of schema 1, where head and columns of a segment were one value.
fn as_schema_1(path: &Path) {
    use redb::{ReadableDatabase, ReadableTable};
    use till::store::table::{SEGMENT_HEADS, SEGMENTS};
    let old = redb::TableDefinition::<(i32, u16), &[u8]>::new("segments");
    {
        let database = redb::Database::open(path).expect("a redb file");
        let read = database.begin_read().expect("a view");
        let (heads, columns) =
            (read.open_table(SEGMENT_HEADS).expect("heads"), read.open_table(SEGMENTS).expect("columns"));
        let txn = database.begin_write().expect("a transaction");
        let mut segments = txn.open_table(old).expect("the old table");
        for row in heads.iter().expect("heads") {
            let (key, head) = row.expect("a head");
            let (day, part) = key.value();
            let mut bytes = head.value().to_vec();
            bytes[0] = 1;
            let end = bytes.len() - 4;
            let sum = crc32c::crc32c(&bytes[..end]).to_le_bytes();
            bytes[end..].copy_from_slice(&sum);
            for column in columns.range((day, part, 0)..(day, part, u8::MAX)).expect("columns") {
                bytes.extend_from_slice(column.expect("a column").1.value());
            }
            segments.insert((day, part), bytes.as_slice()).expect("a segment");
        }
        drop(segments);
        txn.delete_table(SEGMENTS).expect("the new table");
        txn.commit().expect("a commit");
    }
    with_schema(path, Some(1));
}

#[test]
fn an_older_shop_is_copied_then_brought_to_this_programs_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.till");
    closed_shop_at(&path);
    let facts = |shop: &Shop| Facts::reported(&shop.snapshot().expect("a snapshot"));
    let shop = open(&path).expect("a shop");
    let before = facts(&shop);
    shop.close().expect("closing");
    as_schema_1(&path);
    let shop = open(&path).expect("an older shop");
    proved(&shop).expect("a proof");
    assert!(facts(&shop) == before, "it says what it said before");
    shop.close().expect("closing");
    let kept = folder.path().join("shop.till.schema-1");
    assert!(kept.is_file(), "the older file is kept");
    std::fs::copy(&kept, &path).expect("a copy");
    let again = open(&path).expect("the copy is the older shop");
    assert!(facts(&again) == before);
    again.close().expect("closing");
    // As a backup it is brought along too, and leaves nothing but the shop.
    let elsewhere = tempfile::tempdir().expect("a folder");
    let restored = elsewhere.path().join("shop.till");
    restore(&kept, &restored, &|_, _| {}, &|_, _| {}, &mut || Ok(())).expect("a sound backup");
    let names: Vec<_> =
        std::fs::read_dir(elsewhere.path()).expect("a folder").flatten().map(|file| file.file_name()).collect();
    assert_eq!(names, ["shop.till"]);
}

/// Turns a closed shop into one of schema 2, where every product had a SKU of its own, which led to it.
fn as_schema_2(path: &Path, skus: &[(String, u64)]) {
    let database = redb::Database::open(path).expect("a redb file");
    let txn = database.begin_write().expect("a transaction");
    {
        let mut ids = txn.open_table(till::store::table::EXTERNAL_IDS).expect("the table");
        for (sku, product) in skus {
            ids.insert((3, sku.as_str()), product).expect("a SKU");
        }
    }
    txn.commit().expect("a commit");
    drop(database);
    with_schema(path, Some(2));
}

#[test]
fn a_shop_from_before_skus_were_shared_is_proved_and_shares_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.till");
    let shop = shop_at(&path);
    let products: Vec<_> = shop.snapshot().expect("a snapshot").catalogue().all().cloned().collect();
    shop.close().expect("closing");
    let skus: Vec<_> = products.iter().map(|known| (format!("SKU {}", known.id.0), u64::from(known.id.0))).collect();
    as_schema_2(&path, &skus);
    let shop = open(&path).expect("an older shop");
    proved(&shop).expect("a proof");
    for known in &products {
        let product = Product { sku: Some(Text::lossy("ONE FOR ALL")), ..(**known).clone() };
        let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
        let request = Request { id: shop.new_id(), actor, command: Command::SaveProduct(product) };
        shop.execute(request).expect("a sound disk").expect("a SKU may be shared");
    }
    let sharing = |shop: &Shop| shop.snapshot().expect("a snapshot").catalogue().by_code("ONE FOR ALL").len();
    assert_eq!(sharing(&shop), products.len());
    proved(&shop).expect("a proof");
    shop.close().expect("closing");
    assert!(folder.path().join("shop.till.schema-2").is_file(), "the older file is kept");
    let shop = open(&path).expect("a shop");
    assert_eq!(sharing(&shop), products.len());
    shop.close().expect("closing");
}

/// A shop file that was left with sales that are not sealed, as the program of schema 3 left it: a sale filed its order at once.
fn unsealed_shop_of_schema_3_at(path: &Path) {
    let mut world = World::found(Disk::holding(Vec::new()), 3).expect("a shop");
    let mut rng = Rng::with_seed(3);
    let mut filed = 0;
    // A quiet moment may seal what was just sold.
    while filed < 4 {
        (0..40).for_each(|_| drop(world.act(Deed::any(&mut rng)).expect("a sound disk")));
        std::fs::write(path, world.disk.kill()).expect("a file");
        filed = file_at_once(path);
        world.kill();
    }
}

/// Files every order of the tail; how many were not.
fn file_at_once(path: &Path) -> usize {
    let file = ShopFile::open(path, |_| {}).expect("a shop");
    let (read, txn) = (file.read().expect("a view"), file.write().expect("a transaction"));
    let mut filed = 0;
    let watermark = seal::watermark(&read).expect("a watermark");
    journal::replay(&read, watermark, |entry, _| {
        for change in entry.changes {
            if let Change::OrderPlaced { order, .. } = change
                && orders::filed(&read, order.no)?.is_none()
            {
                orders::file(&txn, &order)?;
                filed += 1;
            }
        }
        Ok(())
    })
    .expect("a journal");
    record::put_meta(&txn, "schema", &3u32).expect("writing");
    file::commit(txn).expect("a commit");
    file.close().expect("closing");
    filed
}

#[test]
fn an_unsealed_shop_from_before_orders_were_filed_when_sealed_is_proved() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.till");
    unsealed_shop_of_schema_3_at(&path);
    let shop = open(&path).expect("an older shop");
    proved(&shop).expect("a proof before it is sealed");
    orders_agree(&shop.snapshot().expect("a snapshot"));
    shop.seal().expect("sealing");
    proved(&shop).expect("a proof");
    orders_agree(&shop.snapshot().expect("a snapshot"));
    shop.close().expect("closing");
}

/// A shop whose last entry, not sealed yet, is a sale with a receipt.
fn just_sold() -> (World, Entry, Order) {
    let mut world = World::found(Disk::holding(Vec::new()), 4).expect("a shop");
    let mut rng = Rng::with_seed(4);
    loop {
        drop(world.act(Deed { kind: 0, ..Deed::any(&mut rng) }).expect("a sound disk"));
        let snapshot = world.shop.snapshot().expect("a snapshot");
        let last = snapshot.entries(Seq(snapshot.seq().0 + 1), 1).expect("entries").remove(0);
        drop(snapshot);
        if let Some(Change::OrderPlaced { order, details: None }) = last.changes.first()
            && order.receipt.is_some()
            && order.total() > Some(Money::ZERO)
        {
            let order = order.clone();
            return (world, last, order);
        }
    }
}

#[test]
fn an_order_that_was_not_paid_in_full_is_named_before_it_is_sealed() {
    let (world, last, sold) = just_sold();
    let disk = Disk::holding(world.disk.kill());
    let stored = ShopFile::on(disk.backend(), false).expect("a shop");
    let head = journal::head(&stored.read().expect("a view")).expect("a head");
    let receipt = ReceiptNo::parse(sold.receipt.as_ref().expect("a receipt")).expect("a number");
    let receipt = ReceiptNo { number: receipt.number + 1, ..receipt };
    let order = Order {
        no: OrderNo(sold.no.0 + 1),
        receipt: Some(Text::lossy(&receipt.to_string())),
        payments: Vec::new(),
        ..sold
    };
    let id = CommandId(last.id.0 + 1);
    let changes = vec![Change::OrderPlaced { order, details: None }];
    let entry = Entry { seq: Seq(head.seq.0 + 1), previous: head.hash, id, changes, ..last };
    let txn = stored.write().expect("a transaction");
    journal::append(&txn, &entry).expect("writing");
    file::commit(txn).expect("a commit");
    stored.close().expect("closing");
    let shop = world::open(&disk, &world.clock, 5).expect("a shop");
    let fault = proved(&shop).expect_err("nobody paid");
    assert!(matches!(&fault, Fault::Damaged { table, .. } if table == "order"), "{fault:?}");
}

#[test]
fn a_lease_left_behind_costs_nothing_but_a_look() {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("shop.till");
    closed_shop_at(&path);
    for words in ["", "another boot 77\n", "\u{fffd}"] {
        std::fs::write(Lease::path_of(&path), words).expect("a lease");
        let shop = open(&path).expect("a stale lease");
        proved(&shop).expect("a proof");
        shop.close().expect("closing");
        assert!(!Lease::path_of(&path).exists(), "given back");
    }
}
