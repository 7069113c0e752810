//! Every report on the screen, at every size that is kept: table and chart as text.

use super::Desk;
use crossterm::event::{KeyCode, KeyModifiers};

/// A shop with sales, a return of part of one and a cancelled order.
fn shop() -> Desk {
    let mut desk = Desk::new();
    for (code, times) in [("2*TEA", 3), ("BUN", 2), ("3*BUN", 1)] {
        for _ in 0..times {
            desk.enter("#Ines");
            desk.enter(code);
            desk.enter("20=");
        }
    }
    desk.enter("TEA");
    desk.enter("5=");
    desk.tab('2');
    desk.screen(140, 45);
    desk.write("x");
    desk.press(KeyCode::Right);
    desk.press(KeyCode::Enter);
    desk.press(KeyCode::End);
    desk.write("r");
    desk.press(KeyCode::Enter);
    desk.write("1");
    desk.press(KeyCode::Enter);
    desk.write("damaged");
    desk.key(KeyCode::Char('s'), KeyModifiers::CONTROL);
    desk.tab('5');
    desk
}

fn all(columns: u16, rows: u16) -> String {
    let mut desk = shop();
    desk.settled("Net sales", columns, rows);
    let mut pages = String::new();
    for (name, _) in crate::report::list() {
        if matches!(name, "order-history" | "sales" | "audit") {
            continue;
        }
        desk.write(&format!("/{name}"));
        desk.press(KeyCode::Enter);
        let page = desk.settled("live", columns, rows);
        let page: Vec<&str> = page.lines().map(str::trim_end).collect();
        pages.push_str(&format!("===== {name}\n{}\n", page.join("\n").trim_end()));
    }
    pages
}

#[test]
fn every_report_at_80x24() {
    insta::assert_snapshot!(all(80, 24));
}

#[test]
fn every_report_at_140x45() {
    insta::assert_snapshot!(all(140, 45));
}

#[test]
fn every_report_at_200x60() {
    insta::assert_snapshot!(all(200, 60));
}
