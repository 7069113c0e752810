//! What things cost on a day, and the lines of a receipt: prices of former years, discounts, rounding, tax. Never knows
//! who buys.

use super::odds::chance;
use super::seed::Seed;
use super::taste::Pick;
use crate::domain::{Discount, DiscountKind, Line};
use crate::unit::{Currency, Day, Money, ProductId, Quantity, Rate, StaffId, Text};
use fastrand::Rng;

/// Raises of each price that lie in the past, newest first.
const RAISES: usize = 3;

struct Tag {
    raised: [Day; RAISES],
    /// Price and cost of one: now, and before each raise.
    ladder: [(Money, Money); RAISES + 1],
    tax_rate: Rate,
    /// Of things that are cheaper in the evening or near their date.
    perishable: Perishable,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Perishable {
    No,
    /// By the evening.
    Today,
    /// Within days.
    Soon,
}

/// The prices of all goods, now and before.
pub(super) struct Prices {
    tags: Vec<Tag>,
    end_of_day: Text,
    near_date: Text,
    dented: Text,
    regular: Text,
}

/// Where and when lines are rung.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
    pub cashier: Option<StaffId>,
    /// Whether the whole basket gets the discount of a regular.
    pub regular: bool,
}

impl Prices {
    pub fn new(seed: &Seed, rng: &mut Rng, today: Day) -> Prices {
        let tags = seed.goods.iter().map(|good| {
            let last = today.add_days(-rng.i32(20..385));
            let cents = |amount: i64, times: usize| (0..times).fold(amount, |now, _| (now * 965 + 500) / 1000);
            Tag {
                raised: std::array::from_fn(|at| last.add_days(-365 * at as i32)),
                ladder: std::array::from_fn(|at| (money(cents(good.price, at)), money(cents(good.cost, at)))),
                tax_rate: Rate(good.tax_rate),
                perishable: match seed.categories[good.category].name.as_str() {
                    "Bakery" => Perishable::Today,
                    "Dairy" | "Deli" | "Produce" => Perishable::Soon,
                    _ => Perishable::No,
                },
            }
        });
        Prices {
            tags: tags.collect(),
            end_of_day: Text::lossy("end of the day"),
            near_date: Text::lossy("near its date"),
            dented: Text::lossy("dented packaging"),
            regular: Text::lossy("thank you to regulars"),
        }
    }

    /// The lines of a receipt, priced; `None` only if an amount does not fit.
    pub fn lines(&self, rng: &mut Rng, picks: &[Pick], counter: &Counter) -> Option<Vec<Line>> {
        let mut lines = Vec::with_capacity(picks.len());
        for (pick, no) in picks.iter().zip(1..) {
            lines.push(self.line(rng, pick, no, counter)?);
        }
        if counter.regular {
            self.thank(&mut lines, counter.cashier)?;
        }
        for (line, pick) in lines.iter_mut().zip(picks) {
            let rate = self.tags[pick.good].tax_rate;
            line.tax = line.value()?.tax_inside(rate)?.round_minor(&Currency::EUR)?;
        }
        Some(lines)
    }

    fn line(&self, rng: &mut Rng, pick: &Pick, no: u32, counter: &Counter) -> Option<Line> {
        let tag = &self.tags[pick.good];
        let raises = tag.raised.iter().filter(|day| **day > counter.day).count();
        let (unit_price, cost) = tag.ladder[raises];
        let quantity = Quantity(pick.thousandths);
        let gross = unit_price.times_quantity(quantity)?;
        let charged = gross.round_minor(&Currency::EUR)?;
        Some(Line {
            no,
            product: ProductId(pick.good as u32 + 1),
            quantity,
            unit_price,
            listed_price: None,
            discounts: self.discount(rng, tag, charged, counter)?.into_iter().collect(),
            tax: Money::ZERO,
            tax_rate: Some(tag.tax_rate),
            cost: Some(cost),
            rounding: charged.checked_sub(gross)?,
            returned: Quantity::ZERO,
        })
    }

    /// `None` only if an amount does not fit; mostly there is no discount.
    fn discount(&self, rng: &mut Rng, tag: &Tag, charged: Money, counter: &Counter) -> Option<Option<Discount>> {
        let (percent, reason) = match tag.perishable {
            Perishable::Today if counter.hour >= 17 && chance(rng, 24) => (30, &self.end_of_day),
            Perishable::Soon if chance(rng, 2) => (20, &self.near_date),
            Perishable::No if charged > money(300) && chance(rng, 1) => (0, &self.dented),
            _ => return Some(None),
        };
        let (kind, amount) = if percent == 0 {
            (DiscountKind::Money, money(50))
        } else {
            let rate = Rate(percent * 10_000);
            (DiscountKind::Percent(rate), charged.times_rate(rate)?.round_minor(&Currency::EUR)?)
        };
        let discount = Discount { kind, amount, reason: Some(reason.clone()), by: counter.cashier };
        Some((amount > Money::ZERO).then_some(discount))
    }

    /// Five per cent off the whole basket, shared out by the lines' values.
    fn thank(&self, lines: &mut [Line], by: Option<StaffId>) -> Option<()> {
        let values = lines.iter().map(Line::value).collect::<Option<Vec<Money>>>()?;
        let off = Money::total(values.iter().copied())?.times_rate(Rate(50_000))?.round_minor(&Currency::EUR)?;
        for (line, amount) in lines.iter_mut().zip(off.allocate(&values, Currency::EUR.step())?) {
            if amount > Money::ZERO {
                let reason = Some(self.regular.clone());
                line.discounts.push(Discount { kind: DiscountKind::Basket, amount, reason, by });
            }
        }
        Some(())
    }
}

/// An amount in cents.
pub(super) fn money(cents: i64) -> Money {
    Money::from_minor(cents, &Currency::EUR)
}

/// Whole cents of an amount that has no more.
pub(super) fn cents(amount: Money) -> i64 {
    amount.0 / Currency::EUR.step().0
}
