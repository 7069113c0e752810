//! A shop on a disk of the test's own, with everything that was ever asked of it and what it answered.

use super::clock::{Hands, seams};
use super::deed::{Deed, command, founding, furnishing};
use super::disk::Disk;
use super::truth::Naive;
use std::sync::Arc;
use till::domain::command::{Actor, Verdict};
use till::domain::{Command, Outcome, Request};
use till::engine::Shop;
use till::store::{Fault, ShopFile};
use till::unit::{RegisterId, StaffId, StoreId};

/// A command that was accepted.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What was asked.
    pub request: Request,
    /// What came of it.
    pub outcome: Outcome,
    /// The store it was asked in.
    pub store: StoreId,
    /// How much stood on the disk's tape when the answer came: nothing before it may be missed.
    pub written: usize,
}

/// The shop and its history.
pub struct World {
    /// The shop.
    pub shop: Shop,
    /// What it stands on.
    pub disk: Disk,
    /// Its time.
    pub clock: Arc<Hands>,
    /// All accepted commands.
    pub asked: Vec<Asked>,
    /// The command whose answer never came.
    pub unanswered: Option<Request>,
    /// What the accepted ones come to.
    pub naive: Naive,
    seed: u64,
}

impl World {
    /// A founded and furnished shop on `disk`.
    ///
    /// # Errors
    /// What the disk does to it.
    pub fn found(disk: Disk, seed: u64) -> Result<World, Fault> {
        World::empty(disk, seed)?.furnished()
    }

    /// The empty shop, founded and furnished.
    ///
    /// # Errors
    /// What the disk does to it.
    pub fn furnished(mut self) -> Result<World, Fault> {
        self.furnish()?;
        Ok(self)
    }

    /// Founds and furnishes the empty shop.
    ///
    /// # Errors
    /// What the disk does to it.
    pub fn furnish(&mut self) -> Result<(), Fault> {
        for command in std::iter::once(founding()).chain(furnishing()) {
            let request = self.request(RegisterId(1), command);
            self.ask(request)?.expect("founding and furnishing are sound");
        }
        Ok(())
    }

    /// A shop that is not founded yet.
    ///
    /// # Errors
    /// What the disk does to it.
    pub fn empty(disk: Disk, seed: u64) -> Result<World, Fault> {
        let clock = Hands::new();
        let shop = Shop::run(ShopFile::on(disk.backend(), true)?, seams(&clock, seed))?;
        Ok(World { shop, disk, clock, asked: Vec::new(), unanswered: None, naive: Naive::default(), seed })
    }

    /// A request with an id of its own.
    pub fn request(&self, register: RegisterId, command: Command) -> Request {
        Request { id: self.shop.new_id(), actor: Actor { staff: StaffId(1), register }, command }
    }

    /// Asks, and keeps what was accepted.
    ///
    /// # Errors
    /// As [`Shop::execute`].
    pub fn ask(&mut self, request: Request) -> Result<Verdict, Fault> {
        self.unanswered = Some(request.clone());
        let verdict = self.shop.execute(request.clone())?;
        self.unanswered = None;
        if let Ok(outcome) = &verdict {
            let snapshot = self.shop.snapshot()?;
            let register = snapshot.directory().register(request.actor.register).cloned();
            let store = register.expect("the register it was asked from").store;
            self.naive.take(&request, outcome, store);
            self.asked.push(Asked { request, outcome: outcome.clone(), store, written: self.disk.written() });
        }
        Ok(verdict)
    }

    /// Does a deed.
    ///
    /// # Errors
    /// As [`Shop::execute`].
    pub fn act(&mut self, deed: Deed) -> Result<Verdict, Fault> {
        let (register, command) = command(deed, &self.shop.snapshot()?);
        let request = self.request(register, command);
        self.ask(request)
    }

    /// Closes the shop and opens it again, on a new disk of the same content.
    pub fn reopen(&mut self) {
        self.shop.close().expect("closing");
        self.open_again();
    }

    /// Closes the shop and opens it again on the same disk, whose tape goes on.
    pub fn close_and_open_here(&mut self) {
        self.shop.close().expect("closing");
        self.seed += 1;
        self.shop = open(&self.disk, &self.clock, self.seed).expect("opening after a close");
    }

    /// Kills the shop and opens it again: what was written is there, whether synced or not.
    pub fn kill(&mut self) {
        self.open_again();
    }

    fn open_again(&mut self) {
        let disk = Disk::holding(self.disk.kill());
        self.seed += 1;
        self.shop = open(&disk, &self.clock, self.seed).expect("opening after a kill");
        self.disk = disk;
    }
}

/// Opens the shop on a disk.
///
/// # Errors
/// As [`Shop::run`].
pub fn open(disk: &Disk, clock: &Arc<Hands>, seed: u64) -> Result<Shop, Fault> {
    Shop::run(ShopFile::on(disk.backend(), false)?, seams(clock, seed))
}
