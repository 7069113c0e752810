//! The list of baskets on hold, which goes on living while it is open: others put theirs aside and take them up.

use super::state::Sale;
use crate::console::screen::{Choice, Effect, Now};
use crate::store::record::Held;

impl Sale {
    /// Opens the list.
    pub(super) fn recall(&mut self, now: &Now<'_>) -> Vec<Effect> {
        match now.shop.held() {
            Ok(held) => {
                self.holds = held.iter().map(|held| held.id).collect();
                let choices = held.iter().map(|held| choice(held, now)).collect();
                vec![Effect::Pick { name: "held", title: "Baskets on hold".to_owned(), choices }]
            }
            Err(fault) => vec![Effect::Refuse(fault.to_string())],
        }
    }

    /// What the list, if it is open, holds by now.
    pub(super) fn follow_held(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let held = now.shop.held().unwrap_or_default();
        if held.iter().map(|held| held.id).eq(self.holds.iter().copied()) {
            return Vec::new();
        }
        self.holds = held.iter().map(|held| held.id).collect();
        vec![Effect::Choices { name: "held", choices: held.iter().map(|held| choice(held, now)).collect() }]
    }
}

fn choice(held: &Held, now: &Now<'_>) -> Choice {
    let by = now.shop.directory().person(held.by).map(|person| person.name.to_string()).unwrap_or_default();
    let time = held.at.time_of_day().map(|(hour, minute, _)| format!("{hour:02}:{minute:02}")).unwrap_or_default();
    let total = held.basket.price(now.settings.tax_included, now.settings.currency.step());
    let total = total.map(|priced| now.money(priced.total)).unwrap_or_default();
    let first = held.basket.lines.first().map(|line| line.name.to_string()).unwrap_or_default();
    let count = held.basket.lines.len();
    let words = format!("{count} {} · {first}", if count == 1 { "line" } else { "lines" });
    Choice { words, note: format!("{total}   {by} {time}"), id: held.id.0, ..Choice::default() }
}
