//! Which orders and returns a product stands in, the latest days first: two columns of a day tell it, the records say the
//! rest. Never reads a record itself.

use super::snapshot::Snapshot;
use crate::domain::fact::Fact;
use crate::store::Fault;
use crate::store::segment::{Column, View};
use crate::store::shelf::StoredSegment;
use crate::unit::{Day, OrderNo, ProductId, ReturnNo};
use std::collections::BTreeSet;

/// Orders and returns by number, those of all stores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trade {
    /// With a line of the product, cancelled ones too.
    pub orders: BTreeSet<OrderNo>,
    /// Of the product.
    pub returns: BTreeSet<ReturnNo>,
}

impl Trade {
    fn len(&self) -> usize {
        self.orders.len() + self.returns.len()
    }
}

impl Snapshot {
    /// What a product stands in: all that is not sealed yet, then the latest of at most `days` days with trade before
    /// `before`, until there are `enough`. Costs the lines of those days: for a page that somebody opens, not for a list.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn trade_of(&self, product: ProductId, before: Day, days: usize, enough: usize) -> Result<Trade, Fault> {
        let mut trade = Trade::default();
        for signed in self.tail().unsealed().filter(|signed| signed.plus) {
            match &signed.fact {
                Fact::Order(fact) if fact.lines.iter().any(|line| line.product == product) => {
                    trade.orders.insert(fact.no);
                }
                Fact::Return(fact) if fact.product == Some(product) => {
                    trade.returns.insert(fact.no);
                }
                _ => {}
            }
        }
        for day in self.days_before(before, days)? {
            if trade.len() >= enough {
                break;
            }
            for part in self.segments(day, day.add_days(1))? {
                read(&part, product, &mut trade)?;
            }
        }
        Ok(trade)
    }
}

fn read(part: &StoredSegment, product: ProductId, trade: &mut Trade) -> Result<(), Fault> {
    let view = View::open(part).map_err(|why| part.damaged(why))?;
    let column = |column| {
        let mut values = Vec::new();
        view.values(column, &mut values).map(|()| values).map_err(|why| part.damaged(why))
    };
    let wanted = i64::from(product.0);
    let sold = column(Column::Product)?;
    if sold.contains(&wanted) {
        let mut first = 0;
        for (no, lines) in column(Column::OrderNo)?.into_iter().zip(column(Column::OrderLines)?) {
            let lines = first..first + lines as usize;
            first = lines.end;
            if sold.get(lines).is_some_and(|lines| lines.contains(&wanted)) {
                trade.orders.insert(OrderNo(no as u64));
            }
        }
    }
    if view.counts().returns > 0 {
        let of = column(Column::ReturnProduct)?.into_iter();
        let numbers = column(Column::ReturnNo)?.into_iter().zip(of).filter(|(_, of)| *of == wanted);
        trade.returns.extend(numbers.map(|(no, _)| ReturnNo(no as u64)));
    }
    Ok(())
}
