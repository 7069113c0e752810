//! What a program drew to the fewest bytes that show it, one buffer of bytes a frame.
//!
//! This is not a ratatui backend but stands in its terminal's place: comparing two whole screens, rather than being handed
//! the cells that differ, is what makes scrolling, erasing and writing over short gaps possible. Nothing here asks the
//! terminal anything, and nothing writes anywhere but into the one buffer.

mod canvas;
mod charset;
mod cluster;
mod colour;
mod grid;
mod painter;
mod passes;
mod row;
mod scroll;
#[cfg(test)]
mod tests;

use ratatui::{buffer::Buffer, layout::Position};

use self::{
    canvas::Canvas,
    grid::{Cell, Grid, Pen, Style},
    painter::{Cursor, Painter, Place},
    passes::Way,
    scroll::Scroll,
};
use super::client::Client;

/// The widest screen that is drawn, in columns; a wider terminal keeps the rest blank.
pub const MAX_COLUMNS: u16 = 1000;
/// The highest screen that is drawn, in rows.
pub const MAX_ROWS: u16 = 500;

/// A frame of more bytes is shown by the terminal as a whole (synchronised output), and leaves the pen as it is where the
/// next character will be typed.
const LARGE: usize = 512;

/// A frame of more bytes is not written pen by pen: it is on its way long before anybody would notice that it is shorter.
const LONG: usize = 2048;

/// A frame of so few bytes is one move and a letter or two: no other way of writing it is worth looking for.
const TINY: usize = 12;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// The frames of one terminal: what it shows, and how to make it show the next.
#[derive(Debug)]
pub struct Frames {
    style: Style,
    columns: u16,
    rows: u16,
    shown: Grid,
    next: Grid,
    painter: Painter,
    /// Whether the cursor is seen; `None` when that is not known.
    visible: Option<bool>,
    /// The pen that the next character will be typed with, if one can be typed.
    ready: Option<Pen>,
    /// Nothing is known of what the terminal shows.
    stale: bool,
    spare: Vec<Cell>,
}

impl Frames {
    /// Frames for a terminal of which nothing is known but its abilities and size. Sizes above [`MAX_COLUMNS`] and
    /// [`MAX_ROWS`] are cut to them.
    pub fn new(client: &Client, columns: u16, rows: u16) -> Self {
        let mut frames = Self {
            style: Style { depth: client.depth, repertoire: client.repertoire },
            columns: 0,
            rows: 0,
            shown: Grid::default(),
            next: Grid::default(),
            painter: Painter::new(0, client.erases_in_colour),
            visible: None,
            ready: None,
            stale: true,
            spare: Vec::new(),
        };
        frames.resize(columns, rows);
        frames
    }

    /// Columns and rows that are drawn.
    pub fn size(&self) -> (u16, u16) {
        (self.columns, self.rows)
    }

    /// The terminal has another size; the next frame draws everything.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        (self.columns, self.rows) = (columns.min(MAX_COLUMNS), rows.min(MAX_ROWS));
        self.shown = Grid::new(self.columns, self.rows);
        self.painter.columns = self.columns;
        self.invalidate();
    }

    /// Something else wrote on the terminal; the next frame draws everything.
    pub fn invalidate(&mut self) {
        self.stale = true;
        self.visible = None;
    }

    /// Lets `paint` fill an empty buffer and returns the bytes that make the terminal show it, none when it already does.
    ///
    /// `paint` answers where the cursor is to be seen, or `None` to hide it. It is not called for a screen without cells.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> &[u8] {
        self.painter.out.clear();
        // The first frame of all draws everything, and does not come again.
        self.painter.out.shrink_to(LONG);
        if self.columns == 0 || self.rows == 0 {
            return &[];
        }
        let mut canvas = Canvas::lend(self.columns, self.rows);
        let cursor = paint(&mut canvas.buffer);
        let buffer = &canvas.buffer;
        self.next = std::mem::take(&mut canvas.grid);
        self.next.load(buffer, &self.style);
        // The pen that the next character will be typed with.
        let ready = cursor.and_then(|at| buffer.cell((at.x.min(self.columns - 1), at.y.min(self.rows - 1))));
        let ready = ready.map(|cell| self.style.pen(cell));
        if self.stale {
            self.painter.clear();
            self.shown.clear();
            self.stale = false;
        }
        self.ready = ready;
        self.rows();
        self.cursor(cursor, ready);
        canvas.grid = std::mem::replace(&mut self.shown, std::mem::take(&mut self.next));
        canvas.give_back();
        if self.painter.out.len() > LARGE {
            self.painter.out.splice(0..0, BEGIN.iter().copied());
            self.painter.out.extend_from_slice(END);
        }
        &self.painter.out
    }

    /// Writes all rows in whichever way is shortest: downwards, upwards (beginning with the pen that the frame before ended
    /// with often saves a change of colours), or after letting the terminal scroll.
    fn rows(&mut self) {
        let (start, place) = (self.painter.out.len(), self.painter.place);
        let changed = self.changed(None);
        self.paint_rows(None, changed.iter());
        let down = self.painter.out.len() - start;
        if down <= TINY {
            return;
        }
        if down <= LARGE {
            self.alternative(start, place, |frames| frames.paint_rows(None, changed.iter().rev()));
        }
        if down <= LONG {
            self.by_pen(start, place, None, &changed);
        }
        if let Some(scroll) = scroll::find(&self.shown, &self.next) {
            let changed = self.changed(Some(scroll));
            self.alternative(start, place, |frames| {
                frames.scroll(scroll);
                frames.paint_rows(Some(scroll), changed.iter());
            });
            if self.painter.out.len() - start <= LONG {
                self.by_pen(start, place, Some(scroll), &changed);
            }
        }
    }

    /// The rows that have to be written, once the terminal has scrolled if it shall.
    fn changed(&self, scroll: Option<Scroll>) -> Vec<u16> {
        let fresh = self.unknown_row(scroll);
        let differs = |y: &u16| {
            let row = usize::from(*y);
            before(&self.shown, row, scroll, &fresh) != self.next.row(row)
        };
        (0..self.rows).filter(differs).collect()
    }

    /// Tries to write the rows pen by pen, after letting the terminal scroll if it shall.
    fn by_pen(&mut self, start: usize, place: Place, scroll: Option<Scroll>, changed: &[u16]) {
        let lasts = [None, self.ready];
        let lasts = if self.ready.is_some() { &lasts[..] } else { &lasts[..1] };
        let ways = lasts.iter().flat_map(|last| {
            let way = |onward, erases| Way { onward, erases, last: *last };
            [way(true, true), way(false, true), way(true, false), way(false, false)]
        });
        // The longer a frame, the longer every way takes, and the less it gains.
        let tried = if self.painter.out.len() - start > 2 * LARGE { 2 } else { usize::MAX };
        for way in ways.take(tried) {
            self.alternative(start, place, |frames| {
                if let Some(scroll) = scroll {
                    frames.scroll(scroll);
                }
                let fresh = frames.unknown_row(scroll);
                let rows = changed.iter().copied().filter_map(|y| {
                    let before = before(&frames.shown, usize::from(y), scroll, &fresh);
                    passes::Row::new(&frames.painter, y, before, frames.next.row(usize::from(y)), way)
                });
                let mut rows: Vec<_> = rows.collect();
                passes::paint(&mut frames.painter, &mut rows, way);
            });
        }
    }

    fn scroll(&mut self, scroll: Scroll) {
        let row = |row: usize| u16::try_from(row).unwrap_or(u16::MAX);
        self.painter.scroll(row(scroll.top), row(scroll.bottom), scroll.rows);
    }

    /// What comes in at the edge of a band that moves.
    fn unknown_row(&self, scroll: Option<Scroll>) -> Vec<Cell> {
        scroll.map(|_| vec![Cell::UNKNOWN; usize::from(self.columns)]).unwrap_or_default()
    }

    /// Replaces what was written since `start`, when the terminal was in `place`, by what `paint` writes if that is shorter, the pen that
    /// the next character needs included.
    fn alternative(&mut self, start: usize, place: Place, paint: impl FnOnce(&mut Self)) {
        let written = self.painter.out.len() - start;
        let cost = written + self.pen_to_come();
        let end_place = std::mem::replace(&mut self.painter.place, place);
        paint(self);
        if self.painter.out.len() - start - written + self.pen_to_come() < cost {
            self.painter.out.drain(start..start + written);
        } else {
            self.painter.out.truncate(start + written);
            self.painter.place = end_place;
        }
    }

    /// Bytes that the next character will need for its pen: a frame that ends with it makes typing on cheap.
    fn pen_to_come(&mut self) -> usize {
        self.ready.map_or(0, |pen| self.painter.pen_bytes(pen).len())
    }

    fn paint_rows<'a>(&mut self, scroll: Option<Scroll>, rows: impl Iterator<Item = &'a u16>) {
        let fresh = self.unknown_row(scroll);
        for y in rows.copied() {
            let row = usize::from(y);
            let before = before(&self.shown, row, scroll, &fresh);
            row::paint(&mut self.painter, y, before, self.next.row(row), &mut self.spare);
        }
    }

    /// Shows the cursor where it is wanted, or hides it.
    fn cursor(&mut self, wanted: Option<Position>, ready: Option<Pen>) {
        let Some(wanted) = wanted else {
            if self.visible != Some(false) {
                self.painter.out.extend_from_slice(b"\x1b[?25l");
                self.visible = Some(false);
            }
            return;
        };
        let (x, y) = (wanted.x.min(self.columns - 1), wanted.y.min(self.rows - 1));
        if self.painter.place.cursor != Cursor::At(x, y) {
            self.painter.move_to(x, y);
        }
        if self.visible != Some(true) {
            self.painter.out.extend_from_slice(b"\x1b[?25h");
            self.visible = Some(true);
        }
        if self.painter.out.len() > LARGE
            && let Some(pen) = ready
        {
            self.painter.set_pen(pen);
        }
    }
}

/// What stands in a row before it is written.
fn before<'a>(shown: &'a Grid, row: usize, scroll: Option<Scroll>, fresh: &'a [Cell]) -> &'a [Cell] {
    match scroll.map_or(Some(row), |scroll| scroll.source(row)) {
        Some(source) => shown.row(source),
        None => fresh,
    }
}
