//! Where facts come from: the seam to the running shop, and facts in columns, whether they are sealed or not.
//!
//! Knows nothing of what is asked.

mod columns;
mod days;
mod joined;
mod source;

pub(crate) use columns::{Columns, Part, ScanFault};
pub(crate) use days::{by_day, damaged};
pub(crate) use joined::{Joined, Joins, Warm, codes_of, line_counts, line_starts};
pub use source::{SegmentColumns, Source, Visit};
