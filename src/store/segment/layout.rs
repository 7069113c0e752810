//! Which columns a segment has, and which rows each of them counts.

/// What the rows of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// One for each order.
    Orders,
    /// One for each line, order after order.
    Lines,
    /// One for each return.
    Returns,
    /// One for each piece of feedback.
    Feedback,
}

/// Which words a column of codes stands for; code 0 is none, code `n` the `n`th word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    /// Methods of payment.
    Payment,
    /// Channels.
    Channel,
    /// Reasons of returns.
    Reason,
    /// Categories of feedback.
    Category,
}

impl Column {
    /// Under which column's key its codes are stored. Columns of orders and lines are long and stand alone; those of
    /// returns and of feedback are short, are asked for together, and share a row each.
    pub const fn row(self) -> Column {
        match self.rows() {
            Rows::Orders | Rows::Lines => self,
            Rows::Returns => Column::ReturnNo,
            Rows::Feedback => Column::FeedbackNo,
        }
    }
}

impl Words {
    pub(super) const COUNT: usize = 4;
}

macro_rules! columns {
    ($($rows:ident { $($(#[$doc:meta])* $name:ident,)+ })+) => {
        /// A column of a segment. All are 64-bit integers; ids, numbers and codes use 0 for none. Its place is part of the
        /// key its codes are stored under: a new column goes to the end, none ever moves.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Column {
            $($($(#[$doc])* $name,)+)+
        }

        impl Column {
            /// All of them, in the order they are stored in.
            pub const ALL: &'static [Column] = &[$($(Column::$name,)+)+];

            pub(super) const COUNT: usize = Column::ALL.len();

            /// What its rows are.
            pub const fn rows(self) -> Rows {
                match self { $($(Column::$name)|+ => Rows::$rows,)+ }
            }
        }
    };
}

columns! {
    Orders {
        /// Order number, ascending.
        OrderNo,
        /// Unix milliseconds; 0 where the precision says there is none.
        PlacedMs,
        /// Seconds east of Greenwich.
        PlacedOffset,
        /// 0 no time at all, 1 the day, 2 the second, 3 the millisecond.
        PlacedPrecision,
        /// Store.
        OrderStore,
        /// Register.
        OrderRegister,
        /// Cashier.
        OrderCashier,
        /// Customer.
        OrderCustomer,
        /// Place in `Status::ALL`.
        OrderStatus,
        /// Code of [`Words::Payment`].
        OrderPayment,
        /// Code of [`Words::Channel`].
        OrderChannel,
        /// How many lines the order has.
        OrderLines,
        /// The sum over the order's lines of [`Column::Units`]; the six sums are there only where
        /// [`Header::sums_fit`](super::Header) says so.
        OrderUnits,
        /// The sum over the order's lines of [`Column::Rest`].
        OrderRest,
        /// The sum over the order's lines of [`Column::Discounts`].
        OrderDiscounts,
        /// The sum over the order's lines of [`Column::Sales`].
        OrderSales,
        /// The sum over the order's lines of [`Column::Tax`].
        OrderTax,
        /// The sum over the order's lines of [`Column::Cost`].
        OrderCost,
    }
    Lines {
        /// Product.
        Product,
        /// Thousandths.
        Units,
        /// Gross − sales − discounts, modulo 2^64: what rounding and included tax make; mostly zero.
        Rest,
        /// Ten-thousandths.
        Discounts,
        /// Ten-thousandths.
        Sales,
        /// Ten-thousandths.
        Tax,
        /// Ten-thousandths.
        Cost,
        /// Code of the segment's tax rates.
        TaxRate,
    }
    Returns {
        /// Return number, ascending.
        ReturnNo,
        /// Unix milliseconds.
        ReturnMs,
        /// Seconds east of Greenwich.
        ReturnOffset,
        /// As [`Column::PlacedPrecision`].
        ReturnPrecision,
        /// Store.
        ReturnStore,
        /// The order it came from.
        ReturnOrder,
        /// Register of the order.
        ReturnRegister,
        /// Cashier of the order.
        ReturnCashier,
        /// Customer of the order.
        ReturnCustomer,
        /// 1 + place in `Status::ALL` of the order's status; 0 without an order.
        ReturnStatus,
        /// Code of [`Words::Payment`].
        ReturnPayment,
        /// Code of [`Words::Channel`].
        ReturnChannel,
        /// Product.
        ReturnProduct,
        /// Code of [`Words::Reason`].
        Reason,
        /// Thousandths.
        ReturnUnits,
        /// Ten-thousandths, tax and all.
        Refund,
        /// Ten-thousandths without tax.
        RefundNet,
    }
    Feedback {
        /// Feedback number, ascending.
        FeedbackNo,
        /// Unix milliseconds.
        FeedbackMs,
        /// Seconds east of Greenwich.
        FeedbackOffset,
        /// As [`Column::PlacedPrecision`].
        FeedbackPrecision,
        /// From whom.
        FeedbackCustomer,
        /// About which order.
        FeedbackOrder,
        /// 1 + the rating; 0 for none.
        Rating,
        /// Code of [`Words::Category`].
        Category,
        /// 0 open, 1 resolved.
        FeedbackState,
    }
}
