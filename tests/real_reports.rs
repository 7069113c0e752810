//! Reports on real shops' data, through the command line: the figures that `expected.json` beside each set publishes.
//! The folder is named by `TILL_REAL_DATA`; without it there is nothing to compare with.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

fn till(shop: &Path, words: &[&str]) -> String {
    let done =
        Command::new(env!("CARGO_BIN_EXE_till")).arg("--shop").arg(shop).args(words).output().expect("till runs");
    assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("UTF-8")
}

fn report(shop: &Path, words: &str) -> Value {
    let words: Vec<&str> = ["report"].into_iter().chain(words.split(' ')).chain(["--json"]).collect();
    serde_json::from_str(&till(shop, &words)).expect("JSON")
}

/// The rows of a report, each as the named columns under other names; money to cents.
fn rows(answer: &Value, columns: &[(&str, &str)]) -> Value {
    let row = |row: &Value| columns.iter().map(|(name, column)| ((*name).to_owned(), cents(&row[column]))).collect();
    answer["rows"].as_array().expect("rows").iter().map(row).collect::<Vec<Value>>().into()
}

/// A decimal with more than two places, half away from zero; anything else as it is.
fn cents(value: &Value) -> Value {
    let long = value.as_str().filter(|text| text.rsplit_once('.').is_some_and(|(_, places)| places.len() > 2));
    let Some(Ok(decimal)) = long.map(str::parse::<Decimal>) else { return value.clone() };
    json!(format!("{:.2}", decimal.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)))
}

fn number(value: &Value) -> Decimal {
    value.as_str().expect("a decimal").parse().expect("a decimal")
}

/// The `unknown` member under the name the published figures give it.
fn renamed(mut rows: Value, column: &str) -> Value {
    for row in rows.as_array_mut().expect("rows") {
        if row[column] == "unknown" {
            row[column] = json!("(unknown)");
        }
    }
    rows
}

#[test]
fn every_set_gives_its_published_figures() {
    let Ok(root) = std::env::var("TILL_REAL_DATA") else {
        eprintln!("skipped: TILL_REAL_DATA names no folder with real shops' data");
        return;
    };
    let mut sets = 0;
    for entry in std::fs::read_dir(&root).expect("a folder") {
        let dir = entry.expect("an entry").path();
        if let Ok(expected) = std::fs::read_to_string(dir.join("expected.json")) {
            let expected: Value = serde_json::from_str(&expected).expect("JSON");
            let place = tempfile::tempdir().expect("a folder");
            let shop = place.path().join("shop.redb");
            till(&shop, &["init"]);
            till(&shop, &["import", dir.to_str().expect("a path")]);
            sums(&shop, &expected);
            lists(&shop, &expected);
            customers(&shop, &expected);
            beside(&shop, &expected);
            sets += 1;
        }
    }
    assert!(sets > 0, "no set with an expected.json under {root}");
}

fn sums(shop: &Path, expected: &Value) {
    let all = &report(shop, "sales --measures orders,units,gross,discounts,sales,tax")["rows"][0];
    assert_eq!(number(&all["sales"]), number(&expected["total_sales_exact"]));
    assert_eq!(cents(&all["gross"]), expected["gross_sales_before_discount"]);
    assert_eq!(cents(&all["discounts"]), expected["discounts"]);
    assert_eq!(cents(&all["tax"]), expected["tax"]);
    assert_eq!(number(&all["units"]), number(&expected["units"]));
    assert_eq!(all["orders"], expected["orders"]["non_cancelled"]);
    let average = &report(shop, "average-order")["rows"][0]["average_order"];
    assert_eq!(cents(average), expected["average_order_value"]);
    let returns = &report(shop, "returns-by-reason")["totals"];
    assert_eq!(cents(&returns["refund"]), expected["returns"]["refund_sum"]);
    assert_eq!(returns["returns"], expected["returns"]["rows"]);
    assert_eq!(report(shop, "feedback-summary")["totals"]["count"], expected["feedback"]["rows"]);
}

fn lists(shop: &Path, expected: &Value) {
    let pairs = |answer: Value, key: &str, value: &str| -> Value {
        let rows = answer["rows"].as_array().expect("rows").clone();
        let pair = |row: Value| (row[key].as_str().unwrap_or_default().to_owned(), cents(&row[value]));
        Value::Object(rows.into_iter().map(pair).collect())
    };
    assert_eq!(pairs(report(shop, "sales-by-month"), "month", "sales"), expected["sales_by_month"]);
    assert_eq!(pairs(report(shop, "order-status"), "status", "orders"), expected["status_counts"]);
    let found = rows(&report(shop, "top-products"), &[("id", "id"), ("total", "sales"), ("quantity", "units")]);
    assert_eq!(found, expected["top5_products"]);
    let found = rows(&report(shop, "top-products --sort units"), &[("id", "id"), ("quantity", "units")]);
    let ids = |rows: &Value| rows.as_array().expect("rows").iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&found), ids(&expected["top5_products_by_quantity"]));
    let found = report(shop, "sales --by location --sort sales --top 10");
    let found = rows(&found, &[("location", "location"), ("total", "sales"), ("orders", "orders")]);
    assert_eq!(renamed(found, "location"), expected["sales_by_location_top10"]);
    let found = rows(&report(shop, "sales-by-store"), &[("store_id", "id"), ("total", "sales"), ("orders", "orders")]);
    assert_eq!(found, expected["sales_by_store"]);
    let found = report(shop, "sales-by-category --sort sales --top 10");
    let found = rows(&found, &[("category", "category"), ("total", "sales")]);
    assert_eq!(renamed(found, "category"), expected["sales_by_category_top10"]);
    let columns = [("year", "year"), ("total", "sales"), ("growth_pct", "growth_pct")];
    assert_eq!(rows(&report(shop, "growth"), &columns), expected["yoy"]);
}

fn customers(shop: &Path, expected: &Value) {
    let columns = [("id", "id"), ("total", "sales"), ("orders", "orders")];
    assert_eq!(rows(&report(shop, "top-customers"), &columns), expected["top5_customers"]);
    let repeat = &report(shop, "repeat-customers")["rows"][0];
    assert_eq!(repeat["repeat_customers"], expected["repeat_customers"]);
    assert_eq!(repeat["customers_with_orders"], expected["customers"]["with_orders"]);
    assert_eq!(report(shop, "customers")["rows"][0]["customers"], expected["customers"]["rows"]);
    let as_of = expected["inactive"]["as_of"].as_str().expect("a day");
    let totals = &report(shop, &format!("inactive-customers --as-of {as_of} --top 1"))["totals"];
    assert_eq!(totals["never_bought"], expected["inactive"]["never_ordered"]);
    let bought = totals["inactive"].as_i64().zip(totals["never_bought"].as_i64()).map(|(all, never)| all - never);
    assert_eq!(bought, expected["inactive"]["inactive"].as_i64());
}

/// Reports that publish no figures of their own come to the same sums.
fn beside(shop: &Path, expected: &Value) {
    let sales = number(&expected["total_sales_exact"]);
    for words in ["basket-size", "basket-value", "abc-products", "why sales-by-product", "why average-order --top 1"] {
        assert_eq!(number(&report(shop, words)["totals"]["sales"]), sales, "{words}");
    }
    let steps = report(shop, "bridge");
    let step = |name: &str| {
        let found = steps["rows"].as_array().expect("rows").iter().find(|row| row["step"] == name);
        number(&found.expect("the step")["amount"])
    };
    assert_eq!(step("sales"), sales);
    assert_eq!(step("gross") + step("discounts"), sales, "these sets have no tax in their prices and no rounding");
    let all = report(shop, "why sales-by-store --top 100000000");
    let rows = all["rows"].as_array().expect("rows");
    assert_eq!(rows.iter().map(|row| number(&row["sales"])).sum::<Decimal>(), sales);
    let orders = rows.iter().filter(|row| row["orders"] == 1).count();
    assert_eq!(json!(orders), expected["orders"]["non_cancelled"]);
    let years = report(shop, "growth");
    for row in years["rows"].as_array().expect("rows").iter().filter(|row| !row["growth_pct"].is_null()) {
        let year = row["year"].as_i64().expect("a year");
        let words = format!("sales --from {year}-01-01 --to {}-01-01 --compare last-year", year + 1);
        assert_eq!(report(shop, &words)["rows"][0]["sales_change_pct"], row["growth_pct"], "{year}");
    }
}
