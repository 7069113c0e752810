//! One customer's orders, newest first.

use crate::domain::{Order, fact};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::{Kind, ReportFault, Value};
use crate::unit::id::compare_external;

impl<S: Source> Desk<'_, S> {
    /// A customer's orders, newest first, cancelled ones too.
    pub(super) fn history(&self) -> Result<Body, ReportFault> {
        if let Some(filter) = self.request.filters.first() {
            return Err(ReportFault::NotHere(format!(
                "order-history lists a customer's orders; it cannot be sliced by {}",
                filter.dim.word()
            )));
        }
        let mut orders = match self.customer()? {
            Some(customer) => self.source.orders_of(customer)?,
            None => Vec::new(),
        };
        self.explain("customer index", orders.len() as u64);
        orders.retain(|order| self.in_period(order));
        orders.sort_by(|a, b| {
            let at = |order: &Order| order.placed.map(|stamp| stamp.unix_ms);
            at(b).cmp(&at(a)).then_with(|| compare_external(&a.id(), &b.id()))
        });
        orders.truncate(self.request.top.unwrap_or(usize::MAX));
        let mut rows = Vec::with_capacity(orders.len());
        let (mut lines, mut units, mut sales) = (0, 0, 0);
        for order in &orders {
            let Some(meant) = fact::facts(order) else { continue };
            let of = |value: fn(&fact::LineFact) -> i64| {
                meant.lines.iter().map(|line| i128::from(value(line))).sum::<i128>()
            };
            let figures = (meant.lines.len() as i128, of(|line| line.units.0), of(|line| line.sales.0));
            (lines, units, sales) = (lines + figures.0, units + figures.1, sales + figures.2);
            rows.push(vec![
                Value::text(order.id()),
                order.placed.map_or(Value::Null, Value::Time),
                Value::text(order.status.word()),
                Value::Count(figures.0),
                Value::Quantity(figures.1),
                Value::Money(figures.2),
            ]);
        }
        Ok(Body {
            columns: vec![
                AnswerColumn::new("id", Kind::Id),
                AnswerColumn::new("ordered_at", Kind::Time),
                AnswerColumn::new("status", Kind::Text),
                AnswerColumn::new("lines", Kind::Count),
                AnswerColumn::new("units", Kind::Quantity),
                AnswerColumn::new("sales", Kind::Money),
            ],
            totals: vec![
                ("orders".to_owned(), Value::Count(rows.len() as i128)),
                ("lines".to_owned(), Value::Count(lines)),
                ("units".to_owned(), Value::Quantity(units)),
                ("sales".to_owned(), Value::Money(sales)),
            ],
            rows,
        })
    }
}
