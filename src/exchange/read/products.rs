//! `products.csv`

use std::collections::HashMap;

use crate::domain::Product;
use crate::domain::view::{Counter, Kind};
use crate::exchange::finding::{Collector, ReadFault, quoted};
use crate::exchange::format::PRODUCTS;
use crate::unit::{Money, ProductId, Rate, Text, barcode};

use super::known::Known;
use super::row::{ID_CHARS, Row};
use super::shop::{Met, Numbers, Target, meet};
use super::source::Folder;
use super::table::{Scan, each};
use super::words::Words;

const ID: usize = 0;
const SKU: usize = 1;
const BARCODE: usize = 2;
const NAME: usize = 3;
const CATEGORY: usize = 4;
const PRICE: usize = 5;
const COST: usize = 6;
const TAX_RATE: usize = 7;
const REORDER_LEVEL: usize = 8;

/// What the lines of orders need of a product.
#[derive(Debug, Clone, Copy)]
pub struct ProductFacts {
    pub id: ProductId,
    pub price: Option<Money>,
    pub cost: Option<Money>,
    pub tax_rate: Option<Rate>,
}

impl ProductFacts {
    fn of(product: &Product) -> ProductFacts {
        ProductFacts { id: product.id, price: product.price, cost: product.cost, tax_rate: product.tax_rate }
    }
}

/// Products of the files, and those of the shop that something names.
#[derive(Default)]
pub struct Products {
    known: Known<ProductFacts>,
}

impl Products {
    /// The product a column names, where it names one. A finding where there is none.
    pub fn named(
        &mut self,
        row: &mut Row,
        column: usize,
        into: Option<Target<'_>>,
    ) -> Result<Option<ProductFacts>, ReadFault> {
        if row.is_empty(column) {
            return Ok(None);
        }
        let found = self.known.get_or(row.bytes(column), |id| {
            let Some(into) = into else { return Ok(None) };
            let Some(number) = into.base.find(Kind::Product, id)? else { return Ok(None) };
            let Ok(number) = u32::try_from(number) else { return Ok(None) };
            Ok(into.base.product(ProductId(number))?.as_ref().map(ProductFacts::of))
        })?;
        if found.is_none() && self.known.complete {
            row.names_nothing(column, "product");
        }
        Ok(found)
    }
}

/// Barcodes of the file's products and whose they are, to find those that two share.
#[derive(Default)]
struct Barcodes {
    owners: HashMap<String, ProductId>,
    /// Those that a product of the shop has, which may still give them up: the barcode, the place in the file, that product.
    disputed: Vec<(String, u64, ProductId)>,
}

impl Barcodes {
    fn claim(&mut self, into: Target<'_>, row: &mut Row, code: &str, by: ProductId) -> Result<(), ReadFault> {
        let key = barcode::gtin14(code).unwrap_or_else(|| code.to_owned());
        match self.owners.get(&key) {
            Some(owner) if *owner == by => return Ok(()),
            Some(_) => {
                row.fault(BARCODE, format!("the barcode {} belongs to another product too", quoted(code.as_bytes())));
                return Ok(());
            }
            None => {}
        }
        self.owners.insert(key, by);
        if let Some(owner) = into.base.find(Kind::Barcode, code)? {
            let owner = ProductId(u32::try_from(owner).unwrap_or_default());
            if owner != by {
                self.disputed.push((code.to_owned(), row.offset(), owner));
            }
        }
        Ok(())
    }

    /// Findings for barcodes of products that the file does not change.
    fn settle(self, changed: &[Product], findings: &mut Collector) {
        for (code, offset, owner) in self.disputed {
            if !changed.iter().any(|product| product.id == owner) {
                let what = format!("the barcode {} belongs to a product of the shop", quoted(code.as_bytes()));
                findings.add(&PRODUCTS, offset, PRODUCTS.column(BARCODE), what);
            }
        }
    }
}

/// Reads the products.
pub fn read(
    folder: Folder<'_>,
    into: Target<'_>,
    findings: &mut Collector,
    words: &mut Words,
) -> Result<(Vec<Product>, Products, Scan), ReadFault> {
    let mut numbers = Numbers::of(into, Counter::Product)?;
    let mut barcodes = Barcodes::default();
    let mut records: Vec<Product> = Vec::new();
    let mut known = Known::default();
    let scan = each(folder, &PRODUCTS, findings, |row| {
        let Some(id) = row.own_id(ID) else { return Ok(()) };
        let number: Option<u32> = match meet(into, row, ID, &id, Kind::Product, "product")? {
            Met::New => numbers.take(row, ID, "products"),
            Met::Change(number) => u32::try_from(number).ok(),
            Met::Refused => None,
        };
        let product = product(row, ProductId(number.unwrap_or_default()), id.clone(), words);
        let mut facts = ProductFacts::of(&product);
        if !row.is_clean() {
            // A price that cannot be read is found once; no line is to say again that it is missing.
            facts.price = facts.price.or(Some(Money::ZERO));
        }
        if !known.add(id.as_bytes(), facts) {
            row.taken(ID, "product");
            return Ok(());
        }
        if number.is_some() {
            for code in &product.barcodes {
                barcodes.claim(into, row, code, product.id)?;
            }
        }
        records.push(product);
        Ok(())
    })?;
    known.complete = scan.complete;
    barcodes.settle(&records, findings);
    Ok((records, Products { known }, scan))
}

fn product(row: &mut Row, number: ProductId, id: Text, words: &mut Words) -> Product {
    Product {
        id: number,
        ext: id,
        sku: row.line(SKU),
        barcodes: codes(row),
        name: row.line(NAME).unwrap_or_default(),
        category: row.word(CATEGORY, words),
        price: row.money(PRICE),
        cost: row.money(COST),
        tax_rate: row.rate(TAX_RATE),
        reorder_level: row.quantity(REORDER_LEVEL),
    }
}

/// The barcodes of a field, each once.
fn codes(row: &mut Row) -> Vec<Text> {
    let Some(field) = row.line(BARCODE) else { return Vec::new() };
    let mut codes: Vec<Text> = Vec::new();
    for code in field.split_whitespace() {
        if code.chars().count() > ID_CHARS {
            row.fault(BARCODE, format!("{} is too long for a barcode", quoted(code.as_bytes())));
        } else if !codes.iter().any(|known| known == code) {
            codes.push(Text::lossy(code));
        }
    }
    codes
}
