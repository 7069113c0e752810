//! What belongs to a record and stands elsewhere: how a change moves stock, and the returns of an order.

use crate::domain::apply::stock_effects;
use crate::domain::{Change, Order, Return};
use crate::store::Fault;
use crate::store::record::{Source, get};
use crate::store::table::ORDER_RETURNS;
use crate::unit::{OrderNo, ProductId, Quantity, ReturnNo, StoreId};

/// How a change moves stock.
pub(super) fn stock_moves(source: &impl Source, change: &Change) -> Result<Vec<(StoreId, ProductId, Quantity)>, Fault> {
    let order = match change {
        Change::OrderStepped { order, .. } => get::<Order>(source, order.0)?,
        Change::GoodsReturned(back) => match back.order {
            Some(no) => get::<Order>(source, no.0)?,
            None => None,
        },
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
