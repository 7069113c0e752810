//! Goods that come back, of the marked order or without a receipt: the forms, and what they ask for once they are filled in.

use super::state::Orders;
use crate::console::layer::form::{Does, Form, money, quantity, something};
use crate::console::print;
use crate::console::screen::{Effect, Now};
use crate::domain::command::{Command, ReturnLine};
use crate::domain::refund::Purse;
use crate::domain::{Method, Order};
use crate::unit::{Money, Quantity, ReturnNo, Text, text};

/// Back by the methods that paid, the one that paid most first.
const AS_PAID: &str = "as paid";
/// How goods without a receipt are paid back: nobody knows how they were paid.
const FREELY: [&str; 4] = [Method::CASH, Method::CARD, Method::TRANSFER, Method::OTHER];
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
            .choice("Paid back", AS_PAID, &methods)
            .does(Does::PayBack);
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

impl Orders {
    pub(super) fn free_return_form() -> Vec<Effect> {
        let form = Form::new("return without receipt", "Return without a receipt")
            .field("Goods", "", "barcode, SKU, id or name", something)
            .field("Quantity", "1", "how much of it", quantity)
            .proposed()
            .field("Paid back", "", "for all of it, tax and all", money)
            .field("Reason", "", "such as damaged, wrong item, changed mind", something)
            .choice("On the shelf again", "no", &["no", "yes"])
            .choice("By", Method::CASH, &FREELY)
            .does(Does::PayBack);
        vec![Effect::Form(form)]
    }

    pub(super) fn return_goods(&mut self, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        let catalogue = now.shop.catalogue();
        let goods = values[0].trim();
        let found = match catalogue.by_code(goods) {
            [] => catalogue.search(goods, 2),
            known => known.to_vec(),
        };
        let product = match found.as_slice() {
            [product] => *product,
            [] => return vec![Effect::FormError(format!("Nothing is known by {}.", text::fit(goods, 40)))],
            _ => {
                return vec![Effect::FormError(
                    "Several are known by that; give a barcode, an id or more of the name.".to_owned(),
                )];
            }
        };
        let (Ok(quantity), Ok(refund)) = (Quantity::parse_entry(&values[1]), Money::parse_entry(&values[2])) else {
            return Vec::new();
        };
        self.asked = None;
        let (reason, method) = (Text::lossy(&values[3]), Method::named(&values[5]));
        let restock = values[4] == "yes";
        let command = Command::ReturnWithoutReceipt { product, quantity, refund, reason, method, restock };
        vec![Effect::Do("return without receipt", Box::new(command))]
    }

    /// Says what is to be paid back, and offers the slip.
    pub(super) fn came_back(
        &mut self,
        returns: &[ReturnNo],
        refunds: &[(Method, Money)],
        now: &Now<'_>,
    ) -> Vec<Effect> {
        self.slip = returns.first().copied();
        let paid = refunds.iter().map(|(method, amount)| format!("{} by {}", now.money(*amount), method.0));
        let paid = paid.collect::<Vec<_>>().join(", ");
        vec![Effect::Say(format!("Pay back {paid}. Ctrl-R prints the slip."))]
    }

    /// The slip of what has just come back; else a copy of the marked order's last.
    pub(super) fn print_slip(&self, fresh: Option<ReturnNo>, now: &Now<'_>) -> Vec<Effect> {
        let last = |order: &Order| now.shop.returns_of(order.no).unwrap_or_default().pop().map(|back| back.no);
        let Some(no) = fresh.or_else(|| self.marked_order().and_then(last)) else {
            return vec![Effect::Refuse("Nothing of this order has come back.".to_owned())];
        };
        vec![print::slip(now, no, fresh.is_none()).unwrap_or_else(Effect::Refuse)]
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
