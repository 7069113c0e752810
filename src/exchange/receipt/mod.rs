//! Receipts: an order as paper shows it, as text, for ESC/POS printers and as JSON.
//!
//! The view holds everything in words and amounts; the three forms are pure functions of it. It never knows a printer.

mod codepage;
mod escpos;
mod json;
mod layout;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::domain::view::Kind;
use crate::domain::{DiscountKind, Line, Method, Order, Status};
use crate::engine::{Catalogue, Directory, Snapshot};
use crate::store::Fault;
use crate::unit::{Currency, Money, OrderNo, Quantity, Rate, ReceiptNo, Stamp, Text};

pub use escpos::{Printer, escpos};
pub use json::json;
pub use layout::text;

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
    /// The register's name.
    pub register: Option<Text>,
    /// The cashier's name.
    pub cashier: Option<Text>,
    /// The customer's name, or their id where it is not known.
    pub customer: Option<Text>,
    /// When it was sold, in the store's time.
    pub placed: Option<Stamp>,
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
}

impl Receipt {
    /// The receipt of an order. `customer` is the name to print. `None` when its figures leave the range of money, which no
    /// accepted order does.
    pub fn of(
        order: &Order,
        directory: &Directory,
        catalogue: &Catalogue,
        customer: Option<Text>,
        copy: bool,
    ) -> Option<Receipt> {
        let settings = directory.settings.as_ref();
        let store = directory.store(order.store);
        let (payments, cash_rounding, change) = payments(order)?;
        Some(Receipt {
            shop: settings.map(|settings| settings.name.clone()).unwrap_or_default(),
            header: settings.map(|settings| settings.receipt_header.clone()).unwrap_or_default(),
            footer: settings.map(|settings| settings.receipt_footer.clone()).unwrap_or_default(),
            store: store.map(|store| store.name.clone()).unwrap_or_default(),
            location: store.and_then(|store| store.location.clone()),
            register: order.register.and_then(|id| Some(directory.register(id)?.name.clone())),
            cashier: order.cashier.and_then(|id| Some(directory.person(id)?.name.clone())),
            customer,
            placed: order.placed,
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
        Ok(Receipt::of(order, snapshot.directory(), snapshot.catalogue(), name, copy))
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

fn receipt_line(line: &Line, catalogue: &Catalogue) -> Option<ReceiptLine> {
    let product = catalogue.product(line.product);
    let name = product.map(|product| if product.name.is_empty() { product.ext.clone() } else { product.name.clone() });
    let words = |kind: &DiscountKind| match kind {
        DiscountKind::Percent(rate) => format!("Discount {}", rate.percent()),
        DiscountKind::Money | DiscountKind::Imported => "Discount".to_owned(),
        DiscountKind::Basket => "Discount on all".to_owned(),
    };
    Some(ReceiptLine {
        no: line.no,
        name: name.unwrap_or_else(|| Text::lossy(&format!("Product {}", line.product))),
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

fn payments(order: &Order) -> Option<(Vec<Paid>, Money, Money)> {
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
        paid.push(Paid { method, amount: payment.amount, tendered: payment.tendered });
    }
    Some((paid, rounding, change))
}
