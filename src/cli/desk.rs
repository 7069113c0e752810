//! A console served to a caller: who works there, at which register, in which looks.

use super::hall::Hall;
use super::looks::Looks;
use super::place::Place;
use super::proof::{Proof, user_name};
use super::serving::Serving;
use super::{Done, Trouble, Work};
use crate::console::app::Wish;
use crate::console::desk::first_person;
use crate::console::keymap::Keymap;
use crate::console::theme::Theme;
use crate::console::{Desk, Guest, Setup};
use crate::domain::Right;
use crate::engine::Snapshot;
use crate::report::registers_called;
use crate::session::{Caller, Client, ColourDepth, Out, Program, Repertoire, Waker};
use crate::unit::StaffId;
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Serves a console until its caller leaves or is sent away.
pub(super) fn serve(hall: &Arc<Hall>, caller: &mut Caller, looks: &Looks, proof: &Proof) -> Done {
    let client = caller.hello.screen.as_ref().map(|screen| screen.client.clone()).unwrap_or_default();
    client.need_cursor()?;
    // Files of this machine are read and written for its owner only: everyone else has their own elsewhere.
    let folder = proof.is_owner().then(|| caller.hello.folder.clone());
    if folder.is_none() && (looks.keymap.is_some() || looks.printer.is_some()) {
        return Err(Trouble::Usage(
            "--keymap and --printer name files of the shop's machine: use them there".to_owned(),
        ));
    }
    let (theme, keymap) = (theme(looks, &client, folder.as_deref())?, keymap(looks, folder.as_deref())?);
    let Serving { shop, kept, questions } = hall.serving();
    let snapshot = shop.snapshot()?;
    let guest = guest(&snapshot, looks, proof, &caller.hello.from)?;
    let whom = || looks.person.clone().unwrap_or_else(|| "who may work here".to_owned());
    // Where a secret is asked for, a name that nobody has is asked for one like any other.
    let named = guest.named.as_deref().filter(|_| !snapshot.directory().asks_for_secrets());
    let staff = first_person(&snapshot, named)
        .ok_or_else(|| Trouble::Failed(format!("there is nobody {}; see: till user list", whom())))?;
    let register = guest.register.or_else(|| Some(snapshot.directory().registers.first()?.id));
    let register = register.ok_or_else(|| Trouble::Failed("there is no register".to_owned()))?;
    drop(snapshot);
    let (waker, wakeups) = Waker::pipe()?;
    let for_facts = waker.clone();
    let _subscription = shop.subscribe(move || for_facts.wake());
    let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || waker.wake());
    let seat = Arc::new(hall.presence.enter(None, register, &guest.from, shop.now_ms(), Arc::clone(&wake)));
    let setup = Setup {
        shop,
        kept,
        questions,
        path: hall.path.clone(),
        staff,
        register,
        theme,
        keymap,
        ascii: client.repertoire == Repertoire::Ascii,
        printer: looks.printer.as_ref().zip(folder.as_ref()).map(|(printer, folder)| folder.join(printer)),
        folder,
        gate: hall.gate.clone(),
        seat,
        wake,
    };
    let mut running = Running { desk: Desk::new(setup, guest)? };
    caller.console(&mut running, &wakeups)?;
    match running.desk.why_over() {
        Some(why) => Err(Trouble::Failed(why.to_owned())),
        None => Ok(()),
    }
}

/// Who comes. A user of this machine whose name is somebody's here is that person.
fn guest(snapshot: &Snapshot, looks: &Looks, proof: &Proof, from: &str) -> Result<Guest, Trouble> {
    let directory = snapshot.directory();
    let proven = person_of(snapshot, proof);
    if proven.is_none() && !proof.is_owner() && !directory.asks_for_secrets() {
        return Err(Trouble::Failed("you are nobody who works here; ask an administrator to add you".to_owned()));
    }
    let register = match &looks.register {
        None => None,
        Some(name) => {
            // What it is called comes before the number on its receipts.
            let called = registers_called(directory, name).first().copied();
            let numbered = || directory.registers.iter().find(|register| register.id.0.to_string() == *name);
            let found = called.or_else(|| numbered().map(|register| register.id));
            Some(found.ok_or_else(|| Trouble::Failed("there is no such register".to_owned()))?)
        }
    };
    // Whoever comes from elsewhere by a key alone is asked for a secret too, where they have one.
    let key = match proof {
        Proof::Person(_, fingerprint) => Some(fingerprint.clone()),
        Proof::Owner(_) | Proof::User(_) => None,
    };
    let asks_too = key.is_some();
    Ok(Guest { proven, asks_too, key, named: looks.person.clone(), register, from: from.to_owned() })
}

/// On whose behalf a subcommand is run; `None`: of whoever owns the shop file, who may do everything.
///
/// # Errors
/// `Failed` for one who may not run it: what may be read is the person's to read, and files of this machine are nobody's
/// who comes from elsewhere.
pub(super) fn on_behalf(hall: &Hall, work: &Work, proof: &Proof, from: &str) -> Result<Option<StaffId>, Trouble> {
    if proof.is_owner() {
        return Ok(None);
    }
    let shop = hall.shop();
    let snapshot = shop.snapshot()?;
    let unknown = || Trouble::Failed("you are nobody who works here; ask an administrator to add you".to_owned());
    let person = person_of(&snapshot, proof).and_then(|person| snapshot.directory().person(person));
    let person = person.ok_or_else(unknown)?;
    let right = right_for(work)
        .ok_or_else(|| Trouble::Failed("files of the shop's machine are its owner's: run this there".to_owned()))?;
    if !person.may(right) {
        let place = Place::running(&hall.path, hall.serving(), Some(person.id), proof.origin(from));
        place.refused(&shop, right.words())?;
        return Err(Trouble::Failed(format!("You may not {}.", right.words())));
    }
    Ok(Some(person.id))
}

/// What one must be allowed to do to have a subcommand run; `None`: it is for the owner of the shop file alone.
pub(super) fn right_for(work: &Work) -> Option<Right> {
    Some(match work {
        Work::Report(report) if report.is_of_the_audit() => Right::Oversee,
        Work::Report(_) => Right::Report,
        Work::Receipt(_) => Right::ReadOrders,
        Work::Check(_) => Right::Oversee,
        Work::Settings(_) => Right::Settings,
        Work::User(_) => Right::People,
        Work::Import(_) | Work::Export(_) | Work::Backup(_) => return None,
    })
}

/// Whether whoever had a subcommand begun may still have it: nobody has lost a role or a key meanwhile.
pub(super) fn may_still(hall: &Hall, proof: &Proof, right: Option<Right>) -> bool {
    if proof.is_owner() {
        return true;
    }
    let Ok(snapshot) = hall.shop().snapshot() else { return false };
    let directory = snapshot.directory();
    let Some(person) = person_of(&snapshot, proof).and_then(|id| directory.person(id)) else { return false };
    let opens = match proof {
        Proof::Person(id, key) => directory.opens(key, *id),
        Proof::Owner(_) | Proof::User(_) => true,
    };
    opens && right.is_some_and(|right| person.may(right))
}

fn person_of(snapshot: &Snapshot, proof: &Proof) -> Option<StaffId> {
    match proof {
        Proof::Owner(_) => None,
        Proof::User(user) => {
            let name = user_name(*user)?;
            let mut staff = snapshot.directory().staff.iter().filter(|person| !person.disabled);
            staff.find(|person| *person.ext == *name).map(|person| person.id)
        }
        Proof::Person(person, _) => Some(*person),
    }
}

fn theme(looks: &Looks, client: &Client, folder: Option<&Path>) -> Result<Theme, Trouble> {
    let Some(name) = &looks.theme else {
        let mono = client.depth == ColourDepth::Mono;
        return Ok(if mono { Theme::named("mono")? } else { Theme::standard() });
    };
    let path = folder.map(|folder| folder.join(name)).filter(|path| path.exists());
    let (None, Some(path)) = (Theme::names().find(|known| known == name), path) else {
        return Ok(Theme::named(name)?);
    };
    let text = std::fs::read_to_string(&path).map_err(|why| Trouble::Failed(format!("{name}: {why}")))?;
    Ok(Theme::parse(name, &text)?)
}

fn keymap(looks: &Looks, folder: Option<&Path>) -> Result<Keymap, Trouble> {
    let (Some(path), Some(folder)) = (&looks.keymap, folder) else { return Ok(Keymap::default()) };
    let failed = |why: &dyn std::fmt::Display| Trouble::Failed(format!("{}: {why}", path.display()));
    let text = std::fs::read_to_string(folder.join(path)).map_err(|why| failed(&why))?;
    Keymap::with(&text).map_err(|why| failed(&why))
}

/// The console as a session runs it.
struct Running {
    desk: Desk,
}

impl Program for Running {
    fn resize(&mut self, columns: u16, rows: u16) {
        self.desk.resize(columns, rows);
    }

    fn event(&mut self, event: Event) {
        self.desk.event(event);
    }

    fn wake(&mut self) {
        self.desk.wake();
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        self.desk.draw(buffer)
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        let wait = self.desk.deadline_ms().saturating_sub(self.desk.now_ms()).min(i64::from(u32::MAX));
        Some(now + Duration::from_millis(wait.max(0) as u64))
    }

    fn take_output(&mut self) -> Vec<Out> {
        let wishes = self.desk.take_wishes().into_iter();
        wishes
            .map(|wish| match wish {
                Wish::Bell => Out::Bell,
                Wish::Copy(text) => Out::Clipboard(text),
                Wish::Redraw => Out::Redraw,
                Wish::Suspend => Out::Suspend,
                Wish::Quit | Wish::SignOut | Wish::SitDown(_) => Out::Quit,
            })
            .collect()
    }
}

#[cfg(test)]
#[path = "desk_tests.rs"]
mod tests;
