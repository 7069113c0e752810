//! What an act is about, for whoever is to allow it: the goods and the amount. Never decides anything.

use crate::domain::basket::Basket;
use crate::domain::command::{Command, ReturnLine};
use crate::domain::refund::worth;
use crate::domain::{Order, Product};
use crate::engine::Snapshot;
use crate::unit::{Money, OrderNo, ProductId, Quantity};

/// Goods named one by one; more are counted.
const NAMED: usize = 3;

/// The goods and the amount, in words; `None` where an act has neither.
pub(super) fn about(snapshot: &Snapshot, command: &Command) -> Option<String> {
    let minor = snapshot.directory().minor();
    match command {
        Command::PlaceOrder { basket, .. } => given_off(snapshot, basket),
        Command::CancelOrder { order } => {
            let order = known(snapshot, *order)?;
            let goods = order.lines.iter().map(|line| (line.quantity, line.product));
            Some(format!("order {}: {}, {}", order.id(), listed(snapshot, goods), order.total()?.grouped(minor)))
        }
        Command::ReturnLines { order, lines, .. } => {
            let order = known(snapshot, *order)?;
            let goods = lines.iter().filter_map(|back| Some((back.quantity, order.line(back.line_no)?.product)));
            let worth = worth_of(snapshot, &order, lines)?.grouped(minor);
            Some(format!("order {}: {worth} for {}", order.id(), listed(snapshot, goods)))
        }
        Command::ReturnWithoutReceipt { product, quantity, refund, .. } => {
            Some(format!("{} for {}", refund.grouped(minor), counted(snapshot, *quantity, *product)))
        }
        Command::ReceiveStock { product, quantity, .. } | Command::AdjustStock { product, quantity, .. } => {
            Some(counted(snapshot, *quantity, *product))
        }
        Command::CountStock { product, counted: found, .. } => {
            Some(format!("{} counted", counted(snapshot, *found, *product)))
        }
        Command::SaveProduct(product) | Command::ChangeProduct { product, .. } => Some(priced(product, minor)),
        _ => None,
    }
}

fn known(snapshot: &Snapshot, order: OrderNo) -> Option<Order> {
    snapshot.order(order).ok().flatten()
}

/// What the goods were cut by, and from what.
fn given_off(snapshot: &Snapshot, basket: &Basket) -> Option<String> {
    let settings = snapshot.directory().settings.as_ref()?;
    let minor = settings.currency.exponent;
    let priced = basket.price(settings.tax_included, settings.currency.step()).ok()?;
    let (mut whole, mut cut) = (Money::ZERO, Vec::new());
    for (line, figures) in basket.lines.iter().zip(&priced.lines) {
        let listed = line.listed.unwrap_or(line.unit_price).times_quantity(line.quantity)?;
        whole = whole.checked_add(listed)?;
        if figures.value < listed {
            cut.push((line.quantity, line.product));
        }
    }
    let off = whole.checked_sub(priced.value)?.grouped(minor);
    Some(format!("{off} off {} for {}", whole.grouped(minor), listed(snapshot, cut.into_iter())))
}

/// What these lines came to, after what has come back of them.
fn worth_of(snapshot: &Snapshot, order: &Order, lines: &[ReturnLine]) -> Option<Money> {
    let step = snapshot.directory().settings.as_ref()?.currency.step();
    let worth = |back: &ReturnLine| {
        let line = order.line(back.line_no)?;
        let after = worth(order, line, line.returned.checked_add(back.quantity)?, step)?;
        after.checked_sub(worth(order, line, line.returned, step)?)
    };
    Money::total(lines.iter().map(worth).collect::<Option<Vec<_>>>()?)
}

fn priced(product: &Product, minor: u8) -> String {
    let price = product.price.map(|price| format!(" at {}", price.grouped(minor))).unwrap_or_default();
    format!("{}{price}", product.name)
}

/// `2 Green tea`
fn counted(snapshot: &Snapshot, quantity: Quantity, product: ProductId) -> String {
    let name = snapshot.catalogue().product(product).map(|product| product.name.as_str()).unwrap_or_default();
    format!("{} {name}", quantity.grouped())
}

/// `2 Green tea, 1 Butter bun and 4 more`
fn listed(snapshot: &Snapshot, goods: impl Iterator<Item = (Quantity, ProductId)>) -> String {
    let mut named: Vec<String> = goods.map(|(quantity, product)| counted(snapshot, quantity, product)).collect();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    named.join(", ") + &more
}
