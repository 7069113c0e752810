//! What orders of a day came to against what was paid for them, method by method.

use crate::domain::payment::Method;
use crate::domain::{Order, Status};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::{Kind, ReportFault, Value};
use crate::unit::Day;
use std::collections::BTreeMap;

/// The columns behind the day; methods of other names are `other`.
const COLUMNS: [&str; 10] =
    ["sales", "tax", "due", "cash", "card", "transfer", "store_credit", "other", "paid", "open"];
const SALES: usize = 0;
const TAX: usize = 1;
const DUE: usize = 2;
const PAID: usize = 8;
const OPEN: usize = 9;

/// A day's amounts by column.
type Amounts = [i128; COLUMNS.len()];

impl<S: Source> Desk<'_, S> {
    /// Payments against sales, by the day the orders were placed on.
    pub(super) fn payments_against_sales(&self) -> Result<Body, ReportFault> {
        let mut days: BTreeMap<Day, (i128, Amounts)> = BTreeMap::new();
        self.each_order(true, &mut |row| {
            let Some(day) = row.day else { return Ok(()) };
            let (orders, amounts) = days.entry(day).or_default();
            *orders += row.sign;
            let mut own = Amounts::default();
            own[SALES] = row.sales;
            own[TAX] = row.tax;
            own[DUE] = row.sales + row.tax;
            if let Some(order) = self.source.order(row.no)? {
                pay(&order, &mut own);
            }
            own[OPEN] = own[DUE] - own[PAID];
            amounts.iter_mut().zip(own).for_each(|(sum, value)| *sum += row.sign * value);
            Ok(())
        })?;
        days.retain(|_, (orders, _)| *orders != 0);
        let days: BTreeMap<Day, (i128, Amounts)> =
            days.into_iter().take(self.request.top.unwrap_or(usize::MAX)).collect();
        let mut totals = Amounts::default();
        let mut rows = Vec::with_capacity(days.len());
        for (day, (orders, amounts)) in &days {
            totals.iter_mut().zip(amounts).for_each(|(sum, value)| *sum += value);
            let mut row = vec![Value::text(day.to_string()), Value::Count(*orders)];
            row.extend(amounts.iter().map(|amount| Value::Money(*amount)));
            rows.push(row);
        }
        let mut columns = vec![AnswerColumn::new("date", Kind::Date), AnswerColumn::new("orders", Kind::Count)];
        columns.extend(COLUMNS.iter().map(|name| AnswerColumn::new(*name, Kind::Money)));
        let orders = days.values().map(|(orders, _)| orders).sum();
        let mut all = vec![("orders".to_owned(), Value::Count(orders))];
        all.extend(COLUMNS.iter().zip(totals).map(|(name, total)| ((*name).to_owned(), Value::Money(total))));
        Ok(Body { columns, rows, totals: all })
    }
}

/// Puts an order's payments into their columns. A file that only names a method says that all was paid so.
fn pay(order: &Order, amounts: &mut Amounts) {
    let mut took = |method: &Method, amount: i128| {
        amounts[place(method)] += amount;
        amounts[PAID] += amount;
    };
    match &order.declared_method {
        Some(method) if order.payments.is_empty() && order.status != Status::Pending => {
            let due = order.total().map_or(0, |total| i128::from(total.0));
            took(method, due);
        }
        _ => order.payments.iter().for_each(|payment| took(&payment.method, i128::from(payment.amount.0))),
    }
}

/// The column of a method; what cash is rounded by belongs to cash.
fn place(method: &Method) -> usize {
    let known = [Method::CASH, Method::CARD, Method::TRANSFER, Method::STORE_CREDIT];
    let name = if method.is(Method::CASH_ROUNDING) { Method::CASH } else { &*method.0 };
    DUE + 1 + known.iter().position(|method| *method == name).unwrap_or(known.len())
}
