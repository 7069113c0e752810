//! Connections that have proved nothing yet: how many there may be, and what one too many is told.
//!
//! It knows no key and no person: an address and a count are all there is.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
};

/// Connections that have proved nothing yet, at one time.
const MOST: usize = 128;
/// The same from one address: whoever opens many shuts nobody else out.
const MOST_FROM_ONE: usize = 8;
/// One too many that are told so at one time; more are closed without a word.
const MOST_TOLD: usize = 16;
/// How long one too many may take to hear it.
const FAREWELL: Duration = Duration::from_secs(2);
/// So much of what it says is taken meanwhile, in bytes.
const MOST_HEARD: usize = 1 << 16;
/// What one too many is told.
const CROWDED: &str =
    "too many connections that have not signed in are open; close some, or try again in half a minute";
/// `SSH_MSG_DISCONNECT`, RFC 4253 section 11.1.
const DISCONNECT: u8 = 1;
/// `SSH_DISCONNECT_TOO_MANY_CONNECTIONS`, from the same place.
const TOO_MANY: u32 = 12;

/// The connections that have proved nothing yet.
#[derive(Debug, Clone)]
pub(super) struct Unproven {
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    farewells: Arc<Semaphore>,
}

impl Unproven {
    /// None so far.
    pub fn new() -> Unproven {
        Unproven { by_address: Arc::default(), farewells: Arc::new(Semaphore::new(MOST_TOLD)) }
    }

    /// One more, if there may be one; it is counted until it is let go of.
    pub fn one_more(&self, from: IpAddr) -> Option<Waiting> {
        let mut all = self.by_address.lock().unwrap_or_else(PoisonError::into_inner);
        let own = all.get(&from).copied().unwrap_or_default();
        if all.values().sum::<usize>() >= MOST || own >= MOST_FROM_ONE {
            return None;
        }
        all.insert(from, own + 1);
        Some(Waiting(Arc::clone(&self.by_address), from))
    }

    /// Turns a connection away that is one too many, and tells it why: before any key is exchanged, so that it costs next
    /// to nothing.
    pub fn turn_away(&self, stream: TcpStream) {
        let Ok(turn) = Arc::clone(&self.farewells).try_acquire_owned() else { return };
        tokio::spawn(async move {
            // Whoever does not hear it has left.
            let _ = tokio::time::timeout(FAREWELL, tell(stream)).await;
            drop(turn);
        });
    }
}

/// Says it, and takes what the client had to say meanwhile: a connection that is closed over unread bytes may lose the words.
async fn tell(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(&farewell()).await?;
    stream.shutdown().await?;
    let (mut bytes, mut left) = ([0; 1_024], MOST_HEARD);
    while left > 0 {
        match stream.read(&mut bytes).await? {
            0 => break,
            read => left = left.saturating_sub(read),
        }
    }
    Ok(())
}

/// The server's version line, and one packet in the clear: length, padding, reason, words, language.
fn farewell() -> Vec<u8> {
    let words = CROWDED.as_bytes();
    let mut payload = vec![DISCONNECT];
    payload.extend_from_slice(&TOO_MANY.to_be_bytes());
    payload.extend_from_slice(&(words.len() as u32).to_be_bytes());
    payload.extend_from_slice(words);
    payload.extend_from_slice(&0_u32.to_be_bytes());
    // The whole packet is a multiple of eight, of which at least four are padding.
    let padding = 4 + (8 - (5 + payload.len() + 4) % 8) % 8;
    let length = 1 + payload.len() + padding;
    let mut bytes = b"SSH-2.0-till\r\n".to_vec();
    bytes.extend_from_slice(&(length as u32).to_be_bytes());
    bytes.push(padding as u8);
    bytes.extend_from_slice(&payload);
    bytes.resize(bytes.len() + padding, 0);
    bytes
}

/// A connection that has proved nothing yet.
pub(super) struct Waiting(Arc<Mutex<HashMap<IpAddr, usize>>>, IpAddr);

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.get_mut(&self.1) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(all.remove(&self.1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn whoever_opens_many_shuts_nobody_else_out_and_leaves_no_trace() {
        let unproven = Unproven::new();
        let of_one: Vec<Option<Waiting>> = (0..20).map(|_| unproven.one_more(address(1))).collect();
        assert_eq!(of_one.iter().flatten().count(), MOST_FROM_ONE);
        let others: Vec<Waiting> = (2..=200).filter_map(|last| unproven.one_more(address(last))).collect();
        assert_eq!(others.len(), MOST - MOST_FROM_ONE);
        drop((of_one, others));
        assert!(unproven.by_address.lock().unwrap().is_empty(), "those who were turned away are not counted either");
        assert!(unproven.one_more(address(1)).is_some());
    }

    #[test]
    fn the_packet_is_whole() {
        let bytes = farewell();
        let packet = bytes.strip_prefix(b"SSH-2.0-till\r\n").unwrap();
        let length = u32::from_be_bytes(packet[..4].try_into().unwrap()) as usize;
        assert_eq!((length + 4, packet.len() % 8), (packet.len(), 0));
        assert!((4..256).contains(&usize::from(packet[4])));
        assert_eq!(packet[5], DISCONNECT);
    }
}
