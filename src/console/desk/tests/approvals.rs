//! What a supervisor allows, at the till and from their own session.

use super::*;

#[test]
fn a_supervisor_allows_one_act_at_the_till_by_pin() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r-50%\r3=\r");
    let asked = desk.screen();
    assert!(asked.contains("A supervisor is needed"), "{asked}");
    assert!(asked.contains("1.50 off 3.00 for 1 Green tea"), "the one who allows it reads what: {asked}");
    assert!(asked.matches("Ctrl-S approve").count() == 2 && !asked.contains("Ctrl-S save"), "{asked}");
    // The one who asks cannot be the one who allows, and a wrong PIN allows nothing.
    desk.types("sam\r3333\r");
    assert!(desk.screen().contains("do not belong together"), "{}", desk.screen());
    assert!(world.acts().contains("SignInFailed"), "a wrong try at a supervisor's PIN is kept: {}", world.acts());
    // The wrong one is gone: the next is typed anew.
    desk.types("2222\r");
    let sold = desk.screen();
    assert!(sold.contains("Change 1.50") && sold.contains("Receipt R"), "{sold}");
    assert!(world.acts().contains("Approved { by: StaffId(2), right: Discount }"), "{}", world.acts());
    desk.types("TEA\r-50%\r3=\r");
    assert!(desk.screen().contains("A supervisor is needed"), "the next act is asked for again");
    desk.key(KeyCode::Esc, KeyModifiers::NONE);
    desk.key(KeyCode::Delete, KeyModifiers::NONE);
    assert!(!desk.screen().contains("A supervisor is needed"), "{}", desk.screen());
}

#[test]
fn a_supervisor_allows_it_from_their_own_session_by_one_key() {
    let world = world();
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r-50%\r3=\r");
    assert!(mara.screen().contains("Sam is asked at their own terminal, too"), "{}", mara.screen());
    sam.wake();
    assert!(sam.screen().contains("Mara asks to give so much off"), "{}", sam.screen());
    sam.key(KeyCode::Char('g'), KeyModifiers::CONTROL);
    mara.wake();
    assert!(mara.screen().contains("Change 1.50"), "{}", mara.screen());
}

#[test]
fn whoever_asks_is_told_that_it_is_not_allowed_and_what_was_filled_in_stays() {
    let world = world();
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    mara.key(KeyCode::Char('3'), KeyModifiers::ALT);
    mara.types("r5");
    mara.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    let asked = mara.screen();
    assert!(asked.contains("A supervisor is needed to change the stock") && asked.contains("5 Green tea"), "{asked}");
    sam.wake();
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    mara.wake();
    assert!(mara.screen().contains("Sam does not allow it."), "{}", mara.screen());
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    let form = mara.screen();
    assert!(form.contains("Receive Green tea") && form.contains("You may not change the stock"), "{form}");
}

#[test]
fn of_two_who_ask_the_first_is_answered_and_what_is_done_with_is_asked_no_more() {
    let world = world();
    ask_as_admin(&world, Command::SaveStaff(ben()));
    let credentials = Credentials { pin: world.gate.digest("4444"), ..Credentials::none(StaffId(4)) };
    ask_as_admin(&world, Command::SaveCredentials(credentials));
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    let mut ben = world.signed_in("ben", "4444");
    mara.types("TEA\r-50%\r3=\r");
    sam.wake();
    ben.types("2*TEA\r-50%\r5=\r");
    sam.wake();
    assert!(
        sam.screen().contains("Mara asks to give so much off (1.50 off 3.00 for 1 Green tea, register"),
        "{}",
        sam.screen()
    );
    // Mara gives up: her question goes, Ben's comes, and one key answers that.
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.wake();
    assert!(
        sam.screen().contains("Ben asks to give so much off (3.00 off 6.00 for 2 Green tea, register"),
        "{}",
        sam.screen()
    );
    sam.key(KeyCode::Char('g'), KeyModifiers::CONTROL);
    ben.wake();
    mara.wake();
    assert!(ben.screen().contains("Change 2.00") && !mara.screen().contains("Change"), "{}", ben.screen());
    sam.key(KeyCode::Char('g'), KeyModifiers::CONTROL);
    assert!(sam.screen().contains("Nobody asks for anything"), "{}", sam.screen());
    // Whoever leaves asks no more.
    mara.types("3\r");
    sam.wake();
    assert!(sam.screen().contains("Mara asks"), "{}", sam.screen());
    drop(mara);
    sam.wake();
    assert!(!sam.screen().contains("Mara asks"), "{}", sam.screen());
}

#[test]
fn nothing_is_allowed_unread_and_what_is_put_away_is_not_allowed_later() {
    let world = world();
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r-50%\r3=\r");
    sam.wake();
    sam.types("TEA\r");
    assert!(sam.screen().contains("Mara asks to give so much off"), "it outlasts other keys: {}", sam.screen());
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.key(KeyCode::Char('g'), KeyModifiers::CONTROL);
    mara.wake();
    assert!(!mara.screen().contains("Change"), "{}", mara.screen());
}

#[test]
fn what_was_taken_stays_as_it_is_while_a_supervisor_is_asked() {
    let world = world();
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    // Half of it by card, the rest in cash: what the customer handed over is not for the wait to lose.
    mara.types("2*TEA\r-50%\r=d1\r");
    mara.types("c5\r");
    // The shop goes on meanwhile, and so does this session.
    for _ in 0..3 {
        ask(&world.shop, Command::SaveRegister(Register { id: RegisterId(2), store: StoreId(1), name: text("2") }));
        mara.wake();
    }
    sam.wake();
    sam.key(KeyCode::Char('g'), KeyModifiers::CONTROL);
    mara.wake();
    let sold = mara.screen();
    assert!(sold.contains("Change 3.00") && sold.contains("3.00"), "{sold}");
    assert!(sold.contains("paid 3.00"), "{sold}");

    mara.types("2*TEA\r-50%\r=d1\r");
    mara.types("c5\r");
    mara.wake();
    sam.wake();
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    mara.wake();
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    let asked = mara.screen();
    assert!(asked.contains("card") && asked.contains("1.00"), "the card was charged: {asked}");
}

#[test]
fn voids_go_on_record_once_nothing_brings_the_line_back() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let voids = || world.acts().matches("LineVoided").count();
    // A line that a discount on the basket rests on stays, and nothing was voided.
    mara.types("5*TEA\r");
    mara.types("TEA@2.90\r--3.00\r");
    mara.key(KeyCode::Up, KeyModifiers::NONE);
    mara.key(KeyCode::Delete, KeyModifiers::NONE);
    assert!(mara.screen().contains("more than the goods are worth"), "{}", mara.screen());
    mara.key(KeyCode::Down, KeyModifiers::NONE);
    mara.key(KeyCode::Delete, KeyModifiers::NONE);
    mara.key(KeyCode::Char('z'), KeyModifiers::CONTROL);
    assert!(mara.screen().contains("2.90"), "the line is back: {}", mara.screen());
    mara.key(KeyCode::Delete, KeyModifiers::NONE);
    assert_eq!(voids(), 0, "it can still come back: {}", world.acts());
    mara.types("20=\r");
    assert!(mara.screen().contains("Receipt R"), "{}", mara.screen());
    assert_eq!(voids(), 1, "{}", world.acts());
    // A basket thrown away is one entry of all its lines, those voided before included.
    mara.types("TEA\rTEA@2.90\r");
    mara.key(KeyCode::Delete, KeyModifiers::NONE);
    mara.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    mara.key(KeyCode::Right, KeyModifiers::NONE);
    mara.key(KeyCode::Enter, KeyModifiers::NONE);
    assert_eq!(voids(), 3, "{}", world.acts());
}

#[test]
fn a_supervisor_who_is_locked_out_is_told_what_to_do_at_the_till_too() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r-50%\r3=\r");
    desk.types("sam\r");
    for _ in 0..20 {
        desk.types("0000\r");
        world.clock.0.fetch_add(20_000, Ordering::SeqCst);
        if world.gate.is_locked(StaffId(2)) {
            break;
        }
    }
    for (columns, rows) in [(80, 24), (100, 30)] {
        let screen = desk.screen_at(columns, rows);
        let words: Vec<&str> = screen.split_whitespace().collect();
        let words = words.join(" ");
        assert!(
            words.contains("locked out for 15 minutes") && words.contains("administrator for a new PIN"),
            "{screen}"
        );
    }
}
