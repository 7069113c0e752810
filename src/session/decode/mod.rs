//! Bytes from a terminal to events, one byte at a time, so that any split of the bytes gives the same events.
//!
//! Two rules come before all others: what is not understood never becomes typed text, and what the terminal says by itself
//! (a [`Reply`]) never becomes a key. The decoder knows no clock: [`Decoder::patience`] says how long to wait for more
//! bytes, and the caller calls [`Decoder::timeout`] when none came.

mod csi;
mod key;
mod mouse;
mod paste;
mod reply;
#[cfg(test)]
mod tests;
mod utf8;

use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyModifiers};

use self::{
    csi::Csi,
    key::press,
    paste::Paste,
    utf8::{Step, Utf8},
};
pub use reply::Reply;

/// What the bytes meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Somebody did something.
    Event(Event),
    /// The terminal answered a question.
    Reply(Reply),
}

/// Bounds on waiting and on memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a lone Esc waits for the rest of a sequence: 25 ms here, 60 ms over SSH.
    pub escape: Duration,
    /// How long an unfinished sequence waits before it is forgotten.
    pub sequence: Duration,
    /// How long an unfinished paste waits before it counts as finished.
    pub silence: Duration,
    /// The most bytes of one paste that are delivered; the rest is swallowed.
    pub paste: usize,
    /// The most bytes kept of one control string.
    pub string: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            escape: Duration::from_millis(25),
            sequence: Duration::from_secs(1),
            silence: Duration::from_secs(5),
            paste: 64 * 1024,
            string: 1024,
        }
    }
}

/// The most bytes of parameters in one control sequence; no terminal sends half as many.
const PARAMETERS: usize = 96;

const ESC: u8 = 0x1b;

/// Where in a sequence the bytes stand.
#[derive(Debug)]
enum State {
    Ground,
    /// A character of several bytes, begun; true when an Esc came before it.
    Character(Utf8, bool),
    /// Esc, and nothing yet.
    Escape,
    /// Esc and a character: Alt if nothing follows, else two keys.
    ///
    /// A scanner may begin just after someone pressed Esc, and its first digit must not be lost.
    Held(char),
    /// `ESC [`, its bytes in the buffer.
    Csi,
    /// A control sequence that grew too long.
    CsiIgnored,
    /// `ESC [ [`, a function key of the Linux console.
    LinuxKey,
    /// `ESC O`, its modifier digits in the buffer.
    Ss3,
    /// `ESC [ M`, the bytes of an old mouse report in the buffer.
    OldMouse,
    /// OSC, DCS, APC, PM or SOS by its introducer, its bytes in the buffer.
    String(u8),
    /// An Esc within a control string: its end, or a new sequence.
    StringEscape(u8),
    Pasting(Paste),
}

/// Turns bytes into [`Input`]. See the module's description for its rules.
#[derive(Debug)]
pub struct Decoder {
    limits: Limits,
    state: State,
    buffer: Vec<u8>,
    after_return: bool,
}

impl Decoder {
    /// A decoder that has seen nothing.
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: State::Ground, buffer: Vec::new(), after_return: false }
    }

    /// Takes bytes as they came and appends what they mean.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        for &byte in bytes {
            // A byte that ends a sequence without belonging to it is looked at again, once, in the state it led to.
            while !self.take(byte, out) {}
        }
    }

    /// Whether a lone Esc, or an Esc and one character, waits to be told apart from a sequence.
    pub fn pending_escape(&self) -> bool {
        matches!(self.state, State::Escape | State::Held(_) | State::StringEscape(_))
    }

    /// How long to wait for more bytes before calling [`Decoder::timeout`]; `None` when nothing is unfinished.
    pub fn patience(&self) -> Option<Duration> {
        match &self.state {
            State::Ground => None,
            State::Escape | State::Held(_) | State::StringEscape(_) => Some(self.limits.escape),
            // Alt-[ looks like the beginning of a sequence, but is rarer than one torn apart by a slow line.
            State::Csi | State::Ss3 | State::String(_) if self.buffer.is_empty() => Some(self.limits.escape * 4),
            State::Pasting(_) => Some(self.limits.silence),
            _ => Some(self.limits.sequence),
        }
    }

    /// Says that no more bytes came: settles a pending Esc, forgets half a sequence, ends an unfinished paste.
    pub fn timeout(&mut self, out: &mut Vec<Input>) {
        let bare = self.buffer.is_empty();
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Escape | State::StringEscape(_) => out.push(press(KeyCode::Esc, KeyModifiers::NONE)),
            State::Held(character) => out.push(press(KeyCode::Char(character), KeyModifiers::ALT)),
            State::Csi if bare => out.push(press(KeyCode::Char('['), KeyModifiers::ALT)),
            State::Ss3 if bare => out.push(press(KeyCode::Char('O'), KeyModifiers::ALT)),
            State::String(introducer) if bare => {
                out.push(press(KeyCode::Char(char::from(introducer)), KeyModifiers::ALT));
            }
            State::Character(_, escaped) => broken_character(escaped, out),
            State::Pasting(paste) => out.push(Input::Event(Event::Paste(paste.finish()))),
            _ => {}
        }
        self.forget();
    }

    /// Whether `byte` was used up; if not, the state has changed and it must be offered again.
    fn take(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        match &mut self.state {
            State::Ground => self.ground(byte, out),
            State::Character(..) => return self.character(byte, out),
            State::Escape => self.escape(byte, out),
            State::Held(character) => {
                let held = *character;
                return self.held(held, byte, out);
            }
            State::Csi => return self.csi(byte, out),
            State::CsiIgnored => match byte {
                0x20..=0x3f => {}
                _ => return self.end_unknown(byte),
            },
            State::LinuxKey => {
                self.state = State::Ground;
                if !(0x20..0x7f).contains(&byte) {
                    return self.end_unknown(byte);
                }
                out.extend(key::linux(byte).map(|code| press(code, KeyModifiers::NONE)));
            }
            State::Ss3 => return self.ss3(byte, out),
            State::OldMouse => return self.old_mouse(byte, out),
            State::String(introducer) => {
                let introducer = *introducer;
                self.string(introducer, byte, out);
            }
            State::StringEscape(introducer) => {
                let introducer = *introducer;
                self.state = State::Escape;
                if byte != b'\\' {
                    self.forget();
                    return false;
                }
                self.end_string(introducer, out);
            }
            State::Pasting(paste) => {
                if paste.push(byte, self.limits.paste) {
                    let text = std::mem::take(paste).finish();
                    self.state = State::Ground;
                    out.push(Input::Event(Event::Paste(text)));
                }
            }
        }
        true
    }

    fn ground(&mut self, byte: u8, out: &mut Vec<Input>) {
        match byte {
            ESC => {
                self.after_return = false;
                self.state = State::Escape;
            }
            0x80.. => {
                self.after_return = false;
                match Utf8::begin(byte) {
                    Some(begun) => self.state = State::Character(begun, false),
                    None => broken_character(false, out),
                }
            }
            _ => self.plain(byte, KeyModifiers::NONE, out),
        }
    }

    /// An ASCII byte that is a key by itself.
    fn plain(&mut self, byte: u8, modifiers: KeyModifiers, out: &mut Vec<Input>) {
        let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
        if byte == b'\n' && after_return {
            return;
        }
        let (code, more) = key::ascii(byte);
        out.push(press(code, modifiers | more));
    }

    fn character(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        let State::Character(begun, escaped) = &mut self.state else { return true };
        let (step, escaped) = (begun.push(byte), *escaped);
        match step {
            Step::More => return true,
            Step::Broken => {
                self.state = State::Ground;
                broken_character(escaped, out);
                return false;
            }
            // The upper control characters are nobody's typing.
            Step::Done(character) if character.is_control() => self.state = State::Ground,
            Step::Done(character) if escaped => self.state = State::Held(character),
            Step::Done(character) => {
                self.state = State::Ground;
                out.push(press(KeyCode::Char(character), KeyModifiers::NONE));
            }
        }
        true
    }

    fn escape(&mut self, byte: u8, out: &mut Vec<Input>) {
        self.forget();
        match byte {
            // Not taken as the Alt of what follows, as one old terminal has it: over a slow line Esc and then an arrow
            // come together.
            ESC => out.push(press(KeyCode::Esc, KeyModifiers::NONE)),
            b'[' => self.state = State::Csi,
            b'O' => self.state = State::Ss3,
            b'P' | b'X' | b'^' | b'_' | b']' => self.state = State::String(byte),
            0x20..=0x7e => self.state = State::Held(char::from(byte)),
            0x80.. => match Utf8::begin(byte) {
                Some(begun) => self.state = State::Character(begun, true),
                None => {
                    self.state = State::Ground;
                    broken_character(true, out);
                }
            },
            _ => {
                self.state = State::Ground;
                self.plain(byte, KeyModifiers::ALT, out);
            }
        }
    }

    fn held(&mut self, held: char, byte: u8, out: &mut Vec<Input>) -> bool {
        if byte == ESC {
            // Neither a scanner nor a typist sends this next: it begins another key, or a reply.
            self.state = State::Escape;
            out.push(press(KeyCode::Char(held), KeyModifiers::ALT));
            return true;
        }
        self.state = State::Ground;
        out.push(press(KeyCode::Esc, KeyModifiers::NONE));
        out.push(press(KeyCode::Char(held), KeyModifiers::NONE));
        false
    }

    fn csi(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        match byte {
            b'[' if self.buffer.is_empty() => self.state = State::LinuxKey,
            b'M' if self.buffer.is_empty() => self.state = State::OldMouse,
            b'$' if key::is_rxvt(&self.buffer) => self.end_csi(byte, out),
            0x20..=0x3f if self.buffer.len() < PARAMETERS => self.buffer.push(byte),
            0x20..=0x3f => self.state = State::CsiIgnored,
            0x40..0x7f => self.end_csi(byte, out),
            _ => return self.end_unknown(byte),
        }
        true
    }

    fn end_csi(&mut self, last: u8, out: &mut Vec<Input>) {
        self.state = State::Ground;
        let Some(csi) = Csi::parse(&self.buffer, last) else { return };
        if csi.is_key(b'~', 200) {
            self.state = State::Pasting(Paste::default());
        } else {
            out.extend(csi.meaning());
        }
    }

    fn ss3(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        match byte {
            b'0'..=b'9' if self.buffer.len() < 2 => self.buffer.push(byte),
            0x20..0x7f => {
                self.state = State::Ground;
                let digits = self.buffer.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
                out.extend(key::ss3(byte).map(|(code, more)| press(code, more | key::modifiers(digits))));
            }
            _ => return self.end_unknown(byte),
        }
        true
    }

    fn old_mouse(&mut self, byte: u8, out: &mut Vec<Input>) -> bool {
        if byte < 0x20 {
            return self.end_unknown(byte);
        }
        self.buffer.push(byte);
        if let [buttons, column, row] = self.buffer[..] {
            self.state = State::Ground;
            out.extend(mouse::old(buttons, column, row));
        }
        true
    }

    fn string(&mut self, introducer: u8, byte: u8, out: &mut Vec<Input>) {
        match byte {
            ESC => self.state = State::StringEscape(introducer),
            0x07 => self.end_string(introducer, out),
            0x20.. if self.buffer.len() < self.limits.string => self.buffer.push(byte),
            0x20.. => {}
            _ => {
                self.end_unknown(byte);
            }
        }
    }

    fn end_string(&mut self, introducer: u8, out: &mut Vec<Input>) {
        self.state = State::Ground;
        let whole = self.buffer.len() < self.limits.string;
        if whole {
            out.extend(reply::string(introducer, &self.buffer).map(Input::Reply));
        }
        self.forget();
    }

    /// A byte that no sequence of this kind holds: the sequence is dropped, and a control byte with it. Esc and
    /// characters of several bytes begin something new.
    fn end_unknown(&mut self, byte: u8) -> bool {
        self.state = State::Ground;
        self.forget();
        self.after_return = byte == b'\r';
        byte != ESC && byte < 0x80
    }

    /// Gives back the memory of a long sequence.
    fn forget(&mut self) {
        self.buffer.clear();
        self.buffer.shrink_to(PARAMETERS);
    }
}

/// Bytes that are no character. A scanned code with one of these must not look like another code, so they are shown.
fn broken_character(escaped: bool, out: &mut Vec<Input>) {
    if escaped {
        out.push(press(KeyCode::Esc, KeyModifiers::NONE));
    }
    out.push(press(KeyCode::Char(char::REPLACEMENT_CHARACTER), KeyModifiers::NONE));
}
