//! redb and nothing but redb: tables, keys, codec, journal, records, indexes, segments, sealing, older formats.
//!
//! The journal is the truth; every other table is a projection of it. This floor never decides anything and never knows who
//! is asking.

pub mod apply;
pub mod attributes;
pub mod beside;
pub mod codec;
pub mod details;
pub mod fault;
pub mod file;
pub mod index;
pub mod journal;
pub mod laid;
pub mod lease;
pub mod migrate;
pub mod orders;
pub mod record;
pub mod seal;
pub mod segment;
pub mod shelf;
pub mod stock;
pub mod table;

pub use fault::Fault;
pub use file::ShopFile;
