//! Anything a person may ask of a shop, from four numbers: small to generate, small to shrink.
//!
//! A deed looks at the shop as it is, so that most are accepted; some are wrong on purpose.

use till::domain::basket::{Basket, BasketLine, Off};
use till::domain::command::ReturnLine;
use till::domain::{
    Command, CustomerDetails, Method, Order, Product, Register, Role, Settings, Staff, Status, Store, Tender,
};
use till::engine::Snapshot;
use till::unit::{
    BasketId, CashRounding, Currency, CustomerId, Day, FeedbackNo, Money, OrderNo, ProductId, Quantity, Rate,
    RegisterId, StaffId, StoreId, Text, Zone,
};

/// How many kinds of deed there are.
pub const KINDS: u8 = 40;

/// Something to ask for: a kind, and three numbers that say what exactly.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    /// Taken modulo [`KINDS`]; sales are the most frequent.
    pub kind: u8,
    /// Who or what.
    pub a: u16,
    /// How many or which.
    pub b: u16,
    /// The rest.
    pub c: u16,
}

impl Deed {
    /// One by chance.
    pub fn any(rng: &mut fastrand::Rng) -> Deed {
        Deed { kind: rng.u8(..KINDS), a: rng.u16(..), b: rng.u16(..), c: rng.u16(..) }
    }
}

/// A text.
pub fn text(words: &str) -> Text {
    Text::lossy(words)
}

/// The command that makes the shop all tests run.
pub fn founding() -> Command {
    Command::Found {
        settings: settings(0),
        store: Store { id: StoreId(1), ext: text("1"), name: text("Corner"), location: None, zone: None },
        register: Register { id: RegisterId(1), store: StoreId(1), name: text("Front") },
        staff: Staff {
            id: StaffId(1),
            ext: text("ann"),
            name: text("Ann"),
            roles: vec![Role::Administrator, Role::Manager],
            disabled: false,
        },
    }
}

fn settings(variant: u16) -> Settings {
    Settings {
        name: text("Proof"),
        currency: Currency::EUR,
        zone: Zone::by_name("Europe/Berlin").expect("a zone"),
        tax_included: !variant.is_multiple_of(2),
        cash_rounding: if variant.is_multiple_of(3) { CashRounding::Off } else { CashRounding::Step(Money(500)) },
        merge_lines: true,
        patterns: Vec::new(),
        discount_limit_percent: 10,
        largest_note: Money(2_000_000),
        receipt_header: text("Proof"),
        receipt_footer: text("Come again"),
    }
}

/// The first products, stores and registers of every history.
pub fn furnishing() -> Vec<Command> {
    let mut wanted: Vec<Command> = (0..6).map(|seed| Command::SaveProduct(product(0, seed * 37))).collect();
    wanted.push(Command::SaveStore(Store {
        id: StoreId(0),
        ext: text("east"),
        name: text("East"),
        location: Some(text("East Street")),
        zone: Zone::by_name("Asia/Kolkata"),
    }));
    wanted.push(Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: text("Back") }));
    wanted.push(Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(2), name: text("East") }));
    wanted.push(Command::SaveCustomer { customer: None, ext: None, details: person(1) });
    wanted.push(Command::SaveCustomer { customer: None, ext: Some(text("regular")), details: person(2) });
    wanted
}

fn product(id: u32, seed: u16) -> Product {
    let free = seed % 11 == 10;
    Product {
        id: ProductId(id),
        ext: text(""),
        sku: (seed.is_multiple_of(3)).then(|| text(&format!("SKU-{seed}"))),
        barcodes: (0..seed % 3)
            .map(|n| text(&format!("{}", 20_000_000 + u32::from(seed) * 4 + u32::from(n))))
            .collect(),
        name: text(&format!("Thing {seed}")),
        category: (!seed.is_multiple_of(4)).then(|| text(["Food", "Drink", "Other"][usize::from(seed % 3)])),
        price: (!free).then(|| Money(i64::from(seed % 500) * 100 + 900)),
        cost: (seed.is_multiple_of(2)).then(|| Money(i64::from(seed % 300) * 33 + 1)),
        tax_rate: [None, Some(Rate(70_000)), Some(Rate(190_000))][usize::from(seed % 3)],
        reorder_level: (seed.is_multiple_of(5)).then(|| Quantity::pieces(2)),
    }
}

fn person(seed: u16) -> CustomerDetails {
    CustomerDetails {
        name: Some(text(&format!("Person {seed}"))),
        email: (seed.is_multiple_of(2)).then(|| text(&format!("p{seed}@example.org"))),
        phone: (seed.is_multiple_of(3)).then(|| text(&format!("+49 {seed}"))),
        address: None,
        location: (!seed.is_multiple_of(4)).then(|| text(["Town", "Village", "Port"][usize::from(seed % 3)])),
        gender: (seed % 5 > 1).then(|| text(["f", "m", "x"][usize::from(seed % 3)])),
        birth_date: (seed % 2 == 1).then(|| Day(i32::from(seed % 20_000))),
        notes: None,
    }
}

/// The deed as a command, given the shop as it is, and the register it is asked from.
pub fn command(deed: Deed, shop: &Snapshot) -> (RegisterId, Command) {
    let Deed { kind, a, b, c } = deed;
    let register = pick(&shop.directory().registers, b).map_or(RegisterId(1), |register| register.id);
    let store = pick(&shop.directory().stores, c).map_or(StoreId(1), |store| store.id);
    let product = ProductId(u32::from(a) % shop.catalogue().bound().max(1) as u32);
    let quantity = Quantity(i64::from(c % 7) * 1000 + i64::from(b % 3) * 250);
    let customer = customer(shop, b);
    let command = match kind % KINDS {
        0..=11 => sale(shop, deed, true),
        12 | 13 => sale(shop, deed, false),
        14 | 15 => pay(shop, deed),
        16 | 17 => advance(shop, deed),
        18 => Command::CancelOrder { order: order_no(shop, a) },
        19..=21 => bring_back(shop, deed),
        22 => Command::ReturnWithoutReceipt {
            product,
            quantity,
            refund: Money(i64::from(b % 100) * 100),
            reason: text("no slip"),
            method: Method::named(Method::CASH),
            restock: c.is_multiple_of(2),
        },
        23 | 24 => Command::ReceiveStock {
            store,
            product,
            quantity,
            unit_cost: (b.is_multiple_of(3)).then(|| Money(i64::from(b % 90) * 100)),
            reason: None,
        },
        25 => Command::AdjustStock {
            store,
            product,
            quantity: Quantity(i64::from(b % 9) * 1000 - 4000),
            reason: text("broken"),
        },
        26 => Command::CountStock { store, product, counted: quantity },
        27 => Command::SaveProduct(self::product(0, a)),
        28 => Command::SaveProduct(Product { ext: text(&format!("own-{}", product.0)), ..self::product(product.0, b) }),
        29 => Command::SaveCustomer { customer: None, ext: None, details: person(a) },
        30 => Command::SaveCustomer { customer, ext: None, details: person(a) },
        31 => customer.map_or(Command::CloseShift, Command::EraseCustomer),
        32 => Command::HoldBasket { basket: basket(shop, deed) },
        33 => {
            let held = shop.held().expect("held");
            Command::RecallBasket { id: pick(&held, a).map_or(BasketId(99), |held| held.id) }
        }
        34 => Command::RecordVoids { lines: vec![(product, Money(i64::from(a))); 1 + usize::from(a % 3 == 0)] },
        35 if a.is_multiple_of(2) => Command::OpenShift { float: Money(i64::from(b) * 100) },
        35 => Command::CloseShift,
        36 => Command::AddFeedback {
            customer,
            order: (a.is_multiple_of(3)).then(|| order_no(shop, c)),
            rating: (!a.is_multiple_of(4)).then_some((a % 5) as u8 + 1),
            category: (b.is_multiple_of(2)).then(|| text("complaint")),
            text: (c.is_multiple_of(2)).then(|| text("It broke.")),
        },
        37 => Command::ResolveFeedback(FeedbackNo(u64::from(a % 8) + 1)),
        38 => Command::ChangeSettings(settings(a)),
        _ if a.is_multiple_of(2) => {
            Command::SaveRegister(Register { id: RegisterId(0), store, name: text(&format!("Till {b}")) })
        }
        _ => Command::SaveStaff(Staff {
            id: StaffId(0),
            ext: text(&format!("s{b}")),
            name: text("Somebody"),
            roles: vec![Role::Cashier],
            disabled: c.is_multiple_of(2),
        }),
    };
    (register, command)
}

fn pick<T>(list: &[T], at: u16) -> Option<&T> {
    list.get(usize::from(at).checked_rem(list.len())?)
}

fn customer(shop: &Snapshot, at: u16) -> Option<CustomerId> {
    let last = shop.last_customer().expect("the last customer").0;
    (last > 0 && !at.is_multiple_of(5)).then(|| CustomerId(u32::from(at) % last + 1))
}

/// Mostly one of the last orders: those are the ones that change.
fn order_no(shop: &Snapshot, at: u16) -> OrderNo {
    let last = shop.last_order().expect("the last order").0;
    OrderNo(last.saturating_sub(u64::from(at % 12)))
}

fn order(shop: &Snapshot, at: u16) -> Option<Order> {
    shop.order(order_no(shop, at)).expect("an order")
}

fn basket(shop: &Snapshot, deed: Deed) -> Basket {
    let Deed { a, b, c, .. } = deed;
    let mut basket = Basket::default();
    let bound = shop.catalogue().bound().max(1);
    for n in 0..1 + c % 4 {
        let id = ProductId(((usize::from(a) + usize::from(n * 5)) % bound) as u32);
        let Some(product) = shop.catalogue().product(id) else { continue };
        let quantity =
            if b % 6 == 1 { Quantity(i64::from(c % 1999) + 1) } else { Quantity::pieces(i64::from(b % 3) + 1) };
        let price = product.price.is_none().then_some(Money(12_300));
        if let Some(mut line) = BasketLine::of(product, quantity, price) {
            line.off = match (b / 3 + n) % 7 {
                0 => Some(Off::Percent(Rate(100_000))),
                1 => Some(Off::Money(Money(500))),
                _ => None,
            };
            basket.lines.push(line);
        }
    }
    basket.off = (a.is_multiple_of(9)).then_some(Off::Percent(Rate(50_000)));
    basket.customer = customer(shop, b);
    basket.note = (c.is_multiple_of(5)).then(|| text("gift wrap"));
    basket
}

fn tenders(total: Money, deed: Deed) -> Vec<Tender> {
    let tender = |method, amount, reference: Option<&str>| Tender {
        method: Method::named(method),
        amount,
        reference: reference.map(text),
    };
    if total.0 <= 0 {
        return Vec::new();
    }
    match deed.b % 5 {
        0 => vec![tender(Method::CARD, total, Some("slip 7"))],
        1 => vec![tender(Method::CASH, Money(total.0 + 10_000), None)],
        2 if total.0 > 20_000 => {
            vec![tender(Method::CARD, Money(10_000), Some("slip 8")), tender(Method::CASH, Money(total.0), None)]
        }
        3 => vec![tender(Method::TRANSFER, total, None)],
        _ => vec![tender(Method::CASH, Money((total.0 + 9_999) / 10_000 * 10_000), None)],
    }
}

fn sale(shop: &Snapshot, deed: Deed, paid: bool) -> Command {
    let basket = basket(shop, deed);
    let settings = shop.directory().settings.clone().expect("a founded shop");
    let total = basket.price(settings.tax_included, settings.currency.step()).map_or(Money(1), |priced| priced.total);
    let tenders = if paid { tenders(total, deed) } else { Vec::new() };
    Command::PlaceOrder { basket, tenders, channel: (deed.c.is_multiple_of(3)).then(|| text("counter")) }
}

fn pay(shop: &Snapshot, deed: Deed) -> Command {
    let order = order_no(shop, deed.a);
    let total = self::order(shop, deed.a).and_then(|order| order.total()).unwrap_or(Money(1));
    Command::PayOrder { order, tenders: tenders(total, deed) }
}

fn advance(shop: &Snapshot, deed: Deed) -> Command {
    let next = order(shop, deed.a).and_then(|order| order.status.next());
    Command::AdvanceOrder { order: order_no(shop, deed.a), to: next.unwrap_or(Status::Shipped) }
}

fn bring_back(shop: &Snapshot, deed: Deed) -> Command {
    let lines = order(shop, deed.a).map(|order| order.lines).unwrap_or_default();
    let wanted = lines.iter().take(1 + usize::from(deed.b % 2));
    let lines = wanted.map(|line| ReturnLine {
        line_no: line.no,
        quantity: if deed.c.is_multiple_of(2) { line.quantity } else { Quantity(line.quantity.0.min(1000)) },
        restock: !deed.c.is_multiple_of(3),
    });
    let method = (deed.b.is_multiple_of(4)).then(|| Method::named(Method::STORE_CREDIT));
    Command::ReturnLines { order: order_no(shop, deed.a), lines: lines.collect(), reason: text("too small"), method }
}
