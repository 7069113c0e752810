//! `stores.csv`

use crate::domain::Store;
use crate::domain::view::{Counter, Kind};
use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::STORES;
use crate::unit::{StoreId, Zone};

use super::known::Known;
use super::row::Row;
use super::shop::{Met, Numbers, Target, meet};
use super::source::Folder;
use super::table::{Scan, each};

const ID: usize = 0;
const NAME: usize = 1;
const LOCATION: usize = 2;
const TIMEZONE: usize = 3;

/// What the other files need of a store.
#[derive(Debug, Clone, Copy)]
pub struct StoreFacts {
    pub id: StoreId,
    /// The one its times are in: its own or the shop's.
    pub zone: Zone,
}

/// Stores of the files and of the shop.
#[derive(Default)]
pub struct Stores {
    known: Known<StoreFacts>,
    /// By the store's number.
    zones: Vec<Zone>,
}

impl Stores {
    /// The store a column names; an empty one is the only store there is. A finding where there is none.
    pub fn named(&self, row: &mut Row, column: usize) -> Option<StoreFacts> {
        if !row.is_empty(column) {
            let found = self.known.get(row.bytes(column));
            if found.is_none() && self.known.complete {
                row.names_nothing(column, "store");
            }
            return found;
        }
        match self.known.values() {
            [only] => Some(*only),
            _ if !self.known.complete => None,
            [] => {
                row.fault(column, "there is no store; import stores.csv too");
                None
            }
            several => {
                row.fault(column, format!("is empty; write which of the {} stores it was", several.len()));
                None
            }
        }
    }

    /// The store, where there is one only.
    pub fn only(&self) -> Option<StoreFacts> {
        match self.known.values() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The zone of a store.
    pub fn zone(&self, id: StoreId) -> Option<Zone> {
        self.zones.get(usize::from(id.0)).copied()
    }

    fn of(known: Known<StoreFacts>) -> Stores {
        let mut zones = Vec::new();
        for store in known.values() {
            let at = usize::from(store.id.0);
            if zones.len() <= at {
                zones.resize(at + 1, Zone::utc());
            }
            zones[at] = store.zone;
        }
        Stores { known, zones }
    }
}

/// Reads the stores, and adds those that the shop has.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
) -> Result<(Vec<Store>, Stores, Scan), ReadFault> {
    let shop_zone = into.base.zone();
    let mut numbers = Numbers::of(into, Counter::Store)?;
    // The store a shop was made with gives its place, and the registers in it, to the first that is imported.
    let mut vacant = into.base.unused_store();
    let unused = vacant;
    let mut records = Vec::new();
    let mut known = Known::default();
    let scan = each(folder, &STORES, findings, |row| {
        let Some(id) = row.own_id(ID) else { return Ok(()) };
        let name = row.line(NAME).unwrap_or_default();
        let location = row.line(LOCATION);
        let zone = zone(row);
        let met = match unused {
            Some(_) => Met::New,
            None => meet(into, row, ID, &id, Kind::Store, "store")?,
        };
        let number: Option<u16> = match met {
            Met::New => match vacant.take() {
                Some(place) => Some(place.0),
                None => numbers.take(row, ID, "stores"),
            },
            Met::Change(number) => u16::try_from(number).ok(),
            Met::Refused => Some(0),
        };
        let store_id = StoreId(number.unwrap_or_default());
        if !known.add(id.as_bytes(), StoreFacts { id: store_id, zone: zone.unwrap_or(shop_zone) }) {
            row.taken(ID, "store");
        }
        records.push(Store { id: store_id, ext: id, name, location, zone });
        Ok(())
    })?;
    known.complete = scan.complete;
    for store in into.base.stores() {
        if records.is_empty() || Some(store.id) != unused {
            known.add(store.ext.as_bytes(), StoreFacts { id: store.id, zone: store.zone.unwrap_or(shop_zone) });
        }
    }
    Ok((records, Stores::of(known), scan))
}

fn zone(row: &mut Row) -> Option<Zone> {
    let bytes = row.bytes(TIMEZONE);
    if bytes.is_empty() {
        return None;
    }
    let zone = std::str::from_utf8(bytes).ok().and_then(Zone::by_name);
    if zone.is_none() {
        row.names_nothing(TIMEZONE, "time zone");
    }
    zone
}
