//! Receipts to the column.

use crate::domain::basket::{Basket, BasketLine};
use crate::domain::command::ReturnLine;
use crate::domain::testing::settings;
use crate::domain::{Actor, Command, Outcome, Tender};
use crate::domain::{Discount, DiscountKind};
use crate::domain::{Line, Method, Order, Payment, Product, Register, Role, Settings, Staff, Status, Store};
use crate::engine::{Catalogue, Directory};
use crate::exchange::testing::{Counter, FOUNDER, FULL, Files};
use crate::unit::text::width;
use crate::unit::{
    CashRounding, Money, OrderNo, ProductId, Quantity, Rate, RegisterId, StaffId, Stamp, StoreId, Text, Zone,
};

use super::*;

fn directory() -> Directory {
    let zone = Zone::by_name("Europe/Riga").unwrap();
    Directory {
        settings: Some(Settings {
            name: "Kaķis & Co".into(),
            zone,
            cash_rounding: CashRounding::Step(Money(500)),
            receipt_header: Text::paragraph("VAT LV40001234567\n+371 6700 0000", 100).unwrap(),
            receipt_footer: Text::paragraph("Goods may be returned within 14 days with this receipt.\nPaldies!", 100)
                .unwrap(),
            ..settings()
        }),
        stores: vec![Store {
            id: StoreId(1),
            ext: "N".into(),
            name: "North Street".into(),
            location: Some("Riga".into()),
            zone: None,
        }],
        registers: vec![Register { id: RegisterId(2), store: StoreId(1), name: "2".into() }],
        staff: vec![Staff {
            id: StaffId(1),
            ext: "mara".into(),
            name: "Māra".into(),
            roles: vec![Role::Cashier],
            disabled: false,
        }],
        credentials: Vec::new(),
        views: Vec::new(),
    }
}

fn catalogue() -> Catalogue {
    let names = [
        "Espresso beans 1 kg",
        "Gouda, sliced, matured for eighteen months in the cellars of Valmiera",
        "咖啡 コーヒー espresso roast 深煎り",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk",
    ];
    let product = |(at, name): (usize, &&str)| Product {
        id: ProductId(at as u32 + 1),
        ext: (*name).into(),
        sku: None,
        barcodes: Vec::new(),
        name: (*name).into(),
        category: None,
        price: None,
        cost: None,
        tax_rate: None,
        reorder_level: None,
    };
    Catalogue::of(names.iter().enumerate().map(product).collect())
}

fn line(no: u32, quantity: i64, price: i64, tax: i64, rate: i64) -> Line {
    Line {
        no,
        product: ProductId(no),
        quantity: Quantity(quantity),
        unit_price: Money(price),
        listed_price: None,
        discounts: Vec::new(),
        tax: Money(tax),
        tax_rate: Some(Rate(rate)),
        cost: None,
        rounding: Money::ZERO,
        returned: Quantity::ZERO,
    }
}

fn paid(line_no: u32, method: &str, amount: i64, tendered: Option<i64>) -> Payment {
    let method = Method::named(method);
    Payment { line_no, method, amount: Money(amount), tendered: tendered.map(Money), paid_at: None }
}

fn order() -> Order {
    let mut gouda = line(2, 412, 14_5000, 3500, 70_000);
    gouda.rounding = Money(-40);
    gouda.discounts =
        vec![Discount { kind: DiscountKind::Percent(Rate(100_000)), amount: Money(6000), reason: None, by: None }];
    Order {
        no: OrderNo(481),
        ext: None,
        store: StoreId(1),
        register: Some(RegisterId(2)),
        cashier: Some(StaffId(1)),
        customer: None,
        placed: Some(Stamp::parse("2026-11-20T14:02:11", &Zone::by_name("Europe/Riga").unwrap()).unwrap()),
        status: Status::Paid,
        tax_included: true,
        channel: None,
        receipt: Some("R2-000481".into()),
        lines: vec![
            line(1, 1000, 18_9000, 3_1500, 200_000),
            gouda,
            line(3, 3000, 2_1000, 1_0500, 200_000),
            line(4, 1000, 12_345_678_900, 2_057_613_200, 200_000),
        ],
        payments: vec![
            paid(1, Method::CARD, 12_345_700_000, None),
            paid(2, Method::CASH, 28_4500, Some(50_0000)),
            paid(3, Method::CASH_ROUNDING, 100, None),
        ],
        declared_method: None,
        moves_stock: true,
        steps: Vec::new(),
        details_version: 0,
    }
}

fn receipt(order: &Order, copy: bool) -> Receipt {
    Receipt::of(order, &directory(), &catalogue(), Some("Ines Keller".into()), &[(1, "slip 4711".into())], copy)
        .unwrap()
}

#[test]
fn on_48_columns() {
    insta::assert_snapshot!(text(&receipt(&order(), false), 48));
}

#[test]
fn on_42_columns_as_a_copy() {
    insta::assert_snapshot!(text(&receipt(&order(), true), 42));
}

#[test]
fn on_32_columns_with_tax_on_top_cancelled_and_returned() {
    let mut order = order();
    order.tax_included = false;
    order.status = Status::Cancelled;
    order.lines.truncate(2);
    order.lines[0].returned = Quantity::ONE;
    order.lines[0].quantity = Quantity::pieces(2);
    order.payments.clear();
    insta::assert_snapshot!(text(&receipt(&order, false), 32));
}

#[test]
fn an_order_without_anything_is_a_receipt_too() {
    let mut order = order();
    order.lines.clear();
    order.payments.clear();
    order.receipt = None;
    order.placed = None;
    order.register = None;
    order.cashier = None;
    order.status = Status::Pending;
    insta::assert_snapshot!(text(&Receipt { customer: None, ..receipt(&order, false) }, 32));
}

#[test]
fn no_row_is_wider_than_the_paper_and_no_amount_is_cut() {
    for columns in [0, 1, 16, 20, 32, 42, 48, 80] {
        let text = text(&receipt(&order(), true), columns);
        for row in text.lines() {
            assert!(width(row) <= columns.max(16), "{columns}: {row}");
        }
        for amount in ["18.90", "5.97", "-0.60", "1234567.89", "50.00", "21.55", "205765.52"] {
            assert!(text.contains(amount), "{columns}: {amount} is missing in\n{text}");
        }
    }
}

/// Bytes for the eye: commands in braces, one row a line.
fn shown(bytes: &[u8]) -> String {
    let mut out = String::new();
    for byte in bytes {
        match byte {
            b'\n' => out.push('\n'),
            b' '..=b'~' => out.push(char::from(*byte)),
            other => out.push_str(&format!("{{{other:02x}}}")),
        }
    }
    out
}

#[test]
fn for_a_printer() {
    let printer = Printer { columns: 42, cut: true, drawer: true };
    insta::assert_snapshot!(shown(&escpos(&receipt(&order(), false), &printer)));
}

#[test]
fn a_printer_without_a_knife_feeds_and_a_number_too_wide_for_its_paper_has_no_bars() {
    let mut order = order();
    order.receipt = Some("A-VERY-LONG-NUMBER-FROM-ANOTHER-SHOP".into());
    let bytes = escpos(&receipt(&order, false), &Printer { columns: 32, cut: false, drawer: false });
    assert!(bytes.ends_with(&[0x1b, b'd', 4]));
    assert!(!bytes.windows(3).any(|part| part == [0x1d, b'k', 73]));
    assert!(!bytes.windows(2).any(|part| part == [0x1b, b'p']));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&json(&receipt(&order(), true))).unwrap());
}

#[test]
fn an_order_is_found_by_receipt_or_id() {
    let counter = Counter::open();
    counter.import(Files::of(FULL).path());
    let snapshot = counter.shop.snapshot().unwrap();
    for number in ["R2-000481", "r2-481", "1001"] {
        let order = find(&snapshot, number).unwrap().unwrap();
        assert_eq!(order.id(), "1001", "{number}");
        let receipt = Receipt::in_shop(&snapshot, &order, false).unwrap().unwrap();
        assert_eq!(receipt.customer.as_deref(), Some("Ines Keller"));
        assert_eq!(receipt.cash_rounding, Money(-261));
        let references: Vec<_> = receipt.payments.iter().map(|paid| paid.reference.as_deref()).collect();
        assert_eq!(references, [Some("slip 77"), None]);
        assert!(text(&receipt, 42).contains("\n  slip 77"), "{}", text(&receipt, 42));
        // A file knows of no steps, but of payments.
        let paid = receipt.paid.expect("it was paid later");
        assert_eq!(paid.rfc3339(), "2024-03-31T04:31:00+03:00");
    }
    assert!(find(&snapshot, "R2-482").unwrap().is_none());
}

/// A shop with two registers, and an order of 4.99 and twice 2.49 that waits for its money.
fn waiting() -> (Counter, OrderNo) {
    let counter = Counter::open();
    counter.ask(Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: "Back".into() }));
    let mut basket = Basket::default();
    for (name, price, quantity) in [("Tea", 4_9900, 1000), ("Bun", 2_4900, 2000)] {
        let product = Product {
            id: ProductId(0),
            ext: Text::default(),
            sku: None,
            barcodes: Vec::new(),
            name: name.into(),
            category: None,
            price: Some(Money(price)),
            cost: None,
            tax_rate: Some(Rate(200_000)),
            reorder_level: None,
        };
        let Outcome::Product(id) = counter.ask(Command::SaveProduct(product.clone())) else { panic!("no product") };
        basket.lines.push(BasketLine::of(&Product { id, ..product }, Quantity(quantity), None).unwrap());
    }
    match counter.ask(Command::PlaceOrder { basket, tenders: Vec::new(), channel: None }) {
        Outcome::Ordered { order, .. } => (counter, order),
        other => panic!("{other:?}"),
    }
}

fn tender(method: &str, amount: i64) -> Tender {
    Tender { method: Method::named(method), amount: Money(amount), reference: None }
}

fn in_shop(counter: &Counter, order: OrderNo) -> Receipt {
    let snapshot = counter.shop.snapshot().unwrap();
    let order = snapshot.order(order).unwrap().unwrap();
    Receipt::in_shop(&snapshot, &order, true).unwrap().unwrap()
}

#[test]
fn an_order_paid_later_says_when_and_where() {
    let (counter, order) = waiting();
    let before = in_shop(&counter, order);
    assert_eq!((before.paid, before.register.as_deref()), (None, Some("1")));
    let back = Actor { register: RegisterId(2), ..FOUNDER };
    counter.ask_as(back, Command::PayOrder { order, tenders: vec![tender(Method::CARD, 9_9700)] });
    let receipt = in_shop(&counter, order);
    assert_eq!(receipt.number.as_deref(), Some("R2-000001"));
    assert_eq!(receipt.register.as_deref(), Some("Back"), "where the money was taken");
    let paid = counter.shop.snapshot().unwrap().order(order).unwrap().unwrap().steps[0].at;
    assert_eq!(receipt.paid, Some(paid));
    let printed = text(&receipt, 42);
    assert!(printed.contains("Order 1 ") && printed.contains("placed 20"), "{printed}");
    assert!(printed.contains("Register Back"), "{printed}");
    assert_eq!(json(&receipt)["paid"], paid.rfc3339());
}

fn bring(counter: &Counter, order: OrderNo, lines: &[(u32, i64)], reason: &str) -> Outcome {
    let line = |(line_no, quantity): &(u32, i64)| ReturnLine {
        line_no: *line_no,
        quantity: Quantity(*quantity),
        restock: true,
    };
    let lines = lines.iter().map(line).collect();
    counter.ask(Command::ReturnLines { order, lines, reason: reason.into(), method: None })
}

#[test]
fn what_came_back_has_a_slip_and_stands_on_the_copy() {
    let (counter, order) = waiting();
    let tenders = vec![tender(Method::CARD, 3_0000), tender(Method::CASH, 10_0000)];
    counter.ask(Command::PayOrder { order, tenders });
    assert!(in_shop(&counter, order).returns.is_empty());
    assert!(!text(&in_shop(&counter, order), 42).contains("Returned"));
    let Outcome::Returned { returns, .. } = bring(&counter, order, &[(1, 1000), (2, 1000)], "dented") else {
        panic!("nothing came back")
    };
    assert_eq!(returns.len(), 2, "the second line went back by two methods, as one return");
    let snapshot = counter.shop.snapshot().unwrap();
    for no in &returns {
        let slip = Slip::in_shop(&snapshot, *no, false).unwrap().unwrap();
        assert_eq!(slip.lines.len(), 2, "it is one occasion and two lines");
        let worth = Money::total(slip.lines.iter().map(|line| line.value)).unwrap();
        assert_eq!(worth.checked_add(slip.rounding), Some(slip.total));
        assert_eq!(Money::total(slip.refunds.iter().map(|(_, amount)| *amount)), Some(slip.total));
    }
    let slip = Slip::in_shop(&snapshot, returns[0], false).unwrap().unwrap();
    let dated = |text: String| {
        let day = slip.at.unwrap().day().to_string();
        text.replace(&day, "YYYY-MM-DD").lines().map(|row| format!("{row}\n")).collect::<String>()
    };
    insta::assert_snapshot!("a_return_slip", dated(text(&slip, 42)));
    insta::assert_snapshot!("a_copy_with_what_came_back", dated(text(&in_shop(&counter, order), 42)));
    // The coins of another day change nothing that was printed.
    let settings = snapshot.directory().settings.clone().unwrap();
    counter.ask(Command::ChangeSettings(Settings { cash_rounding: CashRounding::Off, ..settings }));
    assert_eq!(Slip::in_shop(&counter.shop.snapshot().unwrap(), returns[0], false).unwrap().as_ref(), Some(&slip));
    let bytes = escpos(&slip, &Printer::default());
    assert!(shown(&bytes).contains("PAID BACK EUR") && shown(&bytes).contains("{B"), "{}", shown(&bytes));
    let said = slip_json(&slip);
    assert_eq!((said["refund"].as_str(), said["cash_rounding"].as_str()), (Some("7.46"), Some("-0.02")));
    assert_eq!(json(&in_shop(&counter, order))["returns"][0]["lines"][0]["reason"], "dented");
    for columns in [16, 20, 32, 48] {
        assert!(text(&slip, columns).lines().all(|row| width(row) <= columns), "{}", text(&slip, columns));
    }
}
