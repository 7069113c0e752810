//! Taking the money: what is refused at the tender, and what a stray key does.

use super::{Desk, ask, text};
use crate::domain::Method;
use crate::domain::command::{Command, ReturnLine};
use crate::unit::{OrderNo, Quantity};
use crossterm::event::KeyCode;

/// Ines has 5.00 of store credit, and goods for 12.00 lie in a basket in her name.
fn with_credit() -> Desk {
    let mut desk = Desk::new();
    desk.enter("#Ines");
    desk.enter("TEA@5.00");
    desk.enter("5=");
    let line = ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true };
    let (reason, method) = (text("too bitter"), Some(Method::named(Method::STORE_CREDIT)));
    ask(&desk.shop, Command::ReturnLines { order: OrderNo(1), lines: vec![line], reason, method });
    desk.app.wake();
    desk.enter("#Ines");
    desk.enter("4*TEA");
    desk
}

#[test]
fn store_credit_is_taken_once_and_no_more_of_it_than_there_is() {
    let mut desk = with_credit();
    desk.write("=s");
    desk.press(KeyCode::Enter);
    let refused = desk.screen(80, 24);
    assert!(refused.contains("There is 5.00 of store credit. Take the rest another way."), "{refused}");
    desk.enter("3");
    desk.enter("3");
    let refused = desk.screen(80, 24);
    assert!(refused.contains("There is 2.00 of store credit.") && refused.matches("store credit taken").count() == 1);
    desk.enter("2");
    assert_eq!(desk.screen(80, 24).matches("store credit taken").count(), 2, "{}", desk.screen(80, 24));
    desk.write("d");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("paid 12.00"), "{}", desk.screen(80, 24));
}

#[test]
fn nobody_in_particular_has_store_credit() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.write("=s");
    let refused = desk.screen(80, 24);
    assert!(refused.contains("Store credit needs a customer.") && refused.contains("▸c cash"), "{refused}");
    for chosen in ["▸d card", "▸t transfer", "▸o other", "▸c cash"] {
        desk.press(KeyCode::Tab);
        assert!(desk.screen(80, 24).contains(chosen), "{}", desk.screen(80, 24));
    }
    desk.press(KeyCode::BackTab);
    assert!(desk.screen(80, 24).contains("▸o other"), "{}", desk.screen(80, 24));
}

#[test]
fn the_total_is_grouped_like_the_lines_above_it() {
    let mut desk = Desk::new();
    desk.enter("500*TEA");
    let small = desk.screen(60, 12);
    assert!(small.matches("1,500.00").count() == 2 && !small.contains("1500.00"), "{small}");
}

#[test]
fn what_opens_the_payment_takes_no_money() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    let before = desk.shop.published();
    desk.write("==");
    desk.press(KeyCode::F(9));
    let paying = desk.screen(80, 24);
    assert!(paying.contains("Enter takes 3.00 by cash") && !paying.contains("F9"), "{paying}");
    desk.write("1=");
    desk.press(KeyCode::F(9));
    assert!(desk.screen(80, 24).contains("Amount    1\n"), "{}", desk.screen(80, 24));
    assert_eq!(desk.shop.published(), before);
    desk.press(KeyCode::Enter);
    desk.write("t");
    desk.enter("2");
    desk.enter("a=b");
    assert!(desk.screen(80, 24).contains("Change 0.00"), "{}", desk.screen(80, 24));
    let snapshot = desk.shop.snapshot().unwrap();
    let order = snapshot.order(OrderNo(1)).unwrap().unwrap();
    let details = snapshot.order_details(&order).unwrap().unwrap();
    assert_eq!(&*details.references[0].1, "a=b");
}

#[test]
fn what_is_half_typed_waits_while_it_is_paid() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.write("2*bu");
    let before = desk.screen(80, 24);
    desk.press(KeyCode::F(9));
    desk.write("1");
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    assert_eq!(desk.screen(80, 24), before, "with what was offered for it");
    desk.press(KeyCode::F(9));
    desk.press(KeyCode::Enter);
    // The next sale begins with its own first key.
    desk.enter("BUN");
    assert!(desk.screen(80, 24).contains("1 piece"), "{}", desk.screen(80, 24));
}

#[test]
fn what_was_half_typed_when_it_was_paid_comes_back_by_up() {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.write("2*bu");
    desk.press(KeyCode::F(9));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(80, 24).contains("Change 0.00"), "{}", desk.screen(80, 24));
    desk.press(KeyCode::Up);
    assert!(desk.screen(80, 24).contains("2*bu"), "{}", desk.screen(80, 24));
}
