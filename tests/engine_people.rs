//! People in a shop file: found by any word, forgotten to the last byte, and baskets whose numbers are never given twice.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod support;

use std::path::Path;
use support::clock::{Hands, seams};
use support::deed::{founding, furnishing, text};
use till::domain::command::{Actor, Verdict};
use till::domain::{Command, CustomerDetails, Outcome, Refusal, Request, Role, Staff};
use till::engine::Shop;
use till::engine::verify::verify;
use till::unit::{BasketId, CustomerId, RegisterId, StaffId};

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
    let hold = |shop: &Shop| {
        let product = shop.snapshot().unwrap().catalogue().all().find(|product| product.price.is_some()).cloned();
        let line = till::domain::basket::BasketLine::of(&product.unwrap(), till::unit::Quantity::ONE, None).unwrap();
        let mut basket = till::domain::basket::Basket::default();
        basket.ring(line, true).unwrap();
        match ask(shop, Command::HoldBasket { basket }) {
            Ok(Outcome::Held(id)) => id,
            other => panic!("{other:?}"),
        }
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
