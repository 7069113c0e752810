//! Facts of the tail by day, as segments have them, and what is said of a day's segment that is damaged.
//!
//! Knows no segment's inside.

use crate::domain::fact::{Fact, FeedbackFact, OrderFact, ReturnFact, Signed};
use crate::report::ReportFault;
use crate::store::Fault;
use crate::store::codec::CodecFault;
use crate::unit::Day;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Facts of one day and sign.
#[derive(Default)]
pub(crate) struct DayFacts {
    pub(crate) orders: Vec<OrderFact>,
    pub(crate) returns: Vec<ReturnFact>,
    pub(crate) feedback: Vec<FeedbackFact>,
}

/// Signed facts by day and sign.
pub(crate) fn by_day(facts: &[Arc<Signed>]) -> BTreeMap<(Option<Day>, bool), DayFacts> {
    let mut days: BTreeMap<(Option<Day>, bool), DayFacts> = BTreeMap::new();
    for signed in facts {
        let stamp = match &signed.fact {
            Fact::Order(fact) => fact.placed,
            Fact::Return(fact) => fact.at,
            Fact::Feedback(fact) => fact.at,
        };
        let day = days.entry((stamp.map(|stamp| stamp.day()), signed.plus)).or_default();
        match &signed.fact {
            Fact::Order(fact) => day.orders.push(fact.clone()),
            Fact::Return(fact) => day.returns.push(fact.clone()),
            Fact::Feedback(fact) => day.feedback.push(fact.clone()),
        }
    }
    days
}

/// A damaged segment, by its day.
pub(crate) fn damaged(day: Option<Day>, why: CodecFault) -> ReportFault {
    ReportFault::Store(Fault::Damaged {
        table: "segments".to_owned(),
        key: day.map_or_else(|| "undated".to_owned(), |day| day.to_string()),
        why: why.to_string(),
    })
}
