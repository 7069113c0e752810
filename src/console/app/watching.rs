//! Watching another session: what it shows, live and read-only.

use super::App;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::{fill, put};
use crate::domain::Right;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use std::sync::Arc;

impl App {
    pub(super) fn watch(&mut self, session: u64, name: String) {
        let seat = &self.setup.seat;
        seat.presence().watch(session, seat.session(), Some(Arc::clone(&self.setup.wake)));
        self.watched = Some((session, name));
    }

    /// Any key ends it; whether it was going on.
    pub(super) fn stop_watching(&mut self) -> bool {
        let Some((session, _)) = self.watched.take() else { return false };
        self.setup.seat.presence().watch(session, self.setup.seat.session(), None);
        true
    }

    /// A session that has gone is watched no more, nor any by one who may not watch now.
    pub(super) fn look_after_watched(&mut self) {
        if self.watched.is_some() && !self.may(Right::Oversee) {
            self.stop_watching();
            self.say("You may not watch others any more.".to_owned(), true);
        }
        let gone = |(session, _): &(u64, String)| self.setup.seat.presence().shown(*session).is_none();
        if self.watched.as_ref().is_some_and(gone) {
            self.watched = None;
            self.say("They have just left.".to_owned(), false);
        }
    }

    /// Draws what the watched session shows; whether there is one.
    pub(super) fn draw_watched(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> bool {
        let Some((session, name)) = &self.watched else { return false };
        fill(buffer, area, look.style(Role::Text));
        if let Some(lines) = self.setup.seat.presence().shown(*session) {
            for (y, line) in (0..area.height.saturating_sub(1)).zip(lines.iter()) {
                put(buffer, area, 0, y, line, look.style(Role::Text));
            }
        }
        let words = format!(" Watching {name}. Any key ends it. ");
        put(buffer, area, 1, area.height.saturating_sub(1), &words, look.style(Role::Toast));
        true
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.stop_watching();
        self.ask_no_more();
    }
}
