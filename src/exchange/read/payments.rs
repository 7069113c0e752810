//! `payments.csv`

use crate::domain::{Method, Payment};
use crate::exchange::finding::ReadFault;
use crate::exchange::format::{PAYMENTS, Table};
use crate::unit::{Money, Stamp, Text, Zone};

use super::belonging::{Belonging, NO};
use super::orders::Names;
use super::row::Row;
use super::shop::Target;

const METHOD: usize = 2;
const AMOUNT: usize = 3;
const REFERENCE: usize = 4;
const PAID_AT: usize = 5;

/// A payment with its reference, which belongs to the details of its order.
#[derive(Debug, Clone)]
pub struct Paid {
    no: u32,
    method: Method,
    amount: Money,
    paid_at: Option<Stamp>,
    pub reference: Option<Text>,
}

impl Paid {
    /// The payment, and what is said of it outside the chain.
    pub fn into_parts(self) -> (Payment, Option<(u32, Text)>) {
        let Paid { no, method, amount, paid_at, reference } = self;
        (Payment { line_no: no, method, amount, tendered: None, paid_at }, reference.map(|text| (no, text)))
    }
}

impl Belonging for Paid {
    fn table() -> &'static Table {
        &PAYMENTS
    }

    fn parse(row: &mut Row, names: &mut Names, zone: &Zone, _: Option<Target<'_>>) -> Result<Option<Paid>, ReadFault> {
        let no = row.line_no(NO);
        let no = row.needed(NO, no, "the number of the payment");
        let method = row.method(METHOD, &mut names.words);
        let method = row.needed(METHOD, method, "how it was paid");
        let amount = row.money(AMOUNT);
        let amount = row.needed(AMOUNT, amount, "how much was paid");
        let (paid_at, reference) = (row.stamp(PAID_AT, zone), row.line(REFERENCE));
        let (Some(no), Some(method), Some(amount), true) = (no, method, amount, row.is_clean()) else {
            return Ok(None);
        };
        Ok(Some(Paid { no, method, amount, paid_at, reference }))
    }

    fn no(&self) -> u32 {
        self.no
    }
}
