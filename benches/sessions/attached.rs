//! A terminal at the shop's socket, as a client of till is: frames of the protocol, and an emulator that shows them.
//!
//! Knows the protocol by its bytes alone, as anyone outside does, and nothing of keys or times.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};
use till::session::{Client, Hello, Screen, connect};

/// The size of every terminal.
const COLUMNS: u16 = 80;
const ROWS: u16 = 24;
/// Who speaks, and in which version.
const GREETING: &[u8; 6] = b"till\0\x01";
/// Kinds of frames.
const HELLO: u8 = 1;
const INPUT: u8 = 2;
const OUTPUT: u8 = 6;
const EXIT: u8 = 11;
/// A byte of kind and four of length.
const HEAD: usize = 5;
/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A session at work.
pub struct Attached {
    stream: UnixStream,
    came: Vec<u8>,
    emulator: vt100::Parser,
}

impl Attached {
    /// Attaches a terminal with these abilities, with these words of a command line.
    pub fn enter(shop: &Path, client: Client, words: &[&str]) -> Attached {
        let mut stream = connect(shop).expect("a socket").expect("a server");
        let hello = Hello {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            folder: "/".into(),
            screen: Some(Screen { client, columns: COLUMNS, rows: ROWS }),
            asks: true,
            out_is_terminal: true,
            from: String::new(),
        };
        let mut bytes = GREETING.to_vec();
        bytes.extend(frame(HELLO, &serde_json::to_vec(&hello).expect("JSON")));
        stream.write_all(&bytes).expect("a server that listens");
        stream.set_nonblocking(true).expect("a socket");
        Attached { stream, came: Vec::new(), emulator: vt100::Parser::new(ROWS, COLUMNS, 0) }
    }

    /// A terminal that asks nothing back, so that all that comes is asked for here.
    pub fn client() -> Client {
        Client { keyboard: false, mouse: false, ..Client::default() }
    }

    /// Types.
    pub fn send(&mut self, keys: &[u8]) {
        self.stream.write_all(&frame(INPUT, keys)).expect("a server that listens");
    }

    /// To be woken by when something has come.
    pub fn poll(&self) -> PollFd<'_> {
        PollFd::new(&self.stream, PollFlags::IN)
    }

    /// Takes what has come, without waiting for more.
    pub fn read(&mut self) {
        let mut bytes = [0; 16 << 10];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => panic!("the server is gone; the screen was:\n{}", self.screen().contents()),
                Ok(count) => self.came.extend_from_slice(&bytes[..count]),
                Err(why) if why.kind() == ErrorKind::WouldBlock => return,
                Err(why) => panic!("reading what the server says: {why}"),
            }
        }
    }

    /// The next whole frame of bytes for the terminal, of those that were taken.
    pub fn frame(&mut self) -> Option<Vec<u8>> {
        loop {
            let &[kind, a, b, c, d] = self.came.first_chunk::<HEAD>()?;
            let end = HEAD + u32::from_le_bytes([a, b, c, d]) as usize;
            let payload = self.came.get(HEAD..end)?.to_vec();
            self.came.drain(..end);
            match kind {
                OUTPUT => return Some(payload),
                EXIT => panic!("the session was ended: {}", String::from_utf8_lossy(&payload)),
                _ => {}
            }
        }
    }

    /// Shows bytes on the terminal.
    pub fn show(&mut self, bytes: &[u8]) {
        self.emulator.process(bytes);
    }

    /// What stands on the terminal.
    pub fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// Shows what comes until it is so.
    pub fn wait(&mut self, what: &str, so: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            while let Some(bytes) = self.frame() {
                self.show(&bytes);
            }
            if so(self.screen()) {
                return;
            }
            assert!(Instant::now() < end, "{what} never came; the screen was:\n{}", self.screen().contents());
            sleep(&mut [self.poll()], end);
            self.read();
        }
    }

    /// Goes to the list of orders, as soon as it is served.
    pub fn go_to_orders(&mut self) {
        self.wait("a screen", |screen| screen.contents().contains("everything"));
        self.send(b"\x1b2");
        self.wait("the list of orders", |screen| is_orders(screen) && marked_order(screen).is_some());
    }
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("few bytes").to_le_bytes();
    [&[kind], &length[..], payload].concat()
}

/// Sleeps until something has come to one of these, or until then.
pub fn sleep(fds: &mut [PollFd<'_>], until: Instant) {
    let left = until.saturating_duration_since(Instant::now());
    // An interrupted sleep was a short one: whoever sleeps looks whether it was enough.
    let _ = poll(fds, Some(&Timespec::try_from(left).expect("less than years")));
}

/// Whether the list of orders is shown from its top.
pub fn is_orders(screen: &vt100::Screen) -> bool {
    screen.contents().contains("newest first")
}

/// The number of the order at which the mark stands.
pub fn marked_order(screen: &vt100::Screen) -> Option<String> {
    let mark = |row: &u16| screen.cell(*row, 0).is_some_and(|cell| cell.contents() == "▸");
    let row = (0..ROWS).find(mark)?;
    screen.contents_between(row, 1, row, COLUMNS).split_whitespace().next().map(str::to_owned)
}

/// What is typed into the field of the Sale screen, or what stands there instead.
pub fn typed(screen: &vt100::Screen) -> Option<String> {
    Some(screen.contents_between(1, 0, 1, COLUMNS))
}
