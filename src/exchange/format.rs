//! The normal form: which files there are and which columns they have. The one table that reading and writing share.

/// One file of the normal form.
#[derive(Debug)]
pub struct Table {
    /// Its name in the folder.
    pub file: &'static str,
    /// Columns that a file which is there must have, in the order they are written.
    pub required: &'static [&'static str],
    /// Columns that it may have, in the order they are written after the others.
    pub optional: &'static [&'static str],
}

impl Table {
    /// The name of a column; the required ones are counted first.
    pub fn column(&self, at: usize) -> &'static str {
        self.required.iter().chain(self.optional).nth(at).copied().unwrap_or("row")
    }

    /// How many columns there may be.
    pub fn width(&self) -> usize {
        self.required.len() + self.optional.len()
    }

    /// The place of a column by its name.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.required.iter().chain(self.optional).position(|column| *column == name)
    }

    /// Its place among [`TABLES`].
    pub fn rank(&self) -> usize {
        TABLES.iter().position(|table| table.file == self.file).unwrap_or(TABLES.len())
    }
}

/// What a line's cost or tax rate says where there was none though the product has one: an empty field is the product's.
pub const NONE: &str = "none";

/// The most columns any table has.
pub const MAX_COLUMNS: usize = 16;

/// `stores.csv`
pub static STORES: Table =
    Table { file: "stores.csv", required: &["id", "name", "location", "timezone"], optional: &[] };
/// `products.csv`
pub static PRODUCTS: Table = Table {
    file: "products.csv",
    required: &["id", "sku", "barcode", "name", "category", "price", "cost", "tax_rate", "reorder_level"],
    optional: &[],
};
/// `inventory.csv`
pub static INVENTORY: Table =
    Table { file: "inventory.csv", required: &["store_id", "product_id", "quantity"], optional: &[] };
/// `customers.csv`
pub static CUSTOMERS: Table = Table {
    file: "customers.csv",
    required: &["id", "name", "email", "phone", "address", "location", "gender", "birth_date", "registered_on"],
    optional: &["store_credit", "notes"],
};
/// `orders.csv`
pub static ORDERS: Table = Table {
    file: "orders.csv",
    required: &["id", "store_id", "customer_id", "ordered_at", "status", "payment_method"],
    optional: &["receipt", "register", "cashier", "channel", "tax_included", "note"],
};
/// `order_lines.csv`
pub static ORDER_LINES: Table = Table {
    file: "order_lines.csv",
    required: &["order_id", "line_no", "product_id", "quantity", "unit_price", "discount", "tax"],
    optional: &["cost", "tax_rate", "rounding"],
};
/// `payments.csv`
pub static PAYMENTS: Table = Table {
    file: "payments.csv",
    required: &["order_id", "line_no", "method", "amount"],
    optional: &["reference", "paid_at"],
};
/// `returns.csv`
pub static RETURNS: Table = Table {
    file: "returns.csv",
    required: &["id", "order_id", "line_no", "quantity", "reason", "returned_at", "refund"],
    optional: &["store_id", "product_id", "restock", "method", "split", "rounding"],
};
/// `feedback.csv`
pub static FEEDBACK: Table = Table {
    file: "feedback.csv",
    required: &["id", "customer_id", "order_id", "rating", "category", "text", "created_at", "status"],
    optional: &[],
};

/// Every file, those that others refer to first.
pub static TABLES: [&Table; 9] =
    [&STORES, &PRODUCTS, &INVENTORY, &CUSTOMERS, &ORDERS, &ORDER_LINES, &PAYMENTS, &RETURNS, &FEEDBACK];
