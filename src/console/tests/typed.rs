//! What is half typed in the field of a sale is never lost to a stray key or a stray click.

use super::Desk;
use crossterm::event::{Event, KeyCode, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// The row of the screen that the field is in.
fn field(desk: &mut Desk) -> String {
    desk.screen(140, 45).lines().nth(1).unwrap_or_default().to_owned()
}

fn click(desk: &mut Desk, words: &str) {
    let screen = desk.screen(140, 45);
    let all = screen.lines().enumerate().filter_map(|(row, line)| Some((row, line.rfind(words)?, line)));
    // The keys stand at the right.
    let found = all.max_by_key(|(_, at, line)| line[..*at].chars().count());
    let (row, at, line) = found.unwrap_or_else(|| panic!("no {words}: {screen}"));
    let (column, row) = (line[..at].chars().count() as u16, row as u16);
    let kind = MouseEventKind::Down(MouseButton::Left);
    desk.app.event(Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

/// A desk with the tea on its first quick key.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.enter("3=");
    desk.until(140, 45, "a quick key", |screen| screen.contains(".1 Green tea"));
    desk
}

#[test]
fn the_first_sale_of_a_shop_makes_the_first_quick_key_sealed_or_not_and_it_stays() {
    let mut desk = desk();
    desk.shop.seal().unwrap();
    for _ in 0..2 {
        desk.enter("2*BUN");
        desk.enter("3=");
    }
    desk.app.wake();
    desk.enter(".1");
    let screen = desk.screen(140, 45);
    assert!(screen.contains(".1 Green tea") && !screen.contains(".2 ") && screen.contains("1 piece"), "{screen}");
    // Who sits down anew finds what sells best by now, most often first.
    let mut next = desk.again();
    let screen = next.until(140, 45, "quick keys", |screen| screen.contains(".1 "));
    assert!(screen.contains(".1 Butter bun") && screen.contains(".2 Green tea"), "{screen}");
}

#[test]
fn the_key_of_customers_keeps_what_is_typed() {
    let mut desk = desk();
    desk.write("ines");
    desk.press(KeyCode::F(3));
    assert!(field(&mut desk).contains("#ines"), "{}", field(&mut desk));
    desk.press(KeyCode::F(3));
    desk.write(" k");
    assert!(field(&mut desk).contains("#ines k"), "{}", field(&mut desk));
    desk.press(KeyCode::Enter);
    assert!(desk.screen(140, 45).contains("Ines Keller"), "{}", desk.screen(140, 45));
    desk.press(KeyCode::F(3));
    assert!(field(&mut desk).contains("#"), "{}", field(&mut desk));
    desk.press(KeyCode::Esc);
    desk.write("2*gre");
    desk.press(KeyCode::F(3));
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Up);
    assert!(field(&mut desk).contains("#2*gre"), "Esc and Up find it again: {}", field(&mut desk));
}

#[test]
fn a_click_on_a_quick_key_sells_it_and_keeps_what_is_typed() {
    let mut desk = desk();
    desk.write("but");
    click(&mut desk, "Green tea");
    let screen = desk.screen(140, 45);
    assert!(field(&mut desk).contains("but") && screen.contains("Butter bun"), "what is offered stays too: {screen}");
    desk.press(KeyCode::Esc);
    desk.write("3*");
    click(&mut desk, "Green tea");
    let screen = desk.screen(140, 45);
    assert!(!field(&mut desk).contains("3*") && screen.contains("12.00"), "one and three of it: {screen}");
    desk.write("=");
    click(&mut desk, "Green tea");
    desk.press(KeyCode::Esc);
    assert!(desk.screen(140, 45).contains("12.00"), "nothing is rung while it is paid");
}

#[test]
fn where_there_is_no_room_beside_the_basket_the_quick_keys_stand_in_it_until_something_does() {
    let mut desk = desk();
    assert!(!desk.screen(80, 24).contains(".1"), "nothing stands beside what was sold");
    desk.press(KeyCode::Esc);
    let screen = desk.screen(80, 24);
    assert!(screen.contains(".1 Green tea"), "{screen}");
    let row = screen.lines().position(|line| line.contains(".1 Green tea"));
    desk.write("bu");
    let screen = desk.screen(80, 24);
    assert_eq!(screen.lines().position(|line| line.contains(".1 Green tea")), row, "what is offered moves nothing");
    desk.press(KeyCode::Esc);
    desk.enter(".1");
    let screen = desk.screen(80, 24);
    assert!(screen.contains("Green tea") && !screen.contains(".1 Green tea"), "{screen}");
}

#[test]
fn goods_that_were_searched_for_leave_the_words_within_reach() {
    let mut desk = desk();
    desk.write("bu");
    desk.press(KeyCode::F(2));
    desk.enter("green");
    assert!(!field(&mut desk).contains("bu"), "{}", field(&mut desk));
    desk.press(KeyCode::Up);
    assert!(field(&mut desk).contains("bu"), "{}", field(&mut desk));
}

#[test]
fn whoever_turns_to_another_screen_before_the_quick_keys_came_finds_them_afterwards() {
    let mut desk = desk().again();
    // Whether the answer was on its way already or is given up: it is asked again.
    desk.tab('2');
    desk.tab('1');
    for _ in 0..2 {
        desk.tab('4');
        desk.app.wake();
        desk.tab('1');
    }
    desk.until(140, 45, "a quick key", |screen| screen.contains(".1 Green tea"));
}
