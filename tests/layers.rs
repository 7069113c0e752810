//! Keeps the house: floors import only from floors before them, rooms do not know each other both ways, and what
//! belongs to one room is named in no other. Reads the sources as text; each rule is tried on a source that breaks it.

#[path = "layers/rules.rs"]
mod rules;
#[path = "layers/source.rs"]
mod source;

use rules::{FILE_LINES, FUNCTION_LINES, KNOTS, TWO_ROOMS, cycles, misplaced, narrow, rooms, upward};
use source::{Source, Tree};
use std::path::Path;

/// Fails with every line that breaks `rule` in this crate.
#[track_caller]
fn kept(rule: fn(&Tree) -> Vec<String>) {
    let tree = Tree::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert!(tree.sources.len() > 100, "the sources were not found");
    let found = rule(&tree);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn floors_import_only_from_floors_before_them() {
    kept(upward);
}

#[test]
fn rooms_do_not_know_each_other_both_ways() {
    kept(|tree| cycles(tree, &KNOTS));
}

#[test]
fn every_word_stands_in_its_room() {
    kept(misplaced);
}

#[test]
fn engine_takes_transactions_and_console_takes_events() {
    kept(narrow);
}

#[test]
fn files_say_what_they_are_for_and_stay_small() {
    kept(|tree| rooms(tree, &TWO_ROOMS));
}

/// A crate of these files.
fn tree(files: &[(&str, &str)]) -> Tree {
    Tree::of(files.iter().map(|(path, text)| Source::new(path, text)).collect())
}

fn one(path: &str, text: &str) -> Tree {
    tree(&[(path, text)])
}

#[test]
fn an_upward_arrow_is_found_however_it_is_written() {
    let broken = [
        "use crate::domain::Order;",
        "use crate::{unit::Money, domain::{Order, Basket}};",
        "use crate::{\n    domain::order::Order,\n};",
        "fn total(order: &crate::domain::Order) {}",
        "use super::super::domain::Order;",
        "mod inner { use super::super::super::domain::Order; }",
        "#[cfg(test)]\nmod tests { use crate::domain::Order; }",
    ];
    for text in broken {
        assert_ne!(upward(&one("src/unit/money.rs", text)), Vec::<String>::new(), "{text}");
    }
    let found = upward(&one("src/unit/money.rs", "//! Money.\n\nuse crate::domain::Order;\n"));
    assert_eq!(found, ["src/unit/money.rs:3: unit imports domain"]);
}

#[test]
fn a_downward_arrow_a_comment_and_a_string_are_none() {
    let sound = [
        "use crate::unit::{Money, Text};",
        "// use crate::cli::run;",
        "/* crate::cli /* nested */ crate::cli */",
        "const A: &str = \"crate::cli::run\"; const B: char = '\"'; const C: &str = r#\"crate::cli \" \"#;",
        "fn of<'a>(text: &'a str) -> &'a str { text }",
        "pub(crate) fn f() {} pub(super) fn g() {} pub(in crate::domain) fn h() {}",
        "use super::basket::Basket;",
    ];
    for text in sound {
        assert_eq!(upward(&one("src/domain/order.rs", text)), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn main_knows_the_top_floors_alone() {
    assert!(upward(&one("src/main.rs", "fn main() { till::cli::run(till::session::local) }")).is_empty());
    assert_eq!(upward(&one("src/main.rs", "\nuse till::store::Fault;")), ["src/main.rs:2: main imports store"]);
}

#[test]
fn a_folder_that_is_no_floor_is_named() {
    assert_eq!(upward(&one("src/common/mod.rs", "")), ["src/common/mod.rs:1: common is not a floor"]);
}

#[test]
fn two_rooms_that_know_each_other_are_found() {
    let both = tree(&[
        ("src/store/mod.rs", "pub mod a; pub mod b;"),
        ("src/store/a.rs", "use super::b::B;"),
        ("src/store/b.rs", "\nuse crate::store::a::A;"),
    ]);
    let expected =
        ["src/store/a.rs:1: a imports b, and back, in store", "src/store/b.rs:2: b imports a, and back, in store"];
    assert_eq!(cycles(&both, &[]), expected);
}

#[test]
fn a_ring_of_three_is_found_through_what_the_face_lends() {
    let ring = tree(&[
        ("src/store/mod.rs", "pub mod a; mod b; mod c;\npub use b::B; pub use c::{self, C};"),
        ("src/store/a.rs", "use super::B;"),
        ("src/store/b.rs", "use crate::store::C;"),
        ("src/store/c.rs", "use super::a::A;"),
    ]);
    assert_eq!(cycles(&ring, &[]).len(), 3);
    assert_eq!(cycles(&ring, &[("store", "c", "a")]), Vec::<String>::new());
    // A knot that is none any more is to be taken off the list.
    assert_eq!(cycles(&ring, &[("store", "c", "a"), ("store", "b", "a")]).len(), 1);
}

#[test]
fn a_face_and_its_children_and_tests_are_no_cycle() {
    let sound = tree(&[
        ("src/store/mod.rs", "pub mod a; pub mod b;\npub use a::A; pub struct Face;"),
        ("src/store/a.rs", "use super::{Face, b};\n#[cfg(test)]\nmod tests { use super::*; }"),
        ("src/store/b.rs", "use super::Face;\n#[cfg(test)]\nmod tests { use crate::store::A; }"),
    ]);
    assert_eq!(cycles(&sound, &[]), Vec::<String>::new());
}

#[test]
fn words_out_of_their_rooms_are_found() {
    let broken = [
        ("src/store/table.rs", "fn f() { bincode::serde::encode(); }"),
        ("src/report/ask.rs", "use redb::Database;"),
        ("src/domain/order.rs", "use std::fs::File;"),
        ("src/unit/id.rs", "fn now() { std::time::SystemTime::now(); }"),
        ("src/unit/id.rs", "fn now() { let t = Instant::now(); }"),
        ("src/unit/id.rs", "fn roll() { fastrand::u64(..); }"),
        ("src/domain/order.rs", "use rand::Rng;"),
        ("src/domain/order.rs", "use std::net::TcpStream;"),
        ("src/console/app/mod.rs", "fn f() { std::fs::read(); }"),
        ("src/console/app/mod.rs", "fn f() { std::io::stdout(); }"),
        ("src/report/ask.rs", "fn f() { println!(); }"),
        ("src/demo/shop.rs", "fn f() { Utc::now(); }"),
        ("src/console/sale/quick.rs", "use crate::store::segment::Segment;"),
    ];
    for (path, text) in broken {
        assert_eq!(misplaced(&one(path, text)).len(), 1, "{path}: {text}");
    }
    let sound = [
        ("src/store/codec.rs", "fn f() { bincode::serde::encode(); }"),
        ("src/store/table.rs", "use redb::Database;"),
        ("src/cli/place.rs", "fn f() { let file = \"shop.redb\"; println!(); std::fs::read(); }"),
        ("src/unit/id.rs", "//! Never rand::random.\nfn f(rand: u64) { rand; }"),
        ("src/unit/id.rs", "#[cfg(test)]\nmod tests { fn f() { std::fs::read(); } }"),
    ];
    for (path, text) in sound {
        assert_eq!(misplaced(&one(path, text)), Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn engine_may_not_open_a_database_nor_console_a_terminal() {
    let broken = [
        ("src/engine/shop.rs", "use redb::{Database, ReadTransaction};"),
        ("src/engine/shop.rs", "fn f() { redb::Builder::new(); }"),
        ("src/console/app/mod.rs", "use crossterm::event::{read, KeyEvent};"),
        ("src/console/app/mod.rs", "fn f() { crossterm::terminal::enable_raw_mode(); }"),
        ("src/report/ask.rs", "use crossterm::event::KeyEvent;"),
    ];
    for (path, text) in broken {
        assert_eq!(narrow(&one(path, text)).len(), 1, "{path}: {text}");
    }
    let sound = [
        ("src/engine/shop.rs", "use crate::store::Database; use redb::{ReadTransaction, WriteTransaction};"),
        ("src/console/app/mod.rs", "use crossterm::event::{KeyCode, KeyEvent};"),
        ("src/session/local.rs", "use crossterm::event::{Event, EnableMouseCapture};"),
    ];
    for (path, text) in sound {
        assert_eq!(narrow(&one(path, text)), Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn what_is_unsaid_too_long_or_unfinished_is_found() {
    let file = format!("//! Long.\n{}", "const A: u8 = 0;\n".repeat(FILE_LINES));
    let function = format!("//! Long.\nfn long(a: [u8; 2]) {{\n{}}}\n", "    x();\n".repeat(FUNCTION_LINES - 1));
    let broken = [
        "fn unsaid() {}\n",
        file.as_str(),
        function.as_str(),
        "//! x\n// TODO: later\n",
        "//! x\nfn f() { todo!() }\n",
        "//! x\nfn f() { unimplemented!(); }\n",
    ];
    for text in broken {
        assert_eq!(rooms(&one("src/unit/x.rs", text), &[]).len(), 1, "{}", &text[..text.len().min(60)]);
    }
    assert_eq!(rooms(&one("src/unit/x.rs", &file), &[("src/unit/x.rs", FILE_LINES + 1)]), Vec::<String>::new());
    assert_eq!(rooms(&one("src/unit/x.rs", "//! x\n"), &[("src/unit/x.rs", FILE_LINES + 1)]).len(), 1);
    let in_tests = format!("//! x\n#[cfg(test)]\nmod tests {{\n{}}}\n", "    const A: u8 = 0;\n".repeat(FILE_LINES));
    assert_eq!(rooms(&one("src/unit/x.rs", &in_tests), &[]), Vec::<String>::new());
    let shorter = function.replacen("    x();\n", "", 1);
    assert_eq!(rooms(&one("src/unit/x.rs", &shorter), &[]), Vec::<String>::new());
    let apart = tree(&[
        ("src/unit/mod.rs", "//! x\n#[cfg(test)]\nmod tests;\n#[cfg(test)]\n#[path = \"other_tests.rs\"]\nmod more;\n"),
        ("src/unit/tests.rs", "use std::fs;\n"),
        ("src/unit/other_tests.rs", "use std::fs;\n"),
    ]);
    assert_eq!(rooms(&apart, &[]), Vec::<String>::new());
    assert_eq!(misplaced(&apart), Vec::<String>::new());
}
