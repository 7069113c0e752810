//! `till user`: the people who work here.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::command::Command;
use crate::domain::{Credentials, Key, Role, Staff};
use crate::engine::Shop;
use crate::engine::signin::{Gate, SHORTEST};
use crate::unit::{StaffId, Text};
use base64ct::{Base64, Base64Unpadded, Encoding};
use clap::{Args, Subcommand};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The people who work here.
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    act: Act,
}

/// What to do with them.
#[derive(Debug, Subcommand)]
enum Act {
    /// Everyone, with their roles.
    List,
    /// Add a person.
    Add {
        /// The name they are known by, unique.
        id: String,
        /// Shown and printed; without it, the id.
        #[arg(long)]
        name: Option<String>,
        /// cashier, supervisor, manager, accountant, administrator; several with commas.
        #[arg(long, value_delimiter = ',', default_value = "cashier")]
        role: Vec<String>,
    },
    /// Change a person's name or roles.
    Change {
        /// Whom.
        id: String,
        /// The new name.
        #[arg(long)]
        name: Option<String>,
        /// The new roles, all of them.
        #[arg(long, value_delimiter = ',')]
        role: Vec<String>,
    },
    /// Set a person's PIN, for the counter; asked for, never an argument.
    Pin {
        /// Whose.
        id: String,
        /// Take it away instead.
        #[arg(long)]
        remove: bool,
    },
    /// Set a person's passphrase, asked for at signing in instead of the PIN.
    Passphrase {
        /// Whose.
        id: String,
        /// Take it away instead.
        #[arg(long)]
        remove: bool,
    },
    /// Register a public key of SSH: a file such as ~/.ssh/id_ed25519.pub, or - for standard input.
    AddKey {
        /// Whose.
        id: String,
        /// The file.
        file: PathBuf,
    },
    /// Take a key away.
    RemoveKey {
        /// Whose.
        id: String,
        /// Its fingerprint, as `till user list` shows it.
        fingerprint: String,
    },
    /// Let a person do nothing from now on; their history stays.
    Disable {
        /// Whom.
        id: String,
    },
    /// Let a disabled person work again.
    Enable {
        /// Whom.
        id: String,
    },
}

impl User {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        place.with(streams, |shop, streams| match self.act {
            Act::List => list(shop, streams),
            Act::Add { id, name, role } => {
                let ext = text(&id)?;
                let name = name.as_deref().map(text).transpose()?.unwrap_or_else(|| ext.clone());
                save(place, shop, Staff { id: StaffId(0), ext, name, roles: roles(&role)?, disabled: false })?;
                if shop.snapshot()?.directory().asks_for_secrets() {
                    streams.tell(format_args!(
                        "{id} has no PIN yet, and cannot sign in without one: till user pin {id}"
                    ))?;
                }
                Ok(())
            }
            Act::Change { id, name, role } => {
                let mut person = find(shop, &id)?;
                if let Some(name) = name {
                    person.name = text(&name)?;
                }
                if !role.is_empty() {
                    person.roles = roles(&role)?;
                }
                save(place, shop, person)
            }
            Act::Pin { id, remove } => {
                let digest = secret(place, shop, streams, &id, ("PIN", SHORTEST.0), remove)?;
                credentials(place, shop, &id, |kept| kept.pin = digest)
            }
            Act::Passphrase { id, remove } => {
                let digest = secret(place, shop, streams, &id, ("passphrase", SHORTEST.1), remove)?;
                credentials(place, shop, &id, |kept| kept.passphrase = digest)
            }
            Act::AddKey { id, file } => {
                let key = key(streams, &file)?;
                credentials(place, shop, &id, |kept| {
                    kept.keys.retain(|other| other.fingerprint != key.fingerprint);
                    kept.keys.push(key);
                })
            }
            Act::RemoveKey { id, fingerprint } => {
                let person = find(shop, &id)?.id;
                let kept = shop.snapshot()?.directory().key_owner(&fingerprint) == Some(person);
                if !kept {
                    return Err(Trouble::Failed(format!("{id} has no key {fingerprint}; see: till user list")));
                }
                credentials(place, shop, &id, |kept| kept.keys.retain(|key| *key.fingerprint != *fingerprint))
            }
            Act::Disable { id } => {
                let person = find(shop, &id)?;
                save(place, shop, Staff { disabled: true, ..person })
            }
            Act::Enable { id } => {
                let person = find(shop, &id)?;
                save(place, shop, Staff { disabled: false, ..person })
            }
        })
    }
}

fn list(shop: &Shop, streams: &mut Streams) -> Done {
    // Whoever reads may take their time, and pins no pages meanwhile.
    let directory = Arc::clone(shop.snapshot()?.directory());
    for person in &directory.staff {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
        let state = if person.disabled { "  disabled" } else { "" };
        let kept = directory.credentials(person.id);
        let mut proofs = Vec::new();
        proofs.extend(kept.and_then(|kept| kept.pin.as_ref()).map(|_| "pin"));
        proofs.extend(kept.and_then(|kept| kept.passphrase.as_ref()).map(|_| "passphrase"));
        let proofs = if proofs.is_empty() { String::new() } else { format!("  [{}]", proofs.join(",")) };
        streams.tell(format_args!("{}  {}  {}{proofs}{state}", person.ext, person.name, roles.join(",")))?;
        for key in kept.map(|kept| kept.keys.as_slice()).unwrap_or_default() {
            streams.tell(format_args!("    {}  {}", key.fingerprint, key.label))?;
        }
    }
    Ok(())
}

fn find(shop: &Shop, id: &str) -> Result<Staff, Trouble> {
    let snapshot = shop.snapshot()?;
    let person = snapshot.directory().staff.iter().find(|person| &*person.ext == id).cloned();
    person.ok_or_else(|| Trouble::Failed(format!("there is nobody called {id}; see: till user list")))
}

/// Asks twice for a person's secret on a terminal, once in a pipe; its digest, `None` where it is to be taken away. Whoever
/// had tried too often may try again at once.
fn secret(
    place: &Place,
    shop: &Shop,
    streams: &mut Streams,
    id: &str,
    (what, shortest): (&str, usize),
    remove: bool,
) -> Result<Option<Text>, Trouble> {
    let person = find(shop, id)?;
    let gate = Gate::of(&place.path()?, shop.seams().clone())?;
    if remove {
        streams.tell(format_args!("{} signs in without a {what} now", person.name))?;
        return Ok(None);
    }
    let secret = streams.secret(&format!("{what} of {}", person.name))?;
    if secret.chars().count() < shortest {
        let how = format!("a {what} has at least {shortest} characters; --remove takes it away. Nothing was changed");
        return Err(Trouble::Failed(how));
    }
    if streams.asks && streams.secret("Once more")? != secret {
        return Err(Trouble::Failed("the two are not the same; nothing was changed".to_owned()));
    }
    let digest = gate.digest(&secret).ok_or_else(|| Trouble::Failed(format!("this cannot be a {what}")))?;
    gate.forgive(person.id);
    streams.tell(format_args!("the {what} of {} is set", person.name))?;
    Ok(Some(digest))
}

/// Reads a line as `ssh-keygen` writes it: kind, key in base 64, label.
fn key(streams: &mut Streams, file: &Path) -> Result<Key, Trouble> {
    let failed = |why: &dyn std::fmt::Display| Trouble::Failed(format!("{}: {why}", file.display()));
    let line = if file == Path::new("-") {
        streams.line()?.unwrap_or_default()
    } else {
        std::fs::read_to_string(streams.path(file)).map_err(|why| failed(&why))?
    };
    let mut words = line.split_whitespace();
    let (kind, coded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let blob = Base64::decode_vec(coded).ok().filter(|blob| {
        let named = [(kind.len() as u32).to_be_bytes().as_slice(), kind.as_bytes()].concat();
        !kind.is_empty() && blob.starts_with(&named)
    });
    let blob = blob.ok_or_else(|| failed(&"is not a public key of SSH; give the file that ends in .pub"))?;
    let digest = Base64Unpadded::encode_string(&Sha256::digest(&blob));
    Ok(Key { fingerprint: text(&format!("SHA256:{digest}"))?, label: text(words.next().unwrap_or(kind))? })
}

/// Changes what a person proves themselves with.
fn credentials(place: &Place, shop: &Shop, id: &str, change: impl FnOnce(&mut Credentials)) -> Done {
    let person = find(shop, id)?.id;
    let kept = shop.snapshot()?.directory().credentials(person).cloned();
    let mut credentials = kept.unwrap_or_else(|| Credentials::none(person));
    change(&mut credentials);
    place.ask(shop, Role::Administrator, Command::SaveCredentials(credentials))?;
    Ok(())
}

fn save(place: &Place, shop: &Shop, person: Staff) -> Done {
    let id = person.id;
    place.ask_but(shop, Role::Administrator, Some(id), Command::SaveStaff(person))?;
    Ok(())
}

fn roles(words: &[String]) -> Result<Vec<Role>, Trouble> {
    let role = |word: &String| {
        Role::by_word(word.trim()).ok_or_else(|| {
            let all: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
            Trouble::Usage(format!("there is no role {word}; choose from {}", all.join(", ")))
        })
    };
    words.iter().map(role).collect()
}

fn text(words: &str) -> Result<Text, Trouble> {
    Text::clean(words, 80).map_err(|why| Trouble::Usage(why.to_string()))
}
