//! The Sale screen in cells: field, suggestions, basket, totals, customer, quick keys.

use super::layout::{Layout, QUICK_ROW};
use super::state::{Sale, Stage};
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{digits, fill, part, put, put_right, rule, upright};
use crate::domain::basket::{BasketLine, Off, PricedLine};
use crate::unit::{Money, Quantity};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Sale {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let layout = self.layout(area);
        let cursor = self.paint_field(look, layout.field, buffer);
        if let Some(row) = layout.customer {
            self.paint_customer_row(look, row, buffer);
        }
        let line = part(area, 0, layout.offers.y.saturating_sub(area.y + 1), layout.lines.width, 1);
        rule(buffer, line, 0, look.style(Role::Border), look.ascii);
        self.paint_lines(look, layout.lines, buffer);
        self.paint_offers(look, layout.offers, buffer);
        self.paint_sums(look, &layout, buffer);
        if let Some(side) = layout.side {
            upright(buffer, area, side.x - area.x - 1, look.style(Role::Border), look.ascii);
            self.paint_side(look, side, buffer);
        }
        self.paint_quick(look, layout.quick, buffer);
        match &self.stage {
            Stage::Ringing => Some(cursor),
            Stage::Paying(paying) => self.paint_paying(paying, look, area, buffer),
            Stage::Finished(finished) => {
                self.paint_finished(finished, look, area, buffer);
                None
            }
        }
    }

    fn paint_field(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Position {
        let style = look.style(Role::Field);
        fill(buffer, area, style);
        let mark = if look.ascii { ">" } else { "▌" };
        put(buffer, area, 0, 0, mark, ratatui::style::Style { bg: style.bg, ..look.style(Role::Accent) });
        let text = part(area, 2, 0, area.width, 1);
        let (shown, cursor) = self.field.shown(usize::from(text.width.saturating_sub(1)));
        put(buffer, text, 0, 0, &shown, style);
        if self.field.is_empty() {
            let hint = if self.basket.lines.is_empty() { "Scan or type a code, or the words of a name" } else { "" };
            put(buffer, text, 0, 0, hint, ratatui::style::Style { bg: style.bg, ..look.style(Role::Muted) });
        }
        Position { x: text.x + cursor as u16, y: text.y }
    }

    fn paint_offers(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let first = (self.offered + 1).saturating_sub(usize::from(area.height));
        for (y, offer) in (0..area.height).zip(self.offers.iter().skip(first)) {
            let marked = first + usize::from(y) == self.offered;
            // They hang from the field, on its ground.
            let hanging = ratatui::style::Style { bg: look.style(Role::Field).bg, ..look.style(Role::Suggestion) };
            let style = if marked { look.style(Role::Selected) } else { hanging };
            let row = part(area, 0, y, area.width, 1);
            fill(buffer, row, style);
            if marked {
                put(buffer, row, 1, 0, if look.ascii { ">" } else { "▸" }, style);
            }
            let price = offer.price.map(|price| price.grouped(self.minor)).unwrap_or_else(|| "no price".to_owned());
            let stock = offer.stock.map(Quantity::grouped).unwrap_or_default();
            let stock = format!("{stock}{}", if offer.low { " low" } else { "    " });
            let name = part(row, 3, 0, row.width.saturating_sub(30), 1);
            put(buffer, name, 0, 0, &offer.name, style);
            put_right(buffer, row, row.width.saturating_sub(14), 0, &price, style);
            // Only what is low has a colour of its own: every change of colour is paid for with every letter typed.
            let low = ratatui::style::Style { bg: style.bg, ..look.style(Role::Warning) };
            put_right(buffer, row, row.width.saturating_sub(1), 0, &stock, if offer.low { low } else { style });
        }
    }

    fn paint_customer_row(&self, look: &Look<'_>, row: Rect, buffer: &mut Buffer) {
        let Some(card) = &self.card else { return };
        let x = put(buffer, row, 2, 0, &card.name, look.style(Role::Accent));
        let x = put(buffer, row, x + 2, 0, &card.habit(), look.style(Role::Muted));
        if !card.credit.is_zero() {
            let credit = format!("credit {}", card.credit.grouped(self.minor));
            put(buffer, row, x + 2, 0, &credit, look.style(Role::Positive));
        }
    }

    fn paint_lines(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let columns = [
            Column::number("#", 3, 3),
            Column::words("Item"),
            Column::number("Qty", 9, 0),
            Column::number("Price", 10, 2),
            Column::number("Disc.", 10, 1),
            Column::number("Total", 11, 0),
        ];
        let fit = table::rows_in(area);
        let first = self.first_line(fit);
        let priced = self.priced.iter().flat_map(|priced| &priced.lines);
        let rows: Vec<Vec<Cell>> = self
            .basket
            .lines
            .iter()
            .zip(priced)
            .enumerate()
            .skip(first)
            .take(fit)
            .map(|(at, (line, figures))| self.row(at, line, figures))
            .collect();
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then(|| self.marked.saturating_sub(first)),
            focused: matches!(self.stage, Stage::Ringing) && self.offers.is_empty(),
            window: Some((first, self.basket.lines.len())),
            empty: "",
        };
        table::draw(&view, look, area, buffer);
    }

    fn row(&self, at: usize, line: &BasketLine, figures: &PricedLine) -> Vec<Cell> {
        let quantity =
            if line.quantity.is_whole() { line.quantity.grouped() } else { format!("{} kg", line.quantity.grouped()) };
        let new = self.stale.get(at).copied().flatten();
        let price_role = match line.listed {
            _ if new.is_some() => Role::Negative,
            Some(listed) if listed != line.unit_price => Role::Warning,
            _ => Role::Text,
        };
        let name = match new {
            Some(Some(price)) => format!("now {} · {}", price.grouped(self.minor), line.name),
            Some(None) => format!("no price now · {}", line.name),
            None => line.name.to_string(),
        };
        let off = match line.off {
            Some(Off::Percent(rate)) => format!("-{}", rate.percent()),
            _ if figures.own_discount.is_zero() => String::new(),
            _ => format!("-{}", figures.own_discount.grouped(self.minor)),
        };
        vec![
            Cell::with((at + 1).to_string(), Role::Muted),
            Cell::with(name, if new.is_some() { Role::Negative } else { Role::Text }),
            Cell::of(quantity),
            Cell::with(line.unit_price.grouped(self.minor), price_role),
            Cell::with(off, Role::Positive),
            // As the line is on its own: what the whole basket is given stands below, once.
            Cell::of(Money(figures.value.0.saturating_add(figures.basket_discount.0)).grouped(self.minor)),
        ]
    }

    fn paint_sums(&self, look: &Look<'_>, layout: &Layout, buffer: &mut Buffer) {
        let Some(priced) = &self.priced else { return };
        let area = layout.sums;
        let muted = look.style(Role::Muted);
        let pieces = self
            .basket
            .lines
            .iter()
            .filter(|line| line.quantity.is_whole())
            .map(|line| line.quantity.0 / 1_000)
            .sum::<i64>();
        let weighed = self.basket.lines.iter().filter(|line| !line.quantity.is_whole()).count() as i64;
        let room = area.width.saturating_sub(if layout.side.is_some() { 0 } else { layout.total.width });
        let left = part(area, 0, 0, room, area.height);
        let mut words = format!("{} pieces", pieces + weighed);
        if pieces + weighed == 1 {
            words = "1 piece".to_owned();
        }
        let whole = Money(priced.lines.iter().map(|line| line.basket_discount.0).fold(0, i64::saturating_add));
        if !whole.is_zero() {
            words.push_str(&format!(" · basket -{}", whole.grouped(self.minor)));
        }
        if !priced.saved.is_zero() && priced.saved != whole {
            words.push_str(&format!(" · saved {}", priced.saved.grouped(self.minor)));
        }
        if let Some(note) = &self.basket.note {
            words.push_str(&format!(" · note: {note}"));
        }
        let row = left.height.saturating_sub(3).min(1);
        if !self.basket.lines.is_empty() {
            put(buffer, left, 1, row, &words, muted);
        }
        let taxes = priced.taxes.iter().map(|(rate, tax)| {
            let rate = rate.map(|rate| rate.percent()).unwrap_or_default();
            format!("{rate} {}", tax.grouped(self.minor))
        });
        let taxes: Vec<String> = taxes.collect();
        if !taxes.is_empty() && left.height > 1 {
            put(buffer, left, 1, row + 1, &format!("tax  {}", taxes.join(" · ")), muted);
        }
        let number = priced.total.grouped(self.minor);
        let total = part(layout.total, 0, 0, layout.total.width.saturating_sub(1), layout.total.height);
        digits::draw(buffer, total, &number, look.style(Role::Total), look.ascii);
    }

    fn paint_side(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let inside = part(area, 1, 0, area.width.saturating_sub(2), area.height);
        let muted = look.style(Role::Muted);
        put_right(buffer, inside, inside.width, 0, &format!("#{}", self.next_number), muted);
        match &self.card {
            Some(card) => {
                let name = part(inside, 0, 0, inside.width.saturating_sub(9), 1);
                put(buffer, name, 0, 0, &card.name, look.style(Role::Accent));
                put(buffer, inside, 0, 1, &card.habit(), muted);
                if !card.usually.is_empty() {
                    let usually: Vec<&str> = card.usually.iter().map(|name| &**name).collect();
                    put(buffer, inside, 0, 2, &format!("usually {}", usually.join(" · ")), muted);
                }
                if !card.credit.is_zero() {
                    let credit = format!("store credit {}", card.credit.grouped(self.minor));
                    put(buffer, inside, 0, 3, &credit, look.style(Role::Positive));
                }
            }
            None => {
                put(buffer, inside, 0, 0, "Walk-in", look.style(Role::Heading));
                put(buffer, inside, 0, 1, "F3 or # puts the sale in a name", muted);
            }
        }
        rule(buffer, inside, QUICK_ROW - 1, look.style(Role::Border), look.ascii);
    }

    fn paint_quick(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        for (at, offer) in self.quick.iter().enumerate().take(usize::from(area.height)) {
            let row = part(area, 0, at as u16, area.width, 1);
            put(buffer, row, 0, 0, &format!(".{}", at + 1), look.style(Role::Key));
            let price = offer.price.unwrap_or(Money::ZERO).grouped(self.minor);
            put(buffer, part(row, 3, 0, row.width.saturating_sub(14), 1), 0, 0, &offer.name, look.style(Role::Text));
            put_right(buffer, row, row.width, 0, &price, look.style(Role::Muted));
        }
    }
}
