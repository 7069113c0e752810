//! Registers and cashiers, which orders name by free text and no file lists.

use std::collections::HashMap;

use crate::domain::view::{Counter, Kind};
use crate::domain::{Register, Role, Staff};
use crate::exchange::finding::ReadFault;
use crate::unit::{ReceiptNo, RegisterId, StaffId, StoreId, Text};

use super::row::Row;
use super::shop::{Numbers, Target};
use super::words::Words;

/// The largest number a receipt may have, so that a register can always count on from it.
const LAST_RECEIPT: u64 = 999_999_999_999_999;

/// Registers of the shop and of the files.
#[derive(Default)]
pub struct Registers {
    by_name: HashMap<(StoreId, Text), usize>,
    all: Vec<Entry>,
    words: Words,
}

struct Entry {
    register: Register,
    is_new: bool,
    /// Whether an order names it.
    is_named: bool,
    /// The number that the first of its receipts says.
    says: Option<RegisterId>,
}

impl Registers {
    /// Those that the shop has.
    pub fn of(into: Target<'_>) -> Registers {
        let mut registers = Registers::default();
        for register in into.base.registers() {
            registers.add(register, false, None);
        }
        registers
    }

    /// The register of a name in a store. One that is new is added; it has its number after [`Registers::settle`].
    pub fn named(
        &mut self,
        row: &mut Row,
        column: usize,
        store: StoreId,
        receipt: Option<&Text>,
    ) -> Option<RegisterId> {
        let name = row.word(column, &mut self.words)?;
        let says = receipt.and_then(|text| ReceiptNo::parse(text)).map(|receipt| receipt.register);
        match self.by_name.get(&(store, name.clone())).and_then(|at| self.all.get_mut(*at)) {
            Some(entry) => {
                entry.is_named = true;
                entry.says = entry.says.or(says);
                Some(entry.register.id)
            }
            None => {
                self.add(Register { id: RegisterId(0), store, name }, true, says);
                Some(RegisterId(0))
            }
        }
    }

    /// A receipt of the shop's own form must leave room for its register to count on.
    pub fn check_receipt(row: &mut Row, column: usize, receipt: &Text) {
        if ReceiptNo::parse(receipt).is_some_and(|receipt| receipt.number > LAST_RECEIPT) {
            row.fault(column, format!("the number is too large; a register counts to {LAST_RECEIPT}"));
        }
    }

    fn add(&mut self, register: Register, is_new: bool, says: Option<RegisterId>) {
        self.by_name.insert((register.store, register.name.clone()), self.all.len());
        self.all.push(Entry { register, is_new, is_named: is_new, says });
    }

    /// The register that a shop was made with, where nothing has used it and no order names it: like the store it stands in
    /// it gives way to one that is imported.
    fn vacant(&self, into: Target<'_>) -> Option<RegisterId> {
        into.base.unused_store()?;
        let mut known = self.all.iter().filter(|entry| !entry.is_new);
        let only = known.next().filter(|_| known.next().is_none())?;
        (!only.is_named).then_some(only.register.id)
    }

    /// Gives the new ones their numbers: the one their receipts say where that is free, else the next free one. `false` when
    /// there are more than can be counted.
    pub fn settle(&mut self, into: Target<'_>) -> Result<bool, ReadFault> {
        let mut next = into.base.next(Counter::Register)?;
        let mut vacant = self.vacant(into);
        let mut taken: Vec<RegisterId> = self.all.iter().map(|entry| entry.register.id).collect();
        for entry in self.all.iter_mut().filter(|entry| entry.is_new) {
            let Some(says) = entry.says else { continue };
            let takes_place = vacant.take_if(|place| *place == says).is_some();
            if takes_place || u64::from(says.0) >= next && !taken.contains(&says) {
                entry.register.id = says;
                taken.push(says);
            }
        }
        for entry in self.all.iter_mut().filter(|entry| entry.is_new && entry.register.id.0 == 0) {
            loop {
                let Ok(number) = u16::try_from(next) else { return Ok(false) };
                next += 1;
                if !taken.contains(&RegisterId(number)) {
                    entry.register.id = RegisterId(number);
                    break;
                }
            }
        }
        Ok(true)
    }

    /// The new ones, in order of number.
    pub fn added(&self) -> Vec<Register> {
        let new = self.all.iter().filter(|entry| entry.is_new);
        let mut added: Vec<Register> = new.map(|entry| entry.register.clone()).collect();
        added.sort_by_key(|register| register.id);
        added
    }
}

/// People of the shop that orders name, and those of the files.
pub struct People {
    by_name: HashMap<Text, StaffId>,
    words: Words,
    numbers: Numbers,
    added: Vec<Staff>,
}

impl People {
    /// Nobody yet; new ones are numbered as the shop's counter says.
    pub fn of(into: Target<'_>) -> Result<People, ReadFault> {
        Ok(People {
            by_name: HashMap::new(),
            words: Words::default(),
            numbers: Numbers::of(into, Counter::Staff)?,
            added: Vec::new(),
        })
    }

    /// The person of a name; one who is new becomes a cashier who may not sign in.
    pub fn named(
        &mut self,
        row: &mut Row,
        column: usize,
        into: Option<Target<'_>>,
    ) -> Result<Option<StaffId>, ReadFault> {
        let Some(name) = row.word(column, &mut self.words) else { return Ok(None) };
        if let Some(id) = self.by_name.get(&name) {
            return Ok(Some(*id));
        }
        let known = match into {
            Some(into) => into.base.find(Kind::Staff, &name)?,
            None => None,
        };
        let id = match known.and_then(|number| u16::try_from(number).ok()) {
            Some(number) => StaffId(number),
            None => {
                let Some(number) = self.numbers.take(row, column, "people") else { return Ok(None) };
                let id = StaffId(number);
                let (ext, name) = (name.clone(), name.clone());
                self.added.push(Staff { id, ext, name, roles: vec![Role::Cashier], disabled: true });
                id
            }
        };
        self.by_name.insert(name, id);
        Ok(Some(id))
    }

    /// The new ones, in order of number.
    pub fn added(&self) -> &[Staff] {
        &self.added
    }
}
