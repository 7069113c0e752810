//! Reports that are questions of the cube, and how members stand in the rows of every report.
//!
//! Knows no other shape.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::cube::Groups;
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::plan::kind;
use crate::report::question::{Dim, Measure, Question};
use crate::report::{Kind, ReportFault, Value};

impl<S: Source> Desk<'_, S> {
    /// A question of the cube.
    pub(super) fn cube(&self) -> Result<Body, ReportFault> {
        let preset = self.request.preset;
        let free = preset.name == "sales";
        let dims = if free { &self.request.by[..] } else { preset.dims };
        let columns: Vec<(&str, Measure)> = match self.request.measures.as_slice() {
            [] => preset.columns.to_vec(),
            asked => asked.iter().map(|measure| (measure.word(), *measure)).collect(),
        };
        let measures: Vec<Measure> = columns.iter().map(|(_, measure)| *measure).collect();
        let top = self.request.top.or(preset.top);
        let question = Question {
            // A list of the first so many is one of the best sellers, unless it is sorted otherwise.
            sort: self.request.sort.or(preset.sort).or(top.map(|_| Measure::Sales)),
            top,
            ..self.question(&measures, dims)
        };
        let groups = self.groups(&question)?;
        let mut body = Body { columns: member_columns(dims, free), rows: Vec::new(), totals: Vec::new() };
        for (name, measure) in &columns {
            body.columns.push(AnswerColumn::new(*name, measure.kind()));
            body.totals.push(((*name).to_owned(), groups.total(*measure)));
        }
        for row in &groups.rows {
            let mut values = member_values(dims, &groups, &row.codes);
            values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
            body.rows.push(values);
        }
        Ok(body)
    }
}

/// The columns of the members: records have an id and a name.
pub(crate) fn member_columns(dims: &[Dim], free: bool) -> Vec<AnswerColumn> {
    let mut columns = Vec::new();
    for dim in dims {
        let word = dim.word().replace('-', "_");
        match (dim.is_entity(), free) {
            (true, true) => {
                columns.push(AnswerColumn::new(format!("{word}_id"), Kind::Id));
                columns.push(AnswerColumn::new(word, Kind::Text));
            }
            (true, false) => {
                columns.push(AnswerColumn::new("id", Kind::Id));
                columns.push(AnswerColumn::new("name", Kind::Text));
            }
            (false, false) if *dim == Dim::Day => columns.push(AnswerColumn::new("date", Kind::Date)),
            (false, _) => columns.push(AnswerColumn::new(word, kind(*dim))),
        }
    }
    columns
}

/// The values of the members of a row.
pub(crate) fn member_values(dims: &[Dim], groups: &Groups, codes: &[u32]) -> Vec<Value> {
    // Most rows have a few figures; of thousands of rows, room for more would be more than the rows.
    let records = dims.iter().filter(|dim| dim.is_entity()).count();
    let mut values = Vec::with_capacity(dims.len() + records + 3);
    for (at, dim) in dims.iter().enumerate() {
        values.push(groups.names.id(at, codes[at]));
        if dim.is_entity() {
            values.push(groups.names.name(at, codes[at]));
        }
    }
    values
}
