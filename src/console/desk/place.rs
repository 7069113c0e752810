//! At which register somebody sits down, and what they are told where that is not the one they would think of. Knows nothing
//! of signing in.

use super::Desk;
use crate::console::sale::Sale;
use crate::domain;
use crate::engine::Snapshot;
use crate::engine::draft::Draft;
use crate::unit::{RegisterId, StaffId};

impl Desk {
    /// Where a person who sits down at a register that was asked for has left something at another.
    pub(super) fn left_elsewhere(&self, staff: StaffId, register: RegisterId) -> Option<String> {
        self.guest.register?;
        let snapshot = self.setup.shop.snapshot().ok()?;
        let directory = snapshot.directory();
        let registers: Vec<RegisterId> = directory.registers.iter().map(|register| register.id).collect();
        let is_left = |at: &RegisterId| *at != register && Sale::is_left(&self.setup.path, *at, staff);
        let left = registers.into_iter().find(is_left)?;
        let name = &directory.register(left)?.name;
        Some(format!("A basket of yours waits at {}.", domain::register_said(name)))
    }

    /// Where somebody has been put into another store than the first register's, since nobody asked for one: what is sold
    /// there is that store's.
    pub(super) fn put_elsewhere(&self, register: RegisterId) -> Option<String> {
        let snapshot = self.setup.shop.snapshot().ok()?;
        let directory = snapshot.directory();
        let store = |register: RegisterId| directory.store(directory.register(register)?.store);
        let (here, usual) = (store(register)?, store(directory.registers.first()?.id)?);
        let chosen = self.guest.register.is_some() || here.id == usual.id;
        let place = domain::register_said(&directory.register(register)?.name);
        (!chosen)
            .then(|| format!("You are at {place} of {}. Start till with --register to stand elsewhere.", here.name))
    }

    /// The register that was asked for, else where the person left something, else one that is free.
    pub(super) fn register_for(&self, snapshot: &Snapshot, staff: StaffId) -> RegisterId {
        let registers: Vec<RegisterId> = snapshot.directory().registers.iter().map(|register| register.id).collect();
        if let Some(wanted) = self.guest.register {
            return wanted;
        }
        let taken: Vec<RegisterId> = self
            .setup
            .seat
            .presence()
            .all()
            .iter()
            .filter_map(|seat| {
                // Where nobody proves who they are, the same name at two terminals is two people.
                let another = seat.staff != Some(staff) || !snapshot.directory().asks_for_secrets();
                (seat.session != self.setup.seat.session() && seat.staff.is_some() && another).then_some(seat.register)
            })
            .collect();
        let free = |register: &&RegisterId| !taken.contains(register);
        Draft::last_of(&self.setup.path, &registers, staff)
            .filter(|register| !taken.contains(register))
            .or_else(|| registers.iter().find(free).copied())
            .unwrap_or(self.setup.register)
    }
}
