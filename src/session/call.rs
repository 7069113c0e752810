//! The client's side of one connection: says what it wants, then moves bytes until it is over.

use std::{
    io::{self, Read as _, Write as _},
    net::Shutdown,
    os::{fd::BorrowedFd, unix::net::UnixStream},
};

use super::{
    attach::{Ending, relay},
    terminal,
    wire::{self, Frame, Frames, GREETING, Hello},
};

/// A connection on which the client was heard.
#[derive(Debug)]
pub struct Call {
    stream: UnixStream,
    frames: Frames,
}

/// Says who calls and what for, and waits to be heard; `None` when the server was just leaving, and nothing was done.
///
/// # Errors
/// What the server says where it cannot serve this client, and a fault of the system.
pub fn call(mut stream: UnixStream, hello: &Hello) -> io::Result<Option<Call>> {
    let words = serde_json::to_vec(hello)?;
    if words.len() > wire::MOST {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the command line is too long"));
    }
    let mut bytes = GREETING.to_vec();
    Frame::Hello(words).put(&mut bytes);
    let mut frames = Frames::default();
    let gone = |why: &io::Error| matches!(why.kind(), io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset);
    // A server that has closed already may have said why.
    let sent = stream.write_all(&bytes).or_else(|why| if gone(&why) { Ok(()) } else { Err(why) });
    match sent.and_then(|()| wire::receive(&mut stream, &mut frames)) {
        Ok(Some(Frame::Welcome)) => Ok(Some(Call { stream, frames })),
        Ok(Some(Frame::Exit(_, _, words))) => Err(io::Error::other(words)),
        Ok(Some(_)) => Err(io::Error::other("the shop's server answered with something else than a welcome")),
        Ok(None) => Ok(None),
        Err(why) if gone(&why) => Ok(None),
        Err(why) => Err(why),
    }
}

impl Call {
    /// Shows a console on the process's own terminal.
    ///
    /// # Errors
    /// When there is no terminal, or on a fault of the system.
    pub fn console(self) -> io::Result<Ending> {
        self.on(rustix::stdio::stdin(), rustix::stdio::stdout())
    }

    /// The same on any terminal, read by `input` and written by `output`.
    pub(super) fn on(self, input: BorrowedFd<'_>, output: BorrowedFd<'_>) -> io::Result<Ending> {
        relay(self.stream, self.frames, input, output)
    }

    /// Runs a subcommand on the process's own standard streams; `progress` is told how far it is. One that `watches`
    /// ends when nobody reads standard output any more, any other when its work is done.
    ///
    /// # Errors
    /// When standard output is gone, or on a fault of the system.
    pub fn command(mut self, progress: &dyn Fn(&[u8]), watches: bool) -> io::Result<Ending> {
        let mut out = io::stdout().lock();
        let watched = self.stream.try_clone()?;
        // Ends with the process. A watcher has to be told although there is nothing to write.
        std::thread::Builder::new().spawn(move || {
            if watches && terminal::output_closes(None).unwrap_or(false) {
                let _ = watched.shutdown(Shutdown::Both);
            }
        })?;
        loop {
            match wire::receive(&mut self.stream, &mut self.frames) {
                Ok(Some(Frame::Output(bytes))) => match out.write_all(&bytes).and_then(|()| out.flush()) {
                    Err(why) if why.kind() == io::ErrorKind::BrokenPipe => return Ok(Ending::HungUp),
                    written => written?,
                },
                Ok(Some(Frame::Progress(step))) => progress(&step),
                Ok(Some(Frame::WantInput)) => {
                    let stream = self.stream.try_clone()?;
                    // Ends with the process: a reading of standard input cannot be called back.
                    std::thread::Builder::new().spawn(move || send_input(stream))?;
                }
                Ok(Some(Frame::Echo(on))) => terminal::echo(on),
                Ok(Some(Frame::Exit(status, _, words))) => return Ok(Ending::Over(status, words)),
                Ok(Some(_)) => {}
                Ok(None) | Err(_) if watches && !terminal::output_is_read() => return Ok(Ending::HungUp),
                Ok(None) | Err(_) => return Ok(Ending::Abandoned),
            }
        }
    }
}

fn send_input(mut stream: UnixStream) {
    let mut bytes = [0; 16 << 10];
    loop {
        let frame = match io::stdin().read(&mut bytes) {
            Ok(0) => Frame::End,
            Ok(count) => Frame::Input(bytes.get(..count).unwrap_or_default().to_vec()),
            Err(why) if why.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => Frame::End,
        };
        if stream.write_all(&frame.bytes()).is_err() || frame == Frame::End {
            return;
        }
    }
}
