//! The process's hold on a terminal: raw while it lasts, and given back on every way out.
//!
//! What is held is known to the whole process, so that a panic, or a thread that has to end the process, can give it back
//! without the session's help. While a terminal is held the messages of panics are kept until it is readable again.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{self, Write as _},
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    panic,
    sync::{
        Mutex, MutexGuard, Once, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{Mode, OFlags},
    io::Errno,
    termios::{self, OptionalActions, Termios},
};

/// The most panic messages that are kept.
const MESSAGES: usize = 8;
/// How long the last bytes are given to arrive.
const ARRIVAL: std::time::Duration = std::time::Duration::from_millis(30);
/// How long a terminal that takes no bytes may delay its own return.
const PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };

struct Held {
    id: u64,
    input: OwnedFd,
    output: OwnedFd,
    before: Termios,
    closing: Vec<u8>,
}

static HELD: Mutex<Vec<Held>> = Mutex::new(Vec::new());
static KEPT: Mutex<Vec<String>> = Mutex::new(Vec::new());
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Nothing under these locks can be left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A terminal held raw. Dropping it gives it back.
#[derive(Debug)]
pub(super) struct Hold {
    id: u64,
}

impl Hold {
    /// Makes the terminal raw; `closing` is written when it is given back.
    ///
    /// # Errors
    /// When either descriptor is not a terminal, or the terminal is gone.
    pub(super) fn take(input: BorrowedFd<'_>, output: BorrowedFd<'_>, closing: Vec<u8>) -> io::Result<Self> {
        keep_messages();
        let before = termios::tcgetattr(input)?;
        let mut raw = before.clone();
        raw.make_raw();
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let (kept_input, kept_output) = (input.try_clone_to_owned()?, output.try_clone_to_owned()?);
        lock(&HELD).push(Held { id, input: kept_input, output: kept_output, before, closing });
        let hold = Self { id };
        termios::tcsetattr(input, OptionalActions::Now, &raw)?;
        Ok(hold)
    }

    /// Has other bytes written when the terminal is given back.
    pub(super) fn set_closing(&self, closing: Vec<u8>) {
        if let Some(held) = lock(&HELD).iter_mut().find(|held| held.id == self.id) {
            held.closing = closing;
        }
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let held = {
            let mut all = lock(&HELD);
            all.iter().position(|held| held.id == self.id).map(|place| all.swap_remove(place))
        };
        if let Some(held) = held {
            held.give_back();
        }
        show_messages();
    }
}

/// Gives back every terminal that this process holds. For those who have to end the process without returning.
pub fn restore_terminal() {
    let all = std::mem::take(&mut *lock(&HELD));
    all.into_iter().for_each(Held::give_back);
    show_messages();
}

impl Held {
    fn give_back(self) {
        // A terminal that is gone takes nothing, and nothing is left to say.
        let _ = write_all(self.output.as_fd(), &self.closing);
        let _ = termios::tcsetattr(&self.input, OptionalActions::Now, &self.before);
    }
}

/// Keeps the messages of panics, from the first time on, while any terminal is held.
fn keep_messages() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panicked| {
            if lock(&HELD).is_empty() {
                return before(panicked);
            }
            let trace = Backtrace::capture();
            let mut message = panicked.to_string();
            if trace.status() == BacktraceStatus::Captured {
                message = format!("{message}\n{trace}");
            }
            let mut kept = lock(&KEPT);
            if kept.len() < MESSAGES {
                kept.push(message);
            }
        }));
    });
}

fn show_messages() {
    if !lock(&HELD).is_empty() {
        return;
    }
    for message in std::mem::take(&mut *lock(&KEPT)) {
        let _ = writeln!(io::stderr(), "{message}");
    }
}

/// Writes all bytes, waiting at most [`PATIENCE`] at a time for the terminal to take some.
fn write_all(output: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(output, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let mut fds = [PollFd::new(&output, PollFlags::OUT)];
                if poll(&mut fds, Some(&PATIENCE))? == 0 {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Lets the system hand the last bytes to the terminal: words, and how it comes to look as before. When the process that began a terminal's session ends, as one does
/// that sshd started, Linux throws away what is still on its way, and has no way to ask whether anything is.
pub fn let_output_arrive() {
    let begun_here = nix::unistd::getsid(None).is_ok_and(|session| session == nix::unistd::getpid());
    if begun_here && termios::isatty(rustix::stdio::stderr()) {
        std::thread::sleep(ARRIVAL);
    }
}

/// Has the terminal of standard input, if it is one, show what is typed, or not.
pub fn echo(on: bool) {
    let input = rustix::stdio::stdin();
    if let Ok(mut modes) = termios::tcgetattr(input) {
        modes.local_modes.set(termios::LocalModes::ECHO, on);
        // One that does not obey shows the secret to whoever types it; there is no better way to ask.
        let _ = termios::tcsetattr(input, OptionalActions::Flush, &modes);
    }
}

/// Whether anybody still reads standard output: not once the other end of a pipe is closed or a terminal has hung up.
pub fn output_is_read() -> bool {
    // What cannot be asked is taken for read; writing to it will tell.
    !output_closes(Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).unwrap_or(false)
}

/// Waits, for ever without a time, until nobody reads standard output any more; whether that came.
///
/// # Errors
/// When the system does not say.
pub(super) fn output_closes(within: Option<&Timespec>) -> io::Result<bool> {
    let output = rustix::stdio::stdout();
    let mut asked = [PollFd::new(&output, PollFlags::empty())];
    let gone = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    rustix::event::poll(&mut asked, within)?;
    Ok(asked.iter().any(|asked| asked.revents().intersects(gone)))
}

/// Opens the terminal behind `output` once more, so that writing never blocks and nobody who shares the first descriptor
/// notices; the first one itself where that cannot be done.
///
/// # Errors
/// When there are no more descriptors.
pub(super) fn open_output(output: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = termios::ttyname(output, Vec::new()).and_then(|name| rustix::fs::open(name, flags, Mode::empty()));
    match opened {
        Ok(opened) => Ok(opened),
        Err(_) => output.try_clone_to_owned(),
    }
}

/// Columns and rows, 80 × 24 where the terminal does not know.
pub(super) fn size(output: BorrowedFd<'_>) -> (u16, u16) {
    match termios::tcgetwinsize(output) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => (size.ws_col, size.ws_row),
        _ => (80, 24),
    }
}
