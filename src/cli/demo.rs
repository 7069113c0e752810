//! `till demo`: a throw-away shop with two and a half years of trade, and the console on it.

use super::console;
use super::hall::Hall;
use super::looks::Looks;
use super::progress::Bar;
use super::proof::{Proof, ssh_address};
use super::reception::Reception;
use super::{Done, Trouble, init, serve};
use crate::demo::{Busy, Event, Growth, Plan, grow};
use crate::domain::basket::{Basket, BasketLine};
use crate::domain::change::ImportCounts;
use crate::domain::command::{Actor, Command, Outcome};
use crate::domain::{Register, Request, Role, Staff};
use crate::engine::{Bulk, Seams, Shop};
use crate::unit::{Digest, StaffId, Stamp, Text};
use clap::Args;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

/// The seed every demo shop grows from.
const SEED: u64 = 20_240;

/// A demo shop.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Keep the shop in this folder; without it, it goes when you leave.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// How many orders it has.
    #[arg(long, default_value_t = Plan::ORDERS)]
    orders: u64,
    /// Let simulated colleagues ring so many sales a minute.
    #[arg(long, value_name = "SALES", default_value_t = 0)]
    busy: u32,
    /// Make the shop and leave, without opening the console.
    #[arg(long)]
    only_make: bool,
}

impl Demo {
    pub fn run(self, looks: &Looks) -> Done {
        if !self.only_make {
            console::need_terminal()?;
        }
        let folder = match &self.keep {
            Some(folder) => folder.clone(),
            None => std::env::temp_dir().join(format!("till-demo-{}", std::process::id())),
        };
        std::fs::create_dir_all(&folder).map_err(|why| Trouble::Failed(format!("{}: {why}", folder.display())))?;
        let path = folder.join("shop.redb");
        let shop = match path.exists() {
            true => super::place::open(&path, &super::progress::bar())?,
            false => self.make(&path)?,
        };
        let done = if self.only_make { Ok(()) } else { self.open(&shop, &path, looks) };
        let closed = shop.close();
        if self.keep.is_none() {
            // It was made to be thrown away.
            let _ = std::fs::remove_dir_all(&folder);
        }
        done?;
        closed?;
        Ok(())
    }

    fn open(&self, shop: &Shop, path: &Path, looks: &Looks) -> Done {
        let stop = Arc::new(AtomicBool::new(false));
        let colleagues = (self.busy > 0).then(|| {
            let (shop, stop, pace) = (shop.clone(), Arc::clone(&stop), self.busy);
            std::thread::Builder::new().spawn(move || sell(&shop, pace, &stop))
        });
        let colleagues = colleagues.transpose()?;
        let done = served(shop, path, looks);
        stop.store(true, Ordering::Relaxed);
        if let Some(colleagues) = colleagues {
            // Colleagues who panicked have stopped selling; that is all that is wanted of them.
            let _ = colleagues.join();
        }
        done
    }

    fn make(&self, path: &Path) -> Result<Shop, Trouble> {
        let seams = Seams::system();
        let now_ms = seams.clock.now_ms();
        let today = Stamp::at(now_ms, &crate::unit::Zone::utc()).day();
        let plan = Plan { seed: SEED, orders: self.orders, today, now_ms };
        let growth = grow(&plan)?;
        let shop = Shop::create(path, seams)?;
        let from = Text::lossy(&Proof::own().origin(&ssh_address()));
        let made = found(&shop, &growth, from.clone()).and_then(|()| self.fill(&shop, growth, plan, from));
        match made {
            Ok(()) => Ok(shop),
            Err(trouble) => {
                // A half-made demo shop is of no use; the trouble is what is told.
                let _ = shop.close();
                let _ = std::fs::remove_file(path);
                Err(trouble)
            }
        }
    }

    fn fill(&self, shop: &Shop, growth: Growth, plan: Plan, from: Text) -> Done {
        let mut counts = ImportCounts::default();
        let mut returns = Vec::new();
        let mut feedback = Vec::new();
        for event in growth.trade() {
            match event {
                Event::Order { order, .. } => {
                    counts.orders += 1;
                    counts.lines += order.lines.len() as u64;
                    counts.payments += order.payments.len() as u64;
                }
                Event::Return(back) => returns.push(back),
                Event::Feedback { feedback: said, text } => feedback.push((said, Some(text))),
            }
        }
        let customers: Vec<_> = growth.customers().collect();
        let inventory = growth.stock();
        counts.customers = customers.len() as u64;
        counts.products = growth.products().len() as u64;
        counts.inventory = inventory.len() as u64;
        counts.returns = returns.len() as u64;
        counts.feedback = feedback.len() as u64;
        let bulk = Bulk {
            based_on: shop.published(),
            stores: growth.stores(),
            registers: growth.registers(),
            staff: growth.staff().into_iter().skip(1).collect(),
            products: growth.products(),
            customers,
            inventory,
            orders: orders(plan)?,
            returns,
            feedback,
            counts,
            digest: Digest([0; 32]),
            from: Some(from),
        };
        let bar = Bar::new(&super::progress::bar(), "growing the demo shop", self.orders.max(1));
        shop.import(bulk, move |orders| bar.to(orders))?;
        Ok(())
    }
}

/// The console on a shop that this process serves: others may come in meanwhile.
fn served(shop: &Shop, path: &Path, looks: &Looks) -> Done {
    let mut door = serve::claim(path)?;
    door.open(None)?;
    let (hall, wakeups) = Hall::new(shop.clone(), path)?;
    let (here, there) = UnixStream::pair()?;
    let reception = Reception::new(&hall);
    reception.receive(there, Proof::own());
    let server = std::thread::Builder::new()
        .name("till-hall".to_owned())
        .spawn(move || reception.serve(&mut door, &wakeups, false))?;
    let done = console::on(here, looks).and_then(|done| done.unwrap_or(Ok(())));
    hall.end("The demo shop has been closed.");
    let served =
        server.join().unwrap_or_else(|_| Err(Trouble::Failed("the server broke one of its own rules".to_owned())));
    done?;
    served
}

/// The orders again, grown on a thread of their own while they are written.
fn orders(plan: Plan) -> Result<crate::engine::bulk::Orders, Trouble> {
    let (sender, orders) = sync_channel(256);
    std::thread::Builder::new().name("till-demo".to_owned()).spawn(move || {
        let growth = match grow(&plan) {
            Ok(growth) => growth,
            Err(why) => {
                let _ = sender.send(Err(why.to_string()));
                return;
            }
        };
        for event in growth.trade() {
            if let Event::Order { order, details } = event
                && sender.send(Ok((order, details))).is_err()
            {
                return;
            }
        }
    })?;
    Ok(Box::new(orders.into_iter()))
}

/// The first of the staff may see everything.
fn found(shop: &Shop, growth: &Growth, from: Text) -> Done {
    let missing = || Trouble::Failed("the demo's seed has no store, register or staff".to_owned());
    let store = growth.stores().into_iter().next().ok_or_else(missing)?;
    let register: Register = growth.registers().into_iter().next().ok_or_else(missing)?;
    let staff = growth.staff().into_iter().next().ok_or_else(missing)?;
    let roles = vec![Role::Manager, Role::Administrator];
    let staff = Staff { id: StaffId(1), roles, ..staff };
    init::found_with(shop, from, (growth.settings(), store, register, staff))
}

/// Simulated colleagues at work until told to stop.
fn sell(shop: &Shop, per_minute: u32, stop: &AtomicBool) {
    let Ok(snapshot) = shop.snapshot() else { return };
    let products: Vec<_> = snapshot.catalogue().all().map(|product| (**product).clone()).collect();
    let registers = snapshot.directory().registers.len();
    let customers = snapshot.last_customer().map_or(0, |last| last.0);
    let staff: Vec<StaffId> =
        snapshot.directory().staff.iter().filter(|person| !person.disabled).map(|person| person.id).collect();
    drop(snapshot);
    let Ok(mut busy) = Busy::new(shop.now_ms().unsigned_abs(), &products, registers, customers) else { return };
    while !stop.load(Ordering::Relaxed) {
        let pause = Duration::from_millis(busy.pause_ms(per_minute));
        let step = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        while waited < pause && !stop.load(Ordering::Relaxed) {
            std::thread::sleep(step.min(pause));
            waited += step;
        }
        // A sale that is refused (a price has changed, say) is simply not made.
        if !stop.load(Ordering::Relaxed) && one_sale(shop, &mut busy, &staff).is_none() {
            continue;
        }
    }
}

fn one_sale(shop: &Shop, busy: &mut Busy, staff: &[StaffId]) -> Option<Outcome> {
    let proposal = busy.sale()?;
    let snapshot = shop.snapshot().ok()?;
    let settings = snapshot.directory().settings.clone()?;
    let mut basket = Basket { customer: proposal.customer, ..Basket::default() };
    for (id, quantity) in &proposal.lines {
        let product = snapshot.catalogue().product(*id)?;
        basket.ring(BasketLine::of(product, *quantity, None)?, settings.merge_lines).ok()?;
    }
    let total = basket.price(settings.tax_included, settings.currency.step()).ok()?.total;
    let register = snapshot.directory().registers.get(proposal.register)?.id;
    let by = staff.get(usize::from(register.0) % staff.len().max(1)).copied()?;
    drop(snapshot);
    let tenders = busy.tenders(total);
    let command = Command::PlaceOrder { basket, tenders, channel: Some(Text::lossy("counter")) };
    let actor = Actor { staff: by, register };
    shop.execute(Request { id: shop.new_id(), actor, command }).ok()?.ok()
}
