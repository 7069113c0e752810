//! What belongs to a record and stands elsewhere: the receipt a change gives, how it moves stock, the returns of an order.

use crate::domain::apply::stock_effects;
use crate::domain::{Change, Order, Return};
use crate::store::Fault;
use crate::store::record::{Source, get};
use crate::store::table::ORDER_RETURNS;
use crate::unit::{OrderNo, ProductId, Quantity, ReceiptNo, ReturnNo, StoreId};

/// The receipt a change gives, and its order.
pub(super) fn receipt_given(change: &Change) -> Option<(ReceiptNo, OrderNo)> {
    match change {
        Change::OrderPlaced { order, .. } => Some((ReceiptNo::parse(order.receipt.as_ref()?)?, order.no)),
        Change::ReceiptGiven { order, register, number } => {
            Some((ReceiptNo { register: *register, number: *number }, *order))
        }
        _ => None,
    }
}

/// How a change moves stock; `order` looks up the one it speaks of.
pub(super) fn stock_moves(
    change: &Change,
    order: impl FnOnce(OrderNo) -> Result<Option<Order>, Fault>,
) -> Result<Vec<(StoreId, ProductId, Quantity)>, Fault> {
    let order = match change {
        Change::OrderStepped { order: no, .. } | Change::GoodsReturned(Return { order: Some(no), .. }) => order(*no)?,
        _ => None,
    };
    Ok(stock_effects(change, order.as_ref()))
}

/// A return with how it was paid out.
pub(super) fn returned(source: &impl Source, no: ReturnNo) -> Result<Option<Return>, Fault> {
    let Some(back) = get::<Return>(source, no.0)? else { return Ok(None) };
    Ok(Some(Return { payout: get(source, no.0)?, ..back }))
}

/// The returns of an order, each with how it was paid out.
pub(super) fn returned_of(source: &impl Source, order: OrderNo) -> Result<Vec<Return>, Fault> {
    let mut found = Vec::new();
    for no in returns_of(source, order)? {
        found.extend(returned(source, no)?);
    }
    Ok(found)
}

/// The returns of an order.
pub(super) fn returns_of(source: &impl Source, order: OrderNo) -> Result<Vec<ReturnNo>, Fault> {
    source.with(ORDER_RETURNS, |rows| {
        let mut found = Vec::new();
        for row in rows.rows((order.0, 0), (order.0 + 1, 0))? {
            let (key, _) = row.map_err(|why| Fault::Io { what: "reading returns".to_owned(), why: why.to_string() })?;
            found.push(ReturnNo(key.value().1));
        }
        Ok(found)
    })
}
