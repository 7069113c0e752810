//! Every screen, and whatever any key of the table opens on it, at sizes from nothing to a wall.

use super::{Desk, ask, text};
use crate::console::keymap::{Chord, Context, TABLE};
use crate::domain::Command;
use crate::unit::{CustomerId, StaffId};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

const SIZES: [(u16, u16); 8] = [(0, 0), (1, 1), (3, 3), (39, 11), (40, 12), (41, 13), (80, 24), (250, 70)];

/// The tabs, with the keys that hold on them besides those of lists.
const TABS: [(char, &[Context]); 7] = [
    ('1', &[Context::Sale]),
    ('2', &[Context::Orders]),
    ('3', &[Context::Stock]),
    ('4', &[Context::Customers]),
    ('5', &[Context::Reports, Context::Cube]),
    ('6', &[Context::People]),
    ('7', &[Context::Audit]),
];

/// A shop in which something stands on every screen, and a basket in hand.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.enter("#Ines");
    desk.enter("2*TEA");
    desk.enter("20=");
    desk.enter("bun");
    desk.press(KeyCode::F(4));
    desk.enter("3*TEA");
    desk.enter("-10%");
    let (category, words) = (Some(text("complaint")), Some(text("Cold. ".repeat(80).trim())));
    let customer = Some(CustomerId(1));
    ask(&desk.shop, Command::AddFeedback { customer, order: None, rating: Some(1), category, text: words });
    desk.app.wake();
    desk
}

/// What stands there, at every size: something, wherever there is room for a frame.
fn at_all_sizes(desk: &mut Desk, what: &str) {
    for (columns, rows) in SIZES {
        let screen = desk.screen(columns, rows);
        match (columns, rows) {
            (39, 11) => assert!(screen.starts_with("till needs 40x12"), "{what}: {screen}"),
            (40.., 12..) => assert!(!screen.trim().is_empty(), "{what}: {screen}"),
            _ => {}
        }
    }
}

fn back(desk: &mut Desk) {
    (0..3).for_each(|_| desk.press(KeyCode::Esc));
}

#[test]
fn no_size_breaks_what_any_key_opens() {
    for (tab, own) in TABS {
        let mut desk = desk();
        let held = |context: &Context| own.contains(context) || matches!(context, Context::List | Context::Global);
        for binding in TABLE.iter().filter(|binding| held(&binding.context) && !binding.keys.is_empty()) {
            desk.tab(tab);
            desk.screen(100, 30);
            let what = format!("{} on {tab}", binding.name);
            desk.app.event(event(binding.keys[0]));
            at_all_sizes(&mut desk, &what);
            // And what moves there, at the smallest that is drawn and at the largest.
            for (columns, rows) in [(40, 12), (250, 70)] {
                desk.screen(columns, rows);
                [KeyCode::Down, KeyCode::End, KeyCode::Up].into_iter().for_each(|key| desk.press(key));
                desk.screen(columns, rows);
            }
            back(&mut desk);
        }
        desk.tab(tab);
        at_all_sizes(&mut desk, &format!("{tab} at the end"));
    }
}

#[test]
fn no_size_breaks_a_layer_that_is_being_filled() {
    // The tab, the keys that open something there, and what is typed into it.
    let filled = [
        ('1', "", "2*gre"),
        ('1', "", "="),
        ('1', "", "=5"),
        ('1', "", "=5\r"),
        ('1', "", "=20\r"),
        ('2', "/", "ines"),
        ('2', "r", "1"),
        ('2', "\r", ""),
        ('3', "a", "A name that is longer than any field has room for, and then some more of it"),
        ('3', "r", "4x"),
        ('3', "r", "x\r\r\r"),
        ('4', "d", "Ines"),
        ('4', "f", "5"),
        ('5', "/", "sales-by-product\r"),
        ('5', "/", "cohorts\r"),
        ('5', "/", "hour-heatmap\r"),
        ('5', "/", "cube"),
        ('6', "a", "Ben"),
        ('6', "p", "1234"),
        ('7', "/", "mara"),
        ('7', "\r", ""),
    ];
    for (tab, opens, typed) in filled {
        let mut desk = desk();
        desk.tab(tab);
        desk.screen(100, 30);
        for letter in opens.chars().chain(typed.chars()) {
            desk.press(if letter == '\r' { KeyCode::Enter } else { KeyCode::Char(letter) });
        }
        at_all_sizes(&mut desk, &format!("{opens:?} {typed:?} on {tab}"));
        // A form with something in it asks whether it may go.
        desk.press(KeyCode::Esc);
        at_all_sizes(&mut desk, &format!("Esc after {opens:?} {typed:?} on {tab}"));
        for (columns, rows) in [(40, 12), (250, 70)] {
            desk.screen(columns, rows);
            desk.press(KeyCode::Tab);
            desk.write("zz");
            desk.screen(columns, rows);
        }
    }
}

#[test]
fn no_size_breaks_the_dashboard_and_the_reports_with_their_answers() {
    let mut desk = desk();
    desk.tab('5');
    desk.settled("Top products", 100, 30);
    at_all_sizes(&mut desk, "Today");
    desk.press(KeyCode::Left);
    desk.press(KeyCode::Down);
    desk.press(KeyCode::Right);
    desk.settled("rows category", 100, 30);
    at_all_sizes(&mut desk, "the cube");
    for (report, words) in [("sales-by-day", "2026-03-02"), ("segments", "live"), ("cohorts", "live")] {
        desk.press(KeyCode::Esc);
        desk.write(&format!("/{report}"));
        desk.press(KeyCode::Enter);
        desk.settled(words, 100, 30);
        at_all_sizes(&mut desk, report);
        desk.write("g");
        at_all_sizes(&mut desk, report);
    }
}

#[test]
fn no_size_breaks_a_notice_a_toast_or_a_message() {
    use crate::engine::presence::Signal;
    let mut desk = desk();
    desk.app.hear(&Signal::Message(StaffId(1), "Close the back door, please. ".repeat(12)));
    at_all_sizes(&mut desk, "a message");
    desk.enter("4006381333931");
    at_all_sizes(&mut desk, "a refusal over it");
    desk.key(KeyCode::Char('p'), KeyModifiers::CONTROL);
    at_all_sizes(&mut desk, "a message below the palette");
}

/// The event that a key of the table stands for.
fn event(key: &str) -> Event {
    use KeyCode::{BackTab, Backspace, Delete, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Tab, Up};
    let named = [Enter, Esc, Tab, BackTab, Backspace, Delete, Up, Down, Left, Right, Home, End, PageUp, PageDown];
    let codes = named.into_iter().chain((1..=12).map(KeyCode::F)).chain((' '..='~').map(KeyCode::Char));
    let modifiers = [KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::ALT];
    let mut keys = codes.flat_map(|code| modifiers.map(|modifiers| KeyEvent::new(code, modifiers)));
    let wanted = Chord::parse(key).unwrap();
    Event::Key(keys.find(|key| Chord::of(*key) == wanted).unwrap_or_else(|| panic!("no key for {key}")))
}
