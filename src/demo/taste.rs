//! What goes into a basket: by kind of customer, hour and month, with habits and with what belongs together. Never
//! knows a price.

use super::odds::{Odds, chance, skewed};
use super::seed::Seed;
use fastrand::Rng;

/// A product on the way to the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pick {
    /// Its place in [`Seed::goods`].
    pub good: usize,
    /// Pieces or kilograms, in thousandths.
    pub thousandths: i64,
}

/// When someone shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 11.
    pub month: usize,
}

/// Products a regular buys most of the time.
pub(super) type Habit = [u16; 3];

/// The odds of every choice, worked out once.
pub(super) struct Taste {
    /// Of the categories, by segment, part of the day and month.
    categories: Vec<[[Odds; 12]; 4]>,
    /// Of a category's products, by month.
    goods: Vec<[Odds; 12]>,
    /// Of the categories, by segment, over the whole year.
    habits: Vec<Odds>,
}

impl Taste {
    pub fn new(seed: &Seed) -> Taste {
        let categories = (0..seed.segments.len()).map(|segment| {
            std::array::from_fn(|part| {
                std::array::from_fn(|month| {
                    Odds::new(seed.categories.iter().map(|c| c.tastes[segment] * c.dayparts[part] * c.season[month]))
                })
            })
        });
        let goods = seed.categories.iter().map(|category| {
            std::array::from_fn(|month| {
                let ranked = category.goods.iter().enumerate();
                Odds::new(ranked.map(|(rank, good)| loved(rank) * seed.goods[*good].season[month]))
            })
        });
        let habits = (0..seed.segments.len()).map(|at| Odds::new(seed.categories.iter().map(|c| c.tastes[at])));
        Taste { categories: categories.collect(), goods: goods.collect(), habits: habits.collect() }
    }

    /// The favourites of somebody of that segment.
    pub fn habit(&self, seed: &Seed, rng: &mut Rng, segment: usize) -> Habit {
        std::array::from_fn(|_| {
            let category = self.habits[segment].pick(rng).unwrap_or(0);
            let goods = &seed.categories[category].goods;
            let rank = rng.usize(..goods.len().max(1)).min(rng.usize(..goods.len().max(1)));
            goods.get(rank).map_or(0, |good| *good as u16)
        })
    }

    /// Fills `basket` with what somebody buys; at least one line, no product twice.
    pub fn fill(
        &self,
        seed: &Seed,
        rng: &mut Rng,
        segment: usize,
        habit: Option<&Habit>,
        when: When,
        basket: &mut Vec<Pick>,
    ) {
        basket.clear();
        let lines = 1 + skewed(rng, seed.segments[segment].lines_tenths.saturating_sub(10)) as usize;
        // Somebody who keeps taking what already lies in the basket goes without.
        for _ in 0..lines * 2 {
            let good = match self.next(seed, rng, segment, habit, when, basket) {
                Some(good) if basket.iter().all(|pick| pick.good != good) => good,
                _ => continue,
            };
            basket.push(Pick { good, thousandths: amount(seed, rng, good) });
            if basket.len() == lines {
                break;
            }
        }
    }

    fn next(
        &self,
        seed: &Seed,
        rng: &mut Rng,
        segment: usize,
        habit: Option<&Habit>,
        when: When,
        basket: &[Pick],
    ) -> Option<usize> {
        for (then, percent) in basket.last().map_or(&[][..], |last| &seed.goods[last.good].then) {
            if chance(rng, *percent) && seed.goods[*then].season[when.month] > 0 {
                return Some(*then);
            }
        }
        if let Some(habit) = habit.filter(|_| chance(rng, 40)) {
            let good = usize::from(habit[rng.usize(..habit.len())]);
            if seed.goods[good].season[when.month] > 0 {
                return Some(good);
            }
        }
        let category = self.categories[segment][daypart(when.hour)][when.month].pick(rng)?;
        let rank = self.goods[category][when.month].pick(rng)?;
        Some(seed.categories[category].goods[rank])
    }
}

/// How often the product of that rank in its category is bought, against the others there.
pub(super) fn loved(rank: usize) -> u64 {
    10_000 / (rank as u64 + 3)
}

fn daypart(hour: u8) -> usize {
    match hour {
        ..11 => 0,
        11..14 => 1,
        14..17 => 2,
        _ => 3,
    }
}

fn amount(seed: &Seed, rng: &mut Rng, good: usize) -> i64 {
    let good = &seed.goods[good];
    if good.by_weight {
        return weight(rng, good.price);
    }
    let several = seed.categories[good.category].several;
    // Small things are bought by the handful, dear ones singly.
    let several = match good.price {
        ..100 => several * 3 / 2,
        100..2000 => several,
        _ => several / 4,
    };
    pieces(rng, several)
}

/// Whole pieces, in thousandths: one, or more in `several` of a hundred cases.
pub(super) fn pieces(rng: &mut Rng, several: u32) -> i64 {
    if chance(rng, several) { 2000 + 1000 * i64::from(skewed(rng, 9)) } else { 1000 }
}

/// Kilograms, in thousandths, of something that costs `price` cents each: little of what is dear.
pub(super) fn weight(rng: &mut Rng, price: i64) -> i64 {
    let usual = if price > 1000 { 190 } else { 720 };
    usual / 3 + rng.i64(0..usual) + rng.i64(0..usual) / 3
}

#[cfg(test)]
mod tests {
    use super::super::seed::STRANGER;
    use super::*;

    fn bought(segment: usize, when: When) -> Vec<Pick> {
        let seed = Seed::read().unwrap();
        let taste = Taste::new(&seed);
        let mut rng = Rng::with_seed(9);
        let (mut all, mut basket) = (Vec::new(), Vec::new());
        for _ in 0..4000 {
            taste.fill(&seed, &mut rng, segment, None, when, &mut basket);
            assert!(!basket.is_empty());
            all.extend_from_slice(&basket);
        }
        all
    }

    fn count(picks: &[Pick], category: &str) -> usize {
        let seed = Seed::read().unwrap();
        picks.iter().filter(|pick| seed.categories[seed.goods[pick.good].category].name == category).count()
    }

    #[test]
    fn mornings_smell_of_bread_and_stollen_is_for_winter() {
        let june = bought(STRANGER, When { hour: 8, month: 5 });
        assert!(count(&june, "Bakery") > 4 * count(&june, "Pantry"));
        let evening = bought(STRANGER, When { hour: 19, month: 11 });
        assert!(count(&evening, "Pantry") > count(&june, "Pantry"));
        let seed = Seed::read().unwrap();
        let stollen = |picks: &[Pick]| picks.iter().any(|pick| seed.goods[pick.good].name.contains("stollen"));
        assert!(stollen(&evening) && !stollen(&june));
    }

    #[test]
    fn only_weighed_goods_come_in_fractions() {
        let seed = Seed::read().unwrap();
        for pick in bought(2, When { hour: 18, month: 8 }) {
            assert!(pick.thousandths > 0 && pick.thousandths < 20_000, "{pick:?}");
            assert!(seed.goods[pick.good].by_weight || pick.thousandths % 1000 == 0, "{pick:?}");
        }
    }
}
