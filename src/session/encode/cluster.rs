//! Characters with marks of their own, known by number, so that a cell of the screen takes no more room for them.
//!
//! They are few: what people write mostly has a character of its own. However many hostile text brings, only so many are
//! kept.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
};

/// The most that are kept.
const MOST: usize = 1 << 14;

#[derive(Default)]
struct Clusters {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

static CLUSTERS: LazyLock<Mutex<Clusters>> = LazyLock::new(Mutex::default);

/// Nothing under the lock can be left half done that matters: at worst a number is never given.
fn clusters() -> MutexGuard<'static, Clusters> {
    CLUSTERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of a text, the same for the same text; `None` when there are too many already.
pub(super) fn number(text: &str) -> Option<u32> {
    let mut clusters = clusters();
    if let Some(number) = clusters.numbers.get(text) {
        return Some(*number);
    }
    let number = u32::try_from(clusters.texts.len()).ok().filter(|_| clusters.texts.len() < MOST)?;
    let text: Arc<str> = text.into();
    clusters.texts.push(Arc::clone(&text));
    clusters.numbers.insert(text, number);
    Some(number)
}

/// The text of a number.
pub(super) fn text(number: u32) -> Arc<str> {
    clusters().texts.get(number as usize).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_number() {
        let number_of = |text| number(text).unwrap();
        assert_eq!(number_of("e\u{301}\u{323}"), number_of("e\u{301}\u{323}"));
        assert_ne!(number_of("a\u{301}"), number_of("a\u{323}"));
        assert_eq!(&*text(number_of("a\u{323}")), "a\u{323}");
    }
}
