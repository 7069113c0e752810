//! The control sequences that prepare a terminal for a session, give it back, and carry what is not cells.

use super::client::Client;

/// Asks which flags of the kitty keyboard protocol are on, and then, because only a terminal that speaks it answers, for
/// what every terminal knows of itself.
const ASK_KEYBOARD: &[u8] = b"\x1b[?u\x1b[c";
/// Asks whether all bytes so far have been taken in.
pub(super) const ASK_STATUS: &[u8] = b"\x1b[5n";
/// Lets keys that used to look alike differ, Esc first of all.
pub(super) const DISTINCT_KEYS: &[u8] = b"\x1b[>1u";

/// Takes the terminal over: the alternate screen without wrapping, pastes in brackets, mouse reports. `keyboard` when it
/// is known to speak the kitty protocol; otherwise it is asked.
pub(super) fn opening(client: &Client, keyboard: bool) -> Vec<u8> {
    let mut bytes = b"\x1b[?1049h\x1b[?7l\x1b[?1l\x1b>\x1b[?2004h".to_vec();
    if client.mouse {
        bytes.extend_from_slice(b"\x1b[?1002h\x1b[?1006h");
    }
    match (client.keyboard, keyboard) {
        (true, true) => bytes.extend_from_slice(DISTINCT_KEYS),
        (true, false) => bytes.extend_from_slice(ASK_KEYBOARD),
        _ => {}
    }
    bytes
}

/// Gives the terminal back, whatever a session left it in.
pub(super) fn closing(client: &Client) -> Vec<u8> {
    let mut bytes = b"\x1b[?2026l".to_vec();
    if client.keyboard {
        bytes.extend_from_slice(b"\x1b[<u");
    }
    if client.mouse {
        bytes.extend_from_slice(b"\x1b[?1006l\x1b[?1002l");
    }
    bytes.extend_from_slice(b"\x1b[?2004l\x1b[?7h\x1b[r\x1b[m\x1b[?25h\x1b[?1049l");
    bytes
}

/// Keeps the window's title for [`RESTORE_TITLE`].
pub(super) const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
/// Brings back the title that was kept.
pub(super) const RESTORE_TITLE: &[u8] = b"\x1b[23;2t";

/// Names the window.
pub(super) fn title(out: &mut Vec<u8>, title: &str) {
    let clean: String = title.chars().filter(|character| !character.is_control()).take(200).collect();
    out.extend_from_slice(b"\x1b]2;");
    out.extend_from_slice(clean.as_bytes());
    out.push(0x07);
}

/// Puts a text on the clipboard (OSC 52, base 64).
pub(super) fn clipboard(out: &mut Vec<u8>, text: &str) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.extend_from_slice(b"\x1b]52;c;");
    for group in text.as_bytes().chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            out.push(if place > group.len() { b'=' } else { DIGITS[digit] });
        }
    }
    out.push(0x07);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clipboard_text_is_in_base_64() {
        for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("Käse", "S8Okc2U=")] {
            let mut out = Vec::new();
            clipboard(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), format!("\x1b]52;c;{encoded}\x07"));
        }
    }

    #[test]
    fn a_title_cannot_break_out_of_its_sequence() {
        let mut out = Vec::new();
        title(&mut out, "till\x07\x1b]52;c;AAAA\u{9c}");
        assert_eq!(out, b"\x1b]2;till]52;c;AAAA\x07");
    }

    #[test]
    fn closing_undoes_what_opening_set() {
        let client = Client::default();
        let closing = String::from_utf8(closing(&client)).unwrap();
        for mode in ["1049", "2004", "1002", "1006"] {
            assert!(closing.contains(&format!("\x1b[?{mode}l")), "{mode}");
        }
        let plain = Client { keyboard: false, mouse: false, ..client };
        assert!(!String::from_utf8(opening(&plain, false)).unwrap().contains("u"));
    }
}
