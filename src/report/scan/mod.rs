//! One segment's facts into cells: keys first, column by column, then the measures, column by column.
//!
//! The same code reads sealed segments and those made of the tail. Only the columns that a plan needs are decoded.

mod extents;
mod lines;
mod orders;
mod selection;
mod sums;

pub(crate) use sums::add_rows;

use crate::report::cells::{Cells, NOWHERE, Values};
use crate::report::facts::{Columns, Part, ScanFault};
use crate::report::plan::{AWAY, Plan};
use crate::report::question::Base;
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Counts, Days, Header};
use crate::unit::Day;
use selection::{FewRows, Picked};
use sums::{add_columns, add_header, count};

/// Buffers that are used again from segment to segment.
#[derive(Default)]
pub(crate) struct Scanner {
    ids: Vec<u32>,
    codes: Vec<u8>,
    /// 1 for the orders that slices leave.
    mask: Vec<u8>,
    /// Their rows.
    left: FewRows,
    picked: Picked,
    pub(crate) keys: Vec<u64>,
    slots: Vec<u32>,
    line_slots: Vec<u32>,
    lines: Vec<u32>,
    values: Vec<i64>,
    /// The columns that are summed, in the order of [`MEASURES`].
    measures: [Vec<i64>; MEASURES.len()],
    gross: Vec<i64>,
    /// The moves of a line's slot by product, worked out once for a plan.
    moves: Option<Vec<u32>>,
    offsets: Vec<i64>,
    precisions: Vec<i64>,
    customers: Vec<u32>,
    numbers: Vec<i64>,
    seen: Vec<u32>,
    /// The stamp of each line's order.
    stamps: Vec<u32>,
    stamp: u32,
    /// Rows looked at.
    pub(crate) rows: u64,
}

/// The columns of an order's measures: line by line, and summed over the order.
const MEASURES: [(Base, Column, Column); 5] = [
    (Base::Units, Column::Units, Column::OrderUnits),
    (Base::Tax, Column::Tax, Column::OrderTax),
    (Base::Cost, Column::Cost, Column::OrderCost),
    (Base::Sales, Column::Sales, Column::OrderSales),
    (Base::Discounts, Column::Discounts, Column::OrderDiscounts),
];

/// A return's value columns.
const RETURN_MEASURES: [(Column, Base); 3] =
    [(Column::ReturnUnits, Base::ReturnedUnits), (Column::Refund, Base::Refund), (Column::RefundNet, Base::RefundNet)];

impl Scanner {
    /// Adds the facts of a segment, column by column.
    pub(crate) fn scan(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let day = day_of(facts.counts())?;
        if !plan.wants(day) {
            return Ok(());
        }
        cells.brace(facts.counts().magnitude);
        let outer = cells.outer(&plan.date_codes(day));
        if plan.orders && facts.counts().orders > 0 {
            self.orders(plan, facts, part, outer, cells)?;
        }
        if plan.returns && facts.counts().returns > 0 {
            self.returns(plan, facts, part.sign(), outer, cells)?;
        }
        Ok(())
    }

    /// Adds the totals of a header, where the plan says that they are enough.
    pub(crate) fn headers(
        &mut self,
        plan: &Plan,
        header: &Header,
        sign: i64,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let day = day_of(&header.counts)?;
        if plan.wants(day) {
            cells.brace(header.counts.magnitude);
            let outer = cells.outer(&plan.date_codes(day));
            add_header(plan, header, sign, outer, cells);
        }
        Ok(())
    }

    /// Adds the orders whose keys have been worked out.
    fn orders_by_keys(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        // Looked-up slots are only made for cells that lines are in.
        if !plan.by_line() {
            self.place(outer, cells);
        }
        let wide_lines = !facts.counts().sums_fit();
        if plan.by_line() || wide_lines {
            self.rows += facts.counts().lines as u64;
            self.line_slots(plan, facts, outer, cells)?;
        }
        // Of rows of which most are sliced away only the others' figures are looked up.
        let mut picked = std::mem::take(&mut self.picked);
        let slots = if plan.by_line() || wide_lines { &self.line_slots } else { &self.slots };
        let some = picked.pick(slots).then_some(&picked);
        if plan.by_line() {
            self.count_by_line(plan, facts, some, part, cells)?;
            if cells.extents.is_some() {
                let slots = self.slots_of_lines();
                self.note_extents(plan, facts, part, &slots, cells)?;
            }
        } else {
            self.count_orders(plan, facts, part, cells)?;
        }
        self.sum_up(facts, plan.by_line() || wide_lines, some, part.sign(), cells)?;
        self.picked = picked;
        Ok(())
    }

    fn sum_up(
        &mut self,
        facts: &impl Columns,
        by_line: bool,
        picked: Option<&Picked>,
        sign: i64,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let gross = cells.place[Base::Gross as usize];
        self.gross.clear();
        let read = |column: Column, out: &mut Vec<i64>| match picked {
            Some(picked) => facts.gather(column, &picked.rows, out, |value| value),
            None => facts.values(column, out),
        };
        let mut sums: [Option<usize>; MEASURES.len()] = [None; MEASURES.len()];
        for (at, (base, line_column, order_column)) in MEASURES.into_iter().enumerate() {
            let column = if by_line { line_column } else { order_column };
            let place = cells.place[base as usize];
            let in_gross = gross.is_some() && matches!(base, Base::Sales | Base::Discounts);
            if (place.is_none() && !in_gross) || facts.constant(column) == Some(0) {
                continue;
            }
            read(column, &mut self.measures[at])?;
            sums[at] = place;
            if in_gross {
                add_columns(&mut self.gross, &self.measures[at]);
            }
        }
        let rest = if by_line { Column::Rest } else { Column::OrderRest };
        if gross.is_some() && facts.constant(rest) != Some(0) {
            read(rest, &mut self.values)?;
            add_columns(&mut self.gross, &self.values);
        }
        let all = if by_line { &self.line_slots } else { &self.slots };
        let slots = picked.map_or(all, |picked| &picked.slots);
        let measured =
            sums.iter().zip(&self.measures).filter_map(|(place, values)| Some(((*place)?, values.as_slice())));
        let with_gross = gross.filter(|_| !self.gross.is_empty()).map(|place| (place, self.gross.as_slice()));
        let columns: Vec<(usize, &[i64])> = measured.chain(with_gross).collect();
        add_rows(cells, slots, &columns, sign);
        Ok(())
    }

    /// The slot of each key.
    fn place(&mut self, outer: u32, cells: &mut Cells) {
        self.slots.clear();
        match cells.base_slot(outer) {
            Some(base) => {
                self.slots.extend(self.keys.iter().map(|key| if *key == AWAY { NOWHERE } else { base + *key as u32 }));
            }
            None => {
                let slot = |key: &u64| if *key == AWAY { NOWHERE } else { cells.slot(outer, *key) };
                self.slots.extend(self.keys.iter().map(slot));
            }
        }
    }

    /// Counts each order in its cell.
    fn count_orders(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let sign = part.sign();
        if let Some(place) = cells.place[Base::Orders as usize] {
            let stride = cells.stride;
            match &mut cells.values {
                Values::Narrow(sums) => count(sums, stride, place, &self.slots, sign),
                Values::Wide(sums) => count(sums, stride, place, &self.slots, sign),
            }
        }
        if cells.by_customer.is_some() {
            facts.codes(Column::OrderCustomer, &mut self.customers)?;
            for (slot, customer) in self.slots.iter().zip(&self.customers) {
                if *slot != NOWHERE && *customer != 0 {
                    cells.count_customer(*slot, *customer, sign as i32);
                    cells.count_in_all(*customer, sign as i32);
                }
            }
        }
        if cells.extents.is_some() {
            let slots: Vec<(u32, u32)> = (0..).zip(self.slots.iter().copied()).collect();
            self.note_extents(plan, facts, part, &slots, cells)?;
        }
        Ok(())
    }

    fn returns(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        sign: i64,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let rows = facts.counts().returns;
        self.rows += rows as u64;
        self.keys.clear();
        self.keys.resize(rows, 0);
        if !plan.status.is_idle_for_returns() {
            facts.codes(Column::ReturnStatus, &mut self.ids)?;
            for (key, status) in self.keys.iter_mut().zip(&self.ids) {
                *key = plan.status.back(*status);
            }
        }
        for table in plan.records.iter().chain(&plan.product) {
            facts.codes(table.return_column, &mut self.ids)?;
            table.add(&self.ids, &mut self.keys);
        }
        for key in plan.words.iter().chain(&plan.line_word) {
            self.add_words(plan, key, key.return_column, facts)?;
        }
        if let Some(hour) = &plan.return_hour {
            self.add_attribute(hour, facts)?;
        }
        self.place(outer, cells);
        if let Some(place) = cells.place[Base::Returns as usize] {
            let stride = cells.stride;
            match &mut cells.values {
                Values::Narrow(sums) => count(sums, stride, place, &self.slots, sign),
                Values::Wide(sums) => count(sums, stride, place, &self.slots, sign),
            }
        }
        for (column, base) in RETURN_MEASURES {
            if let Some(place) = cells.place[base as usize] {
                facts.values(column, &mut self.values)?;
                add_rows(cells, &self.slots, &[(place, &self.values)], sign);
            }
        }
        Ok(())
    }
}

fn day_of(counts: &Counts) -> Result<Option<Day>, ScanFault> {
    match counts.days {
        Days::One(day) => Ok(Some(day)),
        Days::Undated => Ok(None),
        Days::Mixed => Err(ScanFault::Codec(CodecFault::Shape)),
    }
}
