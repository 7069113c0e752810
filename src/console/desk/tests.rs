//! Two people at two terminals of one shop in memory: signing in, approving, watching, leaving.

use super::*;
use crate::console::keymap::Keymap;
use crate::console::theme::Theme;
use crate::domain::{Credentials, Product, Register, Role, Settings, Staff, Store};
use crate::engine::signin::Gate;
use crate::engine::{Presence, Seams, Shop};
use crate::store::ShopFile;
use crate::unit::{CashRounding, Currency, Money, ProductId, Rate, StoreId, Zone};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use std::sync::Arc;

struct World {
    shop: Shop,
    gate: Gate,
    presence: Presence,
    folder: tempfile::TempDir,
}

fn text(words: &str) -> Text {
    Text::lossy(words)
}

fn ask(shop: &Shop, command: Command) {
    let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
    shop.execute(Request { id: shop.new_id(), actor, command }).unwrap().unwrap();
}

/// A shop where Noor runs everything, Sam supervises, Mara sells; all with PINs.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).unwrap();
    let shop = Shop::run(file, Seams::seeded(1_772_445_600_000, 3)).unwrap();
    let settings = Settings {
        name: text("Corner"),
        currency: Currency::EUR,
        zone: Zone::utc(),
        tax_included: true,
        cash_rounding: CashRounding::Off,
        merge_lines: true,
        patterns: Vec::new(),
        discount_limit_percent: 20,
        largest_note: Money(5_000_000),
        receipt_header: text(""),
        receipt_footer: text(""),
    };
    let store = Store { id: StoreId(1), ext: text("S1"), name: text("North"), location: None, zone: None };
    let register = Register { id: RegisterId(1), store: StoreId(1), name: text("1") };
    let person = |id: u16, name: &str, role| Staff {
        id: StaffId(id),
        ext: text(&name.to_lowercase()),
        name: text(name),
        roles: vec![role],
        disabled: false,
    };
    ask(&shop, Command::Found { settings, store, register, staff: person(0, "Noor", Role::Manager) });
    ask(&shop, Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: text("2") }));
    ask(&shop, Command::SaveStaff(person(0, "Sam", Role::Supervisor)));
    ask(&shop, Command::SaveStaff(person(0, "Mara", Role::Cashier)));
    let product = Product {
        id: ProductId(0),
        ext: text(""),
        sku: Some(text("TEA")),
        barcodes: Vec::new(),
        name: text("Green tea"),
        category: None,
        price: Some(Money(30_000)),
        cost: None,
        tax_rate: Some(Rate(200_000)),
        reorder_level: None,
    };
    ask(&shop, Command::SaveProduct(product));
    let gate = Gate::of(&folder.path().join("shop.redb"), shop.seams().clone()).unwrap();
    for (id, pin) in [(1, "1111"), (2, "2222"), (3, "3333")] {
        let credentials = Credentials { pin: gate.digest(pin), ..Credentials::none(StaffId(id)) };
        ask(&shop, Command::SaveCredentials(credentials));
    }
    World { shop, gate, presence: Presence::default(), folder }
}

impl World {
    fn desk(&self, from: &str) -> Desk {
        let seat = self.presence.enter(None, RegisterId(1), from, 0, Arc::new(|| {}));
        let setup = Setup {
            shop: self.shop.clone(),
            kept: Arc::default(),
            path: self.folder.path().join("shop.redb"),
            staff: StaffId(1),
            register: RegisterId(1),
            theme: Theme::standard(),
            keymap: Keymap::default(),
            ascii: false,
            printer: None,
            folder: Some(self.folder.path().to_owned()),
            gate: self.gate.clone(),
            seat: Arc::new(seat),
            wake: Arc::new(|| {}),
        };
        Desk::new(setup, Guest { from: from.to_owned(), ..Guest::default() }).unwrap()
    }

    fn signed_in(&self, name: &str, pin: &str) -> Desk {
        let mut desk = self.desk("");
        desk.types(&format!("{name}\r{pin}\r"));
        assert!(desk.screen().contains("Sale"), "{}", desk.screen());
        desk
    }

    fn acts(&self) -> String {
        let mut acts = Vec::new();
        let snapshot = self.shop.snapshot().unwrap();
        snapshot
            .entries_back(crate::unit::Seq(u64::MAX), &mut |entry| {
                acts.extend(entry.changes.iter().filter_map(|change| match change {
                    domain::Change::Noted(note) => Some(format!("{note:?}")),
                    _ => None,
                }));
                true
            })
            .unwrap();
        acts.join("\n")
    }
}

impl Desk {
    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.event(Event::Key(KeyEvent::new(code, modifiers)));
    }

    fn types(&mut self, words: &str) {
        for letter in words.chars() {
            let code = if letter == '\r' { KeyCode::Enter } else { KeyCode::Char(letter) };
            self.key(code, KeyModifiers::NONE);
        }
    }

    fn screen(&mut self) -> String {
        self.screen_at(100, 30)
    }

    fn screen_at(&mut self, columns: u16, rows: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        self.resize(columns, rows);
        self.draw(&mut buffer);
        lines(&buffer).join("\n")
    }
}

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
fn a_supervisor_allows_one_act_at_the_till_by_pin() {
    let world = world();
    let mut desk = world.signed_in("mara", "3333");
    desk.types("TEA\r-50%\r3=\r");
    let asked = desk.screen();
    assert!(asked.contains("A supervisor is needed"), "{asked}");
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
    assert!(mara.screen().contains("A supervisor is needed to change the stock"), "{}", mara.screen());
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
    assert!(sam.screen().contains("Mara asks to give so much off (1.50 off 3.00, register"), "{}", sam.screen());
    // Mara gives up: her question goes, Ben's comes, and one key answers that.
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.wake();
    assert!(sam.screen().contains("Ben asks to give so much off (3.00 off 6.00, register"), "{}", sam.screen());
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

fn ben() -> Staff {
    Staff { id: StaffId(0), ext: text("ben"), name: text("Ben"), roles: vec![Role::Cashier], disabled: false }
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
fn what_others_say_stays_until_it_is_put_away() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    let session = world.presence.all()[0].session;
    world.presence.tell(session, crate::engine::presence::Note::Message(StaffId(1), "No vases, please".to_owned()));
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
        world.presence.tell(session, crate::engine::presence::Note::Message(StaffId(1), words.to_owned()));
    }
    mara.wake();
    let screen = mara.screen_at(80, 24);
    assert!(screen.matches("freezer").count() == 3 && screen.contains("1 more wait"), "{screen}");
    mara.key(KeyCode::Esc, KeyModifiers::NONE);
    let screen = mara.screen_at(80, 24);
    assert!(screen.contains("Noor: Thank you") && !screen.contains("more wait"), "{screen}");
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
fn the_price_on_a_label_is_not_changed_by_hand_nor_mixed_with_the_lists() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns =
        ["21=IIIIIWWWWW.3", "22=IIIIIPPPPP.2"].map(|words| crate::unit::barcode::Pattern::parse(words).unwrap());
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns: patterns.to_vec(), ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name) = (Some(text("12345")), text("Cheese"));
    let cheese = Product { id: ProductId(0), ext: text(""), sku, name, ..Product::clone(&tea) };
    ask_as_admin(&world, Command::SaveProduct(cheese));
    let code = |digits: &str| {
        let odd = |at: usize| if at % 2 == 0 { 1 } else { 3 };
        let sum: u32 = digits.bytes().enumerate().map(|(at, byte)| u32::from(byte - b'0') * odd(at)).sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    };
    let mut mara = world.signed_in("mara", "3333");
    mara.types(&format!("{}\r@0.01\r", code("221234500100")));
    let screen = mara.screen();
    assert!(screen.contains("The price is the label's") && screen.contains("1.00"), "{screen}");
    // As much by the list is a line of its own.
    mara.types("12345@1.00\r");
    assert!(mara.screen().contains("2 pieces") && mara.screen().contains(" 2  Cheese"), "{}", mara.screen());
    // Three packs of a weight are three times the weight.
    mara.types(&format!("3*{}\r", code("211234500100")));
    assert!(mara.screen().contains("0.3"), "{}", mara.screen());
}

#[test]
fn a_label_with_the_price_of_a_weight_moves_the_weight_and_costs_what_it_says() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns =
        ["22=IIIIIPPPPP.2", "23=IIIIIMMMMM.2"].map(|words| crate::unit::barcode::Pattern::parse(words).unwrap());
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns: patterns.to_vec(), ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name, price) = (Some(text("12345")), text("Gouda"), Some(Money(14_5000)));
    let gouda = Product { id: ProductId(0), ext: text(""), sku, name, price, ..Product::clone(&tea) };
    ask_as_admin(&world, Command::SaveProduct(gouda));
    let label = |digits: &str| format!("{digits}{}\r", crate::unit::barcode::check_digit(digits).unwrap());
    let mut mara = world.signed_in("mara", "3333");
    // Nothing weighs nothing.
    for pattern in ["22", "23"] {
        mara.types(&label(&format!("{pattern}1234500000")));
        assert!(mara.screen().contains("The label of Gouda says no price"), "{}", mara.screen());
    }
    // 5.97 and 5.98 at 14.50 a kilogram are both 0.412; the first is not what 0.412 × 14.50 comes to.
    for price in ["00597", "00598"] {
        mara.types(&label(&format!("2312345{price}")));
        mara.types("*2\r");
        assert!(mara.screen().contains("The weight is the label's"), "{}", mara.screen());
    }
    // Three packs, and a piece that costs what its own label says.
    mara.types(&format!("3*{}", label("231234500597")));
    mara.types(&label("221234500100"));
    mara.types("=d\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let sold: Vec<_> = order.lines.iter().map(|line| (line.quantity.0, line.value().unwrap().0)).collect();
    assert_eq!(sold, [(412, 5_9700), (412, 5_9800), (1236, 17_9100), (1000, 1_0000)], "{}", mara.screen());
    assert_eq!(snapshot.stock(StoreId(1), ProductId(2)).0, -(412 * 5 + 1000));
}

#[test]
fn a_label_with_the_price_of_a_weight_is_no_price_that_changed() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns = vec![crate::unit::barcode::Pattern::parse("23=IIIIIMMMMM.2").unwrap()];
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns, ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name, price) = (Some(text("12345")), text("Gouda"), Some(Money(14_5000)));
    ask_as_admin(
        &world,
        Command::SaveProduct(Product { id: ProductId(0), ext: text(""), sku, name, price, ..Product::clone(&tea) }),
    );
    let mut mara = world.signed_in("mara", "3333");
    let label = "231234500597";
    mara.types(&format!("{label}{}\r", crate::unit::barcode::check_digit(label).unwrap()));
    let rung = mara.screen();
    assert!(rung.contains("5.97") && !rung.contains("Alt-P") && !rung.contains("now 14.50"), "{rung}");
}

#[test]
fn goods_without_a_receipt_come_back_with_a_supervisors_word() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r=\r");
    mara.key(KeyCode::Char('2'), KeyModifiers::ALT);
    mara.types("w");
    assert!(mara.screen().contains("Return without a receipt"), "{}", mara.screen());
    mara.types("NOTHING\r\r2.5\rdented\r\r\r");
    assert!(mara.screen().contains("Nothing is known by NOTHING"), "{}", mara.screen());
    for _ in 0..5 {
        mara.key(KeyCode::BackTab, KeyModifiers::NONE);
    }
    mara.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    mara.types("TEA\r\r\r\r\r\r");
    let screen = mara.screen();
    assert!(screen.contains("A supervisor is needed"), "{screen}");
    let small = mara.screen_at(80, 24);
    assert_eq!(small.matches("Tab next").count(), 2, "in the dialog and in the footer: {small}");
    assert!(!small.contains("pay back") && !small.contains("Without") && !small.contains("Reason"), "{small}");
    mara.types("sam\r2222\r");
    let screen = mara.screen();
    assert!(screen.contains("Pay back 2.50 by cash. Ctrl-R prints the slip."), "{screen}");
    mara.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    let screen = mara.screen();
    assert!(screen.contains("without a receipt") && screen.contains("PAID BACK EUR"), "{screen}");
    let snapshot = world.shop.snapshot().unwrap();
    let back = snapshot.return_no(crate::unit::ReturnNo(1)).unwrap().unwrap();
    assert_eq!((back.refund, back.net, back.order), (Money(2_5000), Money(2_5000), None));
    assert!(world.acts().contains("Approved"), "{}", world.acts());
}

#[test]
fn the_form_of_returns_offers_the_methods_that_paid() {
    let world = world();
    let mut noor = world.signed_in("noor", "1111");
    // 6.00: the card takes four, and cash the rest.
    noor.types("2*TEA\r=d4\r");
    noor.types("c\r");
    noor.key(KeyCode::Char('2'), KeyModifiers::ALT);
    noor.types("r\r\rdented\r\r");
    // as paid, card, cash
    noor.key(KeyCode::Right, KeyModifiers::NONE);
    noor.key(KeyCode::Right, KeyModifiers::NONE);
    assert!(noor.screen().contains("cash"), "{}", noor.screen());
    noor.types("\r");
    let screen = noor.screen();
    assert!(screen.contains("Pay back 2.00 by cash, 4.00 by card"), "{screen}");
    noor.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    let screen = noor.screen();
    assert!(screen.contains("of receipt R1-000001") && !screen.contains("COPY"), "{screen}");
    noor.key(KeyCode::Esc, KeyModifiers::NONE);
    noor.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    assert!(noor.screen().contains("COPY"), "{}", noor.screen());
}

#[test]
fn a_note_is_kept_with_the_sale() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\rgre");
    mara.key(KeyCode::Char('n'), KeyModifiers::ALT);
    mara.types("for the fair\r");
    let screen = mara.screen();
    assert!(screen.contains("note: for the fair") && screen.contains("gre"), "{screen}");
    for _ in 0..3 {
        mara.key(KeyCode::Backspace, KeyModifiers::NONE);
    }
    mara.types("=\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let details = snapshot.order_details(&order).unwrap().unwrap();
    assert_eq!(details.note.as_deref(), Some("for the fair"));
}

#[test]
fn what_rounds_to_no_coin_is_paid_with_none_and_takes_nothing_back() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let rounding = CashRounding::Step(Money(500));
    ask_as_admin(&world, Command::ChangeSettings(Settings { cash_rounding: rounding, ..settings }));
    let mut noor = world.signed_in("noor", "1111");
    noor.types("TEA@0.02\r=\r");
    let screen = noor.screen();
    assert!(screen.contains("Receipt R1-000001") && screen.contains("Change 0.00"), "{screen}");
    assert!(screen.contains("paid 0.00"), "{screen}");
    // A card first, and the rest of two cents in no coin: the card's part stands.
    noor.types("TEA\r=d2.98\r");
    noor.types("c");
    assert!(noor.screen().contains("Enter takes 0.00 by cash"), "{}", noor.screen());
    noor.types("\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let paid: Vec<(&str, i64)> = order.payments.iter().map(|row| (&*row.method.0, row.amount.0)).collect();
    assert_eq!(paid, [("card", 29_800), ("cash-rounding", 200)]);
    drop(snapshot);
    assert!(noor.screen().contains("paid 2.98"), "{}", noor.screen());
    noor.types("TEA@2.38\r2.40=\r");
    assert!(noor.screen().contains("Change 0.00") && noor.screen().contains("paid 2.40"), "{}", noor.screen());
    noor.types("10*TEA\r=d20\rc20\r");
    assert!(noor.screen().contains("Change 10.00") && noor.screen().contains("paid 30.00"), "{}", noor.screen());
    noor.types("500*TEA\r5000=\r");
    let screen = noor.screen();
    assert!(screen.contains("Change 3,500.00") && screen.contains("paid 1,500.00"), "one way of grouping: {screen}");
    noor.types("TEA\r2.995=\r");
    assert!(noor.screen().contains("The smallest amount of EUR is 0.05"), "{}", noor.screen());
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
    mara.key(KeyCode::F(5), KeyModifiers::NONE);
    mara.types("\r");
    assert!(mara.screen().contains("Green tea"), "{}", mara.screen());
    sam.types("\r");
    assert!(sam.screen().contains("Mara has taken that basket up at 10:0"), "{}", sam.screen());
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
fn of_two_who_sell_the_last_piece_the_other_is_told_who_had_it() {
    let world = world();
    let product = ProductId(1);
    ask_as_admin(&world, Command::CountStock { store: StoreId(1), product, counted: crate::unit::Quantity::ONE });
    let mut sam = world.signed_in("sam", "2222");
    let mut mara = world.signed_in("mara", "3333");
    sam.types("TEA\r");
    mara.types("TEA\r3=\r");
    sam.wake();
    let screen = sam.screen();
    assert!(screen.contains("Green tea: Mara sold it at 10:0") && screen.contains("0 left by the books"), "{screen}");
    mara.wake();
    assert!(!mara.screen().contains("sold it at"), "{}", mara.screen());
    // It is said once; the sale may go on.
    sam.key(KeyCode::Esc, KeyModifiers::NONE);
    sam.types("3=\r");
    sam.wake();
    assert!(!sam.screen().contains("sold it at") && sam.screen().contains("Change 0.00"), "{}", sam.screen());
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

fn ask_as_admin(world: &World, command: Command) {
    // The founder is administrator, too.
    ask(&world.shop, command);
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
