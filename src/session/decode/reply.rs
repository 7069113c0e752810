//! What a terminal says by itself. None of it is ever a key.

use super::csi::Csi;

/// A terminal's answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Device status; 0 is "ready" and says that all bytes before the question have been taken in.
    Status(u32),
    /// Where the cursor stands, counted from 1.
    Cursor {
        /// Row.
        row: u32,
        /// Column.
        column: u32,
    },
    /// Device attributes; the byte is `?` for primary, `>` for secondary, `=` for tertiary.
    Attributes(u8, Vec<u32>),
    /// Whether a mode is set: 0 unknown, 1 set, 2 reset, 3 always set, 4 always reset.
    Mode {
        /// A DEC private mode, not an ANSI one.
        private: bool,
        /// Its number.
        number: u32,
        /// Its state.
        state: u32,
    },
    /// The flags of the kitty keyboard protocol that are on. Only a terminal that speaks it answers.
    Keyboard(u32),
    /// Size, position or state of the window.
    Window(Vec<u32>),
    /// A colour: the number of the OSC and what follows it (`rgb:ffff/ffff/ffff`).
    Colour(u32, String),
    /// Name and version of the terminal.
    Version(String),
}

/// The reply in a control sequence, if it is one.
pub(super) fn csi(csi: &Csi) -> Option<Reply> {
    let first = csi.first();
    Some(match (csi.prefix, csi.intermediate, csi.last) {
        (None | Some(b'?'), None, b'n') => Reply::Status(first),
        (None | Some(b'?'), None, b'R') => Reply::Cursor { row: first, column: csi.value(1, 0) },
        (Some(prefix @ (b'?' | b'>' | b'=')), None, b'c') => Reply::Attributes(prefix, csi.firsts()),
        (Some(b'?'), None, b'u') => Reply::Keyboard(first),
        (None, None, b't') => Reply::Window(csi.firsts()),
        (prefix @ (None | Some(b'?')), Some(b'$'), b'y') => {
            Reply::Mode { private: prefix.is_some(), number: first, state: csi.value(1, 0) }
        }
        _ => return None,
    })
}

/// The reply in a control string, if it is one that anybody asks for.
pub(super) fn string(introducer: u8, bytes: &[u8]) -> Option<Reply> {
    let text = std::str::from_utf8(bytes).ok()?;
    match introducer {
        b']' => {
            let (number, rest) = text.split_once(';')?;
            let number = number.parse().ok()?;
            matches!(number, 4 | 10..=19).then(|| Reply::Colour(number, rest.to_owned()))
        }
        b'P' => text.strip_prefix(">|").map(|name| Reply::Version(name.to_owned())),
        _ => None,
    }
}
