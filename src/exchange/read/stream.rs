//! The second reading: orders with their lines and payments, one after the other, on a thread of their own.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::domain::{Method, Order, OrderDetails};
use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::ORDERS;
use crate::unit::{Digest, OrderNo};

use super::belonging::{Again, Kept};
use super::lines::Sold;
use super::orders::{ID, Names, parse};
use super::payments::Paid;
use super::source::Folder;
use super::table::{Opened, Records};

/// How many orders travel together.
const BATCH: usize = 512;
/// How many batches may wait for the one who writes.
const WAITING: usize = 8;

/// Everything the second reading needs; all of it was checked by the first.
pub struct Plan {
    pub dir: PathBuf,
    pub names: Names,
    pub first: OrderNo,
    pub lines: Kept<Sold>,
    pub payments: Kept<Paid>,
    /// Of orders, lines and payments, as they were read first.
    pub digests: [Option<Digest>; 3],
}

type Item = (Order, Option<OrderDetails>);

enum Message {
    Orders(Vec<Item>),
    /// The last one.
    End(Result<(), String>),
}

/// The orders of a plan.
pub struct Stream {
    plan: Option<Plan>,
    messages: Option<Receiver<Message>>,
    batch: std::vec::IntoIter<Item>,
}

impl Stream {
    /// Reading begins when the first order is asked for.
    pub fn new(plan: Plan) -> Stream {
        Stream { plan: Some(plan), messages: None, batch: Vec::new().into_iter() }
    }

    /// Starts reading.
    fn start(&mut self, plan: Plan) -> Result<(), String> {
        let (sender, receiver) = sync_channel(WAITING);
        let reading = thread::Builder::new().name("import".to_owned()).spawn(move || {
            let end = run(plan, &sender).map_err(|why| why.to_string());
            // Nobody waits for the end when the writer has given up.
            let _ = sender.send(Message::End(end));
        });
        self.messages = Some(receiver);
        reading.map(drop).map_err(|why| format!("the files cannot be read: {why}"))
    }
}

impl Iterator for Stream {
    type Item = Result<Item, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(plan) = self.plan.take()
            && let Err(why) = self.start(plan)
        {
            return Some(Err(why));
        }
        loop {
            if let Some(item) = self.batch.next() {
                return Some(Ok(item));
            }
            match self.messages.as_ref()?.recv() {
                Ok(Message::Orders(batch)) => self.batch = batch.into_iter(),
                Ok(Message::End(end)) => {
                    self.messages = None;
                    return end.err().map(Err);
                }
                Err(_) => {
                    self.messages = None;
                    return Some(Err("reading the files ended unexpectedly; nothing was imported".to_owned()));
                }
            }
        }
    }
}

fn changed() -> ReadFault {
    ReadFault::Folder(
        "the files changed while they were imported; nothing was imported. Start the import again".to_owned(),
    )
}

fn run(plan: Plan, sender: &SyncSender<Message>) -> Result<(), ReadFault> {
    let Plan { dir, mut names, first, lines, payments, digests } = plan;
    let folder = Folder { dir: &dir, meter: None };
    let mut findings = Collector::default();
    let mut lines = Again::new(lines, folder, &mut findings)?;
    let mut payments = Again::new(payments, folder, &mut findings)?;
    let mut orders = match Records::open(folder, &ORDERS, &mut findings)? {
        Opened::Ready(orders) => orders,
        Opened::Missing if digests[0].is_none() => return Ok(()),
        Opened::Missing | Opened::Unusable => return Err(changed()),
    };
    let mut place = 0;
    let mut batch = Vec::with_capacity(BATCH);
    while orders.advance(&mut findings, &mut false)? {
        let mut row = orders.row(&mut findings);
        let Some((mut order, mut details)) = parse(&mut row, &mut names, None)? else { break };
        let id = row.bytes(ID);
        let zone = names.stores.zone(order.store).unwrap_or_default();
        order.no = OrderNo(first.0 + u64::from(place));
        while let Some(sold) = lines.next_of(place, id, &mut names, &zone, row.findings())? {
            order.lines.push(sold.into_line());
        }
        while let Some(paid) = payments.next_of(place, id, &mut names, &zone, row.findings())? {
            let (payment, reference) = paid.into_parts();
            order.payments.push(payment);
            details.references.extend(reference);
        }
        if order.payments.iter().any(|payment| !payment.method.is(Method::CASH_ROUNDING)) {
            order.declared_method = None;
        }
        let details = (details != OrderDetails::default()).then_some(details);
        order.details_version = u32::from(details.is_some());
        batch.push((order, details));
        place += 1;
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if sender.send(Message::Orders(full)).is_err() {
                return Ok(());
            }
        }
    }
    let again = [Some(Some(orders.digest())), lines.digest(), payments.digest()];
    let same = again.iter().zip(&digests).all(|(now, then)| now.is_none_or(|now| now == *then));
    if !same || !findings.is_empty() {
        return Err(changed());
    }
    // A writer that has given up needs no last batch.
    let _ = sender.send(Message::Orders(batch));
    Ok(())
}
