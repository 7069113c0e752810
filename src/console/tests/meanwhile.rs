//! What others do while a sale is in hand: prices that change under a basket, baskets on hold that come and go.

use super::{Desk, ask};
use crate::domain::basket::{Basket, BasketLine};
use crate::domain::command::Command;
use crate::domain::{Outcome, Product, Request, command::Actor};
use crate::unit::{BasketId, Money, ProductId, Quantity, Rate, RegisterId, StaffId};
use crossterm::event::{KeyCode, KeyModifiers};

fn on_record(desk: &Desk, product: u32) -> Product {
    Product::clone(desk.shop.snapshot().unwrap().catalogue().product(ProductId(product)).unwrap())
}

/// A manager changes a price.
fn reprice(desk: &mut Desk, product: u32, price: i64) {
    let saved = Product { price: Some(Money(price)), ..on_record(desk, product) };
    ask(&desk.shop, Command::SaveProduct(saved));
    desk.app.wake();
}

/// A colleague puts so many of a product aside.
fn hold(desk: &mut Desk, product: u32, pieces: i64) -> BasketId {
    let mut basket = Basket::default();
    let line = BasketLine::of(&on_record(desk, product), Quantity::pieces(pieces), None).unwrap();
    basket.ring(line, true).unwrap();
    let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
    let request = Request { id: desk.shop.new_id(), actor, command: Command::HoldBasket { basket } };
    match desk.shop.execute(request).unwrap().unwrap() {
        Outcome::Held(id) => {
            desk.app.wake();
            id
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_price_that_changes_is_told_at_once_and_taken_by_one_key() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("BUN");
    assert!(!desk.screen(80, 24).contains("new prices"));
    reprice(&mut desk, 1, 35_000);
    let told = desk.screen(80, 24);
    assert!(told.contains("Green tea costs 3.50 now, not 3.00. Alt-P takes the new price."), "{told}");
    assert!(told.contains("now 3.50 · Green tea"), "the line is marked: {told}");
    desk.press(KeyCode::Esc);
    assert!(desk.screen(80, 24).contains("Alt-P new prices"), "{}", desk.screen(80, 24));
    // Other news does not tell it again.
    reprice(&mut desk, 2, 15_000);
    assert!(!desk.screen(80, 24).contains("costs 3.50 now"));
    desk.write("3*gr");
    desk.key(KeyCode::Char('p'), KeyModifiers::ALT);
    let taken = desk.screen(80, 24);
    assert!(taken.contains("7.00") && !taken.contains("now 3.50") && taken.contains("3*gr"), "{taken}");
    desk.press(KeyCode::Esc);
    assert!(!desk.screen(80, 24).contains("3*gr"), "nothing stands before the field: {}", desk.screen(80, 24));
    desk.key(KeyCode::Char('z'), KeyModifiers::CONTROL);
    let back = desk.screen(80, 24);
    assert!(back.contains("6.00") && back.contains("now 3.50 · Green tea"), "undone, it is marked again: {back}");
    desk.press(KeyCode::Esc);
    desk.key(KeyCode::Char('y'), KeyModifiers::CONTROL);
    desk.enter("10=");
    assert!(desk.screen(80, 24).contains("Change 1.50"), "{}", desk.screen(80, 24));
}

/// Whether these words stand anywhere.
fn stands(desk: &mut Desk, words: &str) -> bool {
    desk.screen(160, 40).contains(words)
}

#[test]
fn a_notice_about_a_price_goes_as_soon_as_it_is_no_longer_true() {
    let mut desk = Desk::new();
    let notice = "Alt-P takes the new price";
    let ways: [fn(&mut Desk); 5] = [
        |desk| desk.key(KeyCode::Char('p'), KeyModifiers::ALT),
        |desk| desk.press(KeyCode::Delete),
        |desk| desk.press(KeyCode::F(4)),
        |desk| {
            desk.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
            desk.press(KeyCode::Right);
            desk.press(KeyCode::Enter);
        },
        |desk| reprice(desk, 1, 30_000),
    ];
    for (at, way) in ways.into_iter().enumerate() {
        reprice(&mut desk, 1, 30_000);
        desk.enter("TEA");
        reprice(&mut desk, 1, 35_000);
        assert!(stands(&mut desk, notice), "way {at}: {}", desk.screen(160, 40));
        way(&mut desk);
        assert!(!stands(&mut desk, notice), "way {at}: {}", desk.screen(160, 40));
        desk.key(KeyCode::Char('x'), KeyModifiers::CONTROL);
        desk.press(KeyCode::Right);
        desk.press(KeyCode::Enter);
    }
}

#[test]
fn a_newer_price_takes_the_notices_place_and_nothing_waits_behind_it() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.enter("BUN");
    reprice(&mut desk, 1, 35_000);
    reprice(&mut desk, 1, 36_000);
    assert!(stands(&mut desk, "Green tea costs 3.60 now, not 3.00. Alt-P"), "{}", desk.screen(160, 40));
    assert!(!stands(&mut desk, "3.50") && !stands(&mut desk, "more wait"), "{}", desk.screen(160, 40));
    // What comes is said beside what stands, and what goes leaves the rest.
    reprice(&mut desk, 2, 17_500);
    let both = desk.screen(160, 40);
    assert!(both.contains("Butter bun costs 1.75 now") && both.contains("Green tea costs 3.60 now"), "{both}");
    desk.press(KeyCode::Delete);
    assert!(!stands(&mut desk, "Butter bun costs") && stands(&mut desk, "Green tea costs 3.60 now"));
    // What was put away is not said again beside news.
    desk.press(KeyCode::Esc);
    desk.enter("BUN");
    reprice(&mut desk, 2, 18_000);
    assert!(stands(&mut desk, "Butter bun costs 1.80 now") && !stands(&mut desk, "Green tea costs"));
}

#[test]
fn nobodys_words_wait_behind_a_notice_about_prices() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    reprice(&mut desk, 1, 35_000);
    desk.app.notify("Sam: come to the door".to_owned());
    let said = desk.screen(160, 40);
    assert!(said.contains("Sam: come to the door   Esc puts it away. 1 more wait."), "{said}");
    desk.press(KeyCode::Esc);
    assert!(stands(&mut desk, "Green tea costs 3.50 now"), "{}", desk.screen(160, 40));
    desk.tab('2');
    assert!(!stands(&mut desk, "Alt-P"), "its key means nothing there: {}", desk.screen(160, 40));
    desk.tab('1');
    assert!(stands(&mut desk, "Alt-P takes the new price"), "{}", desk.screen(160, 40));
}

#[test]
fn a_price_given_by_hand_stays_as_it_was_given() {
    let mut desk = Desk::new();
    desk.enter("TEA@2.80");
    reprice(&mut desk, 1, 35_000);
    desk.key(KeyCode::Char('p'), KeyModifiers::ALT);
    desk.press(KeyCode::Esc);
    desk.enter("3=");
    assert!(desk.screen(80, 24).contains("Change 0.20"), "{}", desk.screen(80, 24));
}

#[test]
fn while_it_is_paid_the_way_to_the_new_price_is_said() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.write("=");
    reprice(&mut desk, 1, 35_000);
    desk.press(KeyCode::Esc);
    desk.enter("3");
    let refused = desk.screen(100, 30);
    assert!(refused.contains("costs 3.50 now") && refused.contains("Esc, then Alt-P takes the new price"), "{refused}");
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    desk.key(KeyCode::Char('p'), KeyModifiers::ALT);
    desk.enter("3.50=");
    assert!(desk.screen(80, 24).contains("Change 0.00"), "{}", desk.screen(80, 24));
}

#[test]
fn a_basket_taken_up_again_tells_its_new_prices() {
    let mut desk = Desk::new();
    hold(&mut desk, 1, 1);
    reprice(&mut desk, 1, 35_000);
    desk.press(KeyCode::F(5));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("Green tea costs 3.50 now, not 3.00"), "{}", desk.screen(80, 24));
}

#[test]
fn baskets_on_hold_come_and_go_under_a_mark_that_stays() {
    let mut desk = Desk::new();
    let first = hold(&mut desk, 1, 1);
    let second = hold(&mut desk, 1, 2);
    desk.press(KeyCode::F(5));
    let marked = |desk: &mut Desk| {
        let screen = desk.screen(80, 24);
        screen.lines().find(|line| line.contains('▸')).unwrap_or_default().to_owned()
    };
    desk.press(KeyCode::Down);
    let on = marked(&mut desk);
    assert!(on.contains("6.00"), "{on}");
    // One comes, one goes: the mark stays on the same basket.
    hold(&mut desk, 2, 1);
    assert!(desk.screen(80, 24).contains("1 line · Butter bun"), "{}", desk.screen(80, 24));
    ask(&desk.shop, Command::RecallBasket { id: first });
    desk.app.wake();
    let screen = desk.screen(80, 24);
    assert!(marked(&mut desk).contains("6.00") && screen.matches("Green tea").count() == 1, "{screen}");
    // The marked one goes: its row says so, and Enter takes no other.
    ask(&desk.shop, Command::RecallBasket { id: second });
    desk.app.wake();
    assert!(marked(&mut desk).contains("is not there any more"), "{}", desk.screen(80, 24));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("Baskets on hold"), "{}", desk.screen(80, 24));
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Enter);
    let taken = desk.screen(80, 24);
    assert!(taken.contains("Butter bun") && taken.contains("1.50") && !taken.contains("Baskets on hold"), "{taken}");
}

#[test]
fn a_tax_rate_that_changes_is_told_and_taken_like_a_price() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    let saved = Product { tax_rate: Some(Rate(100_000)), ..on_record(&desk, 1) };
    ask(&desk.shop, Command::SaveProduct(saved));
    desk.app.wake();
    let told = desk.screen(80, 24);
    assert!(told.contains("Green tea is taxed at 10 % now. Alt-P takes the new price."), "{told}");
    desk.press(KeyCode::Esc);
    desk.enter("6=");
    let refused = desk.screen(100, 30);
    assert!(refused.contains("Green tea is taxed at 10 % now") && refused.contains("Alt-P"), "{refused}");
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    desk.key(KeyCode::Char('p'), KeyModifiers::ALT);
    assert!(desk.screen(80, 24).contains("10 %"), "{}", desk.screen(80, 24));
    desk.enter("6=");
    assert!(desk.screen(80, 24).contains("Change 0.00"), "{}", desk.screen(80, 24));
}
