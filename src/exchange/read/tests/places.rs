//! Where times count, what ids may be, and what is said of what the shop has already.

use crate::domain::view::Kind;
use crate::exchange::testing::{Counter, FULL, Files};
use crate::exchange::{Empty, ReadFault, read};
use crate::unit::{Stamp, Zone};

const STORES: (&str, &str) = ("stores.csv", "id,name,location,timezone\nNY,York,,America/New_York\nB,Berlin,,\n");
const PRODUCTS: (&str, &str) =
    ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\np,,,Pen,,1.00,,,\n");
const FEEDBACK: &str = "id,customer_id,order_id,rating,category,text,created_at,status\n";

fn found(counter: &Counter, files: &Files) -> Vec<String> {
    let snapshot = counter.shop.snapshot().unwrap();
    match read(files.path(), &snapshot, false, &|_, _| {}) {
        Err(ReadFault::Findings(found)) => found.iter().map(ToString::to_string).collect(),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn what_came_back_without_a_receipt_counts_where_it_came_back() {
    let back = "id,order_id,line_no,quantity,reason,returned_at,refund,store_id,product_id\n\
                r1,,,1,x,2024-05-01T03:30:00Z,1.00,NY,p\n\
                r2,,,1,x,2024-05-01T03:30:00+02:00,1.00,NY,p\n\
                r3,,,1,x,2024-05-01T03:30:00,1.00,NY,p\n\
                r4,,,1,x,2024-05-01,1.00,NY,p\n\
                r5,,,1,x,2024-05-01T03:30:00,1.00,B,p\n\
                r6,,,1,x,2024-05-01T03:30:00-07:00,1.00,,p\n";
    let files = Files::of(&[STORES, PRODUCTS, ("returns.csv", back)]);
    // The shop's own offset is one like any other.
    let bulk = files.read(&Empty { zone: Zone::by_name("Europe/Berlin").unwrap() }).unwrap();
    let at: Vec<String> = bulk.returns.iter().map(|back| back.at.unwrap().rfc3339()).collect();
    assert_eq!(
        at,
        [
            "2024-04-30T23:30:00-04:00",
            "2024-04-30T21:30:00-04:00",
            "2024-05-01T03:30:00-04:00",
            "2024-05-01",
            "2024-05-01T03:30:00+02:00",
            "2024-05-01T03:30:00-07:00",
        ]
    );
}

#[test]
fn feedback_about_no_order_keeps_its_instant_and_its_day_in_a_shop_of_another_zone() {
    let said = format!("{FEEDBACK}1,,,1,complaint,,2024-02-01T00:30:00,open\n2,,,,praise,,2024-02-01,\n");
    let counter = Counter::open();
    counter.import(Files::of(&[STORES, PRODUCTS, ("feedback.csv", &said)]).path());
    let out = counter.export();
    let at = |zone: &str| -> Vec<Stamp> {
        let base = Empty { zone: Zone::by_name(zone).unwrap() };
        let bulk = read(&out.path, &base, false, &|_, _| {}).unwrap();
        bulk.feedback.iter().map(|(said, _)| said.at.unwrap()).collect()
    };
    for zone in ["UTC", "America/New_York", "Europe/Riga"] {
        assert_eq!(at(zone)[0].rfc3339(), "2024-02-01T00:30:00+02:00", "{zone}");
        assert_eq!(at(zone)[1].rfc3339(), "2024-02-01", "{zone}");
    }
}

#[test]
fn an_old_offset_with_seconds_comes_out_as_a_valid_one_and_in_again_as_it_was() {
    let orders = "id,store_id,customer_id,ordered_at,status,payment_method\n1,B,,1850-01-01T00:00:20,paid,\n";
    let files = Files::of(&[("stores.csv", "id,name,location,timezone\nB,,,Europe/Berlin\n"), ("orders.csv", orders)]);
    let counter = Counter::open();
    counter.import(files.path());
    let out = counter.export();
    assert!(out.text("orders.csv").contains("1,B,,1850-01-01T00:00:52+00:54,paid"), "{}", out.text("orders.csv"));
    let again = Counter::open();
    again.import(&out.path);
    let placed = |counter: &Counter| {
        let snapshot = counter.shop.snapshot().unwrap();
        let no = snapshot.find(Kind::Order, "1").unwrap().unwrap();
        snapshot.order(crate::unit::OrderNo(no)).unwrap().unwrap().placed
    };
    assert_eq!(placed(&again), placed(&counter));
    assert_eq!(again.export().all(), out.all());
}

#[test]
fn ids_are_kept_byte_for_byte() {
    // The same word in two ways of writing it: two products.
    let products = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n\
                    cafe\u{301},,,One,,1.00,,,\ncaf\u{e9},,,Two,,1.00,,,\n\u{4f60}\u{597d},,,Three,,1.00,,,\n";
    let files = Files::of(&[
        STORES,
        ("products.csv", products),
        ("orders.csv", "id,store_id,customer_id,ordered_at,status,payment_method\ne\u{301},B,,,paid,\n"),
        (
            "order_lines.csv",
            "order_id,line_no,product_id,quantity,unit_price,discount,tax\ne\u{301},1,cafe\u{301},1,,,\n",
        ),
        ("returns.csv", "id,order_id,line_no,quantity,reason,returned_at,refund\no\u{308},e\u{301},1,1,x,,1\n"),
        ("feedback.csv", &format!("{FEEDBACK}u\u{308},,e\u{301},,,,,\n")),
    ]);
    let counter = Counter::open();
    counter.import(files.path());
    {
        let snapshot = counter.shop.snapshot().unwrap();
        let of = |id: &str| snapshot.find(Kind::Product, id).unwrap();
        assert_eq!((of("cafe\u{301}"), of("caf\u{e9}")), (Some(1), Some(2)));
        let line = &snapshot.order(crate::unit::OrderNo(1)).unwrap().unwrap().lines[0];
        assert_eq!(line.product, crate::unit::ProductId(1));
        crate::engine::verify::verify(&snapshot, None, &|_, _| {}).unwrap();
    }
    let out = counter.export();
    assert!(out.text("products.csv").contains("\ncafe\u{301},"));
    let again = Counter::open();
    again.import(&out.path);
    assert_eq!(again.export().all(), out.all());
}

#[test]
fn what_belongs_to_an_order_of_the_shop_is_not_said_to_belong_to_none() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let lines = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1001,9,ESP,1,1,,\nnone,1,ESP,1,1,,\n";
    let files =
        Files::of(&[("order_lines.csv", lines), ("payments.csv", "order_id,line_no,method,amount\n1001,9,cash,1\n")]);
    assert_eq!(
        found(&counter, &files),
        [
            "order_lines.csv:2: order_id: the shop already has order \"1001\"; orders are never changed by an import",
            "order_lines.csv:3: order_id: there is no order \"none\"",
            "payments.csv:2: order_id: the shop already has order \"1001\"; orders are never changed by an import",
        ]
    );
}

#[test]
fn a_spreadsheet_may_write_its_flags_in_capitals() {
    let head = "id,store_id,customer_id,ordered_at,status,payment_method,tax_included\n";
    let orders = format!("{head}1,B,,,paid,,TRUE\n2,B,,,paid,,False\n3,B,,,paid,,\n");
    let files = Files::of(&[STORES, ("orders.csv", &orders)]);
    let bulk = files.read(&Empty::default()).unwrap();
    let included: Vec<bool> = bulk.orders.map(|order| order.unwrap().0.tax_included).collect();
    assert_eq!(included, [true, false, false]);
}
