//! Things that are drawn on more than one screen. Each is a function from plain values to cells, and none panics at any size.

pub mod beside;
pub mod chart;
pub mod chrome;
pub mod digits;
pub mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::unit::text;

/// Writes `words` from column `x` of `area`'s row `y` (both from its corner), cut to the area; the column after them.
pub fn put(buffer: &mut Buffer, area: Rect, x: u16, y: u16, words: &str, style: Style) -> u16 {
    if x >= area.width || y >= area.height {
        return x;
    }
    let room = usize::from(area.width - x);
    let fitted = if text::width(words) > room { text::fit(words, room) } else { words.to_owned() };
    let (next, _) = buffer.set_stringn(area.x + x, area.y + y, &fitted, room, style);
    next - area.x
}

/// Writes `words` so that they end before column `end`.
pub fn put_right(buffer: &mut Buffer, area: Rect, end: u16, y: u16, words: &str, style: Style) {
    let width = u16::try_from(text::width(words)).unwrap_or(u16::MAX);
    put(buffer, area, end.saturating_sub(width), y, words, style);
}

/// Fills a row or a region with a style, keeping nothing of what was there.
pub fn fill(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

/// A horizontal line.
pub fn rule(buffer: &mut Buffer, area: Rect, y: u16, style: Style, ascii: bool) {
    let line = if ascii { "-" } else { "─" }.repeat(usize::from(area.width));
    put(buffer, area, 0, y, &line, style);
}

/// A vertical line at column `x`.
pub fn upright(buffer: &mut Buffer, area: Rect, x: u16, style: Style, ascii: bool) {
    for y in 0..area.height {
        put(buffer, area, x, y, if ascii { "|" } else { "│" }, style);
    }
}

/// A part of `area`: from column and row, at most so wide and high.
pub fn part(area: Rect, x: u16, y: u16, width: u16, height: u16) -> Rect {
    let x = x.min(area.width);
    let y = y.min(area.height);
    Rect { x: area.x + x, y: area.y + y, width: width.min(area.width - x), height: height.min(area.height - y) }
}

/// Words in at most so many rows of so many columns, broken at blanks; what is beyond is cut with `…`.
pub fn wrap(words: &str, columns: usize, rows: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in words.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        let fits = line.is_empty() || text::width(line) + 1 + text::width(word) <= columns;
        if fits || lines.len() == rows {
            let line = &mut lines[last];
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| text::fit(&line, columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn words_are_broken_at_blanks_and_cut_only_at_the_end() {
        assert_eq!(wrap("write digits and a point", 12, 2), ["write digits", "and a point"]);
        assert_eq!(wrap("short", 12, 2), ["short"]);
        assert_eq!(wrap("one two three four five", 8, 2), ["one two", "three f…"]);
        assert_eq!(wrap("", 8, 2), [""]);
    }
}
