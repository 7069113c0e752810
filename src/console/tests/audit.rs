//! Who did what: searched, followed live, opened, and seen by those alone who may.

use super::{Desk, ask, product, text};
use crate::domain::command::{Actor, Command, ReturnLine};
use crate::domain::view::Kind;
use crate::domain::{CustomerDetails, Method, Outcome, Request, Role, Settings, Staff, testing};
use crate::engine::verify::verify;
use crate::engine::{Seams, Shop};
use crate::exchange::format::TABLES;
use crate::exchange::read;
use crate::report::journal::in_full;
use crate::store::ShopFile;
use crate::unit::{CashRounding, CustomerId, FeedbackNo, Money, OrderNo, Quantity, RegisterId, Seq, StaffId};
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
    let audit = || told(&desk.shop);
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

/// The audit as `till report` tells it.
fn told(shop: &Shop) -> String {
    let request = crate::report::Request::named("audit").unwrap();
    crate::report::answer(&shop.snapshot().unwrap(), &request, crate::unit::Day(20_000)).unwrap().csv()
}

/// A founded shop and nothing else.
pub(super) fn founded() -> Shop {
    let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).unwrap();
    let shop = Shop::run(file, Seams::seeded(super::NOON, 3)).unwrap();
    ask(&shop, testing::founding("Mara", vec![Role::Manager]));
    shop
}

/// Loads these files as `till import --update` does.
pub(super) fn import(shop: &Shop, files: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        // Columns that a file must have and that say nothing here.
        let table = TABLES.iter().find(|table| table.file == *name).unwrap();
        let said: Vec<&str> = text.lines().next().unwrap().split(',').collect();
        let silent: Vec<&str> = table.required.iter().copied().filter(|column| !said.contains(column)).collect();
        let row = |(at, row): (usize, &str)| match at {
            0 => [&[row], silent.as_slice()].concat().join(",") + "\n",
            _ => row.to_owned() + &",".repeat(silent.len()) + "\n",
        };
        let filled: String = text.lines().enumerate().map(row).collect();
        std::fs::write(folder.path().join(name), filled).unwrap();
    }
    let bulk = read(folder.path(), &shop.snapshot().unwrap(), true, &|_, _| {}).unwrap_or_else(|why| panic!("{why}"));
    shop.import(crate::engine::Bulk { from: Some(text("by jo")), ..bulk }, |_| {}).unwrap();
    verify(&shop.snapshot().unwrap(), None, &|_, _| {}).unwrap_or_else(|fault| panic!("{fault}"));
}

pub(super) const PRODUCTS: &str = "id,name,price\nP2,Tea,3\nP1,Bun,1.50\n";
pub(super) const CUSTOMERS: &str = "id,name,registered_on\n2,Olga Berg,2024-01-05\n1,Ines Keller,\n";

/// Ids that are the numbers of other records.
fn crossed() -> Shop {
    let shop = founded();
    let files = [
        ("products.csv", PRODUCTS),
        ("customers.csv", CUSTOMERS),
        ("inventory.csv", "store_id,product_id,quantity\nS1,P1,4\nS1,P2,6\n"),
        (
            "orders.csv",
            "id,store_id,customer_id,ordered_at,status\n10,S1,,2026-02-01,pending\n9,S1,2,2026-02-02,pending\n\
             11,S1,,2026-02-03,paid\n",
        ),
        (
            "order_lines.csv",
            "order_id,line_no,product_id,quantity,unit_price,tax\n10,1,P1,1,1.50,0\n9,1,P1,1,1.50,0\n11,1,P2,3,3.01,0\n",
        ),
        ("payments.csv", "order_id,line_no,method,amount\n11,1,cash,9.03\n"),
        ("returns.csv", "id,order_id,line_no,quantity,refund\n3,11,1,1,3.01\n"),
        ("feedback.csv", "id,customer_id,rating,status\n2,2,1,open\n1,,5,open\n"),
    ];
    import(&shop, &files);
    shop
}

#[test]
fn records_are_called_by_their_own_ids_where_those_are_the_numbers_of_others() {
    let shop = crossed();
    let number = |kind, id: &str| shop.snapshot().unwrap().find(kind, id).unwrap().unwrap();
    let (ten, nine) = (OrderNo(number(Kind::Order, "10")), OrderNo(number(Kind::Order, "9")));
    let one = CustomerId(number(Kind::Customer, "1") as u32);
    assert_eq!((ten.0, nine.0, one.0), (9, 10, 2), "ids that are other records' numbers");
    ask(&shop, Command::CancelOrder { order: nine });
    ask(&shop, Command::EraseCustomer(one));
    ask(&shop, Command::ResolveFeedback(FeedbackNo(1)));
    let audit = told(&shop);
    for said in ["cancelled order,9,", "erased customer,1,", "resolved feedback,2,"] {
        assert!(audit.contains(said), "{said}: {audit}");
    }
    let page = |seq| in_full(&shop.snapshot().unwrap(), Seq(seq)).unwrap();
    let all: Vec<String> = (1..=shop.snapshot().unwrap().seq().0).flat_map(page).collect();
    for said in
        ["took goods back 11", "cancelled order 9", "erased customer 1", "took feedback 2", "resolved feedback 2"]
    {
        assert_eq!(all.iter().filter(|line| *line == said).count(), 1, "{said}: {all:#?}");
    }
    assert!(!all.iter().any(|line| line == "cancelled order 10" || line == "resolved feedback 1"), "{all:#?}");
}

#[test]
fn what_an_import_made_of_records_that_were_there_is_told_field_by_field() {
    let shop = crossed();
    let before = shop.snapshot().unwrap().seq().0;
    import(
        &shop,
        &[
            ("stores.csv", "id,name,location,timezone\nS1,Harbour,,\n"),
            ("products.csv", "id,name,price\nP2,Tea,3\nP1,Bun,1.75\nP3,Jam,4\n"),
            ("customers.csv", "id,name,registered_on\n2,Olga Blum,2024-01-05\n1,Ines Keller,2023-05-01\n7,Pia,\n"),
            ("inventory.csv", "store_id,product_id,quantity\nS1,P1,7\nS1,P2,6\n"),
        ],
    );
    let audit = told(&shop);
    let row = |said: &str| {
        let found = audit.lines().find(|row| row.contains(said));
        found.unwrap_or_else(|| panic!("{said}: {audit}")).replace('"', "")
    };
    let goods = row("changed 1 product");
    assert!(goods.contains("imported,1 product; changed 1 product, 1 store,"), "{goods}");
    assert!(goods.contains("store S1: name North → Harbour; product P1: price 1.50 → 1.75; by jo"), "{goods}");
    let people = row("changed 2 customers");
    assert!(people.contains("imported,1 customer; changed 2 customers,"), "{people}");
    let became = "customer 2: name Olga Berg → Olga Blum; customer 1: registered on nothing → 2023-05-01; by jo";
    assert!(people.contains(became), "{people}");
    assert!(row("changed 1 stock level").contains("stock level Bun: on hand 4 → 7; by jo"), "{audit}");
    let page = |seq| in_full(&shop.snapshot().unwrap(), Seq(seq)).unwrap();
    assert_eq!(
        page(before + 1),
        [
            "saved store S1",
            "  Harbour",
            "  name North → Harbour",
            "saved product P1",
            "  Bun 1.75",
            "  price 1.50 → 1.75",
            "saved product P3",
            "  Jam 4.00",
            "was asked for by the shop's owner",
            "  by jo",
        ]
    );
    // The same files once more change nothing, and nothing is said to have changed.
    let seq = shop.snapshot().unwrap().seq().0;
    import(&shop, &[("products.csv", "id,name,price\nP1,Bun,1.75\n"), ("customers.csv", "id,name\n7,Pia\n")]);
    assert_eq!(shop.snapshot().unwrap().seq().0, seq + 1, "{}", told(&shop));
    assert!(told(&shop).contains("files held 1 product, 1 customer; by jo"), "{}", told(&shop));
    // Of many no more than their number is told in the list, each on the page.
    let many =
        |price: u32| (0..1_200).fold("id,name,price\n".to_owned(), |all, at| all + &format!("Q{at},Q,{price}\n"));
    import(&shop, &[("products.csv", &many(1))]);
    let seq = shop.snapshot().unwrap().seq().0;
    import(&shop, &[("products.csv", &many(2))]);
    let snapshot = shop.snapshot().unwrap();
    let (mut largest, mut changed) = (0, 0);
    snapshot
        .entries_back(Seq(u64::MAX), &mut |entry| {
            largest = largest.max(entry.changes.len());
            changed += if entry.seq.0 > seq { entry.changes.len() } else { 0 };
            entry.seq.0 > seq
        })
        .unwrap();
    assert!(largest <= 1_000 && changed > 2_400, "{largest} in an entry, {changed} in all");
    assert!(told(&shop).contains(",imported,changed 499 products,by jo"), "{}", told(&shop));
    assert!(in_full(&snapshot, Seq(seq + 1)).unwrap().contains(&"saved product Q498".to_owned()));
}

#[test]
fn what_coins_made_of_a_refund_has_the_sign_of_its_slip() {
    let shop = crossed();
    let settings = shop.snapshot().unwrap().directory().settings.clone().unwrap();
    ask(&shop, Command::ChangeSettings(Settings { cash_rounding: CashRounding::Step(Money(500)), ..settings }));
    let lines = vec![ReturnLine { line_no: 1, quantity: Quantity::ONE, restock: false }];
    let back = Command::ReturnLines {
        order: OrderNo(11),
        lines,
        reason: text("stale"),
        method: Some(Method::named(Method::CASH)),
    };
    let Outcome::Returned { returns, .. } = ask(&shop, back) else { panic!("no return") };
    let payout = shop.snapshot().unwrap().payout(returns[0]).unwrap().unwrap();
    assert_eq!(payout.rounding, Money(-100));
    assert!(told(&shop).contains("rounding -0.01"), "{}", told(&shop));
    let last = shop.snapshot().unwrap().seq();
    assert!(in_full(&shop.snapshot().unwrap(), last).unwrap().contains(&"  -0.01".to_owned()));
}
