//! What lies on top of a screen and gets every key first: palette, help, questions, pick-lists, forms, pages, themes.
//!
//! A layer knows its own state only; what an answer means is the screen's.

pub mod form;
pub mod list;
pub mod page;
pub mod question;

use super::field::Field;
use super::keymap::Action;
use super::theme::{Look, Role};
use super::widget::{fill, part, put};
use crossterm::event::KeyEvent;
use form::Form;
use list::List;
use page::Page;
use question::Question;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// One layer.
#[derive(Debug)]
pub enum Layer {
    /// Choose one of many: the palette, help, pick-lists, themes.
    List(Box<List>),
    /// Yes or no.
    Question(Question),
    /// Fields to fill in.
    Form(Box<Form>),
    /// Text to read.
    Page(Page),
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nothing more.
    Taken,
    /// The layer goes, nothing was chosen.
    Close,
    /// A question was answered with yes.
    Yes(&'static str),
    /// A row was chosen: what for, which.
    Chose(list::Purpose, usize),
    /// The marked row of a list is another now.
    Marked(list::Purpose, usize),
    /// A form was filled in.
    Filled(&'static str, Vec<String>),
    /// Text to copy.
    Copy(String),
}

impl Layer {
    /// Takes a key; `action` is what the keymap says of it.
    pub fn key(&mut self, key: KeyEvent, action: Option<Action>) -> Said {
        match self {
            Layer::List(list) => list.key(key, action),
            Layer::Question(question) => question.key(key),
            Layer::Form(form) => form.key(key),
            Layer::Page(page) => page.key(key, action),
        }
    }

    /// Takes pasted text. A paste never confirms anything.
    pub fn paste(&mut self, text: &str) {
        match self {
            Layer::List(list) => list.paste(text),
            Layer::Form(form) => form.paste(text),
            Layer::Question(_) | Layer::Page(_) => {}
        }
    }

    /// What its keys do, for the footer.
    pub fn keys(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Layer::List(list) => list.keys(),
            Layer::Question(_) => &[("←→", "choose"), ("Enter", "take"), ("Esc", "keep")],
            Layer::Form(form) => form.keys(),
            Layer::Page(_) => &[("↑↓", "scroll"), ("y", "copy"), ("Esc", "back")],
        }
    }

    /// Draws over the dimmed screen; where the cursor is.
    pub fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        match self {
            Layer::List(list) => list.draw(look, area, buffer),
            Layer::Question(question) => question.draw(look, area, buffer),
            Layer::Form(form) => form.draw(look, area, buffer),
            Layer::Page(page) => page.draw(look, area, buffer),
        }
    }
}

/// Clears a box in the middle of `area`, at most so large, and gives its inside.
pub(crate) fn sheet(look: &Look<'_>, area: Rect, width: u16, height: u16, title: &str, buffer: &mut Buffer) -> Rect {
    let width = width.min(area.width.saturating_sub(2).max(1));
    let height = height.min(area.height.saturating_sub(2).max(1));
    let x = (area.width.saturating_sub(width)) / 2;
    let y = (area.height.saturating_sub(height)) / 3;
    let sheet = part(area, x, y, width, height);
    let style = look.style(Role::Dialog);
    fill(buffer, sheet, style);
    if style.bg.is_none_or(|ground| ground == ratatui::style::Color::Reset) {
        edge(buffer, sheet, style, look.ascii);
    }
    let inside = part(sheet, 2, 1, width.saturating_sub(4), height.saturating_sub(2));
    put(buffer, inside, 0, 0, title, ground(look, Role::Accent));
    part(inside, 0, 2, inside.width, inside.height.saturating_sub(2))
}

/// An edge, where a theme has no ground of its own for sheets.
fn edge(buffer: &mut Buffer, sheet: Rect, style: ratatui::style::Style, ascii: bool) {
    let (across, upright, corners) =
        if ascii { ("-", "|", ["+"; 4]) } else { ("─", "│", ["┌", "┐", "└", "┘"]) };
    let (right, bottom) = (sheet.width.saturating_sub(1), sheet.height.saturating_sub(1));
    for y in [0, bottom] {
        put(buffer, sheet, 0, y, &across.repeat(usize::from(sheet.width)), style);
    }
    for y in 1..bottom {
        put(buffer, sheet, 0, y, upright, style);
        put(buffer, sheet, right, y, upright, style);
    }
    for (corner, (x, y)) in corners.into_iter().zip([(0, 0), (right, 0), (0, bottom), (right, bottom)]) {
        put(buffer, sheet, x, y, corner, style);
    }
}

/// A role's colour on a sheet's ground.
pub(crate) fn ground(look: &Look<'_>, role: Role) -> ratatui::style::Style {
    let style = look.style(role);
    ratatui::style::Style { bg: look.style(Role::Dialog).bg, ..style }
}

/// Draws the field a list is narrowed with in an area's first row, behind a slash; where the cursor is.
pub(crate) fn draw_filter(field: &Field, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    put(buffer, area, 0, 0, "/", look.style(Role::Accent));
    draw_field(field, look, part(area, 2, 0, area.width, 1), true, buffer)
}

/// Draws a field on a row; where its cursor is.
pub(crate) fn draw_field(
    field: &Field,
    look: &Look<'_>,
    area: Rect,
    focused: bool,
    buffer: &mut Buffer,
) -> Option<Position> {
    let role = if focused { Role::Field } else { Role::Text };
    let style = look.style(role);
    let row = part(area, 0, 0, area.width, 1);
    fill(buffer, row, if focused { style } else { look.style(Role::Dialog) });
    let (shown, cursor) = field.shown(usize::from(area.width.saturating_sub(1)));
    put(buffer, row, 0, 0, &shown, if focused { style } else { look.style(Role::Dialog) });
    focused.then(|| Position { x: row.x + cursor as u16, y: row.y })
}
