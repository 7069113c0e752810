//! The command line: one file per subcommand. Each opens the shop, asks the floors below, prints, and says how it went.
//!
//! Errors go to standard error as one line; status 1 is an error, 2 wrong usage.

mod backup;
mod check;
mod console;
mod demo;
mod desk;
mod export;
mod hall;
mod import;
mod init;
mod looks;
mod place;
mod progress;
mod proof;
mod receipt;
mod reception;
mod report;
mod serve;
mod serving;
mod settings;
mod start;
mod streams;
mod user;
mod words;

use crate::session::{Ending, Hello, call, connect, let_output_arrive};
use crate::unit::text::shown;
use clap::{Parser, Subcommand};
use place::Place;
use std::fmt;
use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::ExitCode;
use streams::Streams;

/// A point of sale and reporting console that lives in a terminal.
#[derive(Debug, Parser)]
#[command(name = "till", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// The shop file; without it, `shop.redb` in the platform's data folder for till.
    #[arg(long, global = true, env = "TILL_SHOP", value_name = "FILE")]
    shop: Option<PathBuf>,
    #[command(flatten)]
    looks: looks::Looks,
    #[command(subcommand)]
    command: Option<Sub>,
}

/// What to do; without a word, the console opens.
#[derive(Debug, Subcommand)]
enum Sub {
    /// Open the console on a throw-away demo shop.
    Demo(demo::Demo),
    /// Make a new, empty shop.
    Init(init::Init),
    /// Own the shop and serve every session, in the foreground.
    Serve(serve::Serve),
    /// End the shop's server cleanly.
    Stop(serve::Stop),
    /// Put a verified backup in the shop's place.
    Restore(backup::Restore),
    #[command(flatten)]
    Work(Work),
}

/// What is done on an open shop, here or in the process that owns it.
#[derive(Debug, Subcommand)]
enum Work {
    /// Load a folder of CSV files in the normal form, all or nothing.
    Import(import::Import),
    /// Write the whole shop as CSV files in the normal form.
    Export(export::Export),
    /// Answer one report; `till report --list` names them all.
    #[command(disable_help_flag = true)]
    Report(report::Report),
    /// Print a receipt by its number or by the order's id.
    Receipt(receipt::Receipt),
    /// Prove the shop: journal, records, indexes, segments, stock, money, numbering.
    Check(check::Check),
    /// Make a verified copy, while the shop may be selling.
    Backup(backup::Backup),
    /// Show and change what the shop as a whole has decided; add registers.
    Settings(settings::Settings),
    /// List, add, change and disable the people who work here.
    User(user::User),
}

impl Work {
    fn run(self, place: Place, streams: &mut Streams) -> Done {
        match self {
            Work::Import(import) => import.run(&place, streams),
            Work::Export(export) => export.run(&place, streams),
            Work::Report(report) => report.run(place, streams),
            Work::Receipt(receipt) => receipt.run(&place, streams),
            Work::Check(check) => check.run(&place, streams),
            Work::Backup(backup) => backup.run(&place, streams),
            Work::Settings(settings) => settings.run(&place, streams),
            Work::User(user) => user.run(&place, streams),
        }?;
        streams.out.flush()?;
        Ok(())
    }

    /// The shop file named behind the subcommand's own words, where clap does not look.
    fn named_shop(&self) -> Option<PathBuf> {
        match self {
            Work::Report(report) => report.named_shop(),
            _ => None,
        }
    }
}

/// Why a subcommand did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The words were wrong; status 2.
    Usage(String),
    /// It could not be done; status 1.
    Failed(String),
}

impl<E: fmt::Display> From<E> for Trouble {
    fn from(why: E) -> Trouble {
        Trouble::Failed(why.to_string())
    }
}

/// How a subcommand ends.
type Done = Result<(), Trouble>;

/// Runs the command line.
pub fn run() -> ExitCode {
    let arguments = match words::read(std::env::args_os().chain(report::for_ascii().map(Into::into))) {
        Ok(arguments) => arguments,
        Err(why) if why.use_stderr() => return left(told(Err(Trouble::Usage(words::in_one_line(&why))))),
        Err(why) => why.exit(),
    };
    let place = Place::of(arguments.shop);
    let as_somebody = arguments.looks.person.is_some();
    let done = match arguments.command {
        // Whoever may open the shop file is its owner here; nobody shall believe that another's rights hold.
        Some(command) if as_somebody && !matches!(command, Sub::Demo(_)) => {
            Err(Trouble::Usage("--as says who works in the console; a subcommand is its owner's".to_owned()))
        }
        None => console::run(&place, &arguments.looks),
        Some(Sub::Demo(demo)) => demo.run(&arguments.looks),
        Some(Sub::Init(init)) => Streams::own().map_err(Trouble::from).and_then(|mut own| init.run(&place, &mut own)),
        Some(Sub::Serve(serve)) => serve.run(&place),
        Some(Sub::Stop(stop)) => stop.run(&place),
        Some(Sub::Restore(restore)) => there(&place).unwrap_or_else(|| restore.run(&place, &mut Streams::own()?)),
        Some(Sub::Work(work)) => here_or_there(work, place),
    };
    left(told(done))
}

/// Says the last words of a run and ends it.
fn left((status, words): (u8, String)) -> ExitCode {
    say(&words);
    let_output_arrive();
    ExitCode::from(status)
}

/// Does work on the shop: in the server that owns it, or here where there is none.
fn here_or_there(work: Work, place: Place) -> Done {
    let place = work.named_shop().map_or(place, Place::named);
    there(&place).unwrap_or_else(|| {
        let mut own = Streams::own()?;
        work.run(place, &mut own)?;
        say(&own.remark);
        Ok(())
    })
}

/// Has the server of the shop do what this command line says; `None` where there is none.
fn there(place: &Place) -> Option<Done> {
    let words = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.chain(report::for_ascii().map(str::to_owned)).collect();
    let tried = || {
        while let Some(stream) = connect(&place.path()?)? {
            // One that was just leaving has done nothing, and will be gone.
            if let Some(done) = relayed(stream, &words)? {
                return Ok(Some(done));
            }
        }
        Ok(None)
    };
    tried().unwrap_or_else(|why: Trouble| Some(Err(why)))
}

/// Has a shop's server do what these words say; `None` when it was just leaving.
fn relayed(stream: UnixStream, words: &[String]) -> Result<Option<Done>, Trouble> {
    let own = Streams::own()?;
    let hello = Hello {
        words: words.to_vec(),
        folder: own.folder,
        screen: None,
        asks: own.asks,
        out_is_terminal: own.out_is_terminal,
        from: proof::ssh_address(),
    };
    let watch = own.watch;
    let progress = |step: &[u8]| {
        if let Ok(step) = serde_json::from_slice(step) {
            watch(step);
        }
    };
    match call(stream, &hello)? {
        Some(call) => Ok(Some(match call.command(&progress, words.iter().any(|word| word == "--watch"))? {
            Ending::Over(0, remark) => {
                say(&remark);
                Ok(())
            }
            ending => ended(ending),
        })),
        None => Ok(None),
    }
}

/// What came of something that ran elsewhere.
fn ended(ending: Ending) -> Done {
    match ending {
        Ending::Over(0, _) | Ending::HungUp => Ok(()),
        Ending::Over(2, words) => Err(Trouble::Usage(bare(words))),
        Ending::Over(_, words) => Err(Trouble::Failed(bare(words))),
        Ending::Signal(_) => Ok(()),
        ending @ Ending::Abandoned => Err(Trouble::Failed(ending.to_string())),
    }
}

/// Words without the program's name, which is put before them again.
fn bare(words: String) -> String {
    words.strip_prefix("till: ").map(str::to_owned).unwrap_or(words)
}

/// How a run ended, as an exit status and words for standard error.
fn told(done: Result<(), Trouble>) -> (u8, String) {
    match done {
        Ok(()) => (0, String::new()),
        Err(Trouble::Usage(why)) => (2, lines(&format!("till: {why}"))),
        Err(Trouble::Failed(why)) => (1, lines(&format!("till: {why}"))),
    }
}

/// Lines that steer no terminal, whatever names are in them.
fn lines(words: &str) -> String {
    words.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

/// The same with what there is to remark where all went well.
fn told_with(done: Result<(), Trouble>, remark: String) -> (u8, String) {
    match told(done) {
        (0, _) => (0, lines(&remark)),
        failed => failed,
    }
}

/// Says the last words of a run where its errors belong.
fn say(words: &str) {
    if !words.is_empty() {
        // Whoever closed standard error does not want to know.
        let _ = writeln!(std::io::stderr(), "{}", lines(words));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_error_or_a_remark_steers_no_terminal() {
        let name = "Zoe\u{1b}[2J\u{9b}31m\u{202e}";
        let failed = told(Err(Trouble::Failed(format!("{name} is gone\n{name} too"))));
        assert_eq!(failed, (1, "till: Zoe [2J 31m  is gone\nZoe [2J 31m  too".to_owned()));
        assert_eq!(told_with(Ok(()), name.to_owned()), (0, "Zoe [2J 31m ".to_owned()));
    }
}
