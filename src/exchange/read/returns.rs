//! `returns.csv`

use crate::domain::returns::most_paid;
use crate::domain::view::{Counter, Kind};
use crate::domain::{Method, Order, Payout, Return};
use crate::exchange::finding::{Collector, ReadFault, quoted};
use crate::exchange::format::RETURNS;
use crate::unit::{Digest, Money, OrderNo, ReturnNo, Text, Zone};

use super::ids::{Added, Ids};
use super::lines::{Origin, Wanted};
use super::number::canonical;
use super::orders::{Names, Orders};
use super::row::Row;
use super::shop::{Numbers, Target, room_for};
use super::source::Folder;
use super::table::each;

const ID: usize = 0;
const ORDER: usize = 1;
const LINE: usize = 2;
const QUANTITY: usize = 3;
const REASON: usize = 4;
const RETURNED_AT: usize = 5;
const REFUND: usize = 6;
const STORE: usize = 7;
const PRODUCT: usize = 8;
const RESTOCK: usize = 9;
const METHOD: usize = 10;
const SPLIT: usize = 11;
const ROUNDING: usize = 12;

/// The order a record is about.
pub enum About {
    /// None.
    Nothing,
    /// One of the files, at that place.
    File(u32),
    /// One that the shop has.
    Shop(Box<Order>),
}

impl About {
    /// The order that a column names. A finding, and nothing, where there is none.
    pub fn named(row: &mut Row, column: usize, into: Target<'_>, orders: &mut Orders) -> Result<About, ReadFault> {
        let id = row.bytes(column);
        if id.is_empty() {
            return Ok(About::Nothing);
        }
        if let Some(place) = orders.place(id) {
            return Ok(About::File(place));
        }
        let number = into.base.find(Kind::Order, &String::from_utf8_lossy(id))?;
        let order = match number {
            Some(number) => into.base.order(OrderNo(number))?,
            None => None,
        };
        if order.is_none() && orders.is_complete() {
            row.names_nothing(column, "order");
        }
        Ok(order.map_or(About::Nothing, |order| About::Shop(Box::new(order))))
    }

    pub fn number(&self, orders: &Orders) -> Option<OrderNo> {
        match self {
            About::Nothing => None,
            About::File(place) => Some(orders.number(*place)),
            About::Shop(order) => Some(order.no),
        }
    }

    /// The zone of the order's store.
    pub fn zone(&self, orders: &Orders, names: &Names) -> Option<Zone> {
        match self {
            About::Nothing => None,
            About::File(place) => Some(orders.zone(*place, &names.stores)),
            About::Shop(order) => names.stores.zone(order.store),
        }
    }
}

/// A return of which the line is not yet known.
struct Waiting {
    at: usize,
    offset: u64,
    place: u32,
    line: u32,
}

/// Returns while the lines they came from are still to be read.
pub struct Returns {
    records: Vec<Return>,
    waiting: Vec<Waiting>,
    pub wanted: Wanted,
    /// Of the file.
    pub digest: Option<Digest>,
}

/// Reads the returns; the lines of orders come later.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    names: &mut Names,
    orders: &mut Orders,
) -> Result<Returns, ReadFault> {
    let mut numbers = Numbers::of(into, Counter::Return)?;
    let first = into.base.next(Counter::Return)?;
    let mut ids = Ids::default();
    let mut largest = 0;
    let mut returns = Returns { records: Vec::new(), waiting: Vec::new(), wanted: Wanted::default(), digest: None };
    let scan = each(folder, &RETURNS, findings, |row| {
        let Some(id) = row.own_id(ID) else { return Ok(()) };
        if !matches!(ids.add(id.as_bytes()), Added::New(_)) {
            row.taken(ID, "return");
        } else if first > 1 && into.base.find(Kind::Return, &id)?.is_some() {
            row.exists(ID, "return", "; returns are never changed by an import");
        }
        largest = largest.max(canonical(id.as_bytes()).unwrap_or(0));
        let about = About::named(row, ORDER, into, orders)?;
        let Some(mut back) = parse(row, id, names, into, orders, &about)? else { return Ok(()) };
        back.no = ReturnNo(numbers.take(row, ID, "returns").unwrap_or_default());
        match (&about, back.line_no) {
            (About::File(place), Some(line)) => {
                returns.wanted.ask(*place, line);
                let at = returns.records.len();
                returns.waiting.push(Waiting { at, offset: row.offset(), place: *place, line });
            }
            (About::Shop(order), Some(line)) => match origin(order, line) {
                Some(origin) => came_from(&mut back, origin, |column, what| row.fault(column, what)),
                None => row.names_nothing(LINE, "such line in that order: number"),
            },
            (About::Nothing, Some(_)) if row.is_empty(ORDER) => {
                row.fault(ORDER, "is empty, but a line is given; write the order it belongs to");
            }
            _ => {}
        }
        returns.records.push(back);
        Ok(())
    })?;
    returns.digest = scan.digest;
    let room = room_for(first, returns.records.len(), largest);
    for back in &mut returns.records {
        back.no.0 += room;
        if let Some(payout) = &mut back.payout {
            payout.no = back.no;
        }
    }
    Ok(returns)
}

fn parse(
    row: &mut Row,
    id: Text,
    names: &mut Names,
    into: Target<'_>,
    orders: &Orders,
    about: &About,
) -> Result<Option<Return>, ReadFault> {
    let own_store = if row.is_empty(STORE) { None } else { names.stores.named(row, STORE) };
    let store = match about {
        About::Nothing => own_store.or(names.stores.only()),
        About::File(_) | About::Shop(_) => own_store,
    };
    // Where it came back, or else where it was sold.
    let zone = store.map(|store| store.zone).or_else(|| about.zone(orders, names));
    let at = row.stamp_at(RETURNED_AT, zone.as_ref(), &into.base.zone());
    let product = names.products.named(row, PRODUCT, Some(into))?;
    let refund = row.money(REFUND).unwrap_or_default();
    let method = row.method(METHOD, &mut names.words);
    let parts = parts(row, refund, method.as_ref());
    let rounding = row.money(ROUNDING).unwrap_or_default();
    let most = into.base.largest_rounding();
    if rounding.abs() > most {
        row.fault(
            ROUNDING,
            format!(
                "{} is more than coins can make; at most {} either way",
                quoted(row.bytes(ROUNDING)),
                most.plain(0)
            ),
        );
    }
    let Some(quantity) = row.positive_quantity(QUANTITY) else { return Ok(None) };
    Ok(Some(Return {
        no: ReturnNo(0),
        ext: Some(id),
        order: about.number(orders),
        line_no: row.line_no(LINE),
        product: product.map(|product| product.id),
        store: store.map(|store| store.id),
        quantity,
        reason: row.word(REASON, &mut names.words),
        at,
        refund,
        net: refund,
        restock: row.flag(RESTOCK).unwrap_or(false),
        method: method.or(parts.as_deref().and_then(most_paid).cloned()),
        by: None,
        moves_stock: false,
        payout: Payout::worth_keeping(ReturnNo(0), parts.unwrap_or_default(), rounding),
    }))
}

/// What each of several methods paid of the refund: all of it together, and most of it by the method that is named.
fn parts(row: &mut Row, refund: Money, method: Option<&Method>) -> Option<Vec<(Method, Money)>> {
    let parts = row.split(SPLIT)?;
    if parts.iter().any(|(_, amount)| amount.is_negative()) {
        row.fault(SPLIT, "no method pays back less than nothing");
    }
    if Money::total(parts.iter().map(|(_, amount)| *amount)) != Some(refund) {
        row.fault(SPLIT, "its amounts are not together the refund");
    }
    if method.is_some() && method != most_paid(&parts) {
        row.fault(METHOD, "is not the method that paid most of the split");
    }
    Some(parts)
}

/// What a line of an order in the shop says of its returns.
fn origin(order: &Order, line: u32) -> Option<Origin> {
    let line = order.line(line)?;
    let value = line.value()?;
    let net = if order.tax_included { value.checked_sub(line.tax)? } else { value };
    Some(Origin { product: line.product, net, tax: line.tax })
}

/// Completes a return from the line it came from.
fn came_from(back: &mut Return, origin: Origin, mut fault: impl FnMut(usize, &'static str)) {
    if back.product.is_some_and(|product| product != origin.product) {
        fault(PRODUCT, "is not what that line of the order sold");
    }
    back.product = Some(origin.product);
    match net_of(back.refund, origin) {
        Some(net) => back.net = net,
        None => fault(REFUND, "the refund is too large to be counted"),
    }
}

/// The part of a refund that is not tax; the whole where the line came to nothing.
fn net_of(refund: Money, origin: Origin) -> Option<Money> {
    let whole = i128::from(origin.net.0) + i128::from(origin.tax.0);
    if whole == 0 { Some(refund) } else { refund.share(i128::from(origin.net.0), whole) }
}

impl Returns {
    /// Completes the returns with the lines that were found. `complete`: whether every line has been read.
    pub fn settle(mut self, found: &Wanted, complete: bool, findings: &mut Collector) -> Vec<Return> {
        for Waiting { at, offset, place, line } in self.waiting {
            let Some(back) = self.records.get_mut(at) else { continue };
            let mut fault = |column: usize, what: &str| findings.add(&RETURNS, offset, RETURNS.column(column), what);
            match found.get(place, line) {
                Some(origin) => came_from(back, origin, fault),
                None if complete => {
                    fault(
                        LINE,
                        &format!("there is no such line in that order: number {}", quoted(line.to_string().as_bytes())),
                    );
                }
                None => {}
            }
        }
        self.records
    }
}
