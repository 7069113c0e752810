//! All business rules and every permission to change, in one pure function.
//!
//! Nothing here knows a clock, a file or a screen: the shop comes through a [`View`], the time as a number.

mod feedback;
mod hold;
mod records;
mod returns;
mod sale;
mod steps;
mod stock;

use super::{Actor, Change, Command, Note, Outcome, Refusal, Register, Request, Right, Settings, Staff, Store, View};
use crate::unit::{Money, StaffId, Stamp, Text};

/// What an accepted command comes to: facts in the order they happened, and what the asker is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The facts; applied all together or not at all.
    pub changes: Vec<Change>,
    /// The answer.
    pub outcome: Outcome,
}

/// Why deciding stopped: a rule, or a fault below.
enum Stop<F> {
    Refused(Refusal),
    Fault(F),
}

impl<F> From<Refusal> for Stop<F> {
    fn from(refusal: Refusal) -> Stop<F> {
        Stop::Refused(refusal)
    }
}

type Decided<F> = Result<Decision, Stop<F>>;

/// Decides one request against the shop as it is at `now_ms` (Unix milliseconds, from the writer's clock).
///
/// # Errors
/// The outer error is a fault below, which ends the process; the inner one a refusal, which changes nothing.
pub fn decide<V: View>(view: &V, request: &Request, now_ms: i64) -> Result<Result<Decision, Refusal>, V::Fault> {
    match decided(view, request, now_ms) {
        Ok(decision) => Ok(Ok(decision)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

/// Where a thing was asked for stands outermost, whose word lends rights to it inside that; neither stands in itself.
fn decided<V: View>(view: &V, request: &Request, now_ms: i64) -> Decided<V::Fault> {
    let (command, asked) = match &request.command {
        Command::From { from, by_actor, command } => {
            (&**command, Some(Change::Noted(Note::Asked { from: from.clone(), by_actor: *by_actor })))
        }
        command => (command, None),
    };
    let mut decision = acted(view, request.actor, command, now_ms)?;
    decision.changes.extend(asked);
    Ok(decision)
}

fn acted<V: View>(view: &V, actor: Actor, command: &Command, now_ms: i64) -> Decided<V::Fault> {
    let settings = view.settings().map_err(Stop::Fault)?;
    let settings = match (command, settings) {
        (Command::Found { settings, store, register, staff }, None) => {
            return Ok(records::found(settings, store, register, staff)?);
        }
        (Command::Found { .. }, Some(_)) => return Err(Refusal::AlreadyFounded.into()),
        (_, None) => return Err(Refusal::NotFounded.into()),
        (_, Some(settings)) => settings,
    };
    let mut case = Case::open(view, actor, settings, now_ms)?;
    let Command::Approved { by, command } = command else {
        needed(command).map_or(Ok(()), |right| case.demand(right))?;
        return case.dispatch(command);
    };
    let right = case.ask_approver(*by, command)?;
    let mut decision = case.dispatch(command)?;
    decision.changes.push(Change::Noted(Note::Approved { by: *by, right }));
    Ok(decision)
}

/// The one right each command needs; `None`: whoever works here may. Some demand more on the way.
pub fn needed(command: &Command) -> Option<Right> {
    Some(match command {
        Command::PlaceOrder { .. } | Command::PayOrder { .. } | Command::HoldBasket { .. } => Right::Sell,
        Command::RecallBasket { .. }
        | Command::RecordVoids { .. }
        | Command::OpenShift { .. }
        | Command::CloseShift => Right::Sell,
        Command::AdvanceOrder { .. } => Right::Fulfil,
        Command::CancelOrder { .. } => Right::Cancel,
        Command::ReturnLines { .. } => Right::Refund,
        Command::ReturnWithoutReceipt { .. } => Right::RefundWithoutReceipt,
        Command::ReceiveStock { .. } | Command::AdjustStock { .. } | Command::CountStock { .. } => Right::Stock,
        Command::SaveProduct(_) | Command::ChangeProduct { .. } | Command::SaveStore(_) | Command::SaveRegister(_) => {
            Right::Catalogue
        }
        Command::SaveCustomer { .. }
        | Command::ChangeCustomer { .. }
        | Command::AddFeedback { .. }
        | Command::ResolveFeedback(_) => Right::Customers,
        Command::EraseCustomer(_) => Right::Erase,
        Command::SaveStaff(_) => Right::People,
        Command::ChangeSettings(_) | Command::Found { .. } => Right::Settings,
        Command::SaveView(_) | Command::ForgetView(_) => Right::Report,
        // One's own needs none, and is looked at where it is decided.
        Command::Note(Note::SentAway { .. }) => Right::Lead,
        Command::Note(Note::Exported { .. } | Note::BackedUp { .. } | Note::Restored { .. }) => Right::Exchange,
        Command::SaveCredentials(_) | Command::Note(_) => return None,
        // What stands around a command needs nothing itself.
        Command::Approved { .. } | Command::From { .. } => return None,
    })
}

/// Where a command is decided: who asks, where they stand, and when.
struct Case<'a, V: View> {
    view: &'a V,
    settings: Settings,
    person: Staff,
    register: Register,
    store: Store,
    now: Stamp,
    /// Who lends their rights to this one act.
    approver: Option<Staff>,
}

impl<'a, V: View> Case<'a, V> {
    /// A disabled person does nothing at all, not even what needs no right.
    fn open(view: &'a V, actor: Actor, settings: Settings, now_ms: i64) -> Result<Case<'a, V>, Stop<V::Fault>> {
        let person = view.staff(actor.staff).map_err(Stop::Fault)?;
        let person = person.ok_or_else(|| unknown("person", actor.staff.0))?;
        if person.disabled {
            return Err(Refusal::Disabled.into());
        }
        let register = view.register(actor.register).map_err(Stop::Fault)?;
        let register = register.ok_or_else(|| unknown("register", actor.register.0))?;
        let store = view.store(register.store).map_err(Stop::Fault)?;
        let store = store.ok_or_else(|| unknown("store", register.store.0))?;
        let zone = store.zone.unwrap_or(settings.zone);
        // Receipts and reports count in seconds.
        let now = Stamp::at(now_ms - now_ms.rem_euclid(1_000), &zone);
        Ok(Case { view, settings, person, register, store, now, approver: None })
    }

    /// Whether it is allowed: to the person, or lent to them by whoever approves of this act.
    fn may(&self, right: Right) -> bool {
        let lent = || self.approver.as_ref().is_some_and(|approver| approver.may(right));
        self.person.may(right) || (self.person.may_be_lent(right) && lent())
    }

    /// Deny by default: the roles, as they are now, must allow it.
    fn demand(&self, right: Right) -> Result<(), Refusal> {
        if self.may(right) { Ok(()) } else { Err(Refusal::NotAllowed { what: Text::lossy(right.words()) }) }
    }

    /// Takes the approver's rights for this act. The approver must be another than the actor. What needs no right needs
    /// nobody's word.
    fn ask_approver(&mut self, by: StaffId, command: &Command) -> Result<Right, Stop<V::Fault>> {
        let approver = self.view.staff(by).map_err(Stop::Fault)?;
        let approver = approver.ok_or_else(|| unknown("person", by.0))?;
        let lends = approver.id != self.person.id && approver.may(Right::Approve);
        let Some(right) = needed(command).filter(|_| lends) else {
            return Err(Refusal::CannotApprove { who: approver.name }.into());
        };
        self.approver = Some(approver);
        self.demand(right)?;
        Ok(if self.person.may(right) { Right::Discount } else { right })
    }

    fn dispatch(&self, command: &Command) -> Decided<V::Fault> {
        match command {
            Command::Found { .. } => Err(Refusal::AlreadyFounded.into()),
            Command::ChangeSettings(settings) => self.change_settings(settings),
            Command::SaveStore(store) => self.save_store(store),
            Command::SaveRegister(register) => self.save_register(register),
            Command::SaveStaff(staff) => self.save_staff(staff),
            Command::SaveProduct(product) => self.save_product(product),
            Command::ChangeProduct { seen, product } => self.change_product(seen, product),
            Command::SaveCustomer { customer, ext, details } => self.save_customer(*customer, ext.as_ref(), details),
            Command::ChangeCustomer { customer, version, ext, details } => {
                self.change_customer(*customer, *version, ext.as_ref(), details)
            }
            Command::EraseCustomer(customer) => self.erase_customer(*customer),
            Command::PlaceOrder { basket, tenders, channel } => self.place_order(basket, tenders, channel.as_ref()),
            Command::PayOrder { order, tenders } => self.pay_order(*order, tenders),
            Command::AdvanceOrder { order, to } => self.advance_order(*order, *to),
            Command::CancelOrder { order } => self.cancel_order(*order),
            Command::ReturnLines { order, lines, reason, method } => {
                self.return_lines(*order, lines, reason, method.as_ref())
            }
            Command::ReturnWithoutReceipt { product, quantity, refund, reason, method, restock } => {
                self.return_without_receipt(*product, *quantity, *refund, reason, method, *restock)
            }
            Command::ReceiveStock { store, product, quantity, unit_cost, reason } => {
                self.receive_stock(*store, *product, *quantity, *unit_cost, reason.as_ref())
            }
            Command::AdjustStock { store, product, quantity, reason } => {
                self.adjust_stock(*store, *product, *quantity, reason)
            }
            Command::CountStock { store, product, counted } => self.count_stock(*store, *product, *counted),
            Command::HoldBasket { basket } => self.hold_basket(basket),
            Command::RecallBasket { id } => self.recall_basket(*id),
            Command::RecordVoids { lines } => self.record_voids(lines),
            Command::OpenShift { float } => self.open_shift(*float),
            Command::CloseShift => self.close_shift(),
            Command::AddFeedback { customer, order, rating, category, text } => {
                self.add_feedback(*customer, *order, *rating, category.as_ref(), text.as_ref())
            }
            Command::ResolveFeedback(feedback) => self.resolve_feedback(*feedback),
            Command::SaveCredentials(credentials) => self.save_credentials(credentials),
            Command::SaveView(view) => self.save_view(view),
            Command::ForgetView(name) => self.forget_view(name),
            Command::Note(note) => Ok(done(vec![Change::Noted(note.clone())])),
            Command::Approved { .. } | Command::From { .. } => Err(Refusal::Nested.into()),
        }
    }

    /// The currency's minor unit.
    fn step(&self) -> Money {
        self.settings.currency.step()
    }

    /// The smallest coin the shop uses.
    fn coin(&self) -> Money {
        self.settings.cash_rounding.coin(&self.settings.currency)
    }
}

fn unknown(what: &str, id: impl std::fmt::Display) -> Refusal {
    Refusal::Unknown { what: Text::lossy(what), id: Text::lossy(&id.to_string()) }
}

fn bad(field: &str, why: &str) -> Refusal {
    Refusal::BadField { field: Text::lossy(field), why: Text::lossy(why) }
}

fn done(changes: Vec<Change>) -> Decision {
    Decision { changes, outcome: Outcome::Done }
}
