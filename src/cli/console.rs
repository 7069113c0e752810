//! Opening the console on a shop, on this terminal.

use super::place::Place;
use super::{Done, Trouble};
use crate::console::app::Wish;
use crate::console::keymap::Keymap;
use crate::console::theme::Theme;
use crate::console::{App, Setup};
use crate::domain::{Right, Staff};
use crate::engine::{Shop, Snapshot};
use crate::session::{Client, ColourDepth, Out, Program, Repertoire, Waker, run_local};
use crate::unit::{RegisterId, StaffId};
use clap::Args;
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How the console looks and who works in it.
#[derive(Debug, Args)]
pub(super) struct Looks {
    /// A theme by name, or a theme file.
    #[arg(long, env = "TILL_THEME", value_name = "NAME|FILE")]
    theme: Option<String>,
    /// A keymap file that rebinds keys.
    #[arg(long, env = "TILL_KEYMAP", value_name = "FILE")]
    keymap: Option<PathBuf>,
    /// Where receipts are printed: a device such as /dev/usb/lp0, or a file that bytes are added to.
    #[arg(long, env = "TILL_PRINTER", value_name = "FILE")]
    printer: Option<PathBuf>,
    /// Work as this person.
    #[arg(long = "as", value_name = "NAME")]
    person: Option<String>,
    /// Work at this register, by its name or number.
    #[arg(long, env = "TILL_REGISTER", value_name = "NAME")]
    register: Option<String>,
}

/// Opens the console on the shop.
pub(super) fn run(place: &Place, looks: &Looks) -> Done {
    need_terminal()?;
    let path = place.path()?;
    let shop = place.open()?;
    let done = on(&shop, &path, looks);
    let closed = shop.close();
    done?;
    closed?;
    Ok(())
}

/// A console without a terminal would be a riddle.
pub(super) fn need_terminal() -> Done {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        Ok(())
    } else {
        Err(Trouble::Failed("the console needs a terminal; for scripts see: till report --help".to_owned()))
    }
}

/// Opens the console on an open shop.
pub(super) fn on(shop: &Shop, path: &Path, looks: &Looks) -> Done {
    let client = Client::from_env(&|name| std::env::var(name).ok());
    let theme = theme(looks, &client)?;
    let keymap = keymap(looks)?;
    let (staff, register) = {
        let snapshot = shop.snapshot()?;
        (person(&snapshot, looks)?, register(&snapshot, looks)?)
    };
    let (waker, wakeups) = Waker::pipe()?;
    let for_facts = waker.clone();
    let _subscription = shop.subscribe(move || for_facts.wake());
    let ascii = client.repertoire == Repertoire::Ascii;
    let wake = Arc::new(move || waker.wake());
    let printer = looks.printer.clone();
    let setup =
        Setup { shop: shop.clone(), path: path.to_owned(), staff, register, theme, keymap, ascii, printer, wake };
    let mut running = Running { app: App::new(setup)? };
    run_local(&mut running, client, &wakeups)?;
    match running.app.fault() {
        Some(fault) => Err(Trouble::Failed(fault.to_owned())),
        None => Ok(()),
    }
}

fn theme(looks: &Looks, client: &Client) -> Result<Theme, Trouble> {
    let Some(name) = &looks.theme else {
        let mono = client.depth == ColourDepth::Mono;
        return Ok(if mono { Theme::named("mono")? } else { Theme::standard() });
    };
    if Theme::names().any(|known| known == name) || !Path::new(name).exists() {
        return Ok(Theme::named(name)?);
    }
    let text = std::fs::read_to_string(name).map_err(|why| Trouble::Failed(format!("{name}: {why}")))?;
    Ok(Theme::parse(name, &text)?)
}

fn keymap(looks: &Looks) -> Result<Keymap, Trouble> {
    let Some(path) = &looks.keymap else { return Ok(Keymap::default()) };
    let text = std::fs::read_to_string(path).map_err(|why| Trouble::Failed(format!("{}: {why}", path.display())))?;
    Keymap::with(&text).map_err(|why| Trouble::Failed(format!("{}: {why}", path.display())))
}

/// Who works: the one named, else the first who may sell.
fn person(snapshot: &Snapshot, looks: &Looks) -> Result<StaffId, Trouble> {
    let staff = &snapshot.directory().staff;
    let found = match &looks.person {
        Some(name) => staff.iter().find(|person| (*person.ext == **name || *person.name == **name) && !person.disabled),
        None => staff
            .iter()
            .find(|person| person.may(Right::Sell))
            .or_else(|| staff.iter().find(|person: &&Staff| !person.disabled)),
    };
    let whom = || looks.person.clone().unwrap_or_else(|| "who may work here".to_owned());
    found
        .map(|person| person.id)
        .ok_or_else(|| Trouble::Failed(format!("there is nobody {}; see: till user list", whom())))
}

fn register(snapshot: &Snapshot, looks: &Looks) -> Result<RegisterId, Trouble> {
    let registers = &snapshot.directory().registers;
    let found = match &looks.register {
        Some(name) => registers.iter().find(|register| *register.name == **name || register.id.0.to_string() == *name),
        None => registers.first(),
    };
    found.map(|register| register.id).ok_or_else(|| Trouble::Failed("there is no such register".to_owned()))
}

/// The console as a session runs it.
struct Running {
    app: App,
}

impl Program for Running {
    fn resize(&mut self, columns: u16, rows: u16) {
        self.app.resize(columns, rows);
    }

    fn event(&mut self, event: Event) {
        self.app.event(event);
    }

    fn wake(&mut self) {
        self.app.wake();
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        self.app.draw(buffer)
    }

    fn deadline(&self) -> Option<Instant> {
        let wait = self.app.deadline_ms() - self.app.now_ms();
        Some(Instant::now() + Duration::from_millis(wait.max(0) as u64))
    }

    fn take_output(&mut self) -> Vec<Out> {
        let wishes = self.app.take_wishes().into_iter();
        wishes
            .map(|wish| match wish {
                Wish::Bell => Out::Bell,
                Wish::Copy(text) => Out::Clipboard(text),
                Wish::Redraw => Out::Redraw,
                Wish::Suspend => Out::Suspend,
                Wish::Quit => Out::Quit,
            })
            .collect()
    }
}
