//! What may stay in a text and what may not.

use std::borrow::Cow;

use super::IdFault;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many marks one character may carry; more would grow over the lines above and below.
pub const MARKS: usize = 4;

/// One clean line; see [`super::Text::clean`].
pub(super) fn line(raw: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if raw.bytes().all(plain) {
        return Cow::Borrowed(raw.trim());
    }
    let kept = raw.chars().filter_map(|c| match c {
        '\t' => Some('\n'),
        c if is_line_end(c) => Some('\n'),
        c => (!is_forbidden(c)).then_some(c),
    });
    let normal: String = kept.nfc().collect();
    let out = settle(&normal);
    if out == raw { Cow::Borrowed(raw) } else { Cow::Owned(out) }
}

/// Clean lines with `\n` between them; see [`super::Text::paragraph`].
pub(super) fn paragraph(raw: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(raw.len());
    let mut blanks = 0;
    for raw_line in raw.replace("\r\n", "\n").split(is_line_end) {
        let line = line(raw_line);
        if line.is_empty() {
            blanks += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blanks > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(&line);
        blanks = 0;
    }
    Cow::Owned(out)
}

/// Makes every run of blanks that holds a line end one blank, and takes away blanks around the text, marks with nothing
/// to stand on, and marks beyond what a character may carry.
fn settle(normal: &str) -> String {
    let mut out = String::with_capacity(normal.len());
    let mut marks = 0;
    let mut after_break = false;
    for c in normal.chars() {
        if c == '\n' {
            out.truncate(out.trim_end().len());
            after_break = true;
            continue;
        }
        let is_mark = is_combining_mark(c);
        if c.is_whitespace() && (after_break || out.is_empty()) || is_mark && out.is_empty() {
            continue;
        }
        if std::mem::take(&mut after_break) && !out.is_empty() {
            out.push(' ');
        }
        marks = if is_mark { marks + 1 } else { 0 };
        if marks <= MARKS {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// What of a text nobody could see, or what would hide another part of it.
pub(super) fn hidden(raw: &str) -> Option<IdFault> {
    if raw.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    if let Some(c) = raw.chars().find(|c| !is_shown(*c)) {
        return Some(IdFault::Hidden(c));
    }
    if raw.trim() != raw {
        return Some(IdFault::Blanks);
    }
    // Before the first character there is nothing a mark could stand on.
    let mut carried = MARKS;
    for c in raw.chars() {
        carried = if is_combining_mark(c) { carried + 1 } else { 0 };
        if carried > MARKS {
            return Some(IdFault::Marks);
        }
    }
    None
}

fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A line as it may be written to a terminal: what is no character of its own there is a blank. For texts that somebody may
/// have stored by other means than this program; every other is left as it is.
pub fn shown(line: &str) -> Cow<'_, str> {
    match line.chars().all(is_shown) {
        true => Cow::Borrowed(line),
        false => Cow::Owned(line.chars().map(|c| if is_shown(c) { c } else { ' ' }).collect()),
    }
}

/// Whether a terminal shows it as a character of its own, and as nothing else.
pub fn is_shown(c: char) -> bool {
    !is_forbidden(c) && !is_line_end(c)
}

/// Control characters, format characters (category Cf, all of bidi among them), characters that show nothing, selectors
/// that change how wide a terminal draws the character before them, and code points that are no characters.
#[rustfmt::skip]
pub(super) fn is_forbidden(c: char) -> bool {
    c.is_control() || matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
        | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
    ) || (c as u32 & 0xfffe) == 0xfffe
}
