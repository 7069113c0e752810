//! The plainest shop there is, for tests on every floor: each says only what is another in its own.

use super::{Actor, Command, Product, Register, Role, Settings, Staff, Store};
use crate::unit::{CashRounding, Currency, Money, ProductId, RegisterId, StaffId, StoreId, Text, Zone};

/// The first person, at the first register.
pub const FOUNDER: Actor = Actor { staff: StaffId(1), register: RegisterId(1) };

/// In euros, to the cent, tax included.
pub fn settings() -> Settings {
    Settings {
        name: "Corner".into(),
        currency: Currency::EUR,
        zone: Zone::utc(),
        tax_included: true,
        cash_rounding: CashRounding::Off,
        merge_lines: true,
        patterns: Vec::new(),
        discount_limit_percent: 20,
        largest_note: Money(5_000_000),
        receipt_header: Text::default(),
        receipt_footer: Text::default(),
    }
}

/// The first store.
pub fn store() -> Store {
    Store { id: StoreId(1), ext: "S1".into(), name: "North".into(), location: None, zone: None }
}

/// Its register.
pub fn register() -> Register {
    Register { id: RegisterId(1), store: StoreId(1), name: "1".into() }
}

/// Somebody new who works here; their id is their name in small letters.
pub fn person(name: &str, roles: Vec<Role>) -> Staff {
    let ext = Text::lossy(&name.to_lowercase());
    Staff { id: StaffId(0), ext, name: Text::lossy(name), roles, disabled: false }
}

/// The shop, founded by somebody with these roles.
pub fn founding(name: &str, roles: Vec<Role>) -> Command {
    let (settings, store, register) = (settings(), store(), register());
    Command::Found { settings, store, register, staff: person(name, roles) }
}

/// Something new to sell, of which nothing else is known.
pub fn product(name: &str, price: Option<Money>) -> Product {
    Product {
        id: ProductId(0),
        ext: Text::default(),
        sku: None,
        barcodes: Vec::new(),
        name: Text::lossy(name),
        category: None,
        price,
        cost: None,
        tax_rate: None,
        reorder_level: None,
    }
}
