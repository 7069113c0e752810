use super::shop::{FIRST, TestShop, history};
use crate::domain::fact::{OrderFact, ReturnFact, facts};
use crate::domain::{FeedbackState, Line, Order, Status};
use crate::report::{Answer, Answers, ReportFault, Request, Value, answer};
use crate::unit::id::compare_external;
use crate::unit::number::{div_half_away, plain4, ratio4};
use crate::unit::{CustomerId, Day, Money, OrderNo, Precision, ProductId, Quantity, Stamp, StoreId, Text};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn ask(shop: &TestShop, words: &str) -> Answer {
    let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
    answer(shop, &request, FIRST.add_days(30)).expect("an answer")
}

fn plain(answer: &Answer) -> Vec<Vec<String>> {
    answer.rows.iter().map(|row| row.iter().map(|value| value.plain(2)).collect()).collect()
}

fn total(answer: &Answer, name: &str) -> String {
    answer.total(name).map(|value| value.plain(2)).unwrap_or_else(|| format!("no total {name}"))
}

fn sales(fact: &OrderFact) -> i128 {
    fact.lines.iter().map(|line| i128::from(line.sales.0)).sum()
}

/// Counted orders by customer, those without left out.
fn by_customer(orders: &[OrderFact]) -> BTreeMap<u32, Vec<&OrderFact>> {
    let mut found: BTreeMap<u32, Vec<&OrderFact>> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.status != Status::Cancelled) {
        if let Some(id) = order.customer {
            found.entry(id.0).or_default().push(order);
        }
    }
    found
}

fn ext(shop: &TestShop, id: u32) -> String {
    shop.customers[id as usize - 1].0.ext.to_string()
}

fn last(orders: &[&OrderFact]) -> Option<Stamp> {
    orders.iter().filter_map(|order| order.placed).max()
}

/// SQL's NTILE(5) in words: ascending by value and id.
fn ntile<K: Ord>(shop: &TestShop, customers: &[(u32, K)]) -> BTreeMap<u32, u8> {
    let mut order: Vec<&(u32, K)> = customers.iter().collect();
    order.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| compare_external(&ext(shop, a.0), &ext(shop, b.0))));
    let count = order.len();
    let mut tiles = BTreeMap::new();
    let mut start = 0;
    for tile in 0..5 {
        let size = count / 5 + usize::from(tile < count % 5);
        tiles.extend(order[start..start + size].iter().map(|(id, _)| (*id, tile as u8 + 1)));
        start += size;
    }
    tiles
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn customers_are_told_apart_like_in_the_naive_fold(facts in history(false, 60), sealed in 0.0..1.0, back in 0i32..60) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.history.len() as f64 * sealed) as usize);
        let (orders, _, _) = shop.facts(shop.history.len());
        let customers = by_customer(&orders);
        let sum = |orders: &[&OrderFact]| orders.iter().map(|order| sales(order)).sum::<i128>();
        let first_last = |orders: &[&OrderFact]| {
            let placed: Vec<Stamp> = orders.iter().filter_map(|order| order.placed).collect();
            (placed.iter().min().copied(), placed.iter().max().copied())
        };

        // Top customers.
        let mut ranked: Vec<(u32, i128)> = customers.iter().map(|(id, orders)| (*id, sum(orders))).collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| compare_external(&ext(&shop, a.0), &ext(&shop, b.0))));
        let found = ask(&shop, "top-customers --top 4");
        let expected: Vec<Vec<String>> = ranked.iter().take(4).map(|(id, sales)| {
            let at = first_last(&customers[id]).1;
            vec![
                ext(&shop, *id),
                format!("Name {}", ext(&shop, *id)),
                customers[id].len().to_string(),
                Value::Money(*sales).plain(2),
                // Times that are equal may come from stamps that differ in offset.
                at.map_or_else(String::new, |at| at.unix_ms.to_string()),
            ]
        }).collect();
        let mut rows = plain(&found);
        for (row, values) in rows.iter_mut().zip(&found.rows) {
            if let Value::Time(stamp) = &values[4] {
                row[4] = stamp.unix_ms.to_string();
            }
        }
        prop_assert_eq!(rows, expected);
        prop_assert_eq!(total(&found, "sales"), Value::Money(ranked.iter().take(4).map(|(_, sales)| sales).sum()).plain(2));

        // The last order with a product, where only that product is asked for.
        let product = ProductId(1);
        let words = format!("top-customers --top 99 --where product={}", shop.catalogue.product(product).unwrap().ext);
        for row in &ask(&shop, &words).rows {
            let (Value::Text(id), last_order) = (&row[0], &row[4]) else { panic!("{row:?}") };
            let (_, theirs) = customers.iter().find(|(customer, _)| *ext(&shop, **customer) == **id).unwrap();
            let with: Vec<&OrderFact> =
                theirs.iter().copied().filter(|order| order.lines.iter().any(|line| line.product == product)).collect();
            let told = if let Value::Time(at) = last_order { Some(at.unix_ms) } else { None };
            prop_assert_eq!(told, last(&with).map(|at| at.unix_ms), "{}", id);
        }

        // Repeat customers.
        let repeated = customers.values().filter(|orders| orders.len() >= 2).count() as i128;
        let share = ratio4(repeated, customers.len() as i128).map_or_else(String::new, |share| plain4(share.0));
        prop_assert_eq!(
            plain(&ask(&shop, "repeat-customers")),
            vec![vec![repeated.to_string(), customers.len().to_string(), share]]
        );

        // Spend.
        let mut spent: Vec<i128> = ranked.iter().map(|(_, sales)| *sales).collect();
        spent.sort_unstable();
        let n = spent.len();
        let average = div_half_away(spent.iter().sum(), n as i128).map_or_else(String::new, plain4);
        let median = match n {
            0 => String::new(),
            _ => plain4(div_half_away(spent[(n - 1) / 2] + spent[n / 2], 2).expect("in range")),
        };
        prop_assert_eq!(plain(&ask(&shop, "spend-per-customer")), vec![vec![n.to_string(), average, median]]);

        // Inactive ones, over one month.
        let as_of = FIRST.add_days(back);
        let window = as_of.add_months(-1)..as_of;
        let active = |id: &u32| customers.get(id).is_some_and(|orders| {
            orders.iter().any(|order| order.placed.is_some_and(|stamp| window.contains(&stamp.day())))
        });
        let found = ask(&shop, &format!("inactive-customers --months 1 --top 2 --as-of {as_of}"));
        let everyone: Vec<u32> = (1..=shop.customers.len() as u32).collect();
        let mut gone: Vec<(u32, i128)> =
            everyone.iter().filter(|id| !active(id)).map(|id| (*id, customers.get(id).map_or(0, |orders| sum(orders)))).collect();
        gone.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| compare_external(&ext(&shop, a.0), &ext(&shop, b.0))));
        prop_assert_eq!(total(&found, "inactive"), gone.len().to_string());
        let never = everyone.iter().filter(|id| !customers.contains_key(id)).count();
        prop_assert_eq!(total(&found, "never_bought"), never.to_string());
        let ids: Vec<String> = plain(&found).into_iter().map(|row| row[0].clone()).collect();
        prop_assert_eq!(ids, gone.iter().take(2).map(|(id, _)| ext(&shop, *id)).collect::<Vec<_>>());

        // Frequency of dated orders.
        let mut expected = Vec::new();
        for (id, orders) in &customers {
            let dated = orders.iter().filter(|order| order.placed.is_some()).count();
            if let (Some(first), Some(last)) = first_last(orders) {
                let days = ratio4(i128::from(last.unix_ms - first.unix_ms), (dated as i128 - 1) * 86_400_000);
                expected.push((ext(&shop, *id), dated.to_string(), days.map_or_else(String::new, |days| plain4(days.0))));
            }
        }
        expected.sort_by(|a, b| compare_external(&a.0, &b.0));
        let rows: Vec<(String, String, String)> = plain(&ask(&shop, "order-frequency"))
            .into_iter().map(|row| (row[0].clone(), row[1].clone(), row[4].clone())).collect();
        prop_assert_eq!(rows, expected);

        // Fifths of recency, frequency and money; and the cube by named segment.
        let all: Vec<u32> = customers.keys().copied().collect();
        let recency = ntile(&shop, &all.iter().map(|id| (*id, last(&customers[id]).map(|stamp| stamp.unix_ms))).collect::<Vec<_>>());
        let frequency = ntile(&shop, &all.iter().map(|id| (*id, customers[id].len())).collect::<Vec<_>>());
        let monetary = ntile(&shop, &all.iter().map(|id| (*id, sum(&customers[id]))).collect::<Vec<_>>());
        let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
        for id in &all {
            *counts.entry([recency[id], frequency[id], monetary[id]]).or_default() += 1;
        }
        let found = ask(&shop, "segments");
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let rows: Vec<([u8; 3], usize)> = plain(&found).iter().map(|row| {
            *names.entry(row[3].clone()).or_default() += row[4].parse::<usize>().expect("a count");
            ([0, 1, 2].map(|at| row[at].parse().expect("a fifth")), row[4].parse().expect("a count"))
        }).collect();
        prop_assert_eq!(rows, counts.into_iter().collect::<Vec<_>>());
        let cube = ask(&shop, "sales --by segment --measures customers");
        let by_name: BTreeMap<String, usize> = plain(&cube).iter()
            .filter(|row| row[0] != "unknown").map(|row| (row[0].clone(), row[1].parse().expect("a count"))).collect();
        prop_assert_eq!(by_name, names);

        // Cohorts.
        let month = |stamp: Stamp| i64::from(stamp.day().year()) * 12 + i64::from(stamp.day().month());
        let mut cohorts: BTreeMap<(i64, i64), BTreeSet<u32>> = BTreeMap::new();
        for (id, orders) in &customers {
            let months: BTreeSet<i64> = orders.iter().filter_map(|order| order.placed).map(month).collect();
            if let Some(first) = months.first() {
                for month in &months {
                    cohorts.entry((*first, month - first)).or_default().insert(*id);
                }
            }
        }
        let expected: Vec<(String, String)> = cohorts.iter().map(|((_, since), ids)| (since.to_string(), ids.len().to_string())).collect();
        let rows: Vec<(String, String)> = plain(&ask(&shop, "cohorts")).into_iter().map(|row| (row[1].clone(), row[2].clone())).collect();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn returns_and_feedback_are_counted_like_in_the_naive_fold(facts in history(false, 60), sealed in 0.0..1.0) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.history.len() as f64 * sealed) as usize);
        let (orders, returns, feedback) = shop.facts(shop.history.len());
        let counted = || orders.iter().filter(|order| order.status != Status::Cancelled);

        let sold: i128 = counted().flat_map(|order| &order.lines).map(|line| i128::from(line.units.0)).sum();
        let mut reasons: BTreeMap<(bool, String), Vec<&ReturnFact>> = BTreeMap::new();
        for back in &returns {
            let reason = back.reason.as_ref().map_or("unknown", |reason| reason.as_str());
            reasons.entry((back.reason.is_none(), reason.to_owned())).or_default().push(back);
        }
        let expected: Vec<Vec<String>> = reasons.iter().map(|((_, reason), returns)| {
            let units: i128 = returns.iter().map(|back| i128::from(back.units.0)).sum();
            vec![
                reason.clone(),
                returns.len().to_string(),
                Value::Quantity(units).plain(2),
                Value::Money(returns.iter().map(|back| i128::from(back.refund.0)).sum()).plain(2),
                ratio4(units, sold).map_or_else(String::new, |rate| plain4(rate.0)),
            ]
        }).collect();
        prop_assert_eq!(plain(&ask(&shop, "returns-by-reason")), expected);

        let products: BTreeSet<ProductId> = returns.iter().filter_map(|back| back.product).collect();
        let rows = plain(&ask(&shop, "returns-by-product"));
        let unknown = usize::from(returns.iter().any(|back| back.product.is_none()));
        prop_assert_eq!(rows.len(), products.len() + unknown);

        let mut months: BTreeMap<String, [usize; 3]> = BTreeMap::new();
        for said in &feedback {
            if let (Some(at), Some("Complaint")) = (said.at, said.category.as_deref()) {
                let counts = months.entry(at.day().to_string()[..7].to_owned()).or_default();
                counts[0] += 1;
                counts[if said.state == FeedbackState::Open { 1 } else { 2 }] += 1;
            }
        }
        let expected: Vec<Vec<String>> = months.into_iter().map(|(month, counts)| {
            std::iter::once(month).chain(counts.map(|count| count.to_string())).collect()
        }).collect();
        prop_assert_eq!(plain(&ask(&shop, "complaints-by-month")), expected);
        prop_assert_eq!(total(&ask(&shop, "feedback-summary"), "count"), feedback.len().to_string());

        let mut statuses: BTreeMap<Status, (usize, i128)> = BTreeMap::new();
        for order in &orders {
            let entry = statuses.entry(order.status).or_default();
            *entry = (entry.0 + 1, entry.1 + sales(order));
        }
        let expected: Vec<Vec<String>> = statuses.iter().map(|(status, (orders, sales))| {
            vec![status.word().to_owned(), orders.to_string(), Value::Money(*sales).plain(2)]
        }).collect();
        prop_assert_eq!(plain(&ask(&shop, "order-status")), expected);

        let mut rates: BTreeMap<Option<i64>, (i128, i128)> = BTreeMap::new();
        for line in counted().flat_map(|order| &order.lines) {
            let entry = rates.entry(line.tax_rate.map(|rate| rate.0)).or_default();
            *entry = (entry.0 + i128::from(line.sales.0), entry.1 + i128::from(line.tax.0));
        }
        prop_assert_eq!(plain(&ask(&shop, "tax-summary")).len(), rates.len());
        prop_assert_eq!(total(&ask(&shop, "tax-summary"), "tax"), Value::Money(rates.values().map(|(_, tax)| tax).sum()).plain(2));
    }

    #[test]
    fn kept_reports_of_customers_follow_the_history(
        facts in history(false, 50), steps in prop::collection::vec((0usize..8, any::<bool>()), 1..8),
    ) {
        let mut shop = TestShop::new(facts);
        let answers = Answers::new();
        shop.seq = 0;
        for (step, seal) in steps {
            shop.seq = (shop.seq + step).min(shop.history.len());
            if seal {
                shop.seal(shop.seq);
            }
            for words in ["top-customers", "segments", "order-frequency", "cohorts", "inactive-customers", "growth --by month", "complaints-by-month", "feedback-summary", "feedback-summary --where gender=f", "top-customers --where category=Food"] {
                let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
                let kept = answers.answer(&shop, &request, FIRST, None).expect("an answer");
                let fresh = answer(&shop, &request, FIRST).expect("an answer");
                prop_assert_eq!((kept.rows, kept.totals), (fresh.rows, fresh.totals), "{}", words);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn every_report_stands_in_the_order_that_is_asked_for_or_says_that_it_cannot(history in history(false, 40)) {
        let shop = TestShop::new(history);
        for (name, _) in crate::report::list() {
            for sort in ["sales", "units", "orders"] {
                let words = format!("{name} --sort {sort} --top 4 --customer {}", ext(&shop, 1));
                let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
                let Ok(answer) = answer(&shop, &request, FIRST.add_days(30)) else { continue };
                let Some(figures) = answer.column(sort) else { continue };
                let figures: Vec<Option<i128>> = figures
                    .map(|value| match value {
                        Value::Count(n) | Value::Quantity(n) | Value::Money(n) | Value::Fixed4(n) => Some(*n),
                        _ => None,
                    })
                    .collect();
                prop_assert!(figures.is_sorted_by(|a, b| a >= b), "{words}: {figures:?}");
            }
        }
    }
}

#[test]
fn customers_are_counted_by_what_is_on_record() {
    let shop = TestShop::new(Vec::new());
    assert_eq!(plain(&ask(&shop, "customers")), [["6"]]);
    assert_eq!(plain(&ask(&shop, "customers-by-gender")), [["f", "3"], ["m", "1"], ["unknown", "2"]]);
    assert_eq!(
        plain(&ask(&shop, "customers-by-location")),
        [["Berlin", "2"], ["Paris", "1"], ["Rom, Nord", "1"], ["unknown", "2"]]
    );
    assert_eq!(
        plain(&ask(&shop, &format!("customers-by-age --as-of {FIRST}"))),
        [["18-25", "2"], ["26-35", "1"], ["36-45", "1"], ["65+", "1"], ["unknown", "1"]]
    );
    assert_eq!(plain(&ask(&shop, "customers --where gender=f")), [["3"]]);
    let request = Request::parse(&["customers", "--where", "store=b"]).expect("the words are right");
    assert!(matches!(answer(&shop, &request, FIRST), Err(ReportFault::NotHere(_))));
}

#[test]
fn low_stock_and_its_value_are_listed_by_store_and_product() {
    let shop = TestShop::new(Vec::new());
    assert_eq!(
        plain(&ask(&shop, "low-stock")),
        [["7", "9", "Product 9", "-2", "5"], ["12", "p", "Product p", "1.25", "5"], ["b", "9", "Product 9", "5", "5"]]
    );
    let value = ask(&shop, "stock-valuation --store 12");
    assert_eq!(
        plain(&value),
        [["12", "10", "Product 10", "1", "", ""], ["12", "p", "Product p", "1.25", "1.2345", "1.5431"]]
    );
    assert_eq!(total(&value, "value"), "1.5431");
    assert_eq!(plain(&ask(&shop, "low-stock --where category=Coffee")).len(), 1);
}

#[test]
fn an_unknown_store_or_customer_is_named() {
    let shop = TestShop::new(Vec::new());
    for (words, part) in [
        ("sales-by-day --store 99", "no store \"99\"; there is b, 7, 12"),
        ("order-history --customer x", "no customer \"x\""),
    ] {
        let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
        let fault = answer(&shop, &request, FIRST).expect_err(words).to_string();
        assert!(fault.contains(part), "{fault}");
    }
}

pub fn order(no: u64, ext: Option<&str>, at: Option<i64>, status: Status) -> Order {
    Order {
        no: OrderNo(no),
        ext: ext.map(Text::from),
        store: StoreId(1),
        register: None,
        cashier: None,
        customer: Some(CustomerId(1)),
        placed: at.map(|unix_ms| Stamp { unix_ms, offset_s: 3_600, precision: Precision::Second }),
        status,
        tax_included: true,
        channel: None,
        receipt: None,
        lines: vec![Line {
            no: 1,
            product: ProductId(1),
            quantity: Quantity::pieces(2),
            unit_price: Money(60_000),
            listed_price: None,
            discounts: Vec::new(),
            tax: Money(20_000),
            tax_rate: None,
            cost: None,
            rounding: Money::ZERO,
            returned: Quantity::ZERO,
        }],
        payments: Vec::new(),
        declared_method: None,
        moves_stock: false,
        steps: Vec::new(),
        details_version: 0,
    }
}

#[test]
fn a_customers_history_is_newest_first_and_shows_cancelled_orders() {
    let mut shop = TestShop::new(Vec::new());
    shop.orders = vec![
        order(1, Some("9"), Some(0), Status::Paid),
        order(2, Some("10"), Some(0), Status::Cancelled),
        order(3, None, None, Status::Pending),
        order(4, None, Some(86_400_000), Status::Shipped),
    ];
    assert_eq!(facts(&shop.orders[0]).map(|fact| fact.lines[0].sales), Some(Money(100_000)));
    let found = ask(&shop, "order-history --customer 20");
    assert_eq!(
        plain(&found),
        [
            ["4", "1970-01-02T01:00:00+01:00", "shipped", "1", "2", "10.00"],
            ["9", "1970-01-01T01:00:00+01:00", "paid", "1", "2", "10.00"],
            ["10", "1970-01-01T01:00:00+01:00", "cancelled", "1", "2", "10.00"],
            ["3", "", "pending", "1", "2", "10.00"]
        ]
    );
    assert_eq!(total(&found, "sales"), "40.00");
    assert_eq!(plain(&ask(&shop, "order-history --customer 20 --from 1970-01-02")).len(), 1);
    assert_eq!(plain(&ask(&shop, "order-history --customer 20 --store 7")).len(), 0);
}

#[test]
fn growth_is_against_the_same_time_a_year_before() {
    let sold = |no: u64, day: Day, cents: i64| {
        let line = crate::domain::fact::LineFact {
            product: ProductId(1),
            units: Quantity::ONE,
            gross: Money(cents * 100),
            discounts: Money::ZERO,
            sales: Money(cents * 100),
            tax: Money::ZERO,
            cost: Money::ZERO,
            tax_rate: None,
        };
        let placed = Stamp { unix_ms: i64::from(day.0) * 86_400_000, offset_s: 0, precision: Precision::Second };
        let fact = OrderFact {
            no: OrderNo(no),
            placed: Some(placed),
            store: StoreId(1),
            register: None,
            cashier: None,
            customer: None,
            status: Status::Paid,
            payment: None,
            channel: None,
            lines: vec![line],
        };
        crate::domain::fact::Signed { plus: true, fact: crate::domain::fact::Fact::Order(fact) }
    };
    let day = |text| Day::parse(text).expect("a day");
    let shop = TestShop::new(vec![
        sold(1, day("2022-03-01"), 300),
        sold(2, day("2023-03-31"), 400),
        sold(3, day("2023-04-01"), 100),
        sold(4, day("2025-04-01"), 1),
    ]);
    assert_eq!(plain(&ask(&shop, "growth")), [["2022", "3.00", ""], ["2023", "5.00", "66.6667"], ["2025", "0.01", ""]]);
    assert_eq!(
        plain(&ask(&shop, "growth --by month --to 2025-01-01")),
        [["2022-03", "3.00", ""], ["2023-03", "4.00", "33.3333"], ["2023-04", "1.00", ""]]
    );
    assert_eq!(plain(&ask(&shop, "growth --by quarter"))[1], ["2023-Q1", "4.00", "33.3333"]);
}
