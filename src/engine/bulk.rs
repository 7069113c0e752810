//! What an import brings: checked records with their numbers assigned, orders as a stream.
//!
//! Plain data between the floor that reads files and the writer, which takes all of it or nothing.

use crate::domain::change::ImportCounts;
use crate::domain::{
    Customer, CustomerDetails, Feedback, Order, OrderDetails, Product, Register, Return, Staff, Store,
};
use crate::unit::{Digest, ProductId, Quantity, Seq, StoreId, Text};

/// A stream of orders, in the order they were placed as far as possible. An error ends the import; nothing is written.
pub type Orders = Box<dyn Iterator<Item = Result<(Order, Option<OrderDetails>), String>> + Send>;

/// An import, ready to be written.
pub struct Bulk {
    /// The published sequence that numbers and checks were made against; another one by now refuses the import.
    pub based_on: Seq,
    /// Stores new and changed.
    pub stores: Vec<Store>,
    /// Registers new.
    pub registers: Vec<Register>,
    /// People who work here, new.
    pub staff: Vec<Staff>,
    /// Products new and changed.
    pub products: Vec<Product>,
    /// Customers new and changed.
    pub customers: Vec<(Customer, CustomerDetails)>,
    /// Stock levels: what there is, not what moved.
    pub inventory: Vec<(StoreId, ProductId, Quantity)>,
    /// Orders, all new; `returned` of their lines is zero, returns follow.
    pub orders: Orders,
    /// Returns, all new.
    pub returns: Vec<Return>,
    /// Feedback, all new, with its words.
    pub feedback: Vec<(Feedback, Option<Text>)>,
    /// What the files held.
    pub counts: ImportCounts,
    /// A digest of the files, kept in the journal.
    pub digest: Digest,
    /// Who asked for it from where, in words; kept in the journal where it is known.
    pub from: Option<Text>,
}
