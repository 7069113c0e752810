//! Where things stand on the Sale screen, for drawing and for clicks alike.

use super::quick::KEYS;
use super::state::{SUGGESTIONS, Sale, Stage};
use crate::console::widget::part;
use ratatui::layout::{Position, Rect};

/// From this width on there is a side panel.
const WIDE: u16 = 110;
/// The side panel's columns.
const SIDE: u16 = 42;
/// Rows of the totals at the bottom.
const FOOT: u16 = 4;

/// The regions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// The field.
    pub field: Rect,
    /// What is offered while typing; without rows when nothing is. The line above it stays where it is: that line is long.
    pub offers: Rect,
    /// The basket's lines with their heads.
    pub lines: Rect,
    /// Pieces, savings and tax.
    pub sums: Rect,
    /// The large total.
    pub total: Rect,
    /// The customer, on wide screens.
    pub side: Option<Rect>,
    /// The quick keys, one a row: in the side panel, or where the lines will be as long as there are none.
    pub quick: Rect,
    /// The row of the customer, on narrow ones.
    pub customer: Option<Rect>,
}

impl Sale {
    pub(super) fn layout(&self, area: Rect) -> Layout {
        let side = (area.width >= WIDE).then(|| part(area, area.width - SIDE, 0, SIDE, area.height));
        let main = if side.is_some() { part(area, 0, 0, area.width - SIDE - 1, area.height) } else { area };
        let offers = self.offers.len().min(SUGGESTIONS) as u16;
        let customer_row = u16::from(side.is_none() && self.card.is_some());
        let top = 1 + customer_row;
        let foot = if main.height > 14 { FOOT } else { 2 };
        let above = top + 1 + offers;
        let lines = part(main, 0, above, main.width, main.height.saturating_sub(above + foot));
        let below = part(main, 0, main.height.saturating_sub(foot), main.width, foot);
        let total_area = match side {
            Some(side) => part(side, 1, side.height.saturating_sub(FOOT), SIDE - 2, FOOT),
            None => part(below, below.width / 2, 0, below.width / 2, below.height),
        };
        let quick = match side {
            Some(side) => part(side, 1, QUICK_ROW, SIDE - 2, side.height.saturating_sub(QUICK_ROW + FOOT + 1)),
            // At the bottom, where what is offered while typing pushes nothing about.
            None if self.basket.lines.is_empty() && matches!(self.stage, Stage::Ringing) => {
                let rows = lines.height.saturating_sub(2).min(KEYS as u16);
                part(lines, 4, lines.height - rows, lines.width.saturating_sub(5).min(SIDE - 2), rows)
            }
            None => Rect::default(),
        };
        Layout {
            field: part(main, 0, 0, main.width, 1),
            offers: part(main, 0, top + 1, main.width, offers),
            customer: (customer_row > 0).then(|| part(main, 0, 1, main.width, 1)),
            lines,
            sums: part(below, 0, 0, below.width, below.height),
            total: total_area,
            side,
            quick,
        }
    }

    /// The first of the basket's lines in sight.
    pub(super) fn first_line(&self, rows: usize) -> usize {
        (self.marked + 1).saturating_sub(rows.max(1))
    }

    /// The line a click falls on.
    pub(super) fn line_at(&self, x: u16, y: u16, size: (u16, u16)) -> Option<usize> {
        let lines = self.layout(Rect::new(0, 0, size.0, size.1)).lines;
        let rows = usize::from(lines.height.saturating_sub(1));
        if x >= lines.width || y <= lines.y || y >= lines.bottom() {
            return None;
        }
        let line = self.first_line(rows) + usize::from(y - lines.y - 1);
        (line < self.basket.lines.len()).then_some(line)
    }

    /// The quick key a click falls on, from 0.
    pub(super) fn quick_at(&self, x: u16, y: u16, size: (u16, u16)) -> Option<usize> {
        let quick = self.layout(Rect::new(0, 0, size.0, size.1)).quick;
        let key = usize::from(y.checked_sub(quick.y)?);
        (quick.contains(Position::new(x, y)) && key < self.quick.len()).then_some(key)
    }
}

/// The row of the side panel where the quick keys begin.
pub(super) const QUICK_ROW: u16 = 6;
