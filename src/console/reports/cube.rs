//! The cube: a figure by rows and columns, turned, drilled and sliced by keys. Here is what it asks and how it moves.

use crate::console::screen::Now;
use crate::console::widget::table::Cursor;
use crate::report::{Answer, Compare, Dim, Filter, Measure, Request, Value};
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

/// What a cell shows of its figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Show {
    #[default]
    Value,
    OfRow,
    OfColumn,
    LastYear,
}

/// Where one stands: what a step back brings again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct View {
    pub rows: Dim,
    pub columns: Dim,
    pub measure: Measure,
    pub slices: Vec<Filter>,
    pub show: Show,
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
    /// Orders of the marked row, as the answer has them.
    pub orders: Vec<Vec<Option<Value>>>,
    pub answer: Option<Answer>,
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
            answer: None,
            why_not: None,
        }
    }
}

impl Cube {
    /// The questions: the cells, and the totals asked for themselves, because distinct counts do not add up.
    pub fn questions(
        &self,
        now: &Now<'_>,
        period: Option<(Day, Day)>,
        store: Option<&str>,
    ) -> Vec<(&'static str, Request)> {
        let View { rows, columns, measure, slices, show } = &self.view;
        let ask = |dims: &[Dim]| {
            let mut request = Request::named("sales").ok()?;
            request.by = dims.to_vec();
            request.measures =
                if *measure == Measure::Orders { vec![*measure] } else { vec![*measure, Measure::Orders] };
            request.filters = slices.clone();
            request.as_of = Some(now.today);
            request.store = store.map(str::to_owned);
            if let Some((from, to)) = period {
                (request.from, request.to) = (Some(from), Some(to));
                request.compare = (*show == Show::LastYear).then_some(Compare::LastYear);
            }
            Some(request)
        };
        let all = [
            ("cells", ask(&[*rows, *columns])),
            ("rows", ask(&[*rows])),
            ("columns", ask(&[*columns])),
            ("all", ask(&[])),
        ];
        all.into_iter().filter_map(|(name, request)| Some((name, request?))).collect()
    }

    /// The words of a report that asks the same.
    pub fn words(&self, period: Option<(Day, Day)>, store: Option<&str>) -> Vec<String> {
        let mut words = vec![
            "sales".to_owned(),
            "--by".to_owned(),
            format!("{},{}", self.view.rows.word(), self.view.columns.word()),
            "--measures".to_owned(),
            self.view.measure.word().to_owned(),
        ];
        for slice in &self.view.slices {
            let values: Vec<String> = slice.values.iter().map(|value| value.replace(',', "\\,")).collect();
            words.extend(["--where".to_owned(), format!("{}={}", slice.dim.word(), values.join(","))]);
        }
        if let Some(store) = store {
            words.extend(["--store".to_owned(), store.to_owned()]);
        }
        if let Some((from, to)) = period {
            words.extend(["--from".to_owned(), from.to_string(), "--to".to_owned(), to.to_string()]);
        }
        words
    }

    /// Takes the answers.
    pub fn take(&mut self, answers: Vec<(&'static str, Result<Answer, String>)>) {
        let mut found = std::collections::HashMap::new();
        for (name, answer) in answers {
            match answer {
                Ok(answer) => drop(found.insert(name, answer)),
                Err(why) => {
                    self.why_not = Some(why);
                    return;
                }
            }
        }
        self.why_not = None;
        let (Some(cells), Some(rows), Some(columns), Some(all)) =
            (found.remove("cells"), found.remove("rows"), found.remove("columns"), found.remove("all"))
        else {
            return;
        };
        let at = usize::from(self.view.show == Show::LastYear) * 2;
        let members = |answer: &Answer, dim: Dim| -> Vec<(Member, Value)> {
            let wide = width(dim);
            answer.rows.iter().map(|row| (member(row, 0, dim, answer.minor), cell(row, wide + at))).collect()
        };
        let mut row_members = members(&rows, self.view.rows);
        let size = |value: &Value| value.approximate().unwrap_or(f64::MIN);
        if self.by_size {
            row_members.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
        }
        (self.rows, self.row_totals) = row_members.into_iter().unzip();
        (self.columns, self.column_totals) = members(&columns, self.view.columns).into_iter().unzip();
        self.total = all.rows.first().map_or(Value::Null, |row| cell(row, at));
        let place = |list: &[Member]| -> std::collections::HashMap<String, usize> {
            list.iter().enumerate().map(|(at, member)| (member.id.clone(), at)).collect()
        };
        let (by_row, by_column) = (place(&self.rows), place(&self.columns));
        self.cells = vec![vec![None; self.columns.len()]; self.rows.len()];
        self.orders = self.cells.clone();
        let (row_wide, column_wide) = (width(self.view.rows), width(self.view.columns));
        let last = cells.columns.iter().position(|column| column.name == "orders");
        for row in &cells.rows {
            let down = by_row.get(&member(row, 0, self.view.rows, cells.minor).id);
            let across = by_column.get(&member(row, row_wide, self.view.columns, cells.minor).id);
            if let (Some(down), Some(across)) = (down, across) {
                self.cells[*down][*across] = Some(cell(row, row_wide + column_wide + at));
                self.orders[*down][*across] = last.map(|last| cell(row, last));
            }
        }
        self.answer = Some(cells);
        self.row.at = self.row.at.min(self.rows.len().saturating_sub(1));
        self.column.at = self.column.at.min(self.columns.len().saturating_sub(1));
    }

    /// What a cell shows; a share where shares are shown.
    pub fn shown(&self, row: usize, column: usize) -> Option<Value> {
        let value = self.cells.get(row)?.get(column)?.clone()?;
        let share = |whole: Option<&Value>| {
            let (part, whole) = (value.approximate()?, whole?.approximate()?);
            (whole != 0.0).then(|| Value::Fixed4((part / whole * 1_000_000.0).round() as i128))
        };
        match self.view.show {
            Show::Value | Show::LastYear => Some(value),
            Show::OfRow => share(self.row_totals.get(row)),
            Show::OfColumn => share(self.column_totals.get(column)),
        }
    }

    /// The figure of a cell as a number, for shading.
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

    /// What the orders behind the marked cell have in common, in the words the Orders screen is filtered by.
    pub fn receipts(&self) -> Option<String> {
        let mut words = Vec::new();
        let both =
            [(self.view.rows, self.rows.get(self.row.at)), (self.view.columns, self.columns.get(self.column.at))];
        let marked = both.into_iter().filter_map(|(dim, member)| Some((dim, member?.id.clone())));
        let slices = self.view.slices.iter().filter_map(|slice| Some((slice.dim, slice.values.first()?.clone())));
        for (dim, id) in marked.chain(slices) {
            match dim {
                Dim::Day | Dim::Month | Dim::Year | Dim::Status => words.push(id),
                Dim::Quarter | Dim::Week => {}
                Dim::Customer => words.push(id),
                _ => {}
            }
        }
        (!words.is_empty()).then(|| words.join(" "))
    }
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
    fn a_dimension_is_never_on_both_axes() {
        let mut cube = Cube { rows: vec![Member { id: "2025".into(), name: "2025".into() }], ..Cube::default() };
        cube.view.rows = Dim::Year;
        cube.view.columns = Dim::Quarter;
        assert_eq!(cube.drilled().map(|view| view.rows), Some(Dim::Month), "quarters stand across already");
    }
}
