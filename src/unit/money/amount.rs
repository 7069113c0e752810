//! Money that knows how many decimals its currency has, for words that leave the place where the currency is known.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Currency, Money};

/// An amount as people read it: 0 decimals in yen, 2 in euro, 3 in Kuwaiti dinar; more only where they are not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// How much.
    pub money: Money,
    /// The decimals of the currency's smallest coin.
    pub minor: u8,
}

impl Currency {
    /// The amount in this currency, to be said.
    pub const fn amount(&self, money: Money) -> Amount {
        Amount { money, minor: self.exponent }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.money.plain(self.minor))
    }
}
