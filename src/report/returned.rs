//! Returns against what was sold, and distinct counts over rows that were cut off.

use super::answer::AnswerColumn;
use super::ask::{Desk, member_columns, member_values};
use super::body::Body;
use super::dimension::{Dim, Origin};
use super::fault::ReportFault;
use super::finish::Groups;
use super::measure::{Base, Measure, Sums};
use super::question::{Filter, Question};
use super::source::Source;

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

    /// Orders that can be in several rows, and customers, are not the sums of the rows that stayed: they are counted again
    /// over the members of these rows.
    pub(super) fn count_again(&self, question: &Question, found: &mut Groups) -> Result<(), ReportFault> {
        let lines = question.dims.iter().any(|dim| matches!(dim.origin(), Origin::Product | Origin::LineWords));
        let bases: Vec<Base> = question.figures().flat_map(|measure| measure.bases().iter().copied()).collect();
        let customers = question.figures().any(|measure| measure == Measure::Customers);
        if !(customers || lines && bases.contains(&Base::Orders)) {
            return Ok(());
        }
        let [dim] = question.dims[..] else {
            found.distinct = false;
            return Ok(());
        };
        let values = found.rows.iter().map(|row| found.names.id(0, row.codes[0]).plain(0)).collect();
        let mut filters: Vec<Filter> = question.filters.iter().filter(|filter| filter.dim != dim).cloned().collect();
        filters.push(Filter { dim, values });
        let again = Question { dims: Vec::new(), filters, sort: None, top: None, ..question.clone() };
        let counted = self.groups(&again)?.totals;
        found.totals.base[Base::Orders as usize] = counted.of(Base::Orders);
        found.totals.customers = counted.customers;
        Ok(())
    }
}
