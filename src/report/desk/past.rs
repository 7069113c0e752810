//! Asks for the past of all customers, their standing and the month they came in, where a question mentions it.
//!
//! What the past makes of a customer is not decided here.

use super::Desk;
use crate::report::ReportFault;
use crate::report::facts::Source;
use crate::report::plan::{Fifths, Past, is_called};
use crate::report::question::{Dim, Measure, Question, Shape};
use std::sync::Arc;

impl<S: Source> Desk<'_, S> {
    /// The past of all customers, as far as a question mentions it.
    pub(crate) fn past(&self, question: &Question) -> Result<Option<Arc<Past>>, ReportFault> {
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
    pub(crate) fn question_of_standing(&self) -> Question {
        let (measures, dims) = ([Measure::Orders, Measure::Sales], [Dim::Customer]);
        let mut question = match self.request.preset.shape {
            Shape::Segments => self.question(&measures, &dims),
            _ => Question::new(&measures, &dims, self.as_of),
        };
        question.filters.retain(|filter| !filter.dim.is_of_standing());
        Question { named_only: true, ..question }
    }

    /// The same for the month of first orders.
    pub(crate) fn question_of_cohorts(&self) -> Question {
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
    pub(crate) fn came(&self) -> Result<(Vec<u32>, Vec<(u32, u32)>), ReportFault> {
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
    pub(crate) fn keeps(&self, dim: Dim, name: &str) -> bool {
        let mut slices = self.request.filters.iter().filter(|filter| filter.dim == dim);
        slices.all(|filter| filter.values.iter().any(|value| is_called(dim, name, value)))
    }
}
