//! Orders stand by the time they were placed at, in whatever order files brought them, and new ones on top.

use super::audit::{PRODUCTS, import};
use super::{Desk, ask};
use crate::domain::Order;
use crate::domain::command::Command;
use crate::engine::{Place, Shop, Timeline};
use crate::unit::OrderNo;
use crossterm::event::{KeyCode, KeyModifiers};

/// Orders of several days, in no order, some of a day without a time and some without a date.
fn scattered(count: usize) -> (String, String) {
    let mut orders = "id,store_id,ordered_at,status\n".to_owned();
    let mut lines = "order_id,line_no,product_id,quantity,unit_price,tax\n".to_owned();
    for at in 0..count {
        let mixed = at * 7_919 % count;
        let placed = match mixed % 10 {
            0 => String::new(),
            1 => format!("2026-01-{:02}", mixed % 28 + 1),
            _ => format!("2026-01-{:02}T{:02}:{:02}:00", mixed % 28 + 1, mixed % 24, mixed % 60),
        };
        orders.push_str(&format!("O{at},S1,{placed},paid\n"));
        lines.push_str(&format!("O{at},1,P2,{},3,0\n", at % 9 + 1));
    }
    (orders, lines)
}

fn load(shop: &Shop, count: usize) {
    let (orders, lines) = scattered(count);
    import(shop, &[("products.csv", PRODUCTS), ("orders.csv", &orders), ("order_lines.csv", &lines)]);
}

/// The ids in sight, from the top.
fn shown(desk: &mut Desk) -> Vec<String> {
    let screen = desk.screen(100, 30);
    let rows = screen.lines().skip(3).take_while(|line| line.contains("paid"));
    rows.map(|line| line.trim_start_matches(['\u{25b8}', ' ']).split(' ').next().unwrap_or_default().to_owned())
        .collect()
}

/// All orders by time, from what they say themselves.
fn by_time(shop: &Shop) -> Vec<(Place, String)> {
    let orders: Vec<Order> = shop.snapshot().unwrap().orders_from(OrderNo(0), usize::MAX).unwrap();
    let mut all: Vec<_> = orders.iter().map(|order| (Place::of(order), order.id())).collect();
    all.sort();
    all
}

#[test]
fn every_stretch_of_the_timeline_is_what_sorting_all_orders_gives() {
    let mut desk = Desk::new();
    load(&desk.shop, 300);
    for code in ["TEA", "BUN", "TEA"] {
        desk.enter(code);
        desk.enter("10=");
    }
    // A sealed order that is touched stands in the tail too, and is there once.
    let first = by_time(&desk.shop).iter().find(|(place, _)| place.day.0 > 0).unwrap().0;
    ask(&desk.shop, Command::AdvanceOrder { order: first.no, to: crate::domain::Status::Shipped });
    let expected: Vec<Place> = by_time(&desk.shop).into_iter().map(|(place, _)| place).collect();
    assert_eq!(expected.len(), 303);
    for sealed in [false, true] {
        if sealed {
            desk.shop.seal().unwrap();
        }
        let (snapshot, mut timeline) = (desk.shop.snapshot().unwrap(), Timeline::default());
        let mut paged = Vec::new();
        while let Ok(more) = timeline.earlier(&snapshot, paged.last().copied().unwrap_or(Place::LAST), 7) {
            if more.is_empty() {
                break;
            }
            paged.extend(more);
        }
        paged.reverse();
        assert_eq!(paged, expected);
        for (at, place) in expected.iter().enumerate() {
            let later = timeline.later(&snapshot, *place, 11).unwrap();
            assert_eq!(later, expected[at + 1..].iter().take(11).copied().collect::<Vec<_>>());
            assert_eq!(timeline.earlier(&snapshot, place.after(), 1).unwrap(), [*place]);
            assert_eq!(timeline.later(&snapshot, place.before(), 1).unwrap(), [*place]);
        }
        assert_eq!(timeline.later(&snapshot, Place::FIRST, 500).unwrap(), expected);
    }
}

#[test]
fn what_a_file_brought_in_no_order_is_listed_by_time() {
    let mut desk = Desk::new();
    load(&desk.shop, 60);
    let expected: Vec<String> = by_time(&desk.shop).into_iter().rev().map(|(_, id)| id).collect();
    desk.tab('2');
    let fit = shown(&mut desk).len();
    assert_eq!(shown(&mut desk), expected[..fit]);
    desk.press(KeyCode::End);
    assert_eq!(shown(&mut desk), expected[60 - fit..]);
    for _ in 0..60 {
        desk.press(KeyCode::Up);
    }
    assert_eq!(shown(&mut desk), expected[..fit]);
    desk.write("s");
    let turned: Vec<String> = expected.iter().rev().take(fit).cloned().collect();
    assert_eq!(shown(&mut desk), turned);
    desk.write("s");
    // A new sale comes on top, and an older file does not.
    desk.tab('1');
    desk.enter("TEA");
    desk.enter("10=");
    desk.tab('2');
    assert_eq!(shown(&mut desk)[1..], expected[..fit - 1]);
    // A day and a month are gone to, whatever lies before them.
    for (words, prefix) in [("/2026-01-17", "2026-01-17"), ("/2026-01 >20", "2026-01")] {
        desk.write(words);
        desk.press(KeyCode::Enter);
        for _ in 0..20 {
            desk.app.wake();
        }
        let all = by_time(&desk.shop).into_iter().rev();
        let of_day = all.filter(|(place, _)| place.day.0 > 0 && place.day.to_string().starts_with(prefix));
        let quantity = |id: &str| id.strip_prefix('O').map_or(0, |at| at.parse::<usize>().unwrap() % 9 + 1);
        let ids = of_day.map(|(_, id)| id).filter(|id| words.len() < 12 && quantity(id) > 0 || quantity(id) > 6);
        assert_eq!(shown(&mut desk), ids.take(fit).collect::<Vec<_>>(), "{words}");
        desk.press(KeyCode::End);
        desk.press(KeyCode::Esc);
    }
    // A filter keeps the order, and a number goes straight to its place.
    desk.write("/>23");
    desk.press(KeyCode::Enter);
    for _ in 0..20 {
        desk.app.wake();
    }
    let large = |id: &&String| id.strip_prefix('O').is_some_and(|at| at.parse::<usize>().unwrap() % 9 >= 7);
    let large: Vec<String> = expected.iter().filter(large).cloned().collect();
    assert_eq!(shown(&mut desk), large);
    desk.write("/");
    desk.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    desk.enter("O31");
    let at = expected.iter().position(|id| id == "O31").unwrap();
    assert_eq!(shown(&mut desk), expected[at..expected.len().min(at + fit)]);
}
