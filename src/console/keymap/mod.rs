//! Keys as data: one table says which key does what, where, and how it is called. The footer, the help and the palette are
//! drawn from it, and a keymap file may rebind it.
//!
//! Never knows what an action does.

mod action;
mod table;

pub use action::{Action, Binding, Context, Typing};
pub use table::TABLE;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// Of an event; SHIFT counts only with keys that are no characters.
    pub fn of(key: KeyEvent) -> Chord {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        if matches!(key.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Chord { code: key.code, modifiers }
    }

    /// Reads `ctrl-p`, `alt-1`, `f6`, `?`, `space`.
    ///
    /// # Errors
    /// When it is no key.
    pub fn parse(text: &str) -> Result<Chord, KeymapFault> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, after) = match rest.split_once('-') {
                Some(("ctrl", after)) if !after.is_empty() => (KeyModifiers::CONTROL, after),
                Some(("alt", after)) if !after.is_empty() => (KeyModifiers::ALT, after),
                Some(("shift", after)) if !after.is_empty() => (KeyModifiers::SHIFT, after),
                _ => break,
            };
            modifiers |= modifier;
            rest = after;
        }
        let code = match rest {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "shift-tab" | "backtab" => KeyCode::BackTab,
            "space" => KeyCode::Char(' '),
            "delete" => KeyCode::Delete,
            "insert" => KeyCode::Insert,
            "backspace" => KeyCode::Backspace,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            _ => match rest.strip_prefix('f').and_then(|number| number.parse::<u8>().ok()) {
                Some(number @ 1..=12) => KeyCode::F(number),
                _ => {
                    let mut letters = rest.chars();
                    match (letters.next(), letters.next()) {
                        (Some(letter), None) => KeyCode::Char(letter),
                        _ => {
                            return Err(KeymapFault(format!("{text} is no key; write such as ctrl-p, alt-1, f6 or ?")));
                        }
                    }
                }
            },
        };
        Ok(Chord { code, modifiers })
    }

    fn is_plain_character(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(word)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) if self.modifiers.is_empty() => write!(f, "{letter}"),
            KeyCode::Char(letter) => write!(f, "{}", letter.to_uppercase()),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Delete => f.write_str("Del"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// A keymap file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapFault(pub String);

impl fmt::Display for KeymapFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The table with its chords read, as the person has it. All sessions with the same keys share it.
#[derive(Debug, Clone)]
pub struct Keymap {
    chords: Arc<Vec<Vec<Chord>>>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        static STANDARD: OnceLock<Keymap> = OnceLock::new();
        // A test reads every chord of the table.
        let read = |binding: &Binding| binding.keys.iter().filter_map(|key| Chord::parse(key).ok()).collect();
        STANDARD.get_or_init(|| Keymap { chords: Arc::new(TABLE.iter().map(read).collect()) }).clone()
    }
}

impl Keymap {
    /// The defaults as changed by a keymap file: `[sale]` and the like, then `"name" = ["key", …]`.
    ///
    /// # Errors
    /// An unknown context, action or key, or one key for two actions in one place.
    pub fn with(text: &str) -> Result<Keymap, KeymapFault> {
        let table: toml::Table = text.parse().map_err(|why: toml::de::Error| KeymapFault(why.to_string()))?;
        let mut chords = (*Keymap::default().chords).clone();
        for (context, actions) in &table {
            let actions =
                actions.as_table().ok_or_else(|| KeymapFault(format!("{context} must be a table such as [sale]")))?;
            for (name, keys) in actions {
                let at = TABLE.iter().position(|binding| binding.context.name() == context && binding.name == name);
                let at = at.ok_or_else(|| KeymapFault(format!("[{context}] there is no action {name}")))?;
                let keys = keys.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
                chords[at] = keys.map(Chord::parse).collect::<Result<_, _>>()?;
            }
        }
        let keymap = Keymap { chords: Arc::new(chords) };
        keymap.refuse_twins()?;
        Ok(keymap)
    }

    fn refuse_twins(&self) -> Result<(), KeymapFault> {
        for (at, binding) in TABLE.iter().enumerate() {
            for (other_at, other) in TABLE.iter().enumerate().skip(at + 1) {
                if binding.context != other.context {
                    continue;
                }
                if let Some(chord) = self.chords[at].iter().find(|chord| self.chords[other_at].contains(chord)) {
                    let place = binding.context.name();
                    return Err(KeymapFault(format!(
                        "[{place}] {chord} stands for {} and {}",
                        binding.name, other.name
                    )));
                }
            }
        }
        Ok(())
    }

    /// What a key means in these contexts, the first one first.
    pub fn action(&self, contexts: &[Context], key: KeyEvent, typing: Typing) -> Option<Action> {
        let chord = Chord::of(key);
        for context in contexts {
            for (binding, chords) in TABLE.iter().zip(self.chords.iter()) {
                if binding.context != *context || !chords.contains(&chord) {
                    continue;
                }
                let is_text = chord.is_plain_character()
                    && match typing {
                        Typing::No => false,
                        Typing::Empty => !binding.in_empty_field,
                        Typing::Text => true,
                    };
                if !is_text {
                    return Some(binding.action);
                }
            }
        }
        None
    }

    /// All bindings with the key that is shown, in the table's order.
    pub fn all(&self) -> impl Iterator<Item = (&'static Binding, String)> + '_ {
        let shown = |chords: &Vec<Chord>| chords.first().map(ToString::to_string).unwrap_or_default();
        TABLE.iter().zip(self.chords.iter()).map(move |(binding, chords)| (binding, shown(chords)))
    }

    /// The bindings of these contexts with the key that is shown, in the table's order.
    pub fn bindings(&self, contexts: &[Context]) -> Vec<(&'static Binding, String)> {
        self.all().filter(|(binding, _)| contexts.contains(&binding.context)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_none_stands_twice() {
        for binding in TABLE {
            for key in binding.keys {
                Chord::parse(key).unwrap();
            }
        }
        Keymap::default().refuse_twins().unwrap();
    }

    #[test]
    fn plain_characters_are_text_while_typing() {
        let keymap = Keymap::default();
        let key = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        let contexts = [Context::Sale, Context::Global];
        assert_eq!(keymap.action(&contexts, key('='), Typing::Empty), Some(Action::Pay));
        assert_eq!(keymap.action(&contexts, key('='), Typing::Text), None);
        assert_eq!(keymap.action(&contexts, key('?'), Typing::Empty), Some(Action::Help));
        assert_eq!(keymap.action(&[Context::List], key('j'), Typing::Empty), None);
        assert_eq!(keymap.action(&[Context::List], key('j'), Typing::No), Some(Action::Down));
    }

    #[test]
    fn a_keymap_file_rebinds_and_a_wrong_one_says_why() {
        let keymap = Keymap::with("[sale]\npay = [\"f12\"]\n").unwrap();
        let key = KeyEvent::new(KeyCode::F(12), KeyModifiers::NONE);
        assert_eq!(keymap.action(&[Context::Sale], key, Typing::Text), Some(Action::Pay));
        assert!(Keymap::with("[sale]\nfly = [\"f12\"]\n").unwrap_err().0.contains("no action fly"));
        assert!(Keymap::with("[sale]\npay = [\"f99\"]\n").unwrap_err().0.contains("f99 is no key"));
        assert!(Keymap::with("[sale]\npay = [\"f2\"]\n").unwrap_err().0.contains("F2 stands for"));
    }
}
