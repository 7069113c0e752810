//! Where a subcommand reads and writes: the process's own standard streams, or those of a client of the shop's server.
//!
//! A subcommand knows nothing else of where it runs; that is why it behaves the same in both places. It must never print
//! past these streams.

use super::progress::Watch;
use crate::session;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

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

    /// Asks for a secret, which is not shown while it is typed; without a terminal, the next line of the input.
    pub fn secret(&mut self, question: &str) -> io::Result<String> {
        if self.asks {
            write!(self.out, "{question}: ")?;
            self.out.flush()?;
            (self.echo)(false);
        }
        let mut line = String::new();
        let read = self.input.read_line(&mut line);
        if self.asks {
            (self.echo)(true);
            writeln!(self.out)?;
        }
        if read? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "nothing was typed; nothing was changed"));
        }
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// A path as the caller means it.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}
