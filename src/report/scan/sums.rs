//! Adding values to cells: the innermost loops of every scan.
//!
//! Knows slots and columns; where a fact belongs has been decided before.

use crate::domain::Status;
use crate::report::cells::{Cells, NOWHERE, Sum, Values};
use crate::report::plan::{AWAY, Plan, join};
use crate::report::question::Base;
use crate::store::segment::Header;

/// Lines in the order of their orders: by each the stamp of its order, and its slot.
pub(super) struct Lines<'a> {
    pub(super) stamps: &'a [u32],
    pub(super) slots: &'a [u32],
}

impl Lines<'_> {
    /// Adds each order once to every slot that it has a line in. With `NOTE`, `note` is told of each such slot, and of
    /// [`NOWHERE`] once for an order that has any. Returns how many orders have.
    pub(super) fn count<const NOTE: bool, S: Sum>(
        &self,
        sums: &mut [S],
        (stride, place, sign): (usize, usize, i64),
        seen: &mut [u32],
        mut note: impl FnMut(u32, u32),
    ) -> i64 {
        let (mut distinct, mut counted) = (0, 0);
        for (stamp, slot) in self.stamps.iter().zip(self.slots) {
            // No branch on what is new: it is as good as random. What is nowhere is counted there, where nobody looks.
            let last = &mut seen[*slot as usize];
            let new = *last != *stamp;
            *last = *stamp;
            let sum = &mut sums[*slot as usize * stride + place];
            *sum = sum.plus(i64::from(new), sign);
            let first = *slot != NOWHERE && counted != *stamp;
            distinct += i64::from(first);
            counted = if first { *stamp } else { counted };
            if NOTE && new && *slot != NOWHERE {
                note(*stamp, *slot);
            }
            if NOTE && first {
                note(*stamp, NOWHERE);
            }
        }
        distinct
    }
}

/// Adds a column to another, modulo 2^64 as gross is split.
pub(super) fn add_columns(sum: &mut Vec<i64>, values: &[i64]) {
    if sum.is_empty() {
        sum.extend_from_slice(values);
        return;
    }
    for (sum, value) in sum.iter_mut().zip(values) {
        *sum = sum.wrapping_add(*value);
    }
}

/// Adds columns to the sums at their places, row by row: the sums of a row are apart, so that none waits for another.
pub(crate) fn add_rows(cells: &mut Cells, slots: &[u32], columns: &[(usize, &[i64])], sign: i64) {
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

pub(super) fn count<S: Sum>(sums: &mut [S], stride: usize, place: usize, slots: &[u32], sign: i64) {
    for slot in slots {
        let sum = &mut sums[*slot as usize * stride + place];
        *sum = sum.plus(1, sign);
    }
}

/// Adds the totals that the header has by store and status.
pub(super) fn add_header(plan: &Plan, header: &Header, sign: i64, outer: u32, cells: &mut Cells) {
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
