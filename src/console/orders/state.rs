//! What the Orders screen holds: the orders in sight and where they stand among all.

use super::filter::Filter;
use crate::console::field::Field;
use crate::console::screen::{Effect, Now};
use crate::domain::Order;
use crate::engine::{Place, Timeline};
use crate::unit::{OrderNo, ReturnNo};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// An order in sight, with its customer's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub order: Order,
    pub customer: String,
}

/// How far the orders have been looked through.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Search {
    /// Before the first place, back to the second, nothing matches.
    pub before: Option<(Place, Place)>,
    /// After the first place, up to the second, nothing matches.
    pub after: Option<(Place, Place)>,
    /// Whether the last search paused before it had enough.
    pub cut_short: bool,
    /// Whether it goes on at the top of what is in sight.
    pub upwards: bool,
    /// The newest order that has been looked at.
    pub newest: Option<Place>,
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
    pub(super) search: Search,
    /// Where they all stand, by time.
    pub(super) timeline: Timeline,
    pub(super) minor: u8,
    pub(super) oldest_first: bool,
    /// Marked with Space: they are what is copied and exported.
    pub(super) picked: BTreeSet<OrderNo>,
    /// What the open question or form is about: the list may move underneath.
    pub(super) asked: Option<OrderNo>,
    /// What has just come back, whose slip is offered.
    pub(super) slip: Option<ReturnNo>,
}

impl Row {
    pub(super) fn place(&self) -> Place {
        Place::of(&self.order)
    }
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
        let marked = self.marked_order().map(|order| order.no);
        if self.filter.is_empty() {
            // At the top of the list new orders come into sight; further down it stands still.
            let first = self.rows.first().map(Row::place);
            let stands = |orders: &mut Orders, place| orders.oldest_first || !orders.is_newest(now, place);
            let first = first.filter(|place| stands(self, *place));
            self.rows = self.from(now, first);
        } else {
            self.reload_matches(now);
        }
        let place = marked.and_then(|no| self.rows.iter().position(|row| row.order.no == no));
        self.marked = place.unwrap_or(self.marked).min(self.rows.len().saturating_sub(1));
        self.show(now);
    }

    /// Matches lie far apart, and are not looked for again: those in sight are read anew, and new ones come on top.
    fn reload_matches(&mut self, now: &Now<'_>) {
        let order = |row: &Row| now.shop.order(row.order.no).ok().flatten();
        let kept: Vec<Order> = self.rows.iter().filter_map(order).collect();
        self.rows = kept.into_iter().filter_map(|order| self.taken(now, order)).collect();
        if !self.oldest_first && self.marked == 0 {
            let searching = self.search.cut_short;
            let newest = self.rows.first().map(Row::place).max(self.search.newest);
            for row in self.newer(now, newest.unwrap_or(Place::FIRST), self.fit) {
                self.rows.insert(0, row);
            }
            self.search.cut_short = searching;
            self.search.newest = self.newest(now);
            self.rows.truncate(self.fit);
        }
    }

    /// Whether it stands at the top of the list, or did before those that have come since.
    fn is_newest(&mut self, now: &Now<'_>, place: Place) -> bool {
        let mut newer = || self.timeline.later(now.shop, place, self.fit + 1);
        self.marked == 0 && newer().is_ok_and(|newer| newer.len() <= self.fit)
    }

    fn newest(&mut self, now: &Now<'_>) -> Option<Place> {
        self.timeline.earlier(now.shop, Place::LAST, 1).ok()?.first().copied()
    }

    /// Shows these orders and no others.
    pub(super) fn only(&mut self, said: String, orders: Vec<OrderNo>, now: &Now<'_>) {
        self.field.reset();
        self.filtering = false;
        let orders = now.shop.orders(orders.into_iter()).unwrap_or_default();
        self.filter = Filter::only(said, orders.iter().map(Place::of).collect());
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        self.show_first(now);
    }

    /// Moves the mark, and the window with it where it leaves the sight. The page beside the list follows once the mark
    /// rests: nobody reads it on the way, and it is longer than all the rest of a step.
    pub(super) fn step(&mut self, by: i64, now: &Now<'_>) -> Vec<Effect> {
        let target = self.marked as i64 + by;
        if target < 0 || target >= self.rows.len() as i64 {
            // The terminal moves whole rows, and would move the page with them.
            self.page.clear();
        }
        self.search.upwards = target < 0;
        if target < 0 {
            let first = self.rows.first().map(Row::place);
            let fresh = self.backward(now, first, target.unsigned_abs() as usize);
            for row in fresh {
                self.rows.insert(0, row);
            }
            self.rows.truncate(self.fit);
            self.marked = 0;
        } else if target >= self.rows.len() as i64 {
            let want = target as usize + 1 - self.rows.len();
            let last = self.rows.last().map(Row::place);
            let mut fresh = self.onward(now, last, want);
            self.rows.append(&mut fresh);
            let over = self.rows.len().saturating_sub(self.fit);
            self.rows.drain(..over);
            self.marked = self.rows.len().saturating_sub(1);
        } else {
            self.marked = target as usize;
        }
        vec![if self.is_searching() { Effect::GoOn } else { Effect::Rest }]
    }

    pub(super) fn show_first(&mut self, now: &Now<'_>) {
        self.search = Search { newest: self.newest(now), ..Search::default() };
        self.rows = self.from(now, None);
        self.marked = 0;
        self.show(now);
    }

    pub(super) fn show_last(&mut self, now: &Now<'_>) {
        self.search = Search { upwards: true, ..self.search };
        let mut rows = self.backward(now, None, self.fit);
        rows.reverse();
        self.rows = rows;
        self.marked = self.rows.len().saturating_sub(1);
        self.show(now);
    }

    /// Whether rows are still looked for that would be in sight.
    pub(super) fn is_searching(&self) -> bool {
        self.search.cut_short && self.rows.len() < self.fit
    }

    /// Goes on looking for what would be in sight.
    pub(super) fn search_on(&mut self, now: &Now<'_>) {
        let want = self.fit - self.rows.len();
        if self.search.upwards {
            let first = self.rows.first().map(Row::place);
            for row in self.backward(now, first, want) {
                self.rows.insert(0, row);
                self.marked = self.rows.len() - 1;
            }
        } else {
            let last = self.rows.last().map(Row::place);
            let fresh = self.onward(now, last, want);
            self.rows.extend(fresh);
        }
    }

    /// The other way round; from the top to the other end, from further down to the same order.
    pub(super) fn turn_round(&mut self, now: &Now<'_>) {
        self.oldest_first = !self.oldest_first;
        let marked = self.marked_order().map(Place::of);
        self.search = Search { newest: self.search.newest, ..Search::default() };
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
        let mut orders = now.shop.orders(self.picked.iter().copied()).unwrap_or_default();
        orders.sort_by_key(|order| Reverse(Place::of(order)));
        orders.into_iter().map(|order| Row { customer: customer(now, &order), order }).collect()
    }

    /// Puts an order in sight and marks it.
    pub(super) fn go_to(&mut self, no: OrderNo, now: &Now<'_>) {
        self.filter = Filter::default();
        self.search = Search::default();
        self.field.reset();
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        let order = now.shop.order(no).ok().flatten();
        self.rows = self.from(now, order.as_ref().map(Place::of));
        self.marked = 0;
        self.show(now);
    }

    /// Writes down the marked order for the page beside the list.
    pub(super) fn show(&mut self, now: &Now<'_>) {
        self.page = self.marked_order().map(|order| super::text::page(order, now)).unwrap_or_default();
    }
}

pub(super) fn customer(now: &Now<'_>, order: &Order) -> String {
    let Some(id) = order.customer else { return String::new() };
    match now.shop.customer(id) {
        Ok(Some((customer, known))) => known.and_then(|known| known.name).unwrap_or(customer.ext).to_string(),
        _ => String::new(),
    }
}
