//! Sums are laid by in the shop file for whoever opens it next, and proved against the facts they are the sums of.
//!
//! Says which questions and when; how they are written is not known here.

use super::answers::recalled;
use super::feedback::{self, Heard};
use super::laid::{is_whole, lay, moment, number, questions};
use crate::report::ReportFault;
use crate::report::cells::Instant;
use crate::report::cube::{Collected, collect};
use crate::report::facts::{Source, Warm};
use crate::report::plan::Place;
use crate::report::question::{Base, Dim};
use crate::store::Fault;
use crate::store::laid::Laid;
use crate::unit::Seq;
use std::collections::BTreeMap;

/// The table of sums that are laid by, as faults name it.
pub const LAID: &str = "laid_by";

/// Where sums that are to be laid by come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// What was laid by before, brought forward; the rest is left out.
    Before,
    /// The same, and the rest out of the facts.
    BeforeAndFacts,
    /// The facts alone.
    Facts,
}

/// Sums to be laid by for whoever opens the shop next.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn lay_by(source: &impl Source, from: From) -> Result<Vec<Laid>, ReportFault> {
    let mut found = Vec::new();
    for (question, extents) in questions() {
        let before = if from == From::Facts { None } else { recalled(&question, source, extents)? };
        let collected = match before {
            Some(collected) => collected,
            None if from == From::Before => continue,
            None => collect(&question, source, None, extents, &Warm::default(), &None)?,
        };
        found.extend(lay(&question, &collected, source));
    }
    found.extend(Heard::lay(source, from != From::Facts, from != From::Before)?);
    Ok(found)
}

/// Whether sums that stand for just this moment are laid by.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn is_laid(source: &impl Source) -> Result<bool, ReportFault> {
    Ok(laid_at(source)? == Some(source.seq()))
}

/// Whether sums are laid by that can be brought forward to this moment.
///
/// # Errors
/// [`ReportFault`] when the shop file cannot be read.
pub fn is_laid_near(source: &impl Source) -> Result<bool, ReportFault> {
    Ok(laid_at(source)?.is_some_and(|seq| source.complete_after() <= seq && seq <= source.seq()))
}

fn laid_at(source: &impl Source) -> Result<Option<Seq>, ReportFault> {
    let questions = questions();
    let Some((question, _)) = questions.first() else { return Ok(None) };
    moment(question, source)
}

/// Compares what was laid by with what the facts come to; returns of how many questions.
///
/// # Errors
/// `Damaged` names the first that cannot be read or differs.
pub fn prove_laid(source: &impl Source) -> Result<usize, ReportFault> {
    let damaged = |key: String, why: &str| {
        ReportFault::Store(Fault::Damaged { table: LAID.to_owned(), key, why: why.to_owned() })
    };
    for number in feedback::LAID {
        if !is_whole(number, source)? {
            return Err(damaged("feedback".to_owned(), "wrong checksum"));
        }
    }
    if !Heard::is_proved(source)? {
        return Err(damaged("feedback".to_owned(), "the counts are not those of the facts"));
    }
    let mut proved = 0;
    for (question, extents) in questions() {
        let words = || question.dims.iter().map(|dim| dim.word()).collect::<Vec<&str>>().join(",");
        if !is_whole(number(&question), source)? {
            return Err(damaged(words(), "wrong checksum"));
        }
        let Some(laid) = recalled(&question, source, extents)? else { continue };
        let anew = collect(&question, source, None, extents, &Warm::default(), &None)?;
        if figures(&laid, source) != figures(&anew, source) {
            return Err(damaged(words(), "the sums are not those of the facts"));
        }
        proved += 1;
    }
    Ok(proved)
}

/// Sums with first and last order, by the names of what they are grouped by.
fn figures(
    collected: &Collected,
    source: &impl Source,
) -> BTreeMap<Vec<String>, ([i128; Base::COUNT], Option<(Instant, Instant)>)> {
    let Collected { plan, cells, .. } = collected;
    let mut found = BTreeMap::new();
    for slot in 1..cells.slots() {
        let sums = cells.sums(slot);
        let extent = cells.extents.as_ref().and_then(|extents| extents.of(slot));
        if sums.iter().all(|sum| *sum == 0) && extent.is_none() {
            continue;
        }
        let (dates, key) = cells.group(slot);
        let name = |(dim, place): &(Dim, Place)| match plan.code(*dim, *place, dates, key, source) {
            code if dim.is_entity() => code.to_string(),
            code => plan.members.label(*dim, code, source).plain(2),
        };
        found.insert(plan.places.iter().map(name).collect(), (sums, extent));
    }
    found
}
