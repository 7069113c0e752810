//! Every movement of a product in a store, newest first, back to its cause.

use crate::console::screen::Now;
use crate::domain::fact::return_fact;
use crate::domain::{MoveKind, Status};
use crate::store::Fault;
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

/// Sales and returns, each as its record tells it.
fn trade(product: ProductId, store: StoreId, now: &Now<'_>, found: &mut Vec<Movement>) -> Result<(), Fault> {
    let trade = now.shop.trade_of(product, now.today.add_days(2), DAYS, SHOWN)?;
    for no in trade.orders {
        let Some(order) = now.shop.order(no)?.filter(|order| order.store == store && order.moves_stock) else {
            continue;
        };
        let Some(at) = order.placed else { continue };
        let lines = order.lines.iter().filter(|line| line.product == product);
        let sold: i64 = lines.map(|line| line.quantity.0).sum();
        let receipt = order.receipt.as_ref().map(|receipt| format!(", receipt {receipt}")).unwrap_or_default();
        found.push(Movement { at, quantity: -sold, cause: format!("sold, order {}{receipt}", order.id()) });
        if let Some(step) = order.steps.iter().find(|step| step.status == Status::Cancelled) {
            found.push(Movement { at: step.at, quantity: sold, cause: format!("order {} cancelled", order.id()) });
        }
    }
    for no in trade.returns {
        let Some(back) = now.shop.return_no(no)?.filter(|back| back.restock && back.moves_stock) else { continue };
        let order = back.order.map(|no| now.shop.order(no)).transpose()?.flatten();
        let at_store = return_fact(&back, order.as_ref()).store == store;
        if let (Some(at), true) = (back.at, at_store) {
            let order = order.map(|order| format!(" of order {}", order.id())).unwrap_or_default();
            found.push(Movement { at, quantity: back.quantity.0, cause: format!("returned{order}") });
        }
    }
    Ok(())
}
