//! One line of text being typed. Esc clears it, and the first Up after that brings the text back.
//!
//! Never knows what the text is for.

use crate::unit::{Text, text};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use serde::{Deserialize, Serialize};
use tui_input::{Input, InputRequest};

/// Characters a field takes at most; what is pasted beyond is left out.
const LONGEST: usize = 1_024;

/// A text field.
#[derive(Debug, Clone, Default)]
pub struct Field {
    input: Input,
    cleared: Option<String>,
    is_secret: bool,
}

/// What a field keeps across a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDraft {
    text: String,
    cursor: usize,
}

impl Field {
    /// With this text, the cursor at its end.
    pub fn with(text: &str) -> Field {
        Field { input: Input::new(text.to_owned()), cleared: None, is_secret: false }
    }

    /// Whether it holds a secret.
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// Empty, for a secret: shown as dots.
    pub fn secret() -> Field {
        Field { is_secret: true, ..Field::default() }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Empties it for good.
    pub fn reset(&mut self) {
        self.input.reset();
        self.cleared = None;
    }

    /// Empties it; whether there was anything.
    pub fn clear(&mut self) -> bool {
        if self.is_empty() {
            return false;
        }
        self.cleared = Some(self.text().to_owned());
        self.input.reset();
        true
    }

    /// Puts a letter before the text, unless it stands there already.
    pub fn begin_with(&mut self, letter: char) {
        if self.text().starts_with(letter) {
            return;
        }
        let cursor = self.input.cursor();
        self.input = Input::new(format!("{letter}{}", self.text())).with_cursor(cursor + 1);
    }

    /// Brings a cleared text back; whether there was one.
    pub fn bring_back(&mut self) -> bool {
        match self.cleared.take() {
            Some(text) if self.is_empty() => {
                self.input = Input::new(text);
                true
            }
            _ => false,
        }
    }

    /// Takes a key that edits; whether it was one.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        let request = match key.code {
            KeyCode::Char('a') if control => InputRequest::GoToStart,
            KeyCode::Char('e') if control => InputRequest::GoToEnd,
            KeyCode::Char('u') if control => InputRequest::DeleteLine,
            KeyCode::Char('k') if control => InputRequest::DeleteTillEnd,
            KeyCode::Char(_) if control || key.modifiers.contains(KeyModifiers::ALT) => return false,
            KeyCode::Char(letter) => {
                // A space is clean between words only; while typing, the word behind it is yet to come.
                let clean = letter == ' ' || Text::is_clean(letter.encode_utf8(&mut [0; 4]));
                if self.text().chars().count() >= LONGEST || !clean {
                    return true;
                }
                InputRequest::InsertChar(letter)
            }
            KeyCode::Backspace if control => InputRequest::DeletePrevWord,
            KeyCode::Backspace => InputRequest::DeletePrevChar,
            KeyCode::Delete => InputRequest::DeleteNextChar,
            KeyCode::Left if control => InputRequest::GoToPrevWord,
            KeyCode::Right if control => InputRequest::GoToNextWord,
            KeyCode::Left => InputRequest::GoToPrevChar,
            KeyCode::Right => InputRequest::GoToNextChar,
            KeyCode::Home => InputRequest::GoToStart,
            KeyCode::End => InputRequest::GoToEnd,
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    /// Puts pasted text in, cleaned and cut to what a field holds.
    pub fn paste(&mut self, pasted: &str) {
        let room = LONGEST.saturating_sub(self.text().chars().count());
        let head: String = pasted.chars().take(LONGEST).collect();
        for letter in Text::lossy(&head).chars().take(room) {
            self.input.handle(InputRequest::InsertChar(letter));
        }
    }

    /// The part that fits `columns`, and the cursor's column in it.
    pub fn shown(&self, columns: usize) -> (String, usize) {
        if self.is_secret {
            // Not even its length is told beyond what fits.
            let count = self.text().chars().count().min(columns.saturating_sub(1));
            return ("*".repeat(count), count);
        }
        let scroll = self.input.visual_scroll(columns.saturating_sub(1));
        let mut skipped = 0;
        let mut rest = String::new();
        for letter in self.text().chars() {
            let width = text::width(letter.encode_utf8(&mut [0; 4]));
            if skipped < scroll {
                skipped += width;
            } else {
                rest.push(letter);
            }
        }
        let cursor = self.input.visual_cursor().saturating_sub(skipped);
        let mut shown = String::new();
        let mut used = 0;
        for letter in rest.chars() {
            used += text::width(letter.encode_utf8(&mut [0; 4]));
            if used > columns {
                break;
            }
            shown.push(letter);
        }
        (shown, cursor.min(columns.saturating_sub(1)))
    }

    /// What to keep of it.
    pub fn draft(&self) -> FieldDraft {
        FieldDraft { text: self.text().to_owned(), cursor: self.input.cursor() }
    }

    /// The field as it was kept.
    pub fn from_draft(draft: &FieldDraft) -> Field {
        let head: String = draft.text.chars().take(LONGEST).collect();
        Field { input: Input::new(head).with_cursor(draft.cursor), cleared: None, is_secret: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut Field, code: KeyCode) -> bool {
        field.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn what_esc_cleared_comes_back_once() {
        let mut field = Field::with("3*oat");
        assert!(field.clear());
        assert!(!field.clear());
        assert!(field.bring_back());
        assert_eq!(field.text(), "3*oat");
        assert!(!field.bring_back());
    }

    #[test]
    fn words_are_typed_with_spaces_and_without_control_characters() {
        let mut field = Field::default();
        for letter in "oat milk 1\u{7}\u{202e}\u{a0} l".chars() {
            press(&mut field, KeyCode::Char(letter));
        }
        assert_eq!(field.text(), "oat milk 1 l");
    }

    #[test]
    fn a_paste_is_cleaned_and_cut() {
        let mut field = Field::default();
        field.paste("a\u{202e}b\n\u{1b}[31mc");
        assert!(!field.text().contains(['\u{202e}', '\n', '\u{1b}']));
        field.paste(&"x".repeat(100_000));
        assert_eq!(field.text().chars().count(), LONGEST);
        press(&mut field, KeyCode::Char('y'));
        assert_eq!(field.text().chars().count(), LONGEST);
    }

    #[test]
    fn the_cursor_is_always_in_sight() {
        let mut field = Field::with("0123456789");
        let (shown, cursor) = field.shown(5);
        assert!(cursor < 5 && shown.ends_with('9'));
        press(&mut field, KeyCode::Home);
        assert_eq!(field.shown(5), ("01234".to_owned(), 0));
        assert_eq!(field.shown(0).0, "");
    }
}
