//! The quick keys: what this store sold most often lately, asked as a report like any other, off the key path. Once there are
//! some they stay for as long as the screen lives: a hand knows where they are.

use super::state::{Sale, offer};
use crate::console::screen::{Effect, Now};
use crate::domain::view::Kind;
use crate::report::{Answer, Request, Value};
use crate::unit::ProductId;

/// The name the best sellers are asked under.
const BEST_SELLERS: &str = "best sellers";
/// There is a digit for each.
pub(super) const KEYS: usize = 9;
/// Products asked for: some may have no price, or be gone.
const ASKED: usize = 2 * KEYS;
/// Days that count, up to the last one with trade.
const DAYS: i32 = 28;

impl Sale {
    /// Asks for the best sellers, at first and after each sale, while there are none.
    pub(super) fn ask_best_sellers(&mut self, now: &Now<'_>) -> Vec<Effect> {
        if !std::mem::take(&mut self.quick_due) || !self.quick.is_empty() {
            return Vec::new();
        }
        question(now).map(|request| Effect::Ask(vec![(BEST_SELLERS, request)])).into_iter().collect()
    }

    /// Puts the best sellers on the keys.
    pub(super) fn take_best_sellers(&mut self, answers: Vec<(&'static str, Result<Answer, String>)>, now: &Now<'_>) {
        // A shop in which they cannot be counted sells without quick keys.
        let answer = answers.into_iter().find(|(name, _)| *name == BEST_SELLERS).and_then(|(_, answer)| answer.ok());
        let Some(answer) = answer.filter(|_| self.quick.is_empty()) else { return };
        let product = |id: &Value| match id {
            Value::Text(id) => now.shop.find(Kind::Product, id).ok().flatten().map(|id| ProductId(id as u32)),
            _ => None,
        };
        let products = answer.column("product_id").into_iter().flatten().filter_map(product);
        let offers = products.filter_map(|id| offer(now, id)).filter(|offer| offer.price.is_some());
        self.quick = offers.take(KEYS).collect();
    }
}

/// By orders and not by units: what is weighed, or bought by the dozen, is not rung more often for that.
fn question(now: &Now<'_>) -> Option<Request> {
    let words = ["sales", "--by", "product", "--measures", "orders", "--sort", "orders"];
    let mut request = Request::parse(&words).ok()?;
    request.top = Some(ASKED);
    // A shop that was closed for long goes on with what it sold before.
    let last = now.shop.segment_days().ok()?.map_or(now.today, |(_, last)| last.min(now.today));
    request.from = Some(last.add_days(1 - DAYS));
    request.to = Some(now.today.add_days(1));
    request.store = Some(now.store.ext.to_string());
    Some(request)
}
