//! Many sessions at one server: a row of the first table.

use crate::attached::{Attached, marked_order, sleep};
use crate::colleague::Colleague;
use crate::typist::{Answers, Typist, Walk};
use crate::{at, ms, process};
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// The table's first rows.
pub const HEAD: &str = "
           --- CPU ---   --------------- server's memory --------------   -- key to frame, ms --------   --- beside live -----  live frames
sessions  server  bench     before      all there     at the end  a session   keys     p50     p99     max   keys     p50     p99  a session, s";

/// Down and back to the top of the list of orders.
pub const ORDERS: Walk = Walk { keys: &["\x1b[B", "\x1b[H"], state: marked_order };

/// Between a sale and the first key after it, at most.
const HALF: Duration = Duration::from_millis(500);
/// How long the last keys may take to be answered.
const PATIENCE: Duration = Duration::from_secs(5);

/// Somebody at work.
struct Person {
    terminal: Attached,
    typist: Typist,
}

/// What one run says.
pub struct Run {
    sessions: usize,
    answers: Answers,
    unanswered: usize,
    took: Duration,
    server: Duration,
    bench: Duration,
    /// KB.
    before: u64,
    all_there: u64,
    after: u64,
}

/// Has `sessions` people work at the shop that `server` serves, for so long.
pub fn measure(shop: &Path, server: u32, sessions: usize, lasts: Duration) -> Run {
    let colleague = Colleague::enter(shop);
    let before = process::memory(server);
    let mut terminals: Vec<Attached> = (0..sessions).map(|_| Attached::enter(shop, Attached::client(), &[])).collect();
    terminals.iter_mut().for_each(Attached::go_to_orders);
    let all_there = process::memory(server);
    let start = Instant::now() + HALF;
    let mut chance = fastrand::Rng::with_seed(sessions as u64);
    let person = |terminal| {
        let typist = Typist::new(ORDERS, start + HALF.mul_f64(chance.f64()));
        Person { terminal, typist }
    };
    let mut people: Vec<Person> = terminals.into_iter().map(person).collect();
    let (working, over) = channel();
    std::thread::scope(|scope| {
        let selling = scope.spawn(move || colleague.sell_on(start, &over));
        sleep(&mut [], start);
        let used = || (process::cpu(server), process::cpu(std::process::id()));
        let (begun, then) = (Instant::now(), used());
        work(&mut people, start + lasts);
        let (took, now) = (begun.elapsed(), used());
        drop(working);
        let colleague = selling.join().expect("a colleague who sells");
        let after = process::memory(server);
        drop(colleague);
        let (answers, unanswered) = finish(people);
        let (server, bench) = (now.0 - then.0, now.1 - then.1);
        Run { sessions, answers, unanswered, took, server, bench, before, all_there, after }
    })
}

/// Everyone presses keys until then, and waits for the last answers.
fn work(people: &mut [Person], end: Instant) {
    loop {
        let now = Instant::now();
        let wake = if now < end {
            people.iter_mut().for_each(Person::press);
            people.iter().filter_map(|person| person.typist.due()).min().unwrap_or(end).min(end)
        } else {
            end + PATIENCE
        };
        let all_answered = people.iter().all(|person| person.typist.due().is_some());
        if now >= end && (all_answered || now >= wake) {
            return;
        }
        let mut fds: Vec<_> = people.iter().map(|person| person.terminal.poll()).collect();
        sleep(&mut fds, wake);
        let has_come: Vec<bool> = fds.iter().map(|fd| !fd.revents().is_empty()).collect();
        // All is read before any of it is looked at, which takes time.
        let mut came = Vec::new();
        for (person, _) in people.iter_mut().zip(has_come).filter(|(_, has_come)| *has_come) {
            let moment = Instant::now();
            person.terminal.read();
            came.push((person, moment));
        }
        came.into_iter().for_each(|(person, moment)| person.look(moment));
    }
}

impl Person {
    fn press(&mut self) {
        if let Some(key) = self.typist.press(self.terminal.screen()) {
            self.terminal.send(key);
        }
    }

    fn look(&mut self, came: Instant) {
        while let Some(bytes) = self.terminal.frame() {
            self.terminal.show(&bytes);
            self.typist.see(self.terminal.screen(), came, bytes.len());
        }
    }
}

fn finish(people: Vec<Person>) -> (Answers, usize) {
    let (mut all, mut unanswered) = (Answers::default(), 0);
    for person in people {
        let (answers, waits) = person.typist.finish();
        all.add(answers);
        unanswered += usize::from(waits);
    }
    (all, unanswered)
}

impl Run {
    /// What the server grew by, in KB.
    pub fn grew(&self) -> i64 {
        self.after as i64 - self.before as i64
    }

    /// A row of the table, beside a run in which nobody was there but the colleague.
    pub fn row(&self, alone: &Run) -> String {
        let sessions = self.sessions;
        let (all, beside) = self.answers.sorted();
        let share = |used: Duration| format!("{:.1} %", used.as_secs_f64() / self.took.as_secs_f64() * 100.0);
        let each = |all: f64| (sessions > 0).then(|| all / sessions as f64);
        let memory = each((self.grew() - alone.grew()) as f64).map_or("-".to_owned(), |size| format!("{size:.0} KB"));
        let live = each(self.answers.live as f64 / self.took.as_secs_f64());
        let live = live.map_or("-".to_owned(), |frames| format!("{frames:.2}"));
        let row = format!(
            "{sessions:>8} {:>7} {:>6} {:>7} KB {:>11} KB {:>11} KB {memory:>10} {:>6} {:>7} {:>7} {:>7} {:>6} {:>7} {:>7} {live:>13}",
            share(self.server),
            share(self.bench),
            self.before,
            self.all_there,
            self.after,
            all.len(),
            ms(at(&all, 0.5)),
            ms(at(&all, 0.99)),
            ms(at(&all, 1.0)),
            beside.len(),
            ms(at(&beside, 0.5)),
            ms(at(&beside, 0.99)),
        );
        match self.unanswered {
            0 => row,
            some => format!("{row}\n{some} keys were still unanswered {} s after the end", PATIENCE.as_secs()),
        }
    }
}
