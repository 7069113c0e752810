//! Text from outside: cleaned once where it enters, then measured, cut and searched.
//!
//! A name must not be able to move the digits beside it, so control, bidi and format characters never get in. It knows
//! characters and columns, never a screen or a field.

mod braille;
mod clean;
mod search;
mod width;

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use braille::Dots;
pub use clean::{MARKS, is_shown, shown};
pub use search::{fold, word_starts};
pub use width::{fit, pad_left, pad_right, width};

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextFault {
    /// More characters than the field keeps.
    TooLong {
        /// How many it keeps.
        max: usize,
    },
}

/// Why a text cannot be an id: ids are kept as they are, never mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// Blanks before or behind it, which nobody would see.
    Blanks,
    /// A character that cannot be shown, or that moves those beside it.
    Hidden(char),
    /// A mark with no character to stand on, or too many on one.
    Marks,
}

impl fmt::Display for IdFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdFault::Blanks => write!(f, "has a blank before or behind it; take it away"),
            IdFault::Hidden(c) => {
                write!(f, "holds the character U+{:04X}, which cannot be shown; take it out", u32::from(*c))
            }
            IdFault::Marks => write!(f, "has an accent on nothing, or more than {} on one character", clean::MARKS),
        }
    }
}

impl std::error::Error for IdFault {}

impl fmt::Display for TextFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextFault::TooLong { max } => write!(f, "the text is too long; at most {max} characters are kept"),
        }
    }
}

impl std::error::Error for TextFault {}

/// A cleaned text; cheap to clone, and a `str` everywhere else.
///
/// Reading one back from storage does not clean it again: only cleaned texts are ever written.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(Arc<str>);

impl Text {
    /// One line of at most `max_chars` characters.
    ///
    /// Runs of tabs and line ends become one blank; control, bidi and format characters go; the rest is NFC, with at
    /// most four marks to a character and no blanks around it.
    pub fn clean(raw: &str, max_chars: usize) -> Result<Text, TextFault> {
        bounded(clean::line(raw), max_chars)
    }

    /// Like [`Text::clean`] with lines kept: every line end becomes `\n`, and at most one line in a row is empty.
    pub fn paragraph(raw: &str, max_chars: usize) -> Result<Text, TextFault> {
        bounded(clean::paragraph(raw), max_chars)
    }

    /// One cleaned line of any length, for texts of the program's own.
    pub fn lossy(raw: &str) -> Text {
        Text(clean::line(raw).into())
    }

    /// An id as it is, byte for byte: not normalised either, since what refers to it is compared byte for byte.
    ///
    /// # Errors
    /// When something of it could not be seen.
    pub fn id(raw: &str) -> Result<Text, IdFault> {
        match clean::hidden(raw) {
            Some(fault) => Err(fault),
            None => Ok(Text(raw.into())),
        }
    }

    /// Whether cleaning would leave a line as it is.
    pub fn is_clean(text: &str) -> bool {
        clean::line(text) == text
    }

    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn bounded(text: std::borrow::Cow<'_, str>, max: usize) -> Result<Text, TextFault> {
    // A character has at least one byte, so most texts need no counting.
    if text.len() > max && text.chars().count() > max {
        return Err(TextFault::TooLong { max });
    }
    Ok(Text(text.into()))
}

/// See [`Text::paragraph`].
pub fn paragraph(raw: &str, max_chars: usize) -> Result<Text, TextFault> {
    Text::paragraph(raw, max_chars)
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Text {
    /// See [`Text::lossy`].
    fn from(raw: &str) -> Self {
        Text::lossy(raw)
    }
}

impl From<&Text> for Arc<str> {
    fn from(text: &Text) -> Self {
        Arc::clone(&text.0)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

#[cfg(test)]
mod tests;
