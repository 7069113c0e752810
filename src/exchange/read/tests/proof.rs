//! What an import leaves behind proves itself: every record, index, segment and stock level against a rebuild.

use crate::domain::basket::{Basket, BasketLine};
use crate::domain::view::Kind;
use crate::domain::{Command, Product};
use crate::engine::verify::verify;
use crate::exchange::testing::{Counter, FULL, Files};
use crate::exchange::{Base, read};
use crate::unit::{Money, OrderNo, ProductId, Quantity, StoreId, Text};

fn prove(counter: &Counter) {
    let snapshot = counter.shop.snapshot().unwrap();
    verify(&snapshot, None, &|_, _| {}).unwrap_or_else(|fault| panic!("{fault}"));
}

#[test]
fn a_first_import() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    prove(&counter);
    let snapshot = counter.shop.snapshot().unwrap();
    assert_eq!(snapshot.count_orders().unwrap(), 4);
    assert_eq!(snapshot.stock(StoreId(2), ProductId(1)), Quantity::pieces(-3));
    let no = OrderNo(snapshot.find(Kind::Order, "1001").unwrap().unwrap());
    let order = snapshot.order(no).unwrap().unwrap();
    assert_eq!(order.line(1).unwrap().returned, Quantity::ONE);
}

#[test]
fn a_second_import_with_returns_of_orders_that_were_there() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    counter.ask(Command::OpenShift { float: Money::ZERO });
    let files = Files::of(&[
        (
            "returns.csv",
            "id,order_id,line_no,quantity,reason,returned_at,refund\n9,1001,1,1,late,2024-05-01,5\n10,CA-7,1,3,late,,0.1\n",
        ),
        ("inventory.csv", "store_id,product_id,quantity\nN,ESP,40\n"),
        (
            "customers.csv",
            "id,name,email,phone,address,location,gender,birth_date,registered_on\nQUICK,Ines K.,,,,Liepāja,,,\n",
        ),
        ("orders.csv", "id,store_id,customer_id,ordered_at,status,payment_method\n2000,N,QUICK,2024-03-31,paid,\n"),
        ("order_lines.csv", "order_id,line_no,product_id,quantity,unit_price,discount,tax\n2000,1,ESP,1,,,\n"),
    ]);
    let bulk = read(files.path(), &counter.shop.snapshot().unwrap(), true, &|_, _| {}).unwrap();
    counter.shop.import(bulk, |_| {}).unwrap();
    prove(&counter);
    let snapshot = counter.shop.snapshot().unwrap();
    assert_eq!(snapshot.stock(StoreId(1), ProductId(1)), Quantity::pieces(40));
    let no = OrderNo(snapshot.find(Kind::Order, "1001").unwrap().unwrap());
    let order = snapshot.order(no).unwrap().unwrap();
    assert_eq!(order.line(1).unwrap().returned, Quantity::pieces(2), "what came back is on the line of the order");
}

#[test]
fn what_was_just_sold_counts_and_keeps_its_number() {
    let counter = Counter::open();
    let product = Product {
        id: ProductId(0),
        ext: Text::default(),
        sku: None,
        barcodes: Vec::new(),
        name: "Pen".into(),
        category: None,
        price: Some(Money(1_0000)),
        cost: None,
        tax_rate: None,
        reorder_level: None,
    };
    counter.ask(Command::SaveProduct(product));
    let pen = counter.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let basket = Basket { lines: vec![BasketLine::of(&pen, Quantity::ONE, None).unwrap()], ..Basket::default() };
    counter.ask(Command::PlaceOrder { basket, tenders: Vec::new(), channel: None });
    let snapshot = counter.shop.snapshot().unwrap();
    let sold = snapshot.order(OrderNo(1)).unwrap();
    assert!(sold.is_some());
    assert_eq!(snapshot.unused_store(), None, "it has sold");
    drop(snapshot);
    counter.import(Files::of(FULL).path());
    prove(&counter);
    let snapshot = counter.shop.snapshot().unwrap();
    assert_eq!(snapshot.order(OrderNo(1)).unwrap(), sold, "an import takes the place of nothing");
    assert_eq!(snapshot.count_orders().unwrap(), 5);
}

#[test]
fn only_the_store_that_a_shop_was_made_with_gives_way() {
    let counter = Counter::open();
    let head = "id,name,location,timezone\n";
    for id in ["X", "Y", "Z"] {
        counter.import(Files::of(&[("stores.csv", &format!("{head}{id},{id},,\n"))]).path());
    }
    let snapshot = counter.shop.snapshot().unwrap();
    let stores: Vec<&str> = snapshot.directory().stores.iter().map(|store| &*store.ext).collect();
    assert_eq!(stores, ["X", "Y", "Z"]);
    prove(&counter);
}
