//! Who did what, from where, with whose approval: the journal as rows, newest first. Refusals and failed sign-ins too.
//!
//! Words about customers are not in the journal: what became of them is read beside it, for as long as they are kept.

use super::acts::acts;
use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::source::Source;
use super::value::{Kind, Value};
use crate::unit::{Seq, Zone};

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
        let asked = |dim: Dim, id: &str, name: &str| {
            let wanted =
                |filter: &super::question::Filter| filter.values.iter().any(|value| value == id || value == name);
            filters.iter().filter(|filter| filter.dim == dim).all(wanted)
        };
        let limit = self.request.top.unwrap_or(ROWS);
        let (mut rows, mut read) = (Vec::new(), 0);
        acts(self.source, &zone, Seq(u64::MAX), usize::MAX, &mut |act| {
            read += 1;
            if self.request.from.is_some_and(|from| act.at.day() < from) {
                return false;
            }
            let within = self.request.to.is_none_or(|to| act.at.day() < to);
            if within && asked(Dim::Cashier, &act.who, &act.name) && asked(Dim::Register, &act.register, &act.register)
            {
                rows.push(vec![
                    Value::Count(i128::from(act.seq.0)),
                    Value::Time(act.at),
                    Value::text(&act.who),
                    Value::text(&act.register),
                    Value::Text(act.act),
                    Value::Text(act.subject),
                    Value::Text(act.detail),
                ]);
            }
            rows.len() < limit
        })?;
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
