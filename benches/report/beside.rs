//! What selling costs while reports are asked: the same sales alone, and beside somebody who asks one report after the other,
//! each as if for the first time; and what memory all of it took.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use till::engine::Shop;
use till::report::{Answers, Request};
use till::unit::Day;

/// How long each part lasts.
const LASTS: Duration = Duration::from_secs(8);
/// Between two sales: a busy shop's fifty tills.
const PAUSE: Duration = Duration::from_millis(10);

/// Prints the middle and the 99th percentile of a sale, alone and beside reports.
pub fn measure(shop: &Shop, words: &[String], today: Day, sell: impl Fn(&Shop) + Sync) {
    let alone = sales(shop, &sell);
    let (done, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    let beside = std::thread::scope(|scope| {
        scope.spawn(|| {
            for words in words.iter().cycle() {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                let request = Request::parse(&shlex::split(words).expect("words")).expect(words);
                let snapshot = shop.snapshot().expect("a snapshot");
                Answers::new().answer(&snapshot, &request, today, None).expect("an answer");
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
        let beside = sales(shop, &sell);
        done.store(true, Ordering::Relaxed);
        beside
    });
    println!("a sale alone:          p50 {:.2} ms, p99 {:.2} ms", ms(alone.0), ms(alone.1));
    println!(
        "a sale beside reports: p50 {:.2} ms, p99 {:.2} ms ({:.2} ×), {} reports meanwhile",
        ms(beside.0),
        ms(beside.1),
        beside.1.as_secs_f64() / alone.1.as_secs_f64(),
        asked.load(Ordering::Relaxed)
    );
    if let Some(most) = most_memory() {
        println!("most memory of the whole run: {} MB", most / 1024);
    }
}

fn sales(shop: &Shop, sell: &impl Fn(&Shop)) -> (Duration, Duration) {
    let (begun, mut took) = (Instant::now(), Vec::new());
    while begun.elapsed() < LASTS {
        let at = Instant::now();
        sell(shop);
        took.push(at.elapsed());
        std::thread::sleep(PAUSE.saturating_sub(at.elapsed()));
    }
    took.sort_unstable();
    (took[took.len() / 2], took[took.len() * 99 / 100])
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// KB, where the system says.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
