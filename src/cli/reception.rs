//! Where callers of a served shop come in: each gets a thread of its own, and what it asks for.
//!
//! A panic in one session ends that session alone; a fault of the shop ends them all, each told so.

use super::hall::{FAREWELL, Hall};
use super::place::Place;
use super::proof::Proof;
use super::streams::Streams;
use super::{Arguments, Sub, Trouble, desk, told, told_with, words};
use crate::session::{Caller, Hello, Listening, Peer, Pipes, Wakeups, turn_away};
#[cfg(feature = "ssh")]
use crate::{
    domain::{Command, Note, Request, command::Actor},
    engine::{Shop, knocks::Heard},
    unit::{StaffId, Text, text::fit},
};
use std::collections::BTreeMap;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Callers at one time; more are told to come later.
const MOST_CALLERS: usize = 512;
/// How long a server that was started for a client waits for it, and for the next one.
const IDLE: Duration = Duration::from_secs(2);

/// The way in.
#[derive(Clone)]
pub(super) struct Reception {
    hall: Arc<Hall>,
    callers: Arc<Mutex<BTreeMap<u64, UnixStream>>>,
    numbers: Arc<AtomicU64>,
    /// The user this process runs as.
    own_user: u32,
}

impl Reception {
    pub fn new(hall: &Arc<Hall>) -> Reception {
        Reception {
            hall: Arc::clone(hall),
            callers: Arc::default(),
            numbers: Arc::default(),
            own_user: rustix::process::getuid().as_raw(),
        }
    }

    /// Lets callers in until it is told to end, or, if so wanted, until nobody has been there for a while.
    pub fn serve(&self, door: &mut Listening, wakeups: &Wakeups, until_idle: bool) -> Result<(), Trouble> {
        let mut empty_since = Instant::now();
        loop {
            if !self.lock().is_empty() {
                empty_since = Instant::now();
            }
            let alone = until_idle && empty_since.elapsed() >= IDLE;
            if self.hall.is_ending() || alone || self.hall.shop().fault().is_some() {
                break;
            }
            let until = until_idle.then(|| Instant::now() + IDLE / 4);
            if let Some((stream, peer)) = door.next(wakeups, until)? {
                self.admit(stream, peer);
            }
        }
        door.shut();
        self.farewell();
        Ok(())
    }

    /// Gives a caller from the socket a thread of its own.
    fn admit(&self, stream: UnixStream, peer: Peer) {
        let user = peer.user.unwrap_or(self.own_user);
        let proof = if user == self.own_user || user == 0 { Proof::Owner(user) } else { Proof::User(user) };
        self.receive(stream, proof);
    }

    /// Gives a caller a thread of its own.
    pub fn receive(&self, stream: UnixStream, proof: Proof) {
        let number = self.numbers.fetch_add(1, Ordering::SeqCst);
        let Ok(kept) = stream.try_clone() else { return };
        let mut callers = self.lock();
        if callers.len() >= MOST_CALLERS {
            drop(callers);
            return turn_away(stream, "too many terminals are at work in the shop; try again in a moment");
        }
        callers.insert(number, kept);
        drop(callers);
        let own = self.clone();
        let thread = std::thread::Builder::new().name(format!("till-session-{number}"));
        let started = thread.spawn(move || {
            own.attend(stream, &proof);
            own.lock().remove(&number);
            own.hall.ring();
        });
        if started.is_err() {
            self.lock().remove(&number);
        }
    }

    fn attend(&self, stream: UnixStream, proof: &Proof) {
        // A caller that goes wrong before it has said what it wants is owed nothing.
        let Ok(Some(caller)) = Caller::greet(stream) else { return };
        attended(caller, |caller| self.answer(caller, proof));
    }

    fn answer(&self, caller: &mut Caller, proof: &Proof) -> (u8, String) {
        let words = std::iter::once("till".to_owned()).chain(caller.hello.words.iter().cloned());
        let arguments = match read(words.collect()) {
            Ok(arguments) => arguments,
            Err(why) if why.use_stderr() => return told(Err(Trouble::Usage(words::in_one_line(&why)))),
            Err(help) => return (0, help.to_string().trim_end().to_owned()),
        };
        let done = match (arguments.command, &caller.hello.screen) {
            (None, Some(_)) => desk::serve(&self.hall, caller, &arguments.looks, proof),
            (Some(Sub::Stop(_)), _) => self.hall.stop(proof),
            (Some(Sub::Restore(restore)), None) => {
                let hello = caller.hello.clone();
                if !proof.is_owner() {
                    return told(Err(Trouble::Failed("only the owner of the shop file may restore it".to_owned())));
                }
                let place = Place::running(&self.hall.path, self.hall.serving(), None, proof.origin(&hello.from));
                let ran = caller
                    .command(|pipes| told(restore.within(&self.hall, &place, &mut streams(&hello, pipes, || true))));
                return ran.unwrap_or_else(|why| told(Err(Trouble::Failed(why.to_string()))));
            }
            (Some(Sub::Work(work)), None) => {
                let person = match desk::on_behalf(&self.hall, &work, proof, &caller.hello.from) {
                    Ok(person) => person,
                    Err(why) => return told(Err(why)),
                };
                let from = proof.origin(&caller.hello.from);
                let place = Place::running(&self.hall.path, self.hall.serving(), person, from);
                let hello = caller.hello.clone();
                let (hall, right, proof) = (Arc::clone(&self.hall), desk::right_for(&work), proof.clone());
                let may_still = move || desk::may_still(&hall, &proof, right);
                let ran = caller.command(|pipes| {
                    let mut streams = streams(&hello, pipes, may_still);
                    let done = work.run(place, &mut streams);
                    told_with(done, streams.remark)
                });
                return ran.unwrap_or_else(|why| told(Err(Trouble::Failed(why.to_string()))));
            }
            _ => Err(Trouble::Usage("this cannot be asked of a shop's server".to_owned())),
        };
        told(done)
    }

    /// Waits a while for sessions to end by themselves, and then ends them.
    fn farewell(&self) {
        self.hall.send_away("The shop's server has been stopped.");
        let until = Instant::now() + FAREWELL;
        while !self.lock().is_empty() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
        for stream in self.lock().values() {
            // One that is gone needs no ending.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, UnixStream>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(feature = "ssh")]
impl crate::session::Doors for Reception {
    fn owner(&self, fingerprint: &str) -> Option<u16> {
        let snapshot = self.hall.shop().snapshot().ok()?;
        let directory = snapshot.directory();
        let owner = directory.key_owner(fingerprint)?;
        directory.opens(fingerprint, owner).then_some(owner.0)
    }

    fn enter(&self, stream: UnixStream, person: u16, fingerprint: &str) {
        self.receive(stream, Proof::Person(StaffId(person), fingerprint.to_owned()));
    }

    fn refused(&self, from: &str, name: &str, fingerprints: &[String]) {
        let shop = self.hall.shop();
        let notes = fingerprints.iter().filter_map(|fingerprint| {
            Some(match self.hall.knocks.heard(from, shop.now_ms()) {
                Heard::Whole => Note::KeyRefused {
                    from: Text::lossy(from),
                    fingerprint: Text::lossy(fingerprint),
                    name: Text::lossy(&fit(name, 40)),
                },
                Heard::More => Note::MoreKeysRefused { from: Text::lossy(from) },
                Heard::MoreFromAll => Note::MoreKeysRefused { from: Text::lossy("many addresses") },
                Heard::Nothing => return None,
            })
        });
        let notes: Vec<Note> = notes.collect();
        if !notes.is_empty() {
            // Whoever carries the bytes of all sessions does not wait for the disk. A line that cannot be had is not kept.
            let _ = std::thread::Builder::new().name("till-knocks".to_owned()).spawn(move || keep(&shop, notes));
        }
    }
}

/// Keeps notes of those who did not come in. Each must be somebody's: it is the first's who works here.
#[cfg(feature = "ssh")]
fn keep(shop: &Shop, notes: Vec<Note>) {
    let Ok(snapshot) = shop.snapshot() else { return };
    let directory = snapshot.directory();
    let register = directory.registers.first().map(|register| register.id);
    let staff = directory.staff.iter().find(|person| !person.disabled).map(|person| person.id);
    let (Some(staff), Some(register)) = (staff, register) else { return };
    drop(snapshot);
    for note in notes {
        let request = Request { id: shop.new_id(), actor: Actor { staff, register }, command: Command::Note(note) };
        // A shop that has stopped says so at the next thing anybody does.
        let _ = shop.execute(request);
    }
}

/// Reads a command line in a moment of its own: what that takes of the stack and the heap is not kept by a session that
/// may stay for a day.
fn read(words: Vec<String>) -> Result<Arguments, clap::Error> {
    let reader = std::thread::Builder::new().name("till-words".to_owned());
    std::thread::scope(|scope| match reader.spawn_scoped(scope, || words::read(&words)) {
        Ok(reading) => reading.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked)),
        Err(_) => words::read(&words),
    })
}

/// A subcommand's streams at the other end of a caller's. What goes on and on ends once it `may` no more.
fn streams(hello: &Hello, pipes: Pipes, may: impl Fn() -> bool + Send + Sync + 'static) -> Streams {
    let Pipes { input, out, gone } = pipes;
    let (steps, typed) = (out.clone(), out.clone());
    Streams {
        input,
        out: Box::new(std::io::BufWriter::new(out)),
        asks: hello.asks,
        out_is_terminal: hello.out_is_terminal,
        folder: hello.folder.clone(),
        watch: Arc::new(move |step| steps.progress(serde_json::to_vec(&step).unwrap_or_default())),
        echo: Arc::new(move |on| typed.echo(on)),
        alive: Arc::new(move || !gone.load(Ordering::SeqCst) && may()),
        remark: String::new(),
    }
}

/// Answers a caller. A panic on the way ends this session alone, which is told so.
fn attended(mut caller: Caller, answer: impl FnOnce(&mut Caller) -> (u8, String)) {
    let served = catch_unwind(AssertUnwindSafe(|| answer(&mut caller)));
    let (status, words) = served.unwrap_or_else(|_| {
        let words = "till: this session broke one of till's own rules and was ended; nothing that was confirmed is lost, \
                     and the others go on. Start till again to go on";
        (1, words.to_owned())
    });
    caller.leave(status, &words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::{Bar, Step, Watch};
    use crate::session::{Ending, call};

    /// A caller whom `answer` answers: how it ended for the client.
    fn served(answer: impl FnOnce(&mut Caller) -> (u8, String) + Send + 'static) -> Ending {
        let (here, there) = UnixStream::pair().unwrap();
        let server = std::thread::spawn(move || attended(Caller::greet(there).unwrap().unwrap(), answer));
        let ending = call(here, &Hello::default()).unwrap().unwrap().command(&|_| {}, false).unwrap();
        server.join().expect("the server's thread goes on to its end");
        ending
    }

    #[test]
    fn how_far_work_is_comes_to_the_client_step_by_step() {
        fn work(watch: &Watch) {
            let bar = Bar::new(watch, "reading", 3);
            (1..=3).for_each(|done| bar.to(done));
        }
        let alone: Arc<Mutex<Vec<Step>>> = Arc::default();
        let heard = Arc::clone(&alone);
        let watch: Watch = Arc::new(move |step| heard.lock().unwrap().push(step));
        work(&watch);
        let (here, there) = UnixStream::pair().unwrap();
        let server = std::thread::spawn(move || {
            attended(Caller::greet(there).unwrap().unwrap(), |caller| {
                let hello = caller.hello.clone();
                let done = |pipes| {
                    work(&streams(&hello, pipes, || true).watch);
                    (0, String::new())
                };
                caller.command(done).unwrap()
            });
        });
        let served = Mutex::new(Vec::new());
        let heard = |step: &[u8]| served.lock().unwrap().push(serde_json::from_slice::<Step>(step).unwrap());
        let call = call(here, &Hello::default()).unwrap().unwrap();
        assert_eq!(call.command(&heard, false).unwrap(), Ending::Over(0, String::new()));
        server.join().unwrap();
        let alone = alone.lock().unwrap();
        assert_eq!((served.into_inner().unwrap(), 4), (alone.clone(), alone.len()));
    }

    #[test]
    fn a_client_may_look_at_a_page_of_output_for_as_long_as_it_likes() {
        let (here, there) = UnixStream::pair().unwrap();
        let patience = std::thread::spawn(move || {
            let mut caller = Caller::greet(there).unwrap().unwrap();
            let stream = caller.stream().unwrap();
            let mut patience = None;
            let run = |_| {
                patience = stream.write_timeout().unwrap();
                (0, String::new())
            };
            let (status, words) = caller.command(run).unwrap();
            caller.leave(status, &words);
            patience
        });
        let ending = call(here, &Hello::default()).unwrap().unwrap().command(&|_| {}, false).unwrap();
        assert_eq!((patience.join().unwrap(), ending), (None, Ending::Over(0, String::new())));
    }

    #[test]
    fn where_a_caller_says_they_come_from_is_cleaned_before_anybody_sees_it() {
        let (here, there) = UnixStream::pair().unwrap();
        let server = std::thread::spawn(move || Caller::greet(there).unwrap().unwrap().hello.from);
        let from = format!("10.0.0.7\u{1b}[2J\u{202e}\n{}", "x".repeat(5_000));
        drop(call(here, &Hello { from, ..Hello::default() }).unwrap());
        let from = server.join().unwrap();
        assert!(crate::unit::Text::is_clean(&from) && from.starts_with("10.0.0.7"), "{from:?}");
        assert!(from.chars().count() <= 64);
    }

    #[test]
    fn whoever_is_turned_away_is_told_why_and_does_not_try_again_for_ever() {
        let (here, there) = UnixStream::pair().unwrap();
        turn_away(there, "too many are here");
        let why = call(here, &Hello::default()).map(drop).unwrap_err();
        assert_eq!(why.to_string(), "too many are here");
        // One that closed without a word was just leaving.
        let (here, there) = UnixStream::pair().unwrap();
        drop(there);
        assert!(call(here, &Hello::default()).unwrap().is_none());
    }

    #[test]
    fn a_panic_ends_the_session_it_happened_in_with_a_word_and_no_other() {
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let (here, there) = UnixStream::pair().unwrap();
        let server = std::thread::spawn(move || {
            attended(Caller::greet(there).unwrap().unwrap(), |_| {
                wait.recv().unwrap();
                (0, "goes on".to_owned())
            });
        });
        let another = call(here, &Hello::default()).unwrap().unwrap();
        let Ending::Over(1, words) = served(|_| panic!("as told")) else { panic!("the client was told nothing") };
        assert!(words.contains("nothing that was confirmed is lost"), "{words}");
        go_on.send(()).unwrap();
        // Its client reads only now: one at a time has this process's standard output.
        let ending = another.command(&|_| {}, false).unwrap();
        assert_eq!(ending, Ending::Over(0, "goes on".to_owned()), "it was there all the while");
        server.join().unwrap();
        assert_eq!(served(|_| (0, "comes later".to_owned())), Ending::Over(0, "comes later".to_owned()));
    }
}
