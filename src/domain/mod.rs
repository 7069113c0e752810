//! The shop's nouns and rules. Pure: no clock, no randomness, no file, no terminal.
//!
//! A [`Command`] asks, [`decide`](fn@decide) answers with [`Change`]s or a [`Refusal`], and [`fact::facts`] says what an
//! order means to the reports. Nothing here knows how anything is stored, sent or shown.

pub mod apply;
pub mod audit;
pub mod basket;
pub mod change;
pub mod command;
pub mod customer;
pub mod decide;
pub mod difference;
pub mod fact;
pub mod feedback;
pub mod label;
pub mod order;
pub mod payment;
pub mod product;
pub mod refund;
pub mod refusal;
pub mod returns;
pub mod saved;
pub mod settings;
pub mod shift;
pub mod staff;
pub mod stock;
pub mod store;
#[cfg(test)]
pub mod testing;
pub mod typed;
pub mod view;

pub use audit::{Credentials, Key, Note};
pub use change::{Change, Details, Slot};
pub use command::{Actor, Command, Outcome, Request};
pub use customer::{Customer, CustomerDetails};
pub use decide::{Decision, decide};
pub use feedback::{Feedback, FeedbackState};
pub use order::{Discount, DiscountKind, Line, Order, OrderDetails, Status, Step};
pub use payment::{Method, Payment, Tender};
pub use product::Product;
pub use refusal::Refusal;
pub use returns::{Payout, Return};
pub use saved::SavedView;
pub use settings::Settings;
pub use shift::Shift;
pub use staff::{Right, Role, Staff};
pub use stock::{MoveKind, StockMove};
pub use store::{Register, Store, register_said};
pub use view::View;
