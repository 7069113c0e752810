//! Code page 858, which nearly every receipt printer has: which characters it knows, and what stands in for the others.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The upper half of code page 858, from 0x80 on.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// Characters that no removal of marks makes printable, and what is printed for them.
const STAND_INS: &[(&str, &str)] = &[
    ("‘’‚‛′", "'"),
    ("“”„‟″", "\""),
    ("‐‑‒–—―−", "-"),
    ("…", "..."),
    ("•●", "*"),
    ("\u{2009}\u{202f}\u{2007}", " "),
    ("ł", "l"),
    ("Ł", "L"),
    ("đ", "d"),
    ("Đ", "D"),
    ("ħ", "h"),
    ("Ħ", "H"),
    ("ı", "i"),
    ("œ", "oe"),
    ("Œ", "OE"),
    ("ẞ", "SS"),
    ("№", "No."),
    ("™", "TM"),
    ("ŋ", "ng"),
    ("ŧ", "t"),
    ("₂", "2"),
];

/// Alphabets with the letters that stand in for theirs, in lower case.
const LETTERS: &[(&str, &[&str])] = &[
    (
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґў",
        &[
            "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
            "f", "kh", "ts", "ch", "sh", "shch", "", "y", "", "e", "yu", "ya", "ye", "i", "yi", "g", "u",
        ],
    ),
    (
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        &[
            "a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t", "y",
            "f", "ch", "ps", "o",
        ],
    ),
];

/// The byte of a character, if the code page has it.
pub fn byte(c: char) -> Option<u8> {
    if (' '..='~').contains(&c) {
        return u8::try_from(c).ok();
    }
    let at = UPPER.chars().position(|known| known == c)?;
    u8::try_from(at + 0x80).ok()
}

/// The text in characters that the code page has; `?` where nothing stands in.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        if byte(c).is_some() {
            out.push(c);
        } else if let Some(words) = stand_in(c) {
            out.push_str(&words);
        } else if !is_combining_mark(c) {
            out.push('?');
        }
    }
    out
}

fn stand_in(c: char) -> Option<String> {
    if let Some((_, words)) = STAND_INS.iter().find(|(from, _)| from.contains(c)) {
        return Some((*words).to_owned());
    }
    if let Some(words) = letter(c) {
        return Some(words);
    }
    // Without its marks: š is s, ă is a, й is и.
    let base = std::iter::once(c).nfd().next().filter(|base| *base != c)?;
    if byte(base).is_some() { Some(base.to_string()) } else { letter(base) }
}

fn letter(c: char) -> Option<String> {
    let lower = c.to_lowercase().next()?;
    let (at, words) = LETTERS
        .iter()
        .find_map(|(alphabet, words)| alphabet.chars().position(|known| known == lower).map(|at| (at, words)))?;
    let word = words.get(at)?;
    if lower == c {
        return Some((*word).to_owned());
    }
    let mut letters = word.chars();
    Some(letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect())
}

/// The bytes of a text; what the code page does not have is `?`.
pub fn encode(text: &str) -> Vec<u8> {
    text.chars().map(|c| byte(c).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_half_is_whole_and_where_it_should_be() {
        assert_eq!(UPPER.chars().count(), 128);
        for (c, at) in
            [('Ç', 0x80), ('é', 0x82), ('£', 0x9c), ('×', 0x9e), ('€', 0xd5), ('ß', 0xe1), ('±', 0xf1), ('°', 0xf8)]
        {
            assert_eq!(byte(c), Some(at), "{c}");
        }
    }

    #[test]
    fn what_it_does_not_have_is_written_otherwise() {
        assert_eq!(printable("Brīvības – „Kaķis”…"), "Brivibas - \"Kakis\"...");
        assert_eq!(printable("Łódź Žižkov ăâ"), "Lódz Zizkov aâ");
        assert_eq!(printable("Щука Йод"), "Shchuka Iod");
        assert_eq!(printable("Ώρα Ψωμί"), "Ora Psomi");
        assert_eq!(printable("咖啡 ☕"), "?? ?");
        assert_eq!(printable("e\u{301}"), "é");
        assert!(printable("a\u{301}\u{302}").chars().all(|c| byte(c).is_some()));
    }
}
