//! The few records every screen and every decision needs: settings, stores, registers, people who work here.

use crate::domain::{Register, Settings, Staff, Store};
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
