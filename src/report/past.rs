//! What customers' own purchases make of them: how they stand among each other, and the month they came in. Members of the
//! cube's dimensions that no record says. Knows nothing of what is summed up by them.

use super::ask::Desk;
use super::calendar::date_label;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::measure::Measure;
use super::members::UNKNOWN;
use super::presets::Shape;
use super::question::Question;
use super::source::Source;
use super::value::Value;
use std::sync::Arc;

/// The names of the segments; code 0 is that of who never bought.
pub(crate) const SEGMENTS: [&str; 9] =
    [UNKNOWN, "champions", "loyal", "new", "promising", "needs attention", "at risk", "hibernating", "lost"];

/// How a customer stands by recency, frequency and money: fifths from 1 to 5, all 0 for who never bought.
pub(crate) type Fifths = [u8; 3];

/// The code of the named segment of fifths.
pub(super) fn segment([recency, frequency, monetary]: Fifths) -> u8 {
    match (recency, frequency, monetary) {
        (0, ..) => 0,
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

/// What is known of the past of all customers, by their numbers; what no question mentions is empty.
#[derive(Debug, Default)]
pub(crate) struct Past {
    standing: Vec<Fifths>,
    /// Months of first orders; 0 for who never bought on a known day.
    came: Vec<u32>,
    /// The first of those months, and how many there are up to the last.
    first: u32,
    months: u32,
}

impl Past {
    fn of_months(came: Vec<u32>) -> Past {
        let months = || came.iter().copied().filter(|month| *month != 0);
        let (first, last) = (months().min().unwrap_or(0), months().max().unwrap_or(0));
        Past { months: if first == 0 { 0 } else { last - first + 1 }, first, came, standing: Vec::new() }
    }

    /// How many codes a dimension has; 0 is that of who never bought.
    pub(crate) fn domain(&self, dim: Dim) -> u32 {
        match dim {
            Dim::Segment => SEGMENTS.len() as u32,
            Dim::Cohort => self.months + 1,
            _ => 6,
        }
    }

    /// The code of a customer.
    pub(crate) fn code(&self, dim: Dim, customer: usize) -> u32 {
        let fifths = self.standing.get(customer).copied().unwrap_or_default();
        match dim {
            Dim::Segment => u32::from(segment(fifths)),
            Dim::Recency => u32::from(fifths[0]),
            Dim::Frequency => u32::from(fifths[1]),
            Dim::Monetary => u32::from(fifths[2]),
            _ => self.came.get(customer).map_or(0, |month| (month + 1).saturating_sub(self.first.max(1))),
        }
    }

    /// What a code is called.
    pub(crate) fn label(&self, dim: Dim, code: u32) -> Value {
        match dim {
            Dim::Segment => Value::text(SEGMENTS.get(code as usize).copied().unwrap_or(UNKNOWN)),
            _ if code == 0 => Value::text(UNKNOWN),
            Dim::Cohort => Value::Text(date_label(Dim::Month, self.first + code - 1)),
            _ => Value::Count(i128::from(code)),
        }
    }
}

impl<S: Source> Desk<'_, S> {
    /// The past of all customers, as far as a question mentions it.
    pub(super) fn past(&self, question: &Question) -> Result<Option<Arc<Past>>, ReportFault> {
        let mentions = |of: fn(Dim) -> bool| {
            let dims = question.dims.iter().copied().chain(question.filters.iter().map(|filter| filter.dim));
            dims.into_iter().any(of)
        };
        if !mentions(Dim::is_of_past) {
            return Ok(None);
        }
        let mut past = Past::default();
        if mentions(|dim| dim == Dim::Cohort) {
            past = Past::of_months(self.came()?.0);
        }
        if mentions(Dim::is_of_standing) {
            past.standing = self.standings()?;
        }
        Ok(Some(Arc::new(past)))
    }

    fn standings(&self) -> Result<Vec<Fifths>, ReportFault> {
        let mut all = vec![Fifths::default(); self.source.people().present.len()];
        self.collect(&self.question_of_standing(), true, |collected| {
            for (id, fifths) in collected.standing(self.source)?.all() {
                if let Some(known) = all.get_mut(id as usize) {
                    *known = fifths;
                }
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// What standings are taken from: everything ever sold; in the report about them, what that looks at.
    pub(super) fn question_of_standing(&self) -> Question {
        let (measures, dims) = ([Measure::Orders, Measure::Sales], [Dim::Customer]);
        let mut question = match self.request.preset.shape {
            Shape::Segments => self.question(&measures, &dims),
            _ => Question::new(&measures, &dims, self.as_of),
        };
        question.filters.retain(|filter| !filter.dim.is_of_standing());
        Question { named_only: true, ..question }
    }

    /// The same for the month of first orders.
    pub(super) fn question_of_cohorts(&self) -> Question {
        let (measures, dims) = ([Measure::Customers], [Dim::Month]);
        let mut question = match self.request.preset.shape {
            Shape::Cohorts => self.question(&measures, &dims),
            // Who is new is known only from everything that was before.
            Shape::NewAgainstReturning => Question { from: None, to: None, ..self.question(&measures, &dims) },
            _ => Question::new(&measures, &dims, self.as_of),
        };
        question.filters.retain(|filter| !matches!(filter.dim, Dim::Cohort | Dim::Month));
        Question { named_only: true, dated_only: true, ..question }
    }

    /// The month of each customer's first order, 0 for none; and in which months each of them bought.
    pub(super) fn came(&self) -> Result<(Vec<u32>, Vec<(u32, u32)>), ReportFault> {
        let bought = self.collect(&self.question_of_cohorts(), false, |collected| {
            let cells = &collected.cells;
            let months: Vec<u32> = (0..cells.slots())
                .map(|slot| if slot == 0 { 0 } else { cells.group(slot).0.first().copied().unwrap_or(0) })
                .collect();
            let pairs = cells.pairs.iter().flatten().filter(|(_, orders)| **orders > 0);
            Ok(pairs.map(|((slot, customer), _)| (*customer, months[*slot as usize])).collect::<Vec<(u32, u32)>>())
        })?;
        let mut first = vec![0; self.source.people().present.len()];
        for (customer, month) in &bought {
            if let Some(known) = first.get_mut(*customer as usize)
                && (*known == 0 || month < known)
            {
                *known = *month;
            }
        }
        Ok((first, bought))
    }

    /// Whether the request is sliced so that a member of that name stays.
    pub(super) fn keeps(&self, dim: Dim, name: &str) -> bool {
        let mut slices = self.request.filters.iter().filter(|filter| filter.dim == dim);
        slices.all(|filter| filter.values.iter().any(|value| is_called(dim, name, value)))
    }
}

/// Whether a slice's value means the member of that name; `<2024-03` means all cohorts before that month.
pub(super) fn is_called(dim: Dim, name: &str, value: &str) -> bool {
    let before = |month: &str| name != UNKNOWN && name < month;
    name == value || dim == Dim::Cohort && value.strip_prefix('<').is_some_and(before)
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
        assert_eq!(SEGMENTS[usize::from(segment([0, 0, 0]))], UNKNOWN);
    }
}
