//! The few records every screen and every decision needs: settings, stores, registers, people who work here.

use crate::domain::{Credentials, Register, SavedView, Settings, Staff, Store};
use crate::unit::{RegisterId, StaffId, StoreId, Zone};

/// All of them, in order of number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory {
    /// `None` before the shop is founded.
    pub settings: Option<Settings>,
    /// All stores.
    pub stores: Vec<Store>,
    /// All registers.
    pub registers: Vec<Register>,
    /// All people who work here.
    pub staff: Vec<Staff>,
    /// What those prove themselves with who have anything.
    pub credentials: Vec<Credentials>,
    /// Questions kept under names, by name.
    pub views: Vec<SavedView>,
}

impl Directory {
    /// The store of that number.
    pub fn store(&self, id: StoreId) -> Option<&Store> {
        self.stores.iter().find(|store| store.id == id)
    }

    /// The register of that number.
    pub fn register(&self, id: RegisterId) -> Option<&Register> {
        self.registers.iter().find(|register| register.id == id)
    }

    /// The person of that number.
    pub fn person(&self, id: StaffId) -> Option<&Staff> {
        self.staff.iter().find(|person| person.id == id)
    }

    /// What the person proves themselves with.
    pub fn credentials(&self, id: StaffId) -> Option<&Credentials> {
        self.credentials.iter().find(|credentials| credentials.id == id)
    }

    /// Who has the SSH key of that fingerprint.
    pub fn key_owner(&self, fingerprint: &str) -> Option<StaffId> {
        let has = |credentials: &&Credentials| credentials.keys.iter().any(|key| &*key.fingerprint == fingerprint);
        self.credentials.iter().find(has).map(|credentials| credentials.id)
    }

    /// Whether that SSH key still opens the door for that person.
    pub fn opens(&self, fingerprint: &str, id: StaffId) -> bool {
        self.key_owner(fingerprint) == Some(id) && self.person(id).is_some_and(|person| !person.disabled)
    }

    /// Whether people here are asked for a secret: as soon as one who may work has one.
    pub fn asks_for_secrets(&self) -> bool {
        let works = |id: StaffId| self.person(id).is_some_and(|person| !person.disabled);
        self.credentials.iter().any(|credentials| credentials.has_secret() && works(credentials.id))
    }

    /// The zone days are counted in at a store: its own, else the shop's.
    pub fn zone(&self, store: StoreId) -> Zone {
        let own = self.store(store).and_then(|store| store.zone);
        own.or_else(|| self.settings.as_ref().map(|settings| settings.zone)).unwrap_or_else(Zone::utc)
    }

    /// The currency's minor digits; 2 before the shop is founded.
    pub fn minor(&self) -> u8 {
        self.settings.as_ref().map_or(2, |settings| settings.currency.exponent)
    }

    pub(super) fn put<T>(list: &mut Vec<T>, record: T, number: impl Fn(&T) -> u64) {
        match list.binary_search_by_key(&number(&record), &number) {
            Ok(at) => list[at] = record,
            Err(at) => list.insert(at, record),
        }
    }
}
