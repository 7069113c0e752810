//! Input to the People screen.

use super::forms;
use super::state::{People, Row};
use crate::console::handed_out;
use crate::console::keymap::Action;
use crate::console::screen::{Effect, Input, Now};
use crate::domain::command::Command;
use crate::domain::{Credentials, Note, Right};
use crate::engine::presence::Signal;
use crate::report::Request;
use crate::unit::StaffId;
use crossterm::event::KeyCode;

/// Acts shown of one person.
const ACTS: usize = 200;

impl People {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Key(key) if self.filtering => {
                match key.code {
                    KeyCode::Up if self.field.bring_back() => {}
                    KeyCode::Up | KeyCode::Down => self.filtering = false,
                    _ => {
                        self.field.key(key);
                    }
                }
                Vec::new()
            }
            Input::Paste(text) if self.filtering => {
                self.field.paste(&text);
                Vec::new()
            }
            Input::Action(action) => self.act(action, now),
            Input::Wheel(rows) => {
                self.cursor.step(i64::from(rows), self.rows.len(), self.fit);
                Vec::new()
            }
            Input::Click(_, y) if y >= 2 => {
                self.cursor.at = (self.cursor.first + usize::from(y - 2)).min(self.rows.len().saturating_sub(1));
                Vec::new()
            }
            Input::Filled(name, values) => self.filled(name, &values, now),
            Input::Yes("send away") => self.send_away(),
            Input::Done("pin", Ok(_)) => self.pin_changed(now),
            Input::Done("sent away", Ok(_)) => self.sent_away(),
            Input::Done("person", Ok(_)) => vec![Effect::Say("Saved.".to_owned())],
            Input::Done(_, Err(why)) => vec![Effect::Refuse(why.to_string())],
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        match action {
            Action::Filter => self.filtering = true,
            Action::Enter if self.filtering => {
                self.filtering = false;
                return Vec::new();
            }
            Action::Back => {
                self.filtering = false;
                self.field.clear();
            }
            Action::Sort => self.sorted = self.sorted.next(),
            _ => {}
        }
        if self.cursor.act(action, self.rows.len(), self.fit) {
            return Vec::new();
        }
        let marked = self.marked().cloned();
        if let Action::Edit | Action::Pin | Action::Tell | Action::SendAway = action {
            self.asked = marked.clone();
        }
        match (action, marked) {
            (Action::Add, _) => vec![Effect::Form(forms::person(None))],
            (Action::Edit, Some(row)) => vec![Effect::Form(forms::person(Some(&row.person)))],
            (Action::Pin, Some(row)) => vec![Effect::Form(forms::pin(&row.person))],
            (Action::Tell, Some(row)) => vec![Effect::Form(forms::message(&row.person))],
            (Action::Watch, Some(Row { seat: Some(seat), person, .. })) => {
                if seat.session == self.own_session {
                    return vec![Effect::Say("That is this session.".to_owned())];
                }
                let note = Command::Note(Note::Watched { whom: person.id });
                vec![Effect::Do("watched", Box::new(note)), Effect::Watch(seat.session, person.name.to_string())]
            }
            (Action::SendAway, Some(row)) => vec![Effect::Question {
                name: "send away",
                question: format!("Sign {} out?", row.person.name),
                detail: "Their session ends at once; what they have in hand is kept for them.".to_owned(),
                yes: "Sign out",
            }],
            (Action::Enter, Some(row)) => vec![acts_of(&row, now)],
            (Action::Copy, Some(row)) => vec![Effect::Copy(row.person.ext.to_string())],
            (Action::Export, _) => vec![self.export(now)],
            _ => Vec::new(),
        }
    }

    fn filled(&mut self, name: &'static str, values: &[String], now: &Now<'_>) -> Vec<Effect> {
        match (name, self.asked.clone()) {
            ("add person", _) => forms::filled(StaffId(0), values).map(save).into_iter().collect(),
            ("change person", Some(row)) => forms::filled(row.person.id, values).map(save).into_iter().collect(),
            ("pin", Some(row)) => change_pin(&row, values, now),
            ("message", _) if !now.person.may(Right::Lead) => {
                vec![Effect::CloseForm, Effect::Refuse(format!("You may not {}.", Right::Lead.words()))]
            }
            ("message", Some(Row { seat: Some(seat), .. })) => {
                let words = values.first().cloned().unwrap_or_default();
                vec![
                    Effect::CloseForm,
                    Effect::Tell(seat.session, Signal::Message(now.actor.staff, words)),
                    Effect::Say("Said.".to_owned()),
                ]
            }
            _ => vec![Effect::CloseForm, Effect::Refuse("The person has just left.".to_owned())],
        }
    }

    /// Asks for it; the session ends once it is allowed and written down.
    fn send_away(&self) -> Vec<Effect> {
        let Some(Row { seat: Some(_), person, .. }) = &self.asked else { return Vec::new() };
        vec![Effect::Do("sent away", Box::new(Command::Note(Note::SentAway { whom: person.id })))]
    }

    fn sent_away(&self) -> Vec<Effect> {
        let Some(Row { seat: Some(seat), .. }) = &self.asked else { return Vec::new() };
        let why = Signal::SignedOut("You were signed out by a manager. What you had in hand is kept.".to_owned());
        let said = self.asked.as_ref().map(|row| format!("{} is signed out.", row.person.name));
        let told = std::iter::once(Effect::Say(said.unwrap_or_default()));
        // That they have just left is said over it.
        told.chain([Effect::Tell(seat.session, why)]).collect()
    }

    /// Says what became of the PIN. Whoever got another may try it at once, however many were wrong before.
    fn pin_changed(&self, now: &Now<'_>) -> Vec<Effect> {
        let Some(person) = self.asked.as_ref().map(|row| &row.person) else { return Vec::new() };
        now.gate.forgive(person.id);
        let has = now.shop.directory().credentials(person.id).is_some_and(|kept| kept.pin.is_some());
        let words = match has {
            true => format!("The PIN of {} is set.", person.name),
            false => format!("{} has no PIN any more.", person.name),
        };
        vec![Effect::Say(words)]
    }

    fn export(&self, now: &Now<'_>) -> Effect {
        let fields = |Row { person, .. }: &Row| {
            let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
            vec![person.ext.to_string(), person.name.to_string(), roles.join(" "), person.disabled.to_string()]
        };
        handed_out::csv(now, "people", &["id", "name", "roles", "disabled"], self.rows.iter().map(fields)).1
    }
}

fn save(person: crate::domain::Staff) -> Effect {
    Effect::Do("person", Box::new(Command::SaveStaff(person)))
}

fn change_pin(row: &Row, values: &[String], now: &Now<'_>) -> Vec<Effect> {
    let [pin, again] = values else { return Vec::new() };
    if pin != again {
        return vec![Effect::FormError("The two are not the same.".to_owned())];
    }
    let kept = now.shop.directory().credentials(row.person.id).cloned();
    let digest = if pin.is_empty() { None } else { now.gate.digest(pin) };
    let credentials = Credentials { pin: digest, ..kept.unwrap_or_else(|| Credentials::none(row.person.id)) };
    vec![Effect::Do("pin", Box::new(Command::SaveCredentials(credentials)))]
}

/// What a person did, newest first.
fn acts_of(row: &Row, now: &Now<'_>) -> Effect {
    let words = ["audit".to_owned(), "--where".to_owned(), format!("cashier={}", row.person.ext.replace(',', "\\,"))];
    let answer = Request::parse(&words).map_err(|why| why.to_string()).and_then(|mut request| {
        request.top = Some(ACTS);
        crate::report::answer(now.shop, &request, now.today).map_err(|why| why.to_string())
    });
    match answer {
        Ok(answer) => Effect::Page { title: format!("What {} did", row.person.name), text: acts(&answer) },
        Err(why) => Effect::Refuse(why),
    }
}

fn acts(answer: &crate::report::Answer) -> String {
    let line = |row: &Vec<crate::report::Value>| {
        let word = |at: usize| row.get(at).map(|value| value.plain(answer.minor)).unwrap_or_default();
        let at: String = word(1).chars().take(16).collect::<String>().replace('T', " ");
        format!("{at}  {:<22}  {}  {}", word(4), word(5), word(6))
    };
    let lines: Vec<String> = answer.rows.iter().map(line).collect();
    if lines.is_empty() { "Nothing yet.".to_owned() } else { lines.join("\n") }
}
