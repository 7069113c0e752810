//! What follows an order: its way to the customer, goods that come back, and what people say. Never knows how the order
//! came about.

use super::calendar::stamp;
use super::odds::{chance, skewed};
use super::pay::{Part, is_slow};
use super::seed::Seed;
use super::shop::Growth;
use crate::domain::{Feedback, FeedbackState, Line, Order, Return, Status, Step};
use crate::unit::{Currency, Day, FeedbackNo, Quantity, ReturnNo, StaffId, Text, Zone};
use fastrand::Rng;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

/// The way of an order from afar, as far as it has come by `now_ms`; nothing yet means that it is pending.
pub(super) fn way(rng: &mut Rng, placed_ms: i64, part: &Part, by: StaffId, zone: &Zone, now_ms: i64) -> Vec<Step> {
    let mut at = placed_ms;
    let mut steps = Vec::new();
    let cancelled = chance(rng, 2);
    let whole: &[Status] =
        if cancelled { &[Status::Cancelled] } else { &[Status::Paid, Status::Shipped, Status::Delivered] };
    for status in whole {
        let pause = match status {
            Status::Paid if !is_slow(part) => rng.i64(1..12 * 60) * 1000,
            Status::Paid => rng.i64(10 * HOUR..90 * HOUR),
            Status::Delivered => rng.i64(12 * HOUR..70 * HOUR),
            _ => rng.i64(6 * HOUR..52 * HOUR),
        };
        at += pause / 1000 * 1000;
        if at > now_ms {
            break;
        }
        steps.push(Step { status: *status, at: stamp(zone, at), by: Some(by) });
    }
    steps
}

/// Goods of an order that come back, and when; the order remembers how much.
pub(super) fn returned(grown: &Growth, rng: &mut Rng, order: &mut Order, branch: usize) -> Vec<(i64, Return)> {
    let settled = matches!(order.status, Status::Paid | Status::Delivered);
    if !settled || rng.u32(..1000) >= 28 {
        return Vec::new();
    }
    let Some(since) = order.steps.last().map(|step| step.at).or(order.placed) else { return Vec::new() };
    let day = since.day().add_days(1 + skewed(rng, 55) as i32);
    let Some(at) = grown.calendar.moment_from(&grown.seed, rng, branch, day).filter(|at| *at < grown.plan.now_ms)
    else {
        return Vec::new();
    };
    let lines = 1 + usize::from(chance(rng, 15));
    let mut back = Vec::new();
    for _ in 0..lines {
        let line = rng.usize(..order.lines.len().max(1));
        back.extend(return_of(grown, rng, order, line, branch, at).map(|piece| (at, piece)));
    }
    back
}

fn return_of(grown: &Growth, rng: &mut Rng, order: &mut Order, line: usize, branch: usize, at: i64) -> Option<Return> {
    let method = order.payment_method().cloned();
    let line = order.lines.get_mut(line).filter(|line| line.returned.is_zero())?;
    let category = grown.seed.goods.get(line.product.0 as usize - 1)?.category;
    let (reason, restock) = reason(grown, rng, category)?;
    let quantity = back_again(rng, line);
    let value = line.value()?;
    let refund = value.share(quantity.0.into(), line.quantity.0.into())?;
    let refund = refund.round_minor(&Currency::EUR)?;
    if refund.is_zero() {
        return None;
    }
    line.returned = quantity;
    Some(Return {
        no: ReturnNo::default(),
        ext: None,
        order: Some(order.no),
        line_no: Some(line.no),
        product: Some(line.product),
        store: Some(order.store),
        quantity,
        reason: Some(reason),
        at: Some(stamp(&grown.seed.branches[branch].zone, at)),
        refund,
        net: refund.share(value.checked_sub(line.tax)?.0.into(), value.0.into())?,
        restock,
        method,
        by: grown.cashier(rng, branch),
        moves_stock: false,
        payout: None,
    })
}

/// Weighed goods come back whole, pieces not always all of them.
fn back_again(rng: &mut Rng, line: &Line) -> Quantity {
    if line.quantity.is_whole() && chance(rng, 60) {
        Quantity(rng.i64(1..line.quantity.0 / 1000 + 1) * 1000)
    } else {
        line.quantity
    }
}

/// A reason that goes with the category; rarely there is none, and the goods stay.
fn reason(grown: &Growth, rng: &mut Rng, category: usize) -> Option<(Text, bool)> {
    let odds = grown.reason_odds.get(category)?;
    let at = odds.pick(rng)?;
    Some((grown.words.reasons.get(at)?.clone(), grown.seed.return_reasons.get(at)?.restock))
}

/// A piece of feedback with its words, and when it comes in.
pub(super) struct Said {
    pub at: i64,
    pub feedback: Feedback,
    pub text: Text,
}

/// What is said about an order, if anything; who brought something back is likelier to complain.
pub(super) fn said(grown: &Growth, rng: &mut Rng, order: &Order, brought_back: bool) -> Option<Said> {
    let per_mille = match (order.customer.is_some(), brought_back) {
        (_, true) => 200,
        (true, false) => 54,
        (false, false) => 10,
    };
    if rng.u32(..1000) >= per_mille || order.status == Status::Cancelled {
        return None;
    }
    let placed = order.placed?;
    let at = placed.unix_ms + (rng.i64(20 * MINUTE..9 * HOUR) + i64::from(skewed(rng, 12)) * 24 * HOUR) / 1000 * 1000;
    if at >= grown.plan.now_ms {
        return None;
    }
    let kind = if brought_back && chance(rng, 65) {
        "complaint"
    } else {
        match rng.u32(..100) {
            0..52 => "praise",
            52..74 => "complaint",
            74..88 => "question",
            _ => "suggestion",
        }
    };
    let opinions: Vec<_> = grown.seed.opinions.iter().filter(|opinion| opinion.category == kind).collect();
    let opinion = opinions.get(rng.usize(..opinions.len().max(1)))?;
    let zone = &grown.seed.branches.get(usize::from(order.store.0) - 1)?.zone;
    let at_stamp = stamp(zone, at);
    let about_order = chance(rng, 82);
    Some(Said {
        at,
        text: Text::lossy(&opinion.text.replace("{product}", product_of(&grown.seed, rng, order))),
        feedback: Feedback {
            no: FeedbackNo::default(),
            ext: None,
            customer: order.customer,
            order: about_order.then_some(order.no),
            rating: opinion.rating,
            category: grown.words.opinions.iter().find(|word| **word == kind).cloned(),
            at: Some(at_stamp),
            state: state(rng, kind, at_stamp.day(), grown.plan.today),
            details_version: 1,
        },
    })
}

/// Praise needs no answer; the rest is dealt with in time, mostly.
fn state(rng: &mut Rng, kind: &str, day: Day, today: Day) -> FeedbackState {
    let settled = match (kind, today.days_since(day)) {
        ("praise", _) => 100,
        (_, ..2) => 10,
        (_, 2..10) => 55,
        (_, 10..60) => 90,
        _ => 98,
    };
    if chance(rng, settled) { FeedbackState::Resolved } else { FeedbackState::Open }
}

fn product_of<'s>(seed: &'s Seed, rng: &mut Rng, order: &Order) -> &'s str {
    let line = order.lines.get(rng.usize(..order.lines.len().max(1)));
    let good = line.and_then(|line| seed.goods.get(line.product.0 as usize - 1));
    good.map_or("your selection", |good| good.name.strip_suffix(" (per kg)").unwrap_or(&good.name))
}
