//! The running shop: one writer with group commit, what deciding needs in memory, the unsealed tail, and the clock and random
//! source it is given; and what stands beside the shop file: secrets and tries, drafts, who is present, backups.
//!
//! The floors above know a [`Shop`] and its [`Snapshot`]s; they never see a table or a transaction.

pub mod backup;
pub mod bulk;
pub mod catalogue;
mod compact;
mod copy;
pub mod directory;
pub mod draft;
pub mod import;
pub mod knocks;
mod memory;
mod numbers;
pub mod presence;
mod related;
mod same;
pub mod seams;
mod search;
pub mod shop;
pub mod signin;
pub mod snapshot;
mod space;
pub mod tail;
#[cfg(test)]
mod testing;
pub mod timeline;
pub mod trade;
mod tries;
mod turns;
pub mod verify;
mod view;
mod whole;
mod writer;

pub use bulk::Bulk;
pub use catalogue::Catalogue;
pub use directory::Directory;
pub use presence::Presence;
pub use seams::Seams;
pub use shop::{Shop, Subscription};
pub use snapshot::{Became, Snapshot};
pub use tail::{Chunk, Tail};
pub use timeline::{Place, Timeline};
