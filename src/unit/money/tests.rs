use proptest::prelude::*;

use super::*;

fn money(text: &str) -> Money {
    Money::parse(text).expect("a test's own number")
}

fn quantity(text: &str) -> Quantity {
    Quantity::parse(text).expect("a test's own number")
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a test's own number")
}

#[test]
fn reads_and_prints() {
    assert_eq!(money("1265793.0395").plain(2), "1265793.0395");
    assert_eq!(money("2328.6").plain(2), "2328.60");
    assert_eq!(money("2328.6").plain(0), "2328.6");
    assert_eq!(money("5").plain(3), "5.000");
    assert_eq!(money("-1234567.5").grouped(2), "-1,234,567.50");
    assert_eq!(money("5").plain(200), "5.0000");
    assert_eq!(Money::parse_entry("4,99"), Ok(money("4.99")));
    assert_eq!(Money::parse("4,99"), Err(NumberFault::NotANumber));
    assert_eq!(format!("{:>8}", Currency::EUR.amount(money("1.5"))), "    1.50");
    let said = |code: &str, amount: &str| Currency::by_code(code).unwrap().amount(money(amount)).to_string();
    assert_eq!((said("JPY", "300"), said("KWD", "1.25")), ("300".to_owned(), "1.250".to_owned()));
}

#[test]
fn sums_go_through_wide_arithmetic() {
    let most = Money(i64::MAX);
    assert_eq!(Money::total([most, most, money("-0.0001"), Money(-i64::MAX)]), Some(Money(i64::MAX - 1)));
    assert_eq!(Money::total([most, Money(1)]), None);
    assert_eq!(most.checked_add(Money(1)), None);
    assert_eq!(Money(i64::MIN).checked_sub(Money(1)), None);
    assert_eq!(Money(i64::MIN).checked_neg(), None);
    assert_eq!(Money(i64::MIN).abs(), most);
}

#[test]
fn price_times_quantity_rounds_half_away() {
    assert_eq!(money("1.99").times_quantity(quantity("3")), Some(money("5.97")));
    assert_eq!(money("0.0001").times_quantity(quantity("0.5")), Some(money("0.0001")));
    assert_eq!(money("-0.0001").times_quantity(quantity("0.5")), Some(money("-0.0001")));
    assert_eq!(money("0.0001").times_quantity(quantity("0.499")), Some(Money::ZERO));
    assert_eq!(money("12.3456").times_quantity(quantity("1.234")), Some(money("15.2345")));
    assert_eq!(Money(i64::MAX).times_quantity(Quantity(1001)), None);
    assert_eq!(Money(i64::MAX).times_quantity(Quantity::ONE), Some(Money(i64::MAX)));
}

#[test]
fn rates_and_the_tax_inside_a_price() {
    assert_eq!(money("100").times_rate(rate("0.20")), Some(money("20")));
    assert_eq!(money("0.0005").times_rate(rate("0.1")), Some(money("0.0001")));
    assert_eq!(money("-0.0005").times_rate(rate("0.1")), Some(money("-0.0001")));
    assert_eq!(Money(i64::MAX).times_rate(rate("10")), None);
    assert_eq!(money("120").tax_inside(rate("0.2")), Some(money("20")));
    assert_eq!(money("1.00").tax_inside(rate("0.19")), Some(money("0.1597")));
    assert_eq!(money("1.00").tax_inside(rate("0")), Some(Money::ZERO));
    assert_eq!(money("1.00").tax_inside(Rate(-1_000_000)), None);
}

#[test]
fn shares_of_a_whole() {
    assert_eq!(money("10").share(1, 3), Some(money("3.3333")));
    assert_eq!(money("10").share(2, 3), Some(money("6.6667")));
    assert_eq!(money("-10").share(2, 3), Some(money("-6.6667")));
    assert_eq!(money("10").share(1, 0), None);
    assert_eq!(money("10").share(i128::MAX, 1), None);
}

#[test]
fn rounding_to_coins() {
    let step = money("0.05");
    assert_eq!(money("1.025").round_to(step), Some(money("1.05")));
    assert_eq!(money("-1.025").round_to(step), Some(money("-1.05")));
    assert_eq!(money("1.0249").round_to(step), Some(money("1.00")));
    assert_eq!(money("1").round_to(Money::ZERO), None);
    assert_eq!(Money(i64::MAX).round_to(money("1")), None);
    assert_eq!(CashRounding::Step(step).apply(money("9.98"), &Currency::EUR), Some(money("10")));
    assert_eq!(CashRounding::Off.apply(money("9.98"), &Currency::EUR), Some(money("9.98")));
    assert_eq!(CashRounding::Off.apply(money("9.9851"), &Currency::EUR), Some(money("9.99")), "no coin is smaller");
    let by = |code, text| money(text).round_minor(&Currency::by_code(code).expect("known"));
    assert_eq!(by("EUR", "1.005"), Some(money("1.01")));
    assert_eq!(by("JPY", "149.5"), Some(money("150")));
    assert_eq!(by("KWD", "1.0005"), Some(money("1.001")));
}

#[test]
fn coins_are_as_coarse_as_the_currency_makes_them() {
    let coarsest = |code| Currency::by_code(code).unwrap().coarsest_coin();
    assert_eq!(["EUR", "HUF", "VND"].map(coarsest), [money("1"), money("5"), money("1000")]);
    let listed = super::currency::COARSE.iter().flat_map(|(codes, _)| *codes);
    assert!(listed.into_iter().all(|code| Currency::by_code(code).is_some()), "no code is misspelt");
    assert!(Currency::all().all(|currency| currency.coarsest_coin() >= currency.step()));
}

#[test]
fn currencies_by_code() {
    let exponent = |code| Currency::by_code(code).map(|currency| currency.exponent);
    assert_eq!(exponent("EUR"), Some(2));
    assert_eq!(exponent("usd"), Some(2));
    assert_eq!(exponent("JPY"), Some(0));
    assert_eq!(exponent("KWD"), Some(3));
    for unknown in ["", "EU", "EURO", "XAU", "XXX", "€"] {
        assert_eq!(exponent(unknown), None, "{unknown}");
    }
    assert_eq!(Currency::by_code("gbp").map(|c| (c.code, c.symbol)), Some(("GBP", "£")));
    assert_eq!(Currency::by_code("CHF").map(|c| c.symbol), Some("CHF"));
    assert_eq!(Money::from_minor(1250, &Currency::EUR), money("12.50"));
    assert_eq!(Currency::EUR, Currency::default());
    assert_eq!(Some(Currency::EUR.symbol), Currency::by_code("EUR").map(|c| c.symbol));
}

#[test]
fn the_currency_table_holds_each_code_once() {
    let mut codes: Vec<&str> = Currency::all().map(|currency| currency.code).collect();
    assert!(codes.len() > 150);
    assert!(codes.iter().all(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())));
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Currency::all().count());
    let json = serde_json::to_string(&Currency::EUR).expect("writes");
    assert_eq!(json, "\"EUR\"");
    assert_eq!(serde_json::from_str::<Currency>(&json).expect("reads"), Currency::EUR);
    assert!(serde_json::from_str::<Currency>("\"ABC\"").is_err());
}

#[test]
fn rates_read_and_print() {
    assert_eq!(rate("0.2").plain(), "0.20");
    assert_eq!(rate("0.055").plain(), "0.055");
    assert_eq!(rate("0.2").percent(), "20 %");
    assert_eq!(rate("0.055").percent(), "5.5 %");
    assert_eq!(rate("10"), Rate::MAX);
    assert_eq!(Rate::parse("10.000001"), Err(NumberFault::TooLarge));
    assert_eq!(Rate::parse("-0.1"), Err(NumberFault::Negative));
    assert_eq!(Rate::parse("0.0000001"), Err(NumberFault::TooManyDecimals { allowed: 6 }));
    assert_eq!(Rate::parse_percent("5,5"), Ok(rate("0.055")));
}

#[test]
fn allocating_gives_the_largest_remainders_first_and_ties_to_the_earlier() {
    let share = |amount: &str, weights: &[&str], step: &str| {
        let weights: Vec<Money> = weights.iter().map(|weight| money(weight)).collect();
        let shares = money(amount).allocate(&weights, money(step))?;
        Some(shares.iter().map(|share| share.plain(2)).collect::<Vec<_>>())
    };
    let some = |shares: &[&str]| Some(shares.iter().map(|share| (*share).to_owned()).collect::<Vec<_>>());
    assert_eq!(share("10", &["5", "5", "5"], "0.01"), some(&["3.34", "3.33", "3.33"]));
    assert_eq!(share("-10", &["5", "5", "5"], "0.01"), some(&["-3.34", "-3.33", "-3.33"]));
    assert_eq!(share("0.05", &["1", "3"], "0.01"), some(&["0.01", "0.04"]));
    assert_eq!(share("7", &["0", "1", "0"], "1"), some(&["0.00", "7.00", "0.00"]));
    assert_eq!(share("0", &["0", "0"], "0.01"), some(&["0.00", "0.00"]));
    assert_eq!(share("0", &[], "0.01"), some(&[]));
    assert_eq!(share("1", &["0", "0"], "0.01"), None);
    assert_eq!(share("1", &[], "0.01"), None);
    assert_eq!(share("1", &["1"], "0"), None);
    // The step that is left goes where there is room, though the remainder of the first is larger.
    assert_eq!(share("0.02", &["0.015", "0.02"], "0.01"), some(&["0.01", "0.01"]));
    assert_eq!(share("0.01", &["0.005", "0.005"], "0.01"), some(&["0.01", "0.00"]));
    // What is no multiple of the step is not lost.
    assert_eq!(share("1.005", &["1", "1"], "0.01"), some(&["0.505", "0.50"]));
    // A line below zero takes its part with its own sign.
    assert_eq!(share("10", &["30", "-10"], "0.01"), some(&["15.00", "-5.00"]));
}

#[test]
fn allocating_at_the_edges_of_the_range_does_not_overflow() {
    let most = Money(i64::MAX);
    let shares = most.allocate(&[most, most, most], Money(1)).expect("fits");
    assert_eq!(Money::total(shares), Some(most));
    assert_eq!(Money(i64::MIN).allocate(&[most], Money(1)), Some(vec![Money(i64::MIN)]));
}

proptest! {
    #[test]
    fn rates_agree_with_whole_numbers(amount: i64, millionths in 0i64..=10_000_000) {
        let (amount, rate) = (Money(amount), Rate(millionths));
        let wide = i128::from(amount.0) * i128::from(millionths);
        let exact = |den: i64| div_half_away(wide, i128::from(den)).and_then(|v| i64::try_from(v).ok()).map(Money);
        prop_assert_eq!(amount.times_rate(rate), exact(1_000_000));
        prop_assert_eq!(amount.tax_inside(rate), exact(1_000_000 + millionths));
    }

    #[test]
    fn rounding_moves_by_half_a_step_at_most(amount in -1i64 << 60..1i64 << 60, step in 1i64..10_000_000) {
        let rounded = Money(amount).round_to(Money(step)).expect("fits");
        prop_assert_eq!(rounded.0 % step, 0);
        prop_assert!((rounded.0 - amount).abs() * 2 <= step);
    }

    #[test]
    fn allocating_keeps_every_step(
        amount in 0i64..200_000,
        weights in prop::collection::vec(0i64..50_000, 1..12),
        negative: bool,
    ) {
        let step = Money(100);
        let whole: i64 = weights.iter().sum();
        prop_assume!(whole > 0);
        let weights: Vec<Money> = weights.into_iter().map(|steps| Money(steps * 100)).collect();
        let sign = if negative { -1 } else { 1 };
        let amount = Money(sign * amount * 100);
        let shares = amount.allocate(&weights, step).expect("there is somebody to give to");
        prop_assert_eq!(Money::total(shares.iter().copied()), Some(amount));
        for (share, weight) in shares.iter().zip(&weights) {
            prop_assert_eq!(share.0 % step.0, 0);
            prop_assert!(share.0 * sign >= 0);
            // Within one step of the exact share, and never above the weight.
            let exact = i128::from(amount.0) * i128::from(weight.0);
            let off = (i128::from(share.0) * i128::from(whole * 100) - exact).abs();
            prop_assert!(off < i128::from(step.0) * i128::from(whole * 100));
            if amount.abs().0 <= whole * 100 {
                prop_assert!(share.abs() <= *weight);
            }
        }
    }

    #[test]
    fn allocating_anything_never_panics(
        amount: i64,
        weights in prop::collection::vec(any::<i64>(), 0..6),
        step in 1i64..1_000_000,
    ) {
        let weights: Vec<Money> = weights.into_iter().map(Money).collect();
        if let Some(shares) = Money(amount).allocate(&weights, Money(step)) {
            prop_assert_eq!(Money::total(shares), Some(Money(amount)));
        }
    }
}
