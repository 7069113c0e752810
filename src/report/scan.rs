//! One segment's facts into cells: keys first, column by column, then the measures, column by column.
//!
//! The same code reads sealed segments and those made of the tail. Only the columns that a plan needs are decoded.

use super::cells::{Cells, NOWHERE, Sum, Values};
use super::instant::Instant;
use super::keys::{AWAY, join};
use super::measure::Base;
use super::members::NO_HOUR;
use super::plan::Plan;
use crate::domain::Status;
use crate::store::codec::CodecFault;
use crate::store::segment::{Column, Days, Header, Segment, View, Words};
use crate::unit::{Day, Rate, Text};
use std::collections::HashSet;

/// Columns of facts, encoded or not.
pub(crate) trait Columns {
    fn header(&self) -> &Header;
    fn words(&self, words: Words) -> &[Text];
    fn rates(&self) -> &[Rate];
    /// The value that all rows share, where that is known.
    fn constant(&self, column: Column) -> Option<i64>;
    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault>;
    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault>;
}

impl Columns for View<'_> {
    fn header(&self) -> &Header {
        View::header(self)
    }

    fn words(&self, words: Words) -> &[Text] {
        View::words(self, words)
    }

    fn rates(&self) -> &[Rate] {
        View::rates(self)
    }

    fn constant(&self, column: Column) -> Option<i64> {
        View::constant(self, column)
    }

    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        View::values(self, column, out)
    }

    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        View::codes(self, column, out)
    }
}

impl Columns for Segment {
    fn header(&self) -> &Header {
        Segment::header(self)
    }

    fn words(&self, words: Words) -> &[Text] {
        Segment::words(self, words)
    }

    fn rates(&self) -> &[Rate] {
        Segment::rates(self)
    }

    fn constant(&self, _: Column) -> Option<i64> {
        None
    }

    fn values(&self, column: Column, out: &mut Vec<i64>) -> Result<(), CodecFault> {
        out.clear();
        out.extend_from_slice(self.column(column));
        Ok(())
    }

    fn codes(&self, column: Column, out: &mut Vec<u32>) -> Result<(), CodecFault> {
        out.clear();
        out.extend(self.column(column).iter().map(|value| *value as u32));
        Ok(())
    }
}

/// What ends a scan early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScanFault {
    /// The segment is damaged.
    Codec(CodecFault),
    /// There are more words than the plan's keys have room for.
    Room,
}

impl From<CodecFault> for ScanFault {
    fn from(fault: CodecFault) -> Self {
        ScanFault::Codec(fault)
    }
}

/// How a fact counts.
#[derive(Clone, Copy)]
pub(crate) enum Part<'a> {
    /// From a segment; first and last orders of these numbers are left to the tail.
    Sealed(&'a HashSet<u64>),
    /// From the tail, added (1) or taken away (-1).
    Tail(i64),
}

impl Part<'_> {
    fn sign(self) -> i64 {
        match self {
            Part::Sealed(_) => 1,
            Part::Tail(sign) => sign,
        }
    }
}

/// Buffers that are used again from segment to segment.
#[derive(Default)]
pub(crate) struct Scanner {
    ids: Vec<u32>,
    keys: Vec<u64>,
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
    /// Adds the facts of a segment.
    pub(crate) fn scan(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        if plan.headers_do {
            return self.headers(plan, facts.header(), part.sign(), cells);
        }
        let day = day_of(facts.header())?;
        if !plan.wants(day) {
            return Ok(());
        }
        cells.brace(facts.header().magnitude);
        let outer = cells.outer(&plan.date_codes(day));
        if plan.orders && facts.header().orders > 0 {
            self.orders(plan, facts, part, outer, cells)?;
        }
        if plan.returns && facts.header().returns > 0 {
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
        let day = day_of(header)?;
        if plan.wants(day) {
            cells.brace(header.magnitude);
            let outer = cells.outer(&plan.date_codes(day));
            add_header(plan, header, sign, outer, cells);
        }
        Ok(())
    }

    fn orders(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        self.rows += facts.header().orders as u64;
        self.order_keys(plan, facts)?;
        // Looked-up slots are only made for cells that lines are in.
        if !plan.by_line() {
            self.place(outer, cells);
        }
        let wide_lines = !facts.header().sums_fit();
        if plan.by_line() || wide_lines {
            self.rows += facts.header().lines as u64;
            self.line_slots(plan, facts, outer, cells)?;
        }
        if plan.by_line() {
            self.count_by_line(facts, part, cells)?;
        } else {
            self.count_orders(plan, facts, part, cells)?;
        }
        self.sum_up(facts, plan.by_line() || wide_lines, part.sign(), cells)
    }

    fn sum_up(&mut self, facts: &impl Columns, by_line: bool, sign: i64, cells: &mut Cells) -> Result<(), ScanFault> {
        let gross = cells.place[Base::Gross as usize];
        self.gross.clear();
        let mut sums: [Option<usize>; MEASURES.len()] = [None; MEASURES.len()];
        for (at, (base, line_column, order_column)) in MEASURES.into_iter().enumerate() {
            let column = if by_line { line_column } else { order_column };
            let place = cells.place[base as usize];
            let in_gross = gross.is_some() && matches!(base, Base::Sales | Base::Discounts);
            if (place.is_none() && !in_gross) || facts.constant(column) == Some(0) {
                continue;
            }
            facts.values(column, &mut self.measures[at])?;
            sums[at] = place;
            if in_gross {
                add_columns(&mut self.gross, &self.measures[at]);
            }
        }
        let rest = if by_line { Column::Rest } else { Column::OrderRest };
        if gross.is_some() && facts.constant(rest) != Some(0) {
            facts.values(rest, &mut self.values)?;
            add_columns(&mut self.gross, &self.values);
        }
        let slots = if by_line { &self.line_slots } else { &self.slots };
        let measured =
            sums.iter().zip(&self.measures).filter_map(|(place, values)| Some(((*place)?, values.as_slice())));
        let with_gross = gross.filter(|_| !self.gross.is_empty()).map(|place| (place, self.gross.as_slice()));
        let columns: Vec<(usize, &[i64])> = measured.chain(with_gross).collect();
        add_rows(cells, slots, &columns, sign);
        Ok(())
    }

    /// The key of each order; away where it is sliced away or does not count.
    fn order_keys(&mut self, plan: &Plan, facts: &impl Columns) -> Result<(), ScanFault> {
        let rows = facts.header().orders;
        self.keys.clear();
        self.keys.resize(rows, 0);
        match facts.constant(Column::OrderStatus) {
            Some(status) => shift(&mut self.keys, plan.status.order(status as u32)),
            None => {
                facts.codes(Column::OrderStatus, &mut self.ids)?;
                for (key, status) in self.keys.iter_mut().zip(&self.ids) {
                    *key = plan.status.order(*status);
                }
            }
        }
        for table in &plan.records {
            match facts.constant(table.order_column) {
                Some(id) => shift(&mut self.keys, table.part(id as u32)),
                None => {
                    facts.codes(table.order_column, &mut self.ids)?;
                    table.add(&self.ids, &mut self.keys);
                }
            }
        }
        for key in &plan.words {
            let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
            facts.codes(key.order_column, &mut self.ids)?;
            add_parts(&mut self.keys, &self.ids, &parts);
        }
        if plan.hour.is_some() {
            let columns = [Column::PlacedMs, Column::PlacedOffset, Column::PlacedPrecision];
            self.add_hours(plan, facts, columns)?;
        }
        Ok(())
    }

    fn add_hours(&mut self, plan: &Plan, facts: &impl Columns, columns: [Column; 3]) -> Result<(), ScanFault> {
        let Some((stride, accepted)) = &plan.hour else { return Ok(()) };
        facts.values(columns[0], &mut self.values)?;
        facts.values(columns[1], &mut self.offsets)?;
        facts.values(columns[2], &mut self.precisions)?;
        for (row, key) in self.keys.iter_mut().enumerate() {
            let local = self.values[row].saturating_add(self.offsets[row] * 1000);
            // 2 and 3 are the precisions that have an hour.
            let hour =
                if self.precisions[row] >= 2 { (local.rem_euclid(86_400_000) / 3_600_000) as u32 } else { NO_HOUR };
            let part = if accepted[hour as usize] { u64::from(hour) * stride } else { AWAY };
            *key = join(*key, part);
        }
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

    /// The slot of each line: its order's, moved by its product, tax rate or nothing.
    fn line_slots(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        facts.codes(Column::OrderLines, &mut self.lines)?;
        if cells.base_slot(outer).is_none() {
            return self.line_slots_by_key(plan, facts, outer, cells);
        }
        if plan.by_line() {
            self.place(outer, cells);
        }
        let mut line_parts = Vec::new();
        let moves: &[u32] = match (&plan.product, &plan.line_word) {
            (Some(table), None) => {
                facts.codes(Column::Product, &mut self.ids)?;
                self.moves.get_or_insert_with(|| moves(table.codes.iter().map(|code| table.key(*code))))
            }
            (None, Some(key)) => {
                facts.codes(key.order_column, &mut self.ids)?;
                line_parts.extend(moves(key.parts(&plan.members, facts).ok_or(ScanFault::Room)?.into_iter()));
                &line_parts
            }
            (None, None) => {
                self.ids.clear();
                self.ids.resize(facts.header().lines, 0);
                &[0]
            }
            (Some(_), Some(_)) => return self.line_slots_by_key(plan, facts, outer, cells),
        };
        let other = moves.first().copied().unwrap_or(STAYS_AWAY);
        self.line_slots.clear();
        let mut ids = self.ids.as_slice();
        for (order, lines) in self.slots.iter().zip(&self.lines) {
            let (own, rest) = ids.split_at_checked(*lines as usize).ok_or(CodecFault::Shape)?;
            ids = rest;
            if *order == NOWHERE {
                self.line_slots.resize(self.line_slots.len() + own.len(), NOWHERE);
                continue;
            }
            self.line_slots.extend(own.iter().map(|id| {
                let by = moves.get(*id as usize).copied().unwrap_or(other);
                if by == STAYS_AWAY { NOWHERE } else { order + by }
            }));
        }
        Ok(())
    }

    /// The same where slots are looked up.
    fn line_slots_by_key(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let mut keys = Vec::with_capacity(facts.header().lines);
        for (key, lines) in self.keys.iter().zip(&self.lines) {
            keys.resize(keys.len() + *lines as usize, *key);
        }
        if let Some(table) = &plan.product {
            facts.codes(Column::Product, &mut self.ids)?;
            table.add(&self.ids, &mut keys);
        }
        if let Some(key) = &plan.line_word {
            let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
            facts.codes(key.order_column, &mut self.ids)?;
            add_parts(&mut keys, &self.ids, &parts);
        }
        self.line_slots.clear();
        self.line_slots.extend(keys.iter().map(|key| if *key == AWAY { NOWHERE } else { cells.slot(outer, *key) }));
        Ok(())
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
            self.note_extents(plan, facts, part, cells)?;
        }
        Ok(())
    }

    fn note_extents(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let room = cells.slots() as usize;
        let Some(extents) = &mut cells.extents else { return Ok(()) };
        extents.reserve(room);
        facts.values(Column::PlacedMs, &mut self.values)?;
        self.number_offsets(plan, facts)?;
        facts.values(Column::PlacedPrecision, &mut self.precisions)?;
        let numbered = !matches!(part, Part::Sealed(gone) if gone.is_empty());
        if numbered {
            facts.values(Column::OrderNo, &mut self.numbers)?;
        }
        for (row, slot) in self.slots.iter().enumerate() {
            let at = Instant::of(self.values[row], self.ids[row], self.precisions[row]);
            let Some(at) = at.filter(|_| *slot != NOWHERE) else { continue };
            match part {
                Part::Sealed(gone) if numbered && gone.contains(&(self.numbers[row] as u64)) => {}
                Part::Sealed(_) => extents.take(*slot, at),
                Part::Tail(sign) => extents.note(*slot, at, self.numbers[row] as u64, sign),
            }
        }
        Ok(())
    }

    /// The number of each order's offset.
    fn number_offsets(&mut self, plan: &Plan, facts: &impl Columns) -> Result<(), ScanFault> {
        facts.values(Column::PlacedOffset, &mut self.offsets)?;
        self.ids.clear();
        self.ids.extend(self.offsets.iter().map(|offset| plan.members.offset_number(*offset as i32)));
        let known = self.ids.iter().all(|number| Instant::has_room(*number));
        if known { Ok(()) } else { Err(ScanFault::Codec(CodecFault::Shape)) }
    }

    /// Counts each order once in every cell that one of its lines is in.
    fn count_by_line(&mut self, facts: &impl Columns, part: Part<'_>, cells: &mut Cells) -> Result<(), ScanFault> {
        let sign = part.sign();
        let customers = cells.by_customer.is_some();
        if customers {
            facts.codes(Column::OrderCustomer, &mut self.customers)?;
        }
        let place = cells.place[Base::Orders as usize].unwrap_or(0);
        let stride = cells.stride;
        self.seen.resize(self.seen.len().max(cells.slots() as usize), 0);
        let mut first = 0;
        for (order, lines) in self.lines.iter().enumerate() {
            let slots = &self.line_slots[first..first + *lines as usize];
            first += *lines as usize;
            self.stamp = self.stamp.wrapping_add(1);
            if self.stamp == 0 {
                self.seen.fill(0);
                self.stamp = 1;
            }
            let customer = if customers { self.customers[order] } else { 0 };
            let mut counted = false;
            for slot in slots {
                if *slot == NOWHERE || self.seen[*slot as usize] == self.stamp {
                    continue;
                }
                self.seen[*slot as usize] = self.stamp;
                counted = true;
                let at = *slot as usize * stride + place;
                match &mut cells.values {
                    Values::Narrow(sums) => sums[at] += sign,
                    Values::Wide(sums) => sums[at] += i128::from(sign),
                }
                if customer != 0 {
                    cells.count_customer(*slot, customer, sign as i32);
                }
            }
            if counted {
                cells.orders += sign;
                if customer != 0 {
                    cells.count_in_all(customer, sign as i32);
                }
            }
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
        let rows = facts.header().returns;
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
            let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
            facts.codes(key.return_column, &mut self.ids)?;
            add_parts(&mut self.keys, &self.ids, &parts);
        }
        if plan.hour.is_some() {
            self.add_hours(plan, facts, [Column::ReturnMs, Column::ReturnOffset, Column::ReturnPrecision])?;
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

fn day_of(header: &Header) -> Result<Option<Day>, ScanFault> {
    match header.days {
        Days::One(day) => Ok(Some(day)),
        Days::Undated => Ok(None),
        Days::Mixed => Err(ScanFault::Codec(CodecFault::Shape)),
    }
}

fn shift(keys: &mut [u64], part: u64) {
    if part != 0 {
        keys.iter_mut().for_each(|key| *key = join(*key, part));
    }
}

fn add_parts(keys: &mut [u64], codes: &[u32], parts: &[u64]) {
    for (key, code) in keys.iter_mut().zip(codes) {
        *key = join(*key, parts.get(*code as usize).copied().unwrap_or(AWAY));
    }
}

/// Adds a column to another, modulo 2^64 as gross is split.
fn add_columns(sum: &mut Vec<i64>, values: &[i64]) {
    if sum.is_empty() {
        sum.extend_from_slice(values);
        return;
    }
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum = sum.wrapping_add(*value);
    }
}

/// Adds columns to the sums at their places, row by row: the sums of a row are apart, so that none waits for another.
fn add_rows(cells: &mut Cells, slots: &[u32], columns: &[(usize, &[i64])], sign: i64) {
    let stride = cells.stride;
    for some in columns.chunks(6) {
        match &mut cells.values {
            Values::Narrow(sums) => add_some(sums, stride, slots, some, sign),
            Values::Wide(sums) => add_some(sums, stride, slots, some, sign),
        }
    }
}

fn add_some<S: Sum>(sums: &mut [S], stride: usize, slots: &[u32], columns: &[(usize, &[i64])], sign: i64) {
    match *columns {
        [a] => add_each(sums, stride, slots, [a], sign),
        [a, b] => add_each(sums, stride, slots, [a, b], sign),
        [a, b, c] => add_each(sums, stride, slots, [a, b, c], sign),
        [a, b, c, d] => add_each(sums, stride, slots, [a, b, c, d], sign),
        [a, b, c, d, e] => add_each(sums, stride, slots, [a, b, c, d, e], sign),
        [a, b, c, d, e, f] => add_each(sums, stride, slots, [a, b, c, d, e, f], sign),
        _ => {}
    }
}

fn add_each<const N: usize, S: Sum>(
    sums: &mut [S],
    stride: usize,
    slots: &[u32],
    columns: [(usize, &[i64]); N],
    sign: i64,
) {
    let rows = columns.iter().map(|(_, values)| values.len()).fold(slots.len(), usize::min);
    let columns = columns.map(|(place, values)| (place, &values[..rows]));
    for (row, slot) in slots[..rows].iter().enumerate() {
        let start = *slot as usize * stride;
        let cell = &mut sums[start..start + stride];
        for (place, values) in &columns {
            cell[*place] = cell[*place].plus(values[row], sign);
        }
    }
}

/// By how much a line's slot differs from its order's; [`STAYS_AWAY`] where it is sliced away.
fn moves(keys: impl Iterator<Item = u64>) -> Vec<u32> {
    keys.map(|key| if key == AWAY { STAYS_AWAY } else { key as u32 }).collect()
}

/// No slot is moved so far.
const STAYS_AWAY: u32 = u32::MAX;

fn count<S: Sum>(sums: &mut [S], stride: usize, place: usize, slots: &[u32], sign: i64) {
    for slot in slots {
        let sum = &mut sums[*slot as usize * stride + place];
        *sum = sum.plus(1, sign);
    }
}

/// Adds the totals that the header has by store and status.
fn add_header(plan: &Plan, header: &Header, sign: i64, outer: u32, cells: &mut Cells) {
    let store_part = |store: u16| plan.records.iter().fold(0, |key, table| join(key, table.part(u32::from(store))));
    for ((store, status), totals) in &header.sold {
        let key = join(plan.status.order(*status as u32), store_part(store.0));
        if !plan.orders || key == AWAY {
            continue;
        }
        let slot = cells.slot(outer, key);
        for (base, value) in [
            (Base::Orders, i128::from(totals.orders)),
            (Base::Units, totals.units),
            (Base::Gross, totals.gross),
            (Base::Discounts, totals.discounts),
            (Base::Sales, totals.sales),
            (Base::Tax, totals.tax),
            (Base::Cost, totals.cost),
        ] {
            cells.add_total(slot, base, value, sign);
        }
    }
    for ((store, status), totals) in &header.returned {
        let code = status.map_or(0, |status: Status| status as u32 + 1);
        let key = join(plan.status.back(code), store_part(store.0));
        if !plan.returns || key == AWAY {
            continue;
        }
        let slot = cells.slot(outer, key);
        for (base, value) in [
            (Base::Returns, i128::from(totals.returns)),
            (Base::ReturnedUnits, totals.units),
            (Base::Refund, totals.refund),
            (Base::RefundNet, totals.net),
        ] {
            cells.add_total(slot, base, value, sign);
        }
    }
}
