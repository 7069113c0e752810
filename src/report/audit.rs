//! Who did what, from where, with whose approval: the journal as rows, newest first. Refusals and failed sign-ins too.
//!
//! Words about customers are not in the journal and so never here.

use super::answer::AnswerColumn;
use super::ask::Desk;
use super::body::Body;
use super::dimension::Dim;
use super::fault::ReportFault;
use super::source::Source;
use super::value::{Kind, Value};
use crate::domain::difference::Difference;
use crate::domain::{Change, Note, Order, Role, Staff};
use crate::engine::{Catalogue, Directory};
use crate::store::journal::Entry;
use crate::unit::{ProductId, StaffId, Stamp, Zone};

/// Rows where no number is asked for.
const ROWS: usize = 200;

impl<S: Source> Desk<'_, S> {
    /// The journal, newest first, `--top` (200) rows; sliced by who (`--where cashier=`) and by register.
    pub(super) fn audit(&self) -> Result<Body, ReportFault> {
        let directory = self.source.directory();
        let zone = directory.settings.as_ref().map(|settings| settings.zone).unwrap_or_else(Zone::utc);
        let filters = self.filters();
        if let Some(filter) = filters.iter().find(|filter| !matches!(filter.dim, Dim::Cashier | Dim::Register)) {
            return Err(ReportFault::NotHere(format!(
                "audit knows people and registers, not {}; slice by cashier or register",
                filter.dim.word()
            )));
        }
        let asked = |dim: Dim, id: &str, name: &str| {
            let wanted =
                |filter: &super::question::Filter| filter.values.iter().any(|value| value == id || value == name);
            filters.iter().filter(|filter| filter.dim == dim).all(wanted)
        };
        let limit = self.request.top.unwrap_or(ROWS);
        let (mut rows, mut read) = (Vec::new(), 0);
        self.source.entries_back(&mut |entry| {
            read += 1;
            let at = Stamp::at(entry.at_ms, &zone);
            if self.request.from.is_some_and(|from| at.day() < from) {
                return false;
            }
            let person = entry.actor.and_then(|actor| directory.person(actor.staff));
            let register = entry.actor.and_then(|actor| directory.register(actor.register));
            let (who, name) = person.map_or(("", ""), |person| (&*person.ext, &*person.name));
            let place = register.map_or("", |register| &*register.name);
            let within = self.request.to.is_none_or(|to| at.day() < to);
            if within && asked(Dim::Cashier, who, name) && asked(Dim::Register, place, place) {
                let (act, subject, detail) = words(&entry, directory, self.source.catalogue());
                rows.push(vec![
                    Value::Count(i128::from(entry.seq.0)),
                    Value::Time(at),
                    Value::text(who),
                    Value::text(place),
                    Value::Text(act),
                    Value::Text(subject),
                    Value::Text(detail),
                ]);
            }
            rows.len() < limit
        })?;
        self.explain("journal", read);
        Ok(Body {
            columns: vec![
                AnswerColumn::new("seq", Kind::Number),
                AnswerColumn::new("at", Kind::Time),
                AnswerColumn::new("who", Kind::Id),
                AnswerColumn::new("register", Kind::Text),
                AnswerColumn::new("act", Kind::Text),
                AnswerColumn::new("subject", Kind::Text),
                AnswerColumn::new("detail", Kind::Text),
            ],
            totals: vec![("entries".to_owned(), Value::Count(rows.len() as i128))],
            rows,
        })
    }
}

/// What an entry says: its first change in words, and whose approval it had.
fn words(entry: &Entry, directory: &Directory, catalogue: &Catalogue) -> (String, String, String) {
    let Some(first) = entry.changes.first() else { return Default::default() };
    let (act, subject, mut detail) = change(first, directory, catalogue);
    for other in entry.changes.iter().skip(1) {
        let more = match other {
            Change::Noted(Note::Approved { by, right }) => {
                format!("approved by {}: {}", name(directory, *by), right.words())
            }
            Change::Noted(Note::Changed(changed)) => differences(changed),
            Change::ReceiptGiven { number, .. } => format!("receipt {number}"),
            _ => continue,
        };
        detail = if detail.is_empty() { more } else { format!("{detail}; {more}") };
    }
    (act.to_owned(), subject, detail)
}

fn change(change: &Change, directory: &Directory, catalogue: &Catalogue) -> (&'static str, String, String) {
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
            let keys = (!kept.keys.is_empty()).then(|| format!("{} keys", kept.keys.len()));
            let all: Vec<String> = kinds.into_iter().flatten().map(str::to_owned).chain(keys).collect();
            ("changed how to sign in", name(directory, kept.id), all.join(", "))
        }
        Change::ProductSaved(saved) => {
            let price = saved.price.map(|price| price.plain(minor)).unwrap_or_default();
            ("saved product", saved.ext.to_string(), format!("{} {price}", saved.name))
        }
        Change::CustomerSaved { customer, .. } => ("saved customer", customer.ext.to_string(), String::new()),
        Change::CustomerErased { customer } => ("erased customer", no(u64::from(customer.0)), String::new()),
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
        Note::Changed(changed) => ("changed", String::new(), differences(changed)),
    }
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
