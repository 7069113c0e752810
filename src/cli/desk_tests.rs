//! Who may have which subcommand run: every role before every one of them and every report, each cell tried.

use super::*;
use crate::cli::init::{found_with, settings};
use crate::cli::{Arguments, Sub};
use crate::domain::command::Actor;
use crate::domain::{Command, Register, Request, Role, Staff, Store};
use crate::engine::{Seams, Shop};
use crate::report;
use crate::unit::{Currency, RegisterId, StoreId, Text, Zone};
use clap::Parser;

const READERS: &[Role] = &[Role::Manager, Role::Accountant];
const OVERSEERS: &[Role] = &[Role::Manager, Role::Accountant, Role::Administrator];
const AT_THE_COUNTER: &[Role] = &[Role::Cashier, Role::Supervisor, Role::Manager, Role::Accountant];
const ADMINISTRATOR: &[Role] = &[Role::Administrator];
const NOBODY: &[Role] = &[];

/// Every subcommand that is done on an open shop, and those who may ask for it from elsewhere.
fn table() -> Vec<(String, &'static [Role])> {
    let named = report::list().into_iter().map(|(name, _)| name);
    let mut table: Vec<(String, &'static [Role])> =
        named.map(|name| (format!("report {name}"), if name == "audit" { OVERSEERS } else { READERS })).collect();
    assert!(table.len() > 30 && table.iter().any(|(words, _)| words == "report audit"), "{table:?}");
    let others: [(&str, &'static [Role]); 14] = [
        ("report sales --by hour,cashier", READERS),
        ("report --list", READERS),
        ("report --batch", READERS),
        ("report why sales-by-day", READERS),
        ("report save mine sales-by-day", READERS),
        ("receipt R1-000001", AT_THE_COUNTER),
        ("check", OVERSEERS),
        ("settings --discount-limit 50", ADMINISTRATOR),
        ("user list", ADMINISTRATOR),
        ("user add eve --role manager", ADMINISTRATOR),
        ("import /tmp/files", NOBODY),
        ("import /tmp/files --update", NOBODY),
        ("export /tmp/files", NOBODY),
        ("backup /tmp/copy", NOBODY),
    ];
    table.extend(others.map(|(words, allowed)| (words.to_owned(), allowed)));
    table
}

fn work(words: &str) -> Work {
    match Arguments::try_parse_from(std::iter::once("till").chain(words.split(' '))).unwrap().command {
        Some(Sub::Work(work)) => work,
        other => panic!("{words} is {other:?}"),
    }
}

fn ask(shop: &Shop, command: Command) {
    let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
    shop.execute(Request { id: shop.new_id(), actor, command }).unwrap().unwrap();
}

/// A shop that is served, with one person of each role.
fn hall() -> (tempfile::TempDir, Arc<Hall>, Vec<(Role, Staff)>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.redb");
    let shop = Shop::create(&path, Seams::system()).unwrap();
    let text = Text::lossy;
    let decided = settings(text("Corner"), Currency::EUR, Zone::utc(), true);
    let store = Store { id: StoreId(1), ext: text("1"), name: text("Main"), location: None, zone: None };
    let register = Register { id: RegisterId(1), store: StoreId(1), name: text("1") };
    let person = |id: u16, role: Role| {
        let name = text(role.word());
        Staff { id: StaffId(id), ext: name.clone(), name, roles: vec![role], disabled: false }
    };
    let founder = Staff { ext: text("founder"), name: text("Founder"), ..person(1, Role::Administrator) };
    found_with(&shop, text("the test"), (decided, store, register, founder)).unwrap();
    for role in Role::ALL {
        ask(&shop, Command::SaveStaff(person(0, role)));
    }
    let directory = shop.snapshot().unwrap().directory().clone();
    let people = Role::ALL.into_iter().zip(directory.staff.iter().skip(1).cloned()).collect();
    (folder, Hall::new(shop, &path).unwrap().0, people)
}

fn audit(hall: &Hall) -> String {
    let audit = report::Request::named("audit").unwrap();
    report::answer(&hall.shop().snapshot().unwrap(), &audit, crate::unit::Day(20_514)).unwrap().csv()
}

#[test]
fn every_role_may_have_run_exactly_what_the_table_says() {
    let (_folder, hall, people) = hall();
    let mut refused = 0;
    for (words, allowed) in table() {
        let work = work(&words);
        for (role, person) in &people {
            let proof = Proof::Person(person.id, String::new());
            let verdict = on_behalf(&hall, &work, &proof, "10.0.0.7");
            assert_eq!(verdict.is_ok(), allowed.contains(role), "{} asks for {words}: {verdict:?}", role.word());
            refused += usize::from(verdict.is_err() && !allowed.is_empty());
        }
        assert!(matches!(on_behalf(&hall, &work, &Proof::Owner(0), ""), Ok(None)), "whoever owns the file may {words}");
        let nobody = on_behalf(&hall, &work, &Proof::User(4_000_000_000), "");
        assert!(nobody.is_err(), "nobody who works here may not {words}");
    }
    assert_eq!(audit(&hall).matches("was refused").count().min(200), refused.min(200), "each is kept");
    hall.shop().close().unwrap();
}

#[test]
fn whoever_is_demoted_or_disabled_has_nothing_run_from_that_moment() {
    let (_folder, hall, people) = hall();
    for (words, allowed) in table() {
        let work = work(&words);
        for (_, person) in people.iter().filter(|(role, _)| allowed.contains(role)) {
            let (proof, right) = (Proof::User(4_000_000_000), right_for(&work));
            assert!(!may_still(&hall, &proof, right), "nobody goes on with {words}");
            let proof = Proof::Person(person.id, String::new());
            for changed in
                [Staff { roles: vec![Role::Cashier], ..person.clone() }, Staff { disabled: true, ..person.clone() }]
            {
                let may = changed.may(right.unwrap());
                ask(&hall.shop(), Command::SaveStaff(changed));
                assert_eq!(on_behalf(&hall, &work, &proof, "").is_ok(), may, "{words}");
                assert!(may || !may_still(&hall, &proof, right), "{words}");
            }
            ask(&hall.shop(), Command::SaveStaff(person.clone()));
        }
    }
    hall.shop().close().unwrap();
}
