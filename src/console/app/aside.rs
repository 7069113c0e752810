//! Work that no key waits for: reports are answered by the workers of the shop, and receipts printed on a thread of their own.
//! What comes of it is taken when the console is woken. Whatever goes wrong there is an answer too.

use super::{Answered, App};
use crate::console::layer::Layer;
use crate::console::layer::page::Page;
use crate::console::screen::{Effect, Input};
use crate::report::{self, GivenUp, Queue, Ticket};
use crate::unit::Day;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::Builder;

/// Receipts that wait for a printer which takes nothing; no more are taken then.
const WAITING: usize = 4;

/// Answers for the tabs that asked.
pub(super) type Answers = (Sender<Answered>, Receiver<Answered>);

/// Reports that are asked for together on one day, each under its name.
type Asked = (Day, Vec<(&'static str, report::Request)>);

/// The questions of all consoles of a shop.
pub type Questions = Queue<Asked>;

/// The questions of one console that are being answered. Where one is let go of, and where the console ends, its worker is
/// told that nobody waits, so that no core is held for an answer that nobody will see.
#[derive(Default)]
pub(in crate::console) struct Underway(Vec<Question>);

struct Question {
    tab: usize,
    names: Vec<&'static str>,
    ticket: Ticket<Asked>,
}

impl Underway {
    /// One more.
    fn begin(&mut self, tab: usize, names: Vec<&'static str>, ticket: Ticket<Asked>) {
        self.0.retain(|question| !question.ticket.is_over());
        self.0.push(Question { tab, names, ticket });
    }

    /// What a tab asked under these names is not wanted any more.
    pub(super) fn give_up(&mut self, tab: usize, names: &[&'static str]) {
        self.0.retain(|question| question.tab != tab || question.names != names);
    }

    /// Nor is anything else that it asked.
    pub(super) fn leave(&mut self, tab: usize) {
        self.0.retain(|question| question.tab != tab);
    }

    /// What tells the workers of all of them.
    #[cfg(test)]
    pub(in crate::console) fn flags(&self) -> Vec<GivenUp> {
        self.0.iter().map(|question| question.ticket.given_up()).collect()
    }
}

impl App {
    /// Has reports answered beside the key path, which never waits for them.
    pub(super) fn ask(&mut self, tab: usize, requests: Vec<(&'static str, report::Request)>) {
        let (shop, wake, kept) = (self.setup.shop.clone(), self.setup.wake.clone(), Arc::clone(&self.setup.kept));
        let answers = self.answers.0.clone();
        let today = super::stamp(&shop, &crate::unit::Zone::utc()).day();
        let names: Vec<&'static str> = requests.iter().map(|(name, _)| *name).collect();
        let work = move |(today, asked): &Asked, given_up: GivenUp| {
            let answer = |request: &report::Request| {
                let snapshot = shop.snapshot().map_err(|fault| fault.to_string())?;
                kept.answer(&snapshot, request, *today, Some(Arc::clone(&given_up))).map_err(|fault| fault.to_string())
            };
            let wanted = asked.iter().take_while(|_| !given_up.load(Ordering::Relaxed));
            let all = wanted.map(|(name, request)| (*name, caught(|| answer(request)))).collect();
            let came = match given_up.load(Ordering::Relaxed) {
                true => Input::GivenUp(asked.iter().map(|(name, _)| *name).collect()),
                false => Input::Answers(all),
            };
            // The console may be gone by now.
            if answers.send((tab, came)).is_ok() {
                wake();
            }
        };
        match self.setup.questions.ask((today, requests), work) {
            Ok(ticket) => self.underway.begin(tab, names, ticket),
            Err(why) => {
                let why =
                    || Err(format!("This cannot be answered now: {why}. Close what is not needed, then ask again."));
                // The other end is this console's own.
                let refused = Input::Answers(names.into_iter().map(|name| (name, why())).collect());
                let _ = self.answers.0.send((tab, refused));
                (self.setup.wake)();
            }
        }
    }

    /// Hands a receipt to the printer, or shows it where there is none.
    pub(super) fn print(&mut self, escpos: Vec<u8>, text: &str) {
        let Some(path) = self.setup.printer.clone() else {
            self.layers.push(Layer::Page(Page::new("Receipt".to_owned(), text)));
            return self.say("No printer is set up; start till with --printer.".to_owned(), false);
        };
        let handed = match &self.printing {
            Some(printing) => printing.hand(escpos),
            None => Printing::start(path, Arc::clone(&self.setup.wake)).map_err(|why| why.to_string()).and_then(
                |printing| {
                    let handed = printing.hand(escpos);
                    self.printing = Some(printing);
                    handed
                },
            ),
        };
        if let Err(why) = handed {
            self.effect(Effect::Refuse(why));
        }
    }

    /// Says what has come of receipts.
    pub(super) fn hear_of_receipts(&mut self) {
        while let Some(done) = self.printing.as_ref().and_then(|printing| printing.done.try_recv().ok()) {
            match done {
                Ok(()) => self.say("Printed.".to_owned(), false),
                Err(why) => self.effect(Effect::Refuse(why)),
            }
        }
    }
}

/// An answer, whatever happens on the way.
fn caught<T>(answer: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let broken = "the report broke one of till's own rules and has no answer; nothing in the shop is changed by that";
    catch_unwind(AssertUnwindSafe(answer)).unwrap_or_else(|_| Err(broken.to_owned()))
}

/// A printer and the thread that waits for it. One that takes nothing holds up that thread alone.
pub(super) struct Printing {
    path: PathBuf,
    receipts: SyncSender<Vec<u8>>,
    done: Receiver<Result<(), String>>,
}

impl Printing {
    /// `wake` is called whenever something has come of a receipt.
    fn start(path: PathBuf, wake: Arc<dyn Fn() + Send + Sync>) -> io::Result<Printing> {
        let (receipts, waiting) = sync_channel::<Vec<u8>>(WAITING);
        let (tell, done) = channel();
        let printer = path.clone();
        // Ends with the console, once the printer has taken what it was given.
        Builder::new().name("till-print".to_owned()).spawn(move || {
            for receipt in waiting {
                let said = printed(&printer, &receipt)
                    .map_err(|why| format!("The printer {} does not take it: {why}", printer.display()));
                // The console may be gone by now; what it asked for is printed all the same.
                if tell.send(said).is_ok() {
                    wake();
                }
            }
        })?;
        Ok(Printing { path, receipts, done })
    }

    fn hand(&self, receipt: Vec<u8>) -> Result<(), String> {
        let path = self.path.display();
        self.receipts.try_send(receipt).map_err(|why| match why {
            TrySendError::Full(_) => format!(
                "The printer {path} takes nothing, and {WAITING} receipts wait for it. See to it, then print this one again."
            ),
            TrySendError::Disconnected(_) => format!("The printer {path} is not served any more; start till again."),
        })
    }
}

fn printed(printer: &Path, receipt: &[u8]) -> io::Result<()> {
    std::fs::OpenOptions::new().append(true).create(true).open(printer)?.write_all(receipt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_on_the_way_to_an_answer_is_an_answer() {
        let answer: Result<(), String> = caught(|| panic!("as told"));
        assert!(answer.is_err_and(|why| why.contains("nothing in the shop is changed")));
        assert_eq!(caught(|| Ok(7)), Ok(7));
    }
}
