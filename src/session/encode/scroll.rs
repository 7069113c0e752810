//! Finds a band of rows that moved up or down as a whole, so that the terminal can move it by itself.

use super::grid::Grid;

/// The farthest that a band is looked for.
const FARTHEST: usize = 6;
/// How many cells have to fall into place before it is worth trying.
const WORTH: i64 = 24;

/// Rows `top..bottom` that move up by `rows`, or down when negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scroll {
    pub(super) top: usize,
    pub(super) bottom: usize,
    pub(super) rows: i32,
}

impl Scroll {
    /// The row that stands in `row` once the band has moved; `None` for a blank row that came in.
    pub(super) fn source(self, row: usize) -> Option<usize> {
        if !(self.top..self.bottom).contains(&row) {
            return Some(row);
        }
        let source = row.checked_add_signed(isize::try_from(self.rows).ok()?)?;
        (self.top..self.bottom).contains(&source).then_some(source)
    }
}

/// The move after which the most cells of `after` are in place, if there is one worth trying.
pub(super) fn find(before: &Grid, after: &Grid) -> Option<Scroll> {
    let changed: Vec<i64> = (0..after.rows()).map(|row| differing(before, row, after, row)).collect();
    let first = changed.iter().position(|count| *count > 0)?;
    let end = changed.iter().rposition(|count| *count > 0)? + 1;
    if changed[first..end].iter().filter(|count| **count > 0).count() < 3 {
        return None;
    }
    let farthest = FARTHEST.min(end - first - 1);
    let moves = (1..=farthest).flat_map(|distance| [(distance, true), (distance, false)]);
    let best = moves.filter_map(|(distance, up)| band(before, after, &changed, (first, end), distance, up));
    best.max_by_key(|(gain, _)| *gain).filter(|(gain, _)| *gain >= WORTH).map(|(_, scroll)| scroll)
}

/// The best band for one distance: the run of rows with the largest sum of cells that fall into place.
fn band(
    before: &Grid,
    after: &Grid,
    changed: &[i64],
    (first, end): (usize, usize),
    distance: usize,
    up: bool,
) -> Option<(i64, Scroll)> {
    let targets = if up { first..end - distance } else { first + distance..end };
    let (mut best, mut sum, mut start) = (None, 0, targets.start);
    for row in targets {
        let source = if up { row + distance } else { row - distance };
        let gain = changed[row] - differing(before, source, after, row);
        if sum <= 0 {
            (sum, start) = (0, row);
        }
        sum += gain;
        if best.is_none_or(|(most, _, _)| sum > most) {
            best = Some((sum, start, row + 1));
        }
    }
    let (gain, start, end) = best?;
    let rows = i32::try_from(distance).ok()?;
    let scroll = if up {
        Scroll { top: start, bottom: end + distance, rows }
    } else {
        Scroll { top: start - distance, bottom: end, rows: -rows }
    };
    Some((gain, scroll))
}

/// How many cells differ between two rows.
fn differing(before: &Grid, source: usize, after: &Grid, row: usize) -> i64 {
    let pairs = before.row(source).iter().zip(after.row(row));
    i64::try_from(pairs.filter(|(old, new)| old != new).count()).unwrap_or(i64::MAX)
}
