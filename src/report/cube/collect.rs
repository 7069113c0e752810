//! Works a bound question out: the sealed segments of its period, on two cores where they are many, and the tail.
//!
//! Knows neither rows nor what is kept.

use super::explain::Explain;
use super::standing::Standing;
use crate::domain::fact::{Fact, Signed};
use crate::report::ReportFault;
use crate::report::cells::Cells;
use crate::report::facts::{Joined, Part, ScanFault, SegmentColumns, Source, Visit, Warm, by_day, damaged};
use crate::report::plan::{Past, Plan};
use crate::report::question::Question;
use crate::report::scan::Scanner;
use crate::store::codec::CodecFault;
use crate::store::seal::UNDATED;
use crate::store::segment::{Column, Found, Header, InStretch, Known, Segment, Shelf, Stretch, View};
use crate::unit::Day;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Days that one worker takes at a time, and that are known together.
const STRETCH: i32 = 16;

/// Whoever sells and waits for a core goes first after so many segments, and after each that is read in the file: a scheduler
/// may let a scan run on for milliseconds, and a segment takes some ten microseconds, or many times that.
const YIELDS: usize = 16;

/// More workers only wait for memory.
const WORKERS: usize = 4;

/// Lets whoever asked say that nobody waits any more.
pub(crate) type Cancel = Option<Arc<AtomicBool>>;

/// What a question came to.
pub(crate) struct Collected {
    pub(crate) plan: Plan,
    pub(crate) cells: Cells,
    pub(crate) explain: Explain,
    /// How customers stand, where that was asked.
    pub(crate) standing: Option<Standing>,
    /// Customers whose sums have changed since.
    pub(crate) touched: Vec<u32>,
}

impl Collected {
    pub(crate) fn new(plan: Plan, cells: Cells, explain: Explain) -> Collected {
        Collected { plan, cells, explain, standing: None, touched: Vec::new() }
    }

    /// How the buyers that were collected stand: what was known before goes on where few have moved.
    pub(crate) fn standing(&mut self, source: &impl Source) -> Result<&Standing, ReportFault> {
        let Collected { plan, cells, standing, touched, .. } = self;
        let touched = std::mem::take(touched);
        let before = standing.take().and_then(|known| known.after(plan, cells, &touched, source));
        let now = match before {
            Some(now) => now,
            None => Standing::anew(plan, cells, source)?,
        };
        Ok(standing.insert(now))
    }

    /// Notes whom facts that are brought forward are about.
    pub(crate) fn touch(&mut self, facts: &[Arc<Signed>]) {
        if self.standing.is_some() {
            let customer =
                |signed: &Arc<Signed>| if let Fact::Order(fact) = &signed.fact { fact.customer } else { None };
            self.touched.extend(facts.iter().filter_map(customer).map(|customer| customer.0));
        }
    }

    /// About how many bytes it takes to keep.
    pub(crate) fn bytes(&self) -> usize {
        self.cells.bytes() + self.plan.bytes() + self.standing.as_ref().map_or(0, Standing::bytes)
    }
}

/// Answers `question` from nothing.
pub(crate) fn collect(
    question: &Question,
    source: &impl Source,
    past: Option<Arc<Past>>,
    extents: bool,
    warm: &Warm,
    cancel: &Cancel,
) -> Result<Collected, ReportFault> {
    let mut room = 1;
    loop {
        let mut plan = Plan::bind(question, source, past.clone(), room, extents)?;
        plan.keep_joins(&warm.joins);
        match attempt(&plan, source, &warm.segments, cancel) {
            Ok((cells, explain)) => return Ok(Collected::new(plan, cells, explain)),
            Err(Stop::Room) => room *= 8,
            Err(Stop::Fault(fault)) => return Err(fault),
        }
    }
}

/// Why an attempt ended.
pub(crate) enum Stop {
    /// There are more words than there was room for.
    Room,
    /// For good.
    Fault(ReportFault),
}

impl From<ReportFault> for Stop {
    fn from(fault: ReportFault) -> Self {
        Stop::Fault(fault)
    }
}

fn attempt(plan: &Plan, source: &impl Source, known: &Known, cancel: &Cancel) -> Result<(Cells, Explain), Stop> {
    let facts = source.facts_after(source.watermark());
    let mut fresh = Cells::new(&plan.layout);
    add_facts(plan, &facts, &mut fresh)?;
    let gone: HashSet<u64> = match &mut fresh.extents {
        Some(extents) => extents.settle().0.into_iter().collect(),
        None => HashSet::new(),
    };
    known.question();
    let (first, end) = period(plan, source)?;
    let work = Work { plan, source, known, gone: &gone, cancel, first, end, next: AtomicUsize::new(0) };
    let (mut cells, mut explain) = work.run()?;
    cells.add(&fresh);
    explain.tail = facts.len() as u64;
    Ok((cells, explain))
}

/// Adds signed facts to cells; first and last orders are only noted.
pub(crate) fn add_facts(plan: &Plan, facts: &[Arc<Signed>], cells: &mut Cells) -> Result<(), Stop> {
    let mut scanner = Scanner::default();
    for ((day, plus), facts) in by_day(facts) {
        if !plan.wants(day) {
            continue;
        }
        let segment = Segment::build(&facts.orders, &facts.returns, &[]);
        let part = Part::Tail(if plus { 1 } else { -1 });
        scanner.scan(plan, &segment, part, cells).map_err(|fault| stop(fault, day))?;
    }
    Ok(())
}

fn stop(fault: ScanFault, day: Option<Day>) -> Stop {
    match fault {
        ScanFault::Room => Stop::Room,
        ScanFault::Codec(why) => Stop::Fault(damaged(day, why)),
    }
}

/// The sealed part of a question.
struct Work<'a, S> {
    plan: &'a Plan,
    source: &'a S,
    known: &'a Known,
    gone: &'a HashSet<u64>,
    cancel: &'a Cancel,
    first: i32,
    end: i32,
    next: AtomicUsize,
}

/// The days of a plan's period that the shop has segments of: the first, and the one behind the last.
fn period(plan: &Plan, source: &impl Source) -> Result<(i32, i32), ReportFault> {
    let Some((first, last)) = source.days()? else { return Ok((0, 0)) };
    let first = plan.from.map_or(first, |from| from.max(first));
    let end = plan.to.map_or(last.0 + 1, |to| to.0.min(last.0 + 1));
    Ok((first.0, end))
}

impl<S: Source> Work<'_, S> {
    fn run(&self) -> Result<(Cells, Explain), Stop> {
        let days = (i64::from(self.end) - i64::from(self.first)).max(0);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // A thread costs more than a few heads.
        let few = if self.plan.headers_do { 16 } else { 2 };
        let free = cores.min(WORKERS) - 1;
        // While somebody sells there is always something that is not sealed yet; whoever sells has a core to himself then.
        let selling = self.source.seq() != self.source.watermark();
        let short = days.div_euclid(i64::from(STRETCH)) < few;
        let helpers = if short { 0 } else { free.saturating_sub(usize::from(selling)) };
        std::thread::scope(|scope| {
            let spawned: Vec<_> = (0..helpers).map(|_| scope.spawn(|| Worker::of(self)?.run(false))).collect();
            let (mut cells, mut explain) = Worker::of(self)?.run(true)?;
            for helper in spawned {
                // A panic in a worker goes on in whoever asked.
                let (part, counted) = helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                cells.add(&part);
                explain.headers += counted.headers;
                explain.segments += counted.segments;
                explain.rows += counted.rows;
                explain.bytes += counted.bytes;
            }
            Ok((cells, explain))
        })
    }

    /// The first day of the next stretch that nobody has taken. Stretches begin on the same days whatever the period is.
    fn take(&self) -> Option<Day> {
        let taken = self.next.fetch_add(1, Ordering::Relaxed) as i64 * i64::from(STRETCH);
        let first = i64::from(self.first.div_euclid(STRETCH) * STRETCH) + taken;
        (first < i64::from(self.end)).then_some(Day(first as i32))
    }

    fn go_on(&self) -> Result<(), ReportFault> {
        let cancelled = self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed));
        if cancelled { Err(ReportFault::Cancelled) } else { Ok(()) }
    }
}

/// One of those who work on a question.
struct Worker<'a, S> {
    work: &'a Work<'a, S>,
    columns: Box<dyn SegmentColumns + 'a>,
    cells: Cells,
    scanner: Scanner,
    explain: Explain,
}

impl<'a, S: Source> Worker<'a, S> {
    fn of(work: &'a Work<'a, S>) -> Result<Worker<'a, S>, Stop> {
        let cells = Cells::new(&work.plan.layout);
        let (scanner, explain) = (Scanner::default(), Explain::default());
        Ok(Worker { work, columns: work.source.columns()?, cells, scanner, explain })
    }

    /// Takes stretch after stretch until none is left.
    fn run(mut self, undated: bool) -> Result<(Cells, Explain), Stop> {
        if undated && self.work.plan.wants_undated() {
            self.stretch(None)?;
        }
        while let Some(first) = self.work.take() {
            self.stretch(Some(first))?;
        }
        self.explain.rows = self.scanner.rows;
        Ok((self.cells, self.explain))
    }

    /// The segments of the days from `first` on; those of no day without one.
    fn stretch(&mut self, first: Option<Day>) -> Result<(), Stop> {
        if self.work.plan.headers_do { self.heads(first) } else { self.segments(first) }
    }

    /// Adds what the heads of a stretch's segments say.
    fn heads(&mut self, first: Option<Day>) -> Result<(), Stop> {
        let Worker { work, cells, scanner, explain, .. } = self;
        let mut stop = None;
        let visited = visit(work.source, first, &mut |day, shelf| {
            work.go_on()?;
            if !work.plan.wants(day) {
                return Ok(());
            }
            explain.headers += 1;
            explain.bytes += shelf.head().len() as u64;
            let header = Header::peek(shelf.head()).map_err(|why| damaged(day, why))?;
            scanner.headers(work.plan, &header, 1, cells).map_err(|fault| match self::stop(fault, day) {
                Stop::Fault(fault) => fault,
                // Noted, and the visit ended by any fault.
                Stop::Room => {
                    stop = Some(Stop::Room);
                    ReportFault::Cancelled
                }
            })
        });
        match stop {
            Some(stop) => Err(stop),
            None => Ok(visited?),
        }
    }

    /// Adds the facts of a stretch's segments.
    fn segments(&mut self, first: Option<Day>) -> Result<(), Stop> {
        let (plan, known) = (self.work.plan, self.work.known);
        let (source, explain) = (self.work.source, &mut self.explain);
        let sealed = source.watermark();
        let stretch = known.stretch(first.unwrap_or(UNDATED), sealed, |take| {
            visit(source, first, &mut |day, shelf| {
                self.work.go_on()?;
                explain.bytes += shelf.head().len() as u64;
                take(day, shelf.part(), shelf.head()).map_err(|why| damaged(day, why))
            })
        })?;
        let derived = self.derived(&stretch)?;
        let mut read = false;
        for at in 0..stretch.len() {
            let (day, part) = stretch.place(at);
            let counts = stretch.counts(at);
            let holds = plan.orders && counts.orders > 0 || plan.returns && counts.returns > 0;
            if !holds || !plan.wants(day) {
                continue;
            }
            self.work.go_on()?;
            if at % YIELDS == 0 || read {
                std::thread::yield_now();
            }
            let shelf = Place { columns: &*self.columns, day, part };
            let view = View::of_known(&shelf, InStretch { known, stretch: &stretch, at, derived: &derived });
            self.explain.segments += 1;
            let scanned = self.scanner.scan(plan, &view, Part::Sealed(self.work.gone), &mut self.cells);
            self.explain.bytes += view.bytes_read() as u64;
            read = view.bytes_read() > 0;
            scanned.map_err(|fault| stop(fault, day))?;
        }
        Ok(())
    }

    /// The joined columns of a stretch that are at hand, or worth it since they were asked for before.
    fn derived(&mut self, stretch: &Stretch) -> Result<Vec<(u64, Arc<[u8]>)>, ReportFault> {
        let known = self.work.known;
        let counts = self.work.plan.by_line().then(Joined::line_counts);
        let mut found = Vec::new();
        for joined in self.work.plan.joined().chain(&counts) {
            let Some(number) = joined.number() else { continue };
            match known.ask_derived(stretch, number) {
                Found::Kept(bytes) => found.push((number, bytes)),
                Found::New => {}
                Found::Before => {
                    if let Some(bytes) = self.derive(stretch, joined)? {
                        known.keep_derived(stretch, number, &bytes);
                        found.push((number, bytes));
                    }
                }
            }
        }
        Ok(found)
    }

    /// A joined column of all segments of a stretch; `None` where it is not the same for every question.
    fn derive(&mut self, stretch: &Stretch, joined: &Joined) -> Result<Option<Arc<[u8]>>, ReportFault> {
        let (known, mut bytes) = (self.work.known, Vec::new());
        for at in 0..stretch.len() {
            let (day, part) = stretch.place(at);
            let shelf = Place { columns: &*self.columns, day, part };
            let view = View::of_known(&shelf, InStretch { known, stretch, at, derived: &[] });
            let whole = joined.join(&view, &mut bytes).map_err(|why| damaged(day, why))?;
            self.explain.bytes += view.bytes_read() as u64;
            if !whole {
                return Ok(None);
            }
        }
        Ok(Some(bytes.into()))
    }
}

/// The segments of the stretch that begins with `first`; those without a day where there is none.
fn visit(source: &impl Source, first: Option<Day>, visit: Visit<'_>) -> Result<(), ReportFault> {
    match first {
        Some(first) => source.segments(first, Day(first.0.saturating_add(STRETCH)), visit),
        None => source.undated(visit),
    }
}

/// A segment of which the head is known.
struct Place<'a> {
    columns: &'a dyn SegmentColumns,
    day: Option<Day>,
    part: u16,
}

impl Shelf for Place<'_> {
    fn part(&self) -> u16 {
        self.part
    }

    fn head(&self) -> &[u8] {
        &[]
    }

    fn codes(&self, column: Column, read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>) -> Result<(), CodecFault> {
        self.columns.codes(self.day, self.part, column, read)
    }
}
