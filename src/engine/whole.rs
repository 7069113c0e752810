//! Reading a whole shop from a snapshot, for those who write it down or look back through all of it.

use super::related::stock_moves;
use super::snapshot::Snapshot;
use crate::store::Fault;
use crate::store::journal::{self, Entry};
use crate::store::stock::{self, Columns};
use crate::unit::Seq;

impl Snapshot {
    /// The stock of exactly this moment, whatever has been sold since: read anew, for whoever writes it all down.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn stock_of_this_moment(&self) -> Result<Columns, Fault> {
        let mut columns = stock::get(self.txn())?;
        journal::replay(self.txn(), self.watermark(), |entry, _| {
            for change in &entry.changes {
                for (store, product, quantity) in stock_moves(change, |no| self.order(no))? {
                    columns.add(store, product, quantity);
                }
            }
            Ok(())
        })?;
        Ok(columns)
    }

    /// Hands the journal's entries before `before` to `each`, newest first, until it says that it has enough.
    ///
    /// # Errors
    /// `Io`, `Damaged`.
    pub fn entries_back(&self, before: Seq, each: &mut dyn FnMut(Entry) -> bool) -> Result<(), Fault> {
        journal::replay_back(self.txn(), before, each)
    }
}
