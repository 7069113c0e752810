//! The keys of a segment's orders. Columns that slice come first; as soon as they have left little, what is left alone is
//! looked up, and the rest of the segment not unpacked.
//!
//! Knows no line, no measure and no sum.

use super::Scanner;
use super::selection::{Few, is_few};
use crate::report::cells::Cells;
use crate::report::facts::{Columns, Part, ScanFault};
use crate::report::plan::{AWAY, PLACED, Plan, Step, WordKey, add_parts, join};
use crate::report::question::NO_HOUR;
use crate::store::segment::Column;

impl Scanner {
    /// Adds a segment's orders.
    pub(super) fn orders(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        outer: u32,
        cells: &mut Cells,
    ) -> Result<(), ScanFault> {
        let rows = facts.counts().orders;
        self.rows += rows as u64;
        self.keys.clear();
        let mut steps = plan.steps.iter();
        for step in steps.by_ref().take(plan.sieves) {
            self.sieve(plan, *step, facts)?;
            if self.left.is_empty() {
                return Ok(());
            }
            if is_few(self.left.len(), rows) {
                let few = Few::of(facts, std::mem::take(&mut self.left), plan.by_line())?;
                steps.try_for_each(|step| self.step(plan, *step, &few))?;
                self.orders_by_keys(plan, &few, part, outer, cells)?;
                self.left = few.into_orders();
                return Ok(());
            }
        }
        self.keys.resize(rows, 0);
        steps.try_for_each(|step| self.step(plan, *step, facts))?;
        self.orders_by_keys(plan, facts, part, outer, cells)
    }

    /// The key of each order; away where it is sliced away or does not count.
    pub(crate) fn order_keys(&mut self, plan: &Plan, facts: &impl Columns) -> Result<(), ScanFault> {
        self.keys.clear();
        self.keys.resize(facts.counts().orders, 0);
        plan.steps.iter().try_for_each(|step| self.step(plan, *step, facts))
    }

    /// What a column that slices leaves: rows, and their keys; those of all rows where it leaves many.
    fn sieve(&mut self, plan: &Plan, step: Step, facts: &impl Columns) -> Result<(), ScanFault> {
        let rows = facts.counts().orders;
        let table = if let Step::Record(at) = step { plan.records.get(at) } else { None };
        match table.filter(|table| self.keys.is_empty() && facts.constant(table.order_column).is_none()) {
            // Before the first key is known, none is worked out that is sliced away.
            Some(table) => {
                facts.codes(table.order_column, &mut self.ids)?;
                table.sift(&self.ids, &mut self.left);
                if is_few(self.left.len(), rows) {
                    self.keys.extend(self.left.iter().map(|row| table.part(self.ids[*row as usize])));
                } else {
                    self.keys.extend(self.ids.iter().map(|id| table.part(*id)));
                }
            }
            None => {
                self.keys.resize(rows, 0);
                self.step(plan, step, facts)?;
                self.left.clear();
                self.left.extend((0u32..).zip(&self.keys).filter(|(_, key)| **key != AWAY).map(|(row, _)| row));
                if is_few(self.left.len(), rows) {
                    self.keys.retain(|key| *key != AWAY);
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, plan: &Plan, step: Step, facts: &impl Columns) -> Result<(), ScanFault> {
        match step {
            Step::Status => match facts.constant(Column::OrderStatus) {
                Some(status) => shift(&mut self.keys, plan.status.order(status as u32)),
                None => {
                    facts.codes(Column::OrderStatus, &mut self.ids)?;
                    for (key, status) in self.keys.iter_mut().zip(&self.ids) {
                        *key = join(*key, plan.status.order(*status));
                    }
                }
            },
            Step::Record(at) => {
                let Some(table) = plan.records.get(at) else { return Ok(()) };
                match facts.constant(table.order_column) {
                    Some(id) => shift(&mut self.keys, table.part(id as u32)),
                    None => {
                        facts.codes(table.order_column, &mut self.ids)?;
                        table.add(&self.ids, &mut self.keys);
                    }
                }
            }
            Step::Word(at) => {
                let Some(key) = plan.words.get(at) else { return Ok(()) };
                self.add_words(plan, key, key.order_column, facts)?;
            }
            Step::Hour => self.add_hours(plan, facts, PLACED)?,
        }
        Ok(())
    }

    /// Adds the parts of a column of words.
    pub(super) fn add_words(
        &mut self,
        plan: &Plan,
        key: &WordKey,
        column: Column,
        facts: &impl Columns,
    ) -> Result<(), ScanFault> {
        let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
        facts.codes(column, &mut self.ids)?;
        add_parts(&mut self.keys, &self.ids, &parts);
        Ok(())
    }

    /// Adds the parts of a time's hour.
    pub(super) fn add_hours(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        columns: [Column; 3],
    ) -> Result<(), ScanFault> {
        let Some((stride, accepted)) = &plan.hour else { return Ok(()) };
        let parts: [u64; NO_HOUR as usize + 1] =
            std::array::from_fn(|hour| if accepted[hour] { hour as u64 * stride } else { AWAY });
        facts.values(columns[0], &mut self.values)?;
        facts.values(columns[1], &mut self.offsets)?;
        facts.values(columns[2], &mut self.precisions)?;
        let times = self.values.iter().zip(&self.offsets).zip(&self.precisions);
        for (key, ((at, offset), precision)) in self.keys.iter_mut().zip(times) {
            let local = at.saturating_add(offset * 1000);
            // 2 and 3 are the precisions that have an hour.
            let hour = if *precision >= 2 { local.rem_euclid(86_400_000) / 3_600_000 } else { i64::from(NO_HOUR) };
            *key = join(*key, parts[hour as usize]);
        }
        Ok(())
    }
}

fn shift(keys: &mut [u64], part: u64) {
    if part != 0 {
        keys.iter_mut().for_each(|key| *key = join(*key, part));
    }
}
