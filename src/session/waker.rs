//! How other threads tell a session that something changed. It must never know what changed.

use std::{
    fmt, io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::pipe::PipeFlags;

/// Wakes one session from any thread; cheap, never blocks, and many wakes before the session looks are one.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl Waker {
    /// A waker that calls `wake`, for transports that have their own way of waking.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(wake))
    }

    /// A waker over a pipe, and the end that a session polls.
    ///
    /// # Errors
    /// When the system has no more descriptors.
    pub fn pipe() -> io::Result<(Self, Wakeups)> {
        let (reader, writer) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        let (writer, raised) = (Arc::new(writer), Arc::new(AtomicBool::new(false)));
        let wakeups = Wakeups { reader, raised: Arc::clone(&raised), _writer: Arc::clone(&writer) };
        let waker = Self::new(move || {
            if !raised.swap(true, Ordering::SeqCst) {
                // A full pipe already wakes, and a closed one has nobody left to wake.
                let _ = rustix::io::write(&*writer, &[0]);
            }
        });
        Ok((waker, wakeups))
    }

    /// Asks the session to call [`super::Program::wake`] and draw.
    pub fn wake(&self) {
        (self.0)();
    }
}

impl fmt::Debug for Waker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waker")
    }
}

/// The end of a wake-up pipe that a session polls.
#[derive(Debug)]
pub struct Wakeups {
    reader: OwnedFd,
    raised: Arc<AtomicBool>,
    /// Without one a poll would report the end of the pipe for ever once the last waker is gone.
    _writer: Arc<OwnedFd>,
}

impl Wakeups {
    /// Takes the wake-ups so far; true when there was one.
    pub fn take(&self) -> bool {
        let mut sink = [0; 16];
        while matches!(rustix::io::read(&self.reader, &mut sink), Ok(count) if count > 0) {}
        // Lowered after the pipe is empty, so that a wake from here on writes again.
        self.raised.swap(false, Ordering::SeqCst)
    }
}

impl AsFd for Wakeups {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.reader.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_wakes_are_one_and_the_next_is_seen_too() {
        let (waker, wakeups) = Waker::pipe().unwrap();
        assert!(!wakeups.take());
        for _ in 0..100_000 {
            waker.wake();
        }
        assert!(wakeups.take());
        assert!(!wakeups.take());
        waker.clone().wake();
        assert!(wakeups.take());
    }

    #[test]
    fn waking_a_session_that_is_gone_does_nothing() {
        let (waker, wakeups) = Waker::pipe().unwrap();
        drop(wakeups);
        waker.wake();
        waker.wake();
    }
}
