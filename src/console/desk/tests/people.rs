//! Who works at a desk, how they prove it, and what ends it.

use super::*;

#[test]
fn whoever_comes_proves_who_they_are_and_wrong_tries_are_kept() {
    let world = world();
    let mut desk = world.desk("10.0.0.9");
    assert!(desk.screen().contains("PIN or passphrase"), "{}", desk.screen());
    desk.types("mara\r0000\r");
    let screen = desk.screen();
    assert!(screen.contains("do not belong together") && !screen.contains("0000"), "{screen}");
    let mut other = world.desk("10.0.0.8");
    other.types("nobody\r0000\r");
    assert!(other.screen().contains("do not belong together"), "{}", other.screen());
    let acts = world.acts();
    assert!(acts.contains("StrangerFailed") && acts.contains("10.0.0.8") && !acts.contains("nobody"), "{acts}");
    desk.types("3333\r");
    assert!(desk.screen().contains("Mara"), "{}", desk.screen());
    let acts = world.acts();
    assert!(acts.contains("SignInFailed") && acts.contains("SignedIn") && acts.contains("10.0.0.9"), "{acts}");
}

#[test]
fn a_cashier_sees_what_a_cashier_may_see() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    for (tab, what) in [('5', "see reports"), ('6', "see who did what")] {
        desk.key(KeyCode::Char(tab), KeyModifiers::ALT);
        assert!(desk.screen().contains(&format!("You may not {what}")), "{}", desk.screen());
    }
    desk.key(KeyCode::Char('3'), KeyModifiers::ALT);
    assert!(desk.screen().contains("Green tea"));
    desk.types("c5\r");
    desk.screen();
    assert!(world.acts().contains("Refused { what: \"change the stock\" }"), "{}", world.acts());
}

#[test]
fn whoever_is_disabled_is_so_at_once_and_keeps_the_basket() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r3*gr");
    let person = world.shop.snapshot().unwrap().directory().person(StaffId(3)).cloned().unwrap();
    ask_as_admin(&world, Command::SaveStaff(Staff { disabled: true, ..person.clone() }));
    desk.wake();
    assert!(desk.screen().contains("You cannot work here any more"), "{}", desk.screen());
    desk.types("mara\r3333\r");
    assert!(!desk.screen().contains("Green tea"), "the right PIN of a disabled person opens nothing");
    ask_as_admin(&world, Command::SaveStaff(person));
    drop(desk);
    let mut again = world.signed_in("mara", "3333");
    let screen = again.screen();
    assert!(screen.contains("Green tea") && screen.contains("3*gr"), "basket and half-typed word: {screen}");
}

#[test]
fn the_same_person_elsewhere_takes_the_basket_along() {
    let world = world();
    let mut first = world.signed_in("mara", "3333");
    first.types("TEA\rgre");
    let mut second = world.signed_in("mara", "3333");
    assert!(second.screen().contains("Green tea"), "{}", second.screen());
    first.wake();
    let left = first.screen();
    assert!(left.contains("your basket is there") && !left.contains("Green tea  "), "{left}");
}

#[test]
fn whoever_is_put_into_another_store_is_told_so() {
    let world = world();
    ask_as_admin(&world, Command::SaveStaff(ben()));
    let pin = Credentials { pin: world.gate.digest("4444"), ..Credentials::none(StaffId(4)) };
    ask_as_admin(&world, Command::SaveCredentials(pin));
    let south = Store { id: StoreId(0), ext: text("S2"), name: text("South"), location: None, zone: None };
    ask_as_admin(&world, Command::SaveStore(south));
    ask_as_admin(
        &world,
        Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(2), name: text("Register 1") }),
    );
    let mut first = world.signed_in("mara", "3333");
    assert!(!first.screen().contains("You are at"), "{}", first.screen());
    let _second = world.signed_in("sam", "2222");
    let mut third = world.signed_in("ben", "4444");
    assert!(third.screen().contains("You are at Register 1 of South."), "{}", third.screen());
}

#[test]
fn whoever_asks_for_a_register_is_told_of_a_basket_at_another() {
    let world = world();
    let mut first = world.signed_in("mara", "3333");
    first.types("TEA\r");
    drop(first);
    let mut second = world.desk("");
    second.guest.register = Some(RegisterId(2));
    second.types("mara\r3333\r");
    assert!(second.screen().contains("A basket of yours waits at register 1"), "{}", second.screen());
    drop(second);
    let mut third = world.signed_in("mara", "3333");
    assert!(third.screen().contains("Green tea") && !third.screen().contains("waits"), "{}", third.screen());
}

#[test]
fn a_session_that_a_key_opened_ends_with_the_key_and_with_its_owner() {
    let world = world();
    let key = |label: &str| crate::domain::Key { fingerprint: text(label), label: text(label) };
    let has = |keys: Vec<crate::domain::Key>| {
        let pin = world.gate.digest("3333");
        ask_as_admin(&world, Command::SaveCredentials(Credentials { pin, keys, ..Credentials::none(StaffId(3)) }));
    };
    let by_key = |label: &str| {
        let mut desk = world.desk("10.0.0.7");
        desk.guest =
            Guest { proven: Some(StaffId(3)), asks_too: true, key: Some(label.to_owned()), ..desk.guest.clone() };
        desk
    };
    has(vec![key("SHA256:a"), key("SHA256:b")]);
    let (mut first, mut second) = (by_key("SHA256:a"), by_key("SHA256:b"));
    first.types("mara\r3333\rTEA\r");
    first.wake();
    second.wake();
    assert_eq!((first.why_over(), second.why_over()), (None, None));
    has(vec![key("SHA256:b")]);
    first.wake();
    second.wake();
    assert!(first.why_over().unwrap().contains("Your key was taken away"));
    assert_eq!(second.why_over(), None, "the other key still opens");
    let person = world.shop.snapshot().unwrap().directory().person(StaffId(3)).cloned().unwrap();
    ask_as_admin(&world, Command::SaveStaff(Staff { disabled: true, ..person }));
    second.wake();
    assert!(second.why_over().unwrap().contains("You cannot work here any more"));
    assert!(second.take_wishes().contains(&Wish::Quit));
}

#[test]
fn a_new_pin_opens_at_once_and_one_that_is_gone_is_said_to_be() {
    let world = world();
    ask_as_admin(
        &world,
        Command::SaveStaff(Staff { id: StaffId(1), roles: vec![Role::Manager, Role::Administrator], ..ben() }),
    );
    let mut wrong = world.desk("");
    for _ in 0..4 {
        wrong.types("mara\r0000\r");
        wrong.key(KeyCode::Esc, KeyModifiers::NONE);
        wrong.key(KeyCode::Esc, KeyModifiers::NONE);
    }
    wrong.types("mara\r3333\r");
    assert!(wrong.screen().contains("Too many wrong tries"), "{}", wrong.screen());
    let mut noor = world.signed_in("ben", "1111");
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    noor.types("/mara\rp8642\r8642\r");
    let set = noor.screen();
    assert!(set.contains("The PIN of Mara is set.") && set.contains("1 at work now"), "{set}");
    let mut mara = world.signed_in("mara", "8642");
    noor.types("p\r\r");
    assert!(noor.screen().contains("Mara has no PIN any more."), "{}", noor.screen());
    assert!(mara.screen().contains("Sale"));
}

#[test]
fn without_a_key_for_ten_minutes_whoever_sits_here_proves_it_again_and_the_basket_waits() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r3*gr");
    world.clock.0.fetch_add(9 * 60_000, Ordering::SeqCst);
    desk.wake();
    assert!(desk.screen().contains("Green tea"), "not yet: {}", desk.screen());
    assert!(desk.deadline_ms() <= desk.now_ms() + 60_000, "it looks again by itself when the time is over");
    world.clock.0.fetch_add(60_000, Ordering::SeqCst);
    desk.wake();
    let locked = desk.screen();
    assert!(locked.contains("Go on where you were") && !locked.contains("Green tea"), "{locked}");
    // Nothing reaches what waits behind it: neither keys nor a wrong PIN.
    desk.key(KeyCode::Char('3'), KeyModifiers::ALT);
    desk.types("2222\r");
    let wrong = desk.screen();
    assert!(wrong.contains("do not belong together") && !wrong.contains("Green tea"), "{wrong}");
    assert!(world.acts().contains("SignInFailed"));
    desk.types("3333\r");
    let again = desk.screen();
    assert!(again.contains("Green tea") && again.contains("3*gr"), "{again}");
    // Another may go on here; the basket waits for whose it is.
    world.clock.0.fetch_add(10 * 60_000, Ordering::SeqCst);
    desk.wake();
    desk.key(KeyCode::Up, KeyModifiers::NONE);
    desk.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    desk.types("sam\r2222\r");
    let other = desk.screen();
    assert!(other.contains("Sam") && !other.contains("Green tea"), "{other}");
}

#[test]
fn where_a_name_is_enough_each_has_their_own_basket_and_leaves_under_their_own_name() {
    let world = world();
    for id in 1..=3 {
        ask(&world.shop, Command::SaveCredentials(Credentials::none(StaffId(id))));
    }
    let mut desk = world.desk("");
    desk.types("TEA\r");
    assert!(desk.screen().contains("Noor") && desk.screen().contains("Green tea"), "{}", desk.screen());
    let change_to = |desk: &mut Desk, name: &str| {
        desk.key(KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert!(desk.screen().contains("Who works here now?"), "{}", desk.screen());
        desk.types(&format!("{name}\r"));
    };
    change_to(&mut desk, "mara");
    assert!(desk.screen().contains("Mara") && !desk.screen().contains("Green tea"), "{}", desk.screen());
    change_to(&mut desk, "noor");
    assert!(desk.screen().contains("Green tea"), "what Noor had in hand waited: {}", desk.screen());
    change_to(&mut desk, "mara");
    drop(desk);
    let mut went = Vec::new();
    let snapshot = world.shop.snapshot().unwrap();
    snapshot
        .entries_back(crate::unit::Seq(u64::MAX), &mut |entry| {
            let left =
                |change: &domain::Change| matches!(change, domain::Change::Noted(domain::Note::SignedOut { .. }));
            went.extend(entry.actor.filter(|_| entry.changes.iter().any(left)).map(|actor| actor.staff.0));
            true
        })
        .unwrap();
    assert_eq!(went, [3, 1, 3, 1], "the newest first");
}

#[test]
fn people_take_turns_at_one_terminal_by_pin_and_each_finds_their_own_basket() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r3*gr");
    desk.key(KeyCode::Char('w'), KeyModifiers::CONTROL);
    let asked = desk.screen();
    assert!(asked.contains("Who works here now?") && !asked.contains("Green tea"), "{asked}");
    desk.types("sam\r3333\r");
    assert!(desk.screen().contains("do not belong together"), "{}", desk.screen());
    desk.types("2222\r");
    let sam = desk.screen();
    assert!(sam.contains("Sam") && !sam.contains("Green tea") && !sam.contains("3*gr"), "{sam}");
    desk.types("2*TEA\r6=\r");
    assert!(desk.screen().contains("Change 0.00"), "{}", desk.screen());
    desk.key(KeyCode::Char('w'), KeyModifiers::CONTROL);
    desk.types("mara\r3333\r");
    let mara = desk.screen();
    assert!(mara.contains("Mara") && mara.contains("1 piece") && mara.contains("3*gr"), "{mara}");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    assert_eq!(order.cashier, Some(StaffId(2)), "who sold it is who had signed in");
    assert_eq!(world.presence.all().len(), 1);
}

#[test]
fn no_size_breaks_signing_in_approving_and_watching() {
    let world = world();
    let sizes = [(0, 0), (1, 1), (3, 3), (39, 11), (40, 12), (80, 24), (250, 70)];
    let at_all_sizes = |desk: &mut Desk| {
        for (columns, rows) in sizes {
            let (_, cursor) = desk.cursor_at(columns, rows);
            assert!(cursor.is_none_or(|(x, y)| x < columns && y < rows), "{columns}x{rows}: {cursor:?}");
        }
    };
    let mut mara = world.desk("10.0.0.7");
    for typed in ["", "mara", "\r", "9999", "\r", "\r3333"] {
        mara.types(typed);
        at_all_sizes(&mut mara);
    }
    mara.types("\r");
    let mut sam = world.signed_in("sam", "2222");
    let mut noor = world.signed_in("noor", "1111");
    // Something only a supervisor allows.
    mara.types("TEA\r-90%\r=\r");
    at_all_sizes(&mut mara);
    sam.wake();
    at_all_sizes(&mut sam);
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.types("w");
    for (columns, rows) in sizes {
        mara.screen_at(columns, rows);
        noor.wake();
        at_all_sizes(&mut noor);
    }
}
