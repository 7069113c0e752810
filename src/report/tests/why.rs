use super::shop::{FIRST, TestShop, history};
use crate::report::{Answer, Request, Value, answer, list};
use proptest::prelude::*;
use proptest::sample::select;

fn ask(shop: &TestShop, words: &str) -> Answer {
    let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
    answer(shop, &request, FIRST.add_days(30)).expect("an answer")
}

fn number(value: &Value) -> i128 {
    match value {
        Value::Count(number) | Value::Quantity(number) | Value::Money(number) => *number,
        _ => 0,
    }
}

const REPORTS: [&str; 17] = [
    "sales-by-day",
    "sales-by-month",
    "sales-by-store",
    "sales-by-product",
    "sales-by-category",
    "sales-by-location",
    "sales-by-cashier",
    "hour-heatmap",
    "top-customers",
    "top-products",
    "order-status",
    "tax-summary",
    "returns-by-reason",
    "returns-by-product",
    "average-order",
    "new-vs-returning",
    "sales --by customer,category",
];

const SLICES: [&str; 6] = [
    "",
    " --where category=Tea",
    " --where store=b --where payment=cash",
    " --where location=Berlin",
    " --from 2024-01-05 --to 2024-02-01",
    " --where weekday=0,3,4",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_orders_behind_add_up_to_the_answer(
        history in history(false, 60),
        cut in 0.0..1.0f64,
        report in select(&REPORTS[..]),
        slice in select(&SLICES[..]),
    ) {
        let mut shop = TestShop::new(history);
        shop.seal((shop.seq as f64 * cut) as usize);
        let words = format!("{report}{slice}");
        let asked = ask(&shop, &words);
        let why = ask(&shop, &format!("why {words} --top 1000000"));
        for (at, column) in why.columns.iter().enumerate().skip(4) {
            let sum: i128 = why.rows.iter().map(|row| number(&row[at])).sum();
            let said = why.total(&column.name).map(number);
            prop_assert_eq!(said, Some(sum), "{} of {}", &column.name, &words);
            if let Some(total) = asked.total(&column.name).filter(|total| **total != Value::Null) {
                prop_assert_eq!(number(total), sum, "{} of {}", &column.name, &words);
            }
        }
        let times: Vec<_> = why.rows.iter().map(|row| match &row[3] {
            Value::Time(stamp) => stamp.unix_ms,
            _ => i64::MIN,
        }).collect();
        // Days are those of the store, so that instants of neighbouring days may cross.
        let day = 86_400_000;
        prop_assert!(times.windows(2).all(|pair| pair[0].saturating_add(2 * day) >= pair[1]));
        let page = ask(&shop, &format!("why {words} --top 3"));
        prop_assert_eq!(&page.rows[..], &why.rows[..why.rows.len().min(3)]);
        prop_assert_eq!(&page.totals, &why.totals, "the whole, whatever is shown");
    }
}

#[test]
fn every_figure_of_every_report_has_a_meaning() {
    let shop = TestShop::new(Vec::new());
    for (name, _) in list() {
        let words = if name == "order-history" { "order-history --customer 20".to_owned() } else { name.to_owned() };
        let asked = ask(&shop, &words);
        let why = ask(&shop, &format!("{words} --why"));
        for column in asked.columns.iter().filter(|column| column.kind.is_numeric()) {
            let said = why.notes.iter().any(|(what, words)| *what == column.name && !words.is_empty());
            assert!(said || name == "audit", "{name}: {}", column.name);
        }
        let json: serde_json::Value = serde_json::from_str(&why.json(false)).expect("JSON");
        assert_eq!(json["why"]["period"], "everything, with and without a date", "{name}");
    }
}
