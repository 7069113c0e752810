//! Many tills at one shop: every sale is answered once, receipts have no gap, waiting sales share one sync, and whoever
//! reads meanwhile sees one consistent moment after another.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use support::deed::Deed;
use support::disk::Disk;
use support::truth::{Facts, facts_agree, orders_agree, proved};
use support::world::World;
use till::domain::basket::{Basket, BasketLine};
use till::domain::command::{Actor, ReturnLine};
use till::domain::{Command, Method, Outcome, Request, Status, Tender};
use till::engine::{Shop, Snapshot};
use till::store::Fault;
use till::unit::{Day, Money, OrderNo, ProductId, Quantity, RegisterId, StaffId, StoreId, Text};

const TILLS: usize = 16;
const SALES: usize = 40;

/// One piece of the first product, paid by card.
fn sale(snapshot: &Snapshot) -> Command {
    let product = snapshot.catalogue().product(ProductId(1)).expect("a product");
    let line = BasketLine::of(product, Quantity::ONE, None).expect("a price");
    let basket = Basket { lines: vec![line], ..Basket::default() };
    let settings = snapshot.directory().settings.as_ref().expect("a shop");
    let total = basket.price(settings.tax_included, settings.currency.step()).expect("a price").total;
    let tender = Tender { method: Method::named(Method::CARD), amount: total, reference: None };
    Command::PlaceOrder { basket, tenders: vec![tender], channel: None }
}

fn ask(shop: &Shop, register: RegisterId, command: Command) -> Request {
    Request { id: shop.new_id(), actor: Actor { staff: StaffId(1), register }, command }
}

fn receipt(outcome: Outcome) -> String {
    match outcome {
        Outcome::Ordered { receipt: Some(receipt), total, .. } if total > Money::ZERO => receipt.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn sixteen_tills_sell_at_once_without_a_gap_and_share_their_syncs() {
    let world = World::found(Disk::holding(Vec::new()), 1).expect("a shop");
    let (shop, before) = (world.shop.clone(), world.disk.syncs());
    let start = Barrier::new(TILLS);
    let sold = std::thread::scope(|scope| {
        let tills = (0..TILLS).map(|till| {
            let (shop, start) = (&shop, &start);
            scope.spawn(move || {
                let register = RegisterId(till as u16 % 3 + 1);
                let command = sale(&shop.snapshot().expect("a snapshot"));
                start.wait();
                let sell = |_| {
                    let request = ask(shop, register, command.clone());
                    let verdict = shop.execute(request.clone()).expect("a sound disk").expect("a sound sale");
                    assert_eq!(shop.execute(request), Ok(Ok(verdict.clone())), "asked twice, sold once");
                    receipt(verdict)
                };
                (0..SALES).map(sell).collect::<Vec<_>>()
            })
        });
        tills.collect::<Vec<_>>().into_iter().flat_map(|till| till.join().expect("a till")).collect::<Vec<_>>()
    });
    let distinct: BTreeSet<_> = sold.iter().collect();
    assert_eq!(distinct.len(), TILLS * SALES, "no receipt is given twice");
    for register in 1..=3 {
        let given = distinct.iter().filter(|receipt| receipt.starts_with(&format!("R{register}-"))).count();
        let last = format!("R{register}-{given:06}");
        assert!(distinct.contains(&last), "register {register} gave {given} receipts, but not {last}");
    }
    let snapshot = shop.snapshot().expect("a snapshot");
    let everything = snapshot.stock(StoreId(1), ProductId(1)).0 + snapshot.stock(StoreId(2), ProductId(1)).0;
    assert_eq!(everything, -1000 * (TILLS * SALES) as i64);
    facts_agree(&snapshot);
    drop(snapshot);
    proved(&shop).expect("a proof");
    let syncs = world.disk.syncs() - before;
    assert!(syncs < TILLS * SALES, "{syncs} syncs for {} sales", TILLS * SALES);
}

/// Sells `sales` pieces of the first product from sixteen tills.
fn sell_out(shop: &Shop, sales: usize) {
    let command = sale(&shop.snapshot().expect("a snapshot"));
    std::thread::scope(|scope| {
        for till in 0..TILLS {
            let command = &command;
            scope.spawn(move || {
                for _ in 0..sales / TILLS {
                    let request = ask(shop, RegisterId(till as u16 % 3 + 1), command.clone());
                    receipt(shop.execute(request).expect("a sound disk").expect("a sound sale"));
                }
            });
        }
    });
}

#[test]
fn a_day_of_thousands_stands_in_parts_and_changes_find_theirs() {
    let world = World::found(Disk::holding(Vec::new()), 5).expect("a shop");
    let shop = &world.shop;
    let parts = || shop.snapshot().expect("a snapshot").segments(Day(i32::MIN), Day(i32::MAX)).expect("parts").len();
    for round in 1..=3u64 {
        sell_out(shop, 1_600);
        if round == 1 {
            orders_agree(&shop.snapshot().expect("a snapshot"));
        }
        shop.seal().expect("a sound disk");
        // Orders of every part are cancelled or come back, some of them sealed long ago.
        for at in 0..40 {
            let (no, one) = (OrderNo(at * 1_600 * round / 40 + 1), Quantity::ONE);
            let line = ReturnLine { line_no: 1, quantity: one, restock: true };
            let command = match at % 3 {
                0 => Command::CancelOrder { order: no },
                1 => Command::ReturnLines { order: no, lines: vec![line], reason: Text::lossy("torn"), method: None },
                _ => Command::AdvanceOrder { order: no, to: Status::Shipped },
            };
            // One that was cancelled or came back before is refused.
            drop(shop.execute(ask(shop, RegisterId(1), command)).expect("a sound disk"));
        }
        facts_agree(&shop.snapshot().expect("a snapshot"));
        shop.seal().expect("a sound disk");
        facts_agree(&shop.snapshot().expect("a snapshot"));
    }
    assert!(parts() >= 4, "{} parts", parts());
    proved(shop).expect("a proof");
}

#[test]
fn the_same_request_from_many_at_once_happens_once() {
    let world = World::found(Disk::holding(Vec::new()), 2).expect("a shop");
    let command = sale(&world.shop.snapshot().expect("a snapshot"));
    for _ in 0..20 {
        let request = ask(&world.shop, RegisterId(1), command.clone());
        let before = world.shop.published().0;
        let start = Barrier::new(TILLS);
        let answers = std::thread::scope(|scope| {
            let tills = (0..TILLS).map(|_| {
                let (shop, start, request) = (&world.shop, &start, request.clone());
                scope.spawn(move || {
                    start.wait();
                    receipt(shop.execute(request).expect("a sound disk").expect("a sound sale"))
                })
            });
            let tills: Vec<_> = tills.collect();
            tills.into_iter().map(|till| till.join().expect("a till")).collect::<BTreeSet<_>>()
        });
        assert_eq!(answers.len(), 1, "one sale, one receipt: {answers:?}");
        assert_eq!(world.shop.published().0, before + 1);
    }
}

#[test]
fn readers_see_one_moment_after_another_while_the_shop_writes_and_seals() {
    let mut world = World::found(Disk::holding(Vec::new()), 3).expect("a shop");
    let (shop, done) = (world.shop.clone(), AtomicBool::new(false));
    let seen = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Acquire) {
                    let snapshot = shop.snapshot().expect("a snapshot");
                    assert!(snapshot.seq().0 >= last, "time does not run backwards");
                    last = snapshot.seq().0;
                    assert_eq!(Facts::reported(&snapshot), Facts::recorded(&snapshot), "at {last}");
                    orders_agree(&snapshot);
                    seen.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..400 {
            drop(world.act(Deed::any(&mut rng)).expect("a sound disk"));
            if rng.u8(..8) == 0 {
                world.shop.seal().expect("a sound disk");
            }
        }
        while seen.load(Ordering::Relaxed) < 10 {
            drop(world.act(Deed::any(&mut rng)).expect("a sound disk"));
        }
        done.store(true, Ordering::Release);
    });
    proved(&world.shop).expect("a proof");
}

#[test]
fn closing_ends_every_handle_and_a_subscription_is_told_of_every_publication() {
    let world = World::found(Disk::holding(Vec::new()), 4).expect("a shop");
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let subscription = world.shop.subscribe(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let command = sale(&world.shop.snapshot().expect("a snapshot"));
    let request = ask(&world.shop, RegisterId(1), command.clone());
    receipt(world.shop.execute(request.clone()).expect("a sound disk").expect("a sale"));
    assert_eq!(told.load(Ordering::Relaxed), 1, "before the answer");
    drop(subscription);
    let other = world.shop.clone();
    world.shop.close().expect("closing");
    assert_eq!(told.load(Ordering::Relaxed), 1, "nobody is told any more");
    assert!(matches!(other.execute(request), Err(Fault::Ended { .. })));
    assert!(matches!(other.snapshot().err(), Some(Fault::Ended { .. })));
    assert!(matches!(other.seal(), Err(Fault::Ended { .. })));
    assert!(matches!(other.close(), Err(Fault::Ended { .. })), "closing twice is told, and waits for nobody");
}

/// What a sale writes in a shop that has sold before: the fewest operations of a few sales, since a quiet moment of the writer
/// may fall between two.
#[test]
fn a_sale_is_one_sync_and_few_pages() {
    let world = World::found(Disk::holding(Vec::new()), 1).expect("a shop");
    let (shop, disk) = (&world.shop, &world.disk);
    let command = sale(&shop.snapshot().expect("a snapshot"));
    let sell = || {
        let (written, syncs) = (disk.written(), disk.syncs());
        shop.execute(ask(shop, RegisterId(1), command.clone())).expect("a sound disk").expect("a sound sale");
        (disk.syncs() - syncs, disk.written() - written - (disk.syncs() - syncs))
    };
    let fewest = (0..40).map(|_| sell()).min();
    assert_eq!(fewest, Some((1, 5)), "syncs and writes");
}
