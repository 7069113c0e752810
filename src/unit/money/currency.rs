//! The currencies of ISO 4217 that a shop can take: code, decimals and sign.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Money;

/// A currency. It is stored and sent as its code.
#[derive(Clone, Copy, Debug)]
pub struct Currency {
    /// The three capital letters of ISO 4217.
    pub code: &'static str,
    /// How many decimals its smallest coin needs: 0, 2 or 3.
    pub exponent: u8,
    /// The sign that stands before or after an amount; the code where there is no common one.
    pub symbol: &'static str,
}

impl Currency {
    /// The euro, which a new shop has unless told otherwise.
    pub const EUR: Currency = Currency { code: "EUR", exponent: 2, symbol: "€" };

    /// Looks a code up, in any case. Funds, metals and test codes are not money that can lie in a drawer.
    pub fn by_code(code: &str) -> Option<Currency> {
        let (exponent, known) = [(2, TWO_DECIMALS), (0, NO_DECIMALS), (3, THREE_DECIMALS)]
            .into_iter()
            .find_map(|(exponent, codes)| Some((exponent, codes.iter().find(|c| c.eq_ignore_ascii_case(code))?)))?;
        let symbol = SYMBOLS.iter().find(|(of, _)| of == known).map_or(*known, |(_, symbol)| *symbol);
        Some(Currency { code: known, exponent, symbol })
    }

    /// Every currency that [`Currency::by_code`] knows.
    pub fn all() -> impl Iterator<Item = Currency> {
        [TWO_DECIMALS, NO_DECIMALS, THREE_DECIMALS].into_iter().flatten().filter_map(|code| Currency::by_code(code))
    }

    /// The smallest amount that can be paid: 0.01, 1 or 0.001.
    pub const fn step(&self) -> Money {
        match self.exponent {
            0 => Money(10_000),
            1 => Money(1_000),
            2 => Money(100),
            3 => Money(10),
            _ => Money(1),
        }
    }
}

impl Currency {
    /// The coarsest that sums in cash are rounded to anywhere in this currency: 1 or, where prices have many digits, more.
    pub fn coarsest_coin(&self) -> Money {
        let known = COARSE.iter().find(|(codes, _)| codes.contains(&self.code));
        Money(known.map_or(1, |(_, coin)| *coin) * 10_000)
    }
}

impl Default for Currency {
    fn default() -> Self {
        Currency::EUR
    }
}

impl PartialEq for Currency {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Currency {}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Currency {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code.cmp(other.code)
    }
}

impl Hash for Currency {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.code.hash(state);
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Currency::by_code(&code).ok_or_else(|| de::Error::custom(format!("unknown currency {code}")))
    }
}

// Codes that have been replaced of late stay: old shops were kept in them.
#[rustfmt::skip]
const TWO_DECIMALS: &[&str] = &[
    "EUR", "USD", "GBP", "CHF", "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
    "BDT", "BGN", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "FJD", "FKP", "GEL", "GHS", "GIP", "GMD", "GTQ",
    "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD",
    "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
    "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
    "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN",
    "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UYU", "UZS", "VED", "VES",
    "WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG", "ZWL",
];

#[rustfmt::skip]
const NO_DECIMALS: &[&str] = &[
    "JPY", "BIF", "CLP", "DJF", "GNF", "ISK", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
];

const THREE_DECIMALS: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

#[rustfmt::skip]
pub(super) const COARSE: &[(&[&str], i64)] = &[
    (&["CRC", "HUF", "JMD", "JPY", "NGN", "RSD", "XAF", "XOF", "XPF"], 5),
    (&["ALL", "AMD", "CLP", "DZD", "KZT", "PKR", "RWF", "YER"], 10),
    (&["COP", "KHR", "KRW", "MMK", "MNT", "PYG", "TZS", "UGX", "BIF", "CDF"], 100),
    (&["GNF", "IDR", "IQD", "LAK", "LBP", "MGA", "SYP", "UZS", "VND"], 1_000),
    (&["IRR"], 10_000),
];

#[rustfmt::skip]
const SYMBOLS: &[(&str, &str)] = &[
    ("EUR", "€"), ("USD", "$"), ("GBP", "£"), ("JPY", "¥"), ("AUD", "A$"), ("BRL", "R$"), ("CAD", "C$"), ("CNY", "¥"),
    ("CZK", "Kč"), ("DKK", "kr"), ("HKD", "HK$"), ("HUF", "Ft"), ("ILS", "₪"), ("INR", "₹"), ("ISK", "kr"),
    ("KRW", "₩"), ("MXN", "MX$"), ("NGN", "₦"), ("NOK", "kr"), ("NZD", "NZ$"), ("PHP", "₱"), ("PLN", "zł"),
    ("RUB", "₽"), ("SEK", "kr"), ("SGD", "S$"), ("THB", "฿"), ("TRY", "₺"), ("TWD", "NT$"), ("UAH", "₴"), ("VND", "₫"),
    ("ZAR", "R"),
];
