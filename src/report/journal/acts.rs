//! What an entry of the journal says in words: who, where, the act, what it was about.
//!
//! Words about customers are not in the journal: how they changed is read from the versions that are kept outside it, and of
//! who was erased nothing can be said.

use super::change::{Deed, change, deeds, differences, paid, person, receipt, roles, rounding};
use super::import::brought;
use crate::domain::{Change, Note};
use crate::report::ReportFault;
use crate::report::facts::Source;
use crate::store::journal::Entry;
use crate::unit::{OrderNo, RegisterId, Seq, Stamp, Zone, text};

/// New records that a page tells at most: an import's entry has a thousand orders. What it changed is told in full.
const FRESH: usize = 200;

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

/// An entry change by change, for a page; nothing where there is no such entry. Of an import what it changed comes first,
/// and who asked for it is always told.
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
    let all = deeds(&entry.changes).into_iter();
    let (asked, all): (Vec<Deed>, Vec<Deed>) =
        all.partition(|deed| matches!(deed.change, Change::Noted(Note::Asked { .. })));
    let (changed, fresh): (Vec<Deed>, Vec<Deed>) =
        all.into_iter().partition(|deed| entry.actor.is_none() && deed.has_before());
    for deed in changed.iter().chain(fresh.iter().take(FRESH)).chain(&asked) {
        let (act, subject, detail) = deed.said(entry.seq, source)?;
        lines.push([act, &*subject].join(" ").trim_end().to_owned());
        lines.extend(detail.split("; ").filter(|part| !part.is_empty()).map(|part| format!("  {part}")));
    }
    let more = fresh.len().saturating_sub(FRESH);
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
        && let Some((subject, changed)) = brought(entry, source)?
    {
        let from = asked(entry).map(|(from, _)| from.to_owned());
        let detail = changed.into_iter().chain(from).collect::<Vec<_>>().join("; ");
        return Ok(("imported".to_owned(), subject, detail));
    }
    // A step that pays money back is a step first.
    let step = entry.changes.iter().find(|other| matches!(other, Change::OrderStepped { .. }));
    let first = step.filter(|_| matches!(first, Change::OrderPaid { .. })).unwrap_or(first);
    let (mut act, mut subject, mut parts) = ("", String::new(), Vec::new());
    for deed in deeds(&entry.changes) {
        let more = match deed.change {
            said if std::ptr::eq(said, first) => {
                let said = deed.said(entry.seq, source)?;
                (act, subject) = (said.0, said.1);
                // It comes before all else, wherever it stands.
                parts.insert(0, said.2);
                continue;
            }
            Change::OrderPaid { .. } | Change::WordsErased { .. } | Change::BasketNotesErased { .. } => {
                change(deed.change, entry.seq, source)?.2
            }
            Change::Noted(Note::Approved { by, right }) => {
                format!("approved by {}: {}", person(directory, *by), right.words())
            }
            Change::Noted(Note::Changed(changed)) => differences(changed),
            Change::ReceiptGiven { register, number, .. } => format!("receipt {}", receipt(*register, *number)),
            Change::RefundPaid(payout) if !payout.parts.is_empty() => paid(payout, directory.minor()),
            Change::RefundRounded { by, .. } => format!("rounding {}", rounding(*by, directory.minor())),
            Change::Noted(Note::Asked { from, .. }) => from.to_string(),
            _ => deed.noted(directory),
        };
        parts.push(more);
    }
    parts.retain(|part| !part.is_empty());
    Ok((act.to_owned(), subject, parts.join("; ")))
}
