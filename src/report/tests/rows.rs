use super::shop::{FIRST, TestShop, history};
use crate::report::{Answer, Request, Value, answer, row_members};
use crate::unit::Day;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};

const REPORTS: [&str; 8] = [
    "segments",
    "cohorts",
    "new-vs-returning",
    "sales-by-segment",
    "sales-by-location",
    "sales --by cohort,month",
    "sales --by recency,frequency,monetary",
    "sales --by monetary,segment,week",
];

const SLICES: [&str; 7] = [
    "",
    " --where category=Tea",
    " --where segment=loyal,champions",
    " --from 2024-01-05 --to 2024-02-20",
    " --where cohort=2024-01",
    " --where cohort=2024-02 --where cohort=<2024-02 --from 2024-01-20 --to 2024-03-11",
    " --where frequency=3,4,5 --where cohort=<2024-02",
];

fn request(words: &str) -> Request {
    Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right")
}

fn today() -> Day {
    FIRST.add_days(30)
}

/// The orders behind a row: their customers and what they sold.
fn behind(shop: &TestShop, asked: &Request, found: &Answer, row: &[Value]) -> (BTreeSet<u32>, i128, i128) {
    let (_, members) = row_members(asked, found, row).expect("it stands for members");
    let mut asked = Request { why: true, top: Some(1_000_000), sort: None, ..asked.clone() };
    for slice in members {
        asked.filters.retain(|other| other.dim != slice.dim);
        asked.filters.push(slice);
    }
    let why = answer(shop, &asked, today()).expect("an answer");
    let (orders, _, _) = shop.facts(shop.seq);
    let mut customers = BTreeSet::new();
    for row in why.rows.iter().filter(|row| row[0].plain(2) == "order") {
        let order = orders.iter().find(|order| order.no.0.to_string() == row[1].plain(2)).expect("it is there");
        customers.extend(order.customer.map(|id| id.0));
    }
    let total = |name: &str| match why.total(name) {
        Some(Value::Count(number) | Value::Money(number)) => *number,
        _ => 0,
    };
    (customers, total("orders"), total("sales"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn what_is_behind_a_row_comes_to_the_rows_figures(
        facts in history(false, 50), cut in 0.0..1.0f64, report in select(&REPORTS[..]), slice in select(&SLICES[..]),
    ) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.seq as f64 * cut) as usize);
        let asked = request(&format!("{report}{slice}"));
        let found = answer(&shop, &asked, today()).expect("an answer");
        let figure = |row: &[Value], name: &str| {
            let at = found.columns.iter().position(|column| column.name == name)?;
            if let Value::Count(number) | Value::Money(number) = row[at] { Some(number) } else { None }
        };
        for row in &found.rows {
            let (customers, orders, sales) = behind(&shop, &asked, &found, row);
            for (name, real) in [("customers", customers.len() as i128), ("orders", orders), ("sales", sales)] {
                if let Some(said) = figure(row, name) {
                    prop_assert_eq!(said, real, "{} of {:?} in {}{}", name, row, report, slice);
                }
            }
        }
    }

    #[test]
    fn the_cube_by_standing_and_by_first_month_is_the_report_of_it(facts in history(false, 60), cut in 0.0..1.0f64) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.seq as f64 * cut) as usize);
        let ask = |words: &str| answer(&shop, &request(words), today()).expect("an answer");
        let table = |words: &str, key: &dyn Fn(&[String]) -> Vec<String>, at: usize| -> BTreeMap<Vec<String>, String> {
            let plain = |row: &Vec<Value>| row.iter().map(|value| value.plain(2)).collect::<Vec<_>>();
            let rows = ask(words).rows.iter().map(plain).filter(|row| row[0] != "unknown").collect::<Vec<_>>();
            rows.iter().map(|row| (key(row), row[at].clone())).collect()
        };
        let fifths = |row: &[String]| row[..3].to_vec();
        prop_assert_eq!(
            table("segments", &fifths, 4),
            table("sales --by recency,frequency,monetary --measures customers", &fifths, 3)
        );
        let month = |text: &str| text.split_once('-').map_or(0, |(y, m)| y.parse::<i64>().unwrap() * 12 + m.parse::<i64>().unwrap());
        let since = |row: &[String]| vec![row[0].clone(), (month(&row[1]) - month(&row[0])).to_string()];
        prop_assert_eq!(
            table("cohorts", &|row| row[..2].to_vec(), 2),
            table("sales --by cohort,month --measures customers", &since, 2)
        );
    }
}
