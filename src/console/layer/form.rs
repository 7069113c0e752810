//! A form: labelled fields, each with its own check; Enter in the last, or Ctrl-S anywhere, hands it in.
//!
//! With changes in it Esc asks first: unsaved text is never lost to a stray key.

use super::{Said, draw_field, ground, sheet};
use crate::console::field::Field;
use crate::console::theme::{Look, Role};
use crate::console::widget::{part, put, wrap};
use crate::unit::text;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Columns of its sheet.
const WIDTH: u16 = 70;

/// Says what is wrong with a field's text, in plain words.
pub type Check = fn(&str) -> Result<(), String>;

/// One field.
#[derive(Debug)]
pub struct FormField {
    label: &'static str,
    field: Field,
    start: String,
    hint: String,
    choices: Vec<String>,
    check: Check,
    /// What somebody else made of it meanwhile.
    note: String,
    /// Whether the text is only proposed: the first letter typed takes its place.
    proposed: bool,
}

/// The layer.
#[derive(Debug)]
pub struct Form {
    name: &'static str,
    title: String,
    /// What it is about, above the fields.
    about: String,
    fields: Vec<FormField>,
    at: usize,
    error: Option<String>,
    leaving: bool,
    /// What handing it in does.
    does: Does,
}

/// What handing a form in does, as its keys say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// Keeps what was written.
    Save,
    /// Allows what another asked for.
    Approve,
    /// Says it to another.
    Send,
    /// Takes it over for what is in hand.
    Apply,
    /// Takes goods back and hands money out.
    PayBack,
}

impl Does {
    fn word(self) -> &'static str {
        match self {
            Does::Save => "save",
            Does::Approve => "approve",
            Does::Send => "send",
            Does::Apply => "take",
            Does::PayBack => "pay back",
        }
    }

    fn keys(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Does::Save => &[("Tab", "next"), ("Ctrl-S", "save"), ("Esc", "back")],
            Does::Approve => &[("Tab", "next"), ("Ctrl-S", "approve"), ("Esc", "back")],
            Does::Send => &[("Tab", "next"), ("Ctrl-S", "send"), ("Esc", "back")],
            Does::Apply => &[("Tab", "next"), ("Ctrl-S", "take"), ("Esc", "back")],
            Does::PayBack => &[("Tab", "next"), ("Ctrl-S", "pay back"), ("Esc", "back")],
        }
    }
}

impl Form {
    /// A form that comes back to the screen under `name`.
    pub fn new(name: &'static str, title: impl Into<String>) -> Form {
        Form {
            name,
            title: title.into(),
            about: String::new(),
            fields: Vec::new(),
            at: 0,
            error: None,
            leaving: false,
            does: Does::Save,
        }
    }

    /// Says above the fields what it is about.
    #[must_use]
    pub fn about(mut self, words: String) -> Form {
        self.about = words;
        self
    }

    /// Handing it in does something else than save.
    #[must_use]
    pub fn does(mut self, does: Does) -> Form {
        self.does = does;
        self
    }

    pub(super) fn keys(&self) -> &'static [(&'static str, &'static str)] {
        self.does.keys()
    }

    /// Adds a field with its text so far, a hint shown while it has the focus, and its check.
    #[must_use]
    pub fn field(mut self, label: &'static str, text: &str, hint: &str, check: Check) -> Form {
        let (field, start) = (Field::with(text), text.to_owned());
        self.fields.push(FormField {
            label,
            field,
            start,
            hint: hint.to_owned(),
            choices: Vec::new(),
            check,
            note: String::new(),
            proposed: false,
        });
        self
    }

    /// The text of the last field is only proposed: the first letter typed takes its place, a key that moves or deletes
    /// keeps it.
    #[must_use]
    pub fn proposed(mut self) -> Form {
        if let Some(field) = self.fields.last_mut() {
            field.proposed = true;
        }
        self
    }

    /// Adds a field for a secret, shown as dots.
    #[must_use]
    pub fn secret(mut self, label: &'static str, hint: &str, check: Check) -> Form {
        let (hint, choices) = (hint.to_owned(), Vec::new());
        self.fields.push(FormField {
            label,
            field: Field::secret(),
            start: String::new(),
            hint,
            choices,
            check,
            note: String::new(),
            proposed: false,
        });
        self
    }

    /// Goes to the field of that place, from 0.
    #[must_use]
    pub fn at(mut self, place: usize) -> Form {
        self.at = place.min(self.fields.len().saturating_sub(1));
        self
    }

    /// Adds a field that is one of a few words; left and right change it.
    #[must_use]
    pub fn choice(mut self, label: &'static str, chosen: &str, choices: &[&str]) -> Form {
        let choices: Vec<String> = choices.iter().map(|&word| word.to_owned()).collect();
        let (field, start) = (Field::with(chosen), chosen.to_owned());
        let hint = "left and right choose".to_owned();
        let (check, note, proposed) = (|_: &str| Ok(()), String::new(), false);
        self.fields.push(FormField { label, field, start, hint, choices, check, note, proposed });
        self
    }

    /// The name under which it comes back.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Says why it was not taken.
    pub fn refuse(&mut self, why: String) {
        self.error = Some(why);
    }

    /// Empties the fields that hold secrets: a wrong one is typed anew.
    pub fn forget_secrets(&mut self) {
        self.fields.iter_mut().filter(|field| field.field.is_secret()).for_each(|field| field.field.reset());
    }

    /// Whether it says so already.
    pub fn says(&self, why: &str) -> bool {
        self.error.as_deref() == Some(why)
    }

    /// Takes in what somebody else saved while this was being filled in: `theirs` is the form of the record as it is
    /// now. What was not touched here follows them, what was stays; either way the difference stands beside the field.
    pub fn meanwhile(&mut self, theirs: Form) {
        for (mine, theirs) in self.fields.iter_mut().zip(theirs.fields) {
            let said = |text: &str| if text.is_empty() { "empty".to_owned() } else { text.to_owned() };
            let touched = mine.field.text() != mine.start;
            mine.note = match (theirs.start == mine.start, touched) {
                (true, _) => String::new(),
                (false, true) if mine.field.text() == theirs.start => String::new(),
                (false, true) => format!("theirs: {}", said(&theirs.start)),
                (false, false) => format!("was: {}", said(&mine.start)),
            };
            if !touched {
                mine.field = theirs.field;
            }
            mine.start = theirs.start;
        }
        self.error = Some("Somebody else saved changes. Look, then save again.".to_owned());
    }

    fn is_changed(&self) -> bool {
        self.fields.iter().any(|field| field.field.text() != field.start)
    }

    pub(super) fn key(&mut self, key: KeyEvent) -> Said {
        if self.leaving {
            return self.leave(key);
        }
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Esc if self.is_changed() => self.leaving = true,
            KeyCode::Esc => return Said::Close,
            KeyCode::Char('s') if control => return self.hand_in(),
            KeyCode::Enter if self.at + 1 == self.fields.len() => return self.hand_in(),
            KeyCode::Enter | KeyCode::Tab | KeyCode::Down => self.go(1),
            KeyCode::BackTab | KeyCode::Up => self.go(-1),
            _ => self.edit(key),
        }
        Said::Taken
    }

    fn leave(&mut self, key: KeyEvent) -> Said {
        match key.code {
            KeyCode::Esc => self.leaving = false,
            KeyCode::Delete => return Said::Close,
            _ => {}
        }
        Said::Taken
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        if let Some(field) = self.fields.get_mut(self.at)
            && field.choices.is_empty()
        {
            field.field.paste(pasted);
        }
    }

    fn go(&mut self, by: i64) {
        self.error = self.fields.get(self.at).and_then(|field| (field.check)(field.field.text().trim()).err());
        let count = self.fields.len() as i64;
        self.at = (self.at as i64 + by).rem_euclid(count.max(1)) as usize;
    }

    fn edit(&mut self, key: KeyEvent) {
        self.error = None;
        let Some(field) = self.fields.get_mut(self.at) else { return };
        if field.choices.is_empty() {
            let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
            if std::mem::take(&mut field.proposed) && plain && matches!(key.code, KeyCode::Char(_)) {
                field.field.reset();
            }
            field.field.key(key);
            return;
        }
        let by = match key.code {
            KeyCode::Left => field.choices.len() - 1,
            KeyCode::Right | KeyCode::Char(' ') => 1,
            _ => return,
        };
        let now = field.choices.iter().position(|choice| choice == field.field.text()).unwrap_or(0);
        field.field = Field::with(&field.choices[(now + by) % field.choices.len()]);
    }

    fn hand_in(&mut self) -> Said {
        for (at, field) in self.fields.iter().enumerate() {
            if let Err(why) = (field.check)(field.field.text().trim()) {
                self.at = at;
                self.error = Some(format!("{}: {why}", field.label));
                return Said::Taken;
            }
        }
        self.error = None;
        Said::Filled(self.name, self.fields.iter().map(|field| field.field.text().trim().to_owned()).collect())
    }

    /// What it is about in lines, with an empty one below.
    fn about_lines(&self, columns: u16) -> Vec<String> {
        if self.about.is_empty() {
            return Vec::new();
        }
        let mut lines = wrap(&self.about, usize::from(WIDTH.min(columns.saturating_sub(2)).saturating_sub(4)), 3);
        lines.push(String::new());
        lines
    }

    pub(super) fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let label = self.fields.iter().map(|field| text::width(field.label)).max().unwrap_or(0) as u16 + 2;
        let about = self.about_lines(area.width);
        let tall = (self.fields.len() + about.len()) as u16 + 8;
        let inside = sheet(look, area, WIDTH, tall, &self.title, buffer);
        for (y, words) in (0..).zip(&about) {
            put(buffer, inside, 0, y, words, ground(look, Role::Text));
        }
        let above = about.len() as u16;
        let inside = part(inside, 0, above, inside.width, inside.height.saturating_sub(above));
        let room = inside.height.saturating_sub(3);
        let first = (self.at as u16 + 1).saturating_sub(room);
        let mut cursor = None;
        for (at, field) in self.fields.iter().enumerate().skip(usize::from(first)).take(usize::from(room)) {
            let y = at as u16 - first;
            let focused = at == self.at;
            let role = if focused { Role::Accent } else { Role::Muted };
            put(buffer, inside, 0, y, field.label, ground(look, role));
            let row = part(inside, label, y, inside.width.saturating_sub(label), 1);
            let noted = (text::width(&field.note) as u16).min(row.width / 2);
            if noted > 0 {
                put(buffer, part(row, row.width - noted, 0, noted, 1), 0, 0, &field.note, ground(look, Role::Warning));
            }
            let row = part(row, 0, 0, row.width - noted - u16::from(noted > 0), 1);
            let place = draw_field(&field.field, look, row, focused, buffer);
            cursor = cursor.or(place);
        }
        let (words, role) = match (&self.error, self.leaving) {
            (_, true) => ("There are changes. Del throws them away, Esc goes on.".to_owned(), Role::Warning),
            (Some(why), false) => (why.clone(), Role::Negative),
            (None, false) => {
                (self.fields.get(self.at).map(|field| field.hint.clone()).unwrap_or_default(), Role::Muted)
            }
        };
        let y = inside.height.saturating_sub(2);
        let lines = wrap(&words, usize::from(inside.width), 2);
        for (line, words) in (0..).zip(&lines) {
            put(buffer, inside, 0, (y + 1 + line).saturating_sub(lines.len() as u16), words, ground(look, role));
        }
        let keys = format!("Tab next   Ctrl-S {}   Esc back", self.does.word());
        put(buffer, inside, 0, y + 1, &keys, ground(look, Role::Muted));
        cursor
    }
}

/// Any text.
pub fn anything(_: &str) -> Result<(), String> {
    Ok(())
}

/// Some text.
pub fn something(text: &str) -> Result<(), String> {
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(()) }
}

/// Money.
pub fn money(text: &str) -> Result<(), String> {
    if text.is_empty() { something(text) } else { money_or_nothing(text) }
}

/// Money, or nothing.
pub fn money_or_nothing(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        crate::unit::Money::parse_entry(text).map(drop).map_err(|why| why.to_string())
    }
}

/// A quantity, or nothing.
pub fn quantity_or_nothing(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        crate::unit::Quantity::parse_entry(text).map(drop).map_err(|why| why.to_string())
    }
}

/// A quantity.
pub fn quantity(text: &str) -> Result<(), String> {
    crate::unit::Quantity::parse_entry(text).map(drop).map_err(|why| why.to_string())
}

/// A day, or nothing.
pub fn day_or_nothing(text: &str) -> Result<(), String> {
    if text.is_empty() {
        Ok(())
    } else {
        crate::unit::Day::parse(text).map(drop).map_err(|_| "write it as 2024-03-01".to_owned())
    }
}
