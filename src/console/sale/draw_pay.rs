//! Paying and the end of a sale: one sheet over the dimmed basket.

use super::pay::{METHODS, Paying};
use super::state::{Finished, Sale};
use crate::console::layer::{draw_field, ground, sheet};
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::{digits, part, put, put_right};
use crate::domain::Method;
use crate::domain::payment::still_due;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

impl Sale {
    pub(super) fn paint_paying(
        &self,
        paying: &Paying,
        look: &Look<'_>,
        area: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        buffer.set_style(area, Style::default().add_modifier(Modifier::DIM));
        let total = self.priced.as_ref().map(|priced| priced.total).unwrap_or_default();
        let (rounding, currency) = (self.rounding, &self.currency);
        let due = still_due(total, &paying.tenders, &paying.chosen(), rounding, currency).unwrap_or(total);
        let inside = sheet(look, area, 64, 16 + paying.tenders.len() as u16, "Pay", buffer);
        let muted = ground(look, Role::Muted);
        // Where there is no room for large digits they give way: methods and amount are what is worked with.
        let small = inside.height < 9;
        let (methods_at, amount_at) = if small { (1, 2) } else { (4, 6) };
        put(buffer, inside, 0, u16::from(!small), "Due", muted);
        if small {
            put(buffer, inside, 10, 0, &due.grouped(self.minor), ground(look, Role::Total));
        } else {
            let large = part(inside, 10, 0, inside.width.saturating_sub(10), digits::HEIGHT);
            digits::draw(buffer, large, &due.grouped(self.minor), ground(look, Role::Total), look.ascii);
        }
        let row = part(inside, 0, methods_at, inside.width, 1);
        let narrow = inside.width < 56;
        let mut x = 0;
        for (at, (key, method)) in METHODS.iter().enumerate() {
            let chosen = at == paying.method;
            let style = if chosen { look.style(Role::Selected) } else { look.style(Role::Dialog) };
            let mark = if chosen { if look.ascii { ">" } else { "▸" } } else { " " };
            x = put(buffer, row, x, 0, mark, style);
            x = put(buffer, row, x, 0, &key.to_string(), if chosen { style } else { ground(look, Role::Key) });
            // The letters say enough where the words have no room; of the chosen one they stand.
            let word = if narrow && !chosen { " ".to_owned() } else { format!(" {} ", words(method)) };
            x = put(buffer, row, x, 0, &word, style) + u16::from(!narrow);
        }
        let label = if paying.waiting.is_some() { "Reference" } else { "Amount" };
        put(buffer, inside, 0, amount_at, label, muted);
        let cursor = draw_field(&paying.field, look, part(inside, 10, amount_at, inside.width, 1), true, buffer);
        if paying.field.is_empty() && paying.waiting.is_none() {
            let hint = format!("Enter takes {} by {}", due.grouped(self.minor), words(METHODS[paying.method].1));
            let style = Style { bg: look.style(Role::Field).bg, ..look.style(Role::Muted) };
            put(buffer, inside, 12, amount_at, &hint, style);
        }
        for (at, tender) in paying.tenders.iter().enumerate() {
            let y = amount_at + if small { 1 } else { 2 } + at as u16;
            put(buffer, inside, 0, y, &format!("{} taken", words(&tender.method.0)), look.style(Role::Dialog));
            put_right(buffer, inside, inside.width, y, &tender.amount.grouped(self.minor), look.style(Role::Dialog));
        }
        let foot = inside.height.saturating_sub(1);
        put(buffer, inside, 0, foot, "Enter takes   c d t s o method   Esc back", muted);
        cursor
    }

    pub(super) fn paint_finished(&self, finished: &Finished, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        buffer.set_style(area, Style::default().add_modifier(Modifier::DIM));
        let change = finished.change.grouped(self.minor);
        let inside = sheet(look, area, 56, 13, "Sold", buffer);
        let muted = ground(look, Role::Muted);
        put(buffer, inside, 0, 0, &format!("Change {change}"), ground(look, Role::Accent));
        let small = inside.height < 7;
        if !small {
            let large = part(inside, 12, 1, inside.width.saturating_sub(12), digits::HEIGHT);
            digits::draw(buffer, large, &change, ground(look, Role::Total), look.ascii);
        }
        let y = if small { 1 } else { 5 };
        put(buffer, inside, 0, y, &format!("Receipt {}", finished.receipt), look.style(Role::Dialog));
        put_right(buffer, inside, inside.width, y, &format!("paid {}", finished.paid.grouped(self.minor)), muted);
        let foot = inside.height.saturating_sub(1);
        put(buffer, inside, 0, foot, "Ctrl-R print   any key or scan begins the next sale", muted);
    }
}

fn words(method: &str) -> &str {
    if method == Method::STORE_CREDIT { "store credit" } else { method }
}
