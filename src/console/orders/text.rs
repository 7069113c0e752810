//! An order written down: lines, payments, way, returns.

use crate::console::screen::Now;
use crate::domain::Order;
use crate::exchange::receipt::Slip;
use crate::unit::{Money, Stamp, text};

/// Columns of the page.
pub(super) const WIDTH: usize = 50;

/// The order in lines of text.
pub(super) fn page(order: &Order, now: &Now<'_>) -> Vec<String> {
    let mut page = vec![format!("Order {}", order.id())];
    page.extend(order.receipt.as_ref().map(|receipt| format!("Receipt {receipt}")));
    page.extend(order.placed.map(|placed| format!("placed {}", when(placed))));
    let directory = now.shop.directory();
    let store = directory.store(order.store).map(|store| store.name.to_string());
    let register = order.register.and_then(|id| directory.register(id)).map(|register| register.name.to_string());
    let cashier = order.cashier.and_then(|id| directory.person(id)).map(|person| person.name.to_string());
    let place: Vec<String> = [store, register, cashier].into_iter().flatten().collect();
    page.push(place.join(" · "));
    if let Some((customer, known)) = order.customer.and_then(|id| now.shop.customer(id).ok().flatten()) {
        page.push(format!("for {}", known.and_then(|known| known.name).unwrap_or(customer.ext)));
    }
    page.push(String::new());
    lines(order, now, &mut page);
    page.push(String::new());
    for payment in &order.payments {
        page.push(row(&format!("{} ", payment.method.0), &now.money(payment.amount)));
    }
    page.push(String::new());
    page.push(format!("now {}", order.status.word()));
    for step in &order.steps {
        let by = step
            .by
            .and_then(|id| directory.person(id))
            .map(|person| format!(" by {}", person.name))
            .unwrap_or_default();
        page.push(format!("  {} {}{by}", step.status.word(), when(step.at)));
    }
    for slip in Slip::of_order(now.shop, order).unwrap_or_default() {
        came_back(&slip, now, &mut page);
    }
    if let Ok(Some(details)) = now.shop.order_details(order) {
        page.extend(details.note.map(|note| format!("note: {note}")));
    }
    page
}

fn came_back(slip: &Slip, now: &Now<'_>, page: &mut Vec<String>) {
    page.extend(slip.at.map(|at| format!("back on {}", when(at))));
    for line in &slip.lines {
        let what = format!("returned {} of line {}", line.quantity.grouped(), line.line_no.unwrap_or(0));
        page.push(row(&what, &now.money(line.value)));
        page.extend(line.reason.as_ref().map(|reason| format!("  {reason}")));
    }
    if !slip.rounding.is_zero() {
        page.push(row("  rounding", &now.money(slip.rounding)));
    }
    for (method, amount) in &slip.refunds {
        page.push(row(&format!("  paid back by {}", method.0), &now.money(*amount)));
    }
}

fn lines(order: &Order, now: &Now<'_>, page: &mut Vec<String>) {
    for line in &order.lines {
        let product =
            now.shop.catalogue().product(line.product).map(|product| product.name.to_string()).unwrap_or_default();
        page.push(row(&format!("{} {product}", line.no), &now.money(line.value().unwrap_or(Money::ZERO))));
        let mut note = format!("   {} × {}", line.quantity.grouped(), now.money(line.unit_price));
        if let Some(off) = line.discount().filter(|off| !off.is_zero()) {
            note.push_str(&format!("  off {}", now.money(off)));
        }
        if !line.returned.is_zero() {
            note.push_str(&format!("  returned {}", line.returned.grouped()));
        }
        page.push(note);
    }
    let tax = Money::total(order.lines.iter().map(|line| line.tax)).unwrap_or(Money::ZERO);
    let inside = if order.tax_included { "of it tax" } else { "with tax" };
    page.push(row("Total", &now.money(order.total().unwrap_or(Money::ZERO))));
    page.push(row(inside, &now.money(tax)));
}

/// Words to the left, a figure to the right.
fn row(words: &str, figure: &str) -> String {
    let room = WIDTH.saturating_sub(text::width(figure) + 1);
    format!("{} {figure}", text::pad_right(&text::fit(words, room), room))
}

/// A moment as a person reads it.
pub(super) fn when(stamp: Stamp) -> String {
    match stamp.time_of_day() {
        Some((hour, minute, _)) => format!("{} {hour:02}:{minute:02}", stamp.day()),
        None => stamp.day().to_string(),
    }
}
