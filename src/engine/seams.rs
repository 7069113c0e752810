//! Where time and chance come from, so that a whole shop can run from one seed in tests.

use crate::unit::CommandId;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock.
pub trait Clock: Send + Sync {
    /// Unix milliseconds.
    fn now_ms(&self) -> i64;
}

/// A source of random bytes.
pub trait Entropy: Send + Sync {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// What a disk still takes.
pub trait Room: Send + Sync {
    /// Bytes free where the file lies; `None` where that is not known.
    fn beside(&self, file: &Path) -> Option<u64>;
}

/// What the shop is given from outside.
#[derive(Clone)]
pub struct Seams {
    /// The writer's clock.
    pub clock: Arc<dyn Clock>,
    /// Salts and command ids.
    pub entropy: Arc<dyn Entropy>,
    /// Whether there is room for more sales.
    pub room: Arc<dyn Room>,
}

impl fmt::Debug for Seams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seams")
    }
}

impl Seams {
    /// The computer's clock and the kernel's random source.
    pub fn system() -> Seams {
        Seams { clock: Arc::new(SystemClock), entropy: Arc::new(Kernel), room: Arc::new(Disk) }
    }

    /// A clock that stands at `now_ms` and moves a millisecond each time it is read, chance from `seed`, and the disk's room.
    pub fn seeded(now_ms: i64, seed: u64) -> Seams {
        Seams {
            clock: Arc::new(Stepping(Mutex::new(now_ms))),
            entropy: Arc::new(Seeded(Mutex::new(fastrand::Rng::with_seed(seed)))),
            room: Arc::new(Disk),
        }
    }

    /// A new command id.
    pub fn command_id(&self) -> CommandId {
        let mut bytes = [0; 16];
        self.entropy.fill(&mut bytes);
        CommandId::new(self.clock.now_ms().max(0) as u64, u128::from_le_bytes(bytes))
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(_) => 0,
        }
    }
}

struct Kernel;

impl Entropy for Kernel {
    fn fill(&self, bytes: &mut [u8]) {
        let mut filled = 0;
        while filled < bytes.len() {
            // The kernel's pool has no way to fail after boot but a signal, after which it is asked again.
            filled += rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty()).unwrap_or(0);
        }
    }
}

struct Disk;

impl Room for Disk {
    fn beside(&self, file: &Path) -> Option<u64> {
        let disk = rustix::fs::statvfs(file).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

struct Stepping(Mutex<i64>);

impl Clock for Stepping {
    fn now_ms(&self) -> i64 {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += 1;
        *now
    }
}

struct Seeded(Mutex<fastrand::Rng>);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(bytes);
    }
}
