//! What stays on the screen until it is dealt with: what others ask for, what they said, and what a screen has to say for as
//! long as it is true.
//!
//! People come first: nobody's words wait behind what the program says by itself.

use super::{App, Wish};
use crate::console::screen::Input;

/// What a screen says for as long as it is true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pinned {
    /// The tab that says it, and where it is shown: elsewhere its keys mean nothing.
    tab: usize,
    words: String,
}

impl App {
    /// Says something that stays until it is put away.
    pub fn notify(&mut self, words: String) {
        self.messages.push(words);
        self.toast = None;
        self.wishes.push(Wish::Bell);
    }

    /// The open screen says this from now on, in place of what it said before; nothing: that is not true any more.
    pub(super) fn pin(&mut self, words: Option<String>, is_news: bool) {
        let tab = self.tab;
        self.pinned = words.map(|words| Pinned { tab, words });
        if is_news {
            self.toast = None;
            self.wishes.push(Wish::Bell);
        }
    }

    /// What is pinned to the open screen.
    fn pinned_here(&self) -> Option<&str> {
        self.pinned.as_ref().filter(|pinned| pinned.tab == self.tab).map(|pinned| pinned.words.as_str())
    }

    /// What stays on the screen until it is dealt with: what others ask for, then what they said, then what the screen says.
    pub(super) fn notice(&self) -> Option<String> {
        let own = self.pinned_here();
        let more = match self.messages.len() + usize::from(own.is_some()) {
            0 | 1 => String::new(),
            many => format!(" {} more wait.", many - 1),
        };
        let first = self.messages.first().map(String::as_str).or(own);
        self.asked_words().or_else(|| Some(format!("{}   Esc puts it away.{more}", first?)))
    }

    /// Puts away what is shown; whether there was anything.
    pub(super) fn put_away(&mut self) -> bool {
        if self.leave_asked() {
            return true;
        }
        if !self.messages.is_empty() {
            self.messages.remove(0);
            return true;
        }
        let any = self.pinned_here().is_some();
        if any {
            self.pinned = None;
            self.run(Input::PutAway);
        }
        any
    }
}
