//! Why a command was refused: typed, in plain words, and nothing has changed.

use crate::unit::{Amount, Quantity, Text};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A rule that said no. `Display` is written for the person at the counter: what happened, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their types say")]
pub enum Refusal {
    /// The file holds a shop already.
    AlreadyFounded,
    /// There is no shop in the file yet.
    NotFounded,
    /// The person's roles do not allow it.
    NotAllowed { what: Text },
    /// No such thing on record.
    Unknown { what: Text, id: Text },
    /// An id or barcode another record has.
    Taken { what: Text, id: Text, by: Text },
    /// A field is missing or wrong.
    BadField { field: Text, why: Text },
    /// A sum left the range money can hold.
    TooLarge,
    /// Nothing in the basket.
    EmptyBasket,
    /// A quantity of zero or less where more is needed.
    NotPositive { what: Text },
    /// A line of that number is not there.
    NoSuchLine { line: u32 },
    /// The product has no price on record.
    NoPrice { product: Text },
    /// The list price is another one than was rung.
    PriceChanged { product: Text, rung: Amount, now: Amount },
    /// The product is taxed at another rate than it was rung at; the rate in words.
    TaxChanged { product: Text, now: Text },
    /// A discount or price beyond what the person may give.
    DiscountTooLarge { limit_percent: u8 },
    /// A discount of more than the line or basket is worth.
    DiscountOverValue,
    /// Tenders do not cover what is due.
    NotCovered { missing: Amount },
    /// More than is due by a method that gives no change.
    OverPaid { method: Text, over: Amount },
    /// Less than the smallest coin, or no whole number of it.
    NoSuchMoney { currency: Text, smallest: Amount },
    /// A label with an embedded price that says none.
    NoPriceOnLabel { product: Text },
    /// So much cash that it was probably a scan.
    ProbablyAScan { amount: Amount },
    /// Store credit without a customer, or more than there is.
    NotEnoughCredit { has: Amount },
    /// The order is not in a status that allows it.
    WrongStatus { status: Text, what: Text },
    /// More than is left to return.
    NothingLeft { line: u32, left: Quantity },
    /// The order's goods have come back in part; it cannot be cancelled.
    HasReturns,
    /// A customer with open store credit or orders under way cannot be erased.
    StillOpen { what: Text },
    /// A shift is open already, or none is.
    Shift { open: bool },
    /// The basket on hold is gone; somebody took it.
    BasketGone,
    /// Somebody was to approve their own act, or may not approve it.
    CannotApprove { who: Text },
    /// The record is another than the one that was seen when the change was begun.
    ChangedMeanwhile { what: Text },
    /// The command's id is older than the shop remembers.
    TooOld,
    /// The disk is too full to take new sales safely.
    DiskFull,
    /// The price came from a label.
    PriceOnLabel,
    /// The weight came from a label, or from its price.
    WeightOnLabel,
    /// Less than a pack, or no whole number of packs, of which a label says the weight.
    PartOfPack,
    /// The person has been disabled.
    Disabled,
    /// An approval of an approval, or a place inside a place.
    Nested,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::AlreadyFounded => write!(f, "This file holds a shop already. Choose another file."),
            Refusal::NotFounded => write!(f, "There is no shop in this file yet. Make one with: till init"),
            Refusal::NotAllowed { what } => write!(f, "You may not {what}. Ask someone who may."),
            Refusal::Unknown { what, id } => write!(f, "There is no {what} {id}."),
            Refusal::Taken { what, id, by } => write!(f, "The {what} {id} belongs to {by} already."),
            Refusal::BadField { field, why } => write!(f, "{}: {why}.", capital(field)),
            Refusal::TooLarge => write!(f, "The amount is too large to be kept exactly. Nothing was changed."),
            Refusal::EmptyBasket => write!(f, "There is nothing in the basket. Ring something first."),
            Refusal::NotPositive { what } => write!(f, "The {what} must be more than zero."),
            Refusal::NoSuchLine { line } => write!(f, "The order has no line {line}."),
            Refusal::NoPrice { product } => write!(f, "{product} has no price. Type its code, @ and a price."),
            Refusal::PriceChanged { product, rung, now } => {
                write!(f, "{product} costs {now} now, not {rung}. Ring it again.")
            }
            Refusal::TaxChanged { product, now } => write!(f, "{product} is taxed at {now} now. Ring it again."),
            Refusal::DiscountTooLarge { limit_percent } => {
                write!(f, "You may take off at most {limit_percent} %. Ask a supervisor for more.")
            }
            Refusal::DiscountOverValue => write!(f, "The discount is more than the goods are worth."),
            Refusal::NotCovered { missing } => write!(f, "{missing} is still to be paid."),
            Refusal::OverPaid { method, over } => {
                write!(f, "{over} too much by {method}. Only cash gives change.")
            }
            Refusal::NoSuchMoney { currency, smallest } => {
                write!(f, "The smallest amount of {currency} is {smallest}.")
            }
            Refusal::NoPriceOnLabel { product } => {
                write!(f, "The label of {product} says no price. Weigh it again, or ring it by its code.")
            }
            Refusal::ProbablyAScan { amount } => {
                write!(f, "{amount} looks like a scan, not like cash. Nothing was taken.")
            }
            Refusal::NotEnoughCredit { has } => {
                write!(f, "There is {has} of store credit. Take the rest another way.")
            }
            Refusal::WrongStatus { status, what } if status == what => write!(f, "The order is {status} already."),
            Refusal::WrongStatus { status, what } => write!(f, "The order is {status}; it cannot be {what}."),
            Refusal::NothingLeft { line, left } if left.0 <= 0 => {
                write!(f, "All of line {line} has come back already.")
            }
            Refusal::NothingLeft { line, left } => {
                write!(f, "Of line {line} only {} can still come back.", left.plain())
            }
            Refusal::HasReturns => {
                write!(f, "Some of it has come back already. Return the rest instead of cancelling.")
            }
            Refusal::StillOpen { what } => write!(f, "There is still {what}. Settle that first."),
            Refusal::Shift { open: true } => write!(f, "A shift is open on this register already."),
            Refusal::Shift { open: false } => write!(f, "No shift is open on this register."),
            Refusal::BasketGone => write!(f, "Somebody has taken that basket up already."),
            Refusal::CannotApprove { who } => write!(f, "{who} cannot approve this. Ask another supervisor."),
            Refusal::ChangedMeanwhile { what } => {
                write!(f, "Somebody has changed {what} meanwhile. Nothing was saved; look at it again first.")
            }
            Refusal::TooOld => write!(f, "This request is more than two days old and was not carried out."),
            Refusal::DiskFull => write!(f, "The disk is nearly full. Sales are stopped until there is room."),
            Refusal::PriceOnLabel => {
                write!(
                    f,
                    "The price is the label's. To sell at another, void the line and ring the goods by their code."
                )
            }
            Refusal::WeightOnLabel => {
                write!(f, "The weight is the label's. Scan the next label, or void the line.")
            }
            Refusal::Disabled => write!(f, "You cannot work here any more. Ask an administrator."),
            Refusal::Nested => write!(f, "This was asked for in no form that a shop takes. Nothing was done."),
            Refusal::PartOfPack => write!(f, "A label with a weight is sold once, or so many whole times."),
        }
    }
}

impl std::error::Error for Refusal {}

/// As a sentence begins.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
