//! What is joined and kept between questions, while the records that facts name change, come and go.

use super::cube::{asked, check, request};
use super::oracle::Asked;
use super::shop::{FIRST, SPAN, TestShop, history};
use crate::domain::fact::{Fact, LineFact, OrderFact, Signed};
use crate::domain::{Customer, CustomerDetails, Product, Status};
use crate::engine::Catalogue;
use crate::report::facts::{Joined, Joins};
use crate::report::{Answer, Answers, Request, answer};
use crate::store::attributes::People;
use crate::store::segment::{Column, Segment};
use crate::unit::{CustomerId, Day, Money, OrderNo, ProductId, Quantity, Stamp, StoreId, Text};
use proptest::prelude::*;
use proptest::sample::select;

/// More records than a byte tells apart.
const MANY: u32 = 300;

/// What happens to a shop.
#[derive(Debug, Clone)]
enum Event {
    /// So many facts.
    Facts(usize),
    Seal,
    /// A customer's details become others; `None`: they are erased.
    Person(u32, Option<(&'static str, &'static str, Option<i32>)>),
    /// A product goes to a category.
    Product(u32, Option<&'static str>),
    /// Kept answers are let go, so that the next are worked out again.
    Forget,
}

fn event() -> impl Strategy<Value = Event> {
    let details = (select(vec!["Berlin", "Paris", "Oslo", "unknown"]), select(vec!["f", "m", "x"]));
    let details = (details, prop::option::of(-9_000..15_000)).prop_map(|((town, gender), birth)| (town, gender, birth));
    let category = prop::option::of(select(vec!["Tea", "Coffee", "Milk", "unknown"]));
    prop_oneof![
        3 => (0usize..30).prop_map(Event::Facts),
        2 => Just(Event::Seal),
        2 => (1u32..7, prop::option::weighted(0.8, details)).prop_map(|(who, what)| Event::Person(who, what)),
        1 => (1u32..5, category).prop_map(|(which, category)| Event::Product(which, category)),
        3 => Just(Event::Forget),
    ]
}

/// Facts of a few days, so that segments hold several; orders of few lines, of more, and of more than a byte counts. Of many
/// records some have large numbers.
fn crowded(facts: Vec<Signed>, many: bool) -> Vec<Signed> {
    let day = |at: Option<Stamp>| at.map(|at| Stamp { unix_ms: near(at.unix_ms), ..at });
    let who = |id: CustomerId| CustomerId(number_of(id.0, 6, many));
    let what = |id: ProductId| ProductId(number_of(id.0, 4, many));
    let of_order = |mut fact: OrderFact| {
        (fact.placed, fact.customer) = (day(fact.placed), fact.customer.map(who));
        let lines = match fact.lines.first() {
            Some(line) if line.units.0 % 40 == 0 => 300,
            Some(line) if line.units.0 % 4 == 0 => fact.lines.len() * 2,
            _ => fact.lines.len(),
        };
        fact.lines = fact.lines.iter().cloned().cycle().take(lines).collect();
        fact.lines.iter_mut().for_each(|line| line.product = what(line.product));
        fact
    };
    let crowd = |fact| match fact {
        Fact::Order(fact) => Fact::Order(of_order(fact)),
        Fact::Return(mut fact) => {
            (fact.at, fact.customer) = (day(fact.at), fact.customer.map(who));
            fact.product = fact.product.map(what);
            Fact::Return(fact)
        }
        Fact::Feedback(mut fact) => {
            fact.customer = fact.customer.map(who);
            Fact::Feedback(fact)
        }
    };
    facts.into_iter().map(|signed| Signed { fact: crowd(signed.fact), ..signed }).collect()
}

/// Every time in one of four days, two of which are known together.
fn near(unix_ms: i64) -> i64 {
    const DAY: i64 = 86_400_000;
    let day = unix_ms.div_euclid(DAY) - i64::from(FIRST.0);
    (i64::from(FIRST.0) + day.rem_euclid(4) * 7) * DAY + unix_ms.rem_euclid(DAY)
}

fn number_of(id: u32, last: u32, many: bool) -> u32 {
    if many && id == last { MANY - 10 } else { id }
}

/// A shop whose records come one by one.
struct Growing {
    shop: TestShop,
    many: bool,
    /// Every product as it was given, again and again: a version is how often.
    products: Vec<Product>,
}

impl Growing {
    fn new(facts: Vec<Signed>, many: bool) -> Growing {
        let mut shop = TestShop::new(crowded(facts, many));
        (shop.seq, shop.people) = (0, People::default());
        let products = shop.catalogue.all().map(|product| (**product).clone()).collect();
        if many {
            shop.customers.extend((7..=MANY).map(stranger));
        }
        let mut growing = Growing { shop, many, products };
        growing.grow();
        growing
    }

    /// Records are there before any fact names them.
    fn grow(&mut self) {
        let (mut customer, mut product) = (2, 2);
        for signed in &self.shop.history[..self.shop.seq] {
            let (of, products) = match &signed.fact {
                Fact::Order(fact) => (fact.customer, fact.lines.iter().map(|line| line.product).max()),
                Fact::Return(fact) => (fact.customer, fact.product),
                Fact::Feedback(fact) => (fact.customer, None),
            };
            customer = customer.max(of.map_or(0, |of| of.0));
            product = product.max(products.map_or(0, |id| id.0));
        }
        for (record, details) in &self.shop.customers[self.shop.people.present.len().saturating_sub(1)..] {
            if record.id.0 <= customer {
                self.shop.people.set(record, Some(details));
            }
        }
        let known = self.products.iter().map(|product| product.id.0).max().unwrap_or(0);
        let last = self.products[0].clone();
        self.products.extend((known + 1..=product).map(|id| Product {
            id: ProductId(id),
            ext: Text::from(&*format!("more {id}")),
            name: Text::from(&*format!("Product more {id}")),
            category: Some(Text::from(&*format!("Category {id}"))),
            ..last.clone()
        }));
        self.shop.catalogue = Catalogue::of(self.products.clone());
    }

    fn meet(&mut self, event: &Event, answers: &Answers) {
        match event {
            Event::Facts(some) => {
                self.shop.seq = (self.shop.seq + some).min(self.shop.history.len());
                self.grow();
            }
            Event::Seal => self.shop.seal(self.shop.seq),
            Event::Person(id, details) => {
                let (record, known) = &mut self.shop.customers[number_of(*id, 6, self.many) as usize - 1];
                *known = details.map_or_else(CustomerDetails::default, |(town, gender, birth)| CustomerDetails {
                    location: Some(Text::from(town)),
                    gender: Some(Text::from(gender)),
                    birth_date: birth.map(Day),
                    ..known.clone()
                });
                if self.shop.people.present.len() > record.id.0 as usize {
                    self.shop.people.set(record, details.is_some().then_some(known));
                }
            }
            Event::Product(id, category) => {
                let id = ProductId(number_of(*id, 4, self.many));
                if let Some(product) = self.products.iter().rev().find(|product| product.id == id) {
                    let product = Product { category: category.map(Text::from), ..product.clone() };
                    self.products.push(product);
                    self.grow();
                }
            }
            Event::Forget => answers.forget(),
        }
    }
}

fn stranger(id: u32) -> (Customer, CustomerDetails) {
    let customer = Customer {
        id: CustomerId(id),
        ext: Text::from(&*format!("s{id}")),
        registered_on: None,
        store_credit: Money::ZERO,
        version: 1,
    };
    let details = CustomerDetails {
        name: Some(Text::from(&*format!("Name s{id}"))),
        location: Some(Text::from(&*format!("Town {id}"))),
        gender: Some(Text::from("f")),
        birth_date: Some(Day(id as i32 * 30)),
        ..CustomerDetails::default()
    };
    (customer, details)
}

/// Reports beyond the fold, which must be the same whatever was asked before.
const REPORTS: [&str; 10] = [
    "top-customers --top 99",
    "top-customers --top 99 --where category=Tea",
    "sales --by segment,gender --measures sales,orders,customers",
    "sales --by cohort,category --measures sales",
    "sales --by location,channel --where segment=champions",
    "sales --by gender --measures sales --where category=Tea",
    "sales --by gender --measures sales,orders --where category=Tea",
    "new-vs-returning",
    "tax-summary",
    "sales --by hour,category --measures orders,units",
];

fn rows_of(answer: Answer) -> Vec<Vec<String>> {
    answer.rows.iter().map(|row| row.iter().map(|value| value.plain(2)).collect()).collect()
}

/// Asks thrice, as often as it takes until columns that are joined are kept and read.
fn ask(growing: &Growing, answers: &Answers, questions: &[Asked], again: &Request) -> Result<(), TestCaseError> {
    let shop = &growing.shop;
    let cold = answer(shop, again, FIRST.add_days(SPAN)).map(rows_of).expect("an answer");
    let warm = || answers.answer(shop, again, FIRST.add_days(SPAN), None).map(rows_of).expect("an answer");
    for _ in 0..3 {
        for asked in questions {
            let found = answers.answer(shop, &request(asked), Day(0), None).expect("an answer");
            check(shop, asked, shop.seq, &found)?;
        }
        prop_assert_eq!(&warm(), &cold);
        answers.forget();
    }
    prop_assert_eq!(&warm(), &cold);
    for asked in questions {
        let found = answers.answer(shop, &request(asked), Day(0), None).expect("an answer");
        check(shop, asked, shop.seq, &found)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_joined_and_kept_follows_the_records(
        facts in history(false, 60),
        many in any::<bool>(),
        questions in prop::collection::vec(asked(), 1..3),
        events in prop::collection::vec(event(), 4..12),
        again in select(REPORTS.to_vec()),
    ) {
        let again = Request::parse(&again.split(' ').collect::<Vec<_>>()).expect("the words are right");
        let (mut growing, answers) = (Growing::new(facts, many), Answers::new());
        growing.meet(&Event::Facts(20), &answers);
        growing.meet(&Event::Seal, &answers);
        for event in &events {
            ask(&growing, &answers, &questions, &again)?;
            growing.meet(event, &answers);
        }
        ask(&growing, &answers, &questions, &again)?;
    }
}

#[test]
fn a_new_record_in_a_small_shop_leaves_what_is_kept() {
    let (mut growing, answers) = (Growing::new(Vec::new(), false), Answers::new());
    let how = |shop: &TestShop, words: &str| {
        let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
        answers.answer(shop, &request, FIRST, None).expect("an answer").explain.how
    };
    let questions = ["sales --by customer", "sales --by product --where gender=f", "sales --by product,gender"];
    questions.iter().for_each(|words| assert_ne!(how(&growing.shop, words), "kept rollup"));
    let (record, details) = growing.shop.customers[2].clone();
    growing.shop.people.set(&record, Some(&details));
    growing.products.push(Product { id: ProductId(5), ..growing.products[0].clone() });
    growing.grow();
    questions.iter().for_each(|words| assert_eq!(how(&growing.shop, words), "kept rollup", "{words}"));
}

#[test]
fn a_join_stands_for_codes_that_only_grow_and_is_whole_where_every_record_has_one() {
    let joins = Joins::default();
    let number = |column: Column, codes: &[u8]| {
        let mut joined = Joined::by_record(column, codes.into());
        joined.keep(&joins);
        joined.number()
    };
    let first = number(Column::OrderCustomer, &[0, 1]);
    assert_eq!(number(Column::OrderCustomer, &[0, 1, 2]), first);
    assert_ne!(number(Column::OrderCustomer, &[0, 2, 2]), first);
    assert_ne!(number(Column::Product, &[0, 1, 2]), first);
    let segment = Segment::build(&[order(Vec::new())], &[], &[]);
    let join = |codes: &[u8]| {
        let mut out = Vec::new();
        (Joined::by_record(Column::OrderCustomer, codes.into()).join(&segment, &mut out), out)
    };
    assert_eq!(join(&[7, 8, 9]), (Ok(true), vec![9]));
    assert_eq!(join(&[7, 8]), (Ok(false), vec![7]), "it is not known for good what the record is");
}

fn order(lines: Vec<LineFact>) -> OrderFact {
    OrderFact {
        no: OrderNo(1),
        placed: None,
        store: StoreId(1),
        register: None,
        cashier: None,
        customer: Some(CustomerId(2)),
        status: Status::Paid,
        payment: None,
        channel: None,
        lines,
    }
}

#[test]
fn what_was_sold_of_a_category_is_no_more_once_the_category_has_another_name() {
    let nothing = Money::ZERO;
    let line = LineFact {
        product: ProductId(3),
        units: Quantity::ONE,
        gross: nothing,
        discounts: nothing,
        sales: Money(70_000),
        tax: nothing,
        cost: nothing,
        tax_rate: None,
    };
    let sold = Signed { plus: true, fact: Fact::Order(order(vec![line])) };
    let (mut growing, answers) = (Growing::new(vec![sold], false), Answers::new());
    growing.meet(&Event::Facts(1), &answers);
    let sales = |shop: &TestShop, category: &str| {
        let words = ["sales", "--measures", "sales", "--by", "store", "--where", &format!("category={category}")];
        let request = Request::parse(&words.map(str::to_owned)).expect("the words are right");
        rows_of(answers.answer(shop, &request, FIRST, None).expect("an answer")).len()
    };
    assert_eq!([sales(&growing.shop, "Coffee"), sales(&growing.shop, "Cream")], [1, 0]);
    // Without orders lines are counted, which are no orders.
    let both = ["sales", "orders,sales"].map(|measures| {
        let words = ["sales", "--by", "product", "--measures", measures];
        let request = Request::parse(&words).expect("the words are right");
        rows_of(answers.answer(&growing.shop, &request, FIRST, None).expect("an answer"))
    });
    assert_eq!(both[1][0][2], "1", "{both:?}");
    // It stands in the same place among the names.
    growing.meet(&Event::Product(3, Some("Cream")), &answers);
    assert_eq!([sales(&growing.shop, "Coffee"), sales(&growing.shop, "Cream")], [0, 1]);
}
