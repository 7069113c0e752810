//! Receipts and return slips as bytes for ESC/POS printers.

use super::codepage::{encode, printable};
use super::layout::{Paper, Printed, Row, Style};

/// A printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printer {
    /// Characters to a row: 48 or 42 on 80 mm paper, 32 on 58 mm.
    pub columns: usize,
    /// Whether it cuts the paper.
    pub cut: bool,
    /// Whether it opens the drawer that hangs on it.
    pub drawer: bool,
}

impl Default for Printer {
    fn default() -> Self {
        Printer { columns: 42, cut: true, drawer: false }
    }
}

const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;
/// Dots a character is wide, which is how wide a bar code may be.
const DOTS: usize = 12;

/// A receipt or slip as bytes: the printer set up, code page 858, the total large, the number as CODE 128, the paper cut.
pub fn escpos(printed: &impl Printed, printer: &Printer) -> Vec<u8> {
    let paper = Paper { columns: printer.columns, large: 2, printable: &printable };
    let mut out = vec![ESC, b'@', ESC, b't', 19];
    if printer.drawer {
        out.extend([ESC, b'p', 0, 25, 250]);
    }
    for row in printed.rows(&paper) {
        print(&mut out, &row);
    }
    if let Some(bars) = printed.bars().and_then(|number| barcode(number, printer.columns * DOTS)) {
        out.push(b'\n');
        out.extend(bars);
    }
    if printer.cut {
        // Feeds to the knife first.
        out.extend([GS, b'V', 66, 0]);
    } else {
        out.extend([ESC, b'd', 4]);
    }
    out
}

fn print(out: &mut Vec<u8>, row: &Row) {
    let (on, off): (&[u8], &[u8]) = match row.style {
        Style::Plain => (&[], &[]),
        Style::Bold => (&[ESC, b'E', 1], &[ESC, b'E', 0]),
        Style::Large => (&[ESC, b'E', 1, GS, b'!', 0x11], &[GS, b'!', 0, ESC, b'E', 0]),
    };
    out.extend(on);
    out.extend(encode(row.text.trim_end()));
    out.extend(off);
    out.push(b'\n');
}

/// The number in CODE 128 with its characters below, centred; `None` when it cannot be coded or is too wide.
fn barcode(number: &str, dots: usize) -> Option<Vec<u8>> {
    let plain = number.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    // Eleven modules a character, three characters more, a stop of thirteen; two dots a module.
    let wide = ((number.len() + 3) * 11 + 13) * 2;
    if number.is_empty() || !plain || wide > dots {
        return None;
    }
    let mut data = b"{B".to_vec();
    for byte in number.bytes() {
        data.push(byte);
        if byte == b'{' {
            data.push(byte);
        }
    }
    let length = u8::try_from(data.len()).ok()?;
    let mut out = vec![ESC, b'a', 1, GS, b'h', 60, GS, b'w', 2, GS, b'H', 2, GS, b'k', 73, length];
    out.extend(data);
    out.extend([b'\n', ESC, b'a', 0]);
    Some(out)
}
