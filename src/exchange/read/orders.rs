//! `orders.csv`

use crate::domain::view::{Counter, Kind};
use crate::domain::{Order, OrderDetails, Status};
use crate::exchange::finding::{Collector, ReadFault};
use crate::exchange::format::ORDERS;
use crate::unit::{Digest, OrderNo, StoreId, Zone};

use super::customers::Customers;
use super::ids::{Added, Ids};
use super::number::canonical;
use super::people::{People, Registers};
use super::products::Products;
use super::row::Row;
use super::shop::{Target, room_for};
use super::source::Folder;
use super::stores::Stores;
use super::table::each;
use super::words::Words;

pub const ID: usize = 0;
const STORE: usize = 1;
const CUSTOMER: usize = 2;
const ORDERED_AT: usize = 3;
const STATUS: usize = 4;
const PAYMENT_METHOD: usize = 5;
const RECEIPT: usize = 6;
const REGISTER: usize = 7;
const CASHIER: usize = 8;
const CHANNEL: usize = 9;
const TAX_INCLUDED: usize = 10;
const NOTE: usize = 11;

/// The words a status may be.
const STATUSES: &str = "pending, paid, shipped, delivered, cancelled";

/// Everything that orders and what belongs to them may name.
pub struct Names {
    pub stores: Stores,
    pub products: Products,
    pub customers: Customers,
    pub registers: Registers,
    pub people: People,
    /// Methods, channels, reasons and categories.
    pub words: Words,
}

/// An order without its lines and payments; `None` when it has no id.
pub fn parse(
    row: &mut Row,
    names: &mut Names,
    into: Option<Target<'_>>,
) -> Result<Option<(Order, OrderDetails)>, ReadFault> {
    let Some(id) = row.own_id(ID) else { return Ok(None) };
    let store = names.stores.named(row, STORE);
    let zone = store.map(|store| store.zone).unwrap_or_default();
    let store = store.map(|store| store.id).unwrap_or_default();
    let status = row.choice(STATUS, STATUSES, Status::by_word);
    let status = row.needed(STATUS, status, STATUSES);
    let receipt = row.line(RECEIPT);
    let note = row.paragraph(NOTE);
    let order = Order {
        no: OrderNo(0),
        ext: Some(id),
        store,
        register: names.registers.named(row, REGISTER, store, receipt.as_ref()),
        cashier: names.people.named(row, CASHIER, into)?,
        customer: names.customers.named(row, CUSTOMER, into)?,
        placed: row.stamp_at(ORDERED_AT, Some(&zone), &zone),
        status: status.unwrap_or(Status::Pending),
        tax_included: row.flag(TAX_INCLUDED).unwrap_or(false),
        channel: row.word(CHANNEL, &mut names.words),
        receipt,
        lines: Vec::new(),
        payments: Vec::new(),
        declared_method: row.method(PAYMENT_METHOD, &mut names.words),
        moves_stock: false,
        steps: Vec::new(),
        details_version: 0,
    };
    Ok(Some((order, OrderDetails { note, references: Vec::new() })))
}

/// What lines, payments, returns and feedback need of the orders of the file, by their place in it.
pub struct Orders {
    ids: Ids,
    /// The number of the first.
    pub first: OrderNo,
    stores: Vec<StoreId>,
    tax_included: Vec<bool>,
    complete: bool,
    /// Of the file.
    pub digest: Option<Digest>,
    /// Where lines, payments and the like usually go on.
    at: u32,
}

impl Orders {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The place of an order; those of a file about orders mostly come in the same order, so the one last found and the one
    /// after it are looked at first.
    pub fn place(&mut self, id: &[u8]) -> Option<u32> {
        for at in [self.at, self.at.saturating_add(1)] {
            if self.ids.get(at) == Some(id) {
                self.at = at;
                return Some(at);
            }
        }
        let at = self.ids.find(id)?;
        self.at = at;
        Some(at)
    }

    /// The number of the order at a place.
    pub fn number(&self, place: u32) -> OrderNo {
        OrderNo(self.first.0.saturating_add(u64::from(place)))
    }

    /// The id of the order at a place.
    pub fn id(&self, place: u32) -> &[u8] {
        self.ids.get(place).unwrap_or_default()
    }

    /// Whether an id that is not here stands for no order of the file.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    pub fn store(&self, place: u32) -> StoreId {
        self.stores.get(place as usize).copied().unwrap_or_default()
    }

    pub fn zone(&self, place: u32, stores: &Stores) -> Zone {
        stores.zone(self.store(place)).unwrap_or_default()
    }

    pub fn is_tax_included(&self, place: u32) -> bool {
        self.tax_included.get(place as usize).copied().unwrap_or(false)
    }
}

/// Reads the orders for the first time: checks them, and keeps what the other files need of them.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    names: &mut Names,
) -> Result<Orders, ReadFault> {
    let first = into.base.next(Counter::Order)?;
    let has_orders = first > 1;
    let mut receipts = Ids::default();
    let mut largest = 0;
    let mut judged = true;
    let mut orders = Orders {
        ids: Ids::default(),
        first: OrderNo(first),
        stores: Vec::new(),
        tax_included: Vec::new(),
        complete: true,
        digest: None,
        at: 0,
    };
    let scan = each(folder, &ORDERS, findings, |row| {
        let Some((order, _)) = parse(row, names, Some(into))? else { return Ok(()) };
        let id = row.bytes(ID);
        if has_orders && into.base.find(Kind::Order, &String::from_utf8_lossy(id))?.is_some() {
            row.exists(ID, "order", "; orders are never changed by an import");
            // What belongs to it can be judged by neither order.
            judged = false;
            return Ok(());
        }
        match orders.ids.add(id) {
            Added::New(_) => {
                orders.stores.push(order.store);
                orders.tax_included.push(order.tax_included);
                largest = largest.max(canonical(id).unwrap_or(0));
            }
            Added::Known(_) => row.taken(ID, "order"),
            Added::Full => row.fault(ID, "there are too many orders for one import; split the files"),
        }
        if let Some(receipt) = &order.receipt {
            Registers::check_receipt(row, RECEIPT, receipt);
            if !matches!(receipts.add(receipt.as_bytes()), Added::New(_)) {
                row.taken(RECEIPT, "receipt");
            }
            if has_orders && into.base.find(Kind::Receipt, receipt)?.is_some() {
                row.exists(RECEIPT, "a receipt", "");
            }
        }
        Ok(())
    })?;
    if !names.registers.settle(into)? {
        findings.add(&ORDERS, 0, "register", "there are too many registers; a shop can count 65,535");
    }
    orders.first.0 += room_for(first, orders.len(), largest);
    orders.complete = scan.complete && judged;
    orders.digest = scan.digest;
    Ok(orders)
}
