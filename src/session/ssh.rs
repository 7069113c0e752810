//! The built-in SSH server: whoever proves a registered key gets a console, or a subcommand, and nothing else.
//!
//! Each channel is one more client of the shop's server: its bytes become frames on one end of a pair of sockets, and the
//! other end is served like any caller. No shell, no subsystem, no forwarding, no passwords. It must never know who people
//! are beyond a number it is given for a fingerprint.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use russh::{
    Channel, ChannelId, Disconnect, MethodKind, MethodSet, Pty,
    keys::{
        HashAlg, PrivateKey, PublicKey,
        ssh_key::{LineEnding, private::Ed25519Keypair},
    },
    server::{Auth, ChannelOpenHandle, Config, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey, run_stream},
};
use tokio::{net::TcpListener, sync::oneshot};

use crate::store::beside;

use super::{
    carry::{carry, cells},
    client::Client,
    wire::{Hello, Screen},
};

/// How long a client may take to prove who it is.
const GRACE: Duration = Duration::from_secs(30);
/// Connections that have proved nothing yet, at one time.
const MOST_UNPROVEN: usize = 128;
/// The same from one address: whoever opens many shuts nobody else out.
const MOST_FROM_ONE: usize = 8;
/// Keys that may be tried on one connection.
const ATTEMPTS: usize = 6;
/// Channels of one connection.
const MOST_CHANNELS: usize = 8;
/// A connection whose other side is silent for so long is asked whether it is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Who may come in over SSH, and where they go.
pub trait Doors: Send + Sync + 'static {
    /// The number of the person whose key has this fingerprint (`SHA256:…`) and who may work here.
    fn owner(&self, fingerprint: &str) -> Option<u16>;

    /// Serves the client at the other end of `stream`, proved to be that person by the key of that fingerprint.
    fn enter(&self, stream: UnixStream, person: u16, fingerprint: &str);

    /// Keys of these fingerprints were shown for `name` from an address, and nobody came in. Must not wait.
    fn refused(&self, from: &str, name: &str, fingerprints: &[String]);
}

/// A running SSH server. Dropping it ends it.
#[derive(Debug)]
pub struct SshServer {
    address: SocketAddr,
    fingerprint: String,
    _end: oneshot::Sender<()>,
}

impl SshServer {
    /// Listens on `address` with the host key in `host_key`, which is made from `seed` when there is none.
    ///
    /// # Errors
    /// When the address cannot be used, or the host key neither read nor made.
    pub fn start(address: &str, host_key: &Path, seed: [u8; 32], doors: Arc<dyn Doors>) -> io::Result<Self> {
        let key = read_or_make(host_key, seed)?;
        let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
        let config = Arc::new(config(key));
        let listener = listen(address)?;
        let address = listener.local_addr()?;
        let (end, ended) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        std::thread::Builder::new().name("till-ssh".to_owned()).spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                tokio::select! {
                    () = accept(&listener, &config, &doors) => {}
                    _ = ended => {}
                }
            });
        })?;
        Ok(Self { address, fingerprint, _end: end })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The host key's fingerprint, for whoever connects for the first time.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn config(key: PrivateKey) -> Config {
    Config {
        methods: MethodSet::from(&[MethodKind::PublicKey][..]),
        auth_rejection_time: Duration::from_secs(1),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: 1 << 18,
        max_auth_attempts: ATTEMPTS,
        inactivity_timeout: None,
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 3,
        nodelay: true,
        ..Config::default()
    }
}

fn listen(address: &str) -> io::Result<std::net::TcpListener> {
    let addresses: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    let listener = std::net::TcpListener::bind(addresses.as_slice())?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn read_or_make(path: &Path, seed: [u8; 32]) -> io::Result<PrivateKey> {
    let read = || {
        PrivateKey::from_openssh(std::fs::read_to_string(path)?).map_err(|why| {
            io::Error::other(format!(
                "the host key {} cannot be read: {why}. Put it back from a copy, or remove it: a new one is made, and clients \
                 are told that it is another",
                path.display()
            ))
        })
    };
    match read() {
        Err(why) if why.kind() == io::ErrorKind::NotFound => {
            let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
            let text = key.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
            if beside::make(path, text.as_bytes())? { Ok(key) } else { read() }
        }
        read => read,
    }
}

async fn accept(listener: &TcpListener, config: &Arc<Config>, doors: &Arc<dyn Doors>) {
    let unproven = Arc::new(Mutex::default());
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            // No descriptor is free for now; whoever waits is taken when one is.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Some(waiting) = Waiting::new(&unproven, from.ip()) else { continue };
        // A connection that cannot be had without delay is had with it.
        let _ = stream.set_nodelay(true);
        let (config, doors) = (Arc::clone(config), Arc::clone(doors));
        tokio::spawn(async move {
            let (proved, proof) = oneshot::channel();
            let guest = Guest {
                doors,
                from: from.ip().to_string(),
                person: None,
                name: String::new(),
                refused: Vec::new(),
                proved: Some(proved),
                rooms: HashMap::new(),
            };
            let opened = tokio::time::timeout(GRACE, run_stream(config, stream, guest)).await;
            let Ok(Ok(running)) = opened else { return };
            let handle = running.handle();
            let late = tokio::time::timeout(GRACE, proof).await.is_err();
            drop(waiting);
            if late {
                let words = "nobody proved who they are".to_owned();
                // One that is gone needs no farewell.
                let _ = handle.disconnect(Disconnect::ByApplication, words, String::new()).await;
            }
            let _ = running.await;
        });
    }
}

/// How many connections have proved nothing yet, by address.
type Unproven = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Counts a connection that has proved nothing yet.
struct Waiting(Unproven, IpAddr);

impl Waiting {
    /// One more, if there may be one.
    fn new(unproven: &Unproven, from: IpAddr) -> Option<Self> {
        let mut all = unproven.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.get(&from).copied().unwrap_or(0);
        // Whoever is refused leaves nothing behind, from however many addresses they come.
        if own >= MOST_FROM_ONE || all.values().sum::<usize>() >= MOST_UNPROVEN {
            return None;
        }
        all.insert(from, own + 1);
        Some(Self(Arc::clone(unproven), from))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(&self.1) {
            *own -= 1;
            if *own == 0 {
                all.remove(&self.1);
            }
        }
    }
}

/// What a channel has said of itself before it asks for a console or a subcommand.
struct Room {
    channel: Option<Channel<Msg>>,
    screen: Option<(u16, u16)>,
    variables: Vec<(String, String)>,
}

/// One connection.
struct Guest {
    doors: Arc<dyn Doors>,
    from: String,
    /// Who has proved who they are, and by which key.
    person: Option<(u16, String)>,
    /// The name that was given last; it says nothing of who comes.
    name: String,
    /// Fingerprints of the keys that open nothing.
    refused: Vec<String>,
    /// Told once somebody has proved who they are; dropped with the connection.
    proved: Option<oneshot::Sender<()>>,
    rooms: HashMap<ChannelId, Room>,
}

impl Guest {
    /// Whose key it is; one that is nobody's is remembered.
    fn owner(&mut self, name: &str, key: &PublicKey) -> Option<(u16, String)> {
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let owner = self.doors.owner(&fingerprint);
        if owner.is_none() && self.refused.len() < ATTEMPTS && !self.refused.contains(&fingerprint) {
            name.clone_into(&mut self.name);
            self.refused.push(fingerprint.clone());
        }
        owner.map(|owner| (owner, fingerprint))
    }

    /// Has a channel served; whether it could be.
    fn serve(&mut self, id: ChannelId, words: Vec<String>, wants_screen: bool) -> bool {
        let (Some((person, key)), Some(room)) = (&self.person, self.rooms.get_mut(&id)) else { return false };
        // A connection may stay long after its key was taken away.
        if self.doors.owner(key) != Some(*person) {
            return false;
        }
        let (Some(channel), Ok((here, there))) = (room.channel.take(), UnixStream::pair()) else { return false };
        if here.set_nonblocking(true).is_err() {
            return false;
        }
        let Ok(here) = tokio::net::UnixStream::from_std(here) else { return false };
        let variable = |name: &str| room.variables.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let client = Client { paced: true, escape_delay: Duration::from_millis(60), ..Client::from_env(&variable) };
        let screen = room.screen.filter(|_| wants_screen);
        // A subcommand before a terminal that nobody keeps in order: lines are ended for it.
        let cooked = room.screen.is_some() && !wants_screen;
        let hello = Hello {
            words,
            folder: PathBuf::from("/"),
            screen: screen.map(|(columns, rows)| Screen { client, columns, rows }),
            asks: cooked,
            out_is_terminal: room.screen.is_some(),
            from: self.from.clone(),
        };
        self.doors.enter(there, *person, key);
        tokio::spawn(carry(channel, here, hello, cooked));
        true
    }
}

impl Drop for Guest {
    /// Whoever shows several keys, of which one fits, has knocked at no wrong door.
    fn drop(&mut self) {
        if self.person.is_none() && !self.refused.is_empty() {
            self.doors.refused(&self.from, &self.name, &self.refused);
        }
    }
}

impl Handler for Guest {
    type Error = russh::Error;

    async fn auth_publickey_offered(&mut self, name: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        Ok(if self.owner(name, offer.public_key).is_some() { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, name: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        self.person = self.owner(name, key.public_key);
        if self.person.is_none() {
            return Ok(Auth::reject());
        }
        if let Some(proved) = self.proved.take() {
            // Whoever waits for it may have given up.
            let _ = proved.send(());
        }
        Ok(Auth::Accept)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.person.is_some() && self.rooms.len() < MOST_CHANNELS {
            let room = Room { screen: None, variables: Vec::new(), channel: None };
            self.rooms.insert(channel.id(), Room { channel: Some(channel), ..room });
            reply.accept().await;
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.rooms.remove(&channel);
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "as the protocol has it")]
    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        if let Some(room) = self.rooms.get_mut(&channel) {
            room.screen = Some((cells(columns), cells(rows)));
            room.variables.push(("TERM".to_owned(), term.to_owned()));
        }
        session.channel_success(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        const KNOWN: [&str; 5] = ["LANG", "LC_ALL", "LC_CTYPE", "COLORTERM", "NO_COLOR"];
        match self.rooms.get_mut(&channel) {
            Some(room) if KNOWN.contains(&name) && room.variables.len() < 2 * KNOWN.len() => {
                room.variables.push((name.to_owned(), value.to_owned()));
                session.channel_success(channel)
            }
            _ => session.channel_failure(channel),
        }
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let has_screen = self.rooms.get(&channel).is_some_and(|room| room.screen.is_some());
        if has_screen && self.serve(channel, Vec::new(), true) {
            return session.channel_success(channel);
        }
        session.channel_failure(channel)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let words = std::str::from_utf8(command).ok().and_then(shlex::split);
        let Some(mut words) = words else { return session.channel_failure(channel) };
        if words.first().is_some_and(|word| word == "till") {
            words.remove(0);
        }
        let wants_screen = words.first().is_none_or(|word| word.starts_with("--"));
        if self.serve(channel, words, wants_screen) {
            return session.channel_success(channel);
        }
        session.channel_failure(channel)
    }

    async fn subsystem_request(&mut self, id: ChannelId, _: &str, session: &mut Session) -> Result<(), Self::Error> {
        session.channel_failure(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_refused_leaves_nothing_behind() {
        let unproven = Unproven::default();
        let from = |last: u8| IpAddr::from([10, 0, 0, last]);
        let many: Vec<Option<Waiting>> = (0..=255)
            .flat_map(|last| (0..2).map(move |_| last))
            .map(|last| Waiting::new(&unproven, from(last)))
            .collect();
        assert_eq!(many.iter().flatten().count(), MOST_UNPROVEN);
        assert_eq!(unproven.lock().unwrap().len(), MOST_UNPROVEN / 2);
        drop(many);
        assert!(unproven.lock().unwrap().is_empty());
        let own: Vec<Option<Waiting>> = (0..=MOST_FROM_ONE).map(|_| Waiting::new(&unproven, from(1))).collect();
        assert_eq!(own.iter().flatten().count(), MOST_FROM_ONE);
        assert!(Waiting::new(&unproven, from(2)).is_some());
    }

    #[test]
    fn the_host_key_is_made_once_and_one_that_is_cut_short_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.redb.hostkey");
        let made = read_or_make(&path, [1; 32]).unwrap();
        assert_eq!(
            read_or_make(&path, [2; 32]).unwrap().fingerprint(HashAlg::Sha256),
            made.fingerprint(HashAlg::Sha256)
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::write(&path, "").unwrap();
        let why = read_or_make(&path, [3; 32]).unwrap_err().to_string();
        assert!(why.contains("shop.redb.hostkey cannot be read") && why.contains("remove it"), "{why}");
        assert_eq!(std::fs::read(&path).unwrap(), b"");
    }
}
