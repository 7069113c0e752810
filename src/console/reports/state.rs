//! What the Reports screen holds, and the question it asks.

use super::period::Period;
use crate::console::screen::{Effect, Now};
use crate::console::widget::table::Cursor;
use crate::report::{self, Answer, Request};
use crate::unit::{StoreId, Text};

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// The reports' names.
    Names,
    /// The answer's rows.
    Rows,
}

/// What of the answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Table and chart.
    Both,
    /// The table alone.
    Table,
    /// The chart alone.
    Chart,
}

/// The screen.
#[derive(Debug)]
pub struct Reports {
    pub(super) names: Vec<(&'static str, &'static str)>,
    pub(super) name: Cursor,
    pub(super) row: Cursor,
    pub(super) focus: Focus,
    pub(super) shown: Shown,
    pub(super) period: Period,
    pub(super) store: Option<(StoreId, Text, Text)>,
    pub(super) answer: Option<Answer>,
    pub(super) why_not: Option<String>,
    pub(super) waiting: bool,
    pub(super) again: bool,
    pub(super) stores: Vec<(StoreId, Text, Text)>,
    pub(super) fit: usize,
}

impl Default for Reports {
    fn default() -> Reports {
        // A customer's own history stands on the Customers screen.
        let names = report::list().into_iter().filter(|(name, _)| *name != "order-history").collect();
        Reports {
            names,
            name: Cursor { at: 3, first: 0 },
            row: Cursor::default(),
            focus: Focus::Names,
            shown: Shown::Both,
            period: Period::TwelveMonths,
            store: None,
            answer: None,
            why_not: None,
            waiting: false,
            again: false,
            stores: Vec::new(),
            fit: 10,
        }
    }
}

impl Reports {
    /// The report that is open.
    pub(super) fn report(&self) -> &'static str {
        self.names.get(self.name.at).map_or("sales", |(name, _)| name)
    }

    /// Asks for the open report; one question at a time, and again when facts have come meanwhile.
    pub(super) fn ask(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let stores = &now.shop.directory().stores;
        self.stores = stores.iter().map(|store| (store.id, store.ext.clone(), store.name.clone())).collect();
        if self.waiting {
            self.again = true;
            return Vec::new();
        }
        let Ok(mut request) = Request::named(self.report()) else { return Vec::new() };
        if takes_a_period(self.report())
            && let Some((from, to)) = self.period.days(now.today)
        {
            request.from = Some(from);
            request.to = Some(to);
        }
        request.as_of = Some(now.today);
        request.store = self.store.as_ref().map(|(_, ext, _)| ext.to_string());
        if self.report().starts_with("top-") {
            request.top = Some(20);
        }
        self.waiting = true;
        vec![Effect::Ask(Box::new(request))]
    }

    /// Takes the answer; asks again where something changed while it was worked out.
    pub(super) fn answered(&mut self, answer: Result<Answer, String>, now: &Now<'_>) -> Vec<Effect> {
        self.waiting = false;
        match answer {
            Ok(answer) => {
                self.row.keep_in_sight(answer.rows.len(), self.fit);
                self.answer = Some(answer);
                self.why_not = None;
            }
            Err(why) => {
                self.answer = None;
                self.why_not = Some(why);
            }
        }
        if std::mem::take(&mut self.again) { self.ask(now) } else { Vec::new() }
    }

    /// Another question: the old answer is nothing to look at any more.
    pub(super) fn turn(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.answer = None;
        self.row = Cursor::default();
        self.ask(now)
    }
}

/// Reports about what is, not about what was sold, take no period.
pub(super) fn takes_a_period(report: &str) -> bool {
    !(report.starts_with("customers")
        || matches!(report, "low-stock" | "stock-valuation" | "inactive-customers" | "growth" | "cohorts"))
}
