//! What reports count, proved: segments and tail together say what the records say.

use super::{Check, each};
use crate::domain::fact::{Fact, Signed, facts, feedback_fact, return_fact};
use crate::domain::{Feedback, Order, Return};
use crate::engine::same::wrong;
use crate::store::orders::Filed;
use crate::store::record::{Source, get};
use crate::store::table::SEGMENTS;
use crate::store::{Fault, seal};
use crate::unit::{Day, OrderNo, Seq};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The numbers of what belongs to a day.
#[derive(Default)]
struct Expected {
    orders: Vec<OrderNo>,
    returns: Vec<u64>,
    feedback: Vec<u64>,
}

/// The kind of a fact and its number.
fn number(fact: &Fact) -> (u8, u64) {
    match fact {
        Fact::Order(fact) => (0, fact.no.0),
        Fact::Return(fact) => (1, fact.no.0),
        Fact::Feedback(fact) => (2, fact.no.0),
    }
}

fn day_of(fact: &Fact) -> Day {
    seal::day_of(match fact {
        Fact::Order(fact) => fact.placed,
        Fact::Return(fact) => fact.at,
        Fact::Feedback(fact) => fact.at,
    })
}

impl Check<'_> {
    /// Segments and tail together, which is what reports count, say what the records say. A segment alone may be ahead of
    /// its watermark: a replayed tail takes an order as it is now.
    pub(super) fn facts(&mut self) -> Result<(), Fault> {
        let rebuilt = self.rebuilt.read()?;
        let mut days: BTreeMap<Day, Expected> = BTreeMap::new();
        let mut count = |order: &Order| days.entry(seal::day_of(order.placed)).or_default().orders.push(order.no);
        each::<Filed>(&rebuilt, |Filed(order)| {
            count(&order);
            Ok(())
        })?;
        self.unfiled.after(Seq(0)).iter().for_each(|(_, order)| count(order));
        each::<Return>(&rebuilt, |back| {
            days.entry(seal::day_of(back.at)).or_default().returns.push(back.no.0);
            Ok(())
        })?;
        each::<Feedback>(&rebuilt, |said| {
            days.entry(seal::day_of(said.at)).or_default().feedback.push(said.no.0);
            Ok(())
        })?;
        let published = Arc::clone(self.snapshot.tail());
        let mut fresh: BTreeMap<Day, Vec<&Signed>> = BTreeMap::new();
        for signed in published.unsealed() {
            fresh.entry(day_of(&signed.fact)).or_default().push(signed);
        }
        self.snapshot.txn().with(SEGMENTS, |rows| {
            for row in rows.all()? {
                let (key, _) = row.map_err(|why| wrong("segments", "", &why.to_string()))?;
                days.entry(Day(key.value().0)).or_default();
            }
            Ok(())
        })?;
        for day in fresh.keys() {
            days.entry(*day).or_default();
        }
        for (day, expected) in &days {
            self.day(&rebuilt, *day, fresh.remove(day).unwrap_or_default(), expected)?;
        }
        Ok(())
    }

    fn day(&mut self, rebuilt: &impl Source, day: Day, fresh: Vec<&Signed>, expected: &Expected) -> Result<(), Fault> {
        let differs = || wrong("segments", day, "is not what its orders, returns and feedback say");
        let mut found: HashMap<(u8, u64), Fact> = HashMap::new();
        for (_, segment) in seal::proven_parts(self.snapshot.txn(), day)? {
            self.segments += 1;
            let orders = segment.order_facts().into_iter().map(Fact::Order);
            let returns = segment.return_facts().into_iter().map(Fact::Return);
            let feedback = segment.feedback_facts().into_iter().map(Fact::Feedback);
            for fact in orders.chain(returns).chain(feedback) {
                if found.insert(number(&fact), fact).is_some() {
                    return Err(differs());
                }
            }
        }
        for signed in fresh {
            let right = if signed.plus {
                found.insert(number(&signed.fact), signed.fact.clone()).is_none()
            } else {
                found.remove(&number(&signed.fact)).as_ref() == Some(&signed.fact)
            };
            if !right {
                return Err(differs());
            }
        }
        let mut right = |fact: Fact| if found.remove(&number(&fact)) == Some(fact) { Ok(()) } else { Err(differs()) };
        for no in &expected.orders {
            let order = self.unfiled.order(rebuilt, *no)?.ok_or_else(differs)?;
            right(Fact::Order(facts(&order).ok_or_else(differs)?))?;
        }
        for no in &expected.returns {
            let back = get::<Return>(rebuilt, *no)?.ok_or_else(differs)?;
            let order = match back.order {
                Some(no) => self.unfiled.order(rebuilt, no)?,
                None => None,
            };
            right(Fact::Return(return_fact(&back, order.as_ref())))?;
        }
        for no in &expected.feedback {
            let said = get::<Feedback>(rebuilt, *no)?.ok_or_else(differs)?;
            right(Fact::Feedback(feedback_fact(&said)))?;
        }
        if found.is_empty() { Ok(()) } else { Err(differs()) }
    }
}
