//! Receipts and return slips as JSON: money and quantities are strings, as in reports.

use serde_json::{Value, json as object};

use crate::unit::{Money, Rate, Stamp};

use super::{Receipt, Slip};

/// The receipt as one JSON object.
pub fn json(receipt: &Receipt) -> Value {
    let money = |amount: Money| amount.plain(receipt.currency.exponent);
    let lines: Vec<Value> = receipt
        .lines
        .iter()
        .map(|line| {
            let discounts = line.discounts.iter();
            let discounts = discounts.map(|(words, amount)| object!({ "words": words, "amount": money(*amount) }));
            object!({
                "line_no": line.no,
                "name": line.name.as_str(),
                "quantity": line.quantity.plain(),
                "unit_price": money(line.unit_price),
                "discounts": discounts.collect::<Vec<_>>(),
                "value": money(line.value),
                "tax_rate": line.tax_rate.map(Rate::plain),
                "returned": line.returned.plain(),
            })
        })
        .collect();
    let taxes = receipt.taxes.iter();
    let taxes =
        taxes.map(|row| object!({ "rate": row.rate.map(Rate::plain), "net": money(row.net), "tax": money(row.tax) }));
    let payments = receipt.payments.iter().map(|paid| {
        object!({
            "method": paid.method.0.as_str(),
            "amount": money(paid.amount),
            "tendered": paid.tendered.map(money),
            "reference": paid.reference.as_deref(),
        })
    });
    object!({
        "receipt": receipt.number.as_deref(),
        "order": receipt.order,
        "status": receipt.status.word(),
        "copy": receipt.copy,
        "shop": receipt.shop.as_str(),
        "store": receipt.store.as_str(),
        "location": receipt.location.as_deref(),
        "register": receipt.register.as_deref(),
        "cashier": receipt.cashier.as_deref(),
        "customer": receipt.customer.as_deref(),
        "placed": receipt.placed.as_ref().map(Stamp::rfc3339),
        "paid": receipt.paid.as_ref().map(Stamp::rfc3339),
        "currency": receipt.currency.code,
        "tax_included": receipt.tax_included,
        "lines": lines,
        "taxes": taxes.collect::<Vec<_>>(),
        "value": money(receipt.value),
        "saved": money(receipt.saved),
        "total": money(receipt.total),
        "cash_rounding": money(receipt.cash_rounding),
        "payments": payments.collect::<Vec<_>>(),
        "change": money(receipt.change),
        "returns": receipt.returns.iter().map(slip).collect::<Vec<_>>(),
    })
}

/// The slip as one JSON object.
pub fn slip(slip: &Slip) -> Value {
    let money = |amount: Money| amount.plain(slip.currency.exponent);
    let lines = slip.lines.iter().map(|line| {
        object!({
            "line_no": line.line_no,
            "name": line.name.as_str(),
            "quantity": line.quantity.plain(),
            "reason": line.reason.as_deref(),
            "value": money(line.value),
        })
    });
    let refunds = slip.refunds.iter();
    let refunds = refunds.map(|(method, amount)| object!({ "method": method.0.as_str(), "amount": money(*amount) }));
    object!({
        "return": slip.number,
        "receipt": slip.receipt.as_deref(),
        "order": slip.order,
        "returned": slip.at.as_ref().map(Stamp::rfc3339),
        "store": slip.store.as_str(),
        "cashier": slip.person.as_deref(),
        "currency": slip.currency.code,
        "lines": lines.collect::<Vec<_>>(),
        "cash_rounding": money(slip.rounding),
        "refund": money(slip.total),
        "refunds": refunds.collect::<Vec<_>>(),
    })
}
