//! The many spellings of keys, and the one they are given.
//!
//! A letter carries its case in the `char` and never the SHIFT modifier, whatever the terminal sent.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers};

use super::Input;

/// A key press.
pub(super) fn press(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Event(Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, state: KeyEventState::NONE }))
}

/// The key behind one byte of ASCII. Esc is not asked for here.
pub(super) fn ascii(byte: u8) -> (KeyCode, KeyModifiers) {
    let control = |character: u8| (KeyCode::Char(char::from(character)), KeyModifiers::CONTROL);
    match byte {
        b'\r' | b'\n' => (KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => (KeyCode::Tab, KeyModifiers::NONE),
        0x08 | 0x7f => (KeyCode::Backspace, KeyModifiers::NONE),
        0 => control(b' '),
        1..=0x1a => control(byte + 0x60),
        0x1b..=0x1f => control(byte + 0x40),
        _ => (KeyCode::Char(char::from(byte)), KeyModifiers::NONE),
    }
}

/// Modifiers as sequences number them: one more than the sum of their bits.
pub(super) fn modifiers(number: u32) -> KeyModifiers {
    const BITS: [KeyModifiers; 6] = [
        KeyModifiers::SHIFT,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL,
        KeyModifiers::SUPER,
        KeyModifiers::HYPER,
        KeyModifiers::META,
    ];
    let bits = number.saturating_sub(1);
    BITS.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, modifier)| *modifier).collect()
}

/// A press with its modifiers in the one spelling; `known` when the terminal itself said what Shift makes of the key.
pub(super) fn shifted(code: KeyCode, modifiers: KeyModifiers, known: bool) -> Input {
    if !modifiers.contains(KeyModifiers::SHIFT) {
        return press(code, modifiers);
    }
    let without = modifiers - KeyModifiers::SHIFT;
    match code {
        KeyCode::Tab | KeyCode::BackTab => press(KeyCode::BackTab, without),
        KeyCode::Char(character) if character.is_ascii_digit() && !known => press(code, modifiers),
        KeyCode::Char(character) => {
            let mut upper = character.to_uppercase();
            let single = upper.next().filter(|_| upper.next().is_none());
            press(KeyCode::Char(single.unwrap_or(character)), without)
        }
        _ => press(code, modifiers),
    }
}

/// The last byte of `CSI … letter`.
pub(super) fn letter(letter: u8) -> Option<(KeyCode, KeyModifiers)> {
    let plain = |code| Some((code, KeyModifiers::NONE));
    match letter {
        b'A' => plain(KeyCode::Up),
        b'B' => plain(KeyCode::Down),
        b'C' => plain(KeyCode::Right),
        b'D' => plain(KeyCode::Left),
        b'E' => plain(KeyCode::KeypadBegin),
        b'F' => plain(KeyCode::End),
        b'H' => plain(KeyCode::Home),
        b'P' => plain(KeyCode::F(1)),
        b'Q' => plain(KeyCode::F(2)),
        b'S' => plain(KeyCode::F(4)),
        b'Z' => plain(KeyCode::BackTab),
        // rxvt writes Shift as a small letter.
        b'a'..=b'd' => arrow(letter).map(|code| (code, KeyModifiers::SHIFT)),
        _ => None,
    }
}

fn arrow(small: u8) -> Option<KeyCode> {
    Some(match small {
        b'a' => KeyCode::Up,
        b'b' => KeyCode::Down,
        b'c' => KeyCode::Right,
        b'd' => KeyCode::Left,
        _ => return None,
    })
}

/// The last byte of `ESC O …`: function keys, and the keypad in its application mode.
pub(super) fn ss3(last: u8) -> Option<(KeyCode, KeyModifiers)> {
    let plain = |code| Some((code, KeyModifiers::NONE));
    match last {
        b'R' => plain(KeyCode::F(3)),
        b'M' => plain(KeyCode::Enter),
        b'I' => plain(KeyCode::Tab),
        b' ' => plain(KeyCode::Char(' ')),
        b'X' => plain(KeyCode::Char('=')),
        // rxvt writes Ctrl as a small letter.
        b'a'..=b'd' => arrow(last).map(|code| (code, KeyModifiers::CONTROL)),
        b'j'..=b'y' => plain(KeyCode::Char(char::from(last - 0x40))),
        b'A'..=b'S' => letter(last),
        _ => None,
    }
}

/// The byte after `ESC [ [`, on the Linux console.
pub(super) fn linux(byte: u8) -> Option<KeyCode> {
    matches!(byte, b'A'..=b'E').then(|| KeyCode::F(byte - b'A' + 1))
}

/// Whether these digits before a `$` are a key of rxvt; otherwise the `$` belongs to a report of a mode.
pub(super) fn is_rxvt(digits: &[u8]) -> bool {
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    digits.len() <= 2 && number.and_then(tilde).is_some()
}

/// The number of `CSI number ~`.
pub(super) fn tilde(number: u32) -> Option<KeyCode> {
    let function = |first: u32, key: u32| u8::try_from(number - first + key).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(11, 1),
        17..=21 => function(17, 6),
        23..=26 => function(23, 11),
        28..=29 => function(28, 15),
        31..=34 => function(31, 17),
        57427 => Some(KeyCode::KeypadBegin),
        _ => None,
    }
}

/// A key by its Unicode number, or by its number in kitty's private area; `with_shift` is what Shift makes of it, or 0.
pub(super) fn unicode(number: u32, with_shift: u32) -> Option<KeyCode> {
    match number {
        8 | 127 => Some(KeyCode::Backspace),
        9 => Some(KeyCode::Tab),
        10 | 13 => Some(KeyCode::Enter),
        27 => Some(KeyCode::Esc),
        57344..=63743 => kitty(number),
        _ => {
            let number = if with_shift == 0 { number } else { with_shift };
            char::from_u32(number).filter(|character| !character.is_control()).map(KeyCode::Char)
        }
    }
}

/// Keys without a character. Modifiers and locks pressed by themselves are no keys.
fn kitty(number: u32) -> Option<KeyCode> {
    const KEYPAD: [KeyCode; 11] = [
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Insert,
        KeyCode::Delete,
        KeyCode::KeypadBegin,
    ];
    const SIGNS: &[u8] = b"0123456789./*-+\r=,";
    let place = |first: u32| usize::try_from(number - first).ok();
    match number {
        57361 => Some(KeyCode::PrintScreen),
        57362 => Some(KeyCode::Pause),
        57363 => Some(KeyCode::Menu),
        57376..=57398 => u8::try_from(number - 57376 + 13).ok().map(KeyCode::F),
        57399..=57416 => SIGNS.get(place(57399)?).map(|&sign| ascii(sign).0),
        57417..=57427 => KEYPAD.get(place(57417)?).copied(),
        _ => None,
    }
}
