//! One change of the journal in words: the act, the record by what the shop calls it, and what became of it.
//!
//! Words about customers are not in the journal: how they changed is read from the versions that are kept outside it, and of
//! who was erased nothing can be said. Never knows of a whole entry, nor who asked for it.

use crate::domain::change::ImportCounts;
use crate::domain::difference::{self, Difference};
use crate::domain::{Change, Customer, CustomerDetails, Note, Order, Payout, Return, Role, Slot, Staff, Status};
use crate::engine::{Catalogue, Directory};
use crate::report::ReportFault;
use crate::report::facts::Source;
use crate::unit::{CustomerId, Money, OrderNo, ProductId, ReceiptNo, RegisterId, Seq, StaffId, StoreId, Text};

/// Entries looked back through for what a store was called that is gone: it was unused, its shop was new.
const LOOKED_BACK: usize = 10_000;

/// The act, what it was done to, and more of it.
pub(super) type Said = (&'static str, String, String);

/// A change with what it made of the record that was there before, where that is kept beside it.
pub(super) struct Deed<'a> {
    /// The change.
    pub change: &'a Change,
    note: Option<&'a [Difference]>,
}

/// The changes of an entry, those that tell what another one made of a record together with it.
pub(super) fn deeds(changes: &[Change]) -> Vec<Deed<'_>> {
    let mut deeds: Vec<Deed<'_>> = Vec::with_capacity(changes.len());
    for change in changes {
        match (change, deeds.last_mut()) {
            (Change::Noted(Note::Changed(note)), Some(deed)) if !matches!(deed.change, Change::Noted(_)) => {
                deed.note = Some(note);
            }
            _ => deeds.push(Deed { change, note: None }),
        }
    }
    deeds
}

impl Deed<'_> {
    /// Whether it is known to have made another of a record that was there before.
    pub fn has_before(&self) -> bool {
        // Whoever is known by a later version was known by an earlier one.
        let later = matches!(self.change, Change::CustomerSaved { customer, .. } if customer.version > 1);
        self.note.is_some() || later
    }

    /// In words, with what it made of what was there.
    pub fn said(&self, seq: Seq, source: &impl Source) -> Result<Said, ReportFault> {
        let (act, subject, detail) = change(self.change, seq, source)?;
        Ok((act, subject, both(detail, self.noted(source.directory()))))
    }

    /// What it made of what was there, and nothing else; `erased` of a customer who was forgotten.
    pub fn differences(&self, source: &impl Source) -> Result<String, ReportFault> {
        let known = match self.change {
            Change::CustomerSaved { customer, details } => became(customer, details, source)?,
            _ => String::new(),
        };
        Ok(both(known, self.noted(source.directory())))
    }

    /// What is kept beside it of what was there.
    pub fn noted(&self, directory: &Directory) -> String {
        let Some(note) = self.note else { return String::new() };
        if !matches!(self.change, Change::RegisterSaved(_)) {
            return differences(note);
        }
        // Of a register the number of its store is kept.
        let store = |said: &Text| said.parse().ok().and_then(|id| directory.store(StoreId(id)));
        let called = |said: &Text| store(said).map_or_else(|| said.clone(), |store| store.ext.clone());
        let named = |field: &Difference| match &*field.field {
            "store" => {
                Difference { before: called(&field.before), after: called(&field.after), field: field.field.clone() }
            }
            _ => field.clone(),
        };
        differences(&note.iter().map(named).collect::<Vec<_>>())
    }
}

fn both(one: String, other: String) -> String {
    if one.is_empty() || other.is_empty() { one + &other } else { format!("{one}; {other}") }
}

/// One change in words, without what is kept beside it; `seq` is its entry's.
pub(super) fn change(change: &Change, seq: Seq, source: &impl Source) -> Result<Said, ReportFault> {
    let minor = source.directory().minor();
    let own = |ext: Option<Text>, number: u64| ext.map_or_else(|| number.to_string(), |ext| ext.to_string());
    let order = |no: OrderNo| source.order(no).map(|order| order.map_or_else(|| no.0.to_string(), |order| order.id()));
    let customer = |id: CustomerId| source.customer(id).map(|found| own(found.map(|(ext, _)| ext), u64::from(id.0)));
    let (act, subject, detail) = said(change, source.directory(), source.catalogue());
    // Others than the change's own record are called by what stands elsewhere.
    Ok(match change {
        Change::CustomerSaved { customer, details } => (act, subject, became(customer, details, source)?),
        Change::CustomerErased { customer: id }
        | Change::WordsErased { customer: id, .. }
        | Change::BasketNotesErased { customer: id, .. }
        | Change::CreditMoved { customer: id, .. } => (act, customer(*id)?, detail),
        Change::OrderPaid { order: no, .. }
        | Change::OrderStepped { order: no, .. }
        | Change::ReceiptGiven { order: no, .. }
        | Change::RefundRounded { order: no, .. }
        | Change::GoodsReturned(Return { order: Some(no), .. }) => (act, order(*no)?, detail),
        Change::RefundPaid(payout) => (act, own(source.return_id(payout.no)?, payout.no.0), paid(payout, minor)),
        Change::FeedbackGiven { feedback, .. } => (act, own(feedback.ext.clone(), feedback.no.0), detail),
        Change::FeedbackResolved { feedback, .. } => (act, own(source.feedback_id(*feedback)?, feedback.0), detail),
        Change::StoreRemoved(id) => (act, own(removed_store(source, *id, seq)?, u64::from(id.0)), detail),
        _ => (act, subject, detail),
    })
}

/// What a store was called before an entry took it away.
fn removed_store(source: &impl Source, id: StoreId, seq: Seq) -> Result<Option<Text>, ReportFault> {
    let (mut found, mut left) = (None, LOOKED_BACK);
    source.entries_back(seq, &mut |entry| {
        found = entry.changes.into_iter().rev().find_map(|change| match change {
            Change::StoreSaved(store) if store.id == id => Some(store.ext),
            _ => None,
        });
        left -= 1;
        found.is_none() && left > 0
    })?;
    Ok(found)
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

/// What the change itself says; what is called by words that stand elsewhere is left out.
fn said(change: &Change, directory: &Directory, catalogue: &Catalogue) -> Said {
    let minor = directory.minor();
    let product = |id: ProductId| catalogue.product(id).map(|product| product.name.to_string()).unwrap_or_default();
    let no = |number: u64| number.to_string();
    match change {
        Change::SettingsSaved(settings) => ("changed the settings", settings.name.to_string(), String::new()),
        Change::StoreSaved(store) => ("saved store", store.ext.to_string(), store.name.to_string()),
        Change::StoreRemoved(_) => ("removed store", String::new(), String::new()),
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
            ("changed how to sign in", person(directory, kept.id), all.join(", "))
        }
        Change::ProductSaved(saved) => {
            let price = saved.price.map(|price| price.plain(minor)).unwrap_or_default();
            ("saved product", saved.ext.to_string(), format!("{} {price}", saved.name))
        }
        Change::CustomerSaved { customer, .. } => ("saved customer", customer.ext.to_string(), String::new()),
        Change::CustomerErased { .. } => ("erased customer", String::new(), String::new()),
        Change::WordsErased { orders, feedback, .. } => {
            let counted = |many: usize, what: &str| (many > 0).then(|| format!("the words of {what}: {many}"));
            let told = [counted(orders.len(), "orders"), counted(feedback.len(), "feedback")];
            let told: Vec<String> = told.into_iter().flatten().collect();
            ("erased words", String::new(), told.join(", "))
        }
        Change::CreditMoved { amount, .. } => ("moved store credit", String::new(), amount.plain(minor)),
        Change::OrderPlaced { order, .. } => ("placed order", order.id(), placed(order, minor, &product)),
        Change::OrderPaid { payments, .. } => {
            let paid: Vec<String> = payments
                .iter()
                .map(|payment| format!("{} {}", payment.amount.plain(minor), &*payment.method.0))
                .collect();
            ("took payment", String::new(), paid.join(", "))
        }
        Change::OrderStepped { status: Status::Cancelled, .. } => ("cancelled order", String::new(), String::new()),
        Change::OrderStepped { status, .. } => ("moved order", String::new(), status.word().to_owned()),
        Change::ReceiptGiven { register, number, .. } => {
            ("gave receipt", String::new(), receipt(*register, *number).to_string())
        }
        Change::GoodsReturned(back) => {
            let goods = back.product.map(product).unwrap_or_default();
            let detail = format!("{} {goods}, {}", back.quantity.plain(), back.refund.plain(minor));
            ("took goods back", String::new(), detail)
        }
        Change::RefundPaid(payout) => ("paid refund", String::new(), paid(payout, minor)),
        Change::RefundRounded { by, .. } => ("rounded refund", String::new(), rounding(*by, minor)),
        Change::StockMoved(moved) => ("moved stock", product(moved.product), moved.quantity.plain()),
        Change::ShiftOpened(shift) => ("opened shift", no(shift.no.0), shift.float.plain(minor)),
        Change::ShiftClosed { shift, .. } => ("closed shift", no(shift.0), String::new()),
        Change::FeedbackGiven { .. } => ("took feedback", String::new(), String::new()),
        Change::FeedbackResolved { .. } => ("resolved feedback", String::new(), String::new()),
        Change::BasketHeld { id, .. } => ("held basket", no(id.0), String::new()),
        Change::BasketNoted { id, .. } => ("noted basket", no(id.0), String::new()),
        Change::BasketNotesErased { baskets, .. } => {
            ("erased notes", String::new(), format!("the notes of baskets on hold: {}", baskets.len()))
        }
        Change::BasketRecalled { id, .. } => ("took up basket", no(id.0), String::new()),
        Change::LineVoided { product: id, value, .. } => ("voided line", product(*id), value.plain(minor)),
        Change::Imported { counts, .. } => ("imported", String::new(), format!("files held {}", held(counts))),
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
        Note::Approved { by, right } => ("had approval", person(directory, *by), right.words().to_owned()),
        Note::Watched { whom } => ("watched", person(directory, *whom), String::new()),
        Note::SentAway { whom } => ("signed out another", person(directory, *whom), String::new()),
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

/// How many records an import's files held, new ones and others.
fn held(counts: &ImportCounts) -> String {
    let kinds = [
        (counts.stores, "stores", "store"),
        (counts.products, "products", "product"),
        (counts.inventory, "stock levels", "stock level"),
        (counts.customers, "customers", "customer"),
        (counts.orders, "orders", "order"),
        (counts.returns, "returns", "return"),
        (counts.feedback, "pieces of feedback", "piece of feedback"),
    ];
    let there = kinds.iter().filter(|(count, ..)| *count > 0);
    let said: Vec<String> =
        there.map(|(count, many, one)| format!("{count} {}", if *count == 1 { one } else { many })).collect();
    if said.is_empty() { "nothing".to_owned() } else { said.join(", ") }
}

/// What each method paid back.
pub(super) fn paid(payout: &Payout, minor: u8) -> String {
    let said = payout.parts.iter().map(|(method, amount)| format!("{} {}", amount.plain(minor), &*method.0));
    said.collect::<Vec<_>>().join(", ")
}

/// Before and after, field by field.
pub(super) fn differences(changed: &[Difference]) -> String {
    let shown = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
    let field = |change: &Difference| format!("{} {} → {}", change.field, shown(&change.before), shown(&change.after));
    changed.iter().map(field).collect::<Vec<_>>().join("; ")
}

/// The number on a receipt.
pub(super) fn receipt(register: RegisterId, number: u64) -> ReceiptNo {
    ReceiptNo { register, number }
}

/// What coins added to a refund, as its slip says it; the journal has the goods' share less what was paid.
pub(super) fn rounding(by: Money, minor: u8) -> String {
    Money(by.0.saturating_neg()).plain(minor)
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

/// The id a person is known by.
pub(super) fn person(directory: &Directory, id: StaffId) -> String {
    directory.person(id).map(|person| person.ext.to_string()).unwrap_or_default()
}

/// What a person may be, and whether they are.
pub(super) fn roles(person: &Staff) -> String {
    let words: Vec<&str> = person.roles.iter().map(|role: &Role| role.word()).collect();
    let state = if person.disabled { " (disabled)" } else { "" };
    format!("{}{state}", words.join(", "))
}
