//! What others were quicker with: goods in the basket that they have just sold, told at once, and baskets on hold that they took
//! up; by whom and when. A sale may go on all the same: what lies on the counter can be sold, whatever the books say.

use super::state::Sale;
use crate::console::screen::{Effect, Now};
use crate::domain::Change;
use crate::domain::fact::Fact;
use crate::unit::{BasketId, ProductId, Quantity, Seq, Stamp};
use std::collections::BTreeMap;

impl Sale {
    /// What the basket needs of each product that has a stock, and how much there is.
    fn needs(&self, now: &Now<'_>) -> BTreeMap<ProductId, (Quantity, Quantity)> {
        let mut needs: BTreeMap<ProductId, (Quantity, Quantity)> = BTreeMap::new();
        now.shop.with_stock(|columns| {
            for line in self.basket.lines.iter().filter(|line| columns.is_known(now.store.id, line.product)) {
                let there = columns.quantity(now.store.id, line.product);
                let (needed, _) = needs.entry(line.product).or_insert((Quantity::default(), there));
                *needed = needed.checked_add(line.quantity).unwrap_or(*needed);
            }
        });
        needs
    }

    /// Remembers what the basket needs now. How much there was of it when it was looked at last stays: what others sold since
    /// has not been told yet.
    pub(super) fn note_needs(&mut self, now: &Now<'_>) {
        let mut needs = self.needs(now);
        for (product, (_, there)) in &mut needs {
            *there = self.needs.get(product).map_or(*there, |(_, then)| *then);
        }
        self.needs = needs;
    }

    /// Remembers how much there is of what the basket needs.
    pub(super) fn note_stock(&mut self, now: &Now<'_>) {
        self.needs = self.needs(now);
    }

    /// Tells of what there was enough of when it was looked at last, and is not any more.
    pub(super) fn tell_what_is_gone(&self, now: &Now<'_>) -> Vec<Effect> {
        let is_gone = |product: &ProductId, needed: Quantity, there: Quantity| {
            let before = self.needs.get(product);
            before.is_some_and(|(needed_then, then)| *needed_then <= *then && there < *then) && there < needed
        };
        let gone = self.needs(now).into_iter().filter(|(product, (needed, there))| is_gone(product, *needed, *there));
        gone.map(|(product, (_, there))| {
            let name =
                now.shop.catalogue().product(product).map(|product| product.name.to_string()).unwrap_or_default();
            let by = sold_by(now, product).unwrap_or_else(|| "It went elsewhere".to_owned());
            Effect::Notice(format!("{name}: {by}; {} left by the books.", there.grouped()))
        })
        .collect()
    }
}

/// Who sold a product last in this store, and at what time.
fn sold_by(now: &Now<'_>, product: ProductId) -> Option<String> {
    let tail = now.shop.tail();
    let sales = tail.after(tail.complete_after).filter_map(|signed| match &signed.fact {
        Fact::Order(fact) if signed.plus && fact.store == now.store.id => Some(fact),
        _ => None,
    });
    let last = sales.filter(|fact| fact.lines.iter().any(|line| line.product == product)).last()?;
    let name = now.shop.directory().person(last.cashier?)?.name.to_string();
    let (hour, minute, _) = last.placed?.time_of_day()?;
    Some(format!("{name} sold it at {hour:02}:{minute:02}"))
}

/// Entries looked through for who took a basket up.
const LOOKED_THROUGH: usize = 2_000;

/// Who took a basket on hold up, and when.
pub(super) fn taken_by(now: &Now<'_>, id: BasketId) -> Option<String> {
    let (mut taken, mut looked) = (None, 0);
    let found = now.shop.entries_back(Seq(u64::MAX), &mut |entry| {
        looked += 1;
        taken = entry.changes.iter().find_map(|change| match change {
            Change::BasketRecalled { id: gone, by } if *gone == id => Some((*by, entry.at_ms)),
            _ => None,
        });
        taken.is_none() && looked < LOOKED_THROUGH
    });
    let (by, at_ms) = found.ok().and(taken)?;
    let name = &now.shop.directory().person(by)?.name;
    let (hour, minute, _) = Stamp::at(at_ms, &now.zone).time_of_day()?;
    Some(format!("{name} has taken that basket up at {hour:02}:{minute:02}."))
}
