//! Facts that happened. Changes are the only thing that ever alters anything.
//!
//! A change is what the journal keeps for ever, so it holds no text about a person: those stand in a [`Slot`], which is
//! closed to a digest before the change is written, while the words go to the `details` table with a salt.

use super::{
    Credentials, Customer, CustomerDetails, Feedback, Note, Order, OrderDetails, Payment, Payout, Product, Register,
    Return, SavedView, Settings, Shift, Staff, Status, StockMove, Store,
};
use crate::unit::{
    BasketId, CustomerId, Digest, FeedbackNo, Money, OrderNo, ProductId, RegisterId, ShiftNo, StaffId, Stamp, StoreId,
    Text,
};
use serde::{Deserialize, Serialize};

use super::basket::Basket;

/// Words about a person: open on the way in, a digest in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot<T> {
    /// The words themselves.
    Open(T),
    /// The digest of salt and words, which stand among the details under (subject, version).
    Closed(Digest),
}

/// The words of one subject, as the `details` table keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Details {
    /// Of a customer.
    Customer(CustomerDetails),
    /// Of an order: note and payment references.
    Order(OrderDetails),
    /// The words of a piece of feedback.
    Feedback(Text),
    /// The note of a basket on hold.
    Basket(Text),
}

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Subject {
    /// A customer's.
    Customer(CustomerId),
    /// An order's.
    Order(OrderNo),
    /// A piece of feedback's.
    Feedback(FeedbackNo),
    /// Those of a basket on hold.
    Basket(BasketId),
}

/// How many records an import brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ImportCounts {
    /// Stores new and changed.
    pub stores: u64,
    /// Products new and changed.
    pub products: u64,
    /// Stock levels set.
    pub inventory: u64,
    /// Customers new and changed.
    pub customers: u64,
    /// Orders, all new.
    pub orders: u64,
    /// Their lines.
    pub lines: u64,
    /// Payments.
    pub payments: u64,
    /// Returns, all new.
    pub returns: u64,
    /// Feedback, all new.
    pub feedback: u64,
}

/// A fact that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "most changes are orders; boxing would cost every sale an allocation")]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their types say")]
pub enum Change {
    /// The settings are these now; the first one founds the shop.
    SettingsSaved(Settings),
    /// A store is this now.
    StoreSaved(Store),
    /// An unused store gave way to imported ones.
    StoreRemoved(StoreId),
    /// A register is this now.
    RegisterSaved(Register),
    /// A person who works here is this now.
    StaffSaved(Staff),
    /// A product is this now.
    ProductSaved(Product),
    /// A customer is this now; `details` is the version named in the record.
    CustomerSaved { customer: Customer, details: Slot<CustomerDetails> },
    /// A person's details were erased, all versions with their salts.
    /// A `WordsErased` beside it says what else went.
    CustomerErased { customer: CustomerId },
    /// What the shop owes a customer changed by `amount`.
    CreditMoved { customer: CustomerId, amount: Money, order: Option<OrderNo> },
    /// An order was placed; stock moved if the order says so.
    OrderPlaced { order: Order, details: Option<Slot<OrderDetails>> },
    /// Payments were added to an order; `details_version` counts up when references came with them.
    OrderPaid { order: OrderNo, payments: Vec<Payment>, details_version: u32, details: Option<Slot<OrderDetails>> },
    /// An order came to a status; stock came back if it was cancelled and had moved.
    OrderStepped { order: OrderNo, status: Status, at: Stamp, by: StaffId },
    /// A receipt number was given to an order that had none (a pending one, when paid).
    ReceiptGiven { order: OrderNo, register: RegisterId, number: u64 },
    /// Goods came back; the order's line remembers how much.
    GoodsReturned(Return),
    /// Stock moved by itself.
    StockMoved(StockMove),
    /// A shift was opened.
    ShiftOpened(Shift),
    /// A shift was closed.
    ShiftClosed { shift: ShiftNo, at: Stamp, by: StaffId },
    /// Feedback came in.
    FeedbackGiven { feedback: Feedback, details: Option<Slot<Text>> },
    /// Feedback was dealt with.
    FeedbackResolved { feedback: FeedbackNo, at: Stamp, by: StaffId },
    /// A basket was put aside for any register of its store. Its note is a `BasketNoted` beside it; up to schema 2 it stood in
    /// the basket.
    BasketHeld { id: BasketId, basket: Basket, by: StaffId, at: Stamp },
    /// A basket on hold was taken up again, its note with it: whoever has it in hand has the words, and here they are gone.
    BasketRecalled { id: BasketId, by: StaffId },
    /// A line or a whole basket was voided before payment; kept for the count of voids.
    LineVoided { register: RegisterId, by: StaffId, product: ProductId, value: Money, at: Stamp },
    /// The last entry of an import: what it brought and the digest of its files' rows.
    Imported { counts: ImportCounts, digest: Digest },
    /// A person proves themselves with these now.
    CredentialsSaved(Credentials),
    /// Something worth keeping that is no fact of trade.
    Noted(Note),
    /// A question is kept under a name.
    ViewSaved(SavedView),
    /// The question of that name is not kept any more.
    ViewForgotten(Text),
    /// Coins made a refund another sum than the goods' share of what was paid for the order: with `by`, signed, it is that
    /// share. Nothing follows from it; like the `cash-rounding` of a sale it is kept so that the books add up.
    RefundRounded { order: OrderNo, by: Money },
    /// The refund of a return of this entry was paid out by several methods, or rounded to coins.
    RefundPaid(Payout),
    /// With `CustomerErased`: the words that belong to what the person ordered (notes, payment references) and to what they
    /// said were erased, all versions with their salts. Orders and feedback themselves stay: they are figures.
    WordsErased { customer: CustomerId, orders: Vec<OrderNo>, feedback: Vec<FeedbackNo> },
    /// With `BasketHeld`: what was noted of the basket.
    BasketNoted { id: BasketId, note: Slot<Text> },
    /// With `CustomerErased`: the notes of the baskets on hold in the person's name were erased with their salts.
    BasketNotesErased { customer: CustomerId, baskets: Vec<BasketId> },
}

impl Change {
    /// The facts of a return: that it came back and, where that is more than one method's whole refund, how it was paid out.
    pub fn of_return(mut back: Return) -> impl Iterator<Item = Change> {
        let payout = back.payout.take().map(Change::RefundPaid);
        std::iter::once(Change::GoodsReturned(back)).chain(payout)
    }
}
