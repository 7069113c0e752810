use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::{fd::AsFd as _, unix::fs::OpenOptionsExt as _},
    sync::{Mutex, MutexGuard, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use crossterm::event::{Event, KeyCode, KeyModifiers};
use portable_pty::{MasterPty, PtySize, native_pty_system};
use ratatui::{buffer::Buffer, layout::Position, style::Style};
use rustix::termios::{LocalModes, tcgetattr};

use super::*;
use crate::session::{Caller, Client, Hello, Left, Out, Program, Screen, Waker, Wakeups, call};

/// Signals reach every session of the process, so that one test at a time may have one.
static ALONE: Mutex<()> = Mutex::new(());

/// Shows what was typed and how often it was woken, and panics when told to.
#[derive(Default)]
struct Typed {
    text: String,
    size: (u16, u16),
    wakes: usize,
    wants: Vec<Out>,
}

impl Program for Typed {
    fn resize(&mut self, columns: u16, rows: u16) {
        self.size = (columns, rows);
    }

    fn event(&mut self, event: Event) {
        let Event::Key(key) = event else { return };
        match (key.code, key.modifiers) {
            (KeyCode::Char('q'), KeyModifiers::CONTROL) => self.wants.push(Out::Quit),
            (KeyCode::Char('x'), KeyModifiers::CONTROL) => panic!("as told"),
            (KeyCode::Char(character), _) => self.text.push(character),
            _ => {}
        }
    }

    fn wake(&mut self) {
        self.wakes += 1;
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        let line = format!("[{}] {}x{} woken {}", self.text, self.size.0, self.size.1, self.wakes);
        buffer.set_string(0, 0, line, Style::new());
        None
    }

    fn deadline(&self, _: Instant) -> Option<Instant> {
        None
    }

    fn take_output(&mut self) -> Vec<Out> {
        std::mem::take(&mut self.wants)
    }
}

/// The terminal here, the session at the other end of a pair of sockets in the same process.
fn run_on(
    program: &mut dyn Program,
    wakeups: &Wakeups,
    input: BorrowedFd<'_>,
    output: BorrowedFd<'_>,
) -> io::Result<Ending> {
    need_terminal(input, output)?;
    let (here, there) = UnixStream::pair().unwrap();
    let (columns, rows) = terminal::size(output);
    let hello = Hello { screen: Some(Screen { client: Client::default(), columns, rows }), ..Hello::default() };
    thread::scope(|scope| {
        let terminal = scope.spawn(move || {
            let call = call(there, &hello).unwrap().unwrap();
            call.on(input, output)
        });
        let mut caller = Caller::greet(here)?.unwrap();
        match caller.console(program, wakeups)? {
            Left::Quit => caller.leave(0, ""),
            Left::Gone => drop(caller),
        }
        terminal.join().unwrap()
    })
}

/// A person before a terminal on which a session runs.
struct Person {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn std::io::Write + Send>>,
    bytes: mpsc::Receiver<Vec<u8>>,
    seen: Vec<u8>,
    emulator: vt100::Parser,
    slave: File,
    waker: Waker,
    session: Option<JoinHandle<io::Result<Ending>>>,
    _alone: MutexGuard<'static, ()>,
}

impl Person {
    fn new() -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = native_pty_system().openpty(PtySize { rows: 5, cols: 40, ..PtySize::default() }).unwrap();
        let flags = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        let name = pair.master.tty_name().unwrap();
        let slave = OpenOptions::new().read(true).write(true).custom_flags(flags).open(name).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, bytes) = mpsc::channel();
        thread::spawn(move || {
            let mut chunk = [0; 1024];
            while let Ok(count) = reader.read(&mut chunk) {
                if count == 0 || sender.send(chunk[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (waker, wakeups) = Waker::pipe().unwrap();
        let terminal = slave.try_clone().unwrap();
        let session = thread::spawn(move || {
            let mut program = Typed::default();
            run_on(&mut program, &wakeups, terminal.as_fd(), terminal.as_fd())
        });
        let keys = pair.master.take_writer().unwrap();
        let mut person = Self {
            master: Some(pair.master),
            keys: Some(keys),
            bytes,
            seen: Vec::new(),
            emulator: vt100::Parser::new(5, 40, 0),
            slave,
            waker,
            session: Some(session),
            _alone: alone,
        };
        person.sees("[] 40x5 woken 0");
        person.types("\x1b[?62c");
        person
    }

    fn types(&mut self, text: &str) {
        self.keys.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn reads(&mut self) {
        let bytes = self.bytes.recv_timeout(Duration::from_secs(20)).expect("the session writes");
        self.emulator.process(&bytes);
        self.seen.extend(bytes);
    }

    fn sees(&mut self, text: &str) {
        while !self.emulator.screen().contents().contains(text) {
            self.reads();
        }
    }

    fn sees_the_end(&mut self) {
        while !self.seen.ends_with(b"\x1b[?1049l") {
            self.reads();
        }
        assert!(!self.emulator.screen().bracketed_paste() && !self.emulator.screen().alternate_screen());
        assert!(tcgetattr(&self.slave).unwrap().local_modes.contains(LocalModes::ICANON | LocalModes::ECHO));
    }

    fn ending(&mut self) -> thread::Result<io::Result<Ending>> {
        self.session.take().unwrap().join()
    }
}

#[test]
fn a_session_from_the_first_frame_to_the_last() {
    let mut person = Person::new();
    assert!(person.emulator.screen().alternate_screen() && person.emulator.screen().bracketed_paste());
    assert!(!tcgetattr(&person.slave).unwrap().local_modes.contains(LocalModes::ICANON));
    person.types("abc");
    person.sees("[abc]");
    person.waker.wake();
    person.sees("woken 1");
    person.master.as_ref().unwrap().resize(PtySize { rows: 4, cols: 30, ..PtySize::default() }).unwrap();
    low_level::raise(SIGWINCH).unwrap();
    person.sees("[abc] 30x4 woken 1");
    person.types("\x11");
    assert_eq!(person.ending().unwrap().unwrap(), Ending::Over(0, String::new()));
    person.sees_the_end();
}

#[test]
fn a_signal_ends_the_session_and_gives_the_terminal_back() {
    for signal in [SIGTERM, SIGINT, SIGHUP] {
        let mut person = Person::new();
        low_level::raise(signal).unwrap();
        assert_eq!(person.ending().unwrap().unwrap(), Ending::Signal(signal));
        person.sees_the_end();
    }
}

#[test]
fn a_panic_gives_the_terminal_back() {
    let mut person = Person::new();
    person.types("\x18");
    assert!(person.ending().is_err());
    person.sees_the_end();
}

#[test]
fn a_terminal_that_is_gone_ends_the_session() {
    let mut person = Person::new();
    drop((person.keys.take(), person.master.take()));
    // The thread that reads has a copy of the terminal's other side, and leaves it with the next bytes.
    person.bytes = mpsc::channel().1;
    person.waker.wake();
    assert_eq!(person.ending().unwrap().unwrap(), Ending::HungUp);
}

#[test]
fn a_session_that_was_continued_takes_the_terminal_back() {
    let mut person = Person::new();
    person.types("abc");
    person.sees("[abc]");
    person.seen.clear();
    low_level::raise(SIGCONT).unwrap();
    while !person.seen.windows(8).any(|bytes| bytes == b"\x1b[?1049h") {
        person.reads();
    }
    person.sees("[abc]");
    assert!(!tcgetattr(&person.slave).unwrap().local_modes.contains(LocalModes::ICANON));
    person.types("\x1b[?62c\x11");
    assert_eq!(person.ending().unwrap().unwrap(), Ending::Over(0, String::new()));
    person.sees_the_end();
}

#[test]
fn what_is_no_terminal_is_refused_in_plain_words() {
    let (_waker, wakeups) = Waker::pipe().unwrap();
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    let fault = run_on(&mut Typed::default(), &wakeups, reader.as_fd(), writer.as_fd()).unwrap_err();
    assert!(fault.to_string().contains("standard input is not one"), "{fault}");
}
