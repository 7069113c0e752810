//! Which shop file, and coming to the shop: the one way every subcommand does.

use super::progress::{Bar, Watch};
use super::proof::{self, Proof};
use super::serving::{SOON_READ, Serving, lay_by};
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::command::{Actor, Verdict};
use crate::domain::{Command, Note, Outcome, Refusal, Request, Role, Staff};
use crate::engine::{Seams, Shop};
use crate::report::Answers;
use crate::store::Fault;
use crate::unit::{RegisterId, StaffId, Text};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Where the shop is.
#[derive(Clone)]
pub(super) struct Place {
    given: Option<PathBuf>,
    running: Option<Serving>,
    person: Option<StaffId>,
    /// Where whoever asks comes from, for the audit.
    from: String,
}

impl Place {
    pub fn of(given: Option<PathBuf>) -> Place {
        Place { given, running: None, person: None, from: Proof::own().origin(&proof::ssh_address()) }
    }

    /// Inside the process that owns the shop, on behalf of `person`, or of whoever owns the shop file.
    pub fn running(path: &Path, serving: Serving, person: Option<StaffId>, from: String) -> Place {
        Place { given: Some(path.to_owned()), running: Some(serving), person, from }
    }

    /// Where whoever asks comes from.
    pub fn from(&self) -> Text {
        Text::lossy(&self.from)
    }

    /// Has a command carried out for whoever asks, as somebody of the role where they own the shop file. The journal keeps
    /// from where it was asked for, and a refusal too.
    pub fn ask(&self, shop: &Shop, role: Role, command: Command) -> Result<Outcome, Trouble> {
        self.ask_but(shop, role, None, command)
    }

    /// The same, but rather by another than `not`: what nobody may do to themselves another does.
    pub fn ask_but(&self, shop: &Shop, role: Role, not: Option<StaffId>, command: Command) -> Result<Outcome, Trouble> {
        let actor = self.actor(shop, role, not)?;
        let verdict = self.execute(shop, actor, command)?;
        if let Err(Refusal::NotAllowed { what }) = &verdict {
            self.refused(shop, what)?;
        }
        Ok(verdict?)
    }

    /// Keeps that records leave the shop, for whoever asks, or says why it could not: they may leave a shop whose disk takes
    /// nothing more.
    pub fn keep(&self, shop: &Shop, streams: &mut Streams, note: Note) -> Done {
        match self.ask(shop, Role::Administrator, Command::Note(note)) {
            Ok(_) => Ok(()),
            Err(Trouble::Usage(why) | Trouble::Failed(why)) => {
                streams.tell(format_args!("the audit has no line of this: {why}"))?;
                Ok(())
            }
        }
    }

    /// Keeps that whoever asks may not do something.
    pub fn refused(&self, shop: &Shop, what: &str) -> Done {
        let actor = self.actor(shop, Role::Administrator, None)?;
        self.execute(shop, actor, Command::Note(Note::Refused { what: Text::lossy(what) }))??;
        Ok(())
    }

    fn execute(&self, shop: &Shop, actor: Actor, command: Command) -> Result<Verdict, Trouble> {
        let (from, by_actor, command) = (self.from(), self.person.is_some(), Box::new(command));
        let command = Command::From { from, by_actor, command };
        Ok(shop.execute(Request { id: shop.new_id(), actor, command })?)
    }

    /// Who acts. Whoever may open the shop file itself may act for the first person of the role, rather another than `not`.
    fn actor(&self, shop: &Shop, role: Role, not: Option<StaffId>) -> Result<Actor, Trouble> {
        let snapshot = shop.snapshot()?;
        let directory = snapshot.directory();
        let fits = |person: &&Staff| !person.disabled && person.roles.contains(&role);
        let mut all = directory.staff.iter().filter(fits).map(|person| person.id);
        let first = all.clone().find(|person| Some(*person) != not).or_else(|| all.next());
        let staff = self.person.or(first);
        let staff = staff.ok_or_else(|| Trouble::Failed(format!("the shop has no {}", role.word())))?;
        let register = directory.registers.first().map_or(RegisterId(1), |register| register.id);
        Ok(Actor { staff, register })
    }

    /// Answers that are kept of the shop: those of all who ask it, or none yet.
    pub fn kept(&self) -> Arc<Answers> {
        self.running.as_ref().map_or_else(Arc::default, |serving| Arc::clone(&serving.kept))
    }

    /// The shop in this file.
    pub fn named(path: PathBuf) -> Place {
        Place::of(Some(path))
    }

    /// The same, but for the file; where the shop runs already it is that one.
    pub fn or(self, path: PathBuf) -> Place {
        if self.running.is_some() { self } else { Place::of(Some(path)) }
    }

    /// The path named, or the default one.
    pub fn path(&self) -> Result<PathBuf, Trouble> {
        if let Some(path) = &self.given {
            // Socket, lease and the rest stand beside the file itself, by whichever link it is named.
            return Ok(if path.is_symlink() {
                path.canonicalize().unwrap_or_else(|_| path.clone())
            } else {
                path.clone()
            });
        }
        let folders = directories::ProjectDirs::from("", "", "till").ok_or_else(|| {
            Trouble::Failed("there is no home folder to keep a shop in; name a file with --shop".to_owned())
        })?;
        Ok(folders.data_dir().join("shop.redb"))
    }

    /// Does `work` on the shop. One that was opened for it is closed cleanly afterwards, whatever came of it.
    pub fn with<T>(
        &self,
        streams: &mut Streams,
        work: impl FnOnce(&Shop, &mut Streams) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        if let Some(serving) = &self.running {
            return work(&serving.shop, streams);
        }
        let shop = open(&self.path()?, &streams.watch)?;
        let before = shop.published();
        let done = work(&shop, streams);
        if shop.fault().is_none() && shop.published() != before {
            // What cannot be laid by is worked out again by whoever asks for it.
            let _ = lay_by(&shop, SOON_READ);
        }
        let closed = shop.close();
        let done = done?;
        closed?;
        Ok(done)
    }
}

/// How long a process that is about to leave the shop is waited for.
const LEAVING: Duration = Duration::from_secs(5);

/// Opens the shop at `path`; mending after an unclean end shows a bar.
pub(super) fn open(path: &Path, watch: &Watch) -> Result<Shop, Trouble> {
    let until = Instant::now() + LEAVING;
    loop {
        let bar = Bar::new(watch, "mending after an unclean end", 1_000);
        match Shop::open(path, Seams::system(), move |done| bar.to((done * 1_000.0) as u64)) {
            // Most subcommands have it for a moment only.
            Err(Fault::InUse { .. }) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
            opened => {
                let shop = opened?;
                if let Some(why) = shop.put_off() {
                    super::say(&format!(
                        "till: what was forgotten may still stand in free pages of the shop file: {why}. The next opening \
                         tries again"
                    ));
                }
                return Ok(shop);
            }
        }
    }
}
