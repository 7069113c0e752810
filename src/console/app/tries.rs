//! Wrong secrets, at signing in and at a supervisor's word alike: the journal keeps for whom one was tried, and from where.

use super::Setup;
use crate::domain::command::{Actor, Command};
use crate::domain::{Note, Request, Staff};
use crate::engine::Directory;
use crate::engine::signin::Denied;
use crate::unit::Text;

impl Setup {
    /// Keeps that a wrong secret was given for whoever is called `name`, by id or by name.
    pub(in crate::console) fn keep_failed(&self, directory: &Directory, name: &str, denied: &Denied) {
        let name = name.to_lowercase();
        let named = |person: &&Staff| person.ext.to_lowercase() == name || person.name.to_lowercase() == name;
        let person = directory.staff.iter().find(named).map(|person| person.id);
        let own = self.seat.presence().all().into_iter().find(|seat| seat.session == self.seat.session());
        let from = own.map(|seat| seat.from).unwrap_or_default();
        let from = Text::lossy(&from);
        let note = match person {
            Some(person) => {
                let locked = matches!(denied, Denied::Wait(_)) && self.gate.is_locked(person);
                Note::SignInFailed { from, locked }
            }
            None => Note::StrangerFailed { from },
        };
        let actor = Actor { staff: person.unwrap_or(self.staff), register: self.register };
        let request = Request { id: self.shop.new_id(), actor, command: Command::Note(note) };
        // A shop that has stopped says so at the next thing anybody does.
        let _ = self.shop.execute(request);
    }
}
