//! Works a bound question out: the sealed segments of its period, on two cores where they are many, and the tail.
//!
//! Knows neither rows nor what is kept.

use super::explain::Explain;
use super::standing::Standing;
use crate::domain::fact::{Fact, Signed};
use crate::report::ReportFault;
use crate::report::cells::Cells;
use crate::report::facts::{Part, ScanFault, Source, Visit, Warm, by_day, damaged};
use crate::report::plan::{Past, Plan};
use crate::report::question::Question;
use crate::report::scan::Scanner;
use crate::store::segment::{Header, Known, Segment, Shelf, View};
use crate::unit::Day;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Days one worker takes at a time.
const SLICE: i32 = 16;

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
        let slices = (i64::from(self.end) - i64::from(self.first)).max(0).div_euclid(i64::from(SLICE));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // A thread costs more than a few heads.
        let few = if self.plan.headers_do { 16 } else { 2 };
        let free = cores.min(WORKERS) - 1;
        // While somebody sells there is always something that is not sealed yet; whoever sells has a core to himself then.
        let selling = self.source.seq() != self.source.watermark();
        let helpers = if slices < few { 0 } else { free.saturating_sub(usize::from(selling)) };
        std::thread::scope(|scope| {
            let spawned: Vec<_> = (0..helpers).map(|_| scope.spawn(|| self.worker(false))).collect();
            let (mut cells, mut explain) = self.worker(true)?;
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

    /// Takes slice after slice until none is left.
    fn worker(&self, undated: bool) -> Result<(Cells, Explain), Stop> {
        let mut cells = Cells::new(&self.plan.layout);
        let mut scanner = Scanner::default();
        let mut explain = Explain::default();
        let mut halt = None;
        let mut visit = |day: Option<Day>, shelf: &dyn Shelf| {
            if self.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                return Err(ReportFault::Cancelled);
            }
            if !self.plan.wants(day) {
                return Ok(());
            }
            self.segment(day, shelf, &mut scanner, &mut cells, &mut explain).map_err(|stop| match stop {
                Stop::Fault(fault) => fault,
                // Noted, and the visit ended by any fault.
                Stop::Room => {
                    halt = Some(Stop::Room);
                    ReportFault::Cancelled
                }
            })
        };
        let visited = self.slices(undated, &mut visit);
        match (visited, halt) {
            (_, Some(stop)) => Err(stop),
            (Err(fault), None) => Err(Stop::Fault(fault)),
            (Ok(()), None) => {
                explain.rows = scanner.rows;
                Ok((cells, explain))
            }
        }
    }

    fn slices(&self, undated: bool, visit: Visit<'_>) -> Result<(), ReportFault> {
        if undated && self.plan.wants_undated() {
            self.source.undated(visit)?;
        }
        loop {
            let taken = self.next.fetch_add(1, Ordering::Relaxed);
            let from = i64::from(self.first) + taken as i64 * i64::from(SLICE);
            if from >= i64::from(self.end) {
                return Ok(());
            }
            let from = from as i32;
            let to = Day(from.saturating_add(SLICE).min(self.end));
            self.source.segments(Day(from), to, visit)?;
        }
    }

    fn segment(
        &self,
        day: Option<Day>,
        shelf: &dyn Shelf,
        scanner: &mut Scanner,
        cells: &mut Cells,
        explain: &mut Explain,
    ) -> Result<(), Stop> {
        let scanned = if self.plan.headers_do {
            explain.headers += 1;
            explain.bytes += shelf.head().len() as u64;
            let header = Header::peek(shelf.head()).map_err(|why| Stop::Fault(damaged(day, why)))?;
            scanner.headers(self.plan, &header, 1, cells)
        } else {
            let view = View::of_known(shelf, self.known).map_err(|why| Stop::Fault(damaged(day, why)))?;
            let counts = view.counts();
            if !(self.plan.orders && counts.orders > 0 || self.plan.returns && counts.returns > 0) {
                return Ok(());
            }
            explain.segments += 1;
            let scanned = scanner.scan(self.plan, &view, Part::Sealed(self.gone), cells);
            explain.bytes += view.bytes_read() as u64;
            scanned
        };
        scanned.map_err(|fault| stop(fault, day))
    }
}
