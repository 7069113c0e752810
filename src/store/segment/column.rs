//! One column of integers as bytes: a constant, a line, or offsets from the smallest value in few bits.
//!
//! Exact for every `i64`. Knows nothing of what the numbers mean.

use super::head::{Cursor, put_signed, put_varint};
use crate::store::codec::{self, CodecFault};
use std::ops::Range;

/// How a column's values follow from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// All values are the same.
    Constant(i64),
    /// `base + row × step`.
    Line { base: i64, step: i64 },
    /// `base + code × scale`, each code in `bits` bits.
    Packed { base: i64, scale: u64, bits: u8 },
}

/// The widths a code may have.
const WIDTHS: [u8; 11] = [1, 2, 4, 8, 16, 24, 32, 40, 48, 56, 64];

impl Shape {
    /// The smallest shape that holds `values`.
    pub(super) fn of(values: &[i64]) -> Shape {
        let Some(&first) = values.first() else { return Shape::Constant(0) };
        let (min, max) = values.iter().fold((first, first), |(min, max), v| (min.min(*v), max.max(*v)));
        if min == max {
            return Shape::Constant(min);
        }
        let step = values[1].wrapping_sub(first);
        if values.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == step) {
            return Shape::Line { base: first, step };
        }
        let mut scale = 0;
        for value in values {
            scale = common_divisor(offset(*value, min), scale);
            if scale == 1 {
                break;
            }
        }
        let largest = offset(max, min) / scale.max(1);
        let needed = 64 - largest.leading_zeros();
        let bits = WIDTHS.into_iter().find(|width| u32::from(*width) >= needed).unwrap_or(64);
        Shape::Packed { base: min, scale: scale.max(1), bits }
    }

    /// Appends the shape itself.
    pub(super) fn put(self, head: &mut Vec<u8>) {
        match self {
            Shape::Constant(value) => {
                head.push(0);
                put_signed(head, i128::from(value));
            }
            Shape::Line { base, step } => {
                head.push(65);
                put_signed(head, i128::from(base));
                put_signed(head, i128::from(step));
            }
            Shape::Packed { base, scale, bits } => {
                head.push(bits);
                put_signed(head, i128::from(base));
                put_varint(head, u128::from(scale));
            }
        }
    }

    /// Reads what [`Shape::put`] wrote.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Shape, CodecFault> {
        match cursor.byte()? {
            0 => Ok(Shape::Constant(cursor.signed()?)),
            65 => Ok(Shape::Line { base: cursor.signed()?, step: cursor.signed()? }),
            bits if WIDTHS.contains(&bits) => {
                Ok(Shape::Packed { base: cursor.signed()?, scale: cursor.number()?, bits })
            }
            _ => Err(CodecFault::Shape),
        }
    }

    /// How many bytes the codes of `rows` values take; `None` when more than can be counted.
    pub(super) fn payload(self, rows: usize) -> Option<usize> {
        match self {
            Shape::Constant(_) | Shape::Line { .. } => Some(0),
            Shape::Packed { bits, .. } => rows.checked_mul(usize::from(bits)).map(|bits| bits.div_ceil(8)),
        }
    }

    /// The shape of `count` rows from `first` on, which starts a byte, and where their codes are.
    fn part(self, first: usize, count: usize) -> Option<(Shape, Range<usize>)> {
        Some(match self {
            Shape::Constant(_) => (self, 0..0),
            Shape::Line { base, step } => {
                (Shape::Line { base: base.wrapping_add((first as i64).wrapping_mul(step)), step }, 0..0)
            }
            Shape::Packed { .. } => {
                let start = self.payload(first)?;
                (self, start..start.checked_add(self.payload(count)?)?)
            }
        })
    }

    /// Appends the codes of `values`.
    pub(super) fn pack(self, values: &[i64], out: &mut Vec<u8>) {
        let Shape::Packed { base, scale, bits } = self else { return };
        let code = |value: &i64| offset(*value, base) / scale;
        if bits >= 8 {
            let bytes = usize::from(bits / 8);
            for value in values {
                out.extend_from_slice(&code(value).to_le_bytes()[..bytes]);
            }
            return;
        }
        for group in values.chunks(usize::from(8 / bits)) {
            let mut byte = 0u8;
            for (at, value) in group.iter().enumerate() {
                // The code has at most `bits` bits.
                byte |= (code(value) as u8) << (at * usize::from(bits));
            }
            out.push(byte);
        }
    }

    /// Appends the `rows` values to `out`, each as `of` makes it.
    pub(super) fn unpack<T: Copy + Default>(self, bytes: &[u8], rows: usize, out: &mut Vec<T>, of: impl Fn(i64) -> T) {
        match self {
            Shape::Constant(value) => out.resize(out.len() + rows, of(value)),
            Shape::Line { base, step } => {
                out.extend((0..rows as i64).map(|row| of(base.wrapping_add(row.wrapping_mul(step)))));
            }
            Shape::Packed { base, scale, bits } => {
                let value = |code: u64| of(base.wrapping_add(code.wrapping_mul(scale) as i64));
                match bits {
                    8 => out.extend(bytes.iter().map(|b| value(u64::from(*b)))),
                    16 => wide(bytes, out, value, word16),
                    24 => wide24(bytes, out, value),
                    32 => wide(bytes, out, value, word32),
                    40 => wide(bytes, out, value, word40),
                    48 => wide(bytes, out, value, word48),
                    56 => wide(bytes, out, value, word56),
                    64 => wide(bytes, out, value, |code| u64::from_le_bytes(*code)),
                    narrow => bits_of(bytes, narrow, rows, out, value),
                }
            }
        }
    }
}

/// `values` as bytes of their own: shape, codes, checksum.
pub fn pack(values: &[i64]) -> Vec<u8> {
    let shape = Shape::of(values);
    let mut bytes = Vec::new();
    shape.put(&mut bytes);
    shape.pack(values, &mut bytes);
    codec::seal(bytes)
}

/// Rows that are unpacked at a time; memory that is used again is the fastest. All widths fill whole bytes with them.
const BLOCK: usize = 4_096;

/// Hands the `rows` values that [`pack`] was given to `each`, some at a time, with the row of the first.
///
/// # Errors
/// `Checksum`; `Shape` where they are not so many.
pub fn unpack(bytes: &[u8], rows: usize, each: &mut dyn FnMut(usize, &[i64])) -> Result<(), CodecFault> {
    let mut cursor = Cursor::new(codec::open(bytes)?);
    let shape = Shape::read(&mut cursor)?;
    let codes = cursor.rest();
    if shape.payload(rows) != Some(codes.len()) {
        return Err(CodecFault::Shape);
    }
    let mut values = Vec::with_capacity(BLOCK.min(rows));
    for first in (0..rows).step_by(BLOCK) {
        let count = BLOCK.min(rows - first);
        let (shape, range) = shape.part(first, count).ok_or(CodecFault::Shape)?;
        values.clear();
        shape.unpack(codes.get(range).ok_or(CodecFault::Shape)?, count, &mut values, |value| value);
        if values.len() != count {
            return Err(CodecFault::Shape);
        }
        each(first, &values);
    }
    Ok(())
}

impl Shape {
    /// Appends the values of some rows alone to `out`, each as `of` makes it; `None` where there is no such row.
    pub(super) fn gather<T>(self, bytes: &[u8], rows: &[u32], out: &mut Vec<T>, of: impl Fn(i64) -> T) -> Option<()> {
        out.reserve(rows.len());
        match self {
            Shape::Constant(value) => out.extend(rows.iter().map(|_| of(value))),
            Shape::Line { base, step } => {
                out.extend(rows.iter().map(|row| of(base.wrapping_add(i64::from(*row).wrapping_mul(step)))));
            }
            Shape::Packed { base, scale, bits } => {
                let value = |code: u64| of(base.wrapping_add(code.wrapping_mul(scale) as i64));
                match bits {
                    8 => some(bytes, rows, out, value, |[code]| u64::from(*code))?,
                    16 => some(bytes, rows, out, value, word16)?,
                    24 => some(bytes, rows, out, value, word24)?,
                    32 => some(bytes, rows, out, value, word32)?,
                    40 => some(bytes, rows, out, value, word40)?,
                    48 => some(bytes, rows, out, value, word48)?,
                    56 => some(bytes, rows, out, value, word56)?,
                    64 => some(bytes, rows, out, value, |code| u64::from_le_bytes(*code))?,
                    narrow => {
                        let narrow = usize::from(narrow);
                        let (per_byte, mask) = (8 / narrow, (1u8 << narrow) - 1);
                        for row in rows {
                            let row = *row as usize;
                            let byte = bytes.get(row / per_byte)?;
                            out.push(value(u64::from((byte >> (row % per_byte * narrow)) & mask)));
                        }
                    }
                }
            }
        }
        Some(())
    }
}

fn wide<const N: usize, T>(bytes: &[u8], out: &mut Vec<T>, value: impl Fn(u64) -> T, word: impl Fn(&[u8; N]) -> u64) {
    out.extend(bytes.as_chunks::<N>().0.iter().map(|code| value(word(code))));
}

/// The values of some rows; `None` where there is no such row.
fn some<const N: usize, T>(
    bytes: &[u8],
    rows: &[u32],
    out: &mut Vec<T>,
    value: impl Fn(u64) -> T,
    word: impl Fn(&[u8; N]) -> u64,
) -> Option<()> {
    let (codes, _) = bytes.as_chunks::<N>();
    // All rows are looked at first: then none has to be on its way.
    let Some(last) = codes.len().checked_sub(1) else { return rows.is_empty().then_some(()) };
    if rows.iter().any(|row| *row as usize > last) {
        return None;
    }
    out.extend(rows.iter().map(|row| value(word(&codes[(*row as usize).min(last)]))));
    Some(())
}

/// The words of codes, each read at its own width: a wider read of bytes just written would wait for them.
fn word16(code: &[u8; 2]) -> u64 {
    u64::from(u16::from_le_bytes(*code))
}

fn word32(code: &[u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(*code))
}

fn word24([a, b, c]: &[u8; 3]) -> u64 {
    word16(&[*a, *b]) | u64::from(*c) << 16
}

fn word40([a, b, c, d, e]: &[u8; 5]) -> u64 {
    word32(&[*a, *b, *c, *d]) | u64::from(*e) << 32
}

fn word48([a, b, c, d, e, f]: &[u8; 6]) -> u64 {
    word32(&[*a, *b, *c, *d]) | word16(&[*e, *f]) << 32
}

fn word56([a, b, c, d, e, f, g]: &[u8; 7]) -> u64 {
    word32(&[*a, *b, *c, *d]) | word24(&[*e, *f, *g]) << 32
}

/// Four codes of 24 bits are three words of 32.
fn wide24<T: Copy + Default>(bytes: &[u8], out: &mut Vec<T>, value: impl Fn(u64) -> T) {
    let (groups, rest) = bytes.as_chunks::<12>();
    let start = out.len();
    out.resize(start + groups.len() * 4, T::default());
    let (slots, _) = out[start..].as_chunks_mut::<4>();
    for (slot, group) in slots.iter_mut().zip(groups) {
        let (words, _) = group.as_chunks::<4>();
        let word = |at: usize| u32::from_le_bytes(words[at]);
        let (a, b, c) = (word(0), word(1), word(2));
        let [first, second] = [a & 0xff_ffff, (a >> 24) | ((b & 0xffff) << 8)];
        let [third, fourth] = [(b >> 16) | ((c & 0xff) << 16), c >> 8];
        *slot = [value(first.into()), value(second.into()), value(third.into()), value(fourth.into())];
    }
    wide(rest, out, value, word24);
}

fn bits_of<T: Copy + Default>(bytes: &[u8], bits: u8, rows: usize, out: &mut Vec<T>, value: impl Fn(u64) -> T) {
    let per_byte = usize::from(8 / bits);
    let mask = (1u8 << bits) - 1;
    // Few codes exist: their values are worked out once.
    let mut values = [T::default(); 16];
    for (code, slot) in values.iter_mut().enumerate().take(1 << bits) {
        *slot = value(code as u64);
    }
    let start = out.len();
    out.resize(start + rows, T::default());
    for (group, byte) in out[start..].chunks_mut(per_byte).zip(bytes) {
        let mut rest = *byte;
        for slot in group {
            *slot = values[usize::from(rest & mask)];
            rest = rest.checked_shr(u32::from(bits)).unwrap_or(0);
        }
    }
}

/// How far `value` is above `base`; exact over the whole range because it is taken modulo 2^64.
fn offset(value: i64, base: i64) -> u64 {
    value.wrapping_sub(base) as u64
}

fn common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(values: &[i64]) -> Vec<i64> {
        let shape = Shape::of(values);
        let (mut head, mut payload, mut out) = (Vec::new(), Vec::new(), Vec::new());
        shape.put(&mut head);
        shape.pack(values, &mut payload);
        assert_eq!(Some(payload.len()), shape.payload(values.len()));
        let read = Shape::read(&mut Cursor::new(&head)).expect("reads");
        assert_eq!(read, shape);
        read.unpack(&payload, values.len(), &mut out, |v| v);
        let some: Vec<u32> = (0..values.len() as u32).filter(|row| row % 3 != 1).collect();
        let mut gathered = Vec::new();
        read.gather(&payload, &some, &mut gathered, |v| v).expect("rows that are there");
        assert_eq!(gathered, some.iter().map(|row| out[*row as usize]).collect::<Vec<i64>>());
        out
    }

    #[test]
    fn small_ranges_take_few_bits() {
        assert_eq!(Shape::of(&[7, 7, 7]), Shape::Constant(7));
        assert_eq!(Shape::of(&[5, 8, 11]), Shape::Line { base: 5, step: 3 });
        assert_eq!(Shape::of(&[1000, 3000, 1000]), Shape::Packed { base: 1000, scale: 2000, bits: 1 });
        assert_eq!(Shape::of(&[0, 100, 25_500]), Shape::Packed { base: 0, scale: 100, bits: 8 });
        assert_eq!(Shape::of(&[i64::MIN, i64::MAX, 0]), Shape::Packed { base: i64::MIN, scale: 1, bits: 64 });
    }

    proptest! {
        #[test]
        fn any_values_come_back(
            values in prop::collection::vec(
                prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX), -300i64..300, (0i64..9).prop_map(|v| v * 1000)],
                0..40,
            ),
            narrow in 0u32..64,
        ) {
            prop_assert_eq!(there_and_back(&values), values.clone());
            let smaller: Vec<i64> = values.iter().map(|v| v >> narrow).collect();
            prop_assert_eq!(there_and_back(&smaller), smaller);
        }
    }

    #[test]
    fn what_is_packed_comes_back_in_order_a_block_at_a_time() {
        for bits in [0, 1, 2, 4, 7, 16, 21, 32, 40, 56, 62] {
            for rows in [0, 1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5] {
                let value =
                    |row: usize| (row as i64).wrapping_mul(0x9E37_79B9_7F4A_7C15u64 as i64) & ((1i64 << bits) - 1);
                let line = |row: usize| 7 - 3 * row as i64;
                for values in [(0..rows).map(value).collect::<Vec<i64>>(), (0..rows).map(line).collect()] {
                    let (bytes, mut found) = (pack(&values), Vec::new());
                    let mut take = |first: usize, some: &[i64]| {
                        assert_eq!(first, found.len());
                        found.extend_from_slice(some);
                    };
                    assert_eq!(unpack(&bytes, rows, &mut take), Ok(()));
                    assert_eq!(found, values, "{bits} bits, {rows} rows");
                }
            }
        }
        assert_eq!(unpack(&pack(&[1, 2, 4]), 4_000, &mut |_, _| ()), Err(CodecFault::Shape));
    }
}
