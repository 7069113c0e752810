//! What the Audit screen holds: the acts in sight, and which of all there are is looked for.
//!
//! The journal only grows, so that a window of it stays as it is; at its top it follows what is done.

use crate::console::field::Field;
use crate::console::screen::Now;
use crate::report::journal::{Act, acts};
use crate::unit::{Day, Seq, text};

/// Changes looked at for one window before the search pauses.
const LOOKED_AT: usize = 5_000;
/// Entries looked at in one go on the way up.
const STRIDE: u64 = 1_000;

/// What is looked for: every word narrows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    day: Option<Day>,
    month: Option<String>,
    words: Vec<String>,
}

impl Filter {
    pub(super) fn parse(typed: &str) -> Filter {
        let mut filter = Filter::default();
        for word in typed.split_whitespace() {
            if let Ok(day) = Day::parse(word) {
                filter.day = Some(day);
            } else if Day::parse(&format!("{word}-01")).is_ok() {
                filter.month = Some(word.to_owned());
            } else {
                filter.words.push(text::fold(word));
            }
        }
        filter
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    pub(super) fn takes(&self, act: &Act) -> bool {
        let day = act.at.day();
        self.day.is_none_or(|wanted| wanted == day)
            && self.month.as_ref().is_none_or(|month| day.to_string().starts_with(month.as_str()))
            && act.has(&self.words)
    }

    pub(super) fn said(&self) -> String {
        let day = self.day.map(|day| format!("on {day}"));
        let month = self.month.as_ref().map(|month| format!("in {month}"));
        let words = (!self.words.is_empty()).then(|| self.words.join(" "));
        words.into_iter().chain(day).chain(month).collect::<Vec<_>>().join(", ")
    }
}

/// The screen.
#[derive(Debug, Default)]
pub struct Audit {
    pub(super) rows: Vec<Act>,
    pub(super) marked: usize,
    pub(super) fit: usize,
    pub(super) field: Field,
    pub(super) filtering: bool,
    pub(super) filter: Filter,
    /// Where a search that looked at a lot paused: before this entry.
    pub(super) paused: Option<Seq>,
    /// Why the journal could not be read.
    pub(super) fault: Option<String>,
    /// Whether nothing newer than the first row was there when it was read.
    at_top: bool,
}

impl Audit {
    pub(super) fn marked(&self) -> Option<&Act> {
        self.rows.get(self.marked)
    }

    /// Follows what is done while the newest act is marked; whoever reads further down keeps what they read.
    pub(super) fn reload(&mut self, now: &Now<'_>) {
        self.fit = usize::from(now.size.1.saturating_sub(2)).max(1);
        if self.rows.is_empty() || (self.at_top && self.marked == 0) {
            return self.show_first(now);
        }
        self.at_top = false;
        self.rows.truncate(self.fit);
        self.marked = self.marked.min(self.rows.len().saturating_sub(1));
        let more = self.older(now, self.rows.last().map(|act| act.seq), self.fit - self.rows.len());
        self.rows.extend(more);
    }

    pub(super) fn show_first(&mut self, now: &Now<'_>) {
        self.rows = self.older(now, None, self.fit);
        self.marked = 0;
        self.at_top = true;
    }

    pub(super) fn show_last(&mut self, now: &Now<'_>) {
        self.rows = self.newer(now, Seq(0), self.fit);
        self.marked = self.rows.len().saturating_sub(1);
        self.at_top = false;
    }

    /// Moves the mark, and the window with it where it leaves the sight.
    pub(super) fn step(&mut self, by: i64, now: &Now<'_>) {
        let target = self.marked as i64 + by;
        if target < 0 {
            let after = self.rows.first().map_or(Seq(0), |act| act.seq);
            let mut fresh = self.newer(now, after, target.unsigned_abs() as usize);
            self.at_top = fresh.len() < target.unsigned_abs() as usize;
            fresh.append(&mut self.rows);
            fresh.truncate(self.fit);
            self.rows = fresh;
            self.marked = 0;
        } else if target >= self.rows.len() as i64 {
            let before = self.paused.take().or_else(|| self.rows.last().map(|act| act.seq));
            let fresh = self.older(now, before, target as usize + 1 - self.rows.len());
            self.rows.extend(fresh);
            let over = self.rows.len().saturating_sub(self.fit);
            self.at_top &= over == 0;
            self.rows.drain(..over);
            self.marked = self.rows.len().saturating_sub(1);
        } else {
            self.marked = target as usize;
        }
    }

    /// Whether acts are still looked for that would be in sight.
    pub(super) fn is_searching(&self) -> bool {
        self.paused.is_some() && self.rows.len() < self.fit
    }

    /// Goes on looking for what would be in sight.
    pub(super) fn search_on(&mut self, now: &Now<'_>) {
        if self.is_searching() {
            let fresh = self.older(now, self.paused, self.fit - self.rows.len());
            self.rows.extend(fresh);
        }
    }

    /// Acts before an entry, or the newest, newest first.
    fn older(&mut self, now: &Now<'_>, before: Option<Seq>, want: usize) -> Vec<Act> {
        let mut found = Vec::new();
        if want == 0 {
            return found;
        }
        let from = before.unwrap_or(Seq(u64::MAX));
        let read = acts(now.shop, &now.zone, from, LOOKED_AT, &mut |act| {
            found.extend(self.filter.takes(&act).then_some(act));
            found.len() < want
        });
        match read {
            Ok(next) => self.paused = next.filter(|_| found.len() < want),
            Err(why) => self.fault = Some(why.to_string()),
        }
        found
    }

    /// The acts nearest after an entry, newest first.
    fn newer(&mut self, now: &Now<'_>, after: Seq, want: usize) -> Vec<Act> {
        let (mut found, mut low) = (Vec::new(), after.0);
        let last = now.shop.seq().0;
        while found.len() < want && low < last {
            let mut some = Vec::new();
            let read = acts(now.shop, &now.zone, Seq(low + STRIDE + 1), usize::MAX, &mut |act| {
                let within = act.seq.0 > low;
                some.extend((within && self.filter.takes(&act)).then_some(act));
                within
            });
            if let Err(why) = read {
                self.fault = Some(why.to_string());
                break;
            }
            some.extend(std::mem::take(&mut found));
            found = some;
            low += STRIDE;
        }
        found.drain(..found.len().saturating_sub(want));
        found
    }
}
