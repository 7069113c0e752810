//! What a sale costs at the counter: latency and sales a second with 1, 4, 16 and 64 tills selling at once, everything
//! included (rules, hash chain, checksums, command ids, receipts, stock, and every seal until nothing is left to seal), beside
//! SQLite doing the equal work behind an equal queue in the same run, on the same disk.
//!
//! `cargo bench --bench commit --features peers`; `TILL_BENCH_SECONDS=60` for the figures that count (2 without it),
//! `TILL_BENCH_FOLDER` for another disk, `TILL_BENCH_TILLS` for one row only.

mod counted;
mod load;
mod shop;
#[cfg(feature = "peers")]
mod sqlite;

use load::Figures;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How many tills sell at once.
const CALLERS: [usize; 4] = [1, 4, 16, 64];

fn main() {
    // Only `cargo bench` says so: as a test it shows that it runs.
    let usual = if std::env::args().any(|word| word == "--bench") { 2.0 } else { 0.05 };
    let seconds = std::env::var("TILL_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let time = Duration::from_secs_f64(seconds);
    let parent =
        std::env::var_os("TILL_BENCH_FOLDER").map_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")), PathBuf::from);
    let folder = tempfile::tempdir_in(parent).expect("a folder on the disk to be measured");
    println!("{seconds} s each in {}", folder.path().display());
    println!("one write of 4 KiB and its sync: {}", floor(folder.path()));
    println!("{}", Figures::HEAD);
    let only: Option<usize> = std::env::var("TILL_BENCH_TILLS").ok().and_then(|text| text.parse().ok());
    for callers in CALLERS.into_iter().filter(|callers| only.is_none_or(|only| only == *callers)) {
        let till = shop::measure(&folder.path().join(format!("till-{callers}")), callers, time);
        println!("{}", till.row("till", callers));
        #[cfg(feature = "peers")]
        {
            let sqlite = sqlite::measure(&folder.path().join(format!("sqlite-{callers}")), callers, time);
            println!("{}", sqlite.row("sqlite", callers));
            println!("{:>8} {callers:>4} {:>10.2} ×", "ratio", till.rate() / sqlite.rate());
        }
    }
    #[cfg(not(feature = "peers"))]
    println!("for SQLite beside it: cargo bench --bench commit --features peers");
}

/// What the disk asks for a durable write, at best: median and 99th percentile.
fn floor(folder: &std::path::Path) -> String {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::create(folder.join("floor")).expect("a file");
    file.set_len(4 << 20).and_then(|()| file.sync_all()).expect("room");
    let mut took: Vec<Duration> = (0..400)
        .map(|at| {
            let begun = Instant::now();
            file.write_all_at(&[at as u8; 4096], at % 1024 * 4096).and_then(|()| file.sync_data()).expect("a write");
            begun.elapsed()
        })
        .collect();
    took.sort_unstable();
    format!("p50 {:?}, p99 {:?}", took[200], took[396])
}
