//! People in a shop file: found by any word, forgotten to the last byte, and baskets whose numbers are never given twice.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use std::path::Path;
use support::clock::{Hands, seams};
use support::deed::{founding, furnishing, text};
use till::domain::basket::{Basket, BasketLine};
use till::domain::change::Subject;
use till::domain::command::{Actor, Verdict};
use till::domain::{Change, Command, CustomerDetails, Method, Outcome, Refusal, Request, Role, Staff, Tender};
use till::engine::verify::verify;
use till::engine::{Shop, Snapshot};
use till::store::journal::{self, Entry};
use till::store::orders::Unfiled;
use till::store::{ShopFile, apply, details, file};
use till::unit::{BasketId, CustomerId, FeedbackNo, Money, OrderNo, Quantity, RegisterId, Seq, StaffId, Stamp, Zone};

fn ask(shop: &Shop, command: Command) -> Verdict {
    let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
    shop.execute(Request { id: shop.new_id(), actor, command }).expect("a sound disk")
}

fn shop_at(path: &Path) -> Shop {
    let shop = Shop::create(path, seams(&Hands::new(), 5)).expect("a new shop");
    for command in std::iter::once(founding()).chain(furnishing()) {
        ask(&shop, command).expect("furnishing");
    }
    shop
}

fn open(path: &Path) -> Shop {
    Shop::open(path, seams(&Hands::new(), 6), |_| {}).expect("a shop")
}

fn person(name: &str, phone: &str, place: &str) -> CustomerDetails {
    CustomerDetails {
        name: Some(text(name)),
        phone: Some(text(phone)),
        location: Some(text(place)),
        ..CustomerDetails::default()
    }
}

fn add(shop: &Shop, details: CustomerDetails) -> CustomerId {
    match ask(shop, Command::SaveCustomer { customer: None, ext: None, details }) {
        Ok(Outcome::Customer(id)) => id,
        other => panic!("{other:?}"),
    }
}

/// One of the first thing that has a price.
fn basket(shop: &Shop) -> Basket {
    let product = shop.snapshot().unwrap().catalogue().all().find(|product| product.price.is_some()).cloned();
    let mut basket = Basket::default();
    basket.ring(BasketLine::of(&product.unwrap(), Quantity::ONE, None).unwrap(), true).unwrap();
    basket
}

/// A sale with a remark, paid by a transfer that is named.
fn sell(shop: &Shop, customer: Option<CustomerId>, note: &str, reference: &str) -> OrderNo {
    let basket = Basket { customer, note: Some(text(note)), ..basket(shop) };
    let settings = shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let amount = basket.price(settings.tax_included, settings.currency.step()).unwrap().total;
    assert_ne!(amount, Money::ZERO);
    let method = Method::named(Method::TRANSFER);
    let tenders = vec![Tender { method, amount, reference: Some(text(reference)) }];
    match ask(shop, Command::PlaceOrder { basket, tenders, channel: None }) {
        Ok(Outcome::Ordered { order, .. }) => order,
        other => panic!("{other:?}"),
    }
}

fn say(shop: &Shop, customer: Option<CustomerId>, order: Option<OrderNo>, words: &str) -> FeedbackNo {
    let (rating, category) = (Some(2), Some(text("complaint")));
    match ask(shop, Command::AddFeedback { customer, order, rating, category, text: Some(text(words)) }) {
        Ok(Outcome::Feedback(no)) => no,
        other => panic!("{other:?}"),
    }
}

fn words(shop: &Shop, no: FeedbackNo) -> Option<String> {
    shop.snapshot().unwrap().feedback(no).unwrap().expect("the piece itself").1.map(|words| words.to_string())
}

fn holds(path: &Path, words: &str) -> bool {
    let bytes = std::fs::read(path).expect("a file");
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[test]
fn of_whoever_was_forgotten_no_byte_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let forgotten = add(&shop, person("Zebulon Quackenbush", "555 777 1234", "Nowhereville"));
    add(&shop, person("Persephone Stays", "555 000 9999", "Hereville"));
    shop.close().expect("closing");
    assert!(holds(&path, "Zebulon Quackenbush"), "the test looks for what is really written");

    let shop = open(&path);
    ask(&shop, Command::EraseCustomer(forgotten)).expect("nothing is open");
    shop.close().expect("closing");
    assert!(!holds(&path, "Zebulon") && !holds(&path, "Nowhereville") && !holds(&path, "777 1234"));
    assert!(holds(&path, "Persephone Stays"));

    let shop = open(&path);
    verify(&shop.snapshot().expect("a snapshot"), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
}

#[test]
fn with_a_person_go_the_words_of_what_they_ordered_and_said_and_no_figure() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let (zoe, otto) = (add(&shop, person("Zoe", "", "Here")), add(&shop, person("Otto", "", "There")));
    let (old, kept) =
        (sell(&shop, Some(zoe), "ring at Quagmire", "IBAN-QQ1"), sell(&shop, Some(otto), "Ottos", "REF-O"));
    let (signed, others) =
        (say(&shop, Some(zoe), None, "the quince was bad"), say(&shop, Some(otto), Some(old), "mine"));
    shop.seal().expect("sealing");
    // These are not in any segment yet.
    let fresh = sell(&shop, Some(zoe), "leave at Quagmire", "IBAN-QQ2");
    let unsigned = say(&shop, None, Some(old), "the quince again");
    shop.close().expect("closing");
    assert!(holds(&path, "Quagmire") && holds(&path, "IBAN-QQ") && holds(&path, "quince"), "what is really written");

    let shop = open(&path);
    let sold = |shop: &Shop| [old, fresh, kept].map(|no| shop.snapshot().unwrap().order(no).unwrap().unwrap());
    let before = sold(&shop);
    ask(&shop, Command::EraseCustomer(zoe)).expect("nothing is open");
    let later = say(&shop, Some(zoe), Some(old), "back again");
    let look = |shop: &Shop| {
        assert_eq!(sold(shop), before, "orders are what they were");
        let snapshot = shop.snapshot().unwrap();
        assert_eq!(snapshot.order_details(&before[0]).unwrap(), None);
        assert_eq!(snapshot.order_details(&before[1]).unwrap(), None);
        assert_eq!(snapshot.order_details(&before[2]).unwrap().unwrap().references, [(1, text("REF-O"))]);
        let said = snapshot.feedback(signed).unwrap().unwrap().0;
        assert_eq!((said.customer, said.rating, said.category.as_deref()), (Some(zoe), Some(2), Some("complaint")));
        assert_eq!([words(shop, signed), words(shop, unsigned)], [None, None]);
        assert_eq!(words(shop, others).as_deref(), Some("mine"));
        assert_eq!(words(shop, later).as_deref(), Some("back again"), "said after the erasure");
        verify(&snapshot, None, &|_, _| {}).expect("a sound shop");
    };
    look(&shop);
    shop.close().expect("closing");
    assert!(!holds(&path, "Quagmire") && !holds(&path, "IBAN-QQ") && !holds(&path, "quince"));
    assert!(holds(&path, "back again") && holds(&path, "REF-O"));
    // Of another seed: an id that was used before would only be answered again.
    let shop = Shop::open(&path, seams(&Hands::new(), 7), |_| {}).expect("a shop");
    look(&shop);
    ask(&shop, Command::EraseCustomer(zoe)).expect("once more");
    assert_eq!(words(&shop, later), None);
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
}

fn hold(shop: &Shop, customer: CustomerId, note: &str) -> BasketId {
    let basket = Basket { customer: Some(customer), note: Some(text(note)), ..basket(shop) };
    match ask(shop, Command::HoldBasket { basket }) {
        Ok(Outcome::Held(id)) => id,
        other => panic!("{other:?}"),
    }
}

fn take_up(shop: &Shop, id: BasketId) -> Option<String> {
    match ask(shop, Command::RecallBasket { id }) {
        Ok(Outcome::Recalled(basket)) => basket.note.map(|note| note.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_noted_of_a_basket_on_hold_goes_with_it_and_is_never_in_the_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let (zoe, otto) = (add(&shop, person("Zoe", "", "Here")), add(&shop, person("Otto", "", "There")));
    let baskets =
        [hold(&shop, zoe, "Quagmire waits"), hold(&shop, zoe, "Quagmire again"), hold(&shop, otto, "for Otto")];
    assert_eq!(take_up(&shop, baskets[0]).as_deref(), Some("Quagmire waits"));
    shop.close().expect("closing");
    assert!(holds(&path, "Quagmire again"), "what is really written");
    let shop = open(&path);
    let snapshot = shop.snapshot().unwrap();
    let entries = format!("{:?}", snapshot.entries(Seq(snapshot.seq().0 + 1), usize::MAX).unwrap());
    assert!(entries.contains("BasketNoted") && entries.contains("Recalled"), "the test looks at the right entries");
    assert!(!entries.contains("Quagmire") && !entries.contains("for Otto"), "{entries}");
    let noted =
        |snapshot: &Snapshot| snapshot.held().unwrap().into_iter().map(|held| held.basket.note).collect::<Vec<_>>();
    assert_eq!(noted(&snapshot), [Some(text("Quagmire again")), Some(text("for Otto"))]);
    verify(&snapshot, None, &|_, _| {}).expect("a sound shop");
    drop(snapshot);
    ask(&shop, Command::EraseCustomer(zoe)).expect("nothing is open");
    assert_eq!(noted(&shop.snapshot().unwrap()), [None, Some(text("for Otto"))]);
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
    assert!(!holds(&path, "Quagmire") && holds(&path, "for Otto"));
    // Of another seed, as above.
    let shop = Shop::open(&path, seams(&Hands::new(), 7), |_| {}).expect("a shop");
    assert_eq!(take_up(&shop, baskets[1]), None, "the goods are there still");
    assert_eq!(take_up(&shop, baskets[2]).as_deref(), Some("for Otto"));
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
}

#[test]
fn a_basket_from_before_notes_stood_outside_the_chain_is_proved_and_taken_up_with_its_note() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let basket = Basket { note: Some(text("as of old")), ..basket(&shop) };
    let last = shop.snapshot().unwrap().entries(Seq(shop.published().0 + 1), 1).unwrap().remove(0);
    shop.close().expect("closing");
    let stored = ShopFile::open(&path, |_| {}).expect("a shop file");
    let txn = stored.write().expect("a transaction");
    let head = journal::head(&*txn).expect("a head");
    let at = Stamp::at(last.at_ms, &Zone::utc());
    let held = Change::BasketHeld { id: BasketId(1), basket, by: StaffId(1), at };
    let (seq, previous) = (Seq(head.seq.0 + 1), head.hash);
    let entry = Entry { seq, previous, outcome: Outcome::Held(BasketId(1)), changes: vec![held], ..last };
    apply::apply(&txn, seq, &entry.changes, &[], &mut Unfiled::default()).expect("writing");
    journal::append(&txn, &entry).expect("writing");
    file::commit(txn).expect("a commit");
    stored.close().expect("closing");
    let shop = open(&path);
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    assert_eq!(take_up(&shop, BasketId(1)).as_deref(), Some("as of old"));
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
}

#[test]
fn words_that_nobody_asked_to_forget_are_missed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let zoe = add(&shop, person("Zoe", "", "Here"));
    say(&shop, Some(zoe), None, "gone");
    ask(&shop, Command::EraseCustomer(zoe)).expect("nothing is open");
    let later = say(&shop, Some(zoe), None, "said after the erasure");
    let order = sell(&shop, Some(zoe), "bought after it", "REF");
    let noted = hold(&shop, zoe, "put aside after it");
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
    for missing in [Subject::Feedback(later), Subject::Order(order), Subject::Basket(noted)] {
        let copy = folder.path().join("copy.redb");
        std::fs::copy(&path, &copy).expect("a copy");
        let stored = ShopFile::open(&copy, |_| {}).expect("a shop file");
        let txn = stored.write().expect("a transaction");
        details::erase(&txn, std::iter::once(missing)).expect("erasing");
        file::commit(txn).expect("a commit");
        stored.close().expect("closing");
        let shop = open(&copy);
        let fault = verify(&shop.snapshot().unwrap(), None, &|_, _| {}).expect_err("words are missing");
        assert!(fault.to_string().contains("missing"), "{fault}");
        shop.close().expect("closing");
    }
}

#[test]
fn forgetting_is_made_good_at_opening_where_closing_never_came() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let copy = folder.path().join("copy.redb");
    let shop = shop_at(&path);
    let forgotten = add(&shop, person("Zebulon Quackenbush", "555 777 1234", "Nowhereville"));
    shop.seal().expect("sealing");
    ask(&shop, Command::EraseCustomer(forgotten)).expect("nothing is open");
    // As after a cut: the file without a close.
    std::fs::copy(&path, &copy).expect("a copy");
    shop.close().expect("closing");
    let shop = open(&copy);
    verify(&shop.snapshot().expect("a snapshot"), None, &|_, _| {}).expect("a sound shop");
    shop.close().expect("closing");
    assert!(!holds(&copy, "Zebulon"));
}

#[test]
fn customers_are_found_by_any_word_as_they_are_now() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = shop_at(&folder.path().join("shop.redb"));
    let ines = add(&shop, person("Inés Keller", "+49 (555) 01-01 22", "Hamburg"));
    assert_eq!(shop.snapshot().unwrap().search_customers("ines", 9).unwrap(), None, "not before the table is full");
    shop.fill_search();
    let find = |words: &str| loop {
        if let Some(found) = shop.snapshot().unwrap().search_customers(words, 9).unwrap() {
            return found;
        }
        std::thread::yield_now();
    };
    for words in ["ines", "kel ine", "Keller", "hamb", "555010", "555 01 01"] {
        assert_eq!(find(words), [ines], "{words}");
    }
    let otto = add(&shop, person("Otto Keller", "555 0199 33", "Kiel"));
    assert_eq!(find("keller").len(), 2);
    ask(&shop, Command::SaveCustomer { customer: Some(otto), ext: None, details: person("Otto Brandt", "", "Kiel") })
        .expect("a change");
    assert_eq!(find("keller"), [ines]);
    assert_eq!(find("brandt"), [otto]);
    ask(&shop, Command::EraseCustomer(ines)).expect("nothing is open");
    assert!(find("ines").is_empty() && find("hamburg").is_empty());
}

#[test]
fn the_number_of_a_held_basket_is_never_given_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = shop_at(&path);
    let hold = |shop: &Shop| match ask(shop, Command::HoldBasket { basket: basket(shop) }) {
        Ok(Outcome::Held(id)) => id,
        other => panic!("{other:?}"),
    };
    assert_eq!(hold(&shop), BasketId(1));
    ask(&shop, Command::RecallBasket { id: BasketId(1) }).expect("it is there");
    shop.close().expect("closing");
    let shop = open(&path);
    assert_eq!(hold(&shop), BasketId(2));
}

#[test]
fn nobody_is_called_what_another_signs_in_by() {
    let folder = tempfile::tempdir().expect("a folder");
    let shop = shop_at(&folder.path().join("shop.redb"));
    let staff = |id: u16, ext: &str, name: &str| Staff {
        id: StaffId(id),
        ext: text(ext),
        name: text(name),
        roles: vec![Role::Cashier],
        disabled: false,
    };
    let save = |staff: Staff| ask(&shop, Command::SaveStaff(staff));
    let Ok(Outcome::Staff(mara)) = save(staff(0, "mk", "Mara")) else { panic!("the first of her name") };
    for (ext, name) in [("m2", "Mara"), ("m2", "MARA"), ("m2", "mk"), ("mara", "Mara Obi"), ("MK", "Mara Obi")] {
        let refused = save(staff(0, ext, name));
        let said = matches!(&refused, Err(Refusal::BadField { why, .. }) if why.contains("tells the two apart"));
        assert!(said, "{ext} {name}: {refused:?}");
    }
    let Ok(Outcome::Staff(other)) = save(staff(0, "m2", "Mara O.")) else { panic!("told apart") };
    // One's own name is no hindrance, and whoever has gone keeps theirs.
    save(Staff { disabled: true, ..staff(mara.0, "mk", "Mara") }).expect("herself");
    let refused = save(staff(other.0, "m2", "Mara")).expect_err("one name");
    assert!(refused.to_string().contains("who is disabled"), "{refused}");
    save(staff(other.0, "mara", "Mara O.")).expect_err("one name");
}
