//! What several at work see and hear of each other.

use super::*;

#[test]
fn a_manager_watches_tells_and_signs_out() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let mut noor = world.signed_in("noor", "1111");
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    let people = noor.screen();
    assert!(people.contains("2 at work now") && people.contains("this session"), "{people}");
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.types("w");
    mara.types("TEA\r");
    mara.screen();
    noor.wake();
    let seen = noor.screen();
    assert!(seen.contains("Watching Mara") && seen.contains("Green tea"), "{seen}");
    noor.types("x");
    assert!(!noor.screen().contains("Watching"), "{}", noor.screen());
    noor.types("mBring coins, please\r");
    mara.wake();
    assert!(mara.screen().contains("Noor: Bring coins, please"), "{}", mara.screen());
    noor.types("o");
    noor.key(KeyCode::Right, KeyModifiers::NONE);
    noor.types("\r");
    mara.wake();
    let screen = mara.screen();
    assert!(screen.contains("signed out by a manager") && !screen.contains("Green tea"), "{screen}");
    assert_eq!(mara.why_over(), None, "the terminal stays for the next one");
    assert!(world.acts().contains("Watched { whom: StaffId(3) }") && world.acts().contains("SentAway"));
    assert!(noor.screen().contains("Mara is signed out."), "{}", noor.screen());
    // Whom it was about is told on the smallest terminal, too.
    noor.key(KeyCode::Char('7'), KeyModifiers::ALT);
    let audit = noor.screen_at(80, 24);
    let line = audit.lines().find(|line| line.contains("watched")).unwrap_or_default();
    assert!(line.contains("mara"), "{audit}");
}

#[test]
fn a_larger_terminal_is_watched_from_a_smaller_one_to_its_last_corner() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let mut noor = world.signed_in("noor", "1111");
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.types("w");
    mara.types("TEA\r");
    let whole: Vec<String> = mara.screen_at(140, 45).lines().map(str::to_owned).collect();
    noor.wake();
    let seen = noor.screen_at(80, 24);
    assert!(seen.starts_with(&whole[0][..40]) && seen.contains("Arrows show the rest"), "{seen}");
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.types("l");
    let moved = noor.screen_at(80, 24);
    let expected: String = whole[1].chars().skip(10).take(79).collect();
    assert_eq!(moved.lines().next().unwrap(), format!("{expected}…"), "more of it lies to the right: {moved}");
    noor.key(KeyCode::End, KeyModifiers::NONE);
    let last: String = whole[44].chars().skip(60).collect();
    let corner = noor.screen_at(80, 24);
    assert_eq!(corner.lines().nth(22).unwrap(), last, "{corner}");
    // A terminal that becomes small is seen whole.
    mara.screen_at(60, 20);
    let small = noor.screen_at(80, 24);
    assert!(small.contains("Any key ends it") && small.contains("Green tea"), "{small}");
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    assert!(!noor.screen_at(80, 24).contains("Watching"));
}

#[test]
fn a_larger_terminal_is_followed_to_its_cursor_until_the_watcher_moves() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let mut noor = world.signed_in("noor", "1111");
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.screen_at(60, 14);
    noor.types("w");
    mara.cursor_at(140, 45);
    noor.wake();
    // A form in the middle of the large terminal, out of sight of the small one.
    mara.key(KeyCode::Char('3'), KeyModifiers::ALT);
    mara.types("r41");
    let (_, cursor) = mara.cursor_at(140, 45);
    let (column, row) = cursor.unwrap();
    assert!(column >= 60 || row >= 13, "{column} {row}");
    noor.wake();
    let seen = noor.screen_at(60, 14);
    assert!(seen.contains("41") && seen.contains("Quantity"), "what is typed is seen without a key: {seen}");
    // Whoever moves looks elsewhere, and stays there.
    noor.key(KeyCode::Home, KeyModifiers::NONE);
    mara.types("7");
    mara.screen_at(140, 45);
    noor.wake();
    let elsewhere = noor.screen_at(60, 14);
    assert!(!elsewhere.contains("417") && elsewhere.contains("w follows the cursor"), "{elsewhere}");
    noor.types("w");
    let again = noor.screen_at(60, 14);
    assert!(again.contains("417") && again.contains("Watching Mara"), "{again}");
    noor.types("x");
    assert!(!noor.screen_at(60, 14).contains("Watching"));
}

#[test]
fn what_others_say_stays_until_it_is_put_away() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let session = world.presence.all()[0].session;
    world.presence.tell(session, crate::engine::presence::Signal::Message(StaffId(1), "No vases, please".to_owned()));
    mara.wake();
    mara.types("TEA\rgre");
    let screen = mara.screen();
    assert!(screen.contains("Noor: No vases, please") && screen.contains("Green tea"), "{screen}");
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    let screen = mara.screen();
    assert!(!screen.contains("No vases") && screen.contains("gre"), "Esc puts the message away alone: {screen}");
}

#[test]
fn every_message_is_read_to_its_end_and_how_many_wait_is_said() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let session = world.presence.all()[0].session;
    let long = "Close the back door, please, and have somebody look at the freezer ".repeat(3);
    for words in [&*long, "Thank you"] {
        world.presence.tell(session, crate::engine::presence::Signal::Message(StaffId(1), words.to_owned()));
    }
    mara.wake();
    let screen = mara.screen_at(80, 24);
    assert!(screen.matches("freezer").count() == 3 && screen.contains("1 more wait"), "{screen}");
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    let screen = mara.screen_at(80, 24);
    assert!(screen.contains("Noor: Thank you") && !screen.contains("more wait"), "{screen}");
}

#[test]
fn a_basket_that_another_took_up_says_who_has_it() {
    let world = world();
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r");
    mara.key(KeyCode::F(4), KeyModifiers::NONE);
    sam.wake();
    sam.key(KeyCode::F(5), KeyModifiers::NONE);
    assert!(sam.screen().contains("3.00   Mara 10:0"), "the list says whose it is: {}", sam.screen());
    mara.key(KeyCode::F(5), KeyModifiers::NONE);
    mara.types("\r");
    assert!(mara.screen().contains("Green tea"), "{}", mara.screen());
    sam.types("\r");
    assert!(sam.screen().contains("Mara has taken that basket up at 10:0"), "{}", sam.screen());
}

#[test]
fn of_two_who_sell_the_last_piece_the_other_is_told_who_had_it() {
    let world = world();
    let product = ProductId(1);
    ask_as_admin(&world, Command::CountStock { store: StoreId(1), product, counted: crate::unit::Quantity::ONE });
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    sam.types("TEA\r");
    mara.types("TEA\r3=\r");
    // A key that comes before the news does not swallow it.
    sam.types("b");
    sam.wake();
    let screen = sam.screen();
    assert!(screen.contains("Green tea: Mara sold it at 10:0") && screen.contains("0 left by the books"), "{screen}");
    mara.wake();
    assert!(!mara.screen().contains("sold it at"), "{}", mara.screen());
    // It is said once; the sale may go on.
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.types("3=\r");
    sam.wake();
    assert!(!sam.screen().contains("sold it at") && sam.screen().contains("Change 0.00"), "{}", sam.screen());
}

#[test]
fn whoever_is_demoted_watches_no_longer_and_writes_no_lists() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let mut noor = world.signed_in("noor", "1111");
    noor.key(KeyCode::Char('6'), KeyModifiers::ALT);
    noor.screen();
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.key(KeyCode::Down, KeyModifiers::NONE);
    noor.types("w");
    mara.types("TEA\r");
    mara.screen();
    noor.wake();
    assert!(noor.screen().contains("Watching Mara"), "{}", noor.screen());
    let founder = world.shop.snapshot().unwrap().directory().person(StaffId(1)).cloned().unwrap();
    let sam = world.shop.snapshot().unwrap().directory().person(StaffId(2)).cloned().unwrap();
    ask_as_admin(&world, Command::SaveStaff(Staff { roles: vec![Role::Administrator], ..sam }));
    let actor = Actor { staff: StaffId(2), register: RegisterId(1) };
    let command = Command::SaveStaff(Staff { roles: vec![Role::Cashier], ..founder });
    world.shop.execute(Request { id: world.shop.new_id(), actor, command }).unwrap().unwrap();
    noor.wake();
    let screen = noor.screen();
    assert!(!screen.contains("Watching Mara") && screen.contains("may not watch"), "{screen}");
    noor.key(KeyCode::Char('4'), KeyModifiers::ALT);
    noor.types("e");
    assert!(noor.screen().contains("You may not import and export"), "{}", noor.screen());
    let written = std::fs::read_dir(world.folder.path()).unwrap();
    let csv = written.flatten().any(|file| file.path().extension().is_some_and(|end| end == "csv"));
    assert!(!csv, "nothing was written");
}

#[test]
fn a_list_that_is_written_is_in_the_audit_with_where_it_went() {
    let world = world();
    let mut noor = world.signed_in("noor", "1111");
    noor.key(KeyCode::Char('3'), KeyModifiers::ALT);
    noor.screen();
    noor.types("e");
    assert!(noor.screen().contains("Written to "), "{}", noor.screen());
    let acts = world.acts();
    let kept = acts.lines().next().unwrap_or_default();
    assert!(kept.starts_with("Exported { what: ") && kept.contains(".csv"), "{acts}");
    assert!(kept.contains(&format!("to: \"{}\"", world.folder.path().display())), "{acts}");
    noor.key(KeyCode::Char('7'), KeyModifiers::ALT);
    let audit = noor.screen();
    assert!(audit.lines().any(|line| line.contains("exported") && line.contains("Noor")), "{audit}");
}

#[test]
fn a_basket_goes_to_the_terminal_where_one_goes_on_once_and_the_quick_keys_stay() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r3=\r");
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    mara.wait_for_quick_keys();
    mara.types("TEA\r");
    let second = world.signed_in("mara", "3333");
    mara.wake();
    let screen = mara.screen();
    assert!(screen.contains("You went on from another terminal") && !screen.contains("1 piece"), "{screen}");
    assert!(screen.contains(".1 Green tea"), "a hand knows where they are: {screen}");
    // What is begun here since is nowhere else, and is not taken by whoever sits down at a third terminal.
    mara.types("TEA\r");
    let third = world.signed_in("mara", "3333");
    mara.wake();
    let screen = mara.screen();
    assert!(!screen.contains("You went on from another terminal") && screen.contains("1 piece"), "{screen}");
    drop((second, third));
}

#[test]
fn however_many_sit_down_few_work_for_them_and_the_same_is_worked_out_once() {
    let mut world = world();
    world.questions = Arc::new(Queue::of(1));
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r3=\r");
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    mara.wait_for_quick_keys();
    let before = world.kept.kept().0;
    let ((go, wait), (begin, begun)) = (channel::<()>(), channel());
    let long = move |_: &_, _| {
        begin.send(()).unwrap();
        assert!(wait.recv().is_err());
    };
    let busy = world.questions.ask((Day(0), Vec::new()), long).unwrap();
    begun.recv().unwrap();
    let mut desks: Vec<Desk> = (0..6).map(|_| world.signed_in("sam", "2222")).collect();
    assert_eq!(world.questions.waiting(), 6, "the only worker is busy");
    // Whoever leaves waits no more.
    drop(desks.pop());
    assert_eq!(world.questions.waiting(), 5);
    drop(go);
    desks.iter_mut().for_each(Desk::wait_for_quick_keys);
    assert_eq!(world.kept.kept().0, before, "it is the same question");
    drop(busy);
}
