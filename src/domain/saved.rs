//! Questions kept under a name. What they ask is the reports' to know; here they are words.

use crate::unit::Text;
use serde::{Deserialize, Serialize};

/// The longest question that is kept, in characters.
pub const LONGEST_QUESTION: usize = 1_000;

/// A question kept under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its name, unique.
    pub name: Text,
    /// The words that would follow `till report`, quoted as in a shell.
    pub words: Text,
}
