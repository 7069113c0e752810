//! What customers said: feedback, read out of the segments once and then kept: a question about feedback has only the facts since
//! to add. Every question is told the same pieces and takes those it wants, so that one reading serves them all.
//!
//! It knows no report and no figure.

use crate::report::ReportFault;
use crate::report::facts::{Columns, Source, by_day, damaged};
use crate::report::plan::{AWAY, Plan};
use crate::store::codec::{self, CodecFault};
use crate::store::laid::Laid;
use crate::store::segment::{Column, Counts, Segment, Shelf, View, Words, pack, unpack};
use crate::unit::{Day, OrderNo, Seq, Text};
use std::collections::BTreeMap;

/// More pieces than this (32 bytes each) are not kept.
const MOST: usize = 1 << 20;

/// The numbers that feedback is laid by under, piece by piece and counted by month; those of questions are digests.
pub(super) const LAID: [u64; 2] = [1, 2];

/// How many columns stand behind the head.
const LAID_COLUMNS: u8 = 6;

/// A piece of feedback, as far as reports count it.
pub(crate) struct Said<'a> {
    pub(crate) day: Option<Day>,
    pub(crate) category: Option<&'a Text>,
    /// Whether it is one of the category complaint, in any case.
    pub(crate) complaint: bool,
    /// 1 + the rating; 0 for none.
    pub(crate) rating: u32,
    pub(crate) resolved: bool,
    /// The order it is about.
    pub(crate) order: Option<OrderNo>,
    /// How many such pieces; less than 0 where they are taken away.
    pub(crate) count: i64,
}

/// Stands for a piece without a day.
const NO_DAY: i32 = i32::MIN;

/// Pieces that are alike, as they are kept; 0 stands for none in `category`, `rating`, `customer` and `order`.
#[derive(Clone, Copy)]
struct Piece {
    order: u64,
    day: i32,
    category: u32,
    customer: u32,
    /// Less than 0 where they are taken away.
    count: i32,
    rating: u8,
    resolved: bool,
}

/// Feedback as it stood at a sequence: what was added and what was taken away again.
pub(crate) struct Heard {
    seq: Seq,
    words: Vec<Text>,
    places: BTreeMap<Text, u32>,
    pieces: Vec<Piece>,
}

impl Heard {
    /// Reads the days from `from` up to and without `to`, all where they are `None`, and what has no day if `undated`;
    /// for as long as `go_on` lets it.
    ///
    /// # Errors
    /// [`ReportFault`] when the shop file cannot be read or a segment is damaged.
    pub(crate) fn read(
        source: &impl Source,
        from: Option<Day>,
        to: Option<Day>,
        undated: bool,
        go_on: &dyn Fn() -> Result<(), ReportFault>,
    ) -> Result<Heard, ReportFault> {
        let mut heard =
            Heard { seq: source.watermark(), words: Vec::new(), places: BTreeMap::new(), pieces: Vec::new() };
        let mut visit = |day: Option<Day>, shelf: &dyn Shelf| -> Result<(), ReportFault> {
            go_on()?;
            if Counts::peek(shelf.head()).map_err(|why| damaged(day, why))?.feedback == 0 {
                return Ok(());
            }
            let view = View::open(shelf).map_err(|why| damaged(day, why))?;
            heard.note(&view, day, true).map_err(|why| damaged(day, why))
        };
        if let Some((first, last)) = source.days()? {
            let end = last.add_days(1);
            source.segments(from.unwrap_or(first).max(first), to.unwrap_or(end).min(end), &mut visit)?;
        }
        if undated {
            source.undated(&mut visit)?;
        }
        heard.add_since(source)?;
        Ok(heard)
    }

    /// What was laid by, brought forward; `None` where nothing fits.
    fn laid(source: &impl Source, number: u64) -> Result<Option<Heard>, ReportFault> {
        let mut bytes: Vec<Vec<u8>> = Vec::new();
        for column in 0..=LAID_COLUMNS {
            source.laid(number, column, &mut |found| bytes.push(found.to_vec()))?;
        }
        let Some(mut heard) = Heard::read_laid(&bytes) else { return Ok(None) };
        Ok(heard.bring_forward(source)?.then_some(heard))
    }

    /// As `lay` wrote it; `None` where anything is missing or damaged.
    fn read_laid(bytes: &[Vec<u8>]) -> Option<Heard> {
        let [head, columns @ ..] = bytes else { return None };
        let (seq, rows, words) = codec::decode::<(u64, u64, Vec<Text>)>(1, head).ok()?;
        let empty = Piece { order: 0, day: NO_DAY, category: 0, customer: 0, count: 0, rating: 0, resolved: false };
        let mut pieces: Vec<Piece> = (0..rows).map(|_| empty).collect();
        let each: [fn(&mut Piece, i64); LAID_COLUMNS as usize] = [
            |piece, day| piece.day = day as i32,
            |piece, category| piece.category = category as u32,
            |piece, customer| piece.customer = customer as u32,
            |piece, order| piece.order = order as u64,
            |piece, count| piece.count = count as i32,
            |piece, state| (piece.rating, piece.resolved) = ((state >> 1) as u8, state & 1 == 1),
        ];
        if columns.len() != each.len() {
            return None;
        }
        for (set, bytes) in each.into_iter().zip(columns) {
            let mut take = |first: usize, values: &[i64]| {
                pieces[first..].iter_mut().zip(values).for_each(|(piece, value)| set(piece, *value));
            };
            unpack(bytes, rows as usize, &mut take).ok()?;
        }
        let places = words.iter().cloned().zip(1..).collect();
        Some(Heard { seq: Seq(seq), places, pieces, words })
    }

    /// What is to be laid by of it: with `before` what was laid by, brought forward, and with `anew` else read again.
    ///
    /// # Errors
    /// [`ReportFault`] when the shop file cannot be read.
    pub(super) fn lay(source: &impl Source, before: bool, anew: bool) -> Result<Vec<Laid>, ReportFault> {
        let laid = if before { Heard::laid(source, LAID[0])? } else { None };
        let heard = match laid {
            Some(heard) => heard,
            None if anew => Heard::read(source, None, None, true, &|| Ok(()))?,
            None => return Ok(Vec::new()),
        };
        let months = LAID[1..].iter().map(|number| heard.by_month().packed(*number));
        let each = (heard.pieces.len() <= MOST).then(|| heard.packed(LAID[0]));
        each.into_iter().chain(months).collect()
    }

    fn packed(&self, number: u64) -> Result<Laid, ReportFault> {
        let column = |of: &dyn Fn(&Piece) -> i64| pack(&self.pieces.iter().map(of).collect::<Vec<i64>>());
        let columns = [
            codec::encode(1, &(self.seq.0, self.pieces.len() as u64, &self.words))?,
            column(&|piece| i64::from(piece.day)),
            column(&|piece| i64::from(piece.category)),
            column(&|piece| i64::from(piece.customer)),
            column(&|piece| piece.order as i64),
            column(&|piece| i64::from(piece.count)),
            column(&|piece| i64::from(piece.rating) << 1 | i64::from(piece.resolved)),
        ];
        Ok(Laid { question: number, columns: (0..).zip(columns).collect() })
    }

    /// The same, counted by month: whom and which order they are about is not told any more.
    fn by_month(&self) -> Heard {
        let mut counts: BTreeMap<(i32, u32, u8, bool), i32> = BTreeMap::new();
        for piece in &self.pieces {
            let month = if piece.day == NO_DAY { NO_DAY } else { Day(piece.day).month_start().0 };
            *counts.entry((month, piece.category, piece.rating, piece.resolved)).or_default() += piece.count;
        }
        counts.retain(|_, count| *count != 0);
        let piece = |((day, category, rating, resolved), count)| Piece {
            order: 0,
            day,
            category,
            customer: 0,
            count,
            rating,
            resolved,
        };
        let pieces = counts.into_iter().map(piece).collect();
        Heard { seq: self.seq, words: self.words.clone(), places: self.places.clone(), pieces }
    }

    /// Whether what was laid by is what the facts come to.
    ///
    /// # Errors
    /// [`ReportFault`] when the shop file cannot be read.
    pub(super) fn is_proved(source: &impl Source) -> Result<bool, ReportFault> {
        let mut anew = None;
        for number in LAID {
            let Some(laid) = Heard::laid(source, number)? else { continue };
            let anew = match &anew {
                Some(counts) => counts,
                None => anew.insert(Heard::read(source, None, None, true, &|| Ok(()))?.counts()),
            };
            if laid.counts() != *anew {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many of each kind there are, by words.
    fn counts(&self) -> BTreeMap<(i32, Option<Text>, u8, bool), i32> {
        let word = |category: u32| self.words.get((category as usize).checked_sub(1)?).cloned();
        let months = self.by_month().pieces.into_iter();
        months.map(|piece| ((piece.day, word(piece.category), piece.rating, piece.resolved), piece.count)).collect()
    }

    /// Adds what came since; whether that makes it whole at the sequence of `source`.
    ///
    /// # Errors
    /// [`ReportFault`] when a fact cannot be read.
    fn bring_forward(&mut self, source: &impl Source) -> Result<bool, ReportFault> {
        if self.seq > source.seq() || self.seq < source.complete_after() {
            return Ok(false);
        }
        self.add_since(source)?;
        Ok(self.pieces.len() <= MOST)
    }

    fn add_since(&mut self, source: &impl Source) -> Result<(), ReportFault> {
        for ((day, plus), facts) in by_day(&source.facts_after(self.seq)) {
            let segment = Segment::build(&[], &[], &facts.feedback);
            self.note(&segment, day, plus).map_err(|why| damaged(day, why))?;
        }
        self.seq = source.seq();
        Ok(())
    }

    fn note(&mut self, facts: &impl Columns, day: Option<Day>, plus: bool) -> Result<(), CodecFault> {
        if facts.counts().feedback == 0 {
            return Ok(());
        }
        let (mut customers, mut categories, mut ratings, mut states) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        facts.codes(Column::FeedbackCustomer, &mut customers)?;
        facts.codes(Column::Category, &mut categories)?;
        facts.codes(Column::Rating, &mut ratings)?;
        facts.codes(Column::FeedbackState, &mut states)?;
        let mut orders = Vec::new();
        facts.values(Column::FeedbackOrder, &mut orders)?;
        let words: Vec<u32> = facts.words(Words::Category).iter().map(|word| self.place(word)).collect();
        let rows = customers.iter().zip(&categories).zip(&ratings).zip(&states).zip(&orders);
        self.pieces.extend(rows.map(|((((customer, category), rating), state), order)| Piece {
            day: day.map_or(NO_DAY, |day| day.0),
            category: (*category as usize).checked_sub(1).and_then(|at| words.get(at).copied()).unwrap_or(0),
            customer: *customer,
            order: *order as u64,
            count: if plus { 1 } else { -1 },
            rating: *rating as u8,
            resolved: *state != 0,
        }));
        Ok(())
    }

    /// The number of a word, counted from 1.
    fn place(&mut self, word: &Text) -> u32 {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        self.words.push(word.clone());
        let place = self.words.len() as u32;
        self.places.insert(word.clone(), place);
        place
    }

    /// Hands what `plan` wants to `take`; returns how many pieces were looked at.
    pub(crate) fn tell(&self, plan: &Plan, take: &mut impl FnMut(Said<'_>)) -> u64 {
        let key = plan.customer_keys();
        let complaints: Vec<bool> = self.words.iter().map(|word| word.eq_ignore_ascii_case("complaint")).collect();
        // Neighbours are of one day.
        let (mut last, mut wanted) = (None, false);
        for piece in &self.pieces {
            let day = (piece.day != NO_DAY).then_some(Day(piece.day));
            if last != Some(day) {
                (last, wanted) = (Some(day), plan.wants(day));
            }
            if !wanted || key(piece.customer) == AWAY {
                continue;
            }
            let place = (piece.category as usize).checked_sub(1);
            take(Said {
                day,
                category: place.and_then(|at| self.words.get(at)),
                complaint: place.is_some_and(|at| complaints.get(at) == Some(&true)),
                rating: u32::from(piece.rating),
                resolved: piece.resolved,
                order: Some(OrderNo(piece.order)).filter(|no| no.0 != 0),
                count: i64::from(piece.count),
            });
        }
        self.pieces.len() as u64
    }
}

/// A place to keep what was heard, piece by piece and counted by month.
#[derive(Default)]
pub(crate) struct Ear {
    each: Option<Heard>,
    months: Option<Heard>,
}

impl Ear {
    /// What is kept, brought forward to `source`; `None` where nothing fits it. `counted` is for who wants no more than
    /// counts of whole months.
    ///
    /// # Errors
    /// [`ReportFault`] when a fact cannot be read; nothing is kept then.
    pub(crate) fn recall(&mut self, source: &impl Source, counted: bool) -> Result<Option<&Heard>, ReportFault> {
        if counted && recalled(&mut self.months, source, LAID[1])? {
            return Ok(self.months.as_ref());
        }
        if !recalled(&mut self.each, source, LAID[0])? {
            return Ok(None);
        }
        if counted {
            self.months = self.each.as_ref().map(Heard::by_month);
            return Ok(self.months.as_ref());
        }
        Ok(self.each.as_ref())
    }

    /// Keeps what was heard of all days, unless it is too much or older than what is there.
    pub(crate) fn keep(&mut self, heard: Heard) {
        let newer = self.each.as_ref().is_none_or(|kept| kept.seq < heard.seq);
        if newer && heard.pieces.len() <= MOST {
            self.each = Some(heard);
        }
    }
}

/// Brings forward what is kept, or else what was laid by under `number`; whether that is what `source` asks for.
fn recalled(kept: &mut Option<Heard>, source: &impl Source, number: u64) -> Result<bool, ReportFault> {
    if kept.as_ref().is_some_and(|heard| heard.seq > source.seq()) {
        // Whoever asks at an older moment must not cost the others what is kept.
        return Ok(false);
    }
    if let Some(mut heard) = kept.take()
        && heard.bring_forward(source)?
    {
        *kept = Some(heard);
    }
    if kept.is_none() {
        *kept = Heard::laid(source, number)?;
    }
    Ok(kept.is_some())
}
