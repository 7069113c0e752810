//! The console as a whole: who works where, the tabs, what lies on top, and the way of every event to the right place.
//!
//! The top layer gets a key first, then the screen, then what holds everywhere. Effects are carried out after each event.

mod about;
mod approval;
mod aside;
mod draw;
mod effects;
mod events;
mod leave;
mod notices;
mod palette;
mod tries;
mod watching;

use super::keymap::{Context, Keymap, Typing};
use super::layer::Layer;
use super::rights;
use super::screen::{Effect, Input, Now, Screen};
use super::theme::Theme;
use crate::domain::Right;
use crate::domain::command::Actor;
use crate::engine::Shop;
use crate::engine::presence::{Seat, Signal};
use crate::engine::signin::Gate;
use crate::report;
use crate::store::Fault;
use crate::unit::{RegisterId, Seq, StaffId, Stamp, Zone};
use approval::{Pending, Wanted};
pub use aside::Questions;
#[cfg(test)]
pub(super) use leave::Leave;
use notices::Pinned;
use palette::Offer;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::channel;
use watching::Watched;

/// What the console is started with.
#[derive(Clone)]
pub struct Setup {
    /// The shop.
    pub shop: Shop,
    /// Answers that are kept of it, shared by all sessions.
    pub kept: Arc<report::Answers>,
    /// Where the questions of all sessions wait for their answers.
    pub questions: Arc<Questions>,
    /// The shop's file, for drafts beside it.
    pub path: PathBuf,
    /// Who works.
    pub staff: StaffId,
    /// At which register.
    pub register: RegisterId,
    /// The theme.
    pub theme: Theme,
    /// The keys.
    pub keymap: Keymap,
    /// Whether the terminal shows ASCII only.
    pub ascii: bool,
    /// Where receipts are printed: a device or a file that bytes are added to.
    pub printer: Option<PathBuf>,
    /// The folder the person started in: files are written there. `None` for one who comes from elsewhere, whose files
    /// are not on this machine.
    pub folder: Option<PathBuf>,
    /// Checks secrets.
    pub gate: Gate,
    /// This session's place among the others.
    pub seat: Arc<Seat>,
    /// Called from other threads when an answer is ready or facts were published.
    pub wake: Arc<dyn Fn() + Send + Sync>,
}

/// What the terminal is asked for besides cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Sound the bell.
    Bell,
    /// Put text on the clipboard.
    Copy(String),
    /// Draw everything anew.
    Redraw,
    /// Somebody else wants to work here.
    SignOut,
    /// Another person works here from now on.
    SitDown(StaffId),
    /// Leave to the shell for a while.
    Suspend,
    /// End.
    Quit,
}

/// A message that goes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    words: String,
    is_refusal: bool,
    until_ms: i64,
}

/// What comes from a worker, answers or that they were given up, and for which tab.
type Answered = (usize, Input);

/// The console.
pub struct App {
    setup: Setup,
    actor: Actor,
    screens: Vec<(&'static str, Box<dyn Screen>)>,
    tab: usize,
    layers: Vec<Layer>,
    /// What the rows of the open palette do: taken when it opens, since what there is may change underneath.
    offers: Vec<Offer>,
    toast: Option<Toast>,
    /// What others said and has not been put away, the oldest first.
    messages: Vec<String>,
    /// What a screen says for as long as it is true.
    pinned: Option<Pinned>,
    wishes: Vec<Wish>,
    size: (u16, u16),
    seen: Seq,
    /// Unix milliseconds at which the mark rests, while a screen waits for it.
    rests_at_ms: Option<i64>,
    /// Unix milliseconds at which the clock moves on.
    minute_ms: i64,
    fault: Option<String>,
    chosen_theme: String,
    answers: aside::Answers,
    /// The questions that answers are on their way to.
    pub(super) underway: aside::Underway,
    /// The printer, once something was printed.
    printing: Option<aside::Printing>,
    /// What waits for a supervisor's word.
    pending: Option<Pending>,
    /// Acts of others that wait for this person's word, the longest first.
    asked: Vec<Wanted>,
    /// The session that is watched.
    watched: Option<Watched>,
    /// The tab whose figure was opened: Esc goes back there.
    came_from: Option<usize>,
    /// How many comings and goings have been shown.
    presence: u64,
}

impl App {
    /// The console at work.
    ///
    /// # Errors
    /// When the shop cannot be read, or the person or register is not there.
    pub fn new(setup: Setup) -> Result<App, Fault> {
        let actor = Actor { staff: setup.staff, register: setup.register };
        let snapshot = setup.shop.snapshot()?;
        let known = snapshot.directory().person(actor.staff).is_some()
            && snapshot.directory().register(actor.register).is_some();
        if snapshot.directory().settings.is_none() || !known {
            return Err(Fault::NotAShop { path: setup.path.display().to_string() });
        }
        drop(snapshot);
        let screens = super::screens(&setup.path, actor.register, actor.staff);
        let mut app = App {
            actor,
            screens,
            tab: 0,
            layers: Vec::new(),
            offers: Vec::new(),
            toast: None,
            messages: Vec::new(),
            pinned: None,
            wishes: Vec::new(),
            size: (80, 24),
            seen: Seq(0),
            rests_at_ms: None,
            minute_ms: 0,
            fault: None,
            answers: channel(),
            underway: aside::Underway::default(),
            printing: None,
            pending: None,
            asked: Vec::new(),
            watched: None,
            came_from: None,
            presence: 0,
            chosen_theme: setup.theme.name().to_owned(),
            setup,
        };
        app.tab = (0..app.screens.len()).find(|tab| app.may_see(*tab)).unwrap_or(0);
        app.refresh();
        Ok(app)
    }

    /// The terminal has this many columns and rows.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
        self.refresh();
    }

    /// Who works here.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// What the terminal is asked for, handed over once.
    pub fn take_wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.wishes)
    }

    /// Why the console cannot go on, if it cannot: shown once it has left the terminal.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Unix milliseconds at which something changes by itself: a message goes, the clock moves on.
    pub fn deadline_ms(&self) -> i64 {
        let toast = self.toast.as_ref().map(|toast| toast.until_ms);
        [toast, self.rests_at_ms].into_iter().flatten().fold(self.minute_ms, i64::min)
    }

    /// The moment after now at which the clock shows another minute.
    fn next_minute_ms(&self) -> i64 {
        // Not all sessions of a shop draw their clocks in the same moment.
        let own = (self.setup.seat.session() * 37 % 1_000) as i64;
        let now = self.setup.shop.now_ms() - own;
        now - now.rem_euclid(60_000) + 60_000 + own
    }

    /// The shop's clock, Unix milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.setup.shop.now_ms()
    }

    fn screen(&self) -> &dyn Screen {
        &*self.screens[self.tab].1
    }

    /// Calls `work` with the open screen and the shop as it is now.
    fn with_now<T>(&mut self, work: impl FnOnce(&mut dyn Screen, &Now<'_>) -> T) -> Option<T> {
        let tab = self.tab;
        self.with_screen(tab, work)
    }

    fn with_screen<T>(&mut self, tab: usize, work: impl FnOnce(&mut dyn Screen, &Now<'_>) -> T) -> Option<T> {
        let snapshot = match self.setup.shop.snapshot() {
            Ok(snapshot) => snapshot,
            Err(fault) => {
                self.fail(&fault);
                return None;
            }
        };
        let directory = Arc::clone(snapshot.directory());
        let person = directory.person(self.actor.staff)?;
        let register = directory.register(self.actor.register)?;
        let store = directory.store(register.store)?;
        let settings = directory.settings.as_ref()?;
        let zone = directory.zone(store.id);
        let at = stamp(&self.setup.shop, &zone);
        let size = (self.size.0, self.size.1.saturating_sub(2));
        let now = Now {
            shop: &snapshot,
            settings,
            actor: self.actor,
            person,
            register,
            store,
            zone,
            at,
            today: at.day(),
            fresh_id: self.setup.shop.new_id(),
            seat: &self.setup.seat,
            gate: &self.setup.gate,
            size,
        };
        let (_, screen) = self.screens.get_mut(tab)?;
        Some(work(&mut **screen, &now))
    }

    /// Loads again what the open screen shows.
    fn refresh(&mut self) {
        self.seen = self.setup.shop.published();
        if let Some(effects) = self.with_now(|screen, now| screen.refresh(now)) {
            self.carry_out(effects);
        }
    }

    fn go(&mut self, tab: usize) {
        if tab >= self.screens.len() || tab == self.tab {
            return;
        }
        if self.may_see(tab) {
            // Nobody waits there any more; whoever comes back is answered anew.
            self.underway.leave(self.tab);
            self.tab = tab;
            self.came_from = None;
            // What a screen shows is loaded when it is opened again.
            self.rests_at_ms = None;
            self.refresh();
        } else {
            let what = self.screens.get(tab).map_or("do this", |(name, _)| rights::to_see(name).words());
            self.say(format!("You may not {what}."), true);
            self.wishes.push(Wish::Bell);
        }
    }

    /// Whether the person may see a tab, with the roles they have now.
    fn may_see(&self, tab: usize) -> bool {
        self.tabs().0.contains(&tab)
    }

    /// The tabs that the person may see, with the roles they have now: their places, and their names.
    fn tabs(&self) -> (Vec<usize>, Vec<&'static str>) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return Default::default() };
        let Some(person) = snapshot.directory().person(self.actor.staff) else { return Default::default() };
        let names = self.screens.iter().map(|(name, _)| *name).enumerate();
        names.filter(|(_, name)| person.may(rights::to_see(name))).unzip()
    }

    /// Leaves a tab that may not be seen any more.
    fn leave_what_may_not_be_seen(&mut self) {
        if !self.may_see(self.tab)
            && let Some(tab) = (0..self.screens.len()).find(|tab| self.may_see(*tab))
        {
            self.layers.clear();
            self.go(tab);
        }
    }

    fn fail(&mut self, fault: &Fault) {
        self.fault = Some(fault.to_string());
        self.wishes.push(Wish::Quit);
    }

    fn contexts(&self) -> Vec<Context> {
        let mut contexts = self.screen().contexts().to_vec();
        contexts.push(Context::Global);
        contexts
    }

    fn typing(&self) -> Typing {
        self.screen().typing()
    }

    fn say(&mut self, words: String, is_refusal: bool) {
        let stays = if is_refusal { 6_000 } else { 3_500 };
        self.toast = Some(Toast { words, is_refusal, until_ms: self.setup.shop.now_ms() + stays });
    }

    /// Whether who works here may do so now.
    fn may(&self, right: Right) -> bool {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return false };
        snapshot.directory().person(self.actor.staff).is_some_and(|person| person.may(right))
    }

    /// Takes what came from another session.
    pub fn hear(&mut self, signal: &Signal) {
        match signal {
            Signal::Message(from, words) => {
                let snapshot = self.setup.shop.snapshot().ok();
                let name = snapshot.and_then(|snapshot| Some(snapshot.directory().person(*from)?.name.to_string()));
                self.notify(format!("{}: {words}", name.unwrap_or_default()));
            }
            Signal::Approval(session, id, words) => self.asked_for_approval(*session, *id, words),
            Signal::Approved(id, by) if self.pending.as_ref().is_some_and(|pending| pending.id() == *id) => {
                self.approved(*by);
            }
            Signal::Declined(id, by) if self.pending.as_ref().is_some_and(|pending| pending.id() == *id) => {
                self.declined(*by);
            }
            // It was carried out or given up meanwhile.
            Signal::Approved(..) | Signal::Declined(..) => {}
            Signal::Settled(id) => self.settled(*id),
            Signal::TakenOver => {
                // The basket is the first screen's, whichever is open.
                if let Some(effects) = self.with_screen(0, |sale, now| sale.update(Input::TakenOver, now)) {
                    self.carry_out(effects);
                }
            }
            // Ends the session elsewhere.
            Signal::SentAway(_) | Signal::SignedOut(_) => {}
        }
    }

    fn run(&mut self, input: super::screen::Input) {
        if let Some(effects) = self.with_now(|screen, now| screen.update(input, now)) {
            self.carry_out(effects);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.effect(effect);
        }
    }
}

fn stamp(shop: &Shop, zone: &Zone) -> Stamp {
    let now = shop.now_ms();
    Stamp::at(now - now.rem_euclid(1_000), zone)
}
