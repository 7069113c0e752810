//! The Reports screen in cells: names to the left, the answer as table and chart.

use super::columns::{priority, title, total_row};
use super::cube_draw;
use super::cutting::slice_words;
use super::figure::cell;
use super::picture;
use super::state::{Focus, Reports, Shown, TODAY, takes_a_period, takes_a_store};
use super::today_draw;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{fill, part, put, put_right, rule, upright, wrap};
use crate::report::{Answer, Dim};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Columns of the list of names.
pub(super) const NAMES: u16 = 24;
/// Below this width names and answer do not stand side by side.
const NARROW: u16 = 64;
/// Rows that a refusal takes at most.
const WHY: usize = 5;
/// From this width on table and chart stand side by side.
const BESIDE: u16 = 132;

impl Reports {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        if self.focus == Focus::Rows && self.paint_own(look, area, buffer) {
            return;
        }
        // A narrow screen has room for one of the two.
        let narrow = area.width < NARROW;
        let names = match (narrow, self.focus) {
            (false, _) => NAMES,
            (true, Focus::Names) => area.width,
            (true, Focus::Rows) => 0,
        };
        let inside = part(area, names + u16::from(!narrow), 0, area.width, area.height);
        fill(buffer, area, look.style(Role::Text));
        if names > 0 {
            self.paint_names(look, part(area, 0, 0, names, area.height), buffer);
        }
        if narrow && names > 0 {
            return;
        }
        if !narrow {
            upright(buffer, area, NAMES, look.style(Role::Border), look.ascii);
        }
        if self.paint_own(look, inside, buffer) {
            return;
        }
        let below = self.paint_head(look, inside, buffer).max(2);
        let body = part(inside, 0, below, inside.width, inside.height);
        match (&self.answer, &self.why_not) {
            (Some(answer), _) => self.paint_answer(answer, look, body, buffer),
            (None, Some(why)) => {
                let lines = wrap(why, usize::from(body.width.saturating_sub(4)), WHY);
                for (y, line) in (1..).zip(&lines) {
                    put(buffer, body, 2, y, line, look.style(Role::Negative));
                }
                if !self.slices.is_empty() {
                    put(buffer, body, 2, lines.len() as u16 + 2, "Del takes the filter away.", look.style(Role::Muted));
                }
            }
            (None, None) => {
                put(buffer, body, 2, 1, "adding up …", look.style(Role::Muted));
            }
        }
    }

    /// Draws the dashboard or the cube, if that is what is open.
    fn paint_own(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> bool {
        let store = self.store.as_ref().map_or("all stores".to_owned(), |(_, _, name)| name.to_string());
        let live = self.live(look);
        if self.report() == TODAY {
            today_draw::draw(&self.today, &store, self.minor, live, look, area, buffer);
        } else if self.shows_cube() {
            let own = self.kept().and_then(|view| view.store);
            let known = |id: &String| self.stores.iter().find(|(_, ext, _)| **ext == **id);
            let own = own.map(|id| known(&id).map_or(id, |(_, _, name)| name.to_string()));
            let (name, period) = (title(self.report()), self.cube_period().words());
            let head = cube_draw::Head { name: &name, period: &period, store: own.as_deref().unwrap_or(&store), live };
            cube_draw::draw(&self.cube, &head, self.minor, look, area, buffer);
        } else {
            return false;
        }
        true
    }

    fn live(&self, look: &Look<'_>) -> &'static str {
        match (self.asked.is_some(), look.ascii) {
            (true, _) => "…",
            (false, true) => "* live",
            (false, false) => "● live",
        }
    }

    fn paint_names(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        put(buffer, area, 1, 0, "Reports", look.style(Role::Heading));
        let fit = usize::from(area.height.saturating_sub(1));
        let first = self.name.first.clamp((self.name.at + 1).saturating_sub(fit), self.name.at);
        for (y, (at, name)) in (1..area.height).zip(self.names.iter().enumerate().skip(first)) {
            let row = part(area, 0, y, area.width, 1);
            let marked = at == self.name.at;
            let style = match (marked, self.focus) {
                (true, Focus::Names) => look.style(Role::Selected),
                (true, Focus::Rows) => look.style(Role::Accent),
                (false, _) => look.style(Role::Text),
            };
            if marked {
                buffer.set_style(row.intersection(buffer.area), style);
                put(buffer, row, 0, 0, if look.ascii { ">" } else { "▸" }, style);
            }
            put(buffer, row, 2, 0, &title(name), style);
        }
    }

    /// What is shown and all it is cut to, in as many rows as that takes; the first row below.
    fn paint_head(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> u16 {
        put_right(buffer, area, area.width.saturating_sub(1), 0, self.live(look), look.style(Role::Positive));
        let (days, store, compare) = self.head();
        let more = if look.ascii { "v" } else { "▾" };
        let chosen = |words: String, can_be: bool| if can_be { format!("{words} {more}") } else { words };
        let mut parts =
            vec![(title(self.report()), Role::Accent), (chosen(days, takes_a_period(self.base())), Role::Muted)];
        let slices = self.all_slices();
        // One store among the slices says more than all stores.
        let has_store = self.store_cut().is_some() || self.kept().is_some_and(|view| view.store.is_some());
        if has_store || !slices.iter().any(|slice| slice.dim == Dim::Store) {
            parts.push((chosen(store, takes_a_store(self.base())), Role::Muted));
        }
        parts.extend(slices.iter().map(|slice| (slice_words(slice), Role::Key)));
        parts.push((compare.to_owned(), Role::Key));
        let (mut x, mut y) = (1, 0);
        for (words, role) in parts.iter().filter(|(words, _)| !words.is_empty()) {
            // Live stands behind the first row.
            let room = area.width.saturating_sub(if y == 0 { 9 } else { 1 });
            if x > 1 && usize::from(x) + text::width(words) > usize::from(room) {
                (x, y) = (1, y + 1);
            }
            let room = area.width.saturating_sub(if y == 0 { 10 } else { 2 });
            for (at, line) in (0..).zip(wrap(words, usize::from(room), 3)) {
                y += u16::from(at > 0);
                x = put(buffer, area, if at > 0 { 1 } else { x }, y, &line, look.style(*role)) + 3;
            }
        }
        y + 1
    }

    fn paint_answer(&self, answer: &Answer, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let drawable = picture::has_picture(answer);
        match (self.shown, drawable) {
            (Shown::Chart, true) => picture::draw(answer, look, inset(area), buffer),
            (Shown::Both, true) if area.width >= BESIDE - NAMES => {
                let half = area.width * 58 / 100;
                self.paint_table(answer, look, part(area, 0, 0, half, area.height), buffer);
                upright(buffer, area, half, look.style(Role::Border), look.ascii);
                picture::draw(answer, look, inset(part(area, half + 1, 0, area.width, area.height)), buffer);
            }
            (Shown::Both, true) if area.height >= 16 => {
                let chart = (area.height * 2 / 5).max(7);
                let upper = area.height - chart - 1;
                self.paint_table(answer, look, part(area, 0, 0, area.width, upper), buffer);
                rule(buffer, part(area, 0, upper, area.width, 1), 0, look.style(Role::Border), look.ascii);
                picture::draw(answer, look, inset(part(area, 0, upper + 1, area.width, chart)), buffer);
            }
            _ => self.paint_table(answer, look, area, buffer),
        }
    }

    fn paint_table(&self, answer: &Answer, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let order = priority(answer, self.sorted.map(|(column, _)| column));
        let columns: Vec<Column> =
            answer.columns.iter().enumerate().map(|(at, _)| self.column(answer, at, order[at], look)).collect();
        let totals = total_row(answer);
        let rows_area = part(area, 0, 0, area.width, area.height.saturating_sub(u16::from(totals.is_some()) * 2));
        let fit = table::rows_in(rows_area);
        let first = self.row.first.clamp((self.row.at + 1).saturating_sub(fit.max(1)), self.row.at);
        let rows: Vec<Vec<Cell>> = answer
            .rows
            .iter()
            .skip(first)
            .take(fit)
            .map(|row| {
                let named = row.iter().zip(&answer.columns);
                named.map(|(value, column)| Cell::of(cell(value, column, answer.minor))).collect()
            })
            .collect();
        // A view may have been kept about somebody who is called otherwise by now.
        let said: String = answer.notes.iter().map(|(what, words)| format!(" {}: {words}.", title(what))).collect();
        let empty = format!("Nothing in these days.{said}");
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then(|| self.row.at.saturating_sub(first)),
            focused: self.focus == Focus::Rows,
            window: Some((first, answer.rows.len())),
            empty: &empty,
        };
        table::draw(&view, look, rows_area, buffer);
        if let Some(totals) = totals {
            let y = area.height.saturating_sub(2);
            rule(buffer, part(area, 0, y, area.width, 1), 0, look.style(Role::Border), look.ascii);
            let foot = part(area, 0, y, area.width, 2);
            let view =
                Table { columns: &columns, rows: &[totals], marked: None, focused: false, window: None, empty: "" };
            let bare: Vec<Column> =
                columns.iter().map(|column| Column { head: String::new(), ..column.clone() }).collect();
            table::draw(&Table { columns: &bare, ..view }, look, foot, buffer);
        }
    }
}

fn inset(area: Rect) -> Rect {
    part(area, 1, 0, area.width.saturating_sub(2), area.height)
}
