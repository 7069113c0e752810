//! Any history at all: whatever is asked, sealed, closed and killed in whatever order, the shop is what a naive shop would
//! be, its segments and indexes are those of a rebuild, and every command has happened once.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use proptest::prelude::*;
use support::deed::{Deed, KINDS};
use support::disk::Disk;
use support::truth::{facts_agree, orders_agree, proved};
use support::words::words_agree;
use support::world::World;
use till::domain::Refusal;

/// What may happen to a shop.
#[derive(Debug, Clone)]
enum Step {
    Ask(Deed),
    AskAgain(u16),
    Seal,
    Reopen,
    Kill,
    HoursPass(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    (0..KINDS, any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(kind, a, b, c)| Deed { kind, a, b, c })
}

/// People buy, speak and are forgotten more often than anything else happens.
fn word_of_people() -> impl Strategy<Value = Deed> {
    let kind = prop_oneof![4 => 0..=11u8, 1 => 14..=17u8, 4 => Just(36u8), 3 => Just(31u8), 1 => Just(30u8)];
    (kind, any::<u16>(), any::<u16>(), any::<u16>()).prop_map(|(kind, a, b, c)| Deed { kind, a, b, c })
}

fn forgetting() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => word_of_people().prop_map(Step::Ask),
        2 => Just(Step::Seal),
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        40 => deed().prop_map(Step::Ask),
        4 => any::<u16>().prop_map(Step::AskAgain),
        3 => Just(Step::Seal),
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
        2 => (0..14u8).prop_map(Step::HoursPass),
    ]
}

/// The same id gives the same answer, without words about a person that were not kept, and changes nothing; or it is too old.
fn ask_again(world: &mut World, at: u16) {
    let Some(at) = usize::from(at).checked_rem(world.asked.len()) else { return };
    let asked = world.asked[at].clone();
    let before = world.shop.published();
    let age = world.shop.now_ms() - asked.request.id.unix_ms() as i64;
    let verdict = world.shop.execute(asked.request).expect("the shop goes on");
    if verdict == Err(Refusal::TooOld) {
        assert!(age > 48 * 3_600_000, "refused after {age} ms");
    } else {
        let mut outcome = asked.outcome;
        outcome.take_words();
        assert_eq!(verdict, Ok(outcome));
    }
    assert_eq!(world.shop.published(), before, "nothing happened again");
}

fn check(world: &World) {
    let snapshot = world.shop.snapshot().expect("a snapshot");
    assert_eq!(snapshot.seq().0, world.asked.len() as u64, "every command once");
    facts_agree(&snapshot);
    orders_agree(&snapshot);
    words_agree(&world.asked, &snapshot);
    world.naive.stock_agrees(&snapshot);
    drop(snapshot);
    proved(&world.shop).expect("a proof");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_is_what_a_rebuild_makes_of_it(steps in prop::collection::vec(step(), 1..90)) {
        live_through(steps);
    }

    #[test]
    fn whoever_is_forgotten_is_forgotten_in_every_word_and_nobody_else_is(steps in prop::collection::vec(forgetting(), 1..70)) {
        live_through(steps);
    }
}

fn live_through(steps: Vec<Step>) {
    let mut world = World::found(Disk::holding(Vec::new()), 1).expect("a shop");
    for (at, step) in steps.into_iter().enumerate() {
        match step {
            Step::Ask(deed) => drop(world.act(deed).expect("the shop goes on")),
            Step::AskAgain(which) => ask_again(&mut world, which),
            Step::Seal => world.shop.seal().expect("sealing"),
            Step::Reopen => world.reopen(),
            Step::Kill => world.kill(),
            Step::HoursPass(hours) => world.clock.pass(i64::from(hours) * 3_600_000),
        }
        if at.is_multiple_of(16) {
            check(&world);
        }
    }
    check(&world);
    world.shop.seal().expect("sealing");
    check(&world);
    world.reopen();
    check(&world);
}

fn cases() -> u32 {
    std::env::var("TILL_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(48)
}
