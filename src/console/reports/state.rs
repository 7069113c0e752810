//! What the Reports screen holds, and the question it asks.

use super::behind::BEHIND;
use super::cube::Cube;
use super::cube_ask::View;
use super::today::Today;
use crate::console::screen::{Effect, Now};
use crate::console::widget::table::Cursor;
use crate::report::{self, Answer, Compare, Dim, Filter, Period, Request};
use crate::unit::{StoreId, Text};

/// The dashboard's name among the reports.
pub(super) const TODAY: &str = "today";
/// The cube's name among the reports.
pub(super) const CUBE: &str = "cube";
/// The name a report is asked under.
const REPORT: &str = "report";

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
    pub(super) names: Vec<String>,
    /// Views kept under names: their words.
    pub(super) saved: Vec<(String, String)>,
    pub(super) cube: Cube,
    /// What the open report is filtered by; the cube has its own.
    pub(super) slices: Vec<Filter>,
    /// By which column the rows stand, and whether downwards; `None` as answered.
    pub(super) sorted: Option<(usize, bool)>,
    /// The members offered to slice by.
    pub(super) offered: Option<(Dim, Vec<String>)>,
    /// The cell, in words, whose orders are asked for.
    pub(super) cell: String,
    pub(super) compare: Option<Compare>,
    pub(super) name: Cursor,
    pub(super) row: Cursor,
    pub(super) focus: Focus,
    pub(super) shown: Shown,
    pub(super) period: Period,
    pub(super) store: Option<(StoreId, Text, Text)>,
    pub(super) answer: Option<Answer>,
    pub(super) why_not: Option<String>,
    pub(super) asked: Option<Questions>,
    pub(super) again: bool,
    pub(super) stores: Vec<(StoreId, Text, Text)>,
    pub(super) fit: usize,
    pub(super) today: Today,
    pub(super) minor: u8,
}

impl Default for Reports {
    fn default() -> Reports {
        // A customer's own history stands on the Customers screen.
        let names = all_names(&[]);
        Reports {
            names,
            saved: Vec::new(),
            cube: Cube::default(),
            slices: Vec::new(),
            sorted: None,
            offered: None,
            cell: String::new(),
            compare: None,
            name: Cursor::default(),
            row: Cursor::default(),
            focus: Focus::Rows,
            today: Today::default(),
            minor: 2,
            shown: Shown::Both,
            period: Period::TwelveMonths,
            store: None,
            answer: None,
            why_not: None,
            asked: None,
            again: false,
            stores: Vec::new(),
            fit: 10,
        }
    }
}

impl Reports {
    /// The report that is open.
    pub(super) fn report(&self) -> &str {
        self.names.get(self.name.at).map_or(TODAY, String::as_str)
    }

    /// Whether what is open is shown as a cube: the cube itself, or a kept view of one.
    pub(super) fn shows_cube(&self) -> bool {
        self.report() == CUBE || self.kept().is_some_and(|words| View::of(&words).is_some())
    }

    /// Whether the keys go to the cube.
    pub(super) fn is_cube(&self) -> bool {
        self.focus == Focus::Rows && self.shows_cube()
    }

    /// The request of the open report: its own, or the words it was kept in.
    fn request(&self) -> Option<Request> {
        match self.saved.iter().find(|(name, _)| name == self.report()) {
            Some((_, words)) => Request::parse(&shlex::split(words)?).ok(),
            None => Request::named(self.report()).ok(),
        }
    }

    /// The open report's own words, where it is a kept view: its days and its store are those it was kept with.
    pub(super) fn kept(&self) -> Option<Request> {
        self.saved.iter().any(|(name, _)| name == self.report()).then(|| self.request())?
    }

    /// The named report that is open, be it by itself or in a kept view.
    pub(super) fn base(&self) -> &str {
        self.kept().map_or(self.report(), |view| view.report())
    }

    /// The store the open report is cut to: none where it knows of no stores.
    pub(super) fn store_cut(&self) -> Option<&(StoreId, Text, Text)> {
        self.store.as_ref().filter(|_| takes_a_store(self.base()))
    }

    /// Brings in the views that are kept now; the open report stays the open one.
    pub(super) fn bring_saved(&mut self, now: &Now<'_>) {
        let views = &now.shop.directory().views;
        let saved: Vec<(String, String)> =
            views.iter().map(|view| (view.name.to_string(), view.words.to_string())).collect();
        if saved != self.saved {
            let open = self.report().to_owned();
            let names: Vec<&str> = saved.iter().map(|(name, _)| name.as_str()).collect();
            self.names = all_names(&names);
            self.name.at = self.names.iter().position(|name| *name == open).unwrap_or(0);
            self.saved = saved;
        }
    }

    /// Asks for the open report; one question at a time, and again when facts have come meanwhile.
    pub(super) fn ask(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.bring_saved(now);
        let stores = &now.shop.directory().stores;
        self.stores = stores.iter().map(|store| (store.id, store.ext.clone(), store.name.clone())).collect();
        let questions = self.questions(now);
        if let Some(asked) = &self.asked {
            self.again = true;
            // Nobody is shown the answer to what is not open any more.
            let names = || asked.iter().map(|(name, _)| *name).collect();
            return if *asked == questions { Vec::new() } else { vec![Effect::GiveUp(names())] };
        }
        if questions.is_empty() {
            return Vec::new();
        }
        if self.shows_cube() {
            let cut = self.cut(now);
            self.cube.is_asked(cut);
        }
        self.asked = Some(questions.clone());
        vec![Effect::Ask(questions)]
    }

    /// What the open report, dashboard or cube asks, as the screen is cut now.
    fn questions(&self, now: &Now<'_>) -> Questions {
        if self.shows_cube() {
            return self.cut(now).questions(now.today);
        }
        if self.report() == TODAY {
            return Today::questions(now, self.store.as_ref().map(|(_, ext, _)| ext.as_str()));
        }
        self.question(now).map(|request| (REPORT, request)).into_iter().collect()
    }

    /// The open report's request, cut to what the screen is cut to.
    pub(super) fn question(&self, now: &Now<'_>) -> Option<Request> {
        let mut request = self.request()?.on(now.today);
        let has_days = takes_a_period(request.report());
        if has_days
            && request.from.is_none()
            && request.to.is_none()
            && let Some((from, to)) = self.period.days(now.today)
        {
            request.from = Some(from);
            request.to = Some(to);
        }
        request.as_of = Some(now.today);
        if request.from.is_some() && request.to.is_some() && has_days {
            // A kept view may be one that compares.
            request.compare = self.compare.or(request.compare);
        }
        request.store = request.store.or(self.store_cut().map(|(_, ext, _)| ext.to_string()));
        request.filters.extend(self.slices.iter().cloned());
        if self.report().starts_with("top-") {
            request.top = Some(20);
        }
        Some(request)
    }

    /// Takes the answer; asks again where something changed while it was worked out.
    pub(super) fn answered(
        &mut self,
        mut answers: Vec<(&'static str, Result<Answer, String>)>,
        now: &Now<'_>,
    ) -> Vec<Effect> {
        if let [(BEHIND, _)] = answers.as_slice() {
            // Not what the screen shows: that may still be on its way.
            return answers.pop().map(|(_, answer)| self.found_behind(answer, now)).unwrap_or_default();
        }
        // What was asked before something else was chosen stands under no other's head.
        if self.asked.take() != Some(self.questions(now)) {
            self.again = false;
            return self.ask(now);
        }
        self.minor = now.minor();
        let single = if let [(REPORT, _)] = answers.as_slice() { answers.pop() } else { None };
        let Some((_, answer)) = single else {
            let good = |(name, answer): (&'static str, Result<Answer, String>)| Some((name, answer.ok()?));
            if self.shows_cube() {
                self.cube.take(answers);
                return if std::mem::take(&mut self.again) { self.ask(now) } else { Vec::new() };
            }
            self.today.take(answers.into_iter().filter_map(good).collect(), now);
            return if std::mem::take(&mut self.again) { self.ask(now) } else { Vec::new() };
        };
        match answer {
            Ok(answer) => {
                self.row.keep_in_sight(answer.rows.len(), self.fit);
                self.answer = Some(answer);
                self.put_in_order();
                self.why_not = None;
            }
            Err(why) => {
                self.answer = None;
                self.why_not = Some(why);
            }
        }
        if std::mem::take(&mut self.again) { self.ask(now) } else { Vec::new() }
    }

    /// What was asked is not answered: it is asked again where somebody waits for it.
    pub(super) fn given_up(&mut self, names: &[&'static str], now: &Now<'_>) -> Vec<Effect> {
        if names == [BEHIND] {
            return Vec::new();
        }
        self.asked = None;
        if std::mem::take(&mut self.again) { self.ask(now) } else { Vec::new() }
    }

    /// Another question: the old answer is nothing to look at any more.
    pub(super) fn turn(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.answer = None;
        self.sorted = None;
        self.row = Cursor::default();
        self.ask(now)
    }
}

/// What is asked together, by name.
type Questions = Vec<(&'static str, Request)>;

/// The dashboard, the cube, what was kept, and every report but a customer's own history, which stands on the Customers
/// screen.
fn all_names(saved: &[&str]) -> Vec<String> {
    let reports = report::list().into_iter().map(|(name, _)| name);
    let reports = reports.filter(|name| !matches!(*name, "order-history" | "sales"));
    [TODAY, CUBE].into_iter().chain(saved.iter().copied()).chain(reports).map(str::to_owned).collect()
}

/// Reports of goods at the pace they sell at, which take their pace from days of their own.
pub(super) fn is_of_pace(report: &str) -> bool {
    matches!(report, "days-of-stock" | "slow-stock" | "dead-stock" | "sell-through")
}

/// Reports that know of no stores: what customers say, who they are, and who did what.
pub(super) fn takes_a_store(report: &str) -> bool {
    !(report.starts_with("customers") || matches!(report, "complaints-by-month" | "feedback-summary" | "audit"))
}

/// Reports about what is, not about what was sold, take no period.
pub(super) fn takes_a_period(report: &str) -> bool {
    !(report.starts_with("customers")
        || is_of_pace(report)
        || matches!(
            report,
            "low-stock" | "stock-valuation" | "inactive-customers" | "growth" | "cohorts" | "segments" | "today"
        ))
}
