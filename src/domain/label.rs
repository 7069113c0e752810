//! Goods that carry a label of a scale or a counter: what a line of them is, and what of it nobody types over.
//!
//! What such a label's code means is read elsewhere. Never knows a field or a key.

use super::basket::BasketLine;
use super::product::Product;
use super::refusal::Refusal;
use super::settings::Settings;
use crate::unit::barcode::Embedded;
use crate::unit::{Money, Quantity};

impl BasketLine {
    /// A line of `packs` with a label that says what one weighs or costs; `price` is what a person typed beside it, if
    /// anything. Of goods that were weighed, and have a price, it holds the weight that the label's price comes from; its
    /// value is the label's price to the coin, what the weight's rounding makes of it goes into the line's own. There is no
    /// list price to hold a label's against. `step` is the currency's minor unit.
    ///
    /// # Errors
    /// `PartOfPack`, `PriceOnLabel`, `NoPriceOnLabel`, `NoPrice`, `TooLarge`.
    pub fn of_label(
        product: &Product,
        packs: Quantity,
        label: &Embedded,
        price: Option<Money>,
        step: Money,
    ) -> Result<BasketLine, Refusal> {
        if (label.weight.is_some() || label.weighed) && !packs.is_whole() {
            return Err(Refusal::PartOfPack);
        }
        let no_price = || Refusal::NoPrice { product: product.name.clone() };
        let Some(labelled) = label.price else {
            let weight = label.weight.map_or(Some(packs), |weight| times(weight, packs)).ok_or(Refusal::TooLarge)?;
            return BasketLine::of(product, weight, price).ok_or_else(no_price);
        };
        if price.is_some() {
            return Err(Refusal::PriceOnLabel);
        }
        if labelled.0 <= 0 {
            return Err(Refusal::NoPriceOnLabel { product: product.name.clone() });
        }
        let (quantity, unit_price) = match product.price.filter(|listed| label.weighed && listed.0 > 0) {
            Some(listed) => by_weight(packs, labelled, listed, step).ok_or(Refusal::TooLarge)?,
            None => (packs, labelled),
        };
        let line = BasketLine::of(product, quantity, Some(unit_price)).ok_or_else(no_price)?;
        Ok(BasketLine { listed: None, ..line })
    }

    /// Whether the line's price came from a label: there is no list price to hold it against, though the product has one.
    pub fn is_of_label(&self, product: &Product, settings: &Settings) -> bool {
        self.listed.is_none() && product.price.is_some() && settings.reads_prices()
    }

    /// Whether a person may type another price.
    ///
    /// # Errors
    /// `PriceOnLabel`.
    pub fn allow_price(&self, product: &Product, settings: &Settings) -> Result<(), Refusal> {
        if self.is_of_label(product, settings) { Err(Refusal::PriceOnLabel) } else { Ok(()) }
    }

    /// Whether a person may type another quantity.
    ///
    /// # Errors
    /// `WeightOnLabel`.
    pub fn allow_quantity(&self, product: &Product, settings: &Settings) -> Result<(), Refusal> {
        let is_weight = self.is_of_label(product, settings) && !self.quantity.is_whole();
        if is_weight { Err(Refusal::WeightOnLabel) } else { Ok(()) }
    }
}

/// The weight of packs that cost `price` each at `listed` for one, and the price of one that makes them cost just that:
/// the list's where it does, else what the label paid by weight. `None` where neither does, which takes a hundred
/// kilograms, and on overflow.
fn by_weight(packs: Quantity, price: Money, listed: Money, step: Money) -> Option<(Quantity, Money)> {
    // Both are ten-thousandths, and one is a thousand of a quantity.
    let one = Quantity(Money(Quantity::ONE.0).share(i128::from(price.0), i128::from(listed.0))?.0.max(1));
    let weight = times(one, packs)?;
    let total = price.times_quantity(packs)?;
    let own = price.share(i128::from(Quantity::ONE.0), i128::from(one.0))?;
    let exact = |each: &Money| each.times_quantity(weight).and_then(|sum| sum.round_to(step)) == Some(total);
    [listed, own].into_iter().find(exact).map(|each| (weight, each))
}

/// So many whole packs of a weight; `None` where they are too many.
fn times(weight: Quantity, packs: Quantity) -> Option<Quantity> {
    weight.0.checked_mul(packs.0 / Quantity::ONE.0).map(Quantity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{product, settings};
    use crate::unit::barcode::Pattern;

    fn gouda(price: Option<Money>) -> Product {
        product("Gouda", price)
    }

    fn reading(pattern: &str) -> Settings {
        Settings { patterns: vec![Pattern::parse(pattern).unwrap()], ..settings() }
    }

    fn label(weight: Option<i64>, price: Option<i64>, weighed: bool) -> Embedded {
        Embedded { item: "1".to_owned(), weight: weight.map(Quantity), price: price.map(Money), weighed }
    }

    fn line(packs: i64, label: &Embedded, price: Option<Money>) -> Result<BasketLine, Refusal> {
        BasketLine::of_label(&gouda(Some(Money(14_5000))), Quantity(packs), label, price, Money(100))
    }

    #[test]
    fn what_a_label_says_is_not_typed_over() {
        let reads = reading("23=IIIIIMMMMM.2");
        let listed = gouda(Some(Money(14_5000)));
        let weighed = line(1_000, &label(None, Some(5_9700), true), None).unwrap();
        assert_eq!((weighed.quantity, weighed.listed), (Quantity(412), None));
        assert_eq!(weighed.allow_price(&listed, &reads), Err(Refusal::PriceOnLabel));
        assert_eq!(weighed.allow_quantity(&listed, &reads), Err(Refusal::WeightOnLabel));
        let piece = line(1_000, &label(None, Some(5_9700), false), None).unwrap();
        assert_eq!(piece.allow_price(&listed, &reads), Err(Refusal::PriceOnLabel));
        assert_eq!(piece.allow_quantity(&listed, &reads), Ok(()), "of pieces there may be more");
        // A price that was typed because there is none on record is the person's own.
        let typed = BasketLine::of(&gouda(None), Quantity::ONE, Some(Money(9_0000))).unwrap();
        assert_eq!(typed.allow_price(&gouda(None), &reads), Ok(()));
        // Where no label says a price there is none of a label.
        assert_eq!(typed.allow_price(&listed, &reading("21=IIIIIWWWWW.3")), Ok(()));
    }

    #[test]
    fn a_label_is_sold_in_whole_packs_at_what_it_says() {
        let (by_weight, by_price) = (label(Some(412), None, false), label(None, Some(5_9700), true));
        for label in [&by_weight, &by_price] {
            assert_eq!(line(1_500, label, None), Err(Refusal::PartOfPack));
        }
        assert_eq!(
            line(3_000, &by_weight, Some(Money(9_0000))).map(|line| (line.quantity.0, line.unit_price.0)),
            Ok((1_236, 9_0000))
        );
        assert_eq!(line(1_000, &by_price, Some(Money(9_0000))), Err(Refusal::PriceOnLabel));
        assert!(matches!(line(1_000, &label(None, Some(0), true), None), Err(Refusal::NoPriceOnLabel { .. })));
        assert_eq!(line(i64::MAX / 1_000 * 1_000, &label(Some(1_412), None, false), None), Err(Refusal::TooLarge));
    }
}
