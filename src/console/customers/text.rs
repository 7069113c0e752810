//! A customer written down: who, what they bought, what came back, what they said.

use crate::console::screen::Now;
use crate::domain::{Customer, CustomerDetails, FeedbackState, Status};
use crate::unit::{FeedbackNo, Money, ProductId, Stamp, text};
use std::collections::HashMap;

/// Columns of the page.
pub(super) const WIDTH: usize = 48;
/// Orders read for totals and favourites at most; a customer of more is summed over the latest.
const READ: usize = 400;
/// Orders and pieces of feedback listed.
const LISTED: usize = 6;

/// The customer in lines of text, and their oldest open feedback.
pub(super) fn page(customer: &Customer, known: &CustomerDetails, now: &Now<'_>) -> (Vec<String>, Option<FeedbackNo>) {
    let mut page = vec![known.name.as_ref().unwrap_or(&customer.ext).to_string()];
    page.push(format!("id {}", customer.ext));
    for field in [&known.email, &known.phone, &known.address, &known.location].into_iter().flatten() {
        page.push(text::fit(field, WIDTH));
    }
    let mut person: Vec<String> = known.gender.iter().map(ToString::to_string).collect();
    person.extend(known.birth_date.map(|born| format!("born {born}")));
    person.extend(customer.registered_on.map(|since| format!("since {since}")));
    if !person.is_empty() {
        page.push(person.join(" · "));
    }
    if !customer.store_credit.is_zero() {
        page.push(format!("store credit {}", now.money(customer.store_credit)));
    }
    page.extend(known.notes.iter().map(|notes| text::fit(notes, WIDTH)));
    page.push(String::new());
    bought(customer, now, &mut page);
    let open = said(customer, now, &mut page);
    (page, open)
}

fn bought(customer: &Customer, now: &Now<'_>, page: &mut Vec<String>) {
    let orders = now.shop.orders_of(customer.id).unwrap_or_default();
    let mut spent = Money::ZERO;
    let mut counted = 0u64;
    let mut favourites: HashMap<ProductId, u32> = HashMap::new();
    let mut latest = Vec::new();
    let mut back = 0usize;
    let (mut first, mut last): (Option<Stamp>, Option<Stamp>) = (None, None);
    for no in orders.iter().take(READ) {
        let Ok(Some(order)) = now.shop.order(*no) else { continue };
        let total = order.total().unwrap_or(Money::ZERO);
        if latest.len() < LISTED {
            let placed = order.placed.map(|placed| placed.day().to_string()).unwrap_or_default();
            latest.push((format!("{placed}  {} {}", order.id(), order.status.word()), now.money(total)));
        }
        back += order.lines.iter().filter(|line| !line.returned.is_zero()).count();
        if order.status == Status::Cancelled {
            continue;
        }
        counted += 1;
        spent = spent.checked_add(total).unwrap_or(spent);
        last = last.or(order.placed);
        first = order.placed.or(first);
        for line in &order.lines {
            *favourites.entry(line.product).or_default() += 1;
        }
    }
    if orders.is_empty() {
        page.push("No order yet.".to_owned());
        return;
    }
    let more = if orders.len() > READ { " (of the latest)" } else { "" };
    page.push(line(&format!("{counted} {}{more}", if counted == 1 { "order" } else { "orders" }), &now.money(spent)));
    let average = spent.share(1, i128::from(counted.max(1))).unwrap_or(spent);
    page.push(line(
        "an order on average",
        &now.money(average.round_to(now.settings.currency.step()).unwrap_or(average)),
    ));
    if let (Some(first), Some(last)) = (first, last) {
        page.push(format!("from {} to {}", first.day(), last.day()));
    }
    if back > 0 {
        page.push(format!("{back} {} came back", if back == 1 { "line" } else { "lines" }));
    }
    let mut most: Vec<(std::cmp::Reverse<u32>, ProductId)> =
        favourites.into_iter().map(|(product, count)| (std::cmp::Reverse(count), product)).collect();
    most.sort_unstable();
    for (count, product) in most.iter().take(3) {
        let name = now.shop.catalogue().product(*product).map(|product| product.name.to_string()).unwrap_or_default();
        page.push(line(&format!("likes {name}"), &format!("{}×", count.0)));
    }
    page.push(String::new());
    page.extend(latest.iter().map(|(words, figure)| line(words, figure)));
}

fn said(customer: &Customer, now: &Now<'_>, page: &mut Vec<String>) -> Option<FeedbackNo> {
    let feedback = now.shop.feedback_of(customer.id).unwrap_or_default();
    let mut open = None;
    if !feedback.is_empty() {
        page.push(String::new());
    }
    for (at, no) in feedback.iter().enumerate() {
        let Ok(Some((said, words))) = now.shop.feedback(*no) else { continue };
        if said.state == FeedbackState::Open {
            // Newest first: the last one seen is the oldest.
            open = Some(*no);
        }
        if at < LISTED {
            let stars = said.rating.map(|rating| format!("{rating}/5 ")).unwrap_or_default();
            let state = if said.state == FeedbackState::Open { "open" } else { "resolved" };
            let category = said.category.as_deref().unwrap_or("feedback");
            let day = said.at.map(|at| at.day().to_string()).unwrap_or_default();
            page.push(line(&format!("{stars}{category}, {state}"), &day));
            page.extend(words.map(|words| format!("  {}", text::fit(&words, WIDTH - 2))));
        }
    }
    open
}

/// Words to the left, a figure to the right.
fn line(words: &str, figure: &str) -> String {
    let room = WIDTH.saturating_sub(text::width(figure) + 1);
    format!("{} {figure}", text::pad_right(&text::fit(words, room), room))
}
