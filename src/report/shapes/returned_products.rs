//! Products that come back: how often, why, and how many complaints there were about orders that held them.

use super::cube::{member_columns, member_values};
use crate::domain::Order;
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::{Desk, said_by};
use crate::report::facts::Source;
use crate::report::plan::{AWAY, Plan};
use crate::report::question::{Base, Dim, Measure, Question, Sums};
use crate::report::{Kind, ReportFault, Value};
use crate::store::segment::Column;
use crate::unit::ProductId;
use std::collections::{BTreeSet, HashMap};

/// Reasons named in a row.
const REASONS: usize = 3;

impl<S: Source> Desk<'_, S> {
    /// Most returned first, unless sorted otherwise.
    pub(super) fn come_back(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let measures: Vec<Measure> = preset.columns.iter().map(|(_, measure)| *measure).collect();
        let sort = self.request.sort.map_or(Measure::ReturnCount, |measure| match measure {
            Measure::Returns => Measure::ReturnCount,
            Measure::Units => Measure::ReturnedUnits,
            other => other,
        });
        let question = Question { sort: Some(sort), ..self.question(&measures, &[Dim::Product]) };
        let mut found = self.groups(&question)?;
        found.rows.retain(|row| row.sums.of(Base::Returns) != 0);
        found.rows.truncate(self.request.top.unwrap_or(usize::MAX));
        let (reasons, complaints) = (self.reasons()?, self.complained_about()?);
        let mut columns = member_columns(preset.dims, false);
        columns.extend(preset.columns.iter().map(|(name, measure)| AnswerColumn::new(*name, measure.kind())));
        columns.push(AnswerColumn::new("reasons", Kind::Text));
        columns.push(AnswerColumn::new("complaints", Kind::Count));
        let mut totals = Sums::default();
        let mut rows = Vec::with_capacity(found.rows.len());
        for row in &found.rows {
            totals.base.iter_mut().zip(row.sums.base).for_each(|(total, value)| *total += value);
            let mut values = member_values(preset.dims, &found, &row.codes);
            let id = values.first().map(|id| id.plain(0)).unwrap_or_default();
            values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
            values.push(Value::text(reasons.get(&id).map_or("", String::as_str)));
            values.push(Value::Count(complaints.get(&id).copied().unwrap_or(0)));
            rows.push(values);
        }
        let named = preset.columns.iter().map(|(name, measure)| ((*name).to_owned(), measure.value(&totals)));
        Ok(Body { columns, rows, totals: named.collect() })
    }

    /// Each product's reasons in words, the most frequent first.
    fn reasons(&self) -> Result<HashMap<String, String>, ReportFault> {
        let dims = [Dim::Product, Dim::Reason];
        let question = Question { sort: Some(Measure::ReturnCount), ..self.question(&[Measure::ReturnCount], &dims) };
        let groups = self.groups(&question)?;
        let mut words: HashMap<String, Vec<String>> = HashMap::new();
        for row in &groups.rows {
            if let [product, reason] = row.codes[..] {
                let said = format!("{} {}", groups.names.id(1, reason).plain(0), row.sums.of(Base::Returns));
                words.entry(groups.names.id(0, product).plain(0)).or_default().push(said);
            }
        }
        let joined = |mut words: Vec<String>| {
            words.truncate(REASONS);
            words.join(", ")
        };
        Ok(words.into_iter().map(|(product, words)| (product, joined(words))).collect())
    }

    /// Complaints about orders by the products in them.
    fn complained_about(&self) -> Result<HashMap<String, i128>, ReportFault> {
        let asked = self.question(&[Measure::Orders], &[]);
        let past = self.past(&asked)?;
        let plan = Plan::bind(&asked, self.source, past, 1, false)?;
        let mut question = asked;
        question.filters.retain(|filter| said_by(filter.dim));
        let mut orders: HashMap<_, i128> = HashMap::new();
        self.said(&question, true, |said| {
            if let (Some(order), true) = (said.order, said.complaint) {
                *orders.entry(order).or_default() += i128::from(said.count);
            }
        })?;
        let mut counts: HashMap<String, i128> = HashMap::new();
        for (no, complaints) in orders.into_iter().filter(|(_, complaints)| *complaints != 0) {
            let Some(order) = self.source.order(no)?.filter(|order| wanted(&plan, order)) else { continue };
            let products: BTreeSet<ProductId> = order.lines.iter().map(|line| line.product).collect();
            for product in products.into_iter().filter_map(|product| self.source.catalogue().product(product)) {
                *counts.entry(product.ext.to_string()).or_default() += complaints;
            }
        }
        Ok(counts)
    }
}

/// Whether an order is among those asked for, as far as people and places go.
fn wanted(plan: &Plan, order: &Order) -> bool {
    let id = |column: Column| match column {
        Column::OrderStore => u32::from(order.store.0),
        Column::OrderRegister => order.register.map_or(0, |id| u32::from(id.0)),
        Column::OrderCashier => order.cashier.map_or(0, |id| u32::from(id.0)),
        _ => order.customer.map_or(0, |id| id.0),
    };
    plan.records.iter().all(|table| table.part(id(table.order_column)) != AWAY)
}
