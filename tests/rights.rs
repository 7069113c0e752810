//! Who may what: every role against every kind of command and every subcommand's reading, each cell of the table tried on a
//! real shop. What is not named is refused, and a refused command changes nothing but the record of it.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use proptest::prelude::*;
use support::clock::{Hands, seams};
use support::deed::{founding, furnishing, text};
use till::domain::basket::{Basket, BasketLine, Off};
use till::domain::command::{Actor, ReturnLine};
use till::domain::{
    Command, Credentials, CustomerDetails, Method, Note, Product, Refusal, Register, Request, Right, Role, SavedView,
    Staff, Status, Store, Tender,
};
use till::engine::Shop;
use till::unit::{
    BasketId, CustomerId, Digest, FeedbackNo, Money, OrderNo, ProductId, Quantity, Rate, RegisterId, StaffId, StoreId,
    Text,
};

const CASHIER: &[Role] = &[Role::Cashier, Role::Supervisor, Role::Manager];
const SUPERVISOR: &[Role] = &[Role::Supervisor, Role::Manager];
const CATALOGUE: &[Role] = &[Role::Manager, Role::Administrator];
const ADMINISTRATOR: &[Role] = &[Role::Administrator];
const READER: &[Role] = &[Role::Manager, Role::Accountant];
const EXCHANGE: &[Role] = &[Role::Manager, Role::Accountant, Role::Administrator];
const EVERYONE: &[Role] = &Role::ALL;

fn goods(shop: &Shop) -> Product {
    let snapshot = shop.snapshot().unwrap();
    let found = snapshot.catalogue().all().find(|product| product.price.is_some()).cloned();
    Product::clone(&found.expect("goods with a price"))
}

fn basket(shop: &Shop) -> Basket {
    let mut basket = Basket::default();
    basket.ring(BasketLine::of(&goods(shop), Quantity::ONE, None).unwrap(), true).unwrap();
    basket
}

/// What a word of another's may raise one to who sells: acts of the counter, and nothing that a shop is run by.
const LENT: [&str; 11] = [
    "advance",
    "return",
    "customer",
    "change customer",
    "feedback",
    "resolve",
    "cancel",
    "return without receipt",
    "receive",
    "adjust",
    "count",
];

/// What needs no right of its own, and so nobody's word.
const NEEDS_NONE: [&str; 2] = ["another's PIN", "note"];

/// Every kind of command, and the roles that may ask for it.
fn table(shop: &Shop) -> Vec<(&'static str, Command, &'static [Role])> {
    let product = goods(shop);
    let settings = shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let tender = |amount| Tender { method: Method::named(Method::CASH), amount: Money(amount), reference: None };
    let place = Command::PlaceOrder { basket: basket(shop), tenders: vec![tender(5_000_000)], channel: None };
    let line = ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: true };
    let person = |id: u16| Staff {
        id: StaffId(id),
        ext: text("extra"),
        name: text("Extra"),
        roles: vec![Role::Cashier],
        disabled: false,
    };
    let details = CustomerDetails { name: Some(text("Somebody")), ..CustomerDetails::default() };
    let stock = (StoreId(1), product.id);
    let again = |command: &Command| command.clone();
    vec![
        ("sell", again(&place), CASHIER),
        ("pay", Command::PayOrder { order: OrderNo(1), tenders: vec![tender(10_000)] }, CASHIER),
        ("hold", Command::HoldBasket { basket: basket(shop) }, CASHIER),
        ("recall", Command::RecallBasket { id: BasketId(1) }, CASHIER),
        ("void", Command::RecordVoids { lines: vec![(product.id, Money(10_000))] }, CASHIER),
        ("open shift", Command::OpenShift { float: Money(0) }, CASHIER),
        ("close shift", Command::CloseShift, CASHIER),
        ("advance", Command::AdvanceOrder { order: OrderNo(1), to: Status::Shipped }, CASHIER),
        (
            "return",
            Command::ReturnLines { order: OrderNo(1), lines: vec![line], reason: text("broken"), method: None },
            CASHIER,
        ),
        ("customer", Command::SaveCustomer { customer: None, ext: None, details: details.clone() }, CASHIER),
        (
            "change customer",
            Command::ChangeCustomer { customer: CustomerId(1), version: 1, ext: None, details },
            CASHIER,
        ),
        (
            "feedback",
            Command::AddFeedback { customer: None, order: None, rating: Some(5), category: None, text: None },
            CASHIER,
        ),
        ("resolve", Command::ResolveFeedback(FeedbackNo(1)), CASHIER),
        ("cancel", Command::CancelOrder { order: OrderNo(1) }, SUPERVISOR),
        (
            "return without receipt",
            Command::ReturnWithoutReceipt {
                product: product.id,
                quantity: Quantity::ONE,
                refund: Money(10_000),
                reason: text("broken"),
                method: Method::named(Method::CASH),
                restock: false,
            },
            SUPERVISOR,
        ),
        (
            "receive",
            Command::ReceiveStock {
                store: stock.0,
                product: stock.1,
                quantity: Quantity::ONE,
                unit_cost: None,
                reason: None,
            },
            SUPERVISOR,
        ),
        (
            "adjust",
            Command::AdjustStock { store: stock.0, product: stock.1, quantity: Quantity::ONE, reason: text("found") },
            SUPERVISOR,
        ),
        ("count", Command::CountStock { store: stock.0, product: stock.1, counted: Quantity::ONE }, SUPERVISOR),
        (
            "change product",
            Command::ChangeProduct { seen: Box::new(product.clone()), product: product.clone() },
            CATALOGUE,
        ),
        (
            "product",
            Command::SaveProduct(Product { id: ProductId(0), ext: text(""), sku: None, barcodes: vec![], ..product }),
            CATALOGUE,
        ),
        (
            "store",
            Command::SaveStore(Store { id: StoreId(0), ext: text(""), name: text("New"), location: None, zone: None }),
            CATALOGUE,
        ),
        (
            "register",
            Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: text("New") }),
            CATALOGUE,
        ),
        ("erase", Command::EraseCustomer(CustomerId(1)), CATALOGUE),
        ("settings", Command::ChangeSettings(settings), ADMINISTRATOR),
        ("person", Command::SaveStaff(person(0)), ADMINISTRATOR),
        ("another's PIN", Command::SaveCredentials(Credentials::none(StaffId(1))), ADMINISTRATOR),
        ("view", Command::SaveView(SavedView { name: text("mine"), words: text("sales-by-day") }), READER),
        ("forget view", Command::ForgetView(text("mine")), READER),
        ("sign out another", Command::Note(Note::SentAway { whom: StaffId(1) }), CATALOGUE),
        ("export", Command::Note(Note::Exported { what: text("orders.csv"), to: text("/tmp") }), EXCHANGE),
        ("backup", Command::Note(Note::BackedUp { to: text("/tmp/copy"), head: Digest([0; 32]) }), EXCHANGE),
        ("restore", Command::Note(Note::Restored { file: text("/tmp/copy"), head: Digest([0; 32]) }), EXCHANGE),
        ("note", Command::Note(Note::SignedOut { from: Text::lossy("") }), EVERYONE),
    ]
}

fn ask(shop: &Shop, by: StaffId, command: Command) -> Result<till::domain::Outcome, Refusal> {
    let actor = Actor { staff: by, register: RegisterId(1) };
    shop.execute(Request { id: shop.new_id(), actor, command }).expect("a sound disk")
}

/// A shop with one person of each role, by the place of the role; the founder is number 1.
fn shop() -> (tempfile::TempDir, Shop, Vec<(Role, StaffId)>) {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::create(&folder.path().join("shop.redb"), seams(&Hands::new(), 5)).unwrap();
    for command in std::iter::once(founding()).chain(furnishing()) {
        ask(&shop, StaffId(1), command).unwrap();
    }
    let mut people = Vec::new();
    for role in Role::ALL {
        let name = Text::lossy(role.word());
        let person = Staff { id: StaffId(0), ext: name.clone(), name, roles: vec![role], disabled: false };
        match ask(&shop, StaffId(1), Command::SaveStaff(person)).unwrap() {
            till::domain::Outcome::Staff(id) => people.push((role, id)),
            other => panic!("{other:?}"),
        }
    }
    (folder, shop, people)
}

#[test]
fn every_role_may_exactly_what_the_table_says() {
    let (_folder, shop, people) = shop();
    for (name, command, allowed) in table(&shop) {
        for (role, person) in &people {
            let verdict = ask(&shop, *person, command.clone());
            let refused = matches!(verdict, Err(Refusal::NotAllowed { .. }));
            assert_eq!(refused, !allowed.contains(role), "{} asks for {name}: {verdict:?}", role.word());
        }
    }
}

#[test]
fn where_a_thing_was_asked_for_lends_no_right() {
    let (_folder, shop, people) = shop();
    for (name, command, allowed) in table(&shop) {
        for (role, person) in &people {
            let (from, command) = (text("command line"), Box::new(command.clone()));
            let verdict = ask(&shop, *person, Command::From { from, by_actor: false, command });
            let refused = matches!(verdict, Err(Refusal::NotAllowed { .. }));
            assert_eq!(refused, !allowed.contains(role), "{} asks for {name}: {verdict:?}", role.word());
        }
    }
}

#[test]
fn a_disabled_person_may_nothing_at_all_from_that_moment() {
    let (_folder, shop, people) = shop();
    for (role, id) in &people {
        let person = shop.snapshot().unwrap().directory().person(*id).cloned().unwrap();
        ask(&shop, StaffId(1), Command::SaveStaff(Staff { disabled: true, ..person })).unwrap();
        for (name, command, _) in table(&shop) {
            let verdict = ask(&shop, *id, command);
            assert_eq!(verdict, Err(Refusal::Disabled), "{} asks for {name}", role.word());
        }
    }
}

/// Every role that asks, before every act, with the word of every other.
#[test]
fn approval_raises_one_who_sells_to_an_act_of_the_counter_and_nobody_to_anything_else() {
    let (_folder, shop, people) = shop();
    for (name, command, allowed) in table(&shop) {
        for (asking, actor) in &people {
            for (role, approver) in &people {
                let approved = Command::Approved { by: *approver, command: Box::new(command.clone()) };
                let verdict = ask(&shop, *actor, approved);
                let cell = format!("{} asks for {name} with the word of a {}: {verdict:?}", asking.word(), role.word());
                let lends = approver != actor && role.allows(Right::Approve) && !NEEDS_NONE.contains(&name);
                assert_eq!(matches!(verdict, Err(Refusal::CannotApprove { .. })), !lends, "{cell}");
                let raised = CASHIER.contains(asking) && LENT.contains(&name) && allowed.contains(role);
                let refused = matches!(verdict, Err(Refusal::NotAllowed { .. }));
                assert_eq!(refused, lends && !allowed.contains(asking) && !raised, "{cell}");
            }
        }
    }
}

#[test]
fn approval_of_a_price_raises_whoever_sells_and_is_never_ones_own_nor_approved_again() {
    let (_folder, shop, people) = shop();
    let of = |wanted: Role| people.iter().find(|(role, _)| *role == wanted).map(|(_, id)| *id).unwrap();
    let mut cheap = basket(&shop);
    cheap.lines[0].off = Some(Off::Percent(Rate(500_000)));
    let command = || Box::new(Command::PlaceOrder { basket: cheap.clone(), tenders: Vec::new(), channel: None });
    let cashier = of(Role::Cashier);
    assert!(matches!(ask(&shop, cashier, *command()), Err(Refusal::DiscountTooLarge { .. })));
    for by in [of(Role::Cashier), of(Role::Accountant), of(Role::Administrator)] {
        let approved = Command::Approved { by, command: command() };
        assert!(matches!(ask(&shop, cashier, approved), Err(Refusal::CannotApprove { .. })));
    }
    let approved = Command::Approved { by: of(Role::Supervisor), command: command() };
    ask(&shop, cashier, approved.clone()).unwrap();
    for other in [of(Role::Accountant), of(Role::Administrator)] {
        let verdict = ask(&shop, other, approved.clone());
        assert!(matches!(verdict, Err(Refusal::NotAllowed { .. })), "{verdict:?}");
    }
    let twice = Command::Approved { by: of(Role::Manager), command: Box::new(approved) };
    assert!(matches!(ask(&shop, cashier, twice), Err(Refusal::CannotApprove { .. })));
}

#[test]
fn a_command_stands_in_one_place_and_no_deeper() {
    let (_folder, shop, people) = shop();
    let (_, command, _) = table(&shop).into_iter().find(|(name, ..)| *name == "note").unwrap();
    let from = |command| Command::From { from: text("command line"), by_actor: false, command: Box::new(command) };
    let (_, cashier) = people.iter().find(|(role, _)| *role == Role::Cashier).unwrap();
    ask(&shop, *cashier, from(command.clone())).unwrap();
    let before = shop.published();
    for depth in [2, 3, 500] {
        let nested = (0..depth).fold(command.clone(), |command, _| from(command));
        assert_eq!(ask(&shop, *cashier, nested.clone()), Err(Refusal::Nested));
        let (_, by) = people.iter().find(|(role, _)| *role == Role::Supervisor).unwrap();
        let approved = Command::Approved { by: *by, command: Box::new(nested) };
        assert!(matches!(ask(&shop, *cashier, approved), Err(Refusal::CannotApprove { .. })));
    }
    assert_eq!(shop.published(), before, "nothing of it is kept");
}

/// What may happen to three people at work, each by their number: other roles, an end or a new beginning, an act asked for
/// alone or with the word of somebody.
#[derive(Debug, Clone)]
enum Step {
    Roles(usize, u8),
    Works(usize, bool),
    Asks(usize, usize, Option<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..3_usize, 1..32_u8).prop_map(|(who, bits)| Step::Roles(who, bits)),
        1 => (0..3_usize, any::<bool>()).prop_map(|(who, works)| Step::Works(who, works)),
        9 => (0..3_usize, any::<usize>(), prop::option::of(0..3_usize)).prop_map(|(who, what, by)| Step::Asks(who, what, by)),
    ]
}

/// The people as a plain reading of the rules has them.
struct People(Vec<Staff>);

impl People {
    fn is(&self, who: usize, roles: &[Role]) -> bool {
        !self.0[who].disabled && self.0[who].roles.iter().any(|role| roles.contains(role))
    }

    fn change(&mut self, shop: &Shop, who: usize, change: impl FnOnce(&mut Staff)) {
        change(&mut self.0[who]);
        ask(shop, StaffId(1), Command::SaveStaff(self.0[who].clone())).unwrap();
    }

    /// Whether it is refused as nobody's to allow, and whether as not theirs.
    fn refused(&self, who: usize, name: &str, allowed: &[Role], by: Option<usize>) -> (bool, bool) {
        if self.0[who].disabled {
            return (false, true);
        }
        let own = name == "note" || self.is(who, allowed);
        let Some(by) = by else { return (false, !own) };
        let lends = by != who && self.is(by, SUPERVISOR) && !NEEDS_NONE.contains(&name);
        let raised = self.is(who, CASHIER) && LENT.contains(&name) && self.is(by, allowed);
        (!lends, lends && !own && !raised)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever came before, everyone may what their roles of this moment allow, and nothing more; what is refused is as if
    /// it had never been asked.
    #[test]
    fn no_history_lets_anybody_do_what_their_roles_forbid_now(steps in prop::collection::vec(step(), 1..60)) {
        let (_folder, shop, people) = shop();
        let snapshot = shop.snapshot().unwrap();
        let first = people.iter().take(3).map(|(_, id)| snapshot.directory().person(*id).cloned().unwrap());
        let (mut people, table) = (People(first.collect()), table(&shop));
        for step in steps {
            match step {
                Step::Roles(who, bits) => {
                    let roles = Role::ALL.into_iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
                    let roles = roles.map(|(_, role)| role).collect();
                    people.change(&shop, who, |person| person.roles = roles);
                }
                Step::Works(who, works) => people.change(&shop, who, |person| person.disabled = !works),
                Step::Asks(who, what, by) => {
                    let (name, command, allowed) = &table[what % table.len()];
                    let command = match by {
                        Some(by) => Command::Approved { by: people.0[by].id, command: Box::new(command.clone()) },
                        None => command.clone(),
                    };
                    let before = shop.published();
                    let verdict = ask(&shop, people.0[who].id, command);
                    let cannot = matches!(verdict, Err(Refusal::CannotApprove { .. }));
                    let refused = matches!(verdict, Err(Refusal::NotAllowed { .. } | Refusal::Disabled));
                    prop_assert_eq!((cannot, refused), people.refused(who, name, allowed, by), "{}: {:?}", name, verdict);
                    prop_assert_eq!(shop.published() == before, verdict.is_err());
                }
            }
        }
    }
}
