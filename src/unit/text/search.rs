//! Finding a text by how its words begin, whatever the case and the accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::clean::is_forbidden;

/// The form in which texts are searched: small letters without accents, `ß` as `ss`, single blanks between words.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending_blank = false;
    for c in text.nfkd() {
        if c.is_whitespace() {
            pending_blank = !out.is_empty();
            continue;
        }
        if is_combining_mark(c) || is_forbidden(c) {
            continue;
        }
        if std::mem::take(&mut pending_blank) {
            out.push(' ');
        }
        for small in c.to_lowercase().filter(|c| !is_combining_mark(*c)) {
            match plain_form(small) {
                Some(letters) => out.push_str(letters),
                None => out.push(small),
            }
        }
    }
    out
}

/// Letters whose accent is part of them and so survives decomposition, and signs that people type in their simple form.
fn plain_form(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        'þ' => "th",
        'ς' => "σ",
        '‘' | '’' | 'ʼ' => "'",
        '‐' | '–' | '—' => "-",
        _ => return None,
    })
}

/// Whether every word of the needle begins a word of the haystack, both folded, and how well: smaller is better.
///
/// Words in the haystack's order come before others, then finds nearer its start, then shorter haystacks. An empty
/// needle finds everything.
pub fn word_starts(haystack_folded: &str, needle_folded: &str) -> Option<u32> {
    let mut first_word = None;
    let mut after = 0;
    let mut out_of_order = 0;
    for word in needle_folded.split_whitespace() {
        let at = match find_start(haystack_folded, word, after) {
            Some(at) => at,
            None => {
                out_of_order = 1;
                find_start(haystack_folded, word, 0)?
            }
        };
        first_word.get_or_insert(at);
        after = at + word.len();
    }
    let bounded = |bytes: usize| u32::try_from(bytes.min(0x3fff)).unwrap_or(0x3fff);
    Some(out_of_order << 28 | bounded(first_word.unwrap_or(0)) << 14 | bounded(haystack_folded.len()))
}

/// Where, at or after `from`, a word of the haystack begins with `word`.
fn find_start(haystack: &str, word: &str, mut from: usize) -> Option<usize> {
    loop {
        let at = from + haystack.get(from..)?.find(word)?;
        if is_word_start(haystack, at) {
            return Some(at);
        }
        // Finds may overlap, so the next one is looked for one character on.
        from = at + haystack[at..].chars().next()?.len_utf8();
    }
}

/// A word begins after a blank, and where letters or digits follow something else, as in `coca-cola 0.5l`.
fn is_word_start(haystack: &str, at: usize) -> bool {
    let Some(before) = haystack[..at].chars().next_back() else {
        return true;
    };
    let here = haystack[at..].chars().next();
    before.is_whitespace() || (!before.is_alphanumeric() && here.is_some_and(char::is_alphanumeric))
}
