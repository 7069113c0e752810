//! The cube's keys.

use super::cube_ask::{Cut, Show};
use super::cube_draw::room;
use super::figure::figure_words;
use super::state::Reports;
use crate::console::keymap::Action;
use crate::console::screen::{Choice, Effect, Now};
use crate::report::{Dim, Measure, Period, Value};
use ratatui::layout::Rect;

impl Reports {
    /// What a key does to the cube; `None`: it is not the cube's.
    pub(super) fn act_on_cube(&mut self, action: Action, now: &Now<'_>) -> Option<Vec<Effect>> {
        let (columns, rows) = room(Rect::new(0, 0, now.size.0, now.size.1));
        let (many_rows, many_columns) = (self.cube.rows.len(), self.cube.columns.len());
        let mut view = self.cube.view.clone();
        match action {
            Action::Up => self.cube.row.step(-1, many_rows, rows),
            Action::Down => self.cube.row.step(1, many_rows, rows),
            Action::PageUp => self.cube.row.step(-(rows as i64), many_rows, rows),
            Action::PageDown => self.cube.row.step(rows as i64, many_rows, rows),
            Action::Home => self.cube.column.step(-(many_columns as i64), many_columns, columns),
            Action::End => self.cube.column.step(many_columns as i64, many_columns, columns),
            Action::Right => self.cube.column.step(1, many_columns, columns),
            Action::Left if self.cube.column.at > 0 => self.cube.column.step(-1, many_columns, columns),
            Action::CubeRows => return Some(vec![pick_dimension("cube rows", "What are the rows?")]),
            Action::CubeColumns => return Some(vec![pick_dimension("cube columns", "What are the columns?")]),
            Action::Slice => return Some(vec![pick_dimension("cube slice", "Cut by what?")]),
            Action::CubeMeasure => {
                let choice = |measure: &Measure| Choice { words: figure_words(measure.word()), ..Choice::default() };
                let choices = Measure::ALL.iter().map(choice).collect();
                return Some(vec![Effect::Pick { name: "cube measure", title: "Which figure?".to_owned(), choices }]);
            }
            Action::Swap => {
                std::mem::swap(&mut view.rows, &mut view.columns);
                self.cube.go(view);
                return Some(self.ask(now));
            }
            Action::Show => {
                view.show = match view.show {
                    Show::Value => Show::OfRow,
                    Show::OfRow => Show::OfColumn,
                    Show::OfColumn if self.period.days(now.today).is_some() => Show::LastYear,
                    Show::OfColumn | Show::LastYear => Show::Value,
                };
                self.cube.view = view;
                return Some(self.ask(now));
            }
            Action::Sort => self.cube.sort(),
            Action::Shade => self.cube.heat = !self.cube.heat,
            Action::Enter | Action::Receipts if self.cube.is_behind(&self.cut(now)) => {
                return Some(vec![Effect::Say("Still adding up. Press it again in a moment.".to_owned())]);
            }
            Action::Enter => {
                let Some(view) = self.cube.drilled() else {
                    return Some(vec![Effect::Say("There is nothing finer here. d shows the receipts.".to_owned())]);
                };
                self.cube.go(view);
                return Some(self.ask(now));
            }
            Action::RollUp => {
                let Some(view) = self.cube.rolled_up() else {
                    return Some(vec![Effect::Say("There is nothing coarser here.".to_owned())]);
                };
                self.cube.go(view);
                return Some(self.ask(now));
            }
            Action::Unslice => {
                view.slices.pop();
                self.cube.go(view);
                return Some(self.ask(now));
            }
            Action::Undo => {
                let words = "There is nothing to go back to.".to_owned();
                return Some(if self.cube.undo() { self.ask(now) } else { vec![Effect::Say(words)] });
            }
            Action::Receipts => {
                let cell = self.cube.behind_cell(&self.cut(now), now.today);
                let nothing = || vec![Effect::Say("There is no figure here.".to_owned())];
                return Some(cell.map_or_else(nothing, |cell| self.ask_behind(cell)));
            }
            Action::Copy => return Some(self.copy_row()),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Something was chosen for the cube.
    pub(super) fn picked_for_cube(&mut self, name: &'static str, row: usize, now: &Now<'_>) -> Vec<Effect> {
        let mut view = self.cube.view.clone();
        match (name, Dim::CUBE.get(row), Measure::ALL.get(row)) {
            ("cube rows", Some(dim), _) if *dim == view.columns => std::mem::swap(&mut view.rows, &mut view.columns),
            ("cube columns", Some(dim), _) if *dim == view.rows => std::mem::swap(&mut view.rows, &mut view.columns),
            ("cube rows", Some(dim), _) => view.rows = *dim,
            ("cube columns", Some(dim), _) => view.columns = *dim,
            ("cube measure", _, Some(measure)) => view.measure = *measure,
            ("cube slice", Some(dim), _) => return self.offer_members(*dim, now),
            ("cube member", ..) => {
                let Some(slice) = self.chosen_slice(row) else { return Vec::new() };
                let slices = if self.is_cube() { &mut view.slices } else { &mut self.slices };
                slices.retain(|other| other.dim != slice.dim);
                slices.push(slice);
                if !self.is_cube() {
                    return self.turn(now);
                }
            }
            _ => return Vec::new(),
        }
        self.cube.go(view);
        self.ask(now)
    }

    /// What the cube looks at now.
    pub(super) fn cut(&self, now: &Now<'_>) -> Cut {
        let own = self.kept().and_then(|view| view.store);
        let store = own.or_else(|| self.store.as_ref().map(|(_, ext, _)| ext.to_string()));
        Cut { view: self.cube.view.clone(), period: self.cube_period().days(now.today), store }
    }

    /// The cube's period: a kept view has its own, if it was kept with one.
    pub(super) fn cube_period(&self) -> Period {
        let Some(own) = self.kept() else { return self.period };
        match (own.period, own.from, own.to) {
            (Some(period), _, _) => period,
            (None, Some(from), Some(to)) => Period::Range(from, to.add_days(-1)),
            _ => self.period,
        }
    }

    /// The marked row as text: its name and its figures.
    fn copy_row(&self) -> Vec<Effect> {
        let (Some(answer), Some(member)) = (self.cube.answer(), self.cube.rows.get(self.cube.row.at)) else {
            return Vec::new();
        };
        let figure = |value: Option<Value>| value.map(|value| value.plain(answer.minor)).unwrap_or_default();
        let cells = (0..self.cube.columns.len()).map(|column| figure(self.cube.shown(self.cube.row.at, column)));
        let words: Vec<String> = std::iter::once(member.name.clone()).chain(cells).collect();
        vec![Effect::Copy(words.join("\t"))]
    }
}

pub(super) fn pick_dimension(name: &'static str, title: &str) -> Effect {
    let choice = |dim: &Dim| Choice { words: figure_words(dim.word()), ..Choice::default() };
    Effect::Pick { name, title: title.to_owned(), choices: Dim::CUBE.iter().map(choice).collect() }
}
