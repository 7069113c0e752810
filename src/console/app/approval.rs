//! An act that needs a higher right: asked of a supervisor, at this terminal by secret or in the supervisor's own session by
//! one key, never of the one who asks. What is allowed is that one act; the journal keeps both names.

use super::App;
use super::about::about;
use super::leave::has_secret;
use crate::console::layer::Layer;
use crate::console::layer::form::{Does, Form, something};
use crate::domain::command::Command;
use crate::domain::decide::needed;
use crate::domain::{Refusal, Request, Right, Staff, register_said};
use crate::engine::Snapshot;
use crate::engine::presence::{Present, Signal};
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
    /// The sessions that were asked.
    asked: Vec<u64>,
}

impl Pending {
    pub(super) fn id(&self) -> CommandId {
        self.id
    }
}

/// Another session's act that waits for this person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    session: u64,
    id: CommandId,
    words: String,
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
        if !directory.person(self.actor.staff).is_some_and(|person| person.may_be_lent(right)) {
            return false;
        }
        let all = self.lenders(directory, right);
        let with_secret: Vec<&Staff> = all.iter().copied().filter(|person| has_secret(directory, person)).collect();
        let here = self.sessions_of(&all);
        if with_secret.is_empty() && here.is_empty() {
            return false;
        }
        let only = if let [one] = with_secret.as_slice() { one.name.to_string() } else { String::new() };
        let about = about(&snapshot, command);
        let words = self.words_for(&snapshot, right, about.as_deref());
        for session in &here {
            let note = Signal::Approval(self.setup.seat.session(), id, words.clone());
            self.setup.seat.presence().tell(*session, note);
        }
        let at = usize::from(!only.is_empty());
        let asked = present_names(&self.setup.seat.presence().all(), &here, &all);
        let hint = match asked.as_str() {
            "" => "their name; nobody who may allow it is at work elsewhere".to_owned(),
            asked => format!("{asked} asked at their own terminal, too; or type a name"),
        };
        let form = Form::new(NAME, format!("A supervisor is needed to {}.", right.words()))
            .about(about.unwrap_or_default())
            .field("Supervisor", &only, &hint, something)
            .secret("PIN", "typed by the supervisor; it allows this one act", something)
            .at(at)
            .does(Does::Approve);
        self.layers.push(Layer::Form(Box::new(form)));
        self.pending = Some(Pending { name, id, command: command.clone(), refusal: refusal.clone(), asked: here });
        true
    }

    /// Who asks where for what, so that a supervisor elsewhere knows what they allow.
    fn words_for(&self, snapshot: &Snapshot, right: Right, about: Option<&str>) -> String {
        let directory = snapshot.directory();
        let name = directory.person(self.actor.staff).map(|person| person.name.as_str()).unwrap_or_default();
        let register = directory.register(self.actor.register).map(|place| place.name.as_str()).unwrap_or_default();
        let about = about.map(|about| format!("{about}, ")).unwrap_or_default();
        let store = directory.register(self.actor.register).and_then(|register| directory.store(register.store));
        let store = store.filter(|_| directory.stores.len() > 1).map(|store| format!(", {}", store.name));
        let place = register_said(register) + &store.unwrap_or_default();
        format!("{name} asks to {} ({about}{place}).", right.words())
    }

    /// A supervisor has typed name and secret here.
    pub(super) fn secret_given(&mut self, values: &[String]) {
        let [name, secret] = values else { return };
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let checked = self.setup.gate.check(snapshot.directory(), name, secret, Asked::Again);
        if let Err(denied) = &checked {
            self.setup.keep_failed(snapshot.directory(), name, denied);
        }
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
                self.settle(&pending);
                self.tell_verdict(pending.name, verdict);
            }
            Err(fault) => self.fail(&fault),
        }
    }

    /// The form was left: what was asked for stays refused.
    pub(super) fn approval_given_up(&mut self) {
        let open = self.layers.iter().any(|layer| matches!(layer, Layer::Form(form) if form.name() == NAME));
        if !open && let Some(pending) = self.pending.take() {
            self.settle(&pending);
            self.tell_verdict(pending.name, Err(pending.refusal));
        }
    }

    /// Tells those who were asked that it is done with.
    fn settle(&self, pending: &Pending) {
        for session in &pending.asked {
            self.setup.seat.presence().tell(*session, Signal::Settled(pending.id));
        }
    }

    /// The session ends: nobody needs to allow anything for it any more.
    pub(super) fn ask_no_more(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.settle(&pending);
        }
    }

    /// Another session asks for this person's word. Whoever asked first is answered first, so that a key that was on its way
    /// never allows what was not read.
    pub(super) fn asked_for_approval(&mut self, session: u64, id: CommandId, words: &str) {
        self.asked.push(Wanted { session, id, words: words.to_owned() });
        self.toast = None;
        self.wishes.push(super::Wish::Bell);
    }

    /// What is asked for first, and the key that allows it.
    pub(super) fn asked_words(&self) -> Option<String> {
        let more = match self.asked.len() {
            0 | 1 => String::new(),
            many => format!(" {} more wait.", many - 1),
        };
        self.asked.first().map(|wanted| said(&wanted.words) + &more)
    }

    /// Leaves what is asked for first to others, and says so; whether there was anything.
    pub(super) fn leave_asked(&mut self) -> bool {
        if self.asked.is_empty() {
            return false;
        }
        let wanted = self.asked.remove(0);
        self.setup.seat.presence().tell(wanted.session, Signal::Declined(wanted.id, self.actor.staff));
        true
    }

    /// A supervisor does not allow what waits.
    pub(super) fn declined(&mut self, by: StaffId) {
        let Ok(snapshot) = self.setup.shop.snapshot() else { return };
        let name = snapshot.directory().person(by).map(|person| person.name.to_string()).unwrap_or_default();
        self.refuse_approval(format!("{name} does not allow it. Another supervisor may, by name and PIN."));
        self.wishes.push(super::Wish::Bell);
    }

    /// What another session asked for is done with.
    pub(super) fn settled(&mut self, id: CommandId) {
        self.asked.retain(|wanted| wanted.id != id);
    }

    /// Gives the word that another session waits for.
    pub(super) fn approve(&mut self) {
        if self.asked.is_empty() {
            return self.say("Nobody asks for anything.".to_owned(), true);
        }
        let wanted = self.asked.remove(0);
        let note = Signal::Approved(wanted.id, self.actor.staff);
        if self.setup.seat.presence().tell(wanted.session, note) {
            self.say("Allowed.".to_owned(), false);
        } else {
            self.say("They have just left.".to_owned(), true);
        }
    }

    fn refuse_approval(&mut self, why: String) {
        for layer in self.layers.iter_mut().rev() {
            if let Layer::Form(form) = layer
                && form.name() == NAME
            {
                form.refuse(why);
                form.forget_secrets();
                return;
            }
        }
    }

    fn close_approval(&mut self) {
        self.layers.retain(|layer| !matches!(layer, Layer::Form(form) if form.name() == NAME));
    }
}

/// Who of these people is asked in those sessions: "Sam is" or "Sam, Noor are".
fn present_names(present: &[Present], sessions: &[u64], people: &[&Staff]) -> String {
    let asked =
        |person: &&&Staff| present.iter().any(|seat| sessions.contains(&seat.session) && seat.staff == Some(person.id));
    let names: Vec<&str> = people.iter().filter(asked).map(|person| person.name.as_str()).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!("{one} is"),
        many => format!("{} are", many.join(", ")),
    }
}

/// What is asked, and the key that allows it.
fn said(words: &str) -> String {
    format!("{words} Ctrl-G allows it, Esc does not.")
}

/// The right that was lacking, where another's would do.
fn lacking(command: &Command, refusal: &Refusal) -> Option<Right> {
    match refusal {
        Refusal::NotAllowed { .. } => needed(command),
        Refusal::DiscountTooLarge { .. } => Some(Right::Discount),
        _ => None,
    }
}
