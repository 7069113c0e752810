//! From a key to the bytes of the frame that shows it, through the decoder, the console and the encoder, screen by screen; and
//! what a console nobody touches costs.
//!
//! `cargo bench --bench frame` looks at a shop of 1,500 orders in memory; `TILL_BENCH_SHOP` names a shop file of which a copy is
//! looked at instead.

#[path = "../../tests/byte_budgets/stage.rs"]
#[allow(dead_code, reason = "the benchmark sends keys only")]
mod stage;

use stage::Terminal;
use std::path::PathBuf;
use std::time::Duration;
use till::engine::{Seams, Shop};

/// What is typed on each screen, over and over: the way there, the words that say one is there, the keys.
const WALKS: [(&str, &str, &str, &[&str]); 6] = [
    ("sale: letters", "\x1b1", "Sale", &["t", "e", "a", "\x7f", "\x7f", "\x7f"]),
    ("sale: scans", "\x1b1", "Sale", &["1", "\r"]),
    ("orders: down and up", "\x1b2", "newest first", &["\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A"]),
    ("stock: down and up", "\x1b3", "On hand", &["\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A"]),
    ("customers: down and up", "\x1b4", "Customers", &["\x1b[B", "\x1b[B", "\x1b[B", "\x1b[A"]),
    ("palette: letters", "\x10", "Everything", &["r", "e", "p", "\x7f", "\x7f", "\x7f"]),
];

fn main() {
    // As a test it only shows that it runs.
    let rounds = if std::env::args().any(|word| word == "--bench") { 400 } else { 3 };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let shop = match std::env::var_os("TILL_BENCH_SHOP").map(PathBuf::from) {
        Some(own) => {
            let copy = folder.path().join("shop.redb");
            std::fs::copy(&own, &copy).expect("a copy of the shop");
            Shop::open(&copy, Seams::system(), |_| {}).expect("a shop")
        }
        None => stage::shop(),
    };
    println!("{:<24} {:>9} {:>10} {:>10} {:>10} {:>9}", "from key to bytes", "size", "p50", "p99", "max", "keys");
    for size in [(80, 24), (200, 50)] {
        for (name, way, there, keys) in WALKS {
            let mut terminal = Terminal::new(&shop, size);
            terminal.reach(way, there);
            let mut took = Vec::new();
            for _ in 0..rounds {
                for key in keys {
                    terminal.send(key);
                    took.push(terminal.took());
                }
            }
            took.sort_unstable();
            let at = |share: usize| ms(took[(took.len() - 1) * share / 100]);
            let (columns, rows) = size;
            let size = format!("{columns}x{rows}");
            println!("{name:<24} {size:>9} {:>10} {:>10} {:>10} {:>9}", at(50), at(99), at(100), took.len());
        }
    }
}

fn ms(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}
