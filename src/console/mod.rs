//! The terminal program as plain state: keys in, effects out, cells drawn from state alone.
//!
//! Three files make a screen: `state`, `update`, `draw`. What lies on top of a screen is a layer and gets the key first.
//! Nothing here knows a terminal, a byte or a file of the shop.

pub mod app;
pub mod audit;
pub mod customers;
pub mod desk;
pub mod field;
mod find;
mod handed_out;
pub mod keymap;
pub mod layer;
pub mod orders;
pub mod people;
pub mod print;
pub mod reports;
mod rights;
pub mod sale;
pub mod screen;
pub mod stock;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod widget;

pub use app::{App, Questions, Setup};
pub use desk::{Desk, Guest};

use crate::unit::{RegisterId, StaffId};
use screen::{Effect, Input, Screen};
use std::path::Path;

/// The tabs' names, in order.
const TABS: [&str; 7] = ["Sale", "Orders", "Stock", "Customers", "Reports", "People", "Audit"];

/// The tabs, in order, by name. A new screen is its folder, a name above and a line here.
fn screens(shop: &Path, register: RegisterId, person: StaffId) -> Vec<(&'static str, Box<dyn Screen>)> {
    let all: [Box<dyn Screen>; TABS.len()] = [
        Box::new(sale::Sale::new(shop, register, person)),
        Box::new(orders::Orders::default()),
        Box::new(stock::Stock::default()),
        Box::new(customers::Customers::default()),
        Box::new(reports::Reports::default()),
        Box::new(people::People::default()),
        Box::new(audit::Audit::default()),
    ];
    TABS.into_iter().zip(all).collect()
}

/// Where what one screen found is shown, and how it is told: tab and input.
fn handed(effect: &Effect) -> Option<(usize, Input)> {
    match effect {
        Effect::SellTo(customer) => Some((0, Input::SellTo(*customer))),
        Effect::ShowOrder(no) => Some((1, Input::ShowOrder(*no))),
        Effect::ShowCustomer(id) => Some((3, Input::ShowCustomer(*id))),
        Effect::FilterOrders(words) => Some((1, Input::FilterOrders(words.clone()))),
        Effect::OnlyOrders(words, orders) => Some((1, Input::OnlyOrders(words.clone(), orders.clone()))),
        _ => None,
    }
}
