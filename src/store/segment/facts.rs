//! Facts into columns and back.

use super::header::{status_code, status_of};
use super::{Column, Header, Segment, Words};
use crate::domain::FeedbackState;
use crate::domain::fact::{FeedbackFact, LineFact, OrderFact, ReturnFact};
use crate::unit::{
    CustomerId, FeedbackNo, Money, OrderNo, Precision, ProductId, Quantity, RegisterId, ReturnNo, StaffId, Stamp,
    StoreId, Text,
};
use std::collections::{BTreeSet, HashSet};

impl Segment {
    /// The columns of these facts; each number must occur once.
    pub fn build(orders: &[OrderFact], returns: &[ReturnFact], feedback: &[FeedbackFact]) -> Segment {
        let orders = sorted(orders, |fact| fact.no);
        let returns = sorted(returns, |fact| fact.no);
        let feedback = sorted(feedback, |fact| fact.no);
        let said: Vec<Option<Stamp>> = feedback.iter().map(|fact| fact.at).collect();
        let payments = orders.iter().map(|fact| &fact.payment).chain(returns.iter().map(|fact| &fact.payment));
        let channels = orders.iter().map(|fact| &fact.channel).chain(returns.iter().map(|fact| &fact.channel));
        let rates = orders.iter().flat_map(|fact| &fact.lines).filter_map(|line| line.tax_rate);
        let mut segment = Segment {
            header: Header::of(&orders, &returns, &said),
            words: [
                dictionary(payments),
                dictionary(channels),
                dictionary(returns.iter().map(|fact| &fact.reason)),
                dictionary(feedback.iter().map(|fact| &fact.category)),
            ],
            rates: rates.collect::<BTreeSet<_>>().into_iter().collect(),
            columns: std::array::from_fn(|_| Vec::new()),
        };
        orders.iter().for_each(|fact| segment.push_order(fact));
        returns.iter().for_each(|fact| segment.push_return(fact));
        feedback.iter().for_each(|fact| segment.push_feedback(fact));
        segment
    }

    /// All orders, by number.
    pub fn order_facts(&self) -> Vec<OrderFact> {
        let mut line = 0;
        let order = |row| {
            let first = line;
            line += self.at(Column::OrderLines, row) as usize;
            self.order_at(row, first)
        };
        (0..self.header.counts.orders).map(order).collect()
    }

    /// All returns, by number.
    pub fn return_facts(&self) -> Vec<ReturnFact> {
        (0..self.header.counts.returns).map(|row| self.return_at(row)).collect()
    }

    /// All feedback, by number.
    pub fn feedback_facts(&self) -> Vec<FeedbackFact> {
        (0..self.header.counts.feedback).map(|row| self.feedback_at(row)).collect()
    }

    /// The order of that number.
    pub fn order(&self, no: OrderNo) -> Option<OrderFact> {
        let row = self.row_of(Column::OrderNo, no.0)?;
        let first = self.column(Column::OrderLines)[..row].iter().sum::<i64>();
        Some(self.order_at(row, first as usize))
    }

    /// The return of that number.
    pub fn return_fact(&self, no: ReturnNo) -> Option<ReturnFact> {
        self.row_of(Column::ReturnNo, no.0).map(|row| self.return_at(row))
    }

    /// The feedback of that number.
    pub fn feedback_fact(&self, no: FeedbackNo) -> Option<FeedbackFact> {
        self.row_of(Column::FeedbackNo, no.0).map(|row| self.feedback_at(row))
    }

    /// The segment without the facts of the given numbers and with the given facts; one that is there already is replaced.
    pub fn edit(
        &self,
        gone: &Gone,
        orders: &[OrderFact],
        returns: &[ReturnFact],
        feedback: &[FeedbackFact],
    ) -> Segment {
        let orders = edited(self.order_facts(), &gone.orders, orders, |fact| fact.no);
        let returns = edited(self.return_facts(), &gone.returns, returns, |fact| fact.no);
        let feedback = edited(self.feedback_facts(), &gone.feedback, feedback, |fact| fact.no);
        Segment::build(&orders, &returns, &feedback)
    }

    fn push_order(&mut self, fact: &OrderFact) {
        let payment = self.code(Words::Payment, &fact.payment);
        let channel = self.code(Words::Channel, &fact.channel);
        let [ms, offset, precision] = stamp_values(fact.placed);
        self.push(&[
            (Column::OrderNo, fact.no.0 as i64),
            (Column::PlacedMs, ms),
            (Column::PlacedOffset, offset),
            (Column::PlacedPrecision, precision),
            (Column::OrderStore, i64::from(fact.store.0)),
            (Column::OrderRegister, fact.register.map_or(0, |id| i64::from(id.0))),
            (Column::OrderCashier, fact.cashier.map_or(0, |id| i64::from(id.0))),
            (Column::OrderCustomer, fact.customer.map_or(0, |id| i64::from(id.0))),
            (Column::OrderStatus, i64::from(status_code(fact.status))),
            (Column::OrderPayment, payment),
            (Column::OrderChannel, channel),
            (Column::OrderLines, fact.lines.len() as i64),
        ]);
        let mut sums = [0i64; 6];
        for line in &fact.lines {
            let rest = line.gross.0.wrapping_sub(line.sales.0).wrapping_sub(line.discounts.0);
            let values = [line.units.0, rest, line.discounts.0, line.sales.0, line.tax.0, line.cost.0];
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum = sum.wrapping_add(value);
            }
            for (column, value) in LINE_VALUES.into_iter().zip(values) {
                self.columns[column as usize].push(value);
            }
            let rate = line.tax_rate.and_then(|rate| self.rates.binary_search(&rate).ok());
            self.push(&[
                (Column::Product, i64::from(line.product.0)),
                (Column::TaxRate, rate.map_or(0, |at| at as i64 + 1)),
            ]);
        }
        if self.header.counts.sums_fit() {
            for (column, value) in ORDER_SUMS.into_iter().zip(sums) {
                self.columns[column as usize].push(value);
            }
        }
    }

    fn push_return(&mut self, fact: &ReturnFact) {
        let payment = self.code(Words::Payment, &fact.payment);
        let channel = self.code(Words::Channel, &fact.channel);
        let reason = self.code(Words::Reason, &fact.reason);
        let [ms, offset, precision] = stamp_values(fact.at);
        self.push(&[
            (Column::ReturnNo, fact.no.0 as i64),
            (Column::ReturnMs, ms),
            (Column::ReturnOffset, offset),
            (Column::ReturnPrecision, precision),
            (Column::ReturnStore, i64::from(fact.store.0)),
            (Column::ReturnOrder, fact.order.map_or(0, |no| no.0 as i64)),
            (Column::ReturnRegister, fact.register.map_or(0, |id| i64::from(id.0))),
            (Column::ReturnCashier, fact.cashier.map_or(0, |id| i64::from(id.0))),
            (Column::ReturnCustomer, fact.customer.map_or(0, |id| i64::from(id.0))),
            (Column::ReturnStatus, fact.status.map_or(0, |status| 1 + i64::from(status_code(status)))),
            (Column::ReturnPayment, payment),
            (Column::ReturnChannel, channel),
            (Column::ReturnProduct, fact.product.map_or(0, |id| i64::from(id.0))),
            (Column::Reason, reason),
            (Column::ReturnUnits, fact.units.0),
            (Column::Refund, fact.refund.0),
            (Column::RefundNet, fact.net.0),
        ]);
    }

    fn push_feedback(&mut self, fact: &FeedbackFact) {
        let category = self.code(Words::Category, &fact.category);
        let [ms, offset, precision] = stamp_values(fact.at);
        self.push(&[
            (Column::FeedbackNo, fact.no.0 as i64),
            (Column::FeedbackMs, ms),
            (Column::FeedbackOffset, offset),
            (Column::FeedbackPrecision, precision),
            (Column::FeedbackCustomer, fact.customer.map_or(0, |id| i64::from(id.0))),
            (Column::FeedbackOrder, fact.order.map_or(0, |no| no.0 as i64)),
            (Column::Rating, fact.rating.map_or(0, |rating| 1 + i64::from(rating))),
            (Column::Category, category),
            (Column::FeedbackState, i64::from(fact.state == FeedbackState::Resolved)),
        ]);
    }

    fn push(&mut self, values: &[(Column, i64)]) {
        for (column, value) in values {
            self.columns[*column as usize].push(*value);
        }
    }

    fn code(&self, words: Words, text: &Option<Text>) -> i64 {
        let found = text.as_ref().and_then(|text| self.words(words).binary_search(text).ok());
        found.map_or(0, |at| at as i64 + 1)
    }

    fn row_of(&self, numbers: Column, number: u64) -> Option<usize> {
        self.column(numbers).binary_search_by_key(&number, |stored| *stored as u64).ok()
    }

    fn order_at(&self, row: usize, first_line: usize) -> OrderFact {
        let lines = self.at(Column::OrderLines, row) as usize;
        OrderFact {
            no: OrderNo(self.at(Column::OrderNo, row) as u64),
            placed: self.stamp([Column::PlacedMs, Column::PlacedOffset, Column::PlacedPrecision], row),
            store: StoreId(self.at(Column::OrderStore, row) as u16),
            register: some(self.at(Column::OrderRegister, row)).map(|id| RegisterId(id as u16)),
            cashier: some(self.at(Column::OrderCashier, row)).map(|id| StaffId(id as u16)),
            customer: some(self.at(Column::OrderCustomer, row)).map(|id| CustomerId(id as u32)),
            status: status_of(self.at(Column::OrderStatus, row) as u8).unwrap_or(crate::domain::Status::Cancelled),
            payment: self.word(Words::Payment, Column::OrderPayment, row),
            channel: self.word(Words::Channel, Column::OrderChannel, row),
            lines: (first_line..first_line + lines).map(|line| self.line_at(line)).collect(),
        }
    }

    fn line_at(&self, row: usize) -> LineFact {
        let (sales, discounts) = (self.at(Column::Sales, row), self.at(Column::Discounts, row));
        let rate = some(self.at(Column::TaxRate, row));
        LineFact {
            product: ProductId(self.at(Column::Product, row) as u32),
            units: Quantity(self.at(Column::Units, row)),
            gross: Money(self.at(Column::Rest, row).wrapping_add(sales).wrapping_add(discounts)),
            discounts: Money(discounts),
            sales: Money(sales),
            tax: Money(self.at(Column::Tax, row)),
            cost: Money(self.at(Column::Cost, row)),
            tax_rate: rate.and_then(|code| self.rates.get(code as usize - 1).copied()),
        }
    }

    fn return_at(&self, row: usize) -> ReturnFact {
        ReturnFact {
            no: ReturnNo(self.at(Column::ReturnNo, row) as u64),
            at: self.stamp([Column::ReturnMs, Column::ReturnOffset, Column::ReturnPrecision], row),
            store: StoreId(self.at(Column::ReturnStore, row) as u16),
            order: some(self.at(Column::ReturnOrder, row)).map(|no| OrderNo(no as u64)),
            register: some(self.at(Column::ReturnRegister, row)).map(|id| RegisterId(id as u16)),
            cashier: some(self.at(Column::ReturnCashier, row)).map(|id| StaffId(id as u16)),
            customer: some(self.at(Column::ReturnCustomer, row)).map(|id| CustomerId(id as u32)),
            status: some(self.at(Column::ReturnStatus, row)).and_then(|code| status_of((code - 1) as u8)),
            payment: self.word(Words::Payment, Column::ReturnPayment, row),
            channel: self.word(Words::Channel, Column::ReturnChannel, row),
            product: some(self.at(Column::ReturnProduct, row)).map(|id| ProductId(id as u32)),
            reason: self.word(Words::Reason, Column::Reason, row),
            units: Quantity(self.at(Column::ReturnUnits, row)),
            refund: Money(self.at(Column::Refund, row)),
            net: Money(self.at(Column::RefundNet, row)),
        }
    }

    fn feedback_at(&self, row: usize) -> FeedbackFact {
        let resolved = self.at(Column::FeedbackState, row) != 0;
        FeedbackFact {
            no: FeedbackNo(self.at(Column::FeedbackNo, row) as u64),
            at: self.stamp([Column::FeedbackMs, Column::FeedbackOffset, Column::FeedbackPrecision], row),
            customer: some(self.at(Column::FeedbackCustomer, row)).map(|id| CustomerId(id as u32)),
            order: some(self.at(Column::FeedbackOrder, row)).map(|no| OrderNo(no as u64)),
            rating: some(self.at(Column::Rating, row)).map(|code| (code - 1) as u8),
            category: self.word(Words::Category, Column::Category, row),
            state: if resolved { FeedbackState::Resolved } else { FeedbackState::Open },
        }
    }

    fn at(&self, column: Column, row: usize) -> i64 {
        self.columns[column as usize].get(row).copied().unwrap_or(0)
    }

    fn word(&self, words: Words, column: Column, row: usize) -> Option<Text> {
        let code = some(self.at(column, row))?;
        self.words(words).get(code as usize - 1).cloned()
    }

    fn stamp(&self, [ms, offset, precision]: [Column; 3], row: usize) -> Option<Stamp> {
        let precision = match self.at(precision, row) {
            1 => Precision::Day,
            2 => Precision::Second,
            3 => Precision::Milli,
            _ => return None,
        };
        Some(Stamp { unix_ms: self.at(ms, row), offset_s: self.at(offset, row) as i32, precision })
    }
}

/// The numbers of facts that leave a segment.
#[derive(Debug, Clone, Default)]
pub struct Gone {
    /// Orders.
    pub orders: HashSet<OrderNo>,
    /// Returns.
    pub returns: HashSet<ReturnNo>,
    /// Feedback.
    pub feedback: HashSet<FeedbackNo>,
}

/// The measures of a line, as `push_order` lists them.
const LINE_VALUES: [Column; 6] =
    [Column::Units, Column::Rest, Column::Discounts, Column::Sales, Column::Tax, Column::Cost];

/// Their sums over an order.
const ORDER_SUMS: [Column; 6] = [
    Column::OrderUnits,
    Column::OrderRest,
    Column::OrderDiscounts,
    Column::OrderSales,
    Column::OrderTax,
    Column::OrderCost,
];

fn some(code: i64) -> Option<i64> {
    (code != 0).then_some(code)
}

fn stamp_values(stamp: Option<Stamp>) -> [i64; 3] {
    let Some(stamp) = stamp else { return [0, 0, 0] };
    let precision = match stamp.precision {
        Precision::Day => 1,
        Precision::Second => 2,
        Precision::Milli => 3,
    };
    [stamp.unix_ms, i64::from(stamp.offset_s), precision]
}

fn sorted<F, N: Ord>(facts: &[F], number: impl Fn(&F) -> N) -> Vec<&F> {
    let mut sorted: Vec<&F> = facts.iter().collect();
    sorted.sort_by_key(|fact| number(fact));
    sorted
}

fn dictionary<'a>(texts: impl Iterator<Item = &'a Option<Text>>) -> Vec<Text> {
    texts.flatten().collect::<BTreeSet<_>>().into_iter().cloned().collect()
}

fn edited<F: Clone, N: Eq + std::hash::Hash>(
    old: Vec<F>,
    gone: &HashSet<N>,
    added: &[F],
    number: impl Fn(&F) -> N,
) -> Vec<F> {
    let replaced: HashSet<N> = added.iter().map(&number).collect();
    let stays = |fact: &F| !gone.contains(&number(fact)) && !replaced.contains(&number(fact));
    old.into_iter().filter(stays).chain(added.iter().cloned()).collect()
}
