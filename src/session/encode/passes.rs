//! Rows written pen by pen: a change of colours is longer than a move of the cursor, so a frame of few cells in several
//! colours is shorter when each pen is taken up once.
//!
//! Knows what the terminal shows and what it shall show, never why; whether this way is the shorter one is measured by
//! who asked for it.

use super::{
    colour::Ink,
    grid::{Cell, MARKS, Pen},
    painter::{Cursor, Painter},
    row::{ERASED_END, ERASED_RUN, column, go},
};

/// Erasing many blanks takes so many bytes.
const ERASED_LONG: i64 = 5;
/// Getting to a cell, or to its pen, and writing it takes about so many.
const REACHED: i64 = 8;
/// A blank is written on the way to a cell that is so near.
const NEAR: usize = 4;

/// Columns of a row that are blank before anything is written on them.
#[derive(Clone, Copy, Debug)]
struct Erasing {
    first: usize,
    end: usize,
    ground: Ink,
}

/// In which of several ways to write; which is the shortest depends on the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// The pens come in the order in which they first stand on the screen, or else the other way round.
    pub(super) onward: bool,
    /// Rows of which much is to be blank are erased first.
    pub(super) erases: bool,
    /// This pen comes last.
    pub(super) last: Option<Pen>,
}

/// A row on its way from what is shown to what shall be.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    y: u16,
    before: &'a [Cell],
    /// Which of its cells are not yet what they shall be, once the erasing that is due has been done: asked for more often
    /// than cells can be compared.
    wrong: Vec<bool>,
    after: &'a [Cell],
    /// What is erased first.
    erase: Option<Erasing>,
    /// Before this column nothing changes, nor from `end` on.
    first: usize,
    end: usize,
    /// A pen had to wait until it is erased.
    waits: bool,
}

impl<'a> Row<'a> {
    /// A row that has to change; `None` for one that is right already.
    pub(super) fn new(painter: &Painter, y: u16, before: &'a [Cell], after: &'a [Cell], way: Way) -> Option<Self> {
        let first = before.iter().zip(after).position(|(old, new)| old != new)?;
        let last = before.iter().zip(after).rposition(|(old, new)| old != new)? + 1;
        let wrong = before.iter().zip(after).map(|(old, new)| old != new).collect();
        let mut row = Self { y, before, wrong, after, erase: None, first, end: last, waits: false };
        let blank = before.iter().zip(after).rposition(|(old, new)| old != new && new.is_blank());
        let Some(blank) = blank.filter(|blank| way.erases && painter.erases_to(after[*blank].pen.bg)) else {
            return Some(row);
        };
        // All the rest of the row, or up to the last blank or other cell that comes: beside it may stand what stays.
        let ways = [after.len(), blank + 1, last].into_iter().map(|end| {
            let erasing = Erasing { first, end, ground: after[blank].pen.bg };
            (row.gain_by_erasing(erasing), erasing)
        });
        if let Some((gain, erasing)) = ways.max_by_key(|(gain, _)| *gain)
            && gain > 0
        {
            let ground = Cell::ground(erasing.ground);
            (first..erasing.end).for_each(|x| row.wrong[x] = after[x] != ground);
            row.erase = Some(erasing);
            row.end = last.max(erasing.end);
        }
        Some(row)
    }

    /// By how many bytes the blanks that come by themselves outweigh what has to be written again.
    fn gain_by_erasing(&self, Erasing { first, end, ground }: Erasing) -> i64 {
        let ground = Cell::ground(ground);
        let (mut saved, mut lost, mut run) = (0, 0, 0_i64);
        let mut pen = None;
        for (old, new) in self.before[..end].iter().zip(self.after).skip(first) {
            match (*new == ground, old == new) {
                (true, false) => run += 1,
                (true, true) => {}
                (false, same) => {
                    saved += std::mem::take(&mut run).min(ERASED_LONG);
                    if same {
                        lost += if pen == Some(new.pen) { 1 } else { REACHED };
                    }
                }
            }
            pen = (*new != ground).then_some(new.pen);
        }
        // What is blank up to the end of the row is erased in either way.
        let (rest, own) = if end < self.after.len() { (run, ERASED_LONG + 1) } else { (0, 0) };
        saved + rest.min(ERASED_LONG) - lost - own
    }

    fn differs(&self, x: usize) -> bool {
        self.wrong.get(x).copied().unwrap_or(false)
    }

    /// Writes what this pen writes. `closes` when no later pen has its background.
    fn pass(&mut self, painter: &mut Painter, pen: Pen, closes: bool) {
        let blanks = !pen.attributes.intersects(MARKS);
        if let Some(Erasing { first, end, ground }) = self.erase {
            if ground != pen.bg || !blanks {
                // Whatever were written before the row is erased would go with it.
                self.waits = true;
                return;
            }
            painter.move_to(column(first), self.y);
            painter.set_pen(pen);
            if end == self.after.len() {
                painter.erase_right();
            } else {
                painter.erase(end - first);
            }
            self.erase = None;
        }
        let mut x = self.first;
        while let Some(next) = (x..self.end).find(|x| self.is_due(painter, *x, pen, closes)) {
            painter.set_pen(pen);
            x = next + self.write(painter, next);
        }
    }

    fn is_due(&self, painter: &Painter, x: usize, pen: Pen, closes: bool) -> bool {
        let cell = &self.after[x];
        if !self.differs(x) || !cell.suits(pen) {
            return false;
        }
        if !cell.is_blank() || closes || painter.place.cursor == Cursor::At(column(x), self.y) {
            return true;
        }
        let next = (x + 1..self.after.len()).take(NEAR).find(|x| !self.after[*x].is_blank());
        next.is_some_and(|next| self.after[next].pen == pen && self.differs(next))
    }

    /// Writes the cell at `x`, or erases the blanks from there on; how many columns that made right.
    fn write(&mut self, painter: &mut Painter, x: usize) -> usize {
        let cell = &self.after[x];
        let run = self.after[x..].iter().take_while(|next| *next == cell).count();
        let to_end = x + run == self.after.len();
        let changed = (x..x + run).rev().find(|place| self.differs(*place)).map_or(0, |last| last + 1 - x);
        let erases = cell.is_blank() && painter.erases_to(cell.pen.bg);
        go(painter, self.y, x, self.after);
        let done = if erases && to_end && changed >= ERASED_END {
            painter.erase_right();
            run
        } else if erases && !to_end && changed >= ERASED_RUN {
            painter.erase(changed);
            changed
        } else {
            painter.print(cell);
            usize::from(cell.width()).max(1)
        };
        let end = (x + done).min(self.after.len());
        self.wrong[x..end].fill(false);
        done
    }
}

/// Writes all rows, pen by pen.
pub(super) fn paint(painter: &mut Painter, rows: &mut [Row<'_>], way: Way) {
    let pens = pens(painter.place.pen, rows, way);
    let closes = |at: usize| {
        let blanks = |pen: &Pen| !pen.attributes.intersects(MARKS);
        blanks(&pens[at]) && !pens[at + 1..].iter().any(|later| later.bg == pens[at].bg && blanks(later))
    };
    for (at, pen) in pens.iter().enumerate() {
        rows.iter_mut().for_each(|row| row.pass(painter, *pen, closes(at)));
    }
    // By now all is erased; the turn of those who had to wait comes once more.
    for (at, pen) in pens.iter().enumerate() {
        rows.iter_mut().filter(|row| row.waits).for_each(|row| row.pass(painter, *pen, closes(at)));
    }
}

/// The pens that are needed, those of one background together, beginning with what the terminal has now.
fn pens(now: Option<Pen>, rows: &[Row<'_>], way: Way) -> Vec<Pen> {
    let mut pens: Vec<Pen> = Vec::new();
    let mut grounds: Vec<Ink> = Vec::new();
    for row in rows {
        grounds.extend(row.erase.map(|erasing| erasing.ground));
        for (_, new) in row.wrong.iter().zip(row.after).filter(|(wrong, _)| **wrong) {
            if !new.is_blank() {
                if !pens.contains(&new.pen) {
                    pens.push(new.pen);
                }
            } else if !grounds.contains(&new.pen.bg) {
                grounds.push(new.pen.bg);
            }
        }
    }
    for ground in grounds {
        if !pens.iter().any(|pen| pen.bg == ground && !pen.attributes.intersects(MARKS)) {
            let has = now.filter(|now| now.bg == ground && !now.attributes.intersects(MARKS));
            pens.push(has.unwrap_or(Cell::ground(ground).pen));
        }
    }
    if !way.onward {
        pens.reverse();
    }
    let places: Vec<Ink> = pens.iter().map(|pen| pen.bg).collect();
    let place = |pen: &Pen| places.iter().position(|bg| *bg == pen.bg);
    let has_ground = |other: Option<Pen>, pen: &Pen| other.is_some_and(|other| other.bg == pen.bg);
    pens.sort_by_key(|pen| {
        let ground = (has_ground(way.last, pen), !has_ground(now, pen), place(pen));
        (ground, way.last == Some(*pen), now != Some(*pen))
    });
    keep_foregrounds(&mut pens, way.last);
    pens
}

/// Begins each background with the foreground that the one before ended with, where it has it: half a change of pen.
fn keep_foregrounds(pens: &mut [Pen], last: Option<Pen>) {
    let mut at = 1;
    while let Some((before, rest)) = pens.split_at_mut_checked(at).filter(|(_, rest)| !rest.is_empty()) {
        let (Some(before), Some(bg)) = (before.last(), rest.first().map(|pen| pen.bg)) else { return };
        let group = rest.iter().take_while(|pen| pen.bg == bg).count();
        if before.bg == bg {
            at += 1;
            continue;
        }
        let same = |pen: &Pen| pen.fg == before.fg && pen.attributes == before.attributes && last != Some(*pen);
        if let Some(place) = rest[..group].iter().position(same) {
            rest[..=place].rotate_right(1);
        }
        at += 1;
    }
}
