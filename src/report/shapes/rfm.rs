//! Customers by how recently, how often and for how much they bought, in fifths, and the names of such customers.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::{Fifths, SEGMENTS, segment};
use crate::report::question::Dim;
use crate::report::{Kind, ReportFault, Value};

/// All combinations of fifths.
fn all() -> impl Iterator<Item = Fifths> {
    (1..=5).flat_map(|r| (1..=5).flat_map(move |f| (1..=5).map(move |m| [r, f, m])))
}

impl<S: Source> Desk<'_, S> {
    /// How many customers are in each combination of fifths.
    pub(super) fn segments(&self) -> Result<Body, ReportFault> {
        let question = self.question_of_standing();
        let counts = self.collect(&question, true, |collected| {
            let standing = collected.standing(self.source)?;
            Ok(all().map(|fifths| (fifths, standing.count(fifths))).collect::<Vec<_>>())
        })?;
        let number = |value: u8| Value::Count(i128::from(value));
        let asked = |fifths: Fifths| {
            let dims = [Dim::Recency, Dim::Frequency, Dim::Monetary];
            let kept = dims.iter().zip(fifths).all(|(dim, fifth)| self.keeps(*dim, &fifth.to_string()));
            kept && self.keeps(Dim::Segment, SEGMENTS[usize::from(segment(fifths))])
        };
        let rows: Vec<_> = counts.into_iter().filter(|(fifths, count)| *count != 0 && asked(*fifths)).collect();
        let total: i128 = rows.iter().map(|(_, count)| i128::from(*count)).sum();
        let rows = rows.into_iter().map(|(fifths, count)| {
            let name = SEGMENTS[usize::from(segment(fifths))];
            let [recency, frequency, monetary] = fifths.map(number);
            vec![recency, frequency, monetary, Value::text(name), Value::Count(i128::from(count))]
        });
        Ok(Body {
            columns: vec![
                AnswerColumn::new("recency", Kind::Number),
                AnswerColumn::new("frequency", Kind::Number),
                AnswerColumn::new("monetary", Kind::Number),
                AnswerColumn::new("segment", Kind::Text),
                AnswerColumn::new("customers", Kind::Count),
            ],
            rows: rows.collect(),
            totals: vec![("customers".to_owned(), Value::Count(total))],
        })
    }
}
