//! A register's working time between opening and closing. Never knows what was sold in it.

use crate::unit::{Money, RegisterId, ShiftNo, StaffId, Stamp};
use serde::{Deserialize, Serialize};

/// A shift on one register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Dense internal number, from 1.
    pub no: ShiftNo,
    /// On which register.
    pub register: RegisterId,
    /// Who opened it.
    pub opened_by: StaffId,
    /// When, in the store's offset; its day is the business day.
    pub opened: Stamp,
    /// Cash in the drawer at the start.
    pub float: Money,
    /// When and by whom it was closed.
    pub closed: Option<(Stamp, StaffId)>,
}
