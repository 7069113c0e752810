//! What deciding may look at. The floor below implements it; a fault there ends the process, a refusal changes nothing.

use super::basket::Basket;
use super::{Customer, Feedback, Order, OrderDetails, Product, Register, Return, Settings, Shift, Staff, Store};
use crate::unit::{BasketId, CustomerId, FeedbackNo, OrderNo, ProductId, Quantity, RegisterId, StaffId, StoreId};

/// A kind of record whose ids are unique texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Stores by id.
    Store,
    /// Products by id.
    Product,
    /// Products by barcode, as GTIN-14 where it is a GTIN.
    Barcode,
    /// Customers by id.
    Customer,
    /// Orders by id.
    Order,
    /// Orders by receipt number.
    Receipt,
    /// Returns by id.
    Return,
    /// Feedback by id.
    Feedback,
    /// People who work here by name.
    Staff,
}

/// The next free number of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Stores.
    Store,
    /// Registers.
    Register,
    /// People.
    Staff,
    /// Products.
    Product,
    /// Customers.
    Customer,
    /// Orders.
    Order,
    /// Returns.
    Return,
    /// Feedback.
    Feedback,
    /// Shifts.
    Shift,
    /// Baskets on hold.
    Basket,
    /// Receipts of one register.
    Receipt(RegisterId),
}

/// The shop as it is, including commands decided before in the same batch.
#[allow(missing_docs, reason = "each method is the record its name says")]
pub trait View {
    /// What can go wrong below.
    type Fault;
    /// `None` before the shop is founded.
    fn settings(&self) -> Result<Option<Settings>, Self::Fault>;
    fn store(&self, id: StoreId) -> Result<Option<Store>, Self::Fault>;
    fn register(&self, id: RegisterId) -> Result<Option<Register>, Self::Fault>;
    /// The register of that name in a store.
    fn register_called(&self, store: StoreId, name: &str) -> Result<Option<RegisterId>, Self::Fault>;
    fn staff(&self, id: StaffId) -> Result<Option<Staff>, Self::Fault>;
    fn product(&self, id: ProductId) -> Result<Option<Product>, Self::Fault>;
    fn customer(&self, id: CustomerId) -> Result<Option<Customer>, Self::Fault>;
    fn order(&self, no: OrderNo) -> Result<Option<Order>, Self::Fault>;
    fn order_details(&self, no: OrderNo) -> Result<Option<OrderDetails>, Self::Fault>;
    /// What has come back of an order, in the order it came.
    fn returns_of(&self, no: OrderNo) -> Result<Vec<Return>, Self::Fault>;
    fn feedback(&self, no: FeedbackNo) -> Result<Option<Feedback>, Self::Fault>;
    /// A basket on hold with its note.
    fn held(&self, id: BasketId) -> Result<Option<Basket>, Self::Fault>;
    /// Whether a question is kept under that name.
    fn has_saved(&self, name: &str) -> Result<bool, Self::Fault>;
    /// Who has an SSH key of that fingerprint.
    fn key_owner(&self, fingerprint: &str) -> Result<Option<StaffId>, Self::Fault>;
    /// The open shift of a register.
    fn open_shift(&self, register: RegisterId) -> Result<Option<Shift>, Self::Fault>;
    /// On hand; zero where nothing ever moved.
    fn stock(&self, store: StoreId, product: ProductId) -> Result<Quantity, Self::Fault>;
    /// The internal number of the record with that unique text.
    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, Self::Fault>;
    /// The next free number, from 1, without taking it; applying the change takes it.
    fn next(&self, counter: Counter) -> Result<u64, Self::Fault>;
    /// All orders of a customer, each once.
    fn orders_of(&self, customer: CustomerId) -> Result<Vec<OrderNo>, Self::Fault>;
    /// The baskets on hold in a customer's name of which something is noted, oldest first.
    fn noted_baskets_of(&self, customer: CustomerId) -> Result<Vec<BasketId>, Self::Fault>;
    /// The feedback of a customer.
    fn feedback_of(&self, customer: CustomerId) -> Result<Vec<Feedback>, Self::Fault>;
    /// The feedback about any of these orders, in ascending order of number, that names no customer.
    fn nameless_feedback_on(&self, orders: &[OrderNo]) -> Result<Vec<Feedback>, Self::Fault>;
}
