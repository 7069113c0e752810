//! The forms of the Customers screen, and what they ask for once filled in.

use super::state::Row;
use crate::console::layer::form::{Form, anything, day_or_nothing, something};
use crate::domain::CustomerDetails;
use crate::unit::{Day, Text};

/// A form for a new customer, or for one on record.
pub(super) fn customer(row: Option<&Row>) -> Form {
    let known = row.map(|row| &row.known);
    let text = |field: Option<&Text>| field.map(|text| text.to_string()).unwrap_or_default();
    let of = |get: fn(&CustomerDetails) -> Option<&Text>| text(known.and_then(get));
    let born = known.and_then(|known| known.birth_date).map(|born| born.to_string()).unwrap_or_default();
    let (name, title) = if row.is_some() { ("edit", "Change customer") } else { ("add", "New customer") };
    Form::new(name, title)
        .field("Name", &of(|known| known.name.as_ref()), "", something)
        .field("Id", &text(row.map(|row| &row.customer.ext)), "empty: the next number", anything)
        .field("E-mail", &of(|known| known.email.as_ref()), "", anything)
        .field("Phone", &of(|known| known.phone.as_ref()), "", anything)
        .field("Address", &of(|known| known.address.as_ref()), "", anything)
        .field("Location", &of(|known| known.location.as_ref()), "town or region, for the reports", anything)
        .field("Gender", &of(|known| known.gender.as_ref()), "for the reports; may stay empty", anything)
        .field("Born on", &born, "such as 1984-03-01; may stay empty", day_or_nothing)
        .field("Notes", &of(|known| known.notes.as_ref()), "", anything)
}

/// What a filled form says: the id, where one was given, and the details.
pub(super) fn filled(values: &[String]) -> Result<(Option<Text>, CustomerDetails), String> {
    let clean = |at: usize| match values[at].as_str() {
        "" => Ok(None),
        text => Text::clean(text, 300).map(Some).map_err(|why| why.to_string()),
    };
    let details = CustomerDetails {
        name: clean(0)?,
        email: clean(2)?,
        phone: clean(3)?,
        address: clean(4)?,
        location: clean(5)?,
        gender: clean(6)?,
        birth_date: Day::parse(&values[7]).ok(),
        notes: clean(8)?,
    };
    let id = match values[1].trim() {
        "" => None,
        id => Some(Text::id(id).map_err(|why| format!("the id {why}"))?),
    };
    Ok((id, details))
}

/// What the customer says.
pub(super) fn feedback(name: &str) -> Form {
    Form::new("feedback", format!("{name} says"))
        .choice("Rating", "5", &["5", "4", "3", "2", "1", "none"])
        .choice("Category", "praise", &["praise", "complaint", "question", "suggestion"])
        .field("Words", "", "what was said", anything)
}
