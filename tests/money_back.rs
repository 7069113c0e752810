//! Money that goes back over the counter: by the methods that paid, never more than was paid by them, in cash by coins; and
//! the books add up whatever comes back in whatever steps.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use proptest::prelude::*;
use std::collections::BTreeMap;
use support::deed::{founding, text};
use support::disk::Disk;
use support::truth::proved;
use support::world::World;
use till::domain::basket::{Basket, BasketLine};
use till::domain::command::ReturnLine;
use till::domain::{Change, Command, Method, Order, Outcome, Product, Refusal, Return, Settings, Tender};
use till::unit::barcode::Embedded;
use till::unit::{CashRounding, Currency, CustomerId, Day, Money, OrderNo, ProductId, Quantity, Rate, RegisterId, Seq};

/// A shop whose smallest coin is 0.05 and that says prices without tax.
fn shop() -> World {
    let world = World::found(Disk::holding(Vec::new()), 7).expect("a shop");
    in_coins(world, CashRounding::Step(Money(500)))
}

fn in_coins(mut world: World, cash_rounding: CashRounding) -> World {
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let settings = Settings { cash_rounding, tax_included: true, discount_limit_percent: 100, ..settings };
    done(&mut world, Command::ChangeSettings(settings));
    world
}

fn ask(world: &mut World, command: Command) -> Result<Outcome, Refusal> {
    let request = world.request(RegisterId(1), command);
    world.ask(request).expect("a sound disk")
}

#[track_caller]
fn done(world: &mut World, command: Command) -> Outcome {
    ask(world, command).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn goods(world: &mut World, price: i64) -> BasketLine {
    let product = Product {
        id: ProductId(0),
        ext: text(""),
        sku: None,
        barcodes: Vec::new(),
        name: text("Thing"),
        category: None,
        price: Some(Money(price)),
        cost: None,
        tax_rate: Some(Rate(70_000)),
        reorder_level: None,
    };
    let Outcome::Product(id) = done(world, Command::SaveProduct(product.clone())) else { panic!("no product") };
    BasketLine::of(&Product { id, ..product }, Quantity::ONE, None).unwrap()
}

fn tender(method: &str, amount: i64) -> Tender {
    Tender { method: Method::named(method), amount: Money(amount), reference: None }
}

fn sell(world: &mut World, prices: &[i64], tenders: Vec<Tender>, customer: Option<CustomerId>) -> OrderNo {
    let lines = prices.iter().map(|price| goods(world, *price)).collect();
    let basket = Basket { lines, customer, ..Basket::default() };
    match done(world, Command::PlaceOrder { basket, tenders, channel: None }) {
        Outcome::Ordered { order, .. } => order,
        other => panic!("{other:?}"),
    }
}

fn bring(order: OrderNo, lines: &[(u32, i64)], method: Option<&str>) -> Command {
    let line = |(line_no, quantity): &(u32, i64)| ReturnLine {
        line_no: *line_no,
        quantity: Quantity(*quantity),
        restock: true,
    };
    let lines = lines.iter().map(line).collect();
    Command::ReturnLines { order, lines, reason: text("broken"), method: method.map(Method::named) }
}

fn paid_back(outcome: &Outcome) -> Vec<(String, i64)> {
    match outcome {
        Outcome::Returned { refunds, .. } => {
            refunds.iter().map(|(method, amount)| (method.0.to_string(), amount.0)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn by(list: &[(&str, i64)]) -> Vec<(String, i64)> {
    list.iter().map(|(method, amount)| ((*method).to_owned(), *amount)).collect()
}

/// What coins made of the refunds of an order, as the journal keeps it.
fn rounded(world: &World, order: OrderNo) -> i64 {
    let snapshot = world.shop.snapshot().unwrap();
    let entries = snapshot.entries(Seq(snapshot.seq().0 + 1), snapshot.seq().0 as usize).unwrap();
    let changes = entries.into_iter().flat_map(|entry| entry.changes);
    changes
        .filter_map(|change| match change {
            Change::RefundRounded { order: of, by } if of == order => Some(by.0),
            _ => None,
        })
        .sum()
}

#[test]
fn cash_goes_back_in_coins_and_the_difference_is_kept() {
    let mut world = shop();
    // 4.99 and 4.98 are 9.97, for which 9.95 is taken.
    let order = sell(&mut world, &[4_9900, 4_9800], vec![tender("cash", 10_0000)], None);
    assert_eq!(paid_back(&done(&mut world, bring(order, &[(1, 1000)], None))), by(&[("cash", 5_0000)]));
    assert_eq!(rounded(&world, order), -100);
    assert_eq!(paid_back(&done(&mut world, bring(order, &[(2, 1000)], None))), by(&[("cash", 4_9500)]));
    assert_eq!(rounded(&world, order), 200, "together what the sale was rounded by");
    proved(&world.shop).expect("a proof");
}

#[test]
fn what_no_coin_paid_no_coin_pays_back() {
    let mut world = shop();
    let order = sell(&mut world, &[200], vec![tender("cash", 0)], None);
    assert_eq!(paid_back(&done(&mut world, bring(order, &[(1, 1000)], None))), by(&[("cash", 0)]));
    // Nor does a coin that came into use after the sale pay back more than was taken.
    let mut world = in_coins(world, CashRounding::Off);
    let order = sell(&mut world, &[9_9800], vec![tender("cash", 9_9800)], None);
    let mut world = in_coins(world, CashRounding::Step(Money(500)));
    assert_eq!(paid_back(&done(&mut world, bring(order, &[(1, 1000)], None))), by(&[("cash", 9_9500)]));
}

#[test]
fn store_credit_is_no_more_than_was_paid_either() {
    let mut world = shop();
    // 9.97, for which 9.95 was taken.
    let order = sell(&mut world, &[4_9900, 4_9800], vec![tender("cash", 10_0000)], Some(CustomerId(1)));
    let credit = done(&mut world, bring(order, &[(1, 1000)], Some("store-credit")));
    assert_eq!(paid_back(&credit), by(&[("store-credit", 4_9900)]));
    assert_eq!(paid_back(&done(&mut world, bring(order, &[(2, 1000)], None))), by(&[("cash", 4_9500)]));
    let order = sell(&mut world, &[9_9700], vec![tender("cash", 10_0000)], Some(CustomerId(1)));
    let credit = done(&mut world, bring(order, &[(1, 1000)], Some("store-credit")));
    assert_eq!(paid_back(&credit), by(&[("store-credit", 9_9500)]));
    let customer = world.shop.snapshot().unwrap().customer(CustomerId(1)).unwrap().unwrap().0;
    assert_eq!(customer.store_credit, Money(14_9400));
    proved(&world.shop).expect("a proof");
}

#[test]
fn each_method_pays_back_no_more_than_it_paid() {
    let mut world = shop();
    let paid = vec![tender("card", 20_0000), tender("cash", 5_0000)];
    let order = sell(&mut world, &[15_0000, 10_0000], paid, None);
    // As paid, the card first; the line that neither carries alone goes back by both.
    let back = done(&mut world, bring(order, &[(1, 1000), (2, 1000)], None));
    assert_eq!(paid_back(&back), by(&[("card", 20_0000), ("cash", 5_0000)]));
    let returns = world.shop.snapshot().unwrap().returns_of(order).unwrap();
    let said: Vec<_> =
        returns.iter().map(|back| (back.line_no, back.quantity.0, back.refund.0, back.restock)).collect();
    assert_eq!(said, [(Some(1), 1000, 15_0000, true), (Some(2), 1000, 10_0000, true)], "the goods came back once");
    let [whole, parted] = &returns[..] else { panic!("{returns:?}") };
    assert_eq!((whole.method.as_ref().map(|by| &*by.0), &whole.payout), (Some("card"), &None));
    let parts: Vec<_> = parted.paid_out().into_iter().map(|(by, amount)| (&*by.unwrap().0, amount.0)).collect();
    assert_eq!(parts, [("card", 5_0000), ("cash", 5_0000)]);
    assert_eq!(parted.method.as_ref().map(|by| &*by.0), Some("card"), "the first of those that paid most");
    let request = till::report::Request::named("returns-by-reason").unwrap();
    for _ in 0..2 {
        let answer = till::report::answer(&world.shop.snapshot().unwrap(), &request, Day(20_500)).unwrap();
        let told = ["returns", "units", "refund"].map(|name| answer.total(name).unwrap().plain(2));
        assert_eq!(told, ["2", "2", "25.00"], "in the tail and sealed");
        world.shop.seal().unwrap();
    }
    assert_eq!(
        ask(&mut world, bring(order, &[(1, 1000)], None)).unwrap_err().to_string(),
        "All of line 1 has come back already."
    );
    proved(&world.shop).expect("a proof");
}

#[test]
fn the_method_asked_for_pays_first_and_earlier_refunds_count() {
    let mut world = shop();
    let paid = vec![tender("card", 20_0000), tender("cash", 5_0000)];
    let order = sell(&mut world, &[4_0000, 4_0000, 17_0000], paid, None);
    let back = |world: &mut World, line, method| ask(world, bring(order, &[(line, 1000)], method));
    assert_eq!(paid_back(&back(&mut world, 1, Some("cash")).unwrap()), by(&[("cash", 4_0000)]));
    assert_eq!(paid_back(&back(&mut world, 2, Some("cash")).unwrap()), by(&[("cash", 1_0000), ("card", 3_0000)]));
    let refused = back(&mut world, 3, Some("cash")).unwrap_err().to_string();
    assert_eq!(refused, "Method: all that was paid that way has gone back already.");
    let refused = back(&mut world, 3, Some("transfer")).unwrap_err().to_string();
    assert_eq!(refused, "Method: the order was not paid that way.");
    let refused = back(&mut world, 3, Some("store-credit")).unwrap_err().to_string();
    assert_eq!(refused, "Method: store credit needs a customer.");
    assert_eq!(paid_back(&back(&mut world, 3, None).unwrap()), by(&[("card", 17_0000)]));
}

#[test]
fn money_that_there_is_not_is_refused_by_the_shop_itself() {
    let mut world = shop();
    let line = goods(&mut world, 9_9900);
    let basket = Basket { lines: vec![line.clone()], ..Basket::default() };
    let before = world.shop.published();
    for (tenders, smallest) in [
        (vec![tender("cash", 9_9950)], "0.05"),
        (vec![tender("cash", 9_9900)], "0.05"),
        (vec![tender("cash", 5_0300), tender("card", 4_9600)], "0.05"),
        (vec![tender("card", 1)], "0.01"),
        (vec![tender("card", 5_0050), tender("card", 4_9850)], "0.01"),
        (vec![tender("card", 5_0000), tender("cash", 4_9999)], "0.05"),
    ] {
        let place = Command::PlaceOrder { basket: basket.clone(), tenders, channel: None };
        let said = format!("The smallest amount of EUR is {smallest}.");
        assert_eq!(ask(&mut world, place).unwrap_err().to_string(), said);
    }
    for (method, refund) in [("card", 9_9950), ("cash", 200), ("cash", 3_9800)] {
        let back = Command::ReturnWithoutReceipt {
            product: line.product,
            quantity: Quantity::ONE,
            refund: Money(refund),
            reason: text("broken"),
            method: Method::named(method),
            restock: false,
        };
        assert!(matches!(ask(&mut world, back), Err(Refusal::NoSuchMoney { .. })));
    }
    assert_eq!(world.shop.published(), before, "nothing was changed");
}

#[test]
fn amounts_are_said_in_the_shops_currency() {
    for (code, price, missing, changed) in [
        ("JPY", 300_0000, "300 is still to be paid.", "price 300 → 301"),
        ("KWD", 1_2500, "1.250 is still to be paid.", "price 1.250 → 2.250"),
        ("EUR", 1_2500, "1.25 is still to be paid.", "price 1.25 → 2.25"),
    ] {
        let mut world = World::empty(Disk::holding(Vec::new()), 3).unwrap();
        let Command::Found { settings, store, register, staff } = founding() else { panic!("no founding") };
        let currency = Currency::by_code(code).unwrap();
        let settings = Settings { currency, tax_included: true, ..settings };
        let request = world.request(RegisterId(1), Command::Found { settings, store, register, staff });
        world.ask(request).unwrap().unwrap();
        let line = goods(&mut world, price);
        let basket = Basket { lines: vec![line.clone()], ..Basket::default() };
        let tenders = vec![tender("cash", 0)];
        let refused = ask(&mut world, Command::PlaceOrder { basket, tenders, channel: None }).unwrap_err();
        assert_eq!(refused.to_string(), missing);
        let known = world.shop.snapshot().unwrap().catalogue().product(line.product).cloned().unwrap();
        let dearer = Product { price: Some(Money(price + 1_0000)), ..Product::clone(&known) };
        done(&mut world, Command::SaveProduct(dearer));
        let snapshot = world.shop.snapshot().unwrap();
        let entry = snapshot.entries(Seq(snapshot.seq().0 + 1), 1).unwrap().remove(0);
        let told = entry.changes.iter().find_map(|change| match change {
            Change::Noted(till::domain::Note::Changed(fields)) => Some(fields[0].clone()),
            _ => None,
        });
        let told = told.expect("before and after");
        assert_eq!(format!("{} {} → {}", told.field, told.before, told.after), changed);
    }
}

/// A basket line of so many packs that a label says a price of.
fn labelled(listed: i64, price: i64, packs: i64, step: Money) -> Result<BasketLine, Refusal> {
    let product = Product {
        id: ProductId(1),
        ext: text("1"),
        sku: None,
        barcodes: Vec::new(),
        name: text("Gouda"),
        category: None,
        price: Some(Money(listed)),
        cost: None,
        tax_rate: None,
        reorder_level: None,
    };
    let label = Embedded { item: "1".to_owned(), weight: None, price: Some(Money(price)), weighed: true };
    BasketLine::of_label(&product, Quantity::pieces(packs), &label, None, step)
}

/// An order, and what comes back of it: line, thousandths, and the method asked for.
#[derive(Debug, Clone)]
struct Case {
    prices: Vec<i64>,
    card: u8,
    other: u8,
    coin: i64,
    steps: Vec<(u8, i64, u8)>,
}

fn case() -> impl Strategy<Value = Case> {
    let steps = prop::collection::vec((0..4u8, 1..3000i64, 0..6u8), 0..6);
    (prop::collection::vec(1..900i64, 1..4), 0..100u8, 0..100u8, prop::sample::select(vec![100, 500, 1000]), steps)
        .prop_map(|(prices, card, other, coin, steps)| Case {
            prices: prices.iter().map(|cents| cents * 100).collect(),
            card,
            other,
            coin,
            steps,
        })
}

fn total_by(order: &Order, returns: &[Return]) -> BTreeMap<String, (i64, i64)> {
    let mut found: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for payment in &order.payments {
        found.entry(payment.method.0.to_string()).or_default().0 += payment.amount.0;
    }
    for back in returns {
        for (method, amount) in back.paid_out() {
            found.entry(method.unwrap().0.to_string()).or_default().1 += amount.0;
        }
    }
    found
}

/// Sells, takes back in steps and then all the rest; whether store credit was given.
fn live_through(world: &mut World, case: &Case) -> (Order, bool) {
    let total: i64 = case.prices.iter().sum();
    let part = |share: u8| total * i64::from(share) / 200 / 100 * 100;
    let mut tenders = vec![tender("card", part(case.card)), tender("voucher", part(case.other))];
    tenders.retain(|tender| tender.amount.0 > 0);
    tenders.push(tender("cash", (total + 1_0999) / 1_000 * 1_000));
    let order = sell(world, &case.prices, tenders, Some(CustomerId(1)));
    let now = |world: &World| world.shop.snapshot().unwrap().order(order).unwrap().unwrap();
    let mut credit = false;
    for (line, quantity, method) in &case.steps {
        let line_no = u32::from(*line) % case.prices.len() as u32 + 1;
        let line = now(world).lines[line_no as usize - 1].clone();
        let quantity = (*quantity).min(line.quantity.0 - line.returned.0);
        let method =
            [None, None, Some("cash"), Some("card"), Some("voucher"), Some("store-credit")][usize::from(*method)];
        if ask(world, bring(order, &[(line_no, quantity)], method)).is_ok() {
            credit |= method == Some("store-credit");
        }
    }
    let left: Vec<(u32, i64)> = now(world)
        .lines
        .iter()
        .filter(|line| line.returned < line.quantity)
        .map(|line| (line.no, line.quantity.0 - line.returned.0))
        .collect();
    if !left.is_empty() && ask(world, bring(order, &left, None)).is_err() {
        // A grain of a line that two methods would have to share.
        for (line, quantity) in left {
            done(world, bring(order, &[(line, quantity)], Some("store-credit")));
            credit = true;
        }
    }
    (now(world), credit)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_weighed_label_costs_what_it_says(listed in 1..100_000i64, price in 1..100_000i64, packs in 1..9i64) {
        let step = Money(100);
        let (listed, price) = (listed * 100, price * 100);
        let weight = ((price * 2000 / listed + 1) / 2).max(1);
        let line = match labelled(listed, price, packs, step) {
            Ok(line) => line,
            Err(refusal) => {
                prop_assert_eq!(refusal, Refusal::TooLarge);
                prop_assert!(weight * packs > 100_000, "what one carries is rung: {}", weight * packs);
                return Ok(());
            }
        };
        let priced = Basket { lines: vec![line.clone()], ..Basket::default() }.price(true, step).unwrap();
        prop_assert_eq!(priced.total.0, price * packs);
        prop_assert_eq!(priced.lines[0].gross.0 + priced.lines[0].rounding.0, price * packs);
        prop_assert!(line.quantity.0 == weight * packs, "{} of {}", line.quantity.0, weight);
    }

    #[test]
    fn a_whole_order_pays_back_what_was_paid_method_by_method(cases in prop::collection::vec(case(), 1..4)) {
        let mut world = shop();
        for case in &cases {
            world = in_coins(world, CashRounding::Step(Money(case.coin)));
            let (order, credit) = live_through(&mut world, case);
            let returns = world.shop.snapshot().unwrap().returns_of(order.no).unwrap();
            prop_assert!(order.lines.iter().all(|line| line.returned == line.quantity));
            for (method, (paid, back)) in total_by(&order, &returns) {
                match &*method {
                    "cash-rounding" => prop_assert_eq!(back, 0),
                    "store-credit" => {}
                    _ if credit => prop_assert!(back <= paid, "{} {} {}", method, paid, back),
                    _ => prop_assert_eq!(back, paid, "by {}", method),
                }
            }
            for back in &returns {
                prop_assert!(back.refund.0 >= 0 && back.quantity.0 > 0);
                for (method, amount) in back.paid_out() {
                    prop_assert!(!method.unwrap().is("cash") || amount.0 % case.coin == 0);
                }
                let parts: i64 = back.paid_out().iter().map(|(_, amount)| amount.0).sum();
                prop_assert_eq!(parts, back.refund.0);
            }
            let refunded: i64 = returns.iter().map(|back| back.refund.0).sum();
            let handed_over = order.payments.iter().filter(|payment| !payment.method.is("cash-rounding"));
            let handed_over: i64 = handed_over.map(|payment| payment.amount.0).sum();
            prop_assert!(refunded <= handed_over, "{} of {}", refunded, handed_over);
            let total = order.total().unwrap().0;
            prop_assert_eq!(refunded + rounded(&world, order.no), total, "the books add up");
        }
        proved(&world.shop).expect("a proof");
    }
}

#[test]
fn what_reports_could_not_hold_is_refused_before_it_is_sold() {
    let mut world = shop();
    let line = goods(&mut world, 1_0000);
    let known = world.shop.snapshot().unwrap().catalogue().product(line.product).cloned().unwrap();
    // A barcode was scanned where the cost belongs.
    let costly = Product { cost: Some(Money(40_063_813_339_310_000)), ..(*known).clone() };
    done(&mut world, Command::SaveProduct(costly));
    let line = BasketLine { quantity: Quantity::pieces(300), ..line };
    let basket = Basket { lines: vec![line.clone()], ..Basket::default() };
    let before = world.shop.published();
    let place = Command::PlaceOrder { basket, tenders: vec![tender("card", 300_0000)], channel: None };
    assert_eq!(ask(&mut world, place), Err(Refusal::TooLarge));
    assert_eq!(world.shop.published(), before, "nothing was changed");
    let few = BasketLine { quantity: Quantity::pieces(2), ..line };
    let basket = Basket { lines: vec![few], ..Basket::default() };
    done(&mut world, Command::PlaceOrder { basket, tenders: vec![tender("card", 2_0000)], channel: None });
    proved(&world.shop).unwrap();
}

#[test]
fn a_line_is_taxed_at_the_rate_it_says() {
    let mut world = shop();
    let line = goods(&mut world, 1_0000);
    let known = world.shop.snapshot().unwrap().catalogue().product(line.product).cloned().unwrap();
    done(&mut world, Command::SaveProduct(Product { tax_rate: Some(Rate(190_000)), ..(*known).clone() }));
    let basket = Basket { lines: vec![line.clone()], ..Basket::default() };
    let place = Command::PlaceOrder { basket, tenders: vec![tender("card", 1_0000)], channel: None };
    assert_eq!(ask(&mut world, place).unwrap_err().to_string(), "Thing is taxed at 19 % now. Ring it again.");
    let basket = Basket { lines: vec![BasketLine { tax_rate: Some(Rate(190_000)), ..line }], ..Basket::default() };
    done(&mut world, Command::PlaceOrder { basket, tenders: vec![tender("card", 1_0000)], channel: None });
}
