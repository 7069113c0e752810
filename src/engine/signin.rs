//! Who may come in: checks secrets against their digests, makes guessing slow, and locks out a person, never the shop.
//!
//! Digests are Argon2id, with a pepper in a file beside the shop: whoever has only the shop file cannot even try PINs.
//! Nothing here knows a screen or a terminal.

use super::directory::Directory;
use super::seams::Seams;
use super::tries::{LIMIT, LOCKED_MS, Tries};
use crate::domain::{Credentials, Staff};
use crate::store::{Fault, beside};
use crate::unit::{StaffId, Text};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The shortest PIN and passphrase, in characters.
pub const SHORTEST: (usize, usize) = (4, 10);
/// The longest secret that is looked at, in bytes.
const LONGEST: usize = 256;

/// Why somebody was not let in. `Display` is written for the person at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// Name or secret is wrong; which, is nobody's business.
    Wrong,
    /// Too many were wrong: so many seconds are to be waited.
    Wait(u64),
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Denied::Wrong => f.write_str("That name and secret do not belong together. Nothing was changed."),
            Denied::Wait(seconds) if *seconds >= 120 => {
                let minutes = seconds.div_ceil(60);
                write!(f, "Too many wrong tries: this name is locked out for {minutes} minutes. ")?;
                f.write_str("Wait, or ask an administrator for a new PIN.")
            }
            Denied::Wait(1) => f.write_str("Too many wrong tries. Try again in a second."),
            Denied::Wait(seconds) => write!(f, "Too many wrong tries. Try again in {seconds} seconds."),
        }
    }
}

/// Which secret is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// To sign in: the passphrase of those who have one, the PIN of others.
    SignIn,
    /// To approve an act or go on after a pause, at a terminal one is signed in at: the PIN, or the passphrase.
    Again,
}

/// Checks secrets for one shop. All sessions share one, so that guessing in parallel gains nothing.
#[derive(Clone)]
pub struct Gate {
    pepper: Arc<[u8; 32]>,
    seams: Seams,
    tries: Arc<Tries>,
    /// What a name nobody has is checked against, so that it takes as long.
    nobody: Arc<Text>,
}

impl Gate {
    /// The gate of the shop at `path`; its pepper is made the first time.
    ///
    /// # Errors
    /// `Io` when the pepper can neither be read nor made.
    pub fn of(path: &Path, seams: Seams) -> Result<Gate, Fault> {
        let pepper = pepper(path, &seams).map_err(|why| Fault::Io {
            what: format!("the pepper of the secrets, {}", pepper_of(path).display()),
            why: why.to_string(),
        })?;
        let tries = Arc::new(Tries::of(named(path, ".tries")));
        let mut gate = Gate { pepper: Arc::new(pepper), seams, tries, nobody: Arc::default() };
        gate.nobody = Arc::new(gate.digest("nobody at all").unwrap_or_default());
        Ok(gate)
    }

    /// The digest of a secret, fit to be kept; `None` when the secret cannot be one.
    pub fn digest(&self, secret: &str) -> Option<Text> {
        if secret.is_empty() || secret.len() > LONGEST {
            return None;
        }
        let mut salt = [0; 16];
        self.seams.entropy.fill(&mut salt);
        let hash = self.argon()?.hash_password_with_salt(secret.as_bytes(), &salt).ok()?;
        Text::clean(&hash.to_string(), 200).ok()
    }

    /// Checks the secret of the person known by that name (id or shown name).
    ///
    /// # Errors
    /// `Denied`, after the same work whoever was named.
    pub fn check(&self, directory: &Directory, name: &str, secret: &str, asked: Asked) -> Result<StaffId, Denied> {
        let person = person_called(directory, name);
        // A name nobody has is counted alike: that it brings no wait would tell.
        let counted = person.map_or_else(|| unknown(name), key);
        let now = self.seams.clock.now_ms();
        let wrong = self.tries.begin(&counted, now, |locked| may_lock(directory, locked));
        let wrong = wrong.map_err(|wait| Denied::Wait((wait as u64).div_ceil(1_000)))?;
        let kept = person.and_then(|person| directory.credentials(person));
        // Each is tried, whatever came of the one before.
        let right = self.tried(kept, asked).iter().fold(false, |right, (digest, is_theirs)| {
            let opens = self.verify(digest, secret);
            right | (opens & is_theirs)
        });
        match person {
            Some(person) if right => {
                self.tries.forgive(&counted);
                Ok(person)
            }
            _ if wrong >= LIMIT => Err(Denied::Wait(LOCKED_MS as u64 / 1_000)),
            _ => Err(Denied::Wrong),
        }
    }

    /// What whoever comes by that name is told before they try: that none is taken of it now, and for how long. A name nobody
    /// has is told the same.
    pub fn waits(&self, directory: &Directory, name: &str) -> Option<Denied> {
        let counted = person_called(directory, name).map_or_else(|| unknown(name), key);
        let left = self.tries.left_ms(&counted, self.seams.clock.now_ms());
        (left > 0).then(|| Denied::Wait((left as u64).div_ceil(1_000)))
    }

    /// What a secret is tried against, and whether that is the person's: as many for whoever has several secrets, one or none
    /// as for a name that nobody has, so that the time it takes tells nobody which it was.
    fn tried<'a>(&'a self, kept: Option<&'a Credentials>, asked: Asked) -> Vec<(&'a Text, bool)> {
        let (pin, passphrase) = kept.map_or((None, None), |kept| (kept.pin.as_ref(), kept.passphrase.as_ref()));
        let wanted = match asked {
            Asked::SignIn => vec![passphrase.or(pin)],
            Asked::Again => vec![pin, passphrase],
        };
        wanted.into_iter().map(|digest| digest.map_or((&*self.nobody, false), |digest| (digest, true))).collect()
    }

    /// Whether the person is locked out now.
    pub fn is_locked(&self, person: StaffId) -> bool {
        self.tries.is_locked(&key(person), self.seams.clock.now_ms())
    }

    /// Somebody who may vouches for the person: they may try again at once.
    pub fn forgive(&self, person: StaffId) {
        self.tries.forgive(&key(person));
    }

    fn verify(&self, digest: &str, secret: &str) -> bool {
        let (Some(argon), Ok(hash)) = (self.argon(), PasswordHash::new(digest)) else { return false };
        secret.len() <= LONGEST && argon.verify_password(secret.as_bytes(), &hash).is_ok()
    }

    fn argon(&self) -> Option<Argon2<'_>> {
        // 19 MiB and two passes: what OWASP asks for at least.
        let params = Params::new(19 * 1_024, 2, 1, None).ok()?;
        Argon2::new_with_secret(&*self.pepper, Algorithm::Argon2id, Version::V0x13, params).ok()
    }
}

/// Whether another may be locked out: of those who can come in at all, at least half always can. That a name nobody has is
/// locked out is no reason to spare anybody.
fn may_lock(directory: &Directory, locked: &[&str]) -> bool {
    let has_a_way_in = |kept: &Credentials| kept.has_secret() || !kept.keys.is_empty();
    let come_in = |person: &&Staff| !person.disabled && directory.credentials(person.id).is_some_and(has_a_way_in);
    let all: Vec<StaffId> = directory.staff.iter().filter(come_in).map(|person| person.id).collect();
    let out = all.iter().filter(|person| locked.contains(&key(**person).as_str())).count();
    2 * (out + 1) <= all.len()
}

/// Who is meant by a name: an id or a shown name, as it is written, else in any case of its letters.
fn person_called(directory: &Directory, name: &str) -> Option<StaffId> {
    let named = |exact: bool| {
        directory.staff.iter().filter(|person| !person.disabled).find(|person| {
            let ids = [&person.ext, &person.name];
            ids.into_iter().any(|id| if exact { **id == *name } else { id.to_lowercase() == name.to_lowercase() })
        })
    };
    named(true).or_else(|| named(false)).map(|person| person.id)
}

/// What a person's tries are counted under.
fn key(person: StaffId) -> String {
    format!("person {}", person.0)
}

/// What tries of a name nobody has are counted under.
fn unknown(name: &str) -> String {
    format!("name {}", name.to_lowercase().chars().take(80).collect::<String>())
}

fn named(shop: &Path, what: &str) -> PathBuf {
    let mut name = shop.as_os_str().to_owned();
    name.push(what);
    PathBuf::from(name)
}

/// Where the pepper of a shop is.
pub fn pepper_of(shop: &Path) -> PathBuf {
    named(shop, ".pepper")
}

fn pepper(shop: &Path, seams: &Seams) -> std::io::Result<[u8; 32]> {
    let path = pepper_of(shop);
    match read_pepper(&path) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => {
            let mut pepper = [0; 32];
            seams.entropy.fill(&mut pepper);
            if beside::make(&path, &pepper)? { Ok(pepper) } else { read_pepper(&path) }
        }
        read => read,
    }
}

fn read_pepper(path: &Path) -> std::io::Result<[u8; 32]> {
    let cut =
        "it is cut short. Put it back from a copy, or remove it: every PIN and passphrase has to be set anew then";
    let mut pepper = [0; 32];
    match File::open(path)?.read_exact(&mut pepper) {
        Err(why) if why.kind() == std::io::ErrorKind::UnexpectedEof => Err(std::io::Error::other(cut)),
        read => read.map(|()| pepper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Role;
    use crate::engine::seams::Clock;
    use std::sync::atomic::{AtomicI64, Ordering};

    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now_ms(&self) -> i64 {
            self.0.load(Ordering::SeqCst)
        }
    }

    struct World {
        gate: Gate,
        clock: Arc<Hand>,
        directory: Directory,
        folder: tempfile::TempDir,
    }

    fn world() -> World {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand(AtomicI64::new(1_000_000)));
        let seams = Seams { clock: clock.clone(), ..Seams::seeded(0, 7) };
        let gate = Gate::of(&folder.path().join("shop.redb"), seams).unwrap();
        let person = |id: u16, name: &str, role| Staff {
            id: StaffId(id),
            ext: Text::lossy(name),
            name: Text::lossy(&format!("{name} Shown")),
            roles: vec![role],
            disabled: false,
        };
        let staff = vec![person(1, "mara", Role::Cashier), person(2, "noor", Role::Manager)];
        let credentials = vec![
            Credentials { pin: gate.digest("4711"), ..Credentials::none(StaffId(1)) },
            Credentials {
                pin: gate.digest("0815"),
                passphrase: gate.digest("a long walk home"),
                ..Credentials::none(StaffId(2))
            },
        ];
        World { gate, clock, directory: Directory { staff, credentials, ..Directory::default() }, folder }
    }

    impl World {
        fn check(&self, name: &str, secret: &str, asked: Asked) -> Result<StaffId, Denied> {
            self.gate.check(&self.directory, name, secret, asked)
        }
    }

    #[test]
    fn a_pepper_that_is_cut_short_is_named_and_stays() {
        let world = world();
        let shop = world.folder.path().join("shop.redb");
        std::fs::write(pepper_of(&shop), b"short").unwrap();
        let why = Gate::of(&shop, Seams::seeded(0, 8)).err().map(|why| why.to_string()).unwrap_or_default();
        assert!(why.contains(".pepper: it is cut short"), "{why}");
        assert_eq!(std::fs::read(pepper_of(&shop)).unwrap(), b"short");
    }

    #[test]
    fn each_secret_opens_what_it_is_for() {
        let world = world();
        assert_eq!(world.check("mara", "4711", Asked::SignIn), Ok(StaffId(1)));
        assert_eq!(world.check("MARA SHOWN", "4711", Asked::SignIn), Ok(StaffId(1)));
        assert_eq!(
            world.check("noor", "0815", Asked::SignIn),
            Err(Denied::Wrong),
            "whoever has a passphrase signs in so"
        );
        assert_eq!(world.check("noor", "a long walk home", Asked::SignIn), Ok(StaffId(2)));
        assert_eq!(world.check("noor", "0815", Asked::Again), Ok(StaffId(2)));
        for (name, secret) in
            [("mara", ""), ("mara", "0815"), ("nobody", "4711"), ("", ""), ("mara", &"4".repeat(9_999))]
        {
            assert_eq!(world.check(name, secret, Asked::SignIn), Err(Denied::Wrong), "{name}");
        }
    }

    #[test]
    fn guessing_becomes_slow_then_locks_one_person_and_ends_by_itself() {
        let world = world();
        let mut waited = Vec::new();
        for _ in 0..LIMIT {
            let mut wait = 0;
            while let Err(Denied::Wait(seconds)) = world.check("mara", "0000", Asked::SignIn)
                && !world.gate.is_locked(StaffId(1))
            {
                wait += seconds;
                world.clock.0.fetch_add(1_000 * seconds as i64, Ordering::SeqCst);
            }
            waited.push(wait);
        }
        assert_eq!(waited, [0, 0, 0, 1, 2, 4, 8, 16]);
        assert!(world.gate.is_locked(StaffId(1)));
        assert_eq!(
            world.check("mara", "4711", Asked::SignIn),
            Err(Denied::Wait(900)),
            "the right one is not taken either"
        );
        assert_eq!(world.check("noor", "a long walk home", Asked::SignIn), Ok(StaffId(2)), "others come in");
        world.clock.0.fetch_add(LOCKED_MS, Ordering::SeqCst);
        assert_eq!(world.check("mara", "4711", Asked::SignIn), Ok(StaffId(1)));
    }

    #[test]
    fn whoever_waits_is_told_so_before_they_try_whether_anybody_has_the_name_or_not() {
        let world = world();
        let waits = |name: &str| world.gate.waits(&world.directory, name);
        assert_eq!((waits("mara"), waits("nobody")), (None, None));
        assert_eq!((world.guess("nobody"), world.guess("mara")), (900, 900));
        world.clock.0.fetch_add(60_000, Ordering::SeqCst);
        for name in ["mara", "Mara Shown", "nobody", "NOBODY"] {
            let words = waits(name).unwrap().to_string();
            assert!(words.starts_with("Too many wrong tries: this name is locked out for 1"), "{name}: {words}");
        }
        assert_eq!(waits("mara"), Some(Denied::Wait(840)));
        assert_eq!(waits("noor"), None);
        // To be told is no try.
        world.clock.0.fetch_add(LOCKED_MS, Ordering::SeqCst);
        assert_eq!((waits("mara"), world.check("mara", "4711", Asked::SignIn)), (None, Ok(StaffId(1))));
    }

    impl World {
        /// Wrong secrets for that name until it is locked out, or for a good while.
        fn guess(&self, name: &str) -> u64 {
            let mut longest = 0;
            for _ in 0..4 * LIMIT {
                if let Err(Denied::Wait(seconds)) = self.check(name, "0000", Asked::SignIn) {
                    longest = longest.max(seconds);
                    if seconds > 60 {
                        break;
                    }
                    self.clock.0.fetch_add(1_000 * seconds as i64, Ordering::SeqCst);
                }
            }
            longest
        }
    }

    #[test]
    fn whoever_guesses_never_shuts_the_whole_shop_and_spares_nobody_by_made_up_names() {
        let world = world();
        // Names that nobody has are locked out like any other, and stand in nobody's place.
        assert_eq!((world.guess("nobody"), world.guess("no one else")), (900, 900));
        assert_eq!(world.guess("mara"), 900);
        assert!(world.gate.is_locked(StaffId(1)));
        // Half of two is out: the other only waits, and so does a name that nobody has.
        assert_eq!((world.guess("noor"), world.guess("a third")), (16, 16));
        world.clock.0.fetch_add(16_000, Ordering::SeqCst);
        assert_eq!(world.check("noor", "a long walk home", Asked::SignIn), Ok(StaffId(2)));
    }

    #[test]
    fn the_only_one_who_can_come_in_is_never_locked_out() {
        let mut world = world();
        // Another works here, but has nothing to prove it with.
        world.directory.credentials.retain(|kept| kept.id == StaffId(1));
        assert_eq!(world.guess("mara"), 16);
        world.clock.0.fetch_add(16_000, Ordering::SeqCst);
        assert_eq!(world.check("mara", "4711", Asked::SignIn), Ok(StaffId(1)));
    }

    #[test]
    fn whoever_is_named_the_same_work_is_done() {
        let mut world = world();
        world.directory.credentials.push(Credentials::none(StaffId(3)));
        for (asked, times) in [(Asked::SignIn, 1), (Asked::Again, 2)] {
            let named = [1, 2, 3, 4].map(|id| world.directory.credentials(StaffId(id)));
            for kept in named {
                let tried = world.gate.tried(kept, asked);
                assert_eq!(tried.len(), times, "{kept:?}");
                assert_eq!(tried.iter().any(|(_, is_theirs)| *is_theirs), kept.is_some_and(Credentials::has_secret));
                // Each digest costs the same: made with the same parameters.
                let cost = |digest: &Text| digest.split('$').take(4).collect::<Vec<_>>().join("$");
                assert!(tried.iter().all(|(digest, _)| cost(digest) == cost(&world.gate.nobody)));
            }
        }
        // What nobody's digest is made of opens nothing.
        assert_eq!(world.check("nobody", "nobody at all", Asked::Again), Err(Denied::Wrong));
        assert_eq!(world.check("mara", "nobody at all", Asked::Again), Err(Denied::Wrong));
    }

    #[test]
    fn without_the_pepper_no_secret_is_right() {
        let world = world();
        std::fs::remove_file(pepper_of(&world.folder.path().join("shop.redb"))).unwrap();
        let other = Gate::of(&world.folder.path().join("shop.redb"), Seams::seeded(5, 8)).unwrap();
        assert_eq!(other.check(&world.directory, "mara", "4711", Asked::SignIn), Err(Denied::Wrong));
    }
}
