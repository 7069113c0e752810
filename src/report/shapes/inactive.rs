//! Who stays away: customers without a counted order for a while.
//!
//! Most are decided by their last order alone. Where that is younger than the period, or so near its start that an order
//! with another offset could still be inside, the few are looked up, and of many the period is read.

use crate::domain::{Order, Status};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::cells::Instant;
use crate::report::cube::{Best, Collected, customer_names};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan, customer_of};
use crate::report::question::{Base, Measure, Origin, Question};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::id::compare_external;
use crate::unit::{CustomerId, Day, Stamp};
use std::cmp::Reverse;
use std::ops::Range;

/// More customers than this are not looked up one by one.
const FEW: usize = if cfg!(test) { 1 } else { 64 };

const MS_PER_DAY: i64 = 86_400_000;

/// Somebody who stayed away.
struct Gone {
    id: u32,
    sales: i128,
    last: Option<Stamp>,
}

/// Everyone who was asked for, after one look at them.
struct Look {
    /// Who stayed away; where only the first so many are wanted, not many more than those.
    gone: Vec<Gone>,
    /// How many stayed away, who never bought included.
    inactive: i128,
    never_bought: i128,
    /// Those their last order does not decide.
    unknown: Vec<Gone>,
}

/// How a customer's last order decides: by the days it can be of.
struct ByLastOrder {
    start: i64,
    end: i64,
    /// The easternmost offset of all orders.
    east: i64,
}

impl ByLastOrder {
    fn of(plan: &Plan, period: &Range<Day>) -> ByLastOrder {
        let [start, end] = [period.start, period.end].map(|day| i64::from(day.0) * MS_PER_DAY);
        let east = plan.members.easternmost().map_or(i64::MAX, |offset| i64::from(offset) * 1_000);
        ByLastOrder { start, end, east }
    }

    /// Whether there was an order in the period; `None` where another one has to be looked at.
    fn came(&self, plan: &Plan, last: Option<Instant>) -> Option<bool> {
        let Some(last) = last else { return Some(false) };
        let local = last.unix_ms() + i64::from(plan.members.offset_of(last.offset())) * 1_000;
        let within = self.start <= local && local < self.end;
        // No order is later than the last one, but one further east can have a later day.
        let may = last.unix_ms().saturating_add(self.east) >= self.start;
        (within || !may).then_some(within)
    }
}

impl<S: Source> Desk<'_, S> {
    /// Who had no counted order in the months before the as-of day.
    pub(super) fn inactive(&self) -> Result<Body, ReportFault> {
        let months = i32::try_from(self.request.months.unwrap_or(12)).unwrap_or(i32::MAX);
        let start = if months > 120_000 { Day::MIN } else { self.as_of.add_months(-months) };
        let period = start..self.as_of;
        let ever = self.by_customer(&[Measure::Orders, Measure::Sales]);
        let whole = ever.from.is_none() && ever.to.is_none();
        let by_last_order = whole && ever.filters.iter().all(|filter| filter.dim.origin() == Origin::Customer);
        let active = if by_last_order { None } else { Some(self.active_in(&period)?) };
        let mut look = self.look(&ever, &period, active.as_deref())?;
        if look.unknown.len() > FEW {
            look = self.look(&ever, &period, Some(&self.active_in(&period)?))?;
        }
        for gone in std::mem::take(&mut look.unknown) {
            if !self.ordered_in(CustomerId(gone.id), &period)? {
                look.inactive += 1;
                look.gone.push(gone);
            }
        }
        let rows = self.most_valuable(look.gone)?;
        let sales: i128 = rows.iter().map(|(gone, _, _)| gone.sales).sum();
        let columns = vec![
            AnswerColumn::new("id", Kind::Id),
            AnswerColumn::new("name", Kind::Text),
            AnswerColumn::new("last_order", Kind::Time),
            AnswerColumn::new("sales", Kind::Money),
        ];
        let last = |gone: &Gone| gone.last.map_or(Value::Null, Value::Time);
        let rows = rows.into_iter().map(|(gone, id, name)| vec![id, name, last(&gone), Value::Money(gone.sales)]);
        Ok(Body {
            columns,
            rows: rows.collect(),
            totals: vec![
                ("inactive".to_owned(), Value::Count(look.inactive)),
                ("never_bought".to_owned(), Value::Count(look.never_bought)),
                ("sales".to_owned(), Value::Money(sales)),
            ],
        })
    }

    /// Looks at everyone once; who is active follows from last orders where it is not known.
    fn look(&self, ever: &Question, period: &Range<Day>, active: Option<&[bool]>) -> Result<Look, ReportFault> {
        let mut never = self.asked_for(&self.source.people().present)?;
        self.collect(ever, true, |Collected { plan, cells, .. }| {
            let by_last = ByLastOrder::of(plan, period);
            let last_of = |slot: u32| Some(cells.extents.as_ref()?.of(slot)?.1);
            let gone = |(sales, (id, last)): (i128, (u32, Option<Instant>))| Gone {
                id,
                sales,
                last: last.map(|last| plan.stamp(last)),
            };
            let mut best = Best::new(self.request.top);
            let (mut inactive, mut unknown) = (0, Vec::new());
            cells.each(&[Base::Orders], [Base::Sales], |slot, [sales]| {
                let id = customer_of(plan, cells, slot, self.source);
                let (asked, last) = (std::mem::take(&mut never[id as usize]), last_of(slot));
                let came = active.map_or_else(|| by_last.came(plan, last), |active| Some(active[id as usize]));
                // Of the many who stayed nothing more is looked at.
                match came {
                    Some(true) => {}
                    Some(false) => {
                        inactive += i128::from(asked);
                        best.take(sales, (id, last));
                    }
                    None => unknown.push(gone((sales, (id, last)))),
                }
            });
            let mut never_bought = 0;
            for (id, _) in never.iter().enumerate().filter(|(_, never)| **never) {
                best.take(0, (id as u32, None));
                never_bought += 1;
            }
            let gone = best.rows().into_iter().map(gone).collect();
            Ok(Look { gone, inactive: inactive + never_bought, never_bought, unknown })
        })
    }

    /// Who ordered in the period, read out of it.
    fn active_in(&self, period: &Range<Day>) -> Result<Vec<bool>, ReportFault> {
        let mut recent = self.by_customer(&[Measure::Orders]);
        (recent.from, recent.to) = (Some(period.start), Some(period.end));
        let mut active = vec![false; self.source.people().present.len()];
        self.collect(&recent, false, |Collected { plan, cells, .. }| {
            for slot in (1..cells.slots()).filter(|slot| cells.sum(*slot, Base::Orders) != 0) {
                active[customer_of(plan, cells, slot, self.source) as usize] = true;
            }
            Ok(())
        })?;
        Ok(active)
    }

    /// Whether one customer ordered in the period.
    fn ordered_in(&self, customer: CustomerId, period: &Range<Day>) -> Result<bool, ReportFault> {
        let orders = self.source.orders_of(customer)?;
        self.explain("customer index", orders.len() as u64);
        let day = |order: &Order| order.placed.map(|placed| placed.day());
        Ok(orders
            .iter()
            .any(|order| order.status != Status::Cancelled && day(order).is_some_and(|day| period.contains(&day))))
    }

    /// The customers on record that the request's slices of customers leave.
    fn asked_for(&self, present: &[bool]) -> Result<Vec<bool>, ReportFault> {
        let filters = self.filters().into_iter().filter(|filter| filter.dim.origin() == Origin::Customer).collect();
        let question = Question { filters, ..Question::new(&[Measure::Orders], &[], self.as_of) };
        if question.filters.is_empty() {
            return Ok(present.to_vec());
        }
        let past = self.past(&question)?;
        let plan = Plan::bind(&question, self.source, past, 1, false)?;
        let asked = |(id, present): (usize, &bool)| *present && plan.customer_key(id as u32) != AWAY;
        Ok(present.iter().enumerate().map(asked).collect())
    }

    /// By sales, the largest first, then by id; only those that stay are looked up.
    fn most_valuable(&self, mut gone: Vec<Gone>) -> Result<Vec<(Gone, Value, Value)>, ReportFault> {
        let top = self.request.top.unwrap_or(usize::MAX);
        // Where ids ascend with numbers, equal sales need no look at the ids.
        if !self.source.people().ids_disordered {
            gone.sort_unstable_by_key(|gone| (Reverse(gone.sales), gone.id));
            gone.truncate(top);
        }
        let mut rows = Vec::with_capacity(gone.len());
        for gone in gone {
            let (id, name) = customer_names(gone.id, self.source)?;
            rows.push((gone, id, name));
        }
        rows.sort_by(|a, b| b.0.sales.cmp(&a.0.sales).then_with(|| compare_external(&a.1.plain(0), &b.1.plain(0))));
        rows.truncate(top);
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::{Fact, OrderFact, Signed};
    use crate::report::tests::shop::{FIRST, TestShop};
    use crate::report::{Request, answer};
    use crate::unit::{OrderNo, Precision, StoreId};

    #[test]
    fn an_order_further_east_counts_though_a_later_one_has_the_earlier_day() {
        let midnight = i64::from(FIRST.0) * MS_PER_DAY;
        // Placed first, on the first day of the period; and an hour later, where it is still the day before.
        let placed = [(midnight - 11 * 3_600_000, 13 * 3_600), (midnight - 10 * 3_600_000, -5 * 3_600)];
        let order = |(no, (unix_ms, offset_s)): (u64, (i64, i32))| Signed {
            plus: true,
            fact: Fact::Order(OrderFact {
                no: OrderNo(no),
                placed: Some(Stamp { unix_ms, offset_s, precision: Precision::Second }),
                store: StoreId(1),
                register: None,
                cashier: None,
                customer: Some(CustomerId(1)),
                status: Status::Paid,
                payment: None,
                channel: None,
                lines: Vec::new(),
            }),
        };
        let shop = TestShop::new((1..).zip(placed).map(order).collect());
        let inactive = |as_of: Day| {
            let words = format!("inactive-customers --months 1 --as-of {as_of}");
            let request = Request::parse(&words.split(' ').collect::<Vec<_>>()).expect("the words are right");
            answer(&shop, &request, FIRST).expect("an answer").total("inactive").cloned()
        };
        let all = shop.customers.len() as i128;
        assert_eq!(inactive(FIRST.add_months(1)), Some(Value::Count(all - 1)));
        assert_eq!(inactive(FIRST.add_months(1).add_days(1)), Some(Value::Count(all)));
    }
}
