//! The words of `till report` as a request. Knows which words there are, not what the shop holds.

use super::Filter;
use super::compare::{Compare, Derived};
use super::dimension::{Dim, UNKNOWN};
use super::measure::Measure;
use super::period::Period;
use super::presets::{PRESETS, Preset, Shape, by_name};
use super::words::{
    OPTIONS, can_be_member, day, derived, dimension, measure, number, split_values, unknown_option, unknown_report,
    words_of, written,
};
use crate::report::UsageFault;
use crate::unit::Day;

/// More months than the calendar has.
const MOST_MONTHS: u32 = 120_000;

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// An aligned table for a person.
    #[default]
    Table,
    /// One line of JSON.
    Json,
    /// CSV with a header.
    Csv,
    /// A table in Markdown.
    Markdown,
    /// The chart that suits the report.
    Chart,
}

/// A report asked for in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub(crate) preset: &'static Preset,
    /// The first day.
    pub from: Option<Day>,
    /// The day after the last.
    pub to: Option<Day>,
    /// Days that move with the one it is asked on, instead of a first and a last.
    pub period: Option<Period>,
    /// The day ages, inactivity and recency are measured on; today where none is given.
    pub as_of: Option<Day>,
    /// A store's id.
    pub store: Option<String>,
    /// A customer's id.
    pub customer: Option<String>,
    /// Slices.
    pub filters: Vec<Filter>,
    /// The figures asked for instead of the report's own.
    pub measures: Vec<Measure>,
    /// The dimensions asked for instead of the report's own.
    pub by: Vec<Dim>,
    /// Largest first by this figure.
    pub sort: Option<Measure>,
    /// The first so many rows.
    pub top: Option<usize>,
    /// How many months without an order make a customer inactive.
    pub months: Option<u32>,
    /// The period to compare with.
    pub compare: Option<Compare>,
    /// Shares and running totals to add.
    pub derived: Vec<Derived>,
    /// How to write the answer.
    pub format: Format,
    /// Whether only ASCII may be used in tables and charts.
    pub ascii: bool,
    /// Whether the answer is written again whenever it changes.
    pub watch: bool,
    /// Whether what lies behind the figures is asked for, not they themselves.
    pub why: bool,
    /// Whether to say how it was answered.
    pub explain: bool,
    /// Whether only the names of the reports are asked for.
    pub list: bool,
}

impl Request {
    /// A report by its name, with nothing else said.
    ///
    /// # Errors
    /// When there is no such report.
    pub fn named(name: &str) -> Result<Request, UsageFault> {
        let preset = by_name(name).ok_or_else(|| unknown_report(name))?;
        Ok(Request {
            preset,
            from: None,
            to: None,
            period: None,
            as_of: None,
            store: None,
            customer: None,
            filters: Vec::new(),
            measures: Vec::new(),
            by: Vec::new(),
            sort: None,
            top: None,
            months: None,
            compare: None,
            derived: Vec::new(),
            format: Format::Table,
            ascii: false,
            watch: false,
            why: false,
            explain: false,
            list: false,
        })
    }

    /// The words that follow `till report`.
    ///
    /// # Errors
    /// The word that is wrong, and what there is instead.
    pub fn parse<T: AsRef<str>>(words: &[T]) -> Result<Request, UsageFault> {
        let mut words = words.iter().map(AsRef::as_ref);
        let mut name = None;
        let mut request = Request::named(PRESETS[0].name)?;
        while let Some(word) = words.next() {
            let (flag, inline) = match word.split_once('=') {
                Some((flag, value)) if flag.starts_with("--") => (flag, Some(value)),
                _ => (word, None),
            };
            if word == "why" {
                request.why = true;
                continue;
            }
            if !flag.starts_with("--") {
                if let Some(first) = name.replace(word) {
                    return Err(UsageFault(format!("one report at a time: {first} or {word}")));
                }
                continue;
            }
            if request.set_switch(flag, inline)? {
                continue;
            }
            if !OPTIONS.contains(&flag) {
                return Err(unknown_option(flag));
            }
            let value = inline.or_else(|| words.next()).filter(|value| !value.trim().is_empty());
            let value = value.ok_or_else(|| UsageFault(format!("{flag} needs a value")))?;
            request.set(flag, value)?;
        }
        match name {
            Some(name) => request.preset = by_name(name).ok_or_else(|| unknown_report(name))?,
            None if request.list => {}
            None => return Err(UsageFault("which report? till report --list names them all".to_owned())),
        }
        request.checked()
    }

    /// The same, asked on a day: what moves with the day has its own days then.
    pub fn on(&self, today: Day) -> Request {
        let mut request = self.clone();
        if let Some(period) = request.period.take() {
            let days = period.days(self.as_of.unwrap_or(today));
            (request.from, request.to) = days.map_or((None, None), |(from, to)| (Some(from), Some(to)));
        }
        request
    }

    /// The report's name.
    pub fn report(&self) -> &'static str {
        self.preset.name
    }

    fn set_switch(&mut self, flag: &str, inline: Option<&str>) -> Result<bool, UsageFault> {
        match flag {
            "--json" => self.write_as(flag, Format::Json)?,
            "--csv" => self.write_as(flag, Format::Csv)?,
            "--markdown" => self.write_as(flag, Format::Markdown)?,
            "--chart" => self.write_as(flag, Format::Chart)?,
            "--ascii" => self.ascii = true,
            "--watch" => self.watch = true,
            "--why" => self.why = true,
            "--explain" => self.explain = true,
            "--list" => self.list = true,
            _ => return Ok(false),
        }
        match inline {
            Some(_) => Err(UsageFault(format!("{flag} takes no value"))),
            None => Ok(true),
        }
    }

    fn write_as(&mut self, flag: &str, format: Format) -> Result<(), UsageFault> {
        if self.format != Format::Table && self.format != format {
            return Err(UsageFault(format!("{flag}: one format at a time: --json, --csv, --markdown or --chart")));
        }
        self.format = format;
        Ok(())
    }

    fn set(&mut self, flag: &str, value: &str) -> Result<(), UsageFault> {
        match flag {
            "--from" => self.from = Some(day(flag, value)?),
            "--to" => self.to = Some(day(flag, value)?),
            "--period" => {
                let known = || Period::NAMED.into_iter().filter_map(Period::word).collect::<Vec<_>>().join(", ");
                let period = Period::by_word(value);
                self.period =
                    Some(period.ok_or_else(|| UsageFault(format!("--period {value}: there is {}", known())))?);
            }
            "--as-of" => self.as_of = Some(day(flag, value)?),
            "--store" => self.store = Some(value.to_owned()),
            "--customer" => self.customer = Some(value.to_owned()),
            "--where" => self.slice(value)?,
            "--measures" => {
                for word in words_of(flag, value)? {
                    match derived(word) {
                        Some(derived) => self.derive(derived),
                        None => self.measures.push(measure(flag, word)?),
                    }
                }
            }
            "--by" => {
                for word in words_of(flag, value)? {
                    let dim = dimension(flag, word)?;
                    if self.by.contains(&dim) {
                        return Err(UsageFault(format!("--by names {} twice", dim.word())));
                    }
                    self.by.push(dim);
                }
            }
            "--sort" => self.sort = Some(measure(flag, value)?),
            "--compare" => self.compare = Some(Compare::parse(value)?),
            "--with" => {
                for word in words_of(flag, value)? {
                    let known = derived(word);
                    self.derive(known.ok_or_else(|| UsageFault(format!("--with {word}: there is share and running")))?);
                }
            }
            "--top" => self.top = Some(number(flag, value, u32::MAX)? as usize),
            "--months" => self.months = Some(number(flag, value, MOST_MONTHS)?),
            _ => return Err(unknown_option(flag)),
        }
        Ok(())
    }

    fn derive(&mut self, derived: Derived) {
        if !self.derived.contains(&derived) {
            self.derived.push(derived);
        }
    }

    /// `DIM=VALUE[,VALUE…]`, where `\,` is a comma in a value.
    fn slice(&mut self, text: &str) -> Result<(), UsageFault> {
        let (word, values) = text
            .split_once('=')
            .ok_or_else(|| UsageFault(format!("--where {text}: write DIMENSION=VALUE, as in --where category=Tea")))?;
        let dim = dimension("--where", word)?;
        let values = split_values(values);
        if values.iter().any(String::is_empty) {
            let what = format!("--where {text}: a value is missing; what is not known is the member {UNKNOWN}");
            return Err(UsageFault(what));
        }
        if let Some(wrong) = values.iter().find(|value| !can_be_member(dim, value)) {
            return Err(UsageFault(format!("--where {word}={wrong}: write {}", written(dim))));
        }
        match self.filters.iter_mut().find(|filter| filter.dim == dim) {
            Some(filter) => filter.values.extend(values),
            None => self.filters.push(Filter { dim, values }),
        }
        Ok(())
    }

    fn checked(self) -> Result<Request, UsageFault> {
        if let (Some(from), Some(to)) = (self.from, self.to)
            && to < from
        {
            return Err(UsageFault(format!("--to {to} is before --from {from}; --to is the day after the last")));
        }
        let days = self.from.is_some() && self.to.is_some();
        if self.period.is_some() && (self.from.is_some() || self.to.is_some()) {
            return Err(UsageFault("--period stands for its own days; leave --from and --to out".to_owned()));
        }
        if self.compare.is_some() && !days && matches!(self.period, None | Some(Period::All)) {
            return Err(UsageFault("--compare needs days: --from and --to, or --period".to_owned()));
        }
        if self.why && (self.compare.is_some() || !self.derived.is_empty()) {
            return Err(UsageFault("why shows the orders of one answer; leave --compare and --with out".to_owned()));
        }
        let name = self.preset.name;
        let free = self.preset.shape == Shape::Cube;
        if !self.by.is_empty() && name != "sales" && self.preset.shape != Shape::Growth {
            return Err(UsageFault(format!("{name} has its own dimensions; for others: till report sales --by …")));
        }
        if self.preset.shape == Shape::Growth && !matches!(self.by[..], [] | [Dim::Year | Dim::Month | Dim::Quarter]) {
            return Err(UsageFault("growth --by takes year, quarter or month".to_owned()));
        }
        if !self.measures.is_empty() && !free {
            return Err(UsageFault(format!("{name} has its own columns; --measures is for the sales reports")));
        }
        if self.preset.shape == Shape::History && self.customer.is_none() && !self.list {
            return Err(UsageFault("whose orders? order-history --customer ID".to_owned()));
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Request, UsageFault> {
        Request::parse(&text.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn words_make_a_request() {
        let request = parse(
            "sales --by category,age-group --from 2024-01-01 --to=2024-02-01 --where store=1,2 --where store=3 \
             --measures sales,net-sales --sort units --top 7 --json --explain",
        )
        .expect("a request");
        assert_eq!(request.by, [Dim::Category, Dim::AgeGroup]);
        assert_eq!(request.from, Day::parse("2024-01-01").ok());
        assert_eq!(request.to, Day::parse("2024-02-01").ok());
        assert_eq!(request.filters, [Filter { dim: Dim::Store, values: vec!["1".into(), "2".into(), "3".into()] }]);
        assert_eq!(request.measures, [Measure::Sales, Measure::NetSales]);
        assert_eq!((request.sort, request.top), (Some(Measure::Units), Some(7)));
        assert_eq!((request.format, request.explain, request.report()), (Format::Json, true, "sales"));
    }

    #[test]
    fn a_comma_in_a_value_is_escaped() {
        let words = ["sales", "--where", r"category=Tea\, green,Coffee,C:\x"];
        let request = Request::parse(&words).expect("a request");
        assert_eq!(request.filters[0].values, ["Tea, green", "Coffee", r"C:\x"]);
    }

    #[test]
    fn wrong_words_are_named() {
        for (words, part) in [
            ("", "which report"),
            ("profits", "there is no report \"profits\""),
            ("sales --by colour", "there is no dimension \"colour\""),
            ("sales --where colour=red", "there is no dimension \"colour\""),
            ("sales-day", "did you mean sales-by-day, payments-by-day?"),
            ("sales --where category", "DIMENSION=VALUE"),
            ("sales --where month=2024-13", "as in 2024-03"),
            ("sales --where day=2024-02-30", "as in 2024-03-01"),
            ("sales --where weekday=7", "0 (Monday) to 6"),
            ("sales --where hour=24", "0 to 23"),
            ("sales --where status=payed", "pending, paid, shipped"),
            ("sales --where age-group=18", "18-25"),
            ("sales-by-day --measures profit", "there is no measure"),
            ("why sales-by-day --with share", "leave --compare and --with out"),
            ("sales --measures profit", "there is no measure \"profit\""),
            ("sales --from 2024-02-30", "--from 2024-02-30"),
            ("sales --from 2024-03-01 --to 2024-02-01", "before --from"),
            ("sales --period sometimes", "this-month, last-month"),
            ("sales --period today --to 2024-02-01", "leave --from and --to out"),
            ("sales --period all --compare previous", "needs days"),
            ("sales --top x", "whole number"),
            ("sales --top", "--top needs a value"),
            ("sales --top=", "--top needs a value"),
            ("sales --top 0", "from 1"),
            ("sales --top 99999999999", "the largest is 4294967295"),
            ("inactive-customers --months 0", "from 1"),
            ("inactive-customers --months 99999999999", "the largest is 120000"),
            ("sales --measures ,", "--measures is empty"),
            ("sales --by=", "--by needs a value"),
            ("sales --where store=", "a value is missing"),
            ("sales --where store=1,,2", "a value is missing"),
            ("sales --colour red", "unknown option --colour"),
            ("sales --colour", "unknown option --colour"),
            ("sales --json --csv", "one format at a time"),
            ("sales --markdown --chart", "one format at a time"),
            ("sales --json=1", "takes no value"),
            ("sales customers", "one report at a time"),
            ("order-history", "--customer"),
            ("growth --by store", "year, quarter or month"),
            ("sales-by-day --by store", "own dimensions"),
            ("customers --measures sales", "own columns"),
        ] {
            let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
            let fault = Request::parse(&words).expect_err(part);
            assert!(fault.0.contains(part), "{fault} should say {part}");
        }
    }

    #[test]
    fn a_period_moves_with_the_day_it_is_asked_on() {
        let day = |text: &str| Day::parse(text).expect("a day");
        let request = parse("sales --period last-month --compare last-year").expect("a request");
        let asked = request.on(day("2024-03-15"));
        assert_eq!((asked.from, asked.to), (Some(day("2024-02-01")), Some(day("2024-03-01"))));
        let asked = Request { as_of: Some(day("2023-01-02")), ..request }.on(day("2024-03-15"));
        assert_eq!((asked.from, asked.to), (Some(day("2022-12-01")), Some(day("2023-01-01"))));
    }

    #[test]
    fn the_list_needs_no_name() {
        assert!(parse("--list").expect("a request").list);
    }
}
