//! What a frame is drawn on, lent for one frame: a session keeps only what its terminal shows.
//!
//! The sheets are the whole process's, a few for all sessions: two hundred that draw one after the other need no more
//! memory than one.

use std::sync::{Mutex, PoisonError};

use ratatui::{buffer::Buffer, layout::Rect};

use super::grid::Grid;

/// Sheets that are kept for the next frames; more are drawn on at once only where there are more cores.
const KEPT: usize = 4;
/// Cells of the largest sheet that is kept: a screen of 250 x 70.
const MOST_CELLS: usize = 250 * 70;

static SHEETS: Mutex<Vec<Canvas>> = Mutex::new(Vec::new());

/// A buffer to draw in, and room for what comes of it.
#[derive(Default)]
pub(super) struct Canvas {
    pub(super) buffer: Buffer,
    pub(super) grid: Grid,
}

impl Canvas {
    /// An empty one of this size.
    pub(super) fn lend(columns: u16, rows: u16) -> Self {
        let mut canvas = SHEETS.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        canvas.buffer.resize(Rect::new(0, 0, columns, rows));
        canvas.buffer.reset();
        canvas.grid.resize(columns, rows);
        canvas
    }

    /// Gives it back for whoever draws next.
    pub(super) fn give_back(self) {
        let mut sheets = SHEETS.lock().unwrap_or_else(PoisonError::into_inner);
        if sheets.len() < KEPT && self.buffer.content.len() <= MOST_CELLS {
            sheets.push(self);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn nothing_that_was_drawn_stays_on_a_sheet() {
        let mut canvas = Canvas::lend(20, 4);
        canvas.buffer.set_string(0, 0, "somebody else's words", Style::new().bold());
        canvas.give_back();
        for (columns, rows) in [(20, 4), (7, 9), (30, 2)] {
            let canvas = Canvas::lend(columns, rows);
            assert_eq!(canvas.buffer, Buffer::empty(Rect::new(0, 0, columns, rows)));
            canvas.give_back();
        }
    }
}
