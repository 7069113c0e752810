//! An answer as a chart in text, for a pipe or a letter: bars, lines over time, heat maps.
//!
//! Knows kinds of columns, no report by name and no terminal.

use super::Answer;
use crate::report::{Kind, Value};
use crate::unit::Rate;
use crate::unit::text::{Dots, fit, pad_left, pad_right, width};
use std::fmt::Write;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The same in ASCII: marks and rules by what looks like them, letters without their accents, anything else as `?`.
pub(super) fn in_ascii(text: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_ascii() => c,
        '─' | '–' | '−' | '‐' => '-',
        '…' => '.',
        '×' => 'x',
        '÷' => '/',
        'µ' => 'u',
        'ø' => 'o',
        'ı' => 'i',
        'ß' => 's',
        'ł' => 'l',
        _ => '?',
    };
    text.nfd().filter(|c| !is_combining_mark(*c)).map(plain).collect()
}

/// Columns of a chart.
const WIDE: usize = 78;
/// Rows of a line chart.
const HIGH: usize = 13;
/// Ticks above zero at most; rows of a line chart less one are a multiple of any number up to it.
const TICKS: usize = 4;
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// Figures a chart shows, the first that is there.
const WANTED: [&str; 13] = [
    "net_sales",
    "sales",
    "amount",
    "refund",
    "value",
    "retention",
    "customers",
    "complaints",
    "count",
    "average_order",
    "orders",
    "units",
    "returns",
];
/// What a report is about, where that is not the first of these: the figure it is charted by, then what is read beside it.
const ABOUT: &[(&str, &[&str])] = &[
    ("abc-products", &["sales", "class", "share"]),
    ("average-order", &["average_order", "orders"]),
    ("basket-size", &["orders", "share"]),
    ("basket-value", &["orders", "share"]),
    ("cohorts", &["retention", "customers"]),
    ("days-of-stock", &["days_left", "quantity", "units_per_day"]),
    ("dead-stock", &["value", "quantity"]),
    ("discounts-by-cashier", &["discounts", "discount_pct", "price_overrides", "override_value"]),
    ("feedback-summary", &["count", "rating"]),
    ("growth", &["sales", "growth_pct"]),
    ("inactive-customers", &["sales", "last_order"]),
    ("low-stock", &["quantity", "reorder_level"]),
    ("order-frequency", &["average_days_between", "last_order", "orders"]),
    ("payments-vs-sales", &["due", "paid", "open"]),
    ("repeat-customers", &["repeat_customers", "share"]),
    ("returned-products", &["refund", "reasons", "returns", "complaints"]),
    ("segments", &["customers", "segment"]),
    ("sell-through", &["sell_through", "units_sold", "quantity"]),
    ("slow-stock", &["days_left", "units_per_day", "quantity"]),
    ("spend-per-customer", &["average_spend", "median_spend"]),
    ("tax-summary", &["tax", "sales"]),
    ("voids-and-returns-by-cashier", &["refund", "returns", "voids", "voided_value"]),
];
/// Reports whose bars stand as they were answered: from step to step, or what presses most before the rest.
const AS_ANSWERED: [&str; 6] =
    ["basket-size", "basket-value", "bridge", "days-of-stock", "feedback-summary", "slow-stock"];

/// A bar of a chart.
pub struct BarRow<'a> {
    /// The row it stands for.
    pub row: &'a [Value],
    /// What the row is called.
    pub label: String,
    /// How long it is against the others; never negative.
    pub length: f64,
}

/// The smallest even number that is not below `least`: 1, 2, 2.5 or 5 times a power of ten.
fn even_step(least: f64) -> f64 {
    if !(least.is_finite() && least > 0.0) {
        return 1.0;
    }
    let decade = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 2.5, 5.0].into_iter().map(|times| times * decade).find(|step| *step >= least).unwrap_or(10.0 * decade)
}

/// Whether a column's values are amounts that can be drawn, and not places or ranks.
fn is_figure(kind: Kind) -> bool {
    kind.is_numeric() && kind != Kind::Number
}

/// A rate of tax as people say it.
fn per_cent(rate: &str) -> String {
    Rate::parse(rate).map_or_else(|_| rate.to_owned(), |rate| rate.percent())
}

/// Whether members of that kind follow each other.
fn has_order(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Week | Kind::Month | Kind::Quarter | Kind::Year | Kind::Hour | Kind::Weekday)
}

impl Answer {
    /// The chart that suits the answer; `ascii` where only ASCII may be used. Ends with a line end.
    pub fn chart(&self, ascii: bool) -> String {
        let Some(figure) = self.figure() else { return "There is nothing to draw in this report.\n".to_owned() };
        let mut out = format!("{} of {}\n\n", self.columns[figure].name.replace('_', " "), self.report);
        let kinds: Vec<Kind> = self.columns.iter().map(|column| column.kind).collect();
        match kinds[..] {
            [Kind::Weekday, Kind::Hour, ..] | [Kind::Month, Kind::Number, ..] => self.heat(&mut out, figure, ascii),
            [Kind::Date | Kind::Week | Kind::Month | Kind::Quarter, second, ..]
                if self.rows.len() > 1 && second.is_numeric() =>
            {
                self.line_chart(&mut out, figure, ascii);
            }
            _ => self.bars(&mut out, figure, ascii),
        }
        if ascii { in_ascii(&out) } else { out }
    }

    /// Which column is drawn.
    pub fn figure(&self) -> Option<usize> {
        let named = |name: &&str| self.columns.iter().position(|column| column.name == **name);
        let own = self.about().first().and_then(named);
        let first = || self.columns.iter().position(|column| is_figure(column.kind));
        own.or_else(|| WANTED.iter().find_map(named)).or_else(first).filter(|_| !self.rows.is_empty())
    }

    /// The columns the report is about, the most wanted first; nothing where its figure says enough.
    pub fn about(&self) -> &'static [&'static str] {
        ABOUT.iter().find(|(report, _)| *report == self.report).map_or(&[], |(_, columns)| columns)
    }

    fn number(&self, row: &[Value], at: usize) -> f64 {
        row.get(at).and_then(Value::approximate).unwrap_or(0.0)
    }

    /// What a row is called: its words, and numbers that only rank or place it, those in a row as one.
    fn label(&self, row: &[Value], figure: usize) -> String {
        let mut words: Vec<String> = Vec::new();
        let mut is_rank = false;
        for (at, (column, value)) in self.columns.iter().zip(row).enumerate().take(figure) {
            // An id says less than the name behind it, and nothing where all have the same.
            let is_named = match self.columns.get(at + 1).map(|next| next.kind) {
                Some(Kind::Text) => true,
                Some(Kind::Id) => self.rows.iter().all(|other| other.get(at) == Some(value)),
                _ => false,
            };
            match column.kind {
                Kind::Number => match words.last_mut().filter(|_| is_rank) {
                    Some(ranks) => *ranks += &format!("-{}", value.plain(self.minor)),
                    None => words.push(value.plain(self.minor)),
                },
                Kind::Id if is_named => {}
                kind if kind.is_numeric() || kind == Kind::Time => {}
                Kind::Rate => words.push(per_cent(&value.plain(self.minor))),
                _ => words.push(value.plain(self.minor)),
            }
            is_rank = column.kind == Kind::Number;
        }
        words.join(" ")
    }

    /// The bars in the order they are drawn in: the largest first, unless the rows have an order of their own.
    pub fn bar_rows(&self, figure: usize) -> Vec<BarRow<'_>> {
        let first = self.columns.first();
        let is_lasting = self.columns.get(figure).is_some_and(|column| column.name == "days_left");
        let most = self.rows.iter().map(|row| self.number(row, figure)).fold(0.0, f64::max);
        let length = |row: &[Value]| match row.get(figure) {
            // What does not sell lasts for ever.
            Some(Value::Null) if is_lasting => most.max(1.0),
            _ if self.report == "bridge" => self.number(row, figure).abs(),
            _ => self.number(row, figure).max(0.0),
        };
        let bar = |row| BarRow { row, label: self.label(row, figure), length: length(row) };
        let mut rows: Vec<&[Value]> = self.rows.iter().map(Vec::as_slice).collect();
        let size = |row: &[Value]| self.number(row, figure);
        match self.report.as_str() {
            // The emptiest shelf presses most.
            "low-stock" => rows.sort_by(|a, b| size(a).total_cmp(&size(b))),
            report if AS_ANSWERED.contains(&report) => {}
            _ if first.is_some_and(|column| has_order(column.kind) || column.name == "age_group") => {}
            _ => rows.sort_by(|a, b| size(b).total_cmp(&size(a))),
        }
        rows.into_iter().map(bar).collect()
    }

    fn bars(&self, out: &mut String, figure: usize, ascii: bool) {
        let bars = self.bar_rows(figure);
        let label = bars.iter().map(|bar| width(&bar.label)).max().unwrap_or(0).min(28);
        let said = |bar: &BarRow<'_>| bar.row.get(figure).map(|value| value.plain(self.minor)).unwrap_or_default();
        let wide = bars.iter().map(|bar| width(&said(bar))).max().unwrap_or(0);
        let room = WIDE.saturating_sub(label + wide + 3).max(8);
        let most = bars.iter().map(|bar| bar.length).fold(0.0, f64::max);
        for row in &bars {
            let share = if most > 0.0 { row.length / most } else { 0.0 };
            let eighths = (share * room as f64 * 8.0).round() as usize;
            let bar = if ascii {
                "#".repeat(eighths.div_ceil(8))
            } else {
                format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
            };
            let name = pad_right(&fit(&row.label, label), label);
            let _ = writeln!(out, "{name} {} {}", pad_right(&bar, room), pad_left(&said(row), wide));
        }
    }

    fn line_chart(&self, out: &mut String, figure: usize, ascii: bool) {
        let values: Vec<f64> = self.rows.iter().map(|row| self.number(row, figure)).collect();
        let most = values.iter().copied().fold(0.0, f64::max);
        let step = even_step(most / TICKS as f64);
        let ticks = ((most / step).ceil() as usize).clamp(1, TICKS);
        let apart = (HIGH - 1) / ticks;
        let places = if step < 1.0 { 2 } else { usize::from(step.fract() > 0.0) };
        let mark = |row: usize| format!("{:.places$}", step * (ticks - row / apart) as f64);
        let axis = width(&mark(0)).max(1);
        let top = step * ticks as f64;
        let mut dots = Dots::new(WIDE - axis - 2, HIGH);
        dots.curve(&values, top);
        for (y, line) in dots.lines(ascii).iter().enumerate() {
            let tick = if y % apart == 0 { mark(y) } else { String::new() };
            let edge = if ascii { '|' } else { '┤' };
            let _ = writeln!(out, "{} {edge}{}", pad_left(&tick, axis), line.trim_end());
        }
        let ends = [self.rows.first(), self.rows.last()].map(|row| row.map(|row| self.label(row, figure)));
        if let [Some(first), Some(last)] = ends {
            let gap = WIDE.saturating_sub(axis + 2 + width(&first) + width(&last));
            let _ = writeln!(out, "{}{first}{}{last}", " ".repeat(axis + 2), " ".repeat(gap));
        }
    }

    /// Rows are the second column's members for weekdays, else the first's.
    fn heat(&self, out: &mut String, figure: usize, ascii: bool) {
        const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
        let shades: [&str; 5] = if ascii { [" ", ".", "o", "O", "#"] } else { [" ", "░", "▒", "▓", "█"] };
        let turned = self.columns.first().is_some_and(|column| column.kind == Kind::Weekday);
        let key = |row: &Vec<Value>, at: usize| row.get(at).map(|value| value.plain(self.minor)).unwrap_or_default();
        let (down, across) = if turned { (1, 0) } else { (0, 1) };
        let mut rows: Vec<String> = Vec::new();
        let mut columns: Vec<String> = Vec::new();
        for row in &self.rows {
            for (at, list) in [(down, &mut rows), (across, &mut columns)] {
                let member = key(row, at);
                if !list.contains(&member) {
                    list.push(member);
                }
            }
        }
        let number = |text: &String| text.parse::<u64>().unwrap_or(u64::MAX);
        columns.sort_by_key(number);
        if turned {
            rows.sort_by_key(number);
        }
        let columns: Vec<String> = columns.into_iter().take(17).collect();
        let most = self.rows.iter().map(|row| self.number(row, figure)).fold(0.0, f64::max);
        let head = |name: &String| match name.parse::<usize>().ok().filter(|_| turned).and_then(|at| DAYS.get(at)) {
            Some(day) => (*day).to_owned(),
            None => name.clone(),
        };
        let heads: String = columns.iter().map(|name| format!(" {}", pad_right(&head(name), 3))).collect();
        let _ = writeln!(out, "{}{}", " ".repeat(8), heads.trim_end());
        for name in &rows {
            let cells: String = columns
                .iter()
                .map(|column| {
                    let found = self.rows.iter().find(|row| key(row, down) == *name && key(row, across) == *column);
                    let value = found.map_or(0.0, |row| self.number(row, figure));
                    let shade = if most > 0.0 { (value / most * 4.0).ceil() as usize } else { 0 };
                    format!(" {}", shades[shade.min(4)].repeat(3))
                })
                .collect();
            let _ = writeln!(out, "{}{}", pad_left(name, 8), cells.trim_end());
        }
    }

    /// A table in Markdown, with totals in a last line.
    pub fn markdown(&self) -> String {
        let escaped = |text: String| text.replace('\\', "\\\\").replace('|', "\\|");
        let mut out = String::from("|");
        for column in &self.columns {
            let _ = write!(out, " {} |", escaped(column.name.replace('_', " ")));
        }
        out.push_str("\n|");
        for column in &self.columns {
            out.push_str(if column.kind.is_numeric() { " ---: |" } else { " --- |" });
        }
        out.push('\n');
        for row in &self.rows {
            out.push('|');
            for value in row {
                let _ = write!(out, " {} |", escaped(value.plain(self.minor)));
            }
            out.push('\n');
        }
        let totals: Vec<Option<&Value>> = self.columns.iter().map(|column| self.total(&column.name)).collect();
        if totals.iter().any(Option::is_some) && self.rows.len() != 1 {
            out.push('|');
            for (at, total) in totals.iter().enumerate() {
                let words = match total {
                    Some(value) => format!("**{}**", escaped(value.plain(self.minor))),
                    None if at == 0 => "**total**".to_owned(),
                    None => String::new(),
                };
                let _ = write!(out, " {words} |");
            }
            out.push('\n');
        }
        for (at, (what, words)) in self.notes.iter().enumerate() {
            let gap = if at == 0 { "\n" } else { "" };
            let _ = writeln!(out, "{gap}- **{}**: {}", escaped(what.replace('_', " ")), escaped(words.clone()));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::AnswerColumn;

    #[test]
    fn ticks_are_even_numbers() {
        for (least, step) in [(0.0, 1.0), (0.031, 0.05), (1.0, 1.0), (264.6, 500.0), (2.1, 2.5), (70.0, 100.0)] {
            assert!((even_step(least) - step).abs() < 1e-9, "{least}: {}", even_step(least));
        }
        assert!((even_step(f64::NAN) - 1.0).abs() < 1e-9);
    }

    /// An answer of that report with such columns and rows.
    fn answer(report: &str, columns: &[(&str, Kind)], rows: &[&[Value]]) -> Answer {
        Answer {
            report: report.to_owned(),
            as_of: crate::unit::Day(0),
            from: None,
            to: None,
            columns: columns.iter().map(|(name, kind)| AnswerColumn::new(*name, *kind)).collect(),
            rows: rows.iter().map(|row| row.to_vec()).collect(),
            totals: Vec::new(),
            seq: crate::unit::Seq(1),
            minor: 2,
            notes: Vec::new(),
            explain: Default::default(),
        }
    }

    #[test]
    fn a_chart_shows_what_its_report_is_about() {
        let words = Value::text;
        let goods = [("id", Kind::Id), ("name", Kind::Text), ("days_left", Kind::Ratio), ("value", Kind::Money)];
        let rows: [&[Value]; 2] = [
            &[words("1"), words("Tea"), Value::Null, Value::Money(90_000)],
            &[words("2"), words("Bun"), Value::Fixed4(20_000), Value::Money(10_000)],
        ];
        let slow = answer("slow-stock", &goods, &rows);
        assert_eq!(slow.figure(), Some(2));
        let bars = slow.bar_rows(2);
        assert_eq!((bars[0].label.as_str(), bars[0].length), ("Tea", 2.0), "what does not sell lasts longest");
        let shelf = [("store_id", Kind::Id), ("id", Kind::Id), ("name", Kind::Text), ("quantity", Kind::Quantity)];
        let rows: [&[Value]; 2] = [
            &[words("S1"), words("1"), words("Tea"), Value::Quantity(3_000)],
            &[words("S1"), words("2"), words("Bun"), Value::Quantity(-1_000)],
        ];
        let low = answer("low-stock", &shelf, &rows);
        let labels: Vec<String> = low.bar_rows(3).into_iter().map(|bar| bar.label).collect();
        assert_eq!(labels, ["Bun", "Tea"], "the emptiest shelf first");
        let rated = [("category", Kind::Text), ("rating", Kind::Number), ("count", Kind::Count)];
        let said = answer("feedback-summary", &rated, &[&[words("service"), Value::Count(4), Value::Count(7)]]);
        assert_eq!(said.bar_rows(2)[0].label, "service 4");
        let places = [("recency", Kind::Number), ("frequency", Kind::Number), ("segment", Kind::Text)];
        let places = [&places[..], &[("customers", Kind::Count)]].concat();
        let row = [Value::Count(5), Value::Count(1), words("new"), Value::Count(9)];
        assert_eq!(answer("segments", &places, &[&row]).bar_rows(3)[0].label, "5-1 new");
    }

    #[test]
    fn letters_lose_their_accents_and_marks_become_plain() {
        assert_eq!(in_ascii("Caffè – Emre Yıldız 5 × 東"), "Caffe - Emre Yildiz 5 x ?");
    }
}
