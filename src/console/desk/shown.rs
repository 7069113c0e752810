//! What a session shows, as the lines that whoever watches it sees.
//!
//! Knows cells and their widths, and nobody.

use crate::unit::text::width;
use ratatui::buffer::Buffer;

/// The rows of a screen as text.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row = |y| {
        let (mut line, mut x) = (String::new(), area.left());
        while let Some(cell) = buffer.cell((x, y)) {
            line.push_str(cell.symbol());
            // The cell behind a wide letter belongs to it.
            x += width(cell.symbol()).max(1) as u16;
        }
        line
    };
    (area.top()..area.bottom()).map(row).collect()
}
