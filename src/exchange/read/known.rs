//! What ids stand for: those of the files, and those of the shop as far as something refers to them.

use crate::exchange::finding::ReadFault;

use super::ids::{Added, Ids};

/// Ids of one kind with what is needed of their records.
#[derive(Debug)]
pub struct Known<T> {
    ids: Ids,
    values: Vec<T>,
    /// Whether every record of its file is in it; else an unknown id proves nothing.
    pub complete: bool,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Known { ids: Ids::default(), values: Vec::new(), complete: true }
    }
}

impl<T: Copy> Known<T> {
    /// Adds an id; `false` when it was there.
    pub fn add(&mut self, id: &[u8], value: T) -> bool {
        match self.ids.add(id) {
            Added::New(_) => {
                self.values.push(value);
                true
            }
            Added::Known(_) | Added::Full => false,
        }
    }

    /// What an id stands for.
    pub fn get(&self, id: &[u8]) -> Option<T> {
        self.values.get(self.ids.find(id)? as usize).copied()
    }

    /// What an id stands for; the shop is asked for one that was never met.
    pub fn get_or(
        &mut self,
        id: &[u8],
        ask: impl FnOnce(&str) -> Result<Option<T>, ReadFault>,
    ) -> Result<Option<T>, ReadFault> {
        if let Some(value) = self.get(id) {
            return Ok(Some(value));
        }
        let Ok(text) = std::str::from_utf8(id) else { return Ok(None) };
        let found = ask(text)?;
        if let Some(value) = found {
            self.add(id, value);
        }
        Ok(found)
    }

    /// All of them, in the order they were added.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}
