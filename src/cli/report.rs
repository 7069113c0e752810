//! `till report`: answers one report, or one a line with `--batch`.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::engine::Shop;
use crate::report::{self, Answers, Request};
use crate::unit::{Day, Stamp};
use clap::Args;
use std::io::{BufRead, Write};
use std::path::PathBuf;

/// Answers a report.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The report's name and options.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "NAME and OPTIONS")]
    words: Vec<String>,
}

/// What `till report --help` says.
const HELP: &str = "\
Answers one report.

Usage: till report NAME [--from DATE] [--to DATE] [--as-of DATE] [--store ID]
                   [--where DIM=VALUE[,VALUE…]]… [--by DIM[,DIM…]] [--measures M,…]
                   [--top N] [--sort MEASURE] [--months N] [--customer ID]
                   [--json | --csv] [--explain]
       till report --list     names every report with a line each
       till report --batch    reads one request a line from standard input

--to is exclusive. --as-of (today) is the day ages, inactivity and recency are measured on.
--where given twice for one dimension adds values; write \\, for a comma in one.
";

impl Report {
    /// The shop file named behind the report's name.
    pub fn named_shop(&self) -> Option<PathBuf> {
        let mut words = self.words.iter();
        words
            .find_map(|word| match word.strip_prefix("--shop") {
                Some("") => None,
                Some(rest) => rest.strip_prefix('=').map(PathBuf::from),
                None => None,
            })
            .or_else(|| {
                let at = self.words.iter().position(|word| word == "--shop")?;
                self.words.get(at + 1).map(PathBuf::from)
            })
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
            let reports = report::list();
            let wide = reports.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            let out = &mut streams.out;
            for (name, about) in reports {
                writeln!(out, "{name:wide$}  {about}")?;
            }
            return Ok(());
        }
        if self.words.iter().any(|word| word == "--batch") {
            return place.with(streams, batch);
        }
        let request = Request::parse(&self.words).map_err(|why| Trouble::Usage(why.to_string()))?;
        place.with(streams, |shop, streams| {
            let answer = report::answer(&shop.snapshot()?, &request, today(shop)?)?;
            streams.out.write_all(ended(answer.render(request.format, request.explain)).as_bytes())?;
            Ok(())
        })
    }

    /// `--shop` stands anywhere on the line, behind the report's name too.
    fn take_shop(&mut self) -> Result<Option<PathBuf>, Trouble> {
        let Some(at) = self.words.iter().position(|word| word == "--shop" || word.starts_with("--shop=")) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        if let Some(path) = word.strip_prefix("--shop=") {
            return Ok(Some(PathBuf::from(path)));
        }
        if at < self.words.len() {
            return Ok(Some(PathBuf::from(self.words.remove(at))));
        }
        Err(Trouble::Usage("--shop needs a file".to_owned()))
    }
}

/// The day it is where the shop is.
fn today(shop: &Shop) -> Result<Day, Trouble> {
    let snapshot = shop.snapshot()?;
    let zone = snapshot.directory().settings.as_ref().map(|settings| settings.zone).unwrap_or_default();
    Ok(Stamp::at(shop.now_ms(), &zone).day())
}

fn ended(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// One request a line in, one line of JSON out as soon as it is ready.
fn batch(shop: &Shop, streams: &mut Streams) -> Done {
    let kept = Answers::new();
    let today = today(shop)?;
    let Streams { input, out, alive, .. } = streams;
    for line in input.lines() {
        let line = line?;
        if !alive() {
            return Ok(());
        }
        if line.trim().is_empty() {
            continue;
        }
        match one(shop, &kept, today, &line) {
            Ok(json) => writeln!(out, "{json}")?,
            Err(why) => writeln!(out, "{}", serde_json::json!({ "error": why }))?,
        }
        out.flush()?;
    }
    Ok(())
}

fn one(shop: &Shop, kept: &Answers, today: Day, line: &str) -> Result<String, String> {
    let words = shlex::split(line).ok_or_else(|| "a quote is not closed".to_owned())?;
    let request = Request::parse(&words).map_err(|why| why.to_string())?;
    let snapshot = shop.snapshot().map_err(|why| why.to_string())?;
    let answer = kept.answer(&snapshot, &request, today, None).map_err(|why| why.to_string())?;
    Ok(answer.json(request.explain).trim_end().to_owned())
}
