//! What the Customers screen holds: the customers in sight, or those a search found.

use crate::console::field::Field;
use crate::console::find;
use crate::console::screen::{Effect, Now};
use crate::console::widget::table::Cursor;
use crate::domain::{Customer, CustomerDetails};
use crate::unit::{CustomerId, FeedbackNo};
use std::collections::BTreeSet;

/// Customers a search gives at most.
const FOUND: usize = 200;

/// A customer in sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub customer: Customer,
    pub known: CustomerDetails,
}

/// The screen.
#[derive(Debug, Default)]
pub struct Customers {
    pub(super) field: Field,
    pub(super) filtering: bool,
    /// Found by a search; without one all customers are gone through by number.
    pub(super) found: Option<Vec<CustomerId>>,
    pub(super) cursor: Cursor,
    pub(super) rows: Vec<Row>,
    pub(super) whole: usize,
    pub(super) fit: usize,
    pub(super) page: Vec<String>,
    pub(super) oldest_first: bool,
    /// Marked with Space: they are what is copied and exported.
    pub(super) picked: BTreeSet<CustomerId>,
    pub(super) open_feedback: Option<FeedbackNo>,
    /// What the open question or form is about: the list may move underneath.
    pub(super) asked: Option<Customer>,
}

impl Customers {
    pub(super) fn marked(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at.checked_sub(self.cursor.first)?)
    }

    /// Loads what is shown: the customers in sight, and the marked one.
    pub(super) fn reload(&mut self, now: &Now<'_>) {
        self.look(now);
        self.show(now);
    }

    /// Loads the customers in sight after a step. The page beside the list follows once the mark rests: nobody reads it on
    /// the way, and it is longer than all the rest of a step.
    pub(super) fn stepped(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let first = self.rows.first().map(|row| row.customer.id);
        self.look(now);
        if first != self.rows.first().map(|row| row.customer.id) {
            // The terminal moves whole rows, and would move the page with them.
            self.page.clear();
        }
        vec![Effect::Rest]
    }

    /// Loads the customers in sight. Numbers are given without gaps, so a place in the list is a number.
    fn look(&mut self, now: &Now<'_>) {
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        let last = now.shop.last_customer().unwrap_or_default();
        self.whole = self.found.as_ref().map_or(last.0 as usize, Vec::len);
        self.cursor.keep_in_sight(self.whole, self.fit);
        let sight = self.cursor.first..self.whole.min(self.cursor.first + self.fit);
        let ids: Vec<CustomerId> = sight.map(|at| self.at(at, last)).collect();
        self.rows = ids.into_iter().map(|id| row(id, now)).collect();
    }

    /// Who stands at a place of the list, with that last number of all.
    fn at(&self, at: usize, last: CustomerId) -> CustomerId {
        match &self.found {
            Some(found) => found.get(at).copied().unwrap_or_default(),
            None if self.oldest_first => CustomerId(1 + at as u32),
            None => CustomerId(last.0.saturating_sub(at as u32)),
        }
    }

    /// At most `most` of the list from its top, or else who is marked with Space.
    pub(super) fn listed(&self, now: &Now<'_>, most: usize) -> Vec<Row> {
        if !self.picked.is_empty() {
            return self.chosen(now, &[]);
        }
        let last = now.shop.last_customer().unwrap_or_default();
        (0..self.whole.min(most)).map(|at| row(self.at(at, last), now)).collect()
    }

    /// Searches by the words in the field.
    pub(super) fn search(&mut self, now: &Now<'_>) -> Result<(), String> {
        let words = self.field.text().trim();
        self.cursor = Cursor::default();
        if words.is_empty() {
            self.found = None;
        } else {
            let exact = now.shop.find(crate::domain::view::Kind::Customer, words).map_err(|why| why.to_string())?;
            let found = find::customers(now.shop, words, FOUND).map_err(|why| why.to_string())?;
            let exact = exact.map(|id| CustomerId(id as u32));
            let others = found.iter().map(|(id, _)| *id).filter(|id| Some(*id) != exact);
            self.found = Some(exact.into_iter().chain(others).collect());
        }
        self.reload(now);
        Ok(())
    }

    pub(super) fn go_to(&mut self, id: CustomerId, now: &Now<'_>) {
        let last = now.shop.last_customer().map_or(0, |last| last.0);
        self.found = None;
        self.field.reset();
        let at = if self.oldest_first { id.0.saturating_sub(1) } else { last.saturating_sub(id.0) };
        self.cursor = Cursor { at: at as usize, first: 0 };
        self.reload(now);
    }

    /// Writes down the marked customer for the page beside the list.
    pub(super) fn show(&mut self, now: &Now<'_>) {
        let Some(row) = self.marked().cloned() else {
            self.page.clear();
            self.open_feedback = None;
            return;
        };
        let (page, open) = super::text::page(&row.customer, &row.known, now);
        self.page = page;
        self.open_feedback = open;
    }

    /// The other way round.
    pub(super) fn turn_round(&mut self, now: &Now<'_>) {
        self.oldest_first = !self.oldest_first;
        self.cursor = Cursor::default();
        self.reload(now);
    }

    /// Marks the customer under the bar, or takes the mark away, and goes on to the next.
    pub(super) fn pick(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(id) = self.marked().map(|row| row.customer.id) else { return Vec::new() };
        if !self.picked.remove(&id) {
            self.picked.insert(id);
        }
        self.cursor.step(1, self.whole, self.fit);
        self.stepped(now)
    }

    /// What is copied and exported: the customers marked with Space, or else the ones given.
    pub(super) fn chosen(&self, now: &Now<'_>, otherwise: &[Row]) -> Vec<Row> {
        if self.picked.is_empty() {
            return otherwise.to_vec();
        }
        self.picked.iter().map(|id| row(*id, now)).collect()
    }
}

fn row(id: CustomerId, now: &Now<'_>) -> Row {
    match now.shop.customer(id) {
        Ok(Some((customer, known))) => Row { customer, known: known.unwrap_or_default() },
        _ => Row { customer: nobody(id), known: CustomerDetails::default() },
    }
}

/// A number nobody has: imports may leave gaps.
fn nobody(id: CustomerId) -> Customer {
    Customer {
        id,
        ext: crate::unit::Text::lossy("–"),
        registered_on: None,
        store_credit: crate::unit::Money::ZERO,
        version: 0,
    }
}
