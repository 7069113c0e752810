//! Stores that have come to another zone: what happened before stays on its day, out and in again.

use super::comes_out_the_same;
use crate::domain::{Command, Settings};
use crate::engine::Shop;
use crate::exchange::read;
use crate::exchange::testing::{Counter, Files};
use crate::report::{Request, answer};
use crate::unit::{Day, Zone};

/// A store with a zone of its own and one in the shop's, and something of every kind near midnight.
const SHOP: [(&str, &str); 5] = [
    ("stores.csv", "id,name,location,timezone\nN,North,,Europe/Riga\nS,South,,\n"),
    ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\nP,,,Pen,,1,,,\n"),
    (
        "orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n1,N,,2024-05-01T01:30:00,paid,cash\n\
         2,S,,2024-05-01T00:10:00,paid,cash\n3,N,,2024-05-01,paid,cash\n4,S,,2024-05-01T02:00:00Z,paid,cash\n",
    ),
    (
        "order_lines.csv",
        "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,P,2,1,,\n2,1,P,3,2,,\n3,1,P,1,4,,\n4,1,P,1,8,,\n",
    ),
    (
        "feedback.csv",
        "id,customer_id,order_id,rating,category,text,created_at,status\nf1,,1,2,complaint,,2024-05-01T00:30:00,\n\
         f2,,,1,complaint,,2024-05-01T00:15:00+05:00,\n",
    ),
];

const RETURNS: &str = "id,order_id,line_no,quantity,reason,returned_at,refund,store_id\nr1,1,1,1,x,2024-05-03T00:30:00,1,\n\
                       r2,2,1,1,x,2024-05-03T00:30:00,1,N\nr3,,,1,x,2024-05-03T00:30:00,1,S\n";

/// What the shop says of its days, hours and months.
fn told(shop: &Shop) -> String {
    let snapshot = shop.snapshot().unwrap();
    let asked = ["sales-by-day", "hour-heatmap", "complaints-by-month", "sales-by-store", "order-status"];
    let said = asked.map(|name| answer(&snapshot, &Request::named(name).unwrap(), Day(20_000)).unwrap().csv());
    said.join("\n")
}

#[test]
fn a_shop_whose_stores_have_moved_is_the_same_trade_after_an_export() {
    let counter = Counter::open();
    counter.import(Files::of(&[&SHOP[..], &[("returns.csv", RETURNS)]].concat()).path());
    let before = told(&counter.shop);
    assert!(counter.export().all().iter().all(|(_, text)| !text.contains('[')), "nothing has moved yet");
    let moved = Files::of(&[("stores.csv", "id,name,location,timezone\nN,North,,America/New_York\n")]);
    let bulk = read(moved.path(), &counter.shop.snapshot().unwrap(), true, &|_, _| {}).unwrap();
    counter.shop.import(bulk, |_| {}).unwrap();
    let settings = counter.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    counter.ask(Command::ChangeSettings(Settings { zone: Zone::by_name("Asia/Tokyo").unwrap(), ..settings }));
    assert_eq!(told(&counter.shop), before, "what was placed stays on its day");
    let out = counter.export();
    let orders = out.text("orders.csv");
    assert!(orders.contains("1,N,,2024-05-01T01:30:00+03:00[+03:00],paid"), "{orders}");
    assert!(orders.contains("3,N,,2024-05-01,paid"), "{orders}");
    assert_eq!(out.text("returns.csv").matches("+03:00[+03:00]").count(), 3, "{}", out.text("returns.csv"));
    let feedback = out.text("feedback.csv");
    assert!(feedback.contains("+03:00[+03:00]") && feedback.contains("2024-05-01T00:15:00+05:00,"), "{feedback}");
    comes_out_the_same(&out);
    let again = Counter::open();
    again.import(&out.path);
    assert_eq!(told(&again.shop), before);
}

#[test]
fn an_offset_that_is_said_once_is_the_instant_and_the_day_is_the_stores() {
    let counter = Counter::open();
    let orders = "id,store_id,customer_id,ordered_at,status,payment_method\n1,N,,2024-05-01T23:30:00Z,paid,cash\n\
                  2,N,,2024-05-01T23:30:00+00:00[+00:00],paid,cash\n";
    let lines = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,P,2,1,,\n2,1,P,3,2,,\n";
    counter.import(Files::of(&[SHOP[0], SHOP[1], ("orders.csv", orders), ("order_lines.csv", lines)]).path());
    let days =
        answer(&counter.shop.snapshot().unwrap(), &Request::named("sales-by-day").unwrap(), Day(20_000)).unwrap();
    let days = days.csv();
    assert!(days.contains("2024-05-01,1,3,") && days.contains("2024-05-02,1,2,"), "{days}");
    let wrong = orders.replace("[+00:00]", "[+02:00]");
    let files = Files::of(&[SHOP[0], SHOP[1], ("orders.csv", &wrong), ("order_lines.csv", lines)]);
    let fault = files.read(&crate::exchange::Empty::default()).err().unwrap().to_string();
    assert!(fault.contains("orders.csv:3: ordered_at:"), "{fault}");
}
