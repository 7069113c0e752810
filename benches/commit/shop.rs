//! The shop under load.

use crate::counted::{Counted, Counts};
use crate::load::{CUSTOMERS, Figures, PRODUCTS, REGISTERS, STORES, Sale, drive};
use redb::backends::FileBackend;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use till::domain::basket::{Basket, BasketLine};
use till::domain::command::Actor;
use till::domain::{
    Command, CustomerDetails, Method, Outcome, Product, Register, Request, Role, Settings, Staff, Store, Tender,
};
use till::engine::{Catalogue, Seams, Shop};
use till::store::ShopFile;
use till::unit::{
    CashRounding, Currency, CustomerId, Money, ProductId, Quantity, Rate, RegisterId, StaffId, StoreId, Text, Zone,
};

/// Sells for `time` and seals the rest.
pub fn measure(path: &Path, callers: usize, time: Duration) -> Figures {
    let counts = Arc::new(Counts::default());
    let file = std::fs::File::options().read(true).write(true).create_new(true).open(path).expect("a new file");
    let backend = Counted::new(FileBackend::new(file).expect("a file"), Arc::clone(&counts));
    let shop = Shop::run(ShopFile::on(backend, true).expect("a shop file"), Seams::system()).expect("a shop");
    furnish(&shop);
    shop.seal().expect("sealing");
    let catalogue = Arc::clone(shop.snapshot().expect("a snapshot").catalogue());
    let (syncs, written) = counts.now();
    let figures = drive(callers, time, |sale| sell(&shop, &catalogue, sale), || shop.seal().expect("sealing"));
    let (syncs_after, written_after) = counts.now();
    shop.close().expect("closing");
    let size = std::fs::metadata(path).expect("the file").len();
    Figures { syncs: syncs_after - syncs, written: Some(written_after - written), size, ..figures }
}

fn sell(shop: &Shop, catalogue: &Catalogue, sale: &Sale) {
    let line = |(product, pieces): &(u32, i64)| {
        let product = catalogue.product(ProductId(*product)).expect("a product");
        BasketLine::of(product, Quantity::pieces(*pieces), None).expect("a price")
    };
    let basket = Basket {
        lines: sale.lines.iter().map(line).collect(),
        customer: sale.customer.map(CustomerId),
        ..Basket::default()
    };
    let total = basket.price(true, Currency::EUR.step()).expect("a price").total;
    let tender = Tender { method: Method::named(Method::CASH), amount: total, reference: None };
    let command = Command::PlaceOrder { basket, tenders: vec![tender], channel: None };
    let outcome = ask(shop, sale.register, command);
    assert!(matches!(outcome, Outcome::Ordered { receipt: Some(_), .. }), "{outcome:?}");
}

fn ask(shop: &Shop, register: u16, command: Command) -> Outcome {
    let actor = Actor { staff: StaffId(1), register: RegisterId(register) };
    let request = Request { id: shop.new_id(), actor, command };
    shop.execute(request).expect("a shop that runs").expect("a sound command")
}

fn furnish(shop: &Shop) {
    let mut commands = Vec::new();
    for id in 2..=STORES {
        commands.push(Command::SaveStore(store(id)));
    }
    ask(shop, 1, founding());
    commands.drain(..).for_each(|command| drop(ask(shop, 1, command)));
    for at in 2..=REGISTERS {
        let store = StoreId(at % STORES + 1);
        commands.push(Command::SaveRegister(Register { id: RegisterId(0), store, name: text(&format!("till {at}")) }));
    }
    commands.drain(..).for_each(|command| drop(ask(shop, 1, command)));
    commands.extend((1..=PRODUCTS).map(|at| Command::SaveProduct(product(at))));
    let customer = |at| CustomerDetails { name: Some(text(&format!("Person {at}"))), ..CustomerDetails::default() };
    commands.extend((1..=CUSTOMERS).map(|at| Command::SaveCustomer {
        customer: None,
        ext: None,
        details: customer(at),
    }));
    std::thread::scope(|scope| {
        for part in commands.chunks(50) {
            scope.spawn(move || part.iter().for_each(|command| drop(ask(shop, 1, command.clone()))));
        }
    });
}

fn text(words: &str) -> Text {
    Text::lossy(words)
}

fn store(id: u16) -> Store {
    Store { id: StoreId(0), ext: text(&id.to_string()), name: text(&format!("Store {id}")), location: None, zone: None }
}

fn product(at: u32) -> Product {
    Product {
        id: ProductId(0),
        ext: text(""),
        sku: None,
        barcodes: vec![text(&(20_000_000 + at).to_string())],
        name: text(&format!("Product {at}")),
        category: Some(text(&format!("Category {}", at % 12))),
        price: Some(Money(i64::from(at) * 100 + 9_900)),
        cost: Some(Money(i64::from(at) * 50)),
        tax_rate: Some(Rate(190_000)),
        reorder_level: None,
    }
}

fn founding() -> Command {
    Command::Found {
        settings: Settings {
            name: text("Bench"),
            currency: Currency::EUR,
            zone: Zone::utc(),
            tax_included: true,
            cash_rounding: CashRounding::Off,
            merge_lines: true,
            patterns: Vec::new(),
            discount_limit_percent: 10,
            largest_note: Money(2_000_000),
            receipt_header: text(""),
            receipt_footer: text(""),
        },
        store: store(1),
        register: Register { id: RegisterId(1), store: StoreId(1), name: text("till 1") },
        staff: Staff {
            id: StaffId(1),
            ext: text("ann"),
            name: text("Ann"),
            roles: vec![Role::Manager],
            disabled: false,
        },
    }
}
