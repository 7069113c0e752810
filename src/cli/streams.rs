//! Where a subcommand reads and writes: the process's own standard streams, or those of a client of the shop's server.
//!
//! A subcommand knows nothing else of where it runs; that is why it behaves the same in both places. It must never print
//! past these streams.

use super::progress::Watch;
use crate::session;
use crate::unit::text::shown;
use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes of the longest answer that anything is asked for: a key of SSH with its label.
const LONGEST_ANSWER: usize = 16 << 10;

/// What reading a line came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The line is there.
    Whole,
    /// It is longer than was wanted: its beginning is there, the rest is skipped.
    TooLong,
    /// There is none any more.
    End,
}

/// Reads the next line into `line`, without its end and at most `longest` bytes of it, however long it is.
pub(crate) fn read_line(input: &mut dyn BufRead, longest: usize, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let (mut any, mut too_long) = (false, false);
    loop {
        let came = match input.fill_buf() {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            came => came?,
        };
        let end = came.iter().position(|byte| *byte == b'\n');
        let piece = came.get(..end.unwrap_or(came.len())).unwrap_or_default();
        let room = longest - line.len();
        line.extend(piece.iter().take(room));
        too_long |= piece.len() > room;
        any |= !came.is_empty();
        let is_over = end.is_some() || came.is_empty();
        let used = piece.len() + usize::from(end.is_some());
        input.consume(used);
        if is_over {
            return Ok(if too_long {
                Line::TooLong
            } else if any {
                Line::Whole
            } else {
                Line::End
            });
        }
    }
}

/// The streams of one run of a subcommand.
pub(crate) struct Streams {
    /// Standard input.
    pub input: Box<dyn BufRead + Send>,
    /// Standard output.
    pub out: Box<dyn Write + Send>,
    /// Whether input and output are both terminals: somebody may be asked.
    pub asks: bool,
    /// Whether output is a terminal.
    pub out_is_terminal: bool,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
    /// Shows progress.
    pub watch: Watch,
    /// Has what is typed shown, or not.
    pub echo: Arc<dyn Fn(bool) + Send + Sync>,
    /// Whether to go on: a watcher stops when whoever reads is gone.
    pub alive: Arc<dyn Fn() -> bool + Send + Sync>,
    /// A line for standard error once all went well.
    pub remark: String,
}

impl Streams {
    /// The process's own.
    pub fn own() -> io::Result<Streams> {
        let out_is_terminal = io::stdout().is_terminal();
        Ok(Streams {
            input: Box::new(io::BufReader::new(io::stdin())),
            // Written in lines to a terminal, in blocks to a pipe; what must go at once is flushed.
            out: if out_is_terminal { Box::new(io::stdout()) } else { Box::new(io::BufWriter::new(io::stdout())) },
            asks: io::stdin().is_terminal() && out_is_terminal,
            out_is_terminal,
            folder: std::env::current_dir()?,
            watch: super::progress::bar(),
            echo: Arc::new(session::echo),
            alive: Arc::new(session::output_is_read),
            remark: String::new(),
        })
    }

    /// Writes a line for a person. What would steer their terminal, because somebody wrote it into the shop file by other
    /// means, is left out.
    pub fn tell(&mut self, line: impl Display) -> io::Result<()> {
        writeln!(self.out, "{}", shown(&line.to_string()))
    }

    /// Asks for a secret, which is not shown while it is typed; without a terminal, the next line of the input.
    pub fn secret(&mut self, question: &str) -> io::Result<String> {
        if self.asks {
            write!(self.out, "{}: ", shown(question))?;
            self.out.flush()?;
            (self.echo)(false);
        }
        let read = self.line();
        if self.asks {
            (self.echo)(true);
            writeln!(self.out)?;
        }
        let nothing = || io::Error::new(io::ErrorKind::UnexpectedEof, "nothing was typed; nothing was changed");
        read?.ok_or_else(nothing)
    }

    /// The next line of the input, without its end; `None` where the input ends.
    ///
    /// # Errors
    /// `InvalidData` for one longer than anything that is asked for, or that is not UTF-8; what reading meets.
    pub fn line(&mut self) -> io::Result<Option<String>> {
        let wrong = |why: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{why}; nothing was changed"));
        let mut line = Vec::new();
        match read_line(&mut *self.input, LONGEST_ANSWER, &mut line)? {
            Line::End => Ok(None),
            Line::TooLong => Err(wrong("the line is too long")),
            Line::Whole => {
                let line = String::from_utf8(line).map_err(|_| wrong("the line is not UTF-8"))?;
                Ok(Some(line.trim_end_matches('\r').to_owned()))
            }
        }
    }

    /// A path as the caller means it.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_no_more_room_than_the_longest_whatever_comes() {
        let text = format!("one\n\n{}\nfour\r\n{}\nlast", "x".repeat(9), "y".repeat(8));
        for size in [1, 3, 4096] {
            let mut input = io::BufReader::with_capacity(size, text.as_bytes());
            let mut line = Vec::new();
            let mut seen = Vec::new();
            loop {
                let read = read_line(&mut input, 8, &mut line).unwrap();
                assert!(line.len() <= 8 && line.capacity() <= 16);
                if read == Line::End {
                    break;
                }
                seen.push((read, String::from_utf8(line.clone()).unwrap()));
            }
            let whole = |text: &str| (Line::Whole, text.to_owned());
            let cut = (Line::TooLong, "xxxxxxxx".to_owned());
            assert_eq!(seen, [whole("one"), whole(""), cut, whole("four\r"), whole("yyyyyyyy"), whole("last")]);
        }
    }
}
