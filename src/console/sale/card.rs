//! The customer a basket belongs to, in a few lines.

use crate::console::screen::Now;
use crate::unit::{CustomerId, Money, ProductId, Text};
use std::collections::HashMap;

/// Orders looked at for what a customer usually buys.
const LOOKED_AT: usize = 25;

/// What the cashier sees of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Their name, else their id.
    pub name: Text,
    /// How many orders they placed, cancelled ones too.
    pub orders: usize,
    /// How many days ago the last one was.
    pub last_days: Option<i32>,
    /// What they bought most of lately.
    pub usually: Vec<Text>,
    /// What the shop owes them.
    pub credit: Money,
}

impl Card {
    /// Of a customer on record.
    pub fn of(id: CustomerId, now: &Now<'_>) -> Option<Card> {
        let (customer, known) = now.shop.customer(id).ok()??;
        let orders = now.shop.orders_of(id).ok()?;
        let mut bought: HashMap<ProductId, u32> = HashMap::new();
        let mut last_days = None;
        for no in orders.iter().take(LOOKED_AT) {
            let Ok(Some(order)) = now.shop.order(*no) else { continue };
            if last_days.is_none() {
                last_days = order.placed.map(|placed| now.today.0 - placed.day().0);
            }
            for line in &order.lines {
                *bought.entry(line.product).or_default() += 1;
            }
        }
        let mut most: Vec<(std::cmp::Reverse<u32>, ProductId)> =
            bought.into_iter().map(|(product, count)| (std::cmp::Reverse(count), product)).collect();
        most.sort_unstable();
        let name = known.and_then(|known| known.name).unwrap_or(customer.ext);
        let product = |id: &ProductId| now.shop.catalogue().product(*id).map(|product| product.name.clone());
        let usually = most.iter().filter_map(|(_, id)| product(id)).take(2).collect();
        Some(Card { name, orders: orders.len(), last_days, usually, credit: customer.store_credit })
    }

    /// How often and when last, in words.
    pub fn habit(&self) -> String {
        let orders = match self.orders {
            0 => return "first time here".to_owned(),
            1 => "1 order".to_owned(),
            many => format!("{many} orders"),
        };
        match self.last_days {
            Some(0) => format!("{orders} · last today"),
            Some(1) => format!("{orders} · last yesterday"),
            Some(days) => format!("{orders} · last {days} days ago"),
            None => orders,
        }
    }
}
