//! Time zones by their IANA names, and where their local times and days lie.

use std::cmp::Ordering;
use std::fmt;

use chrono::{DateTime, MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Day, MS_PER_DAY};

/// A time zone of the IANA database, stored and sent as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

impl Zone {
    /// Looks up a name such as `Europe/Berlin`; `None` for an empty or unknown one.
    pub fn by_name(name: &str) -> Option<Zone> {
        name.parse().ok().map(Zone)
    }

    /// Universal time.
    pub const fn utc() -> Zone {
        Zone(Tz::UTC)
    }

    /// The IANA name.
    pub fn name(&self) -> &'static str {
        self.0.name()
    }

    /// Every name there is, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    /// Seconds east of Greenwich at an instant.
    pub fn offset_at(&self, unix_ms: i64) -> i32 {
        self.0.offset_from_utc_datetime(&calendar(unix_ms)).fix().local_minus_utc()
    }

    /// When a day begins, in Unix milliseconds: at its midnight, or at the first instant after it where the clocks jump
    /// over midnight.
    pub fn day_starts(&self, day: Day) -> i64 {
        let midnight = i64::from(day.bounded().0) * MS_PER_DAY;
        match self.instant(midnight) {
            Local::Clear(unix_ms) => unix_ms,
            Local::Gap { before, after } => self.jump(midnight - ms(after), midnight - ms(before)),
        }
    }

    /// The instant of a local time, given as if it were UTC, and the offset then. Where it comes twice it is the first;
    /// where the clocks jump over it, it moves forward by as much as they do.
    pub(super) fn resolve(&self, local_ms: i64) -> (i64, i32) {
        let unix_ms = match self.instant(local_ms) {
            Local::Clear(unix_ms) => unix_ms,
            Local::Gap { before, .. } => local_ms - ms(before),
        };
        (unix_ms, self.offset_at(unix_ms))
    }

    fn instant(&self, local_ms: i64) -> Local {
        match self.0.offset_from_local_datetime(&calendar(local_ms)) {
            MappedLocalTime::Single(offset) => Local::Clear(local_ms - ms(offset.fix().local_minus_utc())),
            MappedLocalTime::Ambiguous(a, b) => {
                let east = a.fix().local_minus_utc().max(b.fix().local_minus_utc());
                Local::Clear(local_ms - ms(east))
            }
            MappedLocalTime::None => {
                // Within a jump, the offset before it leads to an instant after it and the other way round, so that one
                // step from either gives the other.
                let one = self.offset_at(local_ms);
                let other = self.offset_at(local_ms - ms(one));
                Local::Gap { before: one.min(other), after: one.max(other) }
            }
        }
    }

    /// The first instant after `low` (before a jump of the clocks) that has the offset of `high` (after it).
    fn jump(&self, mut low: i64, mut high: i64) -> i64 {
        let offset = self.offset_at(high);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if self.offset_at(middle) == offset {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }
}

/// Where a local time lies.
enum Local {
    /// At one instant, or at the first of two.
    Clear(i64),
    /// Nowhere: the clocks jump over it, from one offset to a larger one.
    Gap { before: i32, after: i32 },
}

fn ms(seconds: i32) -> i64 {
    i64::from(seconds) * 1000
}

/// The calendar's view of milliseconds since 1970; what lies outside the years 0 to 10000 counts as the end of them.
fn calendar(unix_ms: i64) -> NaiveDateTime {
    let first = (i64::from(Day::MIN.0) - 2) * MS_PER_DAY;
    let last = (i64::from(Day::MAX.0) + 2) * MS_PER_DAY;
    DateTime::from_timestamp_millis(unix_ms.clamp(first, last)).unwrap_or_default().naive_utc()
}

impl Default for Zone {
    fn default() -> Self {
        Zone::utc()
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Zone::by_name(&name).ok_or_else(|| de::Error::custom(format!("unknown time zone {name}")))
    }
}
