//! How an answer came about: in words, and how much was looked at for it.
//!
//! Counts only; nothing is decided by it.

/// How an answer came about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explain {
    /// In words: rollup (read from the shop file), kept rollup (still in memory), segment headers, scan, index.
    pub how: String,
    /// Segments of which the header was enough.
    pub headers: u64,
    /// Segments of which columns were read.
    pub segments: u64,
    /// Bytes of all these segments.
    pub bytes: u64,
    /// Orders, lines, returns and feedback rows looked at.
    pub rows: u64,
    /// Facts of the tail added to the sealed part.
    pub tail: u64,
    /// Time taken.
    pub microseconds: u64,
}
