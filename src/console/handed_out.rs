//! What a list hands out as a file: CSV, named by what it holds and by when it was written.
//!
//! Never knows where the file goes.

use super::screen::{Effect, Now};

/// The file's name, and the effect that writes it.
pub(super) fn csv(
    now: &Now<'_>,
    what: &str,
    head: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> (String, Effect) {
    let mut file = csv::Writer::from_writer(Vec::new());
    // A file in memory takes every row.
    let _ = file.write_record(head);
    for row in rows {
        let _ = file.write_record(row);
    }
    let content = file.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let (hour, minute, second) = now.at.time_of_day().unwrap_or_default();
    let name = format!("{what}-{}-{hour:02}{minute:02}{second:02}.csv", now.today);
    (name.clone(), Effect::Write { name, content })
}
