//! Identities: dense internal numbers, command ids, digests, receipt numbers, and the order of ids from outside.
//!
//! It knows how an identity looks and sorts, never what it names or whether that exists.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! dense_id {
    ($($(#[$doc:meta])* $name:ident($int:ty);)+) => {$(
        $(#[$doc])*
        ///
        /// Counts from 1; the default, 0, stands for "none yet".
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $int);

        impl $name {
            /// The first one.
            pub const FIRST: $name = $name(1);

            /// The one after, or `None` after the last.
            pub const fn next(self) -> Option<$name> {
                match self.0.checked_add(1) {
                    Some(next) => Some($name(next)),
                    None => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )+};
}

dense_id! {
    /// The number of an order, in the order of writing.
    OrderNo(u64);
    /// The number of a return.
    ReturnNo(u64);
    /// The number of a piece of feedback.
    FeedbackNo(u64);
    /// A product.
    ProductId(u32);
    /// A customer.
    CustomerId(u32);
    /// A store.
    StoreId(u16);
    /// A register, in whatever store.
    RegisterId(u16);
    /// A member of the staff.
    StaffId(u16);
    /// The number of a shift.
    ShiftNo(u64);
    /// A basket, in hand or held.
    BasketId(u64);
    /// A place in the journal; 0 is the place before the first entry.
    Seq(u64);
}

/// How many low bits of a command id are random.
const RANDOM_BITS: u32 = 80;

/// The id a command gets where it is asked for: 48 bits of Unix milliseconds over 80 random ones, so that ids sort by
/// time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(pub u128);

impl CommandId {
    /// Puts an id together from the time and 80 random bits (the low ones are taken). Times after the year 10889 count
    /// as that.
    pub const fn new(unix_ms: u64, random: u128) -> CommandId {
        let largest = (1u64 << 48) - 1;
        let time = if unix_ms > largest { largest } else { unix_ms };
        CommandId(((time as u128) << RANDOM_BITS) | (random & ((1 << RANDOM_BITS) - 1)))
    }

    /// When it was made, in Unix milliseconds.
    pub const fn unix_ms(self) -> u64 {
        (self.0 >> RANDOM_BITS) as u64
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

// JSON numbers end at 64 bits in most readers, so texts carry the id in hexadecimal.
impl Serialize for CommandId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for CommandId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return u128::deserialize(deserializer).map(CommandId);
        }
        let text = String::deserialize(deserializer)?;
        hex_bytes::<16>(&text)
            .map(|bytes| CommandId(u128::from_be_bytes(bytes)))
            .ok_or_else(|| de::Error::custom("a command id is 32 hexadecimal digits"))
    }
}

/// A 256-bit digest of something; its text is 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Digest> {
        hex_bytes(text).map(Digest)
    }

    /// The first eight hexadecimal digits, enough to compare by eye.
    pub fn short(&self) -> String {
        let mut text = self.to_string();
        text.truncate(8);
        text
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(Digest);
        }
        let text = String::deserialize(deserializer)?;
        Digest::parse(&text).ok_or_else(|| de::Error::custom("a digest is 64 hexadecimal digits"))
    }
}

/// Exactly `N` bytes from their hexadecimal digits.
fn hex_bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// The number printed on a receipt: gapless for each register, written `R2-000481`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReceiptNo {
    /// The register that gave it.
    pub register: RegisterId,
    /// Counts from 1 at that register.
    pub number: u64,
}

impl ReceiptNo {
    /// Reads `R2-000481`; the letter may be small, leading zeros may be missing, and nothing else may differ.
    pub fn parse(text: &str) -> Option<ReceiptNo> {
        let (register, number) = text.strip_prefix(['R', 'r'])?.split_once('-')?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(register) || !digits(number) {
            return None;
        }
        let receipt = ReceiptNo { register: RegisterId(register.parse().ok()?), number: number.parse().ok()? };
        (receipt.register.0 > 0 && receipt.number > 0).then_some(receipt)
    }
}

impl fmt::Display for ReceiptNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("R{}-{:06}", self.register, self.number))
    }
}

/// The order of ids from outside: those of digits alone come first, by their number, however long (and then by their
/// text: `007` before `7`); the others after them, byte by byte.
pub fn compare_external(a: &str, b: &str) -> Ordering {
    ExternalKey::of(a).cmp(&ExternalKey::of(b))
}

/// What [`compare_external`] compares, made once of an id that is compared often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExternalKey<'a> {
    is_text: bool,
    digits: (usize, &'a str),
    text: &'a str,
}

impl<'a> ExternalKey<'a> {
    /// Of an id.
    pub fn of(id: &'a str) -> ExternalKey<'a> {
        let digits = significant_digits(id);
        ExternalKey { is_text: digits.is_none(), digits: digits.map_or((0, ""), |x| (x.len(), x)), text: id }
    }
}

/// An id of digits alone, without its leading zeros.
fn significant_digits(id: &str) -> Option<&str> {
    (!id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())).then(|| id.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_end_instead_of_starting_over() {
        assert_eq!(StoreId::FIRST.next(), Some(StoreId(2)));
        assert_eq!(StoreId(u16::MAX).next(), None);
        assert_eq!(OrderNo(481).to_string(), "481");
    }

    #[test]
    fn receipt_numbers_read_back() {
        let receipt = ReceiptNo { register: RegisterId(2), number: 481 };
        assert_eq!(receipt.to_string(), "R2-000481");
        assert_eq!(ReceiptNo::parse("R2-000481"), Some(receipt));
        assert_eq!(ReceiptNo::parse("r2-481"), Some(receipt));
        let long = ReceiptNo { register: RegisterId(65_535), number: u64::MAX };
        assert_eq!(ReceiptNo::parse(&long.to_string()), Some(long));
        for bad in
            ["", "R", "R-1", "R2-", "2-1", "R2-+1", "R0-1", "R2-0", "R65536-1", "R2-1 ", "R2-18446744073709551616"]
        {
            assert_eq!(ReceiptNo::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn ids_of_digits_come_first_and_by_number() {
        let huge = "9".repeat(60);
        let huger = format!("1{}", "0".repeat(60));
        let sorted =
            ["0", "00", "007", "7", "08", "10", huge.as_str(), huger.as_str(), "", "-1", "10a", "CA-1", "ca-1", "é"];
        let mut shuffled = sorted;
        shuffled.reverse();
        shuffled.sort_by(|a, b| compare_external(a, b));
        assert_eq!(shuffled, sorted);
    }

    #[test]
    fn digests_are_hexadecimal_in_text_and_bytes_in_storage() {
        let digest = Digest([0xab; 32]);
        assert_eq!(digest.to_string(), "ab".repeat(32));
        assert_eq!(digest.short(), "abababab");
        assert_eq!(Digest::parse(&"AB".repeat(32)), Some(digest));
        assert_eq!(Digest::parse(&"+b".repeat(32)), None);
        assert_eq!(Digest::parse("ab"), None);
        let json = serde_json::to_string(&digest).expect("writes");
        assert_eq!(json, format!("\"{digest}\""));
        assert_eq!(serde_json::from_str::<Digest>(&json).expect("reads"), digest);
        assert!(serde_json::from_str::<Digest>("\"ab\"").is_err());
    }

    proptest! {
        #[test]
        fn command_ids_sort_by_time_and_keep_it(a in 0u64..1 << 48, b in 0u64..1 << 48, x: u128, y: u128) {
            let (first, second) = (CommandId::new(a, x), CommandId::new(b, y));
            prop_assert_eq!(first.unix_ms(), a);
            prop_assert_eq!(first.0 & ((1 << 80) - 1), x & ((1 << 80) - 1));
            if a != b {
                prop_assert_eq!(first.cmp(&second), a.cmp(&b));
            }
            let json = serde_json::to_string(&first).expect("writes");
            prop_assert_eq!(serde_json::from_str::<CommandId>(&json).expect("reads"), first);
        }

        #[test]
        fn the_order_of_ids_is_an_order(a in "[0-9a]{0,5}", b in "[0-9a]{0,5}", c in "[0-9a]{0,5}") {
            prop_assert_eq!(compare_external(&a, &b), compare_external(&b, &a).reverse());
            prop_assert_eq!(compare_external(&a, &b) == Ordering::Equal, a == b);
            if compare_external(&a, &b).is_le() && compare_external(&b, &c).is_le() {
                prop_assert!(compare_external(&a, &c).is_le());
            }
        }
    }

    #[test]
    fn a_time_beyond_48_bits_is_the_last_one() {
        assert_eq!(CommandId::new(u64::MAX, 0).unix_ms(), (1 << 48) - 1);
    }
}
