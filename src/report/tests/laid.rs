//! What is laid by and taken up again gives the same answers as the facts.

use super::shop::{FIRST, TestShop, history};
use crate::engine::Catalogue;
use crate::report::kept::{From, lay_by, prove_laid};
use crate::report::{Answers, ReportFault, Request, answer};
use crate::store::Fault;
use crate::store::laid::Laid;
use crate::unit::Text;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// Reports that are laid by, or fold out of what is.
const QUESTIONS: &[&str] = &[
    "sales-by-day",
    "sales-by-week",
    "sales-by-store",
    "sales-by-cashier --sort margin --top 1",
    "sales-by-product",
    "sales-by-category --with share,running",
    "sales-by-payment",
    "sales-by-channel",
    "sales-by-location",
    "sales-by-gender",
    "sales-by-age --as-of 2024-02-11",
    "sales-by-gender --where location=Berlin,unknown --as-of 2024-02-11",
    "sales --by age-group,location --measures customers,orders,net_sales,returned_units --where gender=f",
    "sales --by customer --measures orders,average_order,refund",
    "sales --where customer=3",
    "hour-heatmap",
    "average-order",
    "growth",
    "order-status",
    "top-customers",
    "top-products --sort units",
    "repeat-customers",
    "spend-per-customer",
    "inactive-customers --as-of 2024-02-20 --months 1",
    "segments",
    "sales-by-segment",
    "returns-by-reason",
    "returns-by-product",
    "complaints-by-month",
    "feedback-summary",
    "tax-summary",
    "abc-products",
];

fn check(shop: &TestShop) -> Result<(), TestCaseError> {
    let kept = Answers::new();
    for words in QUESTIONS {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let request = Request::parse(&words).expect("the words are right");
        let found = kept.answer(shop, &request, FIRST, None).expect("an answer").json(false);
        prop_assert_eq!(found, answer(shop, &request, FIRST).expect("an answer").json(false), "{:?}", words);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn what_is_laid_by_is_what_the_facts_come_to(
        facts in history(false, 60),
        steps in prop::collection::vec((0usize..30, any::<bool>(), any::<bool>()), 1..5),
    ) {
        let mut shop = TestShop::new(facts);
        shop.seq = 0;
        for (step, seal, lay) in steps {
            shop.seq = (shop.seq + step).min(shop.history.len());
            if seal {
                shop.seal(shop.seq);
            }
            if lay {
                shop.laid = lay_by(&shop, if shop.laid.is_empty() { From::BeforeAndFacts } else { From::Before }).expect("it can be laid by");
            }
            prove_laid(&shop).expect("it is right");
            check(&shop)?;
        }
    }
}

#[test]
fn it_is_used_until_something_does_not_fit() {
    let (mut runner, strategy) = (proptest::test_runner::TestRunner::deterministic(), history(false, 60));
    let facts = strategy.new_tree(&mut runner).expect("a history").current();
    let mut shop = TestShop::new(facts);
    shop.seal(shop.seq / 2);
    shop.laid = lay_by(&shop, From::Facts).expect("it can be laid by");
    let how = |shop: &TestShop, words: &str| {
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        let request = Request::parse(&words).expect("the words are right");
        Answers::new().answer(shop, &request, FIRST, None).expect("an answer").explain.how
    };
    for words in ["sales-by-category", "sales-by-day", "sales-by-location", "segments", "sales --by gender,age-group"] {
        assert_eq!(how(&shop, words), "rollup", "{words}");
    }
    assert_eq!(how(&shop, "complaints-by-month"), "feedback rollup");
    // A period, or a slice of what is no customer, was not laid by.
    assert_eq!(how(&shop, "sales-by-category --from 2024-01-10 --to 2024-01-20"), "segment scan");
    assert_eq!(how(&shop, "sales-by-category --where store=b"), "segment scan");
    // Products that moved to another category make other groups; customers are folded as they are now.
    let mut products: Vec<_> = shop.catalogue.all().map(|product| (**product).clone()).collect();
    products[0].category = Some(Text::from("Water"));
    shop.catalogue = Catalogue::of(products);
    assert_eq!(how(&shop, "sales-by-category"), "segment scan");
    assert_eq!(how(&shop, "sales-by-product"), "rollup");
    // A wrong sum is found.
    prove_laid(&shop).expect("it is right");
    let sums = |laid: &mut Laid| {
        laid.columns.iter_mut().filter(|(at, _)| matches!(at, 17 | 20)).for_each(|(at, _)| *at = 37 - *at)
    };
    shop.laid.iter_mut().for_each(sums);
    assert!(matches!(prove_laid(&shop), Err(ReportFault::Store(Fault::Damaged { .. }))));
    // A damaged column is passed by; the facts are read.
    shop.laid.iter_mut().flat_map(|laid| &mut laid.columns).for_each(|(_, bytes)| bytes[0] ^= 1);
    assert_eq!(how(&shop, "sales-by-location"), "segment scan");
    assert!(matches!(prove_laid(&shop), Err(ReportFault::Store(Fault::Damaged { .. }))));
}
