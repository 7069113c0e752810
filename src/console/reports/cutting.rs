//! How an open report is cut, put in another order, kept under a name and handed out. The cube has its own way of cutting.

use super::figure::figure_words;
use super::state::{Reports, takes_a_period};
use crate::console::screen::{Choice, Effect, Now};
use crate::domain::SavedView;
use crate::domain::command::Command;
use crate::report::{Answer, Compare, Dim, Filter, Format, Measure, Request, Value};
use crate::unit::Text;
use std::cmp::Ordering;
use std::collections::HashMap;

/// Members offered to slice by.
const MEMBERS: usize = 2_000;

/// How an answer may leave: in words, format, and how such a file's name ends.
const FORMATS: [(&str, &str, Format, &str); 4] = [
    ("CSV", "for a spreadsheet", Format::Csv, "csv"),
    ("JSON", "for a program", Format::Json, "json"),
    ("Markdown", "for a message or a page", Format::Markdown, "md"),
    ("the chart as text", "as it stands here", Format::Chart, "txt"),
];

impl Reports {
    /// Any report or kept view, to be found by its name.
    pub(super) fn find_report(&self) -> Effect {
        let known = crate::report::list();
        let choice = |name: &String| {
            let said = known.iter().find(|(report, _)| report == name).map(|(_, said)| (*said).to_owned());
            let kept = self.saved.iter().find(|(view, _)| view == name).map(|(_, words)| words.clone());
            Choice { words: name.clone(), note: said.or(kept).unwrap_or_default(), ..Choice::default() }
        };
        let choices = self.names.iter().map(choice).collect();
        Effect::Pick { name: "report", title: "Which report?".to_owned(), choices }
    }

    /// Opens a report by name.
    pub(super) fn open_report(&mut self, name: &str, now: &Now<'_>) -> Vec<Effect> {
        self.bring_saved(now);
        let Some(at) = self.names.iter().position(|known| known == name) else {
            return vec![Effect::Refuse(format!("There is no report {name}."))];
        };
        self.name.at = at;
        self.focus = super::state::Focus::Rows;
        self.turn_to_another(now)
    }

    /// The members of a dimension, to slice by one of them.
    pub(super) fn offer_members(&mut self, dim: Dim, now: &Now<'_>) -> Vec<Effect> {
        let Ok(mut request) = Request::named("sales") else { return Vec::new() };
        request.by = vec![dim];
        request.measures = vec![Measure::Orders];
        // Of those there can be very many of, the best known.
        request.top = matches!(dim, Dim::Product | Dim::Customer).then_some(MEMBERS);
        let answer = match crate::report::answer(now.shop, &request, now.today) {
            Ok(answer) => answer,
            Err(why) => return vec![Effect::Refuse(why.to_string())],
        };
        let word = |row: &Vec<Value>, at: usize| row.get(at).map(|value| value.plain(2)).unwrap_or_default();
        let mut known: HashMap<String, u32> = HashMap::new();
        answer.rows.iter().for_each(|row| *known.entry(word(row, 1)).or_default() += 1);
        // A name says more than an id, where it is one member's only.
        let member = |row: &Vec<Value>| match known.get(&word(row, 1)) {
            Some(1) if dim.is_entity() && !word(row, 1).is_empty() => word(row, 1),
            _ => word(row, 0),
        };
        let members = answer.rows.iter().map(member).collect();
        let choices = answer.rows.iter().map(|row| match dim.is_entity() {
            true => Choice { words: word(row, 1), note: word(row, 0), ..Choice::default() },
            false => {
                Choice { words: word(row, 0), note: format!("{} orders in all", word(row, 1)), ..Choice::default() }
            }
        });
        let choices = choices.collect();
        self.offered = Some((dim, members));
        vec![Effect::Pick { name: "cube member", title: format!("Which {}?", figure_words(dim.word())), choices }]
    }

    /// The slice that was chosen from what was offered.
    pub(super) fn chosen_slice(&mut self, row: usize) -> Option<Filter> {
        let (dim, members) = self.offered.take()?;
        Some(Filter { dim, values: vec![members.get(row)?.clone()] })
    }

    /// All that is filtered by; a kept view's own comes first.
    pub(super) fn all_slices(&self) -> Vec<Filter> {
        let own = self.kept().map(|view| view.filters).unwrap_or_default();
        own.into_iter().chain(self.slices.iter().cloned()).collect()
    }

    /// The rows by the next column: figures largest first, words from A to Z; after the last as they were answered.
    pub(super) fn sort_rows(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let Some(answer) = &self.answer else { return Vec::new() };
        let next = self.sorted.map_or(0, |(column, _)| column + 1);
        let Some(column) = answer.columns.get(next) else {
            self.sorted = None;
            return self.ask(now);
        };
        let said = format!("By {}.", figure_words(&column.name));
        self.sorted = Some((next, column.kind.is_numeric()));
        self.put_in_order();
        vec![Effect::Say(said)]
    }

    /// Puts the answer's rows in the chosen order.
    pub(super) fn put_in_order(&mut self) {
        if let (Some(answer), Some((column, down))) = (&mut self.answer, self.sorted) {
            answer.rows.sort_by(|a, b| {
                let order = compare(a.get(column), b.get(column));
                if down { order.reverse() } else { order }
            });
        }
    }

    /// In which form the answer is to leave.
    pub(super) fn ask_format(&self) -> Vec<Effect> {
        let choice = |(words, note, ..): &(&str, &str, Format, &str)| Choice {
            words: (*words).to_owned(),
            note: (*note).to_owned(),
            ..Choice::default()
        };
        let choices = FORMATS.iter().map(choice).collect();
        vec![Effect::Pick { name: "export", title: "In which form?".to_owned(), choices }]
    }

    /// Writes what is shown in the chosen form.
    pub(super) fn hand_out(&self, row: usize, now: &Now<'_>) -> Vec<Effect> {
        let answer = if self.is_cube() { self.cube.answer() } else { self.answer.as_ref() };
        let (Some(answer), Some((_, _, format, ends))) = (answer, FORMATS.get(row)) else { return Vec::new() };
        let (hour, minute, second) = now.at.time_of_day().unwrap_or_default();
        let report = if self.is_cube() { "cube" } else { &answer.report };
        let name = format!("{report}-{}-{hour:02}{minute:02}{second:02}.{ends}", now.today);
        vec![Effect::Write { name, content: written(answer, *format) }]
    }

    /// Keeps the open report, as it is cut now, under a name; the cube keeps its view.
    /// Days with a name go on moving: what was kept as this month is about the month it is opened in.
    pub(super) fn save_view(&mut self, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        let [name] = values else { return Vec::new() };
        let words = if self.is_cube() { self.cut(now).words(self.cube_period()) } else { self.words() };
        let Ok(words) = shlex::try_join(words.iter().map(String::as_str)) else { return Vec::new() };
        let view = SavedView { name: Text::lossy(name), words: Text::lossy(&words) };
        vec![Effect::Do("save view", Box::new(Command::SaveView(view)))]
    }

    /// The open report in the words of `till report`.
    fn words(&self) -> Vec<String> {
        let kept = self.saved.iter().find(|(name, _)| name == self.report());
        let mut words =
            kept.and_then(|(_, words)| shlex::split(words)).unwrap_or_else(|| vec![self.report().to_owned()]);
        let own = self.kept();
        let has_days = own.as_ref().is_some_and(|view| view.period.is_some() || view.from.or(view.to).is_some());
        if takes_a_period(self.base()) && !has_days {
            words.extend(self.period.options());
        }
        if let (Some((_, ext, _)), false) = (self.store_cut(), own.is_some_and(|view| view.store.is_some())) {
            words.extend(["--store".to_owned(), ext.to_string()]);
        }
        for slice in &self.slices {
            let values: Vec<String> = slice.values.iter().map(|value| value.replace(',', "\\,")).collect();
            words.extend(["--where".to_owned(), format!("{}={}", slice.dim.word(), values.join(","))]);
        }
        let beside = match self.compare {
            Some(Compare::Previous) => Some("previous"),
            Some(Compare::LastYear) => Some("last-year"),
            _ => None,
        };
        words.extend(beside.into_iter().flat_map(|beside| ["--compare".to_owned(), beside.to_owned()]));
        words
    }
}

/// A slice in words, for the head.
pub(super) fn slice_words(slice: &Filter) -> String {
    format!("{} = {}", figure_words(slice.dim.word()), slice.values.join(", "))
}

fn written(answer: &Answer, format: Format) -> String {
    match format {
        Format::Chart => answer.chart(false),
        Format::Markdown => answer.markdown(),
        format => answer.render(format, false),
    }
}

/// Figures by size, words by the alphabet, what is not known first.
fn compare(a: Option<&Value>, b: Option<&Value>) -> Ordering {
    let figure = |value: &Value| match value {
        Value::Count(figure) | Value::Quantity(figure) | Value::Money(figure) | Value::Fixed4(figure) => Some(*figure),
        Value::Time(stamp) => Some(i128::from(stamp.unix_ms)),
        Value::Null | Value::Text(_) => None,
    };
    match (a, b) {
        (Some(Value::Text(a)), Some(Value::Text(b))) => crate::unit::compare_external(a, b),
        (a, b) => a.and_then(figure).cmp(&b.and_then(figure)),
    }
}
