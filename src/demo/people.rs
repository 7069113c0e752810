//! Who the customers are: when they came, how long they stay, what they like, and what is known of them. Never knows
//! what they bought.

use super::calendar::Calendar;
use super::odds::{Odds, chance, skewed};
use super::seed::{STRANGER, Seed};
use super::taste::{Habit, Taste};
use crate::domain::CustomerDetails;
use crate::unit::text::fold;
use crate::unit::{Day, Text};
use fastrand::Rng;

/// What the trade needs to know of a customer; details are made when asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    pub branch: u8,
    pub segment: u8,
    /// Against others, how often they come.
    pub visits: u16,
    pub joined: Day,
    /// The last day they may come; before `joined` for those who only registered.
    pub left: Day,
    pub habit: Habit,
}

/// No one comes more often than this.
pub(super) const MOST_VISITS: u16 = 400;

/// `count` people in the order they came. Most come for the first time with an order; early on there are more of them.
pub(super) fn populate(seed: &Seed, calendar: &Calendar, taste: &Taste, rng: &mut Rng, count: u64) -> Vec<Person> {
    let orders: u64 = calendar.cells.iter().map(|cell| cell.orders).sum();
    let segments = Odds::new(seed.segments.iter().map(|segment| segment.share));
    let mut cells = calendar.cells.iter();
    let (mut cell, mut passed) = (cells.next(), 0);
    let mut people = Vec::with_capacity(count as usize);
    for at in 0..count {
        let part = (at as f64 + 0.5) / count as f64;
        let order = (orders as f64 * (0.6 * part + 0.4 * part * part)) as u64;
        while let Some(here) = cell.filter(|here| passed + here.orders <= order) {
            passed += here.orders;
            cell = cells.next();
        }
        let Some(here) = cell else { break };
        let segment = segments.pick(rng).unwrap_or(STRANGER);
        people.push(Person {
            branch: here.branch as u8,
            segment: segment as u8,
            visits: visits(seed, rng, segment),
            joined: here.day,
            left: last_day(seed, rng, segment, here.day),
            habit: taste.habit(seed, rng, segment),
        });
    }
    people
}

fn visits(seed: &Seed, rng: &mut Rng, segment: usize) -> u16 {
    let usual = seed.segments[segment].visits_tenths;
    (usual / 3 + skewed(rng, usual * 7)).clamp(1, u32::from(MOST_VISITS)) as u16
}

fn last_day(seed: &Seed, rng: &mut Rng, segment: usize, joined: Day) -> Day {
    match rng.u32(..100) {
        0..4 => joined.add_days(-1),
        4..24 => joined,
        _ => joined.add_days(skewed(rng, seed.segments[segment].stays_months * 300) as i32),
    }
}

/// The next free telephone number of each branch.
#[derive(Default)]
pub(super) struct Phones {
    given: Vec<u64>,
}

impl Phones {
    /// The next number of the branch in an order that looks like none; `None` when all have been given.
    fn next(&mut self, seed: &Seed, branch: usize) -> Option<Text> {
        self.given.resize(seed.branches.len(), 0);
        let given = self.given.get_mut(branch)?;
        let patterns = &seed.branches[branch].phones;
        let capacity: u64 = patterns.iter().map(|pattern| room(pattern)).sum();
        if *given >= capacity {
            return None;
        }
        // A prime that divides no such capacity, so every number comes up once.
        let mut number = (*given * 62_017 + 4711) % capacity;
        *given += 1;
        for pattern in patterns {
            if number < room(pattern) {
                return Some(Text::lossy(&dialled(pattern, number)));
            }
            number -= room(pattern);
        }
        None
    }
}

fn room(pattern: &str) -> u64 {
    10u64.pow(pattern.matches('X').count() as u32)
}

fn dialled(pattern: &str, mut number: u64) -> String {
    let mut digits: Vec<char> = pattern.chars().collect();
    for digit in digits.iter_mut().rev().filter(|digit| **digit == 'X') {
        *digit = char::from(b'0' + (number % 10) as u8);
        number /= 10;
    }
    digits.into_iter().collect()
}

/// What is known of a person, as of `today`; some of it is missing, as in life.
pub(super) fn details(seed: &Seed, person: &Person, rng: &mut Rng, phones: &mut Phones, today: Day) -> CustomerDetails {
    let branch = &seed.branches[usize::from(person.branch)];
    let gender = match rng.u32(..1000) {
        0..15 => "diverse",
        15..560 => "female",
        _ => "male",
    };
    let first = first_name(seed, rng, gender);
    let family = &seed.family_names[rng.usize(..seed.family_names.len())];
    let ages = seed.segments[usize::from(person.segment)].ages;
    let birth_date = today.add_days(-(rng.i32(ages.0 * 365..ages.1 * 365 + 365) + ages.0 / 4));
    let town = branch.town_odds.pick(rng).and_then(|at| branch.towns.get(at));
    let mail = chance(rng, 86).then(|| mail(seed, rng, first, family));
    CustomerDetails {
        name: Some(Text::lossy(&format!("{first} {family}"))),
        email: mail,
        phone: if chance(rng, 72) { phones.next(seed, usize::from(person.branch)) } else { None },
        address: town.filter(|_| chance(rng, 92)).map(|(town, code)| {
            let street = &branch.streets[rng.usize(..branch.streets.len())];
            let house = 1 + rng.u32(..20) + rng.u32(..90) * u32::from(chance(rng, 40));
            Text::lossy(&format!("{}, {code} {town}", street.replace('#', &house.to_string())))
        }),
        location: town.map(|(town, _)| Text::lossy(town)),
        gender: chance(rng, 93).then(|| Text::lossy(gender)),
        birth_date: chance(rng, 88).then_some(birth_date),
        notes: chance(rng, 3).then(|| Text::lossy(&seed.customer_notes[rng.usize(..seed.customer_notes.len())])),
    }
}

fn first_name<'s>(seed: &'s Seed, rng: &mut Rng, gender: &str) -> &'s str {
    let of_gender = |(named, _): &&(String, String)| named == gender;
    let count = seed.first_names.iter().filter(of_gender).count();
    let at = rng.usize(..count.max(1));
    seed.first_names.iter().filter(of_gender).nth(at).map_or("", |(_, name)| name)
}

fn mail(seed: &Seed, rng: &mut Rng, first: &str, family: &str) -> Text {
    let plain = |name: &str| -> String { fold(name).chars().filter(char::is_ascii_alphanumeric).collect() };
    let domain = seed.mail_odds.pick(rng).map_or("example.org", |at| &seed.mail_domains[at]);
    let (first, family) = (plain(first), plain(family));
    Text::lossy(&match rng.u32(..4) {
        0 => format!("{first}.{family}@{domain}"),
        1 => format!("{}.{family}{}@{domain}", first.get(..1).unwrap_or("x"), rng.u32(2..99)),
        2 => format!("{family}.{first}@{domain}"),
        _ => format!("{first}{}@{domain}", rng.u32(10..9999)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_telephone_number_is_given_once_until_they_run_out() {
        let seed = Seed::read().unwrap();
        let mut phones = Phones::default();
        let granary = 1;
        let all: HashSet<Text> = std::iter::from_fn(|| phones.next(&seed, granary)).collect();
        assert_eq!(all.len(), 5000);
        assert!(all.iter().all(|phone| phone.starts_with("+49 ") && !phone.contains('X')));
        assert!(phones.next(&seed, 0).is_some_and(|phone| phone.starts_with("+353 20 91")));
    }

    #[test]
    fn details_are_clean_and_mail_reaches_nobody() {
        let seed = Seed::read().unwrap();
        let today = Day::from_ymd(2026, 6, 1).unwrap();
        let person = Person { branch: 2, segment: 4, visits: 10, joined: today, left: today, habit: [0; 3] };
        let mut phones = Phones::default();
        let mut rng = Rng::with_seed(5);
        for _ in 0..500 {
            let details = details(&seed, &person, &mut rng, &mut phones, today);
            let mail = details.email.as_deref().unwrap_or("a@example.org");
            assert!(mail.is_ascii() && (mail.ends_with("example.org") || mail.ends_with("example.com")), "{mail}");
            let age = details.birth_date.map_or(70, |birth| crate::unit::time::age_on(birth, today).unwrap());
            assert!((61..=88).contains(&age), "{age}");
            assert!(details.address.is_none_or(|address| address.contains(", 69") || address.contains(", 38")));
        }
    }
}
