//! The Orders screen in cells: the list, and beside it the marked order where there is room.

use super::state::{Orders, Row};
use super::text::{WIDTH, when};
use crate::console::layer::draw_filter;
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::beside::Beside;
use crate::console::widget::table::{self, Cell, Column, Table};
use crate::console::widget::{part, put};
use crate::domain::Status;
use crate::unit::Money;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// The marked order beside the list.
const BESIDE: Beside = Beside { width: WIDTH as u16, from: 126 };

/// The longest status, and the mark of goods that came back.
const STATUS: u16 = 11;

impl Orders {
    pub(super) fn paint(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let list = BESIDE.list(area);
        let cursor = self.paint_filter(look, part(list, 0, 0, list.width, 1), buffer);
        self.paint_list(look, part(list, 0, 1, list.width, list.height), buffer);
        BESIDE.draw_page(&self.page, look, area, buffer);
        cursor
    }

    fn paint_filter(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        if self.filtering {
            return draw_filter(&self.field, look, area, buffer);
        }
        let order = if self.oldest_first { "oldest first" } else { "newest first" };
        let words = match (self.filter.is_empty(), self.is_searching()) {
            (true, _) => format!("{order}   / number, customer, status, day, >amount"),
            (false, false) => format!("only {} · {order}   Esc shows all", self.filter.said(self.minor)),
            (false, true) => format!("only {} · {order} · looking…   Esc shows all", self.filter.said(self.minor)),
        };
        let x = put(buffer, area, 2, 0, &words, look.style(Role::Muted));
        if !self.picked.is_empty() {
            put(buffer, area, x + 3, 0, &format!("{} marked", self.picked.len()), look.style(Role::Key));
        }
        None
    }

    fn paint_list(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
        let columns = [
            Column::fixed("Order", 8, 0),
            Column::fixed("Placed", 16, 2),
            // A name is understood when it is cut; a status is not.
            Column::long_words("Customer", 12),
            Column::number("Lines", 5, 5),
            Column::fixed("Status", STATUS, 1),
            Column::fixed("Paid by", 12, 4),
            Column::fixed("Receipt", 10, 3),
            Column::number("Total", 11, 0),
        ];
        let rows: Vec<Vec<Cell>> = self.rows.iter().map(|row| self.cells(row)).collect();
        let empty = match (self.filter.is_empty(), self.is_searching()) {
            (true, _) => "No order yet. The first sale begins the list.",
            (false, true) => "Looking…",
            (false, false) => "No order fits.",
        };
        let view = Table {
            columns: &columns,
            rows: &rows,
            marked: (!rows.is_empty()).then_some(self.marked),
            focused: !self.filtering,
            window: None,
            empty,
        };
        table::draw(&view, look, area, buffer);
    }

    fn cells(&self, row: &Row) -> Vec<Cell> {
        let order = &row.order;
        let role = match order.status {
            Status::Pending => Role::Warning,
            Status::Cancelled => Role::Negative,
            Status::Shipped => Role::Accent,
            Status::Paid | Status::Delivered => Role::Text,
        };
        let returned = order.lines.iter().any(|line| !line.returned.is_zero());
        let status = format!("{}{}", order.status.word(), if returned { " ↩" } else { "" });
        let customer =
            if row.customer.is_empty() { Cell::with("walk-in", Role::Muted) } else { Cell::of(row.customer.clone()) };
        vec![
            match self.picked.contains(&order.no) {
                true => Cell::starred(order.id()),
                false => Cell::of(order.id()),
            },
            Cell::with(order.placed.map(when).unwrap_or_default(), Role::Muted),
            customer,
            Cell::with(order.lines.len().to_string(), Role::Muted),
            Cell::with(status, role),
            Cell::with(order.payment_method().map(|method| method.0.to_string()).unwrap_or_default(), Role::Muted),
            Cell::with(order.receipt.as_deref().unwrap_or_default(), Role::Muted),
            Cell::of(order.total().unwrap_or(Money::ZERO).grouped(self.minor)),
        ]
    }
}
