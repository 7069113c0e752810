//! What customers said, handed on piece by piece to whoever asks: out of what is kept where that is possible.
//!
//! Feedback knows when and from whom it is, and nothing of goods, tills or payments.

use super::Desk;
use crate::report::ReportFault;
use crate::report::facts::Source;
use crate::report::kept::{Heard, Said};
use crate::report::plan::Plan;
use crate::report::question::{Dim, Origin, Question};

impl<S: Source> Desk<'_, S> {
    /// Hands every piece of feedback that `question` asks for to `take`, with `orders` each by itself with the order it is
    /// about; it knows when and from whom alone.
    pub(crate) fn said(
        &self,
        question: &Question,
        orders: bool,
        mut take: impl FnMut(Said<'_>),
    ) -> Result<(), ReportFault> {
        let past = self.past(question)?;
        let plan = Plan::bind(question, self.source, past, 1, false)?;
        let whole = plan.from.is_none() && plan.to.is_none();
        let counted = whole && !orders && question.filters.is_empty();
        if let Some(answers) = self.answers
            && let Some(heard) = answers.ear().recall(self.source, counted)?
        {
            let rows = heard.tell(&plan, &mut take);
            self.explain("feedback rollup", rows);
            return Ok(());
        }
        let heard = Heard::read(self.source, plan.from, plan.to, whole || plan.wants_undated(), &|| self.go_on())?;
        let rows = heard.tell(&plan, &mut take);
        self.explain("feedback scan", rows);
        if let Some(answers) = self.answers.filter(|_| whole) {
            answers.ear().keep(heard);
        }
        Ok(())
    }
}

/// Whether feedback knows a dimension.
pub(crate) fn said_by(dim: Dim) -> bool {
    matches!(dim.origin(), Origin::Customer | Origin::Day)
}
