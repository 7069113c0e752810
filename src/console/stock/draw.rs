//! The Stock screen in cells.

use super::state::{Order, Row, Stock};
use crate::console::layer::draw_filter;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{part, put, put_right};
use crate::unit::Money;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

impl Stock {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let cursor = self.paint_head(look, part(area, 0, 0, area.width, 1), buffer);
        let columns = [
            Column::fixed("Id", 8, 3),
            Column::long_words("Product", 26),
            Column::fixed("Category", 14, 4),
            Column::number("On hand", 10, 0),
            Column::fixed("", 4, 0),
            Column::number("Reorder at", 10, 5),
            Column::number("Price", 9, 1),
            Column::number("Cost", 9, 6),
            Column::number("Value", 11, 7),
        ];
        let rows: Vec<Vec<Cell>> = self.rows.iter().map(|row| self.cells(row)).collect();
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then(|| self.cursor.at - self.cursor.first),
            focused: !self.filtering,
            window: Some((self.cursor.first, self.found.len())),
            empty: if self.field.is_empty() && !self.low_only {
                "No product yet. a adds one."
            } else {
                "No product fits."
            },
        };
        table::draw(&view, look, part(area, 0, 1, area.width, area.height), buffer);
        cursor
    }

    fn paint_head(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.filtering {
            return draw_filter(&self.field, look, area, buffer);
        }
        let order = match self.order {
            Order::Name => "by name",
            Order::Quantity => "fewest first",
            Order::Category => "by category",
            Order::Id => "by id",
        };
        let store = self.store.as_ref().map(|(_, name)| name.to_string()).unwrap_or_default();
        let low = if self.low_only { " · low only" } else { "" };
        let picked = if self.picked.is_empty() { String::new() } else { format!(" · {} marked", self.picked.len()) };
        let only = if self.field.is_empty() { String::new() } else { format!(" · only {}", self.field.text()) };
        let x = put(buffer, area, 2, 0, &store, look.style(Role::Accent));
        put(buffer, area, x + 2, 0, &format!("{order}{low}{only}{picked}"), look.style(Role::Muted));
        let many = if self.found.len() == 1 { "product" } else { "products" };
        let count = format!("{} {many}", crate::unit::Quantity::pieces(self.found.len() as i64).grouped());
        put_right(buffer, area, area.width.saturating_sub(1), 0, &count, look.style(Role::Muted));
        None
    }

    fn cells(&self, row: &Row) -> Vec<Cell> {
        let product = &row.product;
        let money = |money: Option<Money>| money.map(|money| money.grouped(self.minor)).unwrap_or_default();
        let value = product.cost.zip(row.quantity).and_then(|(cost, quantity)| cost.times_quantity(quantity));
        let low = row.is_low();
        let role = if low { Role::Warning } else { Role::Text };
        let quantity = row.quantity.map(|quantity| quantity.grouped()).unwrap_or_else(|| "–".to_owned());
        vec![
            match self.picked.contains(&product.id) {
                true => Cell::starred(product.ext.to_string()),
                false => Cell::of(product.ext.to_string()),
            },
            Cell::of(product.name.to_string()),
            Cell::with(product.category.as_deref().unwrap_or_default(), Role::Muted),
            Cell::with(quantity, role),
            Cell::with(if low { "low" } else { "" }, Role::Warning),
            Cell::with(product.reorder_level.map(|level| level.grouped()).unwrap_or_default(), Role::Muted),
            Cell::of(money(product.price)),
            Cell::with(money(product.cost), Role::Muted),
            Cell::with(
                value.map(|value| value.round_to(Money(100)).unwrap_or(value).grouped(self.minor)).unwrap_or_default(),
                Role::Muted,
            ),
        ]
    }
}
