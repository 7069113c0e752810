//! The words behind `/`: a status, a day or month, an amount, a customer's name, an order's or receipt's number.

use crate::domain::{Order, Status};
use crate::engine::Place;
use crate::unit::{Day, Money, text};
use std::ops::Range;

/// What an order must be to be shown; every word narrows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    status: Option<Status>,
    day: Option<Day>,
    month: Option<String>,
    at_least: Option<Money>,
    at_most: Option<Money>,
    exactly: Option<Money>,
    words: Vec<String>,
    /// These orders alone, by time, and what they are in words.
    only: Option<(String, Vec<Place>)>,
}

impl Filter {
    /// These orders and no others; `said` is what they are.
    pub fn only(said: String, mut orders: Vec<Place>) -> Filter {
        orders.sort_unstable();
        orders.dedup();
        Filter { only: Some((said, orders)), ..Filter::default() }
    }

    /// Where the orders it is about stand, by time, where it names them.
    pub fn places(&self) -> Option<&[Place]> {
        self.only.as_ref().map(|(_, orders)| orders.as_slice())
    }

    /// The days on which what it takes was placed; all there are where it says nothing of days.
    pub fn days(&self) -> Range<Day> {
        let month = || self.month.as_ref().and_then(|month| Day::parse(&format!("{month}-01")).ok());
        match (self.day, month()) {
            (Some(day), _) => day..day.add_days(1),
            // No month is longer.
            (None, Some(first)) => first..first.add_days(31),
            (None, None) => Day(i32::MIN)..Day(i32::MAX),
        }
    }

    /// Reads the words.
    pub fn parse(typed: &str) -> Filter {
        let mut filter = Filter::default();
        for word in typed.split_whitespace() {
            let bare = word.strip_prefix("status:").unwrap_or(word);
            if let Some(status) = Status::by_word(&bare.to_lowercase()) {
                filter.status = Some(status);
            } else if let Ok(day) = Day::parse(word) {
                filter.day = Some(day);
            } else if Day::parse(&format!("{word}-01")).is_ok() {
                filter.month = Some(word.to_owned());
            } else if let Some(Ok(amount)) = word.strip_prefix('>').map(Money::parse_entry) {
                filter.at_least = Some(amount);
            } else if let Some(Ok(amount)) = word.strip_prefix('<').map(Money::parse_entry) {
                filter.at_most = Some(amount);
            } else if let (true, Ok(amount)) = (word.contains(['.', ',']), Money::parse_entry(word)) {
                filter.exactly = Some(amount);
            } else {
                filter.words.push(text::fold(word));
            }
        }
        filter
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// Whether an order, with its customer's name, is to be shown.
    pub fn takes(&self, order: &Order, customer: &str) -> bool {
        let day = order.placed.map(|placed| placed.day());
        let total = order.total().unwrap_or(Money::ZERO);
        self.status.is_none_or(|status| status == order.status)
            && self.day.is_none_or(|wanted| day == Some(wanted))
            && self
                .month
                .as_ref()
                .is_none_or(|month| day.is_some_and(|day| day.to_string().starts_with(month.as_str())))
            && self.at_least.is_none_or(|least| total >= least)
            && self.at_most.is_none_or(|most| total <= most)
            && self.exactly.is_none_or(|amount| total == amount)
            && self.words.iter().all(|word| self.word_fits(word, order, customer))
    }

    fn word_fits(&self, word: &str, order: &Order, customer: &str) -> bool {
        let customer = if customer.is_empty() { "walk-in" } else { customer };
        text::word_starts(&text::fold(customer), word).is_some()
            || text::fold(&order.id()) == *word
            || order.receipt.as_ref().is_some_and(|receipt| text::fold(receipt) == *word)
    }

    /// What it does, in words; money with at least `minor` decimals.
    pub fn said(&self, minor: u8) -> String {
        let mut parts = Vec::new();
        parts.extend(self.only.as_ref().map(|(said, orders)| match orders.len() {
            1 => format!("the 1 order {said}"),
            many => format!("the {many} orders {said}"),
        }));
        parts.extend(self.status.map(|status| status.word().to_owned()));
        parts.extend(self.day.map(|day| format!("placed on {day}")));
        parts.extend(self.month.as_ref().map(|month| format!("placed in {month}")));
        parts.extend(self.at_least.map(|amount| format!("at least {}", amount.plain(minor))));
        parts.extend(self.at_most.map(|amount| format!("at most {}", amount.plain(minor))));
        parts.extend(self.exactly.map(|amount| format!("of {}", amount.plain(minor))));
        if !self.words.is_empty() {
            parts.push(format!("customer or number {}", self.words.join(" ")));
        }
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_they_do() {
        assert_eq!(Filter::parse("paid 2026-11 >12,50").said(2), "paid, placed in 2026-11, at least 12.50");
        assert_eq!(
            Filter::parse("status:shipped 2026-11-20 keller").said(2),
            "shipped, placed on 2026-11-20, customer or number keller"
        );
        assert_eq!(Filter::parse("1,50").said(2), "of 1.50");
        assert!(Filter::parse("  ").is_empty());
    }
}
