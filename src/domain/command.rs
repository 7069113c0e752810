//! Requests: what someone asks the shop to do, and what came of it.

use super::basket::Basket;
use super::{
    Credentials, CustomerDetails, Method, Note, Product, Refusal, Register, SavedView, Settings, Staff, Status, Store,
    Tender,
};
use crate::unit::{
    BasketId, CommandId, CustomerId, FeedbackNo, Money, OrderNo, ProductId, Quantity, RegisterId, ReturnNo, ShiftNo,
    StaffId, StoreId, Text,
};
use serde::{Deserialize, Serialize};

/// Who asks, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person signed in.
    pub staff: StaffId,
    /// The register they stand at.
    pub register: RegisterId,
}

/// A command with its identity: the same id twice gives the same result once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Made where the command was asked for.
    pub id: CommandId,
    /// Who asks.
    pub actor: Actor,
    /// What for.
    pub command: Command,
}

/// A line to take back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// The order's line.
    pub line_no: u32,
    /// How much of it.
    pub quantity: Quantity,
    /// Whether it goes back on the shelf.
    pub restock: bool,
}

/// What can be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::large_enum_variant, reason = "one lives at a time, on its way to the writer")]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their types say")]
pub enum Command {
    /// Make the shop: once, on an empty file, by nobody in particular.
    Found { settings: Settings, store: Store, register: Register, staff: Staff },
    /// Replace the settings.
    ChangeSettings(Settings),
    /// Add (`id` 0) or change a store.
    SaveStore(Store),
    /// Add (`id` 0) or change a register.
    SaveRegister(Register),
    /// Add (`id` 0) or change a person.
    SaveStaff(Staff),
    /// Add (`id` 0) or change a product; an empty `ext` gets the number as id.
    SaveProduct(Product),
    /// Change a product as it was seen: refused where somebody has changed it since, so that no change is lost unseen.
    ChangeProduct { seen: Box<Product>, product: Product },
    /// Add (`None`) or change a customer.
    SaveCustomer { customer: Option<CustomerId>, ext: Option<Text>, details: CustomerDetails },
    /// Change a customer as seen at that version: refused where somebody has changed it since.
    ChangeCustomer { customer: CustomerId, version: u32, ext: Option<Text>, details: CustomerDetails },
    /// Forget a person for good.
    EraseCustomer(CustomerId),
    /// Sell a basket. With tenders that cover it the order is paid and gets its receipt; with none it is pending.
    PlaceOrder { basket: Basket, tenders: Vec<Tender>, channel: Option<Text> },
    /// Pay for a pending order.
    PayOrder { order: OrderNo, tenders: Vec<Tender> },
    /// Move an order on to `to`, the status after its own.
    AdvanceOrder { order: OrderNo, to: Status },
    /// Cancel an order; what was paid is paid back by the same methods.
    CancelOrder { order: OrderNo },
    /// Take goods back. `method` `None`: as paid.
    ReturnLines { order: OrderNo, lines: Vec<ReturnLine>, reason: Text, method: Option<Method> },
    /// Take goods back without a receipt.
    ReturnWithoutReceipt {
        product: ProductId,
        quantity: Quantity,
        refund: Money,
        reason: Text,
        method: Method,
        restock: bool,
    },
    /// Goods came in.
    ReceiveStock {
        store: StoreId,
        product: ProductId,
        quantity: Quantity,
        unit_cost: Option<Money>,
        reason: Option<Text>,
    },
    /// Correct the stock by a signed quantity.
    AdjustStock { store: StoreId, product: ProductId, quantity: Quantity, reason: Text },
    /// So many were counted.
    CountStock { store: StoreId, product: ProductId, counted: Quantity },
    /// Put a basket aside.
    HoldBasket { basket: Basket },
    /// Take a basket up again.
    RecallBasket { id: BasketId },
    /// Record lines that were voided before payment: product and value of each.
    RecordVoids { lines: Vec<(ProductId, Money)> },
    /// Open a shift on the actor's register.
    OpenShift { float: Money },
    /// Close the shift on the actor's register.
    CloseShift,
    /// Take feedback.
    AddFeedback {
        customer: Option<CustomerId>,
        order: Option<OrderNo>,
        rating: Option<u8>,
        category: Option<Text>,
        text: Option<Text>,
    },
    /// Feedback has been dealt with.
    ResolveFeedback(FeedbackNo),
    /// Replace what a person proves themselves with; one's own needs no right.
    SaveCredentials(Credentials),
    /// Keep a question under a name, in the place of one that has it.
    SaveView(SavedView),
    /// Forget the question of that name.
    ForgetView(Text),
    /// Keep that something happened.
    Note(Note),
    /// Carry out `command`, an act of the counter, with the rights of `by` too, who has been asked and has said yes. They cannot
    /// be the actor, who must be one who sells.
    Approved { by: StaffId, command: Box<Command> },
    /// Carry out `command`, which was asked for away from any console: from where, and whether by the actor's own hand.
    From { from: Text, by_actor: bool, command: Box<Command> },
}

/// What came of an accepted command; remembered under its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the variants are documented; their fields are what their types say")]
pub enum Outcome {
    /// It is so.
    Done,
    /// A sale or an order: its number, its receipt if it has one, what was due and what goes back in cash.
    Ordered { order: OrderNo, receipt: Option<Text>, total: Money, change: Money },
    /// A store's number.
    Store(StoreId),
    /// A register's number.
    Register(RegisterId),
    /// A person's number.
    Staff(StaffId),
    /// A product's number.
    Product(ProductId),
    /// A customer's number.
    Customer(CustomerId),
    /// Goods taken back: the returns and what is paid back by which method.
    Returned { returns: Vec<ReturnNo>, refunds: Vec<(Method, Money)> },
    /// What there is now.
    Stock(Quantity),
    /// A basket's number on hold.
    Held(BasketId),
    /// The basket taken up again.
    Recalled(Basket),
    /// A shift's number.
    Shift(ShiftNo),
    /// A piece of feedback's number.
    Feedback(FeedbackNo),
}

impl Outcome {
    /// Takes out what may speak of a person and is for whoever asked alone: the journal and the memory of command ids keep the
    /// rest.
    pub fn take_words(&mut self) -> Option<Text> {
        match self {
            Outcome::Recalled(basket) => basket.note.take(),
            _ => None,
        }
    }

    /// With what [`Outcome::take_words`] took out of it.
    pub fn with_words(mut self, words: Option<Text>) -> Outcome {
        if let Outcome::Recalled(basket) = &mut self {
            basket.note = words;
        }
        self
    }
}

/// The answer to a request.
pub type Verdict = Result<Outcome, Refusal>;
