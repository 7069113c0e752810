//! The screen as the terminal holds it: what a drawn buffer comes to at the terminal's depth and repertoire.
//!
//! Two cells that look alike are equal here, so that nothing invisible is ever sent.

use ratatui::{
    buffer::{Buffer, Cell as Drawn, CellWidth},
    style::Modifier,
};
use unicode_width::UnicodeWidthChar;

use super::{
    charset, cluster,
    colour::{self, Ink},
};
use crate::session::client::{ColourDepth, Repertoire};
use crate::unit::text;

/// Attributes that show on a blank.
pub(super) const MARKS: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// How a cell is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pen {
    pub(super) fg: Ink,
    pub(super) bg: Ink,
    pub(super) attributes: Modifier,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glyph {
    Narrow(char),
    Wide(char),
    /// A character and marks without a width of their own, by number; true when it takes two columns.
    Cluster(u32, bool),
    /// The right half of what stands before.
    Tail,
}

/// One cell of the screen. A session keeps a whole screen of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) glyph: Glyph,
    pub(super) pen: Pen,
}

impl Cell {
    /// The terminal's own ground.
    pub(super) const BLANK: Self = Self {
        glyph: Glyph::Narrow(' '),
        pen: Pen { fg: Ink::Default, bg: Ink::Default, attributes: Modifier::empty() },
    };

    /// Nobody knows what stands there: equal to nothing that is drawn.
    pub(super) const UNKNOWN: Self = Self { glyph: Glyph::Narrow('\0'), ..Self::BLANK };

    /// A blank that shows nothing but its background.
    pub(super) fn is_blank(&self) -> bool {
        self.glyph == Glyph::Narrow(' ') && !self.pen.attributes.intersects(MARKS)
    }

    /// A blank of this background.
    pub(super) fn ground(bg: Ink) -> Self {
        Self { pen: Pen { bg, ..Self::BLANK.pen }, ..Self::BLANK }
    }

    /// Columns it takes; 0 for a tail.
    pub(super) fn width(&self) -> u16 {
        match self.glyph {
            Glyph::Tail => 0,
            Glyph::Narrow(_) | Glyph::Cluster(_, false) => 1,
            Glyph::Wide(_) | Glyph::Cluster(_, true) => 2,
        }
    }

    /// Whether writing it with `pen` looks right.
    pub(super) fn suits(&self, pen: Pen) -> bool {
        if self.is_blank() { pen.bg == self.pen.bg && !pen.attributes.intersects(MARKS) } else { pen == self.pen }
    }
}

const _: () = assert!(size_of::<Cell>() <= 20, "a screen of 80 x 24 takes no more than 38 KB");

/// What a terminal can show, and colours already converted.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) depth: ColourDepth,
    pub(super) repertoire: Repertoire,
}

impl Style {
    /// The pen for a drawn cell.
    pub(super) fn pen(&self, drawn: &Drawn) -> Pen {
        let (fg, bg) = colour::pair(drawn.fg, drawn.bg, self.depth);
        Pen { fg, bg, attributes: drawn.modifier }
    }

    /// The glyph for a drawn cell that covers so many columns.
    ///
    /// Only marks without a width follow their character: terminals disagree on how wide joined emoji are, and one column
    /// too many would shift the whole row. Texts are clean long before; what is drawn of one that is not, because somebody
    /// wrote it into the shop file by other means, still steers nothing here.
    fn glyph(&self, drawn: &Drawn, covered: usize) -> Glyph {
        let symbol = drawn.symbol();
        let mut characters = symbol.chars();
        let first = characters.next().unwrap_or(' ');
        let wide = match first.width() {
            Some(1) => false,
            Some(2) if covered > 1 => true,
            _ => return Glyph::Narrow(' '),
        };
        if first.is_ascii() && symbol.len() <= 1 {
            return Glyph::Narrow(first);
        }
        if !text::is_shown(first) {
            return Glyph::Narrow(' ');
        }
        if self.repertoire != Repertoire::Full {
            return if wide { Glyph::Narrow('?') } else { Glyph::Narrow(charset::shown(first, self.repertoire)) };
        }
        let marks = characters.as_str();
        let joined = |mark: char| mark.width() != Some(0) || !text::is_shown(mark);
        let piled = marks.chars().nth(text::MARKS).is_some();
        match (marks.is_empty() || piled || marks.contains(joined), wide) {
            (false, wide) => match cluster::number(symbol) {
                Some(number) => Glyph::Cluster(number, wide),
                None if wide => Glyph::Wide(first),
                None => Glyph::Narrow(first),
            },
            (true, true) => Glyph::Wide(first),
            (true, false) => Glyph::Narrow(first),
        }
    }
}

/// All cells of a screen, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    columns: usize,
    cells: Vec<Cell>,
}

impl Grid {
    /// A blank screen.
    pub(super) fn new(columns: u16, rows: u16) -> Self {
        let columns = usize::from(columns);
        Self { columns, cells: vec![Cell::BLANK; columns * usize::from(rows)] }
    }

    /// Takes on another size; what it holds then is nobody's to look at before it is loaded.
    pub(super) fn resize(&mut self, columns: u16, rows: u16) {
        self.columns = usize::from(columns);
        self.cells.resize(self.columns * usize::from(rows), Cell::BLANK);
    }

    /// The cells of one row; none when there is no such row.
    pub(super) fn row(&self, row: usize) -> &[Cell] {
        self.cells.get(row * self.columns..(row + 1) * self.columns).unwrap_or_default()
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.cells.len().checked_div(self.columns).unwrap_or(0)
    }

    /// Blanks the whole screen.
    pub(super) fn clear(&mut self) {
        self.cells.fill(Cell::BLANK);
    }

    /// Takes over what was drawn. Cells that the buffer does not have are blank.
    pub(super) fn load(&mut self, buffer: &Buffer, style: &Style) {
        let columns = self.columns;
        if columns == 0 {
            return;
        }
        let mut known = Converted::default();
        for (y, row) in self.cells.chunks_mut(columns).enumerate() {
            let mut x = 0;
            while let Some(cell) = row.get_mut(x) {
                let place = (u16::try_from(x).unwrap_or(u16::MAX), u16::try_from(y).unwrap_or(u16::MAX));
                let Some(drawn) = buffer.cell(place) else {
                    *cell = Cell::BLANK;
                    x += 1;
                    continue;
                };
                let covered =
                    if drawn.symbol().len() < 2 { 1 } else { usize::from(drawn.cell_width()).clamp(1, columns - x) };
                *cell = known.cell(drawn, style, covered);
                let (tail, pen) = (cell.width() == 2, cell.pen);
                x += 1;
                // What the drawn symbol covers is not drawn, whatever the buffer holds there.
                for place in 1..covered {
                    if let Some(next) = row.get_mut(x) {
                        let glyph = if tail && place == 1 { Glyph::Tail } else { Glyph::Narrow(' ') };
                        *next = normal(glyph, pen);
                    }
                    x += 1;
                }
            }
        }
    }
}

/// The last pen and what it was converted from: neighbours are mostly alike.
#[derive(Default)]
struct Converted {
    last: Option<(ratatui::style::Color, ratatui::style::Color, Modifier, Pen)>,
}

impl Converted {
    fn cell(&mut self, drawn: &Drawn, style: &Style, covered: usize) -> Cell {
        let pen = match self.last {
            Some((fg, bg, modifier, pen)) if (fg, bg, modifier) == (drawn.fg, drawn.bg, drawn.modifier) => pen,
            _ => {
                let pen = style.pen(drawn);
                self.last = Some((drawn.fg, drawn.bg, drawn.modifier, pen));
                pen
            }
        };
        normal(style.glyph(drawn, covered), pen)
    }
}

/// The cell without what cannot be seen: a blank has neither foreground nor weight.
fn normal(glyph: Glyph, pen: Pen) -> Cell {
    if glyph == Glyph::Narrow(' ') && !pen.attributes.intersects(MARKS) {
        return Cell { glyph, pen: Pen { fg: Ink::Default, bg: pen.bg, attributes: Modifier::empty() } };
    }
    Cell { glyph, pen }
}
