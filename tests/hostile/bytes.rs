//! What a terminal may be sent: characters that take room, and the sequences that the encoder draws with.
//!
//! Knows the wire, and nothing of what is on it.

use till::unit::text::width;

/// What a sequence ends with that moves, erases, colours, scrolls, repeats or switches a mode.
const FINAL: &str = "ABCDEFGHJKLMPSTXbcdghlmnrtu`@";
/// As many marks as one character may carry.
const MARKS: usize = 4;

/// Nothing but characters with a width, marks on them, CSI sequences of the encoder's own, the bell, and text for the clipboard
/// in base 64. Says what else there is.
pub fn only_cells(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|why| why.to_string())?;
    let mut letters = text.chars().peekable();
    let mut marks = 0;
    while let Some(letter) = letters.next() {
        let is_mark = width(letter.encode_utf8(&mut [0; 4])) == 0 && !letter.is_control();
        marks = if is_mark { marks + 1 } else { 0 };
        if marks > MARKS {
            return Err(format!("more than {MARKS} marks on one character"));
        }
        match letter {
            '\u{1b}' => sequence(&mut letters)?,
            '\r' | '\n' | '\u{8}' | '\u{7}' => {}
            letter if letter.is_control() => return Err(format!("a control character {letter:?}")),
            letter if steers(letter) => return Err(format!("a character that steers text: {letter:?}")),
            _ => {}
        }
    }
    Ok(())
}

fn sequence(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<(), String> {
    match letters.next() {
        // One row up at the top of a region scrolls it; the keypad as it is.
        Some('M' | '>') => Ok(()),
        Some('[') => {
            let is_parameter =
                |letter: &char| matches!(letter, '0'..='9' | ';' | ':' | '?' | '<' | '>' | '=' | ' ' | '$');
            match letters.by_ref().find(|letter| !is_parameter(letter)) {
                Some(last) if FINAL.contains(last) => Ok(()),
                last => Err(format!("a sequence that ends with {last:?}")),
            }
        }
        Some(']') => {
            let words: String = letters.by_ref().take_while(|letter| *letter != '\u{7}').collect();
            let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
            match words.strip_prefix("52;c;") {
                Some(copied) if copied.bytes().all(is_digit) => Ok(()),
                _ => Err(format!("a command to the terminal: {words:?}")),
            }
        }
        other => Err(format!("an escape before {other:?}")),
    }
}

/// Characters of bidi, joiners, selectors, tags, and whatever else changes how those beside it are shown.
fn steers(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[test]
fn what_text_could_bring_along_is_found() {
    for wrong in [
        "\u{1b}]0;owned\u{7}",
        "\u{1b}P1$q\u{1b}\\",
        "\u{9b}31m",
        "a\u{202e}b",
        "a\u{200d}b",
        "\u{1b}[5i",
        "\u{1b}c",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}",
        "\u{1b}]52;c;not this\u{7}",
        "\t",
        "\u{7f}",
    ] {
        assert!(only_cells(wrong.as_bytes()).is_err(), "{wrong:?}");
    }
    assert!(only_cells(b"\xff").is_err());
    assert_eq!(
        only_cells("\u{1b}[?2026h\u{1b}[38;5;4;1m漢e\u{301}\u{1b}[K\u{1b}]52;c;Zm8=\u{7}\r\n".as_bytes()),
        Ok(())
    );
}
