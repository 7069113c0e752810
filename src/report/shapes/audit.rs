//! Who did what, from where, with whose approval: the journal as rows, newest first. Refusals and failed sign-ins too.
//!
//! Words about customers are not in the journal: what became of them is read beside it, for as long as they are kept.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::journal::{Act, acts};
use crate::report::plan::called;
use crate::report::question::{Dim, UNKNOWN};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::{RegisterId, Seq, Zone};

/// Rows where no number is asked for.
const ROWS: usize = 200;

impl<S: Source> Desk<'_, S> {
    /// The journal, newest first, `--top` (200) rows; sliced by who (`--where cashier=`) and by register.
    pub(super) fn audit(&self) -> Result<Body, ReportFault> {
        let directory = self.source.directory();
        let zone = directory.settings.as_ref().map(|settings| settings.zone).unwrap_or_else(Zone::utc);
        let filters = self.filters();
        if let Some(filter) = filters.iter().find(|filter| !matches!(filter.dim, Dim::Cashier | Dim::Register)) {
            return Err(ReportFault::NotHere(format!(
                "audit knows people and registers, not {}; slice by cashier or register",
                filter.dim.word()
            )));
        }
        let of = |dim: Dim| filters.iter().filter(move |filter| filter.dim == dim);
        let by_asked = |act: &Act| {
            of(Dim::Cashier).all(|filter| filter.values.iter().any(|value| *value == act.who || *value == act.name))
        };
        // Nowhere is the member `unknown`.
        let registers: Vec<Vec<Option<RegisterId>>> = of(Dim::Register)
            .map(|filter| {
                let called = |text: &String| match text.as_str() {
                    UNKNOWN => vec![None],
                    text => called(directory, text).into_iter().map(Some).collect(),
                };
                filter.values.iter().flat_map(called).collect()
            })
            .collect();
        let at_asked = |act: &Act| registers.iter().all(|asked| asked.contains(&act.at_register));
        let limit = self.request.top.unwrap_or(ROWS);
        let (mut rows, mut read) = (Vec::new(), 0);
        acts(self.source, &zone, Seq(u64::MAX), usize::MAX, &mut |act| {
            read += 1;
            if self.go_on().is_err() || self.request.from.is_some_and(|from| act.at.day() < from) {
                return false;
            }
            let within = self.request.to.is_none_or(|to| act.at.day() < to);
            if within && by_asked(&act) && at_asked(&act) {
                rows.push(vec![
                    Value::Count(i128::from(act.seq.0)),
                    Value::Time(act.at),
                    Value::text(act.who.as_str()),
                    Value::text(act.register.as_str()),
                    Value::text(act.act),
                    Value::text(act.subject),
                    Value::text(act.detail),
                ]);
            }
            rows.len() < limit
        })?;
        self.go_on()?;
        self.explain("journal", read);
        Ok(Body {
            columns: vec![
                AnswerColumn::new("seq", Kind::Number),
                AnswerColumn::new("at", Kind::Time),
                AnswerColumn::new("who", Kind::Id),
                AnswerColumn::new("register", Kind::Text),
                AnswerColumn::new("act", Kind::Text),
                AnswerColumn::new("subject", Kind::Text),
                AnswerColumn::new("detail", Kind::Text),
            ],
            totals: vec![("entries".to_owned(), Value::Count(rows.len() as i128))],
            rows,
        })
    }
}
