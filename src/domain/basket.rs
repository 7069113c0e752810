//! The basket in hand: what has been rung but not yet sold, and what it comes to.
//!
//! Plain data and pure arithmetic; undo and redo are copies kept by whoever holds the basket. Never knows a field, a key or
//! a stored order.

use super::product::Product;
use super::refusal::Refusal;
use crate::unit::{CustomerId, Money, ProductId, Quantity, Rate, Text};
use serde::{Deserialize, Serialize};

/// A discount as asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Off {
    /// A fraction of the value, in millionths.
    Percent(Rate),
    /// Money.
    Money(Money),
}

/// One rung line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    /// What.
    pub product: ProductId,
    /// Its name when rung, to show.
    pub name: Text,
    /// How many or how much; positive.
    pub quantity: Quantity,
    /// The list price when rung; `None` when the product has none.
    pub listed: Option<Money>,
    /// Price of one: the list price, or what a person or barcode said.
    pub unit_price: Money,
    /// The tax rate when rung.
    pub tax_rate: Option<Rate>,
    /// Discount on the line.
    pub off: Option<Off>,
}

/// What is being rung on one register.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Basket {
    /// In the order rung.
    pub lines: Vec<BasketLine>,
    /// Discount on the whole.
    pub off: Option<Off>,
    /// Why a discount was given.
    pub reason: Option<Text>,
    /// To whom.
    pub customer: Option<CustomerId>,
    /// A remark for the order.
    pub note: Option<Text>,
}

/// A line's figures, in the currency's minor unit but for `gross`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricedLine {
    /// Quantity × unit price to four decimals.
    pub gross: Money,
    /// The line's own discount.
    pub own_discount: Money,
    /// Its share of the basket's discount.
    pub basket_discount: Money,
    /// What rounding to the minor unit added.
    pub rounding: Money,
    /// gross − discounts + rounding.
    pub value: Money,
    /// Tax inside or on top.
    pub tax: Money,
}

/// A basket's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Priced {
    /// One for each line.
    pub lines: Vec<PricedLine>,
    /// Line values together.
    pub value: Money,
    /// Tax by rate, ascending; `None` is no rate.
    pub taxes: Vec<(Option<Rate>, Money)>,
    /// All discounts together.
    pub saved: Money,
    /// What is to be paid, before cash rounding.
    pub total: Money,
}

impl BasketLine {
    /// A line of `quantity` of `product` at its list price, or at `price` where a person or barcode said one.
    pub fn of(product: &Product, quantity: Quantity, price: Option<Money>) -> Option<BasketLine> {
        Some(BasketLine {
            product: product.id,
            name: product.name.clone(),
            quantity,
            listed: product.price,
            unit_price: price.or(product.price)?,
            tax_rate: product.tax_rate,
            off: None,
        })
    }
}

impl Basket {
    /// Adds a line; where the shop merges, the same product at the same price without a discount goes onto its line. The
    /// place of the line that took it.
    ///
    /// # Errors
    /// `NotPositive`, `TooLarge`.
    pub fn ring(&mut self, line: BasketLine, merge: bool) -> Result<usize, Refusal> {
        if line.quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") });
        }
        line.gross()?;
        let same = |old: &BasketLine| {
            // A price from a label is another thing than one from the list, whatever they come to; and what each weighed
            // pack costs must stay what its label says.
            let whole = line.listed.is_some() || old.quantity.is_whole() && line.quantity.is_whole();
            (old.product, old.unit_price, old.listed, old.tax_rate)
                == (line.product, line.unit_price, line.listed, line.tax_rate)
                && whole
                && old.off.is_none()
                && line.off.is_none()
        };
        if merge && let Some(at) = self.lines.iter().position(same) {
            let sum = self.lines[at].quantity.checked_add(line.quantity).ok_or(Refusal::TooLarge)?;
            self.set_quantity(at, sum)?;
            return Ok(at);
        }
        self.lines.push(line);
        Ok(self.lines.len() - 1)
    }

    /// Sets a line's quantity.
    ///
    /// # Errors
    /// `NotPositive`, `TooLarge`, `NoSuchLine`.
    pub fn set_quantity(&mut self, at: usize, quantity: Quantity) -> Result<(), Refusal> {
        if quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") });
        }
        self.alter(at, |line| line.quantity = quantity)
    }

    /// Sets a line's price.
    ///
    /// # Errors
    /// `BadField` below zero, `TooLarge`, `NoSuchLine`.
    pub fn set_price(&mut self, at: usize, price: Money) -> Result<(), Refusal> {
        if price < Money::ZERO {
            return Err(Refusal::BadField {
                field: Text::lossy("price"),
                why: Text::lossy("cannot be less than zero"),
            });
        }
        self.alter(at, |line| line.unit_price = price)
    }

    /// Sets a line's discount; one of nothing takes it away.
    ///
    /// # Errors
    /// `DiscountOverValue`, `NoSuchLine`, `TooLarge`.
    pub fn set_off(&mut self, at: usize, off: Off) -> Result<(), Refusal> {
        let line = self.lines.get(at).ok_or(Refusal::NoSuchLine { line: at as u32 + 1 })?;
        let mut changed = line.clone();
        changed.off = off.something();
        if changed.own_discount()? > changed.gross()? {
            return Err(Refusal::DiscountOverValue);
        }
        self.lines[at] = changed;
        Ok(())
    }

    /// Takes a line out.
    ///
    /// # Errors
    /// `NoSuchLine`.
    pub fn void(&mut self, at: usize) -> Result<BasketLine, Refusal> {
        if at < self.lines.len() { Ok(self.lines.remove(at)) } else { Err(Refusal::NoSuchLine { line: at as u32 + 1 }) }
    }

    fn alter(&mut self, at: usize, change: impl FnOnce(&mut BasketLine)) -> Result<(), Refusal> {
        let line = self.lines.get(at).ok_or(Refusal::NoSuchLine { line: at as u32 + 1 })?;
        let mut changed = line.clone();
        change(&mut changed);
        if changed.own_discount()? > changed.gross()? {
            return Err(Refusal::DiscountOverValue);
        }
        self.lines[at] = changed;
        Ok(())
    }

    /// What the basket comes to. `step` is the currency's minor unit.
    ///
    /// # Errors
    /// `TooLarge`, `DiscountOverValue`.
    pub fn price(&self, tax_included: bool, step: Money) -> Result<Priced, Refusal> {
        let mut after = Vec::with_capacity(self.lines.len());
        for line in &self.lines {
            let off = line.own_discount_in(step)?;
            let left = line.gross()?.checked_sub(off).ok_or(Refusal::TooLarge)?;
            if left.is_negative() && off.0 > 0 {
                return Err(Refusal::DiscountOverValue);
            }
            after.push(left);
        }
        let shares = self.shares(&after, step)?;
        let mut priced = Priced {
            lines: Vec::with_capacity(self.lines.len()),
            value: Money::ZERO,
            taxes: Vec::new(),
            saved: Money::ZERO,
            total: Money::ZERO,
        };
        for ((line, left), share) in self.lines.iter().zip(&after).zip(&shares) {
            let figures = line.figures(*left, *share, tax_included, step)?;
            priced.add(line, &figures, tax_included)?;
            priced.lines.push(figures);
        }
        // Shares of whole coins can take more off many small lines than they are worth.
        if priced.total.is_negative() && priced.saved.0 > 0 {
            return Err(Refusal::DiscountOverValue);
        }
        priced.taxes.sort_unstable();
        Ok(priced)
    }

    /// Whether prices and discounts together take more than so many per cent off any line, against the list.
    pub fn is_cut_beyond(&self, priced: &Priced, limit_percent: u8) -> bool {
        self.lines.iter().zip(&priced.lines).any(|(line, figures)| {
            let listed = line.listed.unwrap_or(line.unit_price).times_quantity(line.quantity);
            let off = figures.own_discount.checked_add(figures.basket_discount);
            let left = off.and_then(|off| figures.gross.checked_sub(off));
            listed.zip(left).is_none_or(|(listed, left)| is_beyond(listed, left, limit_percent))
        })
    }

    /// The basket discount spread over the lines by largest remainder.
    fn shares(&self, after: &[Money], step: Money) -> Result<Vec<Money>, Refusal> {
        let whole = Money::total(after.iter().copied()).ok_or(Refusal::TooLarge)?;
        let off = match self.off {
            None => return Ok(vec![Money::ZERO; after.len()]),
            // All of it is what there is, however a weight rounds.
            Some(off @ Off::Percent(_)) => off.of(whole, step)?.min(whole),
            Some(off) => off.of(whole, step)?,
        };
        if off > whole {
            return Err(Refusal::DiscountOverValue);
        }
        if off.is_zero() {
            return Ok(vec![Money::ZERO; after.len()]);
        }
        off.allocate(after, step).ok_or(Refusal::TooLarge)
    }
}

/// Whether a price was cut by more than so many per cent.
pub(super) fn is_beyond(from: Money, to: Money, limit_percent: u8) -> bool {
    let cut = i128::from(from.0) - i128::from(to.0);
    cut > 0 && cut * 100 > i128::from(from.0) * i128::from(limit_percent)
}

impl Off {
    /// `None` for a discount of nothing.
    pub fn something(self) -> Option<Off> {
        match self {
            Off::Percent(rate) if rate.0 == 0 => None,
            Off::Money(money) if money.is_zero() => None,
            off => Some(off),
        }
    }

    /// The money it takes off `value`, a percentage rounded to `step`.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn of(self, value: Money, step: Money) -> Result<Money, Refusal> {
        match self {
            Off::Money(money) => Ok(money),
            Off::Percent(rate) => value.times_rate(rate).and_then(|off| off.round_to(step)).ok_or(Refusal::TooLarge),
        }
    }
}

impl BasketLine {
    fn gross(&self) -> Result<Money, Refusal> {
        self.unit_price.times_quantity(self.quantity).ok_or(Refusal::TooLarge)
    }

    fn own_discount(&self) -> Result<Money, Refusal> {
        self.own_discount_in(Money(1))
    }

    fn own_discount_in(&self, step: Money) -> Result<Money, Refusal> {
        match self.off {
            None => Ok(Money::ZERO),
            Some(off) => off
                .of(self.gross()?, step)
                .map(|off| if matches!(self.off, Some(Off::Percent(_))) { self.at_most_gross(off) } else { off }),
        }
    }

    /// A hundred per cent of an amount between two minor units must not round above it.
    fn at_most_gross(&self, off: Money) -> Money {
        self.gross().map_or(off, |gross| off.min(gross))
    }

    fn figures(&self, left: Money, share: Money, tax_included: bool, step: Money) -> Result<PricedLine, Refusal> {
        let exact = left.checked_sub(share).ok_or(Refusal::TooLarge)?;
        let value = exact.round_to(step).ok_or(Refusal::TooLarge)?;
        let rounding = value.checked_sub(exact).ok_or(Refusal::TooLarge)?;
        let tax = match self.tax_rate {
            None => Money::ZERO,
            Some(rate) if tax_included => {
                value.tax_inside(rate).and_then(|tax| tax.round_to(step)).ok_or(Refusal::TooLarge)?
            }
            Some(rate) => value.times_rate(rate).and_then(|tax| tax.round_to(step)).ok_or(Refusal::TooLarge)?,
        };
        let gross = self.gross()?;
        let own_discount = gross.checked_sub(left).ok_or(Refusal::TooLarge)?;
        Ok(PricedLine { gross, own_discount, basket_discount: share, rounding, value, tax })
    }
}

impl Priced {
    fn add(&mut self, line: &BasketLine, figures: &PricedLine, tax_included: bool) -> Result<(), Refusal> {
        let sum = |a: Money, b: Money| a.checked_add(b).ok_or(Refusal::TooLarge);
        self.value = sum(self.value, figures.value)?;
        self.saved = sum(sum(self.saved, figures.own_discount)?, figures.basket_discount)?;
        self.total = sum(self.total, figures.value)?;
        if !tax_included {
            self.total = sum(self.total, figures.tax)?;
        }
        if !figures.tax.is_zero() {
            match self.taxes.iter_mut().find(|(rate, _)| *rate == line.tax_rate) {
                Some((_, tax)) => *tax = sum(*tax, figures.tax)?,
                None => self.taxes.push((line.tax_rate, figures.tax)),
            }
        }
        Ok(())
    }
}
