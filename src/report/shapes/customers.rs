//! Reports about customers: how many, the best, how often, and who stays away. Walk-ins are nobody here.

use super::cube::{member_columns, member_values};
use crate::domain::{Order, Status};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::cells::Cells;
use crate::report::cube::{Collected, customer_names, groups};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::{Plan, customer_of};
use crate::report::question::{Base, Dim, Measure, Origin, Question};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::id::compare_external;
use crate::unit::number::{div_half_away, ratio4};
use crate::unit::{CustomerId, Precision, Stamp};
use std::collections::BTreeMap;

const MS_PER_DAY: i128 = 86_400_000;

/// What one customer's counted orders come to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Buyer {
    pub(crate) id: u32,
    pub(crate) orders: i128,
    pub(crate) first: Option<Stamp>,
    pub(crate) last: Option<Stamp>,
}

/// Everyone with a counted order, by number.
pub(crate) fn buyers(collected: &Collected, source: &impl Source) -> Vec<Buyer> {
    let Collected { plan, cells, .. } = collected;
    let mut found: Vec<Buyer> = (1..cells.slots()).filter_map(|slot| buyer(plan, cells, slot, source)).collect();
    found.sort_unstable_by_key(|buyer| buyer.id);
    found
}

fn buyer(plan: &Plan, cells: &Cells, slot: u32, source: &impl Source) -> Option<Buyer> {
    let orders = cells.sum(slot, Base::Orders);
    if orders == 0 {
        return None;
    }
    let extent = cells.extents.as_ref().and_then(|extents| extents.of(slot));
    Some(Buyer {
        id: customer_of(plan, cells, slot, source),
        orders,
        first: extent.map(|(first, _)| plan.stamp(first)),
        last: extent.map(|(_, last)| plan.stamp(last)),
    })
}

/// A time to the second.
fn time(at: Option<Stamp>) -> Value {
    at.map_or(Value::Null, |at| {
        let Stamp { unix_ms, offset_s, precision } = at;
        let precision = if precision == Precision::Milli { Precision::Second } else { precision };
        Value::Time(Stamp { unix_ms: unix_ms - unix_ms.rem_euclid(1000), offset_s, precision })
    })
}

/// How many of those present have each key.
fn customers_by_key(plan: &Plan, present: &[bool]) -> BTreeMap<u64, i128> {
    let mut counts = BTreeMap::new();
    let Some(table) = plan.records.first() else {
        let all = present.iter().filter(|present| **present).count();
        return if all == 0 { counts } else { BTreeMap::from([(0, all as i128)]) };
    };
    let mut dense = vec![0i64; plan.layout.inner as usize];
    for (id, _) in (0..).zip(present).filter(|(_, present)| **present) {
        // Who is sliced away has a key that no cell has.
        if let Some(count) = usize::try_from(table.part(id)).ok().and_then(|key| dense.get_mut(key)) {
            *count += 1;
        }
    }
    let some = (0..).zip(dense).filter(|(_, count)| *count != 0);
    counts.extend(some.map(|(key, count)| (key, i128::from(count))));
    counts
}

impl<S: Source> Desk<'_, S> {
    /// A question by customer, walk-ins left out.
    pub(super) fn by_customer(&self, measures: &[Measure]) -> Question {
        Question { named_only: true, ..self.question(measures, &[Dim::Customer]) }
    }

    /// All customers on record, by an attribute or at all.
    pub(super) fn customers(&self) -> Result<Body, ReportFault> {
        let dims = self.request.preset.dims;
        let question = Question { from: None, to: None, ..self.question(&[Measure::Orders], dims) };
        if let Some(filter) = question.filters.iter().find(|filter| filter.dim.origin() != Origin::Customer) {
            return Err(ReportFault::NotHere(format!(
                "{} counts records, which have no {}; slice by what customers are: {}",
                self.request.preset.name,
                filter.dim.word(),
                words_of_customers()
            )));
        }
        let past = self.past(&question)?;
        let plan = Plan::bind(&question, self.source, past, 1, false)?;
        let present = &self.source.people().present;
        let mut counts = customers_by_key(&plan, present);
        self.explain("customer columns", present.len() as u64);
        let mut columns = member_columns(dims, false);
        columns.push(AnswerColumn::new("customers", Kind::Count));
        let total: i128 = counts.values().sum();
        if dims.is_empty() {
            counts.entry(0).or_default();
        }
        let mut named: Vec<(u32, Vec<Value>)> = Vec::with_capacity(counts.len());
        for (key, count) in counts {
            let code = plan.places.first().map(|(dim, place)| plan.code(*dim, *place, &[], key, self.source));
            let mut values: Vec<Value> = plan
                .places
                .iter()
                .zip(code)
                .map(|((dim, _), code)| plan.members.label(*dim, code, self.source))
                .collect();
            values.push(Value::Count(count));
            named.push((code.unwrap_or(0), values));
        }
        let by_code = dims == [Dim::AgeGroup];
        named.sort_by(|a, b| match (by_code, &a.1[0], &b.1[0]) {
            (false, Value::Text(x), Value::Text(y)) => (a.0 == 0).cmp(&(b.0 == 0)).then_with(|| compare_external(x, y)),
            _ => a.0.cmp(&b.0),
        });
        let rows = named.into_iter().map(|(_, values)| values).collect();
        Ok(Body { columns, rows, totals: vec![("customers".to_owned(), Value::Count(total))] })
    }

    /// Who bought most.
    pub(super) fn top_customers(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let measures: Vec<Measure> = preset.columns.iter().map(|(_, measure)| *measure).collect();
        let mut question = self.by_customer(&measures);
        question.sort = self.request.sort.or(preset.sort);
        question.top = self.request.top.or(preset.top);
        self.collect(&question, true, |collected| {
            let found = groups(&question, collected, self.source)?;
            let mut columns = member_columns(preset.dims, false);
            columns.extend(preset.columns.iter().map(|(name, measure)| AnswerColumn::new(*name, measure.kind())));
            columns.push(AnswerColumn::new("last_order", Kind::Time));
            let mut rows = Vec::with_capacity(found.rows.len());
            for row in &found.rows {
                let mut values = member_values(preset.dims, &found, &row.codes);
                values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
                let extent = collected.cells.extents.as_ref().and_then(|extents| extents.of(row.slot));
                values.push(extent.map_or(Value::Null, |(_, last)| Value::Time(collected.plan.stamp(last))));
                rows.push(values);
            }
            let named = preset.columns.iter();
            let totals = named.map(|(name, measure)| ((*name).to_owned(), measure.value(&found.totals))).collect();
            Ok(Body { columns, rows, totals })
        })
    }

    /// How many came back.
    pub(super) fn repeat(&self) -> Result<Body, ReportFault> {
        let question = self.by_customer(&[Measure::Orders]);
        let (repeated, all) = self.collect(&question, false, |collected| {
            let mut counts = (0i128, 0i128);
            for slot in 1..collected.cells.slots() {
                let orders = collected.cells.sum(slot, Base::Orders);
                counts.0 += i128::from(orders >= 2);
                counts.1 += i128::from(orders >= 1);
            }
            Ok(counts)
        })?;
        let share = ratio4(repeated, all).map_or(Value::Null, |share| Value::Fixed4(share.0));
        Ok(single(vec![
            ("repeat_customers", Kind::Count, Value::Count(repeated)),
            ("customers_with_orders", Kind::Count, Value::Count(all)),
            ("share", Kind::Ratio, share),
        ]))
    }

    /// What those who ever bought have spent.
    pub(super) fn spend(&self) -> Result<Body, ReportFault> {
        let question = self.by_customer(&[Measure::Orders, Measure::Sales]);
        let (count, total, middle) = self.collect(&question, false, |collected| {
            let cells = &collected.cells;
            let each_buyer = |each: &mut dyn FnMut(i128)| {
                cells.each(&[Base::Orders], [Base::Sales], |_, [sales]| each(sales));
            };
            // Half as wide is half the work.
            let (mut narrow, mut fits) = (Vec::with_capacity(cells.slots() as usize), true);
            each_buyer(&mut |sales| match i64::try_from(sales) {
                Ok(sales) => narrow.push(sales),
                Err(_) => fits = false,
            });
            if fits {
                return Ok(spent(narrow));
            }
            let mut wide: Vec<i128> = Vec::new();
            each_buyer(&mut |sales| wide.push(sales));
            Ok(spent(wide))
        })?;
        let fixed = |value: Option<i128>| value.map_or(Value::Null, Value::Fixed4);
        let average = div_half_away(total, count as i128);
        let median = middle.and_then(|(lower, upper)| div_half_away(lower + upper, 2));
        Ok(single(vec![
            ("customers", Kind::Count, Value::Count(count as i128)),
            ("average_spend", Kind::Average, fixed(average)),
            ("median_spend", Kind::Average, fixed(median)),
        ]))
    }

    /// How often customers order.
    pub(super) fn frequency(&self) -> Result<Body, ReportFault> {
        let buyers = match self.customer()? {
            Some(customer) if self.request.filters.is_empty() => self.buyer_by_index(customer)?.into_iter().collect(),
            _ => {
                let question = Question { dated_only: true, ..self.by_customer(&[Measure::Orders]) };
                self.collect(&question, true, |collected| Ok(buyers(collected, self.source)))?
            }
        };
        let mut rows = Vec::with_capacity(buyers.len());
        for buyer in buyers {
            let between = match (buyer.first, buyer.last) {
                (Some(first), Some(last)) => {
                    let apart = i128::from(last.unix_ms) - i128::from(first.unix_ms);
                    ratio4(apart, (buyer.orders - 1) * MS_PER_DAY).map(|days| days.0)
                }
                _ => None,
            };
            rows.push(vec![
                customer_names(buyer.id, self.source)?.0,
                Value::Count(buyer.orders),
                time(buyer.first),
                time(buyer.last),
                between.map_or(Value::Null, Value::Fixed4),
            ]);
        }
        rows.sort_by(|a, b| compare_external(&a[0].plain(0), &b[0].plain(0)));
        if self.request.sort == Some(Measure::Orders) {
            rows.sort_by_key(|row| std::cmp::Reverse(if let Value::Count(orders) = row[1] { orders } else { 0 }));
        }
        rows.truncate(self.request.top.unwrap_or(usize::MAX));
        let orders = rows.iter().map(|row| if let Value::Count(orders) = row[1] { orders } else { 0 }).sum();
        Ok(Body {
            columns: vec![
                AnswerColumn::new("id", Kind::Id),
                AnswerColumn::new("orders", Kind::Count),
                AnswerColumn::new("first_order", Kind::Time),
                AnswerColumn::new("last_order", Kind::Time),
                AnswerColumn::new("average_days_between", Kind::Ratio),
            ],
            rows,
            totals: vec![("orders".to_owned(), Value::Count(orders))],
        })
    }
}

/// How many sums there are, what they come to, and the two in the middle: twice the same where their number is odd.
fn spent<T: Copy + Ord + Into<i128>>(mut sums: Vec<T>) -> (usize, i128, Option<(i128, i128)>) {
    let (count, total) = (sums.len(), sums.iter().map(|sum| (*sum).into()).sum());
    if count == 0 {
        return (0, total, None);
    }
    let (below, upper, _) = sums.select_nth_unstable(count / 2);
    let lower = below.iter().max().filter(|_| count % 2 == 0).copied().unwrap_or(*upper);
    (count, total, Some((lower.into(), (*upper).into())))
}

impl<S: Source> Desk<'_, S> {
    /// One customer's dated orders, found by the index: a few orders are read and no segment.
    fn buyer_by_index(&self, customer: CustomerId) -> Result<Option<Buyer>, ReportFault> {
        let orders = self.source.orders_of(customer)?;
        self.explain("customer index", orders.len() as u64);
        let counted = |order: &&Order| order.status != Status::Cancelled && self.in_period(order);
        let placed: Vec<Stamp> = orders.iter().filter(counted).filter_map(|order| order.placed).collect();
        let (first, last) = (placed.iter().min().copied(), placed.iter().max().copied());
        let orders = placed.len() as i128;
        Ok((orders > 0).then_some(Buyer { id: customer.0, orders, first, last }))
    }
}

/// What records can be sliced by, in words.
fn words_of_customers() -> String {
    let dims = Dim::CUBE.into_iter().filter(|dim| dim.origin() == Origin::Customer);
    dims.map(Dim::word).collect::<Vec<_>>().join(", ")
}

/// One row whose totals are itself.
pub(crate) fn single(values: Vec<(&str, Kind, Value)>) -> Body {
    Body {
        columns: values.iter().map(|(name, kind, _)| AnswerColumn::new(*name, *kind)).collect(),
        totals: values.iter().map(|(name, _, value)| ((*name).to_owned(), value.clone())).collect(),
        rows: vec![values.into_iter().map(|(_, _, value)| value).collect()],
    }
}
