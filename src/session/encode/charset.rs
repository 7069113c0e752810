//! What stands in for a character that the terminal cannot show. A stand-in is as wide as what it replaces.

use unicode_normalization::UnicodeNormalization;

use crate::session::client::Repertoire;

/// The character to draw for `character`, which takes one column.
pub(super) fn shown(character: char, repertoire: Repertoire) -> char {
    if character.is_ascii() || repertoire == Repertoire::Full {
        return character;
    }
    if repertoire == Repertoire::Console && console_has(character) {
        return character;
    }
    match character {
        '─' | '━' | '╌' | '┄' | '╴' | '╶' | '–' | '—' | '−' | '‐' | '‑' | '▁' => '-',
        '═' => '=',
        '│' | '┃' | '║' | '┆' | '┊' | '▏' | '▎' | '▍' | '▌' | '▐' | '▕' => '|',
        '┌'..='╋' | '╒'..='╬' | '╭'..='╰' => '+',
        '█' | '▓' | '▇' | '▆' | '▅' | '▉' | '▊' | '▋' => '#',
        '▒' | '▄' | '▃' | '▀' => '=',
        '░' | '▂' => ':',
        '·' | '•' | '‧' | '⋅' => '.',
        '…' => '.',
        '▸' | '▶' | '►' | '›' | '»' | '→' | '❯' => '>',
        '◂' | '◀' | '◄' | '‹' | '«' | '←' => '<',
        '▲' | '△' | '▴' | '↑' => '^',
        '▼' | '▽' | '▾' | '↓' => 'v',
        '●' | '◆' | '■' | '★' => '*',
        '○' | '◇' | '□' | '☆' => 'o',
        '↕' => '|',
        '✓' | '✔' => 'v',
        '✕' | '✗' | '✘' | '×' => 'x',
        '‘' | '’' | '´' => '\'',
        '“' | '”' | '„' => '"',
        '\u{2800}' => ' ',
        '\u{2801}'..='\u{28ff}' => '*',
        '€' => 'E',
        '£' => 'L',
        'ß' => 's',
        'Ø' => 'O',
        'ø' => 'o',
        'Ł' => 'L',
        'ł' => 'l',
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ' ',
        _ => character.nfd().next().filter(char::is_ascii).unwrap_or('?'),
    }
}

/// Whether the usual font of a Linux console holds it.
fn console_has(character: char) -> bool {
    matches!(character, '\u{a1}'..='\u{ff}' | '─' | '│' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼')
        || matches!(
            character,
            '═'
                ..='╬'
                    | '▀'
                    | '▄'
                    | '█'
                    | '▌'
                    | '▐'
                    | '░'
                    | '▒'
                    | '▓'
                    | '■'
                    | '•'
                    | '→'
                    | '←'
                    | '↑'
                    | '↓'
                    | '↕'
        )
        || matches!(character, '▲' | '►' | '▼' | '◄')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_printable_ascii() {
        for character in (0xa0..0x3000).filter_map(char::from_u32) {
            let shown = shown(character, Repertoire::Ascii);
            assert!(matches!(shown, ' '..='~'), "{character:?} became {shown:?}");
        }
        assert_eq!(shown('é', Repertoire::Ascii), 'e');
        assert_eq!(shown('─', Repertoire::Ascii), '-');
        assert_eq!(shown('▸', Repertoire::Ascii), '>');
    }

    #[test]
    fn a_console_keeps_latin_letters_and_lines() {
        for character in ['é', '─', '█', '½'] {
            assert_eq!(shown(character, Repertoire::Console), character);
        }
        assert_eq!(shown('⣿', Repertoire::Console), '*');
        assert_eq!(shown('▸', Repertoire::Console), '>');
        assert_eq!(shown('⣿', Repertoire::Full), '⣿');
    }
}
