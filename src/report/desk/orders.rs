//! Every counted order as one row of figures, straight from the columns: for reports that look at orders whole.
//!
//! Knows no report, and no line.

use super::Desk;
use crate::report::ReportFault;
use crate::report::facts::{Columns, ScanFault, Source, by_day, damaged};
use crate::report::plan::{AWAY, Plan};
use crate::report::question::{Dim, Measure, Origin, Question};
use crate::report::scan::Scanner;
use crate::store::segment::{Column, Segment, Shelf, View};
use crate::unit::{Day, OrderNo};

/// Room for words of orders: nothing is grouped by them here.
const ROOM: u64 = 1 << 12;

/// An order's figures.
pub(crate) struct OrderRow {
    pub(crate) no: OrderNo,
    pub(crate) day: Option<Day>,
    /// 1, or -1 where it is taken away.
    pub(crate) sign: i128,
    /// Thousandths.
    pub(crate) units: i128,
    /// Without tax.
    pub(crate) sales: i128,
    pub(crate) tax: i128,
}

impl<S: Source> Desk<'_, S> {
    /// Hands every counted order that is asked for to `take`.
    pub(crate) fn each_order(
        &self,
        dated_only: bool,
        take: &mut dyn FnMut(OrderRow) -> Result<(), ReportFault>,
    ) -> Result<(), ReportFault> {
        let question = Question { dated_only, ..self.question(&[Measure::Sales], &[]) };
        let of_lines = |dim: Dim| matches!(dim.origin(), Origin::Product | Origin::LineWords);
        if let Some(filter) = question.filters.iter().find(|filter| of_lines(filter.dim)) {
            return Err(ReportFault::NotHere(format!(
                "{} looks at whole orders; it cannot be sliced by {}",
                self.request.preset.name,
                filter.dim.word()
            )));
        }
        let past = self.past(&question)?;
        let plan = Plan::bind(&question, self.source, past, ROOM, false)?;
        let (mut scanner, mut rows) = (Scanner::default(), 0);
        let mut visit = |day: Option<Day>, shelf: &dyn Shelf| -> Result<(), ReportFault> {
            self.go_on()?;
            let view = View::open(shelf).map_err(|why| damaged(day, why))?;
            rows += view.counts().orders as u64;
            read(&plan, &mut scanner, &view, (day, 1), take)
        };
        if let Some((first, last)) = self.source.days()? {
            let (from, to) = (plan.from.unwrap_or(first), plan.to.unwrap_or(last.add_days(1)));
            self.source.segments(from.max(first), to.min(last.add_days(1)), &mut visit)?;
        }
        if plan.wants_undated() {
            self.source.undated(&mut visit)?;
        }
        for ((day, plus), facts) in by_day(&self.source.facts_after(self.source.watermark())) {
            let segment = Segment::build(&facts.orders, &[], &[]);
            read(&plan, &mut scanner, &segment, (day, if plus { 1 } else { -1 }), take)?;
        }
        self.explain("order columns", rows);
        Ok(())
    }
}

fn read(
    plan: &Plan,
    scanner: &mut Scanner,
    facts: &impl Columns,
    (day, sign): (Option<Day>, i128),
    take: &mut dyn FnMut(OrderRow) -> Result<(), ReportFault>,
) -> Result<(), ReportFault> {
    if facts.counts().orders == 0 || !plan.wants(day) {
        return Ok(());
    }
    let fault = |fault| match fault {
        ScanFault::Room => ReportFault::TooManyCells,
        ScanFault::Codec(why) => damaged(day, why),
    };
    scanner.order_keys(plan, facts).map_err(fault)?;
    let mut numbers = Vec::new();
    facts.values(Column::OrderNo, &mut numbers).map_err(|why| damaged(day, why))?;
    let units = of_orders(facts, Column::OrderUnits, Column::Units).map_err(fault)?;
    let sales = of_orders(facts, Column::OrderSales, Column::Sales).map_err(fault)?;
    let tax = of_orders(facts, Column::OrderTax, Column::Tax).map_err(fault)?;
    let figures = units.into_iter().zip(sales).zip(tax);
    for ((key, no), ((units, sales), tax)) in scanner.keys.iter().zip(numbers).zip(figures) {
        if *key != AWAY {
            take(OrderRow { no: OrderNo(no as u64), day, sign, units, sales, tax })?;
        }
    }
    Ok(())
}

/// A figure of each order: as it is kept, or its lines added up where sums do not fit.
fn of_orders(facts: &impl Columns, whole: Column, part: Column) -> Result<Vec<i128>, ScanFault> {
    let mut values = Vec::new();
    if facts.counts().sums_fit() {
        facts.values(whole, &mut values)?;
        return Ok(values.into_iter().map(i128::from).collect());
    }
    let mut counts = Vec::new();
    facts.values(Column::OrderLines, &mut counts)?;
    facts.values(part, &mut values)?;
    let mut lines = values.into_iter().map(i128::from);
    Ok(counts.into_iter().map(|count| lines.by_ref().take(count.max(0) as usize).sum()).collect())
}
