//! The server's end of the socket beside a shop file: one server for a shop, and who may come in.
//!
//! A lock file beside the shop is held as long as the server lives, so that of eight started at once one serves. It must
//! never know what callers want.

use std::{
    fs::{File, Permissions},
    io,
    os::{
        fd::AsFd as _,
        unix::{
            fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
            net::{UnixListener, UnixStream},
        },
    },
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{FlockOperation, flock},
    io::Errno,
};

use super::{
    attach::timespec,
    socket::{beside, bind, connect, socket_of},
    waker::Wakeups,
};

/// How long a server that is leaving is waited for.
const LEAVING: Duration = Duration::from_secs(10);

/// Why a shop cannot be served by this process.
#[derive(Debug)]
pub enum NotOurs {
    /// Another server has it: its process, as far as it is known.
    Served(String),
    /// A fault of the system.
    Fault(io::Error),
}

impl From<io::Error> for NotOurs {
    fn from(why: io::Error) -> Self {
        Self::Fault(why)
    }
}

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The user's number; `None` where the system does not say.
    pub user: Option<u32>,
}

/// A shop's door: held from before the shop is opened until it is closed.
#[derive(Debug)]
pub struct Listening {
    listener: Option<UnixListener>,
    socket: PathBuf,
    /// Locked.
    _lock: File,
}

impl Listening {
    /// Takes the shop for this process; nobody can come in before [`Listening::open`].
    ///
    /// # Errors
    /// `Served` when another server has it and answers, or does not leave within ten seconds.
    pub fn claim(shop: &Path) -> Result<Self, NotOurs> {
        let path = beside(shop, ".serving");
        let lock = File::options().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path)?;
        let until = Instant::now() + LEAVING;
        while let Err(why) = flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            if why != Errno::WOULDBLOCK {
                return Err(NotOurs::Fault(why.into()));
            }
            // One that answers stays; one that does not is leaving, or not yet there.
            if Instant::now() > until || connect(shop)?.is_some() {
                let process = std::fs::read_to_string(&path).unwrap_or_default();
                return Err(NotOurs::Served(process.trim().to_owned()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let own = rustix::process::getpid().as_raw_nonzero();
        lock.set_len(0)?;
        io::Write::write_all(&mut &lock, format!("{own}\n").as_bytes())?;
        Ok(Self { listener: None, socket: socket_of(shop), _lock: lock })
    }

    /// Opens the door. `group` may come in besides the owner of the shop file.
    ///
    /// # Errors
    /// When the socket cannot be made.
    pub fn open(&mut self, group: Option<u32>) -> io::Result<()> {
        let listener = bind(&self.socket)?;
        if let Some(group) = group {
            let group = rustix::fs::Gid::from_raw(group);
            rustix::fs::chown(&self.socket, None, Some(group))?;
        }
        let mode = if group.is_some() { 0o660 } else { 0o600 };
        std::fs::set_permissions(&self.socket, Permissions::from_mode(mode))?;
        listener.set_nonblocking(true)?;
        self.listener = Some(listener);
        Ok(())
    }

    /// Waits for the next caller, a wake-up or `until`: whoever came.
    ///
    /// # Errors
    /// On a fault of the system; one of a single caller is none.
    pub fn next(&self, wakeups: &Wakeups, until: Option<Instant>) -> io::Result<Option<(UnixStream, Peer)>> {
        let Some(listener) = &self.listener else { return Ok(None) };
        let timeout = until.map(|at| timespec(at.saturating_duration_since(Instant::now())));
        let mut fds = [PollFd::new(listener, PollFlags::IN), PollFd::new(wakeups, PollFlags::IN)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(None),
            Err(why) => return Err(why.into()),
        }
        wakeups.take();
        match listener.accept() {
            Ok((stream, _)) => {
                let peer = peer(&stream);
                Ok(Some((stream, peer)))
            }
            // Nobody, somebody who has left already, or no descriptor free for now.
            Err(_) => Ok(None),
        }
    }

    /// Shuts the door: nobody new comes in. The shop stays claimed until this is dropped.
    pub fn shut(&mut self) {
        if self.listener.take().is_some() {
            // A socket that stays behind is taken for what it is by the next.
            let _ = std::fs::remove_file(&self.socket);
        }
    }

    /// Whether the socket still stands where callers look for it: somebody may have removed it, or the folder.
    pub fn stands(&self) -> bool {
        let own = self.listener.is_some();
        own && std::fs::metadata(&self.socket).is_ok_and(|file| file.nlink() > 0)
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.shut();
    }
}

#[cfg(target_os = "linux")]
fn peer(stream: &UnixStream) -> Peer {
    Peer { user: rustix::net::sockopt::socket_peercred(stream.as_fd()).ok().map(|peer| peer.uid.as_raw()) }
}

/// The permissions of the socket alone decide.
#[cfg(not(target_os = "linux"))]
fn peer(stream: &UnixStream) -> Peer {
    let _ = stream.as_fd();
    Peer { user: None }
}
