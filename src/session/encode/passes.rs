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

/// A blank is written on the way to a cell that is so near.
const NEAR: usize = 4;

/// A row on its way from what is shown to what shall be.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    y: u16,
    /// What it shows, once the erasing that is due has been done.
    now: Vec<Cell>,
    after: &'a [Cell],
    /// The rest of the row is erased first: from which column, to which background.
    erase: Option<(usize, Ink)>,
}

impl<'a> Row<'a> {
    /// A row that has to change; `None` for one that is right already.
    pub(super) fn new(painter: &Painter, y: u16, before: &[Cell], after: &'a [Cell]) -> Option<Self> {
        let first = before.iter().zip(after).position(|(old, new)| old != new)?;
        let mut row = Self { y, now: before.to_vec(), after, erase: None };
        let ground = after.last().filter(|last| last.is_blank() && painter.erases_to(last.pen.bg));
        let ground = ground.map(|last| last.pen.bg).unwrap_or_default();
        if row.gains_by_erasing(first, ground) {
            row.now.truncate(first);
            row.now.resize(after.len(), Cell::ground(ground));
            row.erase = Some((first, ground));
        }
        Some(row)
    }

    /// Whether the blanks that come by themselves outweigh what has to be written again.
    fn gains_by_erasing(&self, first: usize, ground: Ink) -> bool {
        let ground = Cell::ground(ground);
        let (mut saved, mut lost, mut run) = (0, 0, 0);
        for (old, new) in self.now.iter().zip(self.after).skip(first) {
            match (*new == ground, old == new) {
                (true, false) => run += 1,
                (true, true) => {}
                (false, same) => {
                    saved += std::mem::take(&mut run).min(ERASED_END + 1);
                    lost += usize::from(same);
                }
            }
        }
        // What is blank up to the end is erased in either way.
        saved > lost + ERASED_END
    }

    fn differs(&self, x: usize) -> bool {
        self.now.get(x) != self.after.get(x)
    }

    /// Writes what this pen writes. `closes` when no later pen has its background.
    fn pass(&mut self, painter: &mut Painter, pen: Pen, closes: bool) {
        let blanks = !pen.attributes.intersects(MARKS);
        if let Some((first, bg)) = self.erase {
            if bg != pen.bg || !blanks {
                // Whatever were written before the row is erased would go with it.
                return;
            }
            painter.move_to(column(first), self.y);
            painter.set_pen(pen);
            painter.erase_right();
            self.erase = None;
        }
        let mut x = 0;
        while let Some(next) = (x..self.after.len()).find(|x| self.is_due(painter, *x, pen, closes)) {
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
        self.now[x..end].clone_from_slice(&self.after[x..end]);
        done
    }
}

/// Writes all rows, pen by pen; `onward` takes the pens in the order in which they first stand on the screen.
pub(super) fn paint(painter: &mut Painter, rows: &mut [Row<'_>], onward: bool) {
    let pens = pens(painter.place.pen, rows, onward);
    let closes = |at: usize| {
        let blanks = |pen: &Pen| !pen.attributes.intersects(MARKS);
        blanks(&pens[at]) && !pens[at + 1..].iter().any(|later| later.bg == pens[at].bg && blanks(later))
    };
    // In a row that waits to be erased a pen of another background has to wait too: its turn comes once more.
    for _ in 0..2 {
        for (at, pen) in pens.iter().enumerate() {
            rows.iter_mut().for_each(|row| row.pass(painter, *pen, closes(at)));
        }
    }
}

/// The pens that are needed, those of one background together, beginning with what the terminal has now.
fn pens(now: Option<Pen>, rows: &[Row<'_>], onward: bool) -> Vec<Pen> {
    let mut pens: Vec<Pen> = Vec::new();
    let mut grounds: Vec<Ink> = Vec::new();
    for row in rows {
        grounds.extend(row.erase.map(|(_, ground)| ground));
        for (_, new) in row.now.iter().zip(row.after).filter(|(old, new)| old != new) {
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
    if !onward {
        pens.reverse();
    }
    let places: Vec<Ink> = pens.iter().map(|pen| pen.bg).collect();
    let place = |pen: &Pen| places.iter().position(|bg| *bg == pen.bg);
    pens.sort_by_key(|pen| (now.is_none_or(|now| now.bg != pen.bg), place(pen), now != Some(*pen)));
    pens
}
