//! Points and lines in text: two columns and four rows of dots in each braille sign, or one star in ASCII.

/// A field of dots, `columns` × `rows` signs large.
#[derive(Debug, Clone)]
pub struct Dots {
    columns: usize,
    rows: usize,
    signs: Vec<u8>,
}

impl Dots {
    /// An empty field.
    pub fn new(columns: usize, rows: usize) -> Dots {
        Dots { columns, rows, signs: vec![0; columns * rows] }
    }

    /// Sets a dot, by its column (two a sign) and row (four a sign, from the top).
    pub fn set(&mut self, x: usize, y: usize) {
        const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
        if x / 2 < self.columns
            && y / 4 < self.rows
            && let Some(sign) = self.signs.get_mut(y / 4 * self.columns + x / 2)
        {
            *sign |= BITS[x % 2][y % 4];
        }
    }

    /// Joins two dots.
    pub fn line(&mut self, from: (usize, usize), to: (usize, usize)) {
        let (wide, high) = (to.0.abs_diff(from.0), to.1.abs_diff(from.1));
        let steps = wide.max(high).max(1);
        let at = |from: usize, to: usize, step: usize| {
            let way = (to as f64 - from as f64) * step as f64 / steps as f64;
            (from as f64 + way).round() as usize
        };
        for step in 0..=steps {
            self.set(at(from.0, to.0, step), at(from.1, to.1, step));
        }
    }

    /// Joins values from 0 to `top`, spread over the whole width.
    pub fn curve(&mut self, values: &[f64], top: f64) {
        self.curve_of(values, values.len(), top);
    }

    /// The same where only the first of `count` places have a value yet.
    pub fn curve_of(&mut self, values: &[f64], count: usize, top: f64) {
        let (wide, high) = ((self.columns * 2).saturating_sub(1), (self.rows * 4).saturating_sub(1));
        let place = |(at, value): (usize, &f64)| {
            let x = if count > 1 { at as f64 / (count - 1) as f64 } else { 0.5 };
            let y = if top > 0.0 { (value / top).clamp(0.0, 1.0) } else { 0.0 };
            ((x * wide as f64).round() as usize, high - (y * high as f64).round() as usize)
        };
        let places: Vec<(usize, usize)> = values.iter().enumerate().map(place).collect();
        if let [one] = places[..] {
            self.set(one.0, one.1);
        }
        for pair in places.windows(2) {
            self.line(pair[0], pair[1]);
        }
    }

    /// The rows of signs, from the top; stars where only ASCII may be used.
    pub fn lines(&self, ascii: bool) -> Vec<String> {
        let sign = |bits: &u8| match (*bits, ascii) {
            (0, _) => ' ',
            (_, true) => '*',
            (bits, false) => char::from_u32(0x2800 + u32::from(bits)).unwrap_or(' '),
        };
        self.signs.chunks(self.columns.max(1)).map(|row| row.iter().map(sign).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_line_goes_from_corner_to_corner() {
        let mut dots = Dots::new(3, 2);
        dots.curve(&[0.0, 1.0], 1.0);
        let lines = dots.lines(false);
        assert_eq!(lines, [" ⢀⠎", "⡰⠁ "]);
        assert_eq!(dots.lines(true), [" **", "** "]);
    }

    #[test]
    fn nothing_breaks_it() {
        let mut dots = Dots::new(0, 0);
        dots.curve(&[1.0, f64::NAN, -5.0], 0.0);
        assert!(dots.lines(false).is_empty());
        let mut dots = Dots::new(1, 1);
        dots.curve(&[], 1.0);
        dots.curve(&[f64::INFINITY], 1.0);
        dots.set(99, 99);
        assert_eq!(dots.lines(false).len(), 1);
    }
}
