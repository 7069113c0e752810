//! Puts hostile text wherever anybody can put text: by an import where files may bring it, else by a command.
//!
//! Knows the records, and nothing of screens.

use super::fields::marked;
use super::stage::ask;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use till::domain::basket::{Basket, BasketLine};
use till::domain::change::Details;
use till::domain::command::{Actor, ReturnLine};
use till::domain::{
    Command, Credentials, CustomerDetails, Key, Method, Note, Product, Register, Request, Role, SavedView, Settings,
    Staff, Store, Tender,
};
use till::engine::{Bulk, Shop};
use till::unit::{CustomerId, Digest, Money, OrderNo, Quantity, RegisterId, StaffId, StoreId, Text};

/// What every hostile text holds, and nothing else does.
pub const MARK: &str = "Evil";

/// Titles, colours, clearing, C1 controls, overrides of direction, joiners, line ends, and a sequence cut short.
pub const EVIL: &str = "\u{1b}]0;owned\u{7}\u{1b}[31m\u{1b}[2J\u{1b}P1$q\u{1b}\\\u{9b}31m\u{9d}0;x\u{9c}\u{202e}abc\u{2066}\u{200b}\
                        \u{feff}\r\n\t\u{8}\u{7f}a\u{200d}b\u{fe0f}\u{e0041}\u{2028}e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\
                        漢字\u{5e9}\u{5dc}\u{85}\u{61c}\u{ad}\u{1b}[";

/// How hostile text comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Through the doors there are, each of which cleans what it takes.
    Doors,
    /// Past them all, as in a shop file that somebody wrote by other means: nothing is clean.
    Forged,
}

/// A hostile text, as a door leaves it.
pub fn evil(what: &str) -> Text {
    Text::lossy(&raw(what))
}

/// The same as it is given.
pub fn raw(what: &str) -> String {
    format!("\u{1b}[2J\u{202e}漢\u{200d} {MARK}{what} {EVIL}")
}

/// The same in an id, which is kept as it is or not taken.
fn id(what: &str) -> String {
    let id = format!("漢{MARK}{what}-e\u{30c}\u{301}\u{5e9}");
    assert!(Text::id(&id).is_ok());
    id
}

/// Makes what is marked in a record as hostile as it was given.
pub fn forged<T: Serialize + DeserializeOwned>(record: T) -> T {
    fn forge(value: &mut Value) {
        match value {
            Value::String(text) if text.contains(MARK) => {
                *text = format!("\u{1b}]0;x\u{7}\u{1b}[2J\u{9b}31m\u{2028}\u{202e} {text} {EVIL}")
            }
            Value::Array(all) => all.iter_mut().for_each(forge),
            Value::Object(all) => all.values_mut().for_each(forge),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(&record).expect("a record");
    forge(&mut value);
    serde_json::from_value(value).expect("the same record")
}

/// A text that was never cleaned, as one read back from a file is not.
fn unclean(text: &str) -> Text {
    serde_json::from_value(Value::String(text.to_owned())).expect("a text")
}

/// Whoever puts it in.
pub struct Poisoner<'a> {
    shop: &'a Shop,
    way: Way,
}

impl<'a> Poisoner<'a> {
    /// One for this shop.
    pub fn new(shop: &'a Shop, way: Way) -> Poisoner<'a> {
        Poisoner { shop, way }
    }

    /// All of it.
    pub fn all(&self) {
        self.import();
        self.records();
        self.changes();
        self.notes();
        self.trade();
    }

    fn made<T: Serialize + DeserializeOwned>(&self, record: T) -> T {
        if self.way == Way::Forged { forged(record) } else { record }
    }

    fn ask(&self, command: Command) {
        ask(self.shop, self.made(command));
    }

    fn as_person(&self, staff: StaffId, command: Command) {
        let actor = Actor { staff, register: RegisterId(1) };
        let request = Request { id: self.shop.new_id(), actor, command: self.made(command) };
        drop(self.shop.execute(request).expect("a shop that stands"));
    }

    /// What files can bring, in every column of text.
    fn import(&self) {
        let folder = tempfile::tempdir().expect("a folder");
        let field = |what: &str| format!("\"{}\"", raw(what).replace('"', "\"\""));
        let files = [
            (
                "stores.csv",
                format!("id,name,location,timezone\n{},{},{},\n", id("storeid"), field("storename"), field("place")),
            ),
            (
                "products.csv",
                format!(
                    "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n{},{},{},{},{},3,1,0.2,9\n",
                    id("productid"),
                    id("sku"),
                    id("barcode"),
                    field("productname"),
                    field("category")
                ),
            ),
            ("inventory.csv", format!("store_id,product_id,quantity\n{},{},2\n", id("storeid"), id("productid"))),
            (
                "customers.csv",
                format!(
                    "id,name,email,phone,address,location,gender,birth_date,registered_on,notes\n\
                     {},{},{},{},{},{},{},1990-01-01,2024-01-01,{}\n",
                    id("customerid"),
                    field("customername"),
                    field("mail"),
                    field("phone"),
                    field("address"),
                    field("town"),
                    field("gender"),
                    field("notes")
                ),
            ),
            (
                "orders.csv",
                format!(
                    "id,store_id,customer_id,ordered_at,status,payment_method,receipt,register,cashier,channel,note\n\
                     {0},{1},{2},2026-05-01T10:00:00,paid,{3},{4},{5},{6},{7},{8}\n\
                     {0}-2,{1},{2},2026-05-01T11:00:00,paid,{3},,{5},{6},{7},{8}\n",
                    id("orderid"),
                    id("storeid"),
                    id("customerid"),
                    field("method"),
                    id("receipt"),
                    id("register"),
                    id("cashier"),
                    field("channel"),
                    field("ordernote")
                ),
            ),
            (
                "order_lines.csv",
                format!(
                    "order_id,line_no,product_id,quantity,unit_price,discount,tax\n{0},1,{1},2,3,0,0\n{0}-2,1,{1},2,3,0,0\n",
                    id("orderid"),
                    id("productid")
                ),
            ),
            (
                "payments.csv",
                format!(
                    "order_id,line_no,method,amount,reference,paid_at\n{},1,{},6,{},\n",
                    id("orderid"),
                    field("method"),
                    field("reference")
                ),
            ),
            (
                "returns.csv",
                format!(
                    "id,order_id,line_no,quantity,reason,returned_at,refund,method\n{},{},1,1,{},2026-05-02,3,{}\n",
                    id("returnid"),
                    id("orderid"),
                    field("returnreason"),
                    field("method")
                ),
            ),
            (
                "feedback.csv",
                format!(
                    "id,customer_id,order_id,rating,category,text,created_at,status\n{},{},{},1,{},{},2026-05-03,open\n",
                    id("feedbackid"),
                    id("customerid"),
                    id("orderid"),
                    field("feedbackcategory"),
                    field("feedbacktext")
                ),
            ),
        ];
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let snapshot = self.shop.snapshot().expect("a snapshot");
        let read = till::exchange::read(folder.path(), &snapshot, false, &|_, _| ());
        let bulk = read.unwrap_or_else(|why| panic!("{why}"));
        drop(snapshot);
        self.shop.import(self.bulk(bulk), |_| ()).expect("a sound import");
    }

    fn bulk(&self, bulk: Bulk) -> Bulk {
        let orders: Vec<_> = bulk.orders.map(|order| Ok(self.made(order.expect("a sound order")))).collect();
        Bulk {
            stores: self.made(bulk.stores),
            registers: self.made(bulk.registers),
            staff: self.made(bulk.staff),
            products: self.made(bulk.products),
            customers: self.made(bulk.customers),
            orders: Box::new(orders.into_iter()),
            returns: self.made(bulk.returns),
            feedback: self.made(bulk.feedback),
            from: Some(self.made(evil("importedfrom"))),
            ..bulk
        }
    }

    /// What a person writes into the records.
    fn records(&self) {
        let person = Staff {
            id: StaffId(0),
            ext: evil("staffid"),
            name: evil("staffname"),
            roles: vec![Role::Manager, Role::Administrator],
            disabled: false,
        };
        self.ask(Command::SaveStaff(person));
        self.ask(Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: evil("ownregister") }));
        let decided = self.shop.snapshot().expect("a snapshot").directory().settings.clone().expect("settings");
        let (name, receipt_header, receipt_footer) = (evil("shopname"), evil("header"), evil("footer"));
        self.ask(Command::ChangeSettings(Settings { name, receipt_header, receipt_footer, ..decided }));
        let key = Key { fingerprint: evil("fingerprint"), label: evil("label") };
        self.ask(Command::SaveCredentials(Credentials { keys: vec![key], ..Credentials::none(self.person()) }));
        // A view's name is one word, whoever gives it.
        let name = |what: &str| match self.way {
            Way::Doors => Text::lossy(&id(what)),
            Way::Forged => unclean(&format!("\u{1b}[2J\u{202e}{MARK}{what}\u{9b}31m\u{200d}\u{1b}[")),
        };
        let view = |what: &str, words: &str| SavedView { name: name(what), words: Text::lossy(words) };
        ask(self.shop, Command::SaveView(view("viewname", "sales-by-product")));
        let words = format!("sales-by-product --where product={MARK}viewwords");
        ask(self.shop, Command::SaveView(view("viewcut", &words)));
        ask(self.shop, Command::SaveView(view("viewgone", "sales-by-day")));
        ask(self.shop, Command::ForgetView(name("viewgone")));
    }

    /// Every record once more, with other words: the audit tells both.
    fn changes(&self) {
        for name in ["productrenamed", "productagain"] {
            let snapshot = self.shop.snapshot().expect("a snapshot");
            let product = Product::clone(snapshot.catalogue().all().next().expect("a product"));
            let category = Some(evil("recategorised"));
            self.ask(Command::SaveProduct(Product { name: evil(name), category, barcodes: Vec::new(), ..product }));
        }
        let store = Store { id: StoreId(0), ext: evil("newstore"), name: evil("newstore"), location: None, zone: None };
        self.ask(Command::SaveStore(store));
        let customer = Some(self.customer());
        let details = CustomerDetails {
            name: Some(evil("customerrenamed")),
            email: Some(evil("mail")),
            phone: Some(evil("phone")),
            address: Some(evil("address")),
            location: Some(evil("town")),
            gender: Some(evil("gender")),
            birth_date: None,
            notes: Some(evil("notes")),
        };
        self.ask(Command::SaveCustomer { customer, ext: None, details });
    }

    fn notes(&self) {
        let head = Digest([7; 32]);
        for note in [
            Note::SignedIn { from: evil("signedin") },
            Note::SignInFailed { from: evil("failed"), locked: true },
            Note::SignedOut { from: evil("signedout") },
            Note::Refused { what: evil("refused") },
            Note::StrangerFailed { from: evil("stranger") },
            Note::KeyRefused { from: evil("keyfrom"), fingerprint: evil("print"), name: evil("called") },
            Note::MoreKeysRefused { from: evil("morekeys") },
            Note::Exported { what: evil("exported"), to: evil("exportedto") },
            Note::Asked { from: evil("asked"), by_actor: true },
            Note::BackedUp { to: evil("backup"), head },
            Note::Restored { file: evil("restored"), head },
        ] {
            self.as_person(self.person(), Command::Note(note));
        }
    }

    /// Baskets on hold, sales, what comes back and what is said.
    fn trade(&self) {
        let (product, customer) = (self.product(), self.customer());
        let mut basket = Basket {
            customer: Some(customer),
            note: Some(evil("basketnote")),
            reason: Some(evil("discountreason")),
            ..Basket::default()
        };
        basket.ring(BasketLine::of(&product, Quantity::ONE, None).expect("a line"), true).expect("a basket");
        let percent = till::domain::basket::Off::Money(Money(1_000));
        basket.off = Some(percent);
        self.as_person(self.person(), Command::HoldBasket { basket: basket.clone() });
        let decided = self.shop.snapshot().expect("a snapshot").directory().settings.clone().expect("settings");
        let due = basket.price(decided.tax_included, Money(100)).expect("a price").total;
        let tender = |amount: i64| Tender {
            method: Method(evil("tendermethod")),
            amount: Money(amount),
            reference: Some(evil("tenderreference")),
        };
        let channel = Some(evil("channel"));
        let cash = Tender { method: Method::named(Method::CASH), amount: Money(10_000), reference: None };
        let tenders = vec![tender(due.0 - 10_000), cash];
        self.ask(Command::PlaceOrder { basket: basket.clone(), tenders, channel: channel.clone() });
        let order = self.shop.snapshot().expect("a snapshot").last_order().expect("an order");
        let line = ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: false };
        let reason = evil("backreason");
        self.ask(Command::ReturnLines { order: OrderNo(order.0), lines: vec![line], reason, method: None });
        self.ask(Command::PlaceOrder { basket, tenders: Vec::new(), channel });
        let order = self.shop.snapshot().expect("a snapshot").last_order().expect("an order");
        self.ask(Command::PayOrder { order, tenders: vec![tender(due.0)] });
        let (category, text) = (Some(evil("matter")), Some(evil("words")));
        self.ask(Command::AddFeedback { customer: Some(customer), order: None, rating: Some(1), category, text });
        let (store, quantity) = (StoreId(1), Quantity::ONE);
        self.ask(Command::AdjustStock { store, product: product.id, quantity, reason: evil("stockreason") });
    }

    /// The person of hostile names who came with a command.
    pub fn person(&self) -> StaffId {
        let snapshot = self.shop.snapshot().expect("a snapshot");
        let staff = snapshot.directory().staff.iter().find(|person| person.name.contains("Evilstaffname"));
        staff.expect("the person").id
    }

    fn product(&self) -> Product {
        let snapshot = self.shop.snapshot().expect("a snapshot");
        let found = snapshot.catalogue().all().find(|product| product.ext.contains("Evilproductid")).cloned();
        Product::clone(&found.expect("the product"))
    }

    /// The customer who came with the import.
    pub fn customer(&self) -> CustomerId {
        self.shop.snapshot().expect("a snapshot").last_customer().expect("a customer")
    }
}

/// Where marked texts stand, and the letters behind each mark.
pub type Marked = BTreeSet<(String, String)>;

/// The marked texts of the journal, and of the details beside it.
pub fn marked_in(shop: &Shop) -> (Marked, Marked) {
    let (mut changes, mut details) = (Marked::new(), Marked::new());
    let snapshot = shop.snapshot().expect("a snapshot");
    let read = snapshot.entries_back(till::unit::Seq(u64::MAX), &mut |entry| {
        for change in &entry.changes {
            changes.extend(marked(&serde_json::to_value(change).expect("a change"), MARK));
        }
        true
    });
    read.expect("a journal");
    let mut see = |of: Details| details.extend(marked(&serde_json::to_value(of).expect("details"), MARK));
    let customer = snapshot.last_customer().expect("a customer");
    if let Some((_, Some(known))) = snapshot.customer(customer).expect("reads") {
        see(Details::Customer(known));
    }
    for no in snapshot.orders_of(customer).expect("orders") {
        let order = snapshot.order(no).expect("reads").expect("the order");
        if let Some(known) = snapshot.order_details(&order).expect("reads") {
            see(Details::Order(known));
        }
    }
    for no in snapshot.feedback_of(customer).expect("feedback") {
        if let Some((_, Some(text))) = snapshot.feedback(no).expect("reads") {
            see(Details::Feedback(text));
        }
    }
    for held in snapshot.held().expect("baskets on hold") {
        if let Some(note) = held.basket.note {
            see(Details::Basket(note));
        }
    }
    (changes, details)
}
