//! From a figure to the orders that add up to it: the questions that find them.

use crate::console::screen::Now;
use crate::domain::view::Kind;
use crate::report::{Answer, Filter, Request, Value, row_members};
use crate::store::Fault;
use crate::unit::OrderNo;

/// The name the orders behind a figure are asked under.
pub(super) const BEHIND: &str = "behind";
/// Orders behind a figure that are shown.
pub(super) const ORDERS: usize = 1_000;

/// The same request, sliced to members, asking for the orders and not for their sums.
pub(super) fn slice(request: Request, members: Vec<Filter>) -> Request {
    let mut request = Request { why: true, top: Some(ORDERS), sort: None, compare: None, ..request };
    request.derived.clear();
    for slice in members {
        request.filters.retain(|other| other.dim != slice.dim);
        request.filters.push(slice);
    }
    request
}

/// What the orders behind a row of a report's answer are asked by, and the row in words; `None` where they cannot be.
pub(super) fn of_row(request: Request, answer: &Answer, row: &[Value]) -> Option<(String, Request)> {
    let (words, members) = row_members(&request, answer, row)?;
    Some((words, slice(request, members)))
}

/// The orders of an answer to such a question; none where what was asked does not come from orders.
pub(super) fn orders(answer: &Answer, now: &Now<'_>) -> Result<Vec<OrderNo>, Fault> {
    let mut orders = Vec::new();
    // What does not come from orders is answered by its own rows.
    let is_of_orders = answer.columns.first().is_some_and(|column| column.name == "what");
    for id in answer.column("id").filter(|_| is_of_orders).into_iter().flatten() {
        // A return without a receipt has no order.
        if let Value::Text(id) = id {
            orders.extend(now.shop.find(Kind::Order, id)?.map(OrderNo));
        }
    }
    Ok(orders)
}
