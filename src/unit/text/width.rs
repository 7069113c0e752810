//! How many terminal columns a text takes, and cutting it to them.
//!
//! Columns are counted by grapheme, as the screen's buffer does it; counting otherwise would put cells out of step.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// The columns a text takes.
pub fn width(text: &str) -> usize {
    if is_plain(text) { text.len() } else { text.graphemes(true).map(UnicodeWidthStr::width).sum() }
}

/// The text in at most `cols` columns; one that is longer ends in `…`.
pub fn fit(text: &str, cols: usize) -> String {
    if width(text) <= cols {
        return text.to_owned();
    }
    let Some(room) = cols.checked_sub(1) else {
        return String::new();
    };
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used > room {
            break;
        }
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

/// The text at the right of exactly `cols` columns, cut if it must be.
pub fn pad_left(text: &str, cols: usize) -> String {
    let text = fit(text, cols);
    let mut out = " ".repeat(cols.saturating_sub(width(&text)));
    out.push_str(&text);
    out
}

/// The text at the left of exactly `cols` columns, cut if it must be.
pub fn pad_right(text: &str, cols: usize) -> String {
    let mut out = fit(text, cols);
    let missing = cols.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
