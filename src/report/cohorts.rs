//! Customers by the month of their first order, and how many of them bought again in each month after.

use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::calendar::date_label;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::measure::Measure;
use super::question::Question;
use super::source::Source;
use super::value::{Kind, Value};
use crate::unit::number::ratio4;
use std::collections::BTreeMap;

impl<S: Source> Desk<'_, S> {
    /// First-order month × months since: customers, and their share of the cohort.
    pub(super) fn cohorts(&self) -> Result<Body, ReportFault> {
        let question = Question { named_only: true, ..self.question(&[Measure::Customers], &[Dim::Month]) };
        let bought = self.collect(&question, false, |collected| {
            let cells = &collected.cells;
            let months: Vec<u32> = (0..cells.slots())
                .map(|slot| if slot == 0 { 0 } else { cells.group(slot).0.first().copied().unwrap_or(0) })
                .collect();
            let pairs = cells.pairs.iter().flatten().filter(|(_, orders)| **orders > 0);
            Ok(pairs.map(|((slot, customer), _)| (*customer, months[*slot as usize])).collect::<Vec<(u32, u32)>>())
        })?;
        let mut first: Vec<u32> = vec![u32::MAX; self.source.people().present.len()];
        for (customer, month) in &bought {
            if let Some(known) = first.get_mut(*customer as usize) {
                *known = (*known).min(*month);
            }
        }
        let mut cohorts: BTreeMap<(u32, u32), i128> = BTreeMap::new();
        for (customer, month) in &bought {
            if let Some(began) = first.get(*customer as usize) {
                *cohorts.entry((*began, month - began)).or_default() += 1;
            }
        }
        let size = |month: u32| cohorts.get(&(month, 0)).copied().unwrap_or(0);
        let rows = cohorts.iter().map(|((month, since), count)| {
            vec![
                Value::Text(date_label(Dim::Month, *month)),
                Value::Count(i128::from(*since)),
                Value::Count(*count),
                ratio4(*count, size(*month)).map_or(Value::Null, |share| Value::Fixed4(share.0)),
            ]
        });
        let total = cohorts.iter().filter(|((_, since), _)| *since == 0).map(|(_, count)| count).sum();
        Ok(Body {
            columns: vec![
                AnswerColumn::new("cohort", Kind::Month),
                AnswerColumn::new("months_since", Kind::Number),
                AnswerColumn::new("customers", Kind::Count),
                AnswerColumn::new("retention", Kind::Ratio),
            ],
            rows: rows.collect(),
            totals: vec![("customers".to_owned(), Value::Count(total))],
        })
    }
}
