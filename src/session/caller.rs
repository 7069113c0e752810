//! The server's side of one connection: greets the client, then runs a console or a subcommand over its stream.
//!
//! It must never know what a program shows or a subcommand does. A client that reads nothing costs one buffer, and nobody
//! else's time.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
    net::SendFlags,
};

use crate::unit::Text;

use super::{
    attach::timespec,
    pipes::Pipes,
    program::Program,
    state::Session,
    waker::Wakeups,
    wire::{self, Frame, Frames, GREETING, Hello},
};

/// How long a client may take to say what it wants, and to take the last words.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes taken at a time: a session waits with this on its stack.
const CHUNK: usize = 4 << 10;
/// A frame's bytes that are kept room for; the first of all, which draws everything, needs more and does not come again.
const ROOM: usize = 4 << 10;

/// Characters of where a caller comes from that are kept: an address with its zone is shorter.
const LONGEST_FROM: usize = 64;

/// A client that has said what it wants.
#[derive(Debug)]
pub struct Caller {
    stream: UnixStream,
    frames: Frames,
    /// What it wants.
    pub hello: Hello,
    /// Whether its terminal owes answers, for the last words.
    owed: bool,
}

/// Tells a client that has not been heard yet why it cannot be served. One that does not read at once is not waited for.
pub fn turn_away(mut stream: UnixStream, words: &str) {
    let _ = stream.set_nonblocking(true);
    let _ = stream.write_all(&Frame::Exit(1, false, words.to_owned()).bytes());
}

/// Why a console's session came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The program ended it.
    Quit,
    /// The client is gone.
    Gone,
}

impl Caller {
    /// Hears what a client wants; `None` when it left, was of another version (which it is told) or said nothing.
    ///
    /// # Errors
    /// A fault of the system.
    pub fn greet(mut stream: UnixStream) -> io::Result<Option<Self>> {
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut greeting = [0; GREETING.len()];
        if stream.read_exact(&mut greeting).is_err() || greeting[..4] != GREETING[..4] {
            return Ok(None);
        }
        if greeting != GREETING {
            let words = format!(
                "the shop's server is till {}, which speaks another version than this till; `kill {}` ends it cleanly, \
                 then start again",
                env!("CARGO_PKG_VERSION"),
                std::process::id()
            );
            // Whoever does not stay to hear it has left.
            let _ = stream.write_all(&Frame::Exit(1, false, words).bytes());
            return Ok(None);
        }
        let mut frames = Frames::default();
        let hello = match wire::receive(&mut stream, &mut frames) {
            Ok(Some(Frame::Hello(bytes))) => serde_json::from_slice::<Hello>(&bytes).ok(),
            _ => None,
        };
        let hello = hello.map(|hello| Hello { from: plain(&hello.from), ..hello });
        stream.set_read_timeout(None)?;
        // Whoever has left does not hear it either.
        let _ = stream.write_all(&Frame::Welcome.bytes());
        Ok(hello.map(|hello| Self { stream, frames, hello, owed: false }))
    }

    /// A second handle of the stream, for the one who may have to end it from outside.
    ///
    /// # Errors
    /// When there are no more descriptors.
    pub fn stream(&self) -> io::Result<UnixStream> {
        self.stream.try_clone()
    }

    /// Runs a console for the client until it ends or the client leaves.
    ///
    /// # Errors
    /// A fault of the system.
    pub fn console(&mut self, program: &mut dyn Program, wakeups: &Wakeups) -> io::Result<Left> {
        self.stream.set_nonblocking(true)?;
        let screen = self.hello.screen.clone().unwrap_or_default();
        let mut session = Session::new(program, screen.client, screen.columns, screen.rows);
        let mut out = Frame::Closing(session.closing()).bytes();
        wire::put_output(&mut out, &session.opening());
        let mut served = Served { session, stream: &self.stream, frames: &mut self.frames, out, sent: 0, gone: false };
        let left = served.run(wakeups);
        self.owed = served.session.awaits_reply();
        left
    }

    /// Runs a subcommand: `run` gets its streams and says with which status and words it ended. A client that reads slowly
    /// is waited for, as by any pipe: it costs the subcommand's own thread. Shutting its stream down ends the waiting.
    ///
    /// # Errors
    /// When there are no more descriptors.
    pub fn command(&mut self, run: impl FnOnce(Pipes) -> (u8, String)) -> io::Result<(u8, String)> {
        // Half a frame would be the end of it, and somebody may look at a page for an hour.
        self.stream.set_write_timeout(None)?;
        let (pipes, reader) = Pipes::lay(&self.stream, std::mem::take(&mut self.frames))?;
        let out = pipes.out.clone();
        let ended = run(pipes);
        // A bar that is still to be seen goes; a client that has left sees none.
        let _ = out.catch_up();
        // The client leaves once it has its exit; until then the reader waits with it.
        let _ = self.stream.shutdown(std::net::Shutdown::Read);
        let _ = reader.join();
        Ok(ended)
    }

    /// The last words: exit status and what to say on standard error.
    pub fn leave(self, status: u8, words: &str) {
        let frame = Frame::Exit(status, self.owed, words.to_owned());
        // Whoever does not stay to hear it has left.
        let _ = self.stream.set_nonblocking(false);
        let _ = (&self.stream).write_all(&frame.bytes());
    }
}

/// Where a caller says they come from, cleaned: it stands in the audit and on the screens of others, and they may say anything.
fn plain(from: &str) -> String {
    Text::lossy(from).chars().take(LONGEST_FROM).collect()
}

/// A session and the bytes on their way to and from its client.
struct Served<'a, P> {
    session: Session<P>,
    stream: &'a UnixStream,
    frames: &'a mut Frames,
    /// The one slot: the next frame is drawn only when the last has gone out.
    out: Vec<u8>,
    sent: usize,
    gone: bool,
}

impl<P: Program> Served<'_, P> {
    fn run(&mut self, wakeups: &Wakeups) -> io::Result<Left> {
        // What came with the greeting.
        self.take()?;
        loop {
            self.send()?;
            if self.gone {
                return Ok(Left::Gone);
            }
            if self.session.is_over() && self.out.is_empty() {
                return Ok(Left::Quit);
            }
            let (readable, woken) = self.wait(wakeups)?;
            if woken && wakeups.take() {
                self.session.wake();
            }
            if readable {
                self.read()?;
            }
            self.session.tick(Instant::now());
        }
    }

    /// Sends what the client takes without waiting, and draws the next frame when the last has gone out.
    fn send(&mut self) -> io::Result<()> {
        loop {
            if self.out.is_empty() {
                if self.session.take_suspend() {
                    Frame::Suspend.put(&mut self.out);
                } else if let Some(bytes) = self.session.frame(Instant::now()) {
                    wire::put_output(&mut self.out, bytes);
                } else {
                    return Ok(());
                }
            }
            match rustix::net::send(self.stream, self.out.get(self.sent..).unwrap_or_default(), SendFlags::NOSIGNAL) {
                Ok(count) => self.sent += count,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return Ok(()),
                Err(Errno::PIPE | Errno::CONNRESET) => {
                    self.gone = true;
                    return Ok(());
                }
                Err(error) => return Err(error.into()),
            }
            if self.sent == self.out.len() {
                self.out.clear();
                self.out.shrink_to(ROOM);
                self.sent = 0;
            }
        }
    }

    /// Sleeps until something happens or the session's deadline comes: whether there is something to read, and a wake-up.
    fn wait(&self, wakeups: &Wakeups) -> io::Result<(bool, bool)> {
        let now = Instant::now();
        let timeout = self.session.deadline(now).map(|at| timespec(at.saturating_duration_since(now)));
        let room = if self.out.is_empty() { PollFlags::empty() } else { PollFlags::OUT };
        let mut fds = [PollFd::new(self.stream, PollFlags::IN | room), PollFd::new(wakeups, PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok((false, false)),
            Err(error) => return Err(error.into()),
        }
        let ends = PollFlags::IN | PollFlags::HUP | PollFlags::ERR;
        let [stream, wakeups] = &fds;
        Ok((stream.revents().intersects(ends), !wakeups.revents().is_empty()))
    }

    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; CHUNK];
        match rustix::io::read(self.stream, &mut bytes) {
            Ok(0) | Err(Errno::CONNRESET | Errno::PIPE) => self.gone = true,
            Ok(count) => {
                self.frames.feed(bytes.get(..count).unwrap_or_default());
                self.take()?;
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn take(&mut self) -> io::Result<()> {
        while let Some(frame) = self.frames.next()? {
            match frame {
                Frame::Input(bytes) => self.session.input(&bytes, Instant::now()),
                Frame::Resize(columns, rows) => self.session.resize(columns, rows),
                Frame::Resumed(columns, rows) => {
                    // The client takes what comes from here on, and nothing that was drawn before.
                    Frame::Closing(self.session.closing()).put(&mut self.out);
                    let opening = self.session.opening();
                    wire::put_output(&mut self.out, &opening);
                    self.session.resize(columns, rows);
                    self.session.invalidate();
                }
                _ => {}
            }
        }
        Ok(())
    }
}
