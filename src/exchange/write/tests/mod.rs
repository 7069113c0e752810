//! Shops out, in again, and out again.

mod zones;

use crate::domain::basket::{Basket, BasketLine, Off};
use crate::domain::command::ReturnLine;
use crate::domain::view::Kind;
use crate::domain::{Command, CustomerDetails, Method, Outcome, Product, Request, Status, Tender};
use crate::exchange::testing::{Counter, Exported, FOUNDER, FULL, Files};
use crate::unit::{CustomerId, Money, OrderNo, ProductId, Quantity, Rate, StoreId, Text};

/// Imports an export into a new shop, exports that, and expects the same bytes.
fn comes_out_the_same(first: &Exported) {
    let again = Counter::open();
    again.import(&first.path);
    let second = again.export();
    for (one, other) in first.all().iter().zip(second.all()) {
        assert_eq!(one.0, other.0);
        assert_eq!(one.1, other.1, "{} changed on its way", one.0);
    }
    assert_eq!(first.all().len(), second.all().len());
}

#[test]
fn an_imported_shop_comes_out_as_it_went_in() {
    let files = Files::of(FULL);
    let counter = Counter::open();
    counter.import(files.path());
    let first = counter.export();
    insta::assert_snapshot!(first.all().iter().map(|(name, text)| format!("--- {name}\n{text}")).collect::<String>());
    comes_out_the_same(&first);
}

#[test]
fn returns_and_feedback_from_elsewhere_come_out_the_same_where_the_store_has_a_zone_of_its_own() {
    let files = Files::of(&[
        ("stores.csv", "id,name,location,timezone\nNY,York,,America/New_York\n"),
        ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\nP,,,Pen,,1,,,\n"),
        (
            "orders.csv",
            "id,store_id,customer_id,ordered_at,status,payment_method\n1,NY,,2024-05-01T03:00:00+09:00,paid,\n",
        ),
        ("order_lines.csv", "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,P,2,,,\n"),
        (
            "returns.csv",
            "id,order_id,line_no,quantity,reason,returned_at,refund\nr1,,,1,x,2024-05-01T03:00:00+09:00,1\n\
             r2,1,1,1,x,2024-05-01T03:00:00+09:00,1\nr3,,,1,x,2024-05-01T03:00:00,1\nr4,,,1,x,2024-05-01,1\n",
        ),
        (
            "feedback.csv",
            "id,customer_id,order_id,rating,category,text,created_at,status\nf1,,1,,x,,2024-05-01T03:00:00+09:00,\n\
             f2,,,,x,,2024-05-01T03:00:00,\n",
        ),
    ]);
    let counter = Counter::open();
    counter.import(files.path());
    let first = counter.export();
    let returns = first.text("returns.csv");
    assert_eq!(returns.matches("2024-04-30T14:00:00-04:00").count(), 2, "{returns}");
    assert!(first.text("feedback.csv").contains("2024-04-30T14:00:00-04:00"));
    comes_out_the_same(&first);
}

#[test]
fn an_empty_shop_has_headers_only() {
    let counter = Counter::open();
    let out = counter.export();
    assert_eq!(out.text("orders.csv"), "id,store_id,customer_id,ordered_at,status,payment_method\n");
    assert_eq!(out.text("stores.csv"), "id,name,location,timezone\nMain,Main,,Europe/Riga\n");
    assert!(!out.path.join("payments.csv").exists());
    comes_out_the_same(&out);
}

fn product(name: &str, price: i64, cost: Option<i64>, rate: Option<i64>) -> Product {
    Product {
        id: ProductId(0),
        ext: Text::default(),
        sku: None,
        barcodes: Vec::new(),
        name: name.into(),
        category: None,
        price: Some(Money(price)),
        cost: cost.map(Money),
        tax_rate: rate.map(Rate),
        reorder_level: None,
    }
}

fn line(product: &Product, id: u32, quantity: i64) -> BasketLine {
    let product = Product { id: ProductId(id), ..product.clone() };
    BasketLine::of(&product, Quantity(quantity), None).unwrap()
}

fn cash(amount: i64) -> Tender {
    Tender { method: Method::named(Method::CASH), amount: Money(amount), reference: None }
}

fn order_of(outcome: Outcome) -> OrderNo {
    match outcome {
        Outcome::Ordered { order, .. } => order,
        other => panic!("no order: {other:?}"),
    }
}

#[test]
fn a_shop_with_every_kind_of_counter_sale_comes_out_as_it_went_in() {
    let counter = Counter::open();
    let beans = product("Espresso beans", 18_9000, Some(11_2000), Some(200_000));
    let gouda = product("Gouda", 14_5000, None, None);
    for made in [&beans, &gouda] {
        counter.ask(Command::SaveProduct(made.clone()));
    }
    let details = CustomerDetails { name: Some("Ines".into()), ..CustomerDetails::default() };
    counter.ask(Command::SaveCustomer { customer: None, ext: None, details });
    counter.ask(Command::ReceiveStock {
        store: StoreId(1),
        product: ProductId(1),
        quantity: Quantity::pieces(10),
        unit_cost: None,
        reason: None,
    });
    let sell = |basket: Basket, tenders: Vec<Tender>| {
        order_of(counter.ask(Command::PlaceOrder { basket, tenders, channel: Some("counter".into()) }))
    };
    // Weight, discounts, split payment with change and cash rounding.
    let mut first = line(&gouda, 2, 412);
    first.off = Some(Off::Percent(Rate(100_000)));
    let basket = Basket {
        lines: vec![line(&beans, 1, 2000), first],
        off: Some(Off::Money(Money(1_0100))),
        reason: Some("regular".into()),
        customer: Some(CustomerId(1)),
        note: Some("gift".into()),
    };
    let card = Tender { method: Method::named(Method::CARD), amount: Money(20_0000), reference: Some("4711".into()) };
    let sold = sell(basket, vec![card, cash(50_0000)]);
    // A pending order, paid later; one shipped; one cancelled after payment.
    let one = || Basket { lines: vec![line(&beans, 1, 1000)], ..Basket::default() };
    let pending = sell(one(), Vec::new());
    counter.ask(Command::PayOrder { order: pending, tenders: vec![cash(20_0000)] });
    counter.ask(Command::AdvanceOrder { order: pending, to: Status::Shipped });
    let cancelled = sell(one(), vec![cash(20_0000)]);
    counter.ask(Command::CancelOrder { order: cancelled });
    sell(one(), Vec::new());
    let lines = vec![ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true }];
    counter.ask(Command::ReturnLines {
        order: sold,
        lines,
        reason: "dented".into(),
        method: Some(Method::named(Method::STORE_CREDIT)),
    });
    // The rest goes back by card and in cash, which coins round.
    let lines = vec![
        ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true },
        ReturnLine { line_no: 2, quantity: Quantity(412), restock: false },
    ];
    let back = counter.ask(Command::ReturnLines { order: sold, lines, reason: "stale".into(), method: None });
    assert!(matches!(&back, Outcome::Returned { refunds, .. } if refunds.len() == 2), "{back:?}");
    counter.ask(Command::ReturnWithoutReceipt {
        product: ProductId(2),
        quantity: Quantity(250),
        refund: Money(3_6500),
        reason: "no receipt".into(),
        method: Method::named(Method::CASH),
        restock: false,
    });
    counter.ask(Command::AddFeedback {
        customer: Some(CustomerId(1)),
        order: Some(sold),
        rating: Some(5),
        category: Some("praise".into()),
        text: Some("Lovely".into()),
    });
    // A cost that came after the sale of something without one must not be read into it.
    counter.ask(Command::SaveProduct(Product {
        id: ProductId(2),
        ext: "2".into(),
        cost: Some(Money(9_0000)),
        tax_rate: Some(Rate(70_000)),
        ..gouda
    }));
    let out = counter.export();
    let lines = out.text("order_lines.csv");
    assert!(lines.contains(",none,none,"), "there was neither: {lines}");
    let again = Counter::open();
    again.import(&out.path);
    for counter in [&counter, &again] {
        let sold = counter.shop.snapshot().unwrap().order(OrderNo(1)).unwrap().unwrap();
        assert_eq!((sold.lines[1].cost, sold.lines[1].tax_rate), (None, None), "which is not zero");
    }
    assert!(out.text("orders.csv").contains("R1-000001"), "{}", out.text("orders.csv"));
    assert!(out.text("payments.csv").contains("cash-rounding"), "{}", out.text("payments.csv"));
    let returns = out.text("returns.csv");
    assert!(returns.contains("no receipt") && returns.contains(",3.65,"), "cash goes back in coins: {returns}");
    assert_eq!(returns.lines().count(), 5, "one row for each line that came back: {returns}");
    assert!(returns.contains("restock,method,split,rounding\n"), "{returns}");
    assert!(returns.contains(",cash,\"3.70 cash,1.54 card\",\n"), "{returns}");
    assert!(returns.contains(",18.45,Main,1,true,cash,,-0.01\n"), "{returns}");
    comes_out_the_same(&out);
}

#[test]
fn an_order_from_a_file_pays_back_by_the_method_it_names_alone() {
    let counter = Counter::open();
    let files = Files::of(&[
        ("products.csv", "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\nP,,,Pen,,1,,,\n"),
        (
            "orders.csv",
            "id,store_id,customer_id,ordered_at,status,payment_method\nA,Main,,2024-05-01,paid,card\n\
             B,Main,,2024-05-01,paid,cash\nC,Main,,2024-05-01,paid,\nD,Main,,2024-05-01,shipped,\n",
        ),
        ("payments.csv", "order_id,line_no,method,amount,reference,paid_at\nD,1,card,0.50,,\n"),
        (
            "order_lines.csv",
            "order_id,line_no,product_id,quantity,unit_price,discount,tax\nA,1,P,2,1.01,,\nB,1,P,2,1.01,,\n\
             C,1,P,1,1.03,,\nD,1,P,1,1.03,,\n",
        ),
    ]);
    counter.import(files.path());
    let no =
        |id| OrderNo(counter.shop.snapshot().unwrap().find(crate::domain::view::Kind::Order, id).unwrap().unwrap());
    let back = |order, method: Option<&str>| {
        let lines = vec![ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true }];
        let command = Command::ReturnLines { order, lines, reason: "dry".into(), method: method.map(Method::named) };
        let request = Request { id: counter.shop.new_id(), actor: FOUNDER, command };
        counter.shop.execute(request).unwrap().map(|outcome| match outcome {
            Outcome::Returned { refunds, .. } => {
                refunds.into_iter().map(|(by, sum)| format!("{} {}", sum.plain(2), by.0)).collect()
            }
            other => vec![format!("{other:?}")],
        })
    };
    assert_eq!(back(no("A"), Some("cash")).unwrap_err().to_string(), "Method: the order was not paid that way.");
    assert_eq!(back(no("A"), None).unwrap(), ["1.01 card"]);
    // Twice 1.01 for which 2.02 was paid: 1.00 and then as near as coins allow.
    assert_eq!(back(no("B"), None).unwrap(), ["1.00 cash"]);
    assert_eq!(back(no("B"), Some("cash")).unwrap(), ["1.00 cash"]);
    assert_eq!(back(no("C"), Some("cash")).unwrap(), ["1.00 cash"], "never more than was paid");
    assert_eq!(back(no("D"), None).unwrap(), ["0.50 card"], "of which not all was paid");
    comes_out_the_same(&counter.export());
}

#[test]
fn goods_of_an_order_from_a_file_come_back_when_it_is_cancelled_here() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let snapshot = counter.shop.snapshot().unwrap();
    let no = OrderNo(snapshot.find(crate::domain::view::Kind::Order, "1001").unwrap().unwrap());
    let web = OrderNo(snapshot.find(crate::domain::view::Kind::Order, "CA-7").unwrap().unwrap());
    let order = snapshot.order(web).unwrap().unwrap();
    let before = snapshot.stock(order.store, order.lines[0].product);
    drop(snapshot);
    // Goods of the other have come back in part.
    let request = |order| {
        let command = Command::CancelOrder { order };
        counter.shop.execute(Request { id: counter.shop.new_id(), actor: FOUNDER, command }).unwrap()
    };
    assert!(request(no).is_err());
    assert_eq!(request(web), Ok(Outcome::Done));
    let snapshot = counter.shop.snapshot().unwrap();
    let after = before.checked_add(Quantity::pieces(3)).unwrap();
    assert_eq!(snapshot.stock(order.store, order.lines[0].product), after);
    let moved = &snapshot.moves_of(order.lines[0].product, 1).unwrap()[0].1;
    assert_eq!((moved.quantity, moved.reason.as_deref()), (Quantity::pieces(3), Some("order CA-7 cancelled")));
    crate::engine::verify::verify(&snapshot, None, &|_, _| {}).unwrap();
    drop(snapshot);
    counter.shop.seal().unwrap();
    crate::engine::verify::verify(&counter.shop.snapshot().unwrap(), None, &|_, _| {}).unwrap();
    comes_out_the_same(&counter.export());
}

#[test]
fn what_a_file_only_says_was_paid_goes_back_when_it_is_cancelled_here() {
    let counter = Counter::open();
    let paid = |(name, text): &(&'static str, &str)| (*name, text.replace("10:00,pending,,", "10:00,shipped,cash,"));
    let files: Vec<(&str, String)> = FULL.iter().map(paid).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    counter.import(Files::of(&files).path());
    let snapshot = counter.shop.snapshot().unwrap();
    let no = OrderNo(snapshot.find(crate::domain::view::Kind::Order, "CA-7").unwrap().unwrap());
    let order = snapshot.order(no).unwrap().unwrap();
    assert!(order.payments.is_empty());
    drop(snapshot);
    counter.ask(Command::CancelOrder { order: no });
    let back = counter.shop.snapshot().unwrap().order(no).unwrap().unwrap().payments;
    let sum = Money::total(back.iter().map(|payment| payment.amount)).unwrap();
    assert_eq!(Some(sum), order.total().unwrap().checked_neg());
    let mut in_coins = back.iter().filter(|payment| payment.method.is(Method::CASH));
    assert!(in_coins.all(|payment| payment.amount.0 % 500 == 0), "{back:?}");
    comes_out_the_same(&counter.export());
}

#[test]
fn receipts_go_on_where_an_imported_shop_stopped() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let next = Basket { lines: vec![line(&product("Paper bag", 2000, None, None), 3, 1000)], ..Basket::default() };
    let two = {
        let snapshot = counter.shop.snapshot().unwrap();
        let found = snapshot.directory().registers.iter().find(|register| &*register.name == "2").cloned();
        found.unwrap()
    };
    assert_eq!(two.id.0, 2, "the register keeps the number its receipts say");
    let actor = crate::domain::Actor { register: two.id, ..crate::exchange::testing::FOUNDER };
    let outcome = counter.ask_as(actor, Command::PlaceOrder { basket: next, tenders: vec![cash(2000)], channel: None });
    match outcome {
        Outcome::Ordered { order, receipt, .. } => {
            assert_eq!(receipt.as_deref(), Some("R2-000482"));
            assert_eq!(order, OrderNo(1002), "numbers go on after the largest id that is one");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_register_a_shop_was_made_with_gives_its_number_to_the_imported_one_that_had_it() {
    let files = |register: &str| {
        let orders = format!(
            "id,store_id,customer_id,ordered_at,status,payment_method,receipt,register\n\
             A,N,,2024-05-01,paid,cash,R1-000007,{register}\nB,S,,2024-05-01,paid,cash,R2-000003,Back\n"
        );
        Files::of(&[FULL[0], ("orders.csv", &orders)])
    };
    let registers = |counter: &Counter| {
        let snapshot = counter.shop.snapshot().unwrap();
        let told = |register: &crate::domain::Register| (register.id.0, register.name.to_string(), register.store.0);
        snapshot.directory().registers.iter().map(told).collect::<Vec<_>>()
    };
    let counter = Counter::open();
    counter.import(files("Front").path());
    assert_eq!(registers(&counter), [(1, "Front".to_owned(), 1), (2, "Back".to_owned(), 2)]);
    counter.ask(Command::SaveProduct(product("Paper bag", 2000, None, None)));
    let basket = Basket { lines: vec![line(&product("Paper bag", 2000, None, None), 1, 1000)], ..Basket::default() };
    match counter.ask(Command::PlaceOrder { basket, tenders: vec![cash(2000)], channel: None }) {
        Outcome::Ordered { receipt, .. } => assert_eq!(receipt.as_deref(), Some("R1-000008"), "it counts on"),
        other => panic!("{other:?}"),
    }
    crate::engine::verify::verify(&counter.shop.snapshot().unwrap(), None, &|_, _| {}).unwrap();
    comes_out_the_same(&counter.export());
    // One that was used stays what it is.
    let counter = Counter::open();
    counter.ask(Command::OpenShift { float: Money::ZERO });
    counter.import(files("Front").path());
    assert_eq!(registers(&counter)[0], (1, "1".to_owned(), 1));
}

#[test]
fn the_words_of_whoever_was_erased_stand_in_no_export_and_what_is_left_comes_out_as_it_went_in() {
    let files = Files::of(FULL);
    let customers = "id,name,email,phone,address,location,gender,birth_date,registered_on,store_credit,notes\n\
                     QUICK,Ines Keller,ines@example.org,,,Riga,female,1990-02-28,2023-05-01,,Likes espresso\n2,,,,,,,,,,\n";
    files.put("customers.csv", customers);
    let counter = Counter::open();
    counter.import(files.path());
    let ines = counter.shop.snapshot().unwrap().find(Kind::Customer, "QUICK").unwrap().unwrap();
    let whole = counter.export();
    for words in ["Ines", "Ring twice", "slip 77", "Cold."] {
        assert!(whole.all().iter().any(|(_, text)| text.contains(words)), "{words} is to be forgotten");
    }
    counter.ask(Command::EraseCustomer(CustomerId(ines as u32)));
    let first = counter.export();
    for words in ["Ines", "Ring twice", "slip 77", "Cold."] {
        assert!(!first.all().iter().any(|(_, text)| text.contains(words)), "{words} is still told");
    }
    let feedback = first.text("feedback.csv");
    assert!(feedback.contains("F1,QUICK,1001,1,Complaint,,2024-04-01T"), "{feedback}");
    assert!(first.text("orders.csv").contains("1001,N,QUICK,"), "orders keep the id");
    assert_eq!(first.text("order_lines.csv"), whole.text("order_lines.csv"));
    comes_out_the_same(&first);
}

#[test]
fn a_folder_that_holds_an_export_is_left_alone() {
    let counter = Counter::open();
    let files = Files::of(&[("feedback.csv", "mine")]);
    let fault = crate::exchange::write(&counter.shop.snapshot().unwrap(), files.path(), &|_, _| {}).unwrap_err();
    assert!(fault.to_string().contains("already holds feedback.csv"), "{fault}");
    let names: Vec<_> = std::fs::read_dir(files.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["feedback.csv"]);
}
