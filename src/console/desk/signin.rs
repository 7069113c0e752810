//! Where people say and prove who they are: a name, a secret, and what came of the last try.
//!
//! Knows nothing of how a secret is checked.

use crate::console::field::Field;
use crate::console::layer::{draw_field, ground, sheet};
use crate::console::theme::{Look, Role, Theme};
use crate::console::widget::chrome::is_too_small;
use crate::console::widget::{fill, part, put, wrap};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

/// What came of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing yet.
    Typing,
    /// Name and secret were given.
    Given(String, String),
    /// Whoever sat here leaves.
    Quit,
}

/// The screen.
#[derive(Debug, Clone)]
pub(super) struct SignIn {
    title: String,
    name: Field,
    secret: Field,
    at_secret: bool,
    said: String,
}

impl SignIn {
    /// With a title and the name so far.
    pub fn new(title: &str, name: &str) -> SignIn {
        SignIn {
            title: title.to_owned(),
            name: Field::with(name),
            secret: Field::secret(),
            at_secret: !name.is_empty(),
            said: String::new(),
        }
    }

    /// Says what came of the last try; the secret is typed anew.
    pub fn say(&mut self, words: &str) {
        self.said = words.to_owned();
        self.secret.reset();
        self.at_secret = !self.name.is_empty();
    }

    /// Takes an event.
    pub fn event(&mut self, event: &Event) -> Step {
        match event {
            Event::Key(key) => self.key(*key),
            Event::Paste(text) => {
                self.field().paste(text);
                Step::Typing
            }
            _ => Step::Typing,
        }
    }

    fn key(&mut self, key: KeyEvent) -> Step {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('q') if control => return Step::Quit,
            KeyCode::Enter if self.at_secret && !self.name.is_empty() => {
                let given = Step::Given(self.name.text().trim().to_owned(), self.secret.text().to_owned());
                self.secret.reset();
                return given;
            }
            KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Up | KeyCode::Down => {
                self.at_secret = !self.at_secret;
            }
            KeyCode::Esc => {
                if self.at_secret && self.secret.is_empty() && self.said.is_empty() {
                    // Nothing else is left to back out of: somebody else wants to sign in.
                    self.name.reset();
                    self.at_secret = false;
                }
                self.field().reset();
                self.said.clear();
            }
            _ => {
                self.field().key(key);
            }
        }
        Step::Typing
    }

    fn field(&mut self) -> &mut Field {
        if self.at_secret { &mut self.secret } else { &mut self.name }
    }

    /// Draws it on an empty screen.
    pub fn draw(&self, theme: &Theme, ascii: bool, buffer: &mut Buffer) -> Option<Position> {
        let look = Look { theme, ascii };
        let area = buffer.area;
        fill(buffer, area, look.style(Role::Text));
        if is_too_small(&look, area, buffer) {
            return None;
        }
        let inside = sheet(&look, area, 62, 11, &self.title, buffer);
        let mut cursor = None;
        for (y, (label, field, here)) in
            [("Name", &self.name, !self.at_secret), ("PIN or passphrase", &self.secret, self.at_secret)]
                .into_iter()
                .enumerate()
        {
            let role = if here { Role::Accent } else { Role::Muted };
            put(buffer, inside, 0, y as u16, label, ground(&look, role));
            let row = part(inside, 19, y as u16, inside.width, 1);
            cursor = cursor.or(draw_field(field, &look, row, here, buffer));
        }
        for (y, line) in (3..).zip(wrap(&self.said, usize::from(inside.width), 3)) {
            put(buffer, inside, 0, y, &line, ground(&look, Role::Negative));
        }
        let keys = match self.at_secret && !self.name.is_empty() {
            true => "Enter goes on   Esc another name   Ctrl-Q leaves",
            false => "Enter goes on   Ctrl-Q leaves",
        };
        put(buffer, inside, 0, 6, keys, ground(&look, Role::Muted));
        cursor
    }
}
