//! Goods of the marked order that come back: the form, and what it asks for once it is filled in.

use super::state::Orders;
use crate::console::layer::form::{Form, quantity, something};
use crate::console::screen::{Effect, Now};
use crate::domain::command::{Command, ReturnLine};
use crate::domain::refund::Purse;
use crate::domain::{Method, Order};
use crate::unit::{Quantity, Text, text};

/// Back by the methods that paid, the one that paid most first.
const AS_PAID: &str = "as paid";
/// How store credit is called on the screen.
const CREDIT: &str = "store credit";

impl Orders {
    pub(super) fn return_form(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(order) = self.marked_order().cloned() else { return Vec::new() };
        self.asked = Some(order.no);
        let left: Vec<(u32, Quantity)> = order
            .lines
            .iter()
            .filter_map(|line| Some((line.no, line.quantity.checked_sub(line.returned)?)))
            .filter(|(_, left)| left.0 > 0)
            .collect();
        let Some((first, quantity_left)) = left.first().copied() else {
            return vec![Effect::Refuse("Everything of it has come back already.".to_owned())];
        };
        let said = |(no, left): &(u32, Quantity)| {
            let product = order.line(*no).and_then(|line| now.shop.catalogue().product(line.product));
            let name = product.map(|product| product.name.to_string()).unwrap_or_default();
            format!("{no}: {} {}", left.grouped(), text::fit(&name, 22))
        };
        let hint = left.iter().map(said).collect::<Vec<_>>().join("  ");
        let methods = methods(&order, now);
        let methods: Vec<&str> = methods.iter().map(String::as_str).collect();
        let form = Form::new("return", format!("Return of order {}", order.id()))
            .field("Line", &first.to_string(), &format!("can come back: {hint}"), something)
            .proposed()
            .field("Quantity", &quantity_left.plain(), "how much of the line", quantity)
            .proposed()
            .field("Reason", "", "such as damaged, wrong item, changed mind", something)
            .choice("On the shelf again", "yes", &["yes", "no"])
            .choice("Paid back", AS_PAID, &methods);
        vec![Effect::Form(form)]
    }

    pub(super) fn return_line(&mut self, values: &[String]) -> Vec<Effect> {
        let Some(order) = self.asked else { return Vec::new() };
        let (Ok(line_no), Ok(quantity)) = (values[0].parse::<u32>(), Quantity::parse_entry(&values[1])) else {
            return vec![Effect::FormError("Line is a number such as 1.".to_owned())];
        };
        let lines = vec![ReturnLine { line_no, quantity, restock: values[3] == "yes" }];
        let method = match values[4].as_str() {
            AS_PAID => None,
            CREDIT => Some(Method::named(Method::STORE_CREDIT)),
            method => Some(Method::named(method)),
        };
        let command = Command::ReturnLines { order, lines, reason: Text::lossy(&values[2]), method };
        vec![Effect::Do("return", Box::new(command))]
    }
}

/// What the form offers: as it was paid, one of several methods first, store credit where there is somebody to have it.
fn methods(order: &Order, now: &Now<'_>) -> Vec<String> {
    let earlier = now.shop.returns_of(order.no).unwrap_or_default();
    let (step, coin) = (now.settings.currency.step(), now.settings.cash_rounding.coin(&now.settings.currency));
    let purse = Purse::of(order, &earlier, step, coin);
    let paid = purse.iter().flat_map(Purse::methods).filter(|method| !method.is(Method::STORE_CREDIT));
    let paid: Vec<String> = paid.map(|method| method.0.to_string()).collect();
    let mut offered = vec![AS_PAID.to_owned()];
    if paid.len() > 1 {
        offered.extend(paid);
    }
    offered.extend(order.customer.map(|_| CREDIT.to_owned()));
    offered
}
