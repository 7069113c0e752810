//! A character of several bytes, put together one byte at a time.

/// A character that has begun.
#[derive(Debug)]
pub(super) struct Utf8 {
    value: u32,
    missing: u8,
    /// What the next byte may be: the first continuation is narrower for some leads.
    low: u8,
    high: u8,
}

/// What one more byte made of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    More,
    Done(char),
    /// The byte does not continue the character and has to be looked at by itself.
    Broken,
}

impl Utf8 {
    /// Begins a character with its first byte; `None` when no character begins so.
    pub(super) fn begin(lead: u8) -> Option<Self> {
        let (value, missing, low, high) = match lead {
            0xc2..=0xdf => (lead & 0x1f, 1, 0x80, 0xbf),
            0xe0 => (0, 2, 0xa0, 0xbf),
            0xed => (0x0d, 2, 0x80, 0x9f),
            0xe1..=0xef => (lead & 0x0f, 2, 0x80, 0xbf),
            0xf0 => (0, 3, 0x90, 0xbf),
            0xf1..=0xf3 => (lead & 0x07, 3, 0x80, 0xbf),
            0xf4 => (4, 3, 0x80, 0x8f),
            _ => return None,
        };
        Some(Self { value: u32::from(value), missing, low, high })
    }

    /// Takes the next byte.
    pub(super) fn push(&mut self, byte: u8) -> Step {
        if !(self.low..=self.high).contains(&byte) {
            return Step::Broken;
        }
        self.value = self.value << 6 | u32::from(byte & 0x3f);
        self.missing -= 1;
        (self.low, self.high) = (0x80, 0xbf);
        match (self.missing, char::from_u32(self.value)) {
            (0, Some(character)) => Step::Done(character),
            (0, None) => Step::Broken,
            _ => Step::More,
        }
    }
}
