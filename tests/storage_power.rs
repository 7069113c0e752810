//! Power cuts, torn and lost writes, I/O errors and full disks under a selling shop: whatever was acknowledged is there
//! afterwards, whatever was not is wholly there or wholly absent, and asking again settles which.
//!
//! `TILL_POWER_CUTS` says how many cuts (2,000 if not set). A failure names the seed and the place of the cut.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use fastrand::Rng;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use support::clock::Hands;
use support::deed::Deed;
use support::disk::{Cutter, Disk, Op, Trouble};
use support::truth::{Naive, facts_agree, orders_agree, proved};
use support::world::{Asked, World, open};
use till::engine::Shop;
use till::store::Fault;
use till::store::journal::Entry;
use till::unit::Seq;

/// Cuts to every history.
const CUTS_EACH: usize = 100;

/// A shop's whole life on a disk that kept everything.
struct Life {
    seed: u64,
    tape: Vec<Op>,
    /// How much stood on the tape when the empty shop was ready.
    ready: usize,
    asked: Vec<Asked>,
    entries: Vec<Entry>,
    clock: Arc<Hands>,
}

/// Founds, furnishes and runs a shop through about `deeds` deeds, seals and reopenings.
fn live(seed: u64, deeds: usize) -> Life {
    let mut rng = Rng::with_seed(seed);
    let disk = Disk::holding(Vec::new());
    let world = World::empty(disk.clone(), seed).expect("a shop");
    let ready = disk.written();
    let mut world = world.furnished().expect("a sound disk");
    for _ in 0..deeds {
        drop(world.act(Deed::any(&mut rng)).expect("a sound disk"));
        if rng.u8(..9) == 0 {
            world.shop.seal().expect("a sound disk");
        }
        if rng.u8(..16) == 0 {
            world.close_and_open_here();
        }
        if rng.u8(..12) == 0 {
            world.clock.pass(3_600_000 * rng.i64(1..9));
        }
    }
    let entries = entries(&world.shop);
    world.shop.close().expect("a sound disk");
    Life { seed, tape: disk.tape(), ready, asked: world.asked, entries, clock: world.clock }
}

fn entries(shop: &Shop) -> Vec<Entry> {
    let snapshot = shop.snapshot().expect("a snapshot");
    let mut entries = snapshot.entries(Seq(snapshot.seq().0 + 1), usize::MAX).expect("entries");
    entries.reverse();
    entries
}

/// What must hold of a shop that lost power after `written` operations; how many entries survived. `asked_again` are the
/// last entries, which came after the cut.
fn check(shop: &Shop, life: &Life, written: usize, asked_again: usize) -> usize {
    proved(shop).expect("a proof");
    let snapshot = shop.snapshot().expect("a snapshot");
    facts_agree(&snapshot);
    orders_agree(&snapshot);
    let survived = entries(shop);
    let acknowledged = life.asked.iter().take_while(|asked| asked.written <= written).count();
    assert!(survived.len() >= acknowledged, "{} of {acknowledged} acknowledged commands are there", survived.len());
    let old = survived.len().saturating_sub(asked_again);
    assert_eq!(survived[..old], life.entries[..old], "the journal is a beginning of what it was");
    let mut naive = Naive::default();
    for asked in &life.asked[..survived.len()] {
        naive.take(&asked.request, &asked.outcome, asked.store);
    }
    naive.stock_agrees(&snapshot);
    survived.len()
}

/// Asks again for the last that is there and the first that are not: the answers are those given before.
fn ask_again(shop: &Shop, life: &Life) {
    let there = shop.published().0 as usize;
    for (at, asked) in life.asked.iter().enumerate().take(there + 2).skip(there.saturating_sub(3)) {
        let verdict = shop.execute(asked.request.clone()).expect("the shop goes on");
        let mut outcome = asked.outcome.clone();
        if at < there {
            // Words about a person are for whoever asked first.
            outcome.take_words();
        }
        assert_eq!(verdict, Ok(outcome), "asked again: {:?}", asked.request);
    }
    let expected = life.asked.len().min(there + 2);
    assert_eq!(shop.published().0 as usize, expected.max(there), "once each");
}

/// Cuts the power after `at` operations; every now and then again while the shop mends itself and goes on.
fn cut(life: &Life, image: Vec<u8>, at: usize, rng: &mut Rng) {
    let disk = Disk::holding(image.clone());
    let shop = match open(&disk, &life.clock, rng.u64(..)) {
        Ok(shop) => shop,
        // A shop that was still being made may be no shop yet.
        Err(fault) => return assert!(at < life.ready, "does not open: {fault}"),
    };
    let before = check(&shop, life, at, 0);
    if at < life.ready {
        return;
    }
    ask_again(&shop, life);
    let there = shop.published().0 as usize;
    check(&shop, life, at, there - before);
    if rng.u8(..3) > 0 {
        return;
    }
    let ended = disk.written();
    disk.kill();
    let tape = disk.tape();
    let again = rng.usize(..=ended);
    let disk = Disk::holding(Cutter::new(image, &tape).cut(again, rng));
    let shop = open(&disk, &life.clock, rng.u64(..)).expect("opening after a cut while mending");
    let after = check(&shop, life, at, there - before);
    assert!(again < ended || after == there, "what was answered after mending is there");
}

/// Says where it happened when a check fails.
fn told<T>(what: &str, life: &Life, at: usize, run: impl FnOnce() -> T) -> T {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(done) => done,
        Err(why) => {
            eprintln!("{what}: seed {}, operation {at} of {}", life.seed, life.tape.len());
            std::panic::resume_unwind(why)
        }
    }
}

fn cuts() -> usize {
    std::env::var("TILL_POWER_CUTS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000)
}

/// Runs `job` for 0 to `count`, on two threads.
fn shared_out(count: u64, job: impl Fn(u64) + Sync) {
    std::thread::scope(|scope| {
        for odd in 0..2 {
            let job = &job;
            scope.spawn(move || (odd..count).step_by(2).for_each(job));
        }
    });
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_is_half_there_after_a_power_cut() {
    let lives = cuts().div_ceil(CUTS_EACH) as u64;
    shared_out(lives, |seed| {
        let life = live(seed, 24);
        let mut rng = Rng::with_seed(seed);
        let mut places: Vec<usize> = (0..CUTS_EACH).map(|_| rng.usize(..=life.tape.len())).collect();
        places.sort_unstable();
        let mut cutter = Cutter::new(Vec::new(), &life.tape);
        for at in places {
            let image = cutter.cut(at, &mut rng);
            told("power cut", &life, at, || cut(&life, image, at, &mut rng));
        }
    });
}

/// Everything a history may meet on a bad disk, until it ends; the shop's last word.
fn live_until(world: &mut World, rng: &mut Rng, deeds: usize) -> Result<(), Fault> {
    world.furnish()?;
    for _ in 0..deeds {
        drop(world.act(Deed::any(rng))?);
        if rng.u8(..5) == 0 {
            world.shop.seal()?;
        }
    }
    world.shop.close()
}

/// After the shop has ended nothing is taken any more; the image it leaves holds all that was acknowledged, and the command
/// without an answer is there or not, but not in part.
/// Whether it came to that.
fn bad_disk(seed: u64, trouble: Trouble) -> bool {
    let mut rng = Rng::with_seed(seed);
    let disk = Disk::troubled(Vec::new(), Some(trouble));
    let Ok(mut world) = World::empty(disk.clone(), seed) else { return false };
    let Err(fault) = live_until(&mut world, &mut rng, 16) else { return false };
    assert!(matches!(fault, Fault::Ended { .. } | Fault::Io { .. }), "{fault:?}");
    let late = world.unanswered.clone().unwrap_or_else(|| world.asked[0].request.clone());
    assert!(matches!(world.shop.execute(late), Err(Fault::Ended { .. })), "an ended shop takes nothing");
    assert!(matches!(world.shop.snapshot().err(), None | Some(Fault::Ended { .. })), "an ended shop says so");
    let cached = disk.kill();
    let tape = disk.tape();
    let failed_sync = tape.iter().any(|op| matches!(op, Op::LostSync));
    // The process is gone, the disk is well again; with a failed sync the page cache is not to be believed.
    let mut images = vec![Cutter::new(Vec::new(), &tape).cut(tape.len(), &mut rng)];
    images.extend((!failed_sync).then_some(cached));
    for image in images {
        afterwards(&world, image);
    }
    true
}

fn afterwards(world: &World, image: Vec<u8>) {
    let shop = open(&Disk::holding(image), &world.clock, 1).expect("opening");
    proved(&shop).expect("a proof");
    facts_agree(&shop.snapshot().expect("a snapshot"));
    let ids: Vec<_> = entries(&shop).iter().map(|entry| entry.id).collect();
    let known: Vec<_> = world.asked.iter().map(|asked| asked.request.id).collect();
    let late = world.unanswered.as_ref().filter(|late| ids.contains(&late.id));
    assert_eq!(ids, known.into_iter().chain(late.map(|late| late.id)).collect::<Vec<_>>());
    let Some(late) = &world.unanswered else { return };
    if let Ok(outcome) = shop.execute(late.clone()).expect("the shop goes on") {
        assert_eq!(shop.execute(late.clone()), Ok(Ok(outcome)), "once");
        assert_eq!(shop.published().0 as usize, world.asked.len() + 1);
        proved(&shop).expect("a proof");
    }
}

#[test]
fn an_error_at_any_operation_ends_the_shop_and_loses_nothing() {
    let operations = live(1, 16).tape.len() as u64;
    let ended = AtomicU64::new(0);
    shared_out(operations, |at| {
        let place = at as usize;
        for trouble in [Trouble::Once(place), Trouble::From(place), Trouble::Full(place)] {
            let Ok(hit) = catch_unwind(AssertUnwindSafe(|| bad_disk(at % 7, trouble))) else {
                panic!("{trouble:?}, seed {}", at % 7);
            };
            ended.fetch_add(u64::from(hit), Ordering::Relaxed);
        }
    });
    let ended = ended.into_inner();
    assert!(ended > operations, "only {ended} of {} shops met their trouble", operations * 3);
}
