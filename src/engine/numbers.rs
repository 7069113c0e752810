//! The largest numbers in use, by kind of record: the next one is one more.
//!
//! Receipt numbers are not among them: they are counted by register, and sealed.

use crate::domain::{Customer, Feedback, Product, Register, Return, Shift, Staff, Store};
use crate::store::Fault;
use crate::store::orders::Filed;
use crate::store::record::{self, Source};

/// The largest numbers in use.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    pub store: u64,
    pub register: u64,
    pub staff: u64,
    pub product: u64,
    pub customer: u64,
    pub order: u64,
    pub back: u64,
    pub feedback: u64,
    pub shift: u64,
    pub basket: u64,
}

impl Numbers {
    /// As stored.
    pub fn load(source: &impl Source) -> Result<Numbers, Fault> {
        Ok(Numbers {
            store: record::last::<Store>(source)?,
            register: record::last::<Register>(source)?,
            staff: record::last::<Staff>(source)?,
            product: record::last::<Product>(source)?,
            customer: record::last::<Customer>(source)?,
            order: record::last::<Filed>(source)?,
            back: record::last::<Return>(source)?,
            feedback: record::last::<Feedback>(source)?,
            shift: record::last::<Shift>(source)?,
            basket: record::last_held(source)?,
        })
    }
}
