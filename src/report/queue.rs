//! Where questions wait for an answer that no key waits for: a few workers answer those of all who ask, first come, first
//! served. One question is worked at by one worker at a time: whoever asks the same meanwhile finds it answered before, and
//! holds up nobody else until then.
//!
//! It knows whether two questions are the same, and nothing else of them.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, available_parallelism};

/// Workers on any machine: a long question leaves one for the short ones.
const FEWEST: usize = 2;

/// More only wait for memory: a question that reads much takes several cores by itself.
const MOST: usize = 4;

/// Becomes true once nobody waits for the answer any more.
pub type GivenUp = Arc<AtomicBool>;

/// The questions of all who ask at one shop.
pub struct Queue<Q> {
    line: Mutex<Line<Q>>,
    most: usize,
}

struct Line<Q> {
    waiting: VecDeque<Waiting<Q>>,
    /// What is being worked at.
    underway: Vec<Arc<Q>>,
    /// They come with questions and go when there are none: a shop where nobody asks has none.
    workers: usize,
}

struct Waiting<Q> {
    question: Arc<Q>,
    given_up: GivenUp,
    answer: Box<dyn FnOnce(&Q, GivenUp) + Send>,
}

/// Somebody who waits for an answer. Once it is dropped nobody does: where the question still waits, `answer` is called at
/// once, to say so.
pub struct Ticket<Q> {
    queue: Arc<Queue<Q>>,
    given_up: GivenUp,
}

impl<Q> Default for Queue<Q> {
    fn default() -> Queue<Q> {
        let cores = available_parallelism().map_or(FEWEST, usize::from);
        Queue::of(cores.clamp(FEWEST, MOST))
    }
}

impl<Q> Queue<Q> {
    /// A queue with so many workers at most.
    pub fn of(most: usize) -> Queue<Q> {
        Queue { line: Mutex::new(Line { waiting: VecDeque::new(), underway: Vec::new(), workers: 0 }), most }
    }

    /// How many wait for a worker.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Takes those out that nobody waits for.
    fn let_go(&self) {
        let mut line = self.lock();
        let (gone, waiting): (VecDeque<_>, _) =
            std::mem::take(&mut line.waiting).into_iter().partition(|one| one.given_up.load(Ordering::Relaxed));
        line.waiting = waiting;
        drop(line);
        gone.into_iter().for_each(|Waiting { question, given_up, answer }| answer(&question, given_up));
    }

    fn lock(&self) -> MutexGuard<'_, Line<Q>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Q: Eq + Send + Sync + 'static> Queue<Q> {
    /// Has `answer` called by a worker when it is the question's turn.
    ///
    /// # Errors
    /// When the system has no thread for the only worker; the question is not asked then.
    pub fn ask(
        self: &Arc<Self>,
        question: Q,
        answer: impl FnOnce(&Q, GivenUp) + Send + 'static,
    ) -> io::Result<Ticket<Q>> {
        let given_up = GivenUp::default();
        let ticket = Ticket { queue: Arc::clone(self), given_up: Arc::clone(&given_up) };
        let mut line = self.lock();
        line.waiting.push_back(Waiting { question: Arc::new(question), given_up, answer: Box::new(answer) });
        if line.workers < self.most && line.next().is_some() {
            let own = Arc::clone(self);
            match Builder::new().name("till-report".to_owned()).spawn(move || own.work()) {
                Ok(_) => line.workers += 1,
                Err(why) if line.workers == 0 => {
                    line.waiting.pop_back();
                    drop(line);
                    return Err(why);
                }
                // Those who work already come to it.
                Err(_) => {}
            }
        }
        drop(line);
        Ok(ticket)
    }

    fn work(&self) {
        let mut done = None;
        while let Some(Waiting { question, given_up, answer }) = self.turn(done.take()) {
            // Whatever goes wrong with one question is no other's trouble.
            let _ = catch_unwind(AssertUnwindSafe(|| answer(&question, given_up)));
            done = Some(question);
        }
    }

    /// What a worker that is done with a question does next; `None`: it goes.
    fn turn(&self, done: Option<Arc<Q>>) -> Option<Waiting<Q>> {
        let mut line = self.lock();
        line.underway.retain(|question| done.as_ref().is_none_or(|done| !Arc::ptr_eq(question, done)));
        let next = line.next().and_then(|at| line.waiting.remove(at));
        match &next {
            Some(next) => line.underway.push(Arc::clone(&next.question)),
            None => line.workers -= 1,
        }
        next
    }
}

impl<Q: Eq> Line<Q> {
    /// The place of the first that nobody works at.
    fn next(&self) -> Option<usize> {
        self.waiting.iter().position(|one| !self.underway.contains(&one.question))
    }
}

impl<Q> Ticket<Q> {
    /// Whether nothing comes of it any more.
    pub fn is_over(&self) -> bool {
        Arc::strong_count(&self.given_up) == 1
    }

    /// What tells the worker.
    #[cfg(test)]
    pub fn given_up(&self) -> GivenUp {
        Arc::clone(&self.given_up)
    }
}

impl<Q> Drop for Ticket<Q> {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::Relaxed);
        if !self.is_over() {
            self.queue.let_go();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};
    use std::thread::{ThreadId, current};
    use std::time::Duration;

    /// How long anything may take that must happen.
    const PATIENCE: Duration = Duration::from_secs(20);

    /// An answer: of which question, whether it was given up, and by whom it was said.
    type Said = (u8, bool, ThreadId);

    struct Office {
        queue: Arc<Queue<u8>>,
        tell: Sender<Said>,
        said: Receiver<Said>,
    }

    impl Office {
        fn of(workers: usize) -> Office {
            let (tell, said) = channel();
            Office { queue: Arc::new(Queue::of(workers)), tell, said }
        }

        /// Asks a question that a worker works at by now, until the sender is dropped.
        fn ask_long(&self, question: u8) -> (Ticket<u8>, Sender<()>) {
            let ((go, wait), (begin, begun)) = (channel::<()>(), channel());
            let tell = self.tell.clone();
            let answer = move |question: &u8, given_up: GivenUp| {
                begin.send(()).unwrap();
                assert!(wait.recv().is_err());
                tell.send((*question, given_up.load(Ordering::Relaxed), current().id())).unwrap();
            };
            let ticket = self.queue.ask(question, answer).unwrap();
            begun.recv_timeout(PATIENCE).expect("a worker");
            (ticket, go)
        }

        fn ask(&self, question: u8) -> Ticket<u8> {
            let tell = self.tell.clone();
            let answer = move |question: &u8, given_up: GivenUp| {
                tell.send((*question, given_up.load(Ordering::Relaxed), current().id())).unwrap();
            };
            self.queue.ask(question, answer).unwrap()
        }

        fn next(&self) -> Said {
            self.said.recv_timeout(PATIENCE).expect("an answer")
        }
    }

    #[test]
    fn many_questions_are_answered_in_their_order_by_few() {
        let office = Office::of(2);
        let (_one, go_one) = office.ask_long(1);
        let (_two, go_two) = office.ask_long(2);
        let tickets: Vec<_> = (3..100).map(|question| office.ask(question)).collect();
        assert_eq!(office.queue.lock().workers, 2);
        assert!(office.said.try_recv().is_err(), "both workers are busy");
        drop(go_one);
        let mut said: Vec<Said> = (0..98).map(|_| office.next()).collect();
        assert!(said.iter().map(|(question, ..)| *question).eq([1].into_iter().chain(3..100)), "{said:?}");
        drop(go_two);
        said.push(office.next());
        said.sort_by_key(|(question, ..)| *question);
        said.dedup_by_key(|(.., worker)| *worker);
        assert!(said.len() <= 3, "two threads, of which one answered a single question: {said:?}");
        drop(tickets);
    }

    #[test]
    fn the_same_question_waits_for_its_answer_and_holds_up_no_other() {
        let office = Office::of(2);
        let (_long, go) = office.ask_long(1);
        let _same: Vec<_> = (0..5).map(|_| office.ask(1)).collect();
        let _other = office.ask(2);
        assert_eq!(office.next().0, 2, "it passes by those who wait");
        assert!(office.said.try_recv().is_err());
        drop(go);
        assert!((0..6).all(|_| office.next().0 == 1));
    }

    #[test]
    fn what_is_given_up_while_it_waits_is_said_at_once_and_is_worked_at_by_nobody() {
        let office = Office::of(1);
        let (long, go) = office.ask_long(1);
        let (waiting, still) = (office.ask(2), office.ask(3));
        drop(waiting);
        assert_eq!(office.said.try_recv(), Ok((2, true, current().id())), "by whoever gave it up");
        // One that is worked at hears of it.
        drop(long);
        drop(go);
        let (question, given_up, worker) = office.next();
        assert!((question, given_up) == (1, true) && worker != current().id());
        assert_eq!(office.next().0, 3);
        drop(still);
        assert!(office.said.try_recv().is_err(), "an answer that has come is not given up");
    }

    #[test]
    fn a_panic_over_one_question_leaves_the_others_their_answers() {
        let office = Office::of(1);
        let (_long, go) = office.ask_long(1);
        let _broken = office.queue.ask(2, |_, _| panic!("as told")).unwrap();
        let _next = office.ask(3);
        drop(go);
        assert_eq!([office.next().0, office.next().0], [1, 3]);
    }
}
