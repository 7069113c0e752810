//! A manager at the Reports tab: from a month's figure down to one receipt and back, and a day that is followed as it is sold.
//! What the screen said is asked again of `till report`, of the exported file and of `till check`.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use chrono::{Datelike, Months, NaiveDate, Utc};
use pty::{Console, report, till};
use std::path::{Path, PathBuf};

/// The first day of last month, in the shop's zone.
fn last_month() -> NaiveDate {
    Utc::now().date_naive().with_day(1).unwrap() - Months::new(1)
}

/// A shop of two stores. Last month North sold most of drinks, South of dairy; a year before North sold drinks for 20.00.
fn two_stores(folder: &Path) -> PathBuf {
    let shop = folder.join("shop.redb");
    till(&shop, &["init", "--name", "Two"]);
    let files = folder.join("files");
    std::fs::create_dir(&files).unwrap();
    let write = |name: &str, text: String| std::fs::write(files.join(name), text).unwrap();
    write("stores.csv", "id,name,location,timezone\nS1,North,,\nS2,South,,\n".to_owned());
    let products = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n\
        1,TEA,,Green tea,Drinks,3.00,1.20,0,\n2,BUN,,Butter bun,Bakery,1.50,0.60,0,\n\
        3,GOU,,Gouda,Dairy,14.50,8.00,0,\n4,COF,,Coffee,Drinks,8.00,4.00,0,\n";
    write("products.csv", products.to_owned());
    let (now, before) = (last_month(), last_month() - Months::new(12));
    let day = |month: NaiveDate, day: u32| month.with_day(day).unwrap();
    let orders = [
        ("A1", "S1", day(now, 5), 2, "4", "1.50"),
        ("A2", "S1", day(now, 10), 1, "7", "3.00"),
        ("A3", "S1", day(now, 12), 4, "1", "8.00"),
        ("A4", "S1", day(now, 10), 3, "1", "14.50"),
        ("B1", "S2", day(now, 10), 3, "10", "14.50"),
        ("B2", "S2", day(now, 10), 1, "1", "3.00"),
        ("Y1", "S1", day(before, 7), 1, "5", "4.00"),
    ];
    let mut heads = "id,store_id,customer_id,ordered_at,status,payment_method\n".to_owned();
    let mut lines = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n".to_owned();
    for (id, store, day, product, quantity, price) in orders {
        heads += &format!("{id},{store},,{day}T10:30:00,paid,cash\n");
        lines += &format!("{id},1,{product},{quantity},{price},0,0\n");
    }
    write("orders.csv", heads);
    write("order_lines.csv", lines);
    till(&shop, &["import", files.to_str().unwrap()]);
    shop
}

/// Chooses from the list on the screen.
fn choose(console: &mut Console, key: &str, title: &str, words: &str) {
    console.send(key);
    console.wait(title);
    console.send(words);
    console.send("\r");
    console.gone(title);
}

/// Opens the Reports tab on the cube.
fn cube(console: &mut Console) {
    console.wait("Scan or type a code");
    console.send("\u{1b}5");
    console.wait("Net sales");
    console.send("h");
    console.wait("Sales by day");
    console.send("j\r");
    console.wait("rows category");
}

/// The file that was just written, as text.
fn written(console: &mut Console, folder: &Path) -> String {
    console.wait("Written to ");
    let text = console.text();
    let name = text.split("Written to ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    std::fs::read_to_string(folder.join(name.trim_end_matches('.'))).unwrap()
}

#[test]
fn a_months_best_category_leads_to_one_receipt_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let shop = two_stores(folder.path());
    let mut console = Console::open(&shop, 140, 40);
    cube(&mut console);
    choose(&mut console, "p", "Which days?", "last month");
    choose(&mut console, "t", "Which store?", "North");
    console.wait("49.50");
    console.send("s");
    console.wait("▸ Drinks");
    assert!(console.text().contains("= 29.00 · 2 receipts"), "{}", console.text());
    // Into the category, its days, and the one receipt behind the marked cell: not the other store's, not other goods'.
    console.send("\r");
    console.wait("▸ Green tea");
    choose(&mut console, "c", "What are the columns?", "day");
    console.wait("= 21.00 · 1 receipt ·");
    console.wait(&format!("{} = 21.00", last_month().with_day(10).unwrap()));
    console.send("d");
    console.wait("the 1 order behind Green tea");
    console.wait("A2");
    assert!(!console.text().contains("A4") && !console.text().contains("B2"), "{}", console.text());
    console.send("\r");
    console.wait("Esc back");
    console.wait("7 × 3.00");
    console.send("\u{1b}");
    console.gone("Esc back");
    // And back to where it was left, and up again.
    console.send("\u{1b}5");
    console.wait("rows product   columns day   category = Drinks");
    console.send("u");
    console.wait("columns quarter");
    console.send("u");
    console.wait("▸ Drinks");
    console.send("%%%");
    console.wait("+45.0 %");
    console.send("b");
    console.wait("Keep this view");
    console.send("north-best\r");
    console.wait("Kept.");
    console.send("e");
    console.wait("In which form?");
    console.send("csv\r");
    let file = written(&mut console, folder.path());
    assert!(file.starts_with("category,quarter,net_sales,net_sales_before,net_sales_change_pct"), "{file}");
    assert!(file.lines().any(|line| line.starts_with("Drinks,") && line.contains(",29.00,20.00,45.0000")), "{file}");
    // It stands among the reports, as the cube it was kept as.
    console.send("h");
    console.wait("North best");
    console.send("j");
    console.wait("North best   net sales ▾   against last year ▾   last month ▾");
    console.wait("+45.0 %");
    // A row of any report leads to its orders too, within the chosen days and store.
    console.send("j\r");
    console.wait("Sales by day   last month");
    console.wait("35.50");
    console.send("j\r");
    console.wait(&format!("the 2 orders behind {}", last_month().with_day(10).unwrap()));
    console.wait("A2");
    assert!(console.text().contains("A4") && !console.text().contains("B1"), "{}", console.text());
    console.leave();
    let kept = report(&shop, &["north-best"]);
    let drinks = kept["rows"].as_array().unwrap().iter().find(|row| row["category"] == "Drinks").unwrap();
    assert_eq!((&drinks["net_sales"], &drinks["net_sales_before"]), (&"29.00".into(), &"20.00".into()));
    assert_eq!((&kept["totals"]["net_sales"], kept["rows"].as_array().unwrap().len()), (&"49.50".into(), 3));
    assert!(till(&shop, &["check"]).contains("the shop is sound"));
}

#[test]
fn a_day_is_followed_while_it_is_sold() {
    let folder = tempfile::tempdir().unwrap();
    let shop = two_stores(folder.path());
    let mut manager = Console::open(&shop, 140, 40);
    manager.wait("Scan or type a code");
    let mut seller = Console::open(&shop, 100, 30);
    seller.wait("Scan or type a code");
    let mut sell = |code: &str, name: &str| {
        seller.scan(code, name);
        seller.send("100=\r");
        seller.wait("Change");
    };
    manager.send("\u{1b}5");
    manager.wait("Nothing was sold yet.");
    // Nobody touches a key here from now on: figure, chart and list follow the till.
    sell("2*TEA", "Green tea");
    manager.wait("\n 6.00  ");
    manager.wait("Green tea █");
    manager.gone("Nothing was sold yet.");
    sell("BUN", "Butter bun");
    manager.wait("\n 7.50  ");
    manager.wait("Butter bun █");
    // The names beside it, with the mark on this one.
    manager.send("h");
    manager.wait("▸ Today");
    sell("TEA", "Green tea");
    manager.wait("10.50  ");
    assert!(manager.text().contains("▸ Today"), "{}", manager.text());
    // In the cube the mark stays with its row, even where that row moves: largest first, and bakery overtakes.
    manager.send("j\r");
    manager.wait("rows category");
    choose(&mut manager, "p", "Which days?", "today");
    manager.wait("10.50");
    manager.send("s");
    manager.wait("▸ Drinks");
    manager.send("j");
    manager.wait("▸ Bakery");
    let row_of = |text: &str| text.lines().position(|line| line.contains("▸ Bakery"));
    let before = row_of(&manager.text()).unwrap();
    sell("10*BUN", "Butter bun");
    manager.wait("25.50");
    assert_eq!(row_of(&manager.text()), Some(before - 1), "{}", manager.text());
    manager.wait("Bakery × ");
    manager.wait("= 16.50 · 2 receipts");
    manager.leave();
    seller.leave();
    let today = Utc::now().date_naive().to_string();
    let day = report(&shop, &["sales-by-day", "--from", &today]);
    assert_eq!((&day["totals"]["orders"], &day["totals"]["net_sales"]), (&4.into(), &"25.50".into()));
    assert!(till(&shop, &["check"]).contains("the shop is sound"));
}
