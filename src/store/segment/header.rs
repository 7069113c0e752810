//! What a segment says of itself without a column being read: its day, counts, and totals by store and status.

use super::head::{Cursor, put_signed, put_varint};
use crate::domain::Status;
use crate::domain::fact::{OrderFact, ReturnFact};
use crate::store::codec::CodecFault;
use crate::unit::{Day, Stamp, StoreId};
use std::collections::BTreeMap;

/// The business day of a segment's facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// None of them has a date, or there is none.
    Undated,
    /// All have this one.
    One(Day),
    /// They differ; no shop file holds such a segment.
    Mixed,
}

/// Sums over orders. Money in ten-thousandths, units in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many orders.
    pub orders: u64,
    /// How many lines they have.
    pub lines: u64,
    /// Goods sold.
    pub units: i128,
    /// As priced.
    pub gross: i128,
    /// As priced.
    pub discounts: i128,
    /// Value without tax.
    pub sales: i128,
    /// Tax.
    pub tax: i128,
    /// Cost.
    pub cost: i128,
}

/// Sums over returns. Money in ten-thousandths, units in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// How many returns.
    pub returns: u64,
    /// Goods come back.
    pub units: i128,
    /// Paid back.
    pub refund: i128,
    /// Paid back, without tax.
    pub net: i128,
}

/// What a segment holds, without a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// The day of all its facts.
    pub days: Days,
    /// How many orders.
    pub orders: usize,
    /// How many lines.
    pub lines: usize,
    /// How many returns.
    pub returns: usize,
    /// How many pieces of feedback.
    pub feedback: usize,
    /// The sum of the sizes of one measure's values, for the measure where it is largest: while the magnitudes of a
    /// question's segments add up to no more than `i64::MAX`, no sum of it leaves 64 bits.
    pub magnitude: u128,
}

/// The head of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What it holds.
    pub counts: Counts,
    /// Totals of the orders by store and status, ascending.
    pub sold: Vec<((StoreId, Status), Totals)>,
    /// Totals of the returns by store and status of the order, ascending.
    pub returned: Vec<((StoreId, Option<Status>), Returned)>,
}

impl Counts {
    /// Whether the sums of an order's lines are stored: they are wherever they cannot leave 64 bits.
    pub fn sums_fit(&self) -> bool {
        self.magnitude <= i64::MAX as u128
    }

    /// Reads the counts, and past the totals behind them.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Counts, CodecFault> {
        let (counts, [sold, returned]) = counts(cursor)?;
        let numbers = sold.saturating_mul(SOLD).saturating_add(returned.saturating_mul(RETURNED));
        cursor.skip(numbers)?;
        Ok(counts)
    }
}

/// Of how many numbers the totals of a store and status are, its own two included.
const SOLD: usize = 10;

/// The same of returns.
const RETURNED: usize = 6;

impl Header {
    pub(super) fn of(orders: &[&OrderFact], returns: &[&ReturnFact], feedback: &[Option<Stamp>]) -> Header {
        let mut sold: BTreeMap<(StoreId, Status), Totals> = BTreeMap::new();
        let mut returned: BTreeMap<(StoreId, Option<Status>), Returned> = BTreeMap::new();
        let mut sizes = [0u128; 8];
        for order in orders {
            let totals = sold.entry((order.store, order.status)).or_default();
            totals.orders += 1;
            for line in &order.lines {
                let rest = line.gross.0.wrapping_sub(line.sales.0).wrapping_sub(line.discounts.0);
                let values =
                    [line.units.0, line.gross.0, line.discounts.0, line.sales.0, line.tax.0, line.cost.0, rest];
                totals.add(&values);
                grow(&mut sizes, &values);
            }
        }
        for back in returns {
            let totals = returned.entry((back.store, back.status)).or_default();
            totals.returns += 1;
            totals.units += i128::from(back.units.0);
            totals.refund += i128::from(back.refund.0);
            totals.net += i128::from(back.net.0);
            grow(&mut sizes, &[back.units.0, back.refund.0, back.net.0]);
        }
        let stamps = orders.iter().map(|order| order.placed).chain(returns.iter().map(|back| back.at));
        let counts = Counts {
            days: days(stamps.chain(feedback.iter().copied())),
            orders: orders.len(),
            lines: orders.iter().map(|order| order.lines.len()).sum(),
            returns: returns.len(),
            feedback: feedback.len(),
            magnitude: sizes.into_iter().max().unwrap_or(0),
        };
        Header { counts, sold: sold.into_iter().collect(), returned: returned.into_iter().collect() }
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let Counts { days, orders, lines, returns, feedback, magnitude } = self.counts;
        match days {
            Days::Undated => out.push(0),
            Days::Mixed => out.push(1),
            Days::One(day) => {
                out.push(2);
                put_signed(out, i128::from(day.0));
            }
        }
        for count in [orders, lines, returns, feedback, self.sold.len(), self.returned.len()] {
            put_varint(out, count as u128);
        }
        put_varint(out, magnitude);
        for ((store, status), totals) in &self.sold {
            put_varint(out, u128::from(store.0));
            out.push(status_code(*status));
            put_varint(out, u128::from(totals.orders));
            put_varint(out, u128::from(totals.lines));
            let rest = totals.gross - totals.sales - totals.discounts;
            for value in [totals.units, rest, totals.discounts, totals.sales, totals.tax, totals.cost] {
                put_signed(out, value);
            }
        }
        for ((store, status), totals) in &self.returned {
            put_varint(out, u128::from(store.0));
            out.push(status.map_or(0, |status| 1 + status_code(status)));
            put_varint(out, u128::from(totals.returns));
            for value in [totals.units, totals.refund, totals.net] {
                put_signed(out, value);
            }
        }
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Header, CodecFault> {
        let (counts, [sold, returned]) = counts(cursor)?;
        Ok(Header {
            counts,
            sold: (0..sold).map(|_| read_sold(cursor)).collect::<Result<_, _>>()?,
            returned: (0..returned).map(|_| read_returned(cursor)).collect::<Result<_, _>>()?,
        })
    }
}

/// How a head begins: the counts, and of how many stores and statuses there are totals.
fn counts(cursor: &mut Cursor<'_>) -> Result<(Counts, [usize; 2]), CodecFault> {
    let days = match cursor.byte()? {
        0 => Days::Undated,
        1 => Days::Mixed,
        2 => Days::One(Day(cursor.signed()?)),
        _ => return Err(CodecFault::Shape),
    };
    let mut counts = [0usize; 6];
    for count in &mut counts {
        *count = cursor.number()?;
    }
    let [orders, lines, returns, feedback, sold, returned] = counts;
    let magnitude = cursor.wide()?;
    Ok((Counts { days, orders, lines, returns, feedback, magnitude }, [sold, returned]))
}

impl Totals {
    fn add(&mut self, [units, gross, discounts, sales, tax, cost, _]: &[i64; 7]) {
        self.lines += 1;
        self.units += i128::from(*units);
        self.gross += i128::from(*gross);
        self.discounts += i128::from(*discounts);
        self.sales += i128::from(*sales);
        self.tax += i128::from(*tax);
        self.cost += i128::from(*cost);
    }
}

fn grow(sizes: &mut [u128; 8], values: &[i64]) {
    for (size, value) in sizes.iter_mut().zip(values) {
        *size += u128::from(value.unsigned_abs());
    }
}

fn days(mut stamps: impl Iterator<Item = Option<Stamp>>) -> Days {
    let Some(first) = stamps.next() else { return Days::Undated };
    let first = first.map(|stamp| stamp.day());
    if stamps.any(|stamp| stamp.map(|stamp| stamp.day()) != first) {
        return Days::Mixed;
    }
    first.map_or(Days::Undated, Days::One)
}

fn read_sold(cursor: &mut Cursor<'_>) -> Result<((StoreId, Status), Totals), CodecFault> {
    let store = StoreId(cursor.number()?);
    let status = status_of(cursor.byte()?).ok_or(CodecFault::Shape)?;
    let (orders, lines) = (cursor.number()?, cursor.number()?);
    let mut values = [0i128; 6];
    for value in &mut values {
        *value = cursor.signed()?;
    }
    let [units, rest, discounts, sales, tax, cost] = values;
    let gross = rest.checked_add(sales).and_then(|sum| sum.checked_add(discounts)).ok_or(CodecFault::Shape)?;
    Ok(((store, status), Totals { orders, lines, units, gross, discounts, sales, tax, cost }))
}

fn read_returned(cursor: &mut Cursor<'_>) -> Result<((StoreId, Option<Status>), Returned), CodecFault> {
    let store = StoreId(cursor.number()?);
    let status = match cursor.byte()? {
        0 => None,
        code => Some(status_of(code - 1).ok_or(CodecFault::Shape)?),
    };
    let returns = cursor.number()?;
    Ok((
        (store, status),
        Returned { returns, units: cursor.signed()?, refund: cursor.signed()?, net: cursor.signed()? },
    ))
}

/// A status as its place in `Status::ALL`.
pub(super) fn status_code(status: Status) -> u8 {
    status as u8
}

/// The status of a code.
pub(super) fn status_of(code: u8) -> Option<Status> {
    Status::ALL.get(usize::from(code)).copied()
}
