//! `order_lines.csv`

use std::collections::HashMap;

use crate::domain::{Discount, DiscountKind, Line};
use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::{ORDER_LINES, Table};
use crate::unit::{Money, ProductId, Quantity, Rate, Zone};

use super::belonging::{Belonging, Check, NO, Owned};
use super::orders::{Names, Orders};
use super::row::Row;
use super::shop::Target;

const PRODUCT: usize = 2;
const QUANTITY: usize = 3;
const UNIT_PRICE: usize = 4;
const DISCOUNT: usize = 5;
const TAX: usize = 6;
const COST: usize = 7;
const TAX_RATE: usize = 8;
const ROUNDING: usize = 9;

/// A line as it is held where the file is not in the order of the orders: 72 bytes.
#[derive(Debug, Clone, Copy)]
pub struct Sold {
    no: u32,
    pub product: ProductId,
    /// In millionths; below zero where there is none.
    tax_rate: i32,
    quantity: Quantity,
    unit_price: Money,
    discount: Money,
    tax: Money,
    /// The smallest number there is where it is not known.
    cost: Money,
    rounding: Money,
}

const NO_COST: Money = Money(i64::MIN);

impl Sold {
    /// Quantity × price − discount + rounding; `None` on overflow.
    pub fn value(&self) -> Option<Money> {
        let gross = self.unit_price.times_quantity(self.quantity)?;
        gross.checked_sub(self.discount)?.checked_add(self.rounding)
    }

    /// What it comes to without its tax, and its tax; `None` on overflow.
    pub fn net_and_tax(&self, tax_included: bool) -> Option<(Money, Money)> {
        let value = self.value()?;
        Some((if tax_included { value.checked_sub(self.tax)? } else { value }, self.tax))
    }

    fn cost(&self) -> Option<Money> {
        (self.cost != NO_COST).then_some(self.cost)
    }

    /// The line of an order.
    pub fn into_line(self) -> Line {
        let discount = Discount { kind: DiscountKind::Imported, amount: self.discount, reason: None, by: None };
        Line {
            no: self.no,
            product: self.product,
            quantity: self.quantity,
            unit_price: self.unit_price,
            listed_price: None,
            discounts: if self.discount.is_zero() { Vec::new() } else { vec![discount] },
            tax: self.tax,
            tax_rate: (self.tax_rate >= 0).then_some(Rate(i64::from(self.tax_rate))),
            cost: self.cost(),
            rounding: self.rounding,
            returned: Quantity::ZERO,
        }
    }

    /// Whether every figure of it, and of the reports on it, fits.
    fn fits(&self) -> bool {
        let worth = self.net_and_tax(false).and_then(|(net, tax)| net.checked_add(tax));
        let without = self.net_and_tax(true);
        let cost = self.cost().unwrap_or_default().times_quantity(self.quantity);
        worth.is_some() && without.is_some() && cost.is_some()
    }
}

impl Belonging for Sold {
    fn table() -> &'static Table {
        &ORDER_LINES
    }

    fn parse(row: &mut Row, names: &mut Names, _: &Zone, into: Option<Target<'_>>) -> Result<Option<Sold>, ReadFault> {
        let no = row.line_no(NO);
        let no = row.needed(NO, no, "the number of the line");
        let product = names.products.named(row, PRODUCT, into)?;
        let product = row.needed(PRODUCT, product, "which product it is");
        let quantity = row.positive_quantity(QUANTITY);
        let unit_price = row.money(UNIT_PRICE);
        let (discount, tax) = (row.money(DISCOUNT).unwrap_or_default(), row.money(TAX).unwrap_or_default());
        let cost = row.unless_none(COST, product.and_then(|product| product.cost), Row::money);
        let tax_rate = row.unless_none(TAX_RATE, product.and_then(|product| product.tax_rate), Row::rate);
        let rounding = row.money(ROUNDING).unwrap_or_default();
        let (Some(no), Some(product), Some(quantity), true) = (no, product, quantity, row.is_clean()) else {
            return Ok(None);
        };
        let Some(unit_price) = unit_price.or(product.price) else {
            row.fault(UNIT_PRICE, "is empty, and the product has no price on record");
            return Ok(None);
        };
        let tax_rate = tax_rate.and_then(|rate| i32::try_from(rate.0).ok());
        let sold = Sold {
            no,
            product: product.id,
            tax_rate: tax_rate.unwrap_or(-1),
            quantity,
            unit_price,
            discount,
            tax,
            cost: cost.unwrap_or(NO_COST),
            rounding,
        };
        if !sold.fits() {
            row.fault(UNIT_PRICE, "the line's value is too large to be counted");
            return Ok(None);
        }
        Ok(Some(sold))
    }

    fn no(&self) -> u32 {
        self.no
    }
}

/// What a return must know of the line it came from.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    pub product: ProductId,
    pub net: Money,
    pub tax: Money,
}

/// The lines that returns ask for: order's place and line number, and what they are once they have been met.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    lines: HashMap<(u32, u32), Option<Origin>>,
    /// One bit an order, so that most lines need no look into the map.
    orders: Vec<u64>,
}

impl Wanted {
    /// Asks for a line.
    pub fn ask(&mut self, order: u32, line: u32) {
        let at = order as usize / 64;
        if self.orders.len() <= at {
            self.orders.resize(at + 1, 0);
        }
        self.orders[at] |= 1 << (order % 64);
        self.lines.insert((order, line), None);
    }

    /// The line, if there is one.
    pub fn get(&self, order: u32, line: u32) -> Option<Origin> {
        self.lines.get(&(order, line)).copied().flatten()
    }

    fn met(&mut self, owned: &Owned<Sold>, tax_included: bool) {
        let bits = self.orders.get(owned.order as usize / 64).copied().unwrap_or(0);
        if bits >> (owned.order % 64) & 1 == 0 {
            return;
        }
        if let Some(slot) = self.lines.get_mut(&(owned.order, owned.record.no)) {
            let figures = owned.record.net_and_tax(tax_included);
            *slot = figures.map(|(net, tax)| Origin { product: owned.record.product, net, tax });
        }
    }
}

/// Checks that each order's total can be counted, and finds the lines that returns ask for.
#[derive(Default)]
pub struct LineCheck {
    pub wanted: Wanted,
    order: u32,
    total: i128,
}

impl LineCheck {
    /// Finds those lines.
    pub fn new(wanted: Wanted) -> LineCheck {
        LineCheck { wanted, order: 0, total: 0 }
    }
}

impl Check<Sold> for LineCheck {
    fn look(&mut self, owned: &Owned<Sold>, orders: &Orders, findings: &mut Collector) {
        let tax_included = orders.is_tax_included(owned.order);
        self.wanted.met(owned, tax_included);
        if owned.order != self.order {
            (self.order, self.total) = (owned.order, 0);
        }
        let Some((net, tax)) = owned.record.net_and_tax(tax_included) else { return };
        let fitted = i64::try_from(self.total).is_ok();
        self.total += i128::from(net.0) + i128::from(tax.0);
        if fitted && i64::try_from(self.total).is_err() {
            findings.add(&ORDER_LINES, owned.offset, "unit_price", "the order's total is too large to be counted");
        }
    }
}
