//! The forms of the People screen, and what is read from them.

use crate::console::layer::form::{Does, Form, anything, something};
use crate::domain::{Role, Staff};
use crate::engine::signin::SHORTEST;
use crate::unit::{StaffId, Text};

/// A person, new or as they are.
pub(super) fn person(known: Option<&Staff>) -> Form {
    let words = |person: &Staff| person.roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    let (name, title) =
        if known.is_some() { ("change person", "Change a person") } else { ("add person", "A new person") };
    Form::new(name, title)
        .field("Id", known.map_or("", |person| &person.ext), "the name they sign in with, unique", something)
        .field("Name", known.map_or("", |person| &person.name), "as shown and printed", something)
        .field(
            "Roles",
            &known.map_or("cashier".to_owned(), words),
            "cashier, supervisor, manager, accountant, administrator",
            |text| roles(text).map(drop),
        )
        .choice("Works here", if known.is_some_and(|person| person.disabled) { "no" } else { "yes" }, &["yes", "no"])
}

/// What a filled form says of a person.
pub(super) fn filled(id: StaffId, values: &[String]) -> Option<Staff> {
    let [ext, name, words, works] = values else { return None };
    Some(Staff {
        id,
        ext: Text::clean(ext, 80).ok()?,
        name: Text::clean(name, 80).ok()?,
        roles: roles(words).ok()?,
        disabled: works == "no",
    })
}

/// A new PIN, typed twice.
pub(super) fn pin(of: &Staff) -> Form {
    Form::new("pin", format!("PIN of {}", of.name))
        .secret("PIN", "at least four characters; empty takes it away", |text| match text.chars().count() {
            0 => Ok(()),
            length if length >= SHORTEST.0 => Ok(()),
            _ => Err(format!("at least {} characters", SHORTEST.0)),
        })
        .secret("Once more", "the same again", anything)
}

/// A message.
pub(super) fn message(to: &Staff) -> Form {
    Form::new("message", format!("Tell {}", to.name))
        .field("Words", "", "shown on their screen at once", something)
        .does(Does::Send)
}

fn roles(text: &str) -> Result<Vec<Role>, String> {
    let role = |word: &str| Role::by_word(word).ok_or_else(|| format!("there is no role {word}"));
    let words = text.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    let roles: Vec<Role> = words.map(role).collect::<Result<_, _>>()?;
    if roles.is_empty() { Err("at least one role".to_owned()) } else { Ok(roles) }
}
