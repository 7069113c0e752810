//! What customers say, and that someone has dealt with it.

use super::{Case, Decided, Decision, Stop, bad, done, unknown};
use crate::domain::view::Counter;
use crate::domain::{Change, Feedback, FeedbackState, Outcome, Slot, View};
use crate::unit::{CustomerId, FeedbackNo, OrderNo, Text};

impl<V: View> Case<'_, V> {
    pub(super) fn add_feedback(
        &self,
        customer: Option<CustomerId>,
        order: Option<OrderNo>,
        rating: Option<u8>,
        category: Option<&Text>,
        text: Option<&Text>,
    ) -> Decided<V::Fault> {
        if rating.is_some_and(|rating| !(1..=5).contains(&rating)) {
            return Err(bad("rating", "choose 1 to 5").into());
        }
        if rating.is_none() && category.is_none() && text.is_none() {
            return Err(bad("feedback", "give a rating, a category or some words").into());
        }
        if let Some(customer) = customer {
            self.known_customer(customer)?;
        }
        if let Some(order) = order {
            self.known_order(order)?;
        }
        let no = FeedbackNo(self.view.next(Counter::Feedback).map_err(Stop::Fault)?);
        let feedback = Feedback {
            no,
            ext: None,
            customer,
            order,
            rating,
            category: category.cloned(),
            at: Some(self.now),
            state: FeedbackState::Open,
            details_version: u32::from(text.is_some()),
        };
        let details = text.cloned().map(Slot::Open);
        let given = Change::FeedbackGiven { feedback, details };
        Ok(Decision { changes: vec![given], outcome: Outcome::Feedback(no) })
    }

    pub(super) fn resolve_feedback(&self, no: FeedbackNo) -> Decided<V::Fault> {
        let said = self.view.feedback(no).map_err(Stop::Fault)?;
        let said = said.ok_or_else(|| unknown("feedback", no.0))?;
        if said.state == FeedbackState::Resolved {
            return Err(bad("feedback", "it is resolved already").into());
        }
        Ok(done(vec![Change::FeedbackResolved { feedback: no, at: self.now, by: self.person.id }]))
    }
}
