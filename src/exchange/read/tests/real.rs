//! Real shops' data, from the folder that `TILL_REAL_DATA` names.

use std::path::Path;

use serde_json::Value;

use crate::domain::Status;
use crate::domain::fact::facts;
use crate::engine::verify::verify;
use crate::exchange::testing::Counter;
use crate::exchange::{Empty, read};
use crate::unit::money::plain_wide;

#[test]
fn every_set_reads_and_adds_up_to_the_last_digit() {
    let Ok(root) = std::env::var("TILL_REAL_DATA") else {
        eprintln!("skipped: TILL_REAL_DATA names no folder with real shops' data");
        return;
    };
    let mut sets = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let dir = entry.unwrap().path();
        if let Ok(expected) = std::fs::read_to_string(dir.join("expected.json")) {
            check(&dir, &serde_json::from_str(&expected).unwrap());
            comes_out_the_same(&dir);
            sets += 1;
        }
    }
    assert!(sets > 0, "no set with an expected.json under {root}");
}

fn check(dir: &Path, expected: &Value) {
    let bulk = read(dir, &Empty::default(), false, &|_, _| {}).unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    let counts = bulk.counts;
    let rows = [
        ("stores", counts.stores),
        ("products", counts.products),
        ("inventory", counts.inventory),
        ("customers", counts.customers),
        ("orders", counts.orders),
        ("order_lines", counts.lines),
        ("returns", counts.returns),
        ("feedback", counts.feedback),
    ];
    for (name, count) in rows {
        assert_eq!(expected["rows"][name].as_u64(), Some(count), "{name} of {}", dir.display());
    }
    let (mut sales, mut lines, mut orders) = (0i128, 0, 0);
    for item in bulk.orders {
        let (order, _) = item.unwrap();
        let fact = facts(&order).unwrap();
        orders += 1;
        lines += order.lines.len() as u64;
        if order.status != Status::Cancelled {
            sales += fact.lines.iter().map(|line| i128::from(line.sales.0)).sum::<i128>();
        }
    }
    assert_eq!((orders, lines), (counts.orders, counts.lines));
    let exact = expected["total_sales_exact"].as_str().unwrap();
    assert_eq!(plain_wide(sales, 0), exact, "sales of {}", dir.display());
}

/// In, out, in and out again: the same bytes, and a shop that proves itself.
fn comes_out_the_same(dir: &Path) {
    let (one, two) = (Counter::open(), Counter::open());
    one.import(dir);
    let first = one.export();
    two.import(&first.path);
    verify(&two.shop.snapshot().unwrap(), None, &|_, _| {})
        .unwrap_or_else(|fault| panic!("{}: {fault}", dir.display()));
    for ((name, text), (_, again)) in first.all().into_iter().zip(two.export().all()) {
        assert!(text == again, "{name} of {} changed on its way", dir.display());
    }
}
