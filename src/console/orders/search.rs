//! Looking through orders for those that match, a stretch at a time: what was looked through once is not looked through again.

use super::state::{Orders, Row, customer};
use crate::console::screen::Now;
use crate::domain::Order;
use crate::engine::Place;
use crate::store::Fault;

/// Orders looked at before the search pauses to let a key through.
const LOOKED_AT: usize = if cfg!(test) { 20 } else { 4_000 };
/// Orders read at a time while filtering.
const WINDOW: usize = if cfg!(test) { 10 } else { 256 };

/// Stretches looked through for a file at most.
const EXPORT_STRETCHES: usize = 50;

impl Orders {
    /// As many orders as fit, in the list's order, beginning with this one or with the first.
    pub(super) fn from(&mut self, now: &Now<'_>, first: Option<Place>) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, first.map_or(Place::FIRST, Place::before), self.fit),
            false => self.older(now, first.map_or(Place::LAST, Place::after), self.fit),
        }
    }

    /// At most `want` orders further down the list than this one, or the first of all; the nearest first.
    pub(super) fn onward(&mut self, now: &Now<'_>, from: Option<Place>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.newer(now, from.unwrap_or(Place::FIRST), want),
            false => self.older(now, from.unwrap_or(Place::LAST), want),
        }
    }

    /// At most `want` orders further up the list than this one, or the last of all; the nearest first.
    pub(super) fn backward(&mut self, now: &Now<'_>, from: Option<Place>, want: usize) -> Vec<Row> {
        match self.oldest_first {
            true => self.older(now, from.unwrap_or(Place::LAST), want),
            false => self.newer(now, from.unwrap_or(Place::FIRST), want),
        }
    }

    /// At most `want` matching orders before `end`, newest first.
    fn older(&mut self, now: &Now<'_>, end: Place, want: usize) -> Vec<Row> {
        let from = self.search.before.filter(|(from, _)| *from == end).map_or(end, |(_, to)| to);
        let (found, at) = self.look_through(now, from, true, want);
        if found.len() < want && !self.filter.is_empty() {
            self.search.before = Some((found.last().map_or(end, Row::place), at));
        }
        found
    }

    /// At most `want` matching orders after `start`, oldest first.
    pub(super) fn newer(&mut self, now: &Now<'_>, start: Place, want: usize) -> Vec<Row> {
        let from = self.search.after.filter(|(from, _)| *from == start).map_or(start, |(_, to)| to);
        let (found, at) = self.look_through(now, from, false, want);
        if found.len() < want && !self.filter.is_empty() {
            self.search.after = Some((found.last().map_or(start, Row::place), at));
        }
        found
    }

    /// At most `want` matching orders on one side of a place, and how far was looked.
    fn look_through(&mut self, now: &Now<'_>, from: Place, backwards: bool, want: usize) -> (Vec<Row>, Place) {
        let (mut found, mut at): (Vec<Row>, Place) = (Vec::new(), from);
        let (mut looked_at, mut all) = (0, false);
        while found.len() < want && !all && looked_at < LOOKED_AT {
            let size = if self.filter.is_empty() { want - found.len() } else { WINDOW };
            let Ok(places) = self.window(now, at, backwards, size) else { break };
            let Ok(orders) = now.shop.orders(places.iter().map(|place| place.no)) else { break };
            looked_at += places.len();
            all = places.len() < size;
            at = places.last().copied().unwrap_or(at);
            self.push_taken(now, orders, &mut found, want);
        }
        self.search.cut_short = found.len() < want && !all;
        (found, at)
    }

    /// At most `want` orders that match, from the top of the list; whether there may be more.
    pub(super) fn matching(&mut self, now: &Now<'_>, want: usize) -> (Vec<Row>, bool) {
        let kept = std::mem::take(&mut self.search);
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..EXPORT_STRETCHES {
            let last = rows.last().map(Row::place);
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

    /// The places next to one: of all orders, or of those that the filter names.
    fn window(&mut self, now: &Now<'_>, at: Place, backwards: bool, size: usize) -> Result<Vec<Place>, Fault> {
        if let Some(places) = self.filter.places() {
            return Ok(match backwards {
                true => places.iter().rev().filter(|place| **place < at).take(size).copied().collect(),
                false => places.iter().filter(|place| **place > at).take(size).copied().collect(),
            });
        }
        let days = self.filter.days();
        let places = match backwards {
            true => self.timeline.earlier(now.shop, at.min(Place::start_of(days.end)), size)?,
            false => self.timeline.later(now.shop, at.max(Place::start_of(days.start)), size)?,
        };
        Ok(places.into_iter().take_while(|place| days.contains(&place.day)).collect())
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
