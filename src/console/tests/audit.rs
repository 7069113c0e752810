//! Who did what: searched, followed live, opened, and seen by those alone who may.

use super::{Desk, ask, product, text};
use crate::domain::command::{Actor, Command};
use crate::domain::{CustomerDetails, Outcome, Request, Role, Staff};
use crate::unit::{RegisterId, StaffId};
use crossterm::event::{KeyCode, KeyModifiers};

/// A shop with a few acts, on its audit.
fn audit() -> Desk {
    let mut desk = Desk::new();
    desk.enter("TEA");
    desk.enter("10=");
    ask(&desk.shop, product("Apple", "APPLE", 5_000, 0));
    desk.tab('7');
    desk
}

fn marked(desk: &mut Desk) -> String {
    let screen = desk.screen(100, 30);
    screen.lines().find(|line| line.starts_with('▸')).unwrap_or_default().to_owned()
}

#[test]
fn acts_stand_newest_first_and_are_found_by_any_of_their_words() {
    let mut desk = audit();
    insta::assert_snapshot!("audit_100x30", desk.screen(100, 30));
    assert!(marked(&mut desk).contains("saved product"));
    desk.write("/mara placed");
    desk.press(KeyCode::Enter);
    let found = desk.screen(100, 30);
    assert!(found.contains("placed order") && !found.contains("saved product"), "{found}");
    assert!(found.contains("only mara placed"));
    desk.press(KeyCode::Esc);
    assert!(desk.screen(100, 30).contains("saved product"));
    desk.write("/2019-01-01");
    desk.press(KeyCode::Enter);
    assert!(desk.screen(100, 30).contains("No act fits."));
}

#[test]
fn an_act_is_opened_and_so_is_its_order() {
    let mut desk = audit();
    desk.write("/placed");
    desk.press(KeyCode::Enter);
    desk.press(KeyCode::Enter);
    let page = desk.screen(100, 30);
    assert!(page.contains("Mara (mara) at register 1") && page.contains("1 line, 3.00, paid"), "{page}");
    desk.press(KeyCode::Esc);
    desk.write("o");
    assert!(desk.screen(100, 30).contains("▸ 1 "), "{}", desk.screen(100, 30));
}

#[test]
fn the_newest_act_is_followed_and_whoever_reads_further_down_is_left_in_peace() {
    let mut desk = audit();
    let newest = marked(&mut desk);
    ask(&desk.shop, product("Pear", "PEAR", 5_000, 0));
    desk.app.wake();
    assert!(marked(&mut desk).contains("Pear"), "{newest}");
    desk.press(KeyCode::Down);
    let read = marked(&mut desk);
    for at in 0..40 {
        ask(&desk.shop, product(&format!("Plum {at}"), &format!("PLUM{at}"), 5_000, 0));
        desk.app.wake();
    }
    assert_eq!(marked(&mut desk), read);
    desk.press(KeyCode::Up);
    desk.press(KeyCode::Up);
    assert!(marked(&mut desk).contains("Plum 0 "), "{}", desk.screen(100, 30));
    desk.press(KeyCode::Home);
    assert!(marked(&mut desk).contains("Plum 39"));
    desk.press(KeyCode::End);
    let first = marked(&mut desk);
    desk.press(KeyCode::PageUp);
    desk.press(KeyCode::PageDown);
    assert_eq!(marked(&mut desk), first);
    assert!(first.contains("changed the settings") || first.contains("Corner"), "{first}");
}

#[test]
fn every_act_is_reached_from_either_end_once() {
    let mut desk = audit();
    for at in 0..60 {
        ask(&desk.shop, product(&format!("Plum {at}"), &format!("PLUM{at}"), 5_000, 0));
    }
    desk.app.wake();
    desk.screen(80, 12);
    let walk = |desk: &mut Desk, key: KeyCode| {
        let mut seen = Vec::new();
        loop {
            let screen = desk.screen(80, 12);
            let row = screen.lines().find(|line| line.starts_with('▸')).unwrap_or_default().to_owned();
            desk.press(key);
            let after = desk.screen(80, 12).lines().find(|line| line.starts_with('▸')).unwrap_or_default().to_owned();
            seen.push(row.trim().to_owned());
            if after == row {
                return seen;
            }
        }
    };
    let down = walk(&mut desk, KeyCode::Down);
    let mut up = walk(&mut desk, KeyCode::Up);
    up.reverse();
    assert_eq!(down, up);
    assert!(
        (0..60).all(|at| down.iter().filter(|row| row.ends_with(&format!("Plum {at} 0.50"))).count() == 1),
        "{down:#?}"
    );
}

#[test]
fn tabs_that_may_not_be_seen_are_not_there() {
    let mut desk = Desk::of(vec![Role::Manager, Role::Administrator]);
    let person = |id: u16, name: &str, role: Role| {
        Command::SaveStaff(Staff {
            id: StaffId(id),
            ext: text(name),
            name: text(name),
            roles: vec![role],
            disabled: false,
        })
    };
    ask(&desk.shop, person(0, "Chief", Role::Administrator));
    desk.tab('7');
    assert!(desk.screen(80, 24).contains("who did what"));
    let chief = Actor { staff: StaffId(2), register: RegisterId(1) };
    let request = Request { id: desk.shop.new_id(), actor: chief, command: person(1, "Mara", Role::Cashier) };
    desk.shop.execute(request).unwrap().unwrap();
    desk.app.wake();
    let sale = desk.screen(80, 24);
    let bar = sale.lines().next().unwrap();
    assert!(bar.contains("Customers") && !bar.contains("Reports") && !bar.contains("Audit"), "{sale}");
    desk.tab('7');
    assert!(desk.screen(80, 24).contains("You may not see who did what"), "{}", desk.screen(80, 24));
    desk.key(KeyCode::Char('p'), KeyModifiers::CONTROL);
    desk.write("go to audit");
    assert!(desk.screen(80, 24).contains("needs a manager"), "{}", desk.screen(80, 24));
}

#[test]
fn people_are_filtered_and_put_in_order() {
    let mut desk = Desk::of(vec![Role::Manager, Role::Administrator]);
    for name in ["Zoe", "Ada"] {
        let roles = vec![Role::Cashier];
        ask(
            &desk.shop,
            Command::SaveStaff(Staff { id: StaffId(0), ext: text(name), name: text(name), roles, disabled: false }),
        );
    }
    desk.tab('6');
    let order = |desk: &mut Desk| {
        let screen = desk.screen(100, 30);
        let place = |name: &str| screen.find(name).unwrap_or(usize::MAX);
        (place(" Ada"), place(" Zoe"))
    };
    let (ada, zoe) = order(&mut desk);
    assert!(zoe < ada);
    desk.write("s");
    let (ada, zoe) = order(&mut desk);
    assert!(ada < zoe && desk.screen(100, 30).contains("by name"));
    desk.write("/cash zo");
    desk.press(KeyCode::Enter);
    let (ada, zoe) = order(&mut desk);
    assert!(ada == usize::MAX && zoe != usize::MAX, "{}", desk.screen(100, 30));
    desk.press(KeyCode::Esc);
    assert_ne!(order(&mut desk).0, usize::MAX);
}

#[test]
fn what_became_of_a_customer_is_told_until_they_are_erased() {
    let mut desk = Desk::of(vec![Role::Manager, Role::Administrator]);
    let known = |name: &str, phone: &str| CustomerDetails {
        name: Some(text(name)),
        phone: Some(text(phone)).filter(|phone| !phone.is_empty()),
        ..CustomerDetails::default()
    };
    let save = |customer, details| Command::SaveCustomer { customer, ext: Some(text("K-1")), details };
    let Outcome::Customer(id) = ask(&desk.shop, save(None, known("Olga Berg", ""))) else { panic!("no customer") };
    ask(&desk.shop, save(Some(id), known("Olga Blum", "555 12")));
    desk.tab('7');
    let first = marked(&mut desk);
    assert!(first.contains("K-1") && first.contains("name Olga Berg"), "{first}");
    desk.press(KeyCode::Enter);
    let page = desk.screen(100, 30);
    assert!(page.contains("  name Olga Berg → Olga Blum\n") && page.contains("  phone nothing → 555 12\n"), "{page}");
    desk.press(KeyCode::Esc);
    let audit = || {
        let request = crate::report::Request::named("audit").unwrap();
        crate::report::answer(&desk.shop.snapshot().unwrap(), &request, crate::unit::Day(20_000)).unwrap().csv()
    };
    assert!(audit().contains("saved customer,K-1,name Olga Berg → Olga Blum; phone nothing → 555 12"), "{}", audit());
    let (category, said) = (Some(text("praise")), Some(text("Best of all.")));
    ask(&desk.shop, Command::AddFeedback { customer: Some(id), order: None, rating: Some(5), category, text: said });
    ask(&desk.shop, Command::EraseCustomer(id));
    assert!(!audit().contains("Olga") && !audit().contains("555"), "{}", audit());
    assert_eq!(audit().matches("saved customer,K-1,erased").count(), 2, "{}", audit());
    assert!(audit().contains("the words of feedback: 1"), "{}", audit());
    // Whoever comes back is known by version 1 again, which tells nothing of what was forgotten.
    ask(&desk.shop, save(Some(id), known("Olga B.", "")));
    assert_eq!(audit().matches("saved customer,K-1,erased").count(), 2, "{}", audit());
    assert!(audit().contains("saved customer,K-1,Olga B."), "{}", audit());
}
