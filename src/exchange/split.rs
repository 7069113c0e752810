//! A refund that several methods paid, as one field of `returns.csv`: `4.99 card,3.20 cash`. A comma in a method's name is
//! written `\,`, a backslash `\\`. The one place that knows it.

use crate::domain::Method;
use crate::unit::{Money, Text};

/// The parts as a field, amounts as `money` writes them.
pub fn write(parts: &[(Method, Money)], money: impl Fn(Money) -> String) -> String {
    let part = |(method, amount): &(Method, Money)| {
        format!("{} {}", money(*amount), method.0.replace('\\', "\\\\").replace(',', "\\,"))
    };
    parts.iter().map(part).collect::<Vec<_>>().join(",")
}

/// The parts that a field names.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(field: &str, longest: usize) -> Result<Vec<(Method, Money)>, String> {
    let mut parts = vec![String::new()];
    let mut letters = field.chars();
    while let Some(letter) = letters.next() {
        match (letter, parts.last_mut()) {
            (',', _) => parts.push(String::new()),
            ('\\', Some(part)) => part.extend(letters.next()),
            (_, Some(part)) => part.push(letter),
            (_, None) => {}
        }
    }
    parts.iter().map(|part| read_part(part.trim(), longest)).collect()
}

fn read_part(part: &str, longest: usize) -> Result<(Method, Money), String> {
    let form = "write each amount and its method, such as 4.99 card,3.20 cash";
    let (amount, method) = part.split_once(' ').ok_or_else(|| form.to_owned())?;
    let amount = Money::parse(amount).map_err(|why| format!("{why}; {form}"))?;
    let method = Text::clean(method, longest).map_err(|why| why.to_string())?;
    if method.is_empty() { Err(form.to_owned()) } else { Ok((Method(method), amount)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_kind_come_back() {
        let parts = [("card", 49_900), ("a, \\b", -1), ("store-credit", 3_0000)];
        let parts = parts.map(|(method, amount)| (Method::named(method), Money(amount)));
        let field = write(&parts, |amount| amount.plain(2));
        assert_eq!(field, "4.99 card,-0.0001 a\\, \\\\b,3.00 store-credit");
        assert_eq!(read(&field, 100), Ok(parts.to_vec()));
    }

    #[test]
    fn what_is_no_split_says_so() {
        for wrong in ["card", "4.99", "4.99 card,", "x card", "4.99  ", ",", "\\"] {
            assert!(read(wrong, 100).is_err(), "{wrong}");
        }
    }
}
