//! When the first and the last order of each cell were placed, read along with a segment's columns.
//!
//! Knows no figure.

use super::Scanner;
use crate::report::cells::{Cells, Instant, NOWHERE};
use crate::report::facts::{Columns, Part, ScanFault};
use crate::report::plan::Plan;
use crate::store::codec::CodecFault;
use crate::store::segment::Column;

impl Scanner {
    /// Notes when the orders of `slots` were placed, each with the cell it counts in.
    pub(super) fn note_extents(
        &mut self,
        plan: &Plan,
        facts: &impl Columns,
        part: Part<'_>,
        slots: &[(u32, u32)],
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
        for (row, slot) in slots {
            let row = *row as usize;
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
        plan.members.meet(&self.offsets);
        self.ids.clear();
        self.ids.extend(self.offsets.iter().map(|offset| plan.members.offset_number(*offset as i32)));
        let known = self.ids.iter().all(|number| Instant::has_room(*number));
        if known { Ok(()) } else { Err(ScanFault::Codec(CodecFault::Shape)) }
    }
}
