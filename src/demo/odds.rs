//! Weighted choice. Never knows what is chosen.

use fastrand::Rng;

/// A choice among weighted alternatives, made in logarithmic time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Odds {
    cumulative: Vec<u64>,
}

impl Odds {
    /// Alternatives 0, 1, 2 … with these weights.
    pub fn new(weights: impl IntoIterator<Item = u64>) -> Odds {
        let mut sum = 0;
        let cumulative = weights
            .into_iter()
            .map(|weight| {
                sum += weight;
                sum
            })
            .collect();
        Odds { cumulative }
    }

    /// One of the alternatives; `None` when all weights are zero.
    pub fn pick(&self, rng: &mut Rng) -> Option<usize> {
        let total = self.total();
        if total == 0 {
            return None;
        }
        let at = rng.u64(..total);
        Some(self.cumulative.partition_point(|sum| *sum <= at))
    }

    /// All weights together.
    pub fn total(&self) -> u64 {
        self.cumulative.last().copied().unwrap_or(0)
    }
}

/// True in `percent` of a hundred cases.
pub(super) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}

/// A whole number of at least 0 that is `mean_tenths` / 10 on average: mostly small, sometimes three times the mean.
pub(super) fn skewed(rng: &mut Rng, mean_tenths: u32) -> u32 {
    // The square of an even draw averages to one third.
    let draw = u64::from(rng.u32(..1000));
    let spread = draw * draw * 3 * u64::from(mean_tenths) / 10_000;
    let (whole, part) = (spread / 1000, spread % 1000);
    (whole as u32) + u32::from(u64::from(rng.u32(..1000)) < part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_follow_the_weights_and_never_take_a_zero() {
        let odds = Odds::new([0, 3, 0, 1]);
        let mut rng = Rng::with_seed(1);
        let mut seen = [0; 4];
        for _ in 0..4000 {
            seen[odds.pick(&mut rng).unwrap()] += 1;
        }
        assert_eq!((seen[0], seen[2]), (0, 0));
        assert!((2800..3200).contains(&seen[1]), "{seen:?}");
        assert_eq!(Odds::new([0, 0]).pick(&mut rng), None);
    }

    #[test]
    fn skewed_keeps_its_mean() {
        let mut rng = Rng::with_seed(2);
        let sum: u32 = (0..10_000).map(|_| skewed(&mut rng, 26)).sum();
        assert!((25_000..27_000).contains(&sum), "{sum}");
    }
}
