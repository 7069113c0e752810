//! The keys of a segment's orders. Columns that slice come first; as soon as they have left little, what is left alone is
//! looked up, and the rest of the segment not unpacked.
//!
//! Knows no line, no measure and no sum.

use super::Scanner;
use super::selection::{Few, is_few, rows_of};
use crate::report::cells::Cells;
use crate::report::facts::{Columns, Part, ScanFault, codes_of};
use crate::report::plan::{AWAY, Attribute, Plan, Step, WordKey, add_parts, join};
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
        let (sieves, others) = plan.steps.split_at(plan.sieves);
        if !sieves.is_empty() {
            self.mask.clear();
            self.mask.resize(rows, 1);
            sieves.iter().try_for_each(|step| self.sieve(plan, step, facts))?;
            rows_of(&self.mask, &mut self.left.orders);
            if self.left.orders.is_empty() {
                return Ok(());
            }
            if is_few(self.left.orders.len(), rows) {
                let few = Few::of(facts, std::mem::take(&mut self.left), plan.by_line())?;
                self.keys.clear();
                self.keys.resize(few.counts().orders, 0);
                // What only slices has done so.
                let left = sieves.iter().filter(|step| !matches!(step, Step::Attribute(only) if !only.groups));
                left.chain(others).try_for_each(|step| self.step(plan, step, &few))?;
                self.orders_by_keys(plan, &few, part, outer, cells)?;
                self.left = few.into_rows();
                return Ok(());
            }
        }
        self.order_keys(plan, facts)?;
        self.orders_by_keys(plan, facts, part, outer, cells)
    }

    /// The key of each order; away where it is sliced away or does not count.
    pub(crate) fn order_keys(&mut self, plan: &Plan, facts: &impl Columns) -> Result<(), ScanFault> {
        self.keys.clear();
        self.keys.resize(facts.counts().orders, 0);
        plan.steps.iter().try_for_each(|step| self.step(plan, step, facts))
    }

    /// Clears the mask of the rows that a column slices away.
    fn sieve(&mut self, plan: &Plan, step: &Step, facts: &impl Columns) -> Result<(), ScanFault> {
        match step {
            Step::Attribute(attribute) => match attribute.joined.constant(facts) {
                Some(code) if attribute.part(code) == AWAY => self.mask.fill(0),
                Some(_) => {}
                None => {
                    let codes = codes_of(facts, &attribute.joined, &mut self.codes)?;
                    attribute.sieve(codes, &mut self.mask);
                }
            },
            Step::Numbers(at) => {
                let Some((column, numbers)) = plan.numbers(*at) else { return Ok(()) };
                facts.codes(column, &mut self.ids)?;
                numbers.sieve(&self.ids, &mut self.mask);
            }
            Step::Word(at) => {
                let Some(key) = plan.words.get(*at) else { return Ok(()) };
                let parts = key.parts(&plan.members, facts).ok_or(ScanFault::Room)?;
                facts.codes(key.order_column, &mut self.ids)?;
                for (stays, code) in self.mask.iter_mut().zip(&self.ids) {
                    *stays &= u8::from(parts.get(*code as usize).is_some_and(|part| *part != AWAY));
                }
            }
        }
        Ok(())
    }

    fn step(&mut self, plan: &Plan, step: &Step, facts: &impl Columns) -> Result<(), ScanFault> {
        match step {
            Step::Attribute(attribute) => self.add_attribute(attribute, facts)?,
            Step::Numbers(at) => {
                let Some((column, numbers)) = plan.numbers(*at) else { return Ok(()) };
                match facts.constant(column) {
                    Some(id) => shift(&mut self.keys, numbers.part(id as u32)),
                    None => {
                        facts.codes(column, &mut self.ids)?;
                        numbers.add(&self.ids, &mut self.keys);
                    }
                }
            }
            Step::Word(at) => {
                let Some(key) = plan.words.get(*at) else { return Ok(()) };
                self.add_words(plan, key, key.order_column, facts)?;
            }
        }
        Ok(())
    }

    /// Adds the parts of a joined column.
    pub(super) fn add_attribute(&mut self, attribute: &Attribute, facts: &impl Columns) -> Result<(), ScanFault> {
        match attribute.joined.constant(facts) {
            Some(code) => shift(&mut self.keys, attribute.part(code)),
            None => {
                let codes = codes_of(facts, &attribute.joined, &mut self.codes)?;
                attribute.add(codes, &mut self.keys);
            }
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
}

fn shift(keys: &mut [u64], part: u64) {
    if part != 0 {
        keys.iter_mut().for_each(|key| *key = join(*key, part));
    }
}
