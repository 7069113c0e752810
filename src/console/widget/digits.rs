//! Large digits, three rows high, for the total of a sale.

use super::put;
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Rows a large number takes.
pub const HEIGHT: u16 = 3;

const BLOCKS: [(char, [&str; 3]); 14] = [
    ('0', ["█▀█", "█ █", "▀▀▀"]),
    ('1', ["▀█ ", " █ ", "▀▀▀"]),
    ('2', ["▀▀█", "█▀▀", "▀▀▀"]),
    ('3', ["▀▀█", " ▀█", "▀▀▀"]),
    ('4', ["█ █", "▀▀█", "  ▀"]),
    ('5', ["█▀▀", "▀▀█", "▀▀▀"]),
    ('6', ["█▀▀", "█▀█", "▀▀▀"]),
    ('7', ["▀▀█", "  █", "  ▀"]),
    ('8', ["█▀█", "█▀█", "▀▀▀"]),
    ('9', ["█▀█", "▀▀█", "▀▀▀"]),
    ('.', [" ", " ", "▀"]),
    (',', [" ", " ", "▄"]),
    ('-', ["  ", "▀▀", "  "]),
    (' ', ["  ", "  ", "  "]),
];

/// The columns `number` takes when drawn large.
pub fn width(number: &str) -> u16 {
    let columns: usize = number.chars().map(|letter| glyph(letter).map_or(2, |rows| text::width(rows[0]) + 1)).sum();
    u16::try_from(columns.saturating_sub(1)).unwrap_or(u16::MAX)
}

/// Draws `number` so that it ends at the right edge of `area`; in plain digits where it has no room or only ASCII is to be had.
pub fn draw(buffer: &mut Buffer, area: Rect, number: &str, style: Style, ascii: bool) {
    if ascii || area.height < HEIGHT || width(number) > area.width {
        let row = area.height.saturating_sub(1) / 2;
        super::put_right(buffer, area, area.width, row, number, style);
        return;
    }
    let mut x = area.width - width(number);
    for letter in number.chars() {
        let Some(rows) = glyph(letter) else { continue };
        for (y, row) in (0..).zip(rows) {
            put(buffer, area, x, y, row, style);
        }
        x += u16::try_from(text::width(rows[0])).unwrap_or(0) + 1;
    }
}

fn glyph(letter: char) -> Option<&'static [&'static str; 3]> {
    BLOCKS.iter().find(|(known, _)| *known == letter).map(|(_, rows)| rows)
}
