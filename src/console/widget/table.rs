//! A list with columns: a window of rows, a marked one, numbers to the right, columns that go by priority where room is short.

use super::{part, put, put_right};
use crate::console::theme::{Look, Role};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// What words must have unless said otherwise.
const LEAST_WORDS: u16 = 14;

/// A column's head and measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// Columns it takes; 0 shares what is left.
    pub width: u16,
    /// What one that shares must have at least: other columns go before it has less.
    pub least: u16,
    /// Numbers stand to the right.
    pub right: bool,
    /// The larger, the sooner it goes when room is short; 0 never goes.
    pub goes: u8,
}

impl Column {
    /// Words, sharing what is left of the width.
    pub fn words(head: &str) -> Column {
        Column { head: head.to_owned(), width: 0, least: LEAST_WORDS, right: false, goes: 0 }
    }

    /// Words that are wanted before other columns are.
    pub fn long_words(head: &str, least: u16) -> Column {
        Column { least, ..Column::words(head) }
    }

    /// Words of a fixed width.
    pub fn fixed(head: &str, width: u16, goes: u8) -> Column {
        Column { head: head.to_owned(), width, least: 0, right: false, goes }
    }

    /// Numbers of a fixed width.
    pub fn number(head: &str, width: u16, goes: u8) -> Column {
        Column { head: head.to_owned(), width, least: 0, right: true, goes }
    }
}

/// A cell: words and what they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The words.
    pub words: String,
    /// Their role; `Text` is ordinary.
    pub role: Role,
    /// Whether a star stands before them: the row is marked to be worked on with others.
    pub starred: bool,
}

impl Cell {
    /// Ordinary words.
    pub fn of(words: impl Into<String>) -> Cell {
        Cell { words: words.into(), role: Role::Text, starred: false }
    }

    /// Words in a role.
    pub fn with(words: impl Into<String>, role: Role) -> Cell {
        Cell { words: words.into(), role, starred: false }
    }

    /// Words with a star before them.
    pub fn starred(words: impl Into<String>) -> Cell {
        Cell { words: words.into(), role: Role::Key, starred: true }
    }
}

/// What to draw.
pub struct Table<'a> {
    /// The columns.
    pub columns: &'a [Column],
    /// The rows in sight.
    pub rows: &'a [Vec<Cell>],
    /// Which of them is marked.
    pub marked: Option<usize>,
    /// Whether keys go to this list now.
    pub focused: bool,
    /// Where the window stands: first row's place and how many there are, for the mark that there are more; unknown is `None`.
    pub window: Option<(usize, usize)>,
    /// Said where there are no rows.
    pub empty: &'a str,
}

/// How many rows fit below the heads.
pub fn rows_in(area: Rect) -> usize {
    usize::from(area.height.saturating_sub(1))
}

/// Draws the table: heads in the first row, the rows below.
pub fn draw(table: &Table<'_>, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let widths = widths(table.columns, area.width.saturating_sub(3));
    let heading = look.style(Role::Heading);
    let mut x = 2;
    for (column, width) in table.columns.iter().zip(&widths).filter(|(_, width)| **width > 0) {
        cell(buffer, part(area, x, 0, *width, 1), 0, &column.head, column.right, heading);
        x += width + 2;
    }
    if table.rows.is_empty() {
        put(buffer, area, 2, 2, table.empty, look.style(Role::Muted));
        return;
    }
    for (at, row) in table.rows.iter().enumerate().take(rows_in(area)) {
        let y = at as u16 + 1;
        let marked = table.marked == Some(at);
        let line = part(area, 0, y, area.width, 1);
        if marked && table.focused {
            buffer.set_style(line, look.style(Role::Selected));
        }
        if marked {
            let mark = if look.ascii { ">" } else { "▸" };
            // On the bar it wears the bar's colour: one that changes with every step is paid for with every step.
            put(buffer, area, 0, y, mark, look.style(if table.focused { Role::Selected } else { Role::Accent }));
        }
        let mut x = 2;
        for ((column, width), content) in table.columns.iter().zip(&widths).zip(row) {
            if *width > 0 {
                // The bar has one pen: what a role says, the words say too.
                let role = if marked && table.focused { Role::Selected } else { content.role };
                let style = look.style(role);
                if content.starred {
                    put(buffer, area, x - 1, y, "*", style);
                }
                cell(buffer, part(area, x, y, *width, 1), 0, &content.words, column.right, style);
                x += width + 2;
            }
        }
    }
    more_mark(table, look, area, buffer);
}

fn cell(buffer: &mut Buffer, area: Rect, y: u16, words: &str, right: bool, style: ratatui::style::Style) {
    if right {
        put_right(buffer, area, area.width, y, words, style)
    } else {
        drop_column(put(buffer, area, 0, y, words, style))
    }
}

fn drop_column(_: u16) {}

/// The width of each column; 0 where it went for want of room.
fn widths(columns: &[Column], room: u16) -> Vec<u16> {
    let mut shown: Vec<bool> = vec![true; columns.len()];
    let need = |shown: &[bool]| -> u32 {
        let taken = columns.iter().zip(shown).filter(|(_, shown)| **shown);
        taken.map(|(column, _)| u32::from(column.width.max(column.least)) + 2).sum()
    };
    while need(&shown) > u32::from(room) + 2 {
        let candidates = columns.iter().enumerate().filter(|(at, column)| shown[*at] && column.goes > 0);
        let Some((goes, _)) = candidates.max_by_key(|(_, column)| column.goes) else { break };
        shown[goes] = false;
    }
    let fixed: u32 =
        columns.iter().zip(&shown).filter(|(_, shown)| **shown).map(|(column, _)| u32::from(column.width) + 2).sum();
    let sharing = columns.iter().zip(&shown).filter(|(column, shown)| column.width == 0 && **shown).count() as u32;
    let left = (u32::from(room) + 2).saturating_sub(fixed);
    columns
        .iter()
        .zip(&shown)
        .map(|(column, shown)| match (shown, column.width) {
            (false, _) => 0,
            (true, 0) => u16::try_from(left / sharing.max(1)).unwrap_or(0),
            (true, width) => width,
        })
        .collect()
}

/// Whether there is more above or below: before the heads, where a list that scrolls leaves it alone.
fn more_mark(table: &Table<'_>, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let Some((first, whole)) = table.window else { return };
    let (above, below) = (first > 0, first + rows_in(area) < whole);
    let mark = match (above, below, look.ascii) {
        (false, false, _) => return,
        (false, true, false) => "▼",
        (true, true, false) => "↕",
        (true, false, false) => "▲",
        (false, true, true) => "v",
        (true, true, true) => "|",
        (true, false, true) => "^",
    };
    put(buffer, area, 0, 0, mark, look.style(Role::Muted));
}

/// A list's place: which row is marked, and which is the first in sight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cursor {
    /// The marked row's place in the whole list.
    pub at: usize,
    /// The first row in sight.
    pub first: usize,
}

impl Cursor {
    /// Moves by `rows` in a list of `whole` rows of which `fit` are in sight.
    pub fn step(&mut self, rows: i64, whole: usize, fit: usize) {
        let last = whole.saturating_sub(1) as i64;
        let at = i64::try_from(self.at).unwrap_or(last).saturating_add(rows);
        self.at = usize::try_from(at.clamp(0, last.max(0))).unwrap_or(0);
        self.keep_in_sight(whole, fit);
    }

    /// Puts the marked row within the list and in sight.
    pub fn keep_in_sight(&mut self, whole: usize, fit: usize) {
        self.at = self.at.min(whole.saturating_sub(1));
        let fit = fit.max(1);
        self.first = self.first.clamp((self.at + 1).saturating_sub(fit), self.at);
        self.first = self.first.min(whole.saturating_sub(fit));
    }

    /// Takes a list action; whether it was one.
    pub fn act(&mut self, action: crate::console::keymap::Action, whole: usize, fit: usize) -> bool {
        use crate::console::keymap::Action;
        let page = fit.max(2) as i64 - 1;
        match action {
            Action::Up => self.step(-1, whole, fit),
            Action::Down => self.step(1, whole, fit),
            Action::PageUp => self.step(-page, whole, fit),
            Action::PageDown => self.step(page, whole, fit),
            Action::Home => self.step(i64::MIN / 2, whole, fit),
            Action::End => self.step(i64::MAX / 2, whole, fit),
            _ => return false,
        }
        true
    }
}

/// Shortens words to a width with `…`.
pub fn cut(words: &str, columns: usize) -> String {
    text::fit(words, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_priority_and_words_share_the_rest() {
        let columns = [
            Column::words("Name"),
            Column::number("Price", 10, 0),
            Column::fixed("Category", 12, 2),
            Column::number("Cost", 10, 1),
        ];
        assert_eq!(widths(&columns, 80), vec![42, 10, 12, 10]);
        assert_eq!(widths(&columns, 40)[2], 0);
        assert_eq!(widths(&columns, 28)[3], 0);
    }

    #[test]
    fn the_marked_row_stays_in_sight() {
        let mut cursor = Cursor::default();
        cursor.step(25, 100, 10);
        assert_eq!((cursor.at, cursor.first), (25, 16));
        cursor.step(-12, 100, 10);
        assert_eq!((cursor.at, cursor.first), (13, 13));
        cursor.step(1_000, 100, 10);
        assert_eq!((cursor.at, cursor.first), (99, 90));
        cursor.keep_in_sight(5, 10);
        assert_eq!((cursor.at, cursor.first), (4, 0));
        cursor.keep_in_sight(0, 0);
        assert_eq!((cursor.at, cursor.first), (0, 0));
    }
}
