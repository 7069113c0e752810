//! Whole journeys at a real terminal, each checked on the screen and by `till report` and `till check` afterwards.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use pty::{Console, TILL, report, shop, till};
use std::path::Path;

fn sound(shop: &Path) {
    assert!(till(shop, &["check"]).contains("the shop is sound"));
}

fn stock_of(shop: &Path, id: &str) -> String {
    let answer = report(shop, &["stock-valuation"]);
    let row = answer["rows"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    row["quantity"].as_str().unwrap().to_owned()
}

/// The exit status of what is not done, and why it is not.
fn refused(shop: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(TILL).arg("--shop").arg(shop).args(words).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_first_sale_is_three_scans_and_two_keys() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 100, 30);
    console.wait("Scan or type a code");
    console.scan("4006381333931", "Green tea");
    console.scan("BUN", "Butter bun");
    console.scan("4006381333931", "6.00");
    console.send("=");
    console.wait("Pay");
    console.send("\r");
    console.wait("Change 0.00");
    let receipt = console.receipt();
    assert_eq!(receipt, "R1-000001");
    // The next scan already begins the next sale.
    console.scan("BUN", "Butter bun");
    console.gone("Change 0.00");
    console.send("20=\r");
    console.wait("Change 18.50");
    console.leave();
    let day = report(&shop, &["average-order"]);
    assert_eq!(day["rows"][0]["orders"], 2);
    assert!(till(&shop, &["receipt", &receipt]).contains("Green tea"));
    assert!(till(&shop, &["receipt", &receipt, "--columns", "16"]).lines().all(|row| row.chars().count() <= 16));
    for columns in ["0", "1", "15", "-1", "wide"] {
        let (status, why) = refused(&shop, &["receipt", &receipt, &format!("--columns={columns}")]);
        assert!(status == Some(2) && (columns == "wide" || columns == "-1" || why.contains("16 columns")), "{why}");
    }
    assert_eq!(stock_of(&shop, "1"), "48");
    assert_eq!(stock_of(&shop, "2"), "48");
    sound(&shop);
}

#[test]
fn what_follows_by_itself_comes_without_another_key() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 140, 40);
    console.wait("Scan or type a code");
    for order in ["1", "2"] {
        console.scan("TEA", "Green tea");
        console.send("3=\r");
        console.wait(&format!("Receipt R1-00000{order}"));
    }
    console.send("\x1b2");
    console.wait("│ Receipt R1-000002");
    console.send("\x1b[B");
    // The page beside the list follows once the mark rests, and a message goes after a while.
    console.wait("│ Receipt R1-000001");
    console.send("x");
    console.wait("Cancel order 1?");
    console.send("\x1b[C\r");
    console.wait("Order 1 is cancelled now.");
    console.gone("Order 1 is cancelled now.");
    console.leave();
    sound(&shop);
}

#[test]
fn weight_discount_and_two_payments_then_a_part_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 140, 40);
    console.wait("Scan or type a code");
    console.scan("0.412*GOU", "0.412 kg");
    console.scan("2*TEA", "Green tea");
    console.scan("-10%", "-10 %");
    console.scan("BUN", "Butter bun");
    // 5.97 + 5.40 + 1.50
    console.send("=");
    console.wait("Pay");
    console.send("d5\r");
    console.wait("card taken");
    console.send("c10\r");
    console.wait("Change 2.13");
    let receipt = console.receipt();
    console.send("\u{1b}2");
    console.wait("Placed");
    console.wait("Order 1");
    console.send("r");
    console.wait("Return of order 1");
    // Line 2, one of two, because it is damaged.
    console.send("\u{15}2\t\u{15}1\tdamaged\t\t\r");
    console.wait("Pay back 2.70");
    console.leave();
    let sales = report(&shop, &["sales-by-product"]);
    assert_eq!(sales["totals"]["orders"], 1);
    let back = report(&shop, &["returns-by-reason"]);
    assert_eq!(back["rows"][0]["reason"], "damaged");
    assert_eq!(back["rows"][0]["refund"], "2.70");
    let copy = till(&shop, &["receipt", &receipt]);
    assert!(copy.contains("12.87") && copy.contains("Paid back, Cash"), "{copy}");
    let slip = till(&shop, &["receipt", "--slip", "1"]);
    assert!(slip.contains("PAID BACK EUR") && slip.contains(&format!("of receipt {receipt}")), "{slip}");
    assert_eq!(stock_of(&shop, "1"), "49");
    assert_eq!(stock_of(&shop, "3"), "19.588");
    sound(&shop);
}

#[test]
fn a_basket_is_put_aside_and_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Scan or type a code");
    console.scan("3*TEA", "9.00");
    console.send("\u{1b}OS");
    console.wait("put aside");
    console.gone("Green tea");
    console.scan("BUN", "Butter bun");
    console.send("2=\r");
    console.wait("Change 0.50");
    console.send("\u{1b}[15~");
    console.wait("Baskets on hold");
    console.send("\r");
    console.wait("Green tea");
    console.send("9=\r");
    console.wait("Change 0.00");
    console.leave();
    assert_eq!(report(&shop, &["average-order"])["rows"][0]["orders"], 2);
    sound(&shop);
}

#[test]
fn goods_come_in_and_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 100, 30);
    console.wait("Scan or type a code");
    console.send("\u{1b}3");
    console.wait("Butter bun");
    console.send("r");
    console.wait("Receive Butter bun");
    console.send("24\t\t\r");
    console.wait("There are 74 now");
    console.send("c");
    console.wait("Count Butter bun");
    console.send("70\r");
    console.wait("There are 70 now");
    console.send("v");
    console.wait("counted by admin");
    console.wait("received by admin");
    console.send("\u{1b}");
    console.gone("received by admin");
    console.leave();
    assert_eq!(stock_of(&shop, "2"), "70");
    sound(&shop);
}

#[test]
fn a_customer_is_found_by_phone_and_buys() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 140, 40);
    console.wait("Scan or type a code");
    console.scan("#0101 22", "Ines Keller");
    console.scan("TEA", "Green tea");
    console.send("3=\r");
    console.wait("Change 0.00");
    console.send("\u{1b}4");
    console.wait("Otto Brandt");
    console.leave();
    let best = report(&shop, &["top-customers"]);
    assert_eq!(best["rows"][0]["id"], "K1");
    assert_eq!(best["rows"][0]["orders"], 1);
    sound(&shop);
}

#[test]
fn a_sku_that_products_share_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let files = folder.path().join("cups");
    std::fs::create_dir(&files).unwrap();
    let head = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level";
    let rows = "RED,CUP,,Red cup,,1.00,,,\nBLUE,CUP,,Blue cup,,2.00,,,\nGOLD,CUP,,Gold cup,,9.00,,,";
    std::fs::write(files.join("products.csv"), format!("{head}\n{rows}\n")).unwrap();
    till(&shop, &["import", files.to_str().unwrap()]);
    let mut console = Console::open(&shop, 100, 30);
    console.wait("Scan or type a code");
    console.scan("CUP", "3 products have the code CUP");
    console.wait("▸ Red cup · RED");
    console.send("\x1b[B\r");
    console.wait("1 piece");
    // Another scan is no answer: it is rung, and the question is gone.
    console.scan("3*CUP", "3 products have the code CUP");
    console.scan("TEA", "2 pieces");
    console.gone("Red cup · RED");
    console.scan("3*CUP", "3 products have the code CUP");
    console.send("\x1b[B\x1b[B\r");
    console.wait("5 pieces");
    console.send("50=\r");
    console.wait("Receipt R1-000001");
    console.leave();
    let sold = report(&shop, &["sales-by-product", "--where", "product=GOLD,BLUE,RED", "--sort", "units"]);
    let rows = sold["rows"].as_array().unwrap().iter().map(|row| (row["id"].as_str(), row["units"].as_str()));
    assert_eq!(rows.collect::<Vec<_>>(), [(Some("GOLD"), Some("3")), (Some("BLUE"), Some("1"))], "{sold}");
    sound(&shop);
}

/// Killed at any moment of selling, the shop has every receipt that was shown, and the basket as it was.
#[test]
fn a_kill_at_any_moment_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut random = fastrand::Rng::with_seed(7);
    let mut receipts: Vec<String> = Vec::new();
    let mut expected_in_hand: Option<&str> = None;
    for round in 0..50 {
        let mut console = Console::open(&shop, 100, 30);
        console.wait("Ctrl-P everything");
        if let Some(in_hand) = expected_in_hand.take() {
            console.wait(in_hand);
            // What was in hand is sold now, so that the next round begins with nothing.
            if in_hand == "4*" {
                console.scan("TEA", "4 pieces");
            }
            console.send("100=\r");
            console.wait("Change");
            receipts.push(console.receipt());
        } else {
            console.wait("Scan or type a code");
        }
        match random.u8(0..4) {
            // With a line in the basket.
            0 => {
                console.scan("GOU", "1 piece");
                expected_in_hand = Some("1 piece");
            }
            // In the middle of a word.
            1 => {
                console.send("4*");
                console.wait("4*");
                expected_in_hand = Some("4*");
            }
            // Just after a sale was shown.
            2 => {
                console.scan("BUN", "1 piece");
                console.send("2=\r");
                console.wait("Change 0.50");
                receipts.push(console.receipt());
            }
            // While a sale is being written: it may or may not be there, but never half.
            _ => {
                console.scan("BUN", "1 piece");
                console.send("2=\r");
                console.kill();
                let mut again = Console::open(&shop, 100, 30);
                again.wait("Ctrl-P everything");
                // Sold, it says so again; else the basket, or what was typed, is in hand: it is thrown away.
                if again.text().contains("Receipt ") {
                    receipts.push(again.receipt());
                } else if !again.text().contains("Scan or type a code") {
                    again.send("\u{15}\u{18}");
                    again.wait("Throw this basket away?");
                    again.send("\t\r");
                    again.wait("Scan or type a code");
                }
                console = again;
            }
        }
        console.kill();
        if round % 10 == 9 {
            sound(&shop);
        }
    }
    for receipt in &receipts {
        assert!(till(&shop, &["receipt", receipt]).contains(receipt.as_str()), "{receipt} was shown and is gone");
    }
    sound(&shop);
}
