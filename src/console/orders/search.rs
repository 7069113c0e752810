//! Looking through orders for those that match, a stretch at a time: what was looked through once is not looked through again.

use super::state::{Orders, Row, customer};
use crate::console::screen::Now;
use crate::domain::Order;
use crate::store::Fault;
use crate::unit::OrderNo;
use std::ops::Range;

/// Orders looked at before the search pauses to let a key through.
const LOOKED_AT: usize = if cfg!(test) { 20 } else { 4_000 };
/// Orders read at a time while filtering.
const WINDOW: usize = if cfg!(test) { 10 } else { 256 };

/// Stretches looked through for a file at most.
const EXPORT_STRETCHES: usize = 50;

impl Orders {
    /// As many orders as fit, in the list's order, beginning with this one or with the first.
    pub(super) fn from(&mut self, now: &Now<'_>, first: Option<OrderNo>) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, first.map_or(0, |no| no.0.saturating_sub(1)), self.fit),
            false => self.older(now, first.map_or(u64::MAX, |no| no.0.saturating_add(1)), self.fit),
        }
    }

    /// At most `want` orders further down the list than this one, or the first of all; the nearest first.
    pub(super) fn onward(&mut self, now: &Now<'_>, from: Option<OrderNo>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, from.map_or(0, |no| no.0), want),
            false => self.older(now, from.map_or(u64::MAX, |no| no.0), want),
        }
    }

    /// At most `want` orders further up the list than this one, or the last of all; the nearest first.
    pub(super) fn backward(&mut self, now: &Now<'_>, from: Option<OrderNo>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.older(now, from.map_or(u64::MAX, |no| no.0), want),
            false => self.newer(now, from.map_or(0, |no| no.0), want),
        }
    }

    /// At most `want` matching orders below the number `end`, newest first.
    fn older(&mut self, now: &Now<'_>, end: u64, want: usize) -> Vec<Row> {
        let mut found: Vec<Row> = Vec::new();
        let mut at = self.search.below.filter(|(from, _)| *from == end).map_or(end, |(_, to)| to);
        let mut looked_at = 0;
        while found.len() < want && at > 1 && looked_at < LOOKED_AT {
            let size = if self.filter.is_empty() { want - found.len() } else { WINDOW };
            let Ok(orders) = self.window(now, 1..at, true, size) else { break };
            looked_at += orders.len().max(1);
            at = orders.last().map_or(1, |last| last.no.0);
            self.push_taken(now, orders, &mut found, want);
        }
        self.search.cut_short = found.len() < want && at > 1;
        if found.len() < want && !self.filter.is_empty() {
            self.search.below = Some((found.last().map_or(end, |row| row.order.no.0), at));
        }
        found
    }

    /// At most `want` matching orders above the number `start`, oldest first.
    pub(super) fn newer(&mut self, now: &Now<'_>, start: u64, want: usize) -> Vec<Row> {
        let mut found: Vec<Row> = Vec::new();
        let mut at = self.search.above.filter(|(from, _)| *from == start).map_or(start, |(_, to)| to);
        let (mut looked_at, mut all) = (0, false);
        while found.len() < want && !all && looked_at < LOOKED_AT {
            let size = if self.filter.is_empty() { want - found.len() } else { WINDOW };
            let Ok(orders) = self.window(now, at + 1..u64::MAX, false, size) else { break };
            looked_at += orders.len();
            all = orders.is_empty();
            at = orders.last().map_or(at, |last| last.no.0);
            self.push_taken(now, orders, &mut found, want);
        }
        self.search.cut_short = found.len() < want && !all;
        if found.len() < want && !self.filter.is_empty() {
            self.search.above = Some((found.last().map_or(start, |row| row.order.no.0), at));
        }
        found
    }

    /// At most `want` orders that match, from the top of the list; whether there may be more.
    pub(super) fn matching(&mut self, now: &Now<'_>, want: usize) -> (Vec<Row>, bool) {
        let kept = std::mem::take(&mut self.search);
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..EXPORT_STRETCHES {
            let last = rows.last().map(|row| row.order.no);
            let more = self.onward(now, last, want - rows.len());
            rows.extend(more);
            if !self.search.cut_short {
                break;
            }
        }
        let cut = rows.len() == want || self.search.cut_short;
        self.search = kept;
        (rows, cut)
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

    fn push_taken(&self, now: &Now<'_>, orders: Vec<Order>, found: &mut Vec<Row>, want: usize) {
        let room = want - found.len();
        found.extend(orders.into_iter().filter_map(|order| self.taken(now, order)).take(room));
    }

    /// The order as a row, if it matches.
    pub(super) fn taken(&self, now: &Now<'_>, order: Order) -> Option<Row> {
        let customer = customer(now, &order);
        self.filter.takes(&order, &customer).then_some(Row { order, customer })
    }
}
