//! Two people in one shop: what one does while the other has a form or a question open.

use super::{Desk, ask, product, text};
use crate::domain::basket::{Basket, BasketLine};
use crate::domain::command::{Actor, Command};
use crate::domain::{CustomerDetails, Method, Product, Request, Role, Staff, Status, Tender};
use crate::unit::{CustomerId, Money, OrderNo, ProductId, Quantity, RegisterId, StaffId, StoreId};
use crossterm::event::{KeyCode, KeyModifiers};
use std::sync::Arc;

fn on_hand(desk: &Desk, product: u32) -> Quantity {
    desk.shop.snapshot().unwrap().stock(StoreId(1), ProductId(product))
}

fn on_record(desk: &Desk, product: u32) -> Arc<Product> {
    desk.shop.snapshot().unwrap().catalogue().product(ProductId(product)).unwrap().clone()
}

fn status(desk: &Desk, order: u64) -> Status {
    desk.shop.snapshot().unwrap().order(OrderNo(order)).unwrap().unwrap().status
}

/// A colleague sells a bun.
fn sell(desk: &Desk) {
    let mut basket = Basket::default();
    basket.ring(BasketLine::of(&on_record(desk, 2), Quantity::ONE, None).unwrap(), true).unwrap();
    let tenders = vec![Tender { method: Method::named(Method::CASH), amount: Money(15_000), reference: None }];
    ask(&desk.shop, Command::PlaceOrder { basket, tenders, channel: None });
}

fn hand_in(desk: &mut Desk) {
    desk.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
}

fn yes(desk: &mut Desk) {
    desk.press(KeyCode::Right);
    desk.press(KeyCode::Enter);
}

#[test]
fn goods_go_to_the_product_the_form_was_opened_for() {
    let mut desk = Desk::new();
    desk.tab('3');
    assert!(desk.screen(100, 30).contains("▸ 2         Butter bun"));
    desk.write("r");
    assert!(desk.screen(100, 30).contains("Receive Butter bun"));
    desk.write("7");
    ask(&desk.shop, product("Apple", "APPLE", 5_000, 0));
    desk.app.wake();
    hand_in(&mut desk);
    assert_eq!(on_hand(&desk, 2), Quantity::pieces(7), "{}", desk.screen(100, 30));
    assert_eq!((on_hand(&desk, 1), on_hand(&desk, 3)), (Quantity::pieces(4), Quantity::ZERO));
}

#[test]
fn the_order_that_was_asked_about_is_cancelled_though_it_left_the_list() {
    let mut desk = Desk::new();
    sell(&desk);
    sell(&desk);
    desk.tab('2');
    desk.screen(80, 24);
    desk.write("/paid");
    desk.press(KeyCode::Enter);
    desk.write("x");
    let asked = desk.screen(80, 24);
    assert!(asked.contains("Cancel order 2?"), "{asked}");
    ask(&desk.shop, Command::AdvanceOrder { order: OrderNo(2), to: Status::Shipped });
    desk.app.wake();
    assert!(desk.screen(80, 24).contains("▸ 1 "), "only order 1 is paid and not shipped");
    yes(&mut desk);
    assert_eq!((status(&desk, 1), status(&desk, 2)), (Status::Paid, Status::Cancelled));
}

#[test]
fn the_customer_who_was_asked_about_is_forgotten_and_nobody_else() {
    let mut desk = Desk::new();
    let (category, said) = (Some(text("praise")), Some(text("Best of all.")));
    let customer = Some(CustomerId(1));
    ask(&desk.shop, Command::AddFeedback { customer, order: None, rating: Some(5), category, text: said });
    desk.tab('4');
    assert!(desk.screen(120, 40).contains("Best of all."), "{}", desk.screen(120, 40));
    desk.screen(80, 24);
    desk.write(":erase");
    desk.press(KeyCode::Enter);
    let asked = desk.screen(80, 24);
    assert!(asked.contains("Forget this person for good?") && asked.contains("Orders keep the id"), "{asked}");
    assert!(asked.contains("Everything known of Ines Keller (1) goes"), "{asked}");
    let small = desk.screen(40, 12);
    assert!(small.contains("figures stay.") && small.contains("▸ Keep     Forget"), "{small}");
    for at in 0..40 {
        let details = CustomerDetails { name: Some(text(&format!("Newcomer {at}"))), ..Default::default() };
        ask(&desk.shop, Command::SaveCustomer { customer: None, ext: None, details });
    }
    desk.app.wake();
    yes(&mut desk);
    desk.press(KeyCode::End);
    let page = desk.screen(120, 40);
    assert!(page.contains("praise, open") && !page.contains("Best of all."), "{page}");
    let known = |id| desk.shop.snapshot().unwrap().customer(CustomerId(id)).unwrap().unwrap().1;
    assert!(known(1).is_none(), "Ines is forgotten");
    assert!((2..=41).all(|id| known(id).is_some()));
}

#[test]
fn the_second_to_change_a_product_sees_the_difference_field_by_field() {
    let mut desk = Desk::new();
    desk.tab('3');
    desk.write("d");
    desk.write(" XL");
    let before = on_record(&desk, 2);
    let theirs = Product { price: Some(Money(17_500)), name: text("Buttered bun"), ..(*before).clone() };
    ask(&desk.shop, Command::SaveProduct(theirs.clone()));
    desk.app.wake();
    hand_in(&mut desk);
    assert_eq!(*on_record(&desk, 2), theirs, "nothing is saved over what was not seen");
    let form = desk.screen(100, 30);
    assert!(form.contains("theirs: Buttered bun") && form.contains("was: 1.50"), "{form}");
    insta::assert_snapshot!("changed_meanwhile_80x24", desk.screen(80, 24));
    hand_in(&mut desk);
    let saved = on_record(&desk, 2);
    assert_eq!((&*saved.name, saved.price), ("Butter bun XL", Some(Money(17_500))));
    let audit = crate::report::Request::named("audit").unwrap();
    let audit = crate::report::answer(&desk.shop.snapshot().unwrap(), &audit, crate::unit::Day(20_514)).unwrap().csv();
    assert!(audit.contains("name Butter bun → Buttered bun; price 1.50 → 1.75"), "{audit}");
    assert!(audit.contains("name Buttered bun → Butter bun XL"), "{audit}");
}

#[test]
fn the_second_to_change_a_customer_sees_the_difference_too() {
    let mut desk = Desk::new();
    desk.tab('4');
    desk.write("d");
    desk.write(" B.");
    let phone =
        CustomerDetails { name: Some(text("Ines Keller")), phone: Some(text("555 0199")), ..Default::default() };
    ask(&desk.shop, Command::SaveCustomer { customer: Some(CustomerId(1)), ext: None, details: phone });
    desk.app.wake();
    hand_in(&mut desk);
    assert!(desk.screen(100, 30).contains("was: 555 0101"), "{}", desk.screen(100, 30));
    hand_in(&mut desk);
    let known = desk.shop.snapshot().unwrap().customer(CustomerId(1)).unwrap().unwrap().1.unwrap();
    assert_eq!((known.name, known.phone), (Some(text("Ines Keller B.")), Some(text("555 0199"))));
}

#[test]
fn a_discount_that_only_a_supervisor_may_give_is_told_when_it_is_typed() {
    let mut desk = Desk::of(vec![Role::Manager, Role::Administrator]);
    let person = |id: u16, name: &str, role: Role| {
        let roles = vec![role];
        Command::SaveStaff(Staff { id: StaffId(id), ext: text(name), name: text(name), roles, disabled: false })
    };
    ask(&desk.shop, person(0, "Chief", Role::Administrator));
    let chief = Actor { staff: StaffId(2), register: RegisterId(1) };
    let request = Request { id: desk.shop.new_id(), actor: chief, command: person(1, "Mara", Role::Cashier) };
    desk.shop.execute(request).unwrap().unwrap();
    desk.app.wake();
    desk.enter("TEA");
    desk.enter("-20%");
    assert!(!desk.screen(80, 24).contains("supervisor"), "{}", desk.screen(80, 24));
    desk.enter("-21%");
    assert!(desk.screen(80, 24).contains("More than 20 % off: a supervisor is asked"), "{}", desk.screen(80, 24));
}

#[test]
fn a_code_that_another_product_has_is_refused_with_its_name_and_the_form_stays() {
    let mut desk = Desk::new();
    let tea = Product { barcodes: vec![text("0036000291452")], ..(*on_record(&desk, 1)).clone() };
    ask(&desk.shop, Command::SaveProduct(tea));
    desk.tab('3');
    let before = desk.shop.published();
    let said = "The barcode 036000291452 belongs to Green tea already.";
    // The same article, written with fewer digits; as it is, and with the SKU of another, which may be shared.
    for sku in ["", "TEA"] {
        desk.write("a");
        desk.write("Jasmine tea");
        desk.press(KeyCode::Tab);
        desk.press(KeyCode::Tab);
        desk.write(sku);
        desk.press(KeyCode::Tab);
        desk.write("036000291452");
        hand_in(&mut desk);
        let form = desk.screen(100, 30);
        assert!(form.contains("New product") && form.contains("Jasmine tea") && form.contains(said), "{form}");
        assert_eq!(desk.shop.published(), before, "nothing was saved");
        desk.press(KeyCode::Esc);
        desk.press(KeyCode::Delete);
    }
    // The same holds for a product that is changed.
    desk.write("d");
    desk.press(KeyCode::Tab);
    desk.press(KeyCode::Tab);
    desk.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    desk.write("TEA");
    desk.press(KeyCode::Tab);
    desk.write("036000291452");
    hand_in(&mut desk);
    assert!(desk.screen(100, 30).contains(said), "{}", desk.screen(100, 30));
    desk.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    hand_in(&mut desk);
    let shared = desk.shop.snapshot().unwrap().catalogue().by_code("TEA").to_vec();
    assert_eq!(shared, [ProductId(1), ProductId(2)], "only a barcode is one product's own");
}
