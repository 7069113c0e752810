//! A console served to a caller: who works there, at which register, in which looks.

use super::hall::{Hall, Proof};
use super::looks::Looks;
use super::{Done, Trouble, Work};
use crate::console::app::Wish;
use crate::console::keymap::Keymap;
use crate::console::theme::Theme;
use crate::console::{App, Setup};
use crate::domain::{Right, Staff};
use crate::engine::{Snapshot, presence::Note};
use crate::session::{Caller, Client, ColourDepth, Left, Out, Program, Repertoire, Waker};
use crate::unit::{RegisterId, StaffId};
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Serves a console until its caller leaves or is sent away.
pub(super) fn serve(hall: &Arc<Hall>, caller: &mut Caller, looks: &Looks, _proof: &Proof) -> Done {
    let client = caller.hello.screen.as_ref().map(|screen| screen.client.clone()).unwrap_or_default();
    client.need_cursor()?;
    let folder = caller.hello.folder.clone();
    let (theme, keymap) = (theme(looks, &client, &folder)?, keymap(looks, &folder)?);
    let shop = hall.shop();
    let (staff, register) = {
        let snapshot = shop.snapshot()?;
        (person(&snapshot, looks)?, register(&snapshot, looks)?)
    };
    let (waker, wakeups) = Waker::pipe()?;
    let for_facts = waker.clone();
    let _subscription = shop.subscribe(move || for_facts.wake());
    let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || waker.wake());
    let from = caller.hello.from.clone();
    let seat = Arc::new(hall.presence.enter(Some(staff), register, &from, shop.now_ms(), Arc::clone(&wake)));
    let setup = Setup {
        shop,
        path: hall.path.clone(),
        staff,
        register,
        theme,
        keymap,
        ascii: client.repertoire == Repertoire::Ascii,
        printer: looks.printer.as_ref().map(|printer| folder.join(printer)),
        folder,
        wake,
    };
    let mut running = Running { app: App::new(setup)? };
    let away = std::cell::RefCell::new(None);
    let left = caller.console(&mut running, &wakeups, &|| {
        for note in seat.notes() {
            if let Note::SentAway(why) = note {
                away.replace(Some(why));
            }
        }
        away.borrow().is_some()
    })?;
    if let Some(fault) = running.app.fault() {
        return Err(Trouble::Failed(fault.to_owned()));
    }
    match (left, away.into_inner()) {
        (Left::Sent, Some(why)) => Err(Trouble::Failed(why)),
        _ => Ok(()),
    }
}

/// Whether a subcommand may be run by a caller with this proof.
pub(super) fn allowed(_hall: &Hall, _work: &Work, proof: &Proof) -> Done {
    match proof {
        Proof::Owner => Ok(()),
        Proof::User(_) => Err(Trouble::Failed("this needs the owner of the shop file".to_owned())),
    }
}

fn theme(looks: &Looks, client: &Client, folder: &Path) -> Result<Theme, Trouble> {
    let Some(name) = &looks.theme else {
        let mono = client.depth == ColourDepth::Mono;
        return Ok(if mono { Theme::named("mono")? } else { Theme::standard() });
    };
    let path = folder.join(name);
    if Theme::names().any(|known| known == name) || !path.exists() {
        return Ok(Theme::named(name)?);
    }
    let text = std::fs::read_to_string(&path).map_err(|why| Trouble::Failed(format!("{name}: {why}")))?;
    Ok(Theme::parse(name, &text)?)
}

fn keymap(looks: &Looks, folder: &Path) -> Result<Keymap, Trouble> {
    let Some(path) = &looks.keymap else { return Ok(Keymap::default()) };
    let failed = |why: &dyn std::fmt::Display| Trouble::Failed(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(folder.join(path)).map_err(|why| failed(&why))?;
    Keymap::with(&text).map_err(|why| failed(&why))
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
