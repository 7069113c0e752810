//! Reading dates and times of ISO 8601, one way for every caller.

use super::stamp::clock_precision;
use super::{Day, MS_PER_DAY, Stamp, TimeFault, Zone};

/// What is left of a text.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, TimeFault> {
        if text.is_empty() { Err(TimeFault::Empty) } else { Ok(Cursor { rest: text.as_bytes() }) }
    }

    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// `2024-03-01`.
    pub(super) fn day(&mut self) -> Result<Day, TimeFault> {
        let year = self.digits(4)?;
        self.expect(b'-')?;
        let month = self.digits(2)?;
        self.expect(b'-')?;
        let day = self.digits(2)?;
        if year == 0 {
            return Err(TimeFault::YearOutOfRange);
        }
        let year = i32::try_from(year).map_err(|_| TimeFault::YearOutOfRange)?;
        Day::from_ymd(year, month, day).ok_or(TimeFault::NoSuchDay)
    }

    /// `10:00`, `10:00:30` or `10:00:30.25`, in milliseconds since midnight.
    fn time(&mut self) -> Result<i64, TimeFault> {
        let hour = self.digits(2)?;
        self.expect(b':')?;
        let minute = self.digits(2)?;
        let second = if self.accept(b':') { Some(self.digits(2)?) } else { None };
        let milli = match second {
            Some(_) if self.accept(b'.') || self.accept(b',') => self.fraction()?,
            _ => 0,
        };
        let second = second.unwrap_or(0);
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimeFault::NoSuchTime);
        }
        Ok(i64::from(hour * 3600 + minute * 60 + second) * 1000 + milli)
    }

    /// One to twelve digits after the point, as milliseconds; what is finer is cut off.
    fn fraction(&mut self) -> Result<i64, TimeFault> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 || length > 12 {
            return Err(TimeFault::Form);
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let kept = digits.iter().copied().chain([b'0', b'0']).take(3);
        Ok(kept.fold(0, |value, byte| value * 10 + i64::from(byte - b'0')))
    }

    /// `Z`, `+01:00`, `+0100`, `+01`, or with seconds as in `+00:19:32`; `None` at the end of the text.
    fn offset(&mut self) -> Result<Option<i32>, TimeFault> {
        let sign = match self.rest.first() {
            None => return Ok(None),
            Some(b'Z') => 0,
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return Err(TimeFault::Form),
        };
        self.rest = &self.rest[1..];
        if sign == 0 {
            return Ok(Some(0));
        }
        let hours = self.digits(2)?;
        let with_colon = self.accept(b':');
        let minutes = if with_colon || !self.is_done() { self.digits(2)? } else { 0 };
        let seconds = if with_colon && self.accept(b':') { self.digits(2)? } else { 0 };
        if hours > 18 || minutes > 59 || seconds > 59 {
            return Err(TimeFault::NoSuchOffset);
        }
        let size = i32::try_from(hours * 3600 + minutes * 60 + seconds).map_err(|_| TimeFault::NoSuchOffset)?;
        Ok(Some(sign * size))
    }

    fn accept(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), TimeFault> {
        if self.accept(byte) { Ok(()) } else { Err(TimeFault::Form) }
    }

    /// Exactly that many digits.
    fn digits(&mut self, count: usize) -> Result<u32, TimeFault> {
        let (digits, rest) = self.rest.split_at_checked(count).ok_or(TimeFault::Form)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(TimeFault::Form);
        }
        self.rest = rest;
        Ok(digits.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0')))
    }
}

/// See [`Stamp::parse`].
pub(super) fn stamp(text: &str, zone: &Zone) -> Result<Stamp, TimeFault> {
    let mut cursor = Cursor::new(text)?;
    let day = cursor.day()?;
    if cursor.is_done() {
        return Ok(Stamp::of_day(day, zone));
    }
    if !cursor.accept(b'T') && !cursor.accept(b' ') {
        return Err(TimeFault::Form);
    }
    let local_ms = i64::from(day.0) * MS_PER_DAY + cursor.time()?;
    let offset = cursor.offset()?;
    if !cursor.is_done() {
        return Err(TimeFault::Form);
    }
    let (unix_ms, offset_s) = match offset {
        Some(offset_s) => (local_ms - i64::from(offset_s) * 1000, offset_s),
        None => zone.resolve(local_ms),
    };
    Ok(Stamp { unix_ms, offset_s, precision: clock_precision(unix_ms) })
}
