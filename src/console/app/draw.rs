//! The whole frame: bar, screen, footer, layers, message.

use super::App;
use super::leave::Leave;
use crate::console::keymap::Binding;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::{chrome, fill, part, put, wrap};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

impl App {
    /// Draws everything; where the cursor is, if it is to be seen.
    pub fn draw(&self, buffer: &mut Buffer) -> Option<Position> {
        let look = Look { theme: &self.setup.theme, ascii: self.setup.ascii };
        let area = buffer.area;
        fill(buffer, area, look.style(Role::Text));
        if chrome::is_too_small(&look, area, buffer) {
            return None;
        }
        if self.draw_watched(&look, area, buffer) {
            self.draw_toast(&look, area, buffer);
            return None;
        }
        self.draw_frame(&look, area, buffer);
        let inside = part(area, 0, 1, area.width, area.height - 2);
        let mut cursor = self.screen().draw(&look, inside, buffer);
        // What lies below the top layer would be read as a part of it where it is the larger one.
        if let Some(top) = self.layers.last() {
            dim(buffer, area);
            cursor = top.draw(&look, area, buffer);
        }
        self.draw_toast(&look, area, buffer);
        cursor
    }

    fn draw_frame(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let (tabs, names) = self.tabs();
        let open = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        let (place, clock) = self.place();
        chrome::bar(buffer, area, look, &names, open, &place, &clock);
        let (keys, rest) = self.footer_keys();
        chrome::footer(buffer, area, look, &keys, rest);
    }

    /// The keys that matter now: of the top layer, else of the screen; and the one that finds all the others.
    fn footer_keys(&self) -> (Vec<(String, &'static str)>, Option<(&'static str, &'static str)>) {
        if let Some(layer) = self.layers.last() {
            return (layer.keys().iter().map(|(key, name)| ((*key).to_owned(), *name)).collect(), None);
        }
        let Ok(snapshot) = self.setup.shop.snapshot() else { return Default::default() };
        let leave = |binding: &Binding| self.leave_by(snapshot.directory(), binding.context, binding.action);
        let bindings = self.setup.keymap.bindings(&self.contexts()).into_iter();
        let mut keys: Vec<(u8, String, &str)> = bindings
            .filter(|(binding, _)| binding.footer > 0 && self.screen().has_use_for(binding.action))
            .filter(|(binding, _)| self.screen().unavailable(binding.action).is_none())
            .filter(|(binding, _)| !matches!(leave(binding), Leave::None(_)))
            .map(|(binding, key)| (binding.footer, key, binding.name))
            .collect();
        // A key that the screen gives a meaning of its own has only that.
        let mut seen = std::collections::HashSet::new();
        keys.retain(|(_, key, _)| seen.insert(key.clone()));
        keys.sort_by_key(|(rank, ..)| *rank);
        (keys.into_iter().map(|(_, key, name)| (key, name)).collect(), Some(("Ctrl-P", "everything")))
    }

    /// Where and who: store, register, person; and the time at the store.
    fn place(&self) -> (String, String) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return Default::default() };
        let directory = snapshot.directory();
        let register = directory.register(self.actor.register);
        let store = register.and_then(|register| directory.store(register.store));
        let person = directory.person(self.actor.staff);
        let (Some(register), Some(store), Some(person)) = (register, store, person) else { return Default::default() };
        let at = super::stamp(&self.setup.shop, &directory.zone(store.id));
        let clock = at.time_of_day().map(|(hour, minute, _)| format!("{hour:02}:{minute:02}")).unwrap_or_default();
        (format!("{} · {} · {}", store.name, register.name, person.name), clock)
    }

    fn draw_toast(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let (words, role, most) = match (&self.toast, self.notice()) {
            (Some(toast), _) if toast.is_refusal => (format!("! {}", toast.words), Role::Danger, 2),
            (Some(toast), _) => (toast.words.clone(), Role::Toast, 2),
            // What somebody wrote is read to its end.
            (None, Some(notice)) => (notice, Role::Toast, 6),
            (None, None) => return,
        };
        let lines = wrap(&words, usize::from(area.width.saturating_sub(4)), most);
        // Whole rows: what stood there would be read as a part of it.
        let first = area.height.saturating_sub(1 + lines.len() as u16);
        for (y, line) in (first..).zip(&lines) {
            let row = part(area, 0, y, area.width, 1);
            fill(buffer, row, look.style(Role::Text));
            put(buffer, row, 1, 0, &format!(" {line} "), look.style(role));
        }
    }
}

/// Takes the light from what lies below a layer.
fn dim(buffer: &mut Buffer, area: Rect) {
    buffer.set_style(area, ratatui::style::Style::default().add_modifier(Modifier::DIM));
}
