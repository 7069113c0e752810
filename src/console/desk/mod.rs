//! One session of the console: who sits at it, from signing in to leaving.
//!
//! Where nobody in the shop has a secret, a name is enough. Where somebody has, whoever comes proves who they are, unless
//! the way in has proved it; after a pause they prove it again, and the basket waits for them. Roles are looked at with
//! every command, so that a person disabled in the middle of a session is so at once.

mod place;
mod shown;
mod signin;
#[cfg(test)]
mod tests;

use super::app::Wish;
use super::{App, Setup};
use crate::domain::command::{Actor, Command};
use crate::domain::{self, Request, Right};
use crate::engine::Snapshot;
use crate::engine::presence::{Shown, Signal};
use crate::engine::signin::{Asked, Denied};
use crate::store::Fault;
use crate::unit::{RegisterId, StaffId, Text};
use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use shown::lines;
use signin::{SignIn, Step};

/// Without a key for so long, whoever sits here proves again who they are.
const PAUSE_MS: i64 = 10 * 60_000;

/// What somebody is told who may not work here from now on.
const DISABLED: &str = "You cannot work here any more. What you had in hand is kept.";

/// Who comes, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Guest {
    /// The person that the way in has proved.
    pub proven: Option<StaffId>,
    /// Whether they are asked for their secret all the same, where they have one.
    pub asks_too: bool,
    /// The fingerprint of the SSH key they were proved by: the session lasts as long as it opens the door.
    pub key: Option<String>,
    /// The name they say is theirs.
    pub named: Option<String>,
    /// The register they want, by number.
    pub register: Option<RegisterId>,
    /// Where they come from; empty on the same machine.
    pub from: String,
}

/// Who sits at the terminal.
enum Sitting {
    /// Nobody yet.
    Nobody(SignIn),
    /// Somebody at work.
    Somebody(Box<App>),
    /// Somebody who has to prove again who they are; their work waits.
    Away(Box<App>, SignIn),
}

/// One session of the console.
pub struct Desk {
    setup: Setup,
    guest: Guest,
    sitting: Sitting,
    size: (u16, u16),
    last_key_ms: i64,
    wishes: Vec<Wish>,
    sent_away: Option<String>,
}

impl Desk {
    /// A session at its beginning. `setup` says whose it would be where no secret is asked for.
    ///
    /// # Errors
    /// When the shop cannot be read.
    pub fn new(setup: Setup, guest: Guest) -> Result<Desk, Fault> {
        let mut desk = Desk {
            last_key_ms: setup.shop.now_ms(),
            sitting: Sitting::Nobody(SignIn::new("", guest.named.as_deref().unwrap_or_default())),
            setup,
            guest,
            size: (80, 24),
            wishes: Vec::new(),
            sent_away: None,
        };
        let snapshot = desk.setup.shop.snapshot()?;
        let asks = snapshot.directory().asks_for_secrets();
        let has_secret = |person: &StaffId| {
            snapshot.directory().credentials(*person).is_some_and(|credentials| credentials.has_secret())
        };
        let proven = desk.guest.proven.filter(|person| !(desk.guest.asks_too && has_secret(person)));
        let named = desk.guest.proven.and_then(|person| Some(snapshot.directory().person(person)?.name.to_string()));
        let named = named.or_else(|| desk.guest.named.clone()).unwrap_or_default();
        let shop = snapshot.directory().settings.as_ref().map(|settings| settings.name.to_string());
        let mut signin = SignIn::new(&shop.unwrap_or_default(), &named);
        if let Some(waits) = desk.setup.gate.waits(snapshot.directory(), &named) {
            signin.say(&waits.to_string());
        }
        desk.sitting = Sitting::Nobody(signin);
        drop(snapshot);
        match proven {
            Some(person) => desk.sit(person)?,
            None if desk.guest.proven.is_none() && !asks => desk.sit(desk.setup.staff)?,
            None => {}
        }
        Ok(desk)
    }

    /// Somebody sits down: the console opens with what they left.
    fn sit(&mut self, staff: StaffId) -> Result<(), Fault> {
        let register = self.register_for(&self.setup.shop.snapshot()?, staff);
        self.sit_at(register, staff)
    }

    fn sit_at(&mut self, register: RegisterId, staff: StaffId) -> Result<(), Fault> {
        let seat = &self.setup.seat;
        for other in seat.presence().all() {
            if other.session != seat.session() && other.staff == Some(staff) && other.register == register {
                seat.presence().tell(other.session, Signal::TakenOver);
            }
        }
        seat.sit(Some(staff), register);
        (self.setup.staff, self.setup.register) = (staff, register);
        let mut app = App::new(self.setup.clone())?;
        app.resize(self.size.0, self.size.1);
        for said in [self.left_elsewhere(staff, register), self.put_elsewhere(register)].into_iter().flatten() {
            app.notify(said);
        }
        self.last_key_ms = self.setup.shop.now_ms();
        self.sitting = Sitting::Somebody(Box::new(app));
        self.record(domain::Note::SignedIn { from: Text::lossy(&self.guest.from) });
        Ok(())
    }

    fn record(&self, note: domain::Note) {
        let actor = Actor { staff: self.setup.staff, register: self.setup.register };
        let request = Request { id: self.setup.shop.new_id(), actor, command: Command::Note(note) };
        // A shop that has stopped says so at the next thing anybody does.
        let _ = self.setup.shop.execute(request);
    }

    /// The terminal has this many columns and rows.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        if let Some(app) = self.app() {
            app.resize(columns, rows);
        }
    }

    /// Takes an event of the terminal.
    pub fn event(&mut self, event: Event) {
        self.last_key_ms = self.setup.shop.now_ms();
        match &mut self.sitting {
            Sitting::Somebody(app) => app.event(event),
            Sitting::Nobody(signin) | Sitting::Away(_, signin) => match signin.event(&event) {
                Step::Typing => {}
                Step::Quit => self.wishes.push(Wish::Quit),
                Step::Given(name, secret) => self.given(&name, &secret),
            },
        }
        self.after();
    }

    /// Something outside changed: facts were published, a word came from another session, a moment has passed.
    pub fn wake(&mut self) {
        for signal in self.setup.seat.signals() {
            let asks = self.asks_for_secrets();
            match (signal, self.app()) {
                // A counter is not left at the machine's own shell; where nobody is asked who they are, there is no other way.
                (Signal::SignedOut(why), Some(_)) if asks => self.leave(&why),
                (Signal::SentAway(why) | Signal::SignedOut(why), _) => {
                    self.sent_away = Some(why);
                    self.wishes.push(Wish::Quit);
                }
                (signal, Some(app)) => app.hear(&signal),
                (_, None) => {}
            }
        }
        if let Some(app) = self.app() {
            app.wake();
        }
        self.check_key();
        self.check_person();
        self.after();
    }

    /// A key that was taken away, or whose owner works here no more, ends the session it opened.
    fn check_key(&mut self) {
        let (Some(key), Some(person)) = (&self.guest.key, self.guest.proven) else { return };
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let directory = snapshot.directory();
        if !directory.opens(key, person) && self.sent_away.is_none() {
            let disabled = directory.person(person).is_none_or(|person| person.disabled);
            let why = if disabled { DISABLED } else { "Your key was taken away. What you had in hand is kept." };
            self.sent_away = Some(why.to_owned());
            self.wishes.push(Wish::Quit);
        }
    }

    fn asks_for_secrets(&self) -> bool {
        self.setup.shop.snapshot().is_ok_and(|snapshot| snapshot.directory().asks_for_secrets())
    }

    /// Whoever may not work here any more leaves at once; after a pause whoever sits here proves who they are.
    fn check_person(&mut self) {
        let Sitting::Somebody(app) = &self.sitting else { return };
        let actor = app.actor();
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let directory = snapshot.directory();
        let disabled = directory.person(actor.staff).is_none_or(|person| person.disabled);
        let paused = directory.asks_for_secrets()
            && directory.credentials(actor.staff).is_some_and(|credentials| credentials.has_secret())
            && self.setup.shop.now_ms() - self.last_key_ms >= PAUSE_MS;
        let name = directory.person(actor.staff).map(|person| person.name.to_string()).unwrap_or_default();
        if disabled {
            self.leave(DISABLED);
        } else if paused {
            let signin = SignIn::new("Go on where you were, or sign in as somebody else.", &name);
            let sitting = std::mem::replace(&mut self.sitting, Sitting::Nobody(SignIn::new("", "")));
            if let Sitting::Somebody(app) = sitting {
                self.sitting = Sitting::Away(app, signin);
            }
        }
    }

    /// What the console wished that is for the desk to do.
    fn after(&mut self) {
        let Some(app) = self.app() else { return };
        let wishes = app.take_wishes();
        for wish in wishes {
            match wish {
                Wish::SignOut => self.leave(""),
                Wish::SitDown(staff) => self.change_places(staff),
                wish => self.wishes.push(wish),
            }
        }
    }

    /// Another person works here from now on; what the one before had in hand is kept for them.
    fn change_places(&mut self, staff: StaffId) {
        self.record(domain::Note::SignedOut { from: Text::lossy(&self.guest.from) });
        if let Err(fault) = self.sit_at(self.setup.register, staff) {
            self.leave(&fault.to_string());
        }
    }

    fn leave(&mut self, why: &str) {
        self.record(domain::Note::SignedOut { from: Text::lossy(&self.guest.from) });
        self.setup.seat.sit(None, self.setup.register);
        let mut signin = SignIn::new("Who works here now?", "");
        signin.say(why);
        self.sitting = Sitting::Nobody(signin);
    }

    /// A name and a secret were typed.
    fn given(&mut self, name: &str, secret: &str) {
        let checked = self.check(name, secret);
        let (sitting, away) = match std::mem::replace(&mut self.sitting, Sitting::Nobody(SignIn::new("", ""))) {
            Sitting::Away(app, signin) => (signin, Some(app)),
            Sitting::Nobody(signin) => (signin, None),
            somebody @ Sitting::Somebody(_) => {
                self.sitting = somebody;
                return;
            }
        };
        let same = away.as_ref().is_some_and(|app| checked == Ok(app.actor().staff));
        let mut signin = sitting;
        match (checked, away) {
            (Ok(_), Some(mut app)) if same => {
                app.resize(self.size.0, self.size.1);
                self.sitting = Sitting::Somebody(app);
                self.wishes.push(Wish::Redraw);
            }
            (Ok(person), _) => {
                self.sitting = Sitting::Nobody(signin);
                if let Err(fault) = self.sit(person) {
                    self.sent_away = Some(fault.to_string());
                    self.wishes.push(Wish::Quit);
                }
            }
            (Err(denied), away) => {
                signin.say(&denied.to_string());
                self.wishes.push(Wish::Bell);
                self.sitting = match away {
                    Some(app) => Sitting::Away(app, signin),
                    None => Sitting::Nobody(signin),
                };
            }
        }
    }

    /// Checks a secret, and keeps that a wrong one was given for somebody.
    fn check(&self, name: &str, secret: &str) -> Result<StaffId, Denied> {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return Err(Denied::Wrong) };
        let directory = snapshot.directory();
        let asked = if matches!(self.sitting, Sitting::Away(..)) { Asked::Again } else { Asked::SignIn };
        let checked = self.setup.gate.check(directory, name, secret, asked);
        if let Err(denied) = &checked {
            self.setup.keep_failed(directory, name, denied);
        }
        checked
    }

    fn app(&mut self) -> Option<&mut App> {
        match &mut self.sitting {
            Sitting::Somebody(app) | Sitting::Away(app, _) => Some(app),
            Sitting::Nobody(_) => None,
        }
    }

    /// Draws everything; where the cursor is, if it is to be seen.
    pub fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        let cursor = match &self.sitting {
            Sitting::Somebody(app) => app.draw(buffer),
            Sitting::Nobody(signin) | Sitting::Away(_, signin) => {
                signin.draw(&self.setup.theme, self.setup.ascii, buffer)
            }
        };
        if self.setup.seat.is_watched() {
            let cursor = cursor.map(|at| (at.x, at.y));
            self.setup.seat.show(Shown { lines: lines(buffer), cursor });
        }
        cursor
    }

    /// Unix milliseconds at which something changes by itself.
    pub fn deadline_ms(&self) -> i64 {
        match &self.sitting {
            Sitting::Somebody(app) => app.deadline_ms().min(self.last_key_ms + PAUSE_MS).max(self.now_ms()),
            Sitting::Nobody(_) | Sitting::Away(..) => i64::MAX,
        }
    }

    /// The shop's clock, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.setup.shop.now_ms()
    }

    /// What the terminal is asked for, handed over once.
    pub fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// Why the session ended, if not by the person's own wish.
    pub fn why_over(&self) -> Option<&str> {
        let fault = match &self.sitting {
            Sitting::Somebody(app) | Sitting::Away(app, _) => app.fault(),
            Sitting::Nobody(_) => None,
        };
        fault.or(self.sent_away.as_deref())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if matches!(self.sitting, Sitting::Somebody(_) | Sitting::Away(..)) {
            self.record(domain::Note::SignedOut { from: Text::lossy(&self.guest.from) });
        }
    }
}

/// Whose console it is where nobody has to prove anything: the one named, else the first who may sell, else anybody.
pub fn first_person(snapshot: &Snapshot, named: Option<&str>) -> Option<StaffId> {
    let mut staff = snapshot.directory().staff.iter().filter(|person| !person.disabled);
    let found = match named {
        Some(name) => staff.find(|person| *person.ext == *name || *person.name == *name),
        None => staff.clone().find(|person| person.may(Right::Sell)).or_else(|| staff.next()),
    };
    found.map(|person| person.id)
}
