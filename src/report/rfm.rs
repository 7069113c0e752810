//! Customers by how recently, how often and for how much they bought, in fifths, and the names of such customers.

use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::measure::Measure;
use super::members::{SEGMENTS, Segments};
use super::question::Question;
use super::source::Source;
use super::value::{Kind, Value};
use std::sync::Arc;

/// The segment of fifths of recency, frequency and money.
fn segment([recency, frequency, monetary]: [u8; 3]) -> u8 {
    match (recency, frequency, monetary) {
        (4.., 4.., 4..) => 1,
        (3.., 4.., _) => 2,
        (5, ..=2, _) => 3,
        (4.., _, _) => 4,
        (3, _, _) => 5,
        (_, 3.., _) | (_, _, 5) => 6,
        (2, _, _) => 7,
        _ => 8,
    }
}

/// All combinations of fifths.
fn all() -> impl Iterator<Item = [u8; 3]> {
    (1..=5).flat_map(|r| (1..=5).flat_map(move |f| (1..=5).map(move |m| [r, f, m])))
}

impl<S: Source> Desk<'_, S> {
    /// How many customers are in each combination of fifths.
    pub(super) fn segments(&self) -> Result<Body, ReportFault> {
        let question =
            Question { named_only: true, ..self.question(&[Measure::Orders, Measure::Sales], &[Dim::Customer]) };
        let (counts, total) = self.collect(&question, true, |collected| {
            let standing = collected.standing(self.source)?;
            Ok((all().map(|fifths| (fifths, standing.count(fifths))).collect::<Vec<_>>(), standing.buyers()))
        })?;
        let number = |value: u8| Value::Count(i128::from(value));
        let rows = counts.into_iter().filter(|(_, count)| *count != 0).map(|(fifths, count)| {
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
            totals: vec![("customers".to_owned(), Value::Count(total as i128))],
        })
    }

    /// The named segment of every customer, over everything ever sold.
    pub(super) fn segment_codes(&self) -> Result<Segments, ReportFault> {
        let measures = [Measure::Orders, Measure::Sales];
        let question = Question { named_only: true, ..Question::new(&measures, &[Dim::Customer], self.as_of) };
        let mut codes = vec![0; self.source.people().present.len()];
        self.collect(&question, true, |collected| {
            for (id, fifths) in collected.standing(self.source)?.all() {
                if let Some(code) = codes.get_mut(id as usize) {
                    *code = segment(fifths);
                }
            }
            Ok(())
        })?;
        Ok(Arc::new(codes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_a_name() {
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    assert!((1..SEGMENTS.len()).contains(&usize::from(segment([r, f, m]))));
                }
            }
        }
        assert_eq!(SEGMENTS[usize::from(segment([5, 5, 5]))], "champions");
        assert_eq!(SEGMENTS[usize::from(segment([1, 1, 1]))], "lost");
    }
}
