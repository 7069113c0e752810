//! `orders.csv`, `order_lines.csv` and `payments.csv`, written side by side.

use crate::domain::change::ImportCounts;
use crate::domain::{Line, Order, OrderDetails};
use crate::engine::Snapshot;
use crate::exchange::format::{NONE, ORDER_LINES, ORDERS, PAYMENTS};
use crate::unit::{Money, Rate, Stamp};

use super::file::{CsvFile, Folder};
use super::names::Names;
use super::{WriteFault, every_order};

/// Which optional columns have something to say.
#[derive(Default)]
struct Shown {
    receipt: bool,
    register: bool,
    cashier: bool,
    channel: bool,
    tax_included: bool,
    note: bool,
    cost: bool,
    tax_rate: bool,
    rounding: bool,
    payments: bool,
}

impl Shown {
    fn look(&mut self, order: &Order, details: &OrderDetails, snapshot: &Snapshot) {
        self.receipt |= order.receipt.is_some();
        self.register |= order.register.is_some();
        self.cashier |= order.cashier.is_some();
        self.channel |= order.channel.is_some();
        self.tax_included |= order.tax_included;
        self.note |= details.note.is_some();
        self.payments |= !order.payments.is_empty();
        if self.cost && self.tax_rate && self.rounding {
            return;
        }
        for line in &order.lines {
            let product = snapshot.catalogue().product(line.product);
            self.cost |= line.cost.is_some() || product.is_some_and(|product| product.cost.is_some());
            self.tax_rate |= line.tax_rate.is_some() || product.is_some_and(|product| product.tax_rate.is_some());
            self.rounding |= !line.rounding.is_zero();
        }
    }
}

/// A line's cost and tax rate as they must be written. Nothing would be read as the product's: where the line had none and the
/// product has one, that is said.
fn sold_at(line: &Line, snapshot: &Snapshot, money: impl Fn(Money) -> String) -> (Option<String>, Option<String>) {
    let (cost, rate) = (line.cost.map(money), line.tax_rate.map(Rate::plain));
    if cost.is_some() && rate.is_some() {
        return (cost, rate);
    }
    let product = snapshot.catalogue().product(line.product);
    let none = |has: bool| has.then(|| NONE.to_owned());
    let has_cost = product.is_some_and(|product| product.cost.is_some());
    let has_rate = product.is_some_and(|product| product.tax_rate.is_some());
    (cost.or(none(has_cost)), rate.or(none(has_rate)))
}

fn details_of(snapshot: &Snapshot, order: &Order) -> Result<OrderDetails, WriteFault> {
    if order.details_version == 0 {
        return Ok(OrderDetails::default());
    }
    Ok(snapshot.order_details(order)?.unwrap_or_default())
}

pub fn write(
    snapshot: &Snapshot,
    names: &Names<'_>,
    folder: &mut Folder,
    counts: &mut ImportCounts,
    progress: &dyn Fn(u64, u64),
) -> Result<(), WriteFault> {
    let total = snapshot.count_orders()?.saturating_mul(2);
    let mut done = 0;
    let mut passed = || {
        done += 1;
        if done % 1024 == 0 || done == total {
            progress(done, total);
        }
    };
    let mut shown = Shown::default();
    every_order(snapshot, |order| {
        shown.look(&order, &details_of(snapshot, &order)?, snapshot);
        passed();
        Ok(())
    })?;
    let Shown { receipt, register, cashier, channel, tax_included, note, .. } = shown;
    let mut orders = folder.begin(&ORDERS, &[receipt, register, cashier, channel, tax_included, note])?;
    let mut lines = folder.begin(&ORDER_LINES, &[shown.cost, shown.tax_rate, shown.rounding])?;
    let mut payments = match shown.payments {
        true => Some(folder.begin(&PAYMENTS, &[true, true])?),
        false => None,
    };
    every_order(snapshot, |order| {
        let (id, details) = (order.id(), details_of(snapshot, &order)?);
        write_order(&mut orders, &order, &id, &details, &shown, names)?;
        for line in &order.lines {
            write_line(&mut lines, line, &id, &shown, names, snapshot)?;
        }
        if let Some(payments) = &mut payments {
            write_payments(payments, &order, &id, &details, names)?;
        }
        counts.orders += 1;
        counts.lines += order.lines.len() as u64;
        counts.payments += order.payments.len() as u64;
        passed();
        Ok(())
    })?;
    folder.finish(orders)?;
    folder.finish(lines)?;
    payments.map_or(Ok(()), |payments| folder.finish(payments))
}

fn write_order(
    file: &mut CsvFile,
    order: &Order,
    id: &str,
    details: &OrderDetails,
    shown: &Shown,
    names: &Names<'_>,
) -> Result<(), WriteFault> {
    file.text(id)?;
    file.known(names.store(order.store))?;
    file.known(order.customer.and_then(|customer| names.customer(customer)))?;
    file.known(names.time(order.placed.as_ref(), Some(order.store)))?;
    file.text(order.status.word())?;
    file.known(order.payment_method().map(|method| method.0.as_str()))?;
    file.optional(shown.receipt, order.receipt.as_deref())?;
    file.optional(shown.register, order.register.and_then(|register| names.register(register)))?;
    file.optional(shown.cashier, order.cashier.and_then(|person| names.person(person)))?;
    file.optional(shown.channel, order.channel.as_deref())?;
    file.optional(shown.tax_included, Some(word(order.tax_included)))?;
    file.optional(shown.note, details.note.as_deref())?;
    file.end_row()
}

/// A yes or no in a file.
pub fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn write_line(
    file: &mut CsvFile,
    line: &Line,
    order: &str,
    shown: &Shown,
    names: &Names<'_>,
    snapshot: &Snapshot,
) -> Result<(), WriteFault> {
    let discount = line.discount().unwrap_or(Money::MAX);
    let (cost, rate) = sold_at(line, snapshot, |cost| names.money(cost));
    file.text(order)?;
    file.text(line.no.to_string())?;
    file.known(names.product(line.product))?;
    file.text(names.quantity(line.quantity))?;
    file.text(names.money(line.unit_price))?;
    file.text(names.money(discount))?;
    file.text(names.money(line.tax))?;
    file.optional(shown.cost, cost)?;
    file.optional(shown.tax_rate, rate)?;
    file.optional(shown.rounding, Some(names.money(line.rounding)))?;
    file.end_row()
}

fn write_payments(
    file: &mut CsvFile,
    order: &Order,
    id: &str,
    details: &OrderDetails,
    names: &Names<'_>,
) -> Result<(), WriteFault> {
    for payment in &order.payments {
        let reference = details.references.iter().find(|(no, _)| *no == payment.line_no);
        file.text(id)?;
        file.text(payment.line_no.to_string())?;
        file.text(&*payment.method.0)?;
        file.text(names.money(payment.amount))?;
        file.known(reference.map(|(_, text)| text.as_str()))?;
        file.known(payment.paid_at.as_ref().map(Stamp::rfc3339))?;
        file.end_row()?;
    }
    Ok(())
}
