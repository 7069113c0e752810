//! The tables by name and key. Values are always bytes made by `codec` or `segment`.

use redb::TableDefinition;

/// A table whose values are encoded records.
pub type Bytes = &'static [u8];

/// Schema version, settings, seal watermark, receipt counters.
pub const META: TableDefinition<'static, &str, Bytes> = TableDefinition::new("meta");
/// Sequence → entry. Append-only; the truth.
pub const JOURNAL: TableDefinition<'static, u64, Bytes> = TableDefinition::new("journal");

/// Order number → order, once it is sealed or was altered: see `orders`.
pub const ORDERS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("orders");
/// Return number → return.
pub const RETURNS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("returns");
/// Return number → how its refund was paid out, where that is more than all of it by one method.
pub const PAYOUTS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("payouts");
/// Feedback number → feedback.
pub const FEEDBACK: TableDefinition<'static, u64, Bytes> = TableDefinition::new("feedback");
/// Product number → product.
pub const PRODUCTS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("products");
/// Customer number → customer.
pub const CUSTOMERS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("customers");
/// Store number → store.
pub const STORES: TableDefinition<'static, u64, Bytes> = TableDefinition::new("stores");
/// Register number → register.
pub const REGISTERS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("registers");
/// Staff number → person.
pub const STAFF: TableDefinition<'static, u64, Bytes> = TableDefinition::new("staff");
/// Staff number → what the person proves themselves with.
pub const CREDENTIALS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("credentials");
/// Shift number → shift.
pub const SHIFTS: TableDefinition<'static, u64, Bytes> = TableDefinition::new("shifts");
/// Number on hold → basket.
pub const HELD: TableDefinition<'static, u64, Bytes> = TableDefinition::new("held");

/// (kind of subject, number, version) → salt and words. The only place with words about people.
pub const DETAILS: TableDefinition<'static, (u8, u64, u32), Bytes> = TableDefinition::new("details");
/// (product, journal sequence, index in the entry) → stock movement that is no sale and no return.
pub const MOVES: TableDefinition<'static, (u32, u64, u32), Bytes> = TableDefinition::new("moves");
/// (order, return): the returns of an order.
pub const ORDER_RETURNS: TableDefinition<'static, (u64, u64), ()> = TableDefinition::new("order_returns");
/// (customer, feedback): the feedback of a customer.
pub const CUSTOMER_FEEDBACK: TableDefinition<'static, (u32, u64), ()> = TableDefinition::new("customer_feedback");
/// (kind, text) → number: everything with a unique text.
pub const EXTERNAL_IDS: TableDefinition<'static, (u8, &str), u64> = TableDefinition::new("external_ids");

/// (business day, part, column) → the codes of one column of a segment, or of all its columns of returns or of feedback: a
/// question reads those it needs. Sealed.
pub const SEGMENTS: TableDefinition<'static, (i32, u16, u8), Bytes> = TableDefinition::new("segment_columns");
/// (business day, part) → the segment's head: its counts and totals, so that those are read without the columns. Sealed.
pub const SEGMENT_HEADS: TableDefinition<'static, (i32, u16), Bytes> = TableDefinition::new("segment_heads");
/// (customer, placed in Unix ms, order). Sealed.
pub const CUSTOMER_ORDERS: TableDefinition<'static, (u32, i64, u64), ()> = TableDefinition::new("customer_orders");
/// (store, block of products) → quantities. Sealed.
pub const STOCK: TableDefinition<'static, (u16, u32), Bytes> = TableDefinition::new("stock");
/// Name → column of what customers are. Sealed.
pub const ATTRIBUTES: TableDefinition<'static, &str, Bytes> = TableDefinition::new("attributes");
/// Command id → outcome, of the last 48 hours. Sealed.
pub const COMMAND_IDS: TableDefinition<'static, u128, Bytes> = TableDefinition::new("command_ids");
/// (question, column) → sums that were laid by when the shop was closed or loaded, each with the sequence it stands for.
pub const LAID_BY: TableDefinition<'static, (u64, u8), Bytes> = TableDefinition::new("laid_by");

/// Calls a macro with the names of all tables: the one list of them.
macro_rules! with_all_tables {
    ($do:ident) => {
        $do!(
            META,
            JOURNAL,
            ORDERS,
            RETURNS,
            PAYOUTS,
            FEEDBACK,
            PRODUCTS,
            CUSTOMERS,
            STORES,
            REGISTERS,
            STAFF,
            CREDENTIALS,
            SHIFTS,
            HELD,
            DETAILS,
            MOVES,
            ORDER_RETURNS,
            CUSTOMER_FEEDBACK,
            EXTERNAL_IDS,
            SEGMENTS,
            SEGMENT_HEADS,
            CUSTOMER_ORDERS,
            STOCK,
            ATTRIBUTES,
            COMMAND_IDS,
            LAID_BY
        )
    };
}
pub(crate) use with_all_tables;
