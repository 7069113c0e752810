use super::named::order;
use super::shop::{FIRST, TestShop, history};
use crate::domain::command::Actor;
use crate::domain::difference::Difference;
use crate::domain::fact::{Fact, FeedbackFact, ReturnFact, Signed, facts};
use crate::domain::payment::{Method, Payment};
use crate::domain::{Change, FeedbackState, Note, Order, Outcome, Register, Status, Store};
use crate::report::{Answer, Answers, ReportFault, Request, Value, answer};
use crate::store::journal::Entry;
use crate::unit::{
    CommandId, Digest, FeedbackNo, Money, OrderNo, Precision, ProductId, Quantity, RegisterId, ReturnNo, Seq, StaffId,
    Stamp, StoreId, Text,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

fn tried(shop: &TestShop, words: &str) -> Result<Answer, ReportFault> {
    let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
    answer(shop, &request, FIRST.add_days(30))
}

fn ask(shop: &TestShop, words: &str) -> Answer {
    tried(shop, words).expect("an answer")
}

fn plain(answer: &Answer) -> Vec<String> {
    let row = |row: &Vec<Value>| row.iter().map(|value| value.plain(2)).collect::<Vec<String>>().join(" ");
    answer.rows.iter().map(row).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn baskets_are_all_orders_each_in_one_row(history in history(false, 60), cut in 0.0..1.0f64) {
        let mut shop = TestShop::new(history);
        shop.seal((shop.seq as f64 * cut) as usize);
        let mut naive: BTreeMap<i128, (i128, i128)> = BTreeMap::new();
        for fact in shop.facts(shop.seq).0.iter().filter(|fact| fact.status != Status::Cancelled) {
            let units: i128 = fact.lines.iter().map(|line| i128::from(line.units.0)).sum();
            let sales: i128 = fact.lines.iter().map(|line| i128::from(line.sales.0)).sum();
            let pieces = (units + 999) / 1000;
            let row = naive.entry(if pieces <= 5 { pieces } else if pieces <= 10 { 10 } else { 20 }).or_default();
            *row = (row.0 + 1, row.1 + sales);
        }
        let sizes = ask(&shop, "basket-size");
        let found: Vec<(Value, Value)> = sizes.rows.iter().map(|row| (row[1].clone(), row[4].clone())).collect();
        let wanted: Vec<(Value, Value)> =
            naive.values().map(|(orders, sales)| (Value::Count(*orders), Value::Money(*sales))).collect();
        prop_assert_eq!(found, wanted);
        let all = ask(&shop, "average-order");
        for report in ["basket-size", "basket-value"] {
            let sizes = ask(&shop, report);
            prop_assert_eq!(sizes.total("orders"), all.total("orders"), "{}", report);
            prop_assert_eq!(sizes.total("sales"), all.total("sales"), "{}", report);
        }
    }
}

fn at(day: i32) -> Stamp {
    Stamp { unix_ms: i64::from(FIRST.0 + day) * 86_400_000 + 36_000_000, offset_s: 0, precision: Precision::Second }
}

fn placed(no: u64, day: i32, cashier: u16) -> Order {
    let at = at(day);
    Order { cashier: Some(StaffId(cashier)), placed: Some(at), ..order(no, None, Some(at.unix_ms), Status::Paid) }
}

fn paid(method: &str, amount: i64) -> Payment {
    Payment { line_no: 1, method: Method::named(method), amount: Money(amount), tendered: None, paid_at: None }
}

fn shop_of(orders: Vec<Order>, more: Vec<Fact>) -> TestShop {
    let sold = orders.iter().map(|order| Fact::Order(facts(order).expect("facts")));
    let mut shop = TestShop::new(sold.chain(more).map(|fact| Signed { plus: true, fact }).collect());
    shop.orders = orders;
    shop
}

fn entry(seq: u64, day: i32, changes: Vec<Change>) -> Entry {
    Entry {
        seq: Seq(seq),
        at_ms: at(day).unix_ms,
        actor: Some(Actor { staff: StaffId(1), register: RegisterId(1) }),
        id: CommandId(u128::from(seq)),
        outcome: Outcome::Done,
        changes,
        previous: Digest::default(),
    }
}

#[test]
fn payments_stand_beside_what_was_due() {
    // Two of each at 6.00 with 2.00 of tax in it: 12.00 are due.
    let cash = Order { payments: vec![paid("cash", 70_000), paid("cash-rounding", 200)], ..placed(1, 0, 1) };
    let mixed = Order { payments: vec![paid("card", 100_000), paid("cheque", 20_000)], ..placed(2, 0, 1) };
    let named = Order { declared_method: Some(Method::named("transfer")), ..placed(3, 1, 1) };
    let pending = Order { declared_method: Some(Method::named("cash")), status: Status::Pending, ..placed(4, 1, 1) };
    let gone = Order { status: Status::Cancelled, payments: vec![paid("cash", 120_000)], ..placed(5, 1, 1) };
    let mut shop = shop_of(vec![cash, mixed, named, pending, gone], Vec::new());
    let expected = [
        "2024-01-01 2 20.00 4.00 24.00 7.02 10.00 0.00 0.00 2.00 19.02 4.98",
        "2024-01-02 2 20.00 4.00 24.00 0.00 0.00 12.00 0.00 0.00 12.00 12.00",
    ];
    let days: Vec<String> = expected.iter().map(|row| row[10..].to_owned()).collect();
    for sealed in [0, 2, 5] {
        shop.seal(sealed);
        let answer = ask(&shop, "payments-vs-sales");
        assert_eq!(plain(&answer).iter().map(|row| row[10..].to_owned()).collect::<Vec<_>>(), days, "{sealed} sealed");
        assert_eq!(answer.total("due"), Some(&Value::Money(480_000)));
        assert_eq!(answer.total("open"), Some(&Value::Money(169_800)));
    }
    let refused = tried(&shop, "payments-vs-sales --where category=Tea").expect_err("orders are looked at whole");
    assert!(refused.to_string().contains("cannot be sliced by category"), "{refused}");
}

#[test]
fn what_is_done_by_hand_is_counted_for_who_did_it() {
    let mut cheap = placed(1, 0, 1);
    cheap.lines[0].listed_price = Some(Money(75_000));
    let mut undone = Order { status: Status::Cancelled, ..placed(2, 1, 1) };
    undone.lines[0].listed_price = Some(Money(99_000));
    let kept = [cheap.clone(), undone.clone(), placed(3, 1, 2)];
    let mut shop = shop_of(kept.to_vec(), Vec::new());
    let open = |order: &Order| Change::OrderPlaced { order: order.clone(), details: None };
    let void = |by, day| Change::LineVoided {
        register: RegisterId(2),
        by: StaffId(by),
        product: ProductId(1),
        value: Money(31_000),
        at: at(day),
    };
    let started = Order { status: Status::Paid, ..undone };
    let cancelled = Change::OrderStepped { order: OrderNo(2), status: Status::Cancelled, at: at(2), by: StaffId(1) };
    shop.entries = vec![
        entry(1, 0, vec![open(&cheap)]),
        entry(2, 1, vec![open(&started), void(2, 1)]),
        entry(3, 1, vec![open(&kept[2]), void(2, 1)]),
        entry(4, 2, vec![cancelled, void(1, 2)]),
    ];
    let prices = ask(&shop, "discounts-by-cashier");
    assert_eq!(plain(&prices), ["adam ADAM 1 12.00 0.00 0.0000 0 0.00", "zoe ZOE 1 12.00 0.00 0.0000 1 3.00"]);
    let voids = ask(&shop, "voids-and-returns-by-cashier");
    assert_eq!(plain(&voids), ["adam ADAM 1 0 0 0.00 0.0000 2 6.20", "zoe ZOE 1 0 0 0.00 0.0000 1 3.10"]);
    assert_eq!(voids.total("voids"), Some(&Value::Count(3)));
    let early = ask(&shop, &format!("voids-and-returns-by-cashier --to {}", FIRST.add_days(2)));
    assert_eq!(early.total("voids"), Some(&Value::Count(2)));
    let here = ask(&shop, "voids-and-returns-by-cashier --store b");
    assert_eq!(here.total("voids"), Some(&Value::Count(0)), "the second register stands in another store");
    assert!(tried(&shop, "discounts-by-cashier --where gender=f").is_err());
}

#[test]
fn what_many_ask_at_once_is_worked_out_once() {
    let mut shop = shop_of(vec![placed(1, 0, 1)], Vec::new());
    shop.seal(1);
    let reads = Arc::new(AtomicUsize::new(0));
    let (read, others) = channel();
    let (count, others) = (Arc::clone(&reads), Mutex::new(others));
    shop.on_read = Box::new(move || {
        if count.fetch_add(1, Ordering::SeqCst) == 0 {
            // Whoever reads first goes on once another reads as well, or nobody does for a while.
            let _ = others.lock().unwrap().recv_timeout(Duration::from_millis(200));
        } else {
            read.send(()).unwrap();
        }
    });
    let (kept, request) = (Answers::new(), Request::named("sales-by-day").expect("a report"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(kept.answer(&shop, &request, FIRST, None).expect("an answer").rows.len(), 1));
        }
    });
    assert_eq!((reads.load(Ordering::SeqCst), kept.kept().0), (1, 1));
}

#[test]
fn what_nobody_waits_for_is_not_worked_out() {
    let sold = placed(1, 0, 1);
    let mut shop = shop_of(vec![sold.clone()], Vec::new());
    shop.seal(1);
    shop.entries = vec![entry(1, 0, vec![Change::OrderPlaced { order: sold, details: None }])];
    let kept = Answers::new();
    for words in [
        "sales-by-day",
        "sales-by-day why",
        "basket-size",
        "feedback-summary",
        "audit",
        "voids-and-returns-by-cashier",
        "segments",
    ] {
        let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
        let given_up = Some(Arc::new(AtomicBool::new(true)));
        assert!(matches!(kept.answer(&shop, &request, FIRST, given_up), Err(ReportFault::Cancelled)), "{words}");
        assert_eq!(kept.kept().0, 0, "{words}");
    }
    let request = Request::named("sales-by-day").expect("a report");
    assert_eq!(kept.answer(&shop, &request, FIRST, Some(Arc::default())).expect("an answer").rows.len(), 1);
}

#[test]
fn a_store_that_is_gone_is_called_as_it_was_and_one_that_a_register_left_as_it_is() {
    let mut shop = shop_of(Vec::new(), Vec::new());
    let [one, two] = [0, 1].map(|at: usize| shop.directory.stores[at].clone());
    let gone = Store { id: StoreId(9), ext: Text::from("1"), ..one.clone() };
    let field = Difference {
        field: "store".into(),
        before: Text::lossy(&one.id.0.to_string()),
        after: Text::lossy(&two.id.0.to_string()),
    };
    let moved = Register { id: RegisterId(1), store: two.id, name: "Till 1".into() };
    shop.entries = vec![
        entry(1, 0, vec![Change::StoreSaved(Store { ext: Text::from("0"), ..gone.clone() })]),
        entry(2, 0, vec![Change::StoreSaved(gone.clone())]),
        entry(3, 1, vec![Change::StoreRemoved(gone.id)]),
        entry(4, 1, vec![Change::StoreSaved(Store { ext: Text::from("2"), ..gone })]),
        entry(5, 1, vec![Change::RegisterSaved(moved), Change::Noted(Note::Changed(vec![field]))]),
    ];
    let audit = plain(&ask(&shop, "audit"));
    assert!(audit[2].contains("removed store 1"), "{audit:#?}");
    assert!(audit[0].ends_with(&format!("store {} → {}", one.ext, two.ext)), "{audit:#?}");
}

#[test]
fn products_that_come_back_say_why() {
    let back = |no, reason: &str| {
        Fact::Return(ReturnFact {
            no: ReturnNo(no),
            at: Some(at(3)),
            store: StoreId(1),
            order: Some(OrderNo(1)),
            register: None,
            cashier: None,
            customer: None,
            status: Some(Status::Paid),
            payment: None,
            channel: None,
            product: Some(ProductId(1)),
            reason: Some(Text::from(reason)),
            units: Quantity::pieces(1),
            refund: Money(60_000),
            net: Money(50_000),
        })
    };
    let said = |no, order, category: &str| {
        Fact::Feedback(FeedbackFact {
            no: FeedbackNo(no),
            at: Some(at(4)),
            customer: None,
            order: Some(OrderNo(order)),
            rating: None,
            category: Some(Text::from(category)),
            state: FeedbackState::Open,
        })
    };
    let more = vec![
        back(1, "late"),
        back(2, "broken"),
        back(3, "broken"),
        said(1, 1, "Complaint"),
        said(2, 2, "complaint"),
        said(3, 2, "praise"),
    ];
    let mut shop = shop_of(vec![placed(1, 0, 1), placed(2, 1, 2)], more);
    for sealed in [0, 4, 8] {
        shop.seal(sealed);
        let answer = ask(&shop, "returned-products");
        assert_eq!(plain(&answer), ["9 Product 9 3 3 18.00 0.7500 broken 2, late 1 2"], "{sealed} sealed");
        let one = ask(&shop, "returned-products --where cashier=adam");
        assert!(one.rows.is_empty(), "these returns have no cashier");
    }
}
