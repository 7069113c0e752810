//! What must be true of a shop at every moment, told apart from how the shop keeps it.

use std::collections::BTreeMap;
use till::domain::apply::order_after;
use till::domain::fact::{Fact, FeedbackFact, OrderFact, ReturnFact, facts, feedback_fact, return_fact};
use till::domain::view::Kind;
use till::domain::{Change, Command, Feedback, Order, Outcome, Request, Return};
use till::engine::verify::{Proof, verify};
use till::engine::{Shop, Snapshot};
use till::store::Fault;
use till::store::segment::Segment;
use till::unit::{Day, OrderNo, ProductId, Quantity, RegisterId, Seq, StoreId};

/// The facts of a shop by number.
#[derive(Debug, Default, PartialEq)]
pub struct Facts {
    orders: BTreeMap<u64, OrderFact>,
    returns: BTreeMap<u64, ReturnFact>,
    feedback: BTreeMap<u64, FeedbackFact>,
}

impl Facts {
    /// What the segments and the tail say together: what every report is made of.
    pub fn reported(shop: &Snapshot) -> Facts {
        let mut facts = Facts::default();
        for stored in shop.segments(Day(i32::MIN), Day(i32::MAX)).expect("segments") {
            let segment = Segment::decode(&stored).expect("a whole segment");
            for fact in segment.order_facts() {
                facts.turn(true, &Fact::Order(fact));
            }
            for fact in segment.return_facts() {
                facts.turn(true, &Fact::Return(fact));
            }
            for fact in segment.feedback_facts() {
                facts.turn(true, &Fact::Feedback(fact));
            }
        }
        for signed in shop.tail().unsealed() {
            facts.turn(signed.plus, &signed.fact);
        }
        facts
    }

    /// What the records say.
    pub fn recorded(shop: &Snapshot) -> Facts {
        let mut found = Facts::default();
        for order in shop.orders_from(OrderNo(0), usize::MAX).expect("orders") {
            found.orders.insert(order.no.0, facts(&order).expect("an order that adds up"));
        }
        for back in shop.window::<Return>(0..u64::MAX, false, usize::MAX).expect("returns") {
            let order = back.order.and_then(|no| shop.order(no).expect("an order"));
            found.returns.insert(back.no.0, return_fact(&back, order.as_ref()));
        }
        for said in shop.window::<Feedback>(0..u64::MAX, false, usize::MAX).expect("feedback") {
            found.feedback.insert(said.no.0, feedback_fact(&said));
        }
        found
    }

    /// A fact comes or goes; none comes twice, and only what is there goes.
    fn turn(&mut self, plus: bool, fact: &Fact) {
        match fact {
            Fact::Order(fact) => turn(&mut self.orders, plus, fact.no.0, fact),
            Fact::Return(fact) => turn(&mut self.returns, plus, fact.no.0, fact),
            Fact::Feedback(fact) => turn(&mut self.feedback, plus, fact.no.0, fact),
        }
    }
}

fn turn<F: Clone + PartialEq + std::fmt::Debug>(facts: &mut BTreeMap<u64, F>, plus: bool, no: u64, fact: &F) {
    if plus {
        assert_eq!(facts.insert(no, fact.clone()), None, "{no} counts twice");
    } else {
        assert_eq!(facts.remove(&no).as_ref(), Some(fact), "{no} goes without being there");
    }
}

/// The reports' facts are those of the records, at this snapshot.
pub fn facts_agree(shop: &Snapshot) {
    assert_eq!(Facts::reported(shop), Facts::recorded(shop), "at {:?}", shop.seq());
}

/// Every order is what the journal makes of it, wherever it stands and however it is asked for.
pub fn orders_agree(shop: &Snapshot) {
    let told = journalled(shop);
    assert_eq!(shop.count_orders(), Ok(told.len() as u64));
    assert_eq!(shop.last_order(), Ok(told.last_key_value().map_or(OrderNo(0), |(last, _)| *last)));
    assert_eq!(shop.orders(told.keys().copied()), Ok(told.values().cloned().collect()));
    for (no, order) in &told {
        assert_eq!(shop.order(*no).as_ref(), Ok(&Some(order.clone())));
        assert_eq!(shop.find(Kind::Order, &order.id()), Ok(Some(no.0)));
        if let Some(receipt) = &order.receipt {
            assert_eq!(shop.find(Kind::Receipt, receipt), Ok(Some(no.0)));
        }
        for limit in [1, 2, 5] {
            let window = told.range(no..).map(|(_, order)| order.clone()).take(limit).collect();
            assert_eq!(shop.orders_from(*no, limit), Ok(window), "{limit} from {no:?}");
        }
    }
    assert_eq!(shop.orders_from(OrderNo(0), usize::MAX), Ok(told.into_values().collect()));
}

/// The orders as the journal tells them, change by change.
fn journalled(shop: &Snapshot) -> BTreeMap<OrderNo, Order> {
    let mut told: BTreeMap<OrderNo, Order> = BTreeMap::new();
    let entries = shop.entries(Seq(shop.seq().0 + 1), usize::MAX).expect("entries");
    for change in entries.into_iter().rev().flat_map(|entry| entry.changes) {
        let altered = match &change {
            Change::OrderPlaced { order, .. } => {
                assert_eq!(told.insert(order.no, order.clone()), None, "{:?} is given twice", order.no);
                None
            }
            Change::OrderPaid { order, .. }
            | Change::OrderStepped { order, .. }
            | Change::ReceiptGiven { order, .. } => Some(*order),
            Change::GoodsReturned(back) => back.order,
            _ => None,
        };
        if let Some(order) = altered.and_then(|no| told.get_mut(&no)) {
            *order = order_after(order, &change);
        }
    }
    told
}

/// The shop's own proof, which counts every order.
pub fn proved(shop: &Shop) -> Result<Proof, Fault> {
    let snapshot = shop.snapshot()?;
    let proof = verify(&snapshot, None, &|_, _| {})?;
    assert_eq!(Ok(proof.orders), snapshot.count_orders(), "no order is left out");
    Ok(proof)
}

/// A naive shop: what was sold, brought and counted, from commands and answers alone.
#[derive(Debug, Default, Clone)]
pub struct Naive {
    stock: BTreeMap<(StoreId, ProductId), i64>,
    orders: BTreeMap<OrderNo, Sold>,
    receipts: BTreeMap<RegisterId, u64>,
}

#[derive(Debug, Clone)]
struct Sold {
    store: StoreId,
    lines: Vec<(ProductId, i64)>,
    receipt: bool,
}

impl Naive {
    /// Brings in an accepted command, asked for at a register of `store`.
    pub fn take(&mut self, request: &Request, outcome: &Outcome, store: StoreId) {
        match (&request.command, outcome) {
            (Command::PlaceOrder { basket, .. }, Outcome::Ordered { order, receipt, .. }) => {
                let lines: Vec<_> = basket.lines.iter().map(|line| (line.product, line.quantity.0)).collect();
                for (product, quantity) in &lines {
                    *self.stock.entry((store, *product)).or_default() -= quantity;
                }
                let no = self.orders.len() as u64 + 1;
                assert_eq!(order.0, no, "orders are numbered without gaps");
                self.orders.insert(*order, Sold { store, lines, receipt: receipt.is_some() });
                if let Some(receipt) = receipt {
                    self.receipt(request.actor.register, receipt);
                }
            }
            (Command::PayOrder { .. }, Outcome::Ordered { order, receipt, .. }) => {
                let sold = self.orders.get_mut(order).expect("a known order");
                let fresh = !std::mem::replace(&mut sold.receipt, true);
                let receipt = receipt.as_ref().expect("a paid order has a receipt");
                if fresh {
                    self.receipt(request.actor.register, receipt);
                }
            }
            (Command::CancelOrder { order }, _) => {
                let sold = self.orders[order].clone();
                for (product, quantity) in sold.lines {
                    *self.stock.entry((sold.store, product)).or_default() += quantity;
                }
            }
            (Command::ReturnLines { order, lines, .. }, _) => {
                for line in lines.iter().filter(|line| line.restock) {
                    let product = self.orders[order].lines[line.line_no as usize - 1].0;
                    *self.stock.entry((store, product)).or_default() += line.quantity.0;
                }
            }
            (Command::ReturnWithoutReceipt { product, quantity, restock: true, .. }, _) => {
                *self.stock.entry((store, *product)).or_default() += quantity.0;
            }
            (Command::ReceiveStock { store, product, quantity, .. }, Outcome::Stock(now))
            | (Command::AdjustStock { store, product, quantity, .. }, Outcome::Stock(now)) => {
                let stock = self.stock.entry((*store, *product)).or_default();
                *stock += quantity.0;
                assert_eq!(now.0, *stock, "what is told is what there is");
            }
            (Command::CountStock { store, product, counted }, Outcome::Stock(now)) => {
                assert_eq!(now, counted);
                self.stock.insert((*store, *product), counted.0);
            }
            _ => {}
        }
    }

    fn receipt(&mut self, register: RegisterId, receipt: &str) {
        let last = self.receipts.entry(register).or_default();
        *last += 1;
        assert_eq!(receipt, format!("R{register}-{last:06}"), "receipts have no gap");
    }

    /// The shop's stock, live and of the moment, is the sum of all movements.
    pub fn stock_agrees(&self, shop: &Snapshot) {
        let written_down = shop.stock_of_this_moment().expect("the stock");
        for store in &shop.directory().stores {
            for product in shop.catalogue().all() {
                let expected = self.stock.get(&(store.id, product.id)).copied().unwrap_or(0);
                let found = shop.stock(store.id, product.id);
                assert_eq!(found, Quantity(expected), "{} in {}", product.name, store.name);
                assert_eq!(written_down.quantity(store.id, product.id), found, "{} in {}", product.name, store.name);
            }
        }
    }
}
