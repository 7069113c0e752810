//! What people prove themselves with, and what is kept of who did what besides the facts of trade.
//!
//! Never knows how a secret is checked: what stands here is a digest that only the one who made it can use.

use super::Right;
use super::difference::Difference;
use crate::unit::{Digest, StaffId, Text};
use serde::{Deserialize, Serialize};

/// What one person proves themselves with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Whose.
    pub id: StaffId,
    /// Digest of the PIN, for the counter.
    pub pin: Option<Text>,
    /// Digest of the passphrase, which is asked for instead of the PIN at signing in.
    pub passphrase: Option<Text>,
    /// Keys of SSH that prove who comes.
    pub keys: Vec<Key>,
}

impl Credentials {
    /// None at all.
    pub fn none(id: StaffId) -> Credentials {
        Credentials { id, pin: None, passphrase: None, keys: Vec::new() }
    }

    /// Whether there is a secret to be asked for.
    pub fn has_secret(&self) -> bool {
        self.pin.is_some() || self.passphrase.is_some()
    }
}

/// A public key of SSH.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key {
    /// `SHA256:` and the digest in base 64, as `ssh-keygen -l` writes it.
    pub fingerprint: Text,
    /// What its owner calls it.
    pub label: Text,
}

/// Something worth keeping that is no fact of trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their types say")]
pub enum Note {
    /// The actor signed in.
    SignedIn { from: Text },
    /// The actor signed out, or was signed out.
    SignedOut { from: Text },
    /// Somebody gave a wrong secret for the actor; `locked`: from now on for a while no secret is taken.
    SignInFailed { from: Text, locked: bool },
    /// The actor asked for what they may not do.
    Refused { what: Text },
    /// What the actor asked for was approved by another.
    Approved { by: StaffId, right: Right },
    /// The actor watched what another's session showed.
    Watched { whom: StaffId },
    /// The actor ended another's session.
    SentAway { whom: StaffId },
    /// The record that the entry saves was another before, in these fields.
    Changed(Vec<Difference>),
    /// Somebody tried to sign in by a name that nobody has; the name is not kept, it may be a secret typed too early. The
    /// actor is whoever the terminal would be for.
    StrangerFailed { from: Text },
    /// What the entry holds was asked for away from any console: from where. Where it was not `by_actor`, whoever owns the
    /// shop file asked, and the actor lent no more than the right.
    Asked { from: Text, by_actor: bool },
    /// An SSH key that opens nothing was shown, for this name. The actor is anybody: nobody came in.
    KeyRefused { from: Text, fingerprint: Text, name: Text },
    /// More such keys are shown from there than are kept. The actor is anybody.
    MoreKeysRefused { from: Text },
    /// Records left the shop: which, and where to. Of the whole shop it is kept before the first of them leaves.
    Exported { what: Text, to: Text },
    /// A verified copy of the whole shop stands there, whose last entry has this hash.
    BackedUp { to: Text, head: Digest },
    /// The shop is what this backup holds, whose last entry has this hash: all that came after it is gone.
    Restored { file: Text, head: Digest },
}
