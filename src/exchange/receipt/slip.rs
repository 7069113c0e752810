//! What came back on one occasion, as its slip and the copy of the receipt show it. Never decides what is paid back.

use super::product_name;
use crate::domain::refund::worth;
use crate::domain::{Method, Order, Return};
use crate::engine::Snapshot;
use crate::store::Fault;
use crate::unit::{Currency, Money, Precision, Quantity, ReturnNo, Stamp, Text};

/// Goods that came back together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The shop's name.
    pub shop: Text,
    /// Lines above everything.
    pub header: Text,
    /// Lines below everything.
    pub footer: Text,
    /// The name of the store where they came back.
    pub store: Text,
    /// Where that is.
    pub location: Option<Text>,
    /// Who took them back.
    pub person: Option<Text>,
    /// When, in the store's time.
    pub at: Option<Stamp>,
    /// The number people find it by: the first of its returns.
    pub number: String,
    /// The number on the receipt of the order, where there is one.
    pub receipt: Option<Text>,
    /// The order's id, where there is one.
    pub order: Option<String>,
    /// Whether it was printed before.
    pub copy: bool,
    /// What the amounts are in.
    pub currency: Currency,
    /// What came back.
    pub lines: Vec<SlipLine>,
    /// What coins added to what the goods had cost; below zero what they took away.
    pub rounding: Money,
    /// What was paid back.
    pub total: Money,
    /// By which methods.
    pub refunds: Vec<(Method, Money)>,
}

/// One line's goods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipLine {
    /// The order's line, where it is known.
    pub line_no: Option<u32>,
    /// The product's name now.
    pub name: Text,
    /// How many or how much.
    pub quantity: Quantity,
    /// Why.
    pub reason: Option<Text>,
    /// What they had cost.
    pub value: Money,
}

impl Slip {
    /// The slip of the occasion that a return belongs to. `None` where there is no such return, or its figures leave the
    /// range of money.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn in_shop(snapshot: &Snapshot, no: ReturnNo, copy: bool) -> Result<Option<Slip>, Fault> {
        let Some(back) = snapshot.return_no(no)? else { return Ok(None) };
        let order = match back.order {
            Some(order) => snapshot.order(order)?,
            None => None,
        };
        let Some(order) = order else { return Ok(slip(snapshot, None, &[], &[back], copy)) };
        let all = snapshot.returns_of(order.no)?;
        let occasion = occasions(&all).into_iter().find(|(_, together)| together.iter().any(|back| back.no == no));
        Ok(occasion.and_then(|(before, together)| slip(snapshot, Some(&order), before, together, copy)))
    }

    /// The slips of all that came back of an order, in the order it came.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn of_order(snapshot: &Snapshot, order: &Order) -> Result<Vec<Slip>, Fault> {
        let all = snapshot.returns_of(order.no)?;
        let slips = occasions(&all).into_iter();
        Ok(slips.filter_map(|(before, together)| slip(snapshot, Some(order), before, together, true)).collect())
    }
}

/// What came back together, each with all that had come before it. Of a day alone nobody knows what came together.
fn occasions(all: &[Return]) -> Vec<(&[Return], &[Return])> {
    let exact = |back: &Return| back.at.is_some_and(|at| at.precision != Precision::Day);
    let together = all.chunk_by(|one, next| exact(one) && one.at == next.at && one.by == next.by);
    let mut before = 0;
    together
        .map(|occasion| {
            let start = before;
            before += occasion.len();
            (&all[..start], occasion)
        })
        .collect()
}

fn slip(
    snapshot: &Snapshot,
    order: Option<&Order>,
    before: &[Return],
    together: &[Return],
    copy: bool,
) -> Option<Slip> {
    let first = together.first()?;
    let directory = snapshot.directory();
    let settings = directory.settings.as_ref();
    let currency = settings.map(|settings| settings.currency).unwrap_or_default();
    let coin = settings.map_or(currency.step(), |settings| settings.cash_rounding.coin(&currency));
    let store = first.store.or(order.map(|order| order.store)).and_then(|id| directory.store(id));
    let total = Money::total(together.iter().map(|back| back.refund))?;
    let (mut lines, refunds) = merged(snapshot, together)?;
    let mut rounding = Money::ZERO;
    if let Some(values) = order.and_then(|order| values(order, before, &lines, currency.step())) {
        let difference = total.checked_sub(Money::total(values.iter().copied())?)?;
        let by_cash = refunds.iter().any(|(method, _)| method.is(Method::CASH));
        // Another difference is none that coins make: a file said what was paid out.
        if difference.is_zero() || by_cash && difference.abs() <= coin {
            lines.iter_mut().zip(values).for_each(|(line, value)| line.value = value);
            rounding = difference;
        }
    }
    Some(Slip {
        shop: settings.map(|settings| settings.name.clone()).unwrap_or_default(),
        header: settings.map(|settings| settings.receipt_header.clone()).unwrap_or_default(),
        footer: settings.map(|settings| settings.receipt_footer.clone()).unwrap_or_default(),
        store: store.map(|store| store.name.clone()).unwrap_or_default(),
        location: store.and_then(|store| store.location.clone()),
        person: first.by.and_then(|id| Some(directory.person(id)?.name.clone())),
        at: first.at,
        number: first.ext.as_ref().map_or_else(|| first.no.0.to_string(), ToString::to_string),
        receipt: order.and_then(|order| order.receipt.clone()),
        order: order.map(Order::id),
        copy,
        currency,
        lines,
        rounding,
        total,
        refunds,
    })
}

/// What a line paid back by several methods is again: one line; and what each method paid back.
#[allow(clippy::type_complexity, reason = "two lists")]
fn merged(snapshot: &Snapshot, together: &[Return]) -> Option<(Vec<SlipLine>, Vec<(Method, Money)>)> {
    let (mut lines, mut refunds): (Vec<SlipLine>, Vec<(Method, Money)>) = (Vec::new(), Vec::new());
    for back in together {
        let same =
            |line: &&mut SlipLine| back.line_no.is_some() && line.line_no == back.line_no && line.reason == back.reason;
        match lines.iter_mut().find(same) {
            Some(line) => {
                line.quantity = line.quantity.checked_add(back.quantity)?;
                line.value = line.value.checked_add(back.refund)?;
            }
            None => lines.push(SlipLine {
                line_no: back.line_no,
                name: match back.product {
                    Some(id) => product_name(id, snapshot.catalogue()),
                    None => Text::lossy("goods"),
                },
                quantity: back.quantity,
                reason: back.reason.clone(),
                value: back.refund,
            }),
        }
        let Some(method) = &back.method else { continue };
        match refunds.iter_mut().find(|(known, _)| known == method) {
            Some((_, sum)) => *sum = sum.checked_add(back.refund)?,
            None => refunds.push((method.clone(), back.refund)),
        }
    }
    Some((lines, refunds))
}

/// What the lines had cost; `None` where one is not the order's.
fn values(order: &Order, before: &[Return], lines: &[SlipLine], step: Money) -> Option<Vec<Money>> {
    let value = |came: &SlipLine| {
        let line = order.line(came.line_no?)?;
        let earlier = before.iter().filter(|back| back.line_no == came.line_no).map(|back| back.quantity);
        let earlier = Quantity::total(earlier)?;
        let after = worth(order, line, earlier.checked_add(came.quantity)?, step)?;
        after.checked_sub(worth(order, line, earlier, step)?)
    };
    lines.iter().map(value).collect()
}
