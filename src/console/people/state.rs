//! What the People screen holds: everyone, and where they are now.

use crate::console::field::Field;
use crate::console::screen::Now;
use crate::console::widget::table::Cursor;
use crate::domain::Staff;
use crate::engine::presence::Present;
use crate::unit::{StaffId, Stamp, text};

/// A person, and one of their sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub person: Staff,
    pub proofs: String,
    pub seat: Option<Present>,
    pub register: String,
    /// The store it stands in, where there is more than one.
    pub store: String,
    pub since: Option<Stamp>,
}

/// In which order everyone stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sorted {
    /// As they were added.
    #[default]
    Number,
    /// By name.
    Name,
    /// Those at work first.
    AtWork,
}

impl Sorted {
    pub(super) fn next(self) -> Sorted {
        match self {
            Sorted::Number => Sorted::Name,
            Sorted::Name => Sorted::AtWork,
            Sorted::AtWork => Sorted::Number,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Sorted::Number => "as they were added",
            Sorted::Name => "by name",
            Sorted::AtWork => "those at work first",
        }
    }
}

impl Row {
    /// Whether each of these words, folded, begins a word of it.
    fn has(&self, words: &[String]) -> bool {
        let roles: Vec<&str> = self.person.roles.iter().map(|role| role.word()).collect();
        let place = format!("{} {}", self.register, self.store);
        let said = format!("{} {} {} {place}", self.person.ext, self.person.name, roles.join(" "));
        let said = text::fold(&said);
        words.iter().all(|word| text::word_starts(&said, word).is_some())
    }
}

/// The screen.
#[derive(Debug, Default)]
pub struct People {
    pub(super) rows: Vec<Row>,
    pub(super) cursor: Cursor,
    pub(super) field: Field,
    pub(super) filtering: bool,
    pub(super) sorted: Sorted,
    pub(super) fit: usize,
    /// Sessions that somebody has signed in at, whatever the list is narrowed to.
    pub(super) at_work: usize,
    /// Sessions that nobody has signed in at yet.
    pub(super) waiting: usize,
    pub(super) own_session: u64,
    /// Whoever looks.
    pub(super) own: StaffId,
    /// What the open question or form is about: the list may move underneath.
    pub(super) asked: Option<Row>,
}

impl People {
    pub(super) fn marked(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at)
    }

    /// Everyone in order of number; whoever is at work more than once stands there as often.
    pub(super) fn load(&mut self, now: &Now<'_>) {
        let directory = now.shop.directory();
        let present = now.seat.presence().all();
        self.own_session = now.seat.session();
        self.own = now.actor.staff;
        self.at_work = present.iter().filter(|seat| seat.staff.is_some()).count();
        self.waiting = present.iter().filter(|seat| seat.staff.is_none()).count();
        self.rows.clear();
        for person in &directory.staff {
            let kept = directory.credentials(person.id);
            let mut proofs = Vec::new();
            if let Some(kept) = kept {
                proofs.extend(kept.passphrase.is_some().then(|| "passphrase".to_owned()));
                proofs.extend(kept.pin.is_some().then(|| "PIN".to_owned()));
                proofs.extend(match kept.keys.len() {
                    0 => None,
                    1 => Some("1 key".to_owned()),
                    many => Some(format!("{many} keys")),
                });
            }
            let row = |seat: Option<Present>| {
                let register = seat.as_ref().and_then(|seat| directory.register(seat.register));
                Row {
                    person: person.clone(),
                    proofs: proofs.join(", "),
                    register: register.map(|register| register.name.to_string()).unwrap_or_default(),
                    store: match register.and_then(|register| directory.store(register.store)) {
                        Some(store) if directory.stores.len() > 1 => store.name.to_string(),
                        _ => String::new(),
                    },
                    since: seat.as_ref().map(|seat| Stamp::at(seat.since_ms, &now.zone)),
                    seat,
                }
            };
            let seats: Vec<Present> = present.iter().filter(|seat| seat.staff == Some(person.id)).cloned().collect();
            if seats.is_empty() {
                self.rows.push(row(None));
            }
            self.rows.extend(seats.into_iter().map(|seat| row(Some(seat))));
        }
        let words: Vec<String> = text::fold(self.field.text()).split_whitespace().map(str::to_owned).collect();
        self.rows.retain(|row| row.has(&words));
        match self.sorted {
            Sorted::Number => {}
            Sorted::Name => self.rows.sort_by_cached_key(|row| text::fold(&row.person.name)),
            Sorted::AtWork => self.rows.sort_by_key(|row| row.seat.is_none()),
        }
        self.fit = usize::from(now.size.1.saturating_sub(3)).max(1);
        self.cursor.keep_in_sight(self.rows.len(), self.fit);
    }
}
