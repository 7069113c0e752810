//! A list to choose from, filtered by what is typed: the palette, the help, pick-lists and the themes.

use super::{Said, draw_field, ground, sheet};
use crate::console::field::Field;
use crate::console::keymap::Action;
use crate::console::screen::Choice;
use crate::console::theme::{Look, Role};
use crate::console::widget::table::Cursor;
use crate::console::widget::{part, put, put_right};
use crate::unit::text;
use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// What a choice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Do the action.
    Palette,
    /// Only to read.
    Help,
    /// Take the theme.
    Theme,
    /// Work as this person.
    Person,
    /// The screen asked, under this name.
    Screen(&'static str),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A key, shown before.
    pub key: String,
    /// What is chosen.
    pub words: String,
    /// Said behind.
    pub note: String,
    /// Whether it cannot be chosen now; the note says why.
    pub barred: bool,
}

/// The layer.
#[derive(Debug)]
pub struct List {
    purpose: Purpose,
    title: String,
    rows: Vec<Row>,
    filter: Field,
    shown: Vec<usize>,
    cursor: Cursor,
    /// Words by which rows are found too.
    also: Vec<String>,
    /// What each row is found by, made at the first letter.
    folded: Vec<String>,
    /// What each row stands for, and its place among the choices; none for one that is gone.
    choices: Vec<(u64, Option<usize>)>,
}

/// Rows in sight at most.
const FIT: usize = 16;

impl List {
    /// Of rows.
    pub fn new(purpose: Purpose, title: &str, rows: Vec<Row>) -> List {
        let shown = (0..rows.len()).collect();
        List {
            purpose,
            title: title.to_owned(),
            rows,
            filter: Field::default(),
            shown,
            cursor: Cursor::default(),
            also: Vec::new(),
            folded: Vec::new(),
            choices: Vec::new(),
        }
    }

    /// Of choices.
    pub fn of(name: &'static str, title: &str, choices: Vec<Choice>) -> List {
        let mut list = List::new(Purpose::Screen(name), title, Vec::new());
        list.take(choices);
        list
    }

    /// Whether the screen asked for it under this name.
    pub fn is_of(&self, name: &'static str) -> bool {
        self.purpose == Purpose::Screen(name)
    }

    fn take(&mut self, choices: Vec<Choice>) {
        self.also = choices.iter().map(|choice| choice.also.clone()).collect();
        self.choices = choices.iter().enumerate().map(|(at, choice)| (choice.id, Some(at))).collect();
        let row = |choice: Choice| Row { key: String::new(), words: choice.words, note: choice.note, barred: false };
        self.rows = choices.into_iter().map(row).collect();
        self.folded.clear();
        self.sift();
    }

    /// Takes other choices while it is open. What is marked stays marked; where it is gone its row stays, and cannot be
    /// chosen: an Enter on its way must not take what has moved under the mark.
    pub fn renew(&mut self, choices: Vec<Choice>) {
        let marked = self.marked().and_then(|at| Some((at, self.choices.get(at)?.0, self.rows.get(at)?.clone())));
        let first = self.cursor.first;
        self.take(choices);
        let Some((at, id, row)) = marked else { return };
        if !self.choices.iter().any(|(other, _)| *other == id) {
            let at = at.min(self.rows.len());
            self.rows.insert(at, Row { note: "is not there any more".to_owned(), barred: true, ..row });
            self.choices.insert(at, (id, None));
            self.also.insert(at, String::new());
            self.sift();
        }
        let now = self.shown.iter().position(|row| self.choices.get(*row).is_some_and(|(other, _)| *other == id));
        self.cursor.at = now.unwrap_or(0);
        self.cursor.first = first;
        self.cursor.keep_in_sight(self.shown.len(), FIT);
    }

    pub(super) fn keys(&self) -> &'static [(&'static str, &'static str)] {
        match self.purpose {
            Purpose::Help => &[("↑↓", "scroll"), ("letters", "filter"), ("Esc", "back")],
            _ => &[("↑↓", "choose"), ("letters", "filter"), ("Enter", "take"), ("Esc", "back")],
        }
    }

    /// With this row marked.
    pub fn at(mut self, row: usize) -> List {
        self.cursor.at = row;
        self.cursor.keep_in_sight(self.shown.len(), FIT);
        self
    }

    pub(super) fn key(&mut self, key: KeyEvent, action: Option<Action>) -> Said {
        let before = self.marked();
        match (key.code, action) {
            (KeyCode::Esc, _) => {
                if self.filter.clear() {
                    self.sift();
                    return Said::Taken;
                }
                return Said::Close;
            }
            (KeyCode::Enter, _) => return self.choose(),
            (KeyCode::Up, _) => self.cursor.step(-1, self.shown.len(), FIT),
            (KeyCode::Down, _) => self.cursor.step(1, self.shown.len(), FIT),
            (KeyCode::Home, _) if self.filter.is_empty() => self.cursor.step(i64::MIN / 2, self.shown.len(), FIT),
            (KeyCode::End, _) if self.filter.is_empty() => self.cursor.step(i64::MAX / 2, self.shown.len(), FIT),
            (KeyCode::PageUp, _) => self.cursor.step(-(FIT as i64), self.shown.len(), FIT),
            (KeyCode::PageDown, _) => self.cursor.step(FIT as i64, self.shown.len(), FIT),
            _ => {
                let before = self.filter.text().to_owned();
                if self.filter.key(key) && self.filter.text() != before {
                    self.sift();
                }
            }
        }
        match self.marked() {
            Some(row) if Some(row) != before => Said::Marked(self.purpose, row),
            _ => Said::Taken,
        }
    }

    pub(super) fn paste(&mut self, pasted: &str) {
        self.filter.paste(pasted);
        self.sift();
    }

    fn marked(&self) -> Option<usize> {
        self.shown.get(self.cursor.at).copied()
    }

    fn choose(&self) -> Said {
        match self.marked() {
            Some(row) if self.purpose == Purpose::Help => Said::Marked(self.purpose, row),
            Some(row) if !self.rows[row].barred => {
                let place = self.choices.get(row).map_or(Some(row), |(_, place)| *place);
                place.map_or(Said::Taken, |place| Said::Chose(self.purpose, place))
            }
            _ => Said::Taken,
        }
    }

    /// Keeps the rows in which every word typed begins a word, best first.
    fn sift(&mut self) {
        let needle = text::fold(self.filter.text());
        if needle.is_empty() {
            self.shown = (0..self.rows.len()).collect();
        } else {
            if self.folded.len() != self.rows.len() {
                let also = |at: usize| self.also.get(at).map(String::as_str).unwrap_or_default();
                let words = |(at, row): (usize, &Row)| {
                    text::fold(&format!("{} {} {} {}", row.words, row.key, also(at), row.note))
                };
                self.folded = self.rows.iter().enumerate().map(words).collect();
            }
            let score = |words: &String| text::word_starts(words, &needle);
            let exact = |at: usize| text::fold(&self.rows[at].words) == needle;
            let mut found: Vec<(bool, u32, usize)> = self
                .folded
                .iter()
                .enumerate()
                .filter_map(|(at, words)| score(words).map(|score| (!exact(at), score, at)))
                .collect();
            found.sort_unstable();
            self.shown = found.into_iter().map(|(.., at)| at).collect();
        }
        self.cursor = Cursor::default();
    }

    pub(super) fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let most = usize::from(area.height.saturating_sub(10)).max(FIT);
        let height = self.rows.len().clamp(3, most) as u16 + 6;
        let inside = sheet(look, area, if area.width >= 110 { 96 } else { 76 }, height, &self.title, buffer);
        let cursor = draw_field(&self.filter, look, part(inside, 0, 0, inside.width, 1), true, buffer);
        let list = part(inside, 0, 2, inside.width, inside.height);
        let widest = |of: fn(&Row) -> &str| self.rows.iter().map(|row| text::width(of(row))).max().unwrap_or(0) as u16;
        let keys = widest(|row| &row.key);
        let keys = if keys == 0 { 0 } else { keys + 2 };
        // The longest of many names push only their own notes aside.
        let notes = 2 + keys + widest(|row| &row.words).min(list.width * 2 / 5) + 2;
        let fit = usize::from(list.height);
        let lowest = (self.cursor.at + 1).saturating_sub(fit);
        let first = self.cursor.first.max(lowest).min(self.shown.len().saturating_sub(fit).max(lowest));
        for (y, at) in (0..list.height).zip(self.shown.iter().skip(first)) {
            let row = &self.rows[*at];
            let line = part(list, 0, y, list.width, 1);
            let marked = first + usize::from(y) == self.cursor.at;
            let (words, quiet) = match (marked, row.barred) {
                (true, _) => (look.style(Role::Selected), look.style(Role::Selected)),
                (false, true) => (ground(look, Role::Muted), ground(look, Role::Muted)),
                (false, false) => (look.style(Role::Dialog), ground(look, Role::Muted)),
            };
            buffer.set_style(line.intersection(buffer.area), words);
            if marked {
                put(buffer, line, 0, 0, if look.ascii { ">" } else { "▸" }, words);
            }
            put(
                buffer,
                part(line, 2, 0, keys, 1),
                0,
                0,
                &row.key,
                if marked { words } else { ground(look, Role::Key) },
            );
            let end = put(buffer, line, 2 + keys, 0, &row.words, words);
            // Reasons and explanations stand below each other; figures, which a screen lines up itself, to the right.
            let note = part(line, (end + 2).max(notes), 0, line.width.saturating_sub(1), 1);
            let fitted = text::fit(&row.note, usize::from(note.width.saturating_sub(1)));
            if matches!(self.purpose, Purpose::Screen(_)) {
                put_right(buffer, note, note.width.saturating_sub(1), 0, &fitted, quiet);
            } else {
                put(buffer, note, 0, 0, &fitted, quiet);
            }
        }
        if self.shown.len() > fit && fit > 1 {
            let place = (first * (fit - 1)).checked_div(self.shown.len() - fit).unwrap_or(0).min(fit - 1);
            let mark = if look.ascii { "#" } else { "▐" };
            put(buffer, list, list.width.saturating_sub(1), place as u16, mark, ground(look, Role::Muted));
        }
        if self.shown.is_empty() {
            let words =
                if self.filter.is_empty() { "Nothing is left." } else { "Nothing matches. Esc clears the words." };
            put(buffer, list, 2, 0, words, ground(look, Role::Muted));
        }
        cursor
    }
}
