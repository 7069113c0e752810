//! Numbers of any size in few bytes, as the head of a segment holds them.

use crate::store::codec::CodecFault;

/// Appends seven bits a byte, the lowest first.
pub(super) fn put_varint(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push((value as u8) | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a signed number, small sizes first.
pub(super) fn put_signed(out: &mut Vec<u8>, value: i128) {
    put_varint(out, ((value << 1) ^ (value >> 127)) as u128);
}

/// Appends a text with its length.
pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u128);
    out.extend_from_slice(text.as_bytes());
}

/// Reads along a head whose checksum has been found right.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Cursor<'a> {
        Cursor { bytes }
    }

    pub(super) fn byte(&mut self) -> Result<u8, CodecFault> {
        let (first, rest) = self.bytes.split_first().ok_or(CodecFault::Shape)?;
        self.bytes = rest;
        Ok(*first)
    }

    pub(super) fn wide(&mut self) -> Result<u128, CodecFault> {
        // Most numbers are short, and words of 64 bits are faster than those of 128.
        let mut value = 0u64;
        for (at, byte) in self.bytes.iter().take(9).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.bytes = &self.bytes[at + 1..];
                return Ok(u128::from(value));
            }
        }
        self.widest()
    }

    fn widest(&mut self) -> Result<u128, CodecFault> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = self.byte()?;
            value |= u128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(CodecFault::Shape)
    }

    pub(super) fn number<T: TryFrom<u128>>(&mut self) -> Result<T, CodecFault> {
        T::try_from(self.wide()?).map_err(|_| CodecFault::Shape)
    }

    pub(super) fn signed<T: TryFrom<i128>>(&mut self) -> Result<T, CodecFault> {
        let folded = self.wide()?;
        let value = ((folded >> 1) as i128) ^ -((folded & 1) as i128);
        T::try_from(value).map_err(|_| CodecFault::Shape)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, CodecFault> {
        let length: usize = self.number()?;
        let (text, rest) = self.bytes.split_at_checked(length).ok_or(CodecFault::Shape)?;
        self.bytes = rest;
        std::str::from_utf8(text).map_err(|_| CodecFault::Shape)
    }

    pub(super) fn four(&mut self) -> Result<[u8; 4], CodecFault> {
        let (four, rest) = self.bytes.split_first_chunk::<4>().ok_or(CodecFault::Shape)?;
        self.bytes = rest;
        Ok(*four)
    }

    /// Passes over so many numbers: each ends with the first byte of less than 0x80.
    pub(super) fn skip(&mut self, numbers: usize) -> Result<(), CodecFault> {
        let mut left = numbers;
        while left > 0 {
            // Eight bytes end at most eight numbers; where that could be too many, one byte after the other is looked at.
            match self.bytes.split_first_chunk::<8>().filter(|_| left >= 8) {
                Some((eight, rest)) => {
                    left -= (!u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080).count_ones() as usize;
                    self.bytes = rest;
                }
                None => left -= usize::from(self.byte()? < 0x80),
            }
        }
        Ok(())
    }

    /// What has not been read.
    pub(super) fn rest(self) -> &'a [u8] {
        self.bytes
    }

    pub(super) fn is_done(&self) -> bool {
        self.bytes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_come_back() {
        let mut out = Vec::new();
        for value in [0, 127, 128, u128::MAX] {
            put_varint(&mut out, value);
        }
        for value in [0, -1, i128::MIN, i128::MAX] {
            put_signed(&mut out, value);
        }
        put_text(&mut out, "cárd");
        let mut cursor = Cursor::new(&out);
        for value in [0, 127, 128, u128::MAX] {
            assert_eq!(cursor.wide(), Ok(value));
        }
        for value in [0, -1, i128::MIN, i128::MAX] {
            assert_eq!(cursor.signed::<i128>(), Ok(value));
        }
        assert_eq!(cursor.text(), Ok("cárd"));
        assert!(cursor.is_done());
        assert_eq!(cursor.byte(), Err(CodecFault::Shape));
    }
}
