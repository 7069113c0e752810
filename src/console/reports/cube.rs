//! The cube: a figure by rows and columns, turned, drilled and sliced by keys. Here is what it shows and how it moves.

use super::cube_ask::{Cut, Show, View};
use crate::console::widget::table::Cursor;
use crate::report::{Answer, Dim, Filter, Measure, Request, Value};
use crate::unit::Day;

/// Ways from coarse to fine.
const WAYS: [&[Dim]; 4] = [
    &[Dim::Year, Dim::Quarter, Dim::Month, Dim::Week, Dim::Day, Dim::Hour],
    &[Dim::Category, Dim::Product],
    &[Dim::Location, Dim::Customer],
    &[Dim::Store, Dim::Register],
];
/// Steps that can be taken back.
const UNDO: usize = 50;

/// Answers as they came, all of one cut.
#[derive(Debug)]
struct Figures {
    cut: Cut,
    cells: Answer,
    rows: Answer,
    columns: Answer,
    all: Answer,
}

/// A member of a row or column: what it is asked by, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub id: String,
    pub name: String,
}

/// The cube.
#[derive(Debug)]
pub(super) struct Cube {
    pub view: View,
    past: Vec<View>,
    pub by_size: bool,
    pub heat: bool,
    pub row: Cursor,
    pub column: Cursor,
    pub rows: Vec<Member>,
    pub columns: Vec<Member>,
    /// By row and column; `None` where nothing was sold.
    cells: Vec<Vec<Option<Value>>>,
    pub row_totals: Vec<Value>,
    pub column_totals: Vec<Value>,
    pub total: Value,
    /// Orders of each cell, as the answer has them.
    pub orders: Vec<Vec<Option<Value>>>,
    /// What the answers that are on their way are of.
    asked: Option<Cut>,
    figures: Option<Figures>,
    pub why_not: Option<String>,
}

impl Default for Cube {
    fn default() -> Cube {
        let view = View {
            rows: Dim::Category,
            columns: Dim::Quarter,
            measure: Measure::NetSales,
            slices: Vec::new(),
            show: Show::Value,
        };
        Cube {
            view,
            past: Vec::new(),
            by_size: false,
            heat: false,
            row: Cursor::default(),
            column: Cursor::default(),
            rows: Vec::new(),
            columns: Vec::new(),
            cells: Vec::new(),
            row_totals: Vec::new(),
            column_totals: Vec::new(),
            total: Value::Null,
            orders: Vec::new(),
            asked: None,
            figures: None,
            why_not: None,
        }
    }
}

impl Cube {
    /// Shows a view that was kept; there is no way back from it but to another report.
    pub fn open(&mut self, view: View) {
        *self = Cube { view, by_size: self.by_size, heat: self.heat, ..Cube::default() };
    }

    /// It is asked, cut like that.
    pub fn is_asked(&mut self, cut: Cut) {
        self.asked = Some(cut);
    }

    /// The question that finds the orders behind the marked cell, and the cell in words.
    pub fn behind_cell(&self, cut: &Cut, today: Day) -> Option<(String, Request)> {
        let (down, over) = (self.rows.get(self.row.at)?, self.columns.get(self.column.at)?);
        let request = cut.behind((&down.id, &over.id), today)?;
        Some((format!("{} × {}", down.name, over.name), request))
    }

    /// Whether what is shown is of another cut still: a key must not act on figures that are not there yet.
    pub fn is_behind(&self, cut: &Cut) -> bool {
        self.figures.as_ref().is_none_or(|figures| figures.cut != *cut)
    }

    /// The figures as an answer, to be exported.
    pub fn answer(&self) -> Option<&Answer> {
        self.figures.as_ref().map(|figures| &figures.cells)
    }

    /// Takes the answers to what was asked last.
    pub fn take(&mut self, answers: Vec<(&'static str, Result<Answer, String>)>) {
        let Some(cut) = self.asked.take() else { return };
        let mut found = std::collections::HashMap::new();
        self.why_not = None;
        for (name, answer) in answers {
            match answer {
                Ok(answer) => drop(found.insert(name, answer)),
                Err(why) => self.why_not = Some(why),
            }
        }
        let (Some(cells), Some(rows), Some(columns), Some(all)) =
            (found.remove("cells"), found.remove("rows"), found.remove("columns"), found.remove("all"))
        else {
            // Nothing is shown that is of another cut.
            self.figures = None;
            return;
        };
        // Of the same view the mark stays with what it is on, wherever that stands now.
        let marked = self.figures.as_ref().filter(|before| before.cut.view == cut.view && cut.view == self.view);
        let marked =
            marked.and_then(|_| Some((self.rows.get(self.row.at)?.clone(), self.columns.get(self.column.at)?.clone())));
        self.figures = Some(Figures { cut, cells, rows, columns, all });
        self.lay_out();
        if let Some((row, column)) = marked {
            let place = |list: &[Member], member: &Member| list.iter().position(|other| other.id == member.id);
            self.row.at = place(&self.rows, &row).unwrap_or(self.row.at);
            self.column.at = place(&self.columns, &column).unwrap_or(self.column.at);
        }
    }

    /// Largest first, or by name again.
    pub fn sort(&mut self) {
        self.by_size = !self.by_size;
        self.lay_out();
    }

    /// Lays the answers out in rows and columns.
    fn lay_out(&mut self) {
        let Some(Figures { cut, cells, rows, columns, all }) = &self.figures else { return };
        let view = &cut.view;
        let named = |answer: &Answer, name: &str| answer.columns.iter().position(|column| column.name == name);
        let name = match cut.is_compared() {
            true => format!("{}_change_pct", view.measure.word()),
            false => view.measure.word().to_owned(),
        };
        let figure = |answer: &Answer, row: &[Value]| named(answer, &name).map_or(Value::Null, |at| cell(row, at));
        let members = |answer: &Answer, dim: Dim| -> Vec<(Member, Value)> {
            answer.rows.iter().map(|row| (member(row, 0, dim, answer.minor), figure(answer, row))).collect()
        };
        let mut row_members = members(rows, view.rows);
        let size = |value: &Value| value.approximate().unwrap_or(f64::MIN);
        if self.by_size {
            row_members.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
        }
        (self.rows, self.row_totals) = row_members.into_iter().unzip();
        (self.columns, self.column_totals) = members(columns, view.columns).into_iter().unzip();
        self.total = all.rows.first().map_or(Value::Null, |row| figure(all, row));
        let place = |list: &[Member]| -> std::collections::HashMap<String, usize> {
            list.iter().enumerate().map(|(at, member)| (member.id.clone(), at)).collect()
        };
        let (by_row, by_column) = (place(&self.rows), place(&self.columns));
        self.cells = vec![vec![None; self.columns.len()]; self.rows.len()];
        self.orders = self.cells.clone();
        let row_wide = width(view.rows);
        let last = named(cells, "orders");
        for row in &cells.rows {
            let down = by_row.get(&member(row, 0, view.rows, cells.minor).id);
            let across = by_column.get(&member(row, row_wide, view.columns, cells.minor).id);
            if let (Some(down), Some(across)) = (down, across) {
                self.cells[*down][*across] = Some(figure(cells, row));
                self.orders[*down][*across] = last.map(|last| cell(row, last));
            }
        }
        self.row.at = self.row.at.min(self.rows.len().saturating_sub(1));
        self.column.at = self.column.at.min(self.columns.len().saturating_sub(1));
    }

    /// What cells show now: changes and figures are other answers, and those may be on their way still.
    pub fn show(&self) -> Show {
        match (self.figures.as_ref().is_some_and(|figures| figures.cut.is_compared()), self.view.show) {
            (true, _) => Show::LastYear,
            (false, Show::LastYear) => Show::Value,
            (false, wanted) => wanted,
        }
    }

    /// What a cell shows; a share where shares are shown.
    pub fn shown(&self, row: usize, column: usize) -> Option<Value> {
        let value = self.cells.get(row)?.get(column)?.clone()?;
        match self.show() {
            Show::Value | Show::LastYear => Some(value),
            Show::OfRow => share(&value, self.row_totals.get(row)?),
            Show::OfColumn => share(&value, self.column_totals.get(column)?),
        }
    }

    /// The total of a row, of a column, or of all, in the measure the cells are in.
    pub fn total_shown(&self, row: Option<usize>, column: Option<usize>) -> Option<Value> {
        let of_row = row.map_or(Some(&self.total), |row| self.row_totals.get(row))?;
        let of_column = column.map_or(Some(&self.total), |column| self.column_totals.get(column))?;
        let own = if row.is_some() { of_row } else { of_column };
        match self.show() {
            Show::Value | Show::LastYear => Some(own.clone()),
            Show::OfRow => share(own, of_row),
            Show::OfColumn => share(own, of_column),
        }
    }

    /// How much a cell shows as a number, for shading: what is read there and what is seen there are the same.
    pub fn weight(&self, row: usize, column: usize) -> f64 {
        self.shown(row, column).as_ref().and_then(Value::approximate).unwrap_or(0.0)
    }

    /// The figure of a cell as a number, for its part and the trend.
    pub fn number(&self, row: usize, column: usize) -> f64 {
        let value = self.cells.get(row).and_then(|cells| cells.get(column)).and_then(Option::as_ref);
        value.and_then(Value::approximate).unwrap_or(0.0)
    }

    /// Goes elsewhere; where one stood can be come back to.
    pub fn go(&mut self, view: View) {
        let past = std::mem::replace(&mut self.view, view);
        self.past.push(past);
        if self.past.len() > UNDO {
            self.past.remove(0);
        }
        self.row = Cursor::default();
        self.column = Cursor::default();
    }

    /// Back to where one stood before; whether there was such a place.
    pub fn undo(&mut self) -> bool {
        let Some(view) = self.past.pop() else { return false };
        self.view = view;
        true
    }

    /// The marked row is looked into: sliced to it, one step finer. `None` where there is nothing finer.
    pub fn drilled(&self) -> Option<View> {
        let member = self.rows.get(self.row.at)?;
        let way = WAYS.iter().find(|way| way.contains(&self.view.rows))?;
        let at = way.iter().position(|dim| *dim == self.view.rows)?;
        let finer = way[at + 1..].iter().find(|dim| **dim != self.view.columns)?;
        let mut view = self.view.clone();
        view.slices.retain(|slice| slice.dim != view.rows);
        view.slices.push(Filter { dim: view.rows, values: vec![member.id.clone()] });
        view.rows = *finer;
        Some(view)
    }

    /// One step coarser, without the slice that led here.
    pub fn rolled_up(&self) -> Option<View> {
        let way = WAYS.iter().find(|way| way.contains(&self.view.rows))?;
        let at = way.iter().position(|dim| *dim == self.view.rows)?;
        let coarser = way[..at].iter().rev().find(|dim| **dim != self.view.columns)?;
        let mut view = self.view.clone();
        view.slices.retain(|slice| slice.dim != *coarser);
        view.rows = *coarser;
        Some(view)
    }
}

/// A part of a whole in per cent; `None` where there is no whole.
fn share(part: &Value, whole: &Value) -> Option<Value> {
    let (part, whole) = (part.approximate()?, whole.approximate()?);
    (whole != 0.0).then(|| Value::Fixed4((part / whole * 1_000_000.0).round() as i128))
}

/// Columns a dimension takes in an answer.
fn width(dim: Dim) -> usize {
    if dim.is_entity() { 2 } else { 1 }
}

fn cell(row: &[Value], at: usize) -> Value {
    row.get(at).cloned().unwrap_or(Value::Null)
}

fn member(row: &[Value], at: usize, dim: Dim, minor: u8) -> Member {
    let id = cell(row, at).plain(minor);
    let name = match dim {
        Dim::Weekday => {
            let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
            id.parse::<usize>()
                .ok()
                .and_then(|day| names.get(day))
                .map_or_else(|| id.clone(), |name| (*name).to_owned())
        }
        dim if dim.is_entity() => cell(row, at + 1).plain(minor),
        _ => id.clone(),
    };
    Member { name: if name.is_empty() { id.clone() } else { name }, id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drilling_goes_down_the_ways_and_rolling_up_comes_back() {
        let mut cube = Cube { rows: vec![Member { id: "Tea".into(), name: "Tea".into() }], ..Cube::default() };
        let drilled = cube.drilled().expect("products of a category");
        assert_eq!(drilled.rows, Dim::Product);
        assert_eq!(drilled.slices, [Filter { dim: Dim::Category, values: vec!["Tea".into()] }]);
        let before = cube.view.clone();
        cube.go(drilled);
        assert_eq!(cube.drilled(), None, "nothing is finer than a product");
        let up = cube.rolled_up().expect("a category again");
        assert_eq!((up.rows, up.slices.len()), (Dim::Category, 0));
        assert!(cube.undo());
        assert_eq!(cube.view, before);
        assert!(!cube.undo());
    }

    #[test]
    fn totals_and_shades_are_in_the_measure_of_the_cells() {
        let member = |name: &str| Member { id: name.into(), name: name.into() };
        let money = |amount: i128| Value::Money(amount);
        let mut cube = Cube {
            rows: vec![member("large"), member("small")],
            columns: vec![member("Q1"), member("Q2")],
            cells: vec![vec![Some(money(500)), Some(money(500))], vec![Some(money(9)), Some(money(1))]],
            row_totals: vec![money(1_000), money(10)],
            column_totals: vec![money(509), money(501)],
            total: money(1_010),
            ..Cube::default()
        };
        assert!(cube.weight(0, 0) > cube.weight(1, 0));
        cube.view.show = Show::OfRow;
        assert!(cube.weight(0, 0) < cube.weight(1, 0), "nine tenths of a small row are more than half of a large one");
        let whole = Some(Value::Fixed4(1_000_000));
        assert_eq!((cube.total_shown(Some(0), None), cube.total_shown(None, None)), (whole.clone(), whole.clone()));
        assert_eq!(cube.total_shown(None, Some(0)), share(&money(509), &money(1_010)));
        cube.view.show = Show::OfColumn;
        assert_eq!(cube.total_shown(None, Some(1)), whole);
        assert_eq!(cube.total_shown(Some(1), None), share(&money(10), &money(1_010)));
    }

    #[test]
    fn a_dimension_is_never_on_both_axes() {
        let mut cube = Cube { rows: vec![Member { id: "2025".into(), name: "2025".into() }], ..Cube::default() };
        cube.view.rows = Dim::Year;
        cube.view.columns = Dim::Quarter;
        assert_eq!(cube.drilled().map(|view| view.rows), Some(Dim::Month), "quarters stand across already");
    }
}
