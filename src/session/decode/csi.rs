//! A whole control sequence and what it means.

use crossterm::event::{Event, KeyCode, KeyModifiers};

use super::{Input, key, mouse, reply};

const VALUES: usize = 16;
/// The event type of a key that is let go, in the kitty protocol.
const RELEASE: u32 = 3;

/// `CSI prefix values intermediate last`, its values numbered by semicolons and, within, by colons.
#[derive(Debug)]
pub(super) struct Csi {
    pub(super) prefix: Option<u8>,
    pub(super) intermediate: Option<u8>,
    pub(super) last: u8,
    values: [[u32; 3]; VALUES],
    count: usize,
}

impl Csi {
    /// Reads the bytes between `ESC [` and the last one; `None` when they follow no known form.
    pub(super) fn parse(bytes: &[u8], last: u8) -> Option<Self> {
        let (prefix, bytes) = match bytes.split_first() {
            Some((&first @ b'<'..=b'?', rest)) => (Some(first), rest),
            _ => (None, bytes),
        };
        let (intermediate, bytes) = match bytes.split_last() {
            Some((&before @ b' '..=b'/', rest)) => (Some(before), rest),
            _ => (None, bytes),
        };
        let mut csi = Self { prefix, intermediate, last, values: [[0; 3]; VALUES], count: 0 };
        if bytes.is_empty() {
            return Some(csi);
        }
        for (value, field) in bytes.split(|&byte| byte == b';').enumerate() {
            for (part, digits) in field.split(|&byte| byte == b':').enumerate() {
                let number = number(digits)?;
                if let Some(place) = csi.values.get_mut(value).and_then(|parts| parts.get_mut(part)) {
                    *place = number;
                }
            }
            csi.count = (value + 1).min(VALUES);
        }
        Some(csi)
    }

    /// One value, 0 when it is not there.
    pub(super) fn value(&self, value: usize, part: usize) -> u32 {
        self.values.get(value).and_then(|parts| parts.get(part)).copied().unwrap_or(0)
    }

    /// The first value.
    pub(super) fn first(&self) -> u32 {
        self.value(0, 0)
    }

    /// All values without their parts.
    pub(super) fn firsts(&self) -> Vec<u32> {
        self.values.iter().take(self.count).map(|parts| parts[0]).collect()
    }

    /// Whether this is `CSI first last` and nothing more.
    pub(super) fn is_key(&self, last: u8, first: u32) -> bool {
        self.is_plain() && self.last == last && self.count == 1 && self.first() == first
    }

    fn is_plain(&self) -> bool {
        self.prefix.is_none() && self.intermediate.is_none()
    }

    /// The event or reply; `None` for what is unknown and for keys let go.
    pub(super) fn meaning(&self) -> Option<Input> {
        if self.prefix == Some(b'<') && self.intermediate.is_none() {
            let released = self.last == b'm';
            let known = self.count == 3 && matches!(self.last, b'M' | b'm');
            return known.then(|| mouse::sgr(self.first(), self.value(1, 0), self.value(2, 0), released))?;
        }
        if self.is_plain()
            && let Some(input) = self.key()
        {
            return input;
        }
        reply::csi(self).map(Input::Reply)
    }

    /// `Some` when this is the form of a key, with the event unless the key was let go or is unknown.
    fn key(&self) -> Option<Option<Input>> {
        let (code, modifiers) = match self.last {
            b'M' if self.count == 3 => return Some(mouse::urxvt(self.first(), self.value(1, 0), self.value(2, 0))),
            b'I' if self.count == 0 => return Some(Some(Input::Event(Event::FocusGained))),
            b'O' if self.count == 0 => return Some(Some(Input::Event(Event::FocusLost))),
            b'~' if self.first() == 27 && self.count == 3 => (key::unicode(self.value(2, 0), 0), self.modifiers(1)),
            b'~' => (key::tilde(self.first()), self.modifiers(1)),
            b'^' => (key::tilde(self.first()), KeyModifiers::CONTROL),
            b'$' => (key::tilde(self.first()), KeyModifiers::SHIFT),
            b'@' => (key::tilde(self.first()), KeyModifiers::CONTROL | KeyModifiers::SHIFT),
            b'u' => (key::unicode(self.first(), self.value(0, 1)), self.modifiers(1)),
            // With values this is a report of the cursor, whatever some terminals make of it.
            b'R' if self.count == 0 => (Some(KeyCode::F(3)), KeyModifiers::NONE),
            letter => {
                let (code, more) = key::letter(letter)?;
                (Some(code), more | self.modifiers(if self.count > 1 { 1 } else { 0 }))
            }
        };
        if self.value(1, 1) == RELEASE {
            return Some(None);
        }
        let shifted = self.value(0, 1) != 0;
        Some(code.map(|code| key::shifted(code, modifiers, shifted)))
    }

    fn modifiers(&self, value: usize) -> KeyModifiers {
        key::modifiers(self.value(value, 0))
    }
}

/// A number of at most nine digits; longer ones are as large as a number gets.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |sum, &digit| {
        digit.is_ascii_digit().then(|| sum.saturating_mul(10).saturating_add(u32::from(digit - b'0')))
    })
}
