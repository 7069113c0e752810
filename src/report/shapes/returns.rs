//! Returns against what was sold, by reason, product or who sold the goods.

use super::cube::{member_columns, member_values};
use crate::report::ReportFault;
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Base, Dim, Measure, Question, Sums};

impl<S: Source> Desk<'_, S> {
    /// Returns by reason or product. A reason's rate is its part of all that was sold.
    pub(super) fn returns(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let measures: Vec<Measure> = preset.columns.iter().map(|(_, measure)| *measure).collect();
        // In these reports `returns` and `units` are those that came back.
        let sort = self.request.sort.map(|measure| match measure {
            Measure::Returns => Measure::ReturnCount,
            Measure::Units => Measure::ReturnedUnits,
            other => other,
        });
        let question = Question { sort, ..self.question(&measures, preset.dims) };
        let mut found = self.groups(&question)?;
        found.rows.retain(|row| row.sums.of(Base::Returns) != 0);
        found.rows.truncate(self.request.top.unwrap_or(usize::MAX));
        let mut totals = Sums::default();
        for row in &found.rows {
            totals.base.iter_mut().zip(row.sums.base).for_each(|(total, value)| *total += value);
        }
        if preset.dims == [Dim::Reason] {
            let sold = self.groups(&self.question(&[Measure::Units], &[]))?.totals.of(Base::Units);
            totals.base[Base::Units as usize] = sold;
            found.rows.iter_mut().for_each(|row| row.sums.base[Base::Units as usize] = sold);
        }
        let mut columns = member_columns(preset.dims, false);
        columns.extend(preset.columns.iter().map(|(name, measure)| AnswerColumn::new(*name, measure.kind())));
        let rows = found.rows.iter().map(|row| {
            let mut values = member_values(preset.dims, &found, &row.codes);
            values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
            values
        });
        let rows = rows.collect();
        let named = preset.columns.iter().map(|(name, measure)| ((*name).to_owned(), measure.value(&totals)));
        Ok(Body { columns, rows, totals: named.collect() })
    }
}
