//! A terminal before a session that runs elsewhere: moves bytes between it and the session's stream.
//!
//! It owns the terminal and gives it back on every way out. It must never know what the bytes mean. One call of `poll`
//! waits for keys, signals, the stream and room to write, so that an idle terminal takes no time at all.

use std::{
    fmt, io,
    os::{
        fd::{AsFd as _, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
    time::{Duration, Instant},
};

use nix::unistd;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use signal_hook::{
    consts::signal::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH},
    iterator::{backend::SignalDelivery, exfiltrator::SignalOnly},
    low_level,
};

use super::{
    terminal::{self, Hold},
    wire::{Frame, Frames},
};

/// Bytes moved at a time.
const CHUNK: usize = 16 << 10;
/// Bytes that may wait for a server that does not read, before no more keys are taken.
const UNREAD: usize = 1 << 20;
/// How long answers that are still on their way are waited for at the end.
const LAST_ANSWER: Duration = Duration::from_millis(100);

/// How a session ended, as its terminal saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The session ended: exit status, and words for standard error, empty for none.
    Over(u8, String),
    /// The terminal is gone.
    HungUp,
    /// A signal of this number asked for it.
    Signal(i32),
    /// The other side went away without a word.
    Abandoned,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over(_, words) => f.write_str(words),
            Self::HungUp => f.write_str("the terminal is gone"),
            Self::Signal(number) => write!(f, "ended by signal {number}"),
            Self::Abandoned => f.write_str(
                "the shop's server has ended; every sale whose receipt was shown is safe, and so is the basket. \
                 Start till again to go on",
            ),
        }
    }
}

/// The size of the terminal behind standard output, columns and rows.
pub fn terminal_size() -> (u16, u16) {
    terminal::size(rustix::stdio::stdout())
}

/// Says in plain words why no console can be shown on these descriptors, if it cannot.
///
/// # Errors
/// `Unsupported` when one is not a terminal.
pub(super) fn need_terminal(input: BorrowedFd<'_>, output: BorrowedFd<'_>) -> io::Result<()> {
    for (descriptor, name) in [(input, "input"), (output, "output")] {
        if !rustix::termios::isatty(descriptor) {
            let message = format!(
                "the console needs a terminal, and standard {name} is not one; run `till` in a terminal, or use a \
                 subcommand such as `till report` in scripts"
            );
            return Err(io::Error::new(io::ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

/// Moves bytes between the terminal and the stream of a session until either ends.
///
/// From then on the signals that end a session (SIGINT, SIGTERM, SIGHUP, SIGQUIT) are taken and do nothing, so that
/// whoever called can close in peace.
///
/// # Errors
/// When input or output is not a terminal, or on a fault of the system.
pub(super) fn relay(
    stream: UnixStream,
    frames: Frames,
    input: BorrowedFd<'_>,
    output: BorrowedFd<'_>,
) -> io::Result<Ending> {
    need_terminal(input, output)?;
    let (reader, writer) = UnixStream::pair()?;
    let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH];
    let signals = SignalDelivery::with_pipe(reader, writer, SignalOnly, ends)?;
    stream.set_nonblocking(true)?;
    let hold = Some(Hold::take(input, output, Vec::new())?);
    let writer = terminal::open_output(output)?;
    let to_server = Vec::new();
    let line = Line {
        input,
        output,
        writer,
        stream,
        signals,
        hold,
        closing: Vec::new(),
        frames,
        to_terminal: Vec::new(),
        sent: 0,
        to_server,
        owed: false,
        suspend: false,
        outdated: false,
        ending: None,
    };
    line.run()
}

/// A terminal, a stream, and the bytes on their way between them.
struct Line<'a> {
    input: BorrowedFd<'a>,
    output: BorrowedFd<'a>,
    writer: OwnedFd,
    stream: UnixStream,
    signals: SignalDelivery<UnixStream, SignalOnly>,
    /// `None` while the shell has the terminal.
    hold: Option<Hold>,
    closing: Vec<u8>,
    frames: Frames,
    to_terminal: Vec<u8>,
    sent: usize,
    to_server: Vec<u8>,
    /// Whether the terminal still owes answers to questions of the session.
    owed: bool,
    suspend: bool,
    /// Whether what comes was drawn for the terminal as it was before the shell had it.
    outdated: bool,
    ending: Option<Ending>,
}

/// What there is to do.
#[derive(Clone, Copy, Default)]
struct Ready {
    input: bool,
    stream: bool,
    signals: bool,
}

impl Line<'_> {
    fn run(mut self) -> io::Result<Ending> {
        // What came with the welcome.
        self.take_frames()?;
        loop {
            self.write_terminal()?;
            self.write_stream();
            if self.to_terminal.is_empty()
                && let Some(ending) = self.ending.take()
            {
                self.end(&ending);
                return Ok(ending);
            }
            if self.to_terminal.is_empty() && std::mem::take(&mut self.suspend) {
                self.leave_for_a_while()?;
                continue;
            }
            let ready = self.wait()?;
            if ready.signals {
                self.take_signals()?;
            }
            if ready.stream {
                self.read_stream()?;
            }
            if ready.input {
                self.read_terminal()?;
            }
        }
    }

    /// Writes what the terminal takes without waiting.
    fn write_terminal(&mut self) -> io::Result<()> {
        while self.sent < self.to_terminal.len() {
            match rustix::io::write(&self.writer, self.to_terminal.get(self.sent..).unwrap_or_default()) {
                Ok(count) => self.sent += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::IO | Errno::PIPE | Errno::NXIO) => {
                    self.ending = Some(Ending::HungUp);
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
        self.to_terminal.clear();
        self.sent = 0;
        Ok(())
    }

    /// Sends what the server takes without waiting. That it is gone shows when reading, behind its last words.
    fn write_stream(&mut self) {
        while !self.to_server.is_empty() {
            match rustix::net::send(&self.stream, &self.to_server, rustix::net::SendFlags::NOSIGNAL) {
                Ok(count) => drop(self.to_server.drain(..count)),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return,
                Err(_) => self.to_server.clear(),
            }
        }
    }

    fn wait(&self) -> io::Result<Ready> {
        let flags = |when: bool, flags: PollFlags| if when { flags } else { PollFlags::empty() };
        let waiting = !self.to_terminal.is_empty();
        // While the terminal takes nothing no more is taken from the session: it waits with its next frame.
        let stream =
            flags(!waiting && self.ending.is_none(), PollFlags::IN) | flags(!self.to_server.is_empty(), PollFlags::OUT);
        let mut fds = [
            PollFd::new(self.signals.get_read(), PollFlags::IN),
            PollFd::new(&self.stream, stream),
            PollFd::new(&self.input, flags(self.to_server.len() < UNREAD, PollFlags::IN)),
            PollFd::new(&self.writer, flags(waiting, PollFlags::OUT)),
        ];
        // A hang-up is reported whatever is asked for; one nobody may look at yet must not keep the loop spinning.
        let count = if stream.is_empty() { [0, 2, 3].len() } else { fds.len() };
        if stream.is_empty() {
            fds.swap(1, 3);
        }
        match poll(fds.get_mut(..count).unwrap_or_default(), None) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(Ready::default()),
            Err(error) => return Err(error.into()),
        }
        let happened = |place: usize, wanted: PollFlags| {
            fds.get(place).is_some_and(|fd| fd.revents().intersects(wanted | PollFlags::HUP | PollFlags::ERR))
        };
        Ok(Ready {
            signals: happened(0, PollFlags::IN),
            stream: !stream.is_empty() && happened(1, PollFlags::IN),
            input: happened(2, PollFlags::IN),
        })
    }

    fn read_terminal(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        match rustix::io::read(self.input, &mut bytes) {
            Ok(0) | Err(Errno::IO) => self.ending = Some(Ending::HungUp),
            Ok(count) => Frame::Input(bytes.get(..count).unwrap_or_default().to_vec()).put(&mut self.to_server),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn read_stream(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        match rustix::io::read(&self.stream, &mut bytes) {
            Ok(0) | Err(Errno::CONNRESET | Errno::PIPE) => self.ending = Some(Ending::Abandoned),
            Ok(count) => self.frames.feed(bytes.get(..count).unwrap_or_default()),
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        self.take_frames()
    }

    fn take_frames(&mut self) -> io::Result<()> {
        while let Some(frame) = self.frames.next()? {
            match frame {
                Frame::Output(_) if self.outdated => {}
                Frame::Output(bytes) => self.to_terminal.extend_from_slice(&bytes),
                Frame::Closing(bytes) => {
                    self.outdated = false;
                    if let Some(hold) = &self.hold {
                        hold.set_closing(bytes.clone());
                    }
                    self.closing = bytes;
                }
                Frame::Suspend => self.suspend = true,
                Frame::Exit(status, owed, words) => {
                    self.owed = owed;
                    self.ending = Some(Ending::Over(status, words));
                }
                // The rest is not for a terminal.
                _ => {}
            }
        }
        Ok(())
    }

    fn take_signals(&mut self) -> io::Result<()> {
        let signals: Vec<i32> = self.signals.pending().collect();
        for signal in signals {
            match signal {
                SIGWINCH => {
                    let (columns, rows) = terminal::size(self.output);
                    Frame::Resize(columns, rows).put(&mut self.to_server);
                }
                SIGTSTP => self.stop()?,
                // Something else stopped the process, and the shell has had the terminal in the meantime.
                SIGCONT => {
                    drop(self.hold.take());
                    self.take_back()?;
                }
                _ => {
                    self.owed = true;
                    self.ending = Some(Ending::Signal(signal));
                }
            }
        }
        Ok(())
    }

    /// Goes to the background on the session's wish, if there is a shell that can bring it back.
    fn leave_for_a_while(&mut self) -> io::Result<()> {
        if has_job_control() {
            return self.stop();
        }
        self.to_terminal.push(0x07);
        Ok(())
    }

    fn stop(&mut self) -> io::Result<()> {
        self.owed = true;
        self.await_answers();
        drop(self.hold.take());
        low_level::emulate_default_handler(SIGTSTP)?;
        self.take_back()?;
        // The signal that ended the pause has had its effect.
        let others: Vec<i32> =
            self.signals.pending().filter(|signal| *signal != SIGCONT && *signal != SIGTSTP).collect();
        if let Some(signal) = others.into_iter().find(|signal| *signal != SIGWINCH) {
            self.ending = Some(Ending::Signal(signal));
        }
        Ok(())
    }

    /// Takes the terminal over once more, whatever it shows and whatever size it has now. What was drawn in the meantime
    /// would come out on the shell's screen: nothing is shown until the session answers.
    fn take_back(&mut self) -> io::Result<()> {
        self.to_terminal.clear();
        self.sent = 0;
        self.outdated = true;
        self.hold = Some(Hold::take(self.input, self.output, self.closing.clone())?);
        let (columns, rows) = terminal::size(self.output);
        Frame::Resumed(columns, rows).put(&mut self.to_server);
        Ok(())
    }

    /// Takes answers of the terminal that are still on their way, so that the shell does not read them as typed.
    fn await_answers(&mut self) {
        let until = Instant::now() + LAST_ANSWER;
        let mut bytes = [0; CHUNK];
        while std::mem::take(&mut self.owed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() || !readable(self.input, left).unwrap_or(false) {
                return;
            }
            // They come in one piece nearly always; what follows within the time is theirs too.
            self.owed = matches!(rustix::io::read(self.input, &mut bytes), Ok(count) if count > 0)
                && readable(self.input, Duration::from_millis(5)).unwrap_or(false);
        }
    }

    fn end(&mut self, ending: &Ending) {
        if *ending != Ending::HungUp {
            self.await_answers();
        }
        drop(self.hold.take());
        // The other side learns of it at once, whoever still has a copy of the descriptor.
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

/// Whether there is something to read, or the end, within that time.
fn readable(input: BorrowedFd<'_>, within: Duration) -> io::Result<bool> {
    let mut fds = [PollFd::from_borrowed_fd(input.as_fd(), PollFlags::IN)];
    match poll(&mut fds, Some(&timespec(within))) {
        Ok(count) => Ok(count > 0),
        Err(Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The time to sleep; as long as the system can where it is longer.
pub(super) fn timespec(duration: Duration) -> Timespec {
    Timespec::try_from(duration).unwrap_or(Timespec { tv_sec: i64::from(i32::MAX), tv_nsec: 0 })
}

/// Whether a shell would notice that this process stopped, and could continue it: its parent is in the same session, but
/// in another process group. In a container either may lie outside and have the number 0, which `rustix` has no room for.
fn has_job_control() -> bool {
    let parent = unistd::getppid();
    let same_session = unistd::getsid(Some(parent)).is_ok_and(|session| unistd::getsid(None) == Ok(session));
    same_session && unistd::getpgid(Some(parent)).is_ok_and(|group| group != unistd::getpgrp())
}

#[cfg(test)]
#[path = "attach_tests.rs"]
mod tests;
