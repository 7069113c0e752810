//! What belongs to orders and stands in a file of its own: lines and payments.
//!
//! Such a file nearly always is in the order of `orders.csv`; then it is read twice, side by side with the orders, and no
//! part of it is kept. Where it is not, it is held in memory and sorted.

use std::collections::HashSet;

use crate::domain::view::Kind;
use crate::exchange::finding::{Collector, ReadFault, quoted};
use crate::exchange::format::Table;
use crate::unit::{Digest, Zone};

use super::orders::{Names, Orders};
use super::row::Row;
use super::shop::Target;
use super::source::Folder;
use super::table::{Opened, Records};

/// The order's id in every such file.
pub const ORDER: usize = 0;
/// The number within the order.
pub const NO: usize = 1;

/// A record that belongs to an order.
pub trait Belonging: Sized {
    /// Its file.
    fn table() -> &'static Table;

    /// The record of a row; `None` when something about it is wrong. `zone` is that of the order's store.
    fn parse(
        row: &mut Row,
        names: &mut Names,
        zone: &Zone,
        into: Option<Target<'_>>,
    ) -> Result<Option<Self>, ReadFault>;

    /// Its number within the order.
    fn no(&self) -> u32;
}

/// One record of an order.
pub struct Owned<B> {
    /// The order's place in its file.
    pub order: u32,
    /// Where the record begins in its file.
    pub offset: u64,
    pub record: B,
}

/// How the second reading comes to the records.
pub enum Kept<B> {
    /// The file is in the order of the orders: read it again (or there is no file).
    File,
    /// They are here, in the order of the orders.
    Held(Vec<Owned<B>>),
}

/// What the first reading found.
pub struct Gathered<B> {
    pub kept: Kept<B>,
    pub count: u64,
    pub complete: bool,
    pub digest: Option<Digest>,
}

/// Looks at every record, order by order.
pub trait Check<B> {
    /// A record in the order of the orders; `orders` may be asked about its order.
    fn look(&mut self, owned: &Owned<B>, orders: &Orders, findings: &mut Collector);
}

/// Nothing more to look at.
impl<B> Check<B> for () {
    fn look(&mut self, _: &Owned<B>, _: &Orders, _: &mut Collector) {}
}

/// Reads such a file for the first time. `new_check` is asked again when the file must be read anew to be held.
pub fn gather<B: Belonging, C: Check<B>>(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    names: &mut Names,
    orders: &mut Orders,
    new_check: impl Fn() -> C,
) -> Result<(Gathered<B>, C), ReadFault> {
    let before = findings.len();
    let mut check = new_check();
    let mut walk = Walk { folder, into, findings, names, orders, keep: false };
    if let Some(gathered) = walk.run(&mut check)? {
        return Ok((gathered, check));
    }
    walk.findings.forget_after(before);
    walk.keep = true;
    let mut check = new_check();
    let gathered = walk.run(&mut check)?;
    let nothing = Gathered { kept: Kept::File, count: 0, complete: false, digest: None };
    Ok((gathered.unwrap_or(nothing), check))
}

struct Walk<'a, 'f> {
    folder: Folder<'f>,
    into: Target<'a>,
    findings: &'a mut Collector,
    names: &'a mut Names,
    orders: &'a mut Orders,
    /// Whether the records are held and sorted; else they must come in the order of the orders.
    keep: bool,
}

impl Walk<'_, '_> {
    /// `None` when the records do not come in the order of the orders.
    fn run<B: Belonging>(&mut self, check: &mut impl Check<B>) -> Result<Option<Gathered<B>>, ReadFault> {
        let mut gathered = Gathered { kept: Kept::File, count: 0, complete: true, digest: None };
        let mut records = match Records::open(self.folder, B::table(), self.findings)? {
            Opened::Missing => return Ok(Some(gathered)),
            Opened::Unusable => {
                gathered.complete = false;
                return Ok(Some(gathered));
            }
            Opened::Ready(records) => records,
        };
        let mut held = Vec::new();
        let mut group = Group::default();
        let mut skipped = false;
        while records.advance(self.findings, &mut skipped)? && !self.findings.is_full() {
            gathered.count += 1;
            let Some(owned) = self.owned::<B>(&records)? else {
                skipped = true;
                continue;
            };
            if self.keep {
                held.push(owned);
            } else if owned.order < group.order {
                return Ok(None);
            } else {
                group.look(&owned, self.orders, self.findings);
                check.look(&owned, self.orders, self.findings);
            }
        }
        gathered.complete = !skipped && !self.findings.is_full();
        gathered.digest = Some(records.digest());
        if self.keep {
            held.sort_unstable_by_key(|owned| (owned.order, owned.offset));
            for owned in &held {
                group.look(owned, self.orders, self.findings);
                check.look(owned, self.orders, self.findings);
            }
            gathered.kept = Kept::Held(held);
        }
        Ok(Some(gathered))
    }

    /// The record that was gone to; `None` when something about it is wrong.
    fn owned<B: Belonging>(&mut self, records: &Records<'_>) -> Result<Option<Owned<B>>, ReadFault> {
        let mut row = records.row(self.findings);
        let id = row.bytes(ORDER);
        if id.is_empty() {
            row.fault(ORDER, "is empty; write the id of an order");
            return Ok(None);
        }
        let order = self.orders.place(id);
        if order.is_none() && self.orders.is_complete() {
            let id = std::str::from_utf8(id).unwrap_or_default();
            match self.into.base.find(Kind::Order, id)? {
                Some(_) => row.exists(ORDER, "order", "; orders are never changed by an import"),
                None => row.names_nothing(ORDER, "order"),
            }
        }
        let zone = order.map(|order| self.orders.zone(order, &self.names.stores)).unwrap_or_default();
        let record = B::parse(&mut row, self.names, &zone, Some(self.into))?;
        let offset = row.offset();
        Ok(order.zip(record).map(|(order, record)| Owned { order, offset, record }))
    }
}

/// The numbers met in one order.
#[derive(Default)]
struct Group {
    order: u32,
    numbers: Vec<u32>,
    /// The same, once they do not ascend.
    met: HashSet<u32>,
}

impl Group {
    fn look<B: Belonging>(&mut self, owned: &Owned<B>, orders: &Orders, findings: &mut Collector) {
        if owned.order != self.order {
            self.order = owned.order;
            self.numbers.clear();
            self.met.clear();
        }
        let no = owned.record.no();
        let ascends = self.met.is_empty() && self.numbers.last().is_none_or(|last| *last < no);
        if !ascends && self.met.is_empty() {
            self.met.extend(&self.numbers);
        }
        if !ascends && !self.met.insert(no) {
            let what = format!("number {no} of order {} is there twice", quoted(orders.id(owned.order)));
            findings.add(B::table(), owned.offset, B::table().column(NO), what);
        }
        self.numbers.push(no);
    }
}

/// Gives out records for the second time, order by order.
pub enum Again<'a, B> {
    /// From the file; `true` when a record was gone to and not yet given out.
    File(Option<(Box<Records<'a>>, bool)>),
    /// From memory.
    Held(std::iter::Peekable<std::vec::IntoIter<Owned<B>>>),
}

impl<'a, B: Belonging> Again<'a, B> {
    /// Opens the file again, if it is needed.
    pub fn new(kept: Kept<B>, folder: Folder<'a>, findings: &mut Collector) -> Result<Again<'a, B>, ReadFault> {
        Ok(match kept {
            Kept::Held(held) => Again::Held(held.into_iter().peekable()),
            Kept::File => match Records::open(folder, B::table(), findings)? {
                Opened::Ready(mut records) => {
                    let more = records.advance(findings, &mut false)?;
                    Again::File(Some((records, more)))
                }
                Opened::Missing | Opened::Unusable => Again::File(None),
            },
        })
    }

    /// The next record of the order at `place` with that id.
    pub fn next_of(
        &mut self,
        place: u32,
        id: &[u8],
        names: &mut Names,
        zone: &Zone,
        findings: &mut Collector,
    ) -> Result<Option<B>, ReadFault> {
        match self {
            Again::Held(held) => Ok(held.next_if(|owned| owned.order == place).map(|owned| owned.record)),
            Again::File(Some(file)) => {
                let (records, waiting) = file;
                if !*waiting {
                    return Ok(None);
                }
                let mut row = records.row(findings);
                if row.bytes(ORDER) != id {
                    return Ok(None);
                }
                let record = B::parse(&mut row, names, zone, None)?;
                *waiting = records.advance(findings, &mut false)?;
                Ok(record)
            }
            Again::File(None) => Ok(None),
        }
    }

    /// The digest of the file as it is now, once it was read to its end; `None` where it was not read again.
    pub fn digest(&self) -> Option<Option<Digest>> {
        match self {
            Again::File(Some(file)) => Some(Some(file.0.digest())),
            Again::File(None) => Some(None),
            Again::Held(_) => None,
        }
    }
}
