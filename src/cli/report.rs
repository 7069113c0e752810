//! `till report`: answers one report, or one a line with `--batch`.

use super::place::Place;
use super::streams::{Line, Streams, read_line};
use super::{Done, Trouble};
use crate::domain::command::Command;
use crate::domain::saved::LONGEST_QUESTION;
use crate::domain::{Role, SavedView};
use crate::engine::Shop;
use crate::report::{self, Answer, Answers, Format, ReportFault, Request, Value};
use crate::session::{Client, Repertoire};
use crate::unit::text::shown;
use crate::unit::{Day, Stamp, Text};
use clap::Args;
use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Answers a report.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The report's name and options.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME and OPTIONS")]
    words: Vec<String>,
}

/// Bytes of the longest question of a batch: one may name many values, and is no longer than a word of the shell may be.
const LONGEST_LINE: usize = 128 << 10;

/// What `till report --help` says.
const HELP: &str = "\
Answers one report.

Usage: till report NAME [--from DATE] [--to DATE | --period PERIOD] [--as-of DATE] [--store ID]
                   [--where DIM=VALUE[,VALUE…]]… [--by DIM[,DIM…]] [--measures M,…]
                   [--top N] [--sort MEASURE] [--months N] [--customer ID]
                   [--compare previous|last-year|FROM..TO] [--with share,running]
                   [--json | --csv | --markdown | --chart [--ascii]] [--watch] [--explain]
       till report why NAME …          says what each column means and lists the orders behind it,
                                       --top (50) of them; the totals are those of the report
       till report --list              names every report with a line each
       till report --batch             reads one request a line from standard input
       till report save NAME REPORT …  keeps a question under a name
       till report forget NAME         forgets it

--to is exclusive. A period moves with the day (or with --as-of): today yesterday this-week last-week
this-month last-month this-year last-year last-12-months. --as-of (today) is the day ages, inactivity and recency are measured on.
--where given twice for one dimension adds values; write \\, for a comma in one.
--compare puts the other period's figures and the change in per cent behind each figure.
--watch writes a line of JSON now and whenever the answer changes.
";

impl Report {
    /// Whether it asks who did what, which others may see than the figures.
    pub fn is_of_the_audit(&self) -> bool {
        self.words.first().is_some_and(|name| name == "audit")
    }

    /// The shop file named behind the report's name.
    pub fn named_shop(&self) -> Option<PathBuf> {
        self.shop_words().and_then(|(_, path)| path)
    }

    pub fn run(mut self, place: Place, streams: &mut Streams) -> Done {
        let place = match self.take_shop()? {
            Some(path) => place.or(path),
            None => place,
        };
        if self.words.iter().any(|word| word == "--help" || word == "-h") {
            streams.out.write_all(HELP.as_bytes())?;
            return Ok(());
        }
        if self.words.iter().any(|word| word == "--list") {
            return list(&place, streams);
        }
        if self.words.iter().any(|word| word == "--batch") {
            return place.with(streams, |shop, streams| batch(shop, &place.kept(), streams));
        }
        match self.words.first().map(String::as_str) {
            Some("save") => return place.with(streams, |shop, _| save(&place, shop, &self.words[1..])),
            Some("forget") => return place.with(streams, |shop, _| forget(&place, shop, &self.words[1..])),
            _ => {}
        }
        // What is wrong in itself is said without opening the shop, unless it may be the name of a saved view.
        let names_a_report = self.words.iter().any(|word| report::list().iter().any(|(known, _)| known == word));
        let names_nothing = self.words.iter().all(|word| word.starts_with('-'));
        if names_a_report || names_nothing {
            Request::parse(&self.words).map_err(|why| Trouble::Usage(why.to_string()))?;
        }
        place.with(streams, |shop, streams| {
            let request = request(shop, &self.words).map_err(Trouble::Usage)?;
            if request.watch {
                return watch(shop, &place.kept(), &request, streams);
            }
            let answer = place.kept().answer(&shop.snapshot()?, &request, today(shop)?, None).map_err(unanswered)?;
            if request.explain && !matches!(request.format, Format::Json | Format::Table) {
                // There is no place for it in what is written.
                streams.remark = answer.explained();
            }
            given(streams.out.write_all(ended(written(answer, &request)).as_bytes()).and_then(|()| streams.out.flush()))
        })
    }

    /// The words that name the shop file, and the file. They stand anywhere on the line, behind the report's name too.
    fn shop_words(&self) -> Option<(Range<usize>, Option<PathBuf>)> {
        let at = self.words.iter().position(|word| word == "--shop" || word.starts_with("--shop="))?;
        Some(match self.words[at].strip_prefix("--shop=") {
            Some(path) => (at..at + 1, Some(PathBuf::from(path))),
            None => (at..self.words.len().min(at + 2), self.words.get(at + 1).map(PathBuf::from)),
        })
    }

    /// The same, taken out of the words.
    fn take_shop(&mut self) -> Result<Option<PathBuf>, Trouble> {
        let Some((at, path)) = self.shop_words() else { return Ok(None) };
        self.words.drain(at);
        path.map(Some).ok_or_else(|| Trouble::Usage("--shop needs a file".to_owned()))
    }
}

/// `--ascii`, where a chart is asked for and the caller's locale shows nothing else.
pub(super) fn for_ascii() -> Option<&'static str> {
    let mut words = std::env::args_os().skip(1);
    let charts = words.any(|word| word == "report") && words.any(|word| word == "--chart");
    let kept = std::env::args_os().any(|word| word == "save");
    // A pipe is no terminal: only the locale says what can be read at its end.
    let locale = |name: &str| std::env::var(name).ok().filter(|_| name.starts_with('L'));
    (charts && !kept && Client::from_env(&locale).repertoire == Repertoire::Ascii).then_some("--ascii")
}

/// What a report cannot be asked for is wrong usage like any other wrong word.
fn unanswered(why: ReportFault) -> Trouble {
    match why {
        ReportFault::NotHere(why) => Trouble::Usage(why),
        why => Trouble::Failed(why.to_string()),
    }
}

/// The day it is where the shop is.
fn today(shop: &Shop) -> Result<Day, Trouble> {
    let snapshot = shop.snapshot()?;
    let zone = snapshot.directory().settings.as_ref().map(|settings| settings.zone).unwrap_or_default();
    Ok(Stamp::at(shop.now_ms(), &zone).day())
}

/// Every report, and the saved views of the shop where there is one.
fn list(place: &Place, streams: &mut Streams) -> Done {
    let reports = report::list();
    let wide = reports.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, about) in reports {
        streams.tell(format_args!("{name:wide$}  {about}"))?;
    }
    if !place.path()?.exists() {
        return Ok(());
    }
    place.with(streams, |shop, streams| {
        // Whoever reads may take their time, and pins no pages meanwhile.
        let directory = Arc::clone(shop.snapshot()?.directory());
        for view in &directory.views {
            streams.tell(format_args!("{:wide$}  saved: {}", view.name, view.words))?;
        }
        Ok(())
    })
}

/// The request of these words; the first that is no option may be the name of a saved view, whose words then stand for it.
fn request(shop: &Shop, words: &[String]) -> Result<Request, String> {
    let known = |word: &String| report::list().iter().any(|(name, _)| name == word);
    let snapshot = shop.snapshot().map_err(|why| why.to_string())?;
    let saved = |word: &&String| snapshot.directory().views.iter().find(|view| *view.name == ***word);
    let view = words.iter().find(|word| !known(word) && saved(word).is_some()).and_then(|word| saved(&word));
    let Some(view) = view else { return Request::parse(words).map_err(|why| why.to_string()) };
    let mut all = shlex::split(&view.words).ok_or_else(|| format!("the saved view {} cannot be read", view.name))?;
    let formats = ["--json", "--csv", "--markdown", "--chart"];
    if words.iter().any(|word| formats.contains(&word.as_str())) {
        all.retain(|word| !formats.contains(&word.as_str()));
    }
    all.extend(words.iter().filter(|word| **word != *view.name).cloned());
    Request::parse(&all).map_err(|why| format!("{}: {why}", view.name))
}

/// `save NAME WORDS…`: keeps a question under a name.
fn save(place: &Place, shop: &Shop, words: &[String]) -> Done {
    let usage = || Trouble::Usage("write: till report save NAME REPORT [OPTIONS]".to_owned());
    let (name, words) = words.split_first().ok_or_else(usage)?;
    let words = words.strip_prefix(&["--".to_owned()]).unwrap_or(words);
    if words.is_empty() {
        return Err(usage());
    }
    if report::list().iter().any(|(known, _)| known == name) {
        return Err(Trouble::Usage(format!("{name} is a report already; choose another name")));
    }
    Request::parse(words).map_err(|why| Trouble::Usage(why.to_string()))?;
    let joined = shlex::try_join(words.iter().map(String::as_str)).map_err(|why| Trouble::Usage(why.to_string()))?;
    let text = |words: &str| Text::clean(words, LONGEST_QUESTION).map_err(|why| Trouble::Usage(why.to_string()));
    let view = SavedView { name: text(name)?, words: text(&joined)? };
    command(place, shop, Command::SaveView(view))
}

/// `forget NAME`.
fn forget(place: &Place, shop: &Shop, words: &[String]) -> Done {
    let [name] = words else { return Err(Trouble::Usage("write: till report forget NAME".to_owned())) };
    command(place, shop, Command::ForgetView(Text::lossy(name)))
}

fn command(place: &Place, shop: &Shop, command: Command) -> Done {
    place.ask(shop, Role::Manager, command)?;
    Ok(())
}

/// Whoever has read enough and closed the pipe is no trouble.
fn given(written: std::io::Result<()>) -> Done {
    match written {
        Err(why) if why.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

fn written(mut answer: Answer, request: &Request) -> String {
    match request.format {
        // Programs get every byte; what they do with it is theirs.
        Format::Json | Format::Csv => {}
        Format::Table | Format::Markdown | Format::Chart => to_be_read(&mut answer),
    }
    match request.format {
        Format::Chart => answer.chart(request.ascii),
        format => answer.render(format, request.explain),
    }
}

/// Takes out of an answer's words what would steer the terminal of whoever reads it.
fn to_be_read(answer: &mut Answer) {
    let cells = answer.rows.iter_mut().flatten().chain(answer.totals.iter_mut().map(|(_, value)| value));
    for value in cells {
        if let Value::Text(words) = value
            && let Cow::Owned(plain) = shown(words)
        {
            *value = Value::text(plain);
        }
    }
    for (_, words) in &mut answer.notes {
        if let Cow::Owned(plain) = shown(words) {
            *words = plain;
        }
    }
}

/// A line of JSON now and whenever the answer has become another, until whoever reads is gone.
fn watch(shop: &Shop, kept: &Answers, request: &Request, streams: &mut Streams) -> Done {
    let (woken, wakeups) = channel();
    let _subscription = shop.subscribe(move || {
        // Whoever watched may have stopped.
        let _ = woken.send(());
    });
    let mut last = String::new();
    while (streams.alive)() && shop.fault().is_none() {
        let answer = kept.answer(&shop.snapshot()?, request, today(shop)?, None).map_err(unanswered)?;
        let json = answer.json(false);
        if json != last {
            given(writeln!(streams.out, "{json}").and_then(|()| streams.out.flush()))?;
            last = json;
        }
        // Wakes by itself from time to time only to see whether anybody is still there.
        let _ = wakeups.recv_timeout(Duration::from_secs(1));
        while wakeups.try_recv().is_ok() {}
    }
    Ok(())
}

fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// One request a line in, one line of JSON out as soon as it is ready.
fn batch(shop: &Shop, kept: &Answers, streams: &mut Streams) -> Done {
    let today = today(shop)?;
    let Streams { input, out, alive, .. } = streams;
    let mut line = Vec::new();
    loop {
        let words = match read_line(&mut **input, LONGEST_LINE, &mut line)? {
            Line::Whole => std::str::from_utf8(&line).map_err(|_| "the line is not UTF-8".to_owned()),
            Line::TooLong => Err(format!("the line is longer than {LONGEST_LINE} bytes; the rest of it was skipped")),
            Line::End => return Ok(()),
        };
        if !alive() {
            return Ok(());
        }
        let said = match words.and_then(|words| one(shop, kept, today, words)) {
            Ok(json) => writeln!(out, "{json}"),
            Err(why) => writeln!(out, "{}", serde_json::json!({ "error": why })),
        };
        match said.and_then(|()| out.flush()) {
            // Whoever has read enough and closed the pipe is no trouble.
            Err(why) if why.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            done => done?,
        }
    }
}

fn one(shop: &Shop, kept: &Answers, today: Day, line: &str) -> Result<String, String> {
    let words = shlex::split(line).ok_or_else(|| "a quote is not closed".to_owned())?;
    let alone = |word: &&String| matches!(word.as_str(), "--list" | "--help" | "-h" | "--batch" | "--watch");
    if let Some(word) = words.iter().find(alone) {
        return Err(format!("{word} is no question; a line of a batch names a report"));
    }
    let request = request(shop, &words)?;
    let snapshot = shop.snapshot().map_err(|why| why.to_string())?;
    let answer = kept.answer(&snapshot, &request, today, None).map_err(|why| why.to_string())?;
    Ok(answer.json(request.explain).trim_end().to_owned())
}
