//! What people at work cost, seen from outside: 1, 50 and 200 sessions at one server, each pressing two keys a second on its
//! list of orders while a colleague sells once a second; and one session at the end of a slow line.
//!
//! `cargo bench --bench sessions`; `TILL_BENCH_SECONDS=60` a row for the figures that count (10 without it),
//! `TILL_BENCH_SESSIONS` for one row only, `TILL_BENCH_ORDERS` for a demo shop of another size (20,000).
//!
//! The server is `till serve`, a process of its own. The sessions are held by this one process at the shop's socket, where a
//! `till` in a terminal would be: two hundred of those would take the cores from the server that is measured, and what they add
//! to a key by carrying its bytes is not in the times. Each has an emulator of 80x24, for a frame may come by itself: what
//! answers a key is the first frame after it in which the mark stands at another order, which no sale can do. A live frame that
//! comes in between is counted as such, and the keys it came before make the columns `beside live`. The keys are Down and Home
//! by turns, half a second apart: at the top of the list every sale is seen to arrive, further down the list stands still.
//! Sales fall on whole seconds from the start, Down anywhere in the half second after them and Home in the other half, so that
//! keys meet the moment when all screens are drawn as often as by chance. A key that is due while the one before is unanswered
//! waits for it, and its time is counted from when it was due.
//!
//! Times are from writing the key to reading the first byte of its frame. CPU is of one core, `bench` what this process took of
//! it beside the server. Memory is what the server has resident with the colleague alone, who has been on the list and has
//! sold, with everyone on the list, and at the end. The row without sessions says what the shop itself grows by while it sells;
//! what is more than that is divided by the sessions, and says little where there is one.
//!
//! The slow line lets 2,000 bytes a second through either way and takes 150 ms; what does not fit waits, however long. It
//! carries what a terminal is sent, as SSH would (not the few bytes around it on the socket), and brings the terminal's answers
//! back. There a key is seen when the last byte of its frame has arrived. The socket is told of a terminal far away, as one
//! over SSH is.

mod attached;
mod colleague;
mod line;
mod load;
mod process;
#[path = "../../tests/pty/mod.rs"]
#[allow(dead_code, reason = "the benchmark starts servers only")]
mod pty;
mod slow;
mod typist;

use pty::{Serving, TILL};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// How many are at work at once.
const SESSIONS: [usize; 3] = [1, 50, 200];

fn main() {
    // Only `cargo bench` says so: as a test it shows that it runs.
    let is_bench = std::env::args().any(|word| word == "--bench");
    let seconds = number("TILL_BENCH_SECONDS").unwrap_or(if is_bench { 10.0 } else { 1.0 });
    let orders = number("TILL_BENCH_ORDERS").unwrap_or(if is_bench { 20_000.0 } else { 300.0 });
    let only = number("TILL_BENCH_SESSIONS").or(if is_bench { None } else { Some(2.0) });
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let shop = folder.path().join("shop.redb");
    grow(folder.path(), orders as u64);
    let lasts = Duration::from_secs_f64(seconds);
    println!("{seconds} s a row, a demo shop of {orders} orders, one sale a second, {} cores", process::cores());
    println!("{}", load::HEAD);
    let run = |sessions| {
        let serving = Serving::start(&shop, &[]);
        let run = load::measure(&shop, serving.process(), sessions, lasts);
        serving.stop(&shop);
        run
    };
    let alone = run(0);
    println!("{}", alone.row(&alone));
    for sessions in only.map_or(SESSIONS.to_vec(), |only| vec![only as usize]) {
        println!("{}", run(sessions).row(&alone));
    }
    println!("{}", slow::HEAD);
    let serving = Serving::start(&shop, &[]);
    for (name, walk) in slow::WALKS {
        println!("{}", slow::measure(&shop, name, walk, lasts));
    }
    serving.stop(&shop);
}

fn number(name: &str) -> Option<f64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The same goods, people and trade every time, up to today.
fn grow(folder: &Path, orders: u64) {
    let mut command = Command::new(TILL);
    command.args(["demo", "--only-make", "--orders", &orders.to_string(), "--keep"]).arg(folder);
    let made = command.output().expect("till");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

/// A time as the tables show it; nothing where there was none.
fn ms(time: Option<Duration>) -> String {
    time.map_or("-".to_owned(), |time| format!("{:.2}", time.as_secs_f64() * 1e3))
}

/// The value at this share of ascending ones.
fn at(sorted: &[Duration], share: f64) -> Option<Duration> {
    sorted.get(((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1))).copied()
}
