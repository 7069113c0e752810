//! A session on the process's own terminal: moves bytes between it and [`Session`], and sleeps when there are none.
//!
//! It must never know what the bytes mean. One call of `poll` waits for keys, signals, wake-ups and room to write, with the
//! session's deadline as its only clock, so that an idle session takes no time at all.

use std::{
    fmt, io,
    os::{
        fd::{BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process,
};
use signal_hook::{
    consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::{backend::SignalDelivery, exfiltrator::SignalOnly},
    low_level,
};

use super::{
    client::Client,
    program::Program,
    state::Session,
    terminal::{self, Hold},
    waker::Wakeups,
};

/// Bytes taken from the terminal at a time, and how often before a frame is drawn: enough for any scanner's burst.
const CHUNK: usize = 4096;
const CHUNKS: usize = 16;
/// How long answers that are still on their way are waited for at the end.
const LAST_ANSWER: Duration = Duration::from_millis(100);

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The program ended it.
    Quit,
    /// The terminal is gone.
    HungUp,
    /// A signal of this number asked for it.
    Signal(i32),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quit => f.write_str("ended"),
            Self::HungUp => f.write_str("the terminal is gone"),
            Self::Signal(number) => write!(f, "ended by signal {number}"),
        }
    }
}

/// Runs `program` on standard input and output until it ends, and gives the terminal back as it was.
///
/// From then on the signals that end a session (SIGINT, SIGTERM, SIGHUP, SIGQUIT) are taken and do nothing, so that
/// whoever called can close the shop in peace.
///
/// # Errors
/// When standard input or output is not a terminal or one that cannot show the console, or on a fault of the system.
pub fn run_local(program: &mut dyn Program, client: Client, wakeups: &Wakeups) -> io::Result<Ending> {
    run_on(program, client, wakeups, rustix::stdio::stdin(), rustix::stdio::stdout())
}

/// The same on any terminal, read by `input` and written by `output`.
///
/// # Errors
/// As [`run_local`].
pub fn run_on(
    program: &mut dyn Program,
    client: Client,
    wakeups: &Wakeups,
    input: BorrowedFd<'_>,
    output: BorrowedFd<'_>,
) -> io::Result<Ending> {
    for (descriptor, name) in [(input, "input"), (output, "output")] {
        if !rustix::termios::isatty(descriptor) {
            let message = format!(
                "the console needs a terminal, and standard {name} is not one; run `till` in a terminal, or use a \
                 subcommand such as `till report` in scripts"
            );
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
    }
    if client.dumb {
        let message = "the console needs a terminal that can move its cursor, and TERM=dumb says this one cannot; set \
                       TERM to what the terminal is, or use a subcommand such as `till report`";
        return Err(io::Error::new(io::ErrorKind::Unsupported, message));
    }
    let (reader, writer) = UnixStream::pair()?;
    let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH];
    let signals = SignalDelivery::with_pipe(reader, writer, SignalOnly, ends)?;
    let (columns, rows) = terminal::size(output);
    let mut session = Session::new(program, client, columns, rows);
    let hold = Some(Hold::take(input, output, session.closing())?);
    let pending = session.opening();
    let writer = terminal::open_output(output)?;
    Line { input, output, writer, wakeups, signals, session, hold, pending, sent: 0, ending: None }.run()
}

/// A terminal, a session, and the bytes on their way between them.
struct Line<'a, P> {
    input: BorrowedFd<'a>,
    output: BorrowedFd<'a>,
    writer: OwnedFd,
    wakeups: &'a Wakeups,
    signals: SignalDelivery<UnixStream, SignalOnly>,
    session: Session<P>,
    /// `None` while the shell has the terminal.
    hold: Option<Hold>,
    pending: Vec<u8>,
    sent: usize,
    ending: Option<Ending>,
}

/// What there is to do.
#[derive(Clone, Copy, Default)]
struct Ready {
    input: bool,
    wakeups: bool,
    signals: bool,
}

impl<P: Program> Line<'_, P> {
    fn run(mut self) -> io::Result<Ending> {
        loop {
            self.send()?;
            if let Some(ending) = self.ending {
                self.end(ending);
                return Ok(ending);
            }
            if self.session.take_suspend() {
                self.leave_for_a_while()?;
                continue;
            }
            let ready = self.wait()?;
            if ready.signals {
                self.take_signals()?;
            }
            if ready.wakeups && self.wakeups.take() {
                self.session.wake();
            }
            if ready.input {
                self.read()?;
            }
            self.session.tick(Instant::now());
        }
    }

    /// Writes what the terminal takes without waiting, and draws the next frame when the last has gone out.
    fn send(&mut self) -> io::Result<()> {
        loop {
            if self.pending.is_empty() {
                match self.session.frame(Instant::now()) {
                    Some(bytes) => self.pending.extend_from_slice(bytes),
                    None => {
                        if self.session.is_over() {
                            self.ending = self.ending.or(Some(Ending::Quit));
                        }
                        return Ok(());
                    }
                }
            }
            match rustix::io::write(&self.writer, &self.pending[self.sent..]) {
                Ok(count) => self.sent += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::IO | Errno::PIPE | Errno::NXIO) => {
                    self.ending = self.ending.or(Some(Ending::HungUp));
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            if self.sent == self.pending.len() {
                self.pending.clear();
                self.sent = 0;
            }
        }
    }

    /// Sleeps until something happens or the session's deadline comes.
    fn wait(&self) -> io::Result<Ready> {
        let timeout = self.session.deadline().map(|at| timespec(at.saturating_duration_since(Instant::now())));
        let mut fds = vec![
            PollFd::new(&self.input, PollFlags::IN),
            PollFd::new(self.wakeups, PollFlags::IN),
            PollFd::new(self.signals.get_read(), PollFlags::IN),
        ];
        if !self.pending.is_empty() {
            fds.push(PollFd::new(&self.writer, PollFlags::OUT));
        }
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(Ready::default()),
            Err(error) => return Err(error.into()),
        }
        let happened = |place: usize| fds.get(place).is_some_and(|fd| !fd.revents().is_empty());
        Ok(Ready { input: happened(0), wakeups: happened(1), signals: happened(2) })
    }

    /// Brings all bytes that are already there.
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        for _ in 0..CHUNKS {
            match rustix::io::read(self.input, &mut bytes) {
                Ok(0) | Err(Errno::IO) => {
                    self.ending = self.ending.or(Some(Ending::HungUp));
                    return Ok(());
                }
                Ok(count) => self.session.input(&bytes[..count], Instant::now()),
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
            if !readable(self.input, Duration::ZERO)? {
                break;
            }
        }
        Ok(())
    }

    fn take_signals(&mut self) -> io::Result<()> {
        let signals: Vec<i32> = self.signals.pending().collect();
        for signal in signals {
            match signal {
                SIGWINCH => self.measure(),
                SIGTSTP => self.stop()?,
                // Something else stopped the process, and the shell has had the terminal in the meantime.
                SIGCONT => {
                    drop(self.hold.take());
                    self.take_back()?;
                }
                _ => self.ending = self.ending.or(Some(Ending::Signal(signal))),
            }
        }
        Ok(())
    }

    fn measure(&mut self) {
        let (columns, rows) = terminal::size(self.output);
        self.session.resize(columns, rows);
    }

    /// Goes to the background on the program's wish, if there is a shell that can bring it back.
    fn leave_for_a_while(&mut self) -> io::Result<()> {
        if has_job_control() {
            return self.stop();
        }
        self.session.bell();
        Ok(())
    }

    fn stop(&mut self) -> io::Result<()> {
        self.await_answers();
        drop(self.hold.take());
        low_level::emulate_default_handler(SIGTSTP)?;
        self.take_back()?;
        // The signal that ended the pause has had its effect.
        let others: Vec<i32> =
            self.signals.pending().filter(|signal| *signal != SIGCONT && *signal != SIGTSTP).collect();
        if let Some(signal) = others.into_iter().find(|signal| *signal != SIGWINCH) {
            self.ending = self.ending.or(Some(Ending::Signal(signal)));
        }
        Ok(())
    }

    /// Takes the terminal over once more, whatever it shows and whatever size it has now.
    fn take_back(&mut self) -> io::Result<()> {
        self.hold = Some(Hold::take(self.input, self.output, self.session.closing())?);
        self.pending = self.session.opening();
        self.sent = 0;
        self.measure();
        self.session.invalidate();
        Ok(())
    }

    /// Takes answers of the terminal that are still on their way, so that the shell does not read them as typed.
    fn await_answers(&mut self) {
        let until = Instant::now() + LAST_ANSWER;
        let mut bytes = [0; CHUNK];
        while self.session.awaits_reply() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !readable(self.input, left).unwrap_or(false) {
                return;
            }
            match rustix::io::read(self.input, &mut bytes) {
                Ok(count) if count > 0 => self.session.settle(&bytes[..count]),
                _ => return,
            }
        }
    }

    fn end(&mut self, ending: Ending) {
        if ending != Ending::HungUp {
            self.await_answers();
        }
        if let Some(hold) = self.hold.take() {
            hold.set_closing(self.session.closing());
        }
    }
}

/// Whether there is something to read, or the end, within that time.
fn readable(input: BorrowedFd<'_>, within: Duration) -> io::Result<bool> {
    let mut fds = [PollFd::new(&input, PollFlags::IN)];
    match poll(&mut fds, Some(&timespec(within))) {
        Ok(count) => Ok(count > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The time to sleep; as long as the system can where it is longer.
fn timespec(duration: Duration) -> Timespec {
    Timespec::try_from(duration).unwrap_or(Timespec { tv_sec: i64::from(i32::MAX), tv_nsec: 0 })
}

/// Whether a shell would notice that this process stopped, and could continue it: its parent is in the same session, but
/// in another process group.
fn has_job_control() -> bool {
    let Some(parent) = process::getppid() else { return false };
    let same_session = process::getsid(Some(parent)).ok() == process::getsid(None).ok();
    same_session && process::getpgid(Some(parent)).ok().is_some_and(|group| group != process::getpgrp())
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
