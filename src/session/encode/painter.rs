//! Where the terminal's cursor and pen are, and the fewest bytes that bring them elsewhere.

use ratatui::style::Modifier;

use super::{
    cluster,
    colour::Ink,
    grid::{Cell, Glyph, Pen},
};

/// Where the cursor is known to be, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cursor {
    Unknown,
    /// In this row, but not surely in which column: at the margin terminals disagree, and on the width of emoji too.
    Row(u16),
    At(u16, u16),
}

/// What is known of the terminal between two bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) cursor: Cursor,
    pub(super) pen: Option<Pen>,
}

/// Writes for one terminal, and keeps track of it.
#[derive(Debug)]
pub(super) struct Painter {
    pub(super) out: Vec<u8>,
    pub(super) place: Place,
    pub(super) columns: u16,
    /// Erased cells take the background of the pen.
    erases_in_colour: bool,
    scratch: Vec<u8>,
}

impl Painter {
    pub(super) fn new(columns: u16, erases_in_colour: bool) -> Self {
        let place = Place { cursor: Cursor::Unknown, pen: None };
        Self { out: Vec::new(), place, columns, erases_in_colour, scratch: Vec::new() }
    }

    /// Whether erasing can leave cells of this background.
    pub(super) fn erases_to(&self, bg: Ink) -> bool {
        bg == Ink::Default || self.erases_in_colour
    }

    /// The bytes that move the cursor there.
    pub(super) fn move_bytes(&self, x: u16, y: u16) -> Short {
        let absolute = Short::absolute(x, y);
        match self.place.cursor {
            Cursor::At(from_x, from_y) if (from_x, from_y) == (x, y) => Short::default(),
            Cursor::At(from_x, from_y) => {
                let straight = Short::down(from_y, y).and(Short::along(from_x, x));
                absolute.or(straight).or(Short::over_margin(from_y, x, y))
            }
            Cursor::Row(from_y) => absolute.or(Short::over_margin(from_y, x, y)),
            Cursor::Unknown => absolute,
        }
    }

    /// Moves the cursor.
    pub(super) fn move_to(&mut self, x: u16, y: u16) {
        let bytes = self.move_bytes(x, y);
        self.out.extend_from_slice(bytes.as_slice());
        self.place.cursor = Cursor::At(x, y);
    }

    /// The shortest bytes that change the pen.
    pub(super) fn pen_bytes(&mut self, pen: Pen) -> &[u8] {
        self.scratch.clear();
        match self.place.pen {
            Some(now) if now == pen => {}
            _ if pen == Pen::default() => self.scratch.extend_from_slice(b"\x1b[m"),
            now => {
                codes(&mut self.scratch, Pen::default(), pen, true);
                if let Some(now) = now {
                    let mut change = Vec::with_capacity(self.scratch.len());
                    codes(&mut change, now, pen, false);
                    if change.len() < self.scratch.len() {
                        self.scratch = change;
                    }
                }
            }
        }
        &self.scratch
    }

    /// Changes the pen.
    pub(super) fn set_pen(&mut self, pen: Pen) {
        self.pen_bytes(pen);
        self.out.extend_from_slice(&self.scratch);
        self.place.pen = Some(pen);
    }

    /// Whether a cell can be written as the pen is.
    pub(super) fn suits(&self, cell: &Cell) -> bool {
        self.place.pen.is_some_and(|pen| cell.suits(pen))
    }

    /// Makes the pen fit for a blank with this background, or for erasing; `after` is the pen that comes next.
    pub(super) fn set_ground(&mut self, bg: Ink, after: Option<Pen>) {
        let blank = Cell::ground(bg);
        if self.suits(&blank) {
            return;
        }
        if let Some(after) = after.filter(|after| blank.suits(*after)) {
            return self.set_pen(after);
        }
        let kept = self.place.pen.map(|now| Pen { bg, attributes: now.attributes - super::grid::MARKS, ..now });
        let shorter = kept.filter(|kept| {
            let change = self.pen_bytes(*kept).len();
            change <= self.pen_bytes(blank.pen).len()
        });
        self.set_pen(shorter.unwrap_or(blank.pen));
    }

    /// Writes a cell at the cursor; the pen must suit it. Tails are written by what they belong to.
    pub(super) fn print(&mut self, cell: &Cell) {
        let mut buffer = [0; 4];
        let sure = match &cell.glyph {
            Glyph::Narrow(character) => {
                self.out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                true
            }
            Glyph::Wide(character) => {
                self.out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                // Fonts and tables of emoji change every year; of ideographs they do not.
                *character < '\u{1f000}' && !('\u{2000}'..'\u{2e80}').contains(character)
            }
            Glyph::Cluster(number, wide) => {
                self.out.extend_from_slice(cluster::text(*number).as_bytes());
                !wide
            }
            Glyph::Tail => return,
        };
        if let Cursor::At(x, y) = self.place.cursor {
            let x = x.saturating_add(cell.width());
            self.place.cursor = if x >= self.columns || !sure { Cursor::Row(y) } else { Cursor::At(x, y) };
        }
    }

    /// Erases from the cursor to the end of its row; the pen must erase.
    pub(super) fn erase_right(&mut self) {
        self.out.extend_from_slice(b"\x1b[K");
    }

    /// Erases cells from the cursor on, which stays; the pen must erase.
    pub(super) fn erase(&mut self, cells: usize) {
        let cells = u16::try_from(cells).unwrap_or(u16::MAX);
        self.out.extend_from_slice(Short::control(&[cells], b'X').as_slice());
    }

    /// Moves the rows `top..bottom` up by `rows`, or down when negative. What comes in is blank on a ground on which
    /// terminals disagree.
    pub(super) fn scroll(&mut self, top: u16, bottom: u16, rows: i32) {
        self.out.extend_from_slice(Short::control(&[top + 1, bottom], b'r').as_slice());
        let (edge, step): (u16, &[u8]) = if rows > 0 { (bottom - 1, b"\n") } else { (top, b"\x1bM") };
        self.out.extend_from_slice(Short::absolute(0, edge).as_slice());
        for _ in 0..rows.unsigned_abs() {
            self.out.extend_from_slice(step);
        }
        // Lifting the region takes the cursor home, but not every terminal knows that.
        self.out.extend_from_slice(b"\x1b[r");
        self.place.cursor = Cursor::Unknown;
    }

    /// Brings the terminal from an unknown state to a blank screen.
    pub(super) fn clear(&mut self) {
        self.out.extend_from_slice(b"\x1b[r\x1b[m\x1b[H\x1b[2J");
        self.place = Place { cursor: Cursor::At(0, 0), pen: Some(Pen::default()) };
    }
}

/// Attributes, the code that sets each and the code that takes it away.
const ATTRIBUTES: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// The control sequence that leads from one pen to another, or, with `reset`, from any.
fn codes(out: &mut Vec<u8>, from: Pen, to: Pen, reset: bool) {
    out.extend_from_slice(if reset { b"\x1b[0;" } else { b"\x1b[" });
    let mut standing = from.attributes;
    for (attribute, _, off) in ATTRIBUTES {
        if standing.contains(attribute) && !to.attributes.contains(attribute) {
            out.extend_from_slice(off.as_bytes());
            out.push(b';');
            // Some codes take two attributes away, and the other has to come back.
            for (pair, _, shared) in ATTRIBUTES {
                if shared == off {
                    standing.remove(pair);
                }
            }
        }
    }
    for (attribute, on, _) in ATTRIBUTES {
        if to.attributes.contains(attribute) && !standing.contains(attribute) {
            out.extend_from_slice(on.as_bytes());
            out.push(b';');
        }
    }
    for (old, new, base) in [(from.fg, to.fg, 30_u16), (from.bg, to.bg, 40)] {
        if old != new {
            colour(out, new, base);
        }
    }
    out.pop();
    out.push(b'm');
}

fn colour(out: &mut Vec<u8>, ink: Ink, base: u16) {
    let mut put = |numbers: &[u16]| {
        for number in numbers {
            out.extend_from_slice(Short::number(*number).as_slice());
            out.push(b';');
        }
    };
    match ink {
        Ink::Default => put(&[base + 9]),
        Ink::Number(number @ 0..=7) => put(&[base + u16::from(number)]),
        Ink::Number(number @ 8..=15) => put(&[base + 52 + u16::from(number)]),
        Ink::Number(number) => put(&[base + 8, 5, u16::from(number)]),
        Ink::Rgb(red, green, blue) => put(&[base + 8, 2, red.into(), green.into(), blue.into()]),
    }
}

/// A few bytes, kept on the stack while alternatives are weighed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    fn push(&mut self, bytes: &[u8]) {
        let end = (self.len + bytes.len()).min(self.bytes.len());
        self.bytes[self.len..end].copy_from_slice(&bytes[..end - self.len]);
        self.len = end;
    }

    /// Adds a number in decimal digits. Formatting is most of an encoder's time, so it goes without the general machinery.
    fn push_number(&mut self, mut number: u16) {
        let mut digits = [0; 5];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.push(&digits[at..]);
    }

    fn of(bytes: &[u8]) -> Self {
        let mut short = Self::default();
        short.push(bytes);
        short
    }

    fn number(number: u16) -> Self {
        let mut short = Self::default();
        short.push_number(number);
        short
    }

    /// A control sequence of these numbers, with semicolons between them, and this last byte.
    fn control(numbers: &[u16], last: u8) -> Self {
        let mut short = Self::of(b"\x1b[");
        for (at, number) in numbers.iter().enumerate() {
            if at > 0 {
                short.push(b";");
            }
            short.push_number(*number);
        }
        short.push(&[last]);
        short
    }

    fn repeat(byte: u8, count: u16) -> Self {
        let count = usize::from(count).min(4);
        let mut short = Self { len: count, ..Self::default() };
        short.bytes[..count].fill(byte);
        short
    }

    fn and(mut self, other: Self) -> Self {
        self.push(other.as_slice());
        self
    }

    fn or(self, other: Self) -> Self {
        if other.len < self.len { other } else { self }
    }

    fn absolute(x: u16, y: u16) -> Self {
        let (column, row) = (x.saturating_add(1), y.saturating_add(1));
        match (column, row) {
            (1, 1) => Self::of(b"\x1b[H"),
            (1, _) => Self::control(&[row], b'H'),
            (_, 1) => Self::of(b"\x1b[;").and(Self::number(column)).and(Self::of(b"H")),
            _ => Self::control(&[row, column], b'H'),
        }
    }

    /// From row to row, in the same column.
    fn down(from: u16, to: u16) -> Self {
        match (to.checked_sub(from), from.saturating_sub(to)) {
            (Some(0), _) => Self::default(),
            // The terminal is in raw mode: a line feed goes straight down, and never below the last row.
            (Some(rows @ 1..=4), _) => Self::repeat(b'\n', rows),
            (Some(rows), _) => Self::control(&[rows], b'B'),
            (None, 1) => Self::of(b"\x1b[A"),
            (None, rows) => Self::control(&[rows], b'A'),
        }
    }

    /// From column to column, in the same row.
    fn along(from: u16, to: u16) -> Self {
        match (to.checked_sub(from), from.saturating_sub(to)) {
            (Some(0), _) => Self::default(),
            (Some(1), _) => Self::of(b"\x1b[C"),
            (Some(columns), _) => Self::control(&[columns], b'C'),
            (None, columns @ 1..=4) => Self::repeat(0x08, columns),
            (None, columns) => Self::control(&[columns], b'D'),
        }
    }

    /// From anywhere in a row, over its beginning.
    fn over_margin(from: u16, x: u16, y: u16) -> Self {
        Self::repeat(b'\r', 1).and(Self::down(from, y)).and(Self::along(0, x))
    }
}
