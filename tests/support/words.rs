//! The words about people that a shop must still have, and those it must have forgotten, from what was asked of it alone.

use super::world::Asked;
use std::collections::BTreeMap;
use till::domain::{Command, Outcome};
use till::engine::Snapshot;
use till::unit::{CustomerId, FeedbackNo, OrderNo, Text};

/// What was said with an order.
#[derive(Debug)]
struct Ordered {
    customer: Option<CustomerId>,
    note: Option<Text>,
    referred: bool,
}

/// What was said in a piece of feedback.
#[derive(Debug)]
struct Said {
    customer: Option<CustomerId>,
    words: Option<Text>,
}

/// All of it.
#[derive(Debug, Default)]
struct Words {
    orders: BTreeMap<OrderNo, Ordered>,
    feedback: BTreeMap<FeedbackNo, Said>,
}

impl Words {
    fn take(&mut self, asked: &Asked) {
        match (&asked.request.command, &asked.outcome) {
            (Command::PlaceOrder { basket, tenders, .. }, Outcome::Ordered { order, .. }) => {
                let referred = tenders.iter().any(|tender| tender.reference.is_some());
                let ordered = Ordered { customer: basket.customer, note: basket.note.clone(), referred };
                self.orders.insert(*order, ordered);
            }
            (Command::PayOrder { order, tenders }, _) => {
                let ordered = self.orders.get_mut(order).expect("a known order");
                ordered.referred |= tenders.iter().any(|tender| tender.reference.is_some());
            }
            (Command::AddFeedback { customer, order, text, .. }, Outcome::Feedback(no)) => {
                // Who said it without a name is whoever ordered what it is about.
                let ordered = order.and_then(|order| self.orders.get(&order));
                let customer = customer.or(ordered.and_then(|ordered| ordered.customer));
                self.feedback.insert(*no, Said { customer, words: text.clone() });
            }
            (Command::EraseCustomer(erased), _) => self.forget(*erased),
            _ => {}
        }
    }

    fn forget(&mut self, erased: CustomerId) {
        for ordered in self.orders.values_mut().filter(|ordered| ordered.customer == Some(erased)) {
            (ordered.note, ordered.referred) = (None, false);
        }
        for said in self.feedback.values_mut().filter(|said| said.customer == Some(erased)) {
            said.words = None;
        }
    }
}

/// The shop has the words of whoever was not erased since, all of them, and none of those who were; who said nothing has none.
pub fn words_agree(asked: &[Asked], shop: &Snapshot) {
    let mut words = Words::default();
    asked.iter().for_each(|asked| words.take(asked));
    for (no, ordered) in &words.orders {
        let order = shop.order(*no).expect("orders").expect("an order");
        let known = shop.order_details(&order).expect("details").unwrap_or_default();
        let found = (known.note, !known.references.is_empty());
        assert_eq!(found, (ordered.note.clone(), ordered.referred), "order {}", no.0);
    }
    for (no, said) in &words.feedback {
        let (_, found) = shop.feedback(*no).expect("feedback").expect("a piece of feedback");
        assert_eq!(found, said.words, "feedback {}", no.0);
    }
}
