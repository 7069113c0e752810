//! Wrong secrets, counted by name: what makes guessing slow and locks somebody out, but never the whole shop.
//!
//! They are kept in a file beside the shop, so that they outlive a server that leaves with its last client, and every process
//! and thread sees the same. Knows no secret.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Wrong secrets that are answered at once.
pub(super) const FREE: u32 = 2;
/// Wrong secrets after which none is taken for [`LOCKED_MS`].
pub(super) const LIMIT: u32 = 8;
/// How long somebody is locked out.
pub(super) const LOCKED_MS: i64 = 15 * 60_000;
/// Names that are counted at one time; the oldest goes.
const MOST: usize = 1_000;

/// Wrong tries of one name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Tried {
    wrong: u32,
    until_ms: i64,
}

/// The tries of one shop.
#[derive(Debug)]
pub(super) struct Tries {
    path: PathBuf,
    /// What is counted where the file cannot be had; else as it was read last.
    counted: Mutex<BTreeMap<String, Tried>>,
}

impl Tries {
    pub(super) fn of(path: PathBuf) -> Tries {
        Tries { path, counted: Mutex::default() }
    }

    /// Counts a try before anybody looks whether it is right: of many at once each is one. `Err` says how many milliseconds
    /// are to be waited. `may_lock` says whether another may be locked out, these names being so already.
    pub(super) fn begin(&self, name: &str, now: i64, may_lock: impl Fn(&[&str]) -> bool) -> Result<u32, i64> {
        self.change(|all| {
            let locked = all.iter().filter(|(_, tried)| tried.wrong >= LIMIT && tried.until_ms > now);
            let may_lock = may_lock(&locked.map(|(name, _)| name.as_str()).collect::<Vec<_>>());
            if all.len() >= MOST && !all.contains_key(name) {
                let oldest = all.iter().min_by_key(|(_, tried)| tried.until_ms).map(|(name, _)| name.clone());
                oldest.and_then(|oldest| all.remove(&oldest));
            }
            let tried = all.entry(name.to_owned()).or_default();
            if tried.until_ms > now {
                return Err(tried.until_ms - now);
            }
            if tried.wrong >= LIMIT || tried.wrong == LIMIT - 1 && !may_lock {
                // The time of being locked out is over, or it would shut the shop: a new beginning, not as free as the first.
                tried.wrong = LIMIT - 2;
            }
            tried.wrong += 1;
            let wait = match tried.wrong {
                wrong if wrong >= LIMIT => LOCKED_MS,
                wrong if wrong > FREE => 1_000 << (wrong - FREE - 1).min(5),
                _ => 0,
            };
            tried.until_ms = now + wait;
            Ok(tried.wrong)
        })
    }

    /// It was right, or somebody vouches for the person: nothing is counted any more.
    pub(super) fn forgive(&self, name: &str) {
        self.change(|all| {
            all.remove(name);
        });
    }

    /// Whether none is taken of that name now because too many were wrong.
    pub(super) fn is_locked(&self, name: &str, now: i64) -> bool {
        self.change(|all| all.get(name).is_some_and(|tried| tried.wrong >= LIMIT && tried.until_ms > now))
    }

    /// How many milliseconds it is until another is taken of that name; nothing is counted by asking.
    pub(super) fn left_ms(&self, name: &str, now: i64) -> i64 {
        self.change(|all| all.get(name).map_or(0, |tried| (tried.until_ms - now).max(0)))
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Tried>) -> T) -> T {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stored) = std::fs::read(&self.path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            *counted = stored;
        }
        let before = counted.clone();
        let done = change(&mut counted);
        if *counted != before {
            // Where it cannot be written it is counted in memory alone.
            let _ = self.write(&counted);
        }
        done
    }

    fn write(&self, counted: &BTreeMap<String, Tried>) -> std::io::Result<()> {
        let mut name = self.path.clone().into_os_string();
        name.push(".making");
        let mut file = std::fs::File::options().write(true).create(true).truncate(true).mode(0o600).open(&name)?;
        file.write_all(&serde_json::to_vec(counted)?)?;
        drop(file);
        std::fs::rename(&name, &self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tries(folder: &tempfile::TempDir) -> Tries {
        Tries::of(folder.path().join("shop.redb.tries"))
    }

    #[test]
    fn of_many_at_once_each_counts() {
        let folder = tempfile::tempdir().unwrap();
        let tries = tries(&folder);
        let judged: usize = std::thread::scope(|scope| {
            let all: Vec<_> = (0..24).map(|_| scope.spawn(|| tries.begin("mo", 5, |_| true).is_ok())).collect();
            all.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(judged, FREE as usize + 1);
    }

    #[test]
    fn they_outlive_the_process_until_somebody_is_forgiven() {
        let folder = tempfile::tempdir().unwrap();
        let mut now = 0;
        while !tries(&folder).is_locked("mo", now) {
            if let Err(wait) = tries(&folder).begin("mo", now, |_| true) {
                now += wait;
            }
        }
        assert_eq!(tries(&folder).begin("mo", now, |_| true), Err(LOCKED_MS));
        assert_eq!(tries(&folder).begin("ann", now, |_| true), Ok(1));
        tries(&folder).forgive("mo");
        assert_eq!(tries(&folder).begin("mo", now, |_| true), Ok(1));
    }

    #[test]
    fn where_nobody_more_may_be_locked_out_one_waits_half_a_minute_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let tries = tries(&folder);
        let (mut now, mut longest) = (0, 0);
        for _ in 0..40 {
            if let Err(wait) = tries.begin("mo", now, |_| false) {
                longest = longest.max(wait);
                now += wait;
            }
        }
        assert_eq!((longest, tries.is_locked("mo", now)), (16_000, false));
    }
}
