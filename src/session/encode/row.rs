//! The bytes that turn one row of the screen into another.

use super::{
    grid::Cell,
    painter::{Cursor, Painter},
};

/// Erasing to the end of a row takes three bytes.
pub(super) const ERASED_END: usize = 4;
/// From so many blanks in the middle of a row on, erasing them and moving on is shorter than writing them.
pub(super) const ERASED_RUN: usize = 10;

/// Writes what differs between `before` and `after`, in whichever of two ways is shorter: cell by cell, or by first erasing
/// the rest of the row.
pub(super) fn paint(painter: &mut Painter, y: u16, before: &[Cell], after: &[Cell], scratch: &mut Vec<Cell>) {
    let Some(first) = before.iter().zip(after).position(|(old, new)| old != new) else { return };
    let (start, place) = (painter.out.len(), painter.place);
    changes(painter, y, before, after, first);
    let direct = painter.out.len() - start;
    let ground = after.last().filter(|last| last.is_blank() && painter.erases_to(last.pen.bg)).map(|last| last.pen.bg);
    let ground = Cell::ground(ground.unwrap_or_default());
    let blanks = after.iter().zip(before).skip(first).filter(|(new, old)| **new == ground && new != old).count();
    if blanks < ERASED_END {
        return;
    }
    let direct_place = std::mem::replace(&mut painter.place, place);
    painter.move_to(column(first), y);
    painter.set_ground(ground.pen.bg, None);
    painter.erase_right();
    scratch.clear();
    scratch.extend_from_slice(&before[..first]);
    scratch.resize(after.len(), ground);
    changes(painter, y, scratch, after, first);
    if painter.out.len() - start - direct < direct {
        painter.out.drain(start..start + direct);
    } else {
        painter.out.truncate(start + direct);
        painter.place = direct_place;
    }
}

/// Writes the cells that differ, from column `first` on.
fn changes(painter: &mut Painter, y: u16, before: &[Cell], after: &[Cell], first: usize) {
    let differs = |x: &usize| before.get(*x) != after.get(*x);
    let mut x = first;
    while let Some(next) = (x..after.len()).find(differs) {
        x = next;
        let cell = &after[x];
        let (run, changed) = blanks(painter, before, after, x);
        let to_end = x + run == after.len();
        if to_end && changed >= ERASED_END || !to_end && changed >= ERASED_RUN {
            go(painter, y, x, after);
            painter.set_ground(cell.pen.bg, None);
            if to_end {
                return painter.erase_right();
            }
            painter.erase(changed);
            x += changed;
            continue;
        }
        go(painter, y, x, after);
        write(painter, cell, &after[x + 1..]);
        x += usize::from(cell.width()).max(1);
    }
}

/// How many cells from `x` on are alike and could be erased, and how many of them up to the last one that changes.
fn blanks(painter: &Painter, before: &[Cell], after: &[Cell], x: usize) -> (usize, usize) {
    let cell = &after[x];
    if !cell.is_blank() || !painter.erases_to(cell.pen.bg) {
        return (0, 0);
    }
    let run = after[x..].iter().take_while(|next| *next == cell).count();
    let last = (x..x + run).rev().find(|place| before.get(*place) != after.get(*place));
    (run, last.map_or(0, |last| last + 1 - x))
}

/// Writes one cell, with the pen it needs.
fn write(painter: &mut Painter, cell: &Cell, following: &[Cell]) {
    if !painter.suits(cell) {
        if cell.is_blank() {
            let next = following.iter().find(|next| !next.is_blank()).map(|next| next.pen);
            painter.set_ground(cell.pen.bg, next);
        } else {
            painter.set_pen(cell.pen);
        }
    }
    painter.print(cell);
}

/// Brings the cursor to column `x`, over a short gap by writing what stands there, or is to stand there, if the pen suits.
pub(super) fn go(painter: &mut Painter, y: u16, x: usize, after: &[Cell]) {
    let shortest = painter.move_bytes(column(x), y).len();
    let (start, place) = (painter.out.len(), painter.place);
    let here = match place.cursor {
        Cursor::At(from, row) if row == y && usize::from(from) < x => Some(usize::from(from)),
        _ => None,
    };
    // From where the cursor is, or from the beginning of the row.
    for from in here.into_iter().chain([0]) {
        let Some(gap) = after.get(from..x).filter(|gap| (1..=shortest).contains(&gap.len())) else { continue };
        if !gap.iter().all(|cell| cell.width() == 1 && painter.suits(cell)) {
            continue;
        }
        painter.move_to(column(from), y);
        gap.iter().for_each(|cell| painter.print(cell));
        let written = painter.out.len() - start;
        if written <= shortest - usize::from(here != Some(from)) && painter.place.cursor == Cursor::At(column(x), y) {
            return;
        }
        painter.out.truncate(start);
        painter.place = place;
    }
    painter.move_to(column(x), y);
}

/// A column as the terminal counts; rows are never longer than it can.
pub(super) fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}
