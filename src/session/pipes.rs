//! The streams of a subcommand that runs for a client: its input, its output, and how far it is, over one stream of frames.
//!
//! A client that reads slowly is waited for, as any pipe is, and one that sends faster than is read waits itself: neither
//! costs more than a few pieces of memory. It must never know what a subcommand does.

use std::{
    io::{self, BufReader, Read, Write},
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use rustix::event::{PollFd, PollFlags, poll};

use super::{
    attach::timespec,
    wire::{self, Frame, Frames},
};

/// Pieces of a client's input that wait for a subcommand to read them; a client that sends more waits itself.
const PIECES: usize = 4;

/// The streams of a subcommand that runs for a client.
pub struct Pipes {
    /// Its standard input; the client's is asked for at the first reading.
    pub input: Box<dyn io::BufRead + Send>,
    /// Its standard output.
    pub out: Output,
    /// True once the client has left.
    pub gone: Arc<AtomicBool>,
}

impl Pipes {
    /// Lays them over a client's stream, of which `frames` has come already; also the thread that listens to the client
    /// until it leaves or its stream is shut down.
    ///
    /// # Errors
    /// When there are no more descriptors or threads.
    pub(super) fn lay(stream: &UnixStream, mut frames: Frames) -> io::Result<(Self, JoinHandle<()>)> {
        let line = Arc::new(Line { stream: Mutex::new(stream.try_clone()?), unsaid: Mutex::default() });
        let (pieces, came) = sync_channel(PIECES);
        let gone = Arc::new(AtomicBool::new(false));
        let (mut stream, left) = (stream.try_clone()?, Arc::clone(&gone));
        let reader = std::thread::Builder::new().name("till-input".to_owned()).spawn(move || {
            listen(&mut stream, &mut frames, pieces);
            left.store(true, Ordering::SeqCst);
        })?;
        let input = Input { wanted: false, line: Arc::clone(&line), came, rest: io::Cursor::default() };
        Ok((Self { input: Box::new(BufReader::new(input)), out: Output { line }, gone }, reader))
    }
}

/// Hands on what comes until the client has gone. While the subcommand has not taken what came, no more is read.
fn listen(stream: &mut UnixStream, frames: &mut Frames, pieces: SyncSender<Vec<u8>>) {
    let mut pieces = Some(pieces);
    while let Ok(Some(frame)) = wire::receive(stream, frames) {
        match (frame, &pieces) {
            (Frame::Input(piece), Some(sender)) => {
                // A subcommand that reads no more is not told any more.
                let _ = sender.send(piece);
            }
            (Frame::End, _) => pieces = None,
            _ => {}
        }
    }
}

/// A client's standard output, and how far the work is.
#[derive(Clone, Debug)]
pub struct Output {
    line: Arc<Line>,
}

impl Output {
    /// Says how far long work is, in the client's own notation. Never waits, for whoever does the work may have others to
    /// serve: a client that reads nothing is told the last of it once it reads again.
    pub fn progress(&self, step: Vec<u8>) {
        *lock(&self.line.unsaid) = Some(step);
        if let Ok(mut stream) = self.line.stream.try_lock()
            && has_room(&stream)
        {
            // Lost where the client has left.
            let _ = self.line.say(&mut stream);
        }
    }

    /// Has the client's terminal show what is typed, or not.
    pub fn echo(&self, on: bool) {
        // Whoever has left types nothing.
        let _ = self.line.send(&Frame::Echo(on));
    }

    /// Says what there was no room for, however long the client takes.
    ///
    /// # Errors
    /// When the client has left.
    pub(super) fn catch_up(&self) -> io::Result<()> {
        self.line.say(&mut lock(&self.line.stream))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = bytes.get(..bytes.len().min(wire::MOST)).unwrap_or_default();
        if !piece.is_empty() {
            self.line.send(&Frame::Output(piece.to_vec()))?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The way to a client.
#[derive(Debug)]
struct Line {
    stream: Mutex<UnixStream>,
    /// How far the work is, where the client has not been told.
    unsaid: Mutex<Option<Vec<u8>>>,
}

impl Line {
    /// Sends a frame, however long the client takes.
    fn send(&self, frame: &Frame) -> io::Result<()> {
        let mut stream = lock(&self.stream);
        self.say(&mut stream)?;
        stream.write_all(&frame.bytes())
    }

    fn say(&self, stream: &mut UnixStream) -> io::Result<()> {
        let step = lock(&self.unsaid).take();
        step.map_or(Ok(()), |step| stream.write_all(&Frame::Progress(step).bytes()))
    }
}

/// Whether a client takes a small frame at once.
fn has_room(stream: &UnixStream) -> bool {
    let mut fds = [PollFd::new(stream, PollFlags::OUT)];
    let polled = poll(&mut fds, Some(&timespec(Duration::ZERO)));
    polled.is_ok() && fds.iter().all(|fd| fd.revents().contains(PollFlags::OUT))
}

struct Input {
    wanted: bool,
    line: Arc<Line>,
    came: Receiver<Vec<u8>>,
    rest: io::Cursor<Vec<u8>>,
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !std::mem::replace(&mut self.wanted, true) {
            self.line.send(&Frame::WantInput)?;
        }
        loop {
            let count = self.rest.read(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            match self.came.recv() {
                Ok(piece) => self.rest = io::Cursor::new(piece),
                Err(_) => return Ok(0),
            }
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Shutdown;
    use std::sync::mpsc::channel;
    use std::thread;

    /// Far longer than anything here takes; only a failure waits for it.
    const LONG: Duration = Duration::from_secs(20);

    /// Fills what a client that reads nothing has room for.
    fn fill(stream: &UnixStream) {
        stream.set_nonblocking(true).unwrap();
        while (&*stream).write(&[0; 4096]).is_ok() {}
        stream.set_nonblocking(false).unwrap();
    }

    #[test]
    fn how_far_work_is_waits_for_no_client_and_the_last_of_it_is_said_in_the_end() {
        let (mut here, there) = UnixStream::pair().unwrap();
        let (pipes, reader) = Pipes::lay(&there, Frames::default()).unwrap();
        fill(&there);
        let (done, worked) = channel();
        let mut out = pipes.out.clone();
        let work = thread::spawn(move || {
            (0..100_000_u32).for_each(|step| out.progress(step.to_le_bytes().to_vec()));
            done.send(()).unwrap();
            out.write_all(b"done")
        });
        worked.recv_timeout(LONG).expect("the work goes on whether the client reads or not");
        let filled = std::iter::from_fn(|| {
            let mut byte = [1];
            here.read_exact(&mut byte).ok().filter(|()| byte == [0])
        });
        // The first byte that is no filling is the kind of the first frame.
        assert!(filled.count() > 4096);
        let mut rest = vec![7];
        let mut bytes = [0; 64];
        while !rest.ends_with(b"done") {
            let count = here.read(&mut bytes).unwrap();
            rest.extend_from_slice(&bytes[..count]);
        }
        let mut expected = Frame::Progress(99_999_u32.to_le_bytes().to_vec()).bytes();
        Frame::Output(b"done".to_vec()).put(&mut expected);
        assert_eq!(rest, expected);
        work.join().unwrap().unwrap();
        drop((here, pipes));
        reader.join().unwrap();
    }

    #[test]
    fn a_subcommand_that_waits_for_its_client_ends_with_the_stream() {
        let (here, there) = UnixStream::pair().unwrap();
        let (mut pipes, reader) = Pipes::lay(&there, Frames::default()).unwrap();
        fill(&there);
        let writing = thread::spawn(move || pipes.out.write_all(b"more than there is room for"));
        there.shutdown(Shutdown::Both).unwrap();
        assert!(writing.join().unwrap().is_err());
        reader.join().unwrap();
        drop(here);
    }

    #[test]
    fn a_client_that_sends_more_than_is_read_waits() {
        let (here, there) = UnixStream::pair().unwrap();
        let (mut pipes, reader) = Pipes::lay(&there, Frames::default()).unwrap();
        let (sent, told) = channel();
        let sending = thread::spawn(move || {
            let piece = Frame::Input(vec![b'x'; 1 << 16]).bytes();
            while (&here).write_all(&piece).is_ok() && sent.send(()).is_ok() {}
        });
        let mut byte = [0; 1];
        pipes.input.read_exact(&mut byte).unwrap();
        // What is read, waits or is on its way; an endless input stops there.
        let most = (16 << 20) / (1 << 16);
        let mut count = 0;
        while told.recv_timeout(Duration::from_millis(200)).is_ok() {
            count += 1;
            assert!(count < most, "all of an endless input is taken");
        }
        drop((pipes, told));
        there.shutdown(Shutdown::Both).unwrap();
        sending.join().unwrap();
        reader.join().unwrap();
    }
}
