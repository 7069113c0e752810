//! What an entry of the journal says in words: who, where, the act, what it was about.
//!
//! Words about customers are not in the journal: how they changed is read from the versions that are kept outside it, and of
//! who was erased nothing can be said.

use super::fault::ReportFault;
use super::source::Source;
use crate::domain::difference::{self, Difference};
use crate::domain::{Change, Customer, CustomerDetails, Note, Order, Payout, Role, Slot, Staff, Status};
use crate::engine::{Catalogue, Directory};
use crate::store::journal::Entry;
use crate::unit::{OrderNo, ProductId, RegisterId, Seq, StaffId, Stamp, Zone, text};

/// Lines that a page says at most: an import's entry has a thousand orders.
const LINES: usize = 200;

/// Whoever owns the shop file, and needs no name here.
const OWNER: &str = "shop's owner";

/// One entry in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// Its place in the journal.
    pub seq: Seq,
    /// When.
    pub at: Stamp,
    /// The person's id; empty for what nobody asked for, such as an import.
    pub who: String,
    /// The person's name.
    pub name: String,
    /// The register's name.
    pub register: String,
    /// The register.
    pub at_register: Option<RegisterId>,
    /// The store it stands in, where there is more than one.
    pub store: String,
    /// What was done.
    pub act: String,
    /// To what.
    pub subject: String,
    /// The order it is about, if it is about one.
    pub order: Option<OrderNo>,
    /// More of it: amounts, before and after, whose approval it had.
    pub detail: String,
}

impl Act {
    /// An entry's first change, with what else belongs to it.
    pub(super) fn of(entry: &Entry, zone: &Zone, source: &impl Source) -> Result<Act, ReportFault> {
        let directory = source.directory();
        let (stranger, at_the_door) = match entry.changes.first() {
            Some(Change::Noted(Note::StrangerFailed { .. })) => (true, false),
            Some(Change::Noted(Note::KeyRefused { .. } | Note::MoreKeysRefused { .. })) => (true, true),
            _ => (false, false),
        };
        // Whoever owns the shop file borrows the right of somebody who did nothing.
        let away = asked(entry).map(|(_, by_actor)| by_actor);
        let actor = entry.actor.filter(|_| !stranger && away != Some(false));
        let person = actor.and_then(|actor| directory.person(actor.staff));
        // Away from a console nobody stands at a register.
        let register =
            entry.actor.filter(|_| away.is_none() && !at_the_door).and_then(|actor| directory.register(actor.register));
        let store = register.and_then(|register| directory.store(register.store));
        let (act, subject, detail) = words(entry, source)?;
        Ok(Act {
            seq: entry.seq,
            at: Stamp::at(entry.at_ms, zone),
            who: person.map(|person| person.ext.to_string()).unwrap_or_default(),
            name: match person {
                Some(person) => person.name.to_string(),
                None if away == Some(false) => OWNER.to_owned(),
                None => String::new(),
            },
            register: register.map(|register| register.name.to_string()).unwrap_or_default(),
            at_register: register.map(|register| register.id),
            store: match store {
                Some(store) if directory.stores.len() > 1 => store.name.to_string(),
                _ => String::new(),
            },
            act,
            subject,
            detail,
            order: entry.changes.first().and_then(order_of),
        })
    }

    /// Whether every one of these words, folded, begins a word of it.
    pub fn has(&self, wanted: &[String]) -> bool {
        let fields = [&self.who, &self.name, &self.register, &self.store, &self.act, &self.subject, &self.detail];
        let folded: Vec<String> = fields.into_iter().map(|field| text::fold(field)).collect();
        wanted.iter().all(|word| folded.iter().any(|field| text::word_starts(field, word).is_some()))
    }
}

/// Hands the acts before an entry to `each`, newest first, until it says that it has enough or `changes` changes have been
/// looked at; the entry to go on before, while there is more.
///
/// # Errors
/// When the journal cannot be read.
pub fn acts(
    source: &impl Source,
    zone: &Zone,
    before: Seq,
    changes: usize,
    each: &mut dyn FnMut(Act) -> bool,
) -> Result<Option<Seq>, ReportFault> {
    let (mut looked_at, mut next) = (0, None);
    let mut unread = Ok(());
    source.entries_back(before, &mut |entry| {
        looked_at += entry.changes.len().max(1);
        let goes_on = match Act::of(&entry, zone, source) {
            Ok(act) => each(act) && looked_at < changes,
            Err(why) => {
                unread = Err(why);
                false
            }
        };
        next = (!goes_on).then_some(entry.seq);
        goes_on
    })?;
    unread?;
    Ok(next.filter(|seq| seq.0 > 1))
}

/// An entry change by change, for a page; nothing where there is no such entry. With the order it is about.
///
/// # Errors
/// When the journal cannot be read.
pub fn in_full(source: &impl Source, seq: Seq) -> Result<Vec<String>, ReportFault> {
    let mut found = None;
    source.entries_back(Seq(seq.0.saturating_add(1)), &mut |entry| {
        found = Some(entry).filter(|entry| entry.seq == seq);
        false
    })?;
    let mut lines = Vec::new();
    let Some(entry) = found else { return Ok(lines) };
    for said in entry.changes.iter().take(LINES) {
        let (act, subject, detail) = change(said, source)?;
        lines.push([act, &*subject].join(" ").trim_end().to_owned());
        lines.extend(detail.split("; ").filter(|part| !part.is_empty()).map(|part| format!("  {part}")));
    }
    let more = entry.changes.len().saturating_sub(LINES);
    lines.extend((more > 0).then(|| format!("and {more} more")));
    Ok(lines)
}

/// Where an entry was asked for away from any console, and whether by its actor.
fn asked(entry: &Entry) -> Option<(&str, bool)> {
    entry.changes.iter().rev().find_map(|change| match change {
        Change::Noted(Note::Asked { from, by_actor }) => Some((&**from, *by_actor)),
        _ => None,
    })
}

fn order_of(change: &Change) -> Option<OrderNo> {
    match change {
        Change::OrderPlaced { order, .. } => Some(order.no),
        Change::OrderPaid { order, .. }
        | Change::OrderStepped { order, .. }
        | Change::ReceiptGiven { order, .. }
        | Change::RefundRounded { order, .. } => Some(*order),
        Change::GoodsReturned(back) => back.order,
        _ => None,
    }
}

/// What an entry says: its first change in words, and whose approval it had.
fn words(entry: &Entry, source: &impl Source) -> Result<(String, String, String), ReportFault> {
    let directory = source.directory();
    let Some(first) = entry.changes.first() else { return Ok(Default::default()) };
    if let [Change::SettingsSaved(settings), Change::StoreSaved(_), ..] = entry.changes.as_slice() {
        let said = entry.changes.iter().filter_map(|said| match said {
            Change::StaffSaved(person) => Some(format!("{}: {}", person.ext, roles(person))),
            Change::Noted(Note::Asked { from, .. }) => Some(from.to_string()),
            _ => None,
        });
        let people = said.collect::<Vec<_>>().join("; ");
        return Ok(("founded the shop".to_owned(), settings.name.to_string(), people));
    }
    if entry.actor.is_none()
        && let Some(brought) = brought(&entry.changes)
    {
        let from = asked(entry).map(|(from, _)| from.to_owned()).unwrap_or_default();
        return Ok(("imported".to_owned(), brought, from));
    }
    // A step that pays money back is a step first.
    let step = entry.changes.iter().find(|other| matches!(other, Change::OrderStepped { .. }));
    let first = step.filter(|_| matches!(first, Change::OrderPaid { .. })).unwrap_or(first);
    let (act, subject, mut detail) = change(first, source)?;
    for other in entry.changes.iter().filter(|other| !std::ptr::eq(*other, first)) {
        let more = match other {
            Change::OrderPaid { .. } | Change::WordsErased { .. } => change(other, source)?.2,
            Change::Noted(Note::Approved { by, right }) => {
                format!("approved by {}: {}", name(directory, *by), right.words())
            }
            Change::Noted(Note::Changed(changed)) => differences(changed),
            Change::ReceiptGiven { number, .. } => format!("receipt {number}"),
            Change::RefundPaid(payout) if !payout.parts.is_empty() => paid(payout, directory.minor()),
            Change::RefundRounded { by, .. } => format!("rounding {}", by.plain(directory.minor())),
            Change::Noted(Note::Asked { from, .. }) => from.to_string(),
            _ => continue,
        };
        detail = if detail.is_empty() { more } else { format!("{detail}; {more}") };
    }
    Ok((act.to_owned(), subject, detail))
}

/// What an import's entry brought, counted: nobody reads a thousand orders one by one.
fn brought(changes: &[Change]) -> Option<String> {
    let count = |of: fn(&Change) -> bool| changes.iter().filter(|change| of(change)).count();
    let counts = [
        (count(|change| matches!(change, Change::OrderPlaced { .. })), "orders", "order"),
        (count(|change| matches!(change, Change::ProductSaved(_))), "products", "product"),
        (count(|change| matches!(change, Change::CustomerSaved { .. })), "customers", "customer"),
        (count(|change| matches!(change, Change::GoodsReturned(_))), "returns", "return"),
        (count(|change| matches!(change, Change::FeedbackGiven { .. })), "pieces of feedback", "piece of feedback"),
        (count(|change| matches!(change, Change::StockMoved(_))), "stock levels", "stock level"),
        (count(|change| matches!(change, Change::StoreSaved(_))), "stores", "store"),
    ];
    let said = counts.into_iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> =
        said.map(|(count, many, one)| format!("{count} {}", if count == 1 { one } else { many })).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// The act, what it was done to, and more of it.
type Said = (&'static str, String, String);

fn change(change: &Change, source: &impl Source) -> Result<Said, ReportFault> {
    let (act, subject, detail) = said(change, source.directory(), source.catalogue());
    let detail = match change {
        Change::CustomerSaved { customer, details } => became(customer, details, source)?,
        _ => detail,
    };
    Ok((act, subject, detail))
}

/// What a version of a customer's details made of the one before.
fn became(customer: &Customer, details: &Slot<CustomerDetails>, source: &impl Source) -> Result<String, ReportFault> {
    let Slot::Closed(digest) = details else { return Ok(String::new()) };
    let Some((before, after)) = source.customer_became(customer.id, customer.version, *digest)? else {
        return Ok("erased".to_owned());
    };
    let told = match before {
        Some(before) => differences(&difference::differences(&before, &after, source.directory().minor())),
        None => after.name.map(|name| name.to_string()).unwrap_or_default(),
    };
    // Notes may have several lines.
    Ok(told.replace('\n', " "))
}

fn said(change: &Change, directory: &Directory, catalogue: &Catalogue) -> Said {
    let minor = directory.minor();
    let product = |id: ProductId| catalogue.product(id).map(|product| product.name.to_string()).unwrap_or_default();
    let no = |number: u64| number.to_string();
    match change {
        Change::SettingsSaved(settings) => ("changed the settings", settings.name.to_string(), String::new()),
        Change::StoreSaved(store) => ("saved store", store.ext.to_string(), store.name.to_string()),
        Change::StoreRemoved(id) => ("removed store", no(u64::from(id.0)), String::new()),
        Change::RegisterSaved(register) => ("saved register", register.name.to_string(), String::new()),
        Change::StaffSaved(person) => ("saved person", person.ext.to_string(), roles(person)),
        Change::CredentialsSaved(kept) => {
            let has = |there: bool, what: &'static str| there.then_some(what);
            let kinds = [has(kept.pin.is_some(), "PIN"), has(kept.passphrase.is_some(), "passphrase")];
            let keys = match kept.keys.len() {
                0 => None,
                1 => Some("1 key".to_owned()),
                many => Some(format!("{many} keys")),
            };
            let all: Vec<String> = kinds.into_iter().flatten().map(str::to_owned).chain(keys).collect();
            ("changed how to sign in", name(directory, kept.id), all.join(", "))
        }
        Change::ProductSaved(saved) => {
            let price = saved.price.map(|price| price.plain(minor)).unwrap_or_default();
            ("saved product", saved.ext.to_string(), format!("{} {price}", saved.name))
        }
        Change::CustomerSaved { customer, .. } => ("saved customer", customer.ext.to_string(), String::new()),
        Change::CustomerErased { customer } => ("erased customer", no(u64::from(customer.0)), String::new()),
        Change::WordsErased { customer, orders, feedback } => {
            let counted = |many: usize, what: &str| (many > 0).then(|| format!("the words of {what}: {many}"));
            let told = [counted(orders.len(), "orders"), counted(feedback.len(), "feedback")];
            let told: Vec<String> = told.into_iter().flatten().collect();
            ("erased words", no(u64::from(customer.0)), told.join(", "))
        }
        Change::CreditMoved { customer, amount, .. } => {
            ("moved store credit", no(u64::from(customer.0)), amount.plain(minor))
        }
        Change::OrderPlaced { order, .. } => ("placed order", order.id(), placed(order, minor, &product)),
        Change::OrderPaid { order, payments, .. } => {
            let paid: Vec<String> = payments
                .iter()
                .map(|payment| format!("{} {}", payment.amount.plain(minor), &*payment.method.0))
                .collect();
            ("took payment", no(order.0), paid.join(", "))
        }
        Change::OrderStepped { order, status: Status::Cancelled, .. } => {
            ("cancelled order", no(order.0), String::new())
        }
        Change::OrderStepped { order, status, .. } => ("moved order", no(order.0), status.word().to_owned()),
        Change::ReceiptGiven { order, number, .. } => ("gave receipt", no(order.0), no(*number)),
        Change::GoodsReturned(back) => {
            let order = back.order.map(|order| no(order.0)).unwrap_or_default();
            (
                "took goods back",
                order,
                format!(
                    "{} {}, {}",
                    back.quantity.plain(),
                    back.product.map(product).unwrap_or_default(),
                    back.refund.plain(minor)
                ),
            )
        }
        Change::RefundPaid(payout) => ("paid refund", no(payout.no.0), paid(payout, minor)),
        Change::RefundRounded { order, by } => ("rounded refund", no(order.0), by.plain(minor)),
        Change::StockMoved(moved) => ("moved stock", product(moved.product), moved.quantity.plain()),
        Change::ShiftOpened(shift) => ("opened shift", no(shift.no.0), shift.float.plain(minor)),
        Change::ShiftClosed { shift, .. } => ("closed shift", no(shift.0), String::new()),
        Change::FeedbackGiven { feedback, .. } => ("took feedback", no(feedback.no.0), String::new()),
        Change::FeedbackResolved { feedback, .. } => ("resolved feedback", no(feedback.0), String::new()),
        Change::BasketHeld { id, .. } => ("held basket", no(id.0), String::new()),
        Change::BasketRecalled { id, .. } => ("took up basket", no(id.0), String::new()),
        Change::LineVoided { product: id, value, .. } => ("voided line", product(*id), value.plain(minor)),
        Change::Imported { counts, .. } => {
            ("imported", String::new(), format!("{} orders, {} products", counts.orders, counts.products))
        }
        Change::ViewSaved(view) => ("saved view", view.name.to_string(), view.words.to_string()),
        Change::ViewForgotten(view) => ("forgot view", view.to_string(), String::new()),
        Change::Noted(said) => note(said, directory),
    }
}

fn note(note: &Note, directory: &Directory) -> (&'static str, String, String) {
    match note {
        Note::SignedIn { from } => ("signed in", String::new(), from.to_string()),
        Note::SignedOut { from } => ("signed out", String::new(), from.to_string()),
        Note::SignInFailed { from, locked: false } => ("failed to sign in", String::new(), from.to_string()),
        Note::SignInFailed { from, locked: true } => ("was locked out", String::new(), from.to_string()),
        Note::Refused { what } => ("was refused", what.to_string(), String::new()),
        Note::Approved { by, right } => ("had approval", name(directory, *by), right.words().to_owned()),
        Note::Watched { whom } => ("watched", name(directory, *whom), String::new()),
        Note::SentAway { whom } => ("signed out another", name(directory, *whom), String::new()),
        Note::StrangerFailed { from } => ("tried an unknown name", String::new(), from.to_string()),
        Note::KeyRefused { from, fingerprint, name } => {
            ("tried an unknown key", fingerprint.to_string(), format!("as {name}, ssh {from}"))
        }
        Note::MoreKeysRefused { from } => {
            ("tried more unknown keys", String::new(), format!("ssh {from}; not kept for the rest of the hour"))
        }
        Note::Asked { from, by_actor: true } => ("was asked for", String::new(), from.to_string()),
        Note::Asked { from, by_actor: false } => ("was asked for by the shop's owner", String::new(), from.to_string()),
        Note::Changed(changed) => ("changed", String::new(), differences(changed)),
        Note::Exported { what, to } => ("exported", what.to_string(), format!("to {to}")),
        Note::BackedUp { to, head } => ("made a backup", to.to_string(), format!("head {head}")),
        Note::Restored { file, head } => ("restored the shop", format!("from {file}"), format!("head {head}")),
    }
}

/// What each method paid back.
fn paid(payout: &Payout, minor: u8) -> String {
    let said = payout.parts.iter().map(|(method, amount)| format!("{} {}", amount.plain(minor), &*method.0));
    said.collect::<Vec<_>>().join(", ")
}

/// Before and after, field by field.
fn differences(changed: &[Difference]) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let field = |change: &Difference| format!("{} {} → {}", change.field, shown(&change.before), shown(&change.after));
    changed.iter().map(field).collect::<Vec<_>>().join("; ")
}

/// A sale: how much, and every price and discount that somebody decided on.
fn placed(order: &Order, minor: u8, product: &impl Fn(ProductId) -> String) -> String {
    let count = order.lines.len();
    let lines = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    let total = order.total().map(|total| total.plain(minor)).unwrap_or_default();
    let mut parts = vec![format!("{lines}, {total}, {}", order.status.word())];
    for line in &order.lines {
        if let Some(listed) = line.listed_price {
            let (sold, listed) = (line.unit_price.plain(minor), listed.plain(minor));
            parts.push(format!("{} at {sold} instead of {listed}", product(line.product)));
        }
        for discount in &line.discounts {
            let why = discount.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
            parts.push(format!("{} off {}{why}", discount.amount.plain(minor), product(line.product)));
        }
    }
    parts.join("; ")
}

fn name(directory: &Directory, id: StaffId) -> String {
    directory.person(id).map(|person| person.ext.to_string()).unwrap_or_default()
}

fn roles(person: &Staff) -> String {
    let words: Vec<&str> = person.roles.iter().map(|role: &Role| role.word()).collect();
    let state = if person.disabled { " (disabled)" } else { "" };
    format!("{}{state}", words.join(", "))
}
