//! The way of an event: the top layer, then the screen, then what holds everywhere.

use super::leave::Leave;
use super::palette::Offer;
use super::{App, Wish, approval};
use crate::console::keymap::{Action, Context, Typing};
use crate::console::layer::list::{List, Purpose, Row};
use crate::console::layer::{Layer, Said};
use crate::console::screen::{Effect, Input};
use crate::console::theme::Theme;
use crate::console::widget::chrome::tab_places;
use crate::domain::{Note, Right};
use crate::unit::Text;
use crossterm::event::{Event, KeyCode, KeyEvent, MouseButton, MouseEvent, MouseEventKind};

impl App {
    /// Takes an event of the terminal.
    pub fn event(&mut self, event: Event) {
        match event {
            Event::Key(key) => self.key(key),
            Event::Paste(text) => match self.layers.last_mut() {
                Some(layer) => layer.paste(&text),
                None => self.run(Input::Paste(text)),
            },
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Resize(columns, rows) => self.resize(columns, rows),
            Event::FocusGained | Event::FocusLost => {}
        }
    }

    /// Something outside changed: facts were published, an answer is ready, a moment has passed.
    pub fn wake(&mut self) {
        if let Some(fault) = self.setup.shop.fault() {
            self.fail(&fault);
            return;
        }
        while let Ok((tab, came)) = self.answers.1.try_recv() {
            let effects = self.with_screen(tab, |screen, now| screen.update(came, now));
            for effect in effects.unwrap_or_default() {
                match effect {
                    // What a screen asks next is answered to it, whichever tab is open by now.
                    Effect::Ask(requests) => self.ask(tab, requests),
                    Effect::GiveUp(names) => self.underway.give_up(tab, &names),
                    // Whoever has gone elsewhere meanwhile is not taken away from there.
                    effect if tab == self.tab || crate::console::handed(&effect).is_none() => self.effect(effect),
                    _ => {}
                }
            }
        }
        self.hear_of_receipts();
        if self.toast.as_ref().is_some_and(|toast| toast.until_ms <= self.setup.shop.now_ms()) {
            self.toast = None;
        }
        if self.rests_at_ms.is_some_and(|at| at <= self.setup.shop.now_ms()) {
            self.rest();
        }
        if self.minute_ms <= self.setup.shop.now_ms() {
            self.minute_ms = self.next_minute_ms();
        }
        self.look_after_watched();
        let presence = self.setup.seat.presence().version();
        let moved = std::mem::replace(&mut self.presence, presence) != presence;
        if moved && self.screens.get(self.tab).is_some_and(|(name, _)| *name == "People") {
            self.refresh();
        }
        if self.setup.shop.published() != self.seen {
            self.leave_what_may_not_be_seen();
            self.refresh();
        }
    }

    fn key(&mut self, key: KeyEvent) {
        let covered = self.toast.take().is_some();
        if self.is_approval(key) && self.asked_words().is_some() && !covered {
            // The word that somebody waits for is given wherever one is, and only while it can be read.
            return self.approve();
        }
        if key.code == KeyCode::Esc && self.layers.is_empty() && !covered && self.put_away() {
            return;
        }
        if self.watching_key(key) {
            return;
        }
        if let Some(layer) = self.layers.last_mut() {
            let action = self.setup.keymap.action(&[Context::List], key, Typing::Text);
            let said = layer.key(key, action);
            self.said(said);
            return;
        }
        let contexts = self.contexts();
        let action = self.setup.keymap.action(&contexts, key, self.typing());
        if !action.is_some_and(Action::moves) && !matches!(key.code, KeyCode::Up | KeyCode::Down) {
            self.rest();
        }
        match action {
            Some(action) => self.act(action),
            None => self.run(Input::Key(key)),
        }
    }

    fn is_approval(&self, key: KeyEvent) -> bool {
        self.setup.keymap.action(&[Context::Global], key, Typing::No) == Some(Action::Approve)
    }

    /// Lets the screen show what waits until the mark rests, if anything does.
    fn rest(&mut self) {
        if self.rests_at_ms.take().is_some() {
            self.run(Input::Rested);
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        // A tab says itself why it stays shut.
        if let (Leave::None(right), false) = (self.leave_here(action), matches!(action, Action::Tab(_))) {
            return self.deny(right);
        }
        match action {
            Action::Tab(place) => self.go(usize::from(place) - 1),
            Action::NextTab => self.next_tab(1),
            Action::PreviousTab => self.next_tab(self.screens.len() - 1),
            Action::Palette => {
                let (list, offers) = self.key_list(Purpose::Palette);
                self.offers = offers;
                self.layers.push(Layer::List(Box::new(list)));
            }
            Action::Help => self.layers.push(Layer::List(Box::new(self.key_list(Purpose::Help).0))),
            Action::Themes => self.themes(),
            Action::Switch => self.switch(),
            Action::Approve => self.approve(),
            Action::Redraw => self.wishes.push(Wish::Redraw),
            Action::Suspend => self.wishes.push(Wish::Suspend),
            Action::Quit => self.wishes.push(Wish::Quit),
            action => match self.screen().unavailable(action) {
                Some(why) => {
                    self.say(sentence(why), true);
                    self.wishes.push(Wish::Bell);
                }
                None => {
                    let back = match action {
                        Action::Back if self.typing() == Typing::No => self.came_from.take(),
                        // Whoever looks for something else has arrived.
                        Action::Filter => self.came_from.take().and(None),
                        _ => None,
                    };
                    self.run(Input::Action(action));
                    if let Some(tab) = back {
                        self.go(tab);
                    }
                }
            },
        }
    }

    /// Says that something is not the person's to do, and keeps that they asked for it.
    fn deny(&mut self, right: Right) {
        self.record(Note::Refused { what: Text::lossy(right.words()) });
        self.say(format!("You may not {}.", right.words()), true);
        self.wishes.push(Wish::Bell);
    }

    /// The next tab in that direction that may be seen.
    fn next_tab(&mut self, by: usize) {
        let count = self.screens.len();
        let next = (1..count).map(|step| (self.tab + step * by) % count).find(|tab| self.may_see(*tab));
        if let Some(tab) = next {
            self.go(tab);
        }
    }

    fn said(&mut self, said: Said) {
        match said {
            Said::Taken => {}
            Said::Close => {
                if let Some(Layer::List(_)) = self.layers.pop() {
                    self.theme_as_chosen();
                }
                self.approval_given_up();
            }
            Said::Yes(name) => {
                self.layers.pop();
                self.run(Input::Yes(name));
            }
            Said::Filled(approval::NAME, values) => self.secret_given(&values),
            Said::Filled(name, values) => self.run(Input::Filled(name, values)),
            Said::Copy(text) => {
                self.wishes.push(Wish::Copy(text));
                self.say("Copied.".to_owned(), false);
            }
            Said::Marked(Purpose::Theme, row) => self.try_theme(row),
            Said::Marked(..) => {}
            Said::Chose(purpose, row) => {
                self.layers.pop();
                match purpose {
                    Purpose::Screen(name) => self.run(Input::Picked(name, row)),
                    Purpose::Palette => match std::mem::take(&mut self.offers).into_iter().nth(row) {
                        Some(Offer::Act(action)) => self.act(action),
                        Some(Offer::There(place, action, key)) => self.act_there(place, action, &key),
                        Some(Offer::Report(name)) => self.open_report(name),
                        None => {}
                    },
                    Purpose::Theme => {
                        self.try_theme(row);
                        self.chosen_theme = self.setup.theme.name().to_owned();
                    }
                    Purpose::Person => self.switch_to(row),
                    Purpose::Help => {}
                }
            }
        }
    }

    fn open_report(&mut self, name: String) {
        if let Some(place) = self.screens.iter().position(|(screen, _)| *screen == "Reports") {
            self.go(place);
            self.run(Input::OpenReport(name));
        }
    }

    fn themes(&mut self) {
        let rows = Theme::names().map(|name| Row {
            key: String::new(),
            words: name.to_owned(),
            note: String::new(),
            barred: false,
        });
        let at = Theme::names().position(|name| name == self.setup.theme.name()).unwrap_or(0);
        self.layers.push(Layer::List(Box::new(List::new(Purpose::Theme, "Theme", rows.collect()).at(at))));
    }

    /// Shows a theme at once; Esc goes back to the one before.
    fn try_theme(&mut self, row: usize) {
        if let Some(Ok(theme)) = Theme::names().nth(row).map(Theme::named) {
            self.setup.theme = theme;
        }
    }

    fn theme_as_chosen(&mut self) {
        if self.setup.theme.name() != self.chosen_theme
            && let Ok(theme) = Theme::named(&self.chosen_theme)
        {
            self.setup.theme = theme;
        }
    }

    /// Where people prove who they are they sign in; elsewhere a name is enough.
    fn switch(&mut self) {
        let asks = self.setup.shop.snapshot().is_ok_and(|snapshot| snapshot.directory().asks_for_secrets());
        if asks { self.wishes.push(Wish::SignOut) } else { self.people() }
    }

    fn people(&mut self) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let rows = snapshot.directory().staff.iter().map(|person| {
            let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
            let note = if person.disabled { "disabled".to_owned() } else { roles.join(", ") };
            Row { key: String::new(), words: person.name.to_string(), note, barred: person.disabled }
        });
        let rows = rows.collect();
        self.layers.push(Layer::List(Box::new(List::new(Purpose::Person, "Who works here now?", rows))));
    }

    fn switch_to(&mut self, row: usize) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        if let Some(person) = snapshot.directory().staff.get(row).filter(|person| person.id != self.actor.staff) {
            self.wishes.push(Wish::SitDown(person.id));
        }
    }

    fn mouse(&mut self, mouse: MouseEvent) {
        if !self.layers.is_empty() {
            return;
        }
        match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) if mouse.row == 0 => {
                let (tabs, names) = self.tabs();
                let open = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
                let places = tab_places(&names, open, self.size.0);
                let hit = |place: &Option<(u16, u16)>| place.is_some_and(|(x, to)| (x..to).contains(&mouse.column));
                if let Some(tab) = places.iter().position(hit).and_then(|at| tabs.get(at)) {
                    self.go(*tab);
                }
            }
            MouseEventKind::Down(MouseButton::Left) => self.run(Input::Click(mouse.column, mouse.row - 1)),
            MouseEventKind::ScrollUp => self.run(Input::Wheel(-3)),
            MouseEventKind::ScrollDown => self.run(Input::Wheel(3)),
            _ => {}
        }
    }
}

/// A reason as a sentence of its own.
fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
    let end = if why.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{end}", letters.as_str())
}
