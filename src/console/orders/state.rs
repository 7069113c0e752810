//! What the Orders screen holds: the orders in sight and where they stand among all.

use super::filter::Filter;
use crate::console::field::Field;
use crate::console::screen::{Effect, Now};
use crate::domain::Order;
use crate::store::Fault;
use crate::unit::OrderNo;
use std::collections::BTreeSet;
use std::ops::Range;

/// Orders looked at for one key press at most, however few match.
const LOOKED_AT: usize = 4_000;
/// Orders read at a time while filtering.
const WINDOW: usize = 256;

/// An order in sight, with its customer's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub order: Order,
    pub customer: String,
}

/// The screen.
#[derive(Debug, Default)]
pub struct Orders {
    pub(super) rows: Vec<Row>,
    pub(super) marked: usize,
    pub(super) page: Vec<String>,
    pub(super) field: Field,
    pub(super) filtering: bool,
    pub(super) filter: Filter,
    pub(super) fit: usize,
    pub(super) cut_short: bool,
    pub(super) minor: u8,
    pub(super) oldest_first: bool,
    /// Marked with Space: they are what is copied and exported.
    pub(super) picked: BTreeSet<OrderNo>,
    /// What the open question or form is about: the list may move underneath.
    pub(super) asked: Option<OrderNo>,
}

impl Orders {
    pub(super) fn marked_order(&self) -> Option<&Order> {
        self.rows.get(self.marked).map(|row| &row.order)
    }

    /// The order a question or form was opened for, as it is now.
    pub(super) fn asked_order(&self, now: &Now<'_>) -> Option<Order> {
        self.asked.and_then(|no| now.shop.order(no).ok().flatten())
    }

    /// Loads the orders in sight again, around the marked one.
    pub(super) fn reload(&mut self, now: &Now<'_>) {
        self.minor = now.minor();
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        // At the top of the list new orders come into sight; further down it stands still.
        let first = match self.rows.first() {
            Some(row) if self.oldest_first || self.marked > 0 || !self.is_newest(now, row.order.no) => {
                Some(row.order.no)
            }
            _ => None,
        };
        let marked = self.marked_order().map(|order| order.no);
        self.rows = self.from(now, first);
        let place = marked.and_then(|no| self.rows.iter().position(|row| row.order.no == no));
        self.marked = place.unwrap_or(self.marked).min(self.rows.len().saturating_sub(1));
        self.show(now);
    }

    fn is_newest(&self, now: &Now<'_>, no: OrderNo) -> bool {
        self.marked == 0 && now.shop.last_order().is_ok_and(|last| last.0 <= no.0 + self.fit as u64)
    }

    /// As many orders as fit, in the list's order, beginning with this one or with the first.
    fn from(&mut self, now: &Now<'_>, first: Option<OrderNo>) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, first.map_or(0, |no| no.0.saturating_sub(1)), self.fit),
            false => self.older(now, first.map_or(u64::MAX, |no| no.0.saturating_add(1)), self.fit),
        }
    }

    /// At most `want` orders further down the list than this one, or the first of all; the nearest first.
    fn onward(&mut self, now: &Now<'_>, from: Option<OrderNo>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, from.map_or(0, |no| no.0), want),
            false => self.older(now, from.map_or(u64::MAX, |no| no.0), want),
        }
    }

    /// At most `want` orders further up the list than this one, or the last of all; the nearest first.
    fn backward(&mut self, now: &Now<'_>, from: Option<OrderNo>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.older(now, from.map_or(u64::MAX, |no| no.0), want),
            false => self.newer(now, from.map_or(0, |no| no.0), want),
        }
    }

    /// At most `want` matching orders below the number `end`, newest first.
    fn older(&mut self, now: &Now<'_>, end: u64, want: usize) -> Vec<Row> {
        let mut found = Vec::new();
        let (mut end, mut looked_at) = (end, 0);
        self.cut_short = false;
        while found.len() < want && end > 1 {
            let size = if self.filter.is_empty() { want - found.len() } else { WINDOW };
            let Ok(orders) = self.window(now, 1..end, true, size) else { break };
            let Some(last) = orders.last() else { break };
            end = last.no.0;
            looked_at += orders.len();
            for order in orders {
                self.push_if_taken(now, order, &mut found, want);
            }
            if looked_at >= LOOKED_AT && found.len() < want {
                self.cut_short = true;
                break;
            }
        }
        found
    }

    /// At most `want` matching orders above the number `start`, oldest first.
    fn newer(&mut self, now: &Now<'_>, start: u64, want: usize) -> Vec<Row> {
        let mut found = Vec::new();
        let (mut start, mut looked_at) = (start, 0);
        self.cut_short = false;
        while found.len() < want {
            let size = if self.filter.is_empty() { want - found.len() } else { WINDOW };
            let Ok(orders) = self.window(now, start + 1..u64::MAX, false, size) else { break };
            let Some(last) = orders.last() else { break };
            start = last.no.0;
            looked_at += orders.len();
            for order in orders {
                self.push_if_taken(now, order, &mut found, want);
            }
            if looked_at >= LOOKED_AT && found.len() < want {
                self.cut_short = true;
                break;
            }
        }
        found
    }

    /// Orders of a range of numbers: all there are, or those that the filter names.
    fn window(&self, now: &Now<'_>, range: Range<u64>, backwards: bool, size: usize) -> Result<Vec<Order>, Fault> {
        let Some(numbers) = self.filter.numbers() else { return now.shop.window(range, backwards, size) };
        let within = numbers.iter().copied().filter(|no| range.contains(&no.0));
        let wanted: Vec<OrderNo> = match backwards {
            true => within.rev().take(size).collect(),
            false => within.take(size).collect(),
        };
        let orders: Result<Vec<Option<Order>>, Fault> = wanted.into_iter().map(|no| now.shop.order(no)).collect();
        Ok(orders?.into_iter().flatten().collect())
    }

    /// Shows these orders and no others.
    pub(super) fn only(&mut self, said: String, orders: Vec<OrderNo>, now: &Now<'_>) {
        self.field.reset();
        self.filtering = false;
        self.filter = Filter::only(said, orders);
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        self.show_first(now);
    }

    fn push_if_taken(&self, now: &Now<'_>, order: Order, found: &mut Vec<Row>, want: usize) {
        if found.len() == want {
            return;
        }
        let customer = customer(now, &order);
        if self.filter.takes(&order, &customer) {
            found.push(Row { order, customer });
        }
    }

    /// Moves the mark, and the window with it where it leaves the sight. The page beside the list follows once the mark
    /// rests: nobody reads it on the way, and it is longer than all the rest of a step.
    pub(super) fn step(&mut self, by: i64, now: &Now<'_>) -> Vec<Effect> {
        let target = self.marked as i64 + by;
        if target < 0 || target >= self.rows.len() as i64 {
            // The terminal moves whole rows, and would move the page with them.
            self.page.clear();
        }
        if target < 0 {
            let first = self.rows.first().map(|row| row.order.no);
            let fresh = self.backward(now, first, target.unsigned_abs() as usize);
            for row in fresh {
                self.rows.insert(0, row);
            }
            self.rows.truncate(self.fit);
            self.marked = 0;
        } else if target >= self.rows.len() as i64 {
            let want = target as usize + 1 - self.rows.len();
            let last = self.rows.last().map(|row| row.order.no);
            let mut fresh = self.onward(now, last, want);
            self.rows.append(&mut fresh);
            let over = self.rows.len().saturating_sub(self.fit);
            self.rows.drain(..over);
            self.marked = self.rows.len().saturating_sub(1);
        } else {
            self.marked = target as usize;
        }
        vec![Effect::Rest]
    }

    pub(super) fn show_first(&mut self, now: &Now<'_>) {
        self.rows = self.from(now, None);
        self.marked = 0;
        self.show(now);
    }

    pub(super) fn show_last(&mut self, now: &Now<'_>) {
        let mut rows = self.backward(now, None, self.fit);
        rows.reverse();
        self.rows = rows;
        self.marked = self.rows.len().saturating_sub(1);
        self.show(now);
    }

    /// The other way round; from the top to the other end, from further down to the same order.
    pub(super) fn turn_round(&mut self, now: &Now<'_>) {
        self.oldest_first = !self.oldest_first;
        let marked = self.marked_order().map(|order| order.no);
        self.rows = self.from(now, marked.filter(|_| self.marked > 0));
        self.marked = 0;
        self.show(now);
    }

    /// Marks the order under the bar, or takes the mark away, and goes on to the next.
    pub(super) fn pick(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(no) = self.marked_order().map(|order| order.no) else { return Vec::new() };
        if !self.picked.remove(&no) {
            self.picked.insert(no);
        }
        self.step(1, now)
    }

    /// What is copied and exported: the orders marked with Space, or else the ones given.
    pub(super) fn chosen(&self, now: &Now<'_>, otherwise: &[Row]) -> Vec<Row> {
        if self.picked.is_empty() {
            return otherwise.to_vec();
        }
        let order = |no: &OrderNo| now.shop.order(*no).ok().flatten();
        let row = |order: Order| Row { customer: customer(now, &order), order };
        self.picked.iter().rev().filter_map(order).map(row).collect()
    }

    /// Puts an order in sight and marks it.
    pub(super) fn go_to(&mut self, no: OrderNo, now: &Now<'_>) {
        self.filter = Filter::default();
        self.field.reset();
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        self.rows = self.from(now, Some(no));
        self.marked = 0;
        self.show(now);
    }

    /// Writes down the marked order for the page beside the list.
    pub(super) fn show(&mut self, now: &Now<'_>) {
        self.page = self.marked_order().map(|order| super::text::page(order, now)).unwrap_or_default();
    }
}

fn customer(now: &Now<'_>, order: &Order) -> String {
    let Some(id) = order.customer else { return String::new() };
    match now.shop.customer(id) {
        Ok(Some((customer, known))) => known.and_then(|known| known.name).unwrap_or(customer.ext).to_string(),
        _ => String::new(),
    }
}
