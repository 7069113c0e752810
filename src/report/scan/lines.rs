//! The part of a scan that looks at lines one by one: where each belongs, and distinct orders over them.

use super::Scanner;
use super::selection::{Picked, USUAL};
use super::sums::{Lines, count};
use crate::report::cells::{Cells, NOWHERE, Values};
use crate::report::facts::{Columns, Part, ScanFault, codes_of, line_counts};
use crate::report::plan::{AWAY, Plan, add_parts};
use crate::report::question::Base;
use crate::store::codec::CodecFault;
use crate::store::segment::Column;

impl Scanner {
    /// The slot of each line: its order's, moved by its product, tax rate or nothing.
    pub(super) fn line_slots(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        line_counts(facts, &mut self.lines)?;
        if cells.base_slot(outer).is_none() {
            return self.line_slots_by_key(plan, facts, outer, cells);
        }
        if plan.by_line() {
            self.place(outer, cells);
        }
        spread(self.slots.iter().copied(), &self.lines, facts.counts().lines, &mut self.line_slots)?;
        for attribute in plan.product.iter().flat_map(|table| &table.attributes) {
            let codes = codes_of(facts, &attribute.joined, &mut self.codes)?;
            attribute.shift(codes, &mut self.line_slots, NOWHERE);
        }
        if let Some((table, numbers)) = plan.product.as_ref().and_then(|table| Some((table, table.numbers.as_ref()?))) {
            facts.codes(table.order_column, &mut self.ids)?;
            let moves = self.moves.get_or_insert_with(|| moves(numbers.parts()));
            shift(&mut self.line_slots, &self.ids, moves);
        }
        if let Some(key) = &plan.line_word {
            facts.codes(key.order_column, &mut self.ids)?;
            let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
            shift(&mut self.line_slots, &self.ids, &moves(parts.into_iter()));
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
        let mut keys = Vec::with_capacity(facts.counts().lines);
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

    /// Every order with each cell that one of its lines is in.
    pub(super) fn slots_of_lines(&self) -> Vec<(u32, u32)> {
        let (mut slots, mut lines) = (Vec::new(), self.line_slots.as_slice());
        for (order, count) in (0..).zip(&self.lines) {
            let (own, rest) = lines.split_at((*count as usize).min(lines.len()));
            let first = slots.len();
            slots.extend(own.iter().filter(|slot| **slot != NOWHERE).map(|slot| (order, *slot)));
            slots[first..].sort_unstable();
            lines = rest;
        }
        slots.dedup();
        slots
    }

    /// Counts each order once in every cell that one of its lines is in, or every line where nobody wants to know; `picked`
    /// are the lines that are in any, where they are few.
    pub(super) fn count_by_line(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        picked: Option<&Picked>,
        part: Part<'_>,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let sign = part.sign();
        let customers = cells.by_customer.is_some();
        if customers {
            facts.codes(Column::OrderCustomer, &mut self.customers)?;
        }
        let Some(place) = cells.place[Base::Orders as usize] else { return Ok(()) };
        if !plan.distinct {
            let (stride, slots) = (cells.stride, picked.map_or(&self.line_slots, |picked| &picked.slots));
            match &mut cells.values {
                Values::Narrow(sums) => count(sums, stride, place, slots, sign),
                Values::Wide(sums) => count(sums, stride, place, slots, sign),
            }
            return Ok(());
        }
        self.seen.resize(self.seen.len().max(cells.slots() as usize), 0);
        let orders = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
        if self.stamp.checked_add(orders).is_none() {
            self.seen.fill(0);
            self.stamp = 0;
        }
        let first = self.stamp + 1;
        self.stamp += orders;
        spread(first.., &self.lines, self.line_slots.len(), &mut self.stamps)?;
        if let Some(picked) = picked {
            self.stamps = picked.rows.iter().map(|row| self.stamps[*row as usize]).collect();
        }
        let slots = picked.map_or(&self.line_slots, |picked| &picked.slots);
        let lines = Lines { stamps: &self.stamps, slots };
        let mut counted = Vec::new();
        let note = |stamp: u32, slot: u32| {
            let customer = self.customers[(stamp - first) as usize];
            if customer != 0 {
                counted.push((slot, customer));
            }
        };
        let (how, seen) = ((cells.stride, place, sign), self.seen.as_mut_slice());
        let distinct = match (&mut cells.values, customers) {
            (Values::Narrow(sums), false) => lines.count::<false, _>(sums, how, seen, note),
            (Values::Narrow(sums), true) => lines.count::<true, _>(sums, how, seen, note),
            (Values::Wide(sums), false) => lines.count::<false, _>(sums, how, seen, note),
            (Values::Wide(sums), true) => lines.count::<true, _>(sums, how, seen, note),
        };
        cells.orders += sign * distinct;
        for (slot, customer) in counted {
            match slot {
                NOWHERE => cells.count_in_all(customer, sign as i32),
                slot => cells.count_customer(slot, customer, sign as i32),
            }
        }
        Ok(())
    }
}

/// What each order has, for each of its lines: `total` in all.
fn spread(
    orders: impl Iterator<Item = u32>,
    lines: &[u32],
    total: usize,
    out: &mut Vec<u32>,
) -> Result<(), CodecFault> {
    out.clear();
    // As many places as an order usually needs are written whatever it needs: the next order writes over what is too much.
    out.resize(total + USUAL, NOWHERE);
    let mut first = 0;
    for (order, lines) in orders.zip(lines) {
        let end = first + *lines as usize;
        if end > total {
            return Err(CodecFault::Shape);
        }
        out[first..first + USUAL].fill(order);
        if end > first + USUAL {
            out[first + USUAL..end].fill(order);
        }
        first = end;
    }
    out.truncate(total);
    if first == total { Ok(()) } else { Err(CodecFault::Shape) }
}

/// Moves slots by what their codes say; a code without a move has that of 0.
fn shift(slots: &mut [u32], codes: &[u32], moves: &[u32]) {
    let other = moves.first().copied().unwrap_or(STAYS_AWAY);
    for (slot, code) in slots.iter_mut().zip(codes) {
        let by = moves.get(*code as usize).copied().unwrap_or(other);
        *slot = if *slot == NOWHERE || by == STAYS_AWAY { NOWHERE } else { slot.wrapping_add(by) };
    }
}

/// By how much a line's slot differs from its order's; [`STAYS_AWAY`] where it is sliced away.
fn moves(keys: impl Iterator<Item = u64>) -> Vec<u32> {
    keys.map(|key| if key == AWAY { STAYS_AWAY } else { key as u32 }).collect()
}

/// No slot is moved so far.
const STAYS_AWAY: u32 = u32::MAX;
