//! Input to the Audit screen.

use super::state::{Audit, Filter};
use crate::console::handed_out;
use crate::console::keymap::Action;
use crate::console::screen::{Effect, Input, Now};
use crate::domain::register_said;
use crate::report::journal::{Act, acts, in_full};
use crate::unit::Seq;
use crossterm::event::{KeyCode, KeyEvent};

/// Acts written to a file at most.
const EXPORTED: usize = 10_000;
/// Changes looked at for a file at most: whoever waits for it sits before a screen.
const LOOKED_AT: usize = 200_000;

impl Audit {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        let mut effects = self.taken_in(input, now);
        effects.extend(self.is_searching().then_some(Effect::GoOn));
        effects
    }

    fn taken_in(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Key(key) if self.filtering => self.type_filter(key, now),
            Input::Paste(text) if self.filtering => self.field.paste(&text),
            Input::Action(action) => return self.act(action, now),
            Input::Rested => self.search_on(now),
            Input::Wheel(rows) => self.step(i64::from(rows), now),
            Input::Click(_, y) if y >= 2 => self.marked = usize::from(y - 2).min(self.rows.len().saturating_sub(1)),
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        let page = self.fit.max(2) as i64 - 1;
        match action {
            Action::Enter if self.filtering => {
                self.filtering = false;
                self.apply(now);
            }
            Action::Up => self.step(-1, now),
            Action::Down => self.step(1, now),
            Action::PageUp => self.step(-page, now),
            Action::PageDown => self.step(page, now),
            Action::Home => self.show_first(now),
            Action::End => self.show_last(now),
            Action::Filter => self.filtering = true,
            Action::Back => {
                self.filtering = false;
                if self.field.clear() || !self.filter.is_empty() {
                    self.apply(now);
                }
            }
            Action::Enter => return self.marked().map(|act| page_of(act, now)).into_iter().collect(),
            Action::Receipts => {
                return self.marked().and_then(|act| act.order).map(Effect::ShowOrder).into_iter().collect();
            }
            Action::Copy => return self.marked().map(|act| Effect::Copy(line(act))).into_iter().collect(),
            Action::Export => return self.export(now),
            _ => {}
        }
        Vec::new()
    }

    fn type_filter(&mut self, key: KeyEvent, now: &Now<'_>) {
        match key.code {
            KeyCode::Up if self.field.bring_back() => {}
            KeyCode::Up | KeyCode::Down => {
                self.filtering = false;
                self.apply(now);
            }
            _ => {
                self.field.key(key);
            }
        }
    }

    fn apply(&mut self, now: &Now<'_>) {
        self.filter = Filter::parse(self.field.text());
        self.show_first(now);
    }

    /// What matches, newest first: not only what is in sight.
    fn export(&self, now: &Now<'_>) -> Vec<Effect> {
        let mut rows = Vec::new();
        let read = acts(now.shop, &now.zone, Seq(u64::MAX), LOOKED_AT, &mut |act| {
            if self.filter.takes(&act) {
                let (seq, at) = (act.seq.0.to_string(), act.at.to_string());
                rows.push(vec![seq, at, act.who, act.register, act.act, act.subject, act.detail]);
            }
            rows.len() < EXPORTED
        });
        let cut = match read {
            Ok(next) => next.is_some(),
            Err(why) => return vec![Effect::Refuse(why.to_string())],
        };
        let count = rows.len();
        let head = ["seq", "at", "who", "register", "act", "subject", "detail"];
        let (name, write) = handed_out::csv(now, "audit", &head, rows);
        let said = format!("The newest {count} went to {name}; `till report audit --top N --csv` writes all.");
        let mut effects = vec![write];
        effects.extend(cut.then_some(Effect::Said(said)));
        effects
    }
}

fn page_of(act: &Act, now: &Now<'_>) -> Effect {
    match in_full(now.shop, act.seq) {
        Ok(lines) => {
            let store = if act.store.is_empty() { String::new() } else { format!(", {}", act.store) };
            let place = match act.register.is_empty() {
                true => String::new(),
                false => format!(" at {}{store}", register_said(&act.register)),
            };
            let who = match (act.who.is_empty(), act.name.is_empty()) {
                (true, true) => "nobody at a till".to_owned(),
                (true, false) => act.name.clone(),
                (false, _) => format!("{} ({})", act.name, act.who),
            };
            let head = format!("{}\n{who}{place}\n\n", super::draw::moment(act));
            Effect::Page { title: format!("Act {}", act.seq.0), text: head + &lines.join("\n") }
        }
        Err(why) => Effect::Refuse(why.to_string()),
    }
}

fn line(act: &Act) -> String {
    let at = super::draw::moment(act);
    let words = [at.as_str(), &act.who, &act.act, &act.subject, &act.detail];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("  ")
}
