//! What the person may do now: by their own roles, by a supervisor's word, or not at all.

use super::App;
use crate::console::keymap::{Action, Context};
use crate::console::rights;
use crate::domain::{Right, Staff};
use crate::engine::Directory;

/// Whether an action is the person's to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::console) enum Leave {
    /// Their roles allow it.
    Own,
    /// A supervisor who can be asked may allow it.
    Lent,
    /// Neither: the right that is lacking.
    None(Right),
}

impl App {
    /// Whether what an action needs where its key holds is the person's.
    pub(in crate::console) fn leave(&self, context: Context, action: Action) -> Leave {
        match (rights::needed(context, action), self.setup.shop.snapshot()) {
            (None, _) => Leave::Own,
            (Some(_), Ok(snapshot)) => self.leave_by(snapshot.directory(), context, action),
            (Some(right), Err(_)) => Leave::None(right),
        }
    }

    /// The same, by the records of a moment that is at hand.
    pub(super) fn leave_by(&self, directory: &Directory, context: Context, action: Action) -> Leave {
        let Some(right) = rights::needed(context, action) else { return Leave::Own };
        if self.screen().contexts().contains(&context) && self.screen().is_ones_own(action) {
            return Leave::Own;
        }
        match directory.person(self.actor.staff) {
            Some(person) if person.may(right) => Leave::Own,
            Some(person) if person.may_be_lent(right) && self.can_be_lent(directory, right) => Leave::Lent,
            _ => Leave::None(right),
        }
    }

    /// The same as [`App::leave`], in the first place where the action's key holds now.
    pub(super) fn leave_here(&self, action: Action) -> Leave {
        let needs = |context: &Context| rights::needed(*context, action).is_some();
        self.contexts().into_iter().find(needs).map_or(Leave::Own, |context| self.leave(context, action))
    }

    /// Those whose word allows an act that needs a right.
    pub(super) fn lenders<'a>(&self, directory: &'a Directory, right: Right) -> Vec<&'a Staff> {
        let lends = |person: &&Staff| person.id != self.actor.staff && person.may(Right::Approve) && person.may(right);
        directory.staff.iter().filter(lends).collect()
    }

    /// The sessions where one of these people works now.
    pub(super) fn sessions_of(&self, people: &[&Staff]) -> Vec<u64> {
        let is_one = |staff| people.iter().any(|person| person.id == staff);
        let present = self.setup.seat.presence().all().into_iter();
        present.filter(|seat| seat.staff.is_some_and(is_one)).map(|seat| seat.session).collect()
    }

    fn can_be_lent(&self, directory: &Directory, right: Right) -> bool {
        let lenders = self.lenders(directory, right);
        lenders.iter().any(|person| has_secret(directory, person)) || !self.sessions_of(&lenders).is_empty()
    }
}

/// Whether somebody can prove at another's terminal who they are.
pub(super) fn has_secret(directory: &Directory, person: &Staff) -> bool {
    directory.credentials(person.id).is_some_and(|credentials| credentials.has_secret())
}
