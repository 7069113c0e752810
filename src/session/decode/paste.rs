//! A bracketed paste: collected up to a bound, then cleaned. What is pasted is text, never a key.

const END: &[u8] = b"\x1b[201~";

/// A paste that has begun.
#[derive(Debug, Default)]
pub(super) struct Paste {
    bytes: Vec<u8>,
    /// How many bytes of the end mark the last bytes were.
    matched: usize,
    cut: bool,
}

impl Paste {
    /// Takes the next byte, keeping at most `bound`; true when the end mark is complete.
    pub(super) fn push(&mut self, byte: u8, bound: usize) -> bool {
        if END.get(self.matched) == Some(&byte) {
            self.matched += 1;
            return self.matched == END.len();
        }
        let matched = std::mem::take(&mut self.matched);
        for &held in END.iter().take(matched) {
            self.keep(held, bound);
        }
        // Only the first byte of the end mark can begin it anew.
        if byte == END[0] {
            self.matched = 1;
        } else {
            self.keep(byte, bound);
        }
        false
    }

    fn keep(&mut self, byte: u8, bound: usize) {
        if self.bytes.len() < bound {
            self.bytes.push(byte);
        } else {
            self.cut = true;
        }
    }

    /// The text: line ends as `\n`, tabs kept, every other control character left out, broken bytes shown as such.
    pub(super) fn finish(self) -> String {
        let mut text = String::with_capacity(self.bytes.len());
        let mut after_return = false;
        let mut chunks = self.bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for character in chunk.valid().chars() {
                let return_before = std::mem::replace(&mut after_return, character == '\r');
                match character {
                    '\r' => text.push('\n'),
                    '\n' if return_before => {}
                    '\n' | '\t' => text.push(character),
                    _ if character.is_control() => {}
                    _ => text.push(character),
                }
            }
            let cut_here = self.cut && chunks.peek().is_none();
            if !chunk.invalid().is_empty() && !cut_here {
                after_return = false;
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text
    }
}

#[cfg(test)]
impl Paste {
    /// The memory it takes, in bytes.
    pub(super) fn held(&self) -> usize {
        self.bytes.capacity()
    }
}
