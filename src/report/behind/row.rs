//! What a row of an answer stands for: members of dimensions, so that the orders behind it can be asked for.
//!
//! Reads an answer and asks nothing.

use crate::report::answer::Answer;
use crate::report::question::{Dim, Filter, Request, Shape, date_label, parse_date_member};
use crate::report::{Kind, Value};

/// Columns by which a customer's standing is told.
const STANDING: [Dim; 3] = [Dim::Recency, Dim::Frequency, Dim::Monetary];

/// The row in words, and the slices that leave what is behind it. `None` where the row does not stand for members of the
/// report's dimensions, or only for a part of theirs: those orders cannot be asked for.
pub fn members(request: &Request, answer: &Answer, row: &[Value]) -> Option<(String, Vec<Filter>)> {
    let plain = |at: usize| row.get(at).map(|value: &Value| value.plain(answer.minor));
    match request.preset.shape {
        Shape::Segments => {
            let fifths = [plain(0)?, plain(1)?, plain(2)?];
            let words = format!("{} {}", plain(3)?, fifths.join(" × "));
            Some((words, STANDING.into_iter().zip(fifths).map(|(dim, fifth)| one(dim, fifth)).collect()))
        }
        Shape::Cohorts => {
            let (cohort, Value::Count(since)) = (plain(0)?, row.get(1)?) else { return None };
            let month = parse_date_member(Dim::Month, &cohort)? + u32::try_from(*since).ok()?;
            let month = date_label(Dim::Month, month);
            Some((format!("{cohort} × {month}"), vec![one(Dim::Cohort, cohort), one(Dim::Month, month)]))
        }
        Shape::NewAgainstReturning => {
            let (month, kind) = (plain(0)?, plain(1)?);
            let words = format!("{month} × {kind}");
            let came = if kind == "new" { vec![month.clone()] } else { earlier(request, &month) };
            Some((words, vec![Filter { dim: Dim::Cohort, values: came }, one(Dim::Month, month)]))
        }
        _ => of_dimensions(request, answer, row),
    }
}

fn one(dim: Dim, value: String) -> Filter {
    Filter { dim, values: vec![value] }
}

/// The cohorts before a month, of those the request is sliced to.
fn earlier(request: &Request, month: &str) -> Vec<String> {
    let Some(slice) = request.filters.iter().find(|filter| filter.dim == Dim::Cohort) else {
        return vec![format!("<{month}")];
    };
    let before = |value: &String| match value.strip_prefix('<') {
        Some(end) => Some(format!("<{}", end.min(month))),
        None => (value.as_str() < month).then(|| value.clone()),
    };
    slice.values.iter().filter_map(before).collect()
}

/// A row of a report by dimensions: stores, products and people stand there by id and by name.
fn of_dimensions(request: &Request, answer: &Answer, row: &[Value]) -> Option<(String, Vec<Filter>)> {
    let dims = if request.by.is_empty() { request.preset.dims } else { &request.by };
    let (mut members, mut names, mut at) = (Vec::new(), Vec::new(), 0);
    for dim in dims.iter().copied() {
        if !stands_for(answer, at, dim) {
            return None;
        }
        let wide = usize::from(dim.is_entity());
        names.push(row.get(at + wide)?.plain(answer.minor));
        members.push(one(dim, row.get(at)?.plain(answer.minor)));
        at += 1 + wide;
    }
    // More words behind the last member, unless they are about a record: the row is a part of that member.
    let more = answer.columns.get(at).is_some_and(|column| matches!(column.kind, Kind::Text | Kind::Number));
    if more && !dims.last().is_some_and(|dim| dim.is_entity()) {
        return None;
    }
    (!members.is_empty()).then(|| (names.join(" × "), members))
}

/// Whether the values of the column at `at` are members of that dimension.
fn stands_for(answer: &Answer, at: usize, dim: Dim) -> bool {
    let kind = |at: usize| answer.columns.get(at).map(|column| column.kind);
    if dim.is_entity() {
        return kind(at) == Some(Kind::Id) && kind(at + 1) == Some(Kind::Text);
    }
    let name = answer.columns.get(at).map_or("", |column| column.name.as_str());
    name == dim.word().replace('-', "_") || (dim == Dim::Day && name == "date")
}
