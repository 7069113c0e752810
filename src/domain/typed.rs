//! What is typed or scanned into the Sale field: one line of text becomes one intent.
//!
//! Pure grammar. Whether a code exists, and whether the whole text is one, is the caller's to ask first: an exact match comes
//! before any pattern.

use super::basket::Off;
use crate::unit::{Money, Quantity, Rate};

/// Longest entry that can mean anything; a longer one is a scanner gone wild.
pub const LONGEST: usize = 256;

/// The largest quantity one entry can mean; a larger one is a code that was scanned where a quantity belongs.
const MOST: Quantity = Quantity(99_999_000);

/// One entry's meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Nothing.
    Empty,
    /// Sell: a code or the words of a name, with quantity before `*` and price after `@` where they were given.
    Sell {
        /// Before the first `*`.
        quantity: Option<Quantity>,
        /// Code or words.
        what: String,
        /// After the last `@`.
        price: Option<Money>,
    },
    /// `*3`: the marked line's quantity.
    Quantity(Quantity),
    /// `@4.99`: the marked line's price.
    Price(Money),
    /// `-10%`, `-2.00`: the marked line's discount.
    LineOff(Off),
    /// `--10%`, `--5.00`: the basket's discount.
    BasketOff(Off),
    /// `#words`: whose basket it is.
    Customer(String),
    /// `20=`: cash tendered.
    Cash(Money),
    /// Means nothing; why, in plain words.
    Bad(String),
}

/// Reads one entry.
pub fn read(text: &str) -> Typed {
    let text = text.trim();
    if text.is_empty() {
        return Typed::Empty;
    }
    if text.chars().count() > LONGEST {
        return Typed::Bad("That is far too long for a code. Nothing was rung.".to_owned());
    }
    if let Some(words) = text.strip_prefix('#') {
        return Typed::Customer(words.trim().to_owned());
    }
    if let Some(amount) = text.strip_suffix('=') {
        return money(amount, Typed::Cash, "cash");
    }
    if let Some(amount) = text.strip_prefix("--") {
        return off(amount, Typed::BasketOff);
    }
    if let Some(amount) = text.strip_prefix('-') {
        return off(amount, Typed::LineOff);
    }
    if let Some(quantity) = text.strip_prefix('*') {
        return positive(quantity, Typed::Quantity);
    }
    if let Some(price) = text.strip_prefix('@') {
        return money(price, Typed::Price, "a price");
    }
    sell(text)
}

/// Whether the text, whatever stands before a `*`, is digits alone: a code only, never a search.
pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The quick key that `.1` to `.9` stand for.
pub fn quick_key(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [b'.', digit @ b'1'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

fn sell(text: &str) -> Typed {
    let (quantity, rest) = match text.split_once('*') {
        None => (None, text),
        Some((before, rest)) => match Quantity::parse_entry(before.trim()) {
            Ok(quantity) if quantity > MOST => return too_many(before),
            Ok(quantity) if quantity.0 > 0 => (Some(quantity), rest),
            Ok(_) => return Typed::Bad("The quantity must be more than zero.".to_owned()),
            Err(why) => return Typed::Bad(format!("{} is no quantity: {why}.", shown(before))),
        },
    };
    let (what, price) = match rest.rsplit_once('@') {
        None => (rest, None),
        Some((what, after)) => match Money::parse_entry(after.trim()) {
            Ok(price) if !price.is_negative() => (what, Some(price)),
            Ok(_) => return Typed::Bad("A price cannot be less than zero.".to_owned()),
            Err(why) => return Typed::Bad(format!("{} is no price: {why}.", shown(after))),
        },
    };
    let what = what.trim();
    if what.is_empty() {
        return Typed::Bad("There is a quantity or a price, but no code.".to_owned());
    }
    Typed::Sell { quantity, what: what.to_owned(), price }
}

fn too_many(text: &str) -> Typed {
    Typed::Bad(format!("{} is too much for a quantity; it looks like a scan. Nothing was rung.", shown(text)))
}

fn positive(text: &str, entry: fn(Quantity) -> Typed) -> Typed {
    match Quantity::parse_entry(text.trim()) {
        Ok(quantity) if quantity > MOST => too_many(text),
        Ok(quantity) if quantity.0 > 0 => entry(quantity),
        Ok(_) => Typed::Bad("The quantity must be more than zero. Delete voids a line.".to_owned()),
        Err(why) => Typed::Bad(format!("{} is no quantity: {why}.", shown(text))),
    }
}

fn money(text: &str, entry: fn(Money) -> Typed, what: &str) -> Typed {
    match Money::parse_entry(text.trim()) {
        Ok(money) if !money.is_negative() => entry(money),
        Ok(_) => Typed::Bad(format!("{} is less than zero, which {what} cannot be.", shown(text))),
        Err(why) => Typed::Bad(format!("{} is no amount: {why}.", shown(text))),
    }
}

fn off(text: &str, entry: fn(Off) -> Typed) -> Typed {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return match Rate::parse_percent(percent.trim()) {
            Ok(rate) if rate.0 <= 1_000_000 => entry(Off::Percent(rate)),
            Ok(_) => Typed::Bad("A discount cannot be more than 100 %.".to_owned()),
            Err(why) => Typed::Bad(format!("{} is no percentage: {why}.", shown(text))),
        };
    }
    match Money::parse_entry(text) {
        Ok(money) if !money.is_negative() => entry(Off::Money(money)),
        Ok(_) => Typed::Bad("A discount is written without a second minus.".to_owned()),
        Err(why) => Typed::Bad(format!("{} is no discount: {why}.", shown(text))),
    }
}

/// What was typed, short enough to show.
fn shown(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() { "Nothing".to_owned() } else { crate::unit::text::fit(text, 24) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sell(quantity: Option<&str>, what: &str, price: Option<&str>) -> Typed {
        Typed::Sell {
            quantity: quantity.map(|text| Quantity::parse(text).unwrap()),
            what: what.to_owned(),
            price: price.map(|text| Money::parse(text).unwrap()),
        }
    }

    #[test]
    fn a_code_scanned_where_a_quantity_belongs_is_none() {
        for entry in ["*4006381333931", "2900000011014*CUP", "99999999*CUP", "100000*CUP"] {
            assert!(matches!(read(entry), Typed::Bad(why) if why.contains("looks like a scan")), "{entry}");
        }
        assert_eq!(read("*99999"), Typed::Quantity(Quantity::pieces(99_999)));
    }

    #[test]
    fn entries_mean_what_the_help_says() {
        assert_eq!(read("4006381333931"), sell(None, "4006381333931", None));
        assert_eq!(read(" 3*CODE "), sell(Some("3"), "CODE", None));
        assert_eq!(read("1.250*CODE"), sell(Some("1.250"), "CODE", None));
        assert_eq!(read("1,250*CODE"), sell(Some("1.250"), "CODE", None));
        assert_eq!(read("CODE@4.99"), sell(None, "CODE", Some("4.99")));
        assert_eq!(read("3*CODE@4,99"), sell(Some("3"), "CODE", Some("4.99")));
        assert_eq!(read("3*A*B@x@4.99"), sell(Some("3"), "A*B@x", Some("4.99")));
        assert_eq!(read("oat milk"), sell(None, "oat milk", None));
        assert_eq!(read("*3"), Typed::Quantity(Quantity::pieces(3)));
        assert_eq!(read("@4.99"), Typed::Price(Money(49_900)));
        assert_eq!(read("-10%"), Typed::LineOff(Off::Percent(Rate(100_000))));
        assert_eq!(read("-2.00"), Typed::LineOff(Off::Money(Money(20_000))));
        assert_eq!(read("-0"), Typed::LineOff(Off::Money(Money::ZERO)));
        assert_eq!(read("--10%"), Typed::BasketOff(Off::Percent(Rate(100_000))));
        assert_eq!(read("--5.00"), Typed::BasketOff(Off::Money(Money(50_000))));
        assert_eq!(read("#Ines Keller"), Typed::Customer("Ines Keller".to_owned()));
        assert_eq!((quick_key(".7"), quick_key(".0"), quick_key(".77")), (Some(7), None, None));
        assert_eq!(read("20="), Typed::Cash(Money(200_000)));
        assert_eq!(read("   "), Typed::Empty);
    }

    /// Each malformed entry has one clear answer, which is never an intent.
    #[test]
    fn malformed_entries_say_why() {
        let far_too_long = "9".repeat(10_240);
        let table: [(&str, &str); 62] = [
            (&far_too_long, "far too long"),
            ("0*CODE", "more than zero"),
            ("-1*CODE", "no discount"),
            ("x*CODE", "x is no quantity"),
            ("*", "Nothing is no quantity"),
            ("*0", "more than zero"),
            ("*-1", "more than zero"),
            ("*-0", "more than zero"),
            ("*x", "x is no quantity"),
            ("*1e3", "1e3 is no quantity"),
            ("*1e308", "1e308 is no quantity"),
            ("*1.2345", "1.2345 is no quantity"),
            ("*99999999999999999999", "no quantity"),
            ("*1.2.3", "1.2.3 is no quantity"),
            ("*1,2,3", "1,2,3 is no quantity"),
            ("*NaN", "NaN is no quantity"),
            ("*inf", "inf is no quantity"),
            ("*+3", "no quantity"),
            ("*３", "no quantity"),
            ("*0x10", "0x10 is no quantity"),
            ("1e3*CODE", "1e3 is no quantity"),
            ("1.2345*CODE", "no quantity"),
            ("99999999999999999999*CODE", "no quantity"),
            ("3*", "no code"),
            ("3*@4.99", "no code"),
            ("3* @4.99", "no code"),
            ("@", "Nothing is no amount"),
            ("@x", "x is no amount"),
            ("@-1", "less than zero"),
            ("@-0.01", "less than zero"),
            ("@1.23456", "no amount"),
            ("@1e308", "no amount"),
            ("@99999999999999999999", "no amount"),
            ("@1.2.3", "no amount"),
            ("@€5", "no amount"),
            ("CODE@", "Nothing is no price"),
            ("CODE@x", "x is no price"),
            ("CODE@-1", "less than zero"),
            ("CODE@1e5", "1e5 is no price"),
            ("CODE@1.23456", "no price"),
            ("CODE@99999999999999999999", "no price"),
            ("3*CODE@", "no price"),
            ("-", "Nothing is no discount"),
            ("-x", "x is no discount"),
            ("-1e5", "1e5 is no discount"),
            ("-%", "no percentage"),
            ("-x%", "no percentage"),
            ("-101%", "more than 100 %"),
            ("-1000000%", "no percentage"),
            ("-99999999999999999999", "no discount"),
            ("-1.23456", "no discount"),
            ("--", "Nothing is no discount"),
            ("--x", "x is no discount"),
            ("--101%", "more than 100 %"),
            ("---5", "second minus"),
            ("---5%", "no percentage"),
            ("=", "Nothing is no amount"),
            ("x=", "x is no amount"),
            ("-5=", "less than zero"),
            ("1e9=", "1e9 is no amount"),
            ("99999999999999999999=", "no amount"),
            ("1.23456=", "no amount"),
        ];
        for (text, why) in table {
            match read(text) {
                Typed::Bad(said) => assert!(said.contains(why), "{text}: {said}"),
                other => panic!("{text} means {other:?}"),
            }
        }
    }
}
