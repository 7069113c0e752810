//! The members of the dimensions: which code each fact has, and what the code is called.
//!
//! Codes are small numbers. Dates have codes in calendar order; records have their own numbers; words have places in sorted
//! lists, or in lists that grow as segments are read. Code 0 is `unknown` wherever a member can be missing, except for
//! hours, statuses and ages, where it is the last.
//!
//! Knows no figure.

use super::past::{Past, is_called};
use super::registers;
use crate::domain::Status;
use crate::report::facts::Source;
use crate::report::question::{AGES, Dim, NO_HOUR, Question, UNKNOWN, date_label, parse_date_member};
use crate::report::{Kind, ReportFault, Value};
use crate::store::attributes::NO_BIRTH;
use crate::unit::time::age_on;
use crate::unit::{Day, ProductId, Rate, Text};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The status of a return without an order.
pub(crate) const NO_STATUS: u32 = Status::ALL.len() as u32;

/// Offsets of whole minutes that have numbers of their own: up to 36 hours either way.
const MINUTES: i32 = 4_320;

/// The group of those whose birth date is not known.
const NO_AGE: u32 = AGES.len() as u32 - 1;

/// Words in the order they were first seen; codes count from 1.
#[derive(Debug, Default)]
pub(crate) struct Lexicon<T>(Mutex<Vec<T>>);

impl<T: Clone + Eq> Lexicon<T> {
    /// The codes of these words.
    pub(crate) fn codes(&self, words: &[T]) -> Vec<u32> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let code = |word: &T| {
            let at = known.iter().position(|seen| seen == word).unwrap_or_else(|| {
                known.push(word.clone());
                known.len() - 1
            });
            at as u32 + 1
        };
        words.iter().map(code).collect()
    }

    /// The word of a code.
    pub(crate) fn word(&self, code: u32) -> Option<T> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get((code as usize).checked_sub(1)?).cloned()
    }

    /// All words, in the order of their codes.
    fn words(&self) -> Vec<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many codes there are, that of nothing included.
    pub(crate) fn domain(&self) -> u32 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len() as u32 + 1
    }
}

/// Sorted words; codes count from 1.
#[derive(Debug, Default)]
struct Names(Vec<Text>);

impl Names {
    fn of<'a>(texts: impl Iterator<Item = &'a Text>) -> Names {
        let different: HashSet<&Text> = texts.filter(|text| **text != UNKNOWN).collect();
        let mut sorted: Vec<Text> = different.into_iter().cloned().collect();
        sorted.sort_unstable();
        Names(sorted)
    }

    fn code(&self, text: Option<&Text>) -> u32 {
        text.and_then(|text| self.0.binary_search(text).ok()).map_or(0, |at| at as u32 + 1)
    }
}

/// What is known of members while one question is answered.
#[derive(Debug)]
pub(crate) struct Members {
    age_bounds: [Day; 6],
    categories: Names,
    places: Names,
    /// Category by product, place by store.
    category_of: Vec<u32>,
    place_of: Vec<u32>,
    /// Codes of customers' words that mean `unknown`.
    unknown_location: u32,
    unknown_gender: u32,
    past: Option<Arc<Past>>,
    pub(crate) payments: Lexicon<Text>,
    pub(crate) channels: Lexicon<Text>,
    pub(crate) reasons: Lexicon<Text>,
    pub(crate) rates: Lexicon<Rate>,
    /// Offsets from Greenwich that are no whole minutes, as there were before 1920.
    odd_offsets: Lexicon<i32>,
    /// The easternmost offset of orders met.
    east: AtomicI32,
}

impl Members {
    /// Of the shop as it is in `source`.
    pub(crate) fn of(question: &Question, source: &impl Source, past: Option<Arc<Past>>) -> Members {
        let (catalogue, stores) = (source.catalogue(), &source.directory().stores);
        let mut category_of = vec![0; catalogue.bound()];
        let mut categories = Names::default();
        if question.mentions(Dim::Category) {
            let known = catalogue.categories();
            categories = Names::of(known.names.iter());
            let codes: Vec<u32> =
                std::iter::once(0).chain(known.names.iter().map(|name| categories.code(Some(name)))).collect();
            category_of = known.of.iter().map(|code| codes[*code as usize]).collect();
        }
        let places = Names::of(stores.iter().filter_map(|store| store.location.as_ref()));
        let mut place_of = vec![0; stores.iter().map(|store| usize::from(store.id.0) + 1).max().unwrap_or(1)];
        for store in stores {
            place_of[usize::from(store.id.0)] = places.code(store.location.as_ref());
        }
        let people = source.people();
        let named = |dictionary: &crate::store::attributes::Dictionary| {
            (1..=dictionary.len() as u32).find(|code| dictionary.text(*code).is_some_and(|text| *text == UNKNOWN))
        };
        Members {
            age_bounds: age_bounds(question.as_of),
            categories,
            places,
            category_of,
            place_of,
            unknown_location: named(&people.locations).unwrap_or(0),
            unknown_gender: named(&people.genders).unwrap_or(0),
            past,
            payments: Lexicon::default(),
            channels: Lexicon::default(),
            reasons: Lexicon::default(),
            rates: Lexicon::default(),
            odd_offsets: Lexicon::default(),
            east: AtomicI32::new(i32::MIN),
        }
    }

    /// Takes over what is known of records now; words keep the codes they have.
    pub(crate) fn adopt(&mut self, newer: Members) {
        let Members { categories, places, category_of, place_of, unknown_location, unknown_gender, .. } = newer;
        (self.categories, self.places) = (categories, places);
        (self.category_of, self.place_of) = (category_of, place_of);
        (self.unknown_location, self.unknown_gender) = (unknown_location, unknown_gender);
    }

    /// The words of payments, channels and reasons, and the tax rates, in the order of their codes.
    pub(crate) fn known_words(&self) -> ([Vec<Text>; 3], Vec<Rate>) {
        ([self.payments.words(), self.channels.words(), self.reasons.words()], self.rates.words())
    }

    /// Makes these words known, before any other is.
    pub(crate) fn know(&self, [payments, channels, reasons]: [Vec<Text>; 3], rates: Vec<Rate>) {
        self.payments.codes(&payments);
        self.channels.codes(&channels);
        self.reasons.codes(&reasons);
        self.rates.codes(&rates);
    }

    /// Whether all offsets met are of whole minutes: only their numbers are the same every time.
    pub(crate) fn offsets_are_whole(&self) -> bool {
        self.odd_offsets.words().is_empty()
    }

    /// Notes offsets of orders from Greenwich.
    pub(crate) fn meet(&self, offsets: &[i64]) {
        if let Some(east) = offsets.iter().max() {
            self.east.fetch_max(*east as i32, Ordering::Relaxed);
        }
    }

    /// The easternmost offset of all orders met where first and last orders are looked for, in seconds; `None` without any.
    pub(crate) fn easternmost(&self) -> Option<i32> {
        Some(self.east.load(Ordering::Relaxed)).filter(|east| *east != i32::MIN)
    }

    /// The number of an offset from Greenwich; the same every time for those of whole minutes.
    pub(crate) fn offset_number(&self, seconds: i32) -> u32 {
        match u32::try_from(seconds / 60 + MINUTES / 2) {
            Ok(number) if seconds % 60 == 0 && number < MINUTES as u32 => number,
            _ => MINUTES as u32 + self.odd_offsets.codes(&[seconds])[0],
        }
    }

    /// The offset of a number.
    pub(crate) fn offset_of(&self, number: u32) -> i32 {
        match number.checked_sub(MINUTES as u32) {
            Some(odd) => self.odd_offsets.word(odd).unwrap_or(0),
            None => (number as i32 - MINUTES / 2) * 60,
        }
    }

    /// How many codes a dimension has; those of words grow.
    pub(crate) fn domain(&self, dim: Dim, source: &impl Source) -> u32 {
        let directory = source.directory();
        let bound = |ids: &mut dyn Iterator<Item = u16>| ids.max().map_or(1, |last| u32::from(last) + 1);
        match dim {
            Dim::Hour => NO_HOUR + 1,
            Dim::Store => self.place_of.len() as u32,
            Dim::StoreLocation => self.places.0.len() as u32 + 1,
            Dim::Register => bound(&mut directory.registers.iter().map(|register| register.id.0)),
            Dim::Cashier => bound(&mut directory.staff.iter().map(|person| person.id.0)),
            Dim::Product => (self.category_of.len() as u32).max(1),
            Dim::Category => self.categories.0.len() as u32 + 1,
            Dim::Status => NO_STATUS + 1,
            Dim::Customer => (source.people().present.len() as u32).max(1),
            Dim::Location => source.people().locations.len() as u32 + 1,
            Dim::Gender => source.people().genders.len() as u32 + 1,
            Dim::AgeGroup => AGES.len() as u32,
            Dim::Segment | Dim::Recency | Dim::Frequency | Dim::Monetary | Dim::Cohort => {
                self.past.as_ref().map_or(1, |past| past.domain(dim))
            }
            Dim::Payment => self.payments.domain(),
            Dim::Channel => self.channels.domain(),
            Dim::Reason => self.reasons.domain(),
            Dim::TaxRate => self.rates.domain(),
            Dim::Weekday | Dim::Day | Dim::Week | Dim::Month | Dim::Quarter | Dim::Year => u32::MAX,
        }
    }

    /// The code of a record's attribute: `id` is the store, product or customer it is one of.
    pub(crate) fn code(&self, dim: Dim, id: u32, source: &impl Source) -> u32 {
        let at = id as usize;
        let people = source.people();
        match dim {
            Dim::StoreLocation => self.place_of.get(at).copied().unwrap_or(0),
            Dim::Category => self.category_of.get(at).copied().unwrap_or(0),
            Dim::Location => people.location.get(at).map_or(0, |code| known(*code, self.unknown_location)),
            Dim::Gender => people.gender.get(at).map_or(0, |code| known(*code, self.unknown_gender)),
            Dim::AgeGroup => people.birth.get(at).map_or(NO_AGE, |birth| self.age_group(*birth)),
            _ if dim.is_of_past() => self.past.as_ref().map_or(0, |past| past.code(dim, at)),
            _ => id,
        }
    }

    /// The same for all records up to and without `end`, by number: of customers there are many, so that what is the same
    /// for all of them is decided once.
    pub(crate) fn codes(&self, dim: Dim, end: u32, source: &impl Source) -> Vec<u32> {
        let people = source.people();
        let (mut codes, unknown): (Vec<u32>, u32) = match dim {
            Dim::Location => (people.location.iter().map(|code| known(*code, self.unknown_location)).collect(), 0),
            Dim::Gender => (people.gender.iter().map(|code| known(*code, self.unknown_gender)).collect(), 0),
            Dim::AgeGroup => (people.birth.iter().map(|birth| self.age_group(*birth)).collect(), NO_AGE),
            _ => return (0..end).map(|id| self.code(dim, id, source)).collect(),
        };
        codes.resize(end as usize, unknown);
        codes
    }

    fn age_group(&self, birth: Day) -> u32 {
        let group = self.age_bounds.iter().map(|bound| u32::from(birth <= *bound)).sum();
        if birth == NO_BIRTH { NO_AGE } else { group }
    }

    /// What the code of a dimension that is no record is called.
    pub(crate) fn label(&self, dim: Dim, code: u32, source: &impl Source) -> Value {
        let word = |text: Option<Text>| Value::text(text.map_or_else(|| UNKNOWN.to_owned(), |text| text.to_string()));
        let people = source.people();
        match dim {
            Dim::Hour if code == NO_HOUR => Value::text(UNKNOWN),
            Dim::Hour | Dim::Weekday | Dim::Year => Value::Count(i128::from(code)),
            Dim::Day | Dim::Week | Dim::Month | Dim::Quarter => Value::text(date_label(dim, code)),
            Dim::StoreLocation => word(named(&self.places, code)),
            Dim::Category => word(named(&self.categories, code)),
            Dim::Status => Value::text(Status::ALL.get(code as usize).map_or(UNKNOWN, |status| status.word())),
            Dim::Location => word(people.locations.text(code).cloned()),
            Dim::Gender => word(people.genders.text(code).cloned()),
            Dim::AgeGroup => Value::text(AGES.get(code as usize).copied().unwrap_or(UNKNOWN)),
            Dim::Segment | Dim::Recency | Dim::Frequency | Dim::Monetary | Dim::Cohort => {
                self.past.as_ref().map_or_else(|| Value::text(UNKNOWN), |past| past.label(dim, code))
            }
            Dim::Payment => word(self.payments.word(code)),
            Dim::Channel => word(self.channels.word(code)),
            Dim::Reason => word(self.reasons.word(code)),
            Dim::TaxRate => Value::text(self.rates.word(code).map_or_else(|| UNKNOWN.to_owned(), Rate::plain)),
            Dim::Store | Dim::Register | Dim::Cashier | Dim::Product | Dim::Customer => {
                self.record(dim, code, source).0
            }
        }
    }

    /// The id and name of a store, register, cashier or product; customers are looked up by who needs them.
    pub(crate) fn record(&self, dim: Dim, code: u32, source: &impl Source) -> (Value, Value) {
        let directory = source.directory();
        let small = u16::try_from(code).unwrap_or(0);
        let found = match dim {
            Dim::Store => {
                let store = directory.store(crate::unit::StoreId(small));
                store.map(|store| (Value::text(&store.ext), &store.name))
            }
            Dim::Register => {
                let register = directory.register(crate::unit::RegisterId(small));
                register.map(|register| (Value::text(registers::id(directory, register)), &register.name))
            }
            Dim::Cashier => {
                let person = directory.person(crate::unit::StaffId(small));
                person.map(|person| (Value::text(&person.ext), &person.name))
            }
            Dim::Product => {
                let product = source.catalogue().product(ProductId(code));
                product.map(|product| (Value::text(&product.ext), &product.name))
            }
            _ => None,
        };
        match found {
            Some((id, name)) => (id, Value::text(name)),
            None => (Value::text(UNKNOWN), Value::text(UNKNOWN)),
        }
    }

    /// The codes that a slice's values mean; a value that nothing has means none.
    pub(crate) fn accepted(
        &self,
        dim: Dim,
        values: &[String],
        source: &impl Source,
    ) -> Result<BTreeSet<u32>, ReportFault> {
        let mut codes = BTreeSet::new();
        for value in values {
            match dim {
                Dim::Day | Dim::Week | Dim::Month | Dim::Quarter | Dim::Year | Dim::Weekday => {
                    codes.extend(parse_date_member(dim, value));
                }
                Dim::Customer if value != UNKNOWN => {
                    let found = source.find(crate::domain::view::Kind::Customer, value)?;
                    codes.extend(found.and_then(|number| u32::try_from(number).ok()));
                }
                Dim::Register if value != UNKNOWN => {
                    codes.extend(registers::called(source.directory(), value).iter().map(|id| u32::from(id.0)));
                }
                _ if dim.is_entity() => codes.extend(self.records_called(dim, value, source)),
                Dim::Payment => codes.extend(word_codes(&self.payments, value)),
                Dim::Channel => codes.extend(word_codes(&self.channels, value)),
                Dim::Reason => codes.extend(word_codes(&self.reasons, value)),
                _ => {
                    let called = |code: &u32| is_called(dim, &self.label(dim, *code, source).plain(2), value);
                    codes.extend((0..self.domain(dim, source)).filter(called));
                }
            }
        }
        Ok(codes)
    }

    /// Records by id; by name where no id fits.
    fn records_called(&self, dim: Dim, value: &str, source: &impl Source) -> Vec<u32> {
        if value == UNKNOWN {
            return vec![0];
        }
        let all = 1..self.domain(dim, source);
        let named: HashMap<u32, (Value, Value)> = all.map(|code| (code, self.record(dim, code, source))).collect();
        let is = |text: &Value| matches!(text, Value::Text(text) if **text == *value);
        let by_id: Vec<u32> = named.iter().filter(|(_, (id, _))| is(id)).map(|(code, _)| *code).collect();
        if !by_id.is_empty() {
            return by_id;
        }
        named.iter().filter(|(_, (_, name))| is(name)).map(|(code, _)| *code).collect()
    }
}

fn word_codes(lexicon: &Lexicon<Text>, value: &str) -> Vec<u32> {
    // A word that no fact has is accepted too: it gets a code that no fact will have.
    if value == UNKNOWN { vec![0] } else { lexicon.codes(&[Text::from(value)]) }
}

fn named(names: &Names, code: u32) -> Option<Text> {
    names.0.get((code as usize).checked_sub(1)?).cloned()
}

fn known(code: u32, unknown: u32) -> u32 {
    if code == unknown { 0 } else { code }
}

/// The latest birthdays of who has completed the years that each group but the first begins with.
fn age_bounds(as_of: Day) -> [Day; 6] {
    [18, 26, 36, 46, 56, 66].map(|years| {
        let has = |birth: Day| age_on(birth, as_of).is_some_and(|age| age >= years);
        let mut birth = as_of.add_months(-12 * years as i32).add_days(3);
        while birth > Day::MIN && !has(birth) {
            birth = birth.add_days(-1);
        }
        birth
    })
}

/// What a dimension's values are.
pub(crate) fn kind(dim: Dim) -> Kind {
    match dim {
        Dim::Hour => Kind::Hour,
        Dim::Weekday => Kind::Weekday,
        Dim::Day => Kind::Date,
        Dim::Week => Kind::Week,
        Dim::Month => Kind::Month,
        Dim::Quarter => Kind::Quarter,
        Dim::Year => Kind::Year,
        Dim::TaxRate => Kind::Rate,
        Dim::Recency | Dim::Frequency | Dim::Monetary => Kind::Number,
        Dim::Cohort => Kind::Month,
        _ => Kind::Text,
    }
}
