//! All business rules and every permission to change, in one pure function.

use super::{Change, Outcome, Refusal, Request, View};

/// What an accepted command comes to: facts in the order they happened, and what the asker is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The facts; applied all together or not at all.
    pub changes: Vec<Change>,
    /// The answer.
    pub outcome: Outcome,
}

/// Decides one request against the shop as it is at `now_ms` (Unix milliseconds, from the writer's clock).
///
/// # Errors
/// The outer error is a fault below, which ends the process; the inner one a refusal, which changes nothing.
pub fn decide<V: View>(view: &V, request: &Request, now_ms: i64) -> Result<Result<Decision, Refusal>, V::Fault> {
    let _ = (view, request, now_ms);
    Ok(Err(Refusal::NotFounded))
}
