//! What a client and the server of a shop say to each other over a stream: small frames, one version.
//!
//! The client begins with [`GREETING`] and its [`Hello`]; from then on both sides send frames of one byte of kind, four of
//! length (little endian) and the payload. Nothing here knows what a command or a screen is.

use super::client::Client;
use serde::{Deserialize, Serialize};
use std::io::{self, Read};
use std::path::PathBuf;

/// The first bytes of a client: who speaks, and the version of what follows. The first four never change.
pub(super) const GREETING: [u8; 6] = [b't', b'i', b'l', b'l', 0, VERSION];
/// The version of this protocol.
pub(super) const VERSION: u8 = 1;
/// The most a frame carries.
pub(super) const MOST: usize = 1 << 20;
const HEAD: usize = 5;

/// What a client is and wants: the words of its command line, and the terminal it wants a console on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The words after the program's name.
    pub words: Vec<String>,
    /// The folder relative paths start from.
    pub folder: PathBuf,
    /// The terminal, where a console is wanted; `None`: the words are a subcommand.
    pub screen: Option<Screen>,
    /// Whether somebody can be asked on the client's terminal.
    pub asks: bool,
    /// Whether the client's standard output is a terminal.
    pub out_is_terminal: bool,
    /// Where the client comes from, such as an address; empty on the same machine.
    pub from: String,
}

/// A terminal's abilities and size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// What it can show.
    pub client: Client,
    /// Its columns.
    pub columns: u16,
    /// Its rows.
    pub rows: u16,
}

/// One frame, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// To the server: what a client is and wants, as JSON.
    Hello(Vec<u8>),
    /// To the server: bytes typed, or read from standard input.
    Input(Vec<u8>),
    /// To the server: standard input has ended.
    End,
    /// To the server: the terminal has this many columns and rows.
    Resize(u16, u16),
    /// To the server: the shell had the terminal and gave it back; it has this size now.
    Resumed(u16, u16),
    /// To the client: bytes for the terminal, or for standard output.
    Output(Vec<u8>),
    /// To the client: how far long work is, as JSON.
    Progress(Vec<u8>),
    /// To the client: what gives the terminal back, from now on.
    Closing(Vec<u8>),
    /// To the client: standard input is wanted.
    WantInput,
    /// To the client: leave the terminal to the shell for a while.
    Suspend,
    /// To the client: whether what is typed is to be seen on its terminal.
    Echo(bool),
    /// To the client: it was heard, and from now on it is being served.
    Welcome,
    /// To the client: it is over, with this exit status, words for standard error and whether the terminal still owes
    /// answers.
    Exit(u8, bool, String),
}

impl Frame {
    /// Adds the frame's bytes.
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let sizes = |columns: &u16, rows: &u16| [columns.to_le_bytes(), rows.to_le_bytes()].concat();
        match self {
            Self::Hello(bytes) => put(out, 1, bytes),
            Self::Input(bytes) => put(out, 2, bytes),
            Self::End => put(out, 3, &[]),
            Self::Resize(columns, rows) => put(out, 4, &sizes(columns, rows)),
            Self::Resumed(columns, rows) => put(out, 5, &sizes(columns, rows)),
            Self::Output(bytes) => put(out, 6, bytes),
            Self::Progress(bytes) => put(out, 7, bytes),
            Self::Closing(bytes) => put(out, 8, bytes),
            Self::WantInput => put(out, 9, &[]),
            Self::Suspend => put(out, 10, &[]),
            Self::Exit(status, owed, words) => {
                let mut bytes = vec![*status, u8::from(*owed)];
                bytes.extend_from_slice(words.as_bytes());
                put(out, 11, &bytes);
            }
            Self::Welcome => put(out, 12, &[]),
            Self::Echo(on) => put(out, 13, &[u8::from(*on)]),
        }
    }

    /// The frame's bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.put(&mut out);
        out
    }

    fn read(kind: u8, payload: Vec<u8>) -> Option<Self> {
        let sizes = |bytes: &[u8]| match *bytes {
            [a, b, c, d] => Some((u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))),
            _ => None,
        };
        Some(match kind {
            1 => Self::Hello(payload),
            2 => Self::Input(payload),
            3 => Self::End,
            4 => sizes(&payload).map(|(columns, rows)| Self::Resize(columns, rows))?,
            5 => sizes(&payload).map(|(columns, rows)| Self::Resumed(columns, rows))?,
            6 => Self::Output(payload),
            7 => Self::Progress(payload),
            8 => Self::Closing(payload),
            9 => Self::WantInput,
            10 => Self::Suspend,
            11 => match payload.split_first_chunk::<2>() {
                Some(([status, owed], words)) => {
                    Self::Exit(*status, *owed != 0, String::from_utf8_lossy(words).into_owned())
                }
                None => return None,
            },
            12 => Self::Welcome,
            13 => Self::Echo(payload.first().is_some_and(|on| *on != 0)),
            _ => return None,
        })
    }
}

/// Adds bytes for the terminal as frames, cut where one would be too large.
pub(super) fn put_output(out: &mut Vec<u8>, bytes: &[u8]) {
    for piece in bytes.chunks(MOST) {
        put(out, 6, piece);
    }
}

fn put(out: &mut Vec<u8>, kind: u8, payload: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(payload);
}

/// Puts frames together from bytes as they come.
#[derive(Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
    at: usize,
}

impl Frames {
    /// More bytes came.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        if self.at > 0 {
            self.bytes.drain(..self.at);
            self.at = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame.
    ///
    /// # Errors
    /// `InvalidData` when what came is none.
    pub(super) fn next(&mut self) -> io::Result<Option<Frame>> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let Some((&[kind, a, b, c, d], rest)) = rest.split_first_chunk::<HEAD>() else { return Ok(None) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MOST {
            return Err(strange());
        }
        let Some(payload) = rest.get(..length) else { return Ok(None) };
        let frame = Frame::read(kind, payload.to_vec()).ok_or_else(strange)?;
        self.at += HEAD + length;
        Ok(Some(frame))
    }
}

/// Reads the next frame, waiting for it; `None` at the end of the stream.
///
/// # Errors
/// As the stream has, and `InvalidData` when what came is no frame.
pub(super) fn receive(stream: &mut impl Read, frames: &mut Frames) -> io::Result<Option<Frame>> {
    let mut bytes = [0; 16 << 10];
    loop {
        if let Some(frame) = frames.next()? {
            return Ok(Some(frame));
        }
        match stream.read(&mut bytes) {
            Ok(0) => return Ok(None),
            Ok(count) => frames.feed(bytes.get(..count).unwrap_or_default()),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Err(why) => return Err(why),
        }
    }
}

fn strange() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "what came over the socket is not of this version of till")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Frame> {
        vec![
            Frame::Hello(b"{}".to_vec()),
            Frame::Input(vec![0, 255, 27]),
            Frame::Input(Vec::new()),
            Frame::End,
            Frame::Resize(80, 24),
            Frame::Resumed(u16::MAX, 0),
            Frame::Output(vec![7; 70_000]),
            Frame::Progress(b"[1]".to_vec()),
            Frame::Closing(b"\x1b[0m".to_vec()),
            Frame::WantInput,
            Frame::Suspend,
            Frame::Welcome,
            Frame::Echo(true),
            Frame::Echo(false),
            Frame::Exit(1, true, "till: no".to_owned()),
        ]
    }

    #[test]
    fn frames_come_through_any_split() {
        let mut bytes = Vec::new();
        all().iter().for_each(|frame| frame.put(&mut bytes));
        for step in [1, 2, 3, 7, 4096, bytes.len()] {
            let (mut frames, mut came) = (Frames::default(), Vec::new());
            for piece in bytes.chunks(step) {
                frames.feed(piece);
                while let Some(frame) = frames.next().unwrap() {
                    came.push(frame);
                }
            }
            assert_eq!(came, all(), "in pieces of {step}");
        }
    }

    #[test]
    fn nonsense_is_refused_and_never_waited_for() {
        for nonsense in [&[99, 0, 0, 0, 0][..], &[2, 255, 255, 255, 255], &[4, 1, 0, 0, 0, 9], &[11, 1, 0, 0, 0, 9]] {
            let mut frames = Frames::default();
            frames.feed(nonsense);
            assert!(frames.next().is_err(), "{nonsense:?}");
        }
    }

    #[test]
    fn large_output_is_cut_into_frames_that_are_taken() {
        let mut bytes = Vec::new();
        put_output(&mut bytes, &vec![1; 2 * MOST + 5]);
        let mut frames = Frames::default();
        frames.feed(&bytes);
        let mut whole = 0;
        while let Some(Frame::Output(piece)) = frames.next().unwrap() {
            whole += piece.len();
        }
        assert_eq!(whole, 2 * MOST + 5);
    }
}
