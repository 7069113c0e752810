//! The shop of a process that serves it: what every session needs of it, and the ways it comes to its end.

use super::progress;
use super::proof::Proof;
use super::serving::{Serving, lay_by_later};
use super::{Done, Trouble};
use crate::engine::backup;
#[cfg(feature = "ssh")]
use crate::engine::knocks::Knocks;
use crate::engine::presence::Signal;
use crate::engine::signin::Gate;
use crate::engine::verify::Proof as Proved;
use crate::engine::{Presence, Shop};
use crate::session::{Waker, Wakeups};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// How long sessions may take to end when they are sent away.
pub(super) const FAREWELL: Duration = Duration::from_secs(3);

/// A shop that is served.
pub(super) struct Hall {
    /// The shop file.
    pub path: PathBuf,
    /// Everyone at work.
    pub presence: Presence,
    /// Checks secrets; all sessions share it.
    pub gate: Gate,
    /// Keys that opened nothing.
    #[cfg(feature = "ssh")]
    pub knocks: Knocks,
    serving: RwLock<Serving>,
    ending: AtomicBool,
    waker: Waker,
}

impl Hall {
    /// A hall around an open shop, and the wake-ups of whoever serves it.
    pub fn new(shop: Shop, path: &Path) -> Result<(Arc<Hall>, Wakeups), Trouble> {
        let (waker, wakeups) = Waker::pipe()?;
        shop.fill_search();
        lay_by_later(&shop);
        let hall = Hall {
            path: path.to_owned(),
            presence: Presence::default(),
            gate: Gate::of(path, shop.seams().clone())?,
            #[cfg(feature = "ssh")]
            knocks: Knocks::default(),
            serving: RwLock::new(Serving::new(shop)),
            ending: AtomicBool::new(false),
            waker,
        };
        Ok((Arc::new(hall), wakeups))
    }

    /// The shop.
    pub fn shop(&self) -> Shop {
        self.serving().shop
    }

    /// The shop and what is kept of it; both are others after a restore.
    pub fn serving(&self) -> Serving {
        self.serving.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Has whoever serves the shop look up: a session has ended.
    pub fn ring(&self) {
        self.waker.wake();
    }

    /// Ends the serving on a caller's wish.
    ///
    /// # Errors
    /// `Failed` for one who may not.
    pub fn stop(&self, proof: &Proof) -> Done {
        if !proof.is_owner() {
            return Err(Trouble::Failed("only the owner of the shop file may stop its server".to_owned()));
        }
        self.end("The shop's server has been stopped.");
        Ok(())
    }

    /// Asks the hall to end; everyone in it is told why.
    pub fn end(&self, why: &str) {
        self.ending.store(true, Ordering::SeqCst);
        self.presence.tell_all(&Signal::SentAway(why.to_owned()));
        self.waker.wake();
    }

    /// Whether the hall is coming to its end.
    pub fn is_ending(&self) -> bool {
        self.ending.load(Ordering::SeqCst)
    }

    /// Puts a backup in the shop's place. Once it is proved everyone is sent away, and may come back as soon as it stands.
    ///
    /// # Errors
    /// As [`backup::restore`]; the shop that was served is served again.
    pub fn restore(
        &self,
        file: &Path,
        progress: &dyn Fn(u64, u64),
        sign: &dyn Fn(&Shop, &Proved),
    ) -> Result<Proved, Trouble> {
        let mut closed = false;
        let restored = backup::restore(file, &self.path, progress, sign, &mut || {
            self.send_away("The shop is being restored from a backup. Start till again.");
            closed = true;
            self.shop().close()
        });
        if closed {
            let shop = super::place::open(&self.path, &progress::silent())?;
            shop.fill_search();
            lay_by_later(&shop);
            *self.serving.write().unwrap_or_else(PoisonError::into_inner) = Serving::new(shop);
        }
        Ok(restored?)
    }

    /// Sends every session away and waits a while for them to go.
    pub fn send_away(&self, why: &str) {
        self.presence.tell_all(&Signal::SentAway(why.to_owned()));
        let until = Instant::now() + FAREWELL;
        while !self.presence.all().is_empty() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
