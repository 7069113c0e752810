//! An answer as text: one line of JSON, CSV, or an aligned table. The same bytes every time for the same answer.
//!
//! Knows kinds of columns, no report by name.

use super::{Answer, AnswerColumn};
use crate::report::question::Format;
use crate::report::{Kind, Value};
use crate::unit::text::{pad_left, pad_right, width};
use std::fmt::Write;

impl Answer {
    /// As asked for; `explain` adds how it was answered. Ends with a line end.
    pub fn render(&self, format: Format, explain: bool) -> String {
        match format {
            Format::Json => self.json(explain) + "\n",
            Format::Csv => self.csv(),
            Format::Markdown => self.markdown(),
            Format::Chart => self.chart(false),
            Format::Table => self.table(explain),
        }
    }

    /// One line of JSON, without a line end.
    pub fn json(&self, explain: bool) -> String {
        let mut out = String::with_capacity(200 + self.rows.len() * self.columns.len() * 24);
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        out.push_str("{\"report\":");
        out.push_str(&quoted(&self.report));
        let _ = write!(out, ",\"as_of\":\"{}\"", self.as_of);
        for (name, day) in [("from", self.from), ("to", self.to)] {
            let day = day.map_or_else(|| "null".to_owned(), |day| format!("\"{day}\""));
            let _ = write!(out, ",\"{name}\":{day}");
        }
        out.push_str(",\"columns\":[");
        for (at, (column, name)) in self.columns.iter().zip(&names).enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(out, "{comma}{{\"name\":{name},\"kind\":\"{}\"}}", column.kind.word());
        }
        out.push_str("],\"rows\":[");
        for (at, row) in self.rows.iter().enumerate() {
            out.push_str(if at == 0 { "{" } else { ",{" });
            self.pairs(&mut out, names.iter().map(String::as_str).zip(row));
            out.push('}');
        }
        out.push_str("],\"totals\":{");
        let totals: Vec<(String, &Value)> = self.totals.iter().map(|(name, value)| (quoted(name), value)).collect();
        self.pairs(&mut out, totals.iter().map(|(name, value)| (name.as_str(), *value)));
        out.push('}');
        if !self.notes.is_empty() {
            out.push_str(",\"why\":{");
            for (at, (what, words)) in self.notes.iter().enumerate() {
                let comma = if at == 0 { "" } else { "," };
                let _ = write!(out, "{comma}{}:{}", quoted(what), quoted(words));
            }
            out.push('}');
        }
        if explain {
            let e = &self.explain;
            let _ = write!(
                out,
                ",\"explain\":{{\"how\":{},\"headers\":{},\"segments\":{},\"bytes\":{},\"rows_read\":{},\"tail\":{},\"microseconds\":{}}}",
                quoted(&e.how),
                e.headers,
                e.segments,
                e.bytes,
                e.rows,
                e.tail,
                e.microseconds
            );
        }
        out.push('}');
        out
    }

    fn pairs<'a>(&self, out: &mut String, pairs: impl Iterator<Item = (&'a str, &'a Value)>) {
        for (at, (name, value)) in pairs.enumerate() {
            if at > 0 {
                out.push(',');
            }
            out.push_str(name);
            out.push(':');
            match value {
                Value::Null => out.push_str("null"),
                Value::Count(count) => {
                    let _ = write!(out, "{count}");
                }
                Value::Text(text) => out.push_str(&quoted(text)),
                // Digits, signs and points need no escape.
                other => {
                    out.push('"');
                    out.push_str(&other.plain(self.minor));
                    out.push('"');
                }
            }
        }
    }

    /// CSV as RFC 4180 has it, without totals.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        csv_row(&mut out, self.columns.iter().map(|column| column.name.clone()));
        for row in &self.rows {
            csv_row(&mut out, row.iter().map(|value| value.plain(self.minor)));
        }
        out
    }

    /// Aligned columns with a line of totals; what is counted beside the columns stands below.
    pub fn table(&self, explain: bool) -> String {
        let plain = |row: &Vec<Value>| row.iter().map(|value| self.shown(value)).collect::<Vec<String>>();
        let rows: Vec<Vec<String>> = self.rows.iter().map(plain).collect();
        let totals = self.total_row();
        let heads: Vec<String> = self.columns.iter().map(|column| column.name.clone()).collect();
        let all = || std::iter::once(&heads).chain(&rows).chain(totals.as_ref());
        let widths: Vec<usize> =
            (0..heads.len()).map(|at| all().map(|row| width(&row[at])).max().unwrap_or(0)).collect();
        let mut out = String::new();
        self.line(&mut out, &heads, &widths);
        let rule: Vec<String> = widths.iter().map(|width| "─".repeat(*width)).collect();
        self.line(&mut out, &rule, &widths);
        rows.iter().for_each(|row| self.line(&mut out, row, &widths));
        if let Some(totals) = &totals {
            self.line(&mut out, &rule, &widths);
            self.line(&mut out, totals, &widths);
        }
        let beside = |name: &str| !self.columns.iter().any(|column| column.name == name);
        for (name, value) in self.totals.iter().filter(|(name, _)| beside(name)) {
            let _ = writeln!(out, "{}: {}", name.replace('_', " "), self.shown(value));
        }
        for (at, (what, words)) in self.notes.iter().enumerate() {
            let gap = if at == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{gap}{}: {words}", what.replace('_', " "));
        }
        if explain {
            let _ = writeln!(out, "{}", self.explained());
        }
        out
    }

    /// How it was answered, in a line without its end.
    pub fn explained(&self) -> String {
        let e = &self.explain;
        format!(
            "{}: {} headers, {} segments, {} bytes, {} rows read, {} facts of the tail, {} µs",
            e.how, e.headers, e.segments, e.bytes, e.rows, e.tail, e.microseconds
        )
    }

    fn shown(&self, value: &Value) -> String {
        match value {
            Value::Null => "–".to_owned(),
            other => other.plain(self.minor),
        }
    }

    /// The totals under their columns; `None` where a single row says the same or no column has one.
    fn total_row(&self) -> Option<Vec<String>> {
        let of = |column: &AnswerColumn| self.total(&column.name).map(|value| self.shown(value));
        let mut row: Vec<Option<String>> = self.columns.iter().map(of).collect();
        if row.iter().all(Option::is_none) || (self.rows.len() == 1 && row.iter().all(Option::is_some)) {
            return None;
        }
        if let Some(first @ None) = row.first_mut() {
            *first = Some("total".to_owned());
        }
        Some(row.into_iter().map(Option::unwrap_or_default).collect())
    }

    fn line(&self, out: &mut String, cells: &[String], widths: &[usize]) {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(widths).zip(&self.columns) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            let right = column.kind.is_numeric() || matches!(column.kind, Kind::Year | Kind::Hour | Kind::Weekday);
            line.push_str(&if right { pad_left(cell, *width) } else { pad_right(cell, *width) });
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// A text in JSON's quotation marks.
fn quoted(text: &str) -> String {
    // A text has no way to fail.
    serde_json::to_string(text).unwrap_or_default()
}

fn csv_row(out: &mut String, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            let _ = write!(out, "\"{}\"", cell.replace('"', "\"\""));
        } else {
            out.push_str(&cell);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Explain;
    use crate::unit::{Day, Seq};

    fn answer() -> Answer {
        Answer {
            report: "top-products".to_owned(),
            as_of: Day(0),
            from: Some(Day(1)),
            to: None,
            columns: vec![
                AnswerColumn::new("id", Kind::Id),
                AnswerColumn::new("name", Kind::Text),
                AnswerColumn::new("sales", Kind::Money),
                AnswerColumn::new("average_order", Kind::Average),
                AnswerColumn::new("orders", Kind::Count),
            ],
            rows: vec![
                vec![
                    Value::text("007"),
                    Value::text("Tea, \"green\""),
                    Value::Money(10_395),
                    Value::Fixed4(15_000),
                    Value::Count(2),
                ],
                vec![Value::text("é"), Value::text("Brot"), Value::Money(-5_000), Value::Null, Value::Count(0)],
            ],
            totals: vec![("sales".to_owned(), Value::Money(5_395)), ("never_bought".to_owned(), Value::Count(3))],
            seq: Seq(9),
            minor: 2,
            notes: Vec::new(),
            explain: Explain { how: "segment scan".to_owned(), rows: 7, ..Explain::default() },
        }
    }

    #[test]
    fn json_is_one_line_in_a_fixed_order() {
        let json = answer().json(false);
        assert_eq!(
            json,
            r#"{"report":"top-products","as_of":"1970-01-01","from":"1970-01-02","to":null,"columns":[{"name":"id","kind":"id"},{"name":"name","kind":"text"},{"name":"sales","kind":"money"},{"name":"average_order","kind":"average"},{"name":"orders","kind":"count"}],"rows":[{"id":"007","name":"Tea, \"green\"","sales":"1.0395","average_order":"1.5000","orders":2},{"id":"é","name":"Brot","sales":"-0.50","average_order":null,"orders":0}],"totals":{"sales":"0.5395","never_bought":3}}"#
        );
        let explained: serde_json::Value = serde_json::from_str(&answer().json(true)).expect("JSON");
        assert_eq!(explained["explain"]["rows_read"], 7);
    }

    #[test]
    fn csv_quotes_what_it_must() {
        assert_eq!(
            answer().csv(),
            "id,name,sales,average_order,orders\n007,\"Tea, \"\"green\"\"\",1.0395,1.5000,2\né,Brot,-0.50,,0\n"
        );
    }

    #[test]
    fn a_table_is_aligned_and_has_totals() {
        let expected = "\
id     name           sales  average_order  orders
─────  ────────────  ──────  ─────────────  ──────
007    Tea, \"green\"  1.0395         1.5000       2
é      Brot           -0.50              –       0
─────  ────────────  ──────  ─────────────  ──────
total                0.5395
never bought: 3
";
        assert_eq!(answer().table(false), expected);
    }
}
