//! Receipts and return slips: an order, and what came back, as paper shows it, as text, for ESC/POS printers and as JSON.
//!
//! The view holds everything in words and amounts; the three forms are pure functions of it. It never knows a printer.

mod codepage;
mod escpos;
mod json;
mod layout;
mod slip;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::domain::view::Kind;
use crate::domain::{DiscountKind, Line, Method, Order, Status};
use crate::engine::{Catalogue, Directory, Snapshot};
use crate::store::Fault;
use crate::unit::{Currency, Money, OrderNo, ProductId, Quantity, Rate, ReceiptNo, StaffId, Stamp, Text};

pub use escpos::{Printer, escpos};
pub use json::{json, slip as slip_json};
pub use layout::{Printed, text};
pub use slip::{Slip, SlipLine};

/// An order as its receipt shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The shop's name.
    pub shop: Text,
    /// Lines above everything.
    pub header: Text,
    /// Lines below everything.
    pub footer: Text,
    /// The store's name.
    pub store: Text,
    /// Where the store is.
    pub location: Option<Text>,
    /// The name of the register it was paid at.
    pub register: Option<Text>,
    /// The name of who took the money.
    pub cashier: Option<Text>,
    /// The customer's name, or their id where it is not known.
    pub customer: Option<Text>,
    /// When it was sold, in the store's time.
    pub placed: Option<Stamp>,
    /// When it was paid, where that was later.
    pub paid: Option<Stamp>,
    /// The receipt's number.
    pub number: Option<Text>,
    /// The order's id.
    pub order: String,
    /// Where the order stands.
    pub status: Status,
    /// Whether it was printed before.
    pub copy: bool,
    /// What the amounts are in.
    pub currency: Currency,
    /// Whether tax is inside the lines' values.
    pub tax_included: bool,
    /// What was sold.
    pub lines: Vec<ReceiptLine>,
    /// Tax by rate, ascending.
    pub taxes: Vec<TaxRow>,
    /// All line values.
    pub value: Money,
    /// All discounts.
    pub saved: Money,
    /// What was to be paid, before cash rounding.
    pub total: Money,
    /// What was paid, without cash rounding.
    pub payments: Vec<Paid>,
    /// What cash rounding added to the total; below zero what it took away.
    pub cash_rounding: Money,
    /// What was given back in cash.
    pub change: Money,
    /// What came back, occasion by occasion.
    pub returns: Vec<Slip>,
}

/// A line as the receipt shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Its number in the order.
    pub no: u32,
    /// The product's name now, or its id.
    pub name: Text,
    /// How many or how much.
    pub quantity: Quantity,
    /// Price of one.
    pub unit_price: Money,
    /// Before discounts, to the amount that was charged: value + discounts.
    pub before: Money,
    /// Each discount with its words.
    pub discounts: Vec<(String, Money)>,
    /// What it came to.
    pub value: Money,
    /// The rate of its tax.
    pub tax_rate: Option<Rate>,
    /// How much of it came back.
    pub returned: Quantity,
}

/// Tax of one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxRow {
    /// `None`: goods without a rate.
    pub rate: Option<Rate>,
    /// What it is on, without the tax.
    pub net: Money,
    /// How much.
    pub tax: Money,
}

/// A payment as the receipt shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// How.
    pub method: Method,
    /// Net of change.
    pub amount: Money,
    /// What was handed over, where it was more.
    pub tendered: Option<Money>,
    /// The number of its slip or voucher.
    pub reference: Option<Text>,
}

impl Receipt {
    /// The receipt of an order. `customer` is the name to print, `references` are those of the payments by number. `None` when its figures leave the range of money, which no
    /// accepted order does.
    pub fn of(
        order: &Order,
        directory: &Directory,
        catalogue: &Catalogue,
        customer: Option<Text>,
        references: &[(u32, Text)],
        copy: bool,
    ) -> Option<Receipt> {
        let settings = directory.settings.as_ref();
        let store = directory.store(order.store);
        let (payments, cash_rounding, change) = payments(order, references)?;
        let paid = paid_later(order);
        let cashier = paid.and_then(|(_, by)| by).or(order.cashier);
        Some(Receipt {
            shop: settings.map(|settings| settings.name.clone()).unwrap_or_default(),
            header: settings.map(|settings| settings.receipt_header.clone()).unwrap_or_default(),
            footer: settings.map(|settings| settings.receipt_footer.clone()).unwrap_or_default(),
            store: store.map(|store| store.name.clone()).unwrap_or_default(),
            location: store.and_then(|store| store.location.clone()),
            register: register(order, paid.is_some(), directory),
            cashier: cashier.and_then(|id| Some(directory.person(id)?.name.clone())),
            customer,
            placed: order.placed,
            paid: paid.map(|(at, _)| at),
            number: order.receipt.clone(),
            order: order.id(),
            status: order.status,
            copy,
            currency: settings.map(|settings| settings.currency).unwrap_or_default(),
            tax_included: order.tax_included,
            lines: order.lines.iter().map(|line| receipt_line(line, catalogue)).collect::<Option<_>>()?,
            taxes: taxes(order)?,
            value: Money::total(order.lines.iter().map(Line::value).collect::<Option<Vec<_>>>()?)?,
            saved: Money::total(order.lines.iter().map(Line::discount).collect::<Option<Vec<_>>>()?)?,
            total: order.total()?,
            payments,
            cash_rounding,
            change,
            returns: Vec::new(),
        })
    }

    /// The receipt of an order of a shop.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn in_shop(snapshot: &Snapshot, order: &Order, copy: bool) -> Result<Option<Receipt>, Fault> {
        let customer = match order.customer {
            Some(id) => snapshot.customer(id)?,
            None => None,
        };
        let name = customer.map(|(customer, known)| known.and_then(|known| known.name).unwrap_or(customer.ext));
        let references = snapshot.order_details(order)?.map(|details| details.references).unwrap_or_default();
        let receipt = Receipt::of(order, snapshot.directory(), snapshot.catalogue(), name, &references, copy);
        let returns = Slip::of_order(snapshot, order)?;
        Ok(receipt.map(|receipt| Receipt { returns, ..receipt }))
    }
}

/// The order with that receipt number (`R2-000481`, or what a file said; leading zeros may be missing), else with that id.
///
/// # Errors
/// `Io`, `Damaged`.
pub fn find(snapshot: &Snapshot, number: &str) -> Result<Option<Order>, Fault> {
    let mut found = snapshot.find(Kind::Receipt, number)?;
    if found.is_none()
        && let Some(receipt) = ReceiptNo::parse(number)
    {
        found = snapshot.find(Kind::Receipt, &receipt.to_string())?;
    }
    if found.is_none() {
        found = snapshot.find(Kind::Order, number)?;
    }
    match found {
        Some(no) => snapshot.order(OrderNo(no)),
        None => Ok(None),
    }
}

/// When and by whom an order was paid that was not paid as it was placed; a file says so by its payments alone.
fn paid_later(order: &Order) -> Option<(Stamp, Option<StaffId>)> {
    if let Some(step) = order.steps.iter().find(|step| step.status == Status::Paid) {
        return Some((step.at, step.by));
    }
    let taken = order.payments.iter().filter(|payment| !payment.amount.is_negative());
    let last = taken.filter_map(|payment| payment.paid_at).max_by_key(|at| at.unix_ms)?;
    let placed = order.placed?;
    (last.unix_ms > placed.unix_ms).then_some((last, None))
}

/// Where it was paid: a receipt's number tells, where the order was placed elsewhere.
fn register(order: &Order, later: bool, directory: &Directory) -> Option<Text> {
    let number = order.receipt.as_deref().and_then(ReceiptNo::parse);
    let name = |id| Some(directory.register(id)?.name.clone());
    let given = number.and_then(|number| name(number.register));
    let placed = order.register.and_then(name);
    if later { given.or(placed) } else { placed.or(given) }
}

fn product_name(id: ProductId, catalogue: &Catalogue) -> Text {
    let product = catalogue.product(id);
    let name = product.map(|product| if product.name.is_empty() { product.ext.clone() } else { product.name.clone() });
    name.unwrap_or_else(|| Text::lossy(&format!("Product {id}")))
}

fn receipt_line(line: &Line, catalogue: &Catalogue) -> Option<ReceiptLine> {
    let words = |kind: &DiscountKind| match kind {
        DiscountKind::Percent(rate) => format!("Discount {}", rate.percent()),
        DiscountKind::Money | DiscountKind::Imported => "Discount".to_owned(),
        DiscountKind::Basket => "Discount on all".to_owned(),
    };
    Some(ReceiptLine {
        no: line.no,
        name: product_name(line.product, catalogue),
        quantity: line.quantity,
        unit_price: line.unit_price,
        before: line.value()?.checked_add(line.discount()?)?,
        discounts: line.discounts.iter().map(|discount| (words(&discount.kind), discount.amount)).collect(),
        value: line.value()?,
        tax_rate: line.tax_rate,
        returned: line.returned,
    })
}

fn taxes(order: &Order) -> Option<Vec<TaxRow>> {
    let mut by_rate: BTreeMap<Option<Rate>, (Money, Money)> = BTreeMap::new();
    for line in &order.lines {
        let value = line.value()?;
        let net = if order.tax_included { value.checked_sub(line.tax)? } else { value };
        let sum = by_rate.entry(line.tax_rate).or_default();
        *sum = (sum.0.checked_add(net)?, sum.1.checked_add(line.tax)?);
    }
    Some(by_rate.into_iter().map(|(rate, (net, tax))| TaxRow { rate, net, tax }).collect())
}

fn payments(order: &Order, references: &[(u32, Text)]) -> Option<(Vec<Paid>, Money, Money)> {
    let (mut paid, mut rounding, mut change) = (Vec::new(), Money::ZERO, Money::ZERO);
    for payment in &order.payments {
        if payment.method.is(Method::CASH_ROUNDING) {
            rounding = rounding.checked_sub(payment.amount)?;
            continue;
        }
        if let Some(tendered) = payment.tendered {
            change = change.checked_add(tendered.checked_sub(payment.amount)?)?;
        }
        let method = payment.method.clone();
        let reference = references.iter().find(|(no, _)| *no == payment.line_no).map(|(_, text)| text.clone());
        paid.push(Paid { method, amount: payment.amount, tendered: payment.tendered, reference });
    }
    Some((paid, rounding, change))
}
