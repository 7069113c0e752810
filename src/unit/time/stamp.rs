//! Instants that remember the offset of the place where they happened.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Day, MS_PER_DAY, TimeFault, Zone, read};

/// How exactly a time is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// The calendar day only; the instant is where that day begins.
    Day,
    /// To the second.
    #[default]
    Second,
    /// To the millisecond, and that is not zero.
    Milli,
}

/// An instant, the offset of its place at that time, and how exactly it is known. Sorts by the instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// Seconds east of Greenwich.
    pub offset_s: i32,
    /// How exactly it is known.
    pub precision: Precision,
}

impl Stamp {
    /// The stamp of an instant in a zone. What lies outside the years 1 to 9999 there becomes the end of them.
    pub fn at(unix_ms: i64, zone: &Zone) -> Stamp {
        let unix_ms = unix_ms.clamp(FIRST_MS, LAST_MS);
        let offset_s = zone.offset_at(unix_ms);
        // A second time within bounds as the place's calendar sees them.
        let unix_ms = unix_ms.clamp(FIRST_MS - ms(offset_s).min(0), LAST_MS - ms(offset_s).max(0));
        Stamp { unix_ms, offset_s, precision: clock_precision(unix_ms) }
    }

    /// The stamp of a day of which the time is not known.
    pub fn of_day(day: Day, zone: &Zone) -> Stamp {
        let unix_ms = zone.day_starts(day);
        Stamp { unix_ms, offset_s: zone.offset_at(unix_ms), precision: Precision::Day }
    }

    /// Reads ISO 8601: a date, or a date and a time with `T` or a blank between them; seconds and a fraction may be
    /// missing (the fraction is kept to the millisecond), and so may the offset (`Z`, `+01:00`, `+0100`, `+01`).
    /// Without one it is local time of `zone`: the first of two, and moved forward where the clocks jump over it.
    pub fn parse(text: &str, zone: &Zone) -> Result<Stamp, TimeFault> {
        read::stamp(text, zone)
    }

    /// Reads what [`Stamp::parse`] reads, and that with its offset once more in brackets, as [`Stamp::fixed`] writes it;
    /// whether it was so.
    pub fn parse_fixed(text: &str, zone: &Zone) -> Result<(Stamp, bool), TimeFault> {
        let Some((time, offset)) = text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) else {
            return Ok((Stamp::parse(text, zone)?, false));
        };
        let stamp = Stamp::parse(time, zone)?;
        let repeats = offset.starts_with(['+', '-']) && time.ends_with(offset) && stamp.precision != Precision::Day;
        if repeats { Ok((stamp, true)) } else { Err(TimeFault::Form) }
    }

    /// The calendar day at its own place.
    pub fn day(&self) -> Day {
        let day = self.local_ms().div_euclid(MS_PER_DAY);
        i32::try_from(day).map_or(Day(i32::MAX), Day).bounded()
    }

    /// The hour at its own place, from 0 to 23; `None` when only the day is known.
    pub fn hour(&self) -> Option<u8> {
        self.time_of_day().map(|(hour, _, _)| hour)
    }

    /// Hour, minute and second at its own place; `None` when only the day is known.
    pub fn time_of_day(&self) -> Option<(u8, u8, u8)> {
        if self.precision == Precision::Day {
            return None;
        }
        let seconds = self.local_ms().rem_euclid(MS_PER_DAY) / 1000;
        let part = |value: i64| u8::try_from(value).unwrap_or_default();
        Some((part(seconds / 3600), part(seconds / 60 % 60), part(seconds % 60)))
    }

    /// RFC 3339 in its own offset, `2024-03-01T10:00:00+01:00`, with three decimals when they are not zero; the bare
    /// date when only the day is known. Offsets before about 1920 may have seconds, which RFC 3339 has not: then it is the
    /// same instant of the same day in an offset of whole minutes.
    pub fn rfc3339(&self) -> String {
        match self.offset_s.rem_euclid(60) {
            _ if self.precision == Precision::Day => self.day().to_string(),
            0 => self.written(),
            odd => {
                let west = Stamp { offset_s: self.offset_s.saturating_sub(odd), ..*self };
                let east = Stamp { offset_s: west.offset_s.saturating_add(60), ..*self };
                let day = |stamp: &Stamp| stamp.local_ms().div_euclid(MS_PER_DAY);
                if day(&west) == day(self) { west } else { east }.written()
            }
        }
    }

    /// [`Stamp::rfc3339`] with the offset once more in brackets, as RFC 9557 has it, where a time is known: whoever reads it is to
    /// count day and hour in that offset, whatever zone the place is in by now.
    pub fn fixed(&self) -> String {
        let text = self.rfc3339();
        match text.len().checked_sub("+00:00".len()).and_then(|at| text.get(at..)) {
            Some(offset) if self.precision != Precision::Day => format!("{text}[{offset}]"),
            _ => text,
        }
    }

    fn written(&self) -> String {
        let day = self.day();
        let Some((hour, minute, second)) = self.time_of_day() else {
            return day.to_string();
        };
        let fraction = match self.unix_ms.rem_euclid(1000) {
            0 => String::new(),
            milli => format!(".{milli:03}"),
        };
        let sign = if self.offset_s < 0 { '-' } else { '+' };
        let offset = self.offset_s.unsigned_abs();
        format!("{day}T{hour:02}:{minute:02}:{second:02}{fraction}{sign}{:02}:{:02}", offset / 3600, offset / 60 % 60)
    }

    fn local_ms(&self) -> i64 {
        self.unix_ms.saturating_add(ms(self.offset_s))
    }
}

const FIRST_MS: i64 = Day::MIN.0 as i64 * MS_PER_DAY;
const LAST_MS: i64 = (Day::MAX.0 as i64 + 1) * MS_PER_DAY - 1;

fn ms(seconds: i32) -> i64 {
    i64::from(seconds) * 1000
}

/// The precision of a time read from a clock: one form for one instant, so that a written stamp reads back the same.
pub(super) fn clock_precision(unix_ms: i64) -> Precision {
    if unix_ms.rem_euclid(1000) == 0 { Precision::Second } else { Precision::Milli }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.rfc3339())
    }
}
