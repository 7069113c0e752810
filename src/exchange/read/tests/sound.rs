//! Folders that are right: what becomes of every column, and of files in whatever order.

use crate::domain::{DiscountKind, FeedbackState, Order, OrderDetails, Role, Status};
use crate::engine::Bulk;
use crate::exchange::testing::{Counter, FULL, Files};
use crate::exchange::{Empty, ReadFault, read};
use crate::unit::{CustomerId, Money, OrderNo, Precision, ProductId, Quantity, Rate, RegisterId, StoreId, Zone};

type Orders = Vec<(Order, Option<OrderDetails>)>;

fn taken(bulk: Bulk) -> (Orders, Vec<crate::domain::Return>) {
    (bulk.orders.map(Result::unwrap).collect(), bulk.returns)
}

fn with(changes: &[(&str, &str)]) -> Files {
    let files = Files::of(FULL);
    for (name, text) in changes {
        files.put(name, text);
    }
    files
}

#[test]
fn every_column_arrives() {
    let files = Files::of(FULL);
    let bulk = files.read(&Empty::default()).unwrap();
    assert_eq!(bulk.stores[0].zone, Zone::by_name("Europe/Riga"));
    assert_eq!(bulk.products[0].barcodes, ["4006381333931", "0036000291452"]);
    assert_eq!(bulk.products[1].reorder_level, Some(Quantity(1500)));
    assert_eq!(&*bulk.products[1].name, "Gouda, \"old\"");
    assert_eq!(bulk.inventory[1], (StoreId(2), ProductId(1), Quantity::pieces(-3)));
    let (customer, known) = &bulk.customers[0];
    assert_eq!((customer.store_credit, customer.version), (Money(12_5000), 1));
    assert_eq!(known.notes.as_deref(), Some("Likes\nespresso"));
    assert_eq!(bulk.registers.iter().map(|register| register.id.0).collect::<Vec<_>>(), [1, 2]);
    let mara = &bulk.staff[0];
    assert_eq!((&*mara.ext, mara.roles.as_slice(), mara.disabled), ("mara", &[Role::Cashier][..], true));
    assert_eq!(bulk.feedback[0].0.state, FeedbackState::Resolved);
    assert_eq!(bulk.feedback[0].1.as_deref(), Some("Cold.\n\nVery \"cold\"."));
    let (orders, returns) = taken(bulk);
    let (first, details) = &orders[0];
    let placed = first.placed.unwrap();
    assert_eq!(placed.rfc3339(), "2024-03-31T04:30:00+03:00", "an hour that the clocks jump over moves forward");
    assert_eq!((first.register, first.status, first.tax_included), (Some(RegisterId(2)), Status::Paid, true));
    assert_eq!(details.as_ref().unwrap().references, [(1, "slip 77".into())]);
    assert_eq!(first.lines[0].discounts[0].kind, DiscountKind::Imported);
    assert_eq!(first.lines[0].value(), Some(Money(34_0000)));
    assert_eq!((first.lines[1].unit_price, first.lines[1].cost), (Money(14_5000), Some(Money(9_1000))));
    assert_eq!(first.lines[1].tax_rate, Some(Rate(70_000)));
    assert_eq!(first.lines[1].value(), Some(Money(5_9777)), "0.412 × 14.50 = 5.974, and 0.0037 rounding");
    assert!(first.declared_method.is_none(), "payments say it");
    assert_eq!(orders[2].0.declared_method.as_ref().unwrap().0, "voucher");
    assert_eq!(orders[2].0.placed.unwrap().precision, Precision::Day);
    assert!(orders[3].0.lines.is_empty() && orders[3].0.placed.is_none());
    assert_eq!(orders.iter().map(|(order, _)| order.no.0).collect::<Vec<_>>(), [998, 999, 1000, 1001]);
    // 17.01 × (34.00 − 5.67) ÷ 34.00
    assert_eq!((returns[0].net, returns[0].product), (Money(14_1733), Some(ProductId(1))));
    assert_eq!((returns[1].net, returns[1].order, returns[1].product), (Money(4000), None, Some(ProductId(3))));
    assert_eq!((returns[2].order, returns[2].line_no, returns[2].net), (Some(OrderNo(999)), None, Money(1000)));
}

#[test]
fn files_in_another_order_give_the_same_orders() {
    let lines = FULL[5].1;
    let (header, rows) = lines.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.swap(0, 3);
    rows.swap(1, 2);
    let shuffled = format!("{header}\n{}\n", rows.join("\n"));
    let (header, rows) = FULL[6].1.split_once('\n').unwrap();
    let payments = format!("{header}\nX,1,cash,1,,\n{rows}");
    let (files, other) =
        (with(&[("payments.csv", &payments)]), with(&[("order_lines.csv", &shuffled), ("payments.csv", &payments)]));
    let (mut one, _) = taken(files.read(&Empty::default()).unwrap());
    let (mut two, returns) = taken(other.read(&Empty::default()).unwrap());
    for (order, _) in one.iter_mut().chain(&mut two) {
        order.lines.sort_by_key(|line| line.no);
    }
    assert_eq!(one, two);
    assert_eq!(one[3].0.payments.len(), 1);
    assert_eq!(returns[0].net, Money(14_1733));
}

#[test]
fn a_store_may_be_left_out_where_there_is_one() {
    let files = Files::of(&[(
        "orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n1,,,2024-07-01 12:00,paid,\n",
    )]);
    let fault = files.read(&Empty::default()).err().unwrap().to_string();
    assert!(fault.ends_with("\norders.csv:2: store_id: there is no store; import stores.csv too"), "{fault}");
    let counter = Counter::open();
    counter.import(files.path());
    let snapshot = counter.shop.snapshot().unwrap();
    let order = snapshot.order(OrderNo(1)).unwrap().unwrap();
    assert_eq!((order.store, order.placed.unwrap().rfc3339().as_str()), (StoreId(1), "2024-07-01T12:00:00+03:00"));
}

#[test]
fn times_with_an_offset_count_where_the_store_is() {
    let counter = Counter::open();
    counter.import(
        Files::of(&[
            ("stores.csv", "id,name,location,timezone\nB,Berlin,,Europe/Berlin\nT,Tokyo,,Asia/Tokyo\n"),
            ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n1,,,Tea,,2.00,,,\n"),
            (
                "orders.csv",
                "id,store_id,customer_id,ordered_at,status,payment_method\n\
                 1,B,,2023-12-31T23:30:00Z,paid,\n2,B,,2024-10-27T02:30:00+01:00,paid,\n3,T,,2024-01-01,paid,\n",
            ),
            (
                "order_lines.csv",
                "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,1,2,,,\n2,1,1,2,,,\n",
            ),
            (
                "returns.csv",
                "id,order_id,line_no,quantity,reason,returned_at,refund,store_id\n\
                 1,1,1,1,,2024-01-31T23:00:00Z,2.00,\n2,2,1,1,,2024-01-31T23:00:00-05:00,2.00,T\n",
            ),
        ])
        .path(),
    );
    let snapshot = counter.shop.snapshot().unwrap();
    let placed = |no| snapshot.order(OrderNo(no)).unwrap().unwrap().placed.unwrap().rfc3339();
    assert_eq!(placed(1), "2024-01-01T00:30:00+01:00", "New Year has begun in Berlin");
    assert_eq!(placed(2), "2024-10-27T02:30:00+01:00", "the second of two half past twos stays the second");
    assert_eq!(placed(3), "2024-01-01");
    let back = |no| snapshot.returns_of(OrderNo(no)).unwrap()[0].at.unwrap().rfc3339();
    assert_eq!(back(1), "2024-02-01T00:00:00+01:00", "in the order's store");
    assert_eq!(back(2), "2024-02-01T13:00:00+09:00", "in the store that took it back");
}

#[test]
fn an_unused_store_gives_its_place_to_the_first_imported_one() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let snapshot = counter.shop.snapshot().unwrap();
    let stores: Vec<_> = snapshot.directory().stores.iter().map(|store| (store.id.0, store.ext.to_string())).collect();
    assert_eq!(stores, [(1, "N".to_owned()), (2, "S".to_owned())]);
    assert_eq!(snapshot.directory().registers[0].store, StoreId(1));
}

#[test]
fn what_the_shop_has_is_refused_or_changed() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let files = with(&[
        ("orders.csv", "id,store_id,customer_id,ordered_at,status,payment_method\n2000,N,QUICK,,paid,\n"),
        ("order_lines.csv", "order_id,line_no,product_id,quantity,unit_price,discount,tax\n2000,1,ESP,1,,,\n"),
        (
            "products.csv",
            "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\nESP,,4006381333931,Espresso,Coffee,20,,,\nNEW,,,New,,1,,,\n",
        ),
        (
            "customers.csv",
            "id,name,email,phone,address,location,gender,birth_date,registered_on\nQUICK,Ines K.,,,,,,,\n",
        ),
        ("inventory.csv", "store_id,product_id,quantity\nN,ESP,40\n"),
        ("returns.csv", "id,order_id,line_no,quantity,reason,returned_at,refund\n9,1001,1,1,late,2024-05-01,5\n"),
        ("feedback.csv", "id,customer_id,order_id,rating,category,text,created_at,status\n13,,CA-7,,,,,\n"),
        ("payments.csv", "order_id,line_no,method,amount\n"),
    ]);
    let snapshot = counter.shop.snapshot().unwrap();
    let fault = read(files.path(), &snapshot, false, &|_, _| {}).err().unwrap();
    let ReadFault::Findings(found) = &fault else { panic!("{fault}") };
    let told: Vec<String> = found.iter().map(|finding| finding.to_string()).collect();
    assert_eq!(
        told,
        [
            "stores.csv:2: id: the shop already has store \"N\"; give --update to change it",
            "stores.csv:3: id: the shop already has store \"S\"; give --update to change it",
            "products.csv:2: id: the shop already has product \"ESP\"; give --update to change it",
            "customers.csv:2: id: the shop already has customer \"QUICK\"; give --update to change it",
        ]
    );
    let bulk = read(files.path(), &snapshot, true, &|_, _| {}).unwrap();
    let numbers = |bulk: &Bulk| bulk.products.iter().map(|product| product.id.0).collect::<Vec<_>>();
    assert_eq!(numbers(&bulk), [1, 4]);
    assert_eq!((bulk.customers[0].0.id, bulk.customers[0].0.version), (CustomerId(1), 2));
    assert_eq!(bulk.customers[0].0.store_credit, Money(12_5000), "a column that is not there changes nothing");
    assert_eq!(bulk.customers[0].1.notes.as_deref(), Some("Likes\nespresso"));
    assert_eq!(bulk.returns[0].order, Some(OrderNo(998)));
    assert_eq!(bulk.feedback[0].0.order, Some(OrderNo(999)));
    let (orders, _) = taken(bulk);
    assert_eq!((orders[0].0.no, orders[0].0.lines[0].unit_price), (OrderNo(2000), Money(20_0000)));
    files.put(
        "orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n1001,N,,,paid,\n2000,N,,,paid,\n",
    );
    let fault = read(files.path(), &snapshot, true, &|_, _| {}).err().unwrap().to_string();
    assert_eq!(
        fault,
        "the import found 1 fault; nothing was changed\n\
         orders.csv:2: id: the shop already has order \"1001\"; orders are never changed by an import"
    );
}

#[test]
fn files_that_change_while_they_are_read_end_the_import() {
    for (name, text) in [
        ("orders.csv", FULL[4].1.replace("2024-03-01", "2024-03-02")),
        ("order_lines.csv", FULL[5].1.replace("0.1975", "0.1976")),
        ("payments.csv", FULL[6].1.replace("9.95", "9.96")),
        ("orders.csv", FULL[4].1.replace("X,N", "X,Z")),
        ("order_lines.csv", "order_id\n".to_owned()),
    ] {
        let files = Files::of(FULL);
        let bulk = files.read(&Empty::default()).unwrap();
        files.put(name, text);
        let last = bulk.orders.last().unwrap();
        assert!(last.is_err_and(|why| why.contains("the files changed")), "{name}");
    }
    let files = Files::of(FULL);
    let bulk = files.read(&Empty::default()).unwrap();
    std::fs::remove_file(files.path().join("payments.csv")).unwrap();
    assert!(bulk.orders.last().unwrap().is_err());
}

#[test]
fn a_reader_who_stops_early_stops_the_reading() {
    let files = Files::of(FULL);
    let mut bulk = files.read(&Empty::default()).unwrap();
    assert!(bulk.orders.next().unwrap().is_ok());
    drop(bulk);
}

#[test]
fn progress_comes_to_its_end() {
    let files = Files::of(FULL);
    let told = std::cell::Cell::new((0, 0));
    read(files.path(), &Empty::default(), false, &|done, total| told.set((done, total))).unwrap();
    let (done, total) = told.get();
    assert!(done == total && total > 0, "{done} of {total}");
}

#[test]
fn a_shop_that_changed_meanwhile_takes_nothing() {
    let counter = Counter::open();
    let files = Files::of(FULL);
    let bulk = files.read(&counter.shop.snapshot().unwrap()).unwrap();
    counter.ask(crate::domain::Command::OpenShift { float: Money::ZERO });
    let fault = counter.shop.import(bulk, |_| {}).unwrap_err();
    assert!(fault.to_string().contains("Start the import again"), "{fault}");
    assert_eq!(counter.shop.snapshot().unwrap().count_orders().unwrap(), 0);
}
