//! The built-in SSH server: whoever proves a registered key gets a console, or a subcommand, and nothing else.
//!
//! Each channel is one more client of the shop's server: its bytes become frames on one end of a pair of sockets, and the
//! other end is served like any caller. No shell, no subsystem, no forwarding, no passwords. It must never know who people
//! are beyond a number it is given for a fingerprint.

mod guest;
mod waiting;

use std::{
    io,
    net::{SocketAddr, ToSocketAddrs},
    os::unix::net::UnixStream,
    path::Path,
    sync::Arc,
    time::Duration,
};

use russh::{
    Disconnect, MethodKind, MethodSet,
    keys::{
        HashAlg, PrivateKey,
        ssh_key::{LineEnding, private::Ed25519Keypair},
    },
    server::{Config, run_stream},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::store::beside;

use guest::{ATTEMPTS, Came, Guest};
use waiting::{Unproven, Waiting};

/// How long a client may take to prove who it is.
const GRACE: Duration = Duration::from_secs(30);
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
        // The second lets nobody in: it is how the stock client shows a person why no key did.
        methods: MethodSet::from(&[MethodKind::PublicKey, MethodKind::KeyboardInteractive][..]),
        auth_rejection_time: Duration::from_secs(1),
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        window_size: 1 << 18,
        // Whoever shows too many keys is told so by the guest; this is for what is no key.
        max_auth_attempts: 2 * ATTEMPTS,
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
    let unproven = Unproven::new();
    loop {
        let Ok((stream, from)) = listener.accept().await else {
            // No descriptor is free for now; whoever waits is taken when one is.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let Some(waiting) = unproven.one_more(from.ip()) else {
            unproven.turn_away(stream);
            continue;
        };
        // A connection that cannot be had without delay is had with it.
        let _ = stream.set_nodelay(true);
        tokio::spawn(attend(stream, from, waiting, Arc::clone(config), Arc::clone(doors)));
    }
}

/// Serves one connection to its end.
async fn attend(stream: TcpStream, from: SocketAddr, waiting: Waiting, config: Arc<Config>, doors: Arc<dyn Doors>) {
    let (came, coming) = oneshot::channel();
    let guest = Guest::new(doors, from.ip().to_string(), came);
    let opened = tokio::time::timeout(GRACE, run_stream(config, stream, guest)).await;
    let Ok(Ok(running)) = opened else { return };
    let handle = running.handle();
    let why = match tokio::time::timeout(GRACE, coming).await {
        Ok(Ok(Came::WithTooManyKeys)) => Some((Disconnect::NoMoreAuthMethodsAvailable, guest::TOO_MANY_KEYS)),
        // Whoever left before they proved anything needs no farewell either.
        Ok(Ok(Came::In) | Err(_)) => None,
        Err(_) => Some((Disconnect::ByApplication, "nobody proved who they are")),
    };
    drop(waiting);
    if let Some((reason, words)) = why {
        // One that is gone needs no farewell.
        let _ = handle.disconnect(reason, words.to_owned(), String::new()).await;
    }
    // Its end is all that is waited for.
    let _ = running.await;
}

#[cfg(test)]
mod tests {
    use super::*;

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
