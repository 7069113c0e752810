//! All orders in the order of the time they were placed at, a stretch at a time, whatever order files brought them in and
//! however many there are: days come from the segments' heads, within a day two columns are read and sorted, and what is not
//! sealed yet lies on top. Never reads an order itself.

use super::snapshot::Snapshot;
use crate::domain::Order;
use crate::domain::fact::Fact;
use crate::store::segment::{Column, View};
use crate::store::shelf::{self, StoredSegment};
use crate::store::{Fault, seal};
use crate::unit::{Day, OrderNo, Seq};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Days that are remembered at most; those in sight are a few.
const REMEMBERED: usize = 64;

/// Where an order stands among all: by its business day, its instant, its number. One without a date stands before all days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The day it counts from, at its own place.
    pub day: Day,
    /// Unix milliseconds; 0 without a date.
    pub at_ms: i64,
    /// Its number.
    pub no: OrderNo,
}

impl Place {
    /// Before every order.
    pub const FIRST: Place = Place { day: Day(i32::MIN), at_ms: i64::MIN, no: OrderNo(0) };
    /// After every order.
    pub const LAST: Place = Place { day: Day(i32::MAX), at_ms: i64::MAX, no: OrderNo(u64::MAX) };

    /// Of an order.
    pub fn of(order: &Order) -> Place {
        let at_ms = order.placed.map_or(0, |placed| placed.unix_ms);
        Place { day: seal::day_of(order.placed), at_ms, no: order.no }
    }

    /// Before every order of a day, and after those of the days before.
    pub fn start_of(day: Day) -> Place {
        Place { day, at_ms: i64::MIN, no: OrderNo(0) }
    }

    /// Right before it; no order stands between the two.
    pub fn before(self) -> Place {
        Place { no: OrderNo(self.no.0.saturating_sub(1)), ..self }
    }

    /// Right after it; no order stands between the two.
    pub fn after(self) -> Place {
        Place { no: OrderNo(self.no.0.saturating_add(1)), ..self }
    }
}

/// Instant and number of a day's orders, ascending.
type Orders = Vec<(i64, OrderNo)>;

/// The days that were looked at.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Of each day what is sealed. Orders never leave their day: as many of them are the same.
    sealed: BTreeMap<Day, Arc<Orders>>,
    /// What is not sealed, as of that sequence and watermark.
    fresh: BTreeMap<Day, Orders>,
    as_of: Option<(Seq, Seq)>,
}

impl Timeline {
    /// At most `limit` orders before `end`, the latest first.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn earlier(&mut self, shop: &Snapshot, end: Place, limit: usize) -> Result<Vec<Place>, Fault> {
        self.freshen(shop);
        let mut found = Vec::new();
        let mut next = Some(end.day);
        while let Some(day) = next.filter(|_| found.len() < limit) {
            let orders = self.day(shop, day)?;
            let room = limit - found.len();
            let place = |(at_ms, no): &(i64, OrderNo)| Place { day, at_ms: *at_ms, no: *no };
            let upto = orders.partition_point(|order| place(order) < end);
            found.extend(orders[..upto].iter().rev().map(place).take(room));
            let fresh = self.fresh.range(..day).next_back().map(|(day, _)| *day);
            next = fresh.max(shop.days_before(day, 1)?.first().copied());
        }
        Ok(found)
    }

    /// At most `limit` orders after `start`, the earliest first.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn later(&mut self, shop: &Snapshot, start: Place, limit: usize) -> Result<Vec<Place>, Fault> {
        self.freshen(shop);
        let mut found = Vec::new();
        let mut next = Some(start.day);
        while let Some(day) = next.filter(|_| found.len() < limit) {
            let orders = self.day(shop, day)?;
            let room = limit - found.len();
            let place = |(at_ms, no): &(i64, OrderNo)| Place { day, at_ms: *at_ms, no: *no };
            let from = orders.partition_point(|order| place(order) <= start);
            found.extend(orders[from..].iter().map(place).take(room));
            let after = Day(day.0.saturating_add(1));
            let fresh = self.fresh.range(after..).next().filter(|(next, _)| **next > day).map(|(day, _)| *day);
            next = [fresh, shelf::day_after(shop.txn(), day)?].into_iter().flatten().min();
        }
        Ok(found)
    }

    fn freshen(&mut self, shop: &Snapshot) {
        let as_of = Some((shop.seq(), shop.watermark()));
        if self.as_of == as_of {
            return;
        }
        (self.as_of, self.fresh) = (as_of, BTreeMap::new());
        for signed in shop.tail().unsealed() {
            if let (Fact::Order(fact), true) = (&signed.fact, signed.plus) {
                let at_ms = fact.placed.map_or(0, |placed| placed.unix_ms);
                self.fresh.entry(seal::day_of(fact.placed)).or_default().push((at_ms, fact.no));
            }
        }
    }

    /// All orders of a day.
    fn day(&mut self, shop: &Snapshot, day: Day) -> Result<Arc<Orders>, Fault> {
        let parts = shop.segments(day, Day(day.0.saturating_add(1)))?;
        let views: Vec<(&StoredSegment, View<'_>)> = parts.iter().map(opened).collect::<Result<_, _>>()?;
        let count: usize = views.iter().map(|(_, view)| view.counts().orders).sum();
        if self.sealed.get(&day).map_or(0, |orders| orders.len()) != count {
            if self.sealed.len() >= REMEMBERED {
                self.sealed.clear();
            }
            self.sealed.insert(day, Arc::new(read(&views)?));
        }
        let sealed = self.sealed.get(&day).cloned().unwrap_or_default();
        let Some(fresh) = self.fresh.get(&day) else { return Ok(sealed) };
        let mut orders = Orders::clone(&sealed);
        orders.extend(fresh);
        orders.sort_unstable();
        // A sealed order that was touched since is in both.
        orders.dedup();
        Ok(Arc::new(orders))
    }
}

fn opened(part: &StoredSegment) -> Result<(&StoredSegment, View<'_>), Fault> {
    View::open(part).map(|view| (part, view)).map_err(|why| part.damaged(why))
}

fn read(views: &[(&StoredSegment, View<'_>)]) -> Result<Orders, Fault> {
    let (mut orders, mut times, mut numbers) = (Orders::new(), Vec::new(), Vec::new());
    for (part, view) in views {
        view.values(Column::PlacedMs, &mut times).map_err(|why| part.damaged(why))?;
        view.values(Column::OrderNo, &mut numbers).map_err(|why| part.damaged(why))?;
        orders.extend(times.iter().zip(&numbers).map(|(at_ms, no)| (*at_ms, OrderNo(*no as u64))));
    }
    orders.sort_unstable();
    Ok(orders)
}
