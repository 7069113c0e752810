//! The sales that are rung, the tills that ring them, and what is measured.

use fastrand::Rng;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Products on the shelf.
pub const PRODUCTS: u32 = 300;
/// Customers on record.
pub const CUSTOMERS: u32 = 1_000;
/// Stores.
pub const STORES: u16 = 3;
/// Registers.
pub const REGISTERS: u16 = 64;

/// A sale of three lines.
pub struct Sale {
    /// The register, from 1.
    pub register: u16,
    /// A third of the buyers are known.
    pub customer: Option<u32>,
    /// Product, from 1, and pieces.
    pub lines: [(u32, i64); 3],
}

impl Sale {
    fn any(caller: usize, rng: &mut Rng) -> Sale {
        let mut line = || (rng.u32(1..=PRODUCTS), rng.i64(1..4));
        let lines = [line(), line(), line()];
        Sale { register: caller as u16 + 1, customer: (rng.u8(..3) == 0).then(|| rng.u32(1..=CUSTOMERS)), lines }
    }
}

/// What was measured.
pub struct Figures {
    /// From the first sale to the end, sealing what was left included.
    pub took: Duration,
    /// Of all threads, tills included.
    pub cpu: Duration,
    /// Of every sale, ascending.
    pub latencies: Vec<Duration>,
    /// Syncs asked of the disk, where they can be counted; else commits.
    pub syncs: u64,
    /// Bytes handed to the disk, where they can be counted.
    pub written: Option<u64>,
    /// Size of the files at the end.
    pub size: u64,
}

impl Figures {
    /// The table's first row.
    pub const HEAD: &str =
        "         tills    sales/s        p50        p99        max  sales/sync   cpu/sale  written/sale  file/sale";

    /// Sales a second, sealing what was left included.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    /// A row of the table.
    pub fn row(&self, name: &str, callers: usize) -> String {
        let count = self.latencies.len();
        let at = |share: f64| ms(self.latencies[((count as f64 * share) as usize).min(count - 1)]);
        let each = |bytes: u64| format!("{} B", bytes / count as u64);
        format!(
            "{name:>8} {callers:>4} {:>10.0} {} {} {} {:>11.1} {:>7.1} µs {:>13} {:>10}",
            self.rate(),
            at(0.5),
            at(0.99),
            at(1.0),
            count as f64 / self.syncs as f64,
            self.cpu.as_secs_f64() * 1e6 / count as f64,
            self.written.map_or("-".to_owned(), each),
            each(self.size),
        )
    }
}

fn ms(time: Duration) -> String {
    format!("{:>7.2} ms", time.as_secs_f64() * 1e3)
}

/// What the process has used of the processors so far: a figure that a busy machine changes least.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    // The name in brackets may hold spaces; user and system time stand 12 and 13 after it, in hundredths of a second.
    let fields = stat.rsplit_once(") ").expect("a name in brackets").1.split(' ').skip(11).take(2);
    let ticks: u64 = fields.map(|field| field.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
}

/// Rings sales at `callers` tills for `time`, each till waiting for its answer; `finish` is what remains to be done and
/// counts as time, but not as latency.
pub fn drive(callers: usize, time: Duration, sell: impl Fn(&Sale) + Sync, finish: impl FnOnce()) -> Figures {
    let (start, over) = (Barrier::new(callers + 1), AtomicBool::new(false));
    let till = |caller: usize| {
        let mut rng = Rng::with_seed(caller as u64);
        let mut latencies = Vec::with_capacity(1 << 16);
        start.wait();
        while !over.load(Ordering::Relaxed) {
            let sale = Sale::any(caller, &mut rng);
            let begun = Instant::now();
            sell(&sale);
            latencies.push(begun.elapsed());
        }
        latencies
    };
    std::thread::scope(|scope| {
        let tills: Vec<_> = (0..callers).map(|caller| scope.spawn(move || till(caller))).collect();
        start.wait();
        let (begun, used) = (Instant::now(), cpu());
        std::thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        let mut latencies: Vec<Duration> =
            tills.into_iter().flat_map(|till| till.join().expect("a till that sells")).collect();
        finish();
        let took = begun.elapsed();
        let cpu = cpu() - used;
        latencies.sort_unstable();
        Figures { took, cpu, latencies, syncs: 0, written: None, size: 0 }
    })
}
