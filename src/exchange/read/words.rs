//! Words that come again and again in a column, kept once.

use std::collections::HashMap;

use crate::unit::Text;

/// How many different words are kept; a column with more holds names, not words.
const MOST: usize = 20_000;

/// Words by their bytes in the file.
#[derive(Debug, Default)]
pub struct Words(HashMap<Box<[u8]>, Text>);

impl Words {
    /// The text of a word seen before.
    pub fn get(&self, bytes: &[u8]) -> Option<Text> {
        self.0.get(bytes).cloned()
    }

    /// Keeps a word.
    pub fn keep(&mut self, bytes: &[u8], text: &Text) {
        if self.0.len() < MOST {
            self.0.insert(bytes.into(), text.clone());
        }
    }
}
