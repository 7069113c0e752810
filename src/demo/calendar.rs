//! How many orders each branch has on each day, and at which moments: the rhythm of week and year, growth, holidays,
//! opening hours. Never knows what is bought.

use super::odds::Odds;
use super::seed::Seed;
use crate::unit::{Day, Stamp, Zone};
use fastrand::Rng;

/// One branch on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub day: Day,
    pub branch: usize,
    /// Where the day's local midnight would lie if its offset were that of the opening hours, in Unix milliseconds.
    midnight_ms: i64,
    /// Orders placed.
    pub orders: u64,
    /// Seconds of the day that have been by now, at most a whole day.
    until: i32,
}

/// The days of the demo and what happens on them.
pub(super) struct Calendar {
    /// By day, then by branch; closed days are left out.
    pub cells: Vec<Cell>,
    /// Odds of the hours, by branch and weekday, over the whole opening time.
    hours: Vec<[Odds; 7]>,
}

/// Days of trade before today: two and a half years.
pub(super) const DAYS: i32 = 913;

const DAY_S: i32 = 86_400;

impl Calendar {
    /// Spreads exactly `orders` over the days up to `today`, none after `now_ms`.
    pub fn new(seed: &Seed, rng: &mut Rng, orders: u64, today: Day, now_ms: i64) -> Calendar {
        let hours: Vec<[Odds; 7]> = (0..seed.branches.len())
            .map(|branch| std::array::from_fn(|weekday| hour_odds(seed, branch, weekday, DAY_S)))
            .collect();
        let mut cells = Vec::new();
        let mut weights = Vec::new();
        for age in 0..=DAYS {
            let day = today.add_days(age - DAYS);
            let weekday = usize::from(day.weekday());
            for (at, branch) in seed.branches.iter().enumerate() {
                let weather = rng.u64(850..1150);
                if age < branch.open_after_days || is_holiday(day) || branch.hours[weekday].is_none() {
                    continue;
                }
                let midnight_ms = midnight(&branch.zone, day);
                let until = ((now_ms - midnight_ms).div_euclid(1000)).clamp(0, i64::from(DAY_S)) as i32;
                let open = hour_odds(seed, at, weekday, until).total();
                let whole = hours[at][weekday].total().max(1);
                let usual = seed.week[weekday].weight * season(&seed.season, day) * eve_percent(day);
                let trade = growth(age, branch.open_after_days) * branch.share * weather / 1_000_000;
                weights.push(usual * trade * open / whole);
                cells.push(Cell { day, branch: at, midnight_ms, orders: 0, until });
            }
        }
        spread(&mut cells, &weights, orders);
        Calendar { cells, hours }
    }

    /// A moment within the opening hours of `cell`, on the full second; `None` if none of them has been yet.
    pub fn moment(&self, seed: &Seed, rng: &mut Rng, cell: &Cell) -> Option<i64> {
        let weekday = usize::from(cell.day.weekday());
        let (opens, closes) = seed.branches[cell.branch].hours[weekday]?;
        let hour = if cell.until >= closes {
            self.hours[cell.branch][weekday].pick(rng)
        } else {
            hour_odds(seed, cell.branch, weekday, cell.until).pick(rng)
        }? as i32;
        let from = opens.max(hour * 3600);
        let to = closes.min(hour * 3600 + 3600).min(cell.until);
        Some(cell.midnight_ms + i64::from(rng.i32(from..to)) * 1000)
    }

    /// A moment of the first open day of `branch` that is not before `day`; `None` if that is yet to come.
    pub fn moment_from(&self, seed: &Seed, rng: &mut Rng, branch: usize, day: Day) -> Option<i64> {
        let first = self.cells.partition_point(|cell| cell.day < day);
        let cell = self.cells[first..].iter().find(|cell| cell.branch == branch)?;
        self.moment(seed, rng, cell)
    }
}

/// The instant as the branch's clock shows it.
pub(super) fn stamp(zone: &Zone, unix_ms: i64) -> Stamp {
    Stamp::at(unix_ms, zone)
}

/// See [`Cell::midnight_ms`]: clocks change at night, so noon's offset holds for all opening hours.
fn midnight(zone: &Zone, day: Day) -> i64 {
    let as_utc = i64::from(day.0) * i64::from(DAY_S) * 1000;
    let noon = as_utc + i64::from(DAY_S) * 500;
    as_utc - i64::from(zone.offset_at(noon)) * 1000
}

fn is_holiday(day: Day) -> bool {
    matches!((day.month(), day.day_of_month()), (1, 1) | (12, 25 | 26))
}

/// The days before the holidays, in per cent of the usual.
fn eve_percent(day: Day) -> u64 {
    match (day.month(), day.day_of_month()) {
        (12, 20..=23) => 140,
        (12, 24) => 110,
        (12, 31) => 120,
        (12, 27..=30) => 85,
        (1, 2..=6) => 80,
        _ => 100,
    }
}

/// All branches grow by a fifth a year; one that opens later takes half a year to become known.
fn growth(age: i32, opened: i32) -> u64 {
    let growth = 1000 + 200 * u64::from(age.unsigned_abs()) / 365;
    let since = u64::from((age - opened).unsigned_abs()).min(180);
    let known = if opened == 0 { 100 } else { 40 + 60 * since / 180 };
    growth * known * 10
}

/// Hands out `orders` in proportion to the weights, to the last one.
fn spread(cells: &mut [Cell], weights: &[u64], orders: u64) {
    let total: u128 = weights.iter().map(|weight| u128::from(*weight)).sum();
    let (mut sum, mut given) = (0u128, 0u64);
    for (cell, weight) in cells.iter_mut().zip(weights) {
        sum += u128::from(*weight);
        let due = (u128::from(orders) * sum).checked_div(total).unwrap_or(0) as u64;
        cell.orders = due - given;
        given = due;
    }
}

/// The odds of the hours of a day, each by the seconds of it that are open and before `until`.
fn hour_odds(seed: &Seed, branch: usize, weekday: usize, until: i32) -> Odds {
    let (opens, closes) = seed.branches[branch].hours[weekday].unwrap_or((0, 0));
    let closes = closes.min(until);
    Odds::new((0..24).zip(seed.week[weekday].hours).map(|(hour, weight)| {
        let open = closes.min(hour * 3600 + 3600) - opens.max(hour * 3600);
        weight * u64::try_from(open).unwrap_or(0)
    }))
}

/// A month's value, gliding from one month's middle to the next.
fn season(months: &[u64; 12], day: Day) -> u64 {
    let month = day.month() as usize - 1;
    let past_middle = i64::from(day.day_of_month()) - 15;
    let other = if past_middle < 0 { months[(month + 11) % 12] } else { months[(month + 1) % 12] };
    let away = past_middle.unsigned_abs().min(15);
    (months[month] * (30 - away) + other * away) / 30
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: Day, hour: i64) -> i64 {
        i64::from(day.0) * 86_400_000 + hour * 3_600_000
    }

    #[test]
    fn all_orders_are_handed_out_and_none_on_holidays_or_in_the_future() {
        let seed = Seed::read().unwrap();
        let today = Day::from_ymd(2026, 5, 20).unwrap();
        let now = at(today, 8) + 1_800_000;
        let calendar = Calendar::new(&seed, &mut Rng::with_seed(3), 20_000, today, now);
        assert_eq!(calendar.cells.iter().map(|cell| cell.orders).sum::<u64>(), 20_000);
        assert!(calendar.cells.iter().all(|cell| !is_holiday(cell.day)));
        let mut rng = Rng::with_seed(4);
        let cells: Vec<_> = calendar.cells.iter().filter(|cell| cell.day == today).collect();
        assert_eq!(cells.len(), 3);
        for cell in cells {
            assert!((1..12).contains(&cell.orders), "{cell:?}");
            for _ in 0..200 {
                let moment = calendar.moment(&seed, &mut rng, cell).unwrap();
                assert!(moment < now);
                assert_eq!(stamp(&seed.branches[cell.branch].zone, moment).day(), today);
            }
        }
    }

    #[test]
    fn before_opening_there_is_nothing_today() {
        let seed = Seed::read().unwrap();
        let today = Day::from_ymd(2026, 5, 20).unwrap();
        let calendar = Calendar::new(&seed, &mut Rng::with_seed(3), 5_000, today, at(today, 4));
        assert_eq!(calendar.cells.iter().map(|cell| cell.orders).sum::<u64>(), 5_000);
        let cells: Vec<_> = calendar.cells.iter().filter(|cell| cell.day == today).collect();
        assert!(cells.iter().all(|cell| cell.orders == 0));
        assert_eq!(calendar.moment(&seed, &mut Rng::with_seed(5), cells[0]), None);
    }
}
