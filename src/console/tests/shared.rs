//! A SKU that several products share: the cashier is shown them and takes one, however the code came in.

use super::{Desk, ask, product, text};
use crate::domain::Product;
use crate::domain::command::Command;
use crate::unit::ProductId;
use crate::unit::barcode::Pattern;
use crossterm::event::{Event, KeyCode, KeyModifiers};

const ASKED: &str = "products have the code 4711. Arrows choose, Enter takes one.";

/// Four products of one SKU beside the tea and the bun.
fn desk() -> Desk {
    let desk = Desk::new();
    for (name, price) in [("Red cup", 1_0000), ("Green cup", 2_0000), ("Blue cup", 3_0000), ("Blue cup", 4_0000)] {
        ask(&desk.shop, product(name, "4711", price, 200_000));
    }
    desk
}

/// Whether a line on the screen has all of these parts.
fn rung(desk: &mut Desk, row: &str) -> bool {
    let screen = desk.screen(100, 30);
    screen.lines().any(|line| row.split(" | ").all(|part| line.contains(part)))
}

fn on_record(desk: &Desk, id: u32) -> Product {
    (**desk.shop.snapshot().unwrap().catalogue().product(ProductId(id)).unwrap()).clone()
}

#[test]
fn a_scan_asks_which_and_enter_takes_the_marked_one() {
    let mut desk = desk();
    desk.enter("TEA");
    desk.enter("4711");
    let asked = desk.screen(100, 30);
    assert!(asked.contains(&format!("4 {ASKED}")) && asked.contains("▸ Red cup · 3"), "{asked}");
    assert!(!asked.contains("Blue cup · 6") && asked.contains("1 piece"), "nothing is rung yet: {asked}");
    insta::assert_snapshot!("shared_sku_80x24", desk.screen(80, 24));
    for _ in 0..3 {
        desk.press(KeyCode::Down);
    }
    let last = desk.screen(100, 30);
    assert!(last.contains("▸ Blue cup · 6") && !last.contains("Red cup · 3"), "all are within reach: {last}");
    desk.press(KeyCode::Enter);
    assert!(rung(&mut desk, "Blue cup | 4.00"), "{}", desk.screen(100, 30));
    assert!(desk.screen(100, 30).contains("2 pieces"), "{}", desk.screen(100, 30));
    // Asked anew every time: the last choice was about the last scan.
    desk.enter("4711");
    assert!(desk.screen(100, 30).contains("▸ Red cup · 3") && desk.screen(100, 30).contains("2 pieces"));
}

#[test]
fn quantity_and_price_go_with_the_choice() {
    let mut desk = desk();
    desk.enter("3*4711@1.50");
    assert!(desk.screen(100, 30).contains(ASKED), "{}", desk.screen(100, 30));
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Enter);
    assert!(rung(&mut desk, "Green cup | 3 | 1.50 | 4.50"), "{}", desk.screen(100, 30));
    // A price is put behind a code that waits; the choice is asked for again.
    desk.enter("4711");
    desk.write("@0.70");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(100, 30).contains("▸ Red cup · 3"), "{}", desk.screen(100, 30));
    desk.press(KeyCode::Enter);
    assert!(rung(&mut desk, "Red cup | 0.70"), "{}", desk.screen(100, 30));
}

#[test]
fn the_next_scan_takes_the_place_of_a_code_that_waits() {
    let mut desk = desk();
    desk.enter("4711");
    desk.enter("TEA");
    assert!(rung(&mut desk, "Green tea | 3.00"), "{}", desk.screen(100, 30));
    desk.enter("4711");
    desk.enter("4711");
    let twice = desk.screen(100, 30);
    assert!(twice.contains(ASKED) && twice.contains("1 piece"), "a second scan is no answer: {twice}");
    desk.press(KeyCode::Esc);
    desk.app.event(Event::Paste("4711".to_owned()));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(100, 30).contains("1 piece"), "{}", desk.screen(100, 30));
}

#[test]
fn a_label_of_a_shared_code_is_sold_as_the_one_that_is_chosen() {
    let mut desk = desk();
    let mut settings = desk.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    settings.patterns = vec![Pattern::parse("21=IIIIIWWWWW.3?").unwrap()];
    ask(&desk.shop, Command::ChangeSettings(settings));
    desk.app.wake();
    desk.enter("2104711012500");
    assert!(desk.screen(100, 30).contains(ASKED), "{}", desk.screen(100, 30));
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Enter);
    assert!(rung(&mut desk, "Green cup | 1.25 kg | 2.50"), "{}", desk.screen(100, 30));
}

#[test]
fn one_that_has_the_code_as_barcode_comes_first_and_one_that_is_left_is_sold_at_once() {
    let mut desk = desk();
    let cup = on_record(&desk, 3);
    let (id, ext, name) = (ProductId(0), text(""), text("Plate"));
    ask(&desk.shop, Command::SaveProduct(Product { id, ext, name, barcodes: vec![text("4711")], ..cup }));
    desk.enter("4711");
    assert!(rung(&mut desk, "Plate | 1.00"), "{}", desk.screen(100, 30));
    let mut desk = self::desk();
    for id in 3..6 {
        let known = on_record(&desk, id);
        ask(&desk.shop, Command::SaveProduct(Product { sku: None, ..known }));
    }
    desk.enter("4711");
    assert!(rung(&mut desk, "Blue cup | 4.00"), "{}", desk.screen(100, 30));
}

#[test]
fn a_return_without_a_receipt_asks_for_more_than_a_shared_code() {
    let mut desk = desk();
    desk.tab('2');
    desk.key(KeyCode::Char('p'), KeyModifiers::CONTROL);
    desk.enter("return without");
    desk.write("4711");
    for words in ["", "1.00", "worn"] {
        desk.press(KeyCode::Tab);
        desk.write(words);
    }
    desk.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    let screen = desk.screen(100, 30);
    assert!(screen.contains("Several are known by that"), "{screen}");
}
