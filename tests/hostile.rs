//! Hostile text in every field, drawn on every screen of somebody else's session: what their terminal is sent is cells and
//! the few sequences that draw them, and nothing that text brought along.

#[path = "byte_budgets/stage.rs"]
#[allow(dead_code, reason = "each test takes what it needs of it")]
mod stage;

use stage::{Terminal, ask, shop};
use till::domain::basket::{Basket, BasketLine};
use till::domain::{
    Command, Credentials, CustomerDetails, Key, Method, Note, Product, Register, Role, SavedView, Settings, Staff,
    Status, Store, Tender,
};
use till::engine::Shop;
use till::engine::presence::{Note as Said, Shown};
use till::unit::{CustomerId, Money, OrderNo, ProductId, Quantity, RegisterId, StaffId, StoreId, Text};

/// Titles, colours, clearing, C1 controls, overrides of direction, joiners, line ends, and a sequence cut short.
const EVIL: &str = "Evil \u{1b}]0;owned\u{7}\u{1b}[31m\u{1b}[2J\u{1b}P1$q\u{1b}\\\u{9b}31m\u{9d}0;x\u{9c}\u{202e}abc\u{2066}\u{200b}\
                    \u{feff}\r\n\t\u{8}\u{7f}\u{1b}[";

fn evil(what: &str) -> Text {
    Text::lossy(&format!("{what} {EVIL}"))
}

/// Puts hostile text wherever anybody can put text.
fn poison(shop: &Shop) {
    let product = Product {
        id: ProductId(0),
        ext: evil("id"),
        sku: Some(evil("sku")),
        barcodes: Vec::new(),
        name: evil("product"),
        category: Some(evil("category")),
        price: Some(Money(10_000)),
        cost: None,
        tax_rate: None,
        reorder_level: Some(Quantity::pieces(5)),
    };
    ask(shop, Command::SaveProduct(product));
    let snapshot = shop.snapshot().expect("a snapshot");
    let product = snapshot.catalogue().all().last().expect("the product").clone();
    let details = CustomerDetails {
        name: Some(evil("customer")),
        email: Some(evil("mail")),
        phone: Some(evil("phone")),
        address: Some(evil("address")),
        location: Some(evil("town")),
        gender: Some(evil("gender")),
        notes: Some(evil("notes")),
        ..CustomerDetails::default()
    };
    ask(shop, Command::SaveCustomer { customer: None, ext: Some(evil("person")), details });
    let mut customer = CustomerId(0);
    let snapshot = shop.snapshot().expect("a snapshot");
    for id in 1..5_000 {
        if snapshot.customer(CustomerId(id)).expect("reads").is_some() {
            customer = CustomerId(id);
        }
    }
    let person =
        Staff { id: StaffId(0), ext: evil("staff"), name: evil("staff"), roles: vec![Role::Cashier], disabled: false };
    ask(shop, Command::SaveStaff(person));
    let store =
        Store { id: StoreId(0), ext: evil("store"), name: evil("store"), location: Some(evil("place")), zone: None };
    ask(shop, Command::SaveStore(store));
    ask(shop, Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: evil("register") }));
    let decided = shop.snapshot().expect("a snapshot").directory().settings.clone().expect("settings");
    let (name, receipt_header, receipt_footer) = (evil("shop"), evil("header"), evil("footer"));
    ask(shop, Command::ChangeSettings(Settings { name, receipt_header, receipt_footer, ..decided }));
    let key = Key { fingerprint: evil("SHA256"), label: evil("label") };
    ask(shop, Command::SaveCredentials(Credentials { keys: vec![key], ..Credentials::none(StaffId(1)) }));
    let (category, text) = (Some(evil("matter")), Some(evil("words")));
    ask(shop, Command::AddFeedback { customer: Some(customer), order: None, rating: Some(1), category, text });
    for note in [
        Note::StrangerFailed { from: evil("from") },
        Note::KeyRefused { from: evil("from"), fingerprint: evil("print"), name: evil("called") },
        Note::Exported { what: evil("what"), to: evil("to") },
        Note::Asked { from: evil("from"), by_actor: true },
    ] {
        ask(shop, Command::Note(note));
    }
    let view = SavedView { name: evil("view"), words: Text::lossy("sales-by-product") };
    ask_if_taken(shop, Command::SaveView(view));
    let mut basket =
        Basket { customer: Some(customer), note: Some(evil("note")), reason: Some(evil("why")), ..Basket::default() };
    basket.ring(BasketLine::of(&product, Quantity::ONE, None).expect("a line"), true).expect("a basket");
    let tenders = vec![Tender {
        method: Method::named(Method::OTHER),
        amount: Money(10_000),
        reference: Some(evil("reference")),
    }];
    ask(shop, Command::HoldBasket { basket: basket.clone() });
    ask(shop, Command::PlaceOrder { basket, tenders, channel: Some(evil("channel")) });
    let order = shop.snapshot().expect("a snapshot").last_order().expect("an order");
    let line = till::domain::command::ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: false };
    ask(
        shop,
        Command::ReturnLines { order: OrderNo(order.0), lines: vec![line], reason: evil("reason"), method: None },
    );
    ask(
        shop,
        Command::AdjustStock { store: StoreId(1), product: product.id, quantity: Quantity::ONE, reason: evil("stock") },
    );
    assert_eq!(
        shop.snapshot().expect("a snapshot").order(order).expect("reads").expect("the order").status,
        Status::Paid
    );
}

/// Some text may be refused where it is given; that is an answer too.
fn ask_if_taken(shop: &Shop, command: Command) {
    let actor = till::domain::command::Actor { staff: StaffId(1), register: till::unit::RegisterId(1) };
    let request = till::domain::Request { id: shop.new_id(), actor, command };
    drop(shop.execute(request).expect("a shop that stands"));
}

#[test]
fn only_what_draws_cells_reaches_another_terminal() {
    let shop = shop();
    poison(&shop);
    for size in [(80, 24), (200, 50)] {
        let mut terminal = Terminal::new(&shop, size);
        terminal.send("evil");
        terminal.send("\x1b");
        terminal.send("\x1b");
        terminal.send("\x1bOQ");
        terminal.send("evil");
        terminal.send("\x1b");
        terminal.send("\x1b");
        for (tab, words) in [('2', "Placed"), ('3', "Product"), ('4', "Phone"), ('6', "Who works here"), ('7', "When")]
        {
            terminal.reach(&format!("\x1b{tab}"), words);
            for key in ["/evil", "\r", "\x1b[H", "\r", "\x1b", "\x1b", "\x10evil", "\x1b", "\x1b"] {
                terminal.send(key);
            }
        }
        for report in
            ["sales-by-product", "sales-by-category", "top-customers", "returns-by-reason", "sales-by-channel"]
        {
            terminal.reach("\x1b5", "Reports");
            terminal.send(&format!("/{report}"));
            terminal.reach("\r", "live");
        }
        beside_others(&shop, &mut terminal);
        assert!(seen(terminal.sent(), "Evil"), "the texts were drawn");
        only_cells(terminal.sent());
    }
}

/// Somebody hostile is at work elsewhere: what they are called, say, ask for and show comes from their session alone.
fn beside_others(shop: &Shop, terminal: &mut Terminal) {
    let snapshot = shop.snapshot().expect("a snapshot");
    let evil_one = snapshot.directory().staff.iter().find(|person| person.name.starts_with("staff Evil"));
    let evil_one = evil_one.expect("the person").id;
    let presence = terminal.presence().clone();
    let from = evil("elsewhere");
    let seat = presence.enter(Some(evil_one), RegisterId(1), &from, 0, std::sync::Arc::new(|| {}));
    let own = presence.all()[0].session;
    let id = shop.new_id();
    presence.tell(own, Said::Message(evil_one, evil("message").to_string()));
    presence.tell(own, Said::Approval(seat.session(), id, evil("question").to_string()));
    terminal.wake();
    assert!(terminal.text().contains("question Evil"), "{}", terminal.text());
    terminal.send("\x1b");
    terminal.wake();
    assert!(terminal.text().contains("message Evil"), "{}", terminal.text());
    terminal.send("\x1b");
    terminal.reach("\x1b6", "at work now");
    terminal.send("\x1b[F");
    terminal.send("w");
    seat.show(Shown { lines: vec![evil("shown").to_string(); 60], cursor: Some((3, 3)) });
    terminal.wake();
    assert!(terminal.text().contains("shown Evil"), "{}", terminal.text());
    terminal.send("x");
    // Their baskets on hold, their orders with receipt and feedback, their customers.
    terminal.reach("\x1b1", "Sale");
    for keys in ["\x1b[15~", "\x1b", "#evil", "\r", "\x1b", "\x1b", "\x1bOQ", "evil", "\r", "\x1b"] {
        terminal.send(keys);
    }
}

fn seen(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

/// Nothing but characters with a width, and CSI sequences that move, erase, colour and switch modes.
fn only_cells(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                // One row up at the top of a region scrolls it.
                if letters.next_if_eq(&'M').is_some() {
                    continue;
                }
                assert_eq!(letters.next(), Some('['), "only CSI sequences");
                let last =
                    letters.by_ref().find(|letter| !matches!(letter, '0'..='9' | ';' | '?' | '<' | '>' | '=' | ' '));
                let last = last.expect("a whole sequence");
                assert!("ABCDGHJKLMPSTXbcdhlmnqru@`".contains(last), "a sequence that ends with {last:?}");
            }
            '\r' | '\n' | '\u{8}' => {}
            letter if letter.is_control() => panic!("a control character {letter:?}"),
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => {
                panic!("a character that steers text: {letter:?}");
            }
            _ => {}
        }
    }
}
