//! Watching another session: what it shows, live and read-only.

use super::App;
use crate::console::keymap::{Action, Context, Typing};
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::{fill, put};
use crate::domain::Right;
use crate::unit::text;
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use std::sync::Arc;

/// Columns that left and right go at once.
const ACROSS: u16 = 10;

/// What is watched.
#[derive(Debug)]
pub(super) struct Watched {
    session: u64,
    name: String,
    /// The column and row that stand in the corner: the other's terminal may be larger.
    corner: (u16, u16),
    /// Whether the corner goes where the other's cursor goes: until the watcher moves it.
    follows: bool,
}

impl App {
    pub(super) fn watch(&mut self, session: u64, name: String) {
        let seat = &self.setup.seat;
        seat.presence().watch(session, seat.session(), Some(Arc::clone(&self.setup.wake)));
        self.watched = Some(Watched { session, name, corner: (0, 0), follows: true });
    }

    /// Where there is more than has room a key that moves shows it, the key that began the watching follows the other's cursor
    /// again, and any other ends it; whether it was going on.
    pub(super) fn watching_key(&mut self, key: KeyEvent) -> bool {
        let Some(most) = self.hidden() else { return self.stop_watching() };
        let page = self.size.1.saturating_sub(2).max(1);
        let action = self.setup.keymap.action(&[Context::List, Context::People], key, Typing::No);
        let (x, y) = self.corner(most);
        let Some(watched) = self.watched.as_mut().filter(|_| most != (0, 0)) else { return self.stop_watching() };
        watched.follows = action == Some(Action::Watch);
        let (x, y) = match action {
            Some(Action::Up) => (x, y.saturating_sub(1)),
            Some(Action::Down) => (x, y.saturating_add(1)),
            Some(Action::Left) => (x.saturating_sub(ACROSS), y),
            Some(Action::Right) => (x.saturating_add(ACROSS), y),
            Some(Action::PageUp) => (x, y.saturating_sub(page)),
            Some(Action::PageDown) => (x, y.saturating_add(page)),
            Some(Action::Home) => (0, 0),
            Some(Action::End) => most,
            Some(Action::Watch) => (x, y),
            _ => return self.stop_watching(),
        };
        watched.corner = (x.min(most.0), y.min(most.1));
        true
    }

    /// How many columns and rows of what is watched have no room here; `None` where nothing is watched.
    fn hidden(&self) -> Option<(u16, u16)> {
        let watched = self.watched.as_ref()?;
        let shown = self.setup.seat.presence().shown(watched.session).unwrap_or_default();
        let lines = &shown.lines;
        let columns = lines.iter().map(|line| text::width(line)).max().unwrap_or(0);
        let (columns, rows) =
            (u16::try_from(columns).unwrap_or(u16::MAX), u16::try_from(lines.len()).unwrap_or(u16::MAX));
        // The lowest row says whom one sees.
        Some((columns.saturating_sub(self.size.0), rows.saturating_sub(self.size.1.saturating_sub(1))))
    }

    /// What stands in the corner: where it was, moved as far as it must be for the other's cursor to be seen, where that is
    /// followed. The other's terminal may have become smaller, too.
    fn corner(&self, hidden: (u16, u16)) -> (u16, u16) {
        let Some(watched) = &self.watched else { return (0, 0) };
        let (x, y) = watched.corner;
        let shown = self.setup.seat.presence().shown(watched.session);
        let (x, y) = match shown.and_then(|shown| shown.cursor).filter(|_| watched.follows) {
            Some((column, row)) => (kept_in(x, column, self.size.0), kept_in(y, row, self.size.1.saturating_sub(1))),
            None => (x, y),
        };
        (x.min(hidden.0), y.min(hidden.1))
    }

    /// Whether it was going on.
    pub(super) fn stop_watching(&mut self) -> bool {
        let Some(Watched { session, .. }) = self.watched.take() else { return false };
        self.setup.seat.presence().watch(session, self.setup.seat.session(), None);
        true
    }

    /// A session that has gone is watched no more, nor any by one who may not watch now.
    pub(super) fn look_after_watched(&mut self) {
        let corner = self.hidden().map(|hidden| self.corner(hidden));
        if let (Some(watched), Some(corner)) = (&mut self.watched, corner) {
            watched.corner = corner;
        }
        if self.watched.is_some() && !self.may(Right::Oversee) {
            self.stop_watching();
            self.say("You may not watch others any more.".to_owned(), true);
        }
        let gone = |watched: &Watched| self.setup.seat.presence().shown(watched.session).is_none();
        if self.watched.as_ref().is_some_and(gone) {
            self.watched = None;
            self.say("They have just left.".to_owned(), false);
        }
    }

    /// The key that begins to watch, as it is written.
    fn key_to_watch(&self) -> String {
        let bindings = self.setup.keymap.bindings(&[Context::People]).into_iter();
        let mut keys = bindings.filter(|(binding, _)| binding.action == Action::Watch).map(|(_, key)| key);
        keys.next().unwrap_or_default()
    }

    /// Draws what the watched session shows; whether there is one.
    pub(super) fn draw_watched(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> bool {
        let (Some(watched), Some(hidden)) = (&self.watched, self.hidden()) else { return false };
        let (x, y) = self.corner(hidden);
        fill(buffer, area, look.style(Role::Text));
        if let Some(shown) = self.setup.seat.presence().shown(watched.session) {
            let lines = shown.lines.iter().skip(usize::from(y));
            let rows = 0..area.height.saturating_sub(1);
            for (row, line) in rows.clone().zip(lines) {
                put(buffer, area, 0, row, from_column(line, usize::from(x)), look.style(Role::Text));
            }
            let cursor = shown.cursor.and_then(|(column, row)| Some((column.checked_sub(x)?, row.checked_sub(y)?)));
            let cursor = cursor.filter(|(_, row)| rows.contains(row));
            if let Some(cell) = cursor.and_then(|(column, row)| buffer.cell_mut((area.x + column, area.y + row))) {
                cell.modifier.insert(Modifier::REVERSED);
            }
        }
        let name = &watched.name;
        let words = match (hidden, watched.follows) {
            ((0, 0), _) => format!(" Watching {name}. Any key ends it. "),
            (_, true) => format!(" Watching {name}. Arrows show the rest, any other key ends it. "),
            (_, false) => {
                let key = self.key_to_watch();
                format!(" Watching {name}. {key} follows the cursor, arrows move, any other key ends it. ")
            }
        };
        put(buffer, area, 1, area.height.saturating_sub(1), &words, look.style(Role::Toast));
        true
    }
}

/// Where a window of `room` begins that began at `start`, so that `at` is in it: in its middle, where it has to move.
fn kept_in(start: u16, at: u16, room: u16) -> u16 {
    let seen = start..start.saturating_add(room);
    if seen.contains(&at) { start } else { at.saturating_sub(room / 2) }
}

/// A line without its first columns.
fn from_column(line: &str, columns: usize) -> &str {
    let mut seen = 0;
    for (at, letter) in line.char_indices() {
        let width = text::width(letter.encode_utf8(&mut [0; 4]));
        // A mark without width belongs to the letter before it.
        if seen >= columns && (width > 0 || columns == 0) {
            return line.get(at..).unwrap_or_default();
        }
        seen += width;
    }
    ""
}

impl Drop for App {
    fn drop(&mut self) {
        self.stop_watching();
        self.ask_no_more();
    }
}
