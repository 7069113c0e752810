//! A shop made of plain vectors, and random histories of signed facts for it.

use crate::domain::fact::{Fact, FeedbackFact, LineFact, OrderFact, ReturnFact, Signed};
use crate::domain::view::Kind;
use crate::domain::{
    Customer, CustomerDetails, FeedbackState, Order, Product, Register, Role, Settings, Staff, Status, Store,
};
use crate::engine::{Became, Catalogue, Directory};
use crate::report::ReportFault;
use crate::report::facts::{SegmentColumns, Source, Visit};
use crate::store::attributes::People;
use crate::store::codec::CodecFault;
use crate::store::journal::Entry;
use crate::store::laid::Laid;
use crate::store::segment::{Column, Encoded, Segment, Shelf};
use crate::unit::{
    CustomerId, Day, Digest, FeedbackNo, Money, OrderNo, Precision, ProductId, Quantity, Rate, RegisterId, ReturnNo,
    Seq, StaffId, Stamp, StoreId, Text,
};
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first day of the histories; a Wednesday in the last ISO week of its year.
pub const FIRST: Day = Day(19_722);

/// How many days they span.
pub const SPAN: i32 = 60;

/// Records that never change, and a history of signed facts of which the first are sealed.
pub struct TestShop {
    pub directory: Directory,
    pub catalogue: Catalogue,
    pub people: People,
    pub customers: Vec<(Customer, CustomerDetails)>,
    pub orders: Vec<Order>,
    pub entries: Vec<Entry>,
    pub stock: Vec<(StoreId, ProductId, Quantity)>,
    pub history: Vec<Arc<Signed>>,
    sealed: BTreeMap<Day, Vec<Encoded>>,
    undated: Vec<Encoded>,
    watermark: usize,
    pub seq: usize,
    pub laid: Vec<Laid>,
    /// Called with every reading of segments.
    pub on_read: Box<dyn Fn() + Send + Sync>,
}

fn text(text: &str) -> Text {
    Text::from(text)
}

fn some(text: &str) -> Option<Text> {
    (!text.is_empty()).then(|| Text::from(text))
}

impl TestShop {
    /// Few records with ids that do not sort like their numbers.
    pub fn new(history: Vec<Signed>) -> TestShop {
        let store = |id, ext: &str, location: &str| Store {
            id: StoreId(id),
            ext: text(ext),
            name: text(&format!("Store {ext}")),
            location: some(location),
            zone: None,
        };
        let staff = |id, ext: &str| Staff {
            id: StaffId(id),
            ext: text(ext),
            name: text(&ext.to_uppercase()),
            roles: vec![Role::Cashier],
            disabled: false,
        };
        let register =
            |id, store| Register { id: RegisterId(id), store: StoreId(store), name: text(&format!("Till {id}")) };
        let product = |(id, ext, category, cost): (u32, &str, &str, Option<i64>)| Product {
            id: ProductId(id),
            ext: text(ext),
            sku: None,
            barcodes: Vec::new(),
            name: text(&format!("Product {ext}")),
            category: some(category),
            price: None,
            cost: cost.map(Money),
            tax_rate: None,
            reorder_level: (id % 2 == 1).then_some(Quantity::pieces(5)),
        };
        let people = [
            ("20", "Berlin", "f", Some(Day(10_000))),
            ("3", "", "m", None),
            ("A-1", "Paris", "", Some(Day(3_000))),
            ("007", "Berlin", "unknown", Some(FIRST.add_months(-12 * 26).add_days(7))),
            ("100", "unknown", "f", Some(FIRST.add_months(-12 * 18))),
            ("zz", "Rom, Nord", "f", Some(Day(-9_000))),
        ];
        let mut columns = People::default();
        let mut customers = Vec::new();
        for ((ext, location, gender, birth), id) in people.into_iter().zip(1..) {
            let customer = Customer {
                id: CustomerId(id),
                ext: text(ext),
                registered_on: None,
                store_credit: Money::ZERO,
                version: 1,
            };
            let details = CustomerDetails {
                name: some(&format!("Name {ext}")),
                location: some(location),
                gender: some(gender),
                birth_date: birth,
                ..CustomerDetails::default()
            };
            columns.set(&customer, Some(&details));
            customers.push((customer, details));
        }
        let products = [
            (1, "9", "Tea", Some(500)),
            (2, "10", "", None),
            (3, "p", "Coffee", Some(12_345)),
            (4, "P", "Tea", Some(1)),
        ];
        let mut shop = TestShop {
            directory: Directory {
                settings: None::<Settings>,
                stores: vec![store(1, "b", "North"), store(2, "7", ""), store(3, "12", "South")],
                registers: vec![register(1, 1), register(2, 3)],
                staff: vec![staff(1, "zoe"), staff(2, "adam")],
                credentials: Vec::new(),
                views: Vec::new(),
            },
            catalogue: Catalogue::of(products.map(product).to_vec()),
            people: columns,
            customers,
            orders: Vec::new(),
            entries: Vec::new(),
            stock: vec![
                (StoreId(1), ProductId(1), Quantity::pieces(5)),
                (StoreId(1), ProductId(3), Quantity(5_001)),
                (StoreId(2), ProductId(1), Quantity::pieces(-2)),
                (StoreId(3), ProductId(2), Quantity::pieces(1)),
                (StoreId(3), ProductId(3), Quantity(1_250)),
            ],
            seq: history.len(),
            history: history.into_iter().map(Arc::new).collect(),
            sealed: BTreeMap::new(),
            undated: Vec::new(),
            watermark: 0,
            laid: Vec::new(),
            on_read: Box::new(|| ()),
        };
        shop.seal(0);
        shop
    }

    /// What is true after the first `upto` signed facts.
    pub fn facts(&self, upto: usize) -> (Vec<OrderFact>, Vec<ReturnFact>, Vec<FeedbackFact>) {
        let (mut orders, mut returns, mut feedback) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for signed in &self.history[..upto] {
            match (&signed.fact, signed.plus) {
                (Fact::Order(fact), true) => drop(orders.insert(fact.no, fact.clone())),
                (Fact::Order(fact), false) => drop(orders.remove(&fact.no)),
                (Fact::Return(fact), true) => drop(returns.insert(fact.no, fact.clone())),
                (Fact::Return(fact), false) => drop(returns.remove(&fact.no)),
                (Fact::Feedback(fact), true) => drop(feedback.insert(fact.no, fact.clone())),
                (Fact::Feedback(fact), false) => drop(feedback.remove(&fact.no)),
            }
        }
        (orders.into_values().collect(), returns.into_values().collect(), feedback.into_values().collect())
    }

    /// Puts the first `upto` signed facts into segments, each day in two parts.
    pub fn seal(&mut self, upto: usize) {
        let (orders, returns, feedback) = self.facts(upto);
        let mut days: BTreeMap<(Option<Day>, u64), (Vec<OrderFact>, Vec<ReturnFact>, Vec<FeedbackFact>)> =
            BTreeMap::new();
        let day = |stamp: Option<Stamp>| stamp.map(|stamp| stamp.day());
        for fact in orders {
            days.entry((day(fact.placed), fact.no.0 % 2)).or_default().0.push(fact);
        }
        for fact in returns {
            days.entry((day(fact.at), 0)).or_default().1.push(fact);
        }
        for fact in feedback {
            days.entry((day(fact.at), 1)).or_default().2.push(fact);
        }
        self.sealed.clear();
        self.undated.clear();
        for ((day, _), (orders, returns, feedback)) in days {
            let bytes = Segment::build(&orders, &returns, &feedback).encode();
            match day {
                Some(day) => self.sealed.entry(day).or_default().push(bytes),
                None => self.undated.push(bytes),
            }
        }
        self.watermark = upto;
    }
}

impl Source for TestShop {
    fn order(&self, no: OrderNo) -> Result<Option<Order>, ReportFault> {
        Ok(self.orders.iter().find(|order| order.no == no).cloned())
    }

    fn return_id(&self, _: ReturnNo) -> Result<Option<Text>, ReportFault> {
        Ok(None)
    }

    fn feedback_id(&self, _: FeedbackNo) -> Result<Option<Text>, ReportFault> {
        Ok(None)
    }

    fn entries_back(&self, before: Seq, each: &mut dyn FnMut(Entry) -> bool) -> Result<(), ReportFault> {
        let earlier = self.entries.iter().rev().filter(|entry| entry.seq < before);
        earlier.cloned().take_while(|entry| each(entry.clone())).for_each(drop);
        Ok(())
    }

    fn seq(&self) -> Seq {
        Seq(self.seq as u64)
    }

    fn watermark(&self) -> Seq {
        Seq(self.watermark as u64)
    }

    fn complete_after(&self) -> Seq {
        Seq(0)
    }

    fn facts_after(&self, seq: Seq) -> Vec<Arc<Signed>> {
        self.history[seq.0 as usize..self.seq].to_vec()
    }

    fn directory(&self) -> &Directory {
        &self.directory
    }

    fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    fn people(&self) -> &People {
        &self.people
    }

    fn days(&self) -> Result<Option<(Day, Day)>, ReportFault> {
        Ok(self.sealed.keys().next().copied().zip(self.sealed.keys().next_back().copied()))
    }

    fn segments(&self, from: Day, to: Day, visit: Visit<'_>) -> Result<(), ReportFault> {
        (self.on_read)();
        if from >= to {
            return Ok(());
        }
        for (day, parts) in self.sealed.range(from..to) {
            numbered(parts).try_for_each(|part| visit(Some(*day), &part))?;
        }
        Ok(())
    }

    fn columns(&self) -> Result<Box<dyn SegmentColumns + '_>, ReportFault> {
        Ok(Box::new(self))
    }

    fn undated(&self, visit: Visit<'_>) -> Result<(), ReportFault> {
        numbered(&self.undated).try_for_each(|part| visit(None, &part))
    }

    fn laid(&self, question: u64, column: u8, read: &mut dyn FnMut(&[u8])) -> Result<(), ReportFault> {
        let one = self.laid.iter().find(|laid| laid.question == question);
        let found = one.and_then(|laid| laid.columns.iter().find(|(at, _)| *at == column));
        found.iter().for_each(|(_, bytes)| read(bytes));
        Ok(())
    }

    fn customer(&self, id: CustomerId) -> Result<Option<(Text, Option<Text>)>, ReportFault> {
        let found = self.customers.get(id.0 as usize - 1);
        Ok(found.map(|(customer, details)| (customer.ext.clone(), details.name.clone())))
    }

    fn customer_became(&self, _: CustomerId, _: u32, _: Digest) -> Result<Option<Became>, ReportFault> {
        Ok(None)
    }

    fn customer_ids(&self) -> Result<Vec<(CustomerId, Text)>, ReportFault> {
        Ok(self.customers.iter().map(|(customer, _)| (customer.id, customer.ext.clone())).collect())
    }

    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, ReportFault> {
        assert_eq!(kind, Kind::Customer, "reports look up nothing else");
        let found = self.customers.iter().find(|(customer, _)| *customer.ext == *text);
        Ok(found.map(|(customer, _)| u64::from(customer.id.0)))
    }

    fn orders_of(&self, customer: CustomerId) -> Result<Vec<Order>, ReportFault> {
        let mine = |order: &Order| order.customer == Some(customer);
        if !self.orders.is_empty() {
            return Ok(self.orders.iter().filter(|order| mine(order)).cloned().collect());
        }
        // A history knows orders as far as facts tell.
        let told = |fact: &OrderFact| Order {
            customer: fact.customer,
            placed: fact.placed,
            ..super::named::order(fact.no.0, None, None, fact.status)
        };
        Ok(self.facts(self.seq).0.iter().map(told).filter(mine).collect())
    }

    fn stock(&self, each: &mut dyn FnMut(StoreId, ProductId, Quantity)) {
        self.stock.iter().for_each(|(store, product, quantity)| each(*store, *product, *quantity));
    }
}

/// A stamp in one of several zones; some have only a day, some are missing.
fn stamp() -> impl Strategy<Value = Option<Stamp>> {
    let instant = (0..SPAN, 0i64..86_400);
    let offset = select(vec![0, 3_600, -5 * 3_600, 13 * 3_600]);
    let precision = prop_oneof![6 => Just(Precision::Second), 1 => Just(Precision::Day)];
    let dated = (instant, offset, precision).prop_map(|((day, second), offset_s, precision)| {
        let unix_ms = (i64::from(FIRST.0 + day) * 86_400 + second) * 1_000;
        Stamp { unix_ms, offset_s, precision }
    });
    prop_oneof![12 => dated.prop_map(Some), 1 => Just(None)]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Option<Text>> {
    prop_oneof![4 => select(words).prop_map(|word| Some(Text::from(word))), 1 => Just(None)]
}

/// Money in cents mostly; sometimes so large that sums leave 64 bits.
fn money(extreme: bool) -> BoxedStrategy<i64> {
    let cents = (0i64..4_000).prop_map(|cents| cents * 100);
    if extreme {
        prop_oneof![3 => cents, 1 => (i64::MAX / 8)..i64::MAX, 1 => i64::MIN..(i64::MIN / 8)].boxed()
    } else {
        prop_oneof![6 => cents, 1 => -50i64..50].boxed()
    }
}

fn line(extreme: bool) -> impl Strategy<Value = LineFact> {
    let values = prop::collection::vec(money(extreme), 6);
    (1u32..5, 1i64..5_000, values, prop::option::of(0i64..3)).prop_map(|(product, units, m, rate)| LineFact {
        product: ProductId(product),
        units: Quantity(units),
        gross: Money(m[0]),
        discounts: Money(m[1]),
        sales: Money(m[2]),
        tax: Money(m[3]),
        cost: Money(m[4]),
        tax_rate: rate.map(|rate| Rate(rate * 70_000)),
    })
}

fn order(extreme: bool) -> impl Strategy<Value = OrderFact> {
    let who = (prop::option::of(1u16..3), prop::option::of(1u16..3), prop::option::of(1u32..7));
    let how = (select(Status::ALL.to_vec()), word(&["cash", "card", "unheard"]), word(&["web", "counter"]));
    (1u16..4, stamp(), who, how, prop::collection::vec(line(extreme), 0..4)).prop_map(
        |(store, placed, who, how, lines)| OrderFact {
            no: OrderNo(0),
            placed,
            store: StoreId(store),
            register: who.0.map(RegisterId),
            cashier: who.1.map(StaffId),
            customer: who.2.map(CustomerId),
            status: how.0,
            payment: how.1,
            channel: how.2,
            lines,
        },
    )
}

/// One step of a history.
#[derive(Debug, Clone)]
pub enum Step {
    Sell(OrderFact),
    /// The order at this place (modulo how many there are) becomes another one.
    Change(usize, OrderFact),
    /// The order at this place moves to another status.
    Move(usize, Status),
    Return(Option<usize>, ReturnFact),
    Say(FeedbackFact),
    Resolve(usize),
}

fn step(extreme: bool) -> impl Strategy<Value = Step> {
    let back = (
        stamp(),
        0u16..4,
        prop::option::of(1u32..5),
        word(&["broken", "late"]),
        1i64..3_000,
        money(extreme),
        money(extreme),
    )
        .prop_map(|(at, store, product, reason, units, refund, net)| ReturnFact {
            no: ReturnNo(0),
            at,
            store: StoreId(store),
            order: None,
            register: None,
            cashier: None,
            customer: None,
            status: None,
            payment: None,
            channel: None,
            product: product.map(ProductId),
            reason,
            units: Quantity(units),
            refund: Money(refund),
            net: Money(net),
        });
    let said = (stamp(), prop::option::of(1u32..7), prop::option::of(1u8..6), word(&["Complaint", "praise"])).prop_map(
        |(at, customer, rating, category)| FeedbackFact {
            no: FeedbackNo(0),
            at,
            customer: customer.map(CustomerId),
            order: None,
            rating,
            category,
            state: FeedbackState::Open,
        },
    );
    prop_oneof![
        8 => order(extreme).prop_map(Step::Sell),
        1 => (any::<usize>(), order(extreme)).prop_map(|(at, order)| Step::Change(at, order)),
        3 => (any::<usize>(), select(Status::ALL.to_vec())).prop_map(|(at, status)| Step::Move(at, status)),
        2 => (prop::option::of(any::<usize>()), back).prop_map(|(at, back)| Step::Return(at, back)),
        1 => said.prop_map(Step::Say),
        1 => any::<usize>().prop_map(Step::Resolve),
    ]
}

/// Signed facts as a shop would make them.
pub fn history(extreme: bool, steps: usize) -> impl Strategy<Value = Vec<Signed>> {
    prop::collection::vec(step(extreme), 0..steps).prop_map(|steps| {
        let (mut orders, mut returns, mut feedback) = (Vec::<OrderFact>::new(), 0, Vec::<FeedbackFact>::new());
        let mut signed = Vec::new();
        let mut change = |old: Option<Fact>, new: Fact| {
            signed.extend(old.map(|fact| Signed { plus: false, fact }));
            signed.push(Signed { plus: true, fact: new });
        };
        for step in steps {
            match step {
                Step::Sell(fact) => {
                    let fact = OrderFact { no: OrderNo(orders.len() as u64 + 1), ..fact };
                    orders.push(fact.clone());
                    change(None, Fact::Order(fact));
                }
                Step::Change(at, new) if !orders.is_empty() => {
                    let at = at % orders.len();
                    let new = OrderFact { no: orders[at].no, ..new };
                    let old = std::mem::replace(&mut orders[at], new.clone());
                    change(Some(Fact::Order(old)), Fact::Order(new));
                }
                Step::Move(at, status) if !orders.is_empty() => {
                    let at = at % orders.len();
                    let old = orders[at].clone();
                    orders[at].status = status;
                    change(Some(Fact::Order(old)), Fact::Order(orders[at].clone()));
                }
                Step::Return(of, back) => {
                    returns += 1;
                    let order = of.filter(|_| !orders.is_empty()).map(|at| &orders[at % orders.len()]);
                    change(
                        None,
                        Fact::Return(ReturnFact {
                            no: ReturnNo(returns),
                            order: order.map(|order| order.no),
                            register: order.and_then(|order| order.register),
                            cashier: order.and_then(|order| order.cashier),
                            customer: order.and_then(|order| order.customer),
                            status: order.map(|order| order.status),
                            payment: order.and_then(|order| order.payment.clone()),
                            channel: order.and_then(|order| order.channel.clone()),
                            ..back
                        }),
                    );
                }
                Step::Say(said) => {
                    let said = FeedbackFact { no: FeedbackNo(feedback.len() as u64 + 1), ..said };
                    feedback.push(said.clone());
                    change(None, Fact::Feedback(said));
                }
                Step::Resolve(at) if !feedback.is_empty() => {
                    let at = at % feedback.len();
                    let old = feedback[at].clone();
                    feedback[at].state = FeedbackState::Resolved;
                    change(Some(Fact::Feedback(old)), Fact::Feedback(feedback[at].clone()));
                }
                Step::Change(..) | Step::Move(..) | Step::Resolve(_) => {}
            }
        }
        signed
    })
}

/// A segment as it stands in a day.
struct Numbered<'a>(u16, &'a Encoded);

fn numbered(parts: &[Encoded]) -> impl Iterator<Item = Numbered<'_>> {
    (0..).zip(parts).map(|(part, encoded)| Numbered(part, encoded))
}

impl Shelf for Numbered<'_> {
    fn part(&self) -> u16 {
        self.0
    }

    fn head(&self) -> &[u8] {
        self.1.head()
    }

    fn codes(&self, column: Column, read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>) -> Result<(), CodecFault> {
        self.1.codes(column, read)
    }
}

impl SegmentColumns for &TestShop {
    fn codes(
        &self,
        day: Option<Day>,
        part: u16,
        column: Column,
        read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>,
    ) -> Result<(), CodecFault> {
        let parts = day.map_or(&self.undated, |day| &self.sealed[&day]);
        parts[usize::from(part)].codes(column, read)
    }
}
