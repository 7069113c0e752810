//! The command line: one file per subcommand. Each opens the shop, asks the floors below, prints, and says how it went.
//!
//! Errors go to standard error as one line; status 1 is an error, 2 wrong usage.

mod backup;
mod check;
mod console;
mod demo;
mod export;
mod import;
mod init;
mod place;
mod progress;
mod receipt;
mod report;
mod settings;
mod user;

use clap::{Parser, Subcommand};
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// A point of sale and reporting console that lives in a terminal.
#[derive(Debug, Parser)]
#[command(name = "till", version, about, disable_help_subcommand = true)]
struct Arguments {
    /// The shop file; without it, `shop.redb` in the platform's data folder for till.
    #[arg(long, global = true, env = "TILL_SHOP", value_name = "FILE")]
    shop: Option<PathBuf>,
    #[command(flatten)]
    looks: console::Looks,
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
    /// Put a verified backup in the shop's place.
    Restore(backup::Restore),
    /// Show and change what the shop as a whole has decided; add registers.
    Settings(settings::Settings),
    /// List, add, change and disable the people who work here.
    User(user::User),
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
    let arguments = Arguments::parse();
    let place = place::Place::of(arguments.shop);
    let done = match arguments.command {
        None => console::run(&place, &arguments.looks),
        Some(Sub::Demo(demo)) => demo.run(&arguments.looks),
        Some(Sub::Init(init)) => init.run(&place),
        Some(Sub::Import(import)) => import.run(&place),
        Some(Sub::Export(export)) => export.run(&place),
        Some(Sub::Report(report)) => report.run(place),
        Some(Sub::Receipt(receipt)) => receipt.run(&place),
        Some(Sub::Check(check)) => check.run(&place),
        Some(Sub::Backup(backup)) => backup.run(&place),
        Some(Sub::Restore(restore)) => restore.run(&place),
        Some(Sub::Settings(settings)) => settings.run(&place),
        Some(Sub::User(user)) => user.run(&place),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Usage(why)) => {
            eprintln!("till: {why}");
            ExitCode::from(2)
        }
        Err(Trouble::Failed(why)) => {
            eprintln!("till: {why}");
            ExitCode::FAILURE
        }
    }
}
