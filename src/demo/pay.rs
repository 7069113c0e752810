//! How a total is paid: the method, what is handed over, and now and then two methods together. Never knows an order.

use super::odds::{Odds, chance};
use super::seed::{METHODS, Seed};
use fastrand::Rng;

/// Where [`METHODS`] says cash.
pub(super) const CASH: usize = 0;
const CARD: usize = 1;
const TRANSFER: usize = 2;

/// One payment of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Its place in [`METHODS`].
    pub method: usize,
    /// Cents, net of change.
    pub cents: i64,
    /// Cents handed over; more than `cents` only in cash.
    pub tendered: i64,
}

/// How `cents` are paid at the counter.
pub(super) fn at_counter(seed: &Seed, rng: &mut Rng, cents: i64) -> Vec<Part> {
    if cents > 1500 && chance(rng, 4) {
        // The notes in the purse first, the rest by card.
        let notes = rng.i64(1..cents / 500 + 1) * 500;
        if notes < cents {
            let rest = cents - notes;
            return vec![
                Part { method: CASH, cents: notes, tendered: notes },
                Part { method: CARD, cents: rest, tendered: rest },
            ];
        }
    }
    let method = odds(seed, cents).and_then(|odds| odds.pick(rng)).unwrap_or(CASH);
    let tendered = if method == CASH { handed_over(rng, cents) } else { cents };
    vec![Part { method, cents, tendered }]
}

/// How an order from afar is paid: by card at once, or by transfer in its own time.
pub(super) fn from_afar(rng: &mut Rng, cents: i64) -> Part {
    let method = if chance(rng, 65) { CARD } else { TRANSFER };
    Part { method, cents, tendered: cents }
}

/// Whether money of that method takes days to come.
pub(super) fn is_slow(part: &Part) -> bool {
    part.method == TRANSFER
}

fn odds(seed: &Seed, cents: i64) -> Option<&Odds> {
    let band = seed.pay.iter().find(|band| band.until.is_none_or(|until| cents <= until));
    band.map(|band| &band.odds)
}

/// Coins counted out, or the next round sum.
fn handed_over(rng: &mut Rng, cents: i64) -> i64 {
    let round = match rng.u32(..100) {
        0..22 => 1,
        22..38 => 50,
        38..60 => 500,
        60..82 => 1000,
        82..95 => 2000,
        _ => 5000,
    };
    (cents + round - 1) / round * round
}

const _: () = assert!(METHODS.len() == 4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_only_cash_is_more_than_due() {
        let seed = Seed::read().unwrap();
        let mut rng = Rng::with_seed(11);
        let (mut split, mut cash) = (0, 0);
        for cents in (20..20_000).step_by(7) {
            let parts = at_counter(&seed, &mut rng, cents);
            assert_eq!(parts.iter().map(|part| part.cents).sum::<i64>(), cents);
            assert!(parts.iter().all(|part| part.cents > 0 && part.tendered >= part.cents));
            assert!(parts.iter().all(|part| part.method == CASH || part.tendered == part.cents));
            split += usize::from(parts.len() > 1);
            cash += usize::from(parts[0].method == CASH);
        }
        assert!(split > 10 && cash > 200, "{split} {cash}");
    }
}
