//! What the screen says of prices for as long as it is true: withdrawn when the price was taken over, the line is gone or the
//! sale is done, and said anew when the price changes again.

use super::state::Sale;
use crate::console::screen::{Effect, Now};

impl Sale {
    /// The notice about prices as it is to stand now, if that is another than the one that stands.
    pub(super) fn price_news(&mut self, now: &Now<'_>) -> Vec<Effect> {
        let before = self.told.clone();
        // What stands is said again together with what has come, so that neither hides the other.
        self.told.retain(|product, _| !self.standing.contains(product));
        let read = self.told.clone();
        let (mut words, mut effects) = (None, Vec::new());
        for effect in self.tell_new_prices(now) {
            match effect {
                Effect::Notice(said) => words = Some(said),
                other => effects.push(other),
            }
        }
        let unread = self.told.iter().filter(|(product, new)| read.get(*product) != Some(*new));
        let unread: Vec<_> = unread.map(|(product, new)| (*product, *new)).collect();
        let is_news = unread.iter().any(|(product, new)| before.get(product) != Some(new));
        self.standing = unread.into_iter().map(|(product, _)| product).collect();
        if words != self.stands {
            self.stands.clone_from(&words);
            effects.push(Effect::Pin(words, is_news));
        }
        effects
    }

    /// Somebody has read what stood.
    pub(super) fn read_news(&mut self) {
        self.standing.clear();
        self.stands = None;
    }
}
