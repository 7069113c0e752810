use super::oracle::{Asked, Member, fold};
use super::shop::{FIRST, SPAN, TestShop, history};
use crate::report::{Answer, Answers, Dim, Measure, Request, Value, answer};
use crate::unit::Day;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Words that some members of each dimension have, and one that none has.
fn values(dim: Dim) -> &'static [&'static str] {
    match dim {
        Dim::Hour => &["9", "17", "unknown", "23"],
        Dim::Weekday => &["0", "5", "6"],
        Dim::Day => &["2024-01-03", "2024-02-01"],
        Dim::Week => &["2024-W01", "2024-W05"],
        Dim::Month => &["2024-01", "2024-02", "1999-01"],
        Dim::Quarter => &["2023-Q4", "2024-Q1"],
        Dim::Year => &["2023", "2024"],
        Dim::Store => &["b", "7", "Store 12", "unknown", "nowhere"],
        Dim::StoreLocation => &["North", "unknown"],
        Dim::Register => &["Till 1", "1", "unknown"],
        Dim::Cashier => &["zoe", "unknown"],
        Dim::Product => &["9", "P", "unknown"],
        Dim::Category => &["Tea", "unknown", "Milk"],
        Dim::Payment => &["cash", "unheard", "unknown"],
        Dim::Status => &["paid", "cancelled", "shipped", "unknown"],
        Dim::Customer => &["3", "A-1", "unknown"],
        Dim::Location => &["Berlin", "Rom, Nord", "unknown"],
        Dim::Gender => &["f", "unknown"],
        Dim::AgeGroup => &["18-25", "65+", "<18", "unknown"],
        _ => &["web", "unknown"],
    }
}

fn dims() -> Vec<Dim> {
    Dim::CUBE.into_iter().filter(|dim| !dim.is_of_past()).collect()
}

fn filter() -> impl Strategy<Value = (Dim, Vec<String>)> {
    select(dims()).prop_flat_map(|dim| {
        let some = subsequence(values(dim).to_vec(), 1..=2);
        (Just(dim), some.prop_map(|some| some.into_iter().map(str::to_owned).collect()))
    })
}

pub(super) fn asked() -> impl Strategy<Value = Asked> {
    let period = (prop::option::of(-3..SPAN), prop::option::of(0..SPAN + 3));
    let measures = subsequence(Measure::ALL.to_vec(), 1..6);
    let filters = prop_oneof![2 => prop::collection::vec(filter(), 0..1), 1 => prop::collection::vec(filter(), 1..3)];
    let cut = (prop::option::of(select(Measure::ALL)), prop::option::of(1usize..6));
    (subsequence(dims(), 0..4).prop_shuffle(), measures, filters, period, cut, 0..400).prop_map(
        |(dims, measures, mut filters, (from, to), (sort, top), as_of)| {
            filters.dedup_by_key(|(dim, _)| *dim);
            let from = from.map(|day| FIRST.add_days(day));
            let to = to.map(|day| FIRST.add_days(day)).filter(|to| from.is_none_or(|from| from <= *to));
            Asked { dims, measures, filters, from, to, as_of: FIRST.add_days(as_of), sort, top }
        },
    )
}

pub(super) fn request(asked: &Asked) -> Request {
    let mut words = vec!["sales".to_owned(), "--as-of".to_owned(), asked.as_of.to_string()];
    let list = |words: Vec<&str>| words.join(",");
    if !asked.dims.is_empty() {
        words.extend(["--by".to_owned(), list(asked.dims.iter().map(|dim| dim.word()).collect())]);
    }
    words.extend(["--measures".to_owned(), list(asked.measures.iter().map(|measure| measure.word()).collect())]);
    for (dim, values) in &asked.filters {
        for value in values {
            words.extend(["--where".to_owned(), format!("{}={}", dim.word(), value.replace(',', "\\,"))]);
        }
    }
    for (flag, day) in [("--from", asked.from), ("--to", asked.to)] {
        words.extend(day.iter().flat_map(|day| [flag.to_owned(), day.to_string()]));
    }
    words.extend(asked.sort.iter().flat_map(|sort| ["--sort".to_owned(), sort.word().to_owned()]));
    words.extend(asked.top.iter().flat_map(|top| ["--top".to_owned(), top.to_string()]));
    Request::parse(&words).expect("the words are right")
}

fn shown(dim: Dim, member: &Member) -> Vec<String> {
    match &member.name {
        Some(name) if dim.is_entity() => vec![member.id.clone(), name.clone()],
        _ => vec![member.id.clone()],
    }
}

/// Compares an answer with the fold over the first `upto` facts.
pub(super) fn check(shop: &TestShop, asked: &Asked, upto: usize, found: &Answer) -> Result<(), TestCaseError> {
    let (rows, total) = fold(shop, asked, upto);
    let expected: Vec<Vec<String>> = rows
        .iter()
        .map(|(members, sum)| {
            let mut row: Vec<String> =
                asked.dims.iter().zip(members).flat_map(|(dim, member)| shown(*dim, member)).collect();
            row.extend(asked.measures.iter().map(|measure| sum.figure(*measure).plain(2)));
            row
        })
        .collect();
    let plain: Vec<Vec<String>> =
        found.rows.iter().map(|row| row.iter().map(|value| value.plain(2)).collect()).collect();
    prop_assert_eq!(plain, expected);
    for measure in &asked.measures {
        let value = found.total(measure.word()).expect("every measure has a total");
        // Distinct counts over cut rows of several dimensions are left out.
        if *value != Value::Null || asked.top.is_none() {
            prop_assert_eq!(value, &total.figure(*measure), "total of {}", measure.word());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_question_is_answered_like_the_naive_fold(
        facts in history(false, 60), asked in asked(), sealed in 0.0..1.0,
    ) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.history.len() as f64 * sealed) as usize);
        let found = answer(&shop, &request(&asked), Day(0)).expect("an answer");
        check(&shop, &asked, shop.history.len(), &found)?;
    }

    #[test]
    fn sums_beyond_sixty_four_bits_are_exact(facts in history(true, 25), asked in asked(), sealed in 0.0..1.0) {
        let mut shop = TestShop::new(facts);
        shop.seal((shop.history.len() as f64 * sealed) as usize);
        let found = answer(&shop, &request(&asked), Day(0)).expect("an answer");
        check(&shop, &asked, shop.history.len(), &found)?;
    }

    #[test]
    fn kept_answers_follow_the_history(
        facts in history(false, 60),
        questions in prop::collection::vec(asked(), 1..4),
        steps in prop::collection::vec((0usize..12, any::<bool>()), 1..8),
    ) {
        let mut shop = TestShop::new(facts);
        let answers = Answers::new();
        shop.seq = 0;
        for (step, seal) in steps {
            shop.seq = (shop.seq + step).min(shop.history.len());
            if seal {
                shop.seal(shop.seq);
            }
            for asked in &questions {
                let found = answers.answer(&shop, &request(asked), Day(0), None).expect("an answer");
                check(&shop, asked, shop.seq, &found)?;
            }
        }
    }
}
