//! Who is at work in the shop right now, from where, and what one may say to another. Kept in memory alone: it is gone with
//! the process, as everyone's session is.

use crate::unit::{CommandId, RegisterId, StaffId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Called when something came for a session; must be quick and never wait.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// One session, as others see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Its number, from 1, never used again while the process lives.
    pub session: u64,
    /// Who is signed in; `None` while nobody is.
    pub staff: Option<StaffId>,
    /// The register they stand at.
    pub register: RegisterId,
    /// Where the session comes from: an address, or the machine itself.
    pub from: String,
    /// Since when, Unix milliseconds.
    pub since_ms: i64,
}

/// What comes to a session from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// Words, and who says them.
    Message(StaffId, String),
    /// Somebody asks for approval of an act: in which session, under which id, in words that a supervisor judges by. Answer
    /// with [`Signal::Approved`].
    Approval(u64, CommandId, String),
    /// The act of this id, and no other, has been approved by this person.
    Approved(CommandId, StaffId),
    /// This person has read what is asked under this id and does not allow it; another may.
    Declined(CommandId, StaffId),
    /// The act of this id does not wait for approval any more.
    Settled(CommandId),
    /// The person went on at the same register from another session: what was in hand is there now.
    TakenOver,
    /// Whoever works there is signed out, for this reason; the terminal stays for the next one.
    SignedOut(String),
    /// The session is over, for this reason.
    SentAway(String),
}

/// What a session shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Line by line.
    pub lines: Vec<String>,
    /// Column and row of the cursor, where one is to be seen.
    pub cursor: Option<(u16, u16)>,
}

struct Kept {
    present: Present,
    wake: Wake,
    signals: Vec<Signal>,
    /// Who watches it, by their session.
    watchers: BTreeMap<u64, Wake>,
    /// What it shows, while somebody does.
    shown: Arc<Shown>,
}

#[derive(Default)]
struct Room {
    last: u64,
    /// Counts every coming, going and change.
    version: u64,
    sessions: BTreeMap<u64, Kept>,
}

/// Everyone who is at work.
#[derive(Clone, Default)]
pub struct Presence {
    room: Arc<Mutex<Room>>,
}

/// One session's own place among the others. Dropping it leaves.
pub struct Seat {
    room: Presence,
    session: u64,
}

impl Presence {
    /// A new session.
    pub fn enter(&self, staff: Option<StaffId>, register: RegisterId, from: &str, now_ms: i64, wake: Wake) -> Seat {
        let mut room = self.lock();
        room.last += 1;
        let session = room.last;
        let present = Present { session, staff, register, from: from.to_owned(), since_ms: now_ms };
        let kept = Kept { present, wake, signals: Vec::new(), watchers: BTreeMap::new(), shown: Arc::default() };
        room.sessions.insert(session, kept);
        drop(room);
        self.changed();
        Seat { room: self.clone(), session }
    }

    /// Everyone, the longest first.
    pub fn all(&self) -> Vec<Present> {
        self.lock().sessions.values().map(|kept| kept.present.clone()).collect()
    }

    /// Counts every coming, going and change: the same number, the same people.
    pub fn version(&self) -> u64 {
        self.lock().version
    }

    /// Says something to a session; whether it is still there.
    pub fn tell(&self, session: u64, signal: Signal) -> bool {
        let mut room = self.lock();
        let Some(kept) = room.sessions.get_mut(&session) else { return false };
        kept.signals.push(signal);
        let wake = Arc::clone(&kept.wake);
        drop(room);
        wake();
        true
    }

    /// Says the same to everyone.
    pub fn tell_all(&self, signal: &Signal) {
        let sessions: Vec<u64> = self.lock().sessions.keys().copied().collect();
        for session in sessions {
            self.tell(session, signal.clone());
        }
    }

    /// Session `by` starts, or with `None` ends, watching what a session shows. Several may watch the same.
    pub fn watch(&self, session: u64, by: u64, watcher: Option<Wake>) {
        let mut room = self.lock();
        let Some(kept) = room.sessions.get_mut(&session) else { return };
        match watcher {
            Some(watcher) => drop(kept.watchers.insert(by, watcher)),
            None => drop(kept.watchers.remove(&by)),
        }
        if kept.watchers.is_empty() {
            kept.shown = Arc::default();
        }
        let wake = Arc::clone(&kept.wake);
        drop(room);
        wake();
    }

    /// What a watched session shows now; `None` when it has gone or is not watched.
    pub fn shown(&self, session: u64) -> Option<Arc<Shown>> {
        let room = self.lock();
        let kept = room.sessions.get(&session)?;
        (!kept.watchers.is_empty()).then(|| Arc::clone(&kept.shown))
    }

    fn changed(&self) {
        let mut room = self.lock();
        room.version += 1;
        let wakes: Vec<Wake> = room.sessions.values().map(|kept| Arc::clone(&kept.wake)).collect();
        drop(room);
        wakes.iter().for_each(|wake| wake());
    }

    fn lock(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The session's number.
    pub fn session(&self) -> u64 {
        self.session
    }

    /// Everyone.
    pub fn presence(&self) -> &Presence {
        &self.room
    }

    /// Another person works here now, or at another register.
    pub fn sit(&self, staff: Option<StaffId>, register: RegisterId) {
        let mut room = self.room.lock();
        let Some(kept) = room.sessions.get_mut(&self.session) else { return };
        if (kept.present.staff, kept.present.register) == (staff, register) {
            return;
        }
        (kept.present.staff, kept.present.register) = (staff, register);
        drop(room);
        self.room.changed();
    }

    /// What has come since the last asking, oldest first.
    pub fn signals(&self) -> Vec<Signal> {
        let mut room = self.room.lock();
        room.sessions.get_mut(&self.session).map(|kept| std::mem::take(&mut kept.signals)).unwrap_or_default()
    }

    /// Whether somebody watches.
    pub fn is_watched(&self) -> bool {
        self.room.lock().sessions.get(&self.session).is_some_and(|kept| !kept.watchers.is_empty())
    }

    /// Shows a watcher what the session shows.
    pub fn show(&self, shown: Shown) {
        let mut room = self.room.lock();
        let Some(kept) = room.sessions.get_mut(&self.session) else { return };
        if kept.watchers.is_empty() || *kept.shown == shown {
            return;
        }
        kept.shown = Arc::new(shown);
        let wakes: Vec<Wake> = kept.watchers.values().map(Arc::clone).collect();
        drop(room);
        wakes.iter().for_each(|wake| wake());
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.room.lock().sessions.remove(&self.session);
        self.room.changed();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn bell() -> (Wake, Arc<AtomicUsize>) {
        let rung = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&rung);
        let ring = move || {
            count.fetch_add(1, Ordering::SeqCst);
        };
        (Arc::new(ring), rung)
    }

    fn shown(line: &str) -> Shown {
        Shown { lines: vec![line.to_owned()], cursor: None }
    }

    #[test]
    fn people_come_speak_and_go() {
        let presence = Presence::default();
        let (mara, rung) = bell();
        let mara = presence.enter(Some(StaffId(1)), RegisterId(1), "", 5, mara);
        let before = rung.load(Ordering::SeqCst);
        let noor = presence.enter(Some(StaffId(2)), RegisterId(2), "10.0.0.7", 6, bell().0);
        assert!(rung.load(Ordering::SeqCst) > before, "those who are there see who comes");
        assert_eq!(presence.all().iter().map(|present| present.session).collect::<Vec<_>>(), [1, 2]);
        assert!(presence.tell(mara.session(), Signal::Message(StaffId(2), "till 2 needs coins".to_owned())));
        assert_eq!(mara.signals(), [Signal::Message(StaffId(2), "till 2 needs coins".to_owned())]);
        assert!(mara.signals().is_empty());
        let gone = noor.session();
        drop(noor);
        assert!(!presence.tell(gone, Signal::SentAway(String::new())));
        assert_eq!(presence.all().len(), 1);
    }

    #[test]
    fn only_a_watched_session_shows_what_it_shows() {
        let presence = Presence::default();
        let till = presence.enter(Some(StaffId(1)), RegisterId(1), "", 0, bell().0);
        till.show(shown("secret"));
        assert_eq!(presence.shown(till.session()), None);
        let (watcher, rung) = bell();
        presence.watch(till.session(), 7, Some(watcher));
        assert!(till.is_watched());
        till.show(shown("a sale"));
        till.show(shown("a sale"));
        assert_eq!(rung.load(Ordering::SeqCst), 1, "the same picture is not shown twice");
        assert_eq!(presence.shown(till.session()).as_deref(), Some(&shown("a sale")));
        // Two may watch, and one of them leave.
        presence.watch(till.session(), 8, Some(bell().0));
        presence.watch(till.session(), 7, None);
        assert_eq!(presence.shown(till.session()).as_deref(), Some(&shown("a sale")));
        presence.watch(till.session(), 8, None);
        assert!(!till.is_watched());
        assert_eq!(presence.shown(till.session()), None);
    }
}
