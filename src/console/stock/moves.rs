//! Every movement of a product in a store, newest first, back to its cause.

use crate::console::screen::Now;
use crate::domain::fact::{Fact, OrderFact, ReturnFact};
use crate::domain::{MoveKind, Status};
use crate::store::Fault;
use crate::store::segment::Segment;
use crate::unit::{ProductId, Quantity, Stamp, StoreId};

/// Movements shown at most.
const SHOWN: usize = 200;
/// Days with trade looked back at most.
const DAYS: usize = 120;

/// One movement: when, signed quantity, what it was.
struct Movement {
    at: Stamp,
    quantity: i64,
    cause: String,
}

/// The movements in lines of text.
pub(super) fn page(product: ProductId, store: StoreId, now: &Now<'_>) -> Result<String, Fault> {
    let mut found = by_hand(product, store, now)?;
    trade(product, store, now, &mut found)?;
    found.sort_by_key(|movement| std::cmp::Reverse(movement.at.unix_ms));
    found.truncate(SHOWN);
    let mut page = String::new();
    for movement in &found {
        let time =
            movement.at.time_of_day().map(|(hour, minute, _)| format!("{hour:02}:{minute:02}")).unwrap_or_default();
        let quantity = Quantity(movement.quantity).grouped();
        let sign = if movement.quantity > 0 { "+" } else { "" };
        page.push_str(&format!(
            "{} {time:5}  {:>10}  {}\n",
            movement.at.day(),
            format!("{sign}{quantity}"),
            movement.cause
        ));
    }
    if found.is_empty() {
        page.push_str("Nothing has moved here lately.\n");
    }
    Ok(page)
}

fn by_hand(product: ProductId, store: StoreId, now: &Now<'_>) -> Result<Vec<Movement>, Fault> {
    let moves = now.shop.moves_of(product, SHOWN)?;
    let of_store = moves.into_iter().filter(|(_, moved)| moved.store == store);
    Ok(of_store
        .map(|(_, moved)| {
            let what = match moved.kind {
                MoveKind::Received => "received",
                MoveKind::Adjusted => "corrected",
                MoveKind::Counted => "counted",
                MoveKind::Imported => "from a file",
                MoveKind::Cancelled => "came back",
            };
            let by =
                moved.by.and_then(|id| now.shop.directory().person(id)).map(|person| format!(" by {}", person.name));
            let reason = moved.reason.map(|reason| format!(": {reason}")).unwrap_or_default();
            Movement {
                at: moved.at,
                quantity: moved.quantity.0,
                cause: format!("{what}{}{reason}", by.unwrap_or_default()),
            }
        })
        .collect())
}

/// Sales and returns: the tail, then the segments of the latest days.
fn trade(product: ProductId, store: StoreId, now: &Now<'_>, found: &mut Vec<Movement>) -> Result<(), Fault> {
    let mut orders = std::collections::BTreeMap::new();
    let mut returns = std::collections::BTreeMap::new();
    for day in now.shop.days_before(now.today.add_days(2), DAYS)? {
        for stored in now.shop.segments(day, day.add_days(1))? {
            let Ok(segment) = Segment::decode(&stored) else { continue };
            orders.extend(segment.order_facts().into_iter().map(|fact| (fact.no, fact)));
            returns.extend(segment.return_facts().into_iter().map(|fact| (fact.no, fact)));
        }
        orders.retain(|_, fact: &mut OrderFact| fact.lines.iter().any(|line| line.product == product));
        returns.retain(|_, fact: &mut ReturnFact| fact.product == Some(product));
        if orders.len() + returns.len() >= SHOWN {
            break;
        }
    }
    for signed in now.shop.tail().unsealed() {
        match &signed.fact {
            Fact::Order(fact) if signed.plus => drop(orders.insert(fact.no, fact.clone())),
            Fact::Return(fact) if signed.plus => drop(returns.insert(fact.no, fact.clone())),
            _ => {}
        }
    }
    for fact in orders.values().filter(|fact| fact.store == store) {
        let Ok(Some(order)) = now.shop.order(fact.no) else { continue };
        if !order.moves_stock {
            continue;
        }
        let sold: i64 = fact.lines.iter().filter(|line| line.product == product).map(|line| line.units.0).sum();
        let (Some(at), true) = (fact.placed, sold != 0) else { continue };
        let receipt = order.receipt.as_ref().map(|receipt| format!(", receipt {receipt}")).unwrap_or_default();
        found.push(Movement { at, quantity: -sold, cause: format!("sold, order {}{receipt}", order.id()) });
        let cancelled = order.steps.iter().find(|step| step.status == Status::Cancelled);
        if let Some(step) = cancelled {
            found.push(Movement { at: step.at, quantity: sold, cause: format!("order {} cancelled", order.id()) });
        }
    }
    for fact in returns.values().filter(|fact| fact.store == store && fact.product == Some(product)) {
        let Ok(Some(back)) = now.shop.return_no(fact.no) else { continue };
        if let (Some(at), true) = (fact.at, back.restock && back.moves_stock) {
            let order = back.order.and_then(|no| now.shop.order(no).ok().flatten());
            let order = order.map(|order| format!(" of order {}", order.id())).unwrap_or_default();
            found.push(Movement { at, quantity: fact.units.0, cause: format!("returned{order}") });
        }
    }
    Ok(())
}
