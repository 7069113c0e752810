//! The forms of the Stock screen, and what they ask for once filled in.

use crate::console::layer::form::{Form, anything, money_or_nothing, quantity, quantity_or_nothing, something};
use crate::console::screen::Now;
use crate::domain::Product;
use crate::unit::{Money, ProductId, Quantity, Rate, Text};

/// A form for a new product, or for one on record.
pub(super) fn product(known: Option<&Product>, now: &Now<'_>) -> Form {
    let text = |field: Option<&Text>| field.map(|text| text.to_string()).unwrap_or_default();
    let money = |field: Option<Money>| field.map(|money| money.plain(now.minor())).unwrap_or_default();
    let codes = known.map(|product| product.barcodes.iter().map(|code| code.to_string()).collect::<Vec<_>>().join(" "));
    let rate = known.and_then(|product| product.tax_rate).map(|rate| rate.percent().replace(" %", ""));
    let level = known.and_then(|product| product.reorder_level).map(|level| level.plain());
    let (name, title) = match known {
        Some(product) => ("edit", format!("Change {}", product.name)),
        None => ("add", "New product".to_owned()),
    };
    Form::new(name, title)
        .field("Name", &text(known.map(|product| &product.name)), "as printed on receipts", something)
        .field("Id", &text(known.map(|product| &product.ext)), "empty: the next number", anything)
        .field("SKU", &text(known.and_then(|product| product.sku.as_ref())), "several products may share it", anything)
        .field("Barcodes", &codes.unwrap_or_default(), "several with spaces between", anything)
        .field("Category", &text(known.and_then(|product| product.category.as_ref())), "such as Bakery", anything)
        .field(
            "Price",
            &money(known.and_then(|product| product.price)),
            "empty: asked at the counter",
            money_or_nothing,
        )
        .field("Cost", &money(known.and_then(|product| product.cost)), "what one costs the shop", money_or_nothing)
        .field("Tax %", &rate.unwrap_or_default(), "such as 20", percent_or_nothing)
        .field("Reorder level", &level.unwrap_or_default(), "at or below it the product is low", quantity_or_nothing)
}

fn percent_or_nothing(text: &str) -> Result<(), String> {
    match Rate::parse_percent(text) {
        _ if text.is_empty() => Ok(()),
        Ok(rate) if rate > Rate::WHOLE => Err("a tax is at most 100 %".to_owned()),
        read => read.map(drop).map_err(|why| why.to_string()),
    }
}

/// The product a filled form describes. The form's checks have passed.
pub(super) fn filled(values: &[String], id: ProductId) -> Result<Product, String> {
    let clean = |text: &str| Text::clean(text, 200).map_err(|why| why.to_string());
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { clean(text).map(Some) };
    let money = |text: &str| if text.is_empty() { None } else { Money::parse_entry(text).ok() };
    Ok(Product {
        id,
        ext: Text::id(values[1].trim()).map_err(|why| format!("the id {why}"))?,
        sku: optional(&values[2])?,
        barcodes: values[3].split_whitespace().map(clean).collect::<Result<_, _>>()?,
        name: clean(&values[0])?,
        category: optional(&values[4])?,
        price: money(&values[5]),
        cost: money(&values[6]),
        tax_rate: if values[7].is_empty() { None } else { Rate::parse_percent(&values[7]).ok() },
        reorder_level: if values[8].is_empty() { None } else { Quantity::parse_entry(&values[8]).ok() },
    })
}

/// Goods come in.
pub(super) fn receive(product: &Product, now: &Now<'_>) -> Form {
    let cost = product.cost.map(|cost| cost.plain(now.minor())).unwrap_or_default();
    Form::new("receive", format!("Receive {}", product.name))
        .field("Quantity", "", "how many came in", quantity)
        .field("Cost of one", &cost, "a new one becomes the product's cost", money_or_nothing)
        .field("From", "", "supplier or delivery note", anything)
}

/// The shelf is counted.
pub(super) fn count(product: &Product, quantity_now: Quantity) -> Form {
    Form::new("count", format!("Count {}", product.name)).field(
        "There are",
        "",
        &format!("on record {}", quantity_now.grouped()),
        quantity,
    )
}

/// The stock is corrected.
pub(super) fn adjust(product: &Product) -> Form {
    Form::new("adjust", format!("Correct {}", product.name)).field("By", "", "such as -2 or 3", quantity).field(
        "Why",
        "",
        "such as broken, stolen, found",
        something,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_was_imported_stays_as_it_is_when_something_else_is_changed() {
        let mut values = vec![String::new(); 9];
        (values[0], values[1]) = ("Cafe\u{301}".to_owned(), "cafe\u{301}".to_owned());
        let product = filled(&values, ProductId(1)).expect("a product");
        assert_eq!((&*product.ext, &*product.name), ("cafe\u{301}", "Caf\u{e9}"));
        values[1] = "a\u{202e}b".to_owned();
        assert!(filled(&values, ProductId(1)).expect_err("refused").contains("U+202E"));
    }

    #[test]
    fn a_tax_is_what_an_import_takes_back() {
        for (text, taken) in [("", true), ("20", true), ("5,5", true), ("100", true), ("101", false), ("x", false)] {
            assert_eq!(percent_or_nothing(text).is_ok(), taken, "{text}");
        }
    }
}
