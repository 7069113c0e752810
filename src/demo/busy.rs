//! A simulated colleague: what the next customer buys and how they pay, for whatever shop is open. Proposes only; who
//! rings it up, and when, is somebody else's affair.

use super::odds::{Odds, chance, skewed};
use super::pay;
use super::seed::{METHODS, STRANGER, Seed, sold_by_weight};
use super::table::SeedFault;
use super::taste::{loved, pieces, weight};
use crate::domain::{Method, Product, Tender};
use crate::unit::{Currency, CustomerId, Money, ProductId, Quantity};
use fastrand::Rng;

/// What somebody brings to the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Which of the registers it is rung on, counted from 0.
    pub register: usize,
    /// At least one product, none twice; whole pieces except of goods whose names say that they are weighed.
    pub lines: Vec<(ProductId, Quantity)>,
    /// To whom; `None` is a walk-in. It may be a customer who has been erased.
    pub customer: Option<CustomerId>,
}

struct Offer {
    product: ProductId,
    /// Cents.
    price: i64,
    by_weight: bool,
}

/// Proposes one sale after the other.
pub struct Busy {
    seed: Seed,
    rng: Rng,
    offers: Vec<Offer>,
    odds: Odds,
    registers: usize,
    customers: u32,
}

impl Busy {
    /// A colleague who knows `catalogue` (what has no price is left out), sells on any of `registers` registers and
    /// knows the customers 1 to `customers`. The same `seed` proposes the same sales.
    ///
    /// # Errors
    /// A [`SeedFault`] only if the files of `seed/` were broken when the program was built.
    pub fn new(seed: u64, catalogue: &[Product], registers: usize, customers: u32) -> Result<Busy, SeedFault> {
        let rng = Rng::with_seed(seed);
        let seed = Seed::read()?;
        let mut ranks: Vec<(&str, usize)> = Vec::new();
        let (mut offers, mut weights) = (Vec::new(), Vec::new());
        for product in catalogue {
            let Some(price) = product.price.filter(|price| *price > Money::ZERO) else { continue };
            let category = product.category.as_deref().unwrap_or_default();
            let rank = match ranks.iter_mut().find(|(of, _)| *of == category) {
                Some((_, rank)) => {
                    *rank += 1;
                    *rank
                }
                None => {
                    ranks.push((category, 0));
                    0
                }
            };
            let known = seed.categories.iter().find(|known| known.name == category);
            weights.push(loved(rank) * known.map_or(60, |known| known.tastes[STRANGER]));
            let by_weight = sold_by_weight(&product.name);
            offers.push(Offer { product: product.id, price: price.0 / 100, by_weight });
        }
        Ok(Busy { seed, rng, offers, odds: Odds::new(weights), registers: registers.max(1), customers })
    }

    /// The next sale; `None` when there is nothing to sell.
    pub fn sale(&mut self) -> Option<Proposal> {
        let rng = &mut self.rng;
        let count = 1 + skewed(rng, 14) as usize;
        let mut lines: Vec<(ProductId, Quantity)> = Vec::with_capacity(count);
        for _ in 0..count {
            let offer = self.odds.pick(rng).and_then(|at| self.offers.get(at))?;
            let amount = if offer.by_weight { weight(rng, offer.price) } else { pieces(rng, 14) };
            if lines.iter().all(|(product, _)| *product != offer.product) {
                lines.push((offer.product, Quantity(amount)));
            }
        }
        let named = self.customers > 0 && chance(rng, 50);
        let customer = named.then(|| CustomerId(1 + rng.u32(..self.customers)));
        Some(Proposal { register: rng.usize(..self.registers), lines, customer })
    }

    /// How they pay `due`: a method, now and then two, cash mostly handed over as a round sum. What has to be paid in
    /// less than cents is paid by card.
    pub fn tenders(&mut self, due: Money) -> Vec<Tender> {
        let step = Currency::EUR.step().0;
        if due <= Money::ZERO || due.0 % step != 0 {
            return vec![Tender { method: Method::named(Method::CARD), amount: due, reference: None }];
        }
        let parts = pay::at_counter(&self.seed, &mut self.rng, due.0 / step);
        let tender = |part: &pay::Part| Tender {
            method: Method::named(METHODS[part.method]),
            amount: Money(part.tendered * step),
            reference: None,
        };
        parts.iter().map(tender).collect()
    }

    /// How long until the next customer, in milliseconds, at `per_minute` sales a minute on average; irregular, as in
    /// life, and never more than three times the mean.
    pub fn pause_ms(&mut self, per_minute: u32) -> u64 {
        let mean = 60_000 / u64::from(per_minute.max(1));
        // The square of an even draw averages to one third.
        let draw = self.rng.u64(..1000);
        mean * 3 * draw * draw / 1_000_000
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, grow};
    use super::*;
    use crate::unit::Day;

    fn catalogue() -> Vec<Product> {
        let plan = Plan { seed: 1, orders: 0, today: Day(20_000), now_ms: 20_000 * 86_400_000 };
        grow(&plan).unwrap().products()
    }

    #[test]
    fn proposals_can_be_sold_and_paid() {
        let products = catalogue();
        let mut busy = Busy::new(7, &products, 6, 100).unwrap();
        let mut again = Busy::new(7, &products, 6, 100).unwrap();
        for cents in 1..2000 {
            let sale = busy.sale().unwrap();
            assert_eq!(Some(&sale), again.sale().as_ref());
            assert!(sale.register < 6 && !sale.lines.is_empty());
            assert!(sale.customer.is_none_or(|customer| (1..=100).contains(&customer.0)));
            for (product, quantity) in &sale.lines {
                let product = &products[product.0 as usize - 1];
                assert!(quantity.0 > 0 && (quantity.is_whole() || sold_by_weight(&product.name)));
            }
            let due = Money(cents * 700);
            let paid: i64 = busy.tenders(due).iter().map(|tender| tender.amount.0).sum();
            assert!(paid >= due.0);
            assert_eq!(again.tenders(due).iter().map(|tender| tender.amount.0).sum::<i64>(), paid);
        }
    }

    #[test]
    fn a_minute_has_as_many_sales_as_asked_for() {
        let mut busy = Busy::new(3, &catalogue(), 1, 0).unwrap();
        let whole: u64 = (0..6000).map(|_| busy.pause_ms(60)).sum();
        assert!((5_700_000..6_300_000).contains(&whole), "{whole}");
    }

    #[test]
    fn an_empty_shop_sells_nothing() {
        assert_eq!(Busy::new(3, &[], 1, 0).unwrap().sale(), None);
    }
}
