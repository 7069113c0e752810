//! Which action needs which right: one table, by which the palette says why something is not to be had, the footer leaves it
//! out, and a key is refused before anybody has filled in a form for nothing.
//!
//! It only foretells: what is allowed is decided in the domain, once more and with the roles of that moment. Never knows who
//! works here.

use super::keymap::{Action, Context};
use crate::domain::{Right, Role};

/// The right that an action needs where its key holds; `None`: whoever sees the screen may.
pub fn needed(context: Context, action: Action) -> Option<Right> {
    Some(match (context, action) {
        (Context::Sale, Action::Hold | Action::Recall | Action::Pay | Action::Delete | Action::GiveUp) => Right::Sell,
        (Context::Sale, Action::Shift) => Right::Sell,
        (Context::Orders, Action::NextStatus) => Right::Fulfil,
        (Context::Orders, Action::Cancel) => Right::Cancel,
        (Context::Orders, Action::Return) => Right::Refund,
        (Context::Orders, Action::ReturnFreely) => Right::RefundWithoutReceipt,
        (Context::Stock, Action::Add | Action::Edit) => Right::Catalogue,
        (Context::Stock, Action::Receive | Action::Count | Action::Adjust) => Right::Stock,
        (Context::Customers, Action::Add | Action::Edit | Action::Feedback | Action::Resolve) => Right::Customers,
        (Context::Customers, Action::Erase) => Right::Erase,
        (Context::Customers, Action::SellTo) => Right::Sell,
        (Context::Reports | Context::Cube, Action::Save) => Right::Report,
        (Context::Cube | Context::Audit, Action::Receipts) => Right::ReadOrders,
        (Context::People, Action::Add | Action::Edit) => Right::People,
        // One's own needs none, and only the screen knows whose is marked.
        (Context::People, Action::Pin) => Right::People,
        (Context::People, Action::Watch) => Right::Oversee,
        (Context::People, Action::Tell) => Right::Lead,
        (Context::People, Action::SendAway) => Right::Lead,
        (Context::List, Action::Export) => Right::Exchange,
        (Context::Global, Action::Approve) => Right::Approve,
        (Context::Global, Action::Tab(place)) => to_see(super::TABS.get(usize::from(place).checked_sub(1)?)?),
        _ => return None,
    })
}

/// What one must be allowed to do to see a tab.
pub fn to_see(tab: &str) -> Right {
    match tab {
        "Orders" => Right::ReadOrders,
        "Stock" => Right::ReadStock,
        "Customers" => Right::ReadCustomers,
        "Reports" => Right::Report,
        "People" | "Audit" => Right::Oversee,
        _ => Right::Sell,
    }
}

/// Who has the right, where the person has not: "needs a manager".
pub fn whose(right: Right) -> &'static str {
    match Role::ALL.into_iter().find(|role| role.allows(right)) {
        Some(Role::Cashier) => "needs a cashier",
        Some(Role::Supervisor) => "needs a supervisor",
        Some(Role::Manager) => "needs a manager",
        Some(Role::Accountant) => "needs an accountant",
        Some(Role::Administrator) => "needs an administrator",
        None => "nobody may",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keymap::TABLE;
    use crate::domain::basket::Basket;
    use crate::domain::decide::needed as demanded;
    use crate::domain::{Command, CustomerDetails, Method, Note, Product, SavedView, Staff, Status};
    use crate::unit::{BasketId, CustomerId, FeedbackNo, Money, OrderNo, ProductId, Quantity, StaffId, StoreId, Text};

    /// What the screens ask the shop for when an action has been gone through with.
    fn command(context: Context, action: Action) -> Option<Command> {
        let text = || Text::lossy("x");
        let (store, product, order, customer) = (StoreId(1), ProductId(1), OrderNo(1), CustomerId(1));
        let goods = Product {
            id: product,
            ext: text(),
            sku: None,
            barcodes: Vec::new(),
            name: text(),
            category: None,
            price: None,
            cost: None,
            tax_rate: None,
            reorder_level: None,
        };
        let (seen, details) = (Box::new(goods.clone()), CustomerDetails::default());
        let person = Staff { id: StaffId(0), ext: text(), name: text(), roles: Vec::new(), disabled: false };
        let basket = Basket::default();
        Some(match (context, action) {
            (Context::Sale, Action::Hold) => Command::HoldBasket { basket },
            (Context::Sale, Action::Recall) => Command::RecallBasket { id: BasketId(1) },
            (Context::Sale, Action::Pay) => Command::PlaceOrder { basket, tenders: Vec::new(), channel: None },
            (Context::Sale, Action::Delete | Action::GiveUp) => Command::RecordVoids { lines: Vec::new() },
            (Context::Sale, Action::Shift) => Command::CloseShift,
            (Context::Orders, Action::NextStatus) => Command::AdvanceOrder { order, to: Status::Shipped },
            (Context::Orders, Action::Cancel) => Command::CancelOrder { order },
            (Context::Orders, Action::Return) => {
                Command::ReturnLines { order, lines: Vec::new(), reason: text(), method: None }
            }
            (Context::Orders, Action::ReturnFreely) => Command::ReturnWithoutReceipt {
                product,
                quantity: Quantity::ONE,
                refund: Money(1),
                reason: text(),
                method: Method::named(Method::CASH),
                restock: true,
            },
            (Context::Stock, Action::Add) => Command::SaveProduct(goods),
            (Context::Stock, Action::Edit) => Command::ChangeProduct { seen, product: goods },
            (Context::Stock, Action::Receive) => {
                Command::ReceiveStock { store, product, quantity: Quantity::ONE, unit_cost: None, reason: None }
            }
            (Context::Stock, Action::Count) => Command::CountStock { store, product, counted: Quantity::ONE },
            (Context::Stock, Action::Adjust) => {
                Command::AdjustStock { store, product, quantity: Quantity::ONE, reason: text() }
            }
            (Context::Customers, Action::Add) => Command::SaveCustomer { customer: None, ext: None, details },
            (Context::Customers, Action::Edit) => Command::ChangeCustomer { customer, version: 1, ext: None, details },
            (Context::Customers, Action::Feedback) => {
                Command::AddFeedback { customer: None, order: None, rating: None, category: None, text: None }
            }
            (Context::Customers, Action::Resolve) => Command::ResolveFeedback(FeedbackNo(1)),
            (Context::Customers, Action::Erase) => Command::EraseCustomer(customer),
            (Context::Reports | Context::Cube, Action::Save) => {
                Command::SaveView(SavedView { name: text(), words: text() })
            }
            (Context::People, Action::Add | Action::Edit) => Command::SaveStaff(person),
            (Context::People, Action::SendAway) => Command::Note(Note::SentAway { whom: StaffId(1) }),
            _ => return None,
        })
    }

    #[test]
    fn the_table_says_what_the_rules_demand() {
        let mut seen = 0;
        for binding in TABLE {
            let (context, action) = (binding.context, binding.action);
            if let Some(asked) = command(context, action) {
                assert_eq!(needed(context, action), demanded(&asked), "{context:?} {}", binding.name);
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen}");
    }

    #[test]
    fn every_tab_is_opened_by_the_right_its_action_asks_for() {
        for (place, tab) in (1..).zip(super::super::TABS) {
            assert_eq!(needed(Context::Global, Action::Tab(place)), Some(to_see(tab)));
        }
        assert_eq!(needed(Context::Global, Action::Tab(0)), None);
        assert_eq!(needed(Context::Global, Action::Tab(99)), None);
    }
}
