//! What a shop as a whole has decided: its name, money, zone and habits. Never knows a person.

use crate::unit::barcode::{Holds, Pattern};
use crate::unit::{CashRounding, Currency, Money, Text, Zone};
use serde::{Deserialize, Serialize};

/// The settings of one shop. Changed as a whole by [`Command::ChangeSettings`](super::Command).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The shop's name, as printed on receipts.
    pub name: Text,
    /// The one currency all money is in.
    pub currency: Currency,
    /// Where days begin for stores without a zone of their own.
    pub zone: Zone,
    /// Whether prices at the counter include tax.
    pub tax_included: bool,
    /// How a cash total is rounded.
    pub cash_rounding: CashRounding,
    /// Whether scanning the same product again adds to its line.
    pub merge_lines: bool,
    /// How barcodes with an embedded weight or price are read, in order of precedence.
    pub patterns: Vec<Pattern>,
    /// The largest discount or price cut in per cent of the price that a cashier may give alone.
    pub discount_limit_percent: u8,
    /// The largest banknote in use; tendering far more than is due is taken for a scan.
    pub largest_note: Money,
    /// Printed above every receipt; lines are kept.
    pub receipt_header: Text,
    /// Printed below every receipt.
    pub receipt_footer: Text,
}

impl Settings {
    /// Whether labels say prices: a line without a list price can be one of theirs then.
    pub fn reads_prices(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.holds != Holds::Weight)
    }

    /// The smallest coin that is handed over.
    pub fn coin(&self) -> Money {
        self.cash_rounding.coin(&self.currency)
    }
}
