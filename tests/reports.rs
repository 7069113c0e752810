//! `till report` from outside: exit statuses, formats, saved views, what lies behind a figure, and watching through the
//! server that owns the shop.

#[allow(dead_code, reason = "each test takes what it needs of it")]
#[path = "support/outside.rs"]
mod outside;

use outside::{Server, Shop};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write as _};
use std::process::Stdio;
use till::report::kept::{From, lay_by};

const STORES: &str = "id,name,location,timezone\n";
const PRODUCTS: &str = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n";
const ORDERS: &str = "id,store_id,customer_id,ordered_at,status,payment_method\n";
const LINES: &str = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n";

/// Two products, three orders of two customers, one of them cancelled.
fn shop() -> Shop {
    Shop::of(&[
        ("stores.csv", &format!("{STORES}1,Main,Town,\n")),
        (
            "products.csv",
            &format!("{PRODUCTS}T,,,\"Tea, green\",\"Tea, loose\",4.00,1.00,0,\nC,,,Caffè,Coffee,3.00,1.50,0,\n"),
        ),
        ("customers.csv", &customers(&["a", "b"])),
        (
            "orders.csv",
            &format!(
                "{ORDERS}1,1,a,2024-01-10T10:00:00,paid,cash\n2,1,b,2024-02-10T10:00:00,paid,card\n\
                 3,1,a,2024-02-11T10:00:00,cancelled,card\n"
            ),
        ),
        (
            "order_lines.csv",
            &format!("{LINES}1,1,T,2,4.00,0,0\n1,2,C,1,3.00,0,0\n2,1,T,3,4.00,2.00,0\n3,1,T,9,4.00,0,0\n"),
        ),
    ])
}

fn customers(ids: &[&str]) -> String {
    let head = "id,name,email,phone,address,location,gender,birth_date,registered_on\n";
    let rows: String = ids.iter().map(|id| format!("{id},,,,,,,,\n")).collect();
    format!("{head}{rows}")
}

fn json(shop: &Shop, words: &[&str]) -> Value {
    serde_json::from_str(&shop.works(&[&["report"], words, &["--json"]].concat())).expect("JSON")
}

/// Exit status and what was said.
fn fails(shop: &Shop, words: &[&str]) -> (i32, String) {
    let done = shop.run(&[&["report"], words].concat());
    assert!(done.stdout.is_empty(), "{words:?} writes nothing to standard output");
    (done.status.code().unwrap_or(-1), String::from_utf8(done.stderr).expect("UTF-8"))
}

#[test]
fn wrong_words_end_with_two_and_missing_things_with_one() {
    let shop = shop();
    for (words, status, part) in [
        (&["profits"][..], 2, "--list"),
        (&["sales-by-day", "--from", "2024-02-30"], 2, "no such day"),
        (&["sales", "--where", "month=2024-13"], 2, "as in 2024-03"),
        (&["sales-by-day", "--compare", "previous"], 2, "--from and --to"),
        (&["sales-by-day", "--store", "9"], 1, "no store"),
        (&["order-history", "--customer", "z"], 1, "no customer"),
        (&["low-stock", "--from", "2024-01-01"], 2, "no period"),
        (&["low-stock", "--sort", "sales"], 2, "no figure sales"),
        (&["order-status", "--with", "share", "--json", "--csv"], 2, "one format at a time"),
        (&["sales", "--colour"], 2, "unknown option --colour"),
        (&["forget", "nothing"], 1, "no saved view"),
    ] {
        let (ended, said) = fails(&shop, words);
        assert_eq!(ended, status, "{words:?}: {said}");
        assert!(said.starts_with("till: ") && said.trim_end().lines().count() == 1, "one line: {said}");
        assert!(said.contains(part), "{said} should say {part}");
    }
}

#[test]
fn a_batch_answers_every_line_whatever_stands_in_it() {
    let shop = shop();
    let mut asked =
        shop.command(&["report", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("runs");
    let lines =
        b"no-such-report\n\xff\xfe\n\nsales-by-year 'unclosed\n--list\nsales --help\nlow-stock --sort sales\nsales-by-year";
    let mut input = asked.stdin.take().expect("its input");
    input.write_all(&b"sales ".repeat(1 << 18)).expect("it reads a line that is far too long");
    input.write_all(b"\n").and_then(|()| input.write_all(lines)).expect("it reads on");
    drop(input);
    let done = asked.wait_with_output().expect("it ends");
    let answers: Vec<Value> = String::from_utf8(done.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert!(done.status.success());
    assert_eq!(answers.len(), 9, "{answers:?}");
    assert!(answers[0]["error"].as_str().is_some_and(|why| why.contains("is longer than")), "{}", answers[0]);
    assert!(answers[..8].iter().all(|answer| answer["error"].is_string()), "{answers:?}");
    assert_eq!(answers[8]["report"], "sales-by-year");
}

#[test]
fn an_order_is_paid_by_what_paid_most_of_it_in_all() {
    let shop = shop();
    let orders =
        "id,store_id,customer_id,ordered_at,status,payment_method\n10,1,,2025-01-10,paid,\n11,1,,2025-01-10,paid,\n";
    shop.write("later/orders.csv", orders);
    let lines = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n10,1,T,1,7.00,0,0\n11,1,C,1,2.00,0,0\n";
    shop.write("later/order_lines.csv", lines);
    let payments = "order_id,line_no,method,amount,reference,paid_at\n10,1,card,2.00,,\n10,2,cash,3.00,,\n10,3,card,2.00,,\n\
                    11,2,cash,1.00,,\n11,1,card,1.00,,\n";
    shop.write("later/payments.csv", payments);
    shop.load("later");
    let by = json(&shop, &["sales", "--by", "payment", "--from", "2025-01-01"]);
    assert_eq!(by["rows"].as_array().map(Vec::len), Some(1), "{by}");
    assert_eq!((&by["rows"][0]["payment"], &by["rows"][0]["orders"]), (&"card".into(), &2.into()));
}

#[test]
fn one_customers_frequency_is_their_row_among_all() {
    let shop = shop();
    let orders = "id,store_id,customer_id,ordered_at,status,payment_method\n10,1,a,2024-03-10T08:00:00+05:00,paid,\n\
                  11,1,a,2024-04-01,paid,\n12,1,a,,paid,\n13,1,a,2025-01-01T00:00:00.5,shipped,\n14,1,b,,paid,\n";
    shop.write("later/orders.csv", orders);
    shop.load("later");
    for period in
        [&[][..], &["--from", "2024-02-01"], &["--from", "2024-03-01", "--to", "2024-04-02"], &["--store", "1"]]
    {
        let words: Vec<&str> = ["order-frequency"].iter().chain(period).copied().collect();
        let all = json(&shop, &words);
        for customer in ["a", "b"] {
            let alone = json(&shop, &words.iter().chain(&["--customer", customer]).copied().collect::<Vec<_>>());
            let rows: Vec<&Value> =
                all["rows"].as_array().expect("rows").iter().filter(|row| row["id"] == customer).collect();
            assert_eq!(
                alone["rows"].as_array().expect("rows").iter().collect::<Vec<_>>(),
                rows,
                "{period:?} {customer}"
            );
        }
    }
}

#[test]
fn periods_stand_side_by_side() {
    let shop = shop();
    let words = ["sales-by-month", "--from", "2024-02-01", "--to", "2024-03-01", "--compare", "previous"];
    let answer = json(&shop, &[&words[..], &["--measures", "sales,orders,share"]].concat());
    let row = &answer["rows"][0];
    assert_eq!(
        (&row["month"], &row["sales"], &row["sales_before"]),
        (&"2024-02".into(), &"10.00".into(), &"11.00".into())
    );
    assert_eq!((&row["sales_change_pct"], &row["orders_before"]), (&"-9.0909".into(), &1.into()));
    assert_eq!(row["sales_share"], "1.0000");
}

#[test]
fn what_lies_behind_a_figure_adds_up_to_it() {
    let shop = shop();
    let why = json(&shop, &["why", "sales-by-category", "--where", r"category=Tea\, loose"]);
    let ids: Vec<&Value> = why["rows"].as_array().expect("rows").iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, ["2", "1"], "newest first, the cancelled one left out");
    assert_eq!(why["totals"]["sales"], "18.00");
    assert_eq!(why["why"]["only category"], "Tea, loose");
    let text = shop.works(&["report", "why", "average-order", "--top", "1"]);
    assert!(text.contains("average order: sales ÷ orders"), "{text}");
}

#[test]
fn a_saved_view_is_a_report_until_it_is_forgotten() {
    let shop = shop();
    shop.works(&["report", "save", "teas", "--", "top-products", "--where", r"category=Tea\, loose", "--top", "3"]);
    assert!(shop.works(&["report", "--list"]).lines().any(|line| line.starts_with("teas ")));
    let answer = json(&shop, &["teas"]);
    assert_eq!((&answer["rows"][0]["id"], &answer["totals"]["sales"]), (&"T".into(), &"18.00".into()));
    assert_eq!(json(&shop, &["why", "teas"])["totals"]["sales"], "18.00");
    shop.works(&["check"]);
    let (status, said) = fails(&shop, &["save", "sales", "--", "customers"]);
    assert_eq!((status, said.contains("is a report already")), (2, true), "{said}");
    shop.works(&["report", "forget", "teas"]);
    assert_eq!(fails(&shop, &["teas"]).0, 2);
    shop.works(&["check"]);
}

#[test]
fn charts_and_tables_are_text() {
    let shop = shop();
    let markdown = shop.works(&["report", "sales-by-product", "--measures", "sales", "--markdown"]);
    assert!(markdown.contains("| T | Tea, green | 18.00 |"), "{markdown}");
    let chart = shop.works(&["report", "top-products", "--chart"]);
    assert!(chart.contains('█') && chart.contains("Caffè"), "{chart}");
    for chart in [
        shop.works(&["report", "top-products", "--chart", "--ascii"]),
        String::from_utf8(
            shop.command(&["report", "top-products", "--chart"]).env("LC_ALL", "C").output().expect("till runs").stdout,
        )
        .expect("UTF-8"),
    ] {
        assert!(chart.is_ascii() && chart.contains("Caffe") && chart.contains('#'), "{chart}");
    }
}

#[test]
fn whoever_watches_hears_of_changes_and_may_leave() {
    let shop = shop();
    let mut server = Server::of(&shop);
    let mut watcher =
        shop.command(&["report", "customers", "--watch"]).stdout(Stdio::piped()).spawn().expect("a watcher");
    let mut lines = BufReader::new(watcher.stdout.take().expect("its output")).lines();
    let mut next = || -> Value { serde_json::from_str(&lines.next().expect("a line").expect("text")).expect("JSON") };
    assert_eq!(next()["totals"]["customers"], 2);
    shop.write("more/customers.csv", &customers(&["c"]));
    shop.load("more");
    assert_eq!(next()["totals"]["customers"], 3);
    // Nothing happens any more in the shop, and yet it ends when nobody reads.
    drop(lines);
    assert!(watcher.wait().expect("it ends").success());
    shop.works(&["stop"]);
    assert!(server.0.wait().expect("it ends").success());
    // Here, without a server: it ends by itself when nobody reads.
    let mut alone =
        shop.command(&["report", "customers", "--watch"]).stdout(Stdio::piped()).spawn().expect("a watcher");
    drop(BufReader::new(alone.stdout.take().expect("its output")).lines().next());
    assert!(alone.wait().expect("it ends").success());
}

#[test]
fn what_was_loaded_is_summed_up_for_whoever_asks_first() {
    let shop = shop();
    let how = |words: &[&str]| {
        let answer = json(&shop, &[words, &["--explain"]].concat());
        (answer["explain"]["how"].clone(), answer["rows"].clone())
    };
    assert_eq!(how(&["sales-by-category"]).0, "rollup");
    assert_eq!(how(&["sales", "--by", "gender", "--measures", "orders"]).0, "rollup");
    shop.works(&["check"]);
    // A second load is part of it too.
    shop.write("files/stores.csv", STORES);
    shop.write("files/products.csv", PRODUCTS);
    shop.write("files/customers.csv", &customers(&["c"]));
    shop.write(
        "files/orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n4,1,c,2024-03-01T10:00:00,paid,cash\n",
    );
    shop.write(
        "files/order_lines.csv",
        "order_id,line_no,product_id,quantity,unit_price,discount,tax\n4,1,T,5,4.00,0,0\n",
    );
    shop.load("files");
    let (way, rows) = how(&["sales-by-category"]);
    assert_eq!(way, "rollup");
    assert_eq!(rows[1]["sales"], "38.00", "{rows}");
    shop.works(&["check"]);
}

#[test]
fn a_member_that_nothing_has_is_named() {
    let shop = shop();
    let said = shop.works(&["report", "sales-by-month", "--where", "category=Cofee", "--where", "category=Coffee"]);
    assert!(said.contains("category: nothing on record is called Cofee\n"), "{said}");
    assert!(!said.contains("called Coffee"), "{said}");
    let said = json(&shop, &["sales", "--by", "store", "--where", "location=Atlantis"]);
    assert_eq!(said["why"]["location"], "nothing on record is called Atlantis");
    // All of one dimension together: JSON has a key once.
    let said = shop.works(&["report", "sales", "--json", "--where", "location=Paris, FR", "--by", "location"]);
    assert!(
        said.contains(r#""why":{"location":"nothing on record is called Paris; nothing on record is called  FR"}"#),
        "{said}"
    );
    assert!(json(&shop, &["average-order"])["why"].is_null());
}

#[test]
fn the_first_so_many_stand_beside_themselves() {
    let shop = shop();
    let asked = ["--period", "last-month", "--as-of", "2024-03-05", "--compare", "previous"];
    let all = json(&shop, &[&["sales-by-product"][..], &asked].concat());
    let first = json(&shop, &[&["top-products", "--top", "1"][..], &asked].concat());
    let rows = first["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 1, "{first}");
    let same = all["rows"].as_array().expect("rows").iter().find(|row| row["id"] == rows[0]["id"]).expect("the same");
    assert_eq!(rows[0]["sales_before"], same["sales_before"]);
    assert_eq!(first["totals"]["sales_before"], same["sales_before"], "the totals are those of the rows");
    assert_eq!(rows[0]["sales_before"], "8.00");
    let refused = shop.run(&["report", "slow-stock", "--period", "last-month", "--compare", "previous"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not known"));
}

#[test]
fn a_longer_list_than_usual_stands_beside_all_of_itself() {
    let shop = shop();
    let ids = ["d", "e", "f", "g", "h", "i"];
    let lines = |of: &dyn Fn(&str) -> String| ids.iter().map(|id| of(id)).collect::<String>();
    shop.write("files/stores.csv", STORES);
    shop.write("files/customers.csv", &customers(&[]));
    let head = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n";
    shop.write("files/products.csv", &format!("{head}{}", lines(&|id| format!("{id},,,{id},Tea,1.00,,0,\n"))));
    let head = "id,store_id,customer_id,ordered_at,status,payment_method\n";
    shop.write(
        "files/orders.csv",
        &format!("{head}8,1,,2024-01-05T10:00:00,paid,cash\n9,1,,2024-02-05T10:00:00,paid,cash\n"),
    );
    let both = |id: &str| format!("8,{id},{id},1,1.00,0,0\n9,{id},{id},2,1.00,0,0\n");
    let numbered = lines(&both).replace(",d,d", ",1,d").replace(",e,e", ",2,e").replace(",f,f", ",3,f");
    let numbered = numbered.replace(",g,g", ",4,g").replace(",h,h", ",5,h").replace(",i,i", ",6,i");
    shop.write(
        "files/order_lines.csv",
        &format!("order_id,line_no,product_id,quantity,unit_price,discount,tax\n{numbered}"),
    );
    shop.load("files");
    let asked =
        ["top-products", "--top", "7", "--period", "last-month", "--as-of", "2024-03-05", "--compare", "previous"];
    let found = json(&shop, &asked);
    let rows = found["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), 7, "{found}");
    assert!(rows.iter().all(|row| !row["sales_before"].is_null()), "{found}");
}

#[test]
fn growth_knows_the_year_before_a_period() {
    let shop = shop();
    shop.write("files/stores.csv", STORES);
    shop.write("files/products.csv", PRODUCTS);
    shop.write("files/customers.csv", &customers(&["c"]));
    shop.write(
        "files/orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n4,1,c,2023-01-05T10:00:00,paid,cash\n",
    );
    shop.write(
        "files/order_lines.csv",
        "order_id,line_no,product_id,quantity,unit_price,discount,tax\n4,1,T,1,4.00,0,0\n",
    );
    shop.load("files");
    let grown = json(&shop, &["growth", "--by", "month", "--from", "2024-01-01", "--to", "2024-03-01"]);
    assert_eq!(grown["rows"][0]["growth_pct"], "175.0000", "{grown}");
    assert_eq!(grown["rows"].as_array().map(Vec::len), Some(2));
    // The orders behind those who stayed away are theirs alone.
    let asked = ["inactive-customers", "--as-of", "2024-03-01", "--months", "12"];
    let away = json(&shop, &asked);
    let why = json(&shop, &[&["why"], &asked[..]].concat());
    assert_eq!(away["totals"]["sales"], "4.00");
    assert_eq!(why["rows"].as_array().map(Vec::len), Some(1), "{why}");
    assert_eq!(why["rows"][0]["sales"], "4.00");
}

#[test]
fn a_subcommand_is_nobody_elses() {
    let shop = shop();
    let refused = shop.run(&["--as", "nobody", "report", "customers"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--as"));
}

#[test]
fn sums_that_do_not_fit_the_facts_are_named_and_made_anew() {
    let shop = shop();
    let path = shop.path("shop.redb");
    let open = till::engine::Shop::open(&path, till::engine::Seams::system(), |_| {}).expect("a shop");
    let mut laid = lay_by(&open.snapshot().expect("a snapshot"), From::Facts).expect("sums");
    // Units stand where sales should, and the other way round.
    let columns = laid.iter_mut().flat_map(|laid| &mut laid.columns);
    columns.filter(|(at, _)| matches!(at, 17 | 20)).for_each(|(at, _)| *at = 37 - *at);
    open.lay_by(laid).expect("written");
    open.close().expect("closed");
    let found = shop.run(&["check"]);
    assert_eq!(found.status.code(), Some(1));
    let words = String::from_utf8_lossy(&found.stderr).into_owned();
    assert!(words.contains("made anew") && !words.contains("backup"), "{words}");
    shop.works(&["check"]);
    assert_eq!(json(&shop, &["average-order"])["rows"][0]["sales"], "21.00");
}
