//! What came back on one occasion, as its slip and the copy of the receipt show it. Never decides what is paid back, and asks
//! no rule of today: a copy says what the first one said.

use super::product_name;
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
        let Some(order) = order else { return Ok(slip(snapshot, None, &[back], copy)) };
        let all = snapshot.returns_of(order.no)?;
        let occasion = occasions(&all).find(|together| together.iter().any(|back| back.no == no));
        Ok(occasion.and_then(|together| slip(snapshot, Some(&order), together, copy)))
    }

    /// The slips of all that came back of an order, in the order it came.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn of_order(snapshot: &Snapshot, order: &Order) -> Result<Vec<Slip>, Fault> {
        let all = snapshot.returns_of(order.no)?;
        Ok(occasions(&all).filter_map(|together| slip(snapshot, Some(order), together, true)).collect())
    }
}

/// What came back together. Of a day alone nobody knows what came together.
fn occasions(all: &[Return]) -> impl Iterator<Item = &[Return]> {
    let exact = |back: &Return| back.at.is_some_and(|at| at.precision != Precision::Day);
    all.chunk_by(move |one, next| exact(one) && one.at == next.at && one.by == next.by)
}

fn slip(snapshot: &Snapshot, order: Option<&Order>, together: &[Return], copy: bool) -> Option<Slip> {
    let first = together.first()?;
    let directory = snapshot.directory();
    let settings = directory.settings.as_ref();
    let store = first.store.or(order.map(|order| order.store)).and_then(|id| directory.store(id));
    let (lines, refunds) = merged(snapshot, together)?;
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
        currency: settings.map(|settings| settings.currency).unwrap_or_default(),
        lines,
        rounding: Money::total(together.iter().map(Return::rounding))?,
        total: Money::total(together.iter().map(|back| back.refund))?,
        refunds,
    })
}

/// The lines that came back, one for each of the order, and what each method paid back.
#[allow(clippy::type_complexity, reason = "two lists")]
fn merged(snapshot: &Snapshot, together: &[Return]) -> Option<(Vec<SlipLine>, Vec<(Method, Money)>)> {
    let (mut lines, mut refunds): (Vec<SlipLine>, Vec<(Method, Money)>) = (Vec::new(), Vec::new());
    for back in together {
        let value = back.refund.checked_sub(back.rounding())?;
        let same =
            |line: &&mut SlipLine| back.line_no.is_some() && line.line_no == back.line_no && line.reason == back.reason;
        match lines.iter_mut().find(same) {
            Some(line) => {
                line.quantity = line.quantity.checked_add(back.quantity)?;
                line.value = line.value.checked_add(value)?;
            }
            None => lines.push(SlipLine {
                line_no: back.line_no,
                name: match back.product {
                    Some(id) => product_name(id, snapshot.catalogue()),
                    None => Text::lossy("goods"),
                },
                quantity: back.quantity,
                reason: back.reason.clone(),
                value,
            }),
        }
        for (method, amount) in back.paid_out() {
            let Some(method) = method else { continue };
            match refunds.iter_mut().find(|(known, _)| known == method) {
                Some((_, sum)) => *sum = sum.checked_add(amount)?,
                None => refunds.push((method.clone(), amount)),
            }
        }
    }
    Some((lines, refunds))
}
