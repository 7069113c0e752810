//! The people who work here and what their roles allow. Never knows how someone proved who they are.

use crate::unit::{StaffId, Text};
use serde::{Deserialize, Serialize};

/// What a person does here; a person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Sells and takes returns.
    Cashier,
    /// A cashier who may also approve what needs approval.
    Supervisor,
    /// Runs the shop: goods, prices, customers, reports.
    Manager,
    /// Reads and exports, changes nothing.
    Accountant,
    /// People and settings, no sales.
    Administrator,
}

/// One kind of act that may be allowed or not; see [`Role::allows`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Right {
    /// Ring a sale, hold, recall, take payment, open a shift.
    Sell,
    /// Take goods back against an order.
    Refund,
    /// Give money back for goods without a receipt.
    RefundWithoutReceipt,
    /// Sell at another price, or discount beyond the cashier's limit.
    Discount,
    /// Cancel an order.
    Cancel,
    /// Move an order on: shipped, delivered.
    Fulfil,
    /// Add and change products and stores.
    Catalogue,
    /// Receive, adjust and count stock.
    Stock,
    /// Add and change customers, take feedback.
    Customers,
    /// Erase a person's details.
    Erase,
    /// Read reports.
    Report,
    /// Import and export whole files.
    Exchange,
    /// Add and change people.
    People,
    /// Change the shop's settings.
    Settings,
    /// Lend one's rights to a single act of another.
    Approve,
    /// Look through orders and the people in them.
    ReadOrders,
    /// Look at what is in stock.
    ReadStock,
    /// Look at customers.
    ReadCustomers,
    /// See who did what, who is at work, and what they see.
    Oversee,
    /// Speak to others at work and sign them out.
    Lead,
}

impl Right {
    /// What may not be done without it, to follow "you may not".
    pub fn words(self) -> &'static str {
        match self {
            Right::Sell => "sell",
            Right::Refund => "take goods back",
            Right::RefundWithoutReceipt => "take goods back without a receipt",
            Right::Discount => "give so much off",
            Right::Cancel => "cancel orders",
            Right::Fulfil => "move orders on",
            Right::Catalogue => "change products and stores",
            Right::Stock => "change the stock",
            Right::Customers => "change customers",
            Right::Erase => "erase a person's details",
            Right::Report => "see reports",
            Right::Exchange => "import and export",
            Right::People => "change who works here",
            Right::Settings => "change the settings",
            Right::Approve => "approve what others do",
            Right::ReadOrders => "look through orders",
            Right::ReadStock => "look at the stock",
            Right::ReadCustomers => "look at customers",
            Right::Oversee => "see who did what",
            Right::Lead => "speak to others or sign them out",
        }
    }

    /// Whether it is an act of the counter, which a supervisor's word may lend. What a shop is run by (its goods and prices,
    /// people, settings, books) is nobody's to lend: whoever may do it signs in and does it.
    pub fn is_lent(self) -> bool {
        use Right::*;
        matches!(self, Refund | RefundWithoutReceipt | Discount | Cancel | Fulfil | Customers | Stock)
    }
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 5] = [Role::Cashier, Role::Supervisor, Role::Manager, Role::Accountant, Role::Administrator];

    /// Its word on the command line and on screens.
    pub fn word(self) -> &'static str {
        match self {
            Role::Cashier => "cashier",
            Role::Supervisor => "supervisor",
            Role::Manager => "manager",
            Role::Accountant => "accountant",
            Role::Administrator => "administrator",
        }
    }

    /// The role of that word, in lower case.
    pub fn by_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    /// The one table of who may do what; what is not named is denied.
    pub fn allows(self, right: Right) -> bool {
        use Right::*;
        match self {
            Role::Cashier => {
                matches!(right, Sell | Refund | Fulfil | Customers | ReadOrders | ReadStock | ReadCustomers)
            }
            Role::Supervisor => {
                matches!(right, RefundWithoutReceipt | Discount | Cancel | Stock | Approve)
                    || Role::Cashier.allows(right)
            }
            Role::Manager => !matches!(right, People | Settings),
            Role::Accountant => {
                matches!(right, Report | Exchange | ReadOrders | ReadStock | ReadCustomers | Oversee)
            }
            Role::Administrator => {
                matches!(right, People | Settings | Erase | Exchange | Catalogue | ReadStock | Oversee | Lead)
            }
        }
    }
}

/// Someone who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Dense internal number, from 1.
    pub id: StaffId,
    /// The name they sign in with and files know them by, unique.
    pub ext: Text,
    /// Shown and printed.
    pub name: Text,
    /// Everything they may be.
    pub roles: Vec<Role>,
    /// A disabled person keeps their history and may do nothing.
    pub disabled: bool,
}

impl Staff {
    /// Whether any of the person's roles allows `right`, now.
    pub fn may(&self, right: Right) -> bool {
        !self.disabled && self.roles.iter().any(|role| role.allows(right))
    }

    /// Whether another's word may lend them the right for one act: it raises one who sells, and nobody whose work is another.
    pub fn may_be_lent(&self, right: Right) -> bool {
        right.is_lent() && self.may(Right::Sell)
    }
}
