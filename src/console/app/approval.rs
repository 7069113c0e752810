//! An act that needs a higher right: asked of a supervisor, at this terminal by secret or in the supervisor's own session by
//! one key, never of the one who asks. What is allowed is that one act; the journal keeps both names.

use super::App;
use crate::console::layer::Layer;
use crate::console::layer::form::{Form, something};
use crate::console::screen::Input;
use crate::domain::command::Command;
use crate::domain::decide::needed;
use crate::domain::{Refusal, Request, Right, Staff};
use crate::engine::presence::Note;
use crate::engine::signin::Asked;
use crate::unit::{CommandId, StaffId};

/// The form's name.
pub(super) const NAME: &str = "approval";

/// A refused act that waits for a supervisor's word.
#[derive(Debug)]
pub(super) struct Pending {
    name: &'static str,
    id: CommandId,
    command: Command,
    refusal: Refusal,
}

impl App {
    /// Asks a supervisor where one could allow what was refused; whether anybody could.
    pub(super) fn ask_for_approval(
        &mut self,
        name: &'static str,
        id: CommandId,
        command: &Command,
        refusal: &Refusal,
    ) -> bool {
        if self.pending.is_some() {
            return false;
        }
        let Some(right) = lacking(command, refusal) else { return false };
        let Ok(snapshot) = self.setup.shop.snapshot() else { return false };
        let directory = snapshot.directory();
        let lends = |person: &&Staff| person.id != self.actor.staff && person.may(Right::Approve) && person.may(right);
        let all: Vec<&Staff> = directory.staff.iter().filter(lends).collect();
        let with_secret: Vec<&Staff> = all
            .iter()
            .copied()
            .filter(|person| directory.credentials(person.id).is_some_and(|credentials| credentials.has_secret()))
            .collect();
        let present = self.setup.seat.presence().all();
        let here = present.iter().filter(|seat| seat.staff.is_some_and(|staff| all.iter().any(|one| one.id == staff)));
        let here: Vec<u64> = here.map(|seat| seat.session).collect();
        if with_secret.is_empty() && here.is_empty() {
            return false;
        }
        let only = if let [one] = with_secret.as_slice() { one.name.to_string() } else { String::new() };
        for session in here {
            let note = Note::Approval(self.setup.seat.session(), self.actor.staff, right.words().to_owned());
            self.setup.seat.presence().tell(session, note);
        }
        let at = usize::from(!only.is_empty());
        let form = Form::new(NAME, format!("A supervisor is needed to {}.", right.words()))
            .field("Supervisor", &only, "their name; or they allow it in their own session with Ctrl-G", something)
            .secret("PIN", "typed by the supervisor; it allows this one act", something)
            .at(at);
        self.layers.push(Layer::Form(Box::new(form)));
        self.pending = Some(Pending { name, id, command: command.clone(), refusal: refusal.clone() });
        true
    }

    /// A supervisor has typed name and secret here.
    pub(super) fn secret_given(&mut self, values: &[String]) {
        let [name, secret] = values else { return };
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let checked = self.setup.gate.check(snapshot.directory(), name, secret, Asked::Again);
        drop(snapshot);
        match checked {
            Ok(by) => self.approved(by),
            Err(denied) => self.refuse_approval(denied.to_string()),
        }
    }

    /// Carries out what waits, with the rights of `by` for this once.
    pub(super) fn approved(&mut self, by: StaffId) {
        let Some(pending) = self.pending.take() else { return };
        let command = Command::Approved { by, command: Box::new(pending.command.clone()) };
        match self.setup.shop.execute(Request { id: pending.id, actor: self.actor, command }) {
            Ok(Err(refusal @ Refusal::CannotApprove { .. })) => {
                self.pending = Some(pending);
                self.refuse_approval(refusal.to_string());
            }
            Ok(verdict) => {
                self.close_approval();
                self.tell_verdict(pending.name, verdict);
            }
            Err(fault) => self.fail(&fault),
        }
    }

    /// The form was left: what was asked for stays refused.
    pub(super) fn approval_given_up(&mut self) {
        let open = self.layers.iter().any(|layer| matches!(layer, Layer::Form(form) if form.name() == NAME));
        if !open && let Some(pending) = self.pending.take() {
            self.run(Input::Done(pending.name, Err(pending.refusal)));
        }
    }

    /// Another session asks for this person's word.
    pub(super) fn asked_for_approval(&mut self, session: u64, who: StaffId, what: &str) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let name = snapshot.directory().person(who).map(|person| person.name.to_string()).unwrap_or_default();
        self.asked_by = Some(session);
        self.say(format!("{name} asks to {what}. Ctrl-G allows it."), false);
        self.stay(60_000);
        self.wishes.push(super::Wish::Bell);
    }

    /// Gives the word that another session waits for.
    pub(super) fn approve(&mut self) {
        let heard = self
            .asked_by
            .take()
            .is_some_and(|session| self.setup.seat.presence().tell(session, Note::Approved(self.actor.staff)));
        if heard {
            self.say("Allowed.".to_owned(), false);
        } else {
            self.say("Nobody asks for anything.".to_owned(), true);
        }
    }

    fn refuse_approval(&mut self, why: String) {
        for layer in self.layers.iter_mut().rev() {
            if let Layer::Form(form) = layer
                && form.name() == NAME
            {
                form.refuse(why);
                return;
            }
        }
    }

    fn close_approval(&mut self) {
        self.layers.retain(|layer| !matches!(layer, Layer::Form(form) if form.name() == NAME));
    }
}

/// The right that was lacking, where another's would do.
fn lacking(command: &Command, refusal: &Refusal) -> Option<Right> {
    match refusal {
        Refusal::NotAllowed { .. } => needed(command),
        Refusal::DiscountTooLarge { .. } => Some(Right::Discount),
        _ => None,
    }
}
