//! The Reports screen: the reports' names, the answer as table and chart, live.

mod behind;
mod columns;
mod cube;
mod cube_ask;
mod cube_draw;
mod cube_keys;
mod cutting;
mod draw;
mod figure;
mod picture;
mod state;
mod today;
mod today_draw;
mod update;

pub use state::Reports;

use state::{takes_a_period, takes_a_store};

use super::keymap::{Action, Context, Typing};
use super::screen::{Effect, Input, Look, Now, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Screen for Reports {
    fn contexts(&self) -> &'static [Context] {
        if self.is_cube() {
            &[Context::Cube, Context::Reports, Context::List]
        } else {
            &[Context::Reports, Context::List]
        }
    }

    fn typing(&self) -> Typing {
        Typing::No
    }

    fn unavailable(&self, action: Action) -> Option<&'static str> {
        match action {
            Action::Sort | Action::Unslice | Action::Slice | Action::Save if self.is_cube() => None,
            Action::Export if self.is_cube() && self.cube.answer().is_some() => None,
            Action::Copy if self.is_cube() && self.cube.answer().is_some() => None,
            Action::Export | Action::Copy if self.is_cube() => Some("the answer is not here yet"),
            Action::Chart if self.is_cube() => Some("the cube is its own picture"),
            Action::Period
                if self.kept().is_some_and(|view| view.period.is_some() || view.from.or(view.to).is_some()) =>
            {
                Some("this view is kept with its days")
            }
            Action::Store if self.kept().is_some_and(|view| view.store.is_some()) => {
                Some("this view is kept with its store")
            }
            Action::Period if self.report() == state::TODAY => {
                Some("Today is about today; every other report has its days")
            }
            Action::Period if !takes_a_period(self.base()) => Some("this report has no days to choose"),
            Action::Store if !takes_a_store(self.base()) => Some("this report knows of no stores"),
            Action::Compare if !takes_a_period(self.base()) => Some("this report has no period to compare"),
            Action::Mark => Some("a report's rows are looked at one by one"),
            Action::Slice | Action::Unslice | Action::Save | Action::Sort if self.report() == state::TODAY => {
                Some("the day is shown as it is")
            }
            Action::Unslice if self.slices.is_empty() && self.kept().is_some_and(|view| !view.filters.is_empty()) => {
                Some("this view is kept with its filters")
            }
            Action::Unslice if self.slices.is_empty() => Some("the report is not filtered"),
            Action::Export | Action::Copy | Action::Sort if self.answer.is_none() => Some("the answer is not here yet"),
            _ => None,
        }
    }

    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        self.take(input, now)
    }

    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.ask(now)
    }

    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        self.paint(look, area, buffer);
        None
    }
}
