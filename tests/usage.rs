//! What the command line says when the words are wrong, and what it says beside an answer: the same with a server and without.

#[allow(dead_code, reason = "each test takes what it needs of it")]
#[path = "support/outside.rs"]
mod outside;

use outside::{Server, Shop};
use std::fs;

/// Two stores that both have a register 2.
fn two_stores() -> Shop {
    Shop::of(&[
        ("stores.csv", "id,name,location,timezone\nN,North,,UTC\nS,South,,UTC\n"),
        ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\np,,,P,,1.00,,,\n"),
        (
            "orders.csv",
            "id,store_id,customer_id,ordered_at,status,payment_method,register\n\
             1,S,,2024-01-01,paid,,till A\n2,N,,2024-01-02,paid,,2\n3,S,,2024-01-03,paid,,2\n4,N,,2024-01-04,paid,,1\n",
        ),
        (
            "order_lines.csv",
            "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,p,1,10,,\n2,1,p,1,20,,\n3,1,p,1,40,,\n\
             4,1,p,1,80,,\n",
        ),
    ])
}

/// The rows of an answer, fields joined by blanks.
fn rows(shop: &Shop, words: &[&str]) -> Vec<String> {
    let told = shop.works(&[&["report"], words, &["--csv"]].concat());
    told.lines().skip(1).map(|line| line.replace(',', " ")).collect()
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let shop = two_stores();
    shop.write("junk", "no shop at all");
    let all: &[(&[&str], i32, &str)] = &[
        (&["report"], 2, "which report?"),
        (&["import"], 2, "<DIR>; usage: till import"),
        (&["import", "--foo", "x"], 2, "unexpected argument '--foo'"),
        (&["receipt", "1", "--format", "pdf"], 2, "[possible values: text, escpos, json]"),
        (&["frobnicate"], 2, "unrecognized subcommand"),
        (&["user", "add"], 2, "usage: till user add"),
        (&["report", "low-stock", "--sort", "sales"], 2, "no figure sales"),
        (&["export", "junk"], 1, "junk is a file; give a folder"),
        (&["restore", "junk"], 1, "/junk is not a till shop file"),
        (&["restore", "nothing"], 1, "/nothing: there is no such file"),
    ];
    let check = |with: &str| {
        for (words, status, part) in all {
            let (ended, said) = shop.says(words);
            assert_eq!(ended, *status, "{words:?} {with}: {said}");
            assert!(said.starts_with("till: ") && said.trim_end().lines().count() == 1, "one line {with}: {said}");
            assert!(said.contains(part), "{said} should say {part} {with}");
        }
    };
    check("without a server");
    let nowhere = shop.command_on("none.redb", &["report", "--json"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2), "no shop is needed to see that no report is named");
    let _server = Server::of(&shop);
    check("with one");
}

#[test]
fn how_a_csv_was_answered_stands_on_standard_error() {
    let shop = two_stores();
    let words = ["report", "sales-by-category", "--csv", "--explain"];
    let check = |how: &str| {
        let done = shop.run(&words);
        assert!(done.status.success());
        assert_eq!(String::from_utf8(done.stdout).unwrap(), shop.works(&words[..3]));
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(said.starts_with(how) && said.lines().count() == 1 && said.contains("rows read"), "{said}");
    };
    check("rollup: ");
    let _server = Server::of(&shop);
    shop.works(&words[..3]);
    check("kept rollup: ");
}

#[test]
fn findings_stand_on_lines_of_their_own() {
    let shop = two_stores();
    shop.write("more/stores.csv", "id,name,location,timezone\nX,,,Mars/Base\nY,,,Mars/Base\n");
    let (status, said) = shop.says(&["import", "more"]);
    assert_eq!(status, 1);
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "till: the import found 2 faults; nothing was changed",
            "stores.csv:2: timezone: there is no time zone \"Mars/Base\"",
            "stores.csv:3: timezone: there is no time zone \"Mars/Base\"",
        ]
    );
}

#[test]
fn registers_are_called_what_the_files_call_them() {
    let shop = two_stores();
    let by_register = ["sales-by-register", "--measures", "sales"];
    let expected = ["1 1 80.00", "N/2 2 20.00", "S/2 2 40.00", "till A till A 10.00"];
    assert_eq!(rows(&shop, &by_register), expected);
    let of = |value: &str| rows(&shop, &["sales", "--by", "store", "--measures", "sales", "--where", value]);
    assert_eq!(of("register=2"), ["N North 20.00", "S South 40.00"], "all of that text, never a number");
    assert_eq!(of("register=S/2"), ["S South 40.00"]);
    assert_eq!(of("register=N/1"), ["N North 80.00"]);
    assert_eq!(of("register=till A"), ["S South 10.00"]);
    assert_eq!(of("register=3"), [] as [&str; 0]);
    // A view that was kept asks for the same in a copy whose orders come in another order.
    let out = shop.path("out");
    shop.works(&["export", out.to_str().unwrap()]);
    let orders = fs::read_to_string(out.join("orders.csv")).unwrap();
    let (head, body) = orders.split_once('\n').unwrap();
    let turned: Vec<&str> = body.lines().rev().collect();
    fs::write(out.join("orders.csv"), format!("{head}\n{}\n", turned.join("\n"))).unwrap();
    let copy = Shop::empty();
    copy.works(&["import", out.to_str().unwrap()]);
    assert_eq!(rows(&copy, &by_register), expected);
    copy.works(&[
        "report",
        "save",
        "south",
        "sales",
        "--by",
        "store",
        "--measures",
        "sales",
        "--where",
        "register=S/2",
    ]);
    assert_eq!(rows(&copy, &["south"]), ["S South 40.00"]);
}

#[test]
fn no_two_registers_of_a_store_are_called_alike() {
    let shop = two_stores();
    let twin = shop.run(&["settings", "--add-register", "2", "--in-store", "S"]);
    let said = String::from_utf8_lossy(&twin.stderr).into_owned();
    assert_eq!((twin.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("register 2 belongs to South already"), "{said}");
    shop.works(&["settings", "--add-register", "3", "--in-store", "S"]);
    assert!(!shop.works(&["settings"]).contains("2 in South, 2 in South"));
}
