//! From a figure to the orders that add up to it: the questions that find them.

use crate::console::screen::Now;
use crate::domain::view::Kind;
use crate::report::{Answer, Dim, Filter, Kind as Column, Request, Value};
use crate::store::Fault;
use crate::unit::OrderNo;

/// The name the orders behind a figure are asked under.
pub(super) const BEHIND: &str = "behind";
/// Orders behind a figure that are shown.
pub(super) const ORDERS: usize = 1_000;

/// The same request, sliced to members, asking for the orders and not for their sums.
pub(super) fn slice(request: Request, members: Vec<(Dim, String)>) -> Request {
    let mut request = Request { why: true, top: Some(ORDERS), sort: None, compare: None, ..request };
    request.derived.clear();
    for (dim, member) in members {
        request.filters.retain(|slice| slice.dim != dim);
        request.filters.push(Filter { dim, values: vec![member] });
    }
    request
}

/// What the orders behind a row of a report's answer are asked by, and the row in words. `None` where the row does not stand
/// for members of the report's dimensions, or only for a part of theirs: those orders cannot be asked for.
pub(super) fn of_row(request: Request, answer: &Answer, row: &[Value]) -> Option<(String, Request)> {
    let dims = if request.by.is_empty() { request.preset.dims.to_vec() } else { request.by.clone() };
    let (mut members, mut names, mut at) = (Vec::new(), Vec::new(), 0);
    for dim in dims {
        if !stands_for(answer, at, dim) {
            return None;
        }
        let id = row.get(at)?.plain(answer.minor);
        // Stores, products and people stand there by id and by name.
        let wide = usize::from(dim.is_entity());
        names.push(row.get(at + wide)?.plain(answer.minor));
        members.push((dim, id));
        at += 1 + wide;
    }
    // More words behind the last member, unless they are about a record: the row is a part of that member.
    let more = answer.columns.get(at).is_some_and(|column| matches!(column.kind, Column::Text | Column::Number));
    if more && !members.last().is_some_and(|(dim, _)| dim.is_entity()) {
        return None;
    }
    (!members.is_empty()).then(|| (names.join(" × "), slice(request, members)))
}

/// Whether the values of the column at `at` are members of that dimension.
fn stands_for(answer: &Answer, at: usize, dim: Dim) -> bool {
    let kind = |at: usize| answer.columns.get(at).map(|column| column.kind);
    if dim.is_entity() {
        return kind(at) == Some(Column::Id) && kind(at + 1) == Some(Column::Text);
    }
    let name = answer.columns.get(at).map_or("", |column| column.name.as_str());
    name == dim.word().replace('-', "_") || (dim == Dim::Day && name == "date")
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
