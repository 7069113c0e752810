//! The console driven by keys over a shop in memory: what stands on the screen, at every size.

mod audit;
mod by_time;
mod imported;
mod lists;
mod meanwhile;
mod paying;
mod printing;
mod reports;
mod rights;
mod shared;
mod sizes;
mod together;
mod typed;
mod views;

use super::keymap::Keymap;
use super::theme::Theme;
use super::{App, Setup};
use crate::domain::{Command, CustomerDetails, Outcome, Product, Request, Role, testing};
use crate::engine::signin::Gate;
use crate::engine::{Presence, Seams, Shop};
use crate::store::ShopFile;
use crate::unit::{Money, ProductId, Quantity, Rate, RegisterId, StaffId, StoreId, Text};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// 2026-03-02, a Monday, at ten in the morning.
const NOON: i64 = 1_772_445_600_000;

struct Desk {
    app: App,
    shop: Shop,
    woken: std::sync::mpsc::Receiver<()>,
    _folder: tempfile::TempDir,
}

fn text(words: &str) -> Text {
    Text::lossy(words)
}

fn product(name: &str, sku: &str, price: i64, rate: i64) -> Command {
    Command::SaveProduct(Product {
        sku: Some(text(sku)),
        category: Some(text("Drinks")),
        cost: Some(Money(price / 2)),
        tax_rate: Some(Rate(rate)),
        reorder_level: Some(Quantity::pieces(3)),
        ..testing::product(name, Some(Money(price)))
    })
}

/// As a colleague at the same register would.
fn ask(shop: &Shop, command: Command) -> Outcome {
    shop.execute(Request { id: shop.new_id(), actor: testing::FOUNDER, command }).unwrap().unwrap()
}

impl Desk {
    fn new() -> Desk {
        Desk::of(vec![Role::Manager])
    }

    /// Mara has these roles; among them must be the one that founds a shop's catalogue.
    fn of(roles: Vec<Role>) -> Desk {
        Desk::printing(roles, |_| None)
    }

    /// The same, with a printer in the desk's own folder.
    fn printing(roles: Vec<Role>, printer: impl FnOnce(&Path) -> Option<PathBuf>) -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).unwrap();
        let shop = Shop::run(file, Seams::seeded(NOON, 1)).unwrap();
        let ines =
            CustomerDetails { name: Some(text("Ines Keller")), phone: Some(text("555 0101")), ..Default::default() };
        let commands = [
            testing::founding("Mara", roles),
            product("Green tea", "TEA", 30_000, 200_000),
            product("Butter bun", "BUN", 15_000, 70_000),
            Command::SaveCustomer { customer: None, ext: None, details: ines },
            Command::ReceiveStock {
                store: StoreId(1),
                product: ProductId(1),
                quantity: Quantity::pieces(4),
                unit_cost: None,
                reason: None,
            },
        ];
        for command in commands {
            ask(&shop, command);
        }
        let printer = printer(folder.path());
        Desk::at(shop, folder, printer)
    }

    /// Mara leaves and comes back.
    fn again(self) -> Desk {
        Desk::at(self.shop, self._folder, None)
    }

    fn at(shop: Shop, folder: tempfile::TempDir, printer: Option<PathBuf>) -> Desk {
        let (wake, woken) = std::sync::mpsc::channel();
        let setup = Setup {
            shop: shop.clone(),
            kept: Arc::default(),
            questions: Arc::default(),
            path: folder.path().join("shop.redb"),
            staff: StaffId(1),
            register: RegisterId(1),
            theme: Theme::standard(),
            keymap: Keymap::default(),
            ascii: false,
            printer,
            folder: Some(folder.path().to_owned()),
            gate: Gate::of(&folder.path().join("shop.redb"), shop.seams().clone()).unwrap(),
            seat: Arc::new(Presence::default().enter(None, RegisterId(1), "", 0, Arc::new(|| {}))),
            wake: Arc::new(move || {
                // The test may have what it wanted.
                let _ = wake.send(());
            }),
        };
        Desk { app: App::new(setup).unwrap(), shop, woken, _folder: folder }
    }

    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.app.event(Event::Key(KeyEvent::new(code, modifiers)));
    }

    fn press(&mut self, code: KeyCode) {
        self.key(code, KeyModifiers::NONE);
    }

    fn write(&mut self, words: &str) {
        for letter in words.chars() {
            self.press(KeyCode::Char(letter));
        }
    }

    fn enter(&mut self, words: &str) {
        self.write(words);
        self.press(KeyCode::Enter);
    }

    fn tab(&mut self, place: char) {
        self.key(KeyCode::Char(place), KeyModifiers::ALT);
    }

    /// Waits for the answers that were asked for off the key path.
    fn settled(&mut self, words: &str, columns: u16, rows: u16) -> String {
        self.until(columns, rows, words, |screen| {
            screen.contains(words) && screen.contains("live") && !screen.contains("adding up")
        })
    }

    /// Waits for what comes without a key: `words` say what in case it never does.
    fn until(&mut self, columns: u16, rows: u16, words: &str, is_there: impl Fn(&str) -> bool) -> String {
        self.app.resize(columns, rows);
        loop {
            self.app.wake();
            let screen = self.picture(columns, rows);
            if is_there(&screen) {
                return screen;
            }
            let woken = self.woken.recv_timeout(std::time::Duration::from_secs(20));
            assert!(woken.is_ok(), "{words} never came:\n{screen}");
        }
    }

    fn screen(&mut self, columns: u16, rows: u16) -> String {
        self.app.resize(columns, rows);
        self.picture(columns, rows)
    }

    fn picture(&self, columns: u16, rows: u16) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        let cursor = self.app.draw(&mut buffer);
        assert!(cursor.is_none_or(|at| buffer.area.contains(at)), "the cursor is outside: {cursor:?}");
        let row = |y| {
            let cells = (0..columns).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
            cells.trim_end().to_owned()
        };
        (0..rows).map(row).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn a_sale_from_the_first_key_to_the_receipt() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("bun");
    desk.enter("-10%");
    insta::assert_snapshot!("sale_80x24", desk.screen(80, 24));
    insta::assert_snapshot!("sale_140x45", desk.screen(140, 45));
    desk.press(KeyCode::Char('='));
    insta::assert_snapshot!("paying_80x24", desk.screen(80, 24));
    desk.enter("10");
    let sold = desk.screen(80, 24);
    assert!(sold.contains("Change 2.65") && sold.contains("Receipt R1-000001"), "{sold}");
    insta::assert_snapshot!("sold_80x24", sold);
    desk.write("t");
    assert!(!desk.screen(80, 24).contains("Change"));
}

#[test]
fn every_other_screen_shows_what_was_sold() {
    let mut desk = Desk::new();
    desk.enter("#Ines");
    desk.enter("TEA");
    desk.enter("3=");
    desk.tab('2');
    insta::assert_snapshot!("orders_140x45", desk.screen(140, 45));
    desk.tab('3');
    insta::assert_snapshot!("stock_80x24", desk.screen(80, 24));
    desk.tab('4');
    insta::assert_snapshot!("customers_140x45", desk.screen(140, 45));
}

#[test]
fn what_is_offered_hides_no_line_of_the_basket() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    let before = desk.screen(80, 24);
    desk.write("b");
    let offered = desk.screen(80, 24);
    let rows: Vec<&str> = offered.lines().collect();
    assert!(rows[3].contains("▸ Butter bun") && rows[4].contains("Item") && rows[5].contains("Green tea"), "{offered}");
    desk.press(KeyCode::Esc);
    assert_eq!(desk.screen(80, 24), before);
}

#[test]
fn the_page_beside_a_list_follows_once_the_mark_rests() {
    let mut desk = Desk::new();
    for _ in 0..2 {
        desk.enter("TEA");
        desk.enter("3=");
    }
    desk.tab('2');
    assert!(desk.screen(140, 45).contains("Order 2"));
    desk.press(KeyCode::Down);
    let passing = desk.picture(140, 45);
    assert!(passing.contains("▸ 1 ") && passing.contains("Order 2"), "{passing}");
    assert!(desk.app.deadline_ms() - desk.app.now_ms() < 100, "it comes without a key");
    // The clock goes on whenever it is looked at.
    (0..100).for_each(|_| desk.app.wake());
    assert!(desk.picture(140, 45).contains("Order 1"));
    desk.press(KeyCode::Up);
    desk.press(KeyCode::Enter);
    assert!(desk.picture(140, 45).contains("Order 2"), "a key never acts on the page of another order");
}

#[test]
fn an_unknown_code_a_paste_and_a_hostile_text_change_nothing() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    let before = desk.shop.published();
    desk.enter("4006381333931");
    assert!(desk.screen(80, 24).contains("Nothing is known by 4006381333931"));
    desk.app.event(Event::Paste(format!("{}\u{202e}\r\n=\r", "9".repeat(100_000))));
    assert!(desk.screen(80, 24).contains("Green tea"));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("far too long"));
    desk.enter("1e308=");
    desk.enter("99999999999999=");
    assert_eq!(desk.shop.published(), before, "nothing of it reached the shop");
}

#[test]
fn a_question_is_answered_by_arrows_never_by_a_scan() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    assert!(desk.screen(80, 24).contains("Throw this basket away?"));
    desk.enter("4006381333931");
    assert!(desk.screen(80, 24).contains("Green tea"), "a scan keeps the basket");
    desk.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
    desk.press(KeyCode::Right);
    desk.press(KeyCode::Enter);
    assert!(!desk.screen(80, 24).contains("Green tea"));
}

#[test]
fn undo_and_redo_walk_through_the_basket() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.enter("*3");
    assert!(desk.screen(80, 24).contains("9.00"));
    desk.key(KeyCode::Char('z'), KeyModifiers::CONTROL);
    assert!(!desk.screen(80, 24).contains("9.00"));
    desk.key(KeyCode::Char('y'), KeyModifiers::CONTROL);
    assert!(desk.screen(80, 24).contains("9.00"));
}

#[test]
fn a_small_terminal_says_so() {
    assert!(Desk::new().screen(39, 11).contains("till needs 40x12"));
}

#[test]
fn a_product_is_found_by_anything_known_of_it_and_sold() {
    let mut desk = Desk::new();
    desk.press(KeyCode::F(2));
    assert!(desk.screen(80, 24).contains("Which product?"));
    desk.write("dri gre");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("3.00"), "{}", desk.screen(80, 24));
    desk.write("3*");
    desk.press(KeyCode::F(2));
    desk.write("TEA");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("12.00"), "three more, on the same line: {}", desk.screen(80, 24));
}

#[test]
fn today_shows_what_was_sold_a_moment_ago() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("bun");
    desk.enter("20=");
    desk.tab('5');
    let small = desk.settled("Top products", 80, 24);
    assert!(small.contains("Green tea") && small.contains("Sales through the day"), "{small}");
    insta::assert_snapshot!("today_80x24", without_clock(&small));
    let large = desk.settled("Top products", 140, 45);
    insta::assert_snapshot!("today_140x45", without_clock(&large));
    desk.tab('1');
    desk.enter("5*TEA");
    desk.enter("50=");
    desk.tab('5');
    let after = desk.settled("live", 140, 45);
    assert!(after.contains("Orders") && !after.contains("panicked"), "{after}");
}

#[test]
fn the_cube_is_turned_drilled_sliced_and_kept() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("bun");
    desk.enter("20=");
    desk.tab('5');
    desk.settled("Top products", 100, 30);
    desk.press(KeyCode::Left);
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Right);
    let cube = desk.settled("rows category", 100, 30);
    assert!(cube.contains("Drinks") && cube.contains("2026-Q1") && cube.contains("1 receipt "), "{cube}");
    insta::assert_snapshot!("cube_100x30", without_clock(&cube));
    desk.press(KeyCode::Enter);
    let drilled = desk.settled("category = Drinks", 100, 30);
    assert!(drilled.contains("rows product") && drilled.contains("Green tea"), "{drilled}");
    desk.write("x");
    desk.settled("rows quarter   columns product", 100, 30);
    desk.write("uu");
    desk.settled("rows category   columns quarter", 100, 30);
    desk.write("%");
    assert!(desk.settled("100.0 %", 100, 30).contains("% of row"));
    desk.write("b");
    desk.screen(100, 30);
    desk.write("drinks-by-quarter");
    desk.press(KeyCode::Enter);
    assert_eq!(desk.shop.snapshot().unwrap().directory().views.len(), 1);
    // The cube goes on; what was kept stays as it was.
    desk.write("x");
    desk.settled("rows quarter   columns category", 100, 30);
    desk.press(KeyCode::Left);
    desk.press(KeyCode::Left);
    assert!(desk.settled("Drinks by quarter", 100, 30).contains("Cube"), "it stands among the reports");
    desk.press(KeyCode::Down);
    let kept = desk.settled("rows category   columns quarter", 100, 30);
    assert!(kept.contains("Drinks by quarter") && kept.contains("2026-Q1"), "it opens as the cube it was: {kept}");
    desk.press(KeyCode::Right);
    desk.press(KeyCode::Enter);
    desk.settled("category = Drinks", 100, 30);
}

#[test]
fn what_is_typed_into_a_filter_is_text_and_enter_shows_what_matches() {
    let mut desk = Desk::new();
    for sale in ["TEA", "BUN"] {
        desk.enter(sale);
        desk.enter("10=");
    }
    let lists = [
        ('2', "1.50", "3.00", "1.50"),
        ('3', "bun", "Green tea", "Butter bun"),
        ('4', "ines", "Nobody", "Ines Keller"),
    ];
    for (tab, words, gone, left) in lists {
        desk.tab(tab);
        desk.screen(80, 24);
        desk.write("/jn");
        desk.press(KeyCode::Backspace);
        desk.press(KeyCode::Home);
        desk.press(KeyCode::Delete);
        desk.enter(words);
        let screen = desk.screen(80, 24);
        assert!(screen.contains(left) && !screen.contains(gone) && !screen.contains("Esc back"), "{screen}");
        desk.press(KeyCode::Enter);
        let opened = desk.screen(80, 24);
        assert!(opened.contains("Esc back"), "the next Enter opens what is marked:\n{opened}");
        desk.press(KeyCode::Esc);
    }
}

#[test]
fn what_comes_by_itself_is_waited_for_once_and_then_no_more() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.enter("3=");
    desk.tab('2');
    desk.app.wake();
    desk.press(KeyCode::Down);
    let rests = desk.app.deadline_ms();
    assert!(rests - desk.app.now_ms() <= 80, "the page beside the list follows soon");
    // The clock of the test moves whenever it is looked at.
    while desk.app.now_ms() <= rests {}
    assert!(desk.app.deadline_ms() <= desk.app.now_ms(), "what is due stays due until it is done");
    desk.app.wake();
    let minute = desk.app.deadline_ms();
    assert!(minute > desk.app.now_ms() && minute - desk.app.now_ms() <= 61_000, "nothing but the clock is left");
    while desk.app.now_ms() <= minute {}
    assert!(desk.app.deadline_ms() <= desk.app.now_ms(), "the clock moves on");
    desk.app.wake();
    assert!(desk.app.deadline_ms() > minute);
}

/// Without the seconds of the seeded clock, which moves a millisecond whenever anybody looks at it.
fn without_clock(screen: &str) -> String {
    let mut lines: Vec<String> = screen.lines().map(str::to_owned).collect();
    if let Some(at) = lines.get(1).and_then(|line| line.find("live")) {
        lines[1].truncate(at + 4);
    }
    lines.join("\n")
}
