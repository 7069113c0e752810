//! Input to the Customers screen.

use super::forms;
use super::state::{Customers, Row};
use crate::console::handed_out;
use crate::console::keymap::Action;
use crate::console::screen::{Effect, Input, Now};
use crate::domain::command::Command;
use crate::domain::{Customer, Outcome, Refusal};
use crate::unit::{Text, text};
use crossterm::event::{KeyCode, KeyEvent};

/// Customers written to a file at most: whoever waits for it sits before a screen.
const EXPORTED: usize = 10_000;

impl Customers {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Key(key) if self.filtering => return self.type_search(key, now),
            Input::Paste(text) if self.filtering => self.field.paste(&text),
            Input::Action(action) => return self.act(action, now),
            Input::Wheel(rows) => {
                self.cursor.step(i64::from(rows), self.whole, self.fit);
                return self.stepped(now);
            }
            Input::Click(_, y) if y >= 2 && self.cursor.first + usize::from(y - 2) < self.whole => {
                self.cursor.at = self.cursor.first + usize::from(y - 2);
                self.reload(now);
            }
            Input::Rested => self.show(now),
            Input::ShowCustomer(id) => self.go_to(id, now),
            Input::Yes("erase") => {
                let id = self.asked.as_ref().map(|asked| asked.id);
                return id.map(|id| Effect::Do("erase", Box::new(Command::EraseCustomer(id)))).into_iter().collect();
            }
            Input::Filled(name, values) => return self.filled(name, &values),
            Input::Done("edit", Err(Refusal::ChangedMeanwhile { .. })) => return self.changed_meanwhile(now),
            Input::Done(name, verdict) => return self.done(name, verdict, now),
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        if self.filtering && action == Action::Enter {
            self.filtering = false;
            return self.searched(now);
        }
        if self.cursor.act(action, self.whole, self.fit) {
            return self.stepped(now);
        }
        let marked = self.marked().cloned();
        if let (Action::Edit | Action::Feedback | Action::Erase, Some(row)) = (action, &marked) {
            self.asked = Some(row.customer.clone());
        }
        match (action, marked) {
            (Action::Filter, _) => self.filtering = true,
            (Action::Sort, _) => self.turn_round(now),
            (Action::Mark, _) => return self.pick(now),
            (Action::Back, _) if !self.filtering && !self.picked.is_empty() => self.picked.clear(),
            (Action::Back, _) => {
                self.filtering = false;
                self.field.clear();
                return self.searched(now);
            }
            (Action::Add, _) => return vec![Effect::Form(forms::customer(None))],
            (Action::Edit, Some(row)) => return vec![Effect::Form(forms::customer(Some(&row)))],
            (Action::Feedback, Some(row)) => {
                let name = row.known.name.unwrap_or(row.customer.ext);
                return vec![Effect::Form(forms::feedback(&name))];
            }
            (Action::Resolve, Some(_)) => {
                let resolve =
                    self.open_feedback.map(|no| Effect::Do("resolve", Box::new(Command::ResolveFeedback(no))));
                return resolve.into_iter().collect();
            }
            (Action::Enter, Some(_)) => {
                let title = self.page.first().cloned().unwrap_or_default();
                return vec![Effect::Page { title, text: self.page.get(1..).unwrap_or_default().join("\n") }];
            }
            (Action::SellTo, Some(row)) => return vec![Effect::SellTo(row.customer.id)],
            (Action::Copy, Some(row)) => {
                let ids: Vec<String> =
                    self.chosen(now, &[row]).iter().map(|row| row.customer.ext.to_string()).collect();
                return vec![Effect::Copy(ids.join("\n"))];
            }
            (Action::Erase, Some(row)) => {
                let id = &row.customer.ext;
                // Ids are a digit apart; a name is known to whoever asks to be forgotten.
                let name = row.known.name.as_ref().map(|name| text::fit(name, 30));
                let who = name.map_or_else(|| id.to_string(), |name| format!("{name} ({id})"));
                return vec![Effect::Question {
                    name: "erase",
                    question: "Forget this person for good?".to_owned(),
                    detail: format!(
                        "Everything known of {who} goes, with words of feedback, notes, payment references. \
                         Orders keep the id; figures stay."
                    ),
                    yes: "Forget",
                }];
            }
            (Action::Export, _) => return self.export(now),
            _ => {}
        }
        Vec::new()
    }

    fn type_search(&mut self, key: KeyEvent, now: &Now<'_>) -> Vec<Effect> {
        match key.code {
            KeyCode::Up if self.field.bring_back() => {}
            KeyCode::Up | KeyCode::Down => {
                self.cursor.step(if key.code == KeyCode::Up { -1 } else { 1 }, self.whole, self.fit);
                return self.stepped(now);
            }
            _ => {
                self.field.key(key);
            }
        }
        Vec::new()
    }

    fn searched(&mut self, now: &Now<'_>) -> Vec<Effect> {
        match self.search(now) {
            Err(why) => vec![Effect::Refuse(why)],
            Ok(()) if self.whole == 0 && self.found.is_some() => {
                vec![Effect::Refuse(format!("No customer is found by {}.", self.field.text().trim()))]
            }
            Ok(()) => Vec::new(),
        }
    }

    /// Two people changed one customer: the second sees the difference before anything is saved.
    fn changed_meanwhile(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.reload(now);
        let Some(asked) = &mut self.asked else { return Vec::new() };
        let Ok(Some((customer, known))) = now.shop.customer(asked.id) else { return Vec::new() };
        *asked = customer.clone();
        vec![Effect::FormMeanwhile(forms::customer(Some(&Row { customer, known: known.unwrap_or_default() })))]
    }

    fn filled(&mut self, name: &'static str, values: &[String]) -> Vec<Effect> {
        let command = match (name, &self.asked) {
            ("feedback", Some(asked)) => {
                let text = Some(Text::lossy(&values[2])).filter(|text| !text.is_empty());
                Ok(Command::AddFeedback {
                    customer: Some(asked.id),
                    order: None,
                    rating: values[0].parse::<u8>().ok(),
                    category: Some(Text::lossy(&values[1])),
                    text,
                })
            }
            ("edit", Some(Customer { id, version, .. })) => forms::filled(values)
                .map(|(ext, details)| Command::ChangeCustomer { customer: *id, version: *version, ext, details }),
            ("add", _) => {
                forms::filled(values).map(|(ext, details)| Command::SaveCustomer { customer: None, ext, details })
            }
            _ => return Vec::new(),
        };
        match command {
            Ok(command) => vec![Effect::Do(name, Box::new(command))],
            Err(why) => vec![Effect::FormError(why)],
        }
    }

    fn done(&mut self, name: &str, verdict: Result<Outcome, Refusal>, now: &Now<'_>) -> Vec<Effect> {
        match (name, verdict) {
            ("add", Ok(Outcome::Customer(id))) => {
                self.go_to(id, now);
                vec![Effect::Say("The customer is added.".to_owned())]
            }
            (_, Ok(_)) => {
                self.reload(now);
                vec![Effect::Say("Done.".to_owned())]
            }
            ("erase" | "resolve", Err(refusal)) => vec![Effect::Refuse(refusal.to_string())],
            // A form shows its refusal itself.
            _ => Vec::new(),
        }
    }

    /// What is in sight, or what is marked with Space, as CSV.
    fn export(&self, now: &Now<'_>) -> Vec<Effect> {
        let rows = self.listed(now, EXPORTED);
        let fields = |Row { customer, known }: &Row| {
            let fields = [Some(&customer.ext), known.name.as_ref(), known.email.as_ref(), known.phone.as_ref()];
            let fields = fields.into_iter().chain([known.location.as_ref()]);
            fields.map(|text| text.map(ToString::to_string).unwrap_or_default()).collect()
        };
        let head = ["id", "name", "email", "phone", "location"];
        let (name, write) = handed_out::csv(now, "customers", &head, rows.iter().map(fields));
        let count = crate::unit::Quantity::pieces(rows.len() as i64).grouped();
        let said = match rows.len() == EXPORTED {
            true => format!("The first {count} customers went to {name}; `till export` writes them all."),
            false if rows.len() == 1 => format!("1 customer went to {name}."),
            false => format!("{count} customers went to {name}."),
        };
        vec![write, Effect::Said(said)]
    }
}
