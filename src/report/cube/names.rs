//! What the members in the rows of an answer are called, and in which order they stand.
//!
//! Knows no figure.

use crate::report::cells::Table;
use crate::report::facts::Source;
use crate::report::plan::Plan;
use crate::report::question::{Dim, Origin, UNKNOWN};
use crate::report::{ReportFault, Value};
use crate::unit::CustomerId;
use crate::unit::id::compare_external;
use std::cmp::Ordering;

/// The members of each dimension: an id where they are records, and a name.
#[derive(Default)]
pub(crate) struct Names {
    dims: Vec<Members>,
}

/// The members of a dimension that are in any row.
struct Members {
    ranks: Ranks,
    /// Id and name, by rank.
    named: Vec<(Value, Value)>,
}

/// The rank of each code.
enum Ranks {
    /// By code, where codes are not much more than the rows.
    Near(Vec<u32>),
    /// Looked up.
    Far(Table<u32, u32>),
}

/// More codes than this for every row are too many for a list.
const SPARSE: usize = 16;

impl Ranks {
    /// Of the codes in the order of their ranks, for so many rows.
    fn of(codes: impl Iterator<Item = u32> + Clone, rows: usize) -> Ranks {
        let largest = codes.clone().max().unwrap_or(0) as usize;
        if largest / SPARSE > rows {
            return Ranks::Far(codes.zip(0..).collect());
        }
        let mut ranks = vec![u32::MAX; largest + 1];
        codes.zip(0..).for_each(|(code, rank)| ranks[code as usize] = rank);
        Ranks::Near(ranks)
    }

    fn of_code(&self, code: u32) -> u32 {
        match self {
            Ranks::Near(ranks) => ranks.get(code as usize),
            Ranks::Far(ranks) => ranks.get(&code),
        }
        .copied()
        .unwrap_or(u32::MAX)
    }
}

impl Names {
    /// Of rows of codes, one for each dimension, row after row.
    pub(super) fn of(plan: &Plan, codes: &[u32], source: &impl Source) -> Result<Names, ReportFault> {
        let dims = plan.places.len();
        let mut found = Vec::with_capacity(dims);
        for (at, (dim, _)) in plan.places.iter().enumerate() {
            let mut of_dim: Vec<u32> = codes.iter().skip(at).step_by(dims).copied().collect();
            of_dim.sort_unstable();
            of_dim.dedup();
            let mut members = Vec::with_capacity(of_dim.len());
            for code in of_dim {
                let (id, name) = names(plan, *dim, code, source)?;
                members.push((code, id, name));
            }
            members.sort_by(|a, b| compare_members(*dim, (a.0, &a.1), (b.0, &b.1)));
            let ranks = Ranks::of(members.iter().map(|member| member.0), codes.len() / dims);
            found.push(Members { ranks, named: members.into_iter().map(|(_, id, name)| (id, name)).collect() });
        }
        Ok(Names { dims: found })
    }

    /// The id of a record, or the only name of another member.
    pub(crate) fn id(&self, dim: usize, code: u32) -> Value {
        self.member(dim, code).map_or(Value::Null, |(id, _)| id.clone())
    }

    /// The name of a record.
    pub(crate) fn name(&self, dim: usize, code: u32) -> Value {
        self.member(dim, code).map_or(Value::Null, |(_, name)| name.clone())
    }

    fn member(&self, dim: usize, code: u32) -> Option<&(Value, Value)> {
        let members = self.dims.get(dim)?;
        members.named.get(members.ranks.of_code(code) as usize)
    }

    /// A number for each of so many rows, by which they are in the order of their members.
    pub(super) fn order(&self, codes: &[u32], rows: usize) -> Vec<u64> {
        let dims = self.dims.len();
        let (mut keys, mut bound) = (vec![0u64; rows], 1u64);
        for (at, members) in self.dims.iter().enumerate() {
            let size = members.named.len().max(1) as u64;
            bound = bound.checked_mul(size).unwrap_or_else(|| {
                close_up(&mut keys);
                // Neither rows nor members are more than 32 bits count.
                rows as u64 * size
            });
            for (key, code) in keys.iter_mut().zip(codes.iter().skip(at).step_by(dims)) {
                *key = *key * size + u64::from(members.ranks.of_code(*code));
            }
        }
        keys
    }
}

/// Makes numbers smaller that stay in the same order.
fn close_up(keys: &mut [u64]) {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    keys.iter_mut().for_each(|key| *key = sorted.partition_point(|other| other < key) as u64);
}

/// The id and name of a member; the same word twice where it is no record.
pub(crate) fn names(plan: &Plan, dim: Dim, code: u32, source: &impl Source) -> Result<(Value, Value), ReportFault> {
    if dim == Dim::Customer {
        return customer_names(code, source);
    }
    if dim.is_entity() {
        return Ok(plan.members.record(dim, code, source));
    }
    let label = plan.members.label(dim, code, source);
    Ok((label.clone(), label))
}

/// A customer's id and name.
pub(crate) fn customer_names(code: u32, source: &impl Source) -> Result<(Value, Value), ReportFault> {
    let found = if code == 0 { None } else { source.customer(CustomerId(code))? };
    Ok(match found {
        Some((id, name)) => (Value::text(&id), name.map_or(Value::Null, |name| Value::text(&name))),
        None => (Value::text(UNKNOWN), Value::text(UNKNOWN)),
    })
}

/// The order of members: dates, hours and ages by their codes, the others by id or word; `unknown` comes last.
fn compare_members(dim: Dim, a: (u32, &Value), b: (u32, &Value)) -> Ordering {
    let by_code =
        matches!(dim.origin(), Origin::Day | Origin::Time | Origin::Status) || dim == Dim::AgeGroup || dim.is_of_past();
    if by_code && !dim.is_of_past() {
        return a.0.cmp(&b.0);
    }
    let unknown = |code: u32| code == 0;
    unknown(a.0).cmp(&unknown(b.0)).then_with(|| match (by_code, a.1, b.1) {
        (false, Value::Text(x), Value::Text(y)) => compare_external(x, y),
        _ => a.0.cmp(&b.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    const DIMS: usize = 6;

    /// Dimensions of so many members, whose ranks are their codes backwards.
    fn backwards(members: usize) -> Names {
        let of_dim =
            |_| Members { ranks: Ranks::of((0..8u32).rev(), 1), named: vec![(Value::Null, Value::Null); members] };
        Names { dims: (0..DIMS).map(of_dim).collect() }
    }

    #[test]
    fn rows_are_in_the_order_of_their_members() {
        // Of the larger dimensions there are more combinations than one number holds.
        for names in [backwards(8), backwards(1 << 13)] {
            let mut runner = TestRunner::default();
            let rows = prop::collection::vec(prop::array::uniform6(0u32..8), 1..40);
            let same_order = |rows: Vec<[u32; DIMS]>| {
                let codes: Vec<u32> = rows.iter().flatten().copied().collect();
                let keys = names.order(&codes, rows.len());
                for (a, x) in rows.iter().zip(&keys) {
                    for (b, y) in rows.iter().zip(&keys) {
                        prop_assert_eq!(b.cmp(a), x.cmp(y));
                    }
                }
                Ok(())
            };
            runner.run(&rows, same_order).expect("the same order");
        }
    }

    #[test]
    fn far_codes_are_looked_up() {
        let ranks = Ranks::of([900_000, 7].into_iter(), 2);
        assert!(matches!(ranks, Ranks::Far(_)));
        assert_eq!([ranks.of_code(900_000), ranks.of_code(7), ranks.of_code(8)], [0, 1, u32::MAX]);
    }
}
