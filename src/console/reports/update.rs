//! Input to the Reports screen.

use super::behind::{self, BEHIND, ORDERS};
use super::cube_ask::View;
use super::cube_keys::pick_dimension;
use super::state::{Focus, Reports, Shown, TODAY, is_of_pace, takes_a_period};
use crate::console::keymap::Action;
use crate::console::layer::form::{Form, something};
use crate::console::screen::{Choice, Effect, Input, Now};
use crate::domain::view::Kind as Subject;
use crate::report::{Answer, Compare, Kind, Period, Request, Value};
use crate::unit::{CustomerId, Day};

impl Reports {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        self.fit = usize::from(now.size.1.saturating_sub(4)).max(1);
        match input {
            Input::Answers(answers) => self.answered(answers, now),
            Input::GivenUp(names) => self.given_up(&names, now),
            Input::Action(action) => self.act(action, now),
            Input::Wheel(rows) => self.step(i64::from(rows), now),
            Input::Click(x, y) => self.click(x, y, now),
            Input::Picked("period", row) => match Period::NAMED.get(row) {
                Some(period) => {
                    self.period = *period;
                    self.turn(now)
                }
                None => vec![Effect::Form(range_form(now.today))],
            },
            Input::Picked("store", row) => {
                self.store = row.checked_sub(1).and_then(|at| self.stores.get(at).cloned());
                self.turn(now)
            }
            Input::Picked("report", row) => {
                let name = self.names.get(row).cloned().unwrap_or_default();
                self.open_report(&name, now)
            }
            Input::OpenReport(name) => self.open_report(&name, now),
            Input::Picked("export", row) => self.hand_out(row, now),
            Input::Picked(name, row) => self.picked_for_cube(name, row, now),
            Input::Filled("save view", values) => self.save_view(&values, now),
            Input::Done("save view", Ok(_)) => vec![Effect::Say("Kept. It stands among the reports.".to_owned())],
            Input::Filled("range", values) => self.range(&values, now),
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        if self.is_cube()
            && let Some(effects) = self.act_on_cube(action, now)
        {
            return effects;
        }
        match action {
            Action::Compare => {
                self.compare = match self.compare {
                    None => Some(Compare::Previous),
                    Some(Compare::Previous) => Some(Compare::LastYear),
                    Some(_) => None,
                };
                self.turn(now)
            }
            Action::Enter if self.report() == TODAY => vec![Effect::FilterOrders(now.today.to_string())],
            Action::Period => {
                let named = Period::NAMED.iter().map(|period| Choice {
                    words: period.words(),
                    note: days(*period, now.today),
                    ..Choice::default()
                });
                let range =
                    Choice { words: "from … to …".to_owned(), note: "any days".to_owned(), ..Choice::default() };
                let choices = named.chain([range]).collect();
                vec![Effect::Pick { name: "period", title: "Which days?".to_owned(), choices }]
            }
            Action::Store => {
                let all = Choice { words: "all stores".to_owned(), note: String::new(), ..Choice::default() };
                let each = self.stores.iter().map(|(_, ext, name)| Choice {
                    words: name.to_string(),
                    note: ext.to_string(),
                    ..Choice::default()
                });
                let choices = [all].into_iter().chain(each).collect();
                vec![Effect::Pick { name: "store", title: "Which store?".to_owned(), choices }]
            }
            Action::Chart => {
                self.shown = match self.shown {
                    Shown::Both => Shown::Table,
                    Shown::Table => Shown::Chart,
                    Shown::Chart => Shown::Both,
                };
                Vec::new()
            }
            Action::Filter => vec![self.find_report()],
            Action::Slice => vec![pick_dimension("cube slice", "Filter by what?")],
            Action::Unslice => {
                self.slices.pop();
                self.turn(now)
            }
            Action::Sort => self.sort_rows(now),
            Action::Save => vec![Effect::Form(name_form())],
            Action::Export => self.ask_format(),
            Action::Copy => self.copy(),
            Action::Enter | Action::Right if self.focus == Focus::Names => {
                self.focus = Focus::Rows;
                Vec::new()
            }
            Action::Enter => self.open(now),
            Action::Left | Action::Back => {
                self.focus = Focus::Names;
                Vec::new()
            }
            action => self.moved(action, now),
        }
    }

    fn moved(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        match self.focus {
            Focus::Rows => {
                let count = self.answer.as_ref().map_or(0, |answer| answer.rows.len());
                self.row.act(action, count, self.fit);
                Vec::new()
            }
            Focus::Names => {
                let before = self.name.at;
                let fit = usize::from(now.size.1.saturating_sub(1));
                self.name.act(action, self.names.len(), fit);
                if self.name.at == before { Vec::new() } else { self.turn_to_another(now) }
            }
        }
    }

    fn step(&mut self, rows: i64, now: &Now<'_>) -> Vec<Effect> {
        let action = if rows < 0 { Action::Up } else { Action::Down };
        self.moved(action, now)
    }

    fn click(&mut self, x: u16, y: u16, now: &Now<'_>) -> Vec<Effect> {
        if x >= super::draw::NAMES {
            self.focus = Focus::Rows;
            return Vec::new();
        }
        self.focus = Focus::Names;
        let at = self.name.first + usize::from(y.saturating_sub(1));
        if at >= self.names.len() || at == self.name.at {
            return Vec::new();
        }
        self.name.at = at;
        self.turn_to_another(now)
    }

    /// Another report: what the one before was filtered by goes with it.
    pub(super) fn turn_to_another(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.slices.clear();
        if let Some(view) = self.kept().and_then(|words| View::of(&words)) {
            self.cube.open(view);
        }
        self.turn(now)
    }

    fn range(&mut self, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        match (Day::parse(&values[0]), Day::parse(&values[1])) {
            (Ok(from), Ok(to)) if from <= to => {
                self.period = Period::Range(from, to);
                let mut effects = vec![Effect::CloseForm];
                effects.extend(self.turn(now));
                effects
            }
            (Ok(_), Ok(_)) => vec![Effect::FormError("The last day is before the first.".to_owned())],
            _ => vec![Effect::FormError("Write days as 2026-03-01.".to_owned())],
        }
    }

    fn copy(&self) -> Vec<Effect> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let Some(row) = answer.rows.get(self.row.at) else { return Vec::new() };
        let cells: Vec<String> = row.iter().map(|value| value.plain(answer.minor)).collect();
        vec![Effect::Copy(cells.join("\t"))]
    }

    /// Down to what stands behind a row: the customer, or the orders that add up to it, within days and store.
    fn open(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let Some(row) = answer.rows.get(self.row.at) else { return Vec::new() };
        let first = answer.columns.first().zip(row.first());
        if let Some((column, Value::Text(id))) = first
            && column.kind == Kind::Id
            && is_of_customers(&answer.report)
        {
            return match now.shop.find(Subject::Customer, id) {
                Ok(Some(customer)) => vec![Effect::ShowCustomer(CustomerId(customer as u32))],
                Ok(None) => vec![Effect::Refuse(format!("There is no customer {id}."))],
                Err(fault) => vec![Effect::Refuse(fault.to_string())],
            };
        }
        let asked = self.question(now).and_then(|request| behind::of_row(request, answer, row));
        match asked {
            Some(asked) => self.ask_behind(asked),
            None => vec![Effect::Say("There is no order behind this row alone.".to_owned())],
        }
    }

    /// Asks for the orders behind a figure, which is this in words.
    pub(super) fn ask_behind(&mut self, (words, request): (String, Request)) -> Vec<Effect> {
        self.cell = words;
        vec![Effect::Ask(vec![(BEHIND, request)])]
    }

    /// The orders behind a figure came: the Orders screen shows them and no others.
    pub(super) fn found_behind(&mut self, answer: Result<Answer, String>, now: &Now<'_>) -> Vec<Effect> {
        let found = answer.and_then(|answer| {
            let found = behind::orders(&answer, now).map_err(|fault| fault.to_string())?;
            Ok((found, answer.rows.len() == ORDERS))
        });
        match found {
            Err(why) => vec![Effect::Refuse(why)],
            Ok((orders, _)) if orders.is_empty() => {
                vec![Effect::Say("There is no order behind this figure.".to_owned())]
            }
            Ok((orders, is_cut)) => {
                let newest = if is_cut { ", the newest" } else { "" };
                vec![Effect::OnlyOrders(format!("behind {}{newest}", self.cell), orders)]
            }
        }
    }

    /// What the open report is cut to, for the head: days, store, and what stands beside.
    pub(super) fn head(&self) -> (String, String, &'static str) {
        let kept = self.kept();
        let kept = kept.as_ref();
        let days = kept.and_then(|view| match (view.from, view.to) {
            (Some(from), Some(to)) => Some(Period::Range(from, to.add_days(-1))),
            _ => view.period,
        });
        let chosen = days;
        let months = kept.and_then(|view| view.months).unwrap_or(3);
        let days = match (days, self.base()) {
            (Some(days), _) => days.words(),
            (None, base) if takes_a_period(base) => self.period.words(),
            // What `till report` takes where no days are said.
            (None, "days-of-stock") if kept.is_none_or(|view| view.months.is_none()) => "the last 28 days".to_owned(),
            (None, base) if is_of_pace(base) => format!("the last {months} months"),
            (None, _) => "as it is now".to_owned(),
        };
        let own = kept.and_then(|view| view.store.as_deref());
        let own = own.map(|id| self.stores.iter().find(|(_, ext, _)| **ext == *id).map_or(id, |(_, _, name)| name));
        let store = own.or(self.store_cut().map(|(_, _, name)| &**name)).unwrap_or("all stores").to_owned();
        let is_compared = takes_a_period(self.base()) && chosen.unwrap_or(self.period) != Period::All;
        let compare = match self.compare.filter(|_| is_compared).or(kept.and_then(|view| view.compare)) {
            Some(Compare::Previous) => "beside the period before",
            Some(Compare::LastYear) => "beside last year",
            Some(Compare::Period(..)) => "beside another period",
            None => "",
        };
        (days, store, compare)
    }
}

fn is_of_customers(report: &str) -> bool {
    matches!(report, "top-customers" | "inactive-customers" | "order-frequency")
}

fn days(period: Period, today: Day) -> String {
    match period.days(today) {
        Some((from, to)) if to.0 == from.0 + 1 => from.to_string(),
        Some((from, to)) => format!("{from} to {}", to.add_days(-1)),
        None => String::new(),
    }
}

fn name_form() -> Form {
    Form::new("save view", "Keep this view").field("Name", "", "such as teas-by-month", something)
}

fn range_form(today: Day) -> Form {
    let day = |text: &str| Day::parse(text).map(drop).map_err(|_| "write it as 2026-03-01".to_owned());
    Form::new("range", "From … to …")
        .field("First day", &today.month_start().to_string(), "such as 2026-03-01", day)
        .proposed()
        .field("Last day", &today.to_string(), "this day is part of it", day)
        .proposed()
}
