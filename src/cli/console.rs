//! Opening the console on this terminal: it runs in the shop's server, this process is its terminal.

use super::looks::Looks;
use super::place::Place;
use super::{Done, Trouble, start};
use crate::session::{Client, Hello, Screen, call, terminal_size};
use std::io::IsTerminal;
use std::os::unix::net::UnixStream;

/// Opens the console on the shop, through its server.
pub(super) fn run(place: &Place, looks: &Looks) -> Done {
    need_terminal()?;
    let path = place.path()?;
    loop {
        let stream = start::reach(&path, &super::progress::bar())?;
        if let Some(done) = on(stream, looks)? {
            return done;
        }
    }
}

/// A console without a terminal would be a riddle.
pub(super) fn need_terminal() -> Done {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        Ok(())
    } else {
        Err(Trouble::Failed("the console needs a terminal; for scripts see: till report --help".to_owned()))
    }
}

/// Shows the console that the server at the other end of `stream` runs; `None` when the server was just leaving.
pub(super) fn on(stream: UnixStream, looks: &Looks) -> Result<Option<Done>, Trouble> {
    let client = Client::from_env(&|name| std::env::var(name).ok());
    client.need_cursor()?;
    let (columns, rows) = terminal_size();
    let hello = Hello {
        words: looks.words(),
        folder: std::env::current_dir()?,
        screen: Some(Screen { client, columns, rows }),
        asks: true,
        out_is_terminal: true,
        from: super::proof::ssh_address(),
    };
    match call(stream, &hello)? {
        Some(call) => Ok(Some(super::ended(call.console()?))),
        None => Ok(None),
    }
}
