//! One connection: which keys it shows, whether one of them opens the door, and what its channels ask for.
//!
//! Whoever is not let in is told what to do, in the same words and the same time whatever name they give. It must never know
//! who people are beyond a number it is given for a fingerprint.

use std::{borrow::Cow, collections::HashMap, os::unix::net::UnixStream, path::PathBuf, sync::Arc, time::Duration};

use russh::{
    Channel, ChannelId, MethodKind, MethodSet, Pty,
    keys::{HashAlg, PublicKey},
    server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Response, Session, VerifiedPublicKey},
};
use tokio::sync::oneshot;

use super::Doors;
use crate::session::{
    carry::{carry, cells},
    client::Client,
    wire::{Hello, Screen},
};

/// Keys that may be tried on one connection.
pub(super) const ATTEMPTS: usize = 6;
/// Channels of one connection.
const MOST_CHANNELS: usize = 8;
/// What whoever shows more keys than are looked at is told.
pub(super) const TOO_MANY_KEYS: &str = "too many keys were shown, and none of them is registered; show the right one alone: ssh -o IdentitiesOnly=yes -i KEY ...";
/// What whoever has no key to show is told.
const NO_KEY: &str = "till lets people in by SSH keys, and none was shown. Make one with ssh-keygen, and ask an administrator \
                      of the shop to register it: till user add-key NAME KEY.pub";

/// How somebody came to the door.
#[derive(Debug)]
pub(super) enum Came {
    /// They proved who they are.
    In,
    /// They showed so many keys that no more are looked at.
    WithTooManyKeys,
}

/// What a channel has said of itself before it asks for a console or a subcommand.
struct Room {
    channel: Option<Channel<Msg>>,
    screen: Option<(u16, u16)>,
    variables: Vec<(String, String)>,
}

/// One connection.
pub(super) struct Guest {
    doors: Arc<dyn Doors>,
    from: String,
    /// Who has proved who they are, and by which key.
    person: Option<(u16, String)>,
    /// The name that was given last; it says nothing of who comes.
    name: String,
    /// Fingerprints of the keys that open nothing.
    refused: Vec<String>,
    /// Told once it is known how they came; dropped with the connection.
    came: Option<oneshot::Sender<Came>>,
    rooms: HashMap<ChannelId, Room>,
}

impl Guest {
    /// Somebody from an address; `came` is told how.
    pub fn new(doors: Arc<dyn Doors>, from: String, came: oneshot::Sender<Came>) -> Guest {
        let (name, refused) = (String::new(), Vec::new());
        Guest { doors, from, person: None, name, refused, came: Some(came), rooms: HashMap::new() }
    }

    fn come(&mut self, how: Came) {
        if let Some(came) = self.came.take() {
            // Whoever waits for it may have given up.
            let _ = came.send(how);
        }
    }

    /// Why nobody was let in, and what to do about it.
    fn why_not(&self) -> String {
        if self.refused.is_empty() {
            return NO_KEY.to_owned();
        }
        let shown = self.refused.join(" ");
        format!(
            "Nobody who works in this shop is known by the key that was shown: {shown}. Show another with ssh -i KEY, or ask \
             an administrator to register it: till user add-key NAME KEY.pub"
        )
    }

    /// Whose key it is; one that is nobody's is remembered.
    fn owner(&mut self, name: &str, key: &PublicKey) -> Option<(u16, String)> {
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let owner = self.doors.owner(&fingerprint);
        if owner.is_none() && !self.refused.contains(&fingerprint) {
            if self.refused.len() < ATTEMPTS {
                name.clone_into(&mut self.name);
                self.refused.push(fingerprint.clone());
            } else {
                self.come(Came::WithTooManyKeys);
            }
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
        self.come(Came::In);
        Ok(Auth::Accept)
    }

    /// Asks nothing and lets nobody in: the stock client shows its instructions to a person whose keys opened nothing.
    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, Self::Error> {
        if response.is_some() {
            let proceed_with_methods = Some(MethodSet::from(&[MethodKind::PublicKey][..]));
            return Ok(Auth::Reject { proceed_with_methods, partial_success: false });
        }
        let instructions = Cow::Owned(self.why_not());
        Ok(Auth::Partial { name: Cow::Borrowed(""), instructions, prompts: Cow::Borrowed(&[]) })
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
