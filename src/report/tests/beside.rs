use super::shop::{FIRST, TestShop, history};
use crate::report::{Answer, Request, Value, answer};
use proptest::prelude::*;

fn ask(shop: &TestShop, words: &str) -> Answer {
    let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
    answer(shop, &request, FIRST.add_days(30)).expect("an answer")
}

fn money(value: Option<&Value>) -> i128 {
    match value {
        Some(Value::Money(amount)) => *amount,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_bridge_goes_from_gross_to_margin_and_adds_up(history in history(false, 60)) {
        let shop = TestShop::new(history);
        let bridge = ask(&shop, "bridge");
        let amount = |step: &str| {
            let row = bridge.rows.iter().find(|row| row[0] == Value::text(step)).expect("every step");
            money(row.get(1))
        };
        let all = ask(&shop, "sales --measures gross,discounts,sales,returns,net-sales,cost,margin");
        for (name, sign) in [("gross", 1), ("discounts", -1), ("returns", -1), ("sales", 1), ("margin", 1)] {
            prop_assert_eq!(money(all.total(name)), sign * amount(name), "{}", name);
        }
        prop_assert_eq!(amount("sales") + amount("returns"), amount("net sales"));
        prop_assert_eq!(amount("sales") + amount("cost"), amount("margin"));
    }

    #[test]
    fn new_and_returning_customers_are_all_who_bought(history in history(false, 60)) {
        let shop = TestShop::new(history);
        let parts = ask(&shop, "new-vs-returning");
        let all = ask(&shop, "sales --by month,customer --measures orders,sales");
        let (mut orders, mut sales) = (0, 0);
        for row in all.rows.iter().filter(|row| row[0] != Value::text("unknown") && row[1] != Value::text("unknown")) {
            if let Value::Count(count) = row[3] {
                orders += count;
            }
            sales += if row[3] == Value::Count(0) { 0 } else { money(row.get(4)) };
        }
        prop_assert_eq!(parts.total("orders"), Some(&Value::Count(orders)));
        prop_assert_eq!(money(parts.total("sales")), sales);
    }

    #[test]
    fn classes_of_products_are_in_order_and_whole(history in history(false, 60)) {
        let shop = TestShop::new(history);
        let abc = ask(&shop, "abc-products");
        let classes: Vec<String> = abc.column("class").expect("a column").map(|class| class.plain(2)).collect();
        let mut sorted = classes.clone();
        sorted.sort();
        prop_assert_eq!(&classes, &sorted, "A before B before C");
        let all = ask(&shop, "sales-by-product");
        prop_assert_eq!(abc.total("sales"), all.total("sales"));
    }

    #[test]
    fn another_period_stands_beside_this_one(history in history(false, 80), cut in 1..15i32) {
        let shop = TestShop::new(history);
        let (start, middle, end) = (FIRST, FIRST.add_days(cut), FIRST.add_days(2 * cut));
        let ask_days = |words: String| ask(&shop, &format!("sales-by-store --measures sales,orders {words}"));
        let both = ask_days(format!("--from {middle} --to {end} --compare {start}..{middle}"));
        let now = ask_days(format!("--from {middle} --to {end}"));
        let before = ask_days(format!("--from {start} --to {middle}"));
        prop_assert_eq!(both.total("sales"), now.total("sales"));
        prop_assert_eq!(both.total("sales_before"), before.total("sales"));
        for row in &before.rows {
            let there = both.rows.iter().find(|there| there[0] == row[0]).expect("every store of the other period");
            prop_assert_eq!((&there[3], &there[6]), (&row[2], &row[3]));
        }
        prop_assert!(both.rows.len() >= now.rows.len());
    }

    #[test]
    fn what_runs_on_ends_at_the_total(history in history(false, 60)) {
        let shop = TestShop::new(history);
        let answer = ask(&shop, "sales-by-day --measures sales --with share,running");
        if let Some(last) = answer.rows.last() {
            prop_assert_eq!(Some(&last[3]), answer.total("sales"));
        }
    }
}
