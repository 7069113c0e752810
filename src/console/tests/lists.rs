//! Lists: put in another order, marked with Space, handed out.

use super::{Desk, ask};
use crate::domain::basket::{Basket, BasketLine};
use crate::domain::command::{Command, ReturnLine};
use crate::domain::{CustomerDetails, Method, Status, Tender};
use crate::unit::{Money, OrderNo, ProductId, Quantity, Text};
use crossterm::event::KeyCode;

/// A shop with three sales, on its orders.
fn orders() -> Desk {
    let mut desk = Desk::new();
    for code in ["TEA", "BUN", "TEA"] {
        desk.enter(code);
        desk.enter("10=");
    }
    desk.tab('2');
    desk.screen(80, 24);
    desk
}

/// The orders in sight, from the top.
fn shown(desk: &mut Desk) -> Vec<String> {
    let screen = desk.screen(80, 24);
    let rows = screen.lines().skip(3).map(|line| line.trim_start_matches(['▸', ' ']));
    rows.take_while(|line| line.starts_with(['1', '2', '3', '6', '*']))
        .map(|line| line[..2].trim().to_owned())
        .collect()
}

#[test]
fn orders_stand_newest_or_oldest_first() {
    let mut desk = orders();
    assert_eq!(shown(&mut desk), ["3", "2", "1"]);
    desk.write("s");
    assert_eq!(shown(&mut desk), ["1", "2", "3"]);
    assert!(desk.screen(80, 24).contains("oldest first"));
    desk.press(KeyCode::End);
    desk.press(KeyCode::Up);
    assert!(desk.screen(80, 24).contains("▸ 2"));
    desk.write("s");
    assert_eq!(shown(&mut desk), ["3", "2", "1"]);
    assert!(desk.screen(80, 24).contains("▸ 2"), "the marked one stays marked");
}

#[test]
fn that_goods_came_back_is_seen_beside_the_longest_status() {
    let mut desk = Desk::new();
    sell(&desk, 4_000);
    for to in [Status::Shipped, Status::Delivered] {
        ask(&desk.shop, Command::AdvanceOrder { order: OrderNo(1), to });
    }
    let line = ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true };
    let reason = Text::lossy("dented");
    ask(&desk.shop, Command::ReturnLines { order: OrderNo(1), lines: vec![line], reason, method: None });
    desk.tab('2');
    for columns in [80, 81] {
        let screen = desk.screen(columns, 24);
        assert!(screen.contains("delivered ↩ ") && screen.contains("12,000.00"), "{screen}");
        assert_eq!(screen.contains("R1-000001"), columns == 81, "only the name gives way: {screen}");
    }
}

#[test]
fn what_is_marked_with_space_is_what_is_handed_out() {
    let mut desk = orders();
    desk.write(" ");
    desk.press(KeyCode::Down);
    desk.write(" ");
    assert_eq!(shown(&mut desk), ["*3", "2", "*1"]);
    desk.write("e");
    let files = std::fs::read_dir(desk._folder.path()).unwrap().flatten().map(|file| file.path());
    let file = files.into_iter().find(|path| path.extension().is_some_and(|ends| ends == "csv")).unwrap();
    let ids: Vec<String> =
        std::fs::read_to_string(file).unwrap().lines().skip(1).map(|line| line[..1].to_owned()).collect();
    assert_eq!(ids, ["3", "1"]);
    desk.press(KeyCode::Esc);
    assert_eq!(shown(&mut desk), ["3", "2", "1"]);
}

#[test]
fn products_and_customers_are_marked_and_turned_round_too() {
    let mut desk = orders();
    desk.tab('3');
    desk.screen(80, 24);
    desk.write(" ");
    assert!(desk.screen(80, 24).contains("*2") && desk.screen(80, 24).contains("1 marked"));
    desk.press(KeyCode::Esc);
    assert!(!desk.screen(80, 24).contains("marked"));
    desk.tab('4');
    desk.screen(80, 24);
    desk.write("s ");
    let customers = desk.screen(80, 24);
    assert!(customers.contains("oldest first") && customers.contains("*1"), "{customers}");
}

/// A shop with a hundred orders, of which the first and the sixtieth are large.
fn far_apart() -> Desk {
    let mut desk = Desk::new();
    for at in 1..=100 {
        let quantity = if at == 1 || at == 60 { 9 } else { 1 };
        sell(&desk, quantity);
    }
    desk.tab('2');
    desk.screen(100, 30);
    desk
}

fn sell(desk: &Desk, quantity: i64) {
    let product = desk.shop.snapshot().unwrap().catalogue().product(ProductId(1)).unwrap().clone();
    let mut basket = Basket::default();
    basket.ring(BasketLine::of(&product, Quantity::pieces(quantity), None).unwrap(), true).unwrap();
    let amount = Money(30_000 * quantity);
    let tenders = vec![Tender { method: Method::named(Method::CASH), amount, reference: None }];
    ask(&desk.shop, Command::PlaceOrder { basket, tenders, channel: None });
}

/// Lets the search go on until it has looked through everything.
fn settle(desk: &mut Desk) {
    for _ in 0..50 {
        desk.app.wake();
    }
}

#[test]
fn matches_that_lie_far_apart_are_all_found_from_either_end() {
    let mut desk = far_apart();
    desk.write("/>20");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(100, 30).contains("looking"), "{}", desk.screen(100, 30));
    settle(&mut desk);
    assert_eq!(shown(&mut desk), ["60", "1"]);
    assert!(!desk.screen(100, 30).contains("looking"));
    desk.press(KeyCode::End);
    settle(&mut desk);
    assert_eq!(shown(&mut desk), ["60", "1"]);
    desk.write("s");
    settle(&mut desk);
    assert_eq!(shown(&mut desk), ["1", "60"]);
    desk.write("s");
    settle(&mut desk);
    // One more comes in while the list is looked at, and none of those found is lost.
    sell(&desk, 8);
    settle(&mut desk);
    assert_eq!(shown(&mut desk), ["10", "60", "1"]);
}

#[test]
fn the_first_order_of_a_shop_comes_into_sight_by_itself() {
    let mut desk = Desk::new();
    desk.tab('2');
    assert!(desk.screen(100, 30).contains("No order yet"));
    sell(&desk, 1);
    desk.app.wake();
    assert_eq!(shown(&mut desk), ["1"]);
}

#[test]
fn all_that_match_leave_in_a_file_and_not_what_is_in_sight_alone() {
    let mut desk = far_apart();
    desk.screen(80, 14);
    desk.write("e");
    let file = |desk: &Desk| {
        let files = std::fs::read_dir(desk._folder.path()).unwrap().flatten().map(|file| file.path());
        let file = files.into_iter().find(|path| path.extension().is_some_and(|ends| ends == "csv")).unwrap();
        std::fs::read_to_string(&file).inspect(|_| std::fs::remove_file(&file).unwrap()).unwrap()
    };
    assert_eq!(file(&desk).lines().count(), 101);
    assert!(desk.screen(100, 30).contains("100 orders went to"), "{}", desk.screen(100, 30));
    desk.write("/>20");
    desk.press(KeyCode::Enter);
    desk.write("e");
    assert_eq!(file(&desk).lines().count(), 3);
}

#[test]
fn customers_leave_in_a_file_all_together() {
    let mut desk = Desk::new();
    for at in 0..40 {
        let details = CustomerDetails { name: Some(super::text(&format!("Person {at}"))), ..Default::default() };
        ask(&desk.shop, Command::SaveCustomer { customer: None, ext: None, details });
    }
    desk.tab('4');
    desk.screen(80, 14);
    desk.write("e");
    let files = std::fs::read_dir(desk._folder.path()).unwrap().flatten().map(|file| file.path());
    let file = files.into_iter().find(|path| path.extension().is_some_and(|ends| ends == "csv")).unwrap();
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 42);
    assert!(desk.screen(100, 30).contains("41 customers went to"), "{}", desk.screen(100, 30));
}

#[test]
fn marked_orders_are_moved_on_together_after_a_question() {
    let mut desk = orders();
    desk.write("  n");
    let asked = desk.screen(80, 24);
    assert!(asked.contains("Move 2 of 2 marked on?"), "{asked}");
    desk.press(KeyCode::Right);
    desk.press(KeyCode::Enter);
    let status = |no| desk.shop.snapshot().unwrap().order(crate::unit::OrderNo(no)).unwrap().unwrap().status;
    assert_eq!([status(3), status(2), status(1)], [Status::Shipped, Status::Shipped, Status::Paid]);
}

#[test]
fn every_movement_of_a_product_leads_back_to_its_cause_sealed_or_not() {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("10=");
    desk.enter("BUN");
    desk.enter("10=");
    desk.shop.seal().unwrap();
    let lines = vec![ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true }];
    ask(&desk.shop, Command::ReturnLines { order: OrderNo(1), lines, reason: Text::lossy("damp"), method: None });
    desk.enter("TEA");
    desk.enter("BUN");
    desk.enter("10=");
    ask(&desk.shop, Command::CancelOrder { order: OrderNo(3) });
    desk.tab('3');
    desk.screen(100, 30);
    desk.press(KeyCode::Down);
    for sealed in [false, true] {
        if sealed {
            desk.shop.seal().unwrap();
        }
        desk.write("v");
        let page = desk.screen(100, 30);
        let moved = |line: &str| line.split_once(" 10:00 ").map(|(_, rest)| rest.trim().to_owned());
        let mut moves: Vec<String> = page.lines().filter_map(moved).collect();
        // All of it happened within a second.
        moves.sort_unstable();
        let expected = [
            "+1  order 3 cancelled",
            "+1  returned of order 1",
            "+4  received by Mara",
            "-1  sold, order 3, receipt R1-000003",
            "-2  sold, order 1, receipt R1-000001",
        ];
        assert_eq!(moves, expected, "sealed {sealed}: {page}");
        desk.press(KeyCode::Esc);
    }
}
